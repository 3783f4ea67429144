/**
 * For two functions that both versions have: when calls of them wait for each other, before and after, and which of the two is the weaker
 * condition. Conditions are held against each other with all that is known of the call; what is shown leaves out what a reader can do without.
 */
import { Bug } from "../core/bug.ts";
import { accessesOf } from "../conflicts/accesses.ts";
import { outwardOf } from "../conflicts/analyse.ts";
import type { Bank } from "../conflicts/bank.ts";
import { newBudget, spend } from "../conflicts/budget.ts";
import type { Budget } from "../conflicts/budget.ts";
import { meetings } from "../conflicts/cases.ts";
import type { Case } from "../conflicts/cases.ts";
import type { Formula } from "../conflicts/conflict.ts";
import type { FunctionAccesses } from "../conflicts/facts.ts";
import { alternativesIn, distinct, implies, judge, sameAlternatives } from "../conflicts/implication.ts";
import type { Alternatives, Judgement } from "../conflicts/implication.ts";
import { literal, pairBank } from "../conflicts/literals.ts";
import { cellOf } from "../conflicts/matrix.ts";
import { elsewhere } from "../conflicts/outward.ts";
import type { Elsewhere } from "../conflicts/outward.ts";
import { simplify } from "../conflicts/simplify.ts";
import type { FlatAccess, LeafIndex, Term } from "../footprint/footprint.ts";
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
  const leaves = leafNames(before.footprint.leaves, after.footprint.leaves);
  const rename = translation({ ...leaves, param: paramNames(pair.before, pair.after), ticket: ticketNames(old, now, leaves.leaf) });
  const known = accessesOf(old, before.footprint);
  return { pair, rename, before: known, renamed: rename.accesses(known), after: accessesOf(now, after.footprint) };
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
  /** What is shown gets coarse when it is spent, as in the matrix. */
  readonly texts: Budget;
}

/** To hold two conditions against each other; those of ordinary contracts take a hundredth. */
const WORK_PER_PAIR = 40_000;
const TOO_LITTLE = 1_000;

interface Met {
  readonly cases: readonly Case[];
  readonly adds: readonly Case[];
  readonly outward: readonly Elsewhere[];
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
  const [was, is] = [withMark(bank, old, work.before), withMark(bank, now, work.after)];
  // Where the work of one version is spent its conditions are coarse, and say nothing about the other's.
  const spent = Math.min(work.before.left, work.after.left) < TOO_LITTLE;
  const proofs = newBudget(Math.min(WORK_PER_PAIR, work.proofs.left));
  const onCells = judge(bank, was, is, proofs);
  const sides = { before: { ...old, left: left.renamed, right: right.renamed }, after: { ...now, left: left.after, right: right.after } };
  const found = onCells === "same" ? judgeEscrow(bank, is, sides, proofs) : onCells;
  spend(work.proofs, WORK_PER_PAIR - proofs.left);
  const judgement = spent && found !== "same" ? "other" : found;
  if (judgement === "same") return undefined;
  const text = (depth: "shown" | "all"): readonly [string, string] => [
    textOf(versions.before, { left: left.before, right: right.before }, depth, work.texts),
    textOf(versions.after, { left: left.after, right: right.after }, depth, work.texts),
  ];
  const [shownBefore, shownAfter] = text("shown");
  const [before, after] = shownBefore === shownAfter ? text("all") : [shownBefore, shownAfter];
  return { left: left.pair.after.name, right: right.pair.after.name, judgement, before, after };
}

function met(bank: Bank, left: FunctionAccesses, right: FunctionAccesses, budget: Budget): Met {
  return { ...meetings(bank, left, right, budget), outward: elsewhere(bank, left, right) };
}

function formulaOf(bank: Bank, { cases }: Pick<Met, "cases">, depth: "shown" | "all", budget: Budget): Formula {
  const alternatives = cases.map(({ literals }) => (depth === "shown" ? literals : literals.map((each) => ({ ...each, shown: true }))));
  return simplify(bank, alternatives, budget);
}

/** Ways to meet that are held against each other; of more a summary. */
const MAX_WAYS = 512;

/** With all that is known. That calls may meet in other contracts is a reason to wait of which nothing more is known than how they get there. */
function withMark(bank: Bank, found: Met, budget: Budget): Alternatives {
  const { cases, outward } = found;
  const ways =
    cases.length > MAX_WAYS ? alternativesIn(bank, formulaOf(bank, found, "all", budget)) : cases.map(({ literals }) => literals);
  const there = mark(bank);
  return distinct([...ways, ...outward.map(({ literals }) => [...literals, ...there])]);
}

/** Far behind all parameters. */
const MARK = 2_000_000;

function mark(bank: Bank): Alternatives[number] {
  const type = { kind: "bool" } as const;
  const subject: Term = { kind: "param", index: MARK, path: [], type };
  const value: Term = { kind: "constant", value: { kind: "bool", value: true }, type };
  const made = literal(bank, { equal: true, left: { side: "left", term: subject }, right: { side: "left", term: value } }, "shown");
  if (typeof made === "string") throw new Bug("a mark that is settled");
  return [made];
}

/** Adds that meet wait only where a sum isn't cleared: that counts where nothing else changed, and where the calls don't wait anyway. */
function judgeEscrow(bank: Bank, waits: Alternatives, sides: Readonly<Record<"before" | "after", Sides>>, budget: Budget): Judgement {
  const [was, is] = [sides.before, sides.after].map((side) => addsMeet(bank, side, budget));
  if (sameAlternatives(was, is)) return "same";
  const [before, after] = [was, is].map((ways) => implies(bank, ways, waits, budget));
  if (before === after || before === "unknown" || after === "unknown") return "same";
  return before ? "less" : "more";
}

interface Sides extends Met {
  readonly left: FunctionAccesses;
  readonly right: FunctionAccesses;
}

function addsMeet(bank: Bank, { adds, left, right }: Sides, budget: Budget): Alternatives {
  if (adds.length === 0) return [];
  const { cases } = meetings(bank, addsOf(left), addsOf(right), budget);
  return distinct([...adds, ...cases.slice(0, MAX_WAYS)].map(({ literals }) => literals));
}

/** As writes: they meet where those would clash. */
function addsOf(accesses: FunctionAccesses): FunctionAccesses {
  const byLeaf = [...accesses.byLeaf].map(([leaf, all]): [LeafIndex, readonly FlatAccess[]] => [
    leaf,
    all.flatMap((access) => (access.mode === "D" ? [{ ...access, mode: "W" as const }] : [])),
  ]);
  return { ...accesses, errors: [], byLeaf: new Map(byLeaf.filter(([, all]) => all.length > 0)) };
}

/** All that is known of when calls of the two wait, in the words of their own version. */
export function wholeCondition(left: FunctionAccesses, right: FunctionAccesses): Formula {
  const { cases } = meetings(pairBank(left, right), left, right, newBudget());
  return distinct(cases.map(({ literals }) => literals)).map((literals) => literals.map(({ atom }) => atom));
}

function textOf(
  { footprint, program }: Version,
  { left, right }: { readonly left: FunctionAccesses; readonly right: FunctionAccesses },
  depth: "shown" | "all",
  budget: Budget,
): string {
  const bank = pairBank(left, right);
  const found = met(bank, left, right, budget);
  const condition = formulaOf(bank, found, depth, budget);
  const outward = outwardOf(budget, bank, found.outward);
  const pair = { left: left.func, right: right.func, condition, escrow: found.adds.length > 0, clashes: [], adds: [], outward };
  return cellOf(footprint, program, pair).text;
}
