/**
 * Reads calls from a block buffer into their lines of the block memory: sender, contract, function, form of the calldata, and ids of the first
 * address arguments. Calls don't depend on one another here, so every thread reads some. It neither looks at balances nor at nonces.
 */
import { validateCalldata } from "../abi/validate.ts";
import {
  CALL_BASE,
  CALL_CALLER,
  CALL_CODE,
  CALL_COST_HIGH,
  CALL_COST_LOW,
  CALL_FUNCTION,
  CALL_INSTANCE,
  CALL_SELF,
  CALL_STRIDE,
  CALL_VERDICT,
  FUNCTION_NONE,
  HEADER_BYTES,
  HEADER_CONTRACT,
  HEADER_GAS_PRICE,
  HEADER_LENGTH,
  HEADER_OFFSET,
  HEADER_SENDER,
  HEADER_VALUE,
  VERDICT_EMPTY,
  VERDICT_RUN,
} from "../execute/memory.ts";
import type { AddressCache } from "../plan/caches.ts";
import {
  CALL_CHORES,
  CALL_COIN,
  CALL_DEPTH,
  CALL_EDGE_MARK,
  CALL_PENDING,
  CALL_SUCCESSORS,
  CALL_UNRESOLVED,
} from "../schedule/call-words.ts";
import type { Code } from "../state/code.ts";
import type { StateMemory } from "../state/state.ts";

const WORDS = HEADER_BYTES / 4;
const CONTRACT_WORD = HEADER_CONTRACT / 4;
const FEW_SELECTORS = 32;
/** Address arguments per call whose ids are kept. */
export const KEPT_ADDRESSES = 4;
/** Calls read between two looks at the address table, and the room they may need there: for senders and arguments. */
export const READ_SLICE = 8192;
export const READ_ROOM = READ_SLICE * (KEPT_ADDRESSES + 1);

/** What reading needs to know of a code. */
interface Outline {
  readonly selectors: Float64Array;
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
  private readonly calls: Int32Array;
  private readonly addresses: Int32Array;
  private readonly cache: AddressCache;
  private readonly outlines: Outline[] = [];
  private bytes: Uint8Array = new Uint8Array(0);
  private u32: Uint32Array = new Uint32Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  // The contract of the call before: blocks often call few contracts.
  private lastContract = 0;
  private readonly lastWords = new Uint32Array(5);

  /** `addresses`: KEPT_ADDRESSES ids per call. */
  constructor(state: StateMemory, calls: Int32Array, addresses: Int32Array, cache: AddressCache) {
    this.state = state;
    this.calls = calls;
    this.addresses = addresses;
    this.cache = cache;
  }

  open(input: SharedArrayBuffer): void {
    this.bytes = new Uint8Array(input);
    this.u32 = new Uint32Array(input, 0, input.byteLength >>> 2);
    this.view = new DataView(input);
    this.lastContract = 0;
  }

  /** Reads the calls from `first` up to `end`; true when one of them has value or pays for gas. */
  read(first: number, end: number): boolean {
    let coin = 0;
    for (let call = first; call < end; call++) coin |= this.readOne(call);
    return coin !== 0;
  }

  private readOne(call: number): number {
    const { calls } = this;
    const header = call * WORDS;
    const at = call * CALL_STRIDE;
    const contract = this.contractOf(header);
    const code = contract === 0 ? -1 : this.state.codeAt(contract);
    const hasValue = this.anySet(header + HEADER_VALUE / 4, 8);
    const coin = hasValue || this.anySet(header + HEADER_GAS_PRICE / 4, 2) ? 1 : 0;
    calls[at + CALL_CODE] = code;
    calls[at + CALL_FUNCTION] = FUNCTION_NONE;
    calls[at + CALL_INSTANCE] = code < 0 ? 0 : this.state.instanceAt(contract);
    calls[at + CALL_SELF] = contract;
    calls[at + CALL_CALLER] = this.cache.intern(this.u32, header + HEADER_SENDER / 4);
    calls[at + CALL_BASE] = 0;
    calls[at + CALL_COST_LOW] = 0;
    calls[at + CALL_COST_HIGH] = 0;
    calls[at + CALL_PENDING] = 0;
    calls[at + CALL_SUCCESSORS] = 0;
    calls[at + CALL_CHORES] = 0;
    calls[at + CALL_UNRESOLVED] = 0;
    calls[at + CALL_DEPTH] = 0;
    calls[at + CALL_EDGE_MARK] = 0;
    calls[at + CALL_COIN] = coin;
    calls[at + CALL_VERDICT] = code >= 0 && this.readData(call, header, at, code, hasValue) ? VERDICT_RUN : VERDICT_EMPTY;
    return coin;
  }

  private anySet(word: number, count: number): boolean {
    let any = 0;
    for (let i = 0; i < count; i++) any |= this.u32[word + i];
    return any !== 0;
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

  /** False when the call ends with empty error data before any code runs. */
  private readData(call: number, header: number, at: number, code: number, hasValue: boolean): boolean {
    const length = this.u32[header + HEADER_LENGTH / 4];
    if (length < 4) return false;
    const offset = this.u32[header + HEADER_OFFSET / 4];
    const registered = this.state.codes[code];
    const outline = this.outlines[code] ?? this.outline(code, registered);
    const index = this.functionOf(outline, registered, this.view.getUint32(offset));
    if (index < 0) return false;
    if (hasValue && registered.module.functions[index].mutability !== "payable") return false;
    if (!validateCalldata(this.view, this.bytes, offset + 4, length - 4, registered.shapes[index])) return false;
    this.calls[at + CALL_FUNCTION] = index;
    const heads = outline.heads[index];
    const first = (offset + 4 + 12) >>> 2;
    for (let kept = 0; kept < heads.length; kept++)
      this.addresses[call * KEPT_ADDRESSES + kept] = this.cache.intern(this.u32, first + heads[kept] * 8);
    return true;
  }

  private outline(code: number, registered: Code): Outline {
    const outline = {
      selectors: Float64Array.from(registered.module.functions, (entry) => entry.selector >>> 0),
      heads: keptPlaces(registered).map((places) => Int32Array.from([...places.keys()].filter((head) => places[head] >= 0))),
    };
    this.outlines[code] = outline;
    return outline;
  }

  /** Few selectors are found sooner by looking at all of them than in a map. */
  private functionOf({ selectors }: Outline, registered: Code, selector: number): number {
    if (selectors.length > FEW_SELECTORS) return registered.functionOf.get(selector) ?? -1;
    for (let index = 0; index < selectors.length; index++) if (selectors[index] === selector) return index;
    return -1;
  }
}
