/**
 * Expressions that stand at several places of the tree: every node has an id of its own, so each place gets a copy. What has effects, may
 * fail or costs something is put into a local first, and the copies name the local.
 */
import { Bug } from "../core/bug.ts";
import { membersBelow } from "../core/members.ts";
import type { Expr, Site, Stmt } from "../typed/tree.ts";
import { addHidden } from "./context.ts";
import type { Body, ProgramContext } from "./context.ts";

/** Made of literals alone: the form in which constants are kept. */
export function isConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case "literal":
      return expr.type.kind !== "poison";
    case "tuple":
    case "list":
      return expr.elements.every(isConstant);
    case "struct":
      return expr.values.every(isConstant);
    case "variant":
      return expr.args.every(isConstant);
    default:
      return false;
  }
}

/** Nothing happens when it is evaluated, however often. */
function isSimple(expr: Expr): boolean {
  switch (expr.kind) {
    case "literal":
    case "local":
    case "context":
    case "immutable":
      return true;
    case "member":
      return isSimple(expr.object);
    case "convert":
      return expr.type.kind === "address" && expr.operand.type.kind === "handle" && isSimple(expr.operand);
    default:
      return false;
  }
}

/** The same under new ids; of constants and simple expressions only. With a site, everything in it stands there. */
export function copyOf(program: Pick<ProgramContext, "nextTypedId">, expr: Expr, at?: Site): Expr {
  const copy = (part: Expr): Expr => copyOf(program, part, at);
  const base = { id: program.nextTypedId(), site: at ?? expr.site };
  switch (expr.kind) {
    case "literal":
    case "local":
    case "context":
    case "immutable":
      return { ...expr, ...base };
    case "member":
      return { ...expr, ...base, object: copy(expr.object) };
    case "convert":
      return { ...expr, ...base, operand: copy(expr.operand) };
    case "tuple":
    case "list":
      return { ...expr, ...base, elements: expr.elements.map(copy) };
    case "struct":
      return { ...expr, ...base, values: expr.values.map(copy) };
    case "variant":
      return { ...expr, ...base, args: expr.args.map(copy) };
    default:
      throw new Bug(`copyOf: \`${expr.kind}\` is evaluated once`);
  }
}

/** Gives the value of `expr` as often as it is called. What isn't simple goes into a hidden local, whose `let` is added to `lets`. */
export function keep(body: Body, expr: Expr, name: string, lets: Stmt[]): () => Expr {
  if (isSimple(expr)) return () => copyOf(body.program, expr);
  const local = addHidden(body, name, expr.type, expr.site.span);
  lets.push({ id: body.program.nextTypedId(), site: expr.site, kind: "let", local, value: expr });
  return () => ({ id: body.program.nextTypedId(), site: expr.site, kind: "local", type: expr.type, local });
}

/** A key as the tree wants it: a tuple is spelled out, one expression per single value. */
export function spellKey(body: Body, key: Expr, lets: Stmt[]): readonly Expr[] {
  if (key.type.kind !== "tuple") return [key];
  if (key.kind === "tuple") return key.elements.flatMap((element) => spellKey(body, element, lets));
  const whole = keep(body, key, "key", lets);
  return membersBelow(key.type).map(({ path }) => memberAt(body.program, whole(), path));
}

/** The part of a value at a path through structs and tuples. */
export function memberAt(program: Pick<ProgramContext, "nextTypedId">, object: Expr, path: readonly number[]): Expr {
  let value = object;
  for (const index of path) {
    const { type } = value;
    if (type.kind !== "struct" && type.kind !== "tuple") throw new Bug(`memberAt: ${type.kind} has no members`);
    const part = type.kind === "struct" ? type.fields[index].type : type.elements[index].type;
    value = { id: program.nextTypedId(), site: object.site, kind: "member", type: part, object: value, index };
  }
  return value;
}

/** Whether evaluating it may change state or a local: what reads those has to come after it. */
export function isQuiet(expr: Expr): boolean {
  switch (expr.kind) {
    case "literal":
    case "local":
    case "context":
    case "immutable":
    case "selfBalance":
    case "next":
      return true;
    case "load":
    case "has":
      return expr.place.keys.every(isQuiet);
    case "past":
      return expr.place.keys.every(isQuiet) && isQuiet(expr.height);
    case "member":
      return isQuiet(expr.object);
    case "element":
      return isQuiet(expr.list) && isQuiet(expr.index);
    case "length":
    case "isVariant":
    case "payload":
      return isQuiet(expr.of);
    case "contains":
      return isQuiet(expr.list) && isQuiet(expr.item);
    case "unary":
    case "convert":
      return isQuiet(expr.operand);
    case "binary":
      return isQuietChain(expr);
    case "tuple":
    case "list":
      return expr.elements.every(isQuiet);
    case "struct":
      return expr.values.every(isQuiet);
    case "variant":
    case "builtin":
    case "encode":
    case "concat":
      return expr.args.every(isQuiet);
    case "decode":
      return isQuiet(expr.data);
    case "ifExpr":
      return isQuiet(expr.cond) && isQuiet(expr.then) && isQuiet(expr.otherwise);
    default:
      return false;
  }
}

/** Chains of operators lean to the left and can be long. */
function isQuietChain(top: Extract<Expr, { kind: "binary" }>): boolean {
  let node: Expr = top;
  for (; node.kind === "binary"; node = node.left) if (!isQuiet(node.right)) return false;
  return isQuiet(node);
}
