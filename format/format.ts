/**
 * The door of the formatter: a file's text in, the same program in the one canonical style out. White space, line breaks and commas at the end
 * of lists change; nothing else does, and no comment gets lost. A text with syntax errors is given back as it is. Knows no
 * files; the style itself is described in docs/format.md.
 */
import type { HintedProblem } from "../grammar/problem.ts";
import { MAX_FILE_BYTES, parseWithTokens } from "../grammar/parse.ts";
import type { TokenizedResult } from "../grammar/parse.ts";
import { writeFile } from "./declarations.ts";
import { differenceFrom } from "./same.ts";
import { readSource } from "./source.ts";
import { createWriter, TooLong } from "./writer.ts";

export type Formatted =
  | { readonly kind: "formatted"; readonly text: string }
  /** Syntax errors; or the text would be too large for a source file, which only long lines in deep brackets bring about. */
  | { readonly kind: "broken"; readonly problems: readonly HintedProblem[] };

/** A result that isn't the same program, which is a bug of the formatter. Nobody should write it anywhere. */
export type Checked = Formatted | { readonly kind: "unsafe"; readonly detail: string };

const MARK = "\ufeff";

export function format(text: string): Formatted {
  const parsed = read(text);
  return parsed.kind === "broken" ? parsed : formatParsed(parsed.plain, text);
}

/** Formats, and then reads the result to see that it is the same program with all its comments. */
export function formatChecked(text: string): Checked {
  const parsed = read(text);
  if (parsed.kind === "broken") return parsed;
  const result = formatParsed(parsed.plain, text);
  if (result.kind === "broken" || result.text === text) return result;
  const detail = differenceFrom(parsed.plain, result.text);
  return detail === undefined ? result : { kind: "unsafe", detail };
}

type Read = { readonly kind: "read"; readonly plain: TokenizedResult } | Extract<Formatted, { kind: "broken" }>;

/** Places of problems are those of the text as it is; the rest of the work wants lines that end in `\n`, and no mark of the byte order. */
function read(text: string): Read {
  const parsed = parseWithTokens("", text);
  if (parsed.problems.length > 0) return { kind: "broken", problems: parsed.problems };
  const unmarked = text.startsWith(MARK) ? text.slice(1) : text;
  const plain = unmarked.includes("\r\n") ? unmarked.replaceAll("\r\n", "\n") : unmarked;
  return { kind: "read", plain: plain === text ? parsed : parseWithTokens("", plain) };
}

function formatParsed(parsed: TokenizedResult, text: string): Formatted {
  const writer = createWriter(readSource(parsed), MAX_FILE_BYTES);
  try {
    writeFile(writer, parsed.file);
    const mark = text.startsWith(MARK) ? MARK : "";
    return { kind: "formatted", text: mark + writer.finish() };
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    const problem: HintedProblem = {
      code: "E0108",
      span: { start: 0, end: 0 },
      args: { limit: String(MAX_FILE_BYTES) },
      notes: [],
      help: "this one would have as soon as it is formatted: make several files of it",
      isFollowUp: false,
    };
    return { kind: "broken", problems: [problem] };
  }
}
