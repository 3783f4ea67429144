/** Names of cells within one contract, for maps. */
import type { Concrete } from "../footprint/concrete.ts";
import type { LeafIndex } from "../footprint/footprint.ts";

/** Keys of one leaf have one list of types; the lengths keep texts apart. */
export function cellKey(leaf: LeafIndex, keys: readonly Concrete[]): string {
  let key = String(leaf);
  for (const part of keys) key += typeof part === "string" ? ` ${part.length} ${part}` : ` ${String(part)}`;
  return key;
}
