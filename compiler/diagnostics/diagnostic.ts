/** A user's mistake as plain data. Rendered by the CLI and the language server, never thrown. */
import type { Span } from "../../grammar/ast.ts";

export type Severity = "error" | "warning";

export interface Place {
  readonly path: string;
  readonly span: Span;
}

export interface Note extends Place {
  readonly text: string;
}

/** Replaces `span` of `path` by `text`. */
export interface Edit extends Place {
  readonly text: string;
}

/** What a fix changes beside the text. */
export type FixChange =
  /** Nothing that a caller could see, but for the cost: results, errors, state, events and ABI are the same. */
  | "nothing"
  /** Which error a failing call reports, when several checks fail. Calls that succeed do the same. */
  | "errors"
  /** What callers see: a parameter more, a getter less, other numbers. They have to change with it. */
  | "abi"
  /** It guesses what was meant, or claims less than before: for the author to judge. */
  | "guess";

export interface Fix {
  readonly title: string;
  readonly changes: FixChange;
  /** None overlaps another. */
  readonly edits: readonly Edit[];
}

export interface Diagnostic extends Place {
  readonly code: string;
  readonly severity: Severity;
  /** One plain sentence, no full stop. */
  readonly message: string;
  readonly notes: readonly Note[];
  /** What to do about it, as an action. */
  readonly help: string | undefined;
  readonly fixes: readonly Fix[];
}
