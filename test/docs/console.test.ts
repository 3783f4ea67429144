/**
 * What the pages show of the command line is what it prints. A `console` fence begins with `$ npx weft …`; it runs in a folder with the
 * examples and the files of the page (`file=NAME`). The word `shape` says that numbers and the width of columns don't count.
 * The last line may be `exit N`; otherwise the command succeeds.
 */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { folderWith, ROOT, weft } from "../helpers/cli.ts";
import { allPages, isUpdating, placeOf, rewriteFences } from "./pages.ts";
import type { Fence } from "./pages.ts";

const pages = allPages().filter(({ fences }) => fences.some(({ language }) => language === "console"));

describe.each(pages)("$path", ({ path, fences }) => {
  const cwd = folderWith({});
  cpSync(join(ROOT, "examples"), join(cwd, "examples"), { recursive: true });
  for (const fence of fences) {
    const name = fence.words.find((word) => word.startsWith("file="))?.slice("file=".length);
    if (name !== undefined) writeFileSync(join(cwd, name), fence.text);
  }
  const printed = new Map<number, string>();
  afterAll(() => {
    if (isUpdating) rewriteFences(path, printed);
  });

  const shown = fences.filter(({ language }) => language === "console");
  test.each(shown.map((fence) => [placeOf(fence), fence] as const))("%s", (_, fence) => {
    const found = run(fence, cwd);
    printed.set(fence.line, found);
    if (isUpdating) return;
    if (fence.words.includes("shape")) expect(shapeOf(fence.text)).toBe(shapeOf(found));
    else expect(fence.text).toBe(found);
  });
});

test("there are commands to run", () => {
  expect(pages.length).toBeGreaterThan(1);
});

/** As a terminal shows it: the error stream comes first. */
function run({ text }: Fence, cwd: string): string {
  const [line] = text.split("\n", 1);
  const command = /^\$ npx weft (.*)$/.exec(line)?.[1];
  if (command === undefined) throw new Error(`not a command: ${line}`);
  const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]);
  const { code, out, err } = weft(args, { cwd });
  return `${line}\n${err}${out}${code === 0 ? "" : `exit ${String(code)}\n`}`;
}

function shapeOf(text: string): string {
  return text.replaceAll(/0x[0-9a-f]+|[0-9][0-9,.]*/g, "0").replaceAll(/ +/g, " ");
}
