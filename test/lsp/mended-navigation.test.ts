/** What names of every construct lead to, what hovers say of them, and how they are coloured. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  LocationLink,
  Range,
  SemanticTokens,
} from "vscode-languageserver-protocol";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";
import { createPage } from "./page.ts";

const LIB = `mixin Asking {
  state asked: u64;
  /// What the contract decides.
  fn decide(who: address) -> bool;
  pub fn ask() { require self.decide(caller); self.asked += 1; }
}
/// Of the other file.
struct Task { owner: address; due: u64; }
`;
const MAIN = `import { Asking, Task as Job } from "./lib.weft";
import { Ownable, Owned } from "weft/std/ownable.weft";
enum Shape { Dot, Box { wide: u32 } }
/// A bank.
contract Bank uses Asking, Owned {
  state jobs: map<u64, Job>;
  state shape: Shape;
  immutable start: u64;
  event Paid(indexed to: address, sum: u256);
  error Broke(sum: u256);
  init() { self.start = block.time; self.initOwner(caller); }
  fn decide(who: address) -> bool { return who != caller; }
  pub fn pay(to: address, sum: u256) with onlyOwner {
    emit Paid(to, sum);
    self.jobs[1].due = 5;
    let wide = match self.shape { Shape.Dot => 0, Shape.Box { wide } => wide + 1 };
    require ed25519.verify(bytes32(1), "a", bytes(concat("b", "c"))) else Broke(u256(wide));
  }
  invariant early { assert self.start <= block.time; }
  parallel (a: pay, b: ask) when a.to != b.caller;
}
test "made up" (sum: u256) {
  let bank = deploy Bank() as @alice;
  expect bank.pay(@bob, sum) as @alice emit Paid(@bob, sum);
  expect bank.pay(@bob, sum) as @bob revert OwnableUnauthorizedAccount(@bob);
  expect bank.pay(@bob, sum) as @alice revert Panic(0x11);
  expect bank.ask() as @bob emit none;
  fuzz bank only pay, ask calls 20 { assert bank.asked() >= 0; }
}
`;

let project: Project;
beforeAll(async () => {
  project = await startProject({ "lib.weft": LIB, "main.weft": MAIN });
  await project.show("main.weft", MAIN);
});
afterAll(async () => {
  expect(project.client.errors).toEqual([]);
  expect(await project.client.stop()).toBe(0);
});

const STD = join(import.meta.dirname, "../../std/ownable.weft");

function at(
  marked: string,
  text = MAIN,
  name = "main.weft",
): { textDocument: { uri: string }; position: { line: number; character: number } } {
  const whole = marked.replace("‸", "");
  const start = text.indexOf(whole);
  if (start === -1) throw new Error(`no ${whole}`);
  const position = createPage("", text).positionAt(start + marked.indexOf("‸"));
  return { textDocument: { uri: project.uriOf(name) }, position };
}

/** Of a word in the first text like this of the main file. */
function range(wanted: string, word: string): Range {
  return createPage("", MAIN).range(wanted, word);
}

async function ask<T>(method: string, params: object): Promise<T> {
  return project.client.connection.sendRequest<T>(`textDocument/${method}`, params);
}

/** The file and the text of the line that a definition leads to, with the name. */
async function target(marked: string, method = "definition"): Promise<string> {
  const [link] = await ask<readonly LocationLink[]>(method, at(marked));
  const path = fileURLToPath(link.targetUri);
  const text = path.endsWith("main.weft") ? MAIN : readFileSync(path, "utf8");
  const document = createPage("", text);
  const { start, end } = link.targetSelectionRange;
  const line = text.split("\n")[start.line].trim();
  return `${path.slice(path.lastIndexOf("/") + 1)}: ${document.slice({ start, end })} in ${line}`;
}

