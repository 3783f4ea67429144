import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Type } from "../../compiler/core/types.ts";
import { analyseConflicts, proveClaims } from "../../compiler/conflicts/analyse.ts";
import { missingCondition } from "../../compiler/conflicts/missing.ts";
import { accessesOf } from "../../compiler/conflicts/accesses.ts";
import { alternativesOf } from "../../compiler/conflicts/claims.ts";
import { pairBank } from "../../compiler/conflicts/literals.ts";
import type { SidedTerm } from "../../compiler/conflicts/conflict.ts";
import type { PlanStep, Term } from "../../compiler/footprint/footprint.ts";
import type { ClaimTerm, Condition } from "../../compiler/typed/tree.ts";
import { addsMeet, clash, conditionHolds, dependsOnState, holds, run } from "../helpers/concrete.ts";
import type { Call } from "../helpers/concrete.ts";
import {
  ADDRESS,
  BOOL,
  CALLER,
  HEIGHT,
  SELF,
  U256,
  U64,
  account,
  adds,
  counting,
  draws,
  eachOf,
  element,
  funcId,
  handmade,
  int,
  loopId,
  loopIndex,
  op,
  param,
  plus,
  read,
  reads,
  receives,
  ticket,
  ticketId,
  unknown,
  when,
  writes,
} from "../helpers/plans.ts";
import type { HandLeaf } from "../helpers/plans.ts";

const LIST: Type = { kind: "list", element: ADDRESS, max: 3 };
const PARAMS = [
  { name: "id", type: U64 },
  { name: "other", type: U64 },
  { name: "to", type: ADDRESS },
  { name: "flag", type: BOOL },
  { name: "many", type: LIST },
];
const MANY = param(4, LIST);
const IDS = 5;
const LEAVES: readonly HandLeaf[] = [
  { name: "total", keys: [], type: U64 },
  { name: "items", keys: [U64], type: U64 },
  { name: "grid", keys: [U64, ADDRESS], type: U64 },
  { name: "owners", keys: [ADDRESS], type: ADDRESS },
  { name: "ids", keys: [], type: { kind: "sequence", bits: 64 } },
];

// --- random plans ----------------------------------------------------------------------------------------------------

/** What terms may use where they stand. */
interface Around {
  readonly list: number | undefined;
  readonly range: number | undefined;
  readonly tickets: readonly number[];
}

const TOP: Around = { list: undefined, range: undefined, tickets: [1] };

function number(around: Around, depth: number): fc.Arbitrary<Term> {
  const simple: fc.Arbitrary<Term>[] = [
    fc.constantFrom(param(0), param(1), param(0)),
    fc.integer({ min: 0, max: 3 }).map((value) => int(value)),
    fc.constantFrom(HEIGHT, { kind: "immutable", leaf: 1, type: U64 } as const),
    fc.constantFrom(...around.tickets.map((id) => ticket(id, IDS))),
  ];
  if (around.range !== undefined) simple.push(fc.constant(loopIndex(around.range)));
  if (depth === 0) return fc.oneof(...simple);
  const inner = number(around, depth - 1);
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...simple) },
    { weight: 2, arbitrary: fc.tuple(inner, fc.constantFrom(1, 2, -1)).map(([term, by]) => plus(term, by)) },
    { weight: 1, arbitrary: inner.map((term) => op("convert", U256, term)) },
    { weight: 1, arbitrary: fc.tuple(inner, inner).map(([a, b]) => op("+", U64, a, b)) },
    { weight: 1, arbitrary: inner.map((term) => read(1, 2, [term], U64)) },
    {
      weight: 1,
      arbitrary: fc.tuple(inner, inner).map(([a, b]): Term => ({ kind: "if", cond: param(3, BOOL), then: a, otherwise: b, type: U64 })),
    },
    { weight: 1, arbitrary: fc.constant(0).map(() => unknown(U64)) },
  );
}

function someone(around: Around, depth: number): fc.Arbitrary<Term> {
  const simple: fc.Arbitrary<Term>[] = [
    fc.constantFrom(CALLER, param(2, ADDRESS)),
    fc.integer({ min: 0, max: 2 }).map(account),
    fc.constant(SELF),
  ];
  if (around.list !== undefined) simple.push(fc.constant(element(MANY, loopIndex(around.list))));
  if (depth === 0) return fc.oneof(...simple);
  const inner = someone(around, depth - 1);
  return fc.oneof(
    { weight: 6, arbitrary: fc.oneof(...simple) },
    { weight: 1, arbitrary: inner.map((term) => read(2, 4, [term], ADDRESS)) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 1 }).map((i) => element(MANY, int(i))) },
    { weight: 1, arbitrary: fc.constant(0).map(() => unknown(ADDRESS)) },
  );
}

function condition(around: Around, depth: number): fc.Arbitrary<Term> {
  const numbers = number(around, 1);
  const people = someone(around, 1);
  const simple: fc.Arbitrary<Term> = fc.oneof(
    fc.constant(param(3, BOOL)),
    fc.tuple(fc.constantFrom("==", "!=", "<"), numbers, numbers).map(([name, a, b]) => op(name, BOOL, a, b)),
    fc.tuple(fc.constantFrom("==", "!="), people, people).map(([name, a, b]) => op(name, BOOL, a, b)),
  );
  if (depth === 0) return simple;
  const inner = condition(around, depth - 1);
  return fc.oneof(
    { weight: 4, arbitrary: simple },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom("&&", "||"), inner, inner).map(([name, a, b]) => op(name, BOOL, a, b)) },
    { weight: 1, arbitrary: inner.map((term) => op("!", BOOL, term)) },
  );
}

