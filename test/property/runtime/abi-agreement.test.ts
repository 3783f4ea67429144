/**
 * The runtime's ABI against viem's, an independent one: random types and values both ways, for calls, results, errors and events; and mutated data,
 * which is refused wherever viem refuses it. Stricter than viem are: dirty bits above a word's type, integers and enums out of range, bool other than 0 and
 * 1, text that isn't UTF-8, values beyond a type's limits, and nested lists that share tails more often than the data is long.
 */
import fc from "fast-check";
import type { Abi } from "viem";
import {
  decodeAbiParameters,
  decodeErrorResult,
  decodeEventLog,
  decodeFunctionData,
  encodeAbiParameters,
  encodeErrorResult,
  encodeEventTopics,
  encodeFunctionData,
  encodeFunctionResult,
} from "viem";
import { expect, it } from "vitest";
import { decodeNeutral, encodeNeutral } from "../../../runtime/abi/codec.ts";
import { decodeArgs, decodeCall } from "../../../runtime/abi/decode.ts";
import { encodeArgs, encodeCall, encodeError, encodeEvent, encodeResult } from "../../../runtime/abi/encode.ts";
import { decodeError, decodeLog, decodeResult } from "../../../runtime/abi/receipt.ts";
import { compileShape, layoutOf } from "../../../runtime/abi/shape.ts";
import type { AbiEntry } from "../../../runtime/module.ts";
import { bytesToHex } from "../../../runtime/values/hex.ts";
import type { AbiCase } from "../../helpers/abi-types.ts";
import { abiCases } from "../../helpers/abi-types.ts";
import { newState } from "../../unit/runtime/fixture.ts";

const RUNS = process.env["CI"] === undefined ? 400 : 4000;
const { addresses } = newState(100_000);

const paramsOf = (cases: readonly AbiCase[]) => cases.map(({ param }) => param);
const viemOf = (cases: readonly AbiCase[]) => cases.map(({ viem }) => viem);
const inputsOf = (cases: readonly AbiCase[]) => cases.map(({ input }) => input);
const neutralsOf = (cases: readonly AbiCase[]) => cases.map(({ neutral }) => neutral((address) => addresses.internHex(address)));

function check(property: (cases: readonly AbiCase[]) => void): void {
  fc.assert(fc.property(abiCases, property), { numRuns: RUNS });
}

/** Room in the address table, which is grown between blocks otherwise. */
function room(): void {
  addresses.ensureRoom(1000);
}

it("encodes values as viem does, from public values and from those that cross between contracts", () => {
  check((cases) => {
    room();
    const wanted = encodeAbiParameters(paramsOf(cases), viemOf(cases));
    expect(bytesToHex(encodeArgs(paramsOf(cases), inputsOf(cases)))).toBe(wanted);
    const layouts = cases.map(({ shape }) => layoutOf(shape));
    expect(bytesToHex(encodeNeutral(layouts, neutralsOf(cases), addresses))).toBe(wanted);
  });
});

it("decodes what viem encodes", () => {
  check((cases) => {
    room();
    const data = Uint8Array.from(Buffer.from(encodeAbiParameters(paramsOf(cases), viemOf(cases)).slice(2), "hex"));
    const shapes = cases.map(({ shape }) => shape);
    expect(decodeNeutral(compileShape(shapes), shapes.map(layoutOf), data, addresses)).toEqual(neutralsOf(cases));
    const decoded = decodeArgs(paramsOf(cases), data);
    expect(
      encodeArgs(
        paramsOf(cases),
        (decoded ?? []).map(({ value }) => value),
      ),
    ).toEqual(data);
  });
});

