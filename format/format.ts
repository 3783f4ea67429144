/**
 * The door of the formatter: a file's text in, the same program in the one canonical style out. White space, line breaks, commas at the end of lists
 * and brackets that only group a type change; nothing else does, and no comment gets lost. A text with syntax errors is given back as it is. Knows no
 * files; the style itself is described in docs/format.md.
 */
import { printer } from "prettier/doc";
import type { HintedProblem } from "../grammar/problem.ts";
import { parseFile } from "../grammar/parse.ts";
import { writeFile } from "./declarations.ts";
import { readSource } from "./source.ts";
import { createWriter } from "./writer.ts";

export type Formatted =
  | { readonly kind: "formatted"; readonly text: string }
  | { readonly kind: "broken"; readonly problems: readonly HintedProblem[] };

/** What the examples are written for. */
export const LINE_WIDTH = 120;
const MARK = "\ufeff";

export function format(text: string): Formatted {
  const parsed = parseFile("", text);
  if (parsed.problems.length > 0) return { kind: "broken", problems: parsed.problems };
  const plain = withPlainLines(text);
  const { file } = plain === text ? parsed : parseFile("", plain);
  const writer = createWriter(readSource(plain));
  writeFile(writer, file);
  const { formatted } = printer.printDocToString(writer.document(), { printWidth: LINE_WIDTH, tabWidth: 2, useTabs: false });
  const end = formatted === "" ? "" : "\n";
  return { kind: "formatted", text: `${text.startsWith(MARK) ? MARK : ""}${formatted}${end}` };
}

/** Without the mark of the byte order, and with lines that end in `\n`. */
function withPlainLines(text: string): string {
  const unmarked = text.startsWith(MARK) ? text.slice(1) : text;
  return unmarked.includes("\r\n") ? unmarked.replaceAll("\r\n", "\n") : unmarked;
}
