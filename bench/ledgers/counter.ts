/** `contracts/counter.weft`. */
import type { LoadedModule } from "../../runtime/types.ts";
import { FAILED, selectorOf, topic, word, type Cells, type LedgerContract, type LedgerReceipt, type Reader } from "../ledger.ts";

const DONE: LedgerReceipt = { ok: true, data: "", logs: [] };
const STEP = 1_000n;

export class CounterLedger implements LedgerContract {
  private count = 0n;
  private next = STEP;
  private readonly cap: bigint;
  private readonly write: number;
  private readonly add: number;
  private readonly addBounded: number;
  private readonly addAndFlag: number;

  constructor(loaded: LoadedModule, cap: bigint) {
    this.cap = cap;
    this.write = selectorOf(loaded, "write");
    this.add = selectorOf(loaded, "add");
    this.addBounded = selectorOf(loaded, "addBounded");
    this.addAndFlag = selectorOf(loaded, "addAndFlag");
  }

  call(reader: Reader, call: number, sender: string): LedgerReceipt {
    switch (reader.selector(call)) {
      case this.write:
        return { ok: true, data: word(++this.count), logs: [] };
      case this.add:
        this.count++;
        return DONE;
      case this.addBounded:
        if (this.count >= this.cap) return FAILED;
        this.count++;
        return DONE;
      case this.addAndFlag: {
        const enough = ++this.count >= this.cap / 2n;
        return { ok: true, data: "", logs: [{ topics: ["Counted", topic(sender)], data: word(enough ? 1n : 0n) }] };
      }
      default:
        if (++this.count < this.next) return DONE;
        this.next += STEP;
        return { ok: true, data: "", logs: [{ topics: ["Milestone"], data: word(this.count) }] };
    }
  }

  agrees(cells: Cells): boolean {
    return cells.equalOne("count", this.count) && cells.equalOne("next", this.next);
  }
}
