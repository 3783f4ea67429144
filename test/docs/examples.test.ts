/**
 * Every Weft program in the documentation compiles, or fails with the code the page says; tests in it pass. The words of a fence say what it is:
 * none a whole file, `fragment` members of a contract, `file=NAME` a file that later ones of the page import, `fails CODE` (also of a test
 * that fails), `warns CODE`.
 * A `text message` fence after a program that fails holds what the compiler prints.
 */
import { afterAll, describe, expect, test } from "vitest";
import { renderDiagnostics } from "../../cli/render/frame.ts";
import { PLAIN } from "../../cli/render/theme.ts";
import { allPages, fileName, isUpdating, placeOf, rewriteFences } from "./pages.ts";
import type { Fence } from "./pages.ts";
import { findAll } from "./programs.ts";
import type { Found } from "./programs.ts";

const FILE = "example.weft";

const pages = allPages();

/** A piece of a project's file isn't: the test of the package puts it in and runs the project. */
const isProgram = ({ language, words }: Fence): boolean => language === "weft" && !words.some((word) => word.startsWith("into="));

describe.each(pages.filter(({ fences }) => fences.some(isProgram)))("$path", ({ path, fences }) => {
  const printed = new Map<number, string>();
  afterAll(() => {
    if (isUpdating) rewriteFences(path, printed);
  });

  fences.forEach((fence, index) => {
    if (isProgram(fence)) test(placeOf(fence), async () => checkProgram(fence, await compileFence(fence, fences.slice(0, index))));
    if (fence.language === "text" && fence.words.includes("message")) {
      test(placeOf(fence), async () => {
        const program = fences.slice(0, index).findLast(({ language }) => language === "weft");
        if (program === undefined) throw new Error("no program before this message");
        const { diagnostics, files } = await compileFence(program, fences.slice(0, index));
        const text = renderDiagnostics(diagnostics, files, PLAIN);
        printed.set(fence.line, text);
        if (!isUpdating) expect(fence.text).toBe(text);
      });
    }
  });
});

test("the pages hold programs that compile and programs that fail", () => {
  const programs = pages.flatMap(({ fences }) => fences.filter(({ language }) => language === "weft"));
  expect(programs.filter(({ words }) => words.length === 0).length).toBeGreaterThan(8);
  expect(programs.filter(({ words }) => words.includes("fails")).length).toBeGreaterThan(4);
});

function compileFence(fence: Fence, before: readonly Fence[]): Promise<Found> {
  const source = fence.words.includes("fragment") ? `contract Example {\n${fence.text}}\n` : fence.text;
  const others = new Map(
    before.flatMap((other): [string, string][] => {
      const name = fileName(other);
      return name === undefined ? [] : [[name, other.text]];
    }),
  );
  return findAll(FILE, (path) => (path === FILE ? source : others.get(path)));
}

function checkProgram({ words }: Fence, { diagnostics, files, compilation }: Found): void {
  const verdict = words.findIndex((word) => word === "fails" || word === "warns");
  if (verdict === -1) {
    expect(renderDiagnostics(diagnostics, files, PLAIN)).toBe("");
    expect(compilation.compiled).toBeDefined();
    return;
  }
  expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set([words[verdict + 1]]));
  expect(diagnostics.some(({ severity }) => severity === "error")).toBe(words[verdict] === "fails");
}
