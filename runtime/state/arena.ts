/**
 * The byte arena holds the contents of string and bytes cells. A cell is one word: the offset in units of 8 bytes (low half) and the length
 * in bytes (high half); an empty value is the word 0. Contents are never overwritten while blocks run, so old words stay valid
 * for undo and journals. Every thread bumps its own chunk.
 * It has two halves. The owner gets rid of dead contents by turning to the other half and moving there what cells still name, some cells between any two blocks
 * (`compaction.ts`); when all have been visited, nothing names the half that was left.
 */
import { CapacityError } from "./capacity-error.ts";
import type { Column } from "./column.ts";

/** Header words: units of 8 bytes handed out of the present half, number of turns, units in use after the last compaction, the present half (0 or 1). */
const HEADER_NEXT = 0;
const HEADER_EPOCH = 1;
const HEADER_LIVE = 2;
const HEADER_HALF = 3;

/** Units of 8 bytes taken at once by a thread: 64 KiB, so that threads meet at the shared counter rarely. */
const CHUNK_UNITS = 8192;
/** Compaction isn't worth a pass below this many units (1 MiB). */
const QUIET_UNITS = 131_072;

export interface ArenaBuffers {
  readonly header: SharedArrayBuffer;
  readonly halves: readonly [SharedArrayBuffer, SharedArrayBuffer];
}

const EMPTY = new Uint8Array(0);

export class Arena {
  readonly buffers: ArenaBuffers;
  private readonly header: Int32Array;
  private readonly first: Uint8Array;
  private readonly second: Uint8Array;
  /** Of a half; the second half's numbers go on from here. */
  private readonly units: number;
  private next: number;
  private end: number;
  private epoch: number;

  constructor(buffers: ArenaBuffers) {
    this.buffers = buffers;
    this.header = new Int32Array(buffers.header);
    this.first = new Uint8Array(buffers.halves[0]);
    this.second = new Uint8Array(buffers.halves[1]);
    this.units = Math.floor(this.first.length / 8);
    this.next = 0;
    this.end = 0;
    this.epoch = -1;
  }

  /** Copies the value in and makes the cell name it. */
  store(column: Column, slot: number, value: Uint8Array): void {
    const length = value.length;
    const at = slot << column.shift;
    if (length === 0) {
      column.u32[at] = 0;
      column.u32[at + 1] = 0;
      return;
    }
    const unit = this.allocate((length + 7) >>> 3);
    if (unit < this.units) this.first.set(value, unit * 8);
    else this.second.set(value, (unit - this.units) * 8);
    column.u32[at] = unit;
    column.u32[at + 1] = length;
  }

  /** The contents as a view into the arena, good until the block ends. */
  load(column: Column, slot: number): Uint8Array {
    const at = slot << column.shift;
    return this.view(column.u32[at], column.u32[at + 1]);
  }

  /** The contents that the two words of a cell stand for. */
  view(unit: number, length: number): Uint8Array {
    if (length === 0) return EMPTY;
    if (unit < this.units) return this.first.subarray(unit * 8, unit * 8 + length);
    const from = (unit - this.units) * 8;
    return this.second.subarray(from, from + length);
  }

  /** Bytes handed out since the start or the last turn to the other half. */
  usedBytes(): number {
    return this.used() * 8;
  }

  private used(): number {
    return Atomics.load(this.header, HEADER_NEXT);
  }

  /** Units of a half that are there still. */
  left(): number {
    return this.units - this.used();
  }

  /** Whether more than half may be dead, or half of what the last compaction left free is used up. */
  wantsCompaction(): boolean {
    const used = this.used();
    const live = this.header[HEADER_LIVE];
    return used > QUIET_UNITS && used > Math.min(2 * live, (live + this.units) / 2);
  }

  /** New contents go to the other half, which nothing names. Returns the units handed out of the one that is left. Only between blocks. */
  turn(): number {
    const used = this.used();
    this.header[HEADER_HALF] = 1 - this.header[HEADER_HALF];
    this.header[HEADER_NEXT] = 0;
    // All threads' chunks are void now; they see it by the epoch.
    Atomics.add(this.header, HEADER_EPOCH, 1);
    return used;
  }

  /** Moves the cell's contents to the present half if they aren't there; returns how many units they have. Only between blocks. */
  move(column: Column, slot: number): number {
    const at = slot << column.shift;
    const length = column.u32[at + 1];
    const unit = column.u32[at];
    if (length === 0 || Number(unit >= this.units) === this.header[HEADER_HALF]) return 0;
    this.store(column, slot, this.view(unit, length));
    return (length + 7) >>> 3;
  }

  /** All cells have been moved. */
  endCompaction(): void {
    this.header[HEADER_LIVE] = this.used();
  }

  private allocate(units: number): number {
    const epoch = Atomics.load(this.header, HEADER_EPOCH);
    if (epoch !== this.epoch) {
      this.epoch = epoch;
      this.next = 0;
      this.end = 0;
    }
    if (this.next + units > this.end) {
      const size = units > CHUNK_UNITS ? units : CHUNK_UNITS;
      const from = Atomics.add(this.header, HEADER_NEXT, size);
      if (from + size > this.units || from < 0) {
        Atomics.sub(this.header, HEADER_NEXT, size);
        throw new CapacityError("bytes of strings", this.units * 8);
      }
      const start = from + this.header[HEADER_HALF] * this.units;
      if (size === units) return start;
      this.next = start;
      this.end = start + size;
    }
    const unit = this.next;
    this.next += units;
    return unit;
  }
}

/** `bytes`: of a half. Pages that aren't touched cost nothing. */
export function createArena(bytes: number): ArenaBuffers {
  const half = (): SharedArrayBuffer => new SharedArrayBuffer(Math.ceil(bytes / 8) * 8);
  return { header: new SharedArrayBuffer(64), halves: [half(), half()] };
}
