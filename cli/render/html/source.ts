/** A line of source with its accesses marked, and the sign of a mode. */
import type { SourceLine, SourceMark } from "../../../compiler/footprint/source.ts";
import type { FootprintRow } from "../../../compiler/footprint/table.ts";
import { breakable, markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { MODE_WORDS, STRONGEST } from "./names.ts";

export function modeSign(mode: FootprintRow["mode"]): Markup {
  const { tone, word } = MODE_WORDS[mode];
  return markup`<abbr class="sign ${tone}" title="${word}">${mode}</abbr>`;
}

/** The text of a line; marks carry the letters of their modes, which the style sheet draws before them. */
export function codeOf({ text, marks, cut }: SourceLine): Markup {
  return markup`<code class="code" dir="ltr">${inner(text, marks, 0, text.length)}${cut ? "…" : ""}</code>`;
}

/** Marks lie in each other or side by side; one that doesn't is cut at the end of the one around it. */
function inner(text: string, marks: readonly SourceMark[], from: number, to: number): Markup {
  const parts: Markup[] = [];
  let at = from;
  let next = 0;
  while (next < marks.length) {
    const mark = marks[next];
    const start = Math.max(mark.start, at);
    const end = Math.min(mark.end, to);
    const last = marks.findIndex((each, i) => i > next && each.start >= end);
    const within = marks.slice(next + 1, last === -1 ? marks.length : last);
    next += 1 + within.length;
    if (end <= start) continue;
    parts.push(breakable(text.slice(at, start)), marked(inner(text, within, start, end), mark.modes));
    at = end;
  }
  parts.push(breakable(text.slice(at, to)));
  return markup`${parts}`;
}

function marked(content: Markup, modes: SourceMark["modes"]): Markup {
  const strongest = STRONGEST.find((mode) => modes.includes(mode)) ?? modes[0];
  const title = [...new Set(modes.map((mode) => MODE_WORDS[mode].word))].join(", ");
  return markup`<mark class="${MODE_WORDS[strongest].tone}" data-mode="${modes.join(" ")}" title="${title}">${content}</mark>`;
}