const targets: readonly (readonly [string, string, string])[] = [
  ["a function that fuzz calls", "only pa‸y", "main.weft: pay in pub fn pay(to: address, sum: u256) with onlyO"],
  ["one of a mixin", "pay, as‸k calls", "lib.weft: ask in pub fn ask() { require self.decide(caller);"],
  ["what is fuzzed", "fuzz ba‸nk", "main.weft: bank in let bank = deploy Bank() as @alice;"],
  ["a parameter of a test", "bank.pay(@bob, su‸m)", 'main.weft: sum in test "made up" (sum: u256) {'],
  ["an expected event", "emit Pa‸id(@bob", "main.weft: Paid in event Paid(indexed to: address, sum: u256)"],
  [
    "an expected error of the library",
    "revert Ownable‸Unauthorized",
    "ownable.weft: OwnableUnauthorizedAccount in error OwnableUnauthorizedAccount(account",
  ],
  ["a guard of the library", "with only‸Owner", "ownable.weft: onlyOwner in guard onlyOwner {"],
  ["a mixin of the library", "uses Asking, Own‸ed", "ownable.weft: Owned in mixin Owned {"],
  ["a name in an import of the library", "{ Own‸able, Ow", "ownable.weft: Ownable in mixin Ownable uses Owned {"],
  ["an alias", "map<u64, Jo‸b>", "lib.weft: Task in struct Task { owner: address; due: u64; }"],
  ["a field", "jobs[1].du‸e", "lib.weft: due in struct Task { owner: address; due: u64; }"],
  ["a variant", "Shape.Bo‸x {", "main.weft: Box in enum Shape { Dot, Box { wide: u32 } }"],
  ["the local of a pattern", "=> wi‸de +", "main.weft: wide in let wide = match self.shape { Shape.Dot ="],
  ["a parameter in a claim", "when a.t‸o", "main.weft: to in pub fn pay(to: address, sum: u256) with"],
  ["a getter", "bank.ask‸ed()", "lib.weft: asked in state asked: u64;"],
  ["an immutable in an invariant", "assert self.sta‸rt", "main.weft: start in immutable start: u64;"],
];

describe("definitions", () => {
  test.each(targets)("%s", async (_, marked, wanted) => {
    const found = await target(marked);
    expect(found.slice(0, wanted.length)).toBe(wanted);
  });
  test("a function that a mixin asks for leads to the contract's", async () => {
    const [link] = await ask<readonly LocationLink[]>("definition", at("self.dec‸ide", LIB, "lib.weft"));
    expect(link.targetUri).toBe(project.uriOf("main.weft"));
    expect(link.targetSelectionRange).toEqual(range("fn decide(who: address) -> bool {", "decide"));
    // Its declaration says no more than its calls.
    expect(await ask("definition", at("fn dec‸ide", LIB, "lib.weft"))).toMatchObject([{ targetUri: project.uriOf("main.weft") }]);
  });
  test("a function that a mixin asks for in vain leads to where it asks", async () => {
    const text = "mixin Alone { fn decide() -> bool; pub fn ask() { require self.decide(); } }\n";
    await project.show("alone.weft", text);
    const [link] = await ask<readonly LocationLink[]>("definition", at("self.dec‸ide", text, "alone.weft"));
    expect([link.targetUri, link.targetSelectionRange.start.character]).toEqual([project.uriOf("alone.weft"), text.indexOf("decide")]);
  });
  test("the path of an import of the library", async () => {
    const [link] = await ask<readonly LocationLink[]>("definition", at('"weft/std/own‸able'));
    expect(link.targetUri).toBe(pathToFileURL(STD).href);
  });
  test("type definitions of locals and fields", async () => {
    expect(await target("self.jo‸bs[1]", "typeDefinition")).toMatch(/^lib\.weft: Task/);
    expect(await target("fuzz ba‸nk", "typeDefinition")).toMatch(/^main\.weft: Bank/);
  });
});

describe("hovers", () => {
  const says = async (marked: string, text = MAIN, name = "main.weft"): Promise<string> => {
    const found = await ask<Hover | null>("hover", at(marked, text, name));
    return JSON.stringify(found?.contents ?? "");
  };
  const hovers: readonly (readonly [string, string, RegExp])[] = [
    ["a function in fuzz", "only pa‸y", /pub fn pay\(to: address, sum: u256\).*Footprint/],
    ["a parameter of a test", "bank.pay(@bob, su‸m)", /\(parameter\) sum: u256/],
    ["an expected event", "emit Pa‸id(@bob", /event Paid\(indexed to: address, sum: u256\)/],
    ["an error of the language", "revert Pan‸ic(", /Panic\(code: u256\)/],
    ["a module", "ed2‸5519.verify", /Ed25519/],
    ["a function of a module", "ed25519.ver‸ify", /signature: bytes<64>.*bool/],
    ["a built-in", "con‸cat(", /without padding/],
    ["a conversion", "u2‸56(wide)", /unsigned integer of 256 bits/],
    ["a guard of the library", "with only‸Owner", /guard onlyOwner/],
    ["a function of the library", "self.init‸Owner", /initOwner.*of `Owned`, in `Bank`/],
    ["a struct behind an alias", "map<u64, Jo‸b>", /struct Task.*Of the other file/],
    ["state", "self.jo‸bs[1].due", /\*\*W\*\* writes `jobs\[1\]\.due`.*known from the call alone/],
    ["a variant", "Shape.Bo‸x {", /Shape\.Box \{ wide: u32 \}/],
    ["an invariant", "invariant ea‸rly", /invariant early/],
    ["an account", "as @al‸ice;", /address/],
  ];
  test.each(hovers)("%s", async (_, marked, wanted) => {
    expect(await says(marked)).toMatch(wanted);
  });
  test("a function without a body in a mixin", async () => {
    await project.show("lib.weft", LIB);
    expect(await says("self.dec‸ide", LIB, "lib.weft")).toMatch(/fn decide\(who: address\) -> bool.*What the contract decides/);
  });
});

