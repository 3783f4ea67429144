/** Updates that take effect at a call's end, at every width, against exact integers; and the words through which they, and keys of exec, may go. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ACCESS_CLEARED,
  ACCESS_PARTIAL,
  ACCESS_SHIFT,
  pastWord,
  STATUS_REVERTED,
  STATUS_SUCCESS,
} from "../../../../runtime/execute/memory.ts";
import type { CommuteOp, Exec } from "../../../../runtime/module.ts";
import { readBig, writeBig } from "../../../../runtime/state/column.ts";
import { bench, everyKind, field, leafOf, raise } from "../fixture.ts";

const WIDTHS = ["u8", "u16", "u32", "i8", "i16", "i32", "u64", "i64", "u128", "i128", "u256", "i256", "bytes32"] as const;
const SLOT = 5;
const WORD = (SLOT << ACCESS_SHIFT) | ACCESS_CLEARED;
const OPS: readonly (readonly [CommuteOp, string, (a: bigint, b: bigint) => bigint])[] = [
  [1, "|=", (a, b) => a | b],
  [2, "&=", (a, b) => a & b],
  [3, "min=", (a, b) => (a < b ? a : b)],
  [4, "max=", (a, b) => (a > b ? a : b)],
];

describe.each(WIDTHS)("updates of %s", (kind) => {
  const test = bench();
  const leaf = leafOf(kind);
  const column = test.code.columns[leaf];
  const narrow = column.lanes === 0;
  const near = [column.lowest, column.highest, 0n, 1n, -1n, 1n << 32n, 1n << 64n, -(1n << 64n), 1n << 127n, -(1n << 128n)];
  const value = fc.oneof(
    fc.bigInt({ min: column.lowest, max: column.highest }),
    fc.constantFrom(...near.filter((each) => each >= column.lowest && each <= column.highest)),
  );
  const give = (each: bigint): number | bigint => (narrow ? Number(each) : each);

  it.each(OPS)("%d (%s) give what exact integers do, and nothing of it before the call's end or of a failed call", (op, _, exact) => {
    test.setWord(0, WORD);
    fc.assert(
      fc.property(value, fc.array(value, { maxLength: 20 }), fc.boolean(), (before, values, fails) => {
        writeBig(column, SLOT, before);
        writeBig(column, SLOT + 1, before);
        const status = test.run((x) => {
          for (const each of values) x.commute(leaf, x.base, op, give(each));
          expect(readBig(column, SLOT)).toBe(before);
          if (fails) raise(x.revertEmpty());
        });
        expect(status).toBe(fails ? STATUS_REVERTED : STATUS_SUCCESS);
        expect(readBig(column, SLOT)).toBe(fails ? before : values.reduce(exact, before));
        expect(readBig(column, SLOT + 1)).toBe(before);
      }),
      { numRuns: 100 },
    );
  });
});

describe("words", () => {
  const wide = { ...everyKind, staged: true };
  const history = { ...field("past", ["u32"], ["u64"]), staged: true };
  const pastLeaf = leafOf("packed") + 1;
  const fields = [wide, { ...history, leaves: history.leaves.map((leaf) => ({ ...leaf, history: true })) }];
  const violations: readonly (readonly [string, number, (x: Exec) => void])[] = [
    ["an update whose word is 0", 0, (x) => x.commute(leafOf("u64"), x.base, 1, 1n)],
    ["an update of an unresolved cell", -1, (x) => x.commute(leafOf("u64"), x.base, 1, 1n)],
    ["an update that isn't cleared", SLOT << ACCESS_SHIFT, (x) => x.commute(leafOf("u64"), x.base, 1, 1n)],
    ["an update of a partial sum", WORD | ACCESS_PARTIAL, (x) => x.commute(leafOf("u64"), x.base, 1, 1n)],
    ["a load through a past value", pastWord(SLOT), (x) => x.loadU64(pastLeaf, x.base)],
    ["a Δ through a past value", pastWord(SLOT), (x) => x.add64(pastLeaf, x.base, 1n)],
    ["a past value whose word is 0", 0, (x) => x.past(pastLeaf, x.base, 1n)],
    ["a past value that nobody has found", -1, (x) => x.past(pastLeaf, x.base, 1n)],
    ["a past value through an update", WORD, (x) => x.past(pastLeaf, x.base, 1n)],
    [
      "a key for a leaf of another table",
      -1,
      (x) => {
        x.key32(1);
        x.locate(x.base, 2, leafOf("u64"), 1, false);
      },
    ],
    [
      "a key that reaches over into the next field",
      -1,
      (x) => {
        x.key32(1);
        x.locate(x.base, 1, leafOf("packed"), 2, false);
      },
    ],
    [
      "a key beside words that are filled",
      -1,
      (x) => {
        x.key32(1);
        x.locate(x.base, 1, leafOf("u64"), 2, false);
      },
    ],
  ];

  it.each(violations)("%s traps", (_, word, exec) => {
    const test = bench(0, fields);
    test.setWord(0, word);
    expect(() => test.run(exec)).toThrow(/footprint violation/);
  });

  it("that the plan has filled stay, and the key given is used up", () => {
    const test = bench(0, fields);
    test.setWord(0, SLOT << ACCESS_SHIFT);
    test.setWord(1, -1);
    test.run((x) => {
      x.key32(77);
      expect(x.locate(x.base, 1, leafOf("u64"), 1, true)).toBe(x.base);
      x.key32(3);
      x.store64(leafOf("u64"), x.locate(x.base + 1, 1, leafOf("u64"), 1, false), 9n);
    });
    const slot = test.code.tables[1]?.find2(1, 3) ?? 0;
    expect(readBig(test.code.columns[leafOf("u64")], slot)).toBe(9n);
    expect(test.code.tables[1]?.find2(1, 77)).toBe(0);
  });

  it("for one cell are one word, those for others aren't, and old values are kept once per call", () => {
    const test = bench(0, fields);
    const kept: string[] = [];
    test.context.keepOldValuesIn({ keep: (call, column, slot) => void kept.push(`${call} ${column.kind} ${slot}`) });
    test.setWord(0, -1);
    test.setWord(1, -1);
    const leaf = leafOf("u64");
    const at = (x: Exec, key: number, count: number, writes: boolean): number => {
      x.key32(key);
      return x.locate(x.base, 1, leaf, count, writes);
    };
    test.run((x) => {
      const first = at(x, 1, 1, false);
      expect(at(x, 1, 1, true)).toBe(first);
      expect(at(x, 2, 1, true)).not.toBe(first);
      const both = at(x, 1, 2, true);
      expect([x.word(both), x.word(both + 1)]).toEqual([x.word(first), x.word(first)]);
      for (let key = 10; key < 900; key++) at(x, key, 1, false);
      expect(at(x, 1, 1, true)).toBe(first);
    });
    expect(kept).toEqual(["0 u64 1", "0 u64 2", "0 i64 1"]);
    test.run((x) => void at(x, 2, 1, true));
    expect(kept).toHaveLength(4);
  });

  it("run out with a clear error when one call makes too many entries, not when it comes back to some", () => {
    const test = bench(0, fields);
    test.setWord(0, -1);
    const cells = (x: Exec): void => {
      for (let i = 0; i < 2 ** 20; i++) {
        x.key32(i % 500);
        x.locate(x.base, 1, leafOf("u64"), 1, false);
      }
      for (let i = 0; i < 3000; i++) {
        x.key32(i);
        x.locate(x.base, 1, leafOf("u64"), 1, false);
      }
    };
    // The table of a test's state holds a thousand entries.
    expect(() => test.run(cells)).toThrow("out of reserved memory: entries of Fixture.cells");
  });
});
