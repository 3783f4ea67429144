/** Methods: of maps, sets, sequences and histories in state, of lists, strings and bytes anywhere. `push` and `pop` are in lists.ts. */
import type { CallExpr, MemberExpr } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { IntType, Type } from "../core/types.ts";
import type { Expr, StatePlace, Stmt } from "../typed/tree.ts";
import { checkCount, ignoreCall } from "./arguments.ts";
import { checkAs } from "./coerce.ts";
import { BOOL, literal, node as fresh, poison, report, siteOf, U64 } from "./context.ts";
import type { Body } from "./context.ts";
import { copyOf, isConstant, keep } from "./copy.ts";
import { whyNotEqual } from "./equality.ts";
import { checkPop, checkPush } from "./lists.ts";
import { unknownMember } from "./lookup.ts";
import { after, entry, methodsOf, toValue, withKey } from "./path.ts";
import type { Path, Place } from "./path.ts";

/** `path` is what stands before the dot, `type` its type. */
export function checkMethod(body: Body, call: CallExpr, callee: MemberExpr, path: Path, type: Type): Expr {
  const method = callee.name.text;
  if (path.kind === "place") {
    if (type.kind === "sequence" && method === "next") return checkNext(body, call, path, type.bits);
    if (type.kind === "map" && method === "has") return checkHas(body, call, path, type);
    if (type.kind === "set" && isSetMethod(method)) return checkSetMethod(body, call, path, type.key, method);
    if (type.kind === "history" && method === "at") return checkPast(body, call, path, type.value);
  }
  if (type.kind === "list") {
    if (method === "contains") return checkContains(body, call, toValue(body, path), type.element);
    if (method === "push") return checkPush(body, call, toValue(body, path), type);
    if (method === "pop") return checkPop(body, call, toValue(body, path), type);
  }
  if (method === "len" && (type.kind === "list" || type.kind === "string" || type.kind === "bytes")) {
    return checkLength(body, call, toValue(body, path));
  }
  unknownMember(body, `\`${showType(type)}\``, "method", callee.name, methodsOf(type), keyMissing(type, method));
  return ignoreCall(body, call);
}

/** `self.members.add(x)` of a map that holds sets. */
function keyMissing(type: Type, method: string): { readonly help?: string } {
  let inner = type;
  let keys = "";
  while (inner.kind === "map") {
    inner = inner.value;
    keys += "[key]";
    if (methodsOf(inner).includes(method)) return { help: `say which entry: \`${keys}.${method}(…)\` works on its \`${showType(inner)}\`` };
  }
  return {};
}

// --- values --------------------------------------------------------------------------------------------------------

function checkLength(body: Body, call: CallExpr, of: Expr): Expr {
  if (!checkCount(body, call, "len", 0)) return poison(body, call.span);
  if (of.kind === "list" && isConstant(of)) return literal(body, call.span, U64, { kind: "int", value: BigInt(of.elements.length) });
  return { ...fresh(body, call.span), kind: "length", type: U64, of };
}

function checkContains(body: Body, call: CallExpr, list: Expr, element: Type): Expr {
  if (!checkCount(body, call, "contains", 1)) return poison(body, call.span);
  const item = checkAs(body, call.args[0], element);
  const help = whyNotEqual(element);
  if (help !== undefined) {
    report(body, "E0341", call.span, { op: "contains", what: `a list of \`${showType(element)}\`` }, { help });
    return poison(body, call.span);
  }
  return { ...fresh(body, call.span), kind: "contains", type: BOOL, list, item };
}

// --- state ---------------------------------------------------------------------------------------------------------

function checkNext(body: Body, call: CallExpr, path: Place, bits: 32 | 64): Expr {
  if (!checkCount(body, call, "next", 0)) return poison(body, call.span);
  body.facts.writes.push({ does: `draws a number from \`self.${path.field.name}\``, site: siteOf(body.file, call.span) });
  return { ...fresh(body, call.span), kind: "next", type: { kind: "int", signed: false, bits }, field: path.field };
}

function checkHas(body: Body, call: CallExpr, path: Place, type: Extract<Type, { kind: "map" }>): Expr {
  if (!checkCount(body, call, "has", 1)) return poison(body, call.span);
  const key = checkAs(body, call.args[0], type.key);
  const inside = { ...withKey(body, path, key), type: type.value, site: siteOf(body.file, call.span) };
  if (type.value.kind === "map" || type.value.kind === "set") {
    const help = type.value.kind === "map" ? "ask for an entry of the inner one: `m[key].has(inner)`" : "ask the set: `m[key].has(x)`";
    report(body, "E0341", call.span, { op: "has", what: `a map of ${type.value.kind}s` }, { help });
    return poison(body, call.span);
  }
  const place = key.type.kind === "poison" ? undefined : entry(body, inside);
  if (place === undefined) return poison(body, call.span);
  return after(body, inside.lets, { ...fresh(body, call.span), kind: "has", type: BOOL, place });
}

function checkPast(body: Body, call: CallExpr, path: Place, type: IntType): Expr {
  if (!checkCount(body, call, "at", 1)) return poison(body, call.span);
  const height = checkAs(body, call.args[0], U64);
  const place = entry(body, path);
  if (place === undefined || height.type.kind === "poison") return poison(body, call.span);
  return after(body, path.lets, { ...fresh(body, call.span), kind: "past", type, place, height });
}

type SetMethod = "has" | "add" | "remove" | "len";

function isSetMethod(method: string): method is SetMethod {
  return method === "has" || method === "add" || method === "remove" || method === "len";
}

function checkSetMethod(body: Body, call: CallExpr, path: Place, member: Type, method: SetMethod): Expr {
  const site = siteOf(body.file, call.span);
  if (!checkCount(body, call, method, method === "len" ? 0 : 1)) return poison(body, call.span);
  if (method === "len")
    return after(body, path.lets, { ...fresh(body, call.span), kind: "load", type: U64, place: lengthOf(path, path.keys) });
  if (method !== "has") body.facts.writes.push({ does: `changes the set \`self.${path.field.name}\``, site });
  const key = checkAs(body, call.args[0], member);
  if (key.type.kind === "poison") return poison(body, call.span);
  if (method === "has") {
    const inside = withKey(body, path, key);
    return after(body, inside.lets, { ...fresh(body, call.span), kind: "load", type: BOOL, place: entryOf(inside) });
  }
  // The keys of the set itself stand in both places, so what isn't simple among them is computed before.
  const lets: Stmt[] = [...path.lets];
  const outer = path.keys.map((one) => keep(body, one, "key", lets));
  const inside = withKey(body, { ...path, lets, keys: outer.map((one) => one()) }, key);
  const keys = inside.keys.slice(0, outer.length).map((one) => copyOf(body.program, one));
  const place = entryOf(inside);
  return after(body, inside.lets, {
    ...fresh(body, call.span),
    kind: "setChange",
    type: BOOL,
    op: method,
    entry: place,
    length: lengthOf(path, keys),
  });
}

function entryOf(path: Place): StatePlace {
  return { field: path.field, keys: path.keys, path: [], type: BOOL, site: path.site };
}

function lengthOf(path: Place, keys: readonly Expr[]): StatePlace {
  return { field: path.field, keys, path: [], type: U64, site: path.site };
}
