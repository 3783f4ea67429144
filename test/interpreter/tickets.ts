/**
 * How many numbers a call draws on entry (rules T1, T2): a walk over the body that knows arguments, context and immutables, but no
 * state. What depends on state is unknown; exits under unknown conditions are passed by, static ones end the count.
 * The compiler guarantees that no `next()` stands under an unknown condition, so each one met here is drawn.
 */
import { unreachable } from "../../compiler/core/bug.ts";
import type { Expr, Field, FuncId, Program, Stmt } from "../../compiler/typed/tree.ts";
import { functionOf } from "./evaluate.ts";
import { along, placeInRun } from "./machine.ts";
import { binary, builtin, convert, unary } from "./operators.ts";
import { Reverted } from "./revert.ts";
import { asBool, asInt, fromConstant, sameValue } from "./values.ts";
import type { Val } from "./values.ts";

/** A value as far as it is known without state. */
type Part = undefined | boolean | bigint | string | readonly Part[];

export interface Counting {
  readonly program: Program;
  readonly context: (name: Extract<Expr, { kind: "context" }>["name"]) => Val;
  /** Undefined while `init` has yet to set it. */
  readonly immutable: (field: Field) => Val | undefined;
  /** Draws a number for a place of the run (see `placeInRun`); undefined when the sequence has none left. */
  readonly draw: (field: Field, place: string) => bigint | undefined;
}

/** Walks the function and draws its numbers. */
export function drawTickets(counting: Counting, func: FuncId, args: readonly Val[]): void {
  try {
    new Walk(counting).enter(func, args, true);
  } catch (error) {
    // A static failure ends the path: nothing after it is drawn.
    if (!(error instanceof Reverted)) throw error;
  }
}

/** Static end of a path: its data is never looked at. */
function ended(): Reverted {
  return new Reverted("0x");
}

interface Scope {
  readonly locals: Part[];
  /** An unknown condition may already have returned something else. */
  maybeReturned: boolean;
}

class Walk {
  readonly counting: Counting;
  readonly trail: string[] = [];

  constructor(counting: Counting) {
    this.counting = counting;
  }

  enter(id: FuncId, args: readonly Part[], outermost: boolean): Part {
    const func = functionOf(this.counting, id);
    const scope: Scope = { locals: Array<Part>(func.locals.length).fill(undefined), maybeReturned: false };
    args.forEach((arg, i) => {
      scope.locals[i] = arg;
    });
    try {
      const returned = this.run(scope, func.body);
      if (scope.maybeReturned) return undefined;
      return returned === undefined ? [] : returned.value;
    } catch (error) {
      // After an exit that depends on state a failure does so too: the caller may go on.
      if (error instanceof Reverted && scope.maybeReturned && !outermost) return undefined;
      throw error;
    }
  }

