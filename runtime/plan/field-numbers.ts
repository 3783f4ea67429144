/**
 * Numbers of the fields of all contracts, as planning and ordering name them: the coin's is 0, then those of each contract in a row, as many as its code
 * has tables. Every thread finds a contract's first one with its code.
 */
import type { Code } from "../state/code.ts";

export class FieldNumbers {
  count = 1;
  /** In order of their numbers. */
  private readonly contracts: { readonly base: number; readonly code: number; readonly instance: number }[] = [];

  /** Code and instance of the contract whose field this is; undefined for the coin's. */
  contractOf(field: number): { readonly code: number; readonly instance: number } | undefined {
    return this.contracts.findLast(({ base }) => base <= field);
  }

  /** Gives a contract its numbers. One that was taken back has left its own to the one in its place. */
  add(code: Code, instance: number): void {
    if (code.fieldBases[instance] !== 0) return;
    code.fieldBases[instance] = this.count;
    this.contracts.push({ base: this.count, code: code.index, instance });
    this.count += code.tables.length;
  }
}
