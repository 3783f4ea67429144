/**
 * Which function of which code a call of another contract reaches. Planner and exec ask the same, so that a plan is never one of another function.
 * Reads what is fixed about contracts only, never a cell.
 */
import type { Callee } from "../module.ts";
import type { Code } from "../state/code.ts";

/** Calls of contracts inside each other, the one from outside included. */
export const MAX_DEPTH = 16;

/** By what a caller wants and the code it meets: index of the function, -1 when there is none that fits. */
const known = new WeakMap<Callee, Map<Code, number>>();

export function findFunction(wanted: Callee, code: Code): number {
  let byCode = known.get(wanted);
  if (byCode === undefined) {
    byCode = new Map();
    known.set(wanted, byCode);
  }
  const found = byCode.get(code) ?? match(wanted, code);
  byCode.set(code, found);
  return found;
}

function match(wanted: Callee, code: Code): number {
  const index = code.functionOf.get(wanted.selector >>> 0);
  if (index === undefined) return -1;
  const { signature, returns, mutability } = code.module.functions[index];
  const fits = signature === wanted.signature && returns === wanted.returns && (!wanted.view || mutability === "view");
  return fits ? index : -1;
}

/** The function that raw calldata names; -1 when there is none, or when coin comes with it that it doesn't take. */
export function findRaw(code: Code, data: Uint8Array, value: bigint): number {
  if (data.length < 4) return -1;
  const selector = ((data[0] << 24) | (data[1] << 16) | (data[2] << 8) | data[3]) >>> 0;
  const index = code.functionOf.get(selector);
  if (index === undefined) return -1;
  return value > 0n && code.module.functions[index].mutability !== "payable" ? -1 : index;
}
