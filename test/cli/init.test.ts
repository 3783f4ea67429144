/** `weft init`: what it writes checks, tests, runs, builds and documents at once, and it writes over nothing. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { publishedSchema, schemaProblems } from "../helpers/json-schema.ts";

const TEMPLATES = readdirSync(join(ROOT, "templates")).sort();

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe.each(TEMPLATES)("the template %s", (template) => {
  const cwd = folderWith({});
  const made = weft(["init", "app", "--template", template, "--name", "@guild/my-app"], { cwd });
  const root = join(cwd, "app");

  test("is written, and what to do next is said", () => {
    expect(made.code).toBe(0);
    expect(made.out.trim().split("\n").sort()).toEqual(filesIn(root).map((name) => `app/${name}`));
    expect(made.err).toContain(`a new project (${template})\nnext: cd app, npm install, npm test\n`);
    expect(filesIn(root)).toEqual(
      expect.arrayContaining([
        ".gitattributes",
        ".github/workflows/ci.yml",
        ".gitignore",
        "README.md",
        "package.json",
        "scenario.json",
        "weft.json",
      ]),
    );
  });

  test("checks without a warning, with proved assertions", () => {
    const { code, err } = weft(["check"], { cwd: root });
    expect(code).toBe(0);
    expect(err).toMatch(/^checked 2 files: no errors, \d+ parallel assertions proved\n$/);
  });

  test("its tests pass, a parallel block among them", () => {
    expect(weft(["test"], { cwd: root })).toMatchObject({ code: 0 });
    expect(
      filesIn(root)
        .filter((name) => name.startsWith("tests/"))
        .some((name) => readFileSync(join(root, name), "utf8").includes("parallel block")),
    ).toBe(true);
  });

  test("runs, builds and documents by what weft.json says", () => {
    expect(jsonOf(weft(["run", "--workers", "2", "--json"], { cwd: root }))).toMatchObject({ ok: true, identical: true });
    expect(weft(["build"], { cwd: root }).code).toBe(0);
    expect(weft(["doc"], { cwd: root }).code).toBe(0);
    expect(readdirSync(root)).toEqual(expect.arrayContaining(["build", "docs"]));
    expect(readFileSync(join(root, "docs/api/index.html"), "utf8")).toContain('<h1 id="view-index">@guild/my-app</h1>');
    // What is built isn't taken for a source.
    expect(weft(["check"], { cwd: root }).err).toContain("checked 2 files");
  });

  test("its files fit their schemas and names", () => {
    const json = (name: string): Record<string, unknown> => JSON.parse(readFileSync(join(root, name), "utf8")) as Record<string, unknown>;
    expect(schemaProblems(publishedSchema("project.schema.json"), json("weft.json"))).toEqual([]);
    expect(json("weft.json")["$schema"]).toBe("./node_modules/weft/docs/schema/project.schema.json");
    expect(json("scenario.json")["$schema"]).toBe("./node_modules/weft/docs/schema/scenario.schema.json");
    expect(json("package.json")).toMatchObject({
      name: "@guild/my-app",
      private: true,
      scripts: { test: "weft test", check: "weft check", start: "weft run" },
    });
    // The name `weft` in the registry is somebody else's: it is never named without a place.
    expect(JSON.stringify(json("package.json")["devDependencies"])).toMatch(/^\{"weft":"file:\.\.\//);
    const help = weft(["--help"]).out;
    for (const line of Object.values(json("package.json")["scripts"] as Record<string, string>))
      expect(help).toMatch(new RegExp(`^  ${line.split(" ")[1]} `, "m"));
    expect(readFileSync(join(root, "README.md"), "utf8")).toContain("# @guild/my-app");
  });
});

describe("the next steps", () => {
  test("can be copied, whatever the folder is called", () => {
    const cwd = folderWith({});
    expect(weft(["init", "it's new"], { cwd }).err).toContain("\nnext: cd 'it'\\''s new', npm install, npm test\n");
  });

  test("name the package where nothing says where weft comes from", () => {
    const home = join(folderWith({}), "node_modules", "weft");
    for (const name of ["dist", "templates", "package.json"]) cpSync(join(ROOT, name), join(home, name), { recursive: true });
    const { stderr } = spawnSync(process.execPath, [join(home, "dist", "weft.js"), "init", "app"], {
      cwd: folderWith({}),
      encoding: "utf8",
    });
    expect(stderr).toContain("\nnext: cd app, npm install --save-dev with the package of weft, `weft-0.1.0.tgz`, npm test\n");
  });
});

describe("what is there", () => {
  test("is never written over; all that stands in the way is named, and nothing is written", () => {
    const cwd = folderWith({ "weft.json": "{}", "scenario.json": "mine" });
    const { code, out, err } = weft(["init"], { cwd });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("error[E0843]: `weft.json` is there already");
    expect(err).toContain("`scenario.json` is there already");
    expect(filesIn(cwd)).toEqual(["scenario.json", "weft.json"]);
    expect(weft(["init", "--force"], { cwd }).code).toBe(0);
    expect(weft(["check"], { cwd }).code).toBe(0);
    expect(readFileSync(join(cwd, "scenario.json"), "utf8")).not.toBe("mine");
  });

  test("stays, where it is good in any project; a second init of the same changes nothing", () => {
    const cwd = folderWith({ "README.md": "mine", ".gitignore": "*.log\n" });
    const made = weft(["init", "--json"], { cwd });
    expect(jsonOf(made)).toMatchObject({ ok: true, kept: ["README.md", ".gitignore"] });
    expect(readFileSync(join(cwd, "README.md"), "utf8")).toBe("mine");
    expect(jsonOf(weft(["init", "--json"], { cwd }))).toMatchObject({ ok: true, written: [] });
  });

  test("a package.json gets what it lacks, and keeps its layout and the rest", () => {
    const text =
      '{\n    "name": "x",\n    "scripts": {\n        "test": "echo \\"Error: no test specified\\" && exit 1",\n        "build": "mine"\n    },\n    "dependencies": { "weft": "file:../weft.tgz" },\n    "other": [1]\n}\n';
    const cwd = folderWith({ "package.json": text });
    expect(weft(["init"], { cwd }).code).toBe(0);
    const after = readFileSync(join(cwd, "package.json"), "utf8");
    expect(after).toContain('\n    "scripts"');
    expect(JSON.parse(after)).toMatchObject({
      name: "x",
      scripts: { test: "weft test", build: "mine", check: "weft check" },
      dependencies: { weft: "file:../weft.tgz" },
      other: [1],
    });
    expect(JSON.parse(after)).not.toHaveProperty("devDependencies");
    for (const [broken, why] of [
      ["{", "not valid JSON"],
      ["[]", "it holds no object"],
      ['{ "scripts": 1 }', "`scripts` is no object"],
      ['{ "devDependencies": 1 }', "`devDependencies` is no object"],
    ]) {
      const other = folderWith({ "package.json": broken });
      const { code, err } = weft(["init"], { cwd: other });
      expect({ broken, code }).toEqual({ broken, code: 2 });
      expect(err).toContain(why);
      expect(readFileSync(join(other, "package.json"), "utf8")).toBe(broken);
      expect(readdirSync(other)).toEqual(["package.json"]);
    }
  });

  test("a file where a folder belongs, a link, and a folder that can't be written are told", () => {
    const cwd = folderWith({ file: "", src: "" });
    expect(weft(["init", "file"], { cwd })).toMatchObject({ code: 2 });
    expect(weft(["init", "file/deeper"], { cwd }).err).toContain("it is a file, not a folder");
    expect(weft(["init"], { cwd }).err).toContain("it is a file, not a folder");
    expect(readdirSync(cwd).sort()).toEqual(["file", "src"]);
    const linked = folderWith({});
    symlinkSync("/nowhere/at/all", join(linked, "weft.json"));
    expect(weft(["init"], { cwd: linked })).toMatchObject({ code: 2 });
    if (process.getuid?.() === 0) return;
    const closed = folderWith({});
    chmodSync(closed, 0o555);
    expect(weft(["init"], { cwd: closed }).err).toContain("E0814");
  });
});

describe("arguments", () => {
  test("the name is that of the folder, made fit for npm", () => {
    const cwd = folderWith({});
    mkdirSync(join(cwd, "My Döner & Co"));
    weft(["init", "My Döner & Co"], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, "My Döner & Co/package.json"), "utf8"))).toMatchObject({ name: "my-d-ner-co" });
    for (const name of ["A", "a b", "../x", "", "x".repeat(215), "</script>"])
      expect({ name, code: weft(["init", "x", "--name", name], { cwd }).code }).toEqual({ name, code: 2 });
    expect(readdirSync(cwd)).toEqual(["My Döner & Co"]);
  });

  test("--weft says what package.json names, and an unknown template is wrong usage", () => {
    const cwd = folderWith({});
    weft(["init", "--weft", "git+https://example.com/weft.git", "-q"], { cwd });
    expect(JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"))).toMatchObject({
      devDependencies: { weft: "git+https://example.com/weft.git" },
    });
    expect(weft(["init", "y", "--template", "tokn"], { cwd }).err).toContain("did you mean `token`?");
    expect(weft(["init", ""], { cwd })).toMatchObject({ code: 2 });
    expect(readdirSync(cwd)).not.toContain("y");
  });

  test("a broken project around it doesn't hinder", () => {
    const cwd = folderWith({ "weft.json": "{" });
    expect(weft(["init", "inner"], { cwd }).code).toBe(0);
    writeFileSync(join(cwd, "weft.json"), "");
    expect(weft(["check"], { cwd: join(cwd, "inner") }).code).toBe(0);
  });
});
