/**
 * Admission in block order: nonce and balance of each call (rule N1). Admitted calls step their sender's nonce here. Balances are those at block start, so
 * a block in which somebody pays is admitted as a whole before anything of it runs. What calls pay is booked at the block's end, by `settle`.
 */
import { paidAt } from "../block.ts";
import type { Journal } from "../commit/journal.ts";
import {
  HEADER_BYTES,
  HEADER_GAS_LIMIT,
  HEADER_GAS_PRICE,
  HEADER_NONCE,
  HEADER_SENDER,
  HEADER_VALUE,
  RECEIPT_COST_HIGH,
  RECEIPT_COST_LOW,
  RECEIPT_STATUS,
  RECEIPT_STRIDE,
  STATUS_SUCCESS,
  VERDICT_BALANCE,
  VERDICT_NONCE,
  VERDICT_RUN,
} from "../execute/memory.ts";
import type { AddressCache } from "../plan/caches.ts";
import { InternalError } from "../execute/internal-error.ts";
import { SLICE_CALLS } from "../plan/slice.ts";
import { readBig, writeBig } from "../state/column.ts";
import type { StateMemory } from "../state/state.ts";
import { Amount, Dues } from "./dues.ts";

const MAX_HALF = 0xffff_ffff;
/** Words from the header's start. */
const GAS_LIMIT = HEADER_GAS_LIMIT / 4;
const GAS_PRICE = HEADER_GAS_PRICE / 4;
/** No address has this id: all fees are summed up there. */
const FEES = 0;

export interface FeeBooking {
  readonly feeRecipient: number;
  readonly journal: Journal;
}

export class Admission {
  /** Calls looked at so far. */
  admitted = 0;
  private readonly state: StateMemory;
  private readonly cache: AddressCache;
  private readonly receipts: Int32Array;
  /** By call: its sender, and VERDICT_RUN, VERDICT_NONCE or VERDICT_BALANCE. */
  private readonly senders: Int32Array;
  private readonly verdicts: Uint8Array;
  /** Next nonces as pairs of words, by address id. */
  private readonly nonces: Uint32Array;
  private pays = false;
  private u32: Uint32Array = new Uint32Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** Addresses that calls of this block pay from; one may stand there more than once. */
  private readonly payers: Int32Array;
  private payerCount = 0;
  /** What the admitted calls of an address may take at most, then what they do take. */
  private readonly dues: Dues;
  private readonly amount = new Amount();
  private readonly fee = new Amount();

  /** `calls`: the most a block can have. */
  constructor(state: StateMemory, cache: AddressCache, calls: number, receipts: Int32Array) {
    this.state = state;
    this.cache = cache;
    this.receipts = receipts;
    this.senders = new Int32Array(new SharedArrayBuffer(calls * 4));
    this.verdicts = new Uint8Array(new SharedArrayBuffer(calls));
    this.payers = new Int32Array(new SharedArrayBuffer(calls * 4));
    this.dues = new Dues(state.capacity);
    this.nonces = new Uint32Array(state.nonces.buffer);
  }

  /** `pays`: whether some call has value or pays for gas. */
  open(input: SharedArrayBuffer, pays: boolean): void {
    this.pays = pays;
    this.u32 = new Uint32Array(input, 0, input.byteLength >>> 2);
    this.view = new DataView(input);
    this.admitted = 0;
    for (let i = 0; i < this.payerCount; i++) this.dues.forget(this.payers[i]);
    this.dues.forget(FEES);
    this.payerCount = 0;
  }

  /** Admits all calls below `end` that it hasn't seen yet, by their headers alone. */
  admitUpTo(end: number): void {
    const { u32 } = this;
    while (this.admitted < end) {
      const first = this.admitted;
      const last = Math.min(end, first + SLICE_CALLS);
      this.state.addresses.ensureRoom(SLICE_CALLS);
      for (let call = first; call < last; call++) {
        const sender = this.cache.intern(u32, (call * HEADER_BYTES + HEADER_SENDER) >>> 2);
        const header = (call * HEADER_BYTES + HEADER_NONCE) >>> 2;
        this.admit(call, sender, this.state.codeAt(sender) >= 0, u32[header], u32[header + 1]);
      }
    }
  }

  /**
   * What was or is decided of the next call, given its sender, whether that is a contract, and the halves of its nonce: VERDICT_RUN,
   * VERDICT_NONCE or VERDICT_BALANCE.
   */
  admit(call: number, sender: number, barred: boolean, low: number, high: number): number {
    if (call < this.admitted) return this.verdicts[call];
    if (call !== this.admitted) throw new InternalError("calls are admitted in order");
    this.admitted = call + 1;
    const verdict = this.judge(call, sender, barred, low, high);
    this.senders[call] = sender;
    this.verdicts[call] = verdict;
    return verdict;
  }

