/**
 * The practical limit of one thread for transfers: a hand-written loop over typed arrays. Accounts are small integers, interned before the clock starts;
 * balances and nonces are `BigUint64Array`s, receipts are allocated beforehand. It reads nonce and amount from the block buffer and checks the
 * same conditions.
 *
 * What it leaves out, and a ledger for real calls can't: finding accounts by their 20 bytes, and functions by their selector; arguments beyond 64
 * bits and malformed ones; receipts and logs in the form that clients decode (it notes sender, receiver and amount); coin, fees and gas; taking back
 * a block; knowing what was changed; growing.
 */
import { HEADER_BYTES, HEADER_NONCE, HEADER_OFFSET } from "../runtime/execute/memory.ts";
import type { BlockBuffer } from "../runtime/types.ts";

export class TransferLimit {
  private readonly froms: Int32Array;
  private readonly tos: Int32Array;
  private readonly balances: BigUint64Array;
  private readonly nonces: BigUint64Array;
  private readonly view: DataView;
  private readonly statuses: Uint8Array;
  private readonly logs: BigUint64Array;
  private readonly start: bigint;

  /** All accounts have `balance` and have made no call yet. */
  constructor(block: BlockBuffer, froms: Int32Array, tos: Int32Array, accounts: number, balance: bigint) {
    this.froms = froms;
    this.tos = tos;
    this.balances = new BigUint64Array(accounts);
    this.start = balance;
    this.nonces = new BigUint64Array(accounts);
    this.view = new DataView(block.buffer);
    this.statuses = new Uint8Array(block.length);
    this.logs = new BigUint64Array(block.length * 3);
  }

  /** Back to the state before the block. Touches all memory, so that none is touched for the first time while the clock runs. */
  reset(): void {
    this.balances.fill(this.start);
    this.nonces.fill(0n);
    this.statuses.fill(0);
    this.logs.fill(0n);
  }

  /** Runs the block on a state just reset; gives the number of calls that succeeded. */
  run(): number {
    const { froms, tos, balances, nonces, view, statuses, logs } = this;
    let succeeded = 0;
    for (let call = 0; call < froms.length; call++) {
      const from = froms[call];
      const to = tos[call];
      const at = view.getUint32(call * HEADER_BYTES + HEADER_OFFSET, true) + 36;
      const amount = view.getBigUint64(at + 24);
      const nonce = nonces[from];
      const before = balances[from];
      if (view.getBigUint64(call * HEADER_BYTES + HEADER_NONCE, true) !== nonce || before < amount) {
        statuses[call] = 1;
        continue;
      }
      nonces[from] = nonce + 1n;
      balances[from] = before - amount;
      balances[to] += amount;
      logs[call * 3] = BigInt(from);
      logs[call * 3 + 1] = BigInt(to);
      logs[call * 3 + 2] = amount;
      succeeded++;
    }
    return succeeded;
  }
}
