/**
 * What a single call may use of the memory that calls share while a block runs. A call beyond one of these reverts with OutOfGas() and pays its gas
 * limit (rule N3), so that no call can bring down its block; the room that segments leave free is made for a call at these limits. Part of the
 * language's meaning: all engines, and all nodes that run the same blocks, must have the same numbers.
 */

/** Words of record of all plans of a call that exist at once: a word or so per access. A quarter of the room that a segment leaves free. */
export const CALL_WORDS = 1 << 15;
/**
 * A call with more words or accesses than this runs alone, where it is judged. Only half of the limit, because a plan made before the call's values are known
 * may name more than one that knows them: what is ordered is never near the limit in either.
 */
export const ORDERED_WORDS = CALL_WORDS / 2;
/** Cells whose keys only running the call can tell: found by exec, or by plans of callees made when the call gets there. Each kind for itself. */
export const FOUND_CELLS = 1 << 15;
/** Writes of cells, whether they happen at once or when the call has succeeded: what an undo would have to take back. 44 MiB of each thread. */
export const CALL_WRITES = 1 << 20;
/** Bytes of events and return data, or of error data. A quarter of the room for output beyond what blocks of their size have anyway. */
export const CALL_OUTPUT = 1 << 20;
/** Cells whose old values a call may keep at most when it runs alone. */
export const CALL_CELLS = CALL_WORDS + 2 * FOUND_CELLS;