  run(scope: Scope, body: readonly Stmt[]): { readonly value: Part } | undefined {
    for (const stmt of body) {
      const returned = this.one(scope, stmt);
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  one(scope: Scope, stmt: Stmt): { readonly value: Part } | undefined {
    switch (stmt.kind) {
      case "let":
      case "set":
        scope.locals[stmt.local] = this.value(scope, stmt.value);
        return undefined;
      case "letTuple": {
        const parts = this.value(scope, stmt.value);
        stmt.locals.forEach((local, i) => {
          if (local !== undefined) scope.locals[local] = partAt(parts, i);
        });
        return undefined;
      }
      case "store":
      case "update":
        stmt.place.keys.forEach((key) => this.value(scope, key));
        this.value(scope, stmt.value);
        return undefined;
      case "delete":
        stmt.place.keys.forEach((key) => this.value(scope, key));
        return undefined;
      case "if": {
        const cond = this.value(scope, stmt.cond);
        if (cond !== undefined) return this.run(scope, asBool(known(cond)) ? stmt.then : stmt.otherwise);
        this.perhaps(scope, stmt.then);
        this.perhaps(scope, stmt.otherwise);
        return undefined;
      }
      case "forList":
      case "forRange":
        return this.loop(scope, stmt);
      case "require":
        if (this.value(scope, stmt.cond) === false) throw ended();
        return undefined;
      case "revert":
        throw ended();
      case "emit":
        stmt.args.forEach((arg) => this.value(scope, arg));
        return undefined;
      case "return":
        return { value: stmt.value === undefined ? [] : this.value(scope, stmt.value) };
      case "expr":
        this.value(scope, stmt.expr);
        return undefined;
      default:
        return unreachable(stmt, "ticket walk");
    }
  }

  /** Statements that may or may not run: they draw nothing; what they assign is unknown afterwards. */
  perhaps(scope: Scope, body: readonly Stmt[]): void {
    for (const stmt of body) {
      if (stmt.kind === "set") scope.locals[stmt.local] = undefined;
      if (stmt.kind === "return") scope.maybeReturned = true;
      if (stmt.kind === "if") {
        this.perhaps(scope, stmt.then);
        this.perhaps(scope, stmt.otherwise);
      }
      if (stmt.kind === "forList" || stmt.kind === "forRange") this.perhaps(scope, stmt.body);
    }
  }

  loop(scope: Scope, stmt: Extract<Stmt, { kind: "forList" | "forRange" }>): { readonly value: Part } | undefined {
    const rounds = stmt.kind === "forList" ? listItems(this.value(scope, stmt.list)) : this.range(scope, stmt);
    if (rounds === undefined) {
      this.perhaps(scope, stmt.body);
      return undefined;
    }
    for (const [round, item] of rounds.entries()) {
      scope.locals[stmt.local] = item;
      const returned = along(this.trail, `#${round}`, () => this.run(scope, stmt.body));
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  call(scope: Scope, expr: Extract<Expr, { kind: "call" }>): Part {
    const args = this.values(scope, expr.args);
    return along(this.trail, String(expr.id), () => this.enter(expr.func, args, false));
  }

  range(scope: Scope, stmt: Extract<Stmt, { kind: "forRange" }>): readonly Part[] | undefined {
    const from = this.value(scope, stmt.from);
    const to = this.value(scope, stmt.to);
    if (from === undefined || to === undefined) return undefined;
    const first = asInt(known(from));
    const count = asInt(known(to)) - first;
    if (count > BigInt(stmt.max)) throw ended();
    return Array.from({ length: Math.max(0, Number(count)) }, (_, i) => first + BigInt(i));
  }

  values(scope: Scope, exprs: readonly Expr[]): Part[] {
    return exprs.map((expr) => this.value(scope, expr));
  }

  value(scope: Scope, expr: Expr): Part {
    switch (expr.kind) {
      case "literal":
        return fromConstant(expr.value);
      case "local":
        return scope.locals[expr.local];
      case "context":
        return this.counting.context(expr.name);
      case "immutable":
        return this.counting.immutable(expr.field);
      case "load":
        this.values(scope, expr.place.keys);
        return undefined;
      case "selfBalance":
        return undefined;
      case "next":
        return this.counting.draw(expr.field, placeInRun(this.trail, expr.id));
      case "member":
        return partAt(this.value(scope, expr.object), expr.index);
      case "element": {
        const items = this.value(scope, expr.list);
        const index = this.value(scope, expr.index);
        if (items === undefined || index === undefined || typeof items !== "object") return undefined;
        const at = asInt(known(index));
        if (at < 0n || at >= BigInt(items.length)) throw ended();
        return items[Number(at)];
      }
      case "length": {
        const of = this.value(scope, expr.of);
        if (typeof of === "string") return BigInt((of.length - 2) / 2);
        return typeof of === "object" ? BigInt(of.length) : undefined;
      }
      case "contains": {
        const items = this.value(scope, expr.list);
        const item = this.value(scope, expr.item);
        return isKnown(items) && isKnown(item) && typeof items === "object" ? items.some((each) => sameValue(each, item)) : undefined;
      }
      case "binary":
        return this.binary(scope, expr);
      case "unary":
        return whenKnown([this.value(scope, expr.operand)], ([operand]) => unary(expr.op, expr.type, operand));
      case "convert":
        return whenKnown([this.value(scope, expr.operand)], ([operand]) => convert(expr.operand.type, expr.type, operand));
      case "builtin":
        return whenKnown(this.values(scope, expr.args), (args) => builtin(expr.name, expr.type, args));
      case "tuple":
      case "list":
        return this.values(scope, expr.elements);
      case "struct": {
        const parts: Part[] = [];
        for (const index of expr.order) parts[index] = this.value(scope, expr.values[index]);
        return parts;
      }
      case "ifExpr": {
        const cond = this.value(scope, expr.cond);
        return cond === undefined ? undefined : this.value(scope, asBool(known(cond)) ? expr.then : expr.otherwise);
      }
      case "call":
        return this.call(scope, expr);
      case "pay":
        this.value(scope, expr.to);
        this.value(scope, expr.amount);
        return [];
      default:
        return unreachable(expr, "ticket walk");
    }
  }

  /** Undefined also when it fails. */
  attempt(scope: Scope, expr: Expr): Part {
    try {
      return this.value(scope, expr);
    } catch (error) {
      if (error instanceof Reverted) return undefined;
      throw error;
    }
  }

  binary(scope: Scope, expr: Extract<Expr, { kind: "binary" }>): Part {
    const left = this.value(scope, expr.left);
    if (expr.op === "&&" || expr.op === "||") {
      const decides = expr.op === "||";
      if (left === decides) return decides;
      if (left !== undefined) return this.value(scope, expr.right);
      // Whatever the left side is, a right side that decides does so; but its failures don't count, since it may never run.
      return this.attempt(scope, expr.right) === decides ? decides : undefined;
    }
    return whenKnown([left, this.value(scope, expr.right)], ([a, b]) => binary(expr.op, expr.type, a, b));
  }
}

function isKnown(part: Part): part is Val {
  return part !== undefined && (typeof part !== "object" || part.every(isKnown));
}

function known(part: Part): Val {
  if (!isKnown(part)) throw new Error("interpreter: partly unknown value");
  return part;
}

function whenKnown(parts: readonly Part[], then: (values: readonly Val[]) => Val): Part {
  const values = parts.filter(isKnown);
  return values.length === parts.length ? then(values) : undefined;
}

function partAt(part: Part, index: number): Part {
  return typeof part === "object" ? part[index] : undefined;
}

function listItems(part: Part): readonly Part[] | undefined {
  return typeof part === "object" ? part : undefined;
}
