/**
 * One port beside the verdict on its original: compiles it and decides for each transition whether Weft's condition, of two calls of it, is finer than,
 * the same as or coarser than CoSplit's. Nothing is decided by hand: both are conditions over the two calls, and the order is implication.
 */
import { accessesOf } from "../../compiler/conflicts/accesses.ts";
import { analyseConflicts } from "../../compiler/conflicts/analyse.ts";
import type { ConflictAnalysis } from "../../compiler/conflicts/analyse.ts";
import type { Bank } from "../../compiler/conflicts/bank.ts";
import type { Formula, PairConflict, SidedTerm } from "../../compiler/conflicts/conflict.ts";
import { pairBank } from "../../compiler/conflicts/literals.ts";
import { conflictMatrix } from "../../compiler/conflicts/matrix.ts";
import type { ConflictMatrix } from "../../compiler/conflicts/matrix.ts";
import { callsOf, flatten } from "../../compiler/footprint/flatten.ts";
import type { OutwardCall } from "../../compiler/footprint/flatten.ts";
import type { ContractFootprint, EntryPlan } from "../../compiler/footprint/footprint.ts";
import { footprintTable } from "../../compiler/footprint/table.ts";
import type { FunctionFootprint } from "../../compiler/footprint/table.ts";
import { compile } from "../../compiler/pipeline.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Func, FuncId } from "../../compiler/typed/tree.ts";
import { kindOf, meetingOf } from "./demand.ts";
import type { Demand, DemandKind } from "./demand.ts";
import { alternativesOf, entails } from "./entail.ts";
import { PortError } from "./ports.ts";
import type { Port, PortTransition } from "./ports.ts";
import { alwaysHolds, relatingPart } from "./relating.ts";
import { largestSelection } from "./selection.ts";

export type Comparison = "finer" | "same" | "coarser";

export interface ComparedTransition {
  /** As in the original. */
  readonly name: string;
  /** Modes and cells: `W backers[caller]`, `Δ self.balance`. */
  readonly footprint: readonly string[];
  /** Keys read from state; keys that nobody knows before; code of other contracts runs. */
  readonly marks: readonly ("staged" | "wide" | "calls")[];
  /** Of two calls of this transition: `a.caller == b.caller (escrow)`. */
  readonly condition: string;
  /** Two calls needn't always wait for each other. */
  readonly useful: boolean;
  /** Touches cells, and writes or adds to none: two such calls never wait, while CoSplit has each own what it reads. */
  readonly onlyReads: boolean;
  readonly demand: Demand;
  readonly demandKind: DemandKind;
  readonly why: string | undefined;
  readonly comparison: Comparison;
  readonly weak: { readonly demand: Demand; readonly comparison: Comparison } | undefined;
}

export interface ComparedPort {
  readonly port: Port;
  readonly transitions: readonly ComparedTransition[];
  /** All pairs of transitions, each with itself too. */
  readonly pairs: Readonly<Record<PairKind, number>>;
  /** Size of the largest set of which no two different transitions always wait for each other. */
  readonly selection: number;
}

/** `always` holds what a condition on one call alone narrows, too, and what nobody knows before execution. */
export type PairKind = "never" | "escrow" | "sometimes" | "always";

export function comparePort(port: Port): ComparedPort {
  const analysed = analysePort(port);
  const { analysis, matrix } = analysed;
  checkNames(port, matrix.functions);
  const transitions = port.transitions.map((transition) =>
    compareTransition(port, transition, analysed, subjectOf(port, analysed, nameIn(port, transition.name))),
  );
  const kinds = new Map(analysis.pairs.map((pair) => [`${pair.left} ${pair.right}`, pairKind(pair)]));
  const ids = analysis.pairs.filter(({ left, right }) => left === right).map(({ left }) => left);
  const pairs = { never: 0, escrow: 0, sometimes: 0, always: 0 };
  for (const kind of kinds.values()) pairs[kind]++;
  const selection = largestSelection(ids.length, (i, j) => kinds.get(`${ids[i]} ${ids[j]}`) === "always");
  return { port, transitions, pairs, selection };
}

interface Analysed {
  readonly compiled: Compiled;
  readonly footprint: ContractFootprint;
  readonly analysis: ConflictAnalysis;
  readonly matrix: ConflictMatrix;
  readonly tables: readonly FunctionFootprint[];
}

function analysePort(port: Port): Analysed {
  const compiled = compilePort(port);
  const { program, costs } = compiled;
  const footprint = compiled.footprints.contracts.find(({ contract }) => contract.name === port.contractName);
  if (footprint === undefined) throw new PortError(`${port.file}: no contract \`${port.contractName}\``);
  const analysis = analyseConflicts(footprint, program);
  const matrix = conflictMatrix(footprint, program, analysis);
  return { compiled, footprint, analysis, matrix, tables: footprintTable(footprint, program, costs).functions };
}

function pairKind(pair: PairConflict): PairKind {
  const condition = wholeCondition(pair);
  if (alwaysHolds(condition)) return "always";
  return condition.length > 0 ? "sometimes" : pair.escrow ? "escrow" : "never";
}

/** All that orders the two: meeting in another contract counts as meeting. */
function wholeCondition({ condition, outward }: PairConflict): Formula {
  return [...condition, ...(outward?.condition ?? [])];
}

function planOf(footprint: ContractFootprint, id: FuncId): EntryPlan {
  const plan = footprint.entries.get(id);
  if (plan === undefined) throw new PortError(`no plan of function ${id}`);
  return plan;
}

