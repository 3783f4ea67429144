/**
 * Numbers of the fields of all contracts, as planning and ordering name them: the coin's is 0, then those of each contract in a row, as many as its code
 * has tables.
 */
import type { Code } from "../state/code.ts";
import type { FieldBases } from "./plan-record.ts";

export class FieldNumbers implements FieldBases {
  count = 1;
  /** First field of each contract, by code and instance. */
  private readonly bases: number[][] = [];

  /** Code and instance of the contract whose field this is; undefined for the coin's. */
  contractOf(field: number): { readonly code: number; readonly instance: number } | undefined {
    let found: { readonly code: number; readonly instance: number } | undefined = undefined;
    let highest = 0;
    this.bases.forEach((ofCode, code) => {
      ofCode.forEach((base, instance) => {
        if (base > field || base <= highest) return;
        highest = base;
        found = { code, instance };
      });
    });
    return found;
  }

  /** Gives a contract its numbers. One that was taken back has left its own to the one in its place. */
  add(code: Code, instance: number): void {
    const ofCode = (this.bases[code.index] ??= []);
    if (ofCode[instance] !== undefined) return;
    ofCode[instance] = this.count;
    this.count += code.tables.length;
  }

  of(code: number, instance: number): number {
    return this.bases[code][instance];
  }
}
