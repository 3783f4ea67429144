/**
 * The yardstick everybody can judge: what a TypeScript author would write by hand, a ledger of `Map`s with bigint amounts and hex addresses.
 * It reads the same block buffer, checks the same conditions and gives receipts with logs; no ABI generality, no rollback, no footprints.
 */
import { HEADER_BYTES, HEADER_NONCE, HEADER_OFFSET, HEADER_SENDER } from "../runtime/execute/memory.ts";
import type { BlockBuffer } from "../runtime/types.ts";

export interface LedgerReceipt {
  readonly ok: boolean;
  readonly data: string;
  readonly logs: readonly { readonly topics: readonly string[]; readonly data: string }[];
}

/** Calls of a block as a hand-written decoder sees them. */
class Reader {
  readonly bytes: Buffer;
  readonly view: DataView;

  constructor(block: BlockBuffer) {
    this.bytes = Buffer.from(block.buffer);
    this.view = new DataView(block.buffer);
  }

  sender(call: number): string {
    const at = call * HEADER_BYTES + HEADER_SENDER;
    return this.bytes.toString("hex", at, at + 20);
  }

  nonce(call: number): bigint {
    return this.view.getBigUint64(call * HEADER_BYTES + HEADER_NONCE, true);
  }

  /** Position of the first argument. */
  args(call: number): number {
    return this.view.getUint32(call * HEADER_BYTES + HEADER_OFFSET, true) + 4;
  }

  address(at: number): string {
    return this.bytes.toString("hex", at + 12, at + 32);
  }

  amount(at: number): bigint {
    const high = this.view.getBigUint64(at) | this.view.getBigUint64(at + 8) | this.view.getBigUint64(at + 16);
    return high === 0n ? this.view.getBigUint64(at + 24) : BigInt(`0x${this.bytes.toString("hex", at, at + 32)}`);
  }

  text(at: number, base: number): string {
    const start = base + this.view.getUint32(at + 28);
    const length = this.view.getUint32(start + 28);
    return this.bytes.toString("utf8", start + 32, start + 32 + length);
  }
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, "0");
}

function topic(address: string): string {
  return address.padStart(64, "0");
}

const FAILED: LedgerReceipt = { ok: false, data: "", logs: [] };
const NONE = "0".repeat(64);

abstract class Ledger {
  readonly nonces = new Map<string, bigint>();

  protected abstract call(reader: Reader, call: number, sender: string): LedgerReceipt;

  run(block: BlockBuffer): LedgerReceipt[] {
    const reader = new Reader(block);
    const receipts: LedgerReceipt[] = [];
    for (let call = 0; call < block.length; call++) {
      const sender = reader.sender(call);
      const nonce = this.nonces.get(sender) ?? 0n;
      if (reader.nonce(call) !== nonce) {
        receipts.push(FAILED);
        continue;
      }
      this.nonces.set(sender, nonce + 1n);
      receipts.push(this.call(reader, call, sender));
    }
    return receipts;
  }
}

export class TokenLedger extends Ledger {
  readonly balances = new Map<string, bigint>();

  protected override call(reader: Reader, call: number, sender: string): LedgerReceipt {
    const args = reader.args(call);
    const to = reader.address(args);
    const amount = reader.amount(args + 32);
    const from = this.balances.get(sender) ?? 0n;
    if (from < amount) return FAILED;
    this.balances.set(sender, from - amount);
    const credited = (this.balances.get(to) ?? 0n) + amount;
    if (credited >= 2n ** 256n) throw new Error("overflow");
    this.balances.set(to, credited);
    return { ok: true, data: word(1n), logs: [{ topics: ["Transfer", topic(sender), topic(to)], data: word(amount) }] };
  }
}

export class ArtLedger extends Ledger {
  readonly owners = new Map<bigint, string>();
  readonly uris = new Map<bigint, string>();
  readonly balances = new Map<string, bigint>();
  minter = "";
  private next = 0n;

  protected override call(reader: Reader, call: number, sender: string): LedgerReceipt {
    if (sender !== this.minter) return FAILED;
    const args = reader.args(call);
    const to = reader.address(args);
    const id = this.next++;
    this.owners.set(id, to);
    this.uris.set(id, reader.text(args + 32, args));
    this.balances.set(to, (this.balances.get(to) ?? 0n) + 1n);
    return { ok: true, data: word(id), logs: [{ topics: ["Transfer", NONE, topic(to), word(id)], data: "" }] };
  }
}

interface Poll {
  yes: bigint;
  no: bigint;
  readonly deadline: bigint;
}

export class GuildLedger extends Ledger {
  readonly members = new Map<string, bigint>();
  readonly polls = new Map<bigint, Poll>();
  readonly voted = new Set<string>();
  time = 0n;

  protected override call(reader: Reader, call: number, sender: string): LedgerReceipt {
    const args = reader.args(call);
    const id = reader.amount(args);
    const support = reader.amount(args + 32) === 1n;
    const power = this.members.get(sender) ?? 0n;
    const poll = this.polls.get(id);
    if (power === 0n || poll === undefined || this.time >= poll.deadline) return FAILED;
    const key = `${id}:${sender}`;
    if (this.voted.has(key)) return FAILED;
    this.voted.add(key);
    if (support) poll.yes += power;
    else poll.no += power;
    return { ok: true, data: "", logs: [{ topics: ["Voted", word(id), topic(sender)], data: word(support ? 1n : 0n) + word(power) }] };
  }
}
