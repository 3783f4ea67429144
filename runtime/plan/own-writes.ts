/**
 * Cells that calls of other contracts within one transaction may change, with the frame that does so first. A plan is made before anything of its
 * transaction has run, so what another frame may have written by then isn't known to it. A table with open addressing, emptied by a new stamp.
 */

const FIRST_SIZE = 256;

export class OwnWrites {
  private columns = new Int32Array(FIRST_SIZE);
  private slots = new Int32Array(FIRST_SIZE);
  private frames = new Int32Array(FIRST_SIZE);
  private stamps = new Int32Array(FIRST_SIZE);
  private stamp = 1;
  private count = 0;

  clear(): void {
    if (this.count === 0) return;
    this.count = 0;
    if (++this.stamp < 2 ** 30) return;
    this.stamps.fill(0);
    this.stamp = 1;
  }

  /** The frame may change the cell; slot 0 stands for all cells of the column. */
  note(column: number, slot: number, frame: number): void {
    const at = this.find(column, slot);
    if (this.stamps[at] === this.stamp) return;
    this.stamps[at] = this.stamp;
    this.columns[at] = column;
    this.slots[at] = slot;
    this.frames[at] = frame;
    this.count++;
    if (this.count * 2 > this.stamps.length) this.grow();
  }

  /** Whether a frame before this one may change the cell. Contracts aren't entered twice, so later frames of others can't. */
  byAnother(column: number, slot: number, frame: number): boolean {
    return this.count > 0 && (this.isOther(this.find(column, slot), frame) || this.isOther(this.find(column, 0), frame));
  }

  private isOther(at: number, frame: number): boolean {
    return this.stamps[at] === this.stamp && this.frames[at] !== frame;
  }

  private find(column: number, slot: number): number {
    const mask = this.stamps.length - 1;
    const hash = Math.imul(slot + 1, 0x9e3779b1) ^ Math.imul(column + 1, 0x85ebca6b);
    for (let at = (hash ^ (hash >>> 15)) & mask; ; at = (at + 1) & mask) {
      if (this.stamps[at] !== this.stamp || (this.columns[at] === column && this.slots[at] === slot)) return at;
    }
  }

  private grow(): void {
    const { columns, slots, frames, stamps, stamp } = this;
    const size = stamps.length * 2;
    this.columns = new Int32Array(size);
    this.slots = new Int32Array(size);
    this.frames = new Int32Array(size);
    this.stamps = new Int32Array(size);
    this.count = 0;
    for (let at = 0; at < stamps.length; at++) if (stamps[at] === stamp) this.note(columns[at], slots[at], frames[at]);
  }
}
