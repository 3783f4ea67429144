/**
 * From the text of a project file to a project: shapes, ranges and names, each mistake with its place and a way out. What it says for an option of a command is read by
 * that option itself, so that the file and the command line allow the same. Paths may not lead out of the project: its file may come from anybody.
 */
import type { Option } from "commander";
import { InvalidArgumentError } from "commander";
import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { codeInfo, CODES, isCode } from "../../compiler/diagnostics/codes.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { closest } from "../../grammar/closest.ts";
import { displayPath, readText } from "../files.ts";
import { parseJson } from "../scenario/json.ts";
import { createIssues, readList, readObject, readText as readString } from "../scenario/reader.ts";
import type { Issues, Located, ObjectReader } from "../scenario/reader.ts";
import { parsePattern } from "./glob.ts";
import type { Default, Level, Project, WarningRule } from "./project.ts";

export type ProjectResult =
  | { readonly kind: "project"; readonly project: Project }
  | { readonly kind: "broken"; readonly diagnostics: readonly Diagnostic[]; readonly files: ReadonlyMap<string, string> };

/** The option of a command, by its name in code. */
export type OptionOf = (command: string, name: string) => Option | undefined;

/** More is no file that somebody wrote. */
const PROJECT_LIMIT = 1024 * 1024;
const MAX_ENTRIES = 1_000;

