/** The kinds of cells of a contract: every field's maps, structs and tuples taken apart into leaves. */
import { membersBelow } from "../core/members.ts";
import type { Type } from "../core/types.ts";
import type { Contract, Field, StatePlace } from "../typed/tree.ts";
import { COIN, type Leaf, type LeafIndex } from "./footprint.ts";

export interface LeafTable {
  readonly leaves: readonly Leaf[];
  /** Leaves of each field, in order; by index of the field. */
  readonly byField: readonly (readonly Leaf[])[];
}

const U256: Type = { kind: "int", signed: false, bits: 256 };

export function leafTable(contract: Contract): LeafTable {
  const leaves: Leaf[] = [{ index: COIN, field: undefined, path: [], pathNames: [], keys: [{ kind: "address" }], type: U256, table: 0 }];
  const byField: Leaf[][] = [];
  let tables = 1;
  for (const field of contract.fields) {
    const { keys, value } = unwrapMaps(field.type);
    const table = keys.length > 0 ? tables++ : undefined;
    const own: Leaf[] = [];
    for (const { path, names, type } of membersBelow(value)) {
      const leaf: Leaf = { index: leaves.length, field, path, pathNames: names, keys, type, table };
      leaves.push(leaf);
      own.push(leaf);
    }
    byField.push(own);
  }
  return { leaves, byField };
}

/** Key types of nested maps, outermost first, and the type of an entry. */
export function unwrapMaps(type: Type): { readonly keys: readonly Type[]; readonly value: Type } {
  const keys: Type[] = [];
  let value = type;
  while (value.kind === "map") {
    keys.push(value.key);
    value = value.value;
  }
  return { keys, value };
}

/** The leaves that a place names: one, or all below a struct. */
export function leavesOfPlace(table: LeafTable, place: StatePlace): readonly Leaf[] {
  return table.byField[place.field.index].filter((leaf) => place.path.every((member, i) => leaf.path[i] === member));
}

/** The only leaf of a field that isn't taken apart, e.g. a sequence. */
export function leafOfField(table: LeafTable, field: Field): LeafIndex {
  return table.byField[field.index][0].index;
}

/** `proposals[].yes`; the native coin is `coin[]`. */
export function leafName(leaf: Leaf): string {
  const base = leaf.field === undefined ? "coin" : leaf.field.name;
  return base + "[]".repeat(leaf.keys.length) + leaf.pathNames.map((name) => `.${name}`).join("");
}