function compilePort(port: Port): Compiled {
  const { compiled, diagnostics } = compile(port.file, (path) => (path === port.file ? port.text : undefined));
  if (compiled !== undefined) return compiled;
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ code, message }) => `${code} ${message}`);
  throw new PortError(`${port.file} doesn't compile: ${errors.join("; ")}`);
}

function nameIn(port: Port, original: string): string {
  return port.names.get(original) ?? original;
}

/** The port has the transitions of the original, no fewer and no others. */
function checkNames(port: Port, functions: readonly string[]): void {
  const wanted = new Set(port.transitions.map(({ name }) => nameIn(port, name)));
  const extra = functions.find((name) => !wanted.has(name));
  if (extra !== undefined) throw new PortError(`${port.file}: \`${extra}\` is no transition of the original`);
}

interface Subject {
  readonly func: Func;
  readonly pair: PairConflict;
  readonly table: FunctionFootprint;
  /** The condition, for people. */
  readonly shown: string;
}

function subjectOf(port: Port, analysed: Analysed, name: string): Subject {
  const { compiled, analysis, matrix, tables } = analysed;
  const cell = matrix.rows.flat().find(({ left, right }) => left === name && right === name);
  const table = tables.find((each) => each.name === name);
  for (const pair of analysis.pairs) {
    const func = compiled.program.functions.get(pair.left);
    if (pair.left === pair.right && func?.name === name && cell !== undefined && table !== undefined)
      return { func, pair, table, shown: cell.text };
  }
  throw new PortError(`${port.file}: no function \`${name}\``);
}

function compareTransition(port: Port, transition: PortTransition, { footprint }: Analysed, subject: Subject): ComparedTransition {
  const { func, pair, table, shown } = subject;
  const plan = planOf(footprint, pair.left);
  const accesses = accessesOf(plan, footprint);
  const bank = pairBank(accesses, accesses);
  const flat = flatten(plan);
  const stages = flat.map(({ stage }) => stage);
  const own = wholeCondition(pair);
  const compareWith = (demand: Demand): Comparison => {
    const inUsers = callsOnlyUsers(bank, callsOf(plan), port, func, demand);
    return order(bank, inUsers ? pair.condition : own, own, meetingFormula(port, func, demand));
  };
  const marks = [
    stages.some((stage) => stage !== "wide" && stage > 0) ? (["staged"] as const) : [],
    stages.includes("wide") ? (["wide"] as const) : [],
    pair.outward === undefined ? [] : (["calls"] as const),
  ];
  const { demand, weak } = transition;
  return {
    name: transition.name,
    footprint: shortFootprint(table),
    marks: marks.flat(),
    condition: shown,
    useful: !alwaysHolds(own),
    onlyReads: flat.length > 0 && flat.every(({ mode }) => mode === "R"),
    demand,
    demandKind: kindOf(demand),
    why: transition.why,
    comparison: compareWith(demand),
    weak: weak === undefined ? undefined : { demand: weak, comparison: compareWith(weak) },
  };
}

/**
 * Coarser as soon as Weft orders (`waits`) one pair of calls that CoSplit would let run on two shards. Finer when some pair that CoSplit orders doesn't
 * wait for sure (`atMost`), not counting what a condition on one call alone excludes.
 */
function order(bank: Bank, waits: Formula, atMost: Formula, cosplit: Formula): Comparison {
  const demanded = alternativesOf(bank, cosplit);
  if (!entails(bank, alternativesOf(bank, waits), demanded)) return "coarser";
  return entails(bank, demanded, alternativesOf(bank, relatingPart(atMost))) ? "same" : "finer";
}

/**
 * Whether all that the transition calls are arguments of which CoSplit demands that they are no contracts. For a call in which one is a contract CoSplit
 * has no verdict, and Weft asks that contract's plan; in any other no code runs, so that the condition says all.
 */
function callsOnlyUsers(bank: Bank, calls: readonly OutwardCall[], port: Port, func: Func, demand: Demand): boolean {
  const users = demand.users.map((user) => bank.ref("left", keyTerm(port, func, "left", user).term).node);
  return calls.every((call) => call.kind === "external" && users.includes(bank.ref("left", call.target).node));
}

function meetingFormula(port: Port, func: Func, demand: Demand): Formula {
  return meetingOf(demand).map((equalities) =>
    equalities.map(({ left, right }) => ({
      equal: true,
      left: keyTerm(port, func, "left", left),
      right: keyTerm(port, func, "right", right),
    })),
  );
}

function keyTerm(port: Port, func: Func, side: SidedTerm["side"], key: string): SidedTerm {
  if (key === "_sender") return { side, term: { kind: "context", name: "caller", type: { kind: "address" } } };
  const name = nameIn(port, key);
  const index = func.params.findIndex((param) => param.name === name);
  if (index === -1) throw new PortError(`${port.file}: \`${func.name}\` has no parameter \`${name}\``);
  return { side, term: { kind: "param", index, path: [], type: func.params[index].type } };
}

/** Each mode with its cells, without repetitions; a cell that is read and written is written. */
function shortFootprint({ rows }: FunctionFootprint): readonly string[] {
  const written = new Set(rows.filter(({ mode }) => mode === "W").map(({ path }) => path));
  const shown = rows.filter(({ mode, path }) => mode !== "R" || !written.has(path)).map(({ mode, path }) => `${mode} ${path}`);
  return [...new Set(shown)];
}
