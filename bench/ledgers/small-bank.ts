/** `contracts/small-bank.weft`. */
import type { LoadedModule } from "../../runtime/types.ts";
import { FAILED, selectorOf, word, type Cells, type LedgerContract, type LedgerReceipt, type Reader } from "../ledger.ts";

const DONE: LedgerReceipt = { ok: true, data: "", logs: [] };

export class SmallBankLedger implements LedgerContract {
  readonly checking = new Map<bigint, bigint>();
  readonly savings = new Map<bigint, bigint>();
  private readonly balance: number;
  private readonly depositChecking: number;
  private readonly transactSavings: number;
  private readonly amalgamate: number;
  private readonly writeCheck: number;

  constructor(loaded: LoadedModule) {
    this.balance = selectorOf(loaded, "balance");
    this.depositChecking = selectorOf(loaded, "depositChecking");
    this.transactSavings = selectorOf(loaded, "transactSavings");
    this.amalgamate = selectorOf(loaded, "amalgamate");
    this.writeCheck = selectorOf(loaded, "writeCheck");
  }

  call(reader: Reader, call: number): LedgerReceipt {
    const args = reader.args(call);
    const customer = reader.amount(args);
    const held = this.checking.get(customer) ?? 0n;
    const saved = this.savings.get(customer) ?? 0n;
    switch (reader.selector(call)) {
      case this.balance:
        return { ok: true, data: word(held + saved), logs: [] };
      case this.depositChecking:
        this.checking.set(customer, held + reader.amount(args + 32));
        return DONE;
      case this.transactSavings: {
        const amount = reader.amount(args + 32);
        if (saved < amount) return FAILED;
        this.savings.set(customer, saved - amount);
        return DONE;
      }
      case this.amalgamate: {
        const to = reader.amount(args + 32);
        this.checking.set(customer, 0n);
        this.savings.set(customer, 0n);
        this.checking.set(to, (this.checking.get(to) ?? 0n) + held + saved);
        return DONE;
      }
      case this.writeCheck: {
        const amount = reader.amount(args + 32);
        return this.debit(customer, held, held + saved < amount ? amount + 1n : amount);
      }
      default: {
        const amount = reader.amount(args + 64);
        if (held < amount) return FAILED;
        this.checking.set(customer, held - amount);
        const to = reader.amount(args + 32);
        this.checking.set(to, (this.checking.get(to) ?? 0n) + amount);
        return DONE;
      }
    }
  }

  private debit(customer: bigint, held: bigint, amount: bigint): LedgerReceipt {
    if (held < amount) return FAILED;
    this.checking.set(customer, held - amount);
    return DONE;
  }

  agrees(cells: Cells): boolean {
    return cells.equal("checking", this.checking) && cells.equal("savings", this.savings);
  }
}
