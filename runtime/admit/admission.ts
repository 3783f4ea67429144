/**
 * Admission in block order: nonce and balance of each call (rule N1). Admitted calls step their sender's nonce here. Balances are those at block start, so
 * a block in which somebody pays is admitted as a whole before anything of it runs. What calls pay is booked at the block's end, by `settle`.
 */
import { readBigAt } from "../abi/calldata.ts";
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
  /** Addresses that calls of this block pay from. */
  private readonly payers: number[] = [];
  /** By address id: what its admitted calls may take at most, then what they do take. */
  private readonly reserved = new Map<number, bigint>();

  /** `calls`: the most a block can have. */
  constructor(state: StateMemory, cache: AddressCache, calls: number, receipts: Int32Array) {
    this.state = state;
    this.cache = cache;
    this.receipts = receipts;
    this.senders = new Int32Array(new SharedArrayBuffer(calls * 4));
    this.verdicts = new Uint8Array(new SharedArrayBuffer(calls));
    this.nonces = new Uint32Array(state.nonces.buffer);
  }

  /** `pays`: whether some call has value or pays for gas. */
  open(input: SharedArrayBuffer, pays: boolean): void {
    this.pays = pays;
    this.u32 = new Uint32Array(input, 0, input.byteLength >>> 2);
    this.view = new DataView(input);
    this.admitted = 0;
    this.payers.length = 0;
    this.reserved.clear();
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
        this.admit(call, sender, this.state.codeAt(sender) >= 0 ? 1 : 0, u32[header], u32[header + 1]);
      }
    }
  }

  /**
   * What was or is decided of the next call, given its sender, whether that is a contract (1) or not (0), and the halves of its nonce: VERDICT_RUN,
   * VERDICT_NONCE or VERDICT_BALANCE.
   */
  admit(call: number, sender: number, barred: number, low: number, high: number): number {
    if (call < this.admitted) return this.verdicts[call];
    if (call !== this.admitted) throw new InternalError("calls are admitted in order");
    this.admitted = call + 1;
    const verdict = this.judge(call, sender, barred, low, high);
    this.senders[call] = sender;
    this.verdicts[call] = verdict;
    return verdict;
  }

  private judge(call: number, sender: number, barred: number, low: number, high: number): number {
    const { nonces } = this;
    // The last number can't be stepped past, and a contract can't send calls: it could spend the same coin twice, here and by `pay`.
    if (nonces[sender * 2] !== low || nonces[sender * 2 + 1] !== high || (low === MAX_HALF && high === MAX_HALF) || barred !== 0)
      return VERDICT_NONCE;
    if (this.pays && !this.reserve(call, sender)) return VERDICT_BALANCE;
    nonces[sender * 2] = low + 1;
    if (low === MAX_HALF) nonces[sender * 2 + 1] = high + 1;
    return VERDICT_RUN;
  }

  /** Puts aside what the call may take at most; false when its sender had too little at the block's start. */
  private reserve(call: number, sender: number): boolean {
    if (!paysAt(this.u32, call)) return true;
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
    if (this.verdicts[call] !== VERDICT_RUN || !paysAt(this.u32, call)) return 0n;
    const receipt = call * RECEIPT_STRIDE;
    const cost = (this.receipts[receipt + RECEIPT_COST_HIGH] >>> 0) * TWO_32 + (this.receipts[receipt + RECEIPT_COST_LOW] >>> 0);
    const price = this.gasPriceOf(call);
    const fee = price === 0n ? 0n : BigInt(cost) * price;
    const paid = this.receipts[receipt + RECEIPT_STATUS] === STATUS_SUCCESS ? fee + this.valueOf(call) : fee;
    const payer = this.senders[call];
    this.reserved.set(payer, (this.reserved.get(payer) ?? 0n) + paid);
    return fee;
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

/** Whether the call has value or pays for gas. */
function paysAt(u32: Uint32Array, call: number): boolean {
  const header = (call * HEADER_BYTES) >>> 2;
  let any = 0;
  for (let i = 0; i < 8; i++) any |= u32[header + (HEADER_VALUE >> 2) + i];
  return (any | u32[header + (HEADER_GAS_PRICE >> 2)] | u32[header + (HEADER_GAS_PRICE >> 2) + 1]) !== 0;
}

/** Whether some call of the block has value or pays for gas. */
export function somebodyPays(u32: Uint32Array, calls: number): boolean {
  for (let call = 0; call < calls; call++) if (paysAt(u32, call)) return true;
  return false;
}
