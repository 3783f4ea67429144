/** The cost charged to a call, in the two words of its line that hold it. */
import { CALL_COST_HIGH, CALL_COST_LOW, HEADER_BYTES, HEADER_GAS_LIMIT } from "./memory.ts";

const TWO_32 = 4294967296;

/** `cost`: an integer below 2^53. `at`: where the line begins, as in the others. */
export function charge(lines: Int32Array, at: number, cost: number): void {
  lines[at + CALL_COST_LOW] = cost % TWO_32;
  lines[at + CALL_COST_HIGH] = Math.floor(cost / TWO_32);
}

/** A call that can't pay for its bound is charged all of its gas limit (rule N2). `headers`: words of the block's headers. */
export function chargeLimit(lines: Int32Array, at: number, headers: Uint32Array, call: number): void {
  const header = (call * HEADER_BYTES + HEADER_GAS_LIMIT) >>> 2;
  lines[at + CALL_COST_LOW] = headers[header];
  lines[at + CALL_COST_HIGH] = headers[header + 1];
}

export function chargedTo(lines: Int32Array, at: number): number {
  return (lines[at + CALL_COST_HIGH] >>> 0) * TWO_32 + (lines[at + CALL_COST_LOW] >>> 0);
}
