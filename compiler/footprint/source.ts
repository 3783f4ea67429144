/**
 * The accesses of a function over its source: which texts they stand in (its own, those of functions it calls, declarations), which lines, and where
 * in the line. Plain data for pages; how a line is drawn belongs to the caller.
 */
import { lineStarts, positionAt } from "../../grammar/lines.ts";
import type { Func, Program, Site } from "../typed/tree.ts";
import type { FootprintRow } from "./table.ts";

/** A stretch of a line that an access is about. */
export interface SourceMark {
  /** Columns of the line's text, from 0. */
  readonly start: number;
  readonly end: number;
  readonly modes: readonly FootprintRow["mode"][];
}

export interface SourceLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** The line goes on. */
  readonly cut: boolean;
  /** Enclosing ones first. */
  readonly marks: readonly SourceMark[];
  /** Accesses whose place begins in this line, by index in the function's rows. */
  readonly rows: readonly number[];
}

export interface SourceBlock {
  /** The function whose text it is; undefined for what stands outside of functions. */
  readonly func: Pick<Func, "id" | "name" | "role"> | undefined;
  readonly path: string;
  /** In order; where numbers jump, lines are left out. */
  readonly lines: readonly SourceLine[];
  /** The ways by which the external function gets here; none for its own text. */
  readonly chains: readonly (readonly CallPlace[])[];
}

/** A call on the way from an external function to an access. */
export interface CallPlace {
  /** The function in which the call stands. */
  readonly func: string;
  readonly path: string;
  readonly line: number;
}

/** A page of a program may show no more: a function of one line may be called from thousands. */
export interface LineBudget {
  left: number;
}

/** Lines of one function; of longer ones those around accesses are kept. */
const MAX_LINES = 300;
const AROUND = 2;
/** Characters of a line; enough for any that is meant to be read. */
const MAX_COLUMNS = 400;
const MAX_MARKS_PER_LINE = 60;
const MAX_CHAINS = 5;

/** Texts of a program by path, with the places where lines begin. */
export interface SourceText {
  readonly text: string;
  readonly starts: readonly number[];
}

export type SourceTexts = ReadonlyMap<string, SourceText>;

export function sourceTexts(program: Program): SourceTexts {
  return new Map(program.files.map(({ path, text }) => [path, { text, starts: lineStarts(text) }]));
}

/** The function's own text first, then the others in the order in which accesses get there. */
export function sourceBlocks(
  func: Func,
  rows: readonly FootprintRow[],
  owners: Owners,
  texts: SourceTexts,
  budget: LineBudget,
): readonly SourceBlock[] {
  const groups = new Map<string, { readonly owner: Func | undefined; readonly path: string; readonly rows: number[] }>();
  const groupOf = (owner: Func | undefined, path: string): { readonly rows: number[] } => {
    const key = `${owner?.id ?? "none"} ${path}`;
    const group = groups.get(key) ?? { owner, path, rows: [] };
    groups.set(key, group);
    return group;
  };
  if (ownerOf(owners, func.site) === func) groupOf(func, func.site.path);
  rows.forEach((row, index) => groupOf(ownerOf(owners, row.site), row.site.path).rows.push(index));
  return [...groups.values()].map(({ owner, path, rows: indexes }) => {
    const shown = indexes.map((index) => ({ index, row: rows[index] }));
    return {
      func: owner === undefined ? undefined : { id: owner.id, name: owner.name, role: owner.role },
      path,
      lines: linesOf(owner, shown, texts.get(path), budget),
      chains: chainsOf(shown.map(({ row }) => callPlaces(row.via, owners, texts))),
    };
  });
}

export function callPlaces(via: readonly Site[], owners: Owners, texts: SourceTexts): readonly CallPlace[] {
  return via.map((site) => {
    const line = positionAt(texts.get(site.path)?.starts ?? [0], site.span.start).line;
    return { func: ownerOf(owners, site)?.name ?? "", path: site.path, line };
  });
}

/** One place as a line, marked. */
export function sourceLine(texts: SourceTexts, site: Site, mode: FootprintRow["mode"] | undefined): SourceLine | undefined {
  const source = texts.get(site.path);
  if (source === undefined) return undefined;
  const { line } = positionAt(source.starts, site.span.start);
  const places = mode === undefined ? [] : [{ index: 0, row: { mode, site } }];
  return withoutIndent([lineAt(source, line, places)]).at(0);
}

// --- whose text ------------------------------------------------------------------------------------------------------

/** Functions by path, in the order in which they stand there. */
export type Owners = ReadonlyMap<string, readonly Func[]>;

/**
 * The functions that a contract's accesses may stand in: its own and the free ones. Only those with a text of their own: getters stand for a field,
 * and an `init` that nobody wrote for the whole contract.
 */
export function ownersIn(contract: string, program: Program): Owners {
  const contracts = new Set(program.contracts.map(({ site }) => siteKey(site)));
  const byPath = new Map<string, Func[]>();
  for (const func of program.functions.values()) {
    const own = func.contract === contract || func.contract === undefined;
    if (!own || func.role === "getter" || contracts.has(siteKey(func.site))) continue;
    const known = byPath.get(func.site.path);
    if (known === undefined) byPath.set(func.site.path, [func]);
    else known.push(func);
  }
  for (const funcs of byPath.values()) funcs.sort((a, b) => a.site.span.start - b.site.span.start);
  return byPath;
}

