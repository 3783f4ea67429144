/**
 * The footprint of a contract's functions as rows for people and as plain objects for tools. Colours and widths of terminals belong to the caller.
 */
import { abortPoints } from "../abort/abort.ts";
import type { AbortPoints } from "../abort/abort.ts";
import { Bug } from "../core/bug.ts";
import { showCost } from "../cost/cost.ts";
import type { CostBound } from "../cost/cost.ts";
import { showType } from "../core/types.ts";
import { lineStarts, positionAt } from "../../grammar/lines.ts";
import type { Func, FuncId, Program, Site } from "../typed/tree.ts";
import { callsOf, flatten, type OutwardCall } from "./flatten.ts";
import type { CommuteOp, ContractFootprint, FlatAccess, TermOp } from "./footprint.ts";
import { isKnown } from "./algebra.ts";
import { leafName, nameLoops, showCell, showTerm } from "./show.ts";
import type { TermScope } from "./show.ts";
import { createStages } from "./terms.ts";

/** R read, W write, Δ add, T ticket; `|` `&` min max: updates that commute with their own kind. */
export type AccessMode = "R" | "W" | "Δ" | "T" | CommuteOp;

export interface FootprintRow {
  /** `call`: code of another contract runs. */
  readonly mode: AccessMode | "call";
  /** `voted[id][caller]` */
  readonly path: string;
  /** `+power`, `-value`; empty but for Δ. */
  readonly amount: string;
  /** Conditions on the way that are known before execution or read from state, joined by `&&`; empty if none. */
  readonly guard: string;
  /** `static`, `staged` (a key is read from state; the number of rounds if more than one), `wide`. */
  readonly stage: string;
  /** `token.weft:76:5` */
  readonly place: string;
  /** The kind of cell, whatever its keys. */
  readonly cell: string;
  readonly site: Site;
  /** The calls that lead here from the external function, outermost first. */
  readonly via: readonly Site[];
}

export interface FunctionFootprint {
  readonly func: FuncId;
  readonly name: string;
  /** `vote(id: u64, support: bool)` */
  readonly signature: string;
  readonly cost: string;
  /** What a failing call undoes, in words; empty where nothing can fail or nothing changes. */
  readonly undo: string;
  readonly abort: AbortPoints;
  readonly rows: readonly FootprintRow[];
}

export interface FootprintTable {
  readonly contract: string;
  readonly functions: readonly FunctionFootprint[];
}

export const COLUMNS = ["mode", "path", "amount", "guard", "stage", "place"] as const;

/** External functions without getters, then `init`. Rows in order of the code. */
export function footprintTable(footprint: ContractFootprint, program: Program, costs: ReadonlyMap<FuncId, CostBound>): FootprintTable {
  const lines = sourceLines(program);
  const { contract } = footprint;
  const functions: FunctionFootprint[] = [];
  const aborts = abortPoints(footprint, program);
  for (const id of [...contract.external, contract.init]) {
    const func = program.functions.get(id);
    const plan = footprint.entries.get(id);
    const cost = costs.get(id);
    const abort = aborts.get(id);
    if (func === undefined || plan === undefined || cost === undefined || abort === undefined)
      throw new Bug(`function ${id} has no footprint or cost`);
    if (func.role === "getter") continue;
    const accesses = flatten(plan);
    const calls = callsOf(plan);
    const scope = scopeOf(footprint, func, [...accesses, ...calls]);
    const params = func.params.map((param) => `${param.name}: ${showType(param.type)}`).join(", ");
    functions.push({
      func: id,
      name: func.name,
      signature: `${func.name}(${params})`,
      cost: showCost(cost, func),
      undo: undoText(abort, func.site.path, lines),
      abort,
      rows: withoutRepeats([
        ...accesses.map((access) => rowOf(footprint, access, scope, lines)),
        ...calls.map((call) => callRow(call, scope, lines)),
      ]),
    });
  }
  return { contract: contract.name, functions };
}

function scopeOf(footprint: ContractFootprint, func: Func, accesses: readonly Pick<FlatAccess, "loops">[]): TermScope {
  const taken = new Set(func.params.map((param) => param.name));
  const names = nameLoops(
    accesses.flatMap((access) => access.loops),
    taken,
  );
  return {
    leaves: footprint.leaves,
    params: func.params,
    call: "",
    state: "self.",
    loopName: (loop) => names.get(loop) ?? "i",
  };
}

