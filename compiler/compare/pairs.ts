/**
 * For two functions that both versions have: when calls of them wait for each other, before and after, and which of the two is the weaker
 * condition. Conditions are held against each other with all that is known of the call; what is shown leaves out what a reader can do without.
 */
import { Bug } from "../core/bug.ts";
import { accessesOf } from "../conflicts/accesses.ts";
import { outwardOf } from "../conflicts/analyse.ts";
import type { Bank } from "../conflicts/bank.ts";
import { newBudget } from "../conflicts/budget.ts";
import type { Budget } from "../conflicts/budget.ts";
import { meetings } from "../conflicts/cases.ts";
import type { Case } from "../conflicts/cases.ts";
import type { Formula } from "../conflicts/conflict.ts";
import type { FunctionAccesses } from "../conflicts/facts.ts";
import { alternativesIn, judge } from "../conflicts/implication.ts";
import type { Alternatives, Judgement } from "../conflicts/implication.ts";
import { literal, pairBank } from "../conflicts/literals.ts";
import { conditionText } from "../conflicts/matrix.ts";
import { showFormula } from "../conflicts/show.ts";
import { simplify } from "../conflicts/simplify.ts";
import type { Term } from "../footprint/footprint.ts";
import type { FuncId } from "../typed/tree.ts";
import { translation } from "./translate.ts";
import type { Translation } from "./translate.ts";
import { leafNames, paramNames, ticketNames } from "./versions.ts";
import type { FunctionPair, Version } from "./versions.ts";

export interface PairChange {
  readonly left: string;
  readonly right: string;
  readonly judgement: Exclude<Judgement, "same">;
  /** Over two calls `a` (left) and `b` (right), as `weft conflicts` writes it. */
  readonly before: string;
  readonly after: string;
}

/** Both versions of one function, in the words of the newer one too. */
export interface BothAccesses {
  readonly pair: FunctionPair;
  readonly rename: Translation;
  readonly before: FunctionAccesses;
  readonly renamed: FunctionAccesses;
  readonly after: FunctionAccesses;
}

export function bothAccesses(before: Version, after: Version, pair: FunctionPair): BothAccesses {
  const [old, now] = [planOf(before, pair.before.id), planOf(after, pair.after.id)];
  const leaf = leafNames(before.footprint.leaves, after.footprint.leaves);
  const rename = translation({ leaf, param: paramNames(pair.before, pair.after), ticket: ticketNames(old, now, leaf) });
  const known = accessesOf(old);
  return { pair, rename, before: known, renamed: rename.accesses(known), after: accessesOf(now) };
}

export function planOf(version: Version, id: FuncId): Parameters<typeof accessesOf>[0] {
  const plan = version.footprint.entries.get(id);
  if (plan === undefined) throw new Bug(`no plan for function ${id}`);
  return plan;
}

/** Loops of both versions. */
export function withLoops(one: FunctionAccesses, other: FunctionAccesses): FunctionAccesses {
  return { ...one, loops: new Map([...one.loops, ...other.loops]) };
}

/** Of all pairs of one contract together; each version has its own, so that both get equally far. */
export interface Work {
  readonly before: Budget;
  readonly after: Budget;
  readonly proofs: Budget;
}

const TOO_LITTLE = 1_000;

interface Met {
  readonly cases: readonly Case[];
  readonly escrow: boolean;
  readonly outward: boolean;
}

export function comparePair(
  versions: { readonly before: Version; readonly after: Version },
  left: BothAccesses,
  right: BothAccesses,
  work: Work,
): PairChange | undefined {
  const bank = pairBank(withLoops(left.after, left.renamed), withLoops(right.after, right.renamed));
  const old = met(bank, left.renamed, right.renamed, work.before);
  const now = met(bank, left.after, right.after, work.after);
  const [was, is] = [withMarks(bank, old, work.before), withMarks(bank, now, work.after)];
  // Where the work of one version is spent its conditions are coarse, and say nothing about the other's.
  const spent = Math.min(work.before.left, work.after.left) < TOO_LITTLE;
  const found = judge(bank, was, is, work.proofs);
  const judgement = spent && found !== "same" ? "other" : found;
  if (judgement === "same") return undefined;
  const text = (depth: "shown" | "all"): readonly [string, string] => [
    textOf(versions.before, { left: left.before, right: right.before }, [left.pair.before, right.pair.before], depth),
    textOf(versions.after, { left: left.after, right: right.after }, [left.pair.after, right.pair.after], depth),
  ];
  const [shownBefore, shownAfter] = text("shown");
  const [before, after] = shownBefore === shownAfter ? text("all") : [shownBefore, shownAfter];
  return { left: left.pair.after.name, right: right.pair.after.name, judgement, before, after };
}

function met(bank: Bank, left: FunctionAccesses, right: FunctionAccesses, budget: Budget): Met {
  return { ...meetings(bank, left, right, budget), outward: outwardOf(left, right) !== undefined };
}

function formulaOf(bank: Bank, { cases }: Pick<Met, "cases">, depth: "shown" | "all", budget: Budget): Formula {
  const alternatives = cases.map(({ literals }) => (depth === "shown" ? literals : literals.map((each) => ({ ...each, shown: true }))));
  return simplify(bank, alternatives, budget);
}

/** Adds that may not clear, and other contracts, are reasons to wait of which nothing more is known: one each, of its own. */
function withMarks(bank: Bank, found: Met, budget: Budget): Alternatives {
  return [
    ...alternativesIn(bank, formulaOf(bank, found, "all", budget)),
    ...(found.escrow ? [mark(bank, 0)] : []),
    ...(found.outward ? [mark(bank, 1)] : []),
  ];
}

/** Far behind all parameters. */
const MARKS = 2_000_000;

function mark(bank: Bank, number: number): Alternatives[number] {
  const type = { kind: "bool" } as const;
  const subject: Term = { kind: "param", index: MARKS + number, path: [], type };
  const value: Term = { kind: "constant", value: { kind: "bool", value: true }, type };
  const made = literal(bank, { equal: true, left: { side: "left", term: subject }, right: { side: "left", term: value } }, "shown");
  if (typeof made === "string") throw new Bug("a mark that is settled");
  return [made];
}

/** In the words of its own version. */
function textOf(
  version: Version,
  { left, right }: { readonly left: FunctionAccesses; readonly right: FunctionAccesses },
  [a, b]: readonly [FunctionPair["before"], FunctionPair["before"]],
  depth: "shown" | "all",
): string {
  const budget = newBudget();
  const bank = pairBank(left, right);
  const found = met(bank, left, right, budget);
  const scope = { leaves: version.footprint.leaves, left: { binder: "a", params: a.params }, right: { binder: "b", params: b.params } };
  return conditionText(showFormula(formulaOf(bank, found, depth, budget), scope), found).text;
}
