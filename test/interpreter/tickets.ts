/**
 * How many numbers a call draws on entry (rules T1, T2): a walk over the body that knows arguments, context and immutables, but no
 * state. What depends on state is unknown; exits under unknown conditions are passed by, static ones end the count.
 * The compiler guarantees that no `next()` stands under a condition that reads state, so each one met here is drawn. Other contracts are asked where the
 * same is said of their call: that this call knows the outcome of such a condition all the same (`limit > 0 || self.open`) makes no difference. What they
 * return is unknown.
 */
import { unreachable } from "../../compiler/core/bug.ts";
import { hasPayload } from "../../compiler/core/types.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { BuiltinName, ErrorCall, Expr, ExternalMethod, Field, FuncId, Program, Site, Stmt } from "../../compiler/typed/tree.ts";
import { analysisOf, placeOfCall } from "./analysis.ts";
import { functionOf } from "./evaluate.ts";
import { along, placeInRun } from "./machine.ts";
import { decodeResult, encodeAll } from "./abi.ts";
import { assignedIn } from "./assigned.ts";
import { concatAll } from "./concat.ts";
import { binary, builtin, convert, unary } from "./operators.ts";
import { Reverted } from "./revert.ts";
import { asBool, asHex, asInt, asItems, fromConstant, membersOf, sameValue } from "./values.ts";
import type { Val } from "./values.ts";

/** A value as far as it is known without state. */
export type Part = undefined | boolean | bigint | string | readonly Part[];

/** What another contract is asked for. */
export type Called =
  { readonly kind: "method"; readonly method: ExternalMethod } | { readonly kind: "raw"; readonly value: Part; readonly data: Part };

export interface Counting {
  readonly program: Program;
  readonly context: (name: Extract<Expr, { kind: "context" }>["name"]) => Val;
  /** Undefined while `init` has yet to set it. */
  readonly immutable: (field: Field) => Val | undefined;
  /** Draws a number for a place of the run (see `placeInRun`); undefined when the sequence has none left. */
  readonly draw: (field: Field, place: string) => bigint | undefined;
  /** Draws what a call of another contract draws for certain. That it is known to fail ends nothing. `trail` leads to the call. */
  readonly other: (target: string, called: Called, trail: readonly string[]) => void;
}