function accessStep(around: Around): fc.Arbitrary<PlanStep> {
  const access = fc.constantFrom(reads, writes, adds);
  return fc.oneof(
    { weight: 1, arbitrary: access.map((make) => make(1)) },
    { weight: 4, arbitrary: fc.tuple(access, number(around, 2)).map(([make, key]) => make(2, key)) },
    { weight: 4, arbitrary: fc.tuple(access, number(around, 2), someone(around, 2)).map(([make, key, who]) => make(3, key, who)) },
    { weight: 4, arbitrary: fc.tuple(access, someone(around, 2)).map(([make, who]) => make(4, who)) },
    { weight: 1, arbitrary: fc.tuple(access, someone(around, 1)).map(([make, who]) => make(0, who)) },
    { weight: 1, arbitrary: fc.constant(0).map(() => receives()) },
  );
}

let loops = 0;

function steps(around: Around, depth: number): fc.Arbitrary<readonly PlanStep[]> {
  const single: fc.Arbitrary<PlanStep>[] = [accessStep(around), accessStep(around)];
  if (depth > 0) {
    const inner = steps(around, depth - 1);
    single.push(fc.tuple(condition(around, 1), inner, inner).map(([cond, then, otherwise]) => when(cond, then, otherwise)));
    const list = ++loops;
    const range = ++loops;
    single.push(steps({ ...around, list }, depth - 1).map((body) => eachOf(list, MANY, body)));
    const drawing = { ...around, range, tickets: [...around.tickets, 10 + range] };
    const end = fc.constantFrom(param(1), int(3));
    single.push(
      fc.tuple(end, steps(drawing, depth - 1)).map(([to, body]) => counting(range, int(0), to, 3, [draws(10 + range, IDS), ...body])),
    );
  }
  return fc.array(fc.oneof(...single), { minLength: 1, maxLength: 3 });
}

const plan = steps(TOP, 2).map((body): readonly PlanStep[] => distinct([draws(1, IDS), ...body]));

/** Loops and tickets of a plan have ids of their own, however often the generator used the same one. */
function distinct(body: readonly PlanStep[]): readonly PlanStep[] {
  let next = 100;
  const renamed = (inner: readonly PlanStep[], names: ReadonlyMap<number, number>): readonly PlanStep[] => {
    const known = new Map(names);
    return inner.map((step): PlanStep => {
      switch (step.kind) {
        case "access":
          return { ...step, keys: step.keys.map((key) => renameIn(key, known)) };
        case "branch": {
          const cond = renameIn(step.cond, known);
          return { ...step, cond, then: renamed(step.then, known), otherwise: renamed(step.otherwise, known) };
        }
        case "loop": {
          const id = next++;
          return { ...step, loop: loopId(id), body: renamed(step.body, new Map([...known, [step.loop, id]])) };
        }
        case "ticket": {
          known.set(step.ticket, next++);
          return { ...step, ticket: ticketId(known.get(step.ticket) ?? 0) };
        }
        case "receive":
        case "stop":
        case "sure":
        case "external":
        case "create":
          return step;
      }
    });
  };
  return renamed(body, new Map());
}

function renameIn(term: Term, names: ReadonlyMap<number, number>): Term {
  const inner = (child: Term): Term => renameIn(child, names);
  switch (term.kind) {
    case "loopIndex":
      return { ...term, loop: loopId(names.get(term.loop) ?? term.loop) };
    case "ticket":
      return { ...term, ticket: ticketId(names.get(term.ticket) ?? term.ticket) };
    case "length":
    case "member":
    case "isVariant":
    case "payload":
      return { ...term, of: inner(term.of) };
    case "made":
      return { ...term, parts: term.parts.map(inner) };
    case "decoded":
      return { ...term, data: inner(term.data) };
    case "element":
      return { ...term, list: inner(term.list), index: inner(term.index) };
    case "read":
      return { ...term, keys: term.keys.map(inner) };
    case "past":
      return { ...term, keys: term.keys.map(inner), height: inner(term.height) };
    case "op":
      return { ...term, args: term.args.map(inner) };
    case "if":
      return { ...term, cond: inner(term.cond), then: inner(term.then), otherwise: inner(term.otherwise) };
    case "constant":
    case "param":
    case "context":
    case "immutable":
    case "unknown":
      return term;
  }
}

// --- random calls and conditions -------------------------------------------------------------------------------------

const small = fc.integer({ min: 0, max: 3 });
const person = fc.integer({ min: 0, max: 2 });
const args = fc.tuple(small, small, person, fc.integer({ min: 0, max: 1 }), fc.array(person, { maxLength: 3 }));
const calls = fc
  .tuple(args, person, args, person, fc.integer({ min: 0, max: 5 }), fc.boolean())
  .map(([leftArgs, leftCaller, rightArgs, rightCaller, base, leftFirst]): { readonly left: Call; readonly right: Call } => ({
    // No plan here draws a thousand numbers, so those of the two calls differ.
    left: { args: leftArgs, caller: leftCaller, state: 11 + base, tickets: leftFirst ? base : base + 1_000 },
    right: { args: rightArgs, caller: rightCaller, state: 23 + base, tickets: leftFirst ? base + 1_000 : base },
  }));
const manyCalls = fc.array(calls, { minLength: 12, maxLength: 12 });

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
            // Adds at cells that nobody knows are writes.
            if (addsMeet(a, b)) expect(escrow || said).toBe(true);
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
        const bank = pairBank(accessesOf(fPlan, footprint.leaves), accessesOf(gPlan, footprint.leaves));
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
