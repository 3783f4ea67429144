/** What completion offers where, in half-written code. A case is what is written in a body, and what has to be offered, and what must not be. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";

const SHAPES = `const DAY: u64 = 86_400;
enum Shape { Dot, Circle(u32), Box { w: u32, h: u32 } }
struct Task { owner: address; due: u64; }
mixin Audited {
  fn beforeMove(to: address);
  pub fn move(to: address) { self.beforeMove(to); }
}
interface Erc { pub fn send(to: address) -> bool; view fn count() -> u64; }
event Seen(who: address);
error Late(due: u64);
`;
const file = (parts: { readonly top?: string; readonly member?: string; readonly body?: string; readonly test?: string }): string =>
  `import { Shape, Task, Erc, Audited, Seen, Late } from "./shapes.weft";
${parts.top ?? ""}
contract Bank uses Audited {
  state total: u256;
  state tasks: map<u64, Task>;
  state shape: map<u64, Shape>;
  state ids: sequence<u64>;
  event Paid(to: address, sum: u256);
  error Broke(sum: u256);
  guard calm { require self.total < 5; }
  fn beforeMove(to: address) { require to != caller; }
  ${parts.member ?? ""}
  pub fn put(sum: u256, to: address) -> u256 {
    let half = sum / 2;
    let maybe: u64? = none;
    ${parts.body ?? ""}
    return half;
  }
  view fn look() -> u256 { return self.total; }
}
test "runs" (sum: u256) {
  let bank = deploy Bank();
  ${parts.test ?? ""}
}
`;

let project: Project;
beforeAll(async () => {
  project = await startProject({ "shapes.weft": SHAPES, "lib/far.weft": "const FAR: u8 = 1;\n" });
});
afterAll(async () => {
  expect(project.client.errors).toEqual([]);
  expect(await project.client.stop()).toBe(0);
});

type Case = readonly [string, Parameters<typeof file>[0], readonly string[], readonly string[]];
const cases: readonly Case[] = [
  ["names of the file that is imported from", { top: 'import { ‸ } from "./lib/far.weft";' }, ["FAR"], ["Shape", "contract"]],
  ["names not yet imported", { top: 'import { FAR, ‸ } from "./lib/far.weft";' }, [], ["FAR"]],
  ["names of all files as long as there is no path", { top: "import { ‸" }, ["FAR", "Ownable", "DAY"], []],
  ["names of the library", { top: 'import { ‸ } from "weft/std/ownable.weft";' }, ["Ownable"], ["Erc20", "FAR"]],
  [
    "paths of files and of the library",
    { top: 'import { FAR } from "‸";' },
    ["./shapes.weft", "./lib/far.weft", "weft/std/ownable.weft"],
    [],
  ],
  ["paths in a string without end", { top: 'import { FAR } from "./l‸' }, ["./lib/far.weft", "weft/std/ownable.weft"], []],
  ["declarations at the top", { top: "‸" }, ["contract", "import", "test", "mixin"], ["let"]],
  ["mixins after uses", { top: "contract A uses ‸ {}" }, ["Audited", "Ownable"], ["Bank", "u256"]],
  ["interfaces after implements", { top: "contract A implements ‸ {}" }, ["Erc"], ["Bank", "Audited"]],
  ["uses and implements after a name", { top: "contract A ‸ {}" }, ["uses", "implements"], ["let"]],
  ["members", { member: "‸" }, ["state", "pub fn", "parallel", "invariant"], ["let"]],
  ["fn after its access", { member: "pub ‸" }, ["fn"], ["state"]],
  ["init after payable", { member: "payable ‸" }, ["fn", "init"], ["state"]],
  ["types of parameters", { member: "fn f(a: ‸) {}" }, ["u256", "Task", "Bank", "Erc"], ["let", "DAY"]],
  ["types in types", { member: "state x: map<address, ‸>;" }, ["u256", "Task"], ["let"]],
  ["types of results", { member: "fn f() -> ‸ {}" }, ["u256", "Shape"], ["let"]],
  ["guards", { member: "pub fn f() with ‸ {}" }, ["calm"], ["half"]],
  ["indexed in events", { member: "event E(‸);" }, ["indexed"], []],
  ["functions of an assertion", { member: "parallel (a: ‸" }, ["put", "look", "move", "total"], ["beforeMove"]],
  ["parameters in its condition", { member: "parallel (a: put, b: move) when a.‸" }, ["sum", "to", "caller", "value"], []],
  ["binders in its condition", { member: "parallel (a: put, b: move) when ‸" }, ["a", "b"], ["half"]],
  ["members of self, mixins' too", { body: "self.‸" }, ["total", "move", "beforeMove", "balance"], []],
  [
    "statements",
    { body: "‸" },
    ["let", "require", "half", "sum", "encode", "decode", "selector", "concat", "ed25519", "mldsa65"],
    ["expect", "fuzz", "balance"],
  ],
  ["functions of modules", { body: "let ok = ed25519.‸" }, ["verify"], ["let"]],
  ["members of the block", { body: "let t = block.‸" }, ["time", "height"], []],
  ["fields of structs", { body: "let d = self.tasks[1].‸" }, ["owner", "due"], ["len"]],
  ["fields of a literal", { body: "let t = Task { ‸" }, ["owner", "due"], ["half", "let"]],
  ["fields of a literal that aren't written", { body: "let t = Task { owner: caller, ‸ };" }, ["due"], ["owner"]],
  ["values in a literal", { body: "let t = Task { owner: ‸ };" }, ["caller", "half"], ["due"]],
  ["fields of variants", { body: "let s = Shape.Box { ‸" }, ["w", "h"], ["half"]],
  ["variants", { body: "let s = Shape.‸" }, ["Dot", "Circle", "Box"], []],
  ["arms of a match", { body: "match self.shape[1] { ‸ }" }, ["Shape.Dot", "Shape.Circle", "Shape.Box", "_"], ["let", "require"]],
  ["arms that are left", { body: "match self.shape[1] { Shape.Dot => {} ‸ }" }, ["Shape.Circle"], ["Shape.Dot"]],
  ["arms of an option", { body: "match maybe { ‸ }" }, ["some", "none"], ["let"]],
  ["errors after else", { body: "require half < 5 else ‸" }, ["Broke", "Late"], ["Paid", "half"]],
  ["errors after a debit", { body: "self.total -= 1 else ‸" }, ["Broke"], ["Paid"]],
  ["a block or if after the else of an if", { body: "if half < 5 {} else ‸" }, ["if"], ["Broke"]],
  ["events", { body: "emit ‸" }, ["Paid", "Seen"], ["Broke", "none"]],
  ["contracts to create", { body: "let b = create ‸" }, ["Bank"], ["Erc", "half"]],
  ["functions in a selector", { body: "let s = selector(Erc.‸" }, ["send", "count"], ["Broke"]],
  ["statements of tests", { test: "‸" }, ["expect", "fuzz", "advance", "assert", "bank", "sum"], ["emit", "delete"]],
  ["functions of a contract", { test: "bank.‸" }, ["put", "look", "move", "total"], ["beforeMove", "ids"]],
  ["contracts to deploy", { test: "let b = deploy ‸" }, ["Bank"], ["bank"]],
  ["what to advance", { test: "advance ‸" }, ["time", "height"], ["bank"]],
  ["a parallel block", { test: "parallel ‸" }, ["block"], ["bank"]],
  ["what is expected", { test: "expect bank.put(1, @bob) ‸" }, ["as", "value", "revert", "emit"], ["bank"]],
  ["who calls", { test: "bank.put(1, @bob) ‸" }, ["as", "value"], ["revert"]],
  ["errors that are expected", { test: "expect bank.put(1, @bob) revert ‸" }, ["Broke", "Late", "Panic", "InsufficientFunds"], ["Paid"]],
  ["events that are expected", { test: "expect bank.put(1, @bob) emit ‸" }, ["Paid", "Seen", "none"], ["Broke"]],
  ["further events", { test: "expect bank.put(1, @bob) emit Paid(@bob, 1), ‸" }, ["Paid"], ["Broke"]],
  ["events of a contract", { test: "expect bank.put(1, @bob) emit Bank.‸" }, ["Paid"], []],
  ["accounts", { test: "bank.put(1, @b‸" }, ["@alice", "@bob"], ["bank"]],
  ["what is fuzzed", { test: "fuzz ‸" }, ["bank"], ["sum", "let"]],
  ["words of fuzz", { test: "fuzz bank ‸" }, ["only", "calls"], ["bank"]],
  ["functions that fuzz calls", { test: "fuzz bank only ‸" }, ["put", "move"], ["look", "total", "bank"]],
  ["further functions that fuzz calls", { test: "fuzz bank only put, ‸;" }, ["move"], ["look"]],
  ["nothing in comments", { body: "// self.‸" }, [], ["total", "let"]],
  ["nothing in strings", { body: 'let s = "self.‸"' }, [], ["total", "let"]],
];

test.each(cases)("%s", async (_, parts, wanted, unwanted) => {
  const labels = await project.labels("bank.weft", file(parts));
  expect(labels).toEqual(expect.arrayContaining([...wanted]));
  for (const label of unwanted) expect(labels).not.toContain(label);
});

test("an auto-import of the library writes its path", async () => {
  const items = await project.complete("bank.weft", file({ top: "contract A uses Own‸ {}" }));
  const found = items.find(({ label }) => label === "Ownable");
  expect(found?.additionalTextEdits?.at(0)?.newText).toBe('\nimport { Ownable } from "weft/std/ownable.weft";');
});
