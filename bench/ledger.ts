/**
 * The yardstick everybody can judge: what a TypeScript author would write by hand, ledgers of `Map`s with bigint amounts and hex addresses.
 * They read the same block buffer, check the same conditions and give receipts with logs; no ABI generality, no rollback, no footprints.
 * Here is what they share; each contract is a file of `ledgers/`.
 */
import { HEADER_BYTES, HEADER_CONTRACT, HEADER_NONCE, HEADER_OFFSET, HEADER_SENDER } from "../runtime/execute/memory.ts";
import { selectorOfEntry } from "../runtime/abi/type.ts";
import type { BlockBuffer, Cell, CellValue, LoadedModule } from "../runtime/types.ts";
import { bare, entryOf, type Deployed } from "./stage.ts";

export interface LedgerReceipt {
  readonly ok: boolean;
  readonly data: string;
  readonly logs: readonly { readonly topics: readonly string[]; readonly data: string }[];
}

/** Calls of a block as a hand-written decoder sees them. */
export class Reader {
  private readonly bytes: Buffer;
  private readonly view: DataView;

  constructor(block: BlockBuffer) {
    this.bytes = Buffer.from(block.buffer);
    this.view = new DataView(block.buffer);
  }

  sender(call: number): string {
    const at = call * HEADER_BYTES + HEADER_SENDER;
    return this.bytes.toString("hex", at, at + 20);
  }

  target(call: number): string {
    const at = call * HEADER_BYTES + HEADER_CONTRACT;
    return this.bytes.toString("hex", at, at + 20);
  }

  nonce(call: number): bigint {
    return this.view.getBigUint64(call * HEADER_BYTES + HEADER_NONCE, true);
  }

  selector(call: number): number {
    return this.view.getUint32(this.view.getUint32(call * HEADER_BYTES + HEADER_OFFSET, true));
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

  /** Position of the elements of a list or text whose head is at `at`, and their number. */
  tail(at: number, base: number): { readonly start: number; readonly length: number } {
    const start = base + this.view.getUint32(at + 28);
    return { start: start + 32, length: this.view.getUint32(start + 28) };
  }

  text(at: number, base: number): string {
    const { start, length } = this.tail(at, base);
    return this.bytes.toString("utf8", start, start + length);
  }
}

export function word(value: bigint): string {
  return value.toString(16).padStart(64, "0");
}

export function topic(address: string): string {
  return address.padStart(64, "0");
}

export const FAILED: LedgerReceipt = { ok: false, data: "", logs: [] };

/** One contract, written by hand. */
export interface LedgerContract {
  call(reader: Reader, call: number, sender: string): LedgerReceipt;
  /** Whether these cells, all of this contract, are the state it has come to. */
  agrees(cells: Cells): boolean;
}

export class Ledger {
  private readonly nonces: Map<string, bigint>;
  private readonly contracts: ReadonlyMap<string, LedgerContract>;

  constructor(nonces: Map<string, bigint>, contracts: readonly (readonly [Deployed, LedgerContract])[]) {
    this.nonces = nonces;
    this.contracts = new Map(contracts.map(([{ address }, contract]) => [bare(address), contract]));
  }

  run(block: BlockBuffer): LedgerReceipt[] {
    const reader = new Reader(block);
    const receipts: LedgerReceipt[] = [];
    // With a single contract nobody would write a table of them.
    const [first] = this.contracts.values();
    const only = this.contracts.size === 1 ? first : undefined;
    for (let call = 0; call < block.length; call++) {
      const sender = reader.sender(call);
      const nonce = this.nonces.get(sender) ?? 0n;
      const contract = only ?? this.contracts.get(reader.target(call));
      if (reader.nonce(call) !== nonce || contract === undefined) {
        receipts.push(FAILED);
        continue;
      }
      this.nonces.set(sender, nonce + 1n);
      receipts.push(contract.call(reader, call, sender));
    }
    return receipts;
  }

  agrees(cells: Iterable<Cell>): boolean {
    const byContract = new Map<string, Cells>([...this.contracts.keys()].map((address) => [address, new Cells()]));
    for (const cell of cells) if (cell.contract !== undefined) byContract.get(bare(cell.contract))?.add(cell);
    return [...this.contracts].every(([address, contract]) => {
      const found = byContract.get(address);
      return found !== undefined && contract.agrees(found);
    });
  }
}

/** Cells of one contract by field, as `members` and `proposals.yes`, and key. */
export class Cells {
  private readonly fields = new Map<string, Map<string, CellValue>>();

  add({ field, keys, path, value }: Cell): void {
    const name = [field, ...path].join(".");
    let entries = this.fields.get(name);
    if (entries === undefined) this.fields.set(name, (entries = new Map<string, CellValue>()));
    entries.set(keys.map((key) => (typeof key === "string" && key.length === 42 ? key.slice(2) : String(key))).join(), value);
  }

  /** The cells of a field are the entries of a map that aren't at their default, and no others. */
  equal(field: string, expected: ReadonlyMap<unknown, bigint | string>): boolean {
    const found = this.fields.get(field) ?? new Map<string, CellValue>();
    let matched = 0;
    for (const [key, value] of expected) {
      if (value === 0n) continue;
      const cell = found.get(String(key));
      if (cell !== (typeof value === "string" ? `0x${value}` : value)) return false;
      matched++;
    }
    return matched === found.size;
  }

  equalOne(field: string, expected: bigint): boolean {
    return this.equal(field, new Map([["", expected]]));
  }

  sizeOf(field: string): number {
    return this.fields.get(field)?.size ?? 0;
  }
}

/** A hand-written dispatcher knows its selectors; so do these. */
export function selectorOf(loaded: LoadedModule, name: string): number {
  return selectorOfEntry(entryOf(loaded, name));
}
