/**
 * What a call may end with and what it may say: the errors it may revert with, panics, and the events it may emit, its own and those of the functions it
 * calls. What isn't sure not to happen counts as possible. What other contracts do is theirs to tell.
 */
import { failsItself } from "../abort/failing.ts";
import type { ErrorDef, EventDef, Expr, Func, FuncId, Program, Stmt } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";

export interface Outcomes {
  readonly errors: readonly ErrorDef[];
  readonly events: readonly EventDef[];
  /** `Panic(0x11)`, `SequenceExhausted()`, `InsufficientFunds(u256)`, in this order, each with why. */
  readonly builtIn: readonly BuiltInError[];
  /** It may revert without data. */
  readonly empty: boolean;
  /** It runs code of other contracts, which may revert with errors of their own. */
  readonly outward: boolean;
}

export interface BuiltInError {
  readonly text: string;
  readonly why: string;
}

const BUILT_IN = {
  overflow: { text: "Panic(0x11)", why: "a result doesn't fit its type" },
  division: { text: "Panic(0x12)", why: "a division by zero" },
  variant: { text: "Panic(0x21)", why: "a number that is no variant" },
  pop: { text: "Panic(0x31)", why: "nothing left in a list" },
  bounds: { text: "Panic(0x32)", why: "an index outside of a list, a full list, too many rounds, or a block that hasn't ended" },
  sequence: { text: "SequenceExhausted()", why: "no number is left" },
  funds: { text: "InsufficientFunds(u256)", why: "the contract has less coin" },
} as const satisfies Readonly<Record<string, BuiltInError>>;

type BuiltIn = keyof typeof BUILT_IN;

export function outcomesOf(func: Func, program: Program): Outcomes {
  const errors = new Map<string, ErrorDef>();
  const events = new Map<string, EventDef>();
  const found = new Set<BuiltIn>();
  let empty = false;
  let outward = false;
  const waiting: FuncId[] = [func.id];
  const seen = new Set<FuncId>();
  // The list grows while it is walked.
  for (const id of waiting) {
    if (seen.has(id)) continue;
    seen.add(id);
    visitBlock(program.functions.get(id)?.body ?? [], {
      stmt: (stmt) => {
        if (stmt.kind === "emit") events.set(stmt.event.key, stmt.event);
        const error = errorOf(stmt);
        if (error !== undefined) errors.set(error.key, error);
        if ((stmt.kind === "require" && stmt.orElse === undefined) || (stmt.kind === "revert" && stmt.error === undefined)) empty = true;
        for (const each of panicsOfStatement(stmt)) found.add(each);
      },
      expr: (expr) => {
        if (expr.kind === "call") waiting.push(expr.func);
        if (expr.kind === "external" || expr.kind === "rawCall" || expr.kind === "create") outward = true;
        if (expr.kind === "decode") empty = true;
        for (const each of panicsOf(expr)) found.add(each);
      },
    });
  }
  const builtIn = Object.entries(BUILT_IN).flatMap(([name, error]) => ([...found].some((each) => each === name) ? [error] : []));
  return { errors: [...errors.values()], events: [...events.values()], builtIn, empty, outward };
}

function errorOf(stmt: Stmt): ErrorDef | undefined {
  if (stmt.kind === "revert") return stmt.error?.error;
  return stmt.kind === "require" || stmt.kind === "update" ? stmt.orElse?.error : undefined;
}

function panicsOfStatement(stmt: Stmt): readonly BuiltIn[] {
  if (stmt.kind === "forRange") return ["bounds"];
  if (stmt.kind !== "update" || stmt.orElse !== undefined) return [];
  switch (stmt.op) {
    case "+":
    case "-":
    case "*":
      return ["overflow"];
    case "/":
    case "%":
      return stmt.value.kind === "literal" ? [] : ["division"];
    case "|":
    case "&":
    case "^":
    case "min":
    case "max":
      return [];
  }
}

function panicsOf(expr: Expr): readonly BuiltIn[] {
  switch (expr.kind) {
    case "next":
      return ["sequence"];
    case "pay":
    case "rawCall":
      return expr.kind === "rawCall" && isZero(expr.value) ? [] : ["funds"];
    case "element":
    case "push":
    case "past":
      return ["bounds"];
    case "with":
      return failsItself(expr) ? ["bounds"] : [];
    case "pop":
      return ["pop"];
    case "unary":
      return expr.op === "-" && failsItself(expr) ? ["overflow"] : [];
    case "binary":
      if (!failsItself(expr)) return [];
      return expr.op === "/" || expr.op === "%" ? ["division"] : ["overflow"];
    case "convert":
      return !failsItself(expr) ? [] : [expr.type.kind === "enum" ? "variant" : "overflow"];
    case "builtin":
      if (!failsItself(expr)) return [];
      return expr.name === "abs" ? ["overflow"] : ["overflow", "division"];
    default:
      return [];
  }
}

function isZero(expr: Expr): boolean {
  return expr.kind === "literal" && expr.value.kind === "int" && expr.value.value === 0n;
}
