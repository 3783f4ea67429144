/** Sequences step to their next numbers as plans draw them (rule T1), and back when a plan doesn't count. On the main thread. */
import type { Column } from "../state/column.ts";

/** Numbers kept per step: column, the number's first word, and the three words there before. */
const STRIDE = 5;

export class Sequences {
  private readonly columns: readonly Column[];
  private steps = new Float64Array(16 * STRIDE);
  private count = 0;

  /** `columns`: all of the state. */
  constructor(columns: readonly Column[]) {
    this.columns = columns;
  }

  /** Steps so far stay. */
  begin(): void {
    this.count = 0;
  }

  /** To the next number; after the last one the sequence is used up. */
  step({ id, u32, shift, lanes }: Column, slot: number): void {
    const at = slot << shift;
    const low = u32[at];
    const high = u32[at + 1];
    const from = this.count++ * STRIDE;
    if (from === this.steps.length) this.grow();
    const { steps } = this;
    steps[from] = id;
    steps[from + 1] = at;
    steps[from + 2] = low;
    steps[from + 3] = high;
    steps[from + 4] = lanes === 2 ? u32[at + 2] : 0;
    u32[at] = low + 1;
    if (low !== 0xffff_ffff) return;
    u32[at + 1] = high + 1;
    if (lanes === 2 && high === 0xffff_ffff) u32[at + 2] = 1;
  }

  /** As if nothing had been drawn since `begin`. */
  putBack(): void {
    const { steps } = this;
    for (let from = (this.count - 1) * STRIDE; from >= 0; from -= STRIDE) {
      const { u32, lanes } = this.columns[steps[from]];
      const at = steps[from + 1];
      u32[at] = steps[from + 2];
      u32[at + 1] = steps[from + 3];
      if (lanes === 2) u32[at + 2] = steps[from + 4];
    }
    this.count = 0;
  }

  private grow(): void {
    const bigger = new Float64Array(this.steps.length * 2);
    bigger.set(this.steps);
    this.steps = bigger;
  }
}
