/** Votes of the DAO of `examples/`. */
import { FAILED, topic, word, type Cells, type LedgerContract, type LedgerReceipt, type Reader } from "../ledger.ts";

interface Poll {
  yes: bigint;
  no: bigint;
  readonly deadline: bigint;
}

export class GuildLedger implements LedgerContract {
  readonly members = new Map<string, bigint>();
  readonly polls = new Map<bigint, Poll>();
  private readonly voted = new Set<string>();
  private readonly time: bigint;

  constructor(time: bigint) {
    this.time = time;
  }

  call(reader: Reader, call: number, sender: string): LedgerReceipt {
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

  agrees(cells: Cells): boolean {
    const tally = (side: "yes" | "no"): Map<bigint, bigint> => new Map([...this.polls].map(([id, poll]) => [id, poll[side]]));
    return (
      cells.equal("proposals.yes", tally("yes")) && cells.equal("proposals.no", tally("no")) && cells.sizeOf("voted") === this.voted.size
    );
  }
}
