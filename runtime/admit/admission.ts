/**
 * Admission: the first pass over a block, before anything of it runs. Per call it finds sender, contract and function, checks nonce and balance
 * (rule N1) and the form of the calldata, and fills in the call's line of the block memory. Admitted calls step their sender's nonce here.
 * What admitted calls pay is booked at the block's end, by `settle`.
 */
import { validateCalldata } from "../abi/validate.ts";
import {
  CALL_BASE, CALL_CALLER, CALL_CODE, CALL_COST_HIGH, CALL_COST_LOW, CALL_FUNCTION, CALL_INSTANCE, CALL_SELF, CALL_STRIDE, CALL_VERDICT, FUNCTION_NONE,
  HEADER_BYTES, HEADER_CONTRACT, HEADER_GAS_LIMIT, HEADER_GAS_PRICE, HEADER_LENGTH, HEADER_NONCE, HEADER_OFFSET, HEADER_SENDER, HEADER_VALUE,
  RECEIPT_COST_HIGH, RECEIPT_COST_LOW, RECEIPT_STATUS, RECEIPT_STRIDE, STATUS_SUCCESS, VERDICT_BALANCE, VERDICT_EMPTY, VERDICT_NONCE, VERDICT_RUN,
} from "../execute/memory.ts";
import { readBigAt } from "../abi/calldata.ts";
import type { Journal } from "../commit/journal.ts";
import { readBig, writeBig } from "../state/column.ts";
import type { Code } from "../state/code.ts";
import type { StateMemory } from "../state/state.ts";
import type { AddressCache } from "../plan/caches.ts";
import { CALL_CHORES, CALL_DEPTH, CALL_EDGE_MARK, CALL_PENDING, CALL_SUCCESSORS, CALL_UNRESOLVED } from "../schedule/call-words.ts";

const TWO_32 = 4294967296;
const WORDS = HEADER_BYTES / 4;
const CONTRACT_WORD = HEADER_CONTRACT / 4;
const FEW_SELECTORS = 32;
const MAX_NONCE_HALF = 0xffff_ffff;

export interface FeeBooking {
  readonly feeRecipient: number;
  readonly journal: Journal;
}

export class Admission {
  private readonly state: StateMemory;
  private readonly calls: Int32Array;
  private readonly receipts: Int32Array;
  /** Next nonces as pairs of words, by address id. */
  private readonly nonces: Uint32Array;
  private bytes: Uint8Array = new Uint8Array(0);
  private u32: Uint32Array = new Uint32Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private length = 0;
  /** Number of addresses that calls of this block pay from, and their ids. */
  private readonly payers: number[] = [];
  /** By address id: what its admitted calls may take at most, then what they do take. */
  private readonly reserved = new Map<number, bigint>();
  // The contract of the call before: blocks often call few contracts.
  private lastContract = 0;
  private lastWords = new Uint32Array(5);

  private readonly cache: AddressCache;
  /** By code: selectors as numbers, in order of the functions. */
  private readonly selectors: Float64Array[] = [];

  constructor(state: StateMemory, calls: Int32Array, receipts: Int32Array, cache: AddressCache) {
    this.state = state;
    this.cache = cache;
    this.calls = calls;
    this.receipts = receipts;
    this.nonces = new Uint32Array(state.nonces.buffer);
  }

  open(input: SharedArrayBuffer, length: number): void {
    this.bytes = new Uint8Array(input);
    this.u32 = new Uint32Array(input, 0, input.byteLength >>> 2);
    this.view = new DataView(input);
    this.length = length;
    this.lastContract = 0;
    this.payers.length = 0;
    this.reserved.clear();
  }

  /** Admits the calls from `first` up to `end`. */
  admit(first: number, end: number): void {
    for (let call = first; call < end; call++) this.admitOne(call);
  }

  private admitOne(call: number): void {
    const { calls, u32 } = this;
    const header = call * WORDS;
    const at = call * CALL_STRIDE;
    const sender = this.cache.intern(u32, header + HEADER_SENDER / 4);
    const contract = this.contractOf(header);
    const code = contract === 0 ? -1 : this.state.codeAt(contract);
    calls[at + CALL_CODE] = code;
    calls[at + CALL_FUNCTION] = FUNCTION_NONE;
    calls[at + CALL_INSTANCE] = code < 0 ? 0 : this.state.instanceAt(contract);
    calls[at + CALL_SELF] = contract;
    calls[at + CALL_CALLER] = sender;
    calls[at + CALL_BASE] = 0;
    calls[at + CALL_COST_LOW] = 0;
    calls[at + CALL_COST_HIGH] = 0;
    calls[at + CALL_PENDING] = 0;
    calls[at + CALL_SUCCESSORS] = 0;
    calls[at + CALL_CHORES] = 0;
    calls[at + CALL_UNRESOLVED] = 0;
    calls[at + CALL_DEPTH] = 0;
    calls[at + CALL_EDGE_MARK] = 0;
    calls[at + CALL_VERDICT] = this.verdict(call, header, at, sender, code);
  }

