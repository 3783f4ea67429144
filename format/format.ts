/**
 * The door of the formatter: a file's text in, the same program in the one canonical style out. White space, line breaks and commas at the end
 * of lists change; nothing else does, and no comment gets lost. A text with syntax errors is given back as it is. Knows no
 * files; the style itself is described in docs/format.md.
 */
import type { HintedProblem } from "../grammar/problem.ts";
import { MAX_FILE_BYTES, parseWithTokens } from "../grammar/parse.ts";
import type { TokenizedResult } from "../grammar/parse.ts";
import { writeFile } from "./declarations.ts";
import { TooLong } from "./output.ts";
import { differenceFrom } from "./same.ts";
import { readSource } from "./source.ts";
import { createWriter } from "./writer.ts";

/** Syntax errors; or the text would be too large for a source file, which only long lines in deep brackets bring about. */
interface Broken {
  readonly kind: "broken";
  readonly problems: readonly HintedProblem[];
}

export type Formatted = { readonly kind: "formatted"; readonly text: string } | Broken;

/** A result that isn't the same program, which is a bug of the formatter. Nobody should write it anywhere. */
export type Checked = Formatted | { readonly kind: "unsafe"; readonly detail: string };

/** A text without syntax errors. */
export interface ReadText {
  readonly kind: "read";
  readonly text: string;
  /** With lines that end in `\n` alone, and no mark of the byte order. */
  readonly plain: TokenizedResult;
}

const MARK = "\ufeff";
/** No text of this length has more bytes than a file may. */
const MAX_PLAIN_LENGTH = MAX_FILE_BYTES / 3;

export function format(text: string): Formatted {
  const read = readText(text);
  return read.kind === "broken" ? read : formatRead(read);
}

/** Formats, and then reads the result to see that it is the same program with all its comments. */
export function formatChecked(text: string): Checked {
  const read = readText(text);
  if (read.kind === "broken") return read;
  const result = formatRead(read);
  if (result.kind === "broken" || result.text === text) return result;
  const detail = differenceFrom(read.plain, result.text);
  return detail === undefined ? result : { kind: "unsafe", detail };
}

export function readText(text: string): ReadText | Broken {
  const unmarked = text.startsWith(MARK) ? text.slice(1) : text;
  const plain = unmarked.includes("\r\n") ? unmarked.replaceAll("\r\n", "\n") : unmarked;
  const parsed = parseWithTokens("", plain);
  const isRight = parsed.problems.length === 0;
  // Places of problems are those of the text as it is, and so is its size.
  if (plain !== text && (!isRight || text.length > MAX_PLAIN_LENGTH)) {
    const { problems } = parseWithTokens("", text);
    if (problems.length > 0) return { kind: "broken", problems };
  }
  return isRight ? { kind: "read", text, plain: parsed } : { kind: "broken", problems: parsed.problems };
}

export function formatRead({ plain, text }: ReadText): Formatted {
  const writer = createWriter(readSource(plain), MAX_FILE_BYTES);
  try {
    writeFile(writer, plain.file);
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