  private judge(call: number, sender: number, barred: boolean, low: number, high: number): number {
    const { nonces } = this;
    // The last number can't be stepped past, and a contract can't send calls: it could spend the same coin twice, here and by `pay`.
    if (nonces[sender * 2] !== low || nonces[sender * 2 + 1] !== high || (low === MAX_HALF && high === MAX_HALF) || barred)
      return VERDICT_NONCE;
    if (this.pays && !this.reserve(call, sender)) return VERDICT_BALANCE;
    nonces[sender * 2] = low + 1;
    if (low === MAX_HALF) nonces[sender * 2 + 1] = high + 1;
    return VERDICT_RUN;
  }

  /** Puts aside what the call may take at most; false when its sender had too little at the block's start. */
  private reserve(call: number, sender: number): boolean {
    const { u32, amount, dues } = this;
    const header = (call * HEADER_BYTES) >>> 2;
    if (paidAt(u32, header) === 0) return true;
    amount.setWord(this.view, call * HEADER_BYTES + HEADER_VALUE);
    amount.addProduct(u32[header + GAS_LIMIT], u32[header + GAS_LIMIT + 1], u32[header + GAS_PRICE], u32[header + GAS_PRICE + 1]);
    const isFirst = dues.isZero(sender);
    if (!dues.add(sender, amount, this.state.coin)) return false;
    if (isFirst) this.payers[this.payerCount++] = sender;
    return true;
  }

  /** Books values and fees: senders pay, the fee recipient receives. All calls have ended. */
  settle(booking: FeeBooking): void {
    const { payers, payerCount, dues } = this;
    if (payerCount === 0) return;
    const { coin } = this.state;
    for (let i = 0; i < payerCount; i++) dues.forget(payers[i]);
    for (let call = 0; call < this.admitted; call++) if (this.verdicts[call] === VERDICT_RUN) this.charge(call);
    for (let i = 0; i < payerCount; i++) {
      if (dues.isZero(payers[i])) continue;
      booking.journal.addCell(coin, payers[i]);
      dues.take(payers[i], coin);
    }
    this.payerCount = 0;
    const fees = dues.of(FEES);
    dues.forget(FEES);
    if (booking.feeRecipient === 0 || fees === 0n) return;
    booking.journal.addCell(coin, booking.feeRecipient);
    writeBig(coin, booking.feeRecipient, readBig(coin, booking.feeRecipient) + fees);
  }

  /** Adds up what an admitted call takes from its sender, and its fee. */
  private charge(call: number): void {
    const { u32, amount, fee, dues, receipts } = this;
    const header = (call * HEADER_BYTES) >>> 2;
    if (paidAt(u32, header) === 0) return;
    const receipt = call * RECEIPT_STRIDE;
    const low = receipts[receipt + RECEIPT_COST_LOW] >>> 0;
    const high = receipts[receipt + RECEIPT_COST_HIGH] >>> 0;
    const priceLow = u32[header + GAS_PRICE];
    const priceHigh = u32[header + GAS_PRICE + 1];
    amount.clear();
    if (receipts[receipt + RECEIPT_STATUS] === STATUS_SUCCESS) amount.setWord(this.view, call * HEADER_BYTES + HEADER_VALUE);
    if ((priceLow | priceHigh) !== 0) {
      amount.addProduct(low, high, priceLow, priceHigh);
      fee.clear();
      fee.addProduct(low, high, priceLow, priceHigh);
      dues.add(FEES, fee, undefined);
    }
    dues.add(this.senders[call], amount, undefined);
  }

  /** Takes back the nonces of the block's admitted calls, or steps them again. */
  stepNonces(by: 1 | -1): void {
    const { nonces } = this.state;
    const step = BigInt(by);
    for (let call = 0; call < this.admitted; call++) if (this.verdicts[call] === VERDICT_RUN) nonces[this.senders[call]] += step;
  }

  /** Admitted calls by sender. */
  steps(): Map<number, bigint> {
    const steps = new Map<number, bigint>();
    for (let call = 0; call < this.admitted; call++) {
      if (this.verdicts[call] === VERDICT_RUN) steps.set(this.senders[call], (steps.get(this.senders[call]) ?? 0n) + 1n);
    }
    return steps;
  }
}
