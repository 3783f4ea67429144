/**
 * A digest of the whole state: the sum modulo 2^256 of a hash per cell that isn't at its default, per past value that is kept, and per contract. Equal
 * for equal state, whatever the order and the ids in which it came about. Past values of `history` cells belong to the state, as calls can read them:
 * two chains whose cells are alike now but weren't at the end of some block differ. It tells states apart in tests and reports; it is no commitment
 * to be proved against.
 */
import { createHash } from "node:crypto";
import type { Hex } from "../types.ts";
import { listCells, listPast } from "./cell-list.ts";
import type { StateMemory } from "./state.ts";

export function digestState(state: StateMemory): Hex {
  let sum = 0n;
  const add = (parts: readonly unknown[]): void => {
    const hash = createHash("sha256").update(canonical(parts)).digest("hex");
    sum = BigInt.asUintN(256, sum + BigInt(`0x${hash}`));
  };
  for (const cell of listCells(state)) add(["cell", cell.contract ?? "", cell.field, cell.keys, cell.path, cell.value]);
  for (const { cell, height, value } of listPast(state))
    add(["past", cell.contract ?? "", cell.field, cell.keys, cell.path, BigInt(height), value]);
  for (const code of state.codes) {
    for (const address of state.instances[code.index].slice(1)) add(["code", state.addresses.hexOf(address), code.module.codeHash]);
  }
  return `0x${sum.toString(16).padStart(64, "0")}`;
}

/** One text per value: texts and hex are quoted, numbers and booleans aren't, lists are bracketed. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  return JSON.stringify(value);
}
