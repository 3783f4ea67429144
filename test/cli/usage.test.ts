import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";

const COMMANDS = ["check", "build", "footprint", "conflicts", "test", "run", "explain", "init", "doc", "completions"];
const GOOD = "contract Counter {\n  state n: u64;\n\n  pub fn add(by: u64) {\n    self.n += by;\n  }\n}\n";

describe("usage", () => {
  test("--version prints the package's version and nothing else", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
    expect(weft(["--version"])).toMatchObject({ code: 0, out: `weft ${version}\n`, err: "" });
  });

  test("--help names every command and every exit code", () => {
    const { code, out, err } = weft(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^  ${command} `, "m"));
    for (const exit of ["0 ", "1 ", "2 ", "3 ", "130"]) expect(out).toContain(`\n  ${exit}`);
  });

  test.each(COMMANDS)("help of %s has examples and exit codes", (command) => {
    const { code, out } = weft([command, "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`$ weft ${command} `);
    expect(out).toContain("Exit codes:");
  });

  test("without a command it shows help on stderr and exits with 2", () => {
    const { code, out, err } = weft([]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Usage: weft");
  });

  test("an unknown command is refused with the nearest one", () => {
    const { code, out, err } = weft(["chek", "x.weft"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toBe("error[E0810]: unknown command `chek`\nhelp: did you mean `check`?\n");
  });

  test("an unknown option, a missing argument and a bad number are wrong usage", () => {
    for (const args of [
      ["check", "--jsn", "a.weft"],
      ["explain", "E0202", "E0203"],
      ["build", "a.weft"],
      ["doc", "examples/token"],
      ["run"],
      ["run", "x", "--workers", "none"],
      ["run", "x", "--calls", "-1"],
    ]) {
      const { code, err } = weft(args);
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(err).toMatch(/^error\[E0810\]: /);
    }
  });

  test("wrong usage with --json is one JSON document", () => {
    const finished = weft(["chek", "--json"]);
    expect(finished.code).toBe(2);
    expect(finished.err).toBe("");
    expect(jsonOf(finished)).toMatchObject({ schema: 1, ok: false, diagnostics: [{ code: "E0810", help: "did you mean `check`?" }] });
  });

  test("without a command --json and --format give their document", () => {
    const finished = weft(["--json"]);
    expect(finished).toMatchObject({ code: 2, err: "" });
    expect(jsonOf(finished)).toMatchObject({ schema: 1, ok: false, diagnostics: [{ code: "E0810", message: "no command given" }] });
    expect(jsonOf(weft(["--format", "sarif"]))).toHaveProperty("runs");
  });

  test.each([
    [["check", "--colr", "never", "a.weft"], "--color"],
    [["check", "--color", "nevr", "a.weft"], "never"],
    [["check", "--format", "jsn", "a.weft"], "json"],
    [["build", "a.weft", "--ot", "b"], "--out"],
    [["--Version"], "--version"],
    [["help", "chek"], "check"],
    [["check", "b.weft"], "a.weft"],
    [["footprint", "a.weft", "Countr"], "Counter"],
    [["explain", "E0022"], "E0202"],
  ])("%j is told what may have been meant", (args, meant) => {
    const cwd = folderWith({ "a.weft": GOOD });
    const { code, err } = weft(args, { cwd });
    expect(code).toBe(2);
    expect(err).toContain(`help: did you mean \`${meant}\`?`);
  });

  test("other wrong usage names the help of the command", () => {
    expect(weft(["check", "--fix=some"]).err).toContain("help: `weft check --help` shows what it takes");
    expect(weft(["run", "x", "--workers", "none"]).err).toContain("`--workers <n>` argument `none` is invalid: it must be a whole number");
    expect(weft(["-x"]).err).toContain("help: `weft --help` lists the commands and options");
  });

  test("global options may stand before and after the command", () => {
    const cwd = folderWith({ "a.weft": GOOD });
    expect(jsonOf(weft(["--json", "check", "a.weft"], { cwd }))).toMatchObject({ ok: true });
    expect(jsonOf(weft(["check", "a.weft", "--json"], { cwd }))).toMatchObject({ ok: true });
  });

  test("--quiet leaves only results and errors", () => {
    const cwd = folderWith({ "a.weft": GOOD });
    expect(weft(["check", "a.weft"], { cwd }).err).toContain("checked 1 file: no errors");
    expect(weft(["check", "a.weft", "-q"], { cwd })).toMatchObject({ code: 0, out: "", err: "" });
  });

  test("colours come by --color or FORCE_COLOR and never into a pipe by themselves", () => {
    const cwd = folderWith({ "a.weft": "contract C { state x: nothing; }\n" });
    const coloured = "\u001b[";
    expect(weft(["check", "a.weft"], { cwd }).err).not.toContain(coloured);
    expect(weft(["check", "a.weft", "--color", "always"], { cwd }).err).toContain(coloured);
    expect(weft(["check", "a.weft"], { cwd, env: { FORCE_COLOR: "1" } }).err).toContain(coloured);
    expect(weft(["check", "a.weft", "--color", "never"], { cwd, env: { FORCE_COLOR: "1" } }).err).not.toContain(coloured);
    expect(weft(["check", "a.weft", "--color", "always"], { cwd, env: { NO_COLOR: "1" } }).err).toContain(coloured);
  });

  test("starting up loads neither the parser nor the formatter", () => {
    const loaded = staticImports("weft.js", new Set());
    const text = [...loaded].map((name) => readFileSync(join(ROOT, "dist", name), "utf8")).join("");
    expect(text).not.toContain("EmbeddedActionsParser");
    expect(text).not.toContain("prettier");
    expect(text.length).toBeLessThan(400_000);
  });
});

/** The entry and the chunks it loads before it runs. */
function staticImports(name: string, seen: Set<string>): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(join(ROOT, "dist", name), "utf8");
  for (const [, chunk] of text.matchAll(/\b(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) if (chunk !== undefined) staticImports(chunk, seen);
  return seen;
}
