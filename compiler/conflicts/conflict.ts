/** What the conflict analysis says: per pair of external functions when two calls of one contract conflict, and which claims hold. Plain data. */
import type { OutwardCall } from "../footprint/flatten.ts";
import type { FlatAccess, Term } from "../footprint/footprint.ts";
import type { FuncId, ParallelClaim } from "../typed/tree.ts";

/** A term of the left (`a`) or the right (`b`) call, or a constant. */
export interface SidedTerm {
  readonly side: "left" | "right";
  readonly term: Term;
}

export interface Atom {
  readonly equal: boolean;
  readonly left: SidedTerm;
  readonly right: SidedTerm;
}

/** Conjunctions, of which at least one must hold; empty list: never; a list with an empty conjunction: always. */
export type Formula = readonly (readonly Atom[])[];

export interface Clash {
  readonly left: FlatAccess;
  readonly right: FlatAccess;
  readonly condition: Formula;
}

export interface PairConflict {
  readonly left: FuncId;
  readonly right: FuncId;
  readonly condition: Formula;
  /** Two calls may both add to one cell: independent as far as the sums clear. */
  readonly escrow: boolean;
  readonly clashes: readonly Clash[];
  /** Where both may add to one cell: the first two places per kind of cell. */
  readonly adds: readonly Clash[];
  /** Set when they may meet in cells of other contracts, too. */
  readonly outward: Outward | undefined;
}

/** Two calls that may meet where the analysis can't look (rule D4): one side calls out, the other does so too or touches coin. */
export interface Outward {
  /** The first of the places. */
  readonly left: OutwardCall | undefined;
  readonly right: OutwardCall | undefined;
  /** Under which they get there. */
  readonly condition: Formula;
}

/** Terms that have one value, in order of appearance. */
export interface Equal {
  readonly terms: readonly SidedTerm[];
  /** A letter for what can be anything, a number, or the constant that it must be. */
  readonly value: string;
}

export interface ClaimVerdict {
  readonly claim: ParallelClaim;
  /** The clashes that the claim's condition doesn't rule out. Proved when there are none, and nothing outward. */
  readonly open: readonly Clash[];
  readonly outward: Outward | undefined;
  /** Two calls that fulfil the claim's condition and meet all the same; empty where any two do. */
  readonly example: readonly Equal[];
}
