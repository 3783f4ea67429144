/** `weft explain`: the page of a code, the list of all, and codes that don't exist. What the pages say is checked in test/docs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CODES } from "../../compiler/diagnostics/codes.ts";
import { jsonOf, ROOT, weft } from "../helpers/cli.ts";

test("a code is explained, in capitals or not", () => {
  const { code, out, err } = weft(["explain", "E0202"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^E0202: unknown \{what\} `\{name\}`\n\n/);
  expect(out).toContain("\nWhat fails\n");
  expect(out).toContain("\n    contract Purse {\n");
  expect(out).not.toContain("```");
  expect(weft(["explain", "e0202"]).out).toBe(out);
});

test("without a code it lists all, each on a line", () => {
  const { code, out } = weft(["explain"]);
  expect(code).toBe(0);
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => line.slice(0, 5)),
  ).toEqual(Object.keys(CODES));
});

test("a code that doesn't exist is wrong usage, with the nearest one", () => {
  expect(weft(["explain", "E02O2"])).toMatchObject({
    code: 2,
    out: "",
    err: "error[E0810]: there is no diagnostic `E02O2`\nhelp: did you mean `E0202`?\n",
  });
  expect(weft(["explain", "banana"]).err).toContain("help: `weft explain` lists all codes");
});

test("--json has the page as Markdown, and the list as fields", () => {
  const page = readFileSync(join(ROOT, "docs/errors/W1001.md"), "utf8");
  expect(jsonOf(weft(["explain", "w1001", "--json"]))).toMatchObject({ ok: true, code: "W1001", severity: "warning", page });
  const { codes } = jsonOf(weft(["explain", "--json"]));
  expect(codes).toHaveLength(Object.keys(CODES).length);
});

test("colours only where they are asked for", () => {
  expect(weft(["explain", "E0202", "--color", "always"]).out).toContain("\u001b[");
  expect(weft(["explain", "E0202"]).out).not.toContain("\u001b[");
});

test("it loads no compiler: as quick as the version", () => {
  const times = (args: readonly string[]): number => Math.min(...[1, 2, 3].map(() => weft(args).cpuMs));
  expect(times(["explain", "E0202"])).toBeLessThan(times(["--version"]) * 2 + 50);
});
