/**
 * The receipts of a block, decoded from the bytes that executing threads left, one by one and only when asked for. They stay readable until the
 * chain runs its next block in the same memory; after that asking is an error, never another block's data.
 */
import { ValidationError } from "../errors.ts";
import type { BlockMemory } from "../execute/memory.ts";
import {
  CALL_STRIDE,
  CALL_VERDICT,
  RECEIPT_COST_HIGH,
  RECEIPT_COST_LOW,
  RECEIPT_DATA_AT,
  RECEIPT_LOG_COUNT,
  RECEIPT_LOGS_AT,
  RECEIPT_STATUS,
  RECEIPT_STRIDE,
  RECEIPT_THREAD,
  STATUS_REJECTED,
  STATUS_REVERTED,
  STATUS_SUCCESS,
  VERDICT_NONCE,
} from "../execute/memory.ts";
import { InternalError } from "../execute/internal-error.ts";
import type { StateMemory } from "../state/state.ts";
import type { Receipt, Receipts } from "../types.ts";
import { readData, readLogs } from "./tape.ts";

/** Counts the blocks run in a memory. */
export interface Generation {
  current: number;
}

export class BlockReceipts implements Receipts {
  readonly length: number;
  private readonly memory: BlockMemory;
  private readonly state: StateMemory;
  private readonly generation: Generation;
  private readonly mine: number;

  constructor(length: number, memory: BlockMemory, state: StateMemory, generation: Generation) {
    this.length = length;
    this.memory = memory;
    this.state = state;
    this.generation = generation;
    this.mine = generation.current;
  }

  statusOf(call: number): 0 | 1 | 2 {
    this.check(call);
    const status = this.memory.receipts[call * RECEIPT_STRIDE + RECEIPT_STATUS];
    if (status === STATUS_SUCCESS) return 0;
    if (status === STATUS_REVERTED) return 1;
    if (status === STATUS_REJECTED) return 2;
    throw new InternalError(`call ${call} has no receipt`);
  }

  at(call: number): Receipt {
    const status = this.statusOf(call);
    const { receipts, calls, outputs } = this.memory;
    const at = call * RECEIPT_STRIDE;
    const output = outputs[receipts[at + RECEIPT_THREAD]];
    const from = receipts[at + RECEIPT_DATA_AT];
    const verdict = calls[call * CALL_STRIDE + CALL_VERDICT];
    return {
      status: status === 0 ? "success" : status === 1 ? "reverted" : "rejected",
      data: from < 0 ? new Uint8Array(0) : readData(this.state, output, from),
      logs: readLogs(this.state, output, receipts[at + RECEIPT_LOGS_AT], receipts[at + RECEIPT_LOG_COUNT]),
      cost: (BigInt(receipts[at + RECEIPT_COST_HIGH] >>> 0) << 32n) | BigInt(receipts[at + RECEIPT_COST_LOW] >>> 0),
      rejection: status !== 2 ? undefined : verdict === VERDICT_NONCE ? "nonce" : "balance",
    };
  }

  private check(call: number): void {
    if (this.generation.current !== this.mine)
      throw new ValidationError("these receipts are gone: the chain has begun another block since");
    if (!Number.isInteger(call) || call < 0 || call >= this.length)
      throw new ValidationError(`no call ${call} in a block of ${this.length}`);
  }
}