describe("references", () => {
  const places = async (marked: string, text = MAIN, name = "main.weft"): Promise<readonly string[]> => {
    const found = await ask<readonly Location[]>("references", { ...at(marked, text, name), context: { includeDeclaration: true } });
    return found.map(({ uri, range }) => `${uri.slice(uri.lastIndexOf("/") + 1)}:${range.start.line}`).sort();
  };
  test("a function called by itself, by fuzz, in claims and tests", async () => {
    expect(await places("pub fn as‸k", LIB, "lib.weft")).toEqual(["lib.weft:4", "main.weft:19", "main.weft:26", "main.weft:27"]);
  });
  test("an event where it is emitted and expected", async () => {
    expect(await places("event Pa‸id")).toEqual(["main.weft:13", "main.weft:23", "main.weft:8"]);
  });
  test("what the library declares, also from its own file", async () => {
    const text = readFileSync(STD, "utf8");
    const document = createPage("", text);
    const uri = pathToFileURL(STD).href;
    const position = document.positionAt(text.indexOf("mixin Owned") + 8);
    await project.client.open(uri, text);
    const found = await ask<readonly Location[]>("references", { textDocument: { uri }, position, context: { includeDeclaration: true } });
    expect(found.filter((one) => one.uri.endsWith("main.weft")).map(({ range }) => range.start.line)).toEqual([1, 4]);
  });
});

test("semantic tokens: every name once, coloured by what it stands for", async () => {
  const { capabilities } = project.client.initialized;
  const legend = capabilities.semanticTokensProvider?.legend.tokenTypes ?? [];
  const read = ({ data }: SemanticTokens): readonly string[] => {
    const found: string[] = [];
    let [line, character] = [0, 0];
    for (let i = 0; i < data.length; i += 5) {
      character = data[i] === 0 ? character + data[i + 1] : data[i + 1];
      line += data[i];
      found.push(`${line}:${MAIN.split("\n")[line].slice(character, character + data[i + 2])}=${legend[data[i + 3]]}`);
    }
    return found;
  };
  const textDocument = { uri: project.uriOf("main.weft") };
  const all = read(await ask<SemanticTokens>("semanticTokens/full", { textDocument }));
  for (const wanted of [
    "27:bank=variable",
    "27:pay=method",
    "27:ask=method",
    "22:bank=variable",
    "21:sum=parameter",
    "23:Paid=event",
    "24:OwnableUnauthorizedAccount=event",
    "25:Panic=function",
    "12:onlyOwner=decorator",
    "15:wide=variable",
    "15:Box=enumMember",
    "16:ed25519=variable",
    "16:verify=function",
    "4:Owned=class",
    "18:early=method",
    "19:to=parameter",
  ])
    expect(all).toContain(wanted);
  expect(new Set(all.map((one, i) => `${i} ${one}`)).size).toBe(all.length);
  const range = { start: { line: 27, character: 7 }, end: { line: 27, character: 22 } };
  expect(read(await ask<SemanticTokens>("semanticTokens/range", { textDocument, range }))).toEqual(
    ["27:bank=variable", "27:pay=method", "27:ask=method"].slice(0, 2),
  );
});

test("outline, folding and links of all constructs", async () => {
  const textDocument = { uri: project.uriOf("main.weft") };
  const outline = await ask<readonly DocumentSymbol[]>("documentSymbol", { textDocument });
  const flat = (symbols: readonly DocumentSymbol[]): readonly string[] => symbols.flatMap((one) => [one.name, ...flat(one.children ?? [])]);
  for (const name of [
    "Shape",
    "Box",
    "Bank",
    "jobs",
    "start",
    "Paid",
    "Broke",
    "init",
    "decide",
    "pay",
    "early",
    "parallel pay, ask",
    'test "made up"',
  ])
    expect(flat(outline)).toContain(name);
  const folds = await ask<readonly FoldingRange[]>("foldingRange", { textDocument });
  expect(folds.map(({ startLine, endLine, kind }) => `${startLine}-${endLine} ${kind ?? ""}`)).toEqual([
    "0-1 imports",
    "4-19 ",
    "12-16 ",
    "21-27 ",
  ]);
  const links = await ask<readonly DocumentLink[]>("documentLink", { textDocument });
  expect(links.map(({ target: to }) => to)).toEqual([project.uriOf("lib.weft"), pathToFileURL(STD).href]);
});
