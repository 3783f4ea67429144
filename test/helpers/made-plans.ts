/** Plans made up at random, without source text, and random calls and claims for them. */
import { rebuilt } from "../../compiler/footprint/algebra.ts";
import fc from "fast-check";
import type { Type } from "../../compiler/core/types.ts";
import type { EntryPlan, PlanStep, Term } from "../../compiler/footprint/footprint.ts";
import type { ClaimTerm, Condition } from "../../compiler/typed/tree.ts";
import type { Call } from "./concrete.ts";
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
  commutes,
  constant,
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
} from "./plans.ts";
import type { HandLeaf } from "./plans.ts";

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
const MARKS = 6;
const OTHER_IDS = 7;
const BYTES32: Type = { kind: "bytes32" };
const BYTES: Type = { kind: "bytes", max: 96 };
const COLOR: Type = { kind: "enum", name: "Color", key: "hand.weft Color", variants: ["Red", "Green", "Blue"], payloads: [[], [], []] };
const LEAVES: readonly HandLeaf[] = [
  { name: "total", keys: [], type: U64 },
  { name: "items", keys: [U64], type: U64 },
  { name: "grid", keys: [U64, ADDRESS], type: U64 },
  { name: "owners", keys: [ADDRESS], type: ADDRESS },
  { name: "ids", keys: [], type: { kind: "sequence", bits: 64 } },
  { name: "marks", keys: [BYTES32], type: U64 },
  { name: "otherIds", keys: [], type: { kind: "sequence", bits: 64 } },
];

// --- random plans ----------------------------------------------------------------------------------------------------

/** What terms may use where they stand. */
interface Around {
  readonly list: number | undefined;
  readonly range: number | undefined;
  readonly tickets: readonly Term[];
}

const TICKETS: readonly Term[] = [ticket(1, IDS), ticket(2, OTHER_IDS)];
const TOP: Around = { list: undefined, range: undefined, tickets: TICKETS };

