/** Renames over several files, some never opened: what the edits make is compiled, and what would change the meaning of anything is refused. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WorkspaceEdit } from "vscode-languageserver-protocol";
import { compile } from "../../compiler/pipeline.ts";
import { startProject } from "./mended-helpers.ts";
import type { Project } from "./mended-helpers.ts";
import { applyEdits, createPage } from "./page.ts";

const FILES = {
  "api.weft": `/// 🏺 what vaults offer
interface Vault {
  pub fn put(sum: u256);
  view fn total() -> u256;
}
enum Shape { Dot, Box { wide: u32, high: u32 } }
mixin Checked {
  state calls: u64;
  fn check(who: address);
  pub fn poke() { self.check(caller); self.calls += 1; }
}
event Stored(who: address, sum: u256);
`,
  "vault.weft": `import { Vault as IVault, Checked, Stored, Shape } from "./api.weft";
contract Safe uses Checked implements IVault {
  state total: u256;
  state shapes: map<u64, Shape>;
  fn check(who: address) { require who != self.address; }
  pub fn put(sum: u256) {
    self.total += sum;
    emit Stored(caller, sum);
  }
  view fn area(id: u64) -> u32 {
    return match self.shapes[id] { Shape.Dot => 0, Shape.Box { wide, high } => wide * high };
  }
  pub fn move(to: address, sum: u256) {
    let rest = sum;
    let other = rest + 1;
    if other > 2 { let inner = rest; self.total += inner + rest; }
    require to != caller && other > 1 && sum > 0;
  }
  invariant small { assert self.total < 1_000; }
  parallel (a: put, b: move) when a.sum != b.sum || a.caller != b.to;
}
`,
  "use.weft": `import { Safe } from "./vault.weft";
import { Vault, Stored } from "./api.weft";
test "stores" (sum: u256) {
  require sum < 100;
  let safe = deploy Safe();
  expect safe.put(sum) as @bob emit Stored(@bob, sum);
  assert safe.total() == sum && Vault(address(safe)).total() == sum;
  fuzz safe only put, poke calls 5 { assert safe.total() >= sum; }
}
`,
  "std.weft": `import { Ownable } from "weft/std/ownable.weft";
contract Mine uses Ownable {
  init() { self.initOwner(caller); }
}
`,
};

let project: Project;
beforeAll(async () => {
  project = await startProject(FILES);
});
afterAll(async () => {
  expect(project.client.errors).toEqual([]);
  expect(await project.client.stop()).toBe(0);
});

type Name = keyof typeof FILES;

async function rename(name: Name, marked: string, to: string): Promise<ReadonlyMap<string, string>> {
  const whole = marked.replace("‸", "");
  const at = FILES[name].indexOf(whole);
  if (at === -1) throw new Error(`no ${whole}`);
  const offset = at + marked.indexOf("‸");
  const position = createPage("", FILES[name]).positionAt(offset);
  const edit: WorkspaceEdit = await project.client.connection.sendRequest("textDocument/rename", {
    textDocument: { uri: project.uriOf(name) },
    position,
    newName: to,
  });
  const texts = new Map<string, string>(Object.entries(FILES));
  for (const [uri, edits] of Object.entries(edit.changes ?? {})) {
    const path = fileURLToPath(uri);
    const file = path.slice(project.folder.length + 1);
    texts.set(file, applyEdits(createPage(uri, readFileSync(path, "utf8")), edits));
  }
  return texts;
}

/** Still without errors. */
function expectSound(texts: ReadonlyMap<string, string>): void {
  for (const path of ["vault.weft", "use.weft"])
    expect(compile(path, (wanted) => texts.get(wanted)).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
}

function lines(texts: ReadonlyMap<string, string>, wanted: string): readonly string[] {
  return [...texts].flatMap(([name, text]) =>
    text.split("\n").flatMap((line) => (line.includes(wanted) ? [`${name}: ${line.trim()}`] : [])),
  );
}

describe("in all files", () => {
  test("a function of an interface with what implements it, and all calls", async () => {
    const texts = await rename("api.weft", "pub fn p‸ut(", "store");
    expectSound(texts);
    expect(lines(texts, "put")).toEqual([]);
    expect(lines(texts, "store")).toHaveLength(6);
  });
  test("a function of an interface that state implements", async () => {
    const texts = await rename("vault.weft", "state to‸tal", "sum256");
    expectSound(texts);
    expect(lines(texts, "total")).toEqual([]);
    expect(lines(texts, "sum256()")).toHaveLength(3);
  });
  test("a function that a mixin asks for", async () => {
    for (const [file, at] of [
      ["api.weft", "fn ch‸eck("],
      ["vault.weft", "fn ch‸eck("],
    ] as const) {
      const texts = await rename(file, at, "look");
      expectSound(texts);
      expect(lines(texts, "check(")).toEqual([]);
      expect(lines(texts, "look(")).toHaveLength(3);
    }
  });
  test("a function in a fuzz statement", async () => {
    const texts = await rename("use.weft", "only put, po‸ke", "nudge");
    expectSound(texts);
    expect(lines(texts, "nudge")).toEqual([
      "api.weft: pub fn nudge() { self.check(caller); self.calls += 1; }",
      "use.weft: fuzz safe only put, nudge calls 5 { assert safe.total() >= sum; }",
    ]);
  });
  test("an event in an expectation", async () => {
    const texts = await rename("use.weft", "emit Sto‸red", "Kept");
    expectSound(texts);
    expect(lines(texts, "Stored")).toEqual([]);
  });
  test("the field of a variant with the local of a pattern, from both", async () => {
    for (const [file, at] of [
      ["api.weft", "wi‸de: u32"],
      ["vault.weft", "=> wi‸de"],
    ] as const) {
      const texts = await rename(file, at, "width");
      expectSound(texts);
      expect(lines(texts, "wide")).toEqual([]);
      expect(lines(texts, "width")).toHaveLength(2);
    }
  });
  test("a parameter of a function with the claims that name it", async () => {
    const texts = await rename("vault.weft", "move(t‸o: address", "target");
    expectSound(texts);
    expect(lines(texts, "b.target")).toHaveLength(1);
  });
  test("a parameter of a test", async () => {
    const texts = await rename("use.weft", '"stores" (s‸um', "amount");
    expectSound(texts);
    expect(lines(texts, "amount")).toHaveLength(5);
    expect(texts.get("vault.weft")).toBe(FILES["vault.weft"]);
  });
  test("an alias stays in its file, and what it stands for leaves the alias", async () => {
    const alias = await rename("vault.weft", "implements IV‸ault", "Strongroom");
    expectSound(alias);
    expect(alias.get("api.weft")).toBe(FILES["api.weft"]);
    expect(alias.get("vault.weft")).toContain("Vault as Strongroom");
    const real = await rename("api.weft", "interface Va‸ult", "Cellar");
    expectSound(real);
    expect(real.get("vault.weft")).toContain("Cellar as IVault");
    expect(real.get("use.weft")).toContain("Cellar(address(safe))");
  });
});

describe("is refused", () => {
  const refusals: readonly (readonly [string, Name, string, string, string])[] = [
    ["a local that would catch another's uses", "vault.weft", "let re‸st", "other", "other"],
    ["a local that an inner one would hide", "vault.weft", "let re‸st", "inner", "inner"],
    ["a local that takes a parameter's place", "vault.weft", "let re‸st", "sum", "sum"],
    ["a parameter that hides a word of the language", "vault.weft", "move(t‸o: address", "caller", "something else"],
    ["state beside a function of that name", "vault.weft", "state to‸tal", "put", "declared there already"],
    ["a member that a mixin has already", "vault.weft", "pub fn mo‸ve", "poke", "poke"],
    ["a name that an importing file has already", "api.weft", "interface Va‸ult", "Safe", "Safe"],
    ["a word of the language at the top", "api.weft", "event Sto‸red", "caller", "caller"],
    ["a reserved word", "vault.weft", "let re‸st", "match", "can't be a name"],
    ["what isn't a name", "vault.weft", "let re‸st", "a b", "can't be a name"],
    ["a name of the language", "vault.weft", "who != self.addr‸ess", "here", "part of the language"],
    ["a name of the library", "std.weft", "uses Own‸able", "Held", "part of the standard library"],
    ["a field of a variant that a local of the arm has", "api.weft", "wi‸de: u32", "high", "already"],
  ];
  test.each(refusals)("%s", async (_, file, at, to, why) => {
    await expect(rename(file, at, to)).rejects.toThrow(why);
  });
});

test("edits count UTF-16 units in files that were never opened", async () => {
  const texts = await rename("api.weft", "interface Va‸ult", "V");
  expect(texts.get("api.weft")).toContain("/// 🏺 what vaults offer\ninterface V {");
  expect(join(project.folder, "api.weft")).toContain("api.weft");
});
