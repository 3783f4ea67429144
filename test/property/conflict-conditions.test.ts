import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyseConflicts, proveClaims } from "../../compiler/conflicts/analyse.ts";
import { missingCondition } from "../../compiler/conflicts/missing.ts";
import { accessesOf } from "../../compiler/conflicts/accesses.ts";
import { alternativesOf } from "../../compiler/conflicts/claims.ts";
import { pairBank } from "../../compiler/conflicts/literals.ts";
import type { SidedTerm } from "../../compiler/conflicts/conflict.ts";
import type { ClaimTerm, Condition } from "../../compiler/typed/tree.ts";
import { dependsOnState } from "../helpers/concrete.ts";
import { checkConditions, checkExact, checkProved } from "../helpers/conflict-checks.ts";
import { contractOf, given, plan } from "../helpers/made-plans.ts";
import { ADDRESS, funcId } from "../helpers/plans.ts";
import { runSettings } from "../helpers/runs.ts";

describe("conflict conditions", () => {
  it("hold whenever two calls touch one cell in clashing modes, and mark adds that meet", () => {
    const { held, inVain } = checkConditions(analyseConflicts, runSettings("conflict conditions", 250));
    // Conditions that hold without a clash come from unknown keys, conditions on state, and calls that fail on the way.
    expect(held).toBeGreaterThan(1_000);
    expect(inVain / held).toBeLessThan(0.6);
  });

  it("are exact for plans without unknown keys, conditions and sums that can fail", () => {
    checkExact(analyseConflicts, runSettings("exact conflict conditions", 600));
  });
});

describe("independence assertions", () => {
  it("that are proved hold for all calls under their condition", () => {
    expect(checkProved(proveClaims, runSettings("proved claims", 1_000))).toBeGreaterThan(50);
  });

  it("are proved once the missing condition is added", () => {
    let completed = 0;
    fc.assert(
      fc.property(plan, plan, given, (f, g, condition) => {
        const { footprint, program } = contractOf(f, g, condition);
        const [{ open }] = proveClaims(footprint);
        const func = (id: number) => program.functions.get(funcId(id));
        const [left, right] = [func(0), func(1)];
        if (open.length === 0 || left === undefined || right === undefined) return;
        const [fPlan, gPlan] = [footprint.entries.get(left.id), footprint.entries.get(right.id)];
        if (fPlan === undefined || gPlan === undefined) return;
        const bank = pairBank(accessesOf(fPlan, footprint), accessesOf(gPlan, footprint));
        const own = alternativesOf(bank, condition);
        if (own === "too large") return;
        const missing = missingCondition(bank, open, own, { left, right });
        if (missing.kind === "none") return;
        completed++;
        const clauses = missing.clauses.map((clause) => clause.map((atom): Condition => comparisonOf(atom.equal, atom.left, atom.right)));
        const both = clauses.reduce<Condition>((all, clause) => ({ kind: "and", left: all, right: anyOf(clause) }), condition);
        expect(proveClaims(contractOf(f, g, both).footprint)[0].open).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    expect(completed).toBeGreaterThan(50);
  });
});

function anyOf(conditions: readonly Condition[]): Condition {
  return conditions.reduce((left, right) => ({ kind: "or", left, right }));
}

function comparisonOf(equal: boolean, left: SidedTerm, right: SidedTerm): Condition {
  return { kind: equal ? "equal" : "differ", left: claimTerm(left), right: claimTerm(right) };
}

function claimTerm({ side: ofSide, term }: SidedTerm): ClaimTerm {
  expect(dependsOnState(term)).toBe(false);
  if (term.kind === "param") return { kind: "param", side: ofSide, index: term.index, type: term.type };
  if (term.kind === "context") return { kind: "caller", side: ofSide, type: ADDRESS };
  if (term.kind === "constant") return { kind: "constant", value: term.value, type: term.type };
  throw new Error(`a condition can't say ${term.kind}`);
}
