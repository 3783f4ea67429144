/** Every request on every kind of broken text: it is answered, soon, with places inside of the text, and the server goes on. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startClient } from "./client.ts";
import type { Client } from "./client.ts";
import { createPage, DRESSES, STRANGE } from "./page.ts";
import type { Page } from "./page.ts";
import { askWell, requestsFor } from "./well-formed.ts";
import { SHAPES, VAULT } from "./world.ts";

const ALONE = VAULT.replace(/^import.*\n/, `${SHAPES.replace("struct Task", "struct Job")}\n`);
/** Far more than any answer takes, and less than a hang; other work on the machine counts, too. */
const HANG_MS = 100_000;

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  expect(client.errors).toEqual([]);
  expect(await client.stop()).toBe(0);
});

function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

async function askAll(page: Page, count: number): Promise<void> {
  await client.open(page.uri, page.text);
  const next = numbers(page.text.length + 1);
  const places = [{ line: 0, character: 0 }, page.end, ...Array.from({ length: count }, () => page.positionAt(next(page.text.length + 1)))];
  const pages = new Map([[page.uri, page]]);
  for (const asked of requestsFor(page, places)) await askWell(client, asked, pages);
  await client.close(page.uri);
}

const garbage = (length: number, pick: (next: (below: number) => number) => string): string => {
  const next = numbers(3);
  let text = "";
  while (text.length < length) text += pick(next);
  return text.slice(0, length);
};
const many = (piece: string, times: number): string => piece.repeat(times);
const inBody = (text: string): string => ALONE.replace("self.total -= amount;", text);

const TEXTS: readonly (readonly [about: string, text: string])[] = [
  ["nothing", ""],
  ["a line end", "\n"],
  ["a byte order mark", "\ufeff"],
  ["white space", " \t\r\n\r \n"],
  ["one letter", "c"],
  ["one letter outside of ASCII", "🏺"],
  ["half a letter", "\ud83c"],
  [
    "half letters in names, strings and comments",
    ALONE.replace("total", "to\ud83ctal").replace("🏺🏺", "\udffa").replace("Fills", "\ud83c"),
  ],
  ["half a contract", "contract"],
  ["half a member", "contract A {\n  pub fn"],
  ["half an access", inBody("self.")],
  ["half a call", inBody("self.log(")],
  ["half an index", inBody("self.balances[")],
  ["half a literal", inBody("let j = Job { owner: ")],
  ["half a match", inBody("match half { ")],
  ["half an emit", inBody("emit ")],
  ["half a type", ALONE.replace("state total: u256;", "state total: map<address, ")],
  ["half an import", `import { A, \n${ALONE}`],
  ["half a string", inBody('let s = "🏺')],
  ["half a comment", inBody("/* 🏺")],
  ["a brace too many", inBody("}")],
  ["a brace too few", inBody("if half > 1 {")],
  ["only opening braces", many("{", 3_000)],
  ["only closing braces", many("}", 3_000)],
  ["deep nesting of blocks", `fn f() ${many("{ if true ", 2_000)}`],
  ["deep nesting of expressions", `fn f() -> u8 { return ${many("(", 2_000)}1${many(")", 2_000)}; }`],
  ["deep nesting of types", `contract A { state m: ${many("map<u8, ", 2_000)}u8${many(">", 2_000)}; }`],
  ["a long sum", `fn f() -> u256 { return ${many("1 + ", 3_000)}1; }`],
  ["a long chain of members", inBody(`let x = self${many(".a", 3_000)};`)],
  ["a long name", `fn ${many("a", 50_000)}() {}`],
  ["a long line of comments", many("/**/", 5_000)],
  ["lines that end in every way", ALONE.replace(/\n/g, () => "\r").replace("\r", "\r\n")],
  ["other ends of lines", ALONE.replaceAll("\n", "\u2028\n\u0085\v\f")],
  [
    "names of the language",
    "contract __proto__ { state constructor: u8; state hasOwnProperty: u8; pub fn toString() { self.__proto__ = 1; self.constructor = 2; } }\nstruct valueOf { __proto__: u8; }",
  ],
  ["everything twice", `${ALONE}\n${ALONE}`],
  ["binary bytes", garbage(4_000, (next) => String.fromCharCode(next(256)))],
  ["any characters", garbage(4_000, (next) => String.fromCodePoint(next(0xd7ff)))],
  [
    "tokens in any order",
    garbage(
      4_000,
      (next) =>
        `${["contract", "{", "}", "fn", "(", ")", ";", "self", ".", "a", "1", '"', "🏺", "<", ">", "map", "state", ":", "\n", ","][next(20)]} `,
    ),
  ],
  ["a cycle of mixins", "mixin A uses B {}\nmixin B uses A {}\ncontract C uses A, B, C { }"],
  [
    "a struct in itself",
    "struct A { a: A; b: B; }\nstruct B { a: A; }\ncontract C { state a: A; pub fn f() { self.a.a.a.b.a = self.a; } }",
  ],
  ["functions that call each other", "contract C { fn f() { self.g(); } fn g() { self.f(); } pub fn h() { self.f(); } }"],
];

test.each(TEXTS)("%s", { timeout: HANG_MS }, async (_, text) => {
  await askAll(createPage("untitled:hostile", text), 4);
});

const CUTS = 14;
test.each(DRESSES)("a text $name, cut anywhere and with pieces missing", { timeout: 4 * HANG_MS }, async ({ on }) => {
  const text = on(ALONE);
  const next = numbers(11);
  for (let i = 0; i < CUTS; i++) {
    const at = next(text.length);
    const page = createPage("untitled:cut", i % 2 === 0 ? text.slice(0, at) : text.slice(0, at) + text.slice(at + next(60)));
    await client.open(page.uri, page.text);
    const pages = new Map([[page.uri, page]]);
    for (const asked of requestsFor(page, [page.positionAt(Math.min(at, page.text.length)), page.positionAt(next(page.text.length + 1))]))
      await askWell(client, asked, pages);
    await client.close(page.uri);
  }
});

test.each([
  ["letters", garbage(1_000_000, (next) => String.fromCharCode(32 + next(95)))],
  ["bytes", garbage(700_000, (next) => String.fromCharCode(next(256)))],
  ["too much", garbage(1_100_000, () => "state a: u8; // 🏺\n")],
  ["lines", many("\n", 1_000_000)],
  ["quotes", many('"', 1_000_000)],
])("a megabyte of garbage: %s", { timeout: 4 * HANG_MS }, async (_, text) => {
  const page = createPage("untitled:large", text);
  await client.open(page.uri, page.text);
  const found = await client.diagnostics(page.uri);
  expect(found.length > 0).toBe(text.trim() !== "");
  for (const { range } of found) page.slice(range);
  const pages = new Map([[page.uri, page]]);
  for (const asked of requestsFor(page, [page.positionAt(text.length >> 1)])) await askWell(client, asked, pages);
  // One edit in the middle of it.
  const at = page.positionAt(text.length >> 2);
  await client.edit(page.uri, [{ range: { start: at, end: at }, text: STRANGE }]);
  await client.diagnostics(page.uri);
  await client.close(page.uri);
});

test("and afterwards it knows what it knew", async () => {
  const page = createPage("untitled:fine", ALONE);
  await client.open(page.uri, page.text);
  expect((await client.diagnostics(page.uri)).filter(({ severity }) => severity === 1)).toEqual([]);
  const hover = JSON.stringify(
    await client.request("textDocument/hover", { textDocument: { uri: page.uri }, position: page.at("half < 50") }),
  );
  expect(hover).toContain("let half: u256");
});
