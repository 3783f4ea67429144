/**
 * Markdown within a paragraph: code spans, emphasis, links, `[Name]` for what the project declares, backslashes. HTML is text, and an address is one only
 * if it begins with `https:`, `http:` or `mailto:`. Each mark looks only so far for its partner, so that hostile text takes linear time.
 */
import type { Href, Inline, Inlines } from "./blocks.ts";
import { code } from "./blocks.ts";

/** Where a name of the program is documented. */
export type Resolve = (name: string) => Href | undefined;

/** Characters between two marks. */
const MAX_REACH = 2_000;
const MAX_DEPTH = 6;

export function parseInline(text: string, resolve: Resolve, depth = 0): Inlines {
  const out: Inline[] = [];
  let plain = "";
  const put = (inline: Inline): void => {
    if (plain !== "") out.push({ kind: "text", text: plain });
    plain = "";
    out.push(inline);
  };
  let at = 0;
  while (at < text.length) {
    const found = depth > MAX_DEPTH ? undefined : markAt(text, at, resolve, depth);
    if (found === undefined) {
      const isEscape = text[at] === "\\" && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "");
      // Marks that come in runs fail together.
      const run = isEscape ? 2 : (/^(?:\*+|`+|_+)/.exec(text.slice(at, at + 64))?.[0].length ?? 1);
      plain += isEscape ? text[at + 1] : text.slice(at, at + run);
      at += run;
    } else {
      put(found.inline);
      at = found.end;
    }
  }
  if (plain !== "") out.push({ kind: "text", text: plain });
  return out;
}

interface Found {
  readonly inline: Inline;
  readonly end: number;
}

function markAt(text: string, at: number, resolve: Resolve, depth: number): Found | undefined {
  switch (text[at]) {
    case "`":
      return codeAt(text, at);
    case "*":
    case "_":
      return emphasisAt(text, at, resolve, depth);
    case "[":
      return linkAt(text, at, resolve, depth);
    case "<":
      return addressAt(text, at);
    default:
      return undefined;
  }
}

function codeAt(text: string, at: number): Found | undefined {
  const ticks = /^`+/.exec(text.slice(at, at + 64))?.[0] ?? "`";
  const end = text.slice(0, at + MAX_REACH).indexOf(ticks, at + ticks.length);
  if (end === -1 || text[end + ticks.length] === "`") return undefined;
  const inner = text.slice(at + ticks.length, end);
  const trimmed = /^ .*\S.* $/s.test(inner) ? inner.slice(1, -1) : inner;
  return { inline: code(trimmed), end: end + ticks.length };
}

function emphasisAt(text: string, at: number, resolve: Resolve, depth: number): Found | undefined {
  const mark = text[at];
  const before = text[at - 1] ?? " ";
  // `snake_case` is no emphasis.
  if (mark === "_" && /\w/.test(before)) return undefined;
  for (const marks of [mark + mark, mark]) {
    if (!text.startsWith(marks, at) || /\s/.test(text[at + marks.length] ?? " ")) continue;
    const end = text.slice(0, at + MAX_REACH).indexOf(marks, at + marks.length + 1);
    if (end === -1 || /\s/.test(text[end - 1]) || (mark === "_" && /\w/.test(text[end + marks.length] ?? " "))) continue;
    const inlines = parseInline(text.slice(at + marks.length, end), resolve, depth + 1);
    return { inline: { kind: marks.length === 2 ? "strong" : "emphasis", inlines }, end: end + marks.length };
  }
  return undefined;
}

// No character fits two of the alternatives: else there were a way through hostile text for each combination of them.
const LINK = /^\[((?:[^[\]\\\n`]|\\.|`[^`\n]*`){1,400})\]\(\s*<?([^\s()<>]{1,400})>?(?:\s+"[^"\n]{0,200}")?\s*\)/;
const NAMED = /^\[`?([A-Za-z_][A-Za-z0-9_]{0,99}(?:\.[A-Za-z_][A-Za-z0-9_]{0,99})?)`?\]/;

function linkAt(text: string, at: number, resolve: Resolve, depth: number): Found | undefined {
  const rest = text.slice(at, at + 1_100);
  const link = LINK.exec(rest);
  if (link !== null) {
    const url = webAddress(link[2]);
    const inlines = parseInline(link[1], resolve, depth + 1);
    const href = url === undefined ? resolve(link[2]) : ({ kind: "web", url } as const);
    return { inline: href === undefined ? { kind: "emphasis", inlines } : { kind: "link", href, inlines }, end: at + link[0].length };
  }
  const named = NAMED.exec(rest);
  const href = named === null ? undefined : resolve(named[1]);
  return named === null || href === undefined ? undefined : { inline: code(named[1], href), end: at + named[0].length };
}

function addressAt(text: string, at: number): Found | undefined {
  const found = /^<([^\s<>]{1,400})>/.exec(text.slice(at, at + 500));
  const url = found === null ? undefined : webAddress(found[1]);
  if (found === null || url === undefined) return undefined;
  return { inline: { kind: "link", href: { kind: "web", url }, inlines: [{ kind: "text", text: found[1] }] }, end: at + found[0].length };
}

/** An address that a page may lead to: never `javascript:` or `data:`, however it is spelt. */
function webAddress(text: string): string | undefined {
  return /^(?:https?:\/\/|mailto:)[!-~]+$/i.test(text) && URL.canParse(text) ? text : undefined;
}
