import { describe, expect, it } from "vitest";
import { ACCESS_CLEARED, ACCESS_PARTIAL, ACCESS_SHIFT, STATUS_REVERTED, STATUS_SUCCESS } from "../../../../runtime/execute/memory.ts";
import type { Exec } from "../../../../runtime/module.ts";
import { readBig, writeBig } from "../../../../runtime/state/column.ts";
import { selectorOf } from "../../../../runtime/values/keccak.ts";
import { bench, field, hex, KINDS, leafOf, MAX_TEXT, wordHex } from "../fixture.ts";

const SLOT = 3;

function selectorHex(signature: string): string {
  return selectorOf(signature).toString(16).padStart(8, "0");
}

describe("loads and stores", () => {
  it("give back what was stored, at the limits of each width", () => {
    const test = bench();
    test.setWord(0, SLOT << ACCESS_SHIFT);
    const status = test.run((x) => {
      const word = x.base;
      const check = <T>(store: (value: T) => void, load: () => T, ...values: readonly T[]): void => {
        for (const value of values) {
          store(value);
          expect(load()).toEqual(value);
        }
      };
      check(
        (v) => x.storeBool(leafOf("bool"), word, v),
        () => x.loadBool(leafOf("bool"), word),
        true,
        false,
        true,
      );
      for (const [kind, low, high] of [
        ["u8", 0, 255],
        ["u16", 0, 65535],
        ["u32", 0, 4294967295],
        ["i8", -128, 127],
        ["i16", -32768, 32767],
        ["i32", -2147483648, 2147483647],
        ["enum", 0, 2],
        ["address", 1, 77],
      ] as const) {
        check(
          (v) => x.store32(leafOf(kind), word, v),
          () => x.load32(leafOf(kind), word),
          low,
          high,
          low + 1,
        );
      }
      const power = (bits: number): bigint => 2n ** BigInt(bits);
      check(
        (v) => x.store64(leafOf("u64"), word, v),
        () => x.loadU64(leafOf("u64"), word),
        0n,
        power(64) - 1n,
        5n,
      );
      check(
        (v) => x.store64(leafOf("i64"), word, v),
        () => x.loadI64(leafOf("i64"), word),
        -power(63),
        power(63) - 1n,
        -1n,
      );
      check(
        (v) => x.store128(leafOf("u128"), word, v),
        () => x.loadU128(leafOf("u128"), word),
        0n,
        power(128) - 1n,
        power(64),
        5n,
      );
      check(
        (v) => x.store128(leafOf("i128"), word, v),
        () => x.loadI128(leafOf("i128"), word),
        -power(127),
        power(127) - 1n,
        -1n,
        3n,
      );
      check(
        (v) => x.store256(leafOf("u256"), word, v),
        () => x.loadU256(leafOf("u256"), word),
        power(256) - 1n,
        0n,
        power(128),
        power(64),
        7n,
      );
      check(
        (v) => x.store256(leafOf("i256"), word, v),
        () => x.loadI256(leafOf("i256"), word),
        -power(255),
        power(255) - 1n,
        -1n,
        7n,
        -power(64),
      );
      check(
        (v) => x.store256(leafOf("bytes32"), word, v),
        () => x.loadU256(leafOf("bytes32"), word),
        power(256) - 1n,
        1n,
      );
      check(
        (v) => x.storeBytes(leafOf("bytes"), word, v),
        () => x.loadBytes(leafOf("bytes"), word),
        Uint8Array.of(1, 2, 3),
        new Uint8Array(0),
        new Uint8Array(MAX_TEXT).fill(9),
      );
    });
    expect(status).toBe(STATUS_SUCCESS);
    for (const kind of KINDS) {
      const column = test.code.columns[leafOf(kind)];
      expect(readBig(column, SLOT - 1)).toBe(0n);
      expect(readBig(column, SLOT + 1)).toBe(0n);
    }
  });

  it("clear sets each kind to its default", () => {
    const test = bench();
    test.setWord(0, SLOT << ACCESS_SHIFT);
    for (const kind of KINDS) writeBig(test.code.columns[leafOf(kind)], SLOT, 1n);
    test.run((x) => KINDS.forEach((kind) => x.clear(leafOf(kind), x.base)));
    for (const kind of KINDS) expect(readBig(test.code.columns[leafOf(kind)], SLOT)).toBe(0n);
  });

  it("read immutables of the running contract's own instance", () => {
    const test = bench(0, [
      field("a", [], ["u256"]),
      field("b", [], ["string"]),
      field("c", [], ["address"]),
      field("d", [], ["i64"]),
      field("e", [], ["bool"]),
    ]);
    test.setWord(0, 1 << ACCESS_SHIFT);
    test.run((x) => {
      x.store256(1, x.base, 2n ** 250n);
      x.storeBytes(2, x.base, Uint8Array.of(65));
      x.store64(4, x.base, -9n);
      x.storeBool(5, x.base, true);
      expect([x.immutableBig(1), x.immutableBytes(2), x.immutable32(3), x.immutableBig(4), x.immutableBool(5)]).toEqual([
        2n ** 250n,
        Uint8Array.of(65),
        1,
        -9n,
        true,
      ]);
    });
  });

  it("panic with 0x41 when a value is longer than its leaf takes", () => {
    const test = bench();
    test.setWord(0, SLOT << ACCESS_SHIFT);
    expect(test.run((x) => x.storeBytes(leafOf("string"), x.base, new Uint8Array(MAX_TEXT + 1)))).toBe(STATUS_REVERTED);
    expect(hex(test.data())).toBe(`4e487b71${wordHex(0x41)}`);
  });
});

