/**
 * The cells that the running call has found by keys of its own, so that each has one scratch word and its old value is kept once, however often the call
 * comes back to it. A hash table of small numbers whose entries of earlier calls are told by their stamp, so that a new call costs nothing.
 */

/** Numbers per place: the call's stamp, column, slot, tag, value. */
const STRIDE = 5;
const FIRST_PLACES = 256;
const MAX_STAMP = 2 ** 30;

export class Located {
  private places = new Int32Array(FIRST_PLACES * STRIDE);
  private mask = FIRST_PLACES - 1;
  private count = 0;
  private stamp = 1;

  /** Forgets everything. */
  clear(): void {
    this.count = 0;
    if (++this.stamp < MAX_STAMP) return;
    this.places.fill(0);
    this.stamp = 1;
  }

  /** What `set` kept; 0 when nothing. */
  get(column: number, slot: number, tag: number): number {
    const at = this.find(this.places, this.mask, column, slot, tag);
    return this.places[at] === this.stamp ? this.places[at + 4] : 0;
  }

  set(column: number, slot: number, tag: number, value: number): void {
    if (this.count * 2 > this.mask) this.grow();
    const { places } = this;
    const at = this.find(places, this.mask, column, slot, tag);
    if (places[at] !== this.stamp) this.count++;
    places[at] = this.stamp;
    places[at + 1] = column;
    places[at + 2] = slot;
    places[at + 3] = tag;
    places[at + 4] = value;
  }

  /** Where an entry is or would be. At least half of the places are free. */
  private find(places: Int32Array, mask: number, column: number, slot: number, tag: number): number {
    let place = Math.imul(Math.imul(slot, 31) + column * 7 + tag, 0x9e3779b1) >>> 8;
    for (; ; place++) {
      const at = (place & mask) * STRIDE;
      if (places[at] !== this.stamp || (places[at + 1] === column && places[at + 2] === slot && places[at + 3] === tag)) return at;
    }
  }

  private grow(): void {
    const size = (this.mask + 1) * 2;
    const bigger = new Int32Array(size * STRIDE);
    const { places } = this;
    for (let at = 0; at < places.length; at += STRIDE) {
      if (places[at] !== this.stamp) continue;
      const to = this.find(bigger, size - 1, places[at + 1], places[at + 2], places[at + 3]);
      bigger.set(places.subarray(at, at + STRIDE), to);
    }
    this.places = bigger;
    this.mask = size - 1;
  }
}