function rowOf(footprint: ContractFootprint, access: FlatAccess, scope: TermScope, lines: SourceLines): FootprintRow {
  return {
    mode: modeMark(access.mode),
    path: showCell(footprint.leaves, access.leaf, access.keys, scope),
    amount: access.amount === undefined ? "" : amountText(access.amount, scope),
    guard: guardText(access, scope),
    stage: stageText(access),
    place: placeOf(lines, access.site),
    cell: leafName(footprint.leaves[access.leaf]),
    site: access.site,
    via: access.via,
  };
}

/** `-(a - b)` */
function amountText({ sign, term }: NonNullable<FlatAccess["amount"]>, scope: TermScope): string {
  const isSum = term.kind === "if" || (term.kind === "op" && (term.op === "+" || term.op === "-"));
  const text = showTerm(term, scope);
  return isSum ? `${sign}(${text})` : `${sign}${text}`;
}

/** As people and tools see it. */
export function modeMark(mode: FlatAccess["mode"]): AccessMode {
  return mode === "D" ? "Δ" : mode;
}

/** What runs there isn't known here, so the row says only where. */
function callRow(call: OutwardCall, scope: TermScope, lines: SourceLines): FootprintRow {
  const target = call.kind === "create" ? undefined : call.target;
  const stage = target === undefined ? 0 : createStages()(target);
  return {
    mode: "call",
    path: call.kind === "create" ? `create ${call.contract}` : calleeText(call, scope),
    amount: "",
    guard: guardText(call, scope),
    stage: stageText({ stage }),
    place: placeOf(lines, call.site),
    cell: "another contract",
    site: call.site,
    via: call.via,
  };
}

function calleeText({ target, callee }: Extract<OutwardCall, { kind: "external" }>, scope: TermScope): string {
  const shown = showTerm(target, scope);
  return callee.kind === "raw" ? `call(${shown})` : `${callee.method.owner}(${shown}).${callee.method.name}`;
}

/** Conditions shown per row. */
const MAX_GUARDS = 4;

export function guardText(access: Pick<FlatAccess, "guards">, scope: TermScope): string {
  const known = access.guards.flatMap(knownParts);
  const shown = known.slice(0, MAX_GUARDS).map(({ term, holds }) => {
    if (holds) return showTerm(term, scope);
    if (term.kind !== "op") return `!${showTerm(term, scope)}`;
    const op = OPPOSITE.get(term.op);
    return op === undefined ? `!(${showTerm(term, scope)})` : showTerm({ ...term, op }, scope);
  });
  return known.length > MAX_GUARDS ? [...shown, "…"].join(" && ") : shown.join(" && ");
}

/** What of a condition can be said: the parts of `a && b`, and of `a || b` that doesn't hold, that are known. */
function knownParts({ term, holds }: FlatAccess["guards"][number]): FlatAccess["guards"] {
  if (isKnown(term)) return [{ term, holds }];
  if (term.kind !== "op") return [];
  if (term.op === "!") return knownParts({ term: term.args[0], holds: !holds });
  return term.op === (holds ? "&&" : "||") ? term.args.flatMap((arg) => knownParts({ term: arg, holds })) : [];
}

const OPPOSITE: ReadonlyMap<TermOp, TermOp> = new Map<TermOp, TermOp>([
  ["==", "!="],
  ["!=", "=="],
  ["<", ">="],
  [">=", "<"],
  [">", "<="],
  ["<=", ">"],
]);

export function stageText(access: Pick<FlatAccess, "stage">): string {
  if (access.stage === "wide") return "wide";
  return access.stage === 0 ? "static" : access.stage === 1 ? "staged" : `staged ${access.stage}`;
}

function withoutRepeats(rows: readonly FootprintRow[]): readonly FootprintRow[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = COLUMNS.map((column) => row[column]).join("\n");
    const first = !seen.has(key);
    seen.add(key);
    return first;
  });
}

