/** `contracts/pool.weft`. */
import { FAILED, topic, word, type Cells, type LedgerContract, type LedgerReceipt, type Reader } from "../ledger.ts";

export class PoolLedger implements LedgerContract {
  reserve0 = 0n;
  reserve1 = 0n;
  readonly money0 = new Map<string, bigint>();
  readonly money1 = new Map<string, bigint>();

  call(reader: Reader, call: number, sender: string): LedgerReceipt {
    const args = reader.args(call);
    const zeroForOne = reader.amount(args) === 1n;
    const amountIn = reader.amount(args + 32);
    const reserveIn = zeroForOne ? this.reserve0 : this.reserve1;
    const reserveOut = zeroForOne ? this.reserve1 : this.reserve0;
    if (reserveIn === 0n || reserveOut === 0n) return FAILED;
    const paid = amountIn * 997n;
    const amountOut = (paid * reserveOut) / (reserveIn * 1_000n + paid);
    if (amountOut < reader.amount(args + 64)) return FAILED;
    const moneyIn = zeroForOne ? this.money0 : this.money1;
    const moneyOut = zeroForOne ? this.money1 : this.money0;
    const held = moneyIn.get(sender) ?? 0n;
    if (held < amountIn) return FAILED;
    moneyIn.set(sender, held - amountIn);
    moneyOut.set(sender, (moneyOut.get(sender) ?? 0n) + amountOut);
    this.reserve0 = zeroForOne ? reserveIn + amountIn : reserveOut - amountOut;
    this.reserve1 = zeroForOne ? reserveOut - amountOut : reserveIn + amountIn;
    const data = word(zeroForOne ? 1n : 0n) + word(amountIn) + word(amountOut);
    return { ok: true, data: word(amountOut), logs: [{ topics: ["Swapped", topic(sender)], data }] };
  }

  agrees(cells: Cells): boolean {
    return (
      cells.equalOne("reserve0", this.reserve0) &&
      cells.equalOne("reserve1", this.reserve1) &&
      cells.equal("money0", this.money0) &&
      cells.equal("money1", this.money1)
    );
  }
}
