import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldNode } from "../../../../runtime/execute/fold.ts";
import { ACCESS_CLEARED, ACCESS_PARTIAL, ACCESS_SHIFT } from "../../../../runtime/execute/memory.ts";
import type { Exec } from "../../../../runtime/module.ts";
import { readBig, writeBig } from "../../../../runtime/state/column.ts";
import { bench, leafOf } from "../fixture.ts";

const WIDTHS = ["u8", "u16", "u32", "i8", "i16", "i32", "u64", "i64", "u128", "i128", "u256", "i256"] as const;
type Width = (typeof WIDTHS)[number];

/** Adds (or takes away) through the function that generated code uses for this width. */
function apply(x: Exec, kind: Width, word: number, amount: bigint, debit: boolean): boolean {
  const leaf = leafOf(kind);
  switch (kind) {
    case "u64":
    case "i64":
      return debit ? x.sub64(leaf, word, amount) : x.add64(leaf, word, amount);
    case "u128":
    case "i128":
      return debit ? x.sub128(leaf, word, amount) : x.add128(leaf, word, amount);
    case "u256":
    case "i256":
      return debit ? x.sub256(leaf, word, amount) : x.add256(leaf, word, amount);
    default:
      return debit ? x.sub32(leaf, word, Number(amount)) : x.add32(leaf, word, Number(amount));
  }
}

/** Values of a type, crowded around its limits, around zero and around the borders of its lanes. */
function values(lowest: bigint, highest: bigint): fc.Arbitrary<bigint> {
  const near = [lowest, highest, 0n, 1n << 31n, 1n << 32n, 1n << 63n, 1n << 64n, 1n << 127n, 1n << 128n, 1n << 192n]
    .flatMap((value) => [value, -value])
    .filter((value) => value >= lowest && value <= highest);
  const crowd = fc.tuple(fc.constantFrom(...near), fc.bigInt({ min: -3n, max: 3n })).map(([value, by]) => value + by);
  return fc
    .oneof(fc.bigInt({ min: lowest, max: highest }), crowd)
    .map((value) => (value < lowest ? lowest : value > highest ? highest : value));
}

const SLOT = 5;

describe.each(WIDTHS)("Δ on %s", (kind) => {
  const test = bench();
  const column = test.code.columns[leafOf(kind)];
  const anyValue = values(column.lowest, column.highest);

  it("in place: fits exactly when the sum of unbounded integers does, and else does nothing", () => {
    test.setWord(0, SLOT << ACCESS_SHIFT);
    fc.assert(
      fc.property(anyValue, anyValue, fc.boolean(), (before, amount, debit) => {
        writeBig(column, SLOT, before);
        const sum = debit ? before - amount : before + amount;
        const fits = sum >= column.lowest && sum <= column.highest;
        test.run((x) => {
          expect(apply(x, kind, x.base, amount, debit)).toBe(fits);
        });
        expect(readBig(column, SLOT)).toBe(fits ? sum : before);
      }),
      { numRuns: 300 },
    );
  });

  it("cleared: partial sums of two threads and a first sum in place fold to the sum of all, whatever overflows on the way", () => {
    const other = bench(1);
    fc.assert(
      fc.property(
        anyValue,
        fc.array(fc.tuple(anyValue, fc.boolean(), fc.integer({ min: 0, max: 2 })), { maxLength: 8 }),
        (before, steps) => {
          writeBig(column, SLOT, before);
          let sum = before;
          // Only a settled sum within the range is ever cleared: the last step leads back to it.
          const all = [...steps];
          for (const [amount, debit] of steps) sum += debit ? -amount : amount;
          for (const [amount, debit] of steps) {
            if (sum < column.lowest || sum > column.highest) {
              all.push([amount, !debit, 1]);
              sum += debit ? amount : -amount;
            }
          }
          for (const [amount, debit, place] of all) {
            const target = place === 2 ? other : test;
            // Node 3 stands for the slot; the other thread's context has memory of its own, so its sums are copied in below.
            target.setWord(
              0,
              place === 0 ? (SLOT << ACCESS_SHIFT) | ACCESS_CLEARED : (3 << ACCESS_SHIFT) | ACCESS_PARTIAL | ACCESS_CLEARED,
            );
            target.run((x) => {
              expect(apply(x, kind, x.base, amount, debit)).toBe(true);
            });
          }
          foldNode(column, SLOT, 3, [test.memory.partials[0], other.memory.partials[1]]);
          expect(readBig(column, SLOT)).toBe(sum);
          for (const partial of [test.memory.partials[0], other.memory.partials[1]])
            expect(partial.u64.every((lane) => lane === 0n)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("folding", () => {
  it("touches neither other nodes nor other slots", () => {
    const test = bench();
    const column = test.code.columns[leafOf("u256")];
    writeBig(column, 4, 40n);
    writeBig(column, 6, 60n);
    for (const [node, amount] of [
      [2, 7n],
      [3, 8n],
    ] as const) {
      test.setWord(0, (node << ACCESS_SHIFT) | ACCESS_PARTIAL | ACCESS_CLEARED);
      test.run((x) => {
        x.add256(leafOf("u256"), x.base, amount);
      });
    }
    foldNode(column, 5, 3, test.memory.partials);
    expect([4, 5, 6].map((slot) => readBig(column, slot))).toEqual([40n, 8n, 60n]);
    expect(test.memory.partials[0].u64[2 * 4]).toBe(7n);
  });
});
