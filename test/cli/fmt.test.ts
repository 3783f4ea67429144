/** `weft fmt` as a process, and the plugin for Prettier, which gives the same. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { check, format, formatWithCursor } from "prettier";
import { describe, expect, test } from "vitest";
import { fmt } from "../../cli/commands/fmt.ts";
import { PLAIN } from "../../cli/render/theme.ts";
import * as plugin from "../../format/prettier.ts";
import { jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { publishedSchema, schemaGaps, schemaProblems } from "../helpers/json-schema.ts";

const UGLY = "contract  A {state x:u8; // why\n}";
const FINE = "contract A {\n  state x: u8; // why\n}\n";
const BROKEN = "contract A {\n";

function folder(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(tmpdir(), "weft-fmt-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return cwd;
}

function withInput(
  args: readonly string[],
  input: string | Uint8Array,
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "dist/weft.js"), "fmt", ...args], { input, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

describe("files", () => {
  test("without arguments: all below this folder, but hidden and installed ones", () => {
    const cwd = folder({
      "a.weft": UGLY,
      "b/c.weft": UGLY,
      "b/fine.weft": FINE,
      ".git/d.weft": UGLY,
      "node_modules/e.weft": UGLY,
      "f.txt": UGLY,
    });
    const { code, out, err } = weft(["fmt"], { cwd });
    expect({ code, out, err }).toEqual({ code: 0, out: "a.weft\nb/c.weft\n", err: "2 files formatted, 1 already in style\n" });
    const texts = ["a.weft", "b/c.weft", ".git/d.weft", "node_modules/e.weft", "f.txt"].map((name) =>
      readFileSync(join(cwd, name), "utf8"),
    );
    expect(texts).toEqual([FINE, FINE, UGLY, UGLY, UGLY]);
    expect(weft(["fmt"], { cwd })).toMatchObject({ code: 0, out: "", err: "0 files formatted, 3 already in style\n" });
  });

  test("one with syntax errors is left as it is, and the others are formatted", () => {
    const cwd = folder({ "a.weft": UGLY, "b.weft": BROKEN });
    const { code, err } = weft(["fmt", "."], { cwd });
    expect(code).toBe(1);
    expect(err).toMatch(/^error\[E0104\]: .*\n +--> b\.weft:2:1/);
    expect([readFileSync(join(cwd, "a.weft"), "utf8"), readFileSync(join(cwd, "b.weft"), "utf8")]).toEqual([FINE, BROKEN]);
  });

  test("permissions stay", () => {
    const cwd = folder({ "a.weft": UGLY });
    chmodSync(join(cwd, "a.weft"), 0o600);
    expect(weft(["fmt", "a.weft"], { cwd }).code).toBe(0);
    expect(statSync(join(cwd, "a.weft")).mode & 0o777).toBe(0o600);
  });

  test("--check and --diff change nothing and end with 1 if there is something to do", () => {
    const cwd = folder({ "a.weft": UGLY, "b.weft": FINE });
    expect(weft(["fmt", "--check"], { cwd })).toMatchObject({ code: 1, out: "a.weft\n", err: "1 file would change, 1 already in style\n" });
    const { code, out } = weft(["fmt", "--diff"], { cwd });
    expect(code).toBe(1);
    expect(out).toBe(
      "--- a.weft\n+++ a.weft\n@@ -1,2 +1,3 @@\n-contract  A {state x:u8; // why\n-}\n\\ No newline at end of file\n+contract A {\n+  state x: u8; // why\n+}\n",
    );
    expect(readFileSync(join(cwd, "a.weft"), "utf8")).toBe(UGLY);
    expect(weft(["fmt", "--check", "b.weft"], { cwd })).toMatchObject({ code: 0, out: "" });
  });

  test("--json tells of each", () => {
    const cwd = folder({ "a.weft": UGLY, "b.weft": FINE, "c.weft": BROKEN });
    const document = jsonOf(weft(["fmt", "--diff", "--json"], { cwd }));
    expect(document).toMatchObject({
      command: "fmt",
      ok: false,
      files: [
        { file: "a.weft", status: "changed" },
        { file: "b.weft", status: "formatted" },
        { file: "c.weft", status: "broken" },
      ],
      summary: { files: 3, changed: 1, broken: 1, unread: 0, written: false },
      diagnostics: [{ code: "E0104" }],
    });
  });

  test.each([
    [["fmt", "missing.weft"], "E0801"],
    [["fmt", "empty"], "E0842"],
    [["fmt", "-", "a.weft"], "E0810"],
    [["fmt", "--chek"], "E0810"],
  ])("%j: wrong usage", (args, code) => {
    const cwd = folder({ "a.weft": UGLY, "empty/x.txt": "" });
    const finished = weft(args, { cwd });
    expect(finished.code).toBe(2);
    expect(finished.err).toContain(`error[${code}]`);
    expect(readFileSync(join(cwd, "a.weft"), "utf8")).toBe(UGLY);
  });

  test("a result that isn't the same program is our bug, and isn't written", async () => {
    const cwd = folder({ "a.weft": UGLY });
    const path = join(cwd, "a.weft");
    const context = { progress: () => undefined, now: () => 0, show: () => undefined };
    const outcome = await fmt({ paths: [path], check: false, diff: false, stdin: undefined }, context, () => ({
      kind: "unsafe",
      detail: "it is",
    }));
    expect(outcome).toMatchObject({ exit: 3, diagnostics: [{ code: "E0901" }] });
    expect(outcome.text(PLAIN)).toBe("");
    expect(readFileSync(path, "utf8")).toBe(UGLY);
  });
});

describe("standard input", () => {
  test.each([[["-"]], [["--stdin"]], [["--stdin-filepath", "x.weft"]]])("%j", (args) => {
    expect(withInput(args, UGLY)).toEqual({ code: 0, out: FINE, err: "" });
  });

  test("with errors, nothing comes out, and they name the file", () => {
    const { code, out, err } = withInput(["--stdin-filepath", "x/y.weft"], BROKEN);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("x/y.weft:2:1");
  });

  test("--check", () => {
    expect(withInput(["-", "--check"], UGLY)).toMatchObject({ code: 1, out: "stdin.weft\n" });
    expect(withInput(["-", "--check"], FINE)).toMatchObject({ code: 0, out: "" });
  });

  test("that is no text, or too much of it, is refused", () => {
    expect(withInput(["-"], new Uint8Array([0xff, 0xfe])).err).toContain("E0811");
    expect(withInput(["-"], " ".repeat(1024 * 1024 + 1)).err).toContain("E0812");
  });
});

describe("the plugin for Prettier", () => {
  const options = { parser: "weft", plugins: [plugin] };

  test("gives the same as weft fmt, whatever the width", async () => {
    const text = readFileSync(join(ROOT, "test/golden/format/before.weft"), "utf8");
    const expected = readFileSync(join(ROOT, "test/golden/format/after.weft"), "utf8");
    expect(await format(text, options)).toBe(expected);
    expect(await format(text, { ...options, printWidth: 40, tabWidth: 8, useTabs: true })).toBe(expected);
    expect(await check(expected, options)).toBe(true);
  });

  test("finds the language by the name of the file, and keeps the ends of lines that are asked for", async () => {
    expect(await format(UGLY, { filepath: "a.weft", plugins: [plugin], endOfLine: "crlf" })).toBe(FINE.replaceAll("\n", "\r\n"));
  });

  test("keeps the cursor where it was", async () => {
    const { formatted, cursorOffset } = await formatWithCursor(UGLY, { ...options, cursorOffset: UGLY.indexOf("// why") });
    expect(formatted.slice(cursorOffset - 2)).toContain("// why");
  });

  test("leaves a range alone, as Prettier does for languages that aren't its own", async () => {
    expect(await format(UGLY, { ...options, rangeStart: 3, rangeEnd: 9 })).toBe(UGLY);
  });

  test("tells syntax errors with their place", async () => {
    await expect(format(BROKEN, options)).rejects.toMatchObject({ name: "SyntaxError", loc: { start: { line: 2, column: 1 } } });
  });
});

test("what --json prints is what the published schema says, all of it", () => {
  const schema = publishedSchema("fmt.schema.json");
  expect(schemaGaps(schema)).toEqual([]);
  const cwd = folder({ "a.weft": UGLY, "b.weft": BROKEN, "fine.weft": FINE });
  writeFileSync(join(cwd, "unread.weft"), Uint8Array.of(0xff, 0xfe));
  const documents = [["--check"], ["--diff"], ["missing.weft"], []].map((args) => jsonOf(weft(["fmt", ...args, "--json"], { cwd })));
  const fromInput: unknown = JSON.parse(withInput(["-", "--json"], UGLY).out);
  for (const document of [...documents, fromInput]) {
    expect(schemaProblems(schema, document)).toEqual([]);
    expect(schemaProblems(publishedSchema("diagnostics.schema.json"), document)).toEqual([]);
  }
  const printed = JSON.stringify(documents);
  for (const status of ["changed", "formatted", "broken", "unread"]) expect(printed).toContain(`"status":"${status}"`);
  expect(printed).toContain('"diff":');
  expect(fromInput).toMatchObject({ text: FINE });
});
