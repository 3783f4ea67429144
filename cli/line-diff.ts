/** What changed between two texts, line by line, in the unified form that `patch` and people read. */
import type { Theme } from "./render/theme.ts";
import { printable } from "./render/width.ts";

interface Edit {
  readonly kind: "same" | "gone" | "new";
  readonly line: string;
}

/** Lines shown around a change. */
const CONTEXT = 3;
/** Texts that differ in more places are shown as one replacement: looking for the shortest way costs the square of it. */
const MAX_EDITS = 1000;

/** Empty if nothing changed. */
export function lineDiff(path: string, before: string, after: string, theme: Theme): string {
  const edits = editsOf(linesOf(before), linesOf(after));
  const changes = edits.flatMap(({ kind }, i) => (kind === "same" ? [] : [i]));
  if (changes.length === 0) return "";
  const name = printable(path);
  const hunks: (readonly [from: number, to: number])[] = [];
  for (const at of changes) {
    const last = hunks.at(-1);
    const from = Math.max(0, at - CONTEXT);
    const to = Math.min(edits.length, at + CONTEXT + 1);
    if (last !== undefined && from <= last[1]) hunks[hunks.length - 1] = [last[0], to];
    else hunks.push([from, to]);
  }
  const lines = [theme("strong", `--- ${name}`), theme("strong", `+++ ${name}`)];
  let [at, left, right] = [0, 1, 1];
  for (const [from, to] of hunks) {
    left += from - at;
    right += from - at;
    const shown = edits.slice(from, to);
    const gone = shown.filter(({ kind }) => kind !== "new").length;
    const added = shown.filter(({ kind }) => kind !== "gone").length;
    lines.push(theme("note", `@@ -${left},${gone} +${right},${added} @@`), ...shown.map((edit) => lineOf(edit, theme)));
    left += gone;
    right += added;
    at = to;
  }
  return `${lines.join("\n")}\n`;
}

/** Without a line break at its end, the last line is another one than with it. */
const UNENDED = "\n\\ No newline at end of file";

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, last + UNENDED];
}

function lineOf({ kind, line }: Edit, theme: Theme): string {
  const text = line.endsWith(UNENDED) ? printable(line.slice(0, -UNENDED.length)) + UNENDED : printable(line);
  return kind === "same" ? ` ${text}` : kind === "gone" ? theme("bad", `-${text}`) : theme("good", `+${text}`);
}

function editsOf(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (lines: readonly string[]): readonly Edit[] => lines.map((line) => ({ kind: "same", line }));
  return [
    ...same(before.slice(0, start)),
    ...shortest(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** Myers, "An O(ND) difference algorithm and its variations", 1986: per number of edits the furthest place on each diagonal. */
function shortest(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const most = Math.min(before.length + after.length, MAX_EDITS);
  const rounds: Int32Array[] = [];
  let furthest = new Int32Array(2 * most + 3);
  for (let count = 0; count <= most; count++) {
    rounds.push(furthest.slice());
    const next = furthest.slice();
    for (let k = -count; k <= count; k += 2) {
      const down = k === -count || (k !== count && furthest[most + k] < furthest[most + k + 2]);
      let x = down ? furthest[most + k + 2] : furthest[most + k] + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      next[most + k + 1] = x;
      if (x >= before.length && x - k >= after.length) return walk(before, after, rounds, most);
    }
    furthest = next;
  }
  return [...before.map((line): Edit => ({ kind: "gone", line })), ...after.map((line): Edit => ({ kind: "new", line }))];
}

/** Back from the end, round by round. */
function walk(before: readonly string[], after: readonly string[], rounds: readonly Int32Array[], most: number): readonly Edit[] {
  const edits: Edit[] = [];
  let x = before.length;
  let y = after.length;
  for (let count = rounds.length - 1; count >= 0; count--) {
    const furthest = rounds[count];
    const k = x - y;
    const down = k === -count || (k !== count && furthest[most + k] < furthest[most + k + 2]);
    const fromX = count === 0 ? 0 : down ? furthest[most + k + 2] : furthest[most + k];
    const fromY = count === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      x--;
      y--;
      edits.push({ kind: "same", line: before[x] });
    }
    if (count === 0) break;
    if (down) edits.push({ kind: "new", line: after[--y] });
    else edits.push({ kind: "gone", line: before[--x] });
  }
  return edits.reverse();
}
