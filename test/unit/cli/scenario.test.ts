import { createECDH } from "node:crypto";
import { readFileSync } from "node:fs";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namedAccount } from "../../../cli/accounts.ts";
import { parseJson } from "../../../cli/scenario/json.ts";
import type { JsonNode } from "../../../cli/scenario/json.ts";
import { createPicker, createRandom } from "../../../compiler/score/random.ts";
import { createIssues, parseAmount } from "../../../cli/scenario/reader.ts";
import { readScenario } from "../../../cli/scenario/read-scenario.ts";

function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case "null":
      return null;
    case "bool":
    case "string":
      return node.value;
    case "number":
      return Number(node.text);
    case "array":
      return node.items.map(plain);
    case "object":
      return Object.fromEntries([...node.entries].map(([name, entry]) => [name, plain(entry.value)]));
  }
}

describe("the JSON reader", () => {
  test("reads what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 2, "\t"), (text, indent) => {
        const value: unknown = JSON.parse(text);
        // Own keys named __proto__ are lost by Object.fromEntries' counterpart in the expectation, not by the reader.
        fc.pre(!text.includes("__proto__"));
        const found = parseJson(JSON.stringify(value, undefined, indent));
        expect(found.kind).toBe("value");
        if (found.kind === "value") expect(plain(found.value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("accepts and refuses what JSON.parse does, but for keys given twice", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      '"',
      "1",
      "-",
      ".5",
      "e3",
      "01",
      "true",
      "nul",
      "null",
      " ",
      "\n",
      "\\u12",
      '"\\n"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        const found = parseJson(text);
        fc.pre(found.kind === "value" || !found.problem.includes("given twice"));
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        expect({ text, ok: found.kind === "value" }).toEqual({ text, ok: valid });
        if (found.kind === "problem") {
          expect(found.span.start).toBeGreaterThanOrEqual(0);
          expect(found.span.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("keeps where each value stands", () => {
    const text = '{ "a": [10, {"b": "x"}] }';
    const found = parseJson(text);
    if (found.kind !== "value" || found.value.kind !== "object") throw new Error("no object");
    const list = found.value.entries.get("a")?.value;
    expect(text.slice(list?.span.start, list?.span.end)).toBe('[10, {"b": "x"}]');
    if (list?.kind !== "array") throw new Error("no list");
    expect(text.slice(list.items[1].span.start, list.items[1].span.end)).toBe('{"b": "x"}');
  });
});

describe("amounts", () => {
  const amount = (json: string): bigint | undefined => {
    const found = parseJson(json);
    return found.kind === "value" ? parseAmount(found.value) : undefined;
  };

  test("are exact at any size and may be written with separators, in hex or with an exponent", () => {
    expect(amount("115792089237316195423570985008687907853269984665640564039457584007913129639935")).toBe(2n ** 256n - 1n);
    expect(["1e24", '"1_000_000"', '"0xff"', '"20e9"', "-5"].map(amount)).toEqual([10n ** 24n, 1_000_000n, 255n, 20_000_000_000n, -5n]);
  });

  test("are whole", () => {
    expect(["1.5", "1e-3", '"1 000"', '""', '"abc"', "true", '"1e999"'].map(amount)).toEqual(new Array(7).fill(undefined));
  });
});

describe("random numbers", () => {
  test("are the same for the same seed on every machine", () => {
    const random = createRandom(1);
    expect(Array.from({ length: 4 }, random.bits)).toEqual(EXPECTED_BITS);
    expect(createRandom(2).bits()).not.toBe(EXPECTED_BITS[0]);
    expect(createRandom(2 ** 40 + 1).bits()).not.toBe(EXPECTED_BITS[0]);
  });

  test("stay in their range, ends included", () => {
    fc.assert(
      fc.property(fc.nat(), fc.bigInt(-(2n ** 255n), 2n ** 255n), fc.bigInt(0n, 2n ** 130n), (seed, min, size) => {
        const random = createRandom(seed);
        for (let i = 0; i < 20; i++) {
          const value = random.between(min, min + size);
          expect(value >= min && value <= min + size).toBe(true);
        }
      }),
    );
    const random = createRandom(3);
    expect(new Set(Array.from({ length: 200 }, () => random.between(-1n, 1n)))).toEqual(new Set([-1n, 0n, 1n]));
  });

  test("pick as their distribution says", () => {
    const shareOfFirst = (pick: Parameters<typeof createPicker>[0]): number => {
      const random = createRandom(5);
      const picker = createPicker(pick, 100);
      const counts = new Array<number>(100).fill(0);
      for (let i = 0; i < 50_000; i++) counts[picker(random)]++;
      expect(Math.min(...counts)).toBeGreaterThan(0);
      return counts[0] / 50_000;
    };
    expect(shareOfFirst({ kind: "uniform" })).toBeCloseTo(0.01, 2);
    expect(shareOfFirst({ kind: "hot", share: 0.5 })).toBeCloseTo(0.505, 1);
    // 1 / (1 + 1/2 + … + 1/100)
    expect(shareOfFirst({ kind: "zipf", exponent: 1 })).toBeCloseTo(0.193, 1);
  });
});

/** Of seed 1; a change here changes every scenario's calls. */
const EXPECTED_BITS = [2442144158, 3238099751, 3819917871, 2104621829];

describe("scenario files", () => {
  test.each(["dao", "nft", "token"])("the %s example makes 100,000 calls", (name) => {
    const issues = createIssues("scenario.json");
    const scenario = readScenario(readFileSync(`examples/${name}/scenario.json`, "utf8"), issues);
    expect(issues.diagnostics()).toEqual([]);
    const calls = scenario?.blocks.reduce((sum, step) => sum + (step.source.kind === "mix" ? step.source.calls * step.repeat : 0), 0);
    expect(calls).toBe(100_000);
  });
});

test("named accounts are the Ethereum addresses of their keys, as another library computes them", () => {
  for (const name of ["alice", "bob", "x_1"]) {
    const pair = createECDH("secp256k1");
    pair.setPrivateKey(keccak_256(utf8ToBytes(`weft:${name}`)));
    const point = pair.getPublicKey();
    expect(namedAccount(name)).toBe(`0x${bytesToHex(keccak_256(point.subarray(1)).subarray(12))}`);
  }
});