/** The rows of one function as aligned text, with a line of headings; columns that are empty throughout are left out. */
export function tableLines(rows: readonly FootprintRow[]): readonly string[] {
  const columns = COLUMNS.filter((column) => rows.some((row) => row[column] !== ""));
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]))
      .join("  ")
      .trimEnd();
  return rows.length === 0 ? [] : [line(columns), ...rows.map((row) => line(columns.map((column) => row[column])))];
}

// --- failing calls ---------------------------------------------------------------------------------------------------

/** One sentence about the first places; those in the function's own file without its name. */
function undoText({ verdict, pairs, matters, coin }: AbortPoints, path: string, lines: SourceLines): string {
  if (!matters) return "";
  if (verdict === "checksFirst") return `checks come first: a failing call undoes nothing${coin ? " but its coin" : ""}`;
  const [{ effect, check }] = pairs;
  const at = (site: Site): string => placeOf(lines, site).slice(site.path === path ? path.length + 1 : 0);
  if (verdict === "addsOnly") return `only adds can fail after the first effect (${at(effect)})`;
  if (effect === check) return `a failure in the call at ${at(check)} undoes what it has done there`;
  return `a failure at ${at(check)} undoes the effect at ${at(effect)}`;
}

// --- places ----------------------------------------------------------------------------------------------------------

/** Starts of lines by path. */
export type SourceLines = ReadonlyMap<string, readonly number[]>;

export function sourceLines(program: Program): SourceLines {
  return new Map(program.files.map((file) => [file.path, lineStarts(file.text)]));
}

/** `path:line:column` */
export function placeOf(lines: SourceLines, site: Site): string {
  const starts = lines.get(site.path);
  if (starts === undefined) return site.path;
  const { line, column } = positionAt(starts, site.span.start);
  return `${site.path}:${line}:${column}`;
}

// --- for tools -------------------------------------------------------------------------------------------------------

export interface FootprintJson {
  readonly contract: string;
  readonly functions: readonly {
    readonly name: string;
    readonly signature: string;
    readonly cost: {
      readonly formula: string;
      readonly constant: string;
      readonly terms: readonly { readonly coefficient: string; readonly lengths: readonly string[] }[];
    };
    /** Failures behind an effect, as far as they bear on the verdict. */
    readonly undo: {
      readonly verdict: AbortPoints["verdict"];
      readonly pairs: readonly { readonly effect: string; readonly check: string }[];
    };
    readonly accesses: readonly (Omit<FootprintRow, "site" | "via"> & { readonly via: readonly string[] })[];
  }[];
}

/** A plain object: what `--json` prints. Numbers that may exceed 2^53 are strings. */
export function footprintJson(footprint: ContractFootprint, program: Program, costs: ReadonlyMap<FuncId, CostBound>): FootprintJson {
  const { contract, functions } = footprintTable(footprint, program, costs);
  const lines = sourceLines(program);
  return {
    contract,
    functions: functions.map(({ name, signature, cost, abort, rows }) => ({
      name,
      signature,
      cost: { formula: cost, ...costJson(footprint, program, costs, name) },
      undo: {
        verdict: abort.verdict,
        pairs: abort.pairs.map(({ effect, check }) => ({ effect: placeOf(lines, effect), check: placeOf(lines, check) })),
      },
      accesses: rows.map(({ mode, path, amount, guard, stage, place, cell, via }) => ({
        mode,
        path,
        amount,
        guard,
        stage,
        place,
        cell,
        via: via.map((site) => placeOf(lines, site)),
      })),
    })),
  };
}

function costJson(
  footprint: ContractFootprint,
  program: Program,
  costs: ReadonlyMap<FuncId, CostBound>,
  name: string,
): { readonly constant: string; readonly terms: readonly { readonly coefficient: string; readonly lengths: readonly string[] }[] } {
  const { contract } = footprint;
  for (const id of [...contract.external, contract.init]) {
    const func = program.functions.get(id);
    const cost = costs.get(id);
    if (func?.name !== name || cost === undefined) continue;
    return {
      constant: String(cost.constant),
      terms: cost.terms.map((term) => ({
        coefficient: String(term.coefficient),
        lengths: term.lengths.map((index) => func.params[index].name),
      })),
    };
  }
  throw new Bug(`no cost of ${name}`);
}
