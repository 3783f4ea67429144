import { describe, expect, it } from "vitest";
import type { Type } from "../../../compiler/core/types.ts";
import { analyseConflicts } from "../../../compiler/conflicts/analyse.ts";
import { conflictMatrix } from "../../../compiler/conflicts/matrix.ts";
import type { PlanStep } from "../../../compiler/footprint/footprint.ts";
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
  constant,
  counting,
  draws,
  eachOf,
  element,
  equal,
  handmade,
  int,
  loopIndex,
  op,
  param,
  plus,
  read,
  reads,
  readsIfNotCleared,
  receives,
  ticket,
  unknown,
  when,
  writes,
} from "../../helpers/plans.ts";
import type { HandLeaf } from "../../helpers/plans.ts";

const TOTAL = 1;
const ITEMS = 2;
const GRID = 3;
const IDS = 4;
const OWNERS = 5;
const BALANCES = 6;
const LEAVES: readonly HandLeaf[] = [
  { name: "total", keys: [], type: U64 },
  { name: "items", keys: [U64], type: U64, member: "count" },
  { name: "grid", keys: [U64, ADDRESS], type: BOOL },
  { name: "ids", keys: [], type: { kind: "sequence", bits: 64 } },
  { name: "owners", keys: [U64], type: ADDRESS },
  { name: "balances", keys: [ADDRESS], type: U256 },
];
const LIST: Type = { kind: "list", element: ADDRESS, max: 8 };
const STATUS: Type = { kind: "enum", name: "Status", key: "Status", variants: ["Open", "Shut"], payloads: [[], []] };
const PARAMS = [
  { name: "id", type: U64 },
  { name: "to", type: ADDRESS },
  { name: "flag", type: BOOL },
  { name: "many", type: LIST },
  { name: "other", type: U64 },
];
const ID = param(0);
const TO = param(1, ADDRESS);
const FLAG = param(2, BOOL);
const MANY = param(3, LIST);
const OTHER = param(4);

/** The condition of `f × g`, as the matrix prints it. */
function between(f: readonly PlanStep[], g: readonly PlanStep[]): string {
  const { footprint, program } = handmade(LEAVES, [
    { name: "f", params: PARAMS, steps: f },
    { name: "g", params: PARAMS, steps: g },
  ]);
  return conflictMatrix(footprint, program, analyseConflicts(footprint, program)).rows[1][0].text;
}

function withItself(f: readonly PlanStep[]): string {
  const { footprint, program } = handmade(LEAVES, [{ name: "f", params: PARAMS, steps: f }]);
  return conflictMatrix(footprint, program, analyseConflicts(footprint, program)).rows[0][0].text;
}

describe("modes", () => {
  it("lets reads meet", () => {
    expect(between([reads(TOTAL)], [reads(TOTAL)])).toBe("never");
  });
  it("orders a write and anything else on one cell", () => {
    expect(between([writes(TOTAL)], [reads(TOTAL)])).toBe("always");
    expect(between([adds(TOTAL)], [writes(TOTAL)])).toBe("always");
    expect(withItself([writes(TOTAL)])).toBe("always");
  });
  it("lets adds meet and marks them", () => {
    expect(withItself([adds(TOTAL)])).toBe("never (escrow)");
  });
  it("orders an add and a read", () => {
    expect(between([adds(TOTAL)], [reads(TOTAL)])).toBe("always");
  });
  it("sees a read beside the add of one call as what other adds clash with", () => {
    expect(withItself([reads(TOTAL), adds(TOTAL)])).toBe("always (escrow)");
  });
  it("marks adds only where they can meet", () => {
    expect(withItself([draws(1, IDS), adds(ITEMS, ticket(1, IDS))])).toBe("never");
  });
  it("marks what only the error of an uncleared add reads", () => {
    expect(between([adds(TOTAL), readsIfNotCleared(ITEMS, ID)], [writes(ITEMS, ID)])).toBe("never (escrow)");
    expect(between([adds(TOTAL), readsIfNotCleared(ITEMS, ID)], [reads(ITEMS, ID)])).toBe("never");
  });
  it("treats attached coin as an add to the contract's balance", () => {
    expect(withItself([receives()])).toBe("never (escrow)");
    expect(between([receives()], [reads(0, SELF)])).toBe("always");
  });
  it("tells kinds of cells apart", () => {
    expect(between([writes(ITEMS, ID)], [writes(OWNERS, ID)])).toBe("never");
  });
});

