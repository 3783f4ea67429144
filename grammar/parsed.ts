/** What reading a file gives, as plain data: for those who know the parser by its results alone. */
import type { SourceFile } from "./ast.ts";
import type { HintedProblem } from "./problem.ts";

export interface ParseResult {
  readonly file: SourceFile;
  readonly problems: readonly HintedProblem[];
  /** Every `{` has its `}`. Otherwise nobody can say which declaration is part of which. */
  readonly isBalanced: boolean;
}

/** What a run of declarations stands in: a file, or a contract or mixin that begins at an offset. */
export type RunPlace = { readonly kind: "file" } | { readonly kind: "contract" | "mixin"; readonly start: number };
