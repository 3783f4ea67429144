/**
 * Reading a scenario's JSON with exact complaints: every value knows its path (`blocks[0].mix[2].weight`) and its place in the file.
 * Readers return a usable fallback after a complaint, so that one run reports all mistakes.
 */
import type { Code } from "../../compiler/diagnostics/codes.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { createReporter } from "../../compiler/diagnostics/report.ts";
import { closest } from "../../grammar/closest.ts";
import type { JsonNode } from "./json.ts";

export interface Located {
  readonly node: JsonNode;
  readonly where: string;
}

export interface Issues {
  readonly report: (code: Code, at: Located, values?: Readonly<Record<string, string>>, help?: string) => void;
  readonly expected: (expected: string, at: Located) => void;
  readonly diagnostics: () => readonly Diagnostic[];
}

/** `whole` is what a complaint about the file itself is about. */
export function createIssues(path: string, whole = "the scenario"): Issues {
  const reporter = createReporter();
  const report: Issues["report"] = (code, at, values = {}, help) => {
    reporter.report(
      code,
      { path, span: at.node.span },
      { where: at.where === "" ? whole : at.where, ...values },
      help === undefined ? {} : { help },
    );
  };
  return {
    report,
    expected: (expected, at) => report("E0821", at, { expected, found: describe(at.node) }),
    diagnostics: reporter.diagnostics,
  };
}

export function describe(node: JsonNode): string {
  switch (node.kind) {
    case "null":
      return "null";
    case "bool":
      return String(node.value);
    case "number":
      return clip(node.text);
    case "string":
      return clip(JSON.stringify(node.value));
    case "array":
      return "a list";
    case "object":
      return "an object";
  }
}

function clip(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

export interface ObjectReader {
  readonly at: Located;
  readonly get: (name: string) => Located | undefined;
  /** Reports and returns undefined when the setting is missing. */
  readonly need: (name: string) => Located | undefined;
}

/** Complains about settings nobody reads. */
export function readObject(at: Located, known: readonly string[], issues: Issues): ObjectReader | undefined {
  const { node, where } = at;
  if (node.kind !== "object") {
    issues.expected("an object", at);
    return undefined;
  }
  for (const [name, entry] of node.entries) {
    if (known.includes(name)) continue;
    const near = closest(name, known);
    const listed = known.length === 0 ? "there is none yet" : `known are ${known.map((key) => `\`${key}\``).join(", ")}`;
    const help = near === undefined ? listed : `did you mean \`${near}\`?`;
    issues.report("E0822", { where, node: { kind: "null", span: entry.keySpan } }, { name: clip(name) }, help);
  }
  const get = (name: string): Located | undefined => {
    const entry = node.entries.get(name);
    return entry === undefined ? undefined : { node: entry.value, where: where === "" ? name : `${where}.${name}` };
  };
  return {
    at,
    get,
    need(name) {
      const found = get(name);
      if (found === undefined) issues.report("E0824", at, { problem: `\`${name}\` is missing` });
      return found;
    },
  };
}

export function readList(at: Located | undefined, issues: Issues, max: number): readonly Located[] {
  if (at === undefined) return [];
  if (at.node.kind !== "array") {
    issues.expected("a list", at);
    return [];
  }
  if (at.node.items.length > max) {
    issues.report("E0824", at, { problem: `more than ${max} entries` });
    return [];
  }
  return at.node.items.map((node, index) => ({ node, where: `${at.where}[${index}]` }));
}

export function readText(at: Located | undefined, issues: Issues, fallback: string): string {
  if (at === undefined) return fallback;
  if (at.node.kind === "string") return at.node.value;
  issues.expected("a string", at);
  return fallback;
}

/** A whole number of any size: JSON number, or a string such as `"1_000"`, `"0xff"`, `"1e24"`. */
export function parseAmount(node: JsonNode): bigint | undefined {
  const text = node.kind === "number" ? node.text : node.kind === "string" ? node.value : "";
  if (/^0x[0-9a-fA-F]{1,64}$/.test(text)) return BigInt(text);
  const match = /^(-?[0-9][0-9_]{0,99})(?:[eE]\+?([0-9]{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  return BigInt(match[1].replaceAll("_", "")) * 10n ** BigInt(match[2] ?? "0");
}

export interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

export const UINT64: Range = { min: 0n, max: 2n ** 64n - 1n };
export const UINT256: Range = { min: 0n, max: 2n ** 256n - 1n };

export function readAmount(at: Located | undefined, issues: Issues, range: Range, fallback: bigint): bigint {
  if (at === undefined) return fallback;
  const value = parseAmount(at.node);
  if (value !== undefined && value >= range.min && value <= range.max) return value;
  issues.expected(`a whole number from ${range.min} to ${range.max}`, at);
  return fallback;
}

export function readCount(
  at: Located | undefined,
  issues: Issues,
  range: { readonly min: number; readonly max: number },
  fallback: number,
): number {
  return Number(readAmount(at, issues, { min: BigInt(range.min), max: BigInt(range.max) }, BigInt(fallback)));
}

export function readFraction(
  at: Located | undefined,
  issues: Issues,
  range: { readonly min: number; readonly max: number },
  fallback: number,
): number {
  if (at === undefined) return fallback;
  const value = at.node.kind === "number" ? Number(at.node.text) : NaN;
  if (value >= range.min && value <= range.max) return value;
  issues.expected(`a number from ${range.min} to ${range.max}`, at);
  return fallback;
}

export function readFlag(at: Located | undefined, issues: Issues): boolean {
  if (at === undefined) return false;
  if (at.node.kind === "bool") return at.node.value;
  issues.expected("true or false", at);
  return false;
}