describe("keys", () => {
  it("compares them one by one", () => {
    expect(withItself([writes(GRID, ID, CALLER)])).toBe("a.id == b.id ∧ a.caller == b.caller");
  });
  it("knows that constants differ", () => {
    expect(between([writes(ITEMS, int(1))], [writes(ITEMS, int(2))])).toBe("never");
    expect(between([writes(BALANCES, account(1))], [writes(BALANCES, account(2))])).toBe("never");
    expect(between([writes(ITEMS, int(1))], [writes(ITEMS, int(1))])).toBe("always");
  });
  it("shows constants on the right", () => {
    expect(between([writes(ITEMS, int(7))], [writes(ITEMS, ID)])).toBe("b.id == 7");
  });
  it("knows that variants of an enum differ, also after conversion", () => {
    const open = constant({ kind: "enum", value: 0 }, STATUS);
    const shut = constant({ kind: "enum", value: 1 }, STATUS);
    expect(between([writes(ITEMS, op("convert", U64, open))], [writes(ITEMS, op("convert", U64, shut))])).toBe("never");
  });
  it("looks through conversions and constant sums", () => {
    expect(between([writes(ITEMS, plus(op("convert", U64, ID), 1))], [writes(ITEMS, plus(ID, 1))])).toBe("a.id == b.id");
    expect(between([writes(ITEMS, plus(ID, 3))], [writes(ITEMS, plus(ID, -1))])).toBe("a.id + 4 == b.id");
    expect(between([writes(ITEMS, plus(ID, 3))], [writes(ITEMS, int(5))])).toBe("a.id == 2");
  });
  it("finds the contradiction between sums of one term", () => {
    expect(between([writes(GRID, ID, TO)], [writes(GRID, plus(ID, 1), TO)])).toBe("a.id == b.id + 1 ∧ a.to == b.to");
    // Both keys name one number in f and two different ones in g.
    const same = [when(equal(ID, OTHER), [writes(7, ID, OTHER)])];
    const other = [writes(7, ID, plus(ID, 1))];
    const { footprint, program } = handmade(
      [...LEAVES, { name: "pairs", keys: [U64, U64], type: BOOL }],
      [
        { name: "f", params: PARAMS, steps: same },
        { name: "g", params: PARAMS, steps: other },
      ],
    );
    expect(analyseConflicts(footprint, program).pairs[1].condition).toEqual([]);
  });
  it("takes what both calls share for equal: the block, immutables, the contract", () => {
    expect(withItself([writes(ITEMS, HEIGHT)])).toBe("always");
    expect(withItself([writes(BALANCES, SELF)])).toBe("always");
    expect(withItself([writes(ITEMS, { kind: "immutable", leaf: TOTAL, type: U64 })])).toBe("always");
  });
  it("assumes nothing of other arithmetic", () => {
    expect(withItself([writes(ITEMS, op("+", U64, ID, OTHER))])).toBe("a.id + a.other == b.id + b.other");
  });
  it("knows that numbers of one sequence differ, and nothing more of them", () => {
    const makes = [draws(1, IDS), writes(ITEMS, ticket(1, IDS))];
    expect(withItself(makes)).toBe("never");
    expect(between(makes, [reads(ITEMS, ID)])).toBe("a.ids.next() == b.id");
    expect(withItself([draws(1, IDS), draws(2, IDS), writes(ITEMS, ticket(1, IDS)), writes(ITEMS, plus(ticket(2, IDS), 1))])).toBe(
      "a.ids.next() == b.ids.next() + 1 ∨ a.ids.next() + 1 == b.ids.next()",
    );
  });
  it("leaves a key read from state open", () => {
    const owner = read(1, OWNERS, [ID], ADDRESS);
    expect(between([reads(OWNERS, ID), adds(BALANCES, owner)], [reads(BALANCES, CALLER)])).toBe("a.owners[a.id] == b.caller");
    // Two calls may read different values from one cell.
    expect(withItself([writes(BALANCES, owner)])).toBe("a.owners[a.id] == b.owners[b.id]");
  });
  it("leaves out a key that isn't known", () => {
    expect(withItself([writes(GRID, ID, unknown(ADDRESS))])).toBe("a.id == b.id");
    expect(withItself([writes(ITEMS, unknown(U64))])).toBe("always");
  });
});

describe("loops", () => {
  it("speak of some element of a list", () => {
    const pays = [eachOf(1, MANY, [adds(BALANCES, element(MANY, loopIndex(1)))])];
    expect(between(pays, [reads(BALANCES, CALLER)])).toBe("a.many[i] == b.caller");
  });
  it("have another index in the other call", () => {
    const sets = [eachOf(1, MANY, [writes(BALANCES, element(MANY, loopIndex(1)))])];
    expect(withItself(sets)).toBe("a.many[i] == b.many[j]");
  });
  it("say the same thing once for two loops over one list", () => {
    const twice = [1, 2].map((loop) => eachOf(loop, MANY, [writes(BALANCES, element(MANY, loopIndex(loop)))]));
    expect(between(twice, [reads(BALANCES, CALLER)])).toBe("a.many[i] == b.caller");
  });
  it("keep two different ranges apart", () => {
    const low = counting(1, int(0), int(2), 2, [writes(ITEMS, loopIndex(1))]);
    const high = counting(2, int(0), int(5), 5, [writes(ITEMS, loopIndex(2))]);
    expect(between([low, high], [reads(ITEMS, ID)])).toBe("i == b.id ∨ i == b.id");
  });
  it("over one range still run on their own in each call", () => {
    const sets = counting(1, int(0), int(3), 3, [writes(ITEMS, loopIndex(1))]);
    const looks = counting(1, int(0), int(3), 3, [reads(ITEMS, plus(loopIndex(1), 1))]);
    expect(between([sets], [looks])).toBe("i == j + 1");
  });
});