function number(around: Around, depth: number): fc.Arbitrary<Term> {
  const simple: fc.Arbitrary<Term>[] = [
    fc.constantFrom(param(0), param(1), param(0)),
    fc.integer({ min: 0, max: 3 }).map((value) => int(value)),
    fc.constantFrom(HEIGHT, { kind: "immutable", leaf: 1, type: U64 } as const),
    fc.constantFrom(...around.tickets),
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

/** Hashes of one kind are injective, and so are encodings over one list of types; of nothing else is anything known (rules D1, D2). */
function mark(around: Around): fc.Arbitrary<Term> {
  const word = (digit: number): Term => constant({ kind: "bytes32", value: `0x${String(digit).padStart(64, "0")}` }, BYTES32);
  const part = fc.oneof(number(around, 1), someone(around, 0), fc.integer({ min: 0, max: 2 }).map(word));
  const parts = fc.array(part, { minLength: 1, maxLength: 2 });
  return fc
    .tuple(fc.constantFrom("sha256", "keccak256"), fc.constantFrom("encode", "encode", "concat"), parts)
    .map(([hash, pack, inner]) => op(hash, BYTES32, op(pack, BYTES, ...inner)));
}

function accessStep(around: Around): fc.Arbitrary<PlanStep> {
  const access = fc.constantFrom(reads, writes, adds, reads, writes, adds, commutes("|"), commutes("max"));
  return fc.oneof(
    { weight: 1, arbitrary: access.map((make) => make(1)) },
    { weight: 4, arbitrary: fc.tuple(access, number(around, 2)).map(([make, key]) => make(2, key)) },
    { weight: 4, arbitrary: fc.tuple(access, number(around, 2), someone(around, 2)).map(([make, key, who]) => make(3, key, who)) },
    { weight: 4, arbitrary: fc.tuple(access, someone(around, 2)).map(([make, who]) => make(4, who)) },
    { weight: 1, arbitrary: fc.tuple(access, someone(around, 1)).map(([make, who]) => make(0, who)) },
    { weight: 2, arbitrary: fc.tuple(access, mark(around)).map(([make, key]) => make(MARKS, key)) },
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
    const drawing = { ...around, range, tickets: [...around.tickets, ticket(10 + range, IDS)] };
    const end = fc.constantFrom(param(1), int(3));
    single.push(
      fc.tuple(end, steps(drawing, depth - 1)).map(([to, body]) => counting(range, int(0), to, 3, [draws(10 + range, IDS), ...body])),
    );
  }
  return fc.array(fc.oneof(...single), { minLength: 1, maxLength: 3 });
}

export const plan = steps(TOP, 2).map((body): readonly PlanStep[] => distinct([...TICKETS.flatMap(drawOf), ...body]));

/** Cells under hashes alone: these seldom meet by chance. */
export const markPlan = fc
  .array(
    fc.tuple(fc.constantFrom(reads, writes), mark(TOP)).map(([make, key]): PlanStep => make(MARKS, key)),
    { minLength: 1, maxLength: 3 },
  )
  .map((body): readonly PlanStep[] => [...TICKETS.flatMap(drawOf), ...body]);

/** A condition beside itself: where it reads state, a plan goes both ways each time. */
export const guardPlan = fc
  .tuple(condition(TOP, 1), fc.array(accessStep(TOP), { minLength: 1, maxLength: 2 }))
  .map(([cond, inner]): readonly PlanStep[] => [...TICKETS.flatMap(drawOf), when(cond, [when(cond, [], inner)], [when(cond, inner)])]);

function drawOf(term: Term): PlanStep[] {
  return term.kind === "ticket" ? [draws(term.ticket, term.leaf)] : [];
}

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
      return { ...term, of: inner(term.of) };
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
    case "isVariant":
    case "payload":
    case "made":
    case "decoded":
      return rebuilt(term, inner);
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
export const manyCalls = fc.array(calls, { minLength: 12, maxLength: 12 });

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
export const given: fc.Arbitrary<Condition> = fc.oneof(
  comparison,
  fc.tuple(fc.constantFrom("and" as const, "or" as const), comparison, comparison).map(([kind, left, right]) => ({ kind, left, right })),
);

export function contractOf(f: readonly PlanStep[], g: readonly PlanStep[], condition?: Condition): ReturnType<typeof handmade> {
  return handmade(
    LEAVES,
    [
      { name: "f", params: PARAMS, steps: f },
      { name: "g", params: PARAMS, steps: g },
    ],
    [{ left: 0, right: 1, ...(condition === undefined ? {} : { when: condition }) }],
  );
}

export function planOf(contract: ReturnType<typeof handmade>, id: number): EntryPlan {
  const found = contract.footprint.entries.get(funcId(id));
  if (found === undefined) throw new Error("no plan");
  return found;
}

// --- plans of which everything is known --------------------------------------------------------------------------------

const EXACT_KEYS: readonly Term[] = [
  param(0),
  param(1),
  int(1),
  ...TICKETS,
  op("convert", U256, param(0)),
  plus(param(0), 1),
  plus(plus(HEIGHT, 2), -1),
  plus(HEIGHT, 1),
  read(1, 1, [], U64),
  plus(read(1, 1, [], U64), 1),
  plus(op("convert", U64, constant({ kind: "enum", value: 1 }, COLOR)), 1),
];

const exactStep = fc.oneof(
  fc.tuple(fc.constantFrom(reads, writes, adds), fc.constantFrom(...EXACT_KEYS)).map(([make, key]): PlanStep => make(2, key)),
  fc
    .tuple(fc.constantFrom(reads, writes, adds), fc.constantFrom(param(0), int(2)), fc.constantFrom(CALLER, param(2, ADDRESS), account(1)))
    .map(([make, key, who]): PlanStep => make(3, key, who)),
  fc
    .tuple(fc.constantFrom(reads, writes, adds), fc.constantFrom(0, 1, 2))
    .map(([make, by]): PlanStep => counting(50, int(0), int(3), 3, [make(2, plus(loopIndex(50), by))])),
);

export const exactPlan = fc
  .array(exactStep, { minLength: 1, maxLength: 4 })
  .map((body): readonly PlanStep[] => [...TICKETS.flatMap(drawOf), ...body]);
