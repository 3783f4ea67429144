/**
 * The kinds of cells of a contract: every field's maps, structs and tuples taken apart into leaves. A set is two groups of leaves: its entries,
 * which have the member as a last key, and its length. Lists, options and enums with payload are one leaf.
 */
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
const U64: Type = { kind: "int", signed: false, bits: 64 };
const BOOL: Type = { kind: "bool" };

/** Leaves of a field that share their keys. */
interface Group {
  readonly keys: readonly Type[];
  readonly leaves: readonly Pick<Leaf, "path" | "pathNames" | "type" | "history">[];
}

/** Several passes ask for it. */
const tables = new WeakMap<Contract, LeafTable>();

export function leafTable(contract: Contract): LeafTable {
  const known = tables.get(contract) ?? makeTable(contract);
  tables.set(contract, known);
  return known;
}

function makeTable(contract: Contract): LeafTable {
  const coin: Leaf = {
    index: COIN,
    group: 0,
    field: undefined,
    path: [],
    pathNames: [],
    keys: [{ kind: "address" }],
    type: U256,
    table: 0,
    history: false,
  };
  const leaves: Leaf[] = [coin];
  const byField: Leaf[][] = [];
  let groups = 1;
  let tables = 1;
  for (const field of contract.fields) {
    const own: Leaf[] = [];
    for (const group of groupsOf(field.type)) {
      const number = groups++;
      const table = group.keys.length > 0 ? tables++ : undefined;
      for (const leaf of group.leaves) {
        const made: Leaf = { ...leaf, index: leaves.length, group: number, field, keys: group.keys, table };
        leaves.push(made);
        own.push(made);
      }
    }
    byField.push(own);
  }
  return { leaves, byField };
}

function groupsOf(type: Type): readonly Group[] {
  const { keys, value } = unwrapMaps(type);
  if (value.kind === "set") {
    const entry = { path: [], pathNames: [], type: BOOL, history: false };
    const length = { path: [], pathNames: ["len"], type: U64, history: false };
    return [
      { keys: [...keys, ...keyParts(value.key)], leaves: [entry] },
      { keys, leaves: [length] },
    ];
  }
  if (value.kind === "history") return [{ keys, leaves: [{ path: [], pathNames: [], type: value.value, history: true }] }];
  return [
    { keys, leaves: membersBelow(value).map(({ path, names, type: part }) => ({ path, pathNames: names, type: part, history: false })) },
  ];
}

/** Key types of nested maps, outermost first and those of tuples spelled out, and the type of an entry. */
export function unwrapMaps(type: Type): { readonly keys: readonly Type[]; readonly value: Type } {
  const keys: Type[] = [];
  let value = type;
  while (value.kind === "map") {
    keys.push(...keyParts(value.key));
    value = value.value;
  }
  return { keys, value };
}

function keyParts(key: Type): readonly Type[] {
  return membersBelow(key).map((member) => member.type);
}

/** The leaves that a place names: one, or all below a struct. */
export function leavesOfPlace(table: LeafTable, place: StatePlace): readonly Leaf[] {
  return table.byField[place.field.index].filter(
    (leaf) => leaf.keys.length === place.keys.length && place.path.every((member, i) => leaf.path[i] === member),
  );
}

/** The only leaf of a field that isn't taken apart, e.g. a sequence. */
export function leafOfField(table: LeafTable, field: Field): LeafIndex {
  return table.byField[field.index][0].index;
}
