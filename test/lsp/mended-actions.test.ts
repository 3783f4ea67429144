/** Code actions, lenses, and formatting, in good files and in broken ones. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CodeAction, CodeLens, Range, TextEdit } from "vscode-languageserver-protocol";
import { compile } from "../../compiler/pipeline.ts";
import { positionOf } from "./client.ts";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";
import { applyEdits, createPage } from "./page.ts";

const ALL: Range = { start: { line: 0, character: 0 }, end: { line: 9_999, character: 0 } };
const OPTIONS = { tabSize: 2, insertSpaces: true };

let project: Project;
beforeAll(async () => {
  project = await startProject({ "lib.weft": "const FAR: u8 = 1;\nconst NEAR: u8 = 2;\n" });
});
afterAll(async () => {
  expect(project.client.errors).toEqual([]);
  expect(await project.client.stop()).toBe(0);
});

async function actions(name: string, range: Range, only?: readonly string[]): Promise<readonly CodeAction[]> {
  return project.client.connection.sendRequest("textDocument/codeAction", {
    textDocument: { uri: project.uriOf(name) },
    range,
    context: { diagnostics: [], ...(only === undefined ? {} : { only }) },
  });
}

function applied(text: string, edits: readonly TextEdit[] | undefined): string {
  return applyEdits(createPage("", text), edits ?? []);
}

function changed(name: string, text: string, action: CodeAction | undefined): string {
  return applied(text, action?.edit?.changes?.[project.uriOf(name)]);
}

// --- the compiler's fixes --------------------------------------------------------------------------------------------------

const corpus = join(import.meta.dirname, "../corpus/errors");
const withFixes = readdirSync(corpus).flatMap((code) =>
  readdirSync(join(corpus, code)).flatMap((file) => {
    if (!file.endsWith(".weft")) return [];
    const text = readFileSync(join(corpus, code, file), "utf8");
    const found = compile("main.weft", (path) => (path === "main.weft" ? text : undefined)).diagnostics;
    const fixes = found.flatMap((one) => one.fixes.map((fix) => ({ code: one.code, fix })));
    return fixes.length === 0 ? [] : [[`${code}/${file}`, text, fixes] as const];
  }),
);

test("the corpus has fixes of many kinds", () => {
  expect(new Set(withFixes.flatMap(([, , fixes]) => fixes.map(({ code }) => code))).size).toBeGreaterThan(9);
});

test("every fix that the compiler knows is offered, and makes of the text what it makes at the command line", async () => {
  for (const [index, [name, text, fixes]] of withFixes.entries()) {
    const file = `fix${index}.weft`;
    await project.show(file, text);
    const offered = await actions(file, ALL, ["quickfix"]);
    const texts = offered.map((action) => changed(file, text, action));
    for (const { fix } of fixes) {
      const edits = [...fix.edits].sort((a, b) => b.span.start - a.span.start);
      const wanted = edits.reduce((made, { span, text: by }) => made.slice(0, span.start) + by + made.slice(span.end), text);
      expect(texts, `${name}: ${fix.title}`).toContain(wanted);
    }
    await project.client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: project.uriOf(file) } });
  }
}, 120_000);

test("all safe fixes at once leave none of them", async () => {
  const text = `contract Shop {
  state a: u256;
  state b: u256;
  pub fn add(sum: u256) {
    self.a = self.a + sum;
  }
  pub fn more(sum: u256) {
    self.b = self.b + sum;
  }
}
`;
  await project.show("shop.weft", text);
  const [fix] = await actions("shop.weft", ALL, ["source.fixAll"]);
  const safe = (source: string): number =>
    compile("s.weft", () => source).diagnostics.flatMap(({ fixes }) => fixes.filter(({ changes }) => changes === "nothing")).length;
  expect(safe(text)).toBeGreaterThan(1);
  expect(safe(changed("shop.weft", text, fix))).toBe(0);
});

test("what only a program that uses the mixin knows can be fixed in the mixin's file", async () => {
  const mixin = "mixin Counted {\n  state count: u64;\n  pub fn up() {\n    self.count = self.count + 1;\n  }\n}\n";
  await project.show("counted.weft", mixin);
  await project.show("counter.weft", 'import { Counted } from "./counted.weft";\ncontract Counter uses Counted {}\n');
  await project.client.diagnostics(project.uriOf("counter.weft"));
  const found = (await project.client.diagnostics(project.uriOf("counted.weft"))).map(({ code }) => code);
  const titles = (await actions("counted.weft", ALL, ["quickfix"])).map(({ title }) => title);
  expect(found).toContain("W1002");
  expect(titles.length).toBeGreaterThan(0);
});

// --- assertions of independence --------------------------------------------------------------------------------------------

const examples = join(import.meta.dirname, "../../examples");
const contracts = ["token/token.weft", "nft/nft.weft", "dao/dao.weft"];

test.each(contracts)(
  "all assertions offered for %s hold",
  async (path) => {
    const text = readFileSync(join(examples, path), "utf8");
    const name = path.slice(path.indexOf("/") + 1);
    await project.show(name, text);
    const file = compile(name, () => text);
    const [contract] = file.compiled?.program.contracts ?? [];
    const offered = new Map<string, CodeAction>();
    for (const match of text.matchAll(/^ {2}(?:pub|payable|view) fn (\w+)/gm)) {
      const at = positionOf(text, match[0]);
      for (const action of await actions(name, { start: at, end: at }, ["refactor"])) offered.set(action.title, action);
    }
    expect(contract.parallels.length + offered.size).toBeGreaterThan(3);
    for (const [title, action] of offered) {
      const codes = compile(name, () => changed(name, text, action)).diagnostics.filter(({ severity }) => severity === "error");
      expect(codes.map(({ code, message }) => `${title}: ${code} ${message}`)).toEqual([]);
    }
  },
  120_000,
);

test("an assertion stands behind the comment of the last member", async () => {
  const text = "contract A {\n  state x: map<u64, u64>;\n  pub fn f(id: u64) { self.x[id] = 1; } // last\n}\n";
  await project.show("last.weft", text);
  const at = positionOf(text, "fn f");
  const [action] = await actions("last.weft", { start: at, end: at }, ["refactor.rewrite"]);
  expect(changed("last.weft", text, action)).toContain("{ self.x[id] = 1; } // last\n\n  parallel (a: f, b: f) when a.id != b.id;\n}\n");
});

// --- imports ---------------------------------------------------------------------------------------------------------------

test("imports in order: sorted, joined, and in style", async () => {
  const text = `import { NEAR } from "./lib.weft";
import { Ownable } from "weft/std/ownable.weft";
import { FAR } from "./lib.weft";
import { Lost, Unused } from "./nowhere.weft";
const A: u8 = FAR + NEAR + Lost;
`;
  await project.show("imports.weft", text);
  const [action] = await actions("imports.weft", ALL, ["source.organizeImports"]);
  expect(changed("imports.weft", text, action)).toBe(`import { Ownable } from "weft/std/ownable.weft";
import { FAR, NEAR } from "./lib.weft";
import { Lost, Unused } from "./nowhere.weft";
const A: u8 = FAR + NEAR + Lost;
`);
});

test("long imports are broken as the formatter breaks them", async () => {
  const names = Array.from({ length: 12 }, (_, i) => `SOME_LONG_NAME_${String.fromCharCode(65 + i)}`);
  const text = `import { ${[...names].reverse().join(", ")} } from "./lib.weft";\nconst A: u8 = ${names.join(" + ")};\n`;
  await project.show("long.weft", text);
  const [action] = await actions("long.weft", ALL, ["source.organizeImports"]);
  const sorted = changed("long.weft", text, action);
  expect(sorted.slice(0, sorted.indexOf("const"))).toMatch(/^import \{\n {2}SOME_LONG_NAME_A,\n/);
  await project.show("long.weft", sorted);
  expect(await actions("long.weft", ALL, ["source.organizeImports"])).toEqual([]);
});

// --- lenses ----------------------------------------------------------------------------------------------------------------

test("lenses over tests with and without parameters, and over invariants", async () => {
  const text = `contract P {
  state x: u64;
  pub fn up() { self.x += 1; }
  invariant small { assert self.x < 100; }
}
interface I {}
contract Q {
  immutable i: I;
  init(i: I) { self.i = i; }
  invariant fine { assert true; }
}
test "plain" {}
test "made up" (x: u64) { require x > 1; }
`;
  const position = await project.show("lenses.weft", text);
  expect(position.line).toBe(0);
  const lenses: readonly CodeLens[] = await project.client.connection.sendRequest("textDocument/codeLens", {
    textDocument: { uri: project.uriOf("lenses.weft") },
  });
  const found = lenses.map(({ range, command }) => `${range.start.line}: ${command?.title ?? ""}`);
  expect(found.filter((one) => one.includes("test"))).toEqual(["3: test invariants", "11: run test", "12: run test with made-up values"]);
});

// --- formatting ------------------------------------------------------------------------------------------------------------

describe("formatting of a part", () => {
  const BROKEN = `contract A {
  state x : u64;
  pub fn f( ){ self.x=1; }
  pub fn g() { self.x = ; }
  /* 🏺 */ pub fn h( ) {}
}

