/**
 * The one way to make HTML: what stands between the braces of a `markup` template is text and is escaped, unless it is markup itself. Characters that
 * can't be seen or that turn the direction of text are spelt out, so that a page shows what the source really says.
 */
import { isInvisible } from "../width.ts";

export interface Markup {
  readonly kind: "markup";
  readonly html: string;
}

export type Part = string | number | Markup | undefined | readonly Part[];

export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { kind: "markup", html: strings.map((text, i) => text + (i < parts.length ? htmlOf(parts[i]) : "")).join("") };
}

/** Text of our own that is markup already, such as the style sheet. Nothing that came from a file may get here. */
export function trusted(html: string): Markup {
  return { kind: "markup", html };
}

function htmlOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return "kind" in part ? part.html : part.map(htmlOf).join("");
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
  ["`", "&#96;"],
]);

/** Good for text and for quoted attributes. */
export function escapeHtml(text: string): string {
  let out = "";
  for (const char of text) out += ENTITIES.get(char) ?? (isInvisible(char) && char !== "\n" && char !== "\t" ? spelt(char) : char);
  return out;
}

/** `⟨U+202E⟩` */
function spelt(char: string): string {
  return `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** Shorter ones fit beside others on a phone. */
const LONG_RUN = /\S{16,}/g;

/** Text of a program, with places where a line may break that has no spaces: after a dot, a comma or an opening bracket. */
export function breakable(text: string): Markup {
  const parts: Part[] = [];
  let at = 0;
  for (const { index, 0: run } of text.matchAll(LONG_RUN)) {
    parts.push(text.slice(at, index));
    at = index + run.length;
    for (const piece of run.split(/(?<=[.,([])/)) parts.push(piece, trusted("<wbr>"));
    parts.pop();
  }
  parts.push(text.slice(at));
  return markup`${parts}`;
}