/** Walks the function and draws its numbers. */
export function drawTickets(counting: Counting, func: FuncId, args: readonly Val[]): void {
  try {
    new Walk(counting, func).enter(func, args, true);
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
  /** Calls and rounds that led here, as while running. */
  readonly trail: string[] = [];
  /** The function that the transaction enters, and the calls within the contract that led here. */
  readonly entry: FuncId;
  readonly via: Site[] = [];
  /** Of the functions that run, outermost first. */
  readonly scopes: Scope[] = [];

  constructor(counting: Counting, entry: FuncId) {
    this.counting = counting;
    this.entry = entry;
  }

  enter(id: FuncId, args: readonly Part[], outermost: boolean): Part {
    const func = functionOf(this.counting, id);
    const scope: Scope = { locals: Array<Part>(func.locals.length).fill(undefined), maybeReturned: false };
    args.forEach((arg, i) => {
      scope.locals[i] = arg;
    });
    this.scopes.push(scope);
    try {
      const returned = this.run(scope, func.body);
      if (scope.maybeReturned) return undefined;
      return returned === undefined ? [] : returned.value;
    } catch (error) {
      // After an exit that depends on state a failure does so too: the caller may go on.
      if (error instanceof Reverted && scope.maybeReturned && !outermost) return undefined;
      throw error;
    } finally {
      this.scopes.pop();
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
        this.perhaps(scope, stmt.then, stmt.otherwise);
        return undefined;
      }
      case "forList":
      case "forRange":
        return this.loop(scope, stmt);
      case "require":
        if (this.value(scope, stmt.cond) === false) throw this.exit(scope, stmt.orElse);
        return undefined;
      case "revert":
        throw this.exit(scope, stmt.error);
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

  /** What an error is made of is computed before the call ends with it. */
  exit(scope: Scope, error: ErrorCall | undefined): Reverted {
    this.values(scope, error?.args ?? []);
    return ended();
  }

  /** What may or may not run: it draws nothing; what it assigns is unknown afterwards. */
  perhaps(scope: Scope, ...parts: readonly (Expr | readonly Stmt[])[]): void {
    for (const part of parts) {
      const { locals, returns } = assignedIn(part);
      for (const local of locals) scope.locals[local] = undefined;
      if (returns) scope.maybeReturned = true;
    }
  }

  loop(scope: Scope, stmt: Extract<Stmt, { kind: "forList" | "forRange" }>): { readonly value: Part } | undefined {
    const rounds = stmt.kind === "forList" ? listItems(this.value(scope, stmt.list)) : this.range(scope, stmt);
    if (rounds === undefined || analysisOf(this.counting.program).openLoops.has(stmt.id)) {
      this.perhaps(scope, stmt.body);
      return undefined;
    }
    // In which round a loop is left is never followed.
    if (assignedIn(stmt.body).returns) scope.maybeReturned = true;
    for (const [round, item] of rounds.entries()) {
      scope.locals[stmt.local] = item;
      const returned = along(this.trail, `#${round}`, () => this.run(scope, stmt.body));
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  call(scope: Scope, expr: Extract<Expr, { kind: "call" }>): Part {
    const args = this.values(scope, expr.args);
    this.via.push(expr.site);
    try {
      return along(this.trail, String(expr.id), () => this.enter(expr.func, args, false));
    } finally {
      this.via.pop();
    }
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
      case "has":
        this.values(scope, expr.place.keys);
        return undefined;
      case "setChange":
        this.values(scope, expr.entry.keys);
        return undefined;
      case "past":
        this.values(scope, [...expr.place.keys, expr.height]);
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
        const [list, item] = this.values(scope, [expr.list, expr.item]);
        if (typeof list !== "object" || item === undefined || typeof item === "object") return undefined;
        return whenKnown([list], ([items]) => asItems(items).some((each) => sameValue(each, item)));
      }
      // Lists that were changed in the call aren't followed, nor what depends on them (rule T2).
      case "push":
        this.values(scope, [expr.list, expr.item]);
        return undefined;
      case "pop":
        this.value(scope, expr.list);
        return undefined;
      case "list":
        return madeOf(expr.elements, this.values(scope, expr.elements));
      case "variant": {
        const made = madeOf(expr.args, this.values(scope, expr.args));
        return made === undefined ? undefined : [BigInt(expr.variant), ...made];
      }
      case "isVariant": {
        const of = this.value(scope, expr.of);
        return of === undefined ? undefined : partAt(of, 0) === BigInt(expr.variant);
      }
      case "payload": {
        const of = this.value(scope, expr.of);
        return of === undefined ? undefined : partAt(of, expr.index + 1);
      }
      case "with":
        this.values(scope, [expr.base, ...expr.path.flatMap((step) => (step.kind === "element" ? [step.index] : [])), expr.value]);
        return undefined;
      case "decode": {
        const data = this.value(scope, expr.data);
        if (data === undefined) return undefined;
        const decoded = decodeResult(expr.type, asHex(known(data)));
        if (decoded === undefined) throw ended();
        return decoded;
      }
      case "seq":
        if (this.run(scope, expr.body) !== undefined) throw new Error("interpreter: a return within an expression");
        return this.value(scope, expr.value);
      case "encode":
      case "concat":
        return this.bytes(scope, expr);
      case "external": {
        const target = this.value(scope, expr.target);
        this.values(scope, expr.args);
        return this.other(expr, target, { kind: "method", method: expr.method });
      }
      case "rawCall": {
        const [target, value, data] = this.values(scope, [expr.target, expr.value, expr.data]);
        return this.other(expr, target, { kind: "raw", value, data });
      }
      case "create":
        this.values(scope, expr.args);
        return undefined;
      case "binary":
        return this.binary(scope, expr);
      case "unary":
        return whenKnown([this.value(scope, expr.operand)], ([operand]) => unary(expr.op, expr.type, operand));
      case "convert":
        return whenKnown([this.value(scope, expr.operand)], ([operand]) => convert(expr.operand.type, expr.type, operand));
      case "builtin": {
        const { name, type } = expr;
        const parts = this.values(scope, expr.args);
        return isFollowed(name) ? whenKnown(parts, (args) => builtin(name, type, args)) : undefined;
      }
      case "tuple":
        return this.values(scope, expr.elements);
      case "struct": {
        const parts: Part[] = [];
        for (const index of expr.order) parts[index] = this.value(scope, expr.values[index]);
        return parts;
      }
      case "ifExpr": {
        const cond = this.value(scope, expr.cond);
        if (cond !== undefined) return this.value(scope, asBool(known(cond)) ? expr.then : expr.otherwise);
        this.perhaps(scope, expr.then, expr.otherwise);
        return undefined;
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

  bytes(scope: Scope, expr: Extract<Expr, { kind: "encode" | "concat" }>): Part {
    const parts = this.values(scope, expr.args);
    const types = expr.args.map((arg) => arg.type);
    if (!types.every(isSingle)) return undefined;
    return whenKnown(parts, (args) => (expr.kind === "concat" ? concatAll(types, args) : `0x${encodeAll(types, args)}`));
  }

  /** Draws what the callee draws, if that is known and no return that depends on state may have led around it; its results aren't known. */
  other(expr: Expr, target: Part, called: Called): undefined {
    if (target === undefined || this.scopes.some(({ maybeReturned }) => maybeReturned)) return undefined;
    if (!analysisOf(this.counting.program).drawing.has(placeOfCall(this.entry, this.via, expr.site))) return undefined;
    this.counting.other(asHex(known(target)), called, [...this.trail, String(expr.id)]);
    return undefined;
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
      const right = this.attempt(scope, expr.right);
      this.perhaps(scope, expr.right);
      return right === decides ? decides : undefined;
    }
    return whenKnown([left, this.value(scope, expr.right)], ([a, b]) => binary(expr.op, expr.type, a, b));
  }
}

/** Signatures and the chain's contracts aren't asked before a call runs. */
function isFollowed(name: BuiltinName): name is Exclude<BuiltinName, "hasCode" | "ecrecover" | "ed25519.verify" | "mldsa65.verify"> {
  return name !== "hasCode" && name !== "ecrecover" && name !== "ed25519.verify" && name !== "mldsa65.verify";
}

/** No struct, tuple, list, option or variant. */
function isSingle(type: Type): boolean {
  return membersOf(type) === undefined && type.kind !== "list" && type.kind !== "option" && !(type.kind === "enum" && hasPayload(type));
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

/** The parts of a list or variant made in the call: followed when all are single values that are known. */
function madeOf(exprs: readonly Expr[], parts: readonly Part[]): readonly Val[] | undefined {
  if (exprs.some(({ type }) => membersOf(type) !== undefined)) return undefined;
  const values = parts.filter(isKnown);
  return values.length === parts.length ? values : undefined;
}

function partAt(part: Part, index: number): Part {
  return typeof part === "object" ? part[index] : undefined;
}

function listItems(part: Part): readonly Part[] | undefined {
  return typeof part === "object" ? part : undefined;
}
