/**
 * Mistakes put into the analysis on purpose, to see whether the tests notice. Two kinds: a change of what the footprint pass gives (plain data, between
 * it and the emitter), and an edit of a line of the compiler itself. Each names the place where it is known to show.
 */
import type { Footprints } from "../../../compiler/footprint/footprint.ts";

/** Random programs, or one of the programs in `families.ts` and `test/footprints`, or one of the checks of the conflict analysis on made-up plans. */
export type Shown = string;

export interface Mutant {
  /** What the compiler does wrong. */
  readonly name: string;
  readonly shown: Shown;
  readonly fault:
    | { readonly kind: "change"; readonly change: (footprints: Footprints) => Footprints }
    /** `from` stands in the file exactly once. */
    | { readonly kind: "edit"; readonly file: string; readonly from: string; readonly to: string };
}

export const RANDOM = "random programs";
/** Conditions of made-up plans against what two calls really touch; see `test/helpers/conflict-checks.ts`. */
export const CONDITIONS = "conditions";
/** The same where conditions must be no weaker than that. */
export const EXACT = "exact conditions";
/** Claims of made-up plans that are proved, on calls that fit them. */
export const PROVED = "proved claims";
/** The claims of `claims.weft`: which are proved, and which aren't. */
export const CLAIMS = "claims";

/** For the mistakes of one file of the compiler. Most of them show in one place, `usual`. */
export function editing(file: string, usual: Shown = RANDOM): (name: string, from: string, to: string, shown?: Shown) => Mutant {
  return (name, from, to, shown = usual) => ({ name, shown, fault: { kind: "edit", file: `compiler/${file}`, from, to } });
}