contract B {
state   y: u64;
pub fn k(){self.y=2;}
}
`;
  const range = async (text: string, first: number, last: number): Promise<string> => {
    await project.show("format.weft", text);
    const edits: readonly TextEdit[] = await project.client.connection.sendRequest("textDocument/rangeFormatting", {
      textDocument: { uri: project.uriOf("format.weft") },
      range: { start: { line: first, character: 0 }, end: { line: last, character: 0 } },
      options: OPTIONS,
    });
    return applied(text, edits);
  };
  const typed = async (text: string, wanted: string, ch: string): Promise<string> => {
    await project.show("format.weft", text);
    const start = positionOf(text, wanted);
    const edits: readonly TextEdit[] = await project.client.connection.sendRequest("textDocument/onTypeFormatting", {
      textDocument: { uri: project.uriOf("format.weft") },
      position: { line: start.line, character: start.character + wanted.length },
      ch,
      options: OPTIONS,
    });
    return applied(text, edits);
  };
  test("a member of a contract with a broken one", async () => {
    expect(await range(BROKEN, 2, 3)).toBe(BROKEN.replace("  pub fn f( ){ self.x=1; }", "  pub fn f() { self.x = 1; }"));
  });
  test("a declaration beside a broken one", async () => {
    expect(await range(BROKEN, 7, 11)).toBe(
      BROKEN.replace("state   y: u64;\npub fn k(){self.y=2;}", "  state y: u64;\n  pub fn k() { self.y = 2; }"),
    );
  });
  test("nothing of a broken member, nor of one that shares its line", async () => {
    expect(await range(BROKEN, 3, 5)).toBe(BROKEN);
  });
  test("only the lines asked for, of a whole file", async () => {
    const text = "const A: u8  =  1;\nconst B: u8  =  1;\nconst C: u8  =  1;\n";
    expect(await range(text, 1, 2)).toBe("const A: u8  =  1;\nconst B: u8 = 1;\nconst C: u8  =  1;\n");
  });
  test("a brace formats what it closes, in a broken file, too", async () => {
    expect(await typed(BROKEN, "{self.y=2;}", "}")).toBe(BROKEN.replace("pub fn k(){self.y=2;}", "  pub fn k() { self.y = 2; }"));
  });
  test("a semicolon formats its line", async () => {
    const text = "contract A {\n  state x: u64;\n\n  pub fn f() {\n  self.x   =  1;\n  }\n}\n";
    expect(await typed(text, "=  1;", ";")).toBe(text.replace("  self.x   =  1;", "    self.x = 1;"));
  });
});
