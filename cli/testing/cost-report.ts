/** What calls cost, and what differs from the kept costs: tables for people and fields of the JSON document. */
import type { Json } from "../outcome.ts";
import { table, thousands } from "../render/table.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import type { FunctionCost, Spread } from "../test-runner/costs.ts";
import type { Difference } from "./cost-file.ts";

const LEFT = { align: "left" } as const;
const RIGHT = { align: "right" } as const;

export function costTable(costs: readonly FunctionCost[], theme: Theme): string {
  if (costs.length === 0) return "";
  const head = ["function", "calls", "cost min", "median", "max", "statements min", "median", "max"];
  const rows = costs.map(({ name, calls, cost, statements }) => [
    printable(name),
    thousands(calls),
    ...[cost.min, cost.median, cost.max, statements.min, statements.median, statements.max].map(thousands),
  ]);
  return `\n${table([head, ...rows], [LEFT, ...head.slice(1).map(() => RIGHT)], theme).join("\n")}\n`;
}

export function differenceTable(differences: readonly Difference[], theme: Theme): string {
  if (differences.length === 0) return "";
  const head = ["function", "what", "kept", "now", "change"];
  const rows = differences.map(({ name, what, before, after }) => [
    printable(name),
    what,
    shown(before),
    shown(after),
    changeText(before, after),
  ]);
  return `\n${table([head, ...rows], [LEFT, LEFT, RIGHT, RIGHT, RIGHT], theme).join("\n")}\n`;
}

function shown(value: bigint | undefined): string {
  return value === undefined ? "-" : thousands(value);
}

/** `+12.5%` */
function changeText(before: bigint | undefined, after: bigint | undefined): string {
  if (before === undefined || after === undefined) return "";
  const change = after - before;
  const sign = change < 0n ? "-" : "+";
  const size = change < 0n ? -change : change;
  if (before === 0n) return `${sign}${thousands(size)}`;
  const tenths = (size * 1000n) / before;
  return `${sign}${thousands(tenths / 10n)}.${tenths % 10n}%`;
}

export function costJson(costs: readonly FunctionCost[]): Json {
  return costs.map(({ file, name, calls, cost, statements }) => ({
    file,
    function: name,
    calls,
    cost: spreadJson(cost),
    statements: spreadJson(statements),
  }));
}

function spreadJson({ min, median, max }: Spread): Json {
  return { min: String(min), median: String(median), max: String(max) };
}

export function differenceJson(differences: readonly Difference[]): Json {
  return differences.map(({ file, name, what, before, after }) => ({
    file,
    function: name,
    what,
    before: before === undefined ? null : String(before),
    after: after === undefined ? null : String(after),
  }));
}
