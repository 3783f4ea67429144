/**
 * `state level: i64 = 5;`: initial values are stored by the constructor before its body. They have words of their own at the end of its
 * record, behind those that the footprint analysis gave out.
 */
import type { EntryPlan, Leaf, LeafIndex } from "../footprint/footprint.ts";
import type { Value } from "../typed/tree.ts";
import type { ModuleScope } from "./scope.ts";

export interface Initial {
  readonly leaf: Leaf;
  readonly value: Value;
  /** Offset in the top region. */
  readonly word: number;
}

/** Of the entry if it is the constructor, else none. Fields with an initial value are single cells. */
export function initialsOf(module: ModuleScope, entry: EntryPlan): readonly Initial[] {
  if (entry.func !== module.contract.init) return [];
  const initials: Initial[] = [];
  for (const field of module.contract.fields) {
    if (field.initial === undefined) continue;
    initials.push({ leaf: module.leaves.byField[field.index][0], value: field.initial, word: entry.frame.size + initials.length });
  }
  return initials;
}

/** What the constructor's plan would read of a cell before anything is stored: its initial value, which is stored by then. */
export function initialAt(module: ModuleScope, entry: EntryPlan, leaf: LeafIndex): Value | undefined {
  return initialsOf(module, entry).find((initial) => initial.leaf.index === leaf)?.value;
}
