/**
 * Reads calls from a block buffer into lines, in the block memory or in a slice: sender, contract, function, form of the calldata, and ids of the first
 * address arguments. Calls don't depend on one another here, so every thread reads some. It neither looks at balances nor at nonces.
 */
import { validateCalldata } from "../abi/validate.ts";
import { valueAt } from "../block.ts";
import {
  CALL_ARGS,
  CALL_BASE,
  CALL_CALLER,
  CALL_CODE,
  CALL_COST_HIGH,
  CALL_COST_LOW,
  CALL_FUNCTION,
  CALL_INSTANCE,
  CALL_SELF,
  CALL_VERDICT,
  FUNCTION_NONE,
  HEADER_BYTES,
  HEADER_CONTRACT,
  HEADER_LENGTH,
  HEADER_NONCE,
  HEADER_OFFSET,
  HEADER_SENDER,
  VERDICT_EMPTY,
  VERDICT_NONCE,
  VERDICT_RUN,
} from "../execute/memory.ts";
import type { AddressCache } from "../plan/caches.ts";
import { KEPT_ADDRESSES, SLICE_CALLS } from "../plan/slice.ts";
import { CALL_CHORES, CALL_DEPTH, CALL_EDGE_MARK, CALL_NONCE_HIGH, CALL_NONCE_LOW, CALL_UNRESOLVED } from "../schedule/call-words.ts";
import { ADDRESS_WORDS } from "../state/address-table.ts";
import type { Code } from "../state/code.ts";
import type { StateMemory } from "../state/state.ts";

const WORDS = HEADER_BYTES / 4;
const CONTRACT_WORD = HEADER_CONTRACT / 4;
const FEW_SELECTORS = 32;
/** Calls looked at together before they are read. */
export const READ_AHEAD = 32;
/** Entries of the address table that reading a slice may need: for senders and arguments. */
export const READ_ROOM = SLICE_CALLS * (KEPT_ADDRESSES + 1);

/** What reading needs to know of a code. */
interface Outline {
  /** As signed numbers: those never need an object. */
  readonly selectors: Int32Array;
  readonly payable: readonly boolean[];
  /** Heads of the first address arguments, by function. */
  readonly heads: readonly Int32Array[];
}

/** By head, where its id is kept; -1 for the others. By function. */
export function keptPlaces(code: Code): readonly Int32Array[] {
  return code.shapes.map(({ layouts }) => {
    let kept = 0;
    return Int32Array.from(layouts, (layout) =>
      layout.kind === "word" && layout.type === "address" && kept < KEPT_ADDRESSES ? kept++ : -1,
    );
  });
}

export class CallReader {
  private readonly state: StateMemory;
  private readonly cache: AddressCache;
  private readonly outlines: Outline[] = [];
  private bytes: Uint8Array = new Uint8Array(0);
  private u32: Uint32Array = new Uint32Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  // The contract of the call before: blocks often call few contracts.
  private lastContract = 0;
  private readonly guessed = new Int32Array(READ_AHEAD * 3);
  /** Somewhere for what was read ahead, so that it isn't optimised away. */
  private seen = 0;
  private readonly lastWords = new Uint32Array(5);

  constructor(state: StateMemory, cache: AddressCache) {
    this.state = state;
    this.cache = cache;
  }

  open(input: SharedArrayBuffer): void {
    this.bytes = new Uint8Array(input);
    this.u32 = new Uint32Array(input, 0, input.byteLength >>> 2);
    this.view = new DataView(input);
    this.lastContract = 0;
  }

  /**
   * Brings into the caches what reading the calls from `first` up to `end` will need: one read after the other would wait for each (see `Prefetcher`).
   * At most READ_AHEAD calls.
   */
  lookAhead(first: number, end: number): void {
    const { u32, cache, guessed } = this;
    const { rows } = this.state.addresses;
    let count = 0;
    for (let call = first; call < end; call++) {
      const header = call * WORDS;
      guessed[count++] = cache.guess(u32, header + HEADER_SENDER / 4);
      // The first two arguments, where they look like addresses.
      const args = (u32[header + HEADER_OFFSET / 4] + 4) >>> 2;
      if (u32[header + HEADER_LENGTH / 4] < 68) continue;
      for (let at = args; at < args + 16; at += 8)
        if ((u32[at] | u32[at + 1] | u32[at + 2]) === 0 && u32[at + 3] !== 0) guessed[count++] = cache.guess(u32, at + 3);
    }
    let seen = 0;
    for (let i = 0; i < count; i++) seen ^= rows[guessed[i] * ADDRESS_WORDS];
    this.seen ^= seen;
  }

