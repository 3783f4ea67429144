/**
 * Whether two texts are the same program, for the command line to check before it writes and for the tests: the same syntax tree, places aside, and the
 * same words and comments in the same order. Knows nothing of how the formatter works, so that it can judge it.
 */
import { parseWithTokens } from "../grammar/parse.ts";
import type { TokenizedResult } from "../grammar/parse.ts";

/** What differs, for a report of a bug; undefined if nothing does. */
export function difference(before: string, after: string): string | undefined {
  const left = parseWithTokens("", before);
  return left.problems.length > 0 ? "the text has syntax errors" : differenceFrom(left, after);
}

/** The same, for a text that was read already. */
export function differenceFrom(left: TokenizedResult, after: string): string | undefined {
  return differenceBetween(left, parseWithTokens("", after));
}

/** The same, for two of them; the first one has no syntax errors. */
export function differenceBetween(left: TokenizedResult, right: TokenizedResult): string | undefined {
  const [problem] = right.problems;
  if (right.problems.length > 0) return `the new text has syntax errors: ${problem.code} at ${problem.span.start}`;
  return differentWord(left, right) ?? differentTree(left.file.items, right.file.items);
}

/** Commas at the end of a list may go or come, and comments may change places with what ends a line. The tree knows those that matter. */
const MOVABLE: ReadonlySet<string> = new Set([",", ";"]);

function differentWord(before: TokenizedResult, after: TokenizedResult): string | undefined {
  const [left, right] = [wordsOf(before), wordsOf(after)];
  const at = left.findIndex((word, i) => word !== right[i]);
  if (at !== -1) return `\`${shown(left[at])}\` became \`${shown(right.at(at) ?? "nothing")}\``;
  return right.length > left.length ? `\`${shown(right[left.length])}\` wasn't there` : undefined;
}

function wordsOf({ tokens, file: { comments } }: TokenizedResult): readonly string[] {
  const words: string[] = [];
  let next = 0;
  for (const { image, startOffset } of tokens) {
    for (; next < comments.length && comments[next].span.start < startOffset; next++) words.push(wordsOfComment(comments[next].text));
    if (!MOVABLE.has(image)) words.push(image);
  }
  for (; next < comments.length; next++) words.push(wordsOfComment(comments[next].text));
  return words;
}

/** White space around lines isn't part of what a comment says. */
function wordsOfComment(text: string): string {
  return text.includes("\n")
    ? text
        .split("\n")
        .map((line) => line.trim())
        .join("\n")
    : text.trimEnd();
}

/** Where a node came from, which says nothing about what it means. */
const PLACES: ReadonlySet<string> = new Set(["id", "span", "opSpan", "fromSpan", "titleSpan", "start", "end"]);

/** Without recursion: trees are as deep as an author likes. What waits stands in two lists, since an object per pair would be as much garbage as the trees. */
function differentTree(before: unknown, after: unknown): string | undefined {
  const lefts: unknown[] = [before];
  const rights: unknown[] = [after];
  while (lefts.length > 0) {
    const [left, right] = [lefts.pop(), rights.pop()];
    if (left === right) continue;
    if (!isObject(left) || !isObject(right)) return `the tree differs: ${shown(left)} became ${shown(right)}`;
    let [count, countAfter] = [0, 0];
    for (const _ in right) countAfter++;
    for (const key in left) {
      count++;
      if (PLACES.has(key) || left[key] === right[key]) continue;
      lefts.push(left[key]);
      rights.push(right[key]);
    }
    if (count !== countAfter) return `the tree differs: ${count} parts became ${countAfter}`;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  return isObject(value) ? "a node" : String(value).slice(0, 60);
}
