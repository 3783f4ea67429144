/**
 * The words of a call's line in the block memory that belong to ordering and scheduling; the first nine are admission's.
 * Written by the planning thread, but for the two that executing threads change atomically.
 */
import { CALL_FREE } from "../execute/memory.ts";

/** Predecessors that haven't ended, plus one until somebody claims the call. Atomic. */
export const CALL_PENDING = CALL_FREE;
/** First edge to a successor; 0 none, CLOSED once the call has ended. Atomic. */
export const CALL_SUCCESSORS = CALL_FREE + 1;
/** First chore to be done before the call runs; 0 none. */
export const CALL_CHORES = CALL_FREE + 2;
/** Halves of the nonce, until the call is admitted: the same words as the two above. */
export const CALL_NONCE_LOW = CALL_PENDING;
export const CALL_NONCE_HIGH = CALL_SUCCESSORS;
/** Number of accesses whose slot is computed right before the call runs. */
export const CALL_UNRESOLVED = CALL_FREE + 3;
/** Calls on the longest chain of waits that ends here. */
export const CALL_DEPTH = CALL_FREE + 4;
/** The last call that got an edge from this one, plus 1: keeps edges distinct. */
export const CALL_EDGE_MARK = CALL_FREE + 5;
/** 1 when the sender is a contract, which can't send calls. */
export const CALL_BARRED = CALL_FREE + 6;

export const CLOSED = -1;
