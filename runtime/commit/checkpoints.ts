/**
 * From a block's journal to the past values of `history` cells: which of them the block has changed, whether there is room to keep that, and, when the
 * block becomes the state, their checkpoints. Until then nothing of it is to be seen: a block that is discarded leaves no trace.
 */
import type { History } from "../state/history.ts";
import type { StateMemory } from "../state/state.ts";
import type { Journal } from "./journal.ts";

export interface Checkpoint {
  readonly history: History;
  readonly slot: number;
}

const NONE: readonly Checkpoint[] = [];
const TWO_32 = 4294967296;

/**
 * The history cells whose value at the block's end isn't the one at its start. Throws CapacityError when they can't be kept. The block's values must be
 * in place, not swapped out.
 */
export function findCheckpoints(state: StateMemory, journal: Journal): readonly Checkpoint[] {
  if (!state.hasHistories) return NONE;
  const found: Checkpoint[] = [];
  const seen = new Set<number>();
  const counts = new Map<History, number>();
  journal.forEach((id, slot, words, at) => {
    const history = state.histories[id];
    if (history === undefined || seen.has(id * TWO_32 + slot)) return;
    // The first entry of a cell has its value at block start.
    seen.add(id * TWO_32 + slot);
    const { u32, shift } = state.columns[id];
    const from = slot << shift;
    for (let i = 0; i < 1 << shift; i++) {
      if (u32[from + i] === words[at + i]) continue;
      found.push({ history, slot });
      counts.set(history, (counts.get(history) ?? 0) + 1);
      return;
    }
  });
  for (const [history, count] of counts) history.checkRoom(count);
  return found;
}

/** The block has become the state at this height; its values are still in place. */
export function appendCheckpoints(checkpoints: readonly Checkpoint[], height: bigint): void {
  for (const { history, slot } of checkpoints) history.append(slot, Number(height));
}
