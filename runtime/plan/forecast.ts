/**
 * Which numbers calls will draw from sequences (rule T1), foretold for calls that are planned ahead: counted from the block's start over the calls before them,
 * as if all of those were admitted. The ordered pass compares with the number that is next in truth, and plans the call anew where they differ; so a wrong
 * forecast costs time and nothing else. Each slice's entry tells what comes after its last call; whoever reads the next slice goes on from there.
 */
import { CALL_CODE, CALL_FUNCTION, CALL_INSTANCE, CALL_VERDICT, VERDICT_RUN } from "../execute/memory.ts";
import type { Code } from "../state/code.ts";
import type { Column } from "../state/column.ts";
import type { StateMemory } from "../state/state.ts";
import { LEAST_SLICE_CALLS, LINE_STRIDE } from "./slice.ts";

/** Sequences of a block that are followed; calls that draw from further ones are planned when their turn comes. */
const CELLS = 4;
/** Words of an entry: what it is, how many sequences, then column, slot and halves of the next number of each. */
const STRIDE = 32;
const COUNT = 1;
const FIRST = 2;
const CELL_WORDS = 4;

// What an entry is.
const UNKNOWN = 0;
const MADE = 1;
/** No call of the slice draws: as the one before. */
const SAME = 2;
/** Whoever reads the slice before was away for long: nothing is foretold in the rest of the block. */
const LOST = 3;

/** Looks for the entry before this often: some 50 µs. */
const LOOKS = 5000;
const TWO_32 = 4294967296;
/** Numbers from here on aren't foretold. */
const MOST = 2 ** 53;
const NO_LEAVES: readonly number[] = [];

/** Words of the shared memory for blocks of so many calls. */
export function forecastWords(calls: number): number {
  return (Math.ceil(calls / LEAST_SLICE_CALLS) + 2) * STRIDE;
}

export class Forecast {
  private readonly state: StateMemory;
  /** First how far each sequence is off by what was ordered so far, as doubles; then entries. */
  private readonly words: Int32Array;
  private readonly offsets: Float64Array;
  private readonly codes: (readonly (readonly number[])[])[] = [];
  /** Of the slice at hand: sequences, and the number that comes next of each. */
  private count = 0;
  /** Where it stands isn't known: other calls of the same function may have a forecast in another block. */
  isLost = false;
  private readonly columns = new Int32Array(CELLS);
  private readonly slots = new Int32Array(CELLS);
  private readonly nexts = new Float64Array(CELLS);
  private readonly before = new Float64Array(CELLS);

  constructor(state: StateMemory, buffer: SharedArrayBuffer) {
    this.state = state;
    this.words = new Int32Array(buffer);
    this.offsets = new Float64Array(buffer, 0, CELLS);
  }

  /** A block of so many slices; nobody plans ahead. */
  reset(slices: number): void {
    this.words.fill(0, 0, (slices + 1) * STRIDE);
  }

  // --- whoever plans a slice ahead ---

  /** Slice `number` has been read into `lines`, `count` calls: counts what they draw, and tells whoever reads the next one. */
  open(number: number, lines: Int32Array, count: number): void {
    this.count = 0;
    this.isLost = false;
    if (!this.draws(lines, count)) {
      Atomics.store(this.words, entryOf(number), SAME);
      return;
    }
    if (!this.goOn(number)) {
      this.count = 0;
      this.isLost = true;
      Atomics.store(this.words, entryOf(number), LOST);
      return;
    }
    this.before.set(this.nexts);
    for (let i = 0; i < count; i++) this.step(lines, i * LINE_STRIDE, true);
    this.publish(number);
    for (let cell = 0; cell < this.count; cell++) this.nexts[cell] = this.before[cell] + this.offsets[cell];
  }

  private draws(lines: Int32Array, count: number): boolean {
    for (let at = 0; at < count * LINE_STRIDE; at += LINE_STRIDE) if (this.leavesOf(lines, at).length > 0) return true;
    return false;
  }

  /** Sequences that the call of this line draws from. */
  private leavesOf(lines: Int32Array, at: number): readonly number[] {
    if (lines[at + CALL_VERDICT] !== VERDICT_RUN || lines[at + CALL_FUNCTION] < 0) return NO_LEAVES;
    const index = lines[at + CALL_CODE];
    const leaves = (this.codes[index] ??= drawsOf(this.state.codes[index]));
    return leaves[lines[at + CALL_FUNCTION]];
  }