function siteKey({ path, span }: Site): string {
  return `${path} ${span.start} ${span.end}`;
}

/** Functions don't stand in each other, so it is the last one that begins before the place. */
function ownerOf(owners: Owners, { path, span }: Site): Func | undefined {
  const funcs = owners.get(path) ?? [];
  let low = 0;
  let high = funcs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (funcs[middle].site.span.start <= span.start) low = middle + 1;
    else high = middle;
  }
  const last = low === 0 ? undefined : funcs[low - 1];
  return last !== undefined && span.start < last.site.span.end ? last : undefined;
}

function chainsOf(vias: readonly (readonly CallPlace[])[]): SourceBlock["chains"] {
  const byKey = new Map<string, readonly CallPlace[]>();
  for (const via of vias) if (via.length > 0) byKey.set(via.map(({ path, line }) => `${path}:${line}`).join("\n"), via);
  return [...byKey.values()].slice(0, MAX_CHAINS);
}

// --- lines -----------------------------------------------------------------------------------------------------------

interface Placed {
  readonly index: number;
  readonly row: Pick<FootprintRow, "mode" | "site">;
}

function linesOf(
  owner: Func | undefined,
  placed: readonly Placed[],
  source: SourceText | undefined,
  budget: LineBudget,
): readonly SourceLine[] {
  if (source === undefined) return [];
  const lineOf = (offset: number): number => positionAt(source.starts, offset).line;
  const marked = new Set(placed.map(({ row }) => lineOf(row.site.span.start)));
  const numbers = owner === undefined ? [...marked] : numbersOf(lineOf(owner.site.span.start), lineOf(owner.site.span.end), marked);
  const kept = numbers.sort((a, b) => a - b).slice(0, Math.max(0, budget.left));
  budget.left -= kept.length;
  const byLine = placedByLine(placed, lineOf);
  return withoutIndent(kept.map((line) => lineAt(source, line, byLine.get(line) ?? [])));
}

/** All lines of a function, or those around its accesses. */
function numbersOf(first: number, last: number, marked: ReadonlySet<number>): number[] {
  if (last - first < MAX_LINES) return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const kept = new Set([first, last]);
  for (const line of marked) {
    for (let near = Math.max(first, line - AROUND); near <= Math.min(last, line + AROUND); near++) kept.add(near);
  }
  return [...kept].sort((a, b) => a - b).slice(0, MAX_LINES);
}

/** A place that goes over several lines stands in each of them. */
function placedByLine(placed: readonly Placed[], lineOf: (offset: number) => number): ReadonlyMap<number, readonly Placed[]> {
  const byLine = new Map<number, Placed[]>();
  for (const each of placed) {
    const { start, end } = each.row.site.span;
    const first = lineOf(start);
    const last = Math.min(lineOf(Math.max(start, end - 1)), first + MAX_LINES);
    for (let line = first; line <= last; line++) {
      const known = byLine.get(line);
      if (known === undefined) byLine.set(line, [each]);
      else known.push(each);
    }
  }
  return byLine;
}

function lineAt({ text, starts }: SourceText, number: number, placed: readonly Placed[]): SourceLine {
  const start = starts[number - 1];
  const next = starts.at(number) ?? text.length + 1;
  const whole = text.slice(start, next - 1).replace(/\r$/, "");
  const shown = whole.slice(0, MAX_COLUMNS);
  const inside = (column: number): number => Math.min(Math.max(column, 0), shown.length);
  const marks = new Map<string, SourceMark>();
  for (const { row } of placed) {
    const from = inside(row.site.span.start - start);
    const to = inside(row.site.span.end - start);
    if (to <= from || shown.slice(from, to).trim() === "") continue;
    const key = `${from} ${to}`;
    const known = marks.get(key);
    if (known === undefined) marks.set(key, { start: from, end: to, modes: [row.mode] });
    else if (!known.modes.includes(row.mode)) marks.set(key, { ...known, modes: [...known.modes, row.mode] });
  }
  return {
    number,
    text: shown,
    cut: shown.length < whole.length,
    marks: [...marks.values()].sort((a, b) => a.start - b.start || b.end - a.end).slice(0, MAX_MARKS_PER_LINE),
    rows: placed.filter(({ row }) => row.site.span.start >= start && row.site.span.start < next).map(({ index }) => index),
  };
}

/** The spaces that all lines begin with are left out. */
function withoutIndent(lines: readonly SourceLine[]): readonly SourceLine[] {
  const indents = lines.filter(({ text }) => text.trim() !== "").map(({ text }) => text.length - text.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  const column = (at: number): number => Math.max(0, at - indent);
  return lines.map((line) => ({
    ...line,
    text: line.text.slice(indent),
    marks: line.marks.map((mark) => ({ ...mark, start: column(mark.start), end: column(mark.end) })),
  }));
}
