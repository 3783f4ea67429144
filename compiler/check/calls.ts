/** Calls: which of all that can be called an author means. Functions are called here; the rest has files of its own. */
import type { CallExpr, MemberExpr, NameExpr } from "../../grammar/ast.ts";
import type { Type } from "../core/types.ts";
import type { Expr } from "../typed/tree.ts";
import { checkCount, ignoreCall } from "./arguments.ts";
import { checkBuiltin, FUNCTION_NAMES, functionsOfModule } from "./builtins.ts";
import { checkAs } from "./coerce.ts";
import { checkMethod } from "./collections.ts";
import { findLocal, node as fresh, poison, report, showPlace, siteOf } from "./context.ts";
import type { Body, Decl, Signature } from "./context.ts";
import { checkConversion, checkToBytes } from "./convert.ts";
import { checkExternalCall } from "./external.ts";
import { unknownMember, unknownName, withSelf } from "./lookup.ts";
import { checkPath, toValue } from "./path.ts";
import { enumType, showDecl, simpleType } from "./resolve-type.ts";
import { checkSome, checkVariantCall } from "./variants.ts";

export function checkCall(body: Body, call: CallExpr, hint: Type | undefined): Expr {
  let callee = call.callee;
  while (callee.kind === "paren") callee = callee.inner;
  switch (callee.kind) {
    case "name":
      return checkNamedCall(body, call, callee, hint);
    case "member":
      return checkMemberCall(body, call, callee, hint);
    case "missing":
      return ignoreCall(body, call);
    case "struct":
      // `token.transfer{value: 1}(to)`
      report(body, "E0319", call.callee.span, { name: "this" }, { help: "typed calls attach no coin; `call(target, value, data)` does" });
      return ignoreCall(body, call);
    default:
      return notCallable(body, call, "this");
  }
}

function notCallable(body: Body, call: CallExpr, name: string): Expr {
  report(body, "E0319", call.callee.span, { name });
  return ignoreCall(body, call);
}

function checkNamedCall(body: Body, call: CallExpr, callee: NameExpr, hint: Type | undefined): Expr {
  const name = callee.name;
  if (findLocal(body, name) !== undefined) return notCallable(body, call, `\`${name}\``);
  const decl = body.file.names.get(name);
  if (decl !== undefined) return checkDeclaredCall(body, call, name, decl);
  if (name === "some") return checkSome(body, call, hint);
  if (name === "balance" && body.tests !== undefined) return body.tests.balance(body, call);
  if (name === "bytes") return checkToBytes(body, call);
  const type = simpleType(name);
  if (type !== undefined) return checkConversion(body, call, type);
  const builtin = checkBuiltin(body, call, name, hint);
  if (builtin !== undefined) return builtin;
  if (body.members?.functions.has(name) === true) report(body, "E0215", callee.span, { name }, withSelf(body, callee.span, name));
  else if (body.members?.guards.has(name) === true) {
    report(body, "E0319", callee.span, { name: `guard \`${name}\`` }, { help: `name it after the parameters: \`with ${name}\`` });
  } else if (body.members?.events.has(name) === true) {
    report(body, "E0319", callee.span, { name: `event \`${name}\`` }, { help: `write \`emit ${name}(…);\`` });
  } else if (body.members?.errors.has(name) === true) {
    report(body, "E0319", callee.span, { name: `error \`${name}\`` }, { help: `write \`revert ${name}(…);\`` });
  } else unknownName(body, "function", { text: name, ...callee.span }, callableNames(body));
  return ignoreCall(body, call);
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
      return signature === undefined ? ignoreCall(body, call) : checkArguments(body, call, signature);
    }
    case "enum":
      return checkConversion(body, call, enumType(body.program, decl.file, decl.node));
    case "contract":
    case "interface":
      return checkConversion(body, call, { kind: "handle", name: decl.node.name.text });
    case "poison":
      return ignoreCall(body, call);
    case "const":
    case "struct":
    case "mixin":
    case "event":
    case "error":
      report(body, "E0210", call.callee.span, { name, found: showDecl(decl), expected: "a function" }, declaredHelp(decl));
      return ignoreCall(body, call);
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

