/**
 * Admission in block order: nonce and balance of each call (rule N1), after its line was read. Admitted calls step their sender's nonce here. What
 * they pay is booked at the block's end, by `settle`.
 */
import { readBigAt } from "../abi/calldata.ts";
import type { Journal } from "../commit/journal.ts";
import {
  CALL_CALLER,
  CALL_STRIDE,
  CALL_VERDICT,
  HEADER_BYTES,
  HEADER_GAS_LIMIT,
  HEADER_GAS_PRICE,
  HEADER_NONCE,
  HEADER_VALUE,
  RECEIPT_COST_HIGH,
  RECEIPT_COST_LOW,
  RECEIPT_STATUS,
  RECEIPT_STRIDE,
  STATUS_SUCCESS,
  VERDICT_BALANCE,
  VERDICT_NONCE,
} from "../execute/memory.ts";
import { CALL_COIN } from "../schedule/call-words.ts";
import { readBig, writeBig } from "../state/column.ts";
import type { StateMemory } from "../state/state.ts";

const TWO_32 = 4294967296;
const MAX_HALF = 0xffff_ffff;

export interface FeeBooking {
  readonly feeRecipient: number;
  readonly journal: Journal;
}

export class Admission {
  /** Calls looked at so far. */
  admitted = 0;
  private readonly state: StateMemory;
  private readonly calls: Int32Array;
  private readonly receipts: Int32Array;
  /** Next nonces as pairs of words, by address id. */
  private readonly nonces: Uint32Array;
  private u32: Uint32Array = new Uint32Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Addresses that calls of this block pay from. */
  private readonly payers: number[] = [];
  /** By address id: what its admitted calls may take at most, then what they do take. */
  private readonly reserved = new Map<number, bigint>();

  constructor(state: StateMemory, calls: Int32Array, receipts: Int32Array) {
    this.state = state;
    this.calls = calls;
    this.receipts = receipts;
    this.nonces = new Uint32Array(state.nonces.buffer);
  }

  open(input: SharedArrayBuffer): void {
    this.u32 = new Uint32Array(input, 0, input.byteLength >>> 2);
    this.view = new DataView(input);
    this.admitted = 0;
    this.payers.length = 0;
    this.reserved.clear();
  }

  /** Admits all calls below `end` that it hasn't seen yet. */
  admitUpTo(end: number): void {
    for (; this.admitted < end; this.admitted++) this.admitOne(this.admitted);
  }

  private admitOne(call: number): void {
    const { calls, u32, nonces } = this;
    const at = call * CALL_STRIDE;
    const sender = calls[at + CALL_CALLER];
    const header = (call * HEADER_BYTES + HEADER_NONCE) >>> 2;
    const low = u32[header];
    const high = u32[header + 1];
    // The last number can't be stepped past, and a contract can't send calls: it could spend the same coin twice, here and by `pay`.
    if (
      nonces[sender * 2] !== low ||
      nonces[sender * 2 + 1] !== high ||
      (low === MAX_HALF && high === MAX_HALF) ||
      this.state.codeAt(sender) >= 0
    ) {
      calls[at + CALL_VERDICT] = VERDICT_NONCE;
      return;
    }
    if (calls[at + CALL_COIN] !== 0 && !this.reserve(call, sender)) {
      calls[at + CALL_VERDICT] = VERDICT_BALANCE;
      return;
    }
    nonces[sender * 2] = low + 1;
    if (low === MAX_HALF) nonces[sender * 2 + 1] = high + 1;
  }

  /** Puts aside what the call may take at most; false when its sender had too little at the block's start. */
  private reserve(call: number, sender: number): boolean {
    const most = this.valueOf(call) + this.view.getBigUint64(call * HEADER_BYTES + HEADER_GAS_LIMIT, true) * this.gasPriceOf(call);
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

  private gasPriceOf(call: number): bigint {
    return this.view.getBigUint64(call * HEADER_BYTES + HEADER_GAS_PRICE, true);
  }

  /** Books values and fees: senders pay, the fee recipient receives. All calls have ended. */
  settle(booking: FeeBooking): void {
    if (this.payers.length === 0) return;
    const { coin } = this.state;
    for (const payer of this.payers) this.reserved.set(payer, 0n);
    let fees = 0n;
    for (let call = 0; call < this.admitted; call++) fees += this.charge(call);
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

  /** Adds up what a call takes from its sender; returns its fee. */
  private charge(call: number): bigint {
    const at = call * CALL_STRIDE;
    const verdict = this.calls[at + CALL_VERDICT];
    if (this.calls[at + CALL_COIN] === 0 || verdict === VERDICT_NONCE || verdict === VERDICT_BALANCE) return 0n;
    const receipt = call * RECEIPT_STRIDE;
    const cost = (this.receipts[receipt + RECEIPT_COST_HIGH] >>> 0) * TWO_32 + (this.receipts[receipt + RECEIPT_COST_LOW] >>> 0);
    const price = this.gasPriceOf(call);
    const fee = price === 0n ? 0n : BigInt(cost) * price;
    const paid = this.receipts[receipt + RECEIPT_STATUS] === STATUS_SUCCESS ? fee + this.valueOf(call) : fee;
    const payer = this.calls[at + CALL_CALLER];
    this.reserved.set(payer, (this.reserved.get(payer) ?? 0n) + paid);
    return fee;
  }

  /** Takes back the nonces of the block's admitted calls, or steps them again. */
  stepNonces(by: 1 | -1): void {
    for (let call = 0; call < this.admitted; call++) {
      const verdict = this.calls[call * CALL_STRIDE + CALL_VERDICT];
      if (verdict === VERDICT_NONCE || verdict === VERDICT_BALANCE) continue;
      const sender = this.calls[call * CALL_STRIDE + CALL_CALLER];
      this.state.nonces[sender] += BigInt(by);
    }
  }
}
