/** The file that keeps what calls cost, and what differs from it. The same costs give the same bytes. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { readText, SCENARIO_LIMIT } from "../files.ts";
import type { FunctionCost, Spread } from "../test-runner/costs.ts";

interface KeptCost {
  readonly file: string;
  readonly name: string;
  readonly cost: Spread;
  readonly statements: Spread;
}

export interface Difference {
  readonly file: string;
  readonly name: string;
  /** `cost` or `statements` with what of it, or that the function is new or gone. */
  readonly what: string;
  readonly before: bigint | undefined;
  readonly after: bigint | undefined;
}

const FORMAT = 1;

/** A function a line, so that differences of the file are read well. */
export function costFileText(costs: readonly KeptCost[]): string {
  const rows = costs.map(({ file, name, cost, statements }) => {
    return `    ${JSON.stringify({ file, function: name, cost: listOf(cost), statements: listOf(statements) })}`;
  });
  return `{\n  "weftCosts": ${FORMAT},\n  "functions": [\n${rows.join(",\n")}\n  ]\n}\n`;
}

function listOf({ min, median, max }: Spread): readonly string[] {
  return [min, median, max].map(String);
}

type CostFile =
  { readonly kind: "costs"; readonly costs: readonly KeptCost[] } | { readonly kind: "problem"; readonly diagnostic: Diagnostic };

export function readCostFile(path: string): CostFile {
  const read = readText(path, SCENARIO_LIMIT);
  if (read.kind === "problem") {
    const { diagnostic } = read;
    return {
      kind: "problem",
      diagnostic: diagnostic.code === "E0801" ? { ...diagnostic, help: "`weft test --snapshot` writes it" } : diagnostic,
    };
  }
  const wrong = (problem: string): CostFile => ({
    kind: "problem",
    diagnostic: diagnose("E0832", { path, span: { start: 0, end: 0 } }, { path, problem }),
  });
  let document: unknown;
  try {
    document = JSON.parse(read.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return wrong("it is not JSON");
  }
  const format = memberOf(document, "weftCosts");
  if (format !== FORMAT) return wrong(format === undefined ? "it has no `weftCosts`" : `its \`weftCosts\` is not ${FORMAT}`);
  const functions = memberOf(document, "functions");
  if (!Array.isArray(functions)) return wrong("`functions` is no list");
  const costs: KeptCost[] = [];
  for (const [index, each] of functions.entries()) {
    const kept = keptCost(each);
    if (kept === undefined) return wrong(`\`functions[${index}]\` isn't what \`--snapshot\` writes`);
    costs.push(kept);
  }
  return { kind: "costs", costs };
}

function keptCost(value: unknown): KeptCost | undefined {
  const file = memberOf(value, "file");
  const name = memberOf(value, "function");
  const cost = spreadOf(memberOf(value, "cost"));
  const statements = spreadOf(memberOf(value, "statements"));
  if (typeof file !== "string" || typeof name !== "string" || cost === undefined || statements === undefined) return undefined;
  return { file, name, cost, statements };
}

function spreadOf(value: unknown): Spread | undefined {
  if (!Array.isArray(value) || value.length !== 3) return undefined;
  const numbers = value.flatMap((each: unknown) => (typeof each === "string" && /^[0-9]{1,30}$/.test(each) ? [BigInt(each)] : []));
  const [min, median, max] = numbers;
  return numbers.length === 3 ? { min, median, max } : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

export interface Comparison {
  readonly kept: readonly KeptCost[];
  readonly now: readonly FunctionCost[];
  /** In thousandths of a percent. */
  readonly tolerance: bigint;
  /** `some`: only some tests ran, so that functions may be missing. */
  readonly ran: "all" | "some";
  /** Whether a function of this file would have been seen: not of a file that is there and wasn't looked at. */
  readonly isLookedAt: (file: string) => boolean;
}

const PARTS = ["min", "median", "max"] as const;

export function differencesOf({ kept, now, tolerance, ran, isLookedAt }: Comparison): readonly Difference[] {
  const keyOf = ({ file, name }: { readonly file: string; readonly name: string }): string => JSON.stringify([file, name]);
  const before = new Map(kept.map((cost) => [keyOf(cost), cost]));
  const after = new Map(now.map((cost) => [keyOf(cost), cost]));
  const found: Difference[] = [];
  for (const [key, cost] of after) {
    const { file, name } = cost;
    const old = before.get(key);
    if (old === undefined) {
      found.push({ file, name, what: "new", before: undefined, after: cost.cost.median });
      continue;
    }
    for (const kind of ["cost", "statements"] as const) {
      for (const part of PARTS) {
        const [was, is] = [old[kind][part], cost[kind][part]];
        if (!isWithin(was, is, tolerance)) found.push({ file, name, what: `${kind}, ${part}`, before: was, after: is });
      }
    }
  }
  for (const [key, { file, name, cost }] of before) {
    if (ran === "all" && !after.has(key) && isLookedAt(file))
      found.push({ file, name, what: "gone", before: cost.median, after: undefined });
  }
  return found;
}

function isWithin(was: bigint, is: bigint, tolerance: bigint): boolean {
  const difference = was < is ? is - was : was - is;
  return difference * 100_000n <= was * tolerance;
}