function checkMemberCall(body: Body, call: CallExpr, callee: MemberExpr, hint: Type | undefined): Expr {
  const { object, name } = callee;
  if (object.kind === "self") return checkSelfCall(body, call, callee);
  if (object.kind === "name" && findLocal(body, object.name) === undefined) {
    const decl = body.file.names.get(object.name);
    if (decl?.kind === "enum") return checkVariantCall(body, call, enumType(body.program, decl.file, decl.node), name);
    if (decl?.kind === "contract" || decl?.kind === "interface") return noInstance(body, call, callee, object.name);
    const functions = decl === undefined ? functionsOfModule(object.name) : [];
    if (functions.length > 0) {
      const checked = checkBuiltin(body, call, `${object.name}.${name.text}`, hint);
      if (checked !== undefined) return checked;
      unknownMember(body, `\`${object.name}\``, "function", name, functions);
      return ignoreCall(body, call);
    }
  }
  const path = checkPath(body, object);
  const type = path.kind === "place" ? path.type : path.expr.type;
  if (type.kind === "handle") return checkHandleCall(body, call, callee, toValue(body, path));
  if (type.kind === "poison") return ignoreCall(body, call);
  if (type.kind === "address") return plainAddress(body, call, callee);
  return checkMethod(body, call, callee, path, type);
}

/** `token.transfer(…)` of an address that doesn't say what stands there. */
function plainAddress(body: Body, call: CallExpr, callee: MemberExpr): Expr {
  const { name } = callee;
  const owner = call.args.length === 1 && name.text === "transfer" ? undefined : ownerWith(body, name.text);
  const help = owner === undefined ? {} : { help: `say what stands there: \`${owner}(…).${name.text}(…)\`` };
  unknownMember(body, "`address`", "function", name, [], help);
  return ignoreCall(body, call);
}

/** A contract or interface in scope that declares a function or state of this name. */
function ownerWith(body: Body, name: string): string | undefined {
  for (const [owner, decl] of body.file.names) {
    const declared =
      decl.kind === "interface"
        ? decl.node.functions.some((node) => node.name.text === name)
        : decl.kind === "contract" &&
          decl.node.members.some((node) => (node.kind === "function" || node.kind === "state") && node.name.text === name);
    if (declared) return owner;
  }
  return undefined;
}

/** `Erc20.transfer(…)`: the address is left out. */
function noInstance(body: Body, call: CallExpr, callee: MemberExpr, name: string): Expr {
  const decl = body.file.names.get(name);
  const found = decl === undefined ? "unknown" : showDecl(decl);
  const help = `say at which address: \`${name}(address).${callee.name.text}(…)\``;
  report(body, "E0210", callee.object.span, { name, found, expected: "a value" }, { help });
  return ignoreCall(body, call);
}

function checkSelfCall(body: Body, call: CallExpr, callee: MemberExpr): Expr {
  const { name } = callee;
  if (body.members === undefined) {
    report(body, "E0213", callee.object.span, { where: showPlace(body) });
    return ignoreCall(body, call);
  }
  const signature = body.members.functions.get(name.text);
  if (signature !== undefined) return checkArguments(body, call, signature);
  if (body.members.fields.has(name.text)) return notCallable(body, call, `state \`${name.text}\``);
  if (body.members.guards.has(name.text)) {
    report(body, "E0319", name, { name: `guard \`${name.text}\`` }, { help: `name it after the parameters: \`with ${name.text}\`` });
  } else unknownName(body, "function", name, body.members.functions.keys());
  return ignoreCall(body, call);
}

function checkHandleCall(body: Body, call: CallExpr, callee: MemberExpr, handle: Expr): Expr {
  if (body.tests !== undefined) return body.tests.call(body, call, handle, callee.name);
  return checkExternalCall(body, call, callee.name, handle);
}
