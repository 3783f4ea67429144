/** `contracts/market.weft`. */
import { FAILED, topic, word, type Cells, type LedgerContract, type LedgerReceipt, type Reader } from "../ledger.ts";

export class MarketLedger implements LedgerContract {
  readonly owners = new Map<bigint, string>();
  readonly money = new Map<string, bigint>();
  private readonly price: bigint;

  constructor(price: bigint) {
    this.price = price;
  }

  call(reader: Reader, call: number, sender: string): LedgerReceipt {
    const args = reader.args(call);
    const id = reader.amount(args);
    const from = reader.address(args + 32);
    if (this.owners.get(id) !== from) return FAILED;
    const held = this.money.get(sender) ?? 0n;
    if (held < this.price) return FAILED;
    this.money.set(sender, held - this.price);
    this.money.set(from, (this.money.get(from) ?? 0n) + this.price);
    this.owners.set(id, sender);
    return { ok: true, data: "", logs: [{ topics: ["Sold", word(id), topic(from), topic(sender)], data: "" }] };
  }

  agrees(cells: Cells): boolean {
    return cells.equal("owners", this.owners) && cells.equal("money", this.money);
  }
}
