/** Amounts rounded to a side, and terms as plans compute them, against exact arithmetic. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDown, addUp, cellDown, cellUp, move, MOVE_AWAY, MOVE_DOWNWARD, MOVE_LEAST } from "../../../runtime/plan/amount.ts";
import { nextDown, nextUp } from "../../../runtime/values/big.ts";
import { arith, arithBig, compare, equal, and, or, shiftBig } from "../../../runtime/plan/terms.ts";
import { createColumn, writeBig } from "../../../runtime/state/column.ts";

const double = fc
  .oneof(
    fc.bigInt({ min: 0n, max: 2n ** 60n }),
    fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n),
  )
  .map(Number);

describe("amounts", () => {
  test("next doubles are neighbours", () => {
    fc.assert(
      fc.property(double, (value) => {
        expect(nextUp(value)).toBeGreaterThan(value);
        expect(nextDown(nextUp(value))).toBe(value);
        expect(nextUp(-value)).toBe(-nextDown(value));
      }),
    );
    expect(nextUp(Infinity)).toBe(Infinity);
  });

  test("sums are on the promised side of the true one, and exact when small", () => {
    fc.assert(
      fc.property(double, double, fc.boolean(), (a, other, negative) => {
        const b = negative ? -other : other;
        const exact = BigInt(a) + BigInt(b);
        const low = addDown(a, b);
        const high = addUp(a, b);
        expect(BigInt(low) <= exact && exact <= BigInt(high)).toBe(true);
        if (exact < 2n ** 53n && exact > -(2n ** 53n) && a < 2 ** 53) expect([low, high]).toEqual([Number(exact), Number(exact)]);
      }),
      { numRuns: 2000 },
    );
  });

  test("moves in place are those sums", () => {
    const doubles = new Float64Array(4);
    const words = new Int32Array(doubles.buffer);
    const special = fc.oneof(double, fc.constantFrom(0, 1, Infinity, NaN, 2 ** 53, 2 ** 53 + 2, Number.MIN_VALUE));
    const modes = fc.record({ downward: fc.boolean(), away: fc.boolean(), least: fc.boolean() });
    fc.assert(
      fc.property(special, fc.boolean(), special, modes, (start, negative, amount, { downward, away, least }) => {
        const before = negative ? -start : start;
        doubles[3] = before;
        const how = (downward ? MOVE_DOWNWARD : 0) | (away ? MOVE_AWAY : 0) | (least ? MOVE_LEAST : 0);
        move(doubles, words, 3, Float64Array.of(7, amount), 1, how);
        const counted = least && amount > 2 ** 53 ? nextDown(amount) : amount;
        const by = away ? -counted : counted;
        expect(doubles[3]).toBe(downward ? addDown(before, by) : addUp(before, by));
      }),
      { numRuns: 5000 },
    );
  });

  test.each(["u32", "i32", "u64", "i64", "u128", "i128", "u256", "i256"] as const)(
    "cells of %s are rounded by one step at most",
    (kind) => {
      const column = createColumn(0, kind, 0, 4);
      const bits = BigInt(column.lanes === 0 ? 32 : column.bits);
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: 2n ** bits - 1n }), fc.nat(255), (raw, shift) => {
          const value = column.signed ? BigInt.asIntN(Number(bits), raw >> BigInt(shift)) : raw >> BigInt(shift);
          writeBig(column, 2, value);
          const low = cellDown(column, 2);
          const high = cellUp(column, 2);
          expect(BigInt(low) <= value && value <= BigInt(high)).toBe(true);
          expect(high === low || high === nextUp(low)).toBe(true);
          expect(BigInt(low) === value).toBe(BigInt(high) === value);
        }),
        { numRuns: 500 },
      );
    },
  );
});

describe("terms", () => {
  const small = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });

  test("32-bit arithmetic is that of integers with range checks", () => {
    fc.assert(
      fc.property(fc.constantFrom("+", "-", "*", "/", "%", "&", "|", "^"), small, small, fc.boolean(), (op, x, y, signed) => {
        const [min, max] = signed ? [-(2 ** 31), 2 ** 31 - 1] : [0, 2 ** 32 - 1];
        const a = signed ? x | 0 : x >>> 0;
        const b = signed ? y | 0 : y >>> 0;
        const wide = arithBig(op, BigInt(a), BigInt(b), BigInt(min), BigInt(max));
        expect(arith(op, a, b, min, max)).toBe(wide === undefined ? undefined : Number(wide));
      }),
      { numRuns: 2000 },
    );
  });

  test("shifts are checked against the width", () => {
    expect(arith("<<", 1, 31, 0, 2 ** 32 - 1)).toBe(2 ** 31);
    expect(arith("<<", 1, 32, 0, 2 ** 32 - 1)).toBeUndefined();
    expect(arith("<<", 1, 8, -128, 127)).toBeUndefined();
    expect(arith(">>", -5, 1, -128, 127)).toBe(-3);
    expect(shiftBig("<<", 1n, 63, 0n, 2n ** 64n - 1n)).toBe(2n ** 63n);
    expect(shiftBig(">>", 1n, 64, 0n, 2n ** 64n - 1n)).toBeUndefined();
    expect(shiftBig(">>", -5n, 127n, -(2n ** 127n), 2n ** 127n - 1n)).toBe(-1n);
  });

  test("bits that a shift moves out are gone", () => {
    expect(arith("<<", 255, 1, 0, 255)).toBe(254);
    expect(arith("<<", 64, 1, -128, 127)).toBe(-128);
    expect(arith("<<", -(2 ** 31), 1, -(2 ** 31), 2 ** 31 - 1)).toBe(0);
    expect(arith("<<", 2 ** 32 - 1, 31, 0, 2 ** 32 - 1)).toBe(2 ** 31);
    expect(shiftBig("<<", 2n ** 64n - 1n, 1, 0n, 2n ** 64n - 1n)).toBe(2n ** 64n - 2n);
    expect(shiftBig("<<", 1n, 127, -(2n ** 127n), 2n ** 127n - 1n)).toBe(-(2n ** 127n));
  });

  test("unknown in is unknown out, unless the rest decides", () => {
    expect(arith("+", undefined, 1, 0, 255)).toBeUndefined();
    expect(arithBig("/", 1n, 0n, 0n, 255n)).toBeUndefined();
    expect(compare("<", undefined, 1)).toBeUndefined();
    expect([and(false, undefined), and(undefined, false), and(true, undefined)]).toEqual([false, false, undefined]);
    expect([or(true, undefined), or(undefined, true), or(false, undefined)]).toEqual([true, true, undefined]);
    expect([
      equal(1n, 1),
      equal(new Uint8Array([1]), new Uint8Array([1])),
      equal(new Uint8Array([1]), new Uint8Array([2])),
      equal(1, undefined),
    ]).toEqual([true, true, false, undefined]);
  });
});
