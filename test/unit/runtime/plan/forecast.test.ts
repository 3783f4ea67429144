import { expect, test } from "vitest";
import { CALL_CODE, CALL_FUNCTION, CALL_INSTANCE, CALL_VERDICT, VERDICT_NONCE, VERDICT_RUN } from "../../../../runtime/execute/memory.ts";
import { Forecast, forecastWords } from "../../../../runtime/plan/forecast.ts";
import { LINE_STRIDE } from "../../../../runtime/plan/slice.ts";
import type { Column } from "../../../../runtime/state/column.ts";
import type { StateMemory } from "../../../../runtime/state/state.ts";
import { compileText } from "../../../helpers/suites.ts";
import { loadAll } from "../../../helpers/chains.ts";
import { newState } from "../fixture.ts";

/** A contract with two sequences; by function, how often it draws from each. */
const SOURCE = `contract Doors {
  state ids: sequence<u64>;
  state small: sequence<u32>;
  state last: u64 = 0;
  pub fn one() -> u64 { return self.ids.next(); }
  pub fn quiet() { self.last += 1; }
  pub fn both() -> u64 { let a = self.small.next(); return self.ids.next(); }
  pub fn twice() -> u64 { let a = self.ids.next(); return a + self.ids.next(); }
}`;

interface Setup {
  readonly state: StateMemory;
  readonly ids: Column;
  readonly small: Column;
  readonly buffer: SharedArrayBuffer;
  readonly make: () => Forecast;
  readonly lines: (...names: readonly string[]) => Int32Array;
}

async function setUp(): Promise<Setup> {
  const loaded = (await loadAll(compileText(SOURCE))).get("Doors");
  if (loaded === undefined) throw new Error("no such contract");
  const state = newState();
  const code = state.register(loaded.module);
  const buffer = new SharedArrayBuffer(forecastWords(1024) * 4);
  const columnOf = (name: string): Column => code.columns[code.firstLeaf[code.module.fields.findIndex((field) => field.name === name)]];
  return {
    state,
    ids: columnOf("ids"),
    small: columnOf("small"),
    buffer,
    make: () => new Forecast(state, buffer),
    lines: (...names) => {
      const lines = new Int32Array(names.length * LINE_STRIDE);
      names.forEach((name, i) => {
        const at = i * LINE_STRIDE;
        lines[at + CALL_CODE] = 0;
        lines[at + CALL_INSTANCE] = 1;
        lines[at + CALL_VERDICT] = name === "out" ? VERDICT_NONCE : VERDICT_RUN;
        lines[at + CALL_FUNCTION] = name === "out" ? 0 : code.module.functions.findIndex((entry) => entry.name === name);
      });
      return lines;
    },
  };
}

test("numbers go on from slice to slice, whoever reads them", async () => {
  const { make, lines, ids, small } = await setUp();
  const [main, worker] = [make(), make()];
  main.reset(8);
  ids.u32[1 << ids.shift] = 7;
  main.open(0, lines("one", "out", "twice"), 3);
  worker.open(1, lines("quiet", "quiet"), 2);
  worker.open(2, lines("both", "one"), 2);
  expect(main.draw(ids, 1)).toBe(7);
  expect(worker.draw(ids, 1)).toBe(10);
  expect(worker.draw(small, 1)).toBe(0);
  expect(worker.draw(ids, 1)).toBe(11);
  expect(worker.draw(ids, 2)).toBe(-1);
});

test("a call draws what calls of its function draw, whatever became of its plan", async () => {
  const { make, lines, ids } = await setUp();
  const forecast = make();
  forecast.reset(1);
  const three = lines("twice", "one", "twice");
  forecast.open(0, three, 3);
  forecast.beginCall();
  forecast.draw(ids, 1);
  forecast.endCall(three, 0, true);
  forecast.beginCall();
  forecast.endCall(three, LINE_STRIDE, false);
  forecast.beginCall();
  expect(forecast.draw(ids, 1)).toBe(2);
});

test("what calls that weren't admitted would have drawn is made good", async () => {
  const { make, lines, ids } = await setUp();
  const forecast = make();
  forecast.reset(8);
  forecast.open(0, lines("one", "one", "one"), 3);
  forecast.open(1, lines("one"), 1);
  expect(forecast.draw(ids, 1)).toBe(3);
  // One of the three had a wrong nonce.
  ids.u32[1 << ids.shift] = 2;
  forecast.settle(0);
  forecast.open(2, lines("one"), 1);
  expect(forecast.draw(ids, 1)).toBe(3);
  ids.u32[1 << ids.shift] = 3;
  forecast.settle(1);
  ids.u32[1 << ids.shift] = 4;
  forecast.settle(2);
  forecast.open(3, lines("one"), 1);
  expect(forecast.draw(ids, 1)).toBe(4);
});

test("nothing is foretold behind a slice that nobody reads", async () => {
  const { make, lines, ids } = await setUp();
  const forecast = make();
  forecast.reset(8);
  forecast.open(1, lines("one"), 1);
  expect(forecast.isLost).toBe(true);
  expect(forecast.draw(ids, 1)).toBe(-1);
  forecast.open(2, lines("one"), 1);
  expect(forecast.isLost).toBe(true);
  forecast.reset(8);
  forecast.open(0, lines("one"), 1);
  expect(forecast.draw(ids, 1)).toBe(0);
});

test("the last numbers of a sequence aren't foretold", async () => {
  const { make, lines, small, ids } = await setUp();
  const forecast = make();
  forecast.reset(1);
  small.u32[1 << small.shift] = 2 ** 32 - 1;
  ids.u32[(1 << ids.shift) + 2] = 1;
  forecast.open(0, lines("both", "both"), 2);
  expect(forecast.draw(small, 1)).toBe(2 ** 32 - 1);
  expect(forecast.draw(small, 1)).toBe(-1);
  expect(forecast.draw(ids, 1)).toBe(-1);
});
