/**
 * The package as users get it: packed, unpacked into an empty project beside nothing but its dependencies, type-checked and run there. Slow, since
 * packing builds everything.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { carryOutInsert, stepsOfPage } from "./getting-started.ts";

const CONSUMER = join(ROOT, "test/package/consumer");
const TOKEN = join(ROOT, "examples/token/token.weft");

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

let project = "";
let installed = "";
let files: readonly string[] = [];
let manifest: Manifest = { version: "", exports: {}, dependencies: {} };

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "weft-package-"));
  installed = join(project, "node_modules/weft");
  run("npm", ["pack", "--silent", "--pack-destination", project], ROOT);
  const tarball = readdirSync(project).find((name) => name.endsWith(".tgz")) ?? "";
  mkdirSync(installed, { recursive: true });
  run("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed], project);
  files = readdirSync(installed, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(installed, name)).isFile())
    .sort();
  manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Manifest;
  // As npm would, without a network: the dependencies that the package names, and no others.
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(project, "node_modules", name), "dir");
  }
  mkdirSync(join(project, "node_modules/.bin"));
  symlinkSync("../weft/dist/weft.js", join(project, "node_modules/.bin/weft"));
  writeFileSync(join(project, "package.json"), '{ "name": "empty", "private": true, "type": "module" }\n');
  for (const name of readdirSync(CONSUMER)) copyFileSync(join(CONSUMER, name), join(project, name));
  copyFileSync(TOKEN, join(project, "token.weft"));
}, 300_000);

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): { readonly out: string; readonly err: string; readonly code: number | null } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 250_000 });
  if (error !== undefined) throw error;
  if (command !== process.execPath && command !== "npx" && status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
  return { out: stdout, err: stderr, code: status };
}

function textOf(name: string): string {
  return readFileSync(join(installed, name), "utf8");
}

describe("what is in the package", () => {
  test("bundles, types, pages of codes, schemas, the library, licences; no sources and nothing of the project's own", () => {
    for (const name of [
      "LICENSE",
      "README.md",
      "dist/weft.js",
      "dist/worker.js",
      "dist/compiler.js",
      "dist/runtime.js",
      "dist/prettier.js",
    ])
      expect(files).toContain(name);
    for (const name of ["dist/types/compiler/index.d.ts", "dist/types/runtime/index.d.ts", "dist/third-party-licences.txt"])
      expect(files).toContain(name);
    expect(files.filter((name) => name.startsWith("docs/schema/")).length).toBeGreaterThan(0);
    expect(files.filter((name) => name.startsWith("docs/errors/")).length).toBeGreaterThan(0);
    // For reading: the compiler has the texts inside.
    expect(files).toContain("std/ownable.weft");
    const others = files.filter(
      (name) =>
        !/^(?:LICENSE|README\.md|package\.json|docs\/(?:errors\/[EW]\d{4}\.md|schema\/[a-z.-]+\.json)|std\/(?:presets\/)?[a-z0-9-]+\.weft|templates\/(?:token|nft|dao|empty)\/(?:scenario\.json|(?:src|tests)\/[a-z]+\.weft))$/.test(
          name,
        ) &&
        !/^dist\/(?:(?:weft|worker|compiler|runtime|prettier|chunk-[\w-]+)\.js|third-party-licences\.txt|types\/[\w/-]+\.d\.ts)$/.test(
          name,
        ),
    );
    expect(others).toEqual([]);
  });

  test("every bundle is used by an entry", () => {
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const [, next] of textOf(`dist/${name}`).matchAll(/(?:from|import|import\()\s*"\.\/([\w-]+\.js)"/g))
        if (next !== undefined) visit(next);
    };
    for (const entry of ["weft.js", "worker.js", "compiler.js", "runtime.js", "prettier.js"]) visit(entry);
    const bundles = files.filter((name) => /^dist\/[^/]*\.js$/.test(name)).map((name) => name.slice("dist/".length));
    expect(bundles.filter((name) => !seen.has(name))).toEqual([]);
  });

  test("no file names a folder of the machine it was built on or a source file", () => {
    const leaks = files.filter((name) => {
      const text = textOf(name);
      return (
        text.includes(ROOT) ||
        /^\s*\/\/ (?:\.\.\/|cli|compiler|grammar|node_modules|runtime)\//m.test(text) ||
        text.includes("sourceMappingURL=")
      );
    });
    expect(leaks).toEqual([]);
  });

  test("its dependencies are what the bundles and types import, no more and no less", () => {
    const imported = new Set<string>();
    for (const name of files.filter((file) => /^dist\/.*\.(?:js|d\.ts)$/.test(file))) {
      for (const found of ts.preProcessFile(textOf(name), true, true).importedFiles) {
        const specifier = found.fileName;
        if (specifier.startsWith(".") || specifier.startsWith("node:") || builtinModules.includes(specifier)) continue;
        // The text of generated modules and clients names the package itself.
        if (specifier === "weft/runtime") continue;
        imported.add(
          specifier
            .split("/")
            .slice(0, specifier.startsWith("@") ? 2 : 1)
            .join("/"),
        );
      }
    }
    expect([...imported].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });
});

describe("its types", () => {
  const strict: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noImplicitReturns: true,
    noPropertyAccessFromIndexSignature: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    skipLibCheck: false,
    verbatimModuleSyntax: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts"],
  };
  const withoutNode: ts.CompilerOptions = { ...strict, types: [] };
  const resolutions = {
    nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  };

  test.each(Object.entries(resolutions))("satisfy a strict consumer, module resolution %s", (_, resolution) => {
    const program = ts.createProgram([join(project, "types.ts")], { ...withoutNode, ...resolution });
    const found = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, start, messageText }) => `${file?.fileName ?? ""}:${start ?? 0} ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
    expect(found).toEqual([]);
  });

  test("are no `any` at either door", () => {
    const program = ts.createProgram([join(project, "types.ts")], { ...withoutNode, ...resolutions.nodenext });
    const checker = program.getTypeChecker();
    const loose: string[] = [];
    for (const door of ["compiler", "runtime"]) {
      const file = program.getSourceFile(join(installed, `dist/types/${door}/index.d.ts`));
      const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file);
      expect(symbol).toBeDefined();
      if (symbol === undefined || file === undefined) continue;
      for (const exported of checker.getExportsOfModule(symbol)) {
        const target = (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported);
        const type =
          (target.flags & ts.SymbolFlags.Value) === 0 ? checker.getDeclaredTypeOfSymbol(target) : checker.getTypeOfSymbol(target);
        if ((type.flags & ts.TypeFlags.Any) !== 0) loose.push(`${door}: ${exported.name}`);
      }
    }
    expect(loose).toEqual([]);
  });
});

describe("used as a library", () => {
  test("compiles, deploys, runs a block with workers, throws what it says, aborts, closes", () => {
    const { out, err, code } = run(process.execPath, ["run.mjs"], project);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(out.split("\n")).toEqual(readFileSync(join(CONSUMER, "run.txt"), "utf8").split("\n"));
  });

  test("gives a typed client that type-checks against it", () => {
    const { err, code } = run(process.execPath, ["client.mjs"], project);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    const program = ts.createProgram([join(project, "Token.client.ts")], {
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      target: ts.ScriptTarget.ES2023,
      lib: ["lib.es2023.d.ts"],
      types: [],
      module: ts.ModuleKind.NodeNext,
    });
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))).toEqual([]);
  });

  test("hides what isn't exported", () => {
    const { err, code } = run(process.execPath, ["--input-type=module", "-e", 'await import("weft/dist/worker.js")'], project);
    expect(code).not.toBe(0);
    expect(err).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});

describe("used as a command", () => {
  test("npx weft --version and weft check work", () => {
    expect(run("npx", ["--no-install", "weft", "--version"], project)).toMatchObject({ code: 0, out: `weft ${manifest.version}\n` });
    const checked = run("npx", ["--no-install", "weft", "check", "token.weft"], project);
    expect(checked).toMatchObject({ code: 0, out: "" });
    expect(checked.err).toContain("checked 1 file: no errors");
  });

  test("weft explain finds its pages", () => {
    expect(run("npx", ["--no-install", "weft", "explain", "E0202"], project)).toMatchObject({ code: 0 });
  });

  test("weft build and weft test work", () => {
    expect(run("npx", ["--no-install", "weft", "build", "token.weft", "--out", "built"], project)).toMatchObject({ code: 0 });
    expect(readdirSync(join(project, "built")).sort()).toEqual([
      "Token.abi.json",
      "Token.client.ts",
      "Token.devdoc.json",
      "Token.js",
      "Token.layout.json",
      "Token.ts",
      "Token.userdoc.json",
    ]);
    expect(run("npx", ["--no-install", "weft", "test", "token.weft"], project)).toMatchObject({ code: 0 });
  });
});

describe("the getting-started page", () => {
  test("leads from an empty folder to a passing test", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "weft-start-")), "savings");
    mkdirSync(folder);
    const steps = stepsOfPage();
    expect(steps.length).toBeGreaterThan(8);
    let tests = 0;
    for (const step of steps) {
      if (step.kind === "insert") {
        carryOutInsert(folder, step);
        continue;
      }
      if (step.line.startsWith("npm install ")) {
        install(folder);
        continue;
      }
      const { status, stdout, stderr } = spawnSync("bash", ["-c", step.line], {
        cwd: folder,
        encoding: "utf8",
        timeout: 250_000,
        env: { ...process.env, npm_config_offline: "true" },
      });
      expect({ line: step.line, status, stderr: status === 0 ? "" : stderr }).toEqual({ line: step.line, status: 0, stderr: "" });
      if (step.prints !== undefined) expect(`${stdout}${stderr.replaceAll(/^npm (?:warn|notice).*\n/gm, "")}`).toBe(step.prints);
      tests = Math.max(tests, Number(/(\d+) tests?: \1 passed, 0 failed/.exec(stderr)?.[1] ?? 0));
    }
    // Those of the template, and the one that the page adds.
    expect(tests).toBe(5);
    expect(readdirSync(join(folder, "docs/api"))).toContain("Token.html");
    expect(readdirSync(join(folder, "build"))).toContain("Token.client.ts");
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).toMatchObject({
      scripts: { test: "weft test" },
      devDependencies: { weft: "file:../weft.tgz" },
    });
    // The steps of the CI file that need no network.
    const workflow = readFileSync(join(folder, ".github/workflows/ci.yml"), "utf8");
    const runs = [...workflow.matchAll(/^ +- run: (npx .*)$/gm)].map((match) => match[1]);
    expect(runs.length).toBeGreaterThan(1);
    for (const line of runs)
      expect({ line, status: spawnSync("bash", ["-c", line], { cwd: folder, timeout: 250_000 }).status }).toEqual({ line, status: 0 });
  }, 400_000);

  /** As npm would, without a network. */
  function install(folder: string): void {
    mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
    cpSync(installed, join(folder, "node_modules/weft"), { recursive: true });
    symlinkSync("../weft/dist/weft.js", join(folder, "node_modules/.bin/weft"));
    for (const name of Object.keys(manifest.dependencies))
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), "dir");
    run("npm", ["pkg", "set", "devDependencies.weft=file:../weft.tgz"], folder);
  }
});
