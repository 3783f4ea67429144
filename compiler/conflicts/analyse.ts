/**
 * Conflict conditions: for every pair of external functions when two calls of one contract conflict, and which independence
 * assertions hold. Rules D1-D4 of the semantics. Knows footprints only; never looks at code.
 */
import { Bug } from "../core/bug.ts";
import type { ContractFootprint } from "../footprint/footprint.ts";
import type { FuncId, ParallelClaim, Program } from "../typed/tree.ts";
import { accessesOf } from "./accesses.ts";
import type { FunctionAccesses } from "./facts.ts";
import { newBudget, spend, WORK_PER_PROOF } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { meetings } from "./cases.ts";
import type { Case } from "./cases.ts";
import { alternativesOf, openCases } from "./claims.ts";
import type { ClaimVerdict, Clash, Outward, PairConflict } from "./conflict.ts";
import type { Bank } from "./bank.ts";
import { pairBank } from "./literals.ts";
import { consistent } from "./congruence.ts";
import { exampleOf } from "./example.ts";
import type { Equal } from "./conflict.ts";
import type { Literal } from "./literals.ts";
import { elsewhere, type Elsewhere } from "./outward.ts";
import { simplify } from "./simplify.ts";

export interface ConflictAnalysis {
  /** Every unordered pair of functions of the matrix, each with itself too, in order of declaration. */
  readonly pairs: readonly PairConflict[];
  /** In order of the contract's assertions. */
  readonly claims: readonly ClaimVerdict[];
  /** Functions beyond the matrix's limit, in no pair. */
  readonly omitted: readonly FuncId[];
}

/** The matrix grows with the square. */
const MAX_FUNCTIONS = 128;
/** Clashes listed per pair and per claim; the conditions take all into account. */
const MAX_CLASHES = 100;

export interface ConflictOptions {
  /** Getters of public state take part in the matrix too. */
  readonly getters: boolean;
}

export function analyseConflicts(
  footprint: ContractFootprint,
  program: Program,
  options: ConflictOptions = { getters: false },
): ConflictAnalysis {
  const context = contextOf(footprint);
  const functions = footprint.contract.external.filter((id) => options.getters || roleOf(program, id) !== "getter");
  const shown = functions.slice(0, MAX_FUNCTIONS);
  const pairs = shown.flatMap((left, i) => shown.slice(i).map((right) => pairConflict(context, left, right)));
  return { pairs, claims: proveClaims(footprint), omitted: functions.slice(MAX_FUNCTIONS) };
}

/** The assertions alone: all that a check of a program needs. */
export function proveClaims(footprint: ContractFootprint): readonly ClaimVerdict[] {
  const context = contextOf(footprint);
  return footprint.contract.parallels.map((claim) => proveClaim(context, claim));
}

interface Context {
  readonly accesses: (id: FuncId) => FunctionAccesses;
  readonly budget: Budget;
}

function contextOf(footprint: ContractFootprint): Context {
  const known = new Map<FuncId, FunctionAccesses>();
  return {
    budget: newBudget(),
    accesses: (id) => {
      const found = known.get(id);
      if (found !== undefined) return found;
      const plan = footprint.entries.get(id);
      if (plan === undefined) throw new Bug(`no plan for function ${id}`);
      const made = accessesOf(plan, footprint);
      known.set(id, made);
      return made;
    },
  };
}

function roleOf(program: Program, id: FuncId): string {
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`unknown function ${id}`);
  return func.role;
}

function pairConflict(context: Context, leftId: FuncId, rightId: FuncId): PairConflict {
  const left = context.accesses(leftId);
  const right = context.accesses(rightId);
  const bank = pairBank(left, right);
  const { cases, adds } = meetings(bank, left, right, context.budget);
  const condition = simplify(
    bank,
    cases.map(({ literals }) => literals),
    context.budget,
  );
  return {
    left: leftId,
    right: rightId,
    condition,
    escrow: adds.length > 0,
    clashes: clashesOf(context, bank, cases),
    adds: clashesOf(context, bank, adds),
    outward: outwardOf(context.budget, bank, elsewhere(bank, left, right)),
  };
}

function proveClaim(context: Context, claim: ParallelClaim): ClaimVerdict {
  const left = context.accesses(claim.left.func);
  const right = context.accesses(claim.right.func);
  const bank = pairBank(left, right);
  const { cases } = meetings(bank, left, right, context.budget);
  const given = alternativesOf(bank, claim.when);
  const open = openCases(bank, given, cases, context.budget);
  const outside = openCases(bank, given, elsewhere(bank, left, right), context.budget);
  const [first] = open.length > 0 ? open : outside;
  const example = first === undefined || given === "too large" ? [] : exampleUnder(bank, given, first.literals);
  return { claim, open: clashesOf(context, bank, open), outward: outwardOf(context.budget, bank, outside), example };
}

function exampleUnder(bank: Bank, given: readonly (readonly Literal[])[], literals: readonly Literal[]): readonly Equal[] {
  const way = given.find((alternative) => consistent(bank, [...alternative, ...literals]));
  return way === undefined ? [] : exampleOf(bank, [...way, ...literals]);
}

export function outwardOf(budget: Budget, bank: Bank, places: readonly Elsewhere[]): Outward | undefined {
  const possible = places.filter(({ literals }) => !spend(budget, WORK_PER_PROOF + literals.length) || consistent(bank, literals));
  const first = possible.at(0);
  if (first === undefined) return undefined;
  const ways = possible.map(({ literals }) => literals);
  return { left: first.left, right: first.right, condition: simplify(bank, ways, budget) };
}

function clashesOf(context: Context, bank: Bank, cases: readonly Case[]): readonly Clash[] {
  return cases
    .slice(0, MAX_CLASHES)
    .map(({ left, right, literals }) => ({ left, right, condition: simplify(bank, [literals], context.budget) }));
}
