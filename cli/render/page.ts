/** A page of Markdown for a terminal: headings stand out, programs are set in, everything else stays as it was written. */
import type { Theme } from "./theme.ts";
import { printable } from "./width.ts";

const INDENT = "    ";

export function renderPage(markdown: string, theme: Theme): string {
  let inFence = false;
  const out: string[] = [];
  for (const line of markdown.trimEnd().split("\n")) {
    if (line.startsWith("```")) {
      inFence = !inFence;
      continue;
    }
    if (inFence) {
      out.push(line === "" ? "" : `${INDENT}${printable(line)}`);
      continue;
    }
    const heading = /^#+ (.*)$/.exec(line);
    out.push(heading === null ? printable(line) : theme("strong", printable(heading[1])));
  }
  return `${out.join("\n")}\n`;
}