describe("conditions on the way", () => {
  it("stand beside the keys when they name a parameter's value", () => {
    expect(between([when(FLAG, [adds(ITEMS, ID)])], [reads(ITEMS, ID)])).toBe("a.id == b.id ∧ a.flag == true");
    expect(between([when(equal(OTHER, int(3)), [writes(TOTAL)])], [reads(TOTAL)])).toBe("a.other == 3");
  });
  it("vanish where both sides do the same", () => {
    expect(between([when(FLAG, [adds(ITEMS, ID)], [writes(ITEMS, ID)])], [reads(ITEMS, ID)])).toBe("a.id == b.id");
  });
  it("rule out what contradicts them", () => {
    const only = (digit: number): PlanStep[] => [when(equal(TO, account(digit)), [writes(BALANCES, TO)])];
    expect(between(only(1), only(2))).toBe("never");
    const notNobody = [when(op("!=", BOOL, TO, account(0)), [writes(BALANCES, TO)])];
    expect(between(notNobody, [reads(BALANCES, account(0))])).toBe("never");
    expect(between(notNobody, [reads(BALANCES, CALLER)])).toBe("a.to == b.caller");
  });
  it("are taken apart through and, or, not", () => {
    const cond = op("!", BOOL, op("||", BOOL, FLAG, op("!=", BOOL, OTHER, int(3))));
    expect(between([when(cond, [writes(TOTAL)])], [reads(TOTAL)])).toBe("a.flag == false ∧ a.other == 3");
  });
  it("are dropped when they depend on state, since plans go both ways there", () => {
    const cond = equal(read(1, OWNERS, [ID], ADDRESS), account(1));
    const never = equal(read(2, OWNERS, [ID], ADDRESS), account(2));
    expect(between([when(cond, [when(never, [writes(TOTAL)])])], [reads(TOTAL)])).toBe("always");
    const open = read(3, GRID, [ID, CALLER], BOOL);
    expect(between([when(open, [when(op("!", BOOL, open), [writes(TOTAL)])])], [reads(TOTAL)])).toBe("always");
  });
  it("that can't hold remove the access", () => {
    expect(between([when(constant({ kind: "bool", value: false }, BOOL), [writes(TOTAL)])], [reads(TOTAL)])).toBe("never");
  });
});

describe("formulas", () => {
  it("drop alternatives that another one covers", () => {
    expect(between([writes(GRID, ID, CALLER), writes(GRID, ID, unknown(ADDRESS))], [reads(GRID, ID, CALLER)])).toBe("a.id == b.id");
  });
  it("list several alternatives, short ones first", () => {
    expect(between([writes(GRID, ID, CALLER), writes(BALANCES, TO)], [reads(GRID, ID, TO), reads(BALANCES, CALLER)])).toBe(
      "a.to == b.caller ∨ (a.id == b.id ∧ a.caller == b.to)",
    );
  });
  it("become coarser, never longer than anyone reads", () => {
    const many = Array.from({ length: 60 }, (_, i) => writes(ITEMS, int(i)));
    expect(between(many, [reads(ITEMS, ID)])).toBe("always");
  });
});

describe("hostile footprints", () => {
  it("with thousands of accesses take bounded time and stay sound", () => {
    const many = Array.from({ length: 4_000 }, (_, i) => writes(ITEMS, plus(ID, i)));
    const start = performance.now();
    expect(withItself(many)).toBe("always");
    expect(performance.now() - start).toBeLessThan(10_000);
  });
  it("with deep and shared terms take bounded time", () => {
    let deep = op("*", U64, ID, OTHER);
    for (let i = 0; i < 5_000; i++) deep = op("*", U64, deep, deep);
    const start = performance.now();
    expect(withItself([writes(ITEMS, deep)])).toMatch(/…/);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
  it("with many functions that meet in many ways take bounded time and stay sound", () => {
    const steps = Array.from({ length: 12 }, (_, i) =>
      when(op("!=", BOOL, OTHER, int(i)), [when(equal(plus(ID, i), OTHER), [writes(GRID, plus(ID, i * i), i % 2 === 0 ? TO : CALLER)])]),
    );
    const functions = Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, params: PARAMS, steps }));
    const { footprint, program } = handmade(LEAVES, functions);
    const start = performance.now();
    const { pairs } = analyseConflicts(footprint, program);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(pairs.every((pair) => pair.condition.length > 0)).toBe(true);
  });
  it("with hundreds of functions leave the rest out and say which", () => {
    const functions = Array.from({ length: 300 }, (_, i) => ({ name: `f${i}`, params: PARAMS, steps: [writes(ITEMS, ID), adds(TOTAL)] }));
    const { footprint, program } = handmade(LEAVES, functions);
    const start = performance.now();
    const analysis = analyseConflicts(footprint, program);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(analysis.omitted).toHaveLength(172);
    expect(analysis.pairs).toHaveLength((128 * 129) / 2);
  });
});
