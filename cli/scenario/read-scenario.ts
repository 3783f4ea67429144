/** From JSON to a scenario: shapes, ranges and names, each mistake with its path. Arguments are left to `generators.ts`. */
import { parseJson } from "./json.ts";
import type { Issues, Located, ObjectReader } from "./reader.ts";
import { readAmount, readCount, readFlag, readFraction, readList, readObject, readText, UINT256, UINT64 } from "./reader.ts";
import type { AccountGroup, Deployment, Scenario, Source, Step, Template, TemplateKind, Weighted } from "./scenario.ts";

/** Bounds of memory and time: what a scenario may ask for. */
const MAX_ACCOUNTS = 1_000_000;
const MAX_CALLS = 10_000_000;
const MAX_BLOCK = 1_000_000;
const MAX_ENTRIES = 100_000;
const MAX_REPEAT = 10_000;

const DEFAULT_BALANCE = 10n ** 24n;
const DEFAULT_TIME = 1_700_000_000n;
/** Above every cost bound: scenarios that don't set a limit aren't about gas. */
const DEFAULT_GAS_LIMIT = 2n ** 40n;

export function readScenario(text: string, issues: Issues): Scenario | undefined {
  const parsed = parseJson(text);
  if (parsed.kind === "problem") {
    issues.report("E0820", { where: "", node: { kind: "null", span: parsed.span } }, { problem: parsed.problem });
    return undefined;
  }
  const root: Located = { node: parsed.value, where: "" };
  const keys = ["$schema", "title", "seed", "time", "blockTime", "gasLimit", "gasPrice", "accounts", "contracts", "setup", "blocks"];
  const object = readObject(root, keys, issues);
  if (object === undefined) return undefined;
  const contracts = readList(object.need("contracts"), issues, 100).flatMap((at) => readDeployment(at, issues));
  const blocks = readList(object.need("blocks"), issues, MAX_ENTRIES).flatMap((at) => readStep(at, issues));
  const scenario: Scenario = {
    title: readText(object.get("title"), issues, ""),
    seed: readCount(object.get("seed"), issues, { min: 0, max: Number.MAX_SAFE_INTEGER }, 1),
    time: readAmount(object.get("time"), issues, UINT64, DEFAULT_TIME),
    blockTime: readAmount(object.get("blockTime"), issues, { min: 0n, max: 2n ** 32n }, 1n),
    gasLimit: readAmount(object.get("gasLimit"), issues, UINT64, DEFAULT_GAS_LIMIT),
    gasPrice: readAmount(object.get("gasPrice"), issues, { min: 0n, max: 2n ** 32n }, 0n),
    groups: readGroups(object.get("accounts"), issues),
    contracts,
    setup: readList(object.get("setup"), issues, MAX_ENTRIES).flatMap((at) => readStep(at, issues)),
    blocks,
  };
  checkTotals(scenario, root, issues);
  return issues.diagnostics().length === 0 ? scenario : undefined;
}

function checkTotals(scenario: Scenario, root: Located, issues: Issues): void {
  const accounts = scenario.groups.reduce((sum, group) => sum + group.count, 0);
  if (accounts > MAX_ACCOUNTS) issues.report("E0824", root, { problem: `more than ${MAX_ACCOUNTS} accounts` });
  const labels = new Set<string>();
  for (const { at, label } of scenario.contracts) {
    if (labels.has(label)) issues.report("E0824", at, { problem: `label \`${label}\` is given twice` });
    labels.add(label);
  }
  const sizes = new Map(scenario.groups.map((group) => [group.name, group.count]));
  let calls = 0;
  for (const step of [...scenario.setup, ...scenario.blocks]) {
    if (step.source.kind === "each" && !sizes.has(step.source.group)) {
      issues.report("E0823", step.at, { what: "group of accounts", name: step.source.group });
    }
    calls += step.repeat * callsOf(step.source, sizes);
  }
  if (calls > MAX_CALLS) issues.report("E0824", root, { problem: `more than ${MAX_CALLS} calls` });
}

export function callsOf(source: Source, groups: ReadonlyMap<string, number>): number {
  switch (source.kind) {
    case "list":
      return source.templates.length;
    case "each":
      return groups.get(source.group) ?? 0;
    case "mix":
      return source.calls;
  }
}

function readGroups(at: Located | undefined, issues: Issues): readonly AccountGroup[] {
  if (at === undefined) return [];
  if (at.node.kind !== "object") {
    issues.expected("an object of groups by name", at);
    return [];
  }
  const groups: AccountGroup[] = [];
  for (const [name, entry] of at.node.entries) {
    const here: Located = { node: entry.value, where: `${at.where}.${name}` };
    if (!isName(name))
      issues.expected("a name of letters and digits", { where: here.where, node: { kind: "string", value: name, span: entry.keySpan } });
    const object = readObject(here, ["count", "balance"], issues);
    if (object === undefined) continue;
    groups.push({
      name,
      count: readCount(object.need("count"), issues, { min: 1, max: MAX_ACCOUNTS }, 1),
      balance: readAmount(object.get("balance"), issues, UINT256, DEFAULT_BALANCE),
    });
  }
  return groups;
}

function isName(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text);
}

function readName(at: Located | undefined, issues: Issues, fallback: string): string {
  const text = readText(at, issues, fallback);
  if (at !== undefined && at.node.kind === "string" && !isName(text)) issues.expected("a name of letters and digits", at);
  return text;
}

