/** Signature help in half-written calls and literals: the signature, with the active parameter between `«»`. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";

const file = (body: string, inTest = ""): string => `enum Shape { Dot, Circle(u32, bool), Box { w: u32, h: u32 } }
struct Task { owner: address; due: u64; shape: Shape; }
interface Erc { pub fn send(to: address, sum: u256) -> bool; }
fn pure(a: u64, b: u64) -> u64 { return a + b; }
contract Pool {
  state of: map<address, map<u64, u256>>;
  state seen: list<u64, 4>;
  immutable erc: Erc;
  /// Puts.
  event Put(indexed who: address, sum: u256);
  error Low(sum: u256, most: u256);
  guard within(sum: u256, most: u256) { require sum < most; }
  init(erc: Erc, limit: u64) { self.erc = erc; require limit > 0; }
  pub fn put(who: address, sum: u256, at: u64) with within(sum, 5) {
    ${body}
  }
}
test "t" {
  let pool = deploy Pool(Erc(@alice), 1);
  ${inTest}
}
`;

let project: Project;
beforeAll(async () => {
  project = await startProject({});
});
afterAll(async () => {
  expect(project.client.errors).toEqual([]);
  expect(await project.client.stop()).toBe(0);
});

const PUT = "pub fn put(«who: address», sum: u256, at: u64) with within(sum, 5)";
const cases: readonly (readonly [string, string, string])[] = [
  ["a function of the contract", "self.put(‸", PUT],
  ["its second argument", "self.put(who, ‸);", PUT.replace("«who: address», sum: u256", "who: address, «sum: u256»")],
  ["a call in a call", "self.put(who, pure(1, ‸", "fn pure(a: u64, «b: u64») -> u64"],
  [
    "behind a call in a call",
    "self.put(who, u256(pure(1, 2)), ‸",
    PUT.replace("«who: address»", "who: address").replace("at: u64", "«at: u64»"),
  ],
  ["parentheses in an argument", "self.put(who, (sum + ‸", PUT.replace("«who: address», sum: u256", "who: address, «sum: u256»")],
  ["an index in an argument", "self.put(who, self.of[caller][‸", PUT.replace("«who: address», sum: u256", "who: address, «sum: u256»")],
  ["a list in an argument", "self.put(who, [1, 2, ‸", PUT.replace("«who: address», sum: u256", "who: address, «sum: u256»")],
  ["an error after else", "require sum > 1 else Low(sum, ‸", "error Low(sum: u256, «most: u256»)"],
  ["an error after revert", "revert Low(‸);", "error Low(«sum: u256», most: u256)"],
  ["an event", "emit Put(caller, ‸);", "event Put(indexed who: address, «sum: u256»)"],
  ["what a contract is made from", "let p = create Pool(self.erc, ‸);", "Pool(erc: Erc, «limit: u64»)"],
  ["a typed address", "Erc(‸).send(who, 1);", "Erc(«at: address») -> Erc"],
  ["a function of an interface", "self.erc.send(who, ‸);", "pub fn send(to: address, «sum: u256») -> bool"],
  ["a literal of a struct", "let t = Task { ‸", "Task { «owner: address», due: u64, shape: Shape }"],
  ["the field that is being written", "let t = Task { due: ‸", "Task { owner: address, «due: u64», shape: Shape }"],
  ["the next field", "let t = Task { due: 1, ‸ };", "Task { «owner: address», due: u64, shape: Shape }"],
  ["a literal of a variant", "let s = Shape.Box { w: 1, h: ‸ };", "Shape.Box { w: u32, «h: u32» }"],
  ["a variant with values", "let s = Shape.Circle(1, ‸", "Shape.Circle(u32, «bool»)"],
  ["a literal within a literal", "let t = Task { shape: Shape.Box { w: ‸", "Shape.Box { «w: u32», h: u32 }"],
  ["a call within a literal", "let t = Task { due: pure(‸", "fn pure(«a: u64», b: u64) -> u64"],
  ["a built-in", "let x = mulDiv(1, 2, ‸", "mulDiv(a: T, b: T, «c: T»)"],
  ["a built-in of a module", "let x = ed25519.verify(‸", "ed25519.verify(«key: bytes32», message: bytes, signature: bytes<64>)"],
  ["a method of a list", "self.seen.push(‸);", "push(«x»)"],
  ["none in a block", "self.put(who, 1, 2); ‸", ""],
  ["none behind the call", "self.put(who, 1, 2)‸;", ""],
  ["none where a function is declared", "} pub fn more(a: u64, ‸) {", ""],
  ["none in a group", "let x = (1 + ‸", ""],
];

test.each(cases)("%s", async (_, body, wanted) => {
  expect(await project.shownSignature("pool.weft", file(body))).toBe(wanted);
});

const inTests: readonly (readonly [string, string, string])[] = [
  ["what a deployment takes", "let p = deploy Pool(‸", "Pool(«erc: Erc», limit: u64)"],
  ["a call of a contract", "pool.put(@bob, ‸) as @alice;", PUT.replace("«who: address», sum: u256", "who: address, «sum: u256»")],
  ["a getter by its keys", "assert pool.of(@bob, ‸", "of(key: address, «key: u64»)"],
  ["an expected error", "expect pool.put(@bob, 1, 2) revert Low(‸", "error Low(«sum: u256», most: u256)"],
  ["an expected error of the language", "expect pool.put(@bob, 1, 2) revert Panic(‸);", "Panic(«code: u256»)"],
  ["an expected event", "expect pool.put(@bob, 1, 2) emit Put(@bob, ‸);", "event Put(indexed who: address, «sum: u256»)"],
];

test.each(inTests)("in a test: %s", async (_, body, wanted) => {
  expect(await project.shownSignature("pool.weft", file("", body))).toBe(wanted);
});
