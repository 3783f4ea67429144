import { describe, expect, it } from "vitest";
import type { AbiInput } from "../../../../runtime/abi/encode.ts";
import { encodeArgs } from "../../../../runtime/abi/encode.ts";
import {
  RECEIPT_LOG_COUNT,
  RECEIPT_LOGS_AT,
  STATUS_REVERTED,
  STATUS_SUCCESS,
  VERDICT_EMPTY,
  VERDICT_NONCE,
  VERDICT_OUT_OF_GAS,
} from "../../../../runtime/execute/memory.ts";
import { readLogs } from "../../../../runtime/commit/tape.ts";
import type { AbiParam, Exec } from "../../../../runtime/module.ts";
import { keccak, selectorOf } from "../../../../runtime/values/keccak.ts";
import type { Bench } from "../fixture.ts";
import { bench, hex, raise, wordHex } from "../fixture.ts";

interface RawLog {
  readonly address: number;
  readonly topics: readonly string[];
  readonly data: string;
}

/** The logs of call 0. */
function logsOf(test: Bench): readonly RawLog[] {
  const { receipts, outputs } = test.memory;
  return readLogs(test.state, outputs[0], receipts[RECEIPT_LOGS_AT], receipts[RECEIPT_LOG_COUNT]).map(({ address, topics, data }) => ({
    address: test.state.addresses.findHex(address),
    topics: topics.map((topic) => topic.slice(2)),
    data: hex(data),
  }));
}

const E = "e1".repeat(32);

describe("return data", () => {
  const tuple: AbiParam = {
    name: "",
    type: "tuple",
    components: [
      { name: "a", type: "uint8" },
      { name: "b", type: "string" },
    ],
  };
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  it.each<[string, readonly AbiParam[], readonly AbiInput[], (x: Exec) => void]>([
    ["one bool", [{ name: "", type: "bool" }], [true], (x) => (x.result(1), x.putBool(true))],
    [
      "numbers of all signs and widths",
      ["uint32", "int8", "uint256", "int256", "uint64", "int128"].map((type) => ({ name: "", type })),
      [4294967295, -128, 2n ** 256n - 1n, -(2n ** 255n), 2n ** 64n - 1n, -1n],
      (x) => (
        x.result(6),
        x.putNumber(4294967295),
        x.putNumber(-128),
        x.putBig(2n ** 256n - 1n),
        x.putBig(-(2n ** 255n)),
        x.putBig(2n ** 64n - 1n),
        x.putBig(-1n)
      ),
    ],
    [
      "strings between words",
      ["string", "uint8", "bytes", "string"].map((type) => ({ name: "", type })),
      ["a".repeat(33), 7, "0x", "b".repeat(32)],
      (x) => (
        x.result(4),
        x.putBytes(text("a".repeat(33))),
        x.putNumber(7),
        x.putBytes(new Uint8Array(0)),
        x.putBytes(text("b".repeat(32)))
      ),
    ],
    [
      "a list of words, and an empty one",
      ["uint16[]", "bool[]"].map((type) => ({ name: "", type })),
      [[1, 2, 3], []],
      (x) => {
        x.result(2);
        x.openList(3, 1);
        for (const value of [1, 2, 3]) x.putNumber(value);
        x.close();
        x.openList(0, 1);
        x.close();
      },
    ],
    [
      "a dynamic tuple",
      [tuple, { name: "", type: "uint8" }],
      [[5, "five"], 6],
      (x) => (x.result(2), x.openTuple(2), x.putNumber(5), x.putBytes(text("five")), x.close(), x.putNumber(6)),
    ],
    [
      "a list of dynamic tuples",
      [{ ...tuple, type: "tuple[]" }],
      [
        [
          [1, "one"],
          [2, "two".repeat(20)],
        ],
      ],
      (x) => {
        x.result(1);
        x.openList(2, 1);
        for (const [number, word] of [
          [1, "one"],
          [2, "two".repeat(20)],
        ] as const) {
          x.openTuple(2);
          x.putNumber(number);
          x.putBytes(text(word));
          x.close();
        }
        x.close();
      },
    ],
    [
      "a list of static tuples",
      [
        {
          name: "",
          type: "tuple[]",
          components: [
            { name: "a", type: "uint8" },
            { name: "b", type: "bool" },
          ],
        },
      ],
      [
        [
          [1, true],
          [2, false],
        ],
      ],
      (x) => (x.result(1), x.openList(2, 2), x.putNumber(1), x.putBool(true), x.putNumber(2), x.putBool(false), x.close()),
    ],
  ])("%s is what the encoder of users makes of it", (_, params, values, exec) => {
    const test = bench();
    // Garbage in the output must not shine through.
    test.memory.outputs[0].u8.fill(0xee);
    expect(test.run(exec)).toBe(STATUS_SUCCESS);
    expect(hex(test.data())).toBe(hex(encodeArgs(params, values)));
  });

  it("holds addresses as 20 bytes, and is empty when nothing was returned", () => {
    const test = bench();
    test.run((x) => (x.result(2), x.putAddress(x.caller), x.putAddress(1)));
    expect(hex(test.data())).toBe("ca".repeat(20).padStart(64, "0") + wordHex(0));
    test.run(() => undefined);
    expect(test.data().length).toBe(0);
  });

  it("can't be written with more or fewer head words than announced", () => {
    expect(() => bench().run((x) => (x.result(2), x.putBool(true)))).toThrow("too few");
    expect(() => bench().run((x) => (x.result(1), x.putBool(true), x.putBool(true)))).toThrow("more values than head words");
    expect(() => bench().run((x) => (x.result(1), x.openList(2, 1), x.putBool(true), x.close()))).toThrow("too few");
  });
});