function readDeployment(at: Located, issues: Issues): readonly Deployment[] {
  const object = readObject(at, ["label", "file", "contract", "from", "args", "value"], issues);
  if (object === undefined) return [];
  const contract = readName(object.need("contract"), issues, "");
  return [
    {
      at,
      label: readName(object.get("label"), issues, contract),
      file: readText(object.need("file"), issues, ""),
      contract,
      from: object.get("from"),
      args: readList(object.get("args"), issues, 64),
      value: readAmount(object.get("value"), issues, UINT256, 0n),
    },
  ];
}

function readStep(at: Located, issues: Issues): readonly Step[] {
  const object = readObject(at, ["title", "advanceTime", "repeat", "list", "each", "call", "calls", "mix"], issues);
  const source = object === undefined ? undefined : readSource(object, issues);
  if (object === undefined || source === undefined) return [];
  return [
    {
      at,
      title: readText(object.get("title"), issues, ""),
      advanceTime: readAmount(object.get("advanceTime"), issues, { min: 0n, max: 2n ** 40n }, 0n),
      repeat: readCount(object.get("repeat"), issues, { min: 1, max: MAX_REPEAT }, 1),
      source,
    },
  ];
}

function readSource(object: ObjectReader, issues: Issues): Source | undefined {
  const forms = ["list", "each", "mix"].filter((name) => object.get(name) !== undefined);
  if (forms.length !== 1) {
    issues.report("E0824", object.at, { problem: "a block has exactly one of `list`, `each` and `mix`" });
    return undefined;
  }
  const unused = forms[0] === "list" ? ["call", "calls"] : forms[0] === "each" ? ["calls"] : ["call"];
  for (const name of unused) {
    if (object.get(name) !== undefined) issues.report("E0824", object.at, { problem: `\`${name}\` does not go with \`${forms[0]}\`` });
  }
  switch (forms[0]) {
    case "list":
      return { kind: "list", templates: readList(object.get("list"), issues, MAX_ENTRIES).flatMap((at) => readTemplate(at, issues, [])) };
    case "each": {
      const call = object.need("call");
      const [template] = call === undefined ? [] : readTemplate(call, issues, []);
      return template === undefined ? undefined : { kind: "each", group: readName(object.get("each"), issues, ""), template };
    }
    default:
      return {
        kind: "mix",
        calls: readCount(object.need("calls"), issues, { min: 1, max: MAX_BLOCK }, 1),
        mix: readMix(object.get("mix"), issues),
      };
  }
}

function readMix(at: Located | undefined, issues: Issues): readonly Weighted[] {
  const entries = readList(at, issues, 1_000);
  if (at !== undefined && at.node.kind === "array" && entries.length === 0) issues.expected("at least one kind of call", at);
  return entries.flatMap((entry) => {
    const weight = entry.node.kind === "object" ? entry.node.entries.get("weight")?.value : undefined;
    const located = weight === undefined ? undefined : { node: weight, where: `${entry.where}.weight` };
    const share = readFraction(located, issues, { min: 0.000001, max: 1_000_000 }, 1);
    return readTemplate(entry, issues, ["weight"]).map((template) => ({ weight: share, template }));
  });
}

function readTemplate(at: Located, issues: Issues, extra: readonly string[]): readonly Template[] {
  const keys = ["name", "call", "args", "to", "data", "again", "let", "from", "value", "wrongNonce", ...extra];
  const object = readObject(at, keys, issues);
  const what = object === undefined ? undefined : readKind(object, issues);
  if (object === undefined || what === undefined) return [];
  return [
    {
      at,
      name: readName(object.get("name"), issues, ""),
      what,
      variables: readVariables(object.get("let"), issues),
      from: object.get("from"),
      value: object.get("value"),
      wrongNonce: readFlag(object.get("wrongNonce"), issues),
    },
  ];
}

function readKind(object: ObjectReader, issues: Issues): TemplateKind | undefined {
  const forms = ["call", "data", "again"].filter((name) => object.get(name) !== undefined);
  if (forms.length !== 1) {
    issues.report("E0824", object.at, { problem: "a call has exactly one of `call`, `data` and `again`" });
    return undefined;
  }
  const again = object.get("again");
  if (again !== undefined) return { kind: "again", at: again, template: readName(again, issues, "") };
  const data = object.get("data");
  if (data !== undefined) return { kind: "raw", label: readName(object.need("to"), issues, ""), data: readBytes(data, issues) };
  const call = object.need("call");
  if (call === undefined) return undefined;
  const text = readText(call, issues, "");
  const [label, func, ...rest] = text.split(".");
  if (func === undefined || rest.length > 0 || !isName(label) || !isName(func)) {
    issues.expected("`label.function`", call);
    return undefined;
  }
  return { kind: "call", at: call, label, func, args: readList(object.get("args"), issues, 64) };
}

function readBytes(at: Located, issues: Issues): Uint8Array {
  const text = readText(at, issues, "0x");
  if (/^0x(?:[0-9a-fA-F]{2}){0,4096}$/.test(text)) return Uint8Array.from(Buffer.from(text.slice(2), "hex"));
  issues.expected('bytes in hex, as in "0xdeadbeef"', at);
  return new Uint8Array();
}

function readVariables(at: Located | undefined, issues: Issues): Template["variables"] {
  if (at === undefined) return [];
  if (at.node.kind !== "object") {
    issues.expected("an object of values by name", at);
    return [];
  }
  return [...at.node.entries].map(([name, entry]) => ({ name, value: { node: entry.value, where: `${at.where}.${name}` } }));
}
