/** Following imports: paths, missing files, cycles, limits. */
import { describe, expect, test } from "vitest";
import { loadModules } from "../../../compiler/modules/load.ts";
import { check } from "./door.ts";

function load(root: string, files: Readonly<Record<string, string>>): { readonly paths: string[]; readonly codes: string[] } {
  const modules = loadModules(root, (path) => files[path]);
  return { paths: modules.files.map((file) => file.path), codes: modules.diagnostics.map((diagnostic) => diagnostic.code) };
}

describe("paths", () => {
  const named = (path: string): string => `import { A } from "${path}";`;

  test.each([
    ["a/main.weft", "./b.weft", "a/b.weft"],
    ["a/main.weft", "../b.weft", "b.weft"],
    ["a/main.weft", "./x/../b.weft", "a/b.weft"],
    ["main.weft", "../../b.weft", "../../b.weft"],
    ["../main.weft", "../b.weft", "../../b.weft"],
    ["/x/main.weft", "../b.weft", "/b.weft"],
    ["/main.weft", "../b.weft", "/b.weft"],
    ["./a//main.weft", "./b.weft", "a/b.weft"],
  ])("%s importing %s reads %s", (root, from, path) => {
    const main = root.replace("./a//", "a/");
    expect(load(root, { [main]: named(from), [path]: "const A: u8 = 1;" })).toEqual({ paths: [main, path].sort(), codes: [] });
  });

  test("a file imported twice is read once", () => {
    const files = {
      "main.weft": `${named("./a.weft")} ${named("./b.weft")}`,
      "a.weft": named("./c.weft"),
      "b.weft": named("./c.weft"),
      "c.weft": "",
    };
    const reads: string[] = [];
    loadModules("main.weft", (path) => {
      reads.push(path);
      return Object.entries(files).find(([name]) => name === path)?.[1];
    });
    expect(reads).toEqual(["main.weft", "a.weft", "c.weft", "b.weft"]);
  });

  test("a file that isn't there is reported where it was asked for", () => {
    expect(load("main.weft", {})).toEqual({ paths: [], codes: ["E0801"] });
    expect(check(named("./b.weft")).found).toEqual(['E0802 "./b.weft"']);
  });

  test("a cycle is shown with all its files", () => {
    const modules = loadModules("main.weft", (path) =>
      named(path === "main.weft" ? "./a.weft" : path === "a.weft" ? "./b.weft" : "./main.weft"),
    );
    expect(modules.diagnostics.map((one) => one.message)).toEqual([
      "files import each other in a cycle: main.weft -> a.weft -> b.weft -> main.weft",
    ]);
    expect(modules.diagnostics[0].notes.map(({ path, text }) => `${path}: ${text}`)).toEqual([
      "main.weft: `a.weft` is imported here",
      "a.weft: `b.weft` is imported here",
    ]);
  });

  test("the number of files is bounded", () => {
    const modules = loadModules("f0.weft", (path) => named(`./f${Number(/\d+/.exec(path)?.[0]) + 1}.weft`));
    expect(modules.diagnostics.map((one) => one.code)).toEqual(["E0803"]);
    expect(modules.files).toHaveLength(256);
  });
});

describe("names", () => {
  const lib = {
    "lib.weft": 'import { Inner } from "./inner.weft"; const Size: u8 = 1; fn twice(x: u8) -> u8 { return x * 2; }',
    "inner.weft": "const Inner: u8 = 3;",
  };

  test("come in under another one with `as`", () => {
    const main = 'import { Size as N, twice as double } from "./lib.weft"; const Size: bool = true; fn f() -> u8 { return double(N); }';
    expect(check(main, lib).found).toEqual([]);
    expect(check('import { Size as A, twice as A } from "./lib.weft";', lib).found).toEqual(["E0201 A"]);
    expect(check('import { Size as N } from "./lib.weft"; fn f() -> u8 { return Size; }', lib).found).toEqual(["E0202 Size"]);
  });

  test("that a file doesn't declare are told with the one that was meant, or where they come from", () => {
    const { diagnostics } = check('import { Siz, Inner, Nothing } from "./lib.weft"; fn f() -> u8 { return Siz + Inner + Nothing; }', lib);
    expect(diagnostics.map(({ code, help }) => `${code} ${help}`)).toEqual([
      "E0204 did you mean `Size`?",
      "E0204 it is declared in `inner.weft`: import it from there",
      "E0204 undefined",
    ]);
  });

  test("of a file that the standard library doesn't have are one mistake", () => {
    expect(check('import { Math } from "weft/std/math.weft"; fn f() -> u8 { return Math; }').found).toEqual(['E0804 "weft/std/math.weft"']);
  });
});

test("syntax errors of all files come out, and what was parsed is still checked", () => {
  const { codes } = check(`import { A } from "./a.weft"; const B: u8 = 1 const C: bool = 1;`, { "a.weft": "const A: u8 = ;" });
  expect(new Set(codes)).toEqual(new Set(["E0102", "E0103", "E0301"]));
});

test("half a character is reported by the parser's own code", () => {
  expect(check(`const A: string<4> = "\ud800";`).codes).toContain("E0111");
});

test("a file above the limit is not read at all", () => {
  expect(check(`// ${"x".repeat(1_100_000)}`).codes).toEqual(["E0108"]);
});

describe("the standard library", () => {
  const main = (path: string): string =>
    `import { Ownable } from "${path}"; contract C uses Ownable { init() { self.initOwner(caller); } }`;
  const asked: string[] = [];
  const load = (root: string, files: Readonly<Record<string, string>>): ReturnType<typeof loadModules> => {
    asked.length = 0;
    return loadModules(root, (path) => {
      asked.push(path);
      return files[path];
    });
  };

  test("is there wherever the program is, and no file of the user is asked for it", () => {
    const modules = load("deep/main.weft", { "deep/main.weft": main("weft/std/ownable.weft"), "weft/std/ownable.weft": "not this one" });
    expect(modules.diagnostics).toEqual([]);
    expect(modules.files.map(({ path }) => path)).toEqual(["deep/main.weft", "weft/std/address.weft", "weft/std/ownable.weft"]);
    expect(asked).toEqual(["deep/main.weft"]);
  });

  test("isn't left by a path that climbs, and near names are told", () => {
    const helps = [
      "weft/std/../std/ownable.weft",
      "weft/std/../../main.weft",
      "weft/std/ownabel.weft",
      "weft/std/ownable",
      "weft/ownable.weft",
      "weft/std/presets/ownable.weft",
      "weft/std/",
    ].map((path) => {
      const { diagnostics } = load("main.weft", { "main.weft": main(path) });
      expect(diagnostics.map(({ code }) => code)).toEqual(["E0804"]);
      expect(asked).toEqual(["main.weft"]);
      return /`(.*)`\?/.exec(diagnostics[0].help ?? "")?.[1];
    });
    const near = "weft/std/ownable.weft";
    expect(helps.slice(2, 5)).toEqual([near, near, near]);
  });

  test("isn't mistaken for a folder of the user that has its name", () => {
    const files = {
      "weft/std/main.weft": main("./ownable.weft"),
      "./weft/std/main.weft": main("./ownable.weft"),
      "./weft/std/ownable.weft": "mixin Ownable { fn initOwner(a: address) {} }",
    };
    const modules = load("weft/std/main.weft", files);
    expect(modules.diagnostics).toEqual([]);
    expect(modules.files.map(({ path }) => path)).toEqual(["./weft/std/main.weft", "./weft/std/ownable.weft"]);
  });
});
