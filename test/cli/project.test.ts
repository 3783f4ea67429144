/** weft.json: found from any folder below, honoured by every command it speaks of, and each mistake in it told with its place. */
import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { fits, parsePattern } from "../../cli/project/glob.ts";
import { folderWith, jsonOf, weft } from "../helpers/cli.ts";
import { publishedSchema, schemaGaps, schemaProblems } from "../helpers/json-schema.ts";

const COUNTER = "contract Counter {\n  state n: u64;\n\n  pub fn add(by: u64) {\n    self.n += by;\n  }\n}\n";
const AUCTION =
  "contract Auction {\n  state best: u256;\n\n  payable fn bid() {\n    require value > self.best;\n    self.best = value;\n  }\n}\n";
const TEST =
  'import { Counter } from "../src/counter.weft";\n\ntest "adds" {\n  let c = deploy Counter();\n  c.add(2);\n  assert c.n() == 2;\n}\n';

/** A project in a folder of its own; the first file is weft.json. */
function project(
  settings: unknown,
  files: Readonly<Record<string, string>> = { "src/counter.weft": COUNTER, "test/counter.weft": TEST },
): string {
  const root = realpathSync(folderWith({ "weft.json": typeof settings === "string" ? settings : JSON.stringify(settings, undefined, 2) }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const FULL = { sources: ["src"], tests: ["test"], build: { out: "out/built" }, run: { scenario: "scenario.json", workers: 1 } };

describe("where sources are", () => {
  test("commands without files take those of the project, from any folder in it", () => {
    const root = project(FULL);
    mkdirSync(join(root, "src/deep/er"), { recursive: true });
    expect(weft(["check"], { cwd: root })).toMatchObject({ code: 0, err: "checked 2 files: no errors\n" });
    expect(weft(["check"], { cwd: join(root, "src/deep/er") })).toMatchObject({ code: 0, err: "checked 2 files: no errors\n" });
    const tested = weft(["test"], { cwd: root });
    expect({ ...tested, out: tested.out.replace(/ \(\d+ ms\)/g, "") }).toMatchObject({ code: 0, out: "ok test/counter.weft: adds\n" });
    expect(weft(["check", "--project", root], { cwd: "/" })).toMatchObject({ code: 0 });
    expect(weft(["check", "--project", join(root, "weft.json")], { cwd: "/" })).toMatchObject({ code: 0 });
  });

  test("without a project it is the working folder, and folders can be named", () => {
    const root = project(FULL);
    expect(weft(["check", "--no-project"], { cwd: join(root, "src") }).err).toBe("checked 1 file: no errors\n");
    expect(weft(["check", "src", "test/counter.weft", "src/counter.weft"], { cwd: root }).err).toBe("checked 2 files: no errors\n");
  });

  test("hidden folders, node_modules, links to folders, results and what is excluded are left out", () => {
    const root = project(
      { exclude: ["old/**", "*.gen.weft"], build: { out: "out" } },
      Object.fromEntries(
        ["a.weft", "old/b.weft", ".git/c.weft", "node_modules/x/d.weft", "out/e.weft", "f.gen.weft", "g.txt"].map((name, i) => [
          name,
          `contract C${i} {}\n`,
        ]),
      ),
    );
    symlinkSync(root, join(root, "loop"));
    expect(weft(["check"], { cwd: root }).err).toBe("checked 1 file: no errors\n");
    // What is named is meant.
    expect(weft(["check", "f.gen.weft", "old/b.weft"], { cwd: root }).err).toBe("checked 2 files: no errors\n");
  });

  test("a folder without sources, and a missing one, are said", () => {
    const root = project({ sources: ["src", "nothing"] }, { "src/readme.txt": "" });
    expect(weft(["check", "src"], { cwd: root })).toMatchObject({
      code: 2,
      err: "error[E0842]: `src` holds no `.weft` file\nhelp: name files or folders, or mend `sources` in weft.json\n",
    });
    expect(weft(["check"], { cwd: root })).toMatchObject({ code: 2 });
    expect(weft(["check"], { cwd: root }).err).toContain("can't read `nothing`");
    expect(weft(["check", "src/readme.txt/x"], { cwd: root })).toMatchObject({ code: 2 });
    expect(weft(["check"], { cwd: folderWith({}) }).err).toContain("or make a project with `weft init`");
  });
});

describe("warnings", () => {
  const files = { "src/auction.weft": AUCTION, "legacy/auction.weft": AUCTION.replace("Auction", "Old") };

  test("can be errors, or silent, for all files and for some", () => {
    const root = project({ warnings: { W1001: "error" }, overrides: [{ files: ["legacy"], warnings: { W1001: "off" } }] }, files);
    const { code, err } = weft(["check"], { cwd: root });
    expect(code).toBe(1);
    expect(err).toContain("error[W1001]");
    expect(err).toContain("src/auction.weft:4:14");
    expect(err).not.toContain("legacy");
    expect(weft(["check", "legacy"], { cwd: root })).toMatchObject({ code: 0, err: "checked 1 file: no errors\n" });
    expect(weft(["build", "--out", "x"], { cwd: root })).toMatchObject({ code: 1 });
    expect(weft(["test", "src"], { cwd: root })).toMatchObject({ code: 1 });
    expect(jsonOf(weft(["check", "src", "--json"], { cwd: root }))).toMatchObject({
      ok: false,
      diagnostics: [{ code: "W1001", severity: "error" }],
    });
  });

  test("the last override that fits decides, from wherever the command starts", () => {
    const overrides = [
      { files: ["**/*.weft"], warnings: { W1001: "off" } },
      { files: ["src/*.weft"], warnings: { W1001: "warn" } },
    ];
    const root = project({ overrides }, files);
    expect(weft(["check"], { cwd: root }).err).toContain("2 files: no errors, 1 warning");
    expect(weft(["check", "auction.weft"], { cwd: join(root, "src") }).err).toContain("1 warning");
    expect(weft(["check", "auction.weft"], { cwd: join(root, "legacy") }).err).not.toContain("warning");
  });

  test("patterns", () => {
    const cases: readonly [string, string, boolean][] = [
      ["src", "src/a/b.weft", true],
      ["src/*", "src/a.weft", true],
      ["*.weft", "src/a.weft", false],
      ["**/*.weft", "a.weft", true],
      ["**/a?.weft", "x/y/ab.weft", true],
      ["src/**/old", "src/x/y/old/z.weft", true],
      ["./src/", "src/a.weft", true],
      ["sr", "src/a.weft", false],
      ["a*b*c", "aXbXbXc", true],
    ];
    for (const [pattern, path, expected] of cases)
      expect({ pattern, path, fits: fits(parsePattern(pattern), path) }).toEqual({ pattern, path, fits: expected });
    const started = performance.now();
    expect(fits(parsePattern("*a".repeat(5_000)), `${"a".repeat(4_000)}b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("defaults of commands", () => {
  const scenario = {
    contracts: [{ file: "src/counter.weft", contract: "Counter", label: "c" }],
    blocks: [{ calls: 10, mix: [{ call: "c.add", args: [1] }] }],
  };

  test("build, doc and run take theirs, and the command line wins", () => {
    const root = project({ ...FULL, doc: { out: "pages", title: "Ours" }, run: { ...FULL.run, seed: 7, calls: 20 } });
    writeFileSync(join(root, "scenario.json"), JSON.stringify(scenario));
    expect(weft(["build"], { cwd: join(root, "src") }).code).toBe(0);
    expect(readdirSync(join(root, "out/built"))).toContain("Counter.abi.json");
    expect(weft(["build", "--out", "other"], { cwd: root }).code).toBe(0);
    expect(readdirSync(join(root, "other"))).toContain("Counter.abi.json");
    expect(weft(["doc"], { cwd: root }).code).toBe(0);
    expect(readFileSync(join(root, "pages/index.md"), "utf8")).toContain("# Ours");
    expect(jsonOf(weft(["run", "--json"], { cwd: root }))).toMatchObject({ ok: true, seed: 7, workers: 1, calls: { total: 20 } });
    expect(jsonOf(weft(["run", "--json", "--seed", "8"], { cwd: root }))).toMatchObject({ seed: 8, workers: 1 });
    expect(jsonOf(weft(["run", "scenario.json", "--json", "--no-project", "--workers", "2"], { cwd: root }))).toMatchObject({
      seed: 1,
      workers: 2,
    });
  });

  test("two sources with a contract of one name aren't built over each other; one that both import is built once", () => {
    const root = project({ ...FULL, tests: [] }, { "src/a.weft": COUNTER, "src/b.weft": COUNTER });
    expect(weft(["build"], { cwd: root })).toMatchObject({ code: 2 });
    writeFileSync(join(root, "src/b.weft"), 'import { Counter } from "./a.weft";\n\ncontract B {\n  state c: Counter;\n}\n');
    expect(jsonOf(weft(["build", "--json"], { cwd: root }))).toMatchObject({
      ok: true,
      files: ["src/a.weft", "src/b.weft"],
      contracts: ["Counter", "B"],
    });
  });

  test("a command that needs what nobody says asks for it", () => {
    const root = project({});
    expect(weft(["build"], { cwd: root }).err).toContain("`build.out`");
    expect(weft(["doc"], { cwd: root }).err).toContain("`doc.out`");
    expect(weft(["run"], { cwd: root }).err).toContain("`run.scenario`");
  });
});

describe("mistakes", () => {
  test.each([
    ['{ "sorces": [] }', "E0822", "did you mean `sources`?", "1:3"],
    ['{ "build": { "output": "x" } }', "E0822", "build has no setting", "1:14"],
    ['{ "sources": "src" }', "E0821", "sources: expected a list", "1:14"],
    ['{ "sources": [1] }', "E0821", "sources[0]: expected a string", "1:15"],
    ['{ "sources": ["../x"] }', "E0841", "sources[0]: the path leads out of the project", "1:15"],
    ['{ "sources": ["/etc"] }', "E0841", "must be relative", "1:15"],
    ['{ "sources": [""] }', "E0841", "must name a file or a folder", "1:15"],
    ['{ "build": { "out": "a/../../x" } }', "E0841", "build.out: the path leads out", "1:21"],
    ['{ "run": { "scenario": "../s.json" } }', "E0841", "run.scenario: the path leads out", "1:24"],
    ['{ "run": { "workers": 65 } }', "E0841", "run.workers: it must be a whole number from 1 to 64", "1:23"],
    ['{ "run": { "workers": "two" } }', "E0841", "run.workers: it must be a whole number", "1:23"],
    ['{ "run": { "workers": [1] } }', "E0821", "expected a number or a string", "1:23"],
    ['{ "run": 1 }', "E0821", "run: expected an object", "1:10"],
    ['{ "exclude": [".."] }', "E0841", "exclude[0]: it must name files", "1:15"],
    ['{ "warnings": { "W9999": "off" } }', "E0841", "there is no warning", "1:17"],
    ['{ "warnings": { "E0101": "off" } }', "E0841", "errors can't be switched off", "1:17"],
    ['{ "warnings": { "W1001": "on" } }', "E0821", "expected `off`, `warn` or `error`", "1:26"],
    ['{ "warnings": [] }', "E0821", "warnings: expected an object", "1:15"],
    ['{ "overrides": [{ "files": ["a"] }] }', "E0824", "`warnings` is missing", "1:17"],
    ["[]", "E0821", "the project file: expected an object", "1:1"],
    ["{ } x", "E0840", "expected the end of the file", "1:5"],
    ["", "E0840", "expected a value", "1:1"],
    ['{ "sources": ["a"], "sources": [] }', "E0840", "given twice", "1:21"],
    ["[".repeat(5_000), "E0840", "nested deeper", "1:"],
  ])("%s", (text, code, words, place) => {
    const root = project(text);
    const finished = weft(["check"], { cwd: root });
    expect(finished.code).toBe(2);
    expect(finished.err).toContain(`error[${code}]`);
    expect(finished.err).toContain(words);
    expect(finished.err).toContain(`weft.json:${place}`);
    // Who asks what it means, or wants another project, isn't hindered.
    if (text === "[]") expect(weft(["explain", code], { cwd: root }).code).toBe(0);
    if (text === "[]") expect(weft(["check", "--no-project"], { cwd: root }).code).toBe(0);
  });

  test("a link that leads out, a folder of that name, no text, too much text", () => {
    const outside = folderWith({});
    const root = project({ build: { out: "link/x" } });
    symlinkSync(outside, join(root, "link"));
    expect(weft(["build"], { cwd: root }).err).toContain("the path leads out of the project, by a link");
    const folder = folderWith({});
    mkdirSync(join(folder, "weft.json"));
    expect(weft(["check"], { cwd: folder })).toMatchObject({ code: 2 });
    expect(weft(["check"], { cwd: folderWith({ "weft.json": new Uint8Array([0xff, 0xfe]) }) }).err).toContain("E0811");
    expect(weft(["check"], { cwd: folderWith({ "weft.json": " ".repeat(2_000_000) }) }).err).toContain("E0812");
    expect(weft(["check", "--project", "nowhere.json"], { cwd: root }).err).toContain("can't read `nowhere.json`");
  });
});

describe("the schema", () => {
  const schema = publishedSchema("project.schema.json");

  test("describes every setting, and fits what commands take", () => {
    // What codes there are, the table of codes says.
    expect(schemaGaps(schema)).toEqual(["#warnings: allows more than it describes"]);
    expect(schemaProblems(schema, { ...FULL, warnings: { W1001: "error" }, overrides: [{ files: ["a"], warnings: {} }] })).toEqual([]);
    for (const wrong of [
      { sorces: [] },
      { sources: ["../x"] },
      { sources: ["/x"] },
      { warnings: { E0101: "off" } },
      { warnings: { W1001: "on" } },
      { run: { workers: 65 } },
    ]) {
      expect(schemaProblems(schema, wrong).length).toBeGreaterThan(0);
    }
  });

  test("knows the same sections and settings as the reader", () => {
    const properties = JSON.parse(JSON.stringify(schema["properties"])) as Readonly<Record<string, { readonly properties?: object }>>;
    const unknown = weft(["check"], { cwd: project({ nothing: 1 }) }).err;
    for (const name of Object.keys(properties)) expect(unknown).toContain(`\`${name}\``);
    for (const [name, { properties: settings }] of Object.entries(properties)) {
      if (settings === undefined) continue;
      const said = weft(["check"], { cwd: project({ [name]: { nothingLikeIt: 1 } }) }).err;
      const known = [...(/known are (.*)/.exec(said)?.[1]?.matchAll(/`(\w+)`/g) ?? [])].map((match) => match[1]).sort();
      expect({ name, known }).toEqual({ name, known: Object.keys(settings).sort() });
    }
  });
});
