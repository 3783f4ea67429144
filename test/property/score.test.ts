/**
 * The score's graph against the conflict conditions. Plans are random; calls are drawn from few accounts and numbers, so
 * that they meet. A small evaluator of plans for tests (`test/helpers/concrete.ts`) decides the conditions; it knows nothing of the score's.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analyseConflicts } from "../../compiler/conflicts/analyse.ts";
import type { Concrete } from "../../compiler/footprint/concrete-value.ts";
import type { PlanStep, Term } from "../../compiler/footprint/footprint.ts";
import type { Func, FuncId, Program } from "../../compiler/typed/tree.ts";
import { numberCells } from "../../compiler/score/cells.ts";
import type { Draw } from "../../compiler/score/draw.ts";
import { createDrawer } from "../../compiler/score/draw.ts";
import type { TaskGraph } from "../../compiler/score/graph.ts";
import { createRandom } from "../../compiler/score/random.ts";
import { sampleCalls } from "../../compiler/score/sample.ts";
import type { Kind, SampledCall } from "../../compiler/score/sample.ts";
import { graphOf } from "../../compiler/score/score.ts";
import type { Touched } from "../../compiler/score/touches.ts";
import { touchedBy } from "../../compiler/score/touches.ts";
import { atStart, givenTo } from "../../compiler/score/world.ts";
import type { World } from "../../compiler/score/world.ts";
import { closed, edgesOf, relation } from "../helpers/task-graph.ts";
import type { Relation } from "../helpers/task-graph.ts";
import { clash, holds, run } from "../helpers/concrete.ts";
import type { Ran } from "../helpers/concrete.ts";
import {
  ADDRESS,
  BOOL,
  CALLER,
  U256,
  U64,
  account,
  adds,
  draws,
  eachOf,
  counting,
  element,
  equal,
  funcId,
  handmade,
  int,
  loopIndex,
  op,
  param,
  plus,
  read,
  reads,
  ticket,
  when,
  writes,
} from "../helpers/plans.ts";
import type { HandLeaf } from "../helpers/plans.ts";

// --- random plans and blocks -------------------------------------------------------------------------------------------

const LIST = { kind: "list", element: ADDRESS, max: 3 } as const;
const MANY = param(4, LIST);
const PARAMS = [
  { name: "id", type: U64 },
  { name: "other", type: U64 },
  { name: "to", type: ADDRESS },
  { name: "flag", type: BOOL },
  { name: "many", type: LIST },
];
const IDS = 5;
const LEAVES: readonly HandLeaf[] = [
  { name: "total", keys: [], type: U64 },
  { name: "items", keys: [U64], type: U64 },
  { name: "grid", keys: [U64, ADDRESS], type: U64 },
  { name: "owners", keys: [ADDRESS], type: ADDRESS },
  { name: "ids", keys: [], type: { kind: "sequence", bits: 64 } },
];

const smallNumber = fc.constantFrom<Term>(
  param(0),
  param(1),
  plus(param(0), 1),
  op("convert", U256, param(0)),
  op("+", U64, param(0), param(1)),
  { kind: "if", cond: param(3, BOOL), then: param(0), otherwise: param(1), type: U64 },
  { kind: "immutable", leaf: 1, type: U64 },
  int(1),
  int(2),
  ticket(1, IDS),
);
const someone = fc.constantFrom<Term>(CALLER, param(2, ADDRESS), account(1), account(2));
const anyone = fc.constantFrom<Term>(CALLER, param(2, ADDRESS), account(1));
const condition = fc.oneof(
  fc.constant(param(3, BOOL)),
  fc.tuple(smallNumber, smallNumber).map(([a, b]) => equal(a, b)),
  fc.tuple(anyone, anyone).map(([a, b]) => equal(a, b)),
  fc.constant(op("!", BOOL, param(3, BOOL))),
  fc.tuple(smallNumber, smallNumber).map(([a, b]) => op("&&", BOOL, param(3, BOOL), op("!=", BOOL, a, b))),
);
const access = fc.constantFrom(reads, writes, adds, adds);

function accessStep(number: fc.Arbitrary<Term>, person: fc.Arbitrary<Term>): fc.Arbitrary<PlanStep> {
  return fc.oneof(
    { weight: 1, arbitrary: access.map((make) => make(1)) },
    { weight: 3, arbitrary: fc.tuple(access, number).map(([make, key]) => make(2, key)) },
    { weight: 3, arbitrary: fc.tuple(access, number, person).map(([make, key, who]) => make(3, key, who)) },
    { weight: 3, arbitrary: fc.tuple(access, person).map(([make, who]) => make(4, who)) },
  );
}

const plain = accessStep(smallNumber, someone);
const inList = accessStep(smallNumber, fc.constant(element(MANY, loopIndex(1))));
const inRange = accessStep(fc.constant(loopIndex(2)), someone);
const step = fc.oneof(
  { weight: 5, arbitrary: plain },
  {
    weight: 2,
    arbitrary: fc
      .tuple(condition, fc.array(plain, { maxLength: 2 }), fc.array(plain, { maxLength: 1 }))
      .map(([cond, then, otherwise]) => when(cond, then, otherwise)),
  },
  { weight: 1, arbitrary: inList.map((body) => eachOf(1, MANY, [body])) },
  { weight: 1, arbitrary: inRange.map((body) => counting(2, int(0), param(1), 3, [body])) },
);
/** Keys that follow from the call alone. */
const staticPlan = fc.array(step, { minLength: 2, maxLength: 4 }).map((body) => [draws(1, IDS), ...body]);
/** Such that their conditions are exact: those that only exclude something are left out of conditions, and so is that a loop has a round. */
const exactStep = fc.oneof(
  { weight: 5, arbitrary: plain },
  { weight: 2, arbitrary: fc.tuple(plain, plain).map(([then, otherwise]) => when(param(3, BOOL), [then], [otherwise])) },
  { weight: 1, arbitrary: inList.map((body) => eachOf(1, MANY, [body])) },
  { weight: 1, arbitrary: inRange.map((body) => counting(2, int(0), int(2), 3, [body])) },
);
const exactPlan = fc.array(exactStep, { minLength: 2, maxLength: 4 }).map((body) => [draws(1, IDS), ...body]);
/** Some keys are read from a cell that other calls may write. */
const stored = read(1, 4, [CALLER], ADDRESS);
const stagedStep = fc.oneof(
  plain,
  fc
    .tuple(access, fc.constantFrom<Term>(param(0), int(1)))
    .map(([make, key]): PlanStep => when(param(3, BOOL), [reads(4, CALLER), make(3, key, stored)])),
  access.map((make): PlanStep => when(op("!", BOOL, param(3, BOOL)), [reads(4, CALLER), make(4, stored)])),
);
const stagedPlan = fc.array(stagedStep, { minLength: 1, maxLength: 3 }).map((body) => [draws(1, IDS), ...body]);

