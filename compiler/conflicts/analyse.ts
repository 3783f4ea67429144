/**
 * Conflict conditions: for every pair of external functions when two calls of one contract conflict, and which independence
 * assertions hold. Rules D1-D4 of the semantics. Knows footprints only; never looks at code.
 */
import { Bug } from "../core/bug.ts";
import { COIN, type ContractFootprint } from "../footprint/footprint.ts";
import type { FuncId, ParallelClaim, Program } from "../typed/tree.ts";
import { accessesOf } from "./accesses.ts";
import type { FunctionAccesses } from "./facts.ts";
import { newBudget } from "./budget.ts";
import type { Budget } from "./budget.ts";
import { meetings } from "./cases.ts";
import type { Case } from "./cases.ts";
import { alternativesOf, openCases } from "./claims.ts";
import type { ClaimVerdict, Clash, Outward, PairConflict } from "./conflict.ts";
import type { Bank } from "./bank.ts";
import { pairBank } from "./literals.ts";
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
      const made = accessesOf(plan);
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
  const { cases, escrow } = meetings(bank, left, right, context.budget);
  const condition = simplify(
    bank,
    cases.map(({ literals }) => literals),
    context.budget,
  );
  return { left: leftId, right: rightId, condition, escrow, clashes: clashesOf(context, bank, cases), outward: outwardOf(left, right) };
}

function proveClaim(context: Context, claim: ParallelClaim): ClaimVerdict {
  const left = context.accesses(claim.left.func);
  const right = context.accesses(claim.right.func);
  const bank = pairBank(left, right);
  const { cases } = meetings(bank, left, right, context.budget);
  const open = openCases(bank, alternativesOf(bank, claim.when), cases, context.budget);
  return { claim, open: clashesOf(context, bank, open), outward: outwardOf(left, right) };
}

/** A contract that is active can't be entered again, so a callee reaches none of its cells but the coin. */
export function outwardOf(left: FunctionAccesses, right: FunctionAccesses): Outward | undefined {
  const [ofLeft, ofRight] = [left.outward.at(0), right.outward.at(0)];
  const meets = ofLeft === undefined ? left.byLeaf.has(COIN) : ofRight !== undefined || right.byLeaf.has(COIN);
  return meets && (ofLeft ?? ofRight) !== undefined ? { left: ofLeft, right: ofRight } : undefined;
}

function clashesOf(context: Context, bank: Bank, cases: readonly Case[]): readonly Clash[] {
  return cases
    .slice(0, MAX_CLASHES)
    .map(({ left, right, literals }) => ({ left, right, condition: simplify(bank, [literals], context.budget) }));
}
