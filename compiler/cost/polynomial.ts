/**
 * Costs as sums of products of lengths: 12 + 9·len(p0). Bounded in size: products of many lengths are replaced by their caps,
 * sums saturate far above every gas limit. Every operation rounds up, never down.
 */

/** Indexes of list parameters, sorted; `[0, 0]` is the square of the first one's length. */
export interface CostTerm {
  readonly coefficient: bigint;
  readonly lengths: readonly number[];
}

/** `constant` + Σ `coefficient` · Π length of each parameter in `lengths`. Terms are sorted, each product stands once. */
export interface CostBound {
  readonly constant: bigint;
  readonly terms: readonly CostTerm[];
}

export const MAX_COST = (1n << 64n) - 1n;
const MAX_DEGREE = 3;
const MAX_TERMS = 24;

export const NOTHING: CostBound = { constant: 0n, terms: [] };

export function steps(count: number): CostBound {
  return { constant: BigInt(count), terms: [] };
}

/** Greatest lengths of the function's parameters, for those that are lists. */
export type Caps = (param: number) => number;

export function add(a: CostBound, b: CostBound): CostBound {
  if (b.terms.length === 0) return { constant: saturate(a.constant + b.constant), terms: a.terms };
  if (a.terms.length === 0) return { constant: saturate(a.constant + b.constant), terms: b.terms };
  return { constant: saturate(a.constant + b.constant), terms: combine([...a.terms, ...b.terms], (x, y) => x + y) };
}

/** At least as large as both, for all lengths. */
export function larger(a: CostBound, b: CostBound): CostBound {
  const constant = a.constant > b.constant ? a.constant : b.constant;
  if (b.terms.length === 0) return { constant, terms: a.terms };
  return { constant, terms: combine([...a.terms, ...b.terms], (x, y) => (x > y ? x : y)) };
}

/** A length: of a list parameter, or at most a number. */
export type Length = { readonly kind: "param"; readonly index: number } | { readonly kind: "cap"; readonly rounds: number };

export function times(bound: CostBound, length: Length, caps: Caps): CostBound {
  if (length.kind === "cap") {
    const by = BigInt(length.rounds);
    if (by === 0n) return NOTHING;
    return {
      constant: saturate(bound.constant * by),
      terms: bound.terms.map((term) => ({ coefficient: saturate(term.coefficient * by), lengths: term.lengths })),
    };
  }
  const terms = bound.terms.map((term) => ({ coefficient: term.coefficient, lengths: [...term.lengths, length.index].sort(byNumber) }));
  if (bound.constant > 0n) terms.push({ coefficient: bound.constant, lengths: [length.index] });
  return limit({ constant: 0n, terms: combine(terms, (x, y) => x + y) }, caps);
}

/** A callee's bound in terms of the caller's lengths. */
export function substitute(bound: CostBound, lengthOf: (param: number) => Length, caps: Caps): CostBound {
  let result: CostBound = { constant: bound.constant, terms: [] };
  for (const term of bound.terms) {
    let product: CostBound = { constant: term.coefficient, terms: [] };
    for (const param of term.lengths) product = times(product, lengthOf(param), caps);
    result = add(result, product);
  }
  return limit(result, caps);
}

/** The bound for given lengths of the parameters (by index; 0 where it isn't a list). */
export function evaluateCost(bound: CostBound, lengths: readonly number[]): bigint {
  let total = bound.constant;
  for (const term of bound.terms) {
    total += term.lengths.reduce((product, param) => product * BigInt(lengths[param]), term.coefficient);
  }
  return saturate(total);
}

function limit(bound: CostBound, caps: Caps): CostBound {
  let result = bound;
  for (;;) {
    const last = result.terms.at(-1);
    if (last === undefined || (last.lengths.length <= MAX_DEGREE && result.terms.length <= MAX_TERMS)) return result;
    // The highest products go first: one of their lengths becomes its cap.
    const rest = { constant: result.constant, terms: result.terms.slice(0, -1) };
    const coefficient = saturate(last.coefficient * BigInt(caps(last.lengths[0])));
    const lengths = last.lengths.slice(1);
    result = add(rest, lengths.length === 0 ? { constant: coefficient, terms: [] } : { constant: 0n, terms: [{ coefficient, lengths }] });
  }
}

function combine(terms: readonly CostTerm[], join: (x: bigint, y: bigint) => bigint): readonly CostTerm[] {
  const byLengths = new Map<string, CostTerm>();
  for (const term of terms) {
    const key = term.lengths.join(",");
    const known = byLengths.get(key);
    const coefficient = known === undefined ? term.coefficient : saturate(join(known.coefficient, term.coefficient));
    byLengths.set(key, { coefficient, lengths: term.lengths });
  }
  return [...byLengths.values()].sort(byProduct);
}

function byProduct(a: CostTerm, b: CostTerm): number {
  if (a.lengths.length !== b.lengths.length) return a.lengths.length - b.lengths.length;
  for (const [i, length] of a.lengths.entries()) if (length !== b.lengths[i]) return length - b.lengths[i];
  return 0;
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function saturate(cost: bigint): bigint {
  return cost > MAX_COST ? MAX_COST : cost;
}
