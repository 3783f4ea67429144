/** Mints of the NFT of `examples/`. */
import { FAILED, topic, word, type Cells, type LedgerContract, type LedgerReceipt, type Reader } from "../ledger.ts";

const NONE = "0".repeat(64);

export class ArtLedger implements LedgerContract {
  private readonly owners = new Map<bigint, string>();
  private readonly uris = new Map<bigint, string>();
  private readonly balances = new Map<string, bigint>();
  private readonly minter: string;
  private next = 0n;

  constructor(minter: string) {
    this.minter = minter;
  }

  call(reader: Reader, call: number, sender: string): LedgerReceipt {
    if (sender !== this.minter) return FAILED;
    const args = reader.args(call);
    const to = reader.address(args);
    const id = this.next++;
    this.owners.set(id, to);
    this.uris.set(id, reader.text(args + 32, args));
    this.balances.set(to, (this.balances.get(to) ?? 0n) + 1n);
    return { ok: true, data: word(id), logs: [{ topics: ["Transfer", NONE, topic(to), word(id)], data: "" }] };
  }

  agrees(cells: Cells): boolean {
    return cells.equal("balances", this.balances) && cells.equal("owners", this.owners) && cells.sizeOf("uris") === this.uris.size;
  }
}
