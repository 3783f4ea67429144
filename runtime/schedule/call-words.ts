/**
 * The words of a call's line in the block memory that belong to ordering and scheduling; the first ten are admission's.
 * Written by the planning thread, but for the two that executing threads change atomically.
 */
import { CALL_COST_HIGH, CALL_COST_LOW, CALL_FREE } from "../execute/memory.ts";

/** Predecessors that haven't ended, plus one until somebody claims the call. Atomic. */
export const CALL_PENDING = CALL_FREE;
/** First edge to a successor; 0 none, CLOSED once the call has ended. Atomic. */
export const CALL_SUCCESSORS = CALL_FREE + 1;
/** First chore to be done before the call runs; 0 none. */
export const CALL_CHORES = CALL_FREE + 2;
/** Halves of the nonce, until the call is admitted: the same words as the two above. */
export const CALL_NONCE_LOW = CALL_FREE;
export const CALL_NONCE_HIGH = CALL_FREE + 1;
/** Number of accesses whose slot is computed right before the call runs. */
export const CALL_UNRESOLVED = CALL_FREE + 3;
/** Calls on the longest chain of waits that ends here. */
export const CALL_DEPTH = CALL_FREE + 4;
/** The last call that got an edge from this one, plus 1: keeps edges distinct. */
export const CALL_EDGE_MARK = CALL_FREE + 5;

export const CLOSED = -1;
/** In place of the count of predecessors: the call is in the queue of ready ones already, whoever claims it. */
export const QUEUED = 1 << 30;

/** From this cost bound on a call is long, some hundred times what a transfer takes: it begins as soon as it can, and nothing waits behind it in a chunk. */
const LONG_COST = 20_000;

/** Whether the call whose line begins here is long. */
export function isLong(calls: Int32Array, at: number): boolean {
  return calls[at + CALL_COST_HIGH] !== 0 || calls[at + CALL_COST_LOW] >>> 0 >= LONG_COST;
}