describe("the footprint is a capability", () => {
  const violations: readonly (readonly [string, number, (x: Exec) => void])[] = [
    ["a load whose word is 0", 0, (x) => x.loadU256(leafOf("u256"), x.base)],
    ["a store whose word is 0", 0, (x) => x.store256(leafOf("u256"), x.base, 1n)],
    ["a Δ whose word is 0", 0, (x) => x.add256(leafOf("u256"), x.base, 1n)],
    ["a narrow Δ whose word is 0", 0, (x) => x.sub32(leafOf("u32"), x.base, 1)],
    ["a load of an unresolved cell", -1, (x) => x.load32(leafOf("u32"), x.base)],
    ["a Δ of an unresolved cell", -1, (x) => x.sub256(leafOf("u256"), x.base, 0n)],
    ["a narrow Δ of an unresolved cell", -1, (x) => x.add32(leafOf("u32"), x.base, 1)],
    ["a load through a partial sum", (3 << ACCESS_SHIFT) | ACCESS_PARTIAL | ACCESS_CLEARED, (x) => x.loadU64(leafOf("u64"), x.base)],
    ["a store through a cleared Δ", (3 << ACCESS_SHIFT) | ACCESS_CLEARED, (x) => x.store64(leafOf("u64"), x.base, 1n)],
    ["clear of an absent cell", 0, (x) => x.clear(leafOf("string"), x.base)],
  ];
  it.each(violations)("%s traps", (_, word, exec) => {
    const test = bench();
    test.setWord(0, word);
    expect(() => test.run(exec)).toThrow(/footprint violation/);
  });
});

describe("coin and tickets", () => {
  it("credits attached coin to the contract, once and only when there is some", () => {
    const test = bench();
    test.setWord(0, test.self << ACCESS_SHIFT);
    const amount = 2n ** 200n + 5n;
    test.run(
      (x) => {
        expect(x.value()).toBe(amount);
        x.receive(x.base);
      },
      new Uint8Array(0),
      amount,
    );
    expect(readBig(test.state.coin, test.self)).toBe(amount);
    test.run((x) => x.receive(x.base + 50));
    expect(readBig(test.state.coin, test.self)).toBe(amount);
  });

  it("pays from one to the other, and fails with the amount needed", () => {
    const test = bench();
    test.setWord(0, test.self << ACCESS_SHIFT);
    test.setWord(1, test.caller << ACCESS_SHIFT);
    writeBig(test.state.coin, test.self, 100n);
    expect(test.run((x) => x.pay(x.base, x.base + 1, 60n))).toBe(STATUS_SUCCESS);
    expect([test.self, test.caller].map((id) => readBig(test.state.coin, id))).toEqual([40n, 60n]);
    expect(test.run((x) => x.pay(x.base, x.base + 1, 41n))).toBe(STATUS_REVERTED);
    expect(hex(test.data())).toBe(`${selectorHex("InsufficientFunds(uint256)")}${wordHex(41)}`);
    expect([test.self, test.caller].map((id) => readBig(test.state.coin, id))).toEqual([40n, 60n]);
  });

  it("hands out the numbers of the record, and reverts for those beyond the type", () => {
    const test = bench();
    test.setWord(0, -1);
    test.setWord(1, -2);
    test.run((x) => {
      expect(x.ticket32(x.base)).toBe(0xffffffff);
      expect(x.ticket64(x.base)).toBe(0xfffffffe_ffffffffn);
    });
    test.setWord(2, 1);
    expect(test.run((x) => void x.ticket64(x.base))).toBe(STATUS_REVERTED);
    expect(hex(test.data())).toBe(selectorHex("SequenceExhausted()"));
    expect(test.run((x) => void x.ticket32(x.base))).toBe(STATUS_REVERTED);
  });
});