function person(digit: number): string {
  return `0x${String(digit).repeat(40)}`;
}

const PEOPLE: Draw = {
  kind: "oneOf",
  choices: [0, 1, 2].map((digit) => ({ kind: "constant", value: person(digit) })),
};
const NUMBERS: Draw = { kind: "int", least: 0n, greatest: 3n, skew: 0 };
const FLAG: Draw = { kind: "oneOf", choices: [true, false].map((value) => ({ kind: "constant", value })) };
const POPULATION = { accounts: 3, ids: 4, skew: 0 };

function funcIn(program: Program, id: FuncId): Func {
  const func = program.functions.get(id);
  if (func === undefined) throw new Error("no function");
  return func;
}

/** The other evaluator takes every immutable for a 1. Only owners are read. */
const WORLD: World = { immutable: () => 1n, stored: (_, keys) => person((Number(String(keys[0]).slice(-1)) + 1) % 3) };

interface Block {
  readonly calls: readonly SampledCall[];
  readonly kinds: readonly Kind[];
  readonly graph: TaskGraph;
  readonly contract: ReturnType<typeof handmade>;
}

function blockOf(plans: readonly (readonly PlanStep[])[], seed: number, count: number, shortest: number): Block {
  const contract = handmade(
    LEAVES,
    plans.map((steps, i) => ({ name: `f${i}`, params: PARAMS, steps })),
  );
  const kinds = [...contract.footprint.entries].map(([id, plan]): Kind => {
    const args = [NUMBERS, NUMBERS, PEOPLE, FLAG, { kind: "list", least: shortest, greatest: 3, item: PEOPLE } as const];
    const zero: Draw = { kind: "constant", value: 0n };
    const func = funcIn(contract.program, id);
    return { func, plan, checks: [], weight: 1, caller: PEOPLE, value: zero, args, said: { caller: false, args: new Set() } };
  });
  const random = createRandom(seed);
  const budget = { left: 1_000_000 };
  const draw = createDrawer(random, budget);
  const calls = sampleCalls({ kinds, world: WORLD, random, draw }, count);
  const costs = new Map(kinds.map(({ func }, i) => [func.id, { constant: BigInt(i * 7 + 10), terms: [] }]));
  const graph = graphOf({ footprint: contract.footprint, kinds, costs, population: POPULATION }, calls, WORLD, budget);
  if (graph === undefined) throw new Error("out of budget");
  return { calls, kinds, graph, contract };
}

