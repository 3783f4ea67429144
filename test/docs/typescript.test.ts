/**
 * The TypeScript in the documentation type-checks against the package as a user has it, and runs. The `ts` fences of a page are one program,
 * those with `part=N` another one; the `text output` fence is what the first prints.
 */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, describe, expect, test } from "vitest";
import { folderWith, ROOT, weft } from "../helpers/cli.ts";
import { allPages, isUpdating, rewriteFences } from "./pages.ts";
import type { Fence } from "./pages.ts";

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noImplicitReturns: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  types: ["node"],
  typeRoots: [join(ROOT, "node_modules/@types")],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

const pages = allPages().filter(({ fences }) => fences.some(({ language }) => language === "ts"));

describe.each(pages)("$path", ({ path, fences }) => {
  const cwd = projectFolder();
  const programs = programsOf(fences);
  for (const [name, text] of programs) writeFileSync(join(cwd, name), text);
  const printed = new Map<number, string>();
  afterAll(() => {
    if (isUpdating) rewriteFences(path, printed);
  });

  test("its programs type-check", () => {
    const program = ts.createProgram(
      [...programs.keys()].map((name) => join(cwd, name)),
      OPTIONS,
    );
    const found = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName ?? ""} ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
    expect(found).toEqual([]);
  });

  test("its first program prints what the page says", async () => {
    const output = fences.find(({ language, words }) => language === "text" && words.includes("output"));
    if (output === undefined) throw new Error("the page doesn't say what its program prints");
    const found = await runProgram(cwd);
    printed.set(output.line, found);
    if (!isUpdating) expect(output.text).toBe(found);
  });
});

/** A project beside this one that has it installed, with the token built. */
function projectFolder(): string {
  const types = spawnSync(process.execPath, [join(ROOT, "scripts/declarations.mjs")], { encoding: "utf8" });
  if (types.status !== 0) throw new Error(types.stderr);
  const cwd = folderWith({
    "package.json": '{ "type": "module" }',
    "token.weft": readFileSync(join(ROOT, "examples/token/token.weft")),
  });
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(ROOT, join(cwd, "node_modules/weft"), "dir");
  const built = weft(["build", "token.weft", "--out", "build"], { cwd });
  if (built.code !== 0) throw new Error(built.err);
  return cwd;
}

function programsOf(fences: readonly Fence[]): ReadonlyMap<string, string> {
  const programs = new Map<string, string>();
  for (const { language, words, text } of fences) {
    if (language !== "ts") continue;
    const part = words.find((word) => word.startsWith("part="))?.slice("part=".length) ?? "1";
    programs.set(`main${part}.ts`, `${programs.get(`main${part}.ts`) ?? ""}${text}\n`);
  }
  return programs;
}

async function runProgram(cwd: string): Promise<string> {
  await build({
    absWorkingDir: cwd,
    entryPoints: ["main1.ts"],
    outfile: join(cwd, "main1.js"),
    bundle: true,
    external: ["weft/*"],
    platform: "node",
    format: "esm",
    logLevel: "silent",
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ["main1.js"], { cwd, encoding: "utf8", timeout: 60_000 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}