  /** Takes over where the slice before ends; false when that isn't known. */
  private goOn(number: number): boolean {
    const { words } = this;
    let looks = 0;
    for (let before = number - 1; before >= 0;) {
      const at = entryOf(before);
      const kind = Atomics.load(words, at);
      if (kind === UNKNOWN && ++looks > LOOKS) return false;
      if (kind === UNKNOWN) continue;
      if (kind === LOST) return false;
      if (kind === MADE) {
        this.count = words[at + COUNT];
        for (let cell = 0; cell < this.count; cell++) {
          const from = at + FIRST + cell * CELL_WORDS;
          this.columns[cell] = words[from];
          this.slots[cell] = words[from + 1];
          this.nexts[cell] = (words[from + 3] >>> 0) * TWO_32 + (words[from + 2] >>> 0);
        }
        return true;
      }
      before--;
    }
    return true;
  }

  private publish(number: number): void {
    const { words } = this;
    const at = entryOf(number);
    words[at + COUNT] = this.count;
    for (let cell = 0; cell < this.count; cell++) {
      const to = at + FIRST + cell * CELL_WORDS;
      words[to] = this.columns[cell];
      words[to + 1] = this.slots[cell];
      words[to + 2] = this.nexts[cell] % TWO_32;
      words[to + 3] = Math.floor(this.nexts[cell] / TWO_32);
    }
    Atomics.store(words, at, MADE);
  }

  /** Steps the sequences that the call of this line draws from. Those that no earlier slice has met begin where they are: nothing was drawn from them. */
  private step(lines: Int32Array, at: number, begins: boolean): void {
    const leaves = this.leavesOf(lines, at);
    if (leaves.length === 0) return;
    const code = this.state.codes[lines[at + CALL_CODE]];
    for (const leaf of leaves) {
      const column = code.columns[leaf];
      const slot = lines[at + CALL_INSTANCE];
      let cell = this.find(column.id, slot);
      if (cell < 0 && begins) cell = this.begin(column, slot);
      if (cell >= 0) this.nexts[cell]++;
    }
  }

  private find(column: number, slot: number): number {
    for (let cell = 0; cell < this.count; cell++) if (this.columns[cell] === column && this.slots[cell] === slot) return cell;
    return -1;
  }

  private begin(column: Column, slot: number): number {
    if (this.count === CELLS) return -1;
    const cell = this.count++;
    this.columns[cell] = column.id;
    this.slots[cell] = slot;
    this.nexts[cell] = nextOf(column, slot);
    this.before[cell] = this.nexts[cell];
    return cell;
  }

  /** The number that the call being planned draws next of this sequence; -1 when it isn't foretold. */
  draw(column: Column, slot: number): number {
    const cell = this.find(column.id, slot);
    if (cell < 0) return -1;
    const next = this.nexts[cell]++;
    return next >= 0 && next < (column.lanes === 1 ? TWO_32 : MOST) ? next : -1;
  }

  beginCall(): void {
    if (this.count > 0) this.before.set(this.nexts);
  }

  /** Whatever became of its plan, its calls draw what calls of its function draw; unless it `runs` not at all. */
  endCall(lines: Int32Array, at: number, runs: boolean): void {
    if (this.count === 0) return;
    this.nexts.set(this.before);
    if (runs) this.step(lines, at, false);
  }

  // --- the ordered pass ---

  /** All calls of this slice are ordered: what was wrong about its forecast is made good in slices that aren't planned yet. */
  settle(number: number): void {
    const { words, state } = this;
    const at = entryOf(number);
    if (Atomics.load(words, at) !== MADE) return;
    for (let cell = 0; cell < words[at + COUNT]; cell++) {
      const from = at + FIRST + cell * CELL_WORDS;
      const expected = (words[from + 3] >>> 0) * TWO_32 + (words[from + 2] >>> 0);
      const offset = nextOf(state.columns[words[from]], words[from + 1]) - expected;
      if (this.offsets[cell] !== offset) this.offsets[cell] = offset;
    }
  }
}

function entryOf(number: number): number {
  return (number + 1) * STRIDE;
}

/** What a sequence would give next, as a double; at least MOST when it is used up. */
function nextOf({ u32, shift, lanes }: Column, slot: number): number {
  const at = slot << shift;
  if (lanes === 2 && u32[at + 2] !== 0) return MOST;
  return u32[at + 1] * TWO_32 + u32[at];
}

/** By function, the sequences that each of its calls draws from. */
function drawsOf({ module }: Code): readonly (readonly number[])[] {
  return module.functions.map(({ tickets, draws }) => (tickets === "constant" ? draws : NO_LEAVES));
}
