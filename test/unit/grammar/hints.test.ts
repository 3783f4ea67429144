/** Habits of other languages: the help beside the error says what to write instead. */
import { describe, expect, test } from "vitest";
import { parseFile } from "../../../grammar/parse.ts";

function helps(text: string): readonly (string | undefined)[] {
  return parseFile("t", text).problems.map(({ help }) => help);
}

const STATEMENTS: readonly (readonly [string, string])[] = [
  ["while (x < 10) { x += 1; }", "every loop has a bound"],
  ["while x < 10 { x += 1; }", "every loop has a bound"],
  ["loop { f(); }", "every loop has a bound"],
  ["i++;", "write `+= 1`"],
  ["++i;", "write `+= 1`"],
  ["self.x++;", "write `+= 1`"],
  ["i--;", "write `-= 1`"],
  ["let a = b ? c : d;", "write `if c { a } else { b }`"],
  ["let a = x and y;", "`&&`"],
  ["let a = not x;", "`!`"],
  ["let a = x ** 2;", "no operator for powers"],
  ["let a = x === y;", "`==`"],
  ["let a = x as u64;", "`u64(x)`"],
  ["let a = new Pool(x);", "`create Name(…)`"],
  ["payable(x);", "`pay(to, amount)`"],
  ["let a = payable(x);", "`pay(to, amount)`"],
  ["let a = 1 ether;", "`1e18`"],
  ["let a = 'abc';", "double quotes"],
  ["let a: u8[] = x;", "`list<u8, N>`"],
  ["let a: [u8; 3] = x;", "`list<T, N>`"],
  ["let mut x = 1;", "`var name = …;`"],
  ["uint256 x = 1;", "`let name: T = …;`"],
  ["u256 x = 1;", "`let name: T = …;`"],
  ["x: u8 = 1;", "`let name: T = …;`"],
  ["x := 1;", "`let name: T = …;`"],
  ["const x = 1;", "`let name: T = …;`"],
  ["string memory s = x;", "no location"],
  ["emit Transfer;", "in parentheses"],
  ['revert("no");', "declare an error"],
  ['revert "no";', "declare an error"],
  ['require x, "text";', "declare an error"],
  ["for (uint i = 0; i < n; i++) { }", "`for i in 0..n { … }`"],
  ["for i of list { }", "`for x in list { … }`"],
  ["for i in 0..=3 { }", "`0..n + 1`"],
  ["if (x) return;", "stands in braces"],
  ["if x then { return; }", "remove it"],
  ["if x { return; } elif y { return; }", "`else if`"],
  ["switch (x) { case 1: }", "`match x"],
  ["try f() { } catch { }", "there is no `try`"],
  ["unchecked { x += 1; }", "`wrappingAdd(a, b)`"],
  ["throw x;", "write `revert"],
];

describe("in statements", () => {
  test.each(STATEMENTS)("%s", (text, help) => {
    expect(helps(`fn f() {\n  ${text}\n}`)[0]).toContain(help);
  });
});

const MEMBERS: readonly (readonly [string, string])[] = [
  ["mapping(address => uint256) public balances;", "`state name: T;`"],
  ["uint256 public total;", "`state name: T;`"],
  ["let x: u8 = 1;", "`state name: T;`"],
  ["state m: mapping(address => uint256);", "`map<K, V>`"],
  ["state x = 5;", "behind a colon"],
  ["state u8 x;", "the name comes first"],
  ["function f(address to) public returns (bool) { return true; }", "`fn name"],
  ["public fn f() {}", "`pub fn`"],
  ["private fn f() {}", "internal"],
  ["fn f() external {}", "before `fn`"],
  ["fn f() returns (bool) { return true; }", "`-> T`"],
  ["fn f(): bool { return true; }", "`-> T`"],
  ["fn f(address to) {}", "the name comes first"],
  ["fn f(name: string memory) {}", "no location"],
  ["constructor(a: u8) {}", "`init(owner: address) { … }`"],
  ["modifier onlyOwner() { _; }", "`guard name { … }`"],
  ["event Moved(address indexed from);", "`indexed` comes first"],
  ["receive() external payable {}", "`payable`"],
  ["struct P { a: u8; }", "out of the contract"],
];

describe("in contracts", () => {
  test.each(MEMBERS)("%s", (text, help) => {
    expect(helps(`contract C {\n  ${text}\n}`)[0]).toContain(help);
  });
});

const ITEMS: readonly (readonly [string, string])[] = [
  ["pragma solidity ^0.8.0;", "remove it"],
  ['import "./a.sol";', "name what you need"],
  ['import * as A from "./a.weft";', "name what you need"],
  ["contract A is B { }", "`uses`"],
  ["contract A(owner: address) { }", "`init`"],
  ["abstract contract A { }", "`mixin Name { … }`"],
  ["library L { }", "outside contracts"],
  ["const X = 5;", "behind a colon"],
  ["state x: u8;", "into a contract"],
  ["type A = u8;", "a `struct`"],
];

describe("in files", () => {
  test.each(ITEMS)("%s", (text, help) => {
    expect(helps(text)[0]).toContain(help);
  });
});

describe("elsewhere", () => {
  test("the same words as names get no advice", () => {
    expect(helps("fn f() {\n  type = 5 5;\n  use.x = ;\n  receive += ;\n}")).toEqual([undefined, undefined, undefined]);
  });

  test("other errors get none", () => {
    expect(helps("contract C {\n  pub fn f() { let x = ; }\n}")).toEqual([undefined]);
  });

  test("`i++` and `a ** b` are one error each", () => {
    expect(helps("fn f() {\n  i++;\n  let a = b ** c;\n  self.x[1]++;\n}")).toHaveLength(3);
  });
});
