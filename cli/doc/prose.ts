/**
 * The Markdown of doc comments, as far as they need it: paragraphs, headings, lists, fences, quotes, tables. Headings come below those of the page. Nesting
 * is bounded; what is deeper is text.
 */
import type { Block, Blocks } from "./blocks.ts";
import { paragraph } from "./blocks.ts";
import { parseInline } from "./inline.ts";
import type { Resolve } from "./inline.ts";

const MAX_DEPTH = 6;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/;
// In none of these do two neighbours take the same character any number of times: a line takes the time of its length, whatever stands in it.
const FENCE = /^ {0,3}(`{3,}|~{3,}(?!~))([^`]*)$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const HEADING = /^ {0,3}(#{1,6})(?: (.*))?$/s;
const CLOSING_MARKS = /(?:^| )#+$/;
const QUOTE = /^ {0,3}> ?/;
const TABLE_RULE = /^:?-+:?$/;

export interface ProseSettings {
  /** The level of the heading above the text. */
  readonly level: number;
  readonly resolve: Resolve;
}

export function parseProse(markdown: string, settings: ProseSettings): Blocks {
  return blocksOf(markdown.replaceAll("\t", "    ").split("\n"), settings, 0);
}

function blocksOf(lines: readonly string[], settings: ProseSettings, depth: number): Blocks {
  const out: Block[] = [];
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) out.push(paragraph(...parseInline(open.join("\n"), settings.resolve)));
    open = [];
  };
  let at = 0;
  while (at < lines.length) {
    const found = depth > MAX_DEPTH ? undefined : blockAt(lines, at, open, settings, depth);
    if (found === undefined) {
      const line = lines[at++].trim();
      if (line === "") close();
      else open.push(line);
      continue;
    }
    close();
    out.push(found.block);
    at = found.next;
  }
  close();
  return out;
}

interface Found {
  readonly block: Block;
  readonly next: number;
}

function blockAt(lines: readonly string[], at: number, open: readonly string[], settings: ProseSettings, depth: number): Found | undefined {
  const line = lines[at];
  const fence = FENCE.exec(line);
  if (fence !== null) return fenceAt(lines, at, fence[1], /^[\w-]{0,40}/.exec(fence[2].trim())?.[0] ?? "");
  const heading = HEADING.exec(line);
  if (heading !== null) {
    const level = Math.min(6, settings.level + heading[1].length);
    const words = (heading.at(2) ?? "").trim().replace(CLOSING_MARKS, "").trimEnd();
    return { block: { kind: "heading", level, id: undefined, inlines: parseInline(words, settings.resolve) }, next: at + 1 };
  }
  if (RULE.test(line)) return { block: { kind: "rule" }, next: at + 1 };
  if (QUOTE.test(line)) {
    const end = endOf(lines, at, (each) => QUOTE.test(each));
    const inner = lines.slice(at, end).map((each) => each.replace(QUOTE, ""));
    return { block: { kind: "quote", blocks: blocksOf(inner, settings, depth + 1) }, next: end };
  }
  const item = ITEM.exec(line);
  // A number within a paragraph begins no list.
  if (item !== null && (open.length === 0 || !/\d/.test(item[2]))) return listAt(lines, at, settings, depth);
  if (line.includes("|") && open.length === 0 && isTableRule(lines[at + 1] ?? "")) return tableAt(lines, at, settings);
  return undefined;
}

function endOf(lines: readonly string[], from: number, belongs: (line: string) => boolean): number {
  let end = from;
  while (end < lines.length && belongs(lines[end])) end++;
  return end;
}

function fenceAt(lines: readonly string[], at: number, mark: string, language: string): Found {
  const isEnd = (line: string): boolean => {
    const trimmed = line.trim();
    return trimmed.length >= mark.length && trimmed === mark[0].repeat(trimmed.length);
  };
  const end = endOf(lines, at + 1, (line) => !isEnd(line));
  return { block: { kind: "fence", language, text: lines.slice(at + 1, end).join("\n") }, next: end + 1 };
}

function listAt(lines: readonly string[], at: number, settings: ProseSettings, depth: number): Found {
  const ordered = /\d/.test(ITEM.exec(lines[at])?.[2] ?? "");
  const items: Blocks[] = [];
  let next = at;
  for (;;) {
    const item = next < lines.length ? ITEM.exec(lines[next]) : null;
    if (item === null || /\d/.test(item[2]) !== ordered) break;
    const indent = item[0].length;
    const belongs = (line: string, i: number): boolean =>
      line.trim() === ""
        ? isIndented(lines[i + 1], 2)
        : isIndented(line, 2) ||
          (ITEM.exec(line) === null && (lines[i - 1] ?? "").trim() !== "" && !QUOTE.test(line) && !FENCE.test(line) && !HEADING.test(line));
    let end = next + 1;
    while (end < lines.length && belongs(lines[end], end)) end++;
    const inner = [lines[next].slice(indent), ...lines.slice(next + 1, end).map((line) => withoutIndent(line, indent))];
    items.push(blocksOf(inner, settings, depth + 1));
    next = end;
    // Empty lines between items.
    const after = endOf(lines, next, (line) => line.trim() === "");
    if (after < lines.length && ITEM.test(lines[after])) next = after;
  }
  return { block: { kind: "list", ordered, items }, next };
}

function isIndented(line: string | undefined, by: number): boolean {
  return line !== undefined && line.trim() !== "" && line.startsWith(" ".repeat(by));
}

function withoutIndent(line: string, indent: number): string {
  return line.slice(Math.min(indent, line.length - line.trimStart().length));
}

/** `| --- | :-: |`, below the head of a table. */
function isTableRule(line: string): boolean {
  return cellsOf(line).every((cell) => TABLE_RULE.test(cell));
}

function cellsOf(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^\|/, "")
    .replace(/\|$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function tableAt(lines: readonly string[], at: number, { resolve }: ProseSettings): Found {
  const head = cellsOf(lines[at]);
  const end = endOf(lines, at + 2, (line) => line.includes("|"));
  const rows = lines.slice(at + 2, end).map((line) => {
    const found = cellsOf(line);
    return head.map((_, i) => parseInline(found[i] ?? "", resolve));
  });
  return { block: { kind: "table", head: head.map((cell) => parseInline(cell, resolve)), rows }, next: end };
}
