/** What is said to authors who come from other languages. */
import { describe, expect, test } from "vitest";
import { check } from "./door.ts";

function helpFor(body: string, params = ""): readonly (string | undefined)[] {
  const members = "state l: list<u8, 4>; state s: set<u8>; state m: map<u8, u8>; state o: u8?;";
  return check(`contract C { ${members} pub fn f(${params}) { ${body} } }`).diagnostics.map(({ help }) => help);
}

describe("names of other languages", () => {
  test.each([
    ["let a = msg.sender;", "write `caller` for who calls and `value` for the coin sent"],
    ["let a = now;", "write `block.time`"],
    ["let a = this;", "write `self`, or `self.address` for the contract's address"],
    ["let a = block.timestamp;", "write `block.time`"],
    ["let a = block.number;", "write `block.height`"],
    ["let a = null;", "write `none`"],
    ["let a: uint256 = 1;", "write `u256`"],
    ["let a: vector = 1;", "write `list<T, N>`"],
    ["let a = self.l.length;", "write `.len()`"],
    ["self.l.append(1);", "write `.push(x)`"],
    ["self.s.insert(1);", "write `.add(x)` for a set, `m[key] = x` for a map"],
    ["self.m.contains_key(1);", "write `.has(key)`"],
    ["caller.transfer(1);", "write `pay(to, amount)`"],
    ["let a = self.o.unwrap();", "take it apart with `match` or `if let`"],
    ['require(true, "no");', "write `require condition else Error(…);`, with an `error Error(…);` of the contract"],
  ])("%s", (body, help) => {
    expect(helpFor(body)).toEqual([help]);
  });

  test("one that is a name here comes with a fix", () => {
    const { diagnostics } = check("struct P { a: uint8; }");
    expect(diagnostics.map(({ fixes }) => fixes.map(({ edits }) => edits.map(({ text }) => text)))).toEqual([[["u8"]]]);
  });

  test("one that is declared is what it is declared to be", () => {
    expect(check("struct msg { sender: address; } fn f(now: u64) -> u64 { let this = now; return this; }").codes).toEqual([]);
  });
});

describe("types that nearly fit", () => {
  test.each([
    ["self.o = 5;", "write `some(…)`"],
    ["let a: u8 = self.o;", "take it apart with `match` or `if let`"],
    ["let a = self.o == none;", "take it apart with `match` or `if let`"],
    ["let a = self.l == [1];", "compare their elements in a loop, or hashes of both: `keccak256(encode(a)) == keccak256(encode(b))`"],
    ["let a = u8(w);", "`bytes32` converts to `u256` and back: write `bytes32(u256(x))`"],
    ["let a = u8(true);", "write `if b { 1 } else { 0 }`"],
  ])("%s", (body, help) => {
    expect(helpFor(body, "w: bytes32")).toEqual([help]);
  });
});
