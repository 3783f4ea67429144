import { expect, test } from "vitest";
import { Pace, type Way } from "../../../../runtime/schedule/pace.ts";

/** Runs blocks of cost 1 that take so long either way; gives what was chosen. */
function choices(blocks: number, msOf: (way: Way, block: number) => number): Way[] {
  const pace = new Pace();
  return Array.from({ length: blocks }, (_, block) => {
    const way = pace.choose();
    pace.note(way, msOf(way, block), 1, 1);
    return way;
  });
}

const shareOf = (ways: readonly Way[], way: Way): number => ways.filter((each) => each === way).length / ways.length;

test("sharing is kept where it pays, and running alone is tried ever more rarely", () => {
  const ways = choices(400, (way) => (way === "shared" ? 1 : 1.5));
  expect(shareOf(ways, "shared")).toBeGreaterThan(0.95);
  expect(ways).toContain("alone");
});

test("a machine without a free core loses little: nearly all blocks run alone", () => {
  const ways = choices(400, (way) => (way === "shared" ? 2 : 1));
  expect(shareOf(ways.slice(4), "alone")).toBeGreaterThan(0.95);
});

test("cold code at the start doesn't decide", () => {
  const ways = choices(40, (way, block) => (way === "shared" ? (block < 2 ? 10 : 1) : 1.5));
  expect(shareOf(ways, "shared")).toBeGreaterThan(0.8);
});

test("a way that looked bad at first is tried twice when it does well, and then kept", () => {
  const ways = choices(40, (way, block) => (way === "shared" ? (block < 8 ? 2 : 1) : 1.5));
  const first = ways.findIndex((way, block) => block >= 8 && way === "shared");
  expect(first).toBeLessThan(16);
  expect(shareOf(ways.slice(first, first + 6), "shared")).toBe(1);
});

test("when the machine changes, the choice follows", () => {
  const ways = choices(300, (way, block) => (way === "alone" ? 1.2 : block < 100 ? 1 : 3));
  expect(shareOf(ways.slice(20, 100), "shared")).toBeGreaterThan(0.9);
  expect(shareOf(ways.slice(120), "alone")).toBeGreaterThan(0.9);
});

test("a block without cost says nothing", () => {
  const pace = new Pace();
  pace.note("shared", 1, 0, 1);
  expect(pace.choose()).toBe("shared");
});

test("a block is small or large by what its calls will take, as far as that is known", () => {
  const pace = new Pace();
  expect([pace.isLarge(100), pace.isLarge(10_000)]).toEqual([false, true]);
  // A thousand calls of a tenth of a millisecond each.
  pace.note("alone", 100, 5_000_000, 1000);
  expect([pace.isLarge(5), pace.isLarge(50)]).toEqual([false, true]);
  // Blocks of many short calls: the same cost per millisecond.
  for (let block = 0; block < 20; block++) pace.note("alone", 5, 250_000, 10_000);
  expect([pace.isLarge(1000), pace.isLarge(10_000)]).toEqual([false, true]);
});
