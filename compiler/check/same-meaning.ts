/** Compares what declarations mean: plain data, however deep. */

/** Equal all through, but for the numbers of nodes: each use of a constant is numbered anew. */
export function sameMeaning(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameList(a, b);
  if (a instanceof Map || b instanceof Map) return a instanceof Map && b instanceof Map && sameList([...a], [...b]);
  if (a instanceof Set || b instanceof Set) return a instanceof Set && b instanceof Set && sameList([...a], [...b]);
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && (key === "id" || sameMeaning(value, right.get(key))));
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, i) => sameMeaning(one, b[i]));
}
