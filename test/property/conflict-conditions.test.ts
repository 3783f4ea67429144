import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyseConflicts, proveClaims } from "../../compiler/conflicts/analyse.ts";
import { missingCondition } from "../../compiler/conflicts/missing.ts";
import { accessesOf } from "../../compiler/conflicts/accesses.ts";
import { alternativesOf } from "../../compiler/conflicts/claims.ts";
import { pairBank } from "../../compiler/conflicts/literals.ts";
import type { SidedTerm } from "../../compiler/conflicts/conflict.ts";
import type { PlanStep } from "../../compiler/footprint/footprint.ts";
import type { ClaimTerm, Condition } from "../../compiler/typed/tree.ts";
import { addsMeet, clash, conditionHolds, dependsOnState, holds, run } from "../helpers/concrete.ts";
import { ADDRESS, CALLER, U64, account, adds, draws, funcId, handmade, int, param, reads, ticket, writes } from "../helpers/plans.ts";
import { IDS, LEAVES, manyCalls, PARAMS, plan, small } from "../helpers/random-plans.ts";

// --- random calls and conditions -------------------------------------------------------------------------------------

const side = fc.constantFrom("left" as const, "right" as const);
const claimNumber: fc.Arbitrary<ClaimTerm> = fc.oneof(
  fc.tuple(side, fc.constantFrom(0, 1)).map(([s, index]): ClaimTerm => ({ kind: "param", side: s, index, type: U64 })),
  small.map((value): ClaimTerm => ({ kind: "constant", value: { kind: "int", value: BigInt(value) }, type: U64 })),
);
const claimPerson: fc.Arbitrary<ClaimTerm> = fc.oneof(
  side.map((s): ClaimTerm => ({ kind: "caller", side: s, type: ADDRESS })),
  side.map((s): ClaimTerm => ({ kind: "param", side: s, index: 2, type: ADDRESS })),
);
const comparison: fc.Arbitrary<Condition> = fc
  .tuple(
    fc.constantFrom("equal" as const, "differ" as const),
    fc.oneof(fc.tuple(claimNumber, claimNumber), fc.tuple(claimPerson, claimPerson)),
  )
  .map(([kind, [left, right]]) => ({ kind, left, right }));
const given: fc.Arbitrary<Condition> = fc.oneof(
  comparison,
  fc.tuple(fc.constantFrom("and" as const, "or" as const), comparison, comparison).map(([kind, left, right]) => ({ kind, left, right })),
);

function contractOf(f: readonly PlanStep[], g: readonly PlanStep[], condition?: Condition): ReturnType<typeof handmade> {
  return handmade(
    LEAVES,
    [
      { name: "f", params: PARAMS, steps: f },
      { name: "g", params: PARAMS, steps: g },
    ],
    [{ left: 0, right: 1, ...(condition === undefined ? {} : { when: condition }) }],
  );
}

function planOf(contract: ReturnType<typeof handmade>, id: number): Parameters<typeof run>[0] {
  const found = contract.footprint.entries.get(funcId(id));
  if (found === undefined) throw new Error("no plan");
  return found;
}

describe("conflict conditions", () => {
  it("hold whenever two calls touch one cell in clashing modes, and mark adds that meet", () => {
    let conditions = 0;
    let without = 0;
    fc.assert(
      fc.property(plan, plan, manyCalls, (f, g, pairs) => {
        const contract = contractOf(f, g);
        const { pairs: found } = analyseConflicts(contract.footprint, contract.program);
        for (const { left, right } of pairs) {
          for (const { left: l, right: r, condition, escrow } of found) {
            const a = run(planOf(contract, l), left);
            const b = run(planOf(contract, r), right);
            const really = clash(a, b);
            const said = holds(condition, a, b);
            if (really) expect(said).toBe(true);
            if (addsMeet(a, b)) expect(escrow).toBe(true);
            if (!said) continue;
            conditions++;
            if (!really) without++;
          }
        }
      }),
      { numRuns: 400 },
    );
    // Conditions that hold without a clash come from unknown keys, conditions on state, and calls that fail on the way.
    expect(conditions).toBeGreaterThan(1_000);
    expect(without / conditions).toBeLessThan(0.6);
  });

  it("are exact for plans without unknown keys, conditions and sums that can fail", () => {
    const exact = fc.array(
      fc.oneof(
        fc
          .tuple(fc.constantFrom(reads, writes, adds), fc.constantFrom(param(0), param(1), int(1), ticket(1, IDS)))
          .map(([make, key]): PlanStep => make(2, key)),
        fc
          .tuple(
            fc.constantFrom(reads, writes, adds),
            fc.constantFrom(param(0), int(2)),
            fc.constantFrom(CALLER, param(2, ADDRESS), account(1)),
          )
          .map(([make, key, who]): PlanStep => make(3, key, who)),
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(exact, exact, manyCalls, (f, g, pairs) => {
        const contract = contractOf([draws(1, IDS), ...f], [draws(1, IDS), ...g]);
        const { pairs: found } = analyseConflicts(contract.footprint, contract.program);
        for (const { left, right } of pairs) {
          for (const { left: l, right: r, condition } of found) {
            const a = run(planOf(contract, l), left);
            const b = run(planOf(contract, r), right);
            expect(holds(condition, a, b)).toBe(clash(a, b));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("independence assertions", () => {
  it("that are proved hold for all calls under their condition", () => {
    let proved = 0;
    fc.assert(
      fc.property(plan, plan, given, manyCalls, (f, g, condition, pairs) => {
        const contract = contractOf(f, g, condition);
        const [verdict] = proveClaims(contract.footprint);
        if (verdict.open.length > 0) return;
        proved++;
        for (const { left, right } of pairs) {
          if (!conditionHolds(condition, left, right)) continue;
          expect(clash(run(planOf(contract, 0), left), run(planOf(contract, 1), right))).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(proved).toBeGreaterThan(50);
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
        const bank = pairBank(accessesOf(fPlan), accessesOf(gPlan));
        const missing = missingCondition(bank, open, alternativesOf(bank, condition), { left, right });
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
