/** Calls: functions of the contract and outside it, built-ins, conversions, methods of lists and sequences. */
import type { CallExpr, MemberExpr, NameExpr } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { checkBuiltin, checkCount, FUNCTION_NAMES, isLater } from "./builtins.ts";
import { checkAs } from "./coerce.ts";
import { BOOL, findLocal, node as fresh, poison, report, showPlace, siteOf, U64 } from "./context.ts";
import type { Body, Decl, Signature } from "./context.ts";
import { checkConversion } from "./convert.ts";
import { unknownMember, unknownName, withSelf } from "./lookup.ts";
import { checkPath, toValue } from "./path.ts";
import type { Path } from "./path.ts";
import { enumType, showDecl, simpleType } from "./resolve-type.ts";

export function checkCall(body: Body, call: CallExpr, hint: Type | undefined): Expr {
  let callee = call.callee;
  while (callee.kind === "paren") callee = callee.inner;
  switch (callee.kind) {
    case "name":
      return checkNamedCall(body, call, callee, hint);
    case "member":
      return checkMemberCall(body, call, callee);
    case "missing":
      return ignore(body, call);
    default:
      return notCallable(body, call, "this");
  }
}

function notCallable(body: Body, call: CallExpr, name: string): Expr {
  report(body, "E0319", call.callee.span, { name });
  return ignore(body, call);
}

/** For calls that are wrong as a whole: their arguments may hold mistakes of their own. */
function ignore(body: Body, call: CallExpr): Expr {
  for (const arg of call.args) body.program.check(body, arg, undefined);
  return poison(body, call.span);
}

function unsupported(body: Body, call: CallExpr, construct: string): Expr {
  report(body, "E0390", call.span, { construct });
  return poison(body, call.span);
}

function checkNamedCall(body: Body, call: CallExpr, callee: NameExpr, hint: Type | undefined): Expr {
  const name = callee.name;
  if (findLocal(body, name) !== undefined) return notCallable(body, call, `\`${name}\``);
  const decl = body.file.names.get(name);
  if (decl !== undefined) return checkDeclaredCall(body, call, name, decl);
  if (name === "balance" && body.tests !== undefined) return body.tests.balance(body, call);
  const type = simpleType(name);
  if (type !== undefined) return checkConversion(body, call, type);
  const builtin = checkBuiltin(body, call, name, hint);
  if (builtin !== undefined) return builtin;
  if (isLater(name)) return unsupported(body, call, `the built-in \`${name}\``);
  if (body.members?.functions.has(name) === true) report(body, "E0215", callee.span, { name }, withSelf(body, callee.span, name));
  else if (body.members?.guards.has(name) === true) {
    report(body, "E0319", callee.span, { name: `guard \`${name}\`` }, { help: `name it after the parameters: \`with ${name}\`` });
  } else unknownName(body, "function", { text: name, ...callee.span }, callableNames(body));
  return ignore(body, call);
}

function callableNames(body: Body): string[] {
  const names = [...FUNCTION_NAMES];
  for (const [name, decl] of body.file.names) if (decl.kind === "function") names.push(name);
  return names;
}

function checkDeclaredCall(body: Body, call: CallExpr, name: string, decl: Decl): Expr {
  switch (decl.kind) {
    case "function": {
      const signature = body.program.free.get(decl.node);
      return signature === undefined ? ignore(body, call) : checkArguments(body, call, signature);
    }
    case "enum":
      return checkConversion(body, call, enumType(body.program, decl.file, decl.node));
    case "contract":
    case "interface":
      return checkConversion(body, call, { kind: "handle", name: decl.node.name.text });
    case "poison":
      return ignore(body, call);
    case "const":
    case "struct":
    case "mixin":
    case "event":
    case "error":
      report(body, "E0210", call.callee.span, { name, found: showDecl(decl), expected: "a function" }, declaredHelp(decl));
      return ignore(body, call);
  }
}

function declaredHelp(decl: Decl): { readonly help?: string } {
  if (decl.kind === "event") return { help: "write `emit` before it" };
  if (decl.kind === "error") return { help: "write `revert` before it" };
  return decl.kind === "struct" ? { help: "write its fields in braces: `Name { field: value }`" } : {};
}

/** A call of a function whose signature is known. */
function checkArguments(body: Body, call: CallExpr, signature: Signature): Expr {
  body.facts.calls.push({ callee: signature.id, site: siteOf(body.file, call.span) });
  if (!checkCount(body, call, signature.name, signature.params.length)) return poison(body, call.span);
  const args = signature.params.map((param, i) => checkAs(body, call.args[i], param.type));
  return { ...fresh(body, call.span), kind: "call", type: signature.result, func: signature.id, args };
}

