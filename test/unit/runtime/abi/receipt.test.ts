import { describe, expect, it } from "vitest";
import { encodeArgs } from "../../../../runtime/abi/encode.ts";
import { decodeError, decodeLog, decodeResult, findFunction, topicHex } from "../../../../runtime/abi/receipt.ts";
import { selectorOfEntry } from "../../../../runtime/abi/type.ts";
import type { AbiEntry } from "../../../../runtime/module.ts";
import { bytesToHex } from "../../../../runtime/values/hex.ts";
import { keccak } from "../../../../runtime/values/keccak.ts";
import { wordHex } from "../fixture.ts";

const transfer: AbiEntry = {
  type: "event",
  name: "Transfer",
  inputs: [
    { name: "from", type: "address", indexed: true },
    { name: "to", type: "address", indexed: true },
    { name: "value", type: "uint256" },
  ],
};
const named: AbiEntry = {
  type: "event",
  name: "Named",
  inputs: [
    { name: "id", type: "uint64" },
    { name: "name", type: "string", indexed: true },
    { name: "note", type: "string" },
  ],
};
const notOwner: AbiEntry = { type: "error", name: "NotOwner", inputs: [{ name: "account", type: "address" }] };
const balanceOf: AbiEntry = {
  type: "function",
  name: "balanceOf",
  inputs: [{ name: "a", type: "address" }],
  outputs: [{ name: "", type: "uint256" }],
  stateMutability: "view",
};
const abi = [transfer, named, notOwner, balanceOf];

const alice = `0x${"a1".repeat(20)}`;
const bob = `0x${"b0".repeat(20)}`;
const word = (address: string): `0x${string}` => `0x${address.slice(2).padStart(64, "0")}`;

function errorData(entry: AbiEntry, ...args: Parameters<typeof encodeArgs>[1]): Uint8Array {
  const data = new Uint8Array([0, 0, 0, 0, ...encodeArgs(entry.inputs, args)]);
  new DataView(data.buffer).setUint32(0, selectorOfEntry(entry));
  return data;
}

describe("logs", () => {
  it("has the topic that everyone knows", () => {
    expect(topicHex(transfer)).toBe("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
  });

  it("decode with indexed and plain values in order", () => {
    const log = { topics: [topicHex(transfer), word(alice), word(bob)], data: encodeArgs([{ name: "", type: "uint256" }], [5]) };
    const decoded = decodeLog(abi, log);
    expect(decoded?.name).toBe("Transfer");
    expect(decoded?.args.map(({ name, value }) => [name, value])).toEqual([
      ["from", alice],
      ["to", bob],
      ["value", 5n],
    ]);
  });

  it("give the hash of an indexed string", () => {
    const hash = bytesToHex(keccak(new TextEncoder().encode("weft")));
    const log = {
      topics: [topicHex(named), hash],
      data: encodeArgs(
        [
          { name: "", type: "uint64" },
          { name: "", type: "string" },
        ],
        [9, "hi"],
      ),
    };
    expect(decodeLog(abi, log)?.args.map(({ value }) => value)).toEqual([9n, hash, "hi"]);
  });

  it("of unknown events, with topics too few or bad data aren't decoded", () => {
    expect(decodeLog(abi, { topics: [], data: new Uint8Array(0) })).toBeUndefined();
    expect(decodeLog(abi, { topics: [word(alice)], data: new Uint8Array(0) })).toBeUndefined();
    expect(decodeLog(abi, { topics: [topicHex(transfer), word(alice)], data: new Uint8Array(32) })).toBeUndefined();
    expect(decodeLog(abi, { topics: [topicHex(transfer), word(alice), word(bob)], data: new Uint8Array(31) })).toBeUndefined();
  });
});

describe("errors and results", () => {
  it("decode the contract's errors and the built-in ones", () => {
    expect(decodeError(abi, errorData(notOwner, alice))).toMatchObject({ name: "NotOwner", args: [{ name: "account", value: alice }] });
    const panic = Buffer.from(`4e487b71${wordHex(0x11)}`, "hex");
    expect(decodeError(abi, panic)).toMatchObject({ name: "Panic", args: [{ value: 0x11n }] });
  });

  it("leave alone what is empty, unknown or cut off", () => {
    expect(decodeError(abi, new Uint8Array(0))).toBeUndefined();
    expect(decodeError(abi, Uint8Array.of(1, 2, 3, 4))).toBeUndefined();
    expect(decodeError(abi, errorData(notOwner, alice).subarray(0, 35))).toBeUndefined();
  });

  it("decode return data by the function's outputs", () => {
    expect(decodeResult(findFunction(abi, "balanceOf") ?? notOwner, Buffer.from(wordHex(77), "hex"))?.map(({ value }) => value)).toEqual([
      77n,
    ]);
    expect(findFunction(abi, "NotOwner")).toBeUndefined();
  });
});
