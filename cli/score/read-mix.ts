/** The mix of calls to score: `transfer=80,mint=20`, `uniform`, or a JSON file. Names are looked up when the contract is known (`resolve-mix.ts`). */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { EXIT } from "../exit.ts";
import { failure } from "../failure.ts";
import { displayPath, readText, SOURCE_LIMIT } from "../files.ts";
import type { Outcome } from "../outcome.ts";
import { parseJson } from "../scenario/json.ts";
import { createIssues, readCount, readFraction, readObject } from "../scenario/reader.ts";
import type { Issues, Located, ObjectReader } from "../scenario/reader.ts";
import { DEFAULTS, LIMITS } from "./options.ts";
import type { ScoreOptions, Settings } from "./options.ts";

export interface NamedEntry {
  readonly name: string;
  readonly weight: number;
  /** How its calls are drawn, in a file: `caller`, `value`, `args`. */
  readonly object: ObjectReader | undefined;
  readonly at: Located;
}

export interface Mix {
  /** Undefined: all functions that change state alike. */
  readonly entries: readonly NamedEntry[] | undefined;
  readonly settings: Settings;
  /** Collects what is wrong with a file. */
  readonly issues: Issues;
  readonly files: ReadonlyMap<string, string>;
}

export type MixResult = { readonly kind: "mix"; readonly mix: Mix } | { readonly kind: "failed"; readonly outcome: Outcome };

const WHOLE = "the mix";
const NOWHERE: Located = { node: { kind: "null", span: { start: 0, end: 0 } }, where: "" };
const HOW = "write weights by function, as in `transfer=80,mint=20`, or `uniform`, or name a .json file";

export function readMix(options: ScoreOptions): MixResult {
  const text = options.mix.trim();
  if (/\.json$/i.test(text)) return readMixFile(text, options);
  const issues = createIssues("", WHOLE);
  if (text === "uniform") return { kind: "mix", mix: { entries: undefined, settings: settingsOf(options, {}), issues, files: new Map() } };
  if (text === "") return failed([complain("it names no function", HOW)], new Map());
  const entries: NamedEntry[] = [];
  for (const part of text.split(",")) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(part);
    if (match === null) return failed([complain(`\`${part.trim()}\` is no weight`, HOW)], new Map());
    const [, name, number] = match;
    const weight = /^[0-9]{1,7}$/.test(number) ? Number(number) : 0;
    if (weight < 1 || weight > LIMITS.weight) {
      return failed([complain(`the weight of \`${name}\` is \`${number}\``, WEIGHTS)], new Map());
    }
    if (entries.some((entry) => entry.name === name))
      return failed([complain(`\`${name}\` is given twice`, "give each function one weight")], new Map());
    entries.push({ name, weight, object: undefined, at: NOWHERE });
  }
  return { kind: "mix", mix: { entries, settings: settingsOf(options, {}), issues, files: new Map() } };
}

const WEIGHTS = `weights are whole numbers from 1 to ${LIMITS.weight}; leave out what isn't called`;

function complain(problem: string, help: string): Diagnostic {
  return diagnose("E0830", { path: "", span: { start: 0, end: 0 } }, { where: "--mix", problem }, { help });
}

export function failed(diagnostics: readonly Diagnostic[], files: ReadonlyMap<string, string>): Extract<MixResult, { kind: "failed" }> {
  return { kind: "failed", outcome: failure(EXIT.usage, diagnostics, files) };
}

/** The command line goes before the file. */
function settingsOf(options: ScoreOptions, file: Partial<Settings>): Settings {
  const { accounts, ids, skew, calls, seed } = { ...DEFAULTS, ...file };
  return {
    accounts: options.accounts ?? accounts,
    ids: options.ids ?? ids,
    skew: options.skew ?? skew,
    calls: options.calls ?? calls,
    seed: options.seed ?? seed,
  };
}

// --- from a file -------------------------------------------------------------------------------------------------------

const ROOT_KEYS = ["$schema", "accounts", "ids", "skew", "calls", "seed", "mix"];

function readMixFile(given: string, options: ScoreOptions): MixResult {
  const path = displayPath(given);
  const source = readText(path, SOURCE_LIMIT);
  if (source.kind === "problem") return failed([source.diagnostic], new Map());
  const files = new Map([[path, source.text]]);
  const issues = createIssues(path, WHOLE);
  const parsed = parseJson(source.text);
  if (parsed.kind === "problem") {
    issues.report("E0830", { where: "", node: { kind: "null", span: parsed.span } }, { problem: `not valid JSON: ${parsed.problem}` });
    return failed(issues.diagnostics(), files);
  }
  const root = readObject({ node: parsed.value, where: "" }, ROOT_KEYS, issues);
  const settings: Settings = {
    accounts: readCount(root?.get("accounts"), issues, { min: 1, max: LIMITS.accounts }, DEFAULTS.accounts),
    ids: readCount(root?.get("ids"), issues, { min: 1, max: LIMITS.ids }, DEFAULTS.ids),
    skew: readFraction(root?.get("skew"), issues, { min: 0, max: LIMITS.skew }, DEFAULTS.skew),
    calls: readCount(root?.get("calls"), issues, { min: 1, max: LIMITS.calls }, DEFAULTS.calls),
    seed: readCount(root?.get("seed"), issues, { min: 0, max: Number.MAX_SAFE_INTEGER }, DEFAULTS.seed),
  };
  const entries = readEntries(root?.need("mix"), issues);
  if (issues.diagnostics().length > 0) return failed(issues.diagnostics(), files);
  return { kind: "mix", mix: { entries, settings: settingsOf(options, settings), issues, files } };
}

/** `"uniform"`, or weights by function: a number, or an object with `weight` and how the call is drawn. */
function readEntries(at: Located | undefined, issues: Issues): readonly NamedEntry[] | undefined {
  if (at === undefined || (at.node.kind === "string" && at.node.value === "uniform")) return undefined;
  if (at.node.kind !== "object" || at.node.entries.size === 0) {
    issues.expected('"uniform", or an object with a weight for at least one function', at);
    return undefined;
  }
  return [...at.node.entries].map(([name, { keySpan, value }]): NamedEntry => {
    const here: Located = { node: value, where: `${at.where}.${name}` };
    const range = { min: 1, max: LIMITS.weight };
    const key: Located = { node: { kind: "string", value: name, span: keySpan }, where: at.where };
    if (value.kind !== "object") return { name, weight: readCount(here, issues, range, 1), object: undefined, at: key };
    const object = readObject(here, ["weight", "caller", "value", "args"], issues);
    return { name, weight: readCount(object?.need("weight"), issues, range, 1), object, at: key };
  });
}
