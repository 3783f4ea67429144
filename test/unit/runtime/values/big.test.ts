import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mulDiv, nextDown, nextUp, sqrt, toDoubleDown, toDoubleUp, wordToDouble } from "../../../../runtime/values/big.ts";
import { bytesToHex, hexToBytes } from "../../../../runtime/values/hex.ts";
import { keccak, selectorOf } from "../../../../runtime/values/keccak.ts";
import { wordHex } from "../fixture.ts";

/** Numbers crowded around powers of two, where roundings change. */
const edgy = fc.oneof(
  fc
    .tuple(fc.nat(255), fc.nat(255), fc.bigInt({ min: -2n, max: 2n }))
    .map(([a, b, c]) => BigInt.asUintN(256, 2n ** BigInt(a) + 2n ** BigInt(b) + c)),
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 55n - 1n }), fc.nat(201)).map(([value, shift]) => value << BigInt(shift)),
);

describe("rounding to doubles", () => {
  it("gives the nearest double on the promised side", () => {
    fc.assert(
      fc.property(edgy, fc.boolean(), (magnitude, negative) => {
        const value = negative ? -magnitude : magnitude;
        const up = toDoubleUp(value);
        const down = toDoubleDown(value);
        expect(BigInt(up) >= value && BigInt(down) <= value).toBe(true);
        expect(up === down ? BigInt(up) === value : nextUp(down) === up).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("of a calldata word agrees with that of the bigint", () => {
    const check = (value: bigint): void => {
      const bytes = Uint8Array.from(Buffer.from(`00${wordHex(value)}`, "hex"));
      const view = new DataView(bytes.buffer);
      expect(wordToDouble(view, 1, true)).toBe(toDoubleUp(value));
      expect(wordToDouble(view, 1, false)).toBe(toDoubleDown(value));
    };
    fc.assert(fc.property(edgy, check), { numRuns: 2000 });
    for (let bit = 0n; bit < 256n; bit++) {
      for (const by of [-1n, 0n, 1n]) check(BigInt.asUintN(256, 2n ** bit + by));
      // 54 bits set: the lowest doesn't fit.
      check(BigInt.asUintN(256, (2n ** 54n - 1n) << bit));
      check(BigInt.asUintN(256, (2n ** 53n - 1n) << bit));
    }
  });

  it("steps to neighbours across zero and powers of two", () => {
    expect(nextUp(0)).toBe(Number.MIN_VALUE);
    expect(nextDown(0)).toBe(-Number.MIN_VALUE);
    expect(nextUp(1)).toBe(1 + Number.EPSILON);
    expect(nextDown(1)).toBe(1 - Number.EPSILON / 2);
    expect(nextUp(-1)).toBe(-1 + Number.EPSILON / 2);
    expect(nextUp(Number.MAX_VALUE)).toBe(Infinity);
    expect(toDoubleUp(2n ** 1025n)).toBe(Infinity);
    expect(toDoubleDown(2n ** 1025n)).toBe(Number.MAX_VALUE);
  });
});

describe("mulDiv and sqrt", () => {
  it("mulDiv is exact at full precision", () => {
    fc.assert(
      fc.property(edgy, edgy, edgy, (a, b, c) => {
        const down = mulDiv(a, b, c, false);
        const up = mulDiv(a, b, c, true);
        if (c === 0n) {
          expect([down, up]).toEqual([undefined, undefined]);
          return;
        }
        const quotient = (a * b) / c;
        const above = quotient * c === a * b ? quotient : quotient + 1n;
        expect(down).toBe(quotient < 2n ** 256n ? quotient : undefined);
        expect(up).toBe(above < 2n ** 256n ? above : undefined);
      }),
      { numRuns: 500 },
    );
  });

  it("sqrt is the floor of the root", () => {
    const check = (value: bigint): void => {
      const root = sqrt(value) ?? -1n;
      expect(root >= 0n && root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true);
    };
    for (let i = 0n; i < 300n; i++) check(i);
    fc.assert(fc.property(edgy, check), { numRuns: 1000 });
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }), (root) => [-1n, 0n, 1n].forEach((by) => check(root * root + by))),
      { numRuns: 500 },
    );
    expect(sqrt(2n ** 256n - 1n)).toBe(2n ** 128n - 1n);
    expect(sqrt(-1n)).toBeUndefined();
  });
});

describe("hex and keccak", () => {
  it("round-trips and refuses what isn't hex", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(hexToBytes(bytesToHex(bytes), -1)).toEqual(bytes);
      }),
    );
    for (const text of ["", "12", "0x1", "0xzz", "0x12 ", "0X12"]) expect(() => hexToBytes(text, -1)).toThrow(RangeError);
    expect(() => hexToBytes("0x1234", 3)).toThrow("expected 3 bytes");
  });

  it("hashes as Ethereum does", () => {
    expect(bytesToHex(keccak(new Uint8Array(0)))).toBe("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    expect(selectorOf("transfer(address,uint256)")).toBe(0xa9059cbb);
  });
});
