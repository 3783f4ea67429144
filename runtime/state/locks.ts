/**
 * Locks of cells, for changes that take more than one atomic operation and are over in a few instructions. Cells share them: two cells with one
 * lock only wait for each other a little. Nothing that can fail may be done under a lock.
 */
import type { Column } from "./column.ts";

/** So many locks, each in a cache line of its own. */
const LOCKS = 256;
const LINE = 16;
/** Looks at a lock before sleeping: a holder that needs longer has lost its core. */
const SPINS = 2000;
const NAP_MS = 1;
/** A holder that is gone for ten seconds won't come back. */
const MAX_NAPS = 10_000;

export function createLocks(): SharedArrayBuffer {
  return new SharedArrayBuffer(LOCKS * LINE * 4);
}

export class Locks {
  private readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }

  /** Waits for the cell's lock and takes it; what `give` wants. */
  take(column: Column, slot: number): number {
    const { words } = this;
    const lock = ((slot * 31 + column.id) & (LOCKS - 1)) * LINE;
    for (let naps = 0; naps < MAX_NAPS; naps++) {
      for (let spin = 0; spin < SPINS; spin++) if (Atomics.compareExchange(words, lock, 0, 1) === 0) return lock;
      Atomics.wait(words, lock, 1, NAP_MS);
    }
    throw new Error("internal: a cell's lock is never given back");
  }

  give(lock: number): void {
    Atomics.store(this.words, lock, 0);
  }
}
