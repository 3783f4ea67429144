import fc from "fast-check";
import { expect, test } from "vitest";
import { Amount, Dues } from "../../../../runtime/admit/dues.ts";
import { createColumn, readBig, writeBig } from "../../../../runtime/state/column.ts";

const MAX = 2n ** 256n - 1n;
const EDGES = [
  0n,
  1n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 64n - 1n,
  2n ** 96n,
  2n ** 126n,
  2n ** 127n - 1n,
  2n ** 127n,
  2n ** 128n - 1n,
  2n ** 255n,
  MAX,
];
const coin = fc.oneof(fc.constantFrom(...EDGES), fc.bigInt({ min: 0n, max: MAX }), fc.bigInt({ min: 0n, max: 2n ** 70n }));
const half = fc.oneof(
  fc.constantFrom(0, 1, 2 ** 21, 2 ** 32 - 1),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.integer({ min: 0, max: 2 ** 20 }),
);
const product = fc.tuple(half, half, half, half);
const spent = fc.record({ id: fc.integer({ min: 1, max: 3 }), value: coin, gas: product });

function amountOf(value: bigint, [aLow, aHigh, bLow, bHigh]: readonly [number, number, number, number]): { amount: Amount; exact: bigint } {
  const view = new DataView(new ArrayBuffer(40));
  for (let i = 0; i < 4; i++) view.setBigUint64(8 + i * 8, (value >> BigInt(192 - 64 * i)) & (2n ** 64n - 1n));
  const amount = new Amount();
  amount.setWord(view, 8);
  amount.addProduct(aLow, aHigh, bLow, bHigh);
  const a = BigInt(aHigh) * 2n ** 32n + BigInt(aLow);
  const b = BigInt(bHigh) * 2n ** 32n + BigInt(bLow);
  return { amount, exact: value + a * b };
}

test("an amount is a value and a product, exactly", () => {
  fc.assert(
    fc.property(coin, product, (value, gas) => {
      const { amount, exact } = amountOf(value, gas);
      expect(amount.toBig()).toBe(exact);
    }),
    { numRuns: 10000 },
  );
});

test("an amount that was large is small again", () => {
  const { amount } = amountOf(MAX, [0, 0, 0, 0]);
  amount.clear();
  amount.addProduct(7, 0, 3, 0);
  expect(amount.toBig()).toBe(21n);
});

test("sums stay within what the cells hold, and are taken from them", () => {
  fc.assert(
    fc.property(fc.array(coin, { minLength: 3, maxLength: 3 }), fc.array(spent, { maxLength: 12 }), (held, spends) => {
      const column = createColumn(0, "u256", 0, 8);
      const dues = new Dues(4);
      held.forEach((value, i) => {
        writeBig(column, i + 1, value);
      });
      const sums = [0n, 0n, 0n, 0n];
      for (const { id, value, gas } of spends) {
        const { amount, exact } = amountOf(value, gas);
        const fits = sums[id] + exact <= held[id - 1];
        expect(dues.add(id, amount, column)).toBe(fits);
        if (fits) sums[id] += exact;
        expect(dues.of(id)).toBe(sums[id]);
        expect(dues.isZero(id)).toBe(sums[id] === 0n);
      }
      for (let id = 1; id <= 3; id++) {
        dues.take(id, column);
        expect(readBig(column, id)).toBe(held[id - 1] - sums[id]);
        expect(dues.isZero(id)).toBe(true);
      }
    }),
    { numRuns: 10000 },
  );
});

test("sums without a limit may pass 2^127, and are forgotten whole", () => {
  fc.assert(
    fc.property(fc.array(coin, { maxLength: 8 }), (values) => {
      const dues = new Dues(1);
      for (const value of values) dues.add(1, amountOf(value, [0, 0, 0, 0]).amount, undefined);
      expect(dues.of(1)).toBe(values.reduce((sum, value) => sum + value, 0n));
      dues.forget(1);
      expect(dues.of(1)).toBe(0n);
    }),
    { numRuns: 500 },
  );
});
