/**
 * The slices of a block in order, on the main thread: which may be claimed by others, which are ready, and the way out when one isn't. Slices live in a
 * ring, so that only so many are ahead of the ordering pass. What another thread is long at the main thread does again in a slice of its own.
 */
import type { Graph } from "../schedule/graph.ts";
import type { Forecast } from "./forecast.ts";
import type { Preparer } from "./preparer.ts";
import type { Slice } from "./slice.ts";

export class SliceFeed {
  private readonly graph: Graph;
  private readonly ring: readonly Slice[];
  private readonly spare: Slice;
  private readonly preparer: Preparer;
  private readonly forecast: Forecast;
  /** Slices of the block, and those that were opened to all threads so far. */
  private total = 0;
  private opened = 0;

  constructor(graph: Graph, ring: readonly Slice[], spare: Slice, preparer: Preparer, forecast: Forecast) {
    this.graph = graph;
    this.ring = ring;
    this.spare = spare;
    this.preparer = preparer;
    this.forecast = forecast;
  }

  /** Calls of each slice of the block but the last. */
  get sliceCalls(): number {
    return this.preparer.sliceCalls;
  }

  /** A block of so many calls, which the preparer has opened; nobody is at a slice. */
  open(calls: number): void {
    this.total = Math.ceil(calls / this.sliceCalls);
    this.opened = 0;
    this.forecast.reset(this.total);
    for (const slice of this.ring) slice.release();
  }

  /** Lets others claim as many slices from `next` on as the ring holds. */
  openFrom(next: number): void {
    const { ring } = this;
    if (this.opened < next) this.opened = next;
    while (this.opened < next + ring.length && this.opened < this.total && ring[this.opened % ring.length].isFree()) this.opened++;
    this.graph.openSlices(this.opened);
  }

  /** Slice `number`, the next in order, made here when nobody has claimed it; undefined while another thread is at it. */
  take(number: number): Slice | undefined {
    const slice = this.ring[number % this.ring.length];
    if (number < this.graph.slicesClaimed()) return slice.isReady() ? slice : undefined;
    return this.graph.takeSlice(number) ? this.make(number) : undefined;
  }

  /** Slice `number`, made here although another thread is at it; that one's work is lost. */
  steal(number: number): Slice {
    const slice = this.ring[number % this.ring.length];
    return slice.steal() ? this.make(number) : slice;
  }

  private make(number: number): Slice {
    this.preparer.fill(this.spare, number);
    return this.spare;
  }

  /** All calls of slice `number` are ordered. */
  release(slice: Slice, number: number): void {
    this.forecast.settle(number);
    if (slice !== this.spare) slice.release();
  }

  /** Nobody may claim a slice until `openFrom`. */
  close(): void {
    this.graph.openSlices(0);
  }

  /** Whether no other thread is at a slice, after `close`; `next` is the first that isn't released. */
  isQuiet(next: number): boolean {
    const claimed = this.graph.slicesClaimed();
    return this.ring.every((slice, place) => slice.isReady() || (slice.isFree() && !this.isClaimed(place, next, claimed)));
  }

  /** Whether a slice at this place of the ring was claimed and not released. */
  private isClaimed(place: number, next: number, claimed: number): boolean {
    const { length } = this.ring;
    const number = next + ((place - (next % length) + length) % length);
    return number < claimed;
  }
}
