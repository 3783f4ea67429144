import { describe, expect, it } from "vitest";
import { abiOf, selectorOf, signatureOf, topicOf } from "../../../compiler/codegen/abi.ts";
import { userDocOf } from "../../../compiler/codegen/natspec.ts";
import { functionOf } from "../../../compiler/codegen/scope.ts";
import type { AbiEntry } from "../../../compiler/codegen/abi.ts";
import { compileText } from "../../helpers/suites.ts";
import { fixtures } from "./fixtures.ts";

const TYPES = `
enum Mood { Calm, Busy }
struct Inner { hash: bytes32; mood: Mood; }
struct Outer { inner: Inner; pair: (a: i8, address); }
interface Coin { view fn total() -> u256; }
contract Types {
  immutable coin: Coin;
  state outer: map<u64, map<address, Outer>>;
  state plain: i16;
  init(coin: Coin) { self.coin = coin; }
  payable fn all(outer: Outer, moods: list<Mood, 4>, text: string<9>, raw: bytes<9>, coin: Coin) -> (Outer, list<u8, 2>) {
    return (outer, [1]);
  }
  view fn one() -> bool { return true; }
}`;

function entry(abi: readonly AbiEntry[], name: string): AbiEntry | undefined {
  return abi.find((each) => each.name === name);
}

function typesAbi(): readonly AbiEntry[] {
  const { program } = compileText(TYPES);
  return abiOf(program.contracts.filter((contract) => contract.name === "Types")[0], program);
}

const INNER = {
  type: "tuple",
  internalType: "struct Inner",
  components: [
    { name: "hash", type: "bytes32", internalType: "bytes32" },
    { name: "mood", type: "uint8", internalType: "enum Mood" },
  ],
};

const OUTER = {
  type: "tuple",
  internalType: "struct Outer",
  components: [
    { name: "inner", ...INNER },
    {
      name: "pair",
      type: "tuple",
      internalType: "tuple",
      components: [
        { name: "a", type: "int8", internalType: "int8" },
        { name: "", type: "address", internalType: "address" },
      ],
    },
  ],
};

describe("the ABI", () => {
  it("gives structs and tuples components, enums uint8, typed addresses address", () => {
    expect(entry(typesAbi(), "all")).toEqual({
      type: "function",
      name: "all",
      stateMutability: "payable",
      inputs: [
        { name: "outer", ...OUTER },
        { name: "moods", type: "uint8[]", internalType: "enum Mood[]" },
        { name: "text", type: "string", internalType: "string" },
        { name: "raw", type: "bytes", internalType: "bytes" },
        { name: "coin", type: "address", internalType: "contract Coin" },
      ],
      outputs: [
        { name: "", ...OUTER },
        { name: "", type: "uint8[]", internalType: "uint8[]" },
      ],
    });
  });

  it("has a getter per field that returns the leaves of a struct by name", () => {
    const abi = typesAbi();
    expect(entry(abi, "outer")).toEqual({
      type: "function",
      name: "outer",
      stateMutability: "view",
      inputs: [
        { name: "key1", type: "uint64", internalType: "uint64" },
        { name: "key2", type: "address", internalType: "address" },
      ],
      outputs: [
        { name: "hash", type: "bytes32", internalType: "bytes32" },
        { name: "mood", type: "uint8", internalType: "enum Mood" },
        { name: "a", type: "int8", internalType: "int8" },
        { name: "", type: "address", internalType: "address" },
      ],
    });
    expect(entry(abi, "plain")?.outputs).toEqual([{ name: "", type: "int16", internalType: "int16" }]);
    expect(abi[0]).toEqual({
      type: "constructor",
      stateMutability: "nonpayable",
      inputs: [{ name: "coin", type: "address", internalType: "contract Coin" }],
    });
  });

  it("has the selectors, signatures and topics that every ERC-20 has", () => {
    const [{ contract, compiled }] = fixtures(["examples/token/token.weft"]);
    const functions = contract.external.map((id) => functionOf(compiled.program, id));
    const selectors = new Map(functions.map((func) => [signatureOf(func), selectorOf(func)]));
    expect(selectors.get("transfer(address,uint256)")).toBe("0xa9059cbb");
    expect(selectors.get("transferFrom(address,address,uint256)")).toBe("0x23b872dd");
    expect(selectors.get("balanceOf(address)")).toBe("0x70a08231");
    expect(selectors.get("totalSupply()")).toBe("0x18160ddd");
    const transfer = contract.events.find((event) => event.name === "Transfer");
    expect(transfer === undefined ? undefined : topicOf(transfer)).toBe(
      "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
    );
  });
});

describe("doc comments", () => {
  it("go to signatures, each as one line, in a file of their own", () => {
    const { program } = compileText(`
/// A jar.
contract Jar {
  /// Coin that
  /// was put in.
  state coins: map<address, u256>;
  /// Who put in how much.
  event Filled(who: address, amount: u256);
  /// Nothing to take.
  error Empty();
  error Other();
  /// Opens the jar.
  init() { self.coins[caller] = 1; }
  /// "Takes" it */ all.
  pub fn take() { require self.coins[caller] > 0 else Empty(); emit Filled(caller, 1); }
  pub fn silent() {}
}`);
    const [contract] = program.contracts;
    expect(userDocOf(contract, program)).toEqual({
      kind: "user",
      version: 1,
      notice: "A jar.",
      methods: {
        constructor: { notice: "Opens the jar." },
        "take()": { notice: '"Takes" it */ all.' },
        "coins(address)": { notice: "Coin that was put in." },
      },
      events: { "Filled(address,uint256)": { notice: "Who put in how much." } },
      errors: { "Empty()": [{ notice: "Nothing to take." }] },
    });
    expect(JSON.stringify(abiOf(contract, program))).not.toContain("jar");
  });
});
