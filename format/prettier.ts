/**
 * A plugin for Prettier, so that `prettier` itself and the editors that use it format Weft: the same text as `weft fmt`. There is one style, so
 * Prettier's options for width and indentation say nothing here; `endOfLine` does. A range can't be formatted alone, since Prettier knows how to cut
 * out one for its own languages only: it then leaves the file as it is.
 */
import type { HintedProblem } from "../grammar/problem.ts";
import { format } from "./format.ts";

/** Lines and columns begin with 1, as Prettier counts them in messages. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** The whole file: what there is to know of its inside is the formatter's own affair. */
export interface WeftFile {
  readonly type: "WeftFile";
  readonly original: string;
  readonly formatted: string;
}

/** A document of Prettier's as far as it is needed here: lines with breaks that leave the indentation alone. */
type Lines = string | Lines[] | { type: "line"; hard: true; literal: true } | { type: "break-parent" };

export const languages: { name: string; parsers: string[]; extensions: string[]; vscodeLanguageIds: string[] }[] = [
  { name: "Weft", parsers: ["weft"], extensions: [".weft"], vscodeLanguageIds: ["weft"] },
];

export const parsers = {
  weft: {
    astFormat: "weft",
    parse(text: string): WeftFile {
      const result = format(text);
      if (result.kind === "formatted") return { type: "WeftFile", original: text, formatted: result.text };
      const [problem] = result.problems;
      const error = new SyntaxError(`${problem.code}: ${messageOf(problem)} (\`weft check\` says more)`);
      throw Object.assign(error, { loc: { start: positionAt(text, problem.span.start), end: positionAt(text, problem.span.end) } });
    },
    locStart: (): number => 0,
    locEnd: (file: WeftFile): number => file.original.length,
  },
};

export const printers = {
  weft: {
    print({ node }: { readonly node: WeftFile }): Lines {
      return node.formatted
        .split("\n")
        .flatMap((line, i): Lines[] => (i === 0 ? [line] : [{ type: "line", hard: true, literal: true }, { type: "break-parent" }, line]));
    },
  },
};

/** The table of messages belongs to the compiler, which a plugin of Prettier's needn't load. */
function messageOf({ args, help }: HintedProblem): string {
  const { expected, found, missing, open } = args;
  if (expected !== undefined && found !== undefined) return `expected ${expected}, found ${found}`;
  if (missing !== undefined) return `${missing} is missing`;
  if (open !== undefined) return `${open} is never closed`;
  return help ?? Object.values(args).join(", ");
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}
