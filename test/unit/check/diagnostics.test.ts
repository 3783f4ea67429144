/** The table of codes, the collector, suggestions, lines. */
import { describe, expect, test } from "vitest";
import { CODES, codeInfo, isCode } from "../../../compiler/diagnostics/codes.ts";
import type { Code } from "../../../compiler/diagnostics/codes.ts";
import { lineStarts, positionAt } from "../../../grammar/lines.ts";
import { createReporter } from "../../../compiler/diagnostics/report.ts";
import { closest } from "../../../grammar/closest.ts";
import { check } from "./door.ts";

const place = (start: number, path = "a.weft"): { path: string; span: { start: number; end: number } } => ({
  path,
  span: { start, end: start + 1 },
});

describe("the table", () => {
  const codes = Object.keys(CODES).filter(isCode);

  test.each(codes)("%s reads as a headline, with help as an action and an explanation", (code: Code) => {
    const { severity, message, help, explanation } = codeInfo(code);
    expect(code).toMatch(/^[EW]\d{4}$/);
    expect(severity).toBe(code.startsWith("E") ? "error" : "warning");
    for (const text of [message, help ?? "x"]) expect(text).not.toMatch(/\.$|^$/);
    expect(explanation).toMatch(/\.$/);
  });
});

describe("the collector", () => {
  test("sorts by path and place and keeps one report of a code at a place", () => {
    const reporter = createReporter();
    reporter.report("E0316", place(9));
    reporter.report("E0408", place(2));
    reporter.report("E0408", place(2));
    reporter.report("E0408", place(5, "A.weft"));
    expect(reporter.diagnostics().map(({ code, path, span }) => `${path}:${span.start} ${code}`)).toEqual([
      "A.weft:5 E0408",
      "a.weft:2 E0408",
      "a.weft:9 E0316",
    ]);
  });

  test("stops after 50 errors; warnings don't count as such", () => {
    const reporter = createReporter();
    for (let i = 0; i < 80; i++) {
      reporter.report("E0316", place(i));
      reporter.report("W0401", place(i));
    }
    expect(reporter.errorCount()).toBe(50);
    expect(reporter.isFull()).toBe(true);
    expect(reporter.diagnostics()).toHaveLength(130);
  });

  test("fills placeholders, cuts what is too long, and refuses a missing value", () => {
    const reporter = createReporter();
    reporter.report("E0201", place(0), { name: "x".repeat(500) });
    expect(reporter.diagnostics()[0].message).toBe(`\`${"x".repeat(120)}…\` is declared twice`);
    expect(() => reporter.report("E0201", place(1))).toThrow("no value for {name}");
  });

  test("text in braces that comes from the program is left as it is", () => {
    const reporter = createReporter();
    reporter.report("E0201", place(0), { name: "{name}" });
    expect(reporter.diagnostics()[0].message).toBe("`{name}` is declared twice");
  });
});

describe("did you mean", () => {
  test.each([
    ["balnaces", "balances"],
    ["Transfer", "transfer"],
    ["ammount", "amount"],
    ["xyz", undefined],
    ["a", undefined],
    ["B", "b"],
  ])("%s: %s", (name, near) => {
    expect(closest(name, ["balances", "transfer", "amount", "b"])).toBe(near);
  });

  test("among equally close names the first in order wins, whatever the order they come in", () => {
    expect(closest("tota", ["totb", "tota1", "totc"])).toBe("tota1");
    expect(closest("tota", ["totc", "tota1", "totb"])).toBe("tota1");
  });

  test("names fit the position, and a fix replaces the wrong one", () => {
    const text = "error Amount(); contract C { state amount: u8; pub fn f(amounts: u8) { self.amout = 1; } }";
    const [found] = check(text).diagnostics;
    expect(found.help).toBe("did you mean `amount`?");
    const [{ edits }] = found.fixes;
    expect(edits.map(({ span, text: by }) => text.slice(0, span.start) + by + text.slice(span.end))).toEqual([
      text.replace("amout", "amount"),
    ]);
  });
});

describe("lines", () => {
  test("are counted from 1, columns in UTF-16 units", () => {
    const starts = lineStarts("ab\n\nć😀x\n");
    expect(starts).toEqual([0, 3, 4, 9]);
    expect([0, 2, 3, 4, 7, 9, 20].map((offset) => positionAt(starts, offset))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 3, column: 4 },
      { line: 4, column: 1 },
      { line: 4, column: 12 },
    ]);
  });
});
