import { describe, expect, it } from "vitest";
import type { EntryPlan, PlanStep, Term } from "../../../compiler/footprint/footprint.ts";
import { flatten } from "../../../compiler/footprint/flatten.ts";
import {
  ADDRESS,
  BOOL,
  CALLER,
  SELF,
  U64,
  adds,
  draws,
  eachOf,
  element,
  funcId,
  loopIndex,
  param,
  read,
  reads,
  readsIfNotCleared,
  receives,
  ticket,
  unknown,
  when,
  writes,
} from "../../helpers/plans.ts";

function planOf(steps: readonly PlanStep[]): EntryPlan {
  return {
    func: funcId(0),
    tickets: "none",
    draws: [],
    frame: { receive: undefined, args: new Map(), body: 0, size: 0 },
    heads: [],
    steps,
  };
}

const FLAG = param(0, BOOL);
const LIST = param(1, { kind: "list", element: ADDRESS, max: 4 });

describe("the flat view of a plan", () => {
  it("lists accesses in order of the code, with modes", () => {
    const flat = flatten(planOf([reads(1), draws(1, 4), writes(2, ticket(1, 4)), adds(3, CALLER)]));
    expect(flat.map((access) => [access.mode, access.leaf])).toEqual([
      ["R", 1],
      ["T", 4],
      ["W", 2],
      ["D", 3],
    ]);
  });
  it("keeps both sides of a branch, each with the value its condition must have", () => {
    const flat = flatten(planOf([when(FLAG, [when(param(2, BOOL), [writes(1)])], [writes(2)]), writes(3)]));
    expect(flat.map((access) => access.guards.map((guard) => guard.holds))).toEqual([[true, true], [false], []]);
    expect(flat[0].guards[0].term).toBe(FLAG);
  });
  it("names the loops around an access, outermost first", () => {
    const flat = flatten(planOf([eachOf(1, LIST, [eachOf(2, LIST, [writes(1, element(LIST, loopIndex(2)))]), writes(2)])]));
    expect(flat.map((access) => access.loops)).toEqual([[1, 2], [1]]);
  });
  it("credits attached coin to the contract", () => {
    const [credit] = flatten(planOf([receives()]));
    expect(credit.mode).toBe("D");
    expect(credit.keys).toEqual([SELF]);
    expect(credit.amount).toMatchObject({ sign: "+", term: { kind: "context", name: "value" } });
  });
  it("leaves out what only the error of an uncleared add reads", () => {
    expect(flatten(planOf([readsIfNotCleared(1)]))).toEqual([]);
  });
  it("counts the rounds of reading state that a key needs", () => {
    const owner = read(1, 1, [param(3)], ADDRESS);
    const next = read(2, 1, [owner], ADDRESS);
    const stages = flatten(
      planOf([writes(2, CALLER), writes(2, owner), writes(2, next, owner), writes(2, unknown(U64)), writes(2, owner, unknown(U64))]),
    );
    expect(stages.map((access) => access.stage)).toEqual([0, 1, 2, "wide", "wide"]);
  });
  it("survives plans and terms of any depth", () => {
    let steps: readonly PlanStep[] = [writes(1)];
    let key: Term = param(3);
    for (let i = 0; i < 20_000; i++) {
      steps = [when(FLAG, steps)];
      key = read(i, 1, [key], U64);
    }
    const flat = flatten(planOf([...steps, writes(2, key)]));
    expect(flat.map((access) => access.stage)).toEqual([0, 20_000]);
    // Conditions beyond the limit are dropped, which only makes the footprint larger.
    expect(flat[0].guards).toHaveLength(48);
  });
});
