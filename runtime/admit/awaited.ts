/**
 * Calls of the block to addresses where there was no contract when they were read: one that an earlier call of the block creates may answer them.
 * Looked for once, when the first contract is created.
 */
import { CALL_CODE, CALL_STRIDE, CALL_VERDICT, HEADER_BYTES, HEADER_CONTRACT, VERDICT_EMPTY } from "../execute/memory.ts";
import { bytesToHex } from "../values/hex.ts";

export class Awaited {
  private readonly calls: Int32Array;
  private byAddress: Map<string, number[]> | undefined = undefined;

  constructor(calls: Int32Array) {
    this.calls = calls;
  }

  /** Another block. */
  clear(): void {
    this.byAddress = undefined;
  }

  /** Calls to this address, of those from `first` to `length` if nobody has asked before. */
  to(address: string, input: Uint8Array, first: number, length: number): readonly number[] {
    this.byAddress ??= this.find(input, first, length);
    return this.byAddress.get(address) ?? [];
  }

  private find(input: Uint8Array, first: number, length: number): Map<string, number[]> {
    const found = new Map<string, number[]>();
    for (let call = first; call < length; call++) {
      const at = call * CALL_STRIDE;
      if (this.calls[at + CALL_VERDICT] !== VERDICT_EMPTY || this.calls[at + CALL_CODE] >= 0) continue;
      const from = call * HEADER_BYTES + HEADER_CONTRACT;
      const address = bytesToHex(input.subarray(from, from + 20));
      const list = found.get(address);
      if (list === undefined) found.set(address, [call]);
      else list.push(call);
    }
    return found;
  }
}
