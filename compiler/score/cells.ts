/** Cells of one block by number, so that their long names are looked at once. */
import type { Concrete } from "../footprint/concrete-value.ts";
import type { LeafIndex } from "../footprint/footprint.ts";

export type CellId = number;

export type CellNumbers = (leaf: LeafIndex, keys: readonly Concrete[]) => CellId;

/** From 0, in the order in which they are asked for. */
export function numberCells(): CellNumbers {
  const ids = new Map<string, CellId>();
  return (leaf, keys) => {
    const key = cellKey(leaf, keys);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = ids.size;
    ids.set(key, id);
    return id;
  };
}

/** Keys of one leaf have one list of types; the lengths keep texts apart. */
export function cellKey(leaf: LeafIndex, keys: readonly Concrete[]): string {
  let key = String(leaf);
  for (const part of keys) key += typeof part === "string" ? ` ${part.length} ${part}` : ` ${String(part)}`;
  return key;
}