it("names calls, results and errors as viem does, and reads them back", () => {
  check((cases) => {
    const inputs = paramsOf(cases);
    const func: AbiEntry = { type: "function", name: "f", inputs, outputs: inputs, stateMutability: "nonpayable" };
    const error: AbiEntry = { type: "error", name: "E", inputs };
    const abi = JSON.parse(JSON.stringify([func, error])) as Abi;
    const args = viemOf(cases);
    const data = encodeCall(func, inputsOf(cases));
    expect(bytesToHex(data)).toBe(encodeFunctionData({ abi, functionName: "f", args }));
    expect(decodeFunctionData({ abi, data: bytesToHex(data) }).functionName).toBe("f");
    expect(decodeCall(func, data)).toHaveLength(inputs.length);
    const failure = encodeError(error, inputsOf(cases));
    expect(bytesToHex(failure)).toBe(encodeErrorResult({ abi, errorName: "E", args }));
    expect(decodeErrorResult({ abi, data: bytesToHex(failure) }).errorName).toBe("E");
    expect(decodeError([error], failure)?.args).toHaveLength(inputs.length);
    const result = encodeResult(func, inputsOf(cases));
    if (inputs.length > 0)
      expect(bytesToHex(result)).toBe(encodeFunctionResult({ abi, functionName: "f", result: args.length === 1 ? args[0] : args }));
    expect(decodeResult(func, result)).toHaveLength(inputs.length);
  });
});

it("makes topics and data of events as viem does", () => {
  fc.assert(
    fc.property(abiCases, fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), (cases, flags) => {
      let left = 3;
      const inputs = cases.map(({ param }, index) => ({
        ...param,
        indexed: flags[index] && /^(?:u?int|bool|address|bytes|string)\d*$/.test(param.type) && left-- > 0,
      }));
      const event: AbiEntry = { type: "event", name: "V", inputs };
      const abi = JSON.parse(JSON.stringify([event])) as Abi;
      const made = encodeEvent(event, inputsOf(cases));
      const byName = Object.fromEntries(cases.map(({ param, viem }) => [param.name, viem]));
      const topics = encodeEventTopics({ abi, eventName: "V", args: byName });
      expect(made.topics).toEqual(topics);
      const plain = cases.filter((_, index) => !inputs[index].indexed);
      expect(bytesToHex(made.data)).toBe(encodeAbiParameters(paramsOf(plain), viemOf(plain)));
      expect(decodeEventLog({ abi, topics: [...topics] as [`0x${string}`], data: bytesToHex(made.data) }).eventName).toBe("V");
      expect(decodeLog([event], made)?.args).toHaveLength(cases.length);
    }),
    { numRuns: RUNS },
  );
});

/** Undefined where viem doesn't step to the end of the data to read nothing there: empty bytes whose length is the last word. */
function theirsOf(cases: readonly AbiCase[], data: Uint8Array): readonly unknown[] | undefined {
  try {
    return decodeAbiParameters(paramsOf(cases), bytesToHex(data));
  } catch (error) {
    if (error instanceof Error && error.message.includes(`Position \`${data.length}\` is out of bounds`)) return undefined;
    throw error;
  }
}

it("refuses mutated data wherever viem does, and reads the same from what both accept", () => {
  const mutation = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }), cut: fc.constantFrom(0, 0, 0, 1, 32) });
  let refused = 0;
  fc.assert(
    fc.property(abiCases, fc.array(mutation, { minLength: 1, maxLength: 2 }), (cases, mutations) => {
      fc.pre(cases.length > 0);
      room();
      const encoded = Buffer.from(encodeAbiParameters(paramsOf(cases), viemOf(cases)).slice(2), "hex");
      let data = Uint8Array.from(encoded);
      for (const { at, by, cut } of mutations) {
        if (data.length === 0) break;
        // Offsets and lengths are at the ends of words.
        const place = (Math.floor((at % data.length) / 32) * 32 + (at % 3 === 0 ? at % 32 : 31)) % data.length;
        data[place] ^= by;
        data = data.subarray(0, data.length - Math.min(cut, data.length));
      }
      const shapes = cases.map(({ shape }) => shape);
      const layouts = shapes.map(layoutOf);
      const ours = decodeNeutral(compileShape(shapes), layouts, data, addresses);
      if (ours === undefined) {
        refused++;
        return;
      }
      const theirs = theirsOf(cases, data);
      if (theirs === undefined) return;
      expect(bytesToHex(encodeNeutral(layouts, ours, addresses))).toBe(encodeAbiParameters(paramsOf(cases), [...theirs]));
      expect(decodeArgs(paramsOf(cases), data)).toBeDefined();
    }),
    { numRuns: RUNS },
  );
  expect(refused).toBeGreaterThan(RUNS / 10);
});
