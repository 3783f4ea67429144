/** The token of `examples/`: transfers and airdrops. */
import type { LoadedModule } from "../../runtime/types.ts";
import { FAILED, selectorOf, topic, word, type Cells, type LedgerContract, type LedgerReceipt, type Reader } from "../ledger.ts";

type Log = LedgerReceipt["logs"][number];

export class TokenLedger implements LedgerContract {
  readonly balances = new Map<string, bigint>();
  private readonly airdrop: number;

  constructor(loaded: LoadedModule) {
    this.airdrop = selectorOf(loaded, "airdrop");
  }

  call(reader: Reader, call: number, sender: string): LedgerReceipt {
    const args = reader.args(call);
    const amount = reader.amount(args + 32);
    if (reader.selector(call) === this.airdrop) return this.drop(reader, args, sender, amount);
    const log = this.move(sender, reader.address(args), amount);
    return log === undefined ? FAILED : { ok: true, data: word(1n), logs: [log] };
  }

  private drop(reader: Reader, args: number, sender: string, amount: bigint): LedgerReceipt {
    const { start, length } = reader.tail(args, args);
    const logs: Log[] = [];
    for (let i = 0; i < length; i++) {
      const log = this.move(sender, reader.address(start + i * 32), amount);
      if (log === undefined) return FAILED;
      logs.push(log);
    }
    return { ok: true, data: "", logs };
  }

  private move(sender: string, to: string, amount: bigint): Log | undefined {
    const from = this.balances.get(sender) ?? 0n;
    if (from < amount) return undefined;
    this.balances.set(sender, from - amount);
    const credited = (this.balances.get(to) ?? 0n) + amount;
    if (credited >= 2n ** 256n) throw new Error("overflow");
    this.balances.set(to, credited);
    return { topics: ["Transfer", topic(sender), topic(to)], data: word(amount) };
  }

  agrees(cells: Cells): boolean {
    return cells.equal("balances", this.balances);
  }
}
