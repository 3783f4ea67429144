/**
 * Whether a function succeeds once in a contract's life: it requires that a cell without keys has some value, sets it to another, and nothing sets it
 * back: `require !self.ended; self.ended = true;`. Syntax only, so it errs on the side of "no".
 */
import { sameValue } from "../footprint/algebra.ts";
import type { Expr, Func, FuncId, Program, Stmt, Value } from "../typed/tree.ts";
import { returns, visitBlock } from "../typed/walk.ts";
import { conjuncts } from "./one-account.ts";

export type Once = (func: Func) => boolean;

export type Change = Extract<Stmt, { kind: "store" | "update" | "delete" }>;
type Changes = ReadonlyMap<number, readonly Change[]>;

/** Fields are looked up once per contract. */
export function createOnce(program: Program): Once {
  const byContract = new Map<string, Changes>();
  const changesOfContract = (contract: string): Changes => {
    const known = byContract.get(contract) ?? changesOf(contract, program);
    byContract.set(contract, known);
    return known;
  };
  const byFunction = new Map<FuncId, readonly Needed[]>();
  // On its main path, and on that of the functions and guards which it calls there. The call graph has no cycles.
  const neededIn = (func: Func): readonly Needed[] => {
    const known =
      byFunction.get(func.id) ??
      distinct(
        func.body.flatMap((stmt): readonly Needed[] => {
          if (stmt.kind === "require") return conjuncts(stmt.cond).flatMap(valueOf);
          const callee = stmt.kind === "expr" && stmt.expr.kind === "call" ? program.functions.get(stmt.expr.func) : undefined;
          return callee === undefined || callee.role === "free" ? [] : neededIn(callee);
        }),
      );
    byFunction.set(func.id, known);
    return known;
  };
  return (func) => {
    if (func.contract === undefined) return false;
    const needed = neededIn(func);
    const isClosing = (stmt: Stmt): boolean => needed.some((one) => setsToOther(stmt, one));
    const end = func.body.findIndex((stmt) => returns([stmt]));
    const closing = func.body.slice(0, end === -1 ? undefined : end).filter(isClosing);
    return closing.some((stmt) => stmt.kind === "store" && isFinal(stmt, needed, changesOfContract(func.contract ?? "")));
  };
}

/** The value that a field without keys must have. */
interface Needed {
  readonly field: number;
  readonly value: Value;
}

function changesOf(contract: string, program: Program): Changes {
  const changes = new Map<number, Change[]>();
  for (const func of program.functions.values()) {
    if (func.contract !== contract || func.role === "init") continue;
    for (const stmt of changesIn(func)) {
      const { index } = stmt.place.field;
      const known = changes.get(index);
      if (known === undefined) changes.set(index, [stmt]);
      else known.push(stmt);
    }
  }
  return changes;
}

/** Of each function; an editor asks after each edit. */
const changesByFunction = new WeakMap<Func, readonly Change[]>();

/** The statements of a function that change state, in order. */
export function changesIn(func: Func): readonly Change[] {
  const known = changesByFunction.get(func);
  if (known !== undefined) return known;
  const found: Change[] = [];
  visitBlock(func.body, {
    stmt: (stmt) => void ((stmt.kind === "store" || stmt.kind === "update" || stmt.kind === "delete") && found.push(stmt)),
  });
  changesByFunction.set(func, found);
  return found;
}

function distinct(all: readonly Needed[]): readonly Needed[] {
  return [...new Map(all.map((one) => [`${one.field} ${String(one.value.value)}`, one])).values()];
}

function valueOf(cond: Expr): readonly Needed[] {
  if (cond.kind === "load") return needed(cond, { kind: "bool", value: true });
  if (cond.kind === "unary" && cond.op === "!") return needed(cond.operand, { kind: "bool", value: false });
  if (cond.kind !== "binary" || cond.op !== "==") return [];
  const { left, right } = cond;
  return right.kind === "literal" ? needed(left, right.value) : left.kind === "literal" ? needed(right, left.value) : [];
}

function needed(expr: Expr, value: Value): readonly Needed[] {
  if (expr.kind !== "load" || expr.place.keys.length > 0 || expr.place.path.length > 0) return [];
  return [{ field: expr.place.field.index, value }];
}

function setsToOther(stmt: Stmt, { field, value }: Needed): boolean {
  if (stmt.kind !== "store" || stmt.place.field.index !== field || stmt.place.path.length > 0) return false;
  return stmt.value.kind === "literal" && !sameValue(stmt.value.value, value);
}

/** All that changes the field sets it to something else than what is needed. */
function isFinal({ place }: Extract<Stmt, { kind: "store" }>, all: readonly Needed[], changes: Changes): boolean {
  const { index } = place.field;
  return all.some((one) => one.field === index && (changes.get(index) ?? []).every((stmt) => setsToOther(stmt, one)));
}
