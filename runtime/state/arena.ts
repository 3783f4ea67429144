/**
 * The byte arena holds the contents of string and bytes cells. A cell is one word: the offset in units of 8 bytes (low half) and the length
 * in bytes (high half); an empty value is the word 0. Contents are never overwritten while blocks run, so old words stay valid
 * for undo and journals. Every thread bumps its own chunk; the owner compacts between blocks.
 */
import { CapacityError } from "./capacity-error.ts";
import type { Column } from "./column.ts";

/** Header words: units of 8 bytes handed out, number of compactions, units in use after the last one. */
const HEADER_NEXT = 0;
const HEADER_EPOCH = 1;
const HEADER_LIVE = 2;

/** Units of 8 bytes taken at once by a thread: 64 KiB, so that threads meet at the shared counter rarely. */
const CHUNK_UNITS = 8192;
/** Compaction isn't worth a pass below this many units (1 MiB). */
const QUIET_UNITS = 131_072;

export interface ArenaBuffers {
  readonly header: SharedArrayBuffer;
  readonly bytes: SharedArrayBuffer;
}

const EMPTY = new Uint8Array(0);

export class Arena {
  readonly buffers: ArenaBuffers;
  private readonly header: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly units: number;
  private next: number;
  private end: number;
  private epoch: number;

  constructor(buffers: ArenaBuffers) {
    this.buffers = buffers;
    this.header = new Int32Array(buffers.header);
    this.bytes = new Uint8Array(buffers.bytes);
    this.units = Math.floor(buffers.bytes.byteLength / 8);
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
    this.bytes.set(value, unit * 8);
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
    return length === 0 ? EMPTY : this.bytes.subarray(unit * 8, unit * 8 + length);
  }

  /** Bytes handed out since the start or the last compaction. */
  usedBytes(): number {
    return Atomics.load(this.header, HEADER_NEXT) * 8;
  }

  /** Whether more than half may be dead. */
  wantsCompaction(): boolean {
    const used = Atomics.load(this.header, HEADER_NEXT);
    return used > QUIET_UNITS && used > 2 * this.header[HEADER_LIVE];
  }

  /** Moves all contents that cells still name to the front. `visit` gives every cell of every string and bytes column. Only between blocks. */
  compact(visit: (cell: (column: Column, slot: number) => void) => void): void {
    let units = 0;
    visit((column, slot) => {
      units += (column.u32[(slot << column.shift) + 1] + 7) >>> 3;
    });
    const copy = new Uint8Array(units * 8);
    let next = 0;
    visit((column, slot) => {
      const at = slot << column.shift;
      const length = column.u32[at + 1];
      if (length === 0) return;
      const from = column.u32[at] * 8;
      copy.set(this.bytes.subarray(from, from + length), next * 8);
      column.u32[at] = next;
      next += (length + 7) >>> 3;
    });
    this.bytes.set(copy, 0);
    this.header[HEADER_NEXT] = units;
    this.header[HEADER_LIVE] = units;
    // All threads' chunks are void now; they see it by the epoch.
    Atomics.add(this.header, HEADER_EPOCH, 1);
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
      if (size === units) return from;
      this.next = from;
      this.end = from + size;
    }
    const unit = this.next;
    this.next += units;
    return unit;
  }
}

export function createArena(bytes: number): ArenaBuffers {
  return { header: new SharedArrayBuffer(64), bytes: new SharedArrayBuffer(Math.ceil(bytes / 8) * 8) };
}
