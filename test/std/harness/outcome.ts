/** What becomes of a call, in one form for both sides: bytes as hex, in lower case. */
import type { Hex } from "viem";

export interface OutcomeLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

export interface Outcome {
  readonly success: boolean;
  /** Return data, or error data. */
  readonly data: Hex;
  /** None of a call that failed. */
  readonly logs: readonly OutcomeLog[];
}

export function sameOutcome(a: Outcome, b: Outcome): boolean {
  return a.success === b.success && a.data === b.data && sameLogs(a.logs, b.logs);
}

export function sameLogs(a: readonly OutcomeLog[], b: readonly OutcomeLog[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
