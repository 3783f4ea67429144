/**
 * What may happen on the ways through a piece of code, put together from what may happen in its parts: where it may fail, what it may have changed when it
 * goes on, and which failures come after a change. Ways aren't told apart, so a summary may name a pair that no call shows, never the other way round.
 */
import type { LeafIndex } from "../footprint/footprint.ts";
import type { Site } from "../typed/tree.ts";

/** The call may fail at `check` when it has already done what stands at `effect`. */
export interface AbortPair {
  readonly effect: Site;
  readonly check: Site;
}

/** Pairs kept of one piece of code: more than anybody is shown. */
const MAX_PAIRS = 8;

export interface Summary {
  /** The first failure that is no add. */
  readonly check: Site | undefined;
  /** The first add that may fail, by leaf: whether it is one that can be cleared depends on what else the call does to the leaf. */
  readonly adds: ReadonlyMap<LeafIndex, Site>;
  /** The first change on the ways that go on behind the code; none where no way does. */
  readonly effect: Site | undefined;
  readonly goesOn: boolean;
  /** Whether a way leaves the function with a `return`, and the first change on such ways. */
  readonly leaves: boolean;
  readonly leftEffect: Site | undefined;
  /** The first failures behind a change, by place of the check, each with the first change. */
  readonly lateChecks: readonly AbortPair[];
  /** Of each leaf the first add behind a change. */
  readonly lateAdds: ReadonlyMap<LeafIndex, AbortPair>;
}

const NO_ADDS: ReadonlyMap<LeafIndex, Site> = new Map();
const NO_PAIRS: ReadonlyMap<LeafIndex, AbortPair> = new Map();

export const NOTHING: Summary = {
  check: undefined,
  adds: NO_ADDS,
  effect: undefined,
  goesOn: true,
  leaves: false,
  leftEffect: undefined,
  lateChecks: [],
  lateAdds: NO_PAIRS,
};

export function failureAt(site: Site): Summary {
  return { ...NOTHING, check: site };
}

export function effectAt(site: Site): Summary {
  return { ...NOTHING, effect: site };
}

export function addAt(leaf: LeafIndex, site: Site): Summary {
  return { ...NOTHING, adds: new Map([[leaf, site]]) };
}

export const REVERTED: Summary = { ...NOTHING, goesOn: false };
export const RETURNED: Summary = { ...NOTHING, goesOn: false, leaves: true };

/** Parts that run one after another; what stands behind one that never goes on isn't reached. */
export function inOrder(parts: Iterable<Summary>): Summary {
  const sum = new Sum();
  for (const part of parts) {
    sum.then(part);
    if (!sum.goesOn) break;
  }
  return sum.summary();
}

/** One of two ways. */
export function eitherOf(a: Summary, b: Summary): Summary {
  return {
    check: a.check ?? b.check,
    adds: new Map([...b.adds, ...a.adds]),
    effect: a.effect ?? b.effect,
    goesOn: a.goesOn || b.goesOn,
    leaves: a.leaves || b.leaves,
    leftEffect: a.leftEffect ?? b.leftEffect,
    lateChecks: [...a.lateChecks, ...b.lateChecks].slice(0, MAX_PAIRS),
    lateAdds: new Map([...b.lateAdds, ...a.lateAdds]),
  };
}

/** Any number of rounds: two of them show all pairs, also those of a round and the next one. */
export function rounds(body: Summary): Summary {
  return eitherOf(NOTHING, inOrder([body, { ...body, lateChecks: [], lateAdds: NO_PAIRS }]));
}

/** A function as its callers see it: every way that doesn't fail goes on behind the call. */
export function called(body: Summary): Summary {
  return { ...body, effect: body.effect ?? body.leftEffect, goesOn: body.goesOn || body.leaves, leaves: false, leftEffect: undefined };
}

/** Adds up in place: blocks may be long. */
class Sum {
  goesOn = true;
  private check: Site | undefined = undefined;
  private effect: Site | undefined = undefined;
  private leaves = false;
  private leftEffect: Site | undefined = undefined;
  private readonly adds = new Map<LeafIndex, Site>();
  private readonly lateChecks: AbortPair[] = [];
  private readonly lateAdds = new Map<LeafIndex, AbortPair>();

  then(part: Summary): void {
    const { effect } = this;
    for (const pair of part.lateChecks) this.note(pair);
    for (const [leaf, pair] of part.lateAdds) if (!this.lateAdds.has(leaf)) this.lateAdds.set(leaf, pair);
    if (effect !== undefined) {
      if (part.check !== undefined) this.note({ effect, check: part.check });
      for (const [leaf, site] of part.adds) if (!this.lateAdds.has(leaf)) this.lateAdds.set(leaf, { effect, check: site });
    }
    for (const [leaf, site] of part.adds) if (!this.adds.has(leaf)) this.adds.set(leaf, site);
    this.check ??= part.check;
    if (part.leaves) {
      this.leaves = true;
      this.leftEffect ??= effect ?? part.leftEffect;
    }
    this.effect ??= part.effect;
    this.goesOn = part.goesOn;
  }

  private note(pair: AbortPair): void {
    if (this.lateChecks.length < MAX_PAIRS && !this.lateChecks.some(({ check }) => check === pair.check)) this.lateChecks.push(pair);
  }

  summary(): Summary {
    const { check, adds, goesOn, leaves, leftEffect, lateChecks, lateAdds } = this;
    return { check, adds, effect: goesOn ? this.effect : undefined, goesOn, leaves, leftEffect, lateChecks, lateAdds };
  }
}
