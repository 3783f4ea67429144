/** What one given call can touch, as data: made by `call-cells.ts`, joined by `join-cells.ts`, put into words by `call-words.ts`. */
import type { Type } from "../core/types.ts";
import type { Site } from "../typed/tree.ts";
import type { Concrete } from "./concrete-value.ts";
import type { FlatAccess, LeafIndex, LoopId, Term } from "./footprint.ts";
import type { Stage } from "./terms.ts";

/** A key or an amount. `term` is what isn't known of it, with all that is known put in. */
export type CallValue =
  | { readonly kind: "value"; readonly value: Concrete; readonly type: Type }
  | { readonly kind: "open"; readonly term: Term; readonly type: Type };

export interface CallAmount {
  readonly sign: "+" | "-";
  /** Of all times together where it is known, of one time otherwise. */
  readonly by: CallValue;
  readonly times: bigint;
  /** The amount is 0 or this, nobody knows which before. */
  readonly atMost: bigint | undefined;
}

export interface CallCell {
  readonly mode: FlatAccess["mode"];
  readonly leaf: LeafIndex;
  readonly keys: readonly CallValue[];
  readonly amount: CallAmount | undefined;
  /** Which rounds of the loops around it are meant: a number drawn in a loop is another one in each. */
  readonly round: string;
  /** Numbers drawn; 1 for all others. */
  readonly times: bigint;
  /** Read only when an add of this call isn't cleared, for the error (rule E5). */
  readonly ifFails: boolean;
  /** Conditions on the way that aren't decided by the call. */
  readonly guards: FlatAccess["guards"];
  readonly stage: Stage;
  readonly site: Site;
  readonly via: readonly Site[];
}

/** Code of another contract runs. */
export interface CallOut {
  readonly what:
    | { readonly kind: "method"; readonly owner: string; readonly name: string; readonly target: CallValue }
    | { readonly kind: "raw"; readonly target: CallValue; readonly coin: CallValue }
    | { readonly kind: "create"; readonly contract: string };
  readonly guards: FlatAccess["guards"];
  readonly site: Site;
  readonly via: readonly Site[];
}

export interface Rest {
  /** Rounds shown one by one before. */
  readonly after: bigint;
  /** Undefined when nobody knows how many. */
  readonly left: bigint | undefined;
}

export interface CallCells {
  /** In order of the code, those of one cell joined. */
  readonly cells: readonly CallCell[];
  readonly calls: readonly CallOut[];
  /** Where the call is sure to fail if it gets there. */
  readonly failures: readonly { readonly reason: string; readonly site: Site }[];
  /** Loops with rounds that are summed up: their index stays open. */
  readonly rests: ReadonlyMap<LoopId, Rest>;
}
