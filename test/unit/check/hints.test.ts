/** What is said to authors who come from other languages. */
import { describe, expect, test } from "vitest";
import { check } from "./door.ts";

function helpFor(body: string, params = ""): readonly (string | undefined)[] {
  const members =
    "state l: list<u8, 4>; state s: set<u8>; state m: map<u8, u8>; state o: u8?; state ms: map<u8, set<u8>>; state e: S; event E(v: u8); error Low(v: u8);";
  return check(`enum S { A(u8, u8), B } contract C { ${members} pub fn f(${params}) { ${body} } }`).diagnostics.map(({ help }) => help);
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
    ["let a = u8(w);", "`bytes32` converts to `u256`: write `u8(u256(x))`"],
    ["let a = bytes32(v);", "`bytes32` is made of a `u256`: write `bytes32(u256(x))`"],
    ["let a = bytes32(caller);", "an address has no other form: use it as it is, also as a key, or write `keccak256(encode(a))`"],
    ["let a = u256(caller);", "an address is no number: use it as it is, also as a key"],
    ["let a = address(0);", "an address is no number: write `@0x…` with 40 digits, and `address?` with `none` where there may be none"],
    ["let a: address = 0x00000000000000000000000000000000000000aa;", "an address is written `@0x00000000000000000000000000000000000000aa`"],
    ["let a = u8.max;", "write the number: its greatest value is 255"],
    ["let a = self.l.len;", "it is a function: write `.len()`"],
    ["E(1);", "write `emit E(…);`"],
    ["Low(1);", "write `revert Low(…);`"],
    ["self.ms.add(1);", "say which entry: `[key].add(…)` works on its `set<u8>`"],
    ["v = 1;", "a parameter keeps its value: copy it, `var copy = v;`"],
    ["p.push(1);", "a parameter keeps its value: copy it, `var copy = p;`"],
    ["let k = 1; k = 2;", "use a local declared with `var`"],
    ["match self.e { S.A(x) => { }, S.B => { } }", "it carries 2 values, and 1 is named here; `_` stands for one that isn't needed"],
    ["let a = u8(true);", "write `if b { 1 } else { 0 }`"],
  ])("%s", (body, help) => {
    expect(helpFor(body, "w: bytes32, v: u64, p: list<u8, 2>")).toEqual([help]);
  });
});

describe("what tests write otherwise", () => {
  test.each([
    ["assert a.x == 1;", "it is a function: write `.x(…)`"],
    ["a.f() as alice;", "a test account is written with `@`: `@alice`"],
    ["let b = A();", "for a new contract write `deploy A(…)`"],
    ["let b = A(1);", "for a new contract write `deploy A(…)`"],
  ])("%s", (body, help) => {
    const source = `contract A { state x: u64; pub fn f() { self.x = 1; } } test "t" { let a = deploy A(); ${body} }`;
    expect(check(source).diagnostics.map((one) => one.help)).toEqual([help]);
  });
});

test("a contract without `init` is told that its immutable needs one", () => {
  const { diagnostics } = check("contract A { immutable z: u64; view fn f() -> u64 { return self.z; } }");
  expect(diagnostics.map(({ help }) => help)).toEqual(["the contract needs an `init` that sets it: `init(z: …) { self.z = z; }`"]);
});
