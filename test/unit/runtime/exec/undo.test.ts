import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCESS_CLEARED, ACCESS_PARTIAL, ACCESS_SHIFT, STATUS_REVERTED, STATUS_SUCCESS } from "../../../../runtime/execute/memory.ts";
import type { Exec } from "../../../../runtime/module.ts";
import { readBig } from "../../../../runtime/state/column.ts";
import { bench, KINDS, leafOf, MAX_TEXT, raise } from "../fixture.ts";

/** One change of state: word 0 to 3 are slots 1 to 4, word 4 and 5 are partial sums of nodes 1 and 2. */
type Step = (x: Exec) => void;

const cellWord = fc.integer({ min: 0, max: 3 });
const deltaWord = fc.integer({ min: 0, max: 5 });
const big = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits) - 1n });

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(cellWord, fc.boolean()).map(
    ([word, value]): Step =>
      (x) =>
        x.storeBool(leafOf("bool"), x.base + word, value),
  ),
  fc.tuple(cellWord, fc.constantFrom("u8", "u16", "u32", "enum", "address", "i32" as const), fc.nat(255)).map(
    ([word, kind, value]): Step =>
      (x) =>
        x.store32(leafOf(kind), x.base + word, value),
  ),
  fc.tuple(cellWord, fc.constantFrom("u64", "i64" as const), big(64)).map(
    ([word, kind, value]): Step =>
      (x) =>
        x.store64(leafOf(kind), x.base + word, value),
  ),
  fc.tuple(cellWord, fc.constantFrom("u128", "i128" as const), big(128)).map(
    ([word, kind, value]): Step =>
      (x) =>
        x.store128(leafOf(kind), x.base + word, value),
  ),
  fc.tuple(cellWord, fc.constantFrom("u256", "i256", "bytes32" as const), big(256)).map(
    ([word, kind, value]): Step =>
      (x) =>
        x.store256(leafOf(kind), x.base + word, value),
  ),
  fc.tuple(cellWord, fc.constantFrom("string", "bytes" as const), fc.uint8Array({ maxLength: MAX_TEXT })).map(
    ([word, kind, value]): Step =>
      (x) =>
        x.storeBytes(leafOf(kind), x.base + word, value),
  ),
  fc.tuple(cellWord, fc.constantFrom(...KINDS)).map(
    ([word, kind]): Step =>
      (x) =>
        x.clear(leafOf(kind), x.base + word),
  ),
  fc.tuple(deltaWord, fc.constantFrom("u32", "i32" as const), fc.nat(1000)).map(
    ([word, kind, value]): Step =>
      (x) =>
        void x.add32(leafOf(kind), x.base + word, value),
  ),
  fc.tuple(deltaWord, fc.constantFrom("u64", "i64" as const), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })).map(
    ([word, kind, value]): Step =>
      (x) =>
        void x.sub64(leafOf(kind), x.base + word, value),
  ),
  fc.tuple(deltaWord, fc.constantFrom("u128", "i128" as const), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })).map(
    ([word, kind, value]): Step =>
      (x) =>
        void x.add128(leafOf(kind), x.base + word, value),
  ),
  fc
    .tuple(
      deltaWord,
      fc.constantFrom("u256", "i256" as const),
      fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })),
      fc.boolean(),
    )
    .map(
      ([word, kind, value, debit]): Step =>
        (x) =>
          void (debit ? x.sub256(leafOf(kind), x.base + word, value) : x.add256(leafOf(kind), x.base + word, value)),
    ),
);

function prepare(): { readonly test: ReturnType<typeof bench>; snapshot(): readonly string[] } {
  const test = bench();
  for (let word = 0; word < 4; word++) test.setWord(word, (word + 1) << ACCESS_SHIFT);
  for (let word = 4; word < 6; word++) test.setWord(word, ((word - 3) << ACCESS_SHIFT) | ACCESS_PARTIAL | ACCESS_CLEARED);
  const snapshot = (): readonly string[] => [
    ...test.code.columns.map((column) => Buffer.from(column.u32.slice(0, 8 * 8).buffer).toString("hex")),
    Buffer.from(test.memory.partials[0].u64.slice(0, 32).buffer).toString("hex"),
  ];
  return { test, snapshot };
}

describe("undo", () => {
  it("restores every bit of cells and partial sums when a call fails, whatever it did before", () => {
    const { test, snapshot } = prepare();
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 12 }), fc.array(steps, { maxLength: 20 }), (kept, dropped) => {
        expect(test.run((x) => kept.forEach((step) => step(x)))).toBe(STATUS_SUCCESS);
        const before = snapshot();
        const status = test.run((x) => {
          dropped.forEach((step) => step(x));
          raise(x.panic(1));
        });
        expect(status).toBe(STATUS_REVERTED);
        expect(snapshot()).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps strings readable after they were overwritten and restored", () => {
    const { test } = prepare();
    const leaf = leafOf("string");
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    test.run((x) => x.storeBytes(leaf, x.base, text("first")));
    test.run((x) => {
      x.storeBytes(leaf, x.base, text("second, longer"));
      x.storeBytes(leaf, x.base, text("third"));
      raise(x.revertEmpty());
    });
    let seen = "";
    test.run((x) => {
      seen = new TextDecoder().decode(x.loadBytes(leaf, x.base));
    });
    expect(seen).toBe("first");
  });

  it("undoes a call with far more writes than the log first holds", () => {
    const { test, snapshot } = prepare();
    test.run((x) => x.store256(leafOf("u256"), x.base, 5n));
    const before = snapshot();
    const status = test.run((x) => {
      for (let i = 0; i < 5000; i++) x.store256(leafOf("u256"), x.base, BigInt(i) << 100n);
      raise(x.revertEmpty());
    });
    expect(status).toBe(STATUS_REVERTED);
    expect(snapshot()).toEqual(before);
  });

  it("undoes a call that ends in an error of ours, and passes the error on", () => {
    const { test, snapshot } = prepare();
    const before = snapshot();
    expect(() =>
      test.run((x) => {
        x.store256(leafOf("u256"), x.base, 5n);
        x.load32(leafOf("u32"), x.base + 100);
      }),
    ).toThrow("footprint violation");
    expect(snapshot()).toEqual(before);
    expect(test.run((x) => x.store256(leafOf("u256"), x.base, 6n))).toBe(STATUS_SUCCESS);
    expect(readBig(test.code.columns[leafOf("u256")], 1)).toBe(6n);
  });

  it("undoes a probe, which gives its data all the same", () => {
    const { test, snapshot } = prepare();
    test.run(() => undefined);
    const before = snapshot();
    test.run((x) => {
      x.store64(leafOf("u64"), x.base, 9n);
    });
    const after = snapshot();
    expect(after).not.toEqual(before);
    const outcome = test.context.probe(0);
    expect(outcome).toEqual({ success: true, data: new Uint8Array(0) });
    expect(snapshot()).toEqual(after);
  });
});
