/**
 * The name that somebody may have meant.
 */

const MOST_EDITS = 2;

/** The known name that is fewest edits away, if that is few. */
export function closest(given: string, names: readonly string[]): string | undefined {
  let best: string | undefined = undefined;
  let least = MOST_EDITS + 1;
  for (const name of names) {
    const edits = distance(given, name);
    if (edits >= least) continue;
    least = edits;
    best = name;
  }
  return best;
}

/** Insertions, deletions and replacements between two texts (Levenshtein). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_EDITS) return MOST_EDITS + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1].toLowerCase() === b[j - 1].toLowerCase() ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