/** Which options of which commands a project file may set. `folder`: a path within the project. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, "folder" | "option">>>> = {
  build: { out: "folder" },
  doc: { out: "folder", title: "option" },
  test: { seed: "option", runs: "option", depth: "option" },
  run: { workers: "option", calls: "option", seed: "option", blockSize: "option" },
};

const LEVELS: readonly Level[] = ["off", "warn", "error"];

export function readProject(file: string, optionOf: OptionOf): ProjectResult {
  const path = displayPath(file);
  const source = readText(path, PROJECT_LIMIT);
  if (source.kind === "problem") return { kind: "broken", diagnostics: [source.diagnostic], files: new Map() };
  const text = source.text.startsWith("\ufeff") ? source.text.slice(1) : source.text;
  const issues = createIssues(path, "the project file");
  const project = read(path, text, issues, optionOf);
  const diagnostics = issues.diagnostics();
  if (project !== undefined && diagnostics.length === 0) return { kind: "project", project };
  return { kind: "broken", diagnostics, files: new Map([[path, text]]) };
}

function read(path: string, text: string, issues: Issues, optionOf: OptionOf): Project | undefined {
  const parsed = parseJson(text);
  if (parsed.kind === "problem") {
    issues.report("E0840", { where: "", node: { kind: "null", span: parsed.span } }, { problem: parsed.problem });
    return undefined;
  }
  const keys = ["$schema", "sources", "tests", "exclude", "warnings", "overrides", ...Object.keys(SECTIONS)];
  const object = readObject({ node: parsed.value, where: "" }, keys, issues);
  if (object === undefined) return undefined;
  const root = realpathSync(dirname(resolve(path)));
  readString(object.get("$schema"), issues, "");
  const overrides = readList(object.get("overrides"), issues, MAX_ENTRIES).flatMap((at) => readOverride(at, issues));
  const levels = readLevels(object.get("warnings"), issues);
  const defaults = new Map(Object.keys(SECTIONS).map((command) => [command, readSection(command, object, root, issues, optionOf)]));
  const run = object.get("run");
  return {
    path,
    root,
    text,
    sources: object.get("sources") === undefined ? [root] : readPaths(object.get("sources"), root, issues),
    tests: readPaths(object.get("tests"), root, issues),
    exclude: readList(object.get("exclude"), issues, MAX_ENTRIES).flatMap((at) => readPattern(at, issues)),
    rules: [{ files: [], levels }, ...overrides].filter((rule) => rule.levels.size > 0),
    scenario: run?.node.kind === "object" ? readScenarioPath(run, root, issues) : undefined,
    outputs: [...defaults.values()].flatMap((section) => [...section].flatMap(([, { at, value }]) => outputOf(root, at, value))),
    defaults,
  };
}

// --- paths -----------------------------------------------------------------------------------------------------------

function readPaths(at: Located | undefined, root: string, issues: Issues): readonly string[] {
  return readList(at, issues, MAX_ENTRIES).flatMap((each) => readPath(each, root, issues) ?? []);
}

function readPath(at: Located, root: string, issues: Issues): string | undefined {
  const text = readString(at, issues, "");
  if (at.node.kind !== "string") return undefined;
  const problem = problemOf(text, root);
  if (problem !== undefined) issues.report("E0841", at, { problem });
  return problem === undefined ? resolve(root, text) : undefined;
}

function problemOf(text: string, root: string): string | undefined {
  if (text.trim() === "" || text.includes("\0")) return "it must name a file or a folder";
  if (isAbsolute(text) || /^[A-Za-z]:/.test(text)) return "the path must be relative to the project";
  if (leavesFolder(relative(root, resolve(root, text)))) return "the path leads out of the project";
  // A link may lead out as well.
  let near = resolve(root, text);
  while (!existsSync(near)) near = dirname(near);
  return leavesFolder(relative(root, realpathSync(near))) ? "the path leads out of the project, by a link" : undefined;
}

function leavesFolder(path: string): boolean {
  return path === ".." || path.startsWith(`..${sep}`) || isAbsolute(path);
}

function readPattern(at: Located, issues: Issues): readonly ReturnType<typeof parsePattern>[] {
  const pattern = parsePattern(readString(at, issues, ""));
  if (at.node.kind === "string" && (pattern.length === 0 || pattern.includes(".."))) {
    issues.report("E0841", at, { problem: "it must name files or folders of the project, as `src/old/**`" });
    return [];
  }
  return pattern.length === 0 ? [] : [pattern];
}

function readScenarioPath(run: Located, root: string, issues: Issues): string | undefined {
  const entry = run.node.kind === "object" ? run.node.entries.get("scenario") : undefined;
  return entry === undefined ? undefined : readPath({ node: entry.value, where: `${run.where}.scenario` }, root, issues);
}

function outputOf(root: string, at: Located, value: unknown): readonly string[] {
  return at.where.endsWith(".out") && typeof value === "string" && resolve(value) !== root ? [resolve(value)] : [];
}

// --- warnings --------------------------------------------------------------------------------------------------------

function readOverride(at: Located, issues: Issues): readonly WarningRule[] {
  const object = readObject(at, ["files", "warnings"], issues);
  if (object === undefined) return [];
  const files = readList(object.need("files"), issues, MAX_ENTRIES).flatMap((each) => readPattern(each, issues));
  const levels = readLevels(object.need("warnings"), issues);
  return files.length === 0 ? [] : [{ files, levels }];
}

function readLevels(at: Located | undefined, issues: Issues): ReadonlyMap<string, Level> {
  const levels = new Map<string, Level>();
  if (at === undefined) return levels;
  if (at.node.kind !== "object") {
    issues.expected('an object of levels by code, as { "W1004": "error" }', at);
    return levels;
  }
  for (const [code, entry] of at.node.entries) {
    const problem = codeProblem(code);
    const key: Located = { where: at.where, node: { kind: "null", span: entry.keySpan } };
    if (problem !== undefined) issues.report("E0841", key, { problem: problem.text }, problem.help);
    const { value } = entry;
    const level = value.kind === "string" ? LEVELS.find((each) => each === value.value) : undefined;
    if (level === undefined) issues.expected("`off`, `warn` or `error`", { node: value, where: `${at.where}.${code}` });
    else levels.set(code, level);
  }
  return levels;
}

function codeProblem(code: string): { readonly text: string; readonly help: string } | undefined {
  const warnings = Object.keys(CODES).filter((each) => isCode(each) && codeInfo(each).severity === "warning");
  if (warnings.includes(code)) return undefined;
  const shown = code.slice(0, 40);
  if (isCode(code)) return { text: `${shown} is an error, and errors can't be switched off`, help: "mend the program" };
  const near = closest(code, warnings);
  return {
    text: `there is no warning \`${shown}\``,
    help: near === undefined ? "`weft explain` lists all codes" : `did you mean \`${near}\`?`,
  };
}

// --- options of commands ---------------------------------------------------------------------------------------------

function readSection(
  command: string,
  project: ObjectReader,
  root: string,
  issues: Issues,
  optionOf: OptionOf,
): ReadonlyMap<string, Default> {
  const found = new Map<string, Default>();
  const at = project.get(command);
  if (at === undefined) return found;
  const keys = Object.entries(SECTIONS[command]).filter(([name]) => optionOf(command, name) !== undefined);
  const object = readObject(at, [...keys.map(([name]) => name), ...(command === "run" ? ["scenario"] : [])], issues);
  if (object === undefined) return found;
  for (const [name, kind] of keys) {
    const entry = object.get(name);
    if (entry === undefined) continue;
    const option = optionOf(command, name);
    const value =
      kind === "folder" ? readFolder(entry, root, issues) : option === undefined ? undefined : readOption(entry, option, issues);
    if (value !== undefined) found.set(name, { at: entry, value });
  }
  return found;
}

function readFolder(at: Located, root: string, issues: Issues): string | undefined {
  const path = readPath(at, root, issues);
  return path === undefined ? undefined : displayPath(path);
}

/** As the option itself reads it on the command line. */
function readOption(at: Located, option: Option, issues: Issues): unknown {
  const { node } = at;
  if (option.isBoolean()) {
    if (node.kind === "bool") return node.value ? true : undefined;
    issues.expected("true or false", at);
    return undefined;
  }
  if (node.kind !== "string" && node.kind !== "number") {
    issues.expected("a number or a string", at);
    return undefined;
  }
  const text = node.kind === "string" ? node.value : node.text;
  try {
    return option.parseArg === undefined ? text : option.parseArg(text, undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    const { message } = error;
    issues.report("E0841", at, { problem: `${message.slice(0, 1).toLowerCase()}${message.slice(1).replace(/\.$/, "")}` });
    return undefined;
  }
}
