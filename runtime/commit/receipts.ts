/**
 * The receipts of a block, decoded from the bytes that executing threads left, one by one and only when asked for. They stay readable until the
 * chain runs its next block in the same memory; after that asking is an error, never another block's data.
 */
import { ValidationError } from "../errors.ts";
import type { BlockMemory } from "../execute/memory.ts";
import {
  CALL_STRIDE,
  CALL_VERDICT,
  MESSAGE_ADDRESS,
  MESSAGE_DATA_LENGTH,
  MESSAGE_HEADER_BYTES,
  MESSAGE_SIZE,
  MESSAGE_TOPICS,
  RECEIPT_COST_HIGH,
  RECEIPT_COST_LOW,
  RECEIPT_DATA_AT,
  RECEIPT_DATA_LENGTH,
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
import type { AddressTable } from "../state/address-table.ts";
import type { Hex, Log, Receipt, Receipts } from "../types.ts";
import { bytesToHex } from "../values/hex.ts";

const TOPIC_BYTES = 32;

/** Counts the blocks run in a memory. */
export interface Generation {
  current: number;
}

export class BlockReceipts implements Receipts {
  readonly length: number;
  private readonly memory: BlockMemory;
  private readonly addresses: AddressTable;
  private readonly generation: Generation;
  private readonly mine: number;

  constructor(length: number, memory: BlockMemory, addresses: AddressTable, generation: Generation) {
    this.length = length;
    this.memory = memory;
    this.addresses = addresses;
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
      data: output.u8.slice(from, from + receipts[at + RECEIPT_DATA_LENGTH]),
      logs: this.logsFrom(output, receipts[at + RECEIPT_LOGS_AT], receipts[at + RECEIPT_LOG_COUNT]),
      cost: (BigInt(receipts[at + RECEIPT_COST_HIGH] >>> 0) << 32n) | BigInt(receipts[at + RECEIPT_COST_LOW] >>> 0),
      rejection: status !== 2 ? undefined : verdict === VERDICT_NONCE ? "nonce" : "balance",
    };
  }

  private logsFrom(output: BlockMemory["outputs"][number], first: number, count: number): readonly Log[] {
    const logs: Log[] = [];
    for (let at = first; logs.length < count;) {
      const word = at >>> 2;
      const topicCount = output.u32[word + MESSAGE_TOPICS] | 0;
      if (topicCount >= 0) {
        const topics: Hex[] = [];
        let next = at + MESSAGE_HEADER_BYTES;
        for (let topic = 0; topic < topicCount; topic++, next += TOPIC_BYTES)
          topics.push(bytesToHex(output.u8.subarray(next, next + TOPIC_BYTES)));
        const address = this.addresses.hexOf(output.u32[word + MESSAGE_ADDRESS]);
        logs.push({ address, topics, data: output.u8.slice(next, next + output.u32[word + MESSAGE_DATA_LENGTH]) });
      }
      at += output.u32[word + MESSAGE_SIZE];
    }
    return logs;
  }

  private check(call: number): void {
    if (this.generation.current !== this.mine)
      throw new ValidationError("these receipts are gone: the chain has begun another block since");
    if (!Number.isInteger(call) || call < 0 || call >= this.length)
      throw new ValidationError(`no call ${call} in a block of ${this.length}`);
  }
}
