/** A contract's score as text and as plain data. */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { callsOf } from "../../compiler/footprint/flatten.ts";
import type { Limit } from "../../compiler/score/limits.ts";
import type { Kind } from "../../compiler/score/sample.ts";
import type { Score, Spread } from "../../compiler/score/score.ts";
import type { Func } from "../../compiler/typed/tree.ts";
import { count } from "../failure.ts";
import type { Json } from "../outcome.ts";
import { table, thousands } from "../render/table.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import type { Settings } from "./options.ts";

export interface Scored {
  readonly contract: string;
  readonly kinds: readonly Kind[];
  readonly settings: Settings;
  readonly score: Score;
  /** Of the program: what is known to serialise calls. */
  readonly warnings: readonly Diagnostic[];
}

/** Lines of "limited by", and cells in one of them. */
const MAX_LIMITS = 6;
const MAX_CELLS = 4;
/** Shares below this aren't worth a line. */
const LEAST_SHARE = 0.01;

export function scoreText(scored: Scored, theme: Theme): string {
  const { contract, settings, score } = scored;
  const population = `${thousands(settings.accounts)} accounts, numbers below ${thousands(settings.ids)}, skew ${settings.skew}, seed ${settings.seed}`;
  return [
    `${theme("strong", contract)}  ${theme("strong", `parallelism ${Math.round(score.parallelism)} %`)}`,
    theme(
      "dim",
      `  ${count(score.blocks, "block")} of ${thousands(settings.calls)} ${settings.calls === 1 ? "call" : "calls"}: ${mixText(scored.kinds)}`,
    ),
    theme("dim", `  ${population}`),
    "",
    ...speedUpLines(score, theme),
    "",
    ...limitLines(scored, theme),
    ...noteLines(scored).map((line) => theme("dim", `  ${line}`)),
    "",
  ].join("\n");
}

function mixText(kinds: readonly Kind[]): string {
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  return kinds.map(({ func, weight }) => `${func.name} ${percent(weight / total)}`).join(", ");
}

/** One digit behind the point where it tells something. */
function percent(share: number): string {
  const value = share * 100;
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} %`;
}

function speedUpLines(score: Score, theme: Theme): readonly string[] {
  const rows = [
    ...score.speedUps.map((each) => [thousands(each.workers), times(each.median), spreadText(each)]),
    ["any", times(score.limit.median), spreadText(score.limit)],
  ];
  const columns = [{ align: "right" }, { align: "right", role: "strong" }, { align: "left", role: "dim" }] as const;
  return table([["workers", "speed-up", ""], ...rows], columns, theme).map((line) => `  ${line}`);
}

function times(value: number): string {
  const [whole, part] = value.toFixed(1).split(".");
  return `${thousands(Number(whole))}.${part}x`;
}

/** Nothing where all blocks gave the same. */
function spreadText({ least, greatest }: Spread): string {
  const [from, to] = [times(least), times(greatest)];
  return from === to ? "" : `${from} to ${to}`;
}

function limitLines({ settings, score, warnings }: Scored, theme: Theme): readonly string[] {
  if (score.chain.greatest < 2) return [`  no call waits for another; the costliest is one of ${score.limits[0].func.name}`];
  const shown = score.limits.slice(0, MAX_LIMITS).filter(({ share }) => share >= LEAST_SHARE);
  const rows = shown.map((limit) =>
    [limit.func.name, percent(limit.share), waitsText(limit), codesOf(limit.func, warnings).join(", ")].map(printable),
  );
  const columns = [{ align: "left" }, { align: "right" }, { align: "left" }, { align: "left", role: "warning" }] as const;
  const codes = [...new Set(shown.flatMap(({ func }) => codesOf(func, warnings)))];
  return [
    `  ${percent(score.waiting.median)} of the calls wait. The longest chain has ${chainText(score.chain)} of ${thousands(settings.calls)} calls, made of`,
    ...table(rows, columns, theme).map((line) => `    ${line}`),
    ...codes.map((code) => `  what to do about ${code}: weft explain ${code}`),
  ];
}

function chainText({ least, greatest }: Spread): string {
  return least === greatest ? thousands(least) : `${thousands(least)} to ${thousands(greatest)}`;
}

function waitsText({ cells }: Limit): string {
  if (cells.length === 0) return "waits for nobody";
  const names = cells.slice(0, MAX_CELLS).map(({ cell }) => cell);
  return `waits at ${names.join(", ")}${cells.length > MAX_CELLS ? ` and ${cells.length - MAX_CELLS} more` : ""}`;
}

/** Warnings inside the function that tell why its calls wait. */
function codesOf({ site }: Func, warnings: readonly Diagnostic[]): readonly string[] {
  const inside = warnings.filter(
    ({ code, path, span }) => /^W10/.test(code) && path === site.path && span.start >= site.span.start && span.end <= site.span.end,
  );
  return [...new Set(inside.map(({ code }) => code))].sort();
}

/** More of a function's calls than this fail their own checks: its figures may say little. */
const MANY_FAILING = 0.05;

function noteLines({ kinds, score }: Scored): readonly string[] {
  const failing = kinds.flatMap(({ func }, i) => {
    const { calls, failing: some } = score.sampled[i];
    return some > calls * MANY_FAILING
      ? [`${percent(some / calls)} of the calls of ${func.name} fail its own checks: a mix file can say how they are drawn`]
      : [];
  });
  const elsewhere = elsewhereOf(kinds);
  return [
    ...failing,
    ...(elsewhere.length === 0
      ? []
      : [`not counted: what ${elsewhere.join(", ")} ${elsewhere.length === 1 ? "touches" : "touch"} in other contracts`]),
  ].map(printable);
}

function elsewhereOf(kinds: readonly Kind[]): readonly string[] {
  return kinds.filter(({ plan }) => callsOf(plan).some(({ kind }) => kind === "external")).map(({ func }) => func.name);
}

// --- for tools -------------------------------------------------------------------------------------------------------

export function scoreJson({ contract, kinds, settings, score, warnings }: Scored): Json {
  return {
    contract,
    parallelism: rounded(score.parallelism),
    ...settings,
    blocks: score.blocks,
    mix: kinds.map(({ func, weight }, i) => ({ function: func.name, weight, ...score.sampled[i] })),
    speedUps: score.speedUps.map(({ workers, ...spread }) => ({ workers, ...spreadJson(spread) })),
    limit: spreadJson(score.limit),
    waiting: spreadJson(score.waiting),
    longestChain: spreadJson(score.chain),
    limitedBy: score.limits.map(({ func, share, cells }) => ({
      function: func.name,
      share: rounded(share),
      waits: cells.map((each) => ({ cell: each.cell, share: rounded(each.share) })),
      codes: codesOf(func, warnings),
    })),
    notCounted: elsewhereOf(kinds),
  };
}

function spreadJson({ median, least, greatest }: Spread): { readonly [key: string]: Json } {
  return { median: rounded(median), least: rounded(least), greatest: rounded(greatest) };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