describe("logs", () => {
  it("hold the event's topic, indexed values as topics and the rest as data, in any order", () => {
    const test = bench();
    const name = new TextEncoder().encode("weft");
    test.run((x) => {
      x.event(0, 2);
      x.putBytes(name);
      x.topicAddress(x.caller);
      x.putNumber(-3);
      x.topicBytes(name);
      x.topicBig(-1n);
      x.emit();
      x.event(0, 0);
      x.topicBool(true);
      x.topicNumber(-2);
      x.emit();
    });
    const params = [
      { name: "", type: "string" },
      { name: "", type: "int8" },
    ];
    expect(logsOf(test)).toEqual([
      {
        address: test.self,
        topics: [E, "ca".repeat(20).padStart(64, "0"), hex(keccak(name)), "ff".repeat(32)],
        data: hex(encodeArgs(params, ["weft", -3])),
      },
      { address: test.self, topics: [E, wordHex(1), wordHex(-2)], data: "" },
    ]);
  });

  it("follow one another past return data", () => {
    const test = bench();
    test.run((x) => {
      x.event(0, 1);
      x.putNumber(1);
      x.emit();
      x.result(1);
      x.putNumber(2);
      x.event(0, 1);
      x.putNumber(3);
      x.emit();
    });
    expect(logsOf(test).map(({ data }) => data)).toEqual([wordHex(1), wordHex(3)]);
    expect(hex(test.data())).toBe(wordHex(2));
  });

  it("of a failed call are dropped, and its error data is kept", () => {
    const test = bench();
    const status = test.run((x) => {
      x.event(0, 1);
      x.putNumber(1);
      x.emit();
      x.result(3);
      x.putNumber(2);
      x.error(0xdeadbeef, 2);
      x.putBytes(Uint8Array.of(1, 2));
      x.putAddress(x.caller);
      raise(x.revert());
    });
    expect(status).toBe(STATUS_REVERTED);
    expect(logsOf(test)).toEqual([]);
    expect(hex(test.data())).toBe(`deadbeef${wordHex(64)}${"ca".repeat(20).padStart(64, "0")}${wordHex(2)}${"0102".padEnd(64, "0")}`);
    test.run((x) => {
      x.result(1);
      x.putNumber(1);
      raise(x.revertEmpty());
    });
    expect(test.data().length).toBe(0);
  });
});

describe("calls that don't run", () => {
  it("end with the data of their verdict", () => {
    const test = bench();
    test.run(() => undefined);
    test.context.settle(0, VERDICT_OUT_OF_GAS);
    expect(test.memory.receipts[0]).toBe(STATUS_REVERTED);
    expect(hex(test.data())).toBe(selectorOf("OutOfGas()").toString(16).padStart(8, "0"));
    test.context.settle(0, VERDICT_EMPTY);
    expect([test.memory.receipts[0], test.data().length]).toEqual([STATUS_REVERTED, 0]);
    test.context.settle(0, VERDICT_NONCE);
    expect([test.memory.receipts[0], test.data().length]).toEqual([2, 0]);
  });
});