// --- who waits for whom ------------------------------------------------------------------------------------------------

/** The calls as the other evaluator runs them: numbers instead of addresses. */
function runsOf({ calls, kinds }: Block): readonly Ran[] {
  let tickets: number = POPULATION.ids;
  return calls.map(({ kind, args, caller }) => {
    const ran = run(kinds[kind].plan, { args: args.map(asNumbers), caller: Number(asNumber(caller)), state: 0, tickets });
    tickets += ran.env.drawn.size;
    return ran;
  });
}

function asNumbers(value: Concrete): number | readonly number[] {
  return typeof value === "object" ? value.map(asNumber) : asNumber(value);
}

function asNumber(value: Concrete): number {
  return typeof value === "string" ? Number(value.slice(-1)) : Number(value);
}

/** Pairs for which the condition of their functions holds. */
function conditionsOf({ calls, contract }: Block, ran: readonly Ran[]): Relation {
  const { pairs } = analyseConflicts(contract.footprint, contract.program);
  return relation(calls.length, (earlier, later) => {
    const [a, b] = calls[earlier].kind <= calls[later].kind ? [earlier, later] : [later, earlier];
    const pair = pairs.find((each) => each.left === funcId(calls[a].kind) && each.right === funcId(calls[b].kind));
    if (pair === undefined) throw new Error("no pair");
    return holds(pair.condition, ran[a], ran[b]);
  });
}

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe("the graph of a block", () => {
  it("has the edges that the conflict conditions say, evaluated for each pair of calls", () => {
    let waits = 0;
    fc.assert(
      fc.property(exactPlan, exactPlan, seeds, (f, g, seed) => {
        const block = blockOf([f, g], seed, 10, 1);
        const edges = edgesOf(block.graph);
        expect(closed(edges)).toEqual(closed(conditionsOf(block, runsOf(block))));
        waits += edges.flat().filter(Boolean).length;
      }),
      { numRuns: 300 },
    );
    expect(waits).toBeGreaterThan(1_000);
  });

  it("has the edges of calls that clash, and none where the conditions say never", () => {
    let [waits, excluded] = [0, 0];
    fc.assert(
      fc.property(staticPlan, staticPlan, seeds, (f, g, seed) => {
        const block = blockOf([f, g], seed, 10, 0);
        const ran = runsOf(block);
        const conditions = conditionsOf(block, ran);
        const edges = edgesOf(block.graph);
        const clashes = relation(10, (earlier, later) => clash(ran[earlier], ran[later]));
        expect(closed(edges)).toEqual(closed(clashes));
        edges.forEach((row, later) => {
          row.forEach((waiting, earlier) => {
            if (waiting) expect(conditions[later][earlier]).toBe(true);
            else if (earlier < later && !conditions[later][earlier]) excluded++;
          });
        });
        waits += edges.flat().filter(Boolean).length;
      }),
      { numRuns: 300 },
    );
    expect(waits).toBeGreaterThan(1_000);
    expect(excluded).toBeGreaterThan(1_000);
  });

  it("orders all that clash also where keys are read from cells that the block writes", () => {
    let whole = 0;
    fc.assert(
      fc.property(stagedPlan, stagedPlan, seeds, (f, g, seed) => {
        const block = blockOf([f, g], seed, 10, 0);
        const touched = allTouched(block);
        const reach = closed(edgesOf(block.graph));
        for (let later = 0; later < 10; later++) {
          for (let earlier = 0; earlier < later; earlier++)
            if (meets(touched[earlier], touched[later])) expect(reach[later][earlier]).toBe(true);
        }
        whole += block.graph.waits.flat().filter((wait) => wait.whole).length;
      }),
      { numRuns: 300 },
    );
    expect(whole).toBeGreaterThan(500);
  });
});

/** As if every key were known before the block. */
function allTouched({ calls, kinds }: Block): readonly Touched[] {
  let next = BigInt(POPULATION.ids);
  const numbers = { draw: () => next++, idOf: numberCells() };
  return calls.map((call) => {
    const progress = atStart();
    return touchedBy(kinds[call.kind].plan, givenTo(call, WORLD, WORLD.stored, progress), progress, numbers);
  });
}

function meets(a: Touched, b: Touched): boolean {
  expect(a.fields.size + b.fields.size).toBe(0);
  return [...a.cells].some(([id, { mode }]) => {
    const other = b.cells.get(id)?.mode;
    return other !== undefined && (other !== mode || mode === "W");
  });
}