  /** Reads a call into the line at this place of `calls`, and ids of its first address arguments into `kept`, KEPT_ADDRESSES from `keptAt`. */
  read(call: number, calls: Int32Array, at: number, kept: Int32Array, keptAt: number): void {
    const header = call * WORDS;
    const contract = this.contractOf(header);
    const code = contract === 0 ? -1 : this.state.codeAt(contract);
    const sender = this.cache.intern(this.u32, header + HEADER_SENDER / 4);
    calls[at + CALL_CODE] = code;
    calls[at + CALL_FUNCTION] = FUNCTION_NONE;
    calls[at + CALL_INSTANCE] = code < 0 ? 0 : this.state.instanceAt(contract);
    calls[at + CALL_SELF] = contract;
    calls[at + CALL_CALLER] = sender;
    calls[at + CALL_BASE] = 0;
    calls[at + CALL_COST_LOW] = 0;
    calls[at + CALL_COST_HIGH] = 0;
    calls[at + CALL_NONCE_LOW] = this.u32[header + HEADER_NONCE / 4];
    calls[at + CALL_NONCE_HIGH] = this.u32[header + HEADER_NONCE / 4 + 1];
    calls[at + CALL_CHORES] = 0;
    calls[at + CALL_UNRESOLVED] = 0;
    calls[at + CALL_DEPTH] = 0;
    calls[at + CALL_EDGE_MARK] = 0;
    calls[at + CALL_ARGS] = this.u32[header + HEADER_OFFSET / 4] + 4;
    if (this.state.codeAt(sender) >= 0) {
      // A contract can't send calls.
      calls[at + CALL_VERDICT] = VERDICT_NONCE;
      return;
    }
    const index = code < 0 ? -1 : this.readData(header, code, kept, keptAt);
    if (index >= 0) calls[at + CALL_FUNCTION] = index;
    calls[at + CALL_VERDICT] = index >= 0 ? VERDICT_RUN : VERDICT_EMPTY;
  }

  private contractOf(header: number): number {
    const { u32, lastWords } = this;
    const at = header + CONTRACT_WORD;
    if (
      this.lastContract !== 0 &&
      lastWords[0] === u32[at] &&
      lastWords[1] === u32[at + 1] &&
      lastWords[2] === u32[at + 2] &&
      lastWords[3] === u32[at + 3] &&
      lastWords[4] === u32[at + 4]
    ) {
      return this.lastContract;
    }
    const id = this.state.addresses.findBytes(this.bytes, at * 4);
    for (let i = 0; i < 5; i++) lastWords[i] = u32[at + i];
    this.lastContract = id;
    return id;
  }

  /** Index of the function; -1 when the call ends with empty error data before any code runs. */
  private readData(header: number, code: number, kept: Int32Array, keptAt: number): number {
    const length = this.u32[header + HEADER_LENGTH / 4];
    if (length < 4) return -1;
    const offset = this.u32[header + HEADER_OFFSET / 4];
    const registered = this.state.codes[code];
    const outline = this.outlines[code] ?? this.outline(code, registered);
    const index = this.functionOf(outline, registered, this.view.getInt32(offset));
    if (index < 0) return -1;
    if (!outline.payable[index] && valueAt(this.u32, header) !== 0) return -1;
    if (!validateCalldata(this.view, this.bytes, offset + 4, length - 4, registered.shapes[index])) return -1;
    const heads = outline.heads[index];
    const first = (offset + 4 + 12) >>> 2;
    for (let i = 0; i < heads.length; i++) kept[keptAt + i] = this.cache.intern(this.u32, first + heads[i] * 8);
    return index;
  }

  private outline(code: number, registered: Code): Outline {
    const outline = {
      selectors: Int32Array.from(registered.module.functions, (entry) => entry.selector | 0),
      payable: registered.module.functions.map(({ mutability }) => mutability === "payable"),
      heads: keptPlaces(registered).map((places) => Int32Array.from([...places.keys()].filter((head) => places[head] >= 0))),
    };
    this.outlines[code] = outline;
    return outline;
  }

  /** Few selectors are found sooner by looking at all of them than in a map. */
  private functionOf({ selectors }: Outline, registered: Code, selector: number): number {
    if (selectors.length > FEW_SELECTORS) return registered.functionOf.get(selector >>> 0) ?? -1;
    for (let index = 0; index < selectors.length; index++) if (selectors[index] === selector) return index;
    return -1;
  }
}
