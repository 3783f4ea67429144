/** Coverage as a table for people and as fields of the JSON document. */
import type { Json } from "../outcome.ts";
import { table } from "../render/table.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import type { FileCoverage } from "../test-runner/coverage.ts";

interface Share {
  readonly hit: number;
  readonly found: number;
}

const KINDS = ["functions", "lines", "branches"] as const;

/** Ranges of lines shown of one file. */
const MAX_RANGES = 12;

export function coverageTable(files: readonly FileCoverage[], theme: Theme): string {
  const row = (name: string, of: readonly FileCoverage[], missed: string): readonly string[] => [
    name,
    ...KINDS.map((kind) => percentText(sharesOf(of)[kind])),
    missed,
  ];
  const rows = [
    ["coverage", ...KINDS, "not reached"],
    ...files.map((file) => row(printable(file.path), [file], missedText(file))),
    ...(files.length > 1 ? [row("all files", files, "")] : []),
  ];
  const columns = [{ align: "left" }, ...KINDS.map(() => ({ align: "right" }) as const), { align: "left", role: "dim" }] as const;
  return `\n${table(rows, columns, theme).join("\n")}\n`;
}

export function coverageJson(files: readonly FileCoverage[]): Json {
  return {
    ...jsonOf(sharesOf(files)),
    files: files.map((file) => ({
      file: file.path,
      ...jsonOf(sharesOf([file])),
      missed: file.lines.filter(isMissed).map(({ line }) => line),
    })),
  };
}

function jsonOf(shares: Readonly<Record<(typeof KINDS)[number], Share>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(KINDS.map((kind) => [kind, { hit: shares[kind].hit, found: shares[kind].found }]));
}

function sharesOf(files: readonly FileCoverage[]): Readonly<Record<(typeof KINDS)[number], Share>> {
  const share = (kind: (typeof KINDS)[number]): Share => {
    const counts = files.flatMap((file) => file[kind].map(({ count }) => count));
    return { hit: counts.filter((count) => count > 0).length, found: counts.length };
  };
  return { functions: share("functions"), lines: share("lines"), branches: share("branches") };
}

/** `83.3% (5/6)`; rounded down, so that 100% means all. */
function percentText({ hit, found }: Share): string {
  if (found === 0) return "-";
  const tenths = Math.floor((hit * 1000) / found);
  return `${Math.floor(tenths / 10)}.${tenths % 10}% (${hit}/${found})`;
}

function isMissed({ count }: { readonly count: number }): boolean {
  return count === 0;
}

/** `12, 15-18`: lines that follow one another among those with code. Behind them, lines of which only a branch is missing. */
function missedText({ lines, branches }: FileCoverage): string {
  const missed = new Set(lines.filter(isMissed).map(({ line }) => line));
  const ranges: { readonly from: number; to: number }[] = [];
  let open = false;
  for (const { line } of lines) {
    const last = ranges.at(-1);
    if (!missed.has(line)) open = false;
    else if (open && last !== undefined) last.to = line;
    else {
      ranges.push({ from: line, to: line });
      open = true;
    }
  }
  const partly = new Set(branches.filter((way) => way.count === 0 && !missed.has(way.line)).map(({ line }) => `${line} (branch)`));
  const texts = [...ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)), ...partly];
  const shown = texts.slice(0, MAX_RANGES);
  return shown.join(", ") + (texts.length > shown.length ? ` and ${texts.length - shown.length} more` : "");
}
