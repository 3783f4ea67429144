/**
 * Every diagnostic code has a page for `weft explain`, whose programs fail and work as the page says, and cases whose rendering is kept in
 * test/golden/diagnostics/CODE.txt: the files of test/corpus/errors/CODE, and made ones where a file can't show it.
 * `UPDATE_GOLDEN=1 npx vitest run test/docs/errors.test.ts` writes headlines and goldens anew; read the diff before you keep it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderDiagnostics } from "../../cli/render/frame.ts";
import { PLAIN } from "../../cli/render/theme.ts";
import { CODES, isCode } from "../../compiler/diagnostics/codes.ts";
import type { Code } from "../../compiler/diagnostics/codes.ts";
import { folderWith, ROOT, weft } from "../helpers/cli.ts";
import { MADE_CASES } from "./made-cases.ts";
import { fileName, isUpdating, placeOf, readPage } from "./pages.ts";
import type { Fence } from "./pages.ts";
import { findAll } from "./programs.ts";

const PAGES = "docs/errors";
const CORPUS = join(ROOT, "test/corpus/errors");
const GOLDEN = join(ROOT, "test/golden/diagnostics");
const FILE = "example.weft";
/** Longer sources are cut in goldens. */
const MAX_SOURCE = 2_000;

/** Faults of ours: no program is known that shows them. */
const WITHOUT_PROGRAM: ReadonlySet<string> = new Set(["E0615", "E0901"]);
/** These never come alone. */
const COMPANY: ReadonlyMap<string, readonly string[]> = new Map([["E0109", ["E0101"]]]);

const codes = Object.keys(CODES).filter(isCode);

describe.each(codes)("the page of %s", (code) => {
  const path = `${PAGES}/${code}.md`;

  test("is there, and its headline is that of the table", () => {
    expect(existsSync(join(ROOT, path))).toBe(true);
    const text = readFileSync(join(ROOT, path), "utf8");
    const [line] = text.split("\n", 1);
    const { message } = CODES[code];
    // Some messages are made where the mistake is found; their pages have a headline of their own.
    if (/^(\{where\}: )?\{problem\}$/.test(message)) expect(line).toMatch(new RegExp(`^# ${code}: [a-z]`));
    else if (isUpdating) writeFileSync(join(ROOT, path), `# ${code}: ${message}${text.slice(line.length)}`);
    else expect(line).toBe(`# ${code}: ${message}`);
  });

  test("shows a program that fails and one that works", () => {
    const { fences } = readPage(path);
    const fails = fences.filter(({ words }) => words.includes("fails") || words.includes("warns"));
    const works = fences.filter((fence) => isWorking(fence));
    // What is too long to show is made by the tests.
    expect(fails.length + (fails.length === 0 && MADE_CASES[code] !== undefined ? 1 : 0)).toBe(1);
    expect(works.length).toBe(WITHOUT_PROGRAM.has(code) ? 0 : 1);
  });

  const fences = existsSync(join(ROOT, path)) ? readPage(path).fences : [];
  fences.forEach((fence, index) => {
    const before = fences.slice(0, index);
    if (fence.language === "weft" && fileName(fence) === undefined) test(placeOf(fence), () => checkProgram(fence, before));
    if (fence.language === "console") test(placeOf(fence), () => checkCommand(code, fence, before));
  });
});

function isWorking({ language, words }: Fence): boolean {
  return (language === "weft" && words.length === 0) || (language === "console" && words.includes("works"));
}

async function checkProgram({ text, words }: Fence, before: readonly Fence[]): Promise<void> {
  const others = filesOf(before);
  const { diagnostics, files } = await findAll(FILE, (path) => (path === FILE ? text : others.get(path)));
  if (words.length === 0) expect(renderDiagnostics(diagnostics, files, PLAIN)).toBe("");
  else expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set([words[1]]));
}

function checkCommand(code: Code, { text, words }: Fence, before: readonly Fence[]): void {
  const cwd = folderWith(Object.fromEntries(filesOf(before)));
  const command = /^\$ npx weft (.*)\n$/.exec(text)?.[1] ?? "";
  const finished = weft(command.split(" "), { cwd });
  if (words.includes("works")) {
    expect(finished.err).not.toContain("error[");
    expect(finished.code).toBe(0);
  } else {
    expect(finished.err).toContain(`error[${code}]`);
    expect(finished.code).not.toBe(0);
  }
}

function filesOf(fences: readonly Fence[]): ReadonlyMap<string, string> {
  return new Map(
    fences.flatMap((fence): [string, string][] => {
      const name = fileName(fence);
      return name === undefined ? [] : [[name, fence.text]];
    }),
  );
}

describe.each(codes)("the cases of %s", (code) => {
  const folder = join(CORPUS, code);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const files = names.filter((name) => name.endsWith(".weft") && !name.startsWith("_"));
  const commands = names.filter((name) => existsSync(join(folder, name, "command.txt")));

  test("are there", () => {
    expect(files.length + commands.length + (MADE_CASES[code] === undefined ? 0 : 1)).toBeGreaterThan(0);
  });

  test("report it, and read as before", async () => {
    const parts: string[] = [];
    for (const name of files) parts.push(await caseOfFile(code, folder, name));
    for (const name of commands) parts.push(caseOfCommand(code, join(folder, name), name));
    const made = MADE_CASES[code];
    if (made !== undefined && parts.length === 0) parts.push(section(made.input, "", checked(code, await made.rendered())));
    const found = parts.join("\n");
    const golden = join(GOLDEN, `${code}.txt`);
    if (isUpdating) writeFileSync(golden, found);
    expect(found).toBe(existsSync(golden) ? readFileSync(golden, "utf8") : "");
  });
});

async function caseOfFile(code: Code, folder: string, name: string): Promise<string> {
  const read = (path: string): string | undefined =>
    existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : undefined;
  const { diagnostics, files } = await findAll(name, read);
  const found = [...new Set(diagnostics.map((one) => one.code))].filter((one) => !(COMPANY.get(code) ?? []).includes(one));
  expect({ name, found }).toEqual({ name, found: [code] });
  return section(name, read(name) ?? "", renderDiagnostics(diagnostics, files, PLAIN));
}

function caseOfCommand(code: Code, cwd: string, name: string): string {
  const command = readFileSync(join(cwd, "command.txt"), "utf8").trim();
  return section(name, `$ weft ${command}\n`, checked(code, weft(command.split(" "), { cwd }).err));
}

function checked(code: Code, rendered: string): string {
  expect(rendered).toContain(`[${code}]`);
  return rendered;
}

function section(title: string, source: string, message: string): string {
  const cut = source.length <= MAX_SOURCE ? source : `${source.slice(0, MAX_SOURCE)}…\n`;
  return `=== ${title}\n${cut}--- message\n${message}`;
}

test("no page and no golden speaks of a code that is gone", () => {
  const pages = readdirSync(join(ROOT, PAGES)).map((name) => name.replace(/\.md$/, ""));
  const goldens = readdirSync(GOLDEN)
    .filter((name) => name.endsWith(".txt"))
    .map((name) => name.replace(/\.txt$/, ""));
  expect([...pages, ...goldens].filter((code) => !isCode(code))).toEqual([]);
});