// --- members -------------------------------------------------------------------------------------------------------

function checkMemberCall(body: Body, call: CallExpr, callee: MemberExpr): Expr {
  const { object, name } = callee;
  if (object.kind === "self") return checkSelfCall(body, call, callee);
  if (object.kind === "name" && findLocal(body, object.name) === undefined) {
    const decl = body.file.names.get(object.name);
    if (decl?.kind === "enum") {
      checkPath(body, callee);
      return notCallableVariant(body, call);
    }
    if (decl === undefined && isLater(object.name)) return unsupported(body, call, `the built-in \`${object.name}.${name.text}\``);
  }
  const path = checkPath(body, object);
  const type = path.kind === "place" ? path.type : path.expr.type;
  if (type.kind === "handle") return checkHandleCall(body, call, callee, toValue(body, path));
  if (type.kind === "poison") return ignore(body, call);
  return checkMethod(body, call, callee, path, type);
}

function notCallableVariant(body: Body, call: CallExpr): Expr {
  return unsupported(body, call, "an enum variant with a payload");
}

function checkSelfCall(body: Body, call: CallExpr, callee: MemberExpr): Expr {
  const { name } = callee;
  if (body.members === undefined) {
    report(body, "E0213", callee.object.span, { where: showPlace(body) });
    return ignore(body, call);
  }
  const signature = body.members.functions.get(name.text);
  if (signature !== undefined) return checkArguments(body, call, signature);
  if (body.members.fields.has(name.text)) return notCallable(body, call, `state \`${name.text}\``);
  if (body.members.guards.has(name.text)) {
    report(body, "E0319", name, { name: `guard \`${name.text}\`` }, { help: `name it after the parameters: \`with ${name.text}\`` });
  } else unknownName(body, "function", name, body.members.functions.keys());
  return ignore(body, call);
}

function checkHandleCall(body: Body, call: CallExpr, callee: MemberExpr, handle: Expr): Expr {
  if (body.tests !== undefined) return body.tests.call(body, call, handle, callee.name);
  return unsupported(body, call, "a call to another contract");
}

function checkMethod(body: Body, call: CallExpr, callee: MemberExpr, path: Path, type: Type): Expr {
  const method = callee.name.text;
  switch (type.kind) {
    case "sequence":
      if (method === "next" && path.kind === "place") return checkNext(body, call, path, type.bits);
      unknownMember(body, `\`${showType(type)}\``, "method", callee.name, ["next"]);
      return ignore(body, call);
    case "map":
      if (method === "has") return unsupported(body, call, "`.has(…)` of a map");
      unknownMember(body, `\`${showType(type)}\``, "method", callee.name, []);
      return ignore(body, call);
    case "list":
      if (method === "push" || method === "pop") return unsupported(body, call, `\`.${method}(…)\` of a list`);
      if (method === "contains") return checkContains(body, call, toValue(body, path), type.element);
      break;
    default:
      break;
  }
  if (method === "len" && (type.kind === "list" || type.kind === "string" || type.kind === "bytes")) {
    if (!checkCount(body, call, "len", 0)) return poison(body, call.span);
    return { ...fresh(body, call.span), kind: "length", type: U64, of: toValue(body, path) };
  }
  unknownMember(body, `\`${showType(type)}\``, "method", callee.name, methodsOf(type));
  return ignore(body, call);
}

function methodsOf(type: Type): readonly string[] {
  if (type.kind === "list") return ["len", "contains"];
  return type.kind === "string" || type.kind === "bytes" ? ["len"] : [];
}

function checkNext(body: Body, call: CallExpr, path: Extract<Path, { kind: "place" }>, bits: 32 | 64): Expr {
  if (!checkCount(body, call, "next", 0)) return poison(body, call.span);
  body.facts.writes.push({ does: `draws a number from \`self.${path.field.name}\``, site: siteOf(body.file, call.span) });
  return { ...fresh(body, call.span), kind: "next", type: { kind: "int", signed: false, bits }, field: path.field };
}

function checkContains(body: Body, call: CallExpr, list: Expr, element: Type): Expr {
  if (!checkCount(body, call, "contains", 1)) return poison(body, call.span);
  if (body.tests !== undefined) return unsupported(body, call, "`.contains(…)` in a test");
  const item = checkAs(body, call.args[0], element);
  return { ...fresh(body, call.span), kind: "contains", type: BOOL, list, item };
}
