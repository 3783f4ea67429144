/** Who changes which kind of cell, of the functions that many may call: asked by the lints about reads and late keys. */
import type { ContractFootprint, FlatAccess, LeafIndex } from "../footprint/footprint.ts";
import type { Entry } from "./entries.ts";

export interface Write {
  readonly by: Entry;
  readonly access: FlatAccess;
}

export type Writers = (of: Pick<Entry, "footprint">, leaf: LeafIndex) => readonly Write[];

/** Remembered per kind of cell, and of these per function: a warning names a few, and hostile programs have more. */
const MAX_WRITES = 256;
const MAX_OF_ONE = 16;

export function createWriters(entries: readonly Entry[]): Writers {
  const known = new Map<ContractFootprint, Map<LeafIndex, Write[]>>();
  for (const by of entries) {
    if (by.isSeldom) continue;
    const byLeaf = known.get(by.footprint) ?? new Map<LeafIndex, Write[]>();
    known.set(by.footprint, byLeaf);
    const own = new Map<LeafIndex, number>();
    for (const access of by.accesses) {
      const { leaf, mode } = access;
      const count = own.get(leaf) ?? 0;
      const writes = byLeaf.get(leaf) ?? [];
      if (mode === "R" || count >= MAX_OF_ONE || writes.length >= MAX_WRITES) continue;
      own.set(leaf, count + 1);
      byLeaf.set(leaf, [...writes, { by, access }]);
    }
  }
  return ({ footprint }, leaf) => known.get(footprint)?.get(leaf) ?? [];
}
