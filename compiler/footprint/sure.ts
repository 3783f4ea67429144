/**
 * Calls that are sure to succeed (rule E6): while a function is walked, this notes all that may make a call fail. What the arguments decide becomes a need
 * that the plan checks; with anything else the function never counts as sure. Needs don't follow paths: what fails on one of them keeps
 * a call from being sure on all, which costs a wait, never a wrong result.
 */
import { membersBelow } from "../core/members.ts";
import { isDynamic, isPacked, type Type } from "../core/types.ts";
import type { Expr, Func, Site } from "../typed/tree.ts";
import { BOOL, isFalse, isStatic, isTrue, sameTerm, widens } from "./algebra.ts";
import { bounded, type Context, type Surety } from "./context.ts";
import type { Mode, PlanStep, Term, TermOp } from "./footprint.ts";

/** More than this isn't worth checking in each plan. */
const MAX_NEEDS = 32;
/** ABI words of events and results: far below what a call may put out (rule N3). */
const MAX_WORDS = 4096;

export function startSurety(func: Func, drawsTickets: boolean): Surety {
  const words = wordsOf(func.result);
  const possible = func.role !== "init" && !drawsTickets && words !== undefined;
  return { possible, adds: func.mutability === "payable", words: words ?? 0, needs: [] };
}

/** The step that tells the runtime, if calls of the function can be sure. */
export function sureStep({ possible, adds, needs }: Surety, site: Site): Extract<PlanStep, { kind: "sure" }> | undefined {
  return possible && adds ? { kind: "sure", needs, site } : undefined;
}

/** It may fail for a reason that no plan sees. */
export function neverSure({ surety }: Context): void {
  surety.possible = false;
  surety.needs = [];
}

function need(context: Context, term: Term, holds: boolean): void {
  const { surety } = context;
  if (!surety.possible || term.kind === "constant") return;
  if (surety.needs.some((known) => known.holds === holds && sameTerm(known.term, term))) return;
  if (!isStatic(term) || surety.needs.length === MAX_NEEDS) neverSure(context);
  else surety.needs.push({ term, holds });
}

/** Expressions that can't fail, or whose failure shows in their term. */
const FORESEEN: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>([
  ...(["literal", "local", "context", "immutable", "load", "selfBalance", "has", "length", "contains", "isVariant"] as const),
  ...(["unary", "binary", "convert", "ifExpr", "builtin", "encode", "concat", "element", "member"] as const),
  ...(["tuple", "struct", "list", "variant", "seq", "call", "pay"] as const),
]);

export function noteExpr(context: Context, expr: Expr): void {
  if (!FORESEEN.has(expr.kind)) neverSure(context);
}

/** Operators that give a value for all operands; those on conditions do, too. */
const TOTAL: ReadonlySet<TermOp> = new Set<TermOp>([
  ...(["|", "&", "^", "~", "min", "max", "sha256", "keccak256", "blake3", "encode", "concat"] as const),
  ...(["wrappingAdd", "wrappingSub", "wrappingMul", "saturatingAdd", "saturatingSub", "saturatingMul"] as const),
]);

/** A value that was just computed, of values that were noted before. */
export function noteValue(context: Context, term: Term): void {
  if (term.kind === "op" && (term.type.kind === "bool" || TOTAL.has(term.op) || isHarmless(term))) return;
  need(context, term, false);
}

/** A conversion to a wider type, a division by a constant. */
function isHarmless(term: Extract<Term, { kind: "op" }>): boolean {
  if (term.op === "convert") return widens(term);
  if ((term.op !== "/" && term.op !== "%") || term.type.kind !== "int" || term.type.signed) return false;
  const by = term.args[1];
  return by.kind === "constant" && by.value.kind === "int" && by.value.value > 0n;
}

/** A condition that decides what happens next: which accesses a plan names must be those that exec makes. */
export function noteCondition(context: Context, cond: Term): void {
  if (isStatic(cond)) need(context, cond, false);
  else neverSure(context);
}

/** A `require`, on a path of its function. */
export function noteRequirement(context: Context, path: Term, cond: Term, site: Site): void {
  const reached = isTrue(path) ? cond : bounded("||", [bounded("!", [path], BOOL, site), cond], BOOL, site);
  if (isFalse(reached)) neverSure(context);
  else need(context, reached, true);
}

export function noteAdd(context: Context, mode: Mode): void {
  if (mode.kind !== "delta") return;
  context.surety.adds = true;
  if (mode.atMost !== undefined || !isStatic(mode.amount)) neverSure(context);
}

/** Values that leave the call, or go to cells: of types whose size and form nobody has to check. */
export function noteWords(context: Context, types: readonly Type[]): void {
  const words = types.map(wordsOf);
  if (words.includes(undefined)) neverSure(context);
  for (const count of words) context.surety.words += count ?? 0;
  if ((context.surety.words += EVENT_WORDS) > MAX_WORDS) neverSure(context);
}

/** What an event has beside its arguments: its topic, at most three more, its place. */
const EVENT_WORDS = 8;

function wordsOf(type: Type): number | undefined {
  const members = membersBelow(type);
  return members.some((member) => isDynamic(member.type) || isPacked(member.type)) ? undefined : members.length;
}