  private verdict(call: number, header: number, at: number, sender: number, code: number): number {
    const { u32, nonces } = this;
    const low = u32[header + HEADER_NONCE / 4];
    const high = u32[header + HEADER_NONCE / 4 + 1];
    if (nonces[sender * 2] !== low || nonces[sender * 2 + 1] !== high) return VERDICT_NONCE;
    // The last number can't be stepped past, and a contract can't send calls: it could spend the same coin twice, here and by `pay`.
    if ((low === MAX_NONCE_HALF && high === MAX_NONCE_HALF) || this.state.codeAt(sender) >= 0) return VERDICT_NONCE;
    const hasValue = this.anySet(header + HEADER_VALUE / 4, 8);
    if ((hasValue || this.anySet(header + HEADER_GAS_PRICE / 4, 2)) && !this.reserve(call, sender)) return VERDICT_BALANCE;
    nonces[sender * 2] = low + 1;
    if (low === MAX_NONCE_HALF) nonces[sender * 2 + 1] = high + 1;
    return this.findFunction(header, at, code, hasValue) ? VERDICT_RUN : VERDICT_EMPTY;
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
  private findFunction(header: number, at: number, code: number, hasValue: boolean): boolean {
    if (code < 0) return false;
    const length = this.u32[header + HEADER_LENGTH / 4];
    if (length < 4) return false;
    const offset = this.u32[header + HEADER_OFFSET / 4];
    const registered = this.state.codes[code];
    const index = this.functionOf(code, registered, this.view.getUint32(offset));
    if (index === undefined) return false;
    if (hasValue && registered.module.functions[index].mutability !== "payable") return false;
    if (!validateCalldata(this.view, this.bytes, offset + 4, length - 4, registered.shapes[index])) return false;
    this.calls[at + CALL_FUNCTION] = index;
    return true;
  }

  /** Few selectors are found sooner by looking at all of them than in a map. */
  private functionOf(code: number, registered: Code, selector: number): number | undefined {
    const selectors = (this.selectors[code] ??= Float64Array.from(registered.module.functions, (entry) => entry.selector >>> 0));
    if (selectors.length > FEW_SELECTORS) return registered.functionOf.get(selector);
    for (let index = 0; index < selectors.length; index++) if (selectors[index] === selector) return index;
    return undefined;
  }

  /** Puts aside what the call may take at most; false when its sender had too little at the block's start. */
  private reserve(call: number, sender: number): boolean {
    const most = this.valueOf(call) + this.gasLimitOf(call) * this.gasPriceOf(call);
    const before = this.reserved.get(sender);
    const needed = (before ?? 0n) + most;
    if (needed > readBig(this.state.coin, sender)) return false;
    if (before === undefined) this.payers.push(sender);
    this.reserved.set(sender, needed);
    return true;
  }

  private valueOf(call: number): bigint {
    return readBigAt(this.view, call * HEADER_BYTES + HEADER_VALUE, "u256");
  }

  private gasLimitOf(call: number): bigint {
    return this.view.getBigUint64(call * HEADER_BYTES + HEADER_GAS_LIMIT, true);
  }

  private gasPriceOf(call: number): bigint {
    return this.view.getBigUint64(call * HEADER_BYTES + HEADER_GAS_PRICE, true);
  }

  /** Books values and fees: senders pay, the fee recipient receives. All calls have ended. */
  settle(booking: FeeBooking): void {
    if (this.payers.length === 0) return;
    const { coin } = this.state;
    for (const payer of this.payers) this.reserved.set(payer, 0n);
    let fees = 0n;
    for (let call = 0; call < this.length; call++) {
      const at = call * CALL_STRIDE;
      const verdict = this.calls[at + CALL_VERDICT];
      const payer = this.calls[at + CALL_CALLER];
      if (verdict === VERDICT_NONCE || verdict === VERDICT_BALANCE) continue;
      const taken = this.reserved.get(payer);
      if (taken === undefined) continue;
      const receipt = call * RECEIPT_STRIDE;
      const cost = (this.receipts[receipt + RECEIPT_COST_HIGH] >>> 0) * TWO_32 + (this.receipts[receipt + RECEIPT_COST_LOW] >>> 0);
      const price = this.gasPriceOf(call);
      const fee = price === 0n ? 0n : BigInt(cost) * price;
      fees += fee;
      const paid = this.receipts[receipt + RECEIPT_STATUS] === STATUS_SUCCESS ? fee + this.valueOf(call) : fee;
      this.reserved.set(payer, taken + paid);
    }
    for (const payer of this.payers) {
      const taken = this.reserved.get(payer) ?? 0n;
      if (taken === 0n) continue;
      booking.journal.addCell(coin, payer);
      writeBig(coin, payer, readBig(coin, payer) - taken);
    }
    if (booking.feeRecipient === 0 || fees === 0n) return;
    booking.journal.addCell(coin, booking.feeRecipient);
    writeBig(coin, booking.feeRecipient, readBig(coin, booking.feeRecipient) + fees);
  }

  /** Takes back the nonces of the block's admitted calls, or steps them again. */
  stepNonces(by: 1 | -1): void {
    for (let call = 0; call < this.length; call++) {
      const verdict = this.calls[call * CALL_STRIDE + CALL_VERDICT];
      if (verdict === VERDICT_NONCE || verdict === VERDICT_BALANCE) continue;
      const sender = this.calls[call * CALL_STRIDE + CALL_CALLER];
      this.state.nonces[sender] += BigInt(by);
    }
  }
}