describe("arithmetic", () => {
  const outcome = (exec: (x: Exec) => unknown): unknown => {
    const test = bench();
    let result: unknown;
    const status = test.run((x) => {
      result = exec(x);
    });
    return status === STATUS_SUCCESS ? result : `panic ${parseInt(hex(test.data()).slice(8), 16).toString(16)}`;
  };
  it.each<[string, (x: Exec) => unknown, unknown]>([
    ["fit in range", (x) => x.fit(255, 0, 255), 255],
    ["fit above", (x) => x.fit(256, 0, 255), "panic 11"],
    ["fit below", (x) => x.fit(-1, 0, 255), "panic 11"],
    ["fitU64 at the limit", (x) => x.fitU64(2n ** 64n - 1n), 2n ** 64n - 1n],
    ["fitU64 above", (x) => x.fitU64(2n ** 64n), "panic 11"],
    ["fitU128 below", (x) => x.fitU128(-1n), "panic 11"],
    ["fitU256 above", (x) => x.fitU256(2n ** 256n), "panic 11"],
    ["fitBig", (x) => x.fitBig(-129n, -128n, 127n), "panic 11"],
    ["toNumber", (x) => x.toNumber(300n, 0, 255), "panic 11"],
    ["division truncates towards zero", (x) => [x.div(7, -2), x.mod(7, -2), x.mod(-7, 2)], [-3, 1, -1]],
    ["a quotient of zero has no sign", (x) => [1 / x.div(-1, 2), 1 / x.mod(-4, 2)], [Infinity, Infinity]],
    ["division by zero", (x) => x.div(7, 0), "panic 12"],
    ["remainder by zero", (x) => x.mod(7, 0), "panic 12"],
    ["wide division by zero", (x) => x.divBig(7n, 0n), "panic 12"],
    ["wide remainder by zero", (x) => x.modBig(7n, 0n), "panic 12"],
    ["shift by the width less one", (x) => x.shift(255n, 256), 255],
    ["shift by the width", (x) => x.shift(256n, 256), "panic 11"],
    ["shift by less than nothing", (x) => x.shift(-1, 8), "panic 11"],
    ["mulDiv by zero", (x) => x.mulDiv(1n, 1n, 0n, false), "panic 12"],
    ["mulDiv beyond 256 bits", (x) => x.mulDiv(2n ** 255n, 4n, 2n, false), "panic 11"],
    [
      "mulDiv rounds as told",
      (x) => [x.mulDiv(7n, 3n, 2n, false), x.mulDiv(7n, 3n, 2n, true), x.mulDiv(8n, 3n, 2n, true)],
      [10n, 11n, 12n],
    ],
    ["an enum's last variant", (x) => x.enumOf(2n, 3), 2],
    ["beyond an enum's variants", (x) => x.enumOf(3, 3), "panic 21"],
    ["an index in range", (x) => x.index(4n, 5), 4],
    ["an index out of range", (x) => x.index(5, 5), "panic 32"],
    ["a negative index", (x) => x.index(-1, 5), "panic 32"],
    [
      "bytes compare by content",
      (x) => [x.sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2)), x.sameBytes(Uint8Array.of(1), Uint8Array.of(1, 2))],
      [true, false],
    ],
    ["the environment", (x) => [x.height, x.time, x.chainId], [7n, 1_700_000_000n, 1n]],
  ])("%s", (_, exec, expected) => {
    expect(outcome(exec)).toEqual(expected);
  });
});
