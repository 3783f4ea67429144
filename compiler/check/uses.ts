/** Uses of errors and events: `revert E(…)`, `… else E(…)`, `emit Ev(…)`, with or without the contract that declares them. */
import type { EmitStmt, ErrorUse, Expr as ExprNode, Name } from "../../grammar/ast.ts";
import type { ErrorCall, ErrorDef, EventDef, Expr, Param, Stmt } from "../typed/tree.ts";
import { checkAs } from "./coerce.ts";
import { node as fresh, report, siteOf } from "./context.ts";
import type { Body, Decl, MemberScope } from "./context.ts";
import { unknownMember, unknownName } from "./lookup.ts";
import { showDecl } from "./resolve-type.ts";

/** Undefined with the mistake reported. */
export function checkErrorUse(body: Body, use: ErrorUse): ErrorCall | undefined {
  const error = findError(body, use.qualifier, use.name);
  const args = checkDeclaredArgs(body, use.span, use.name.text, error?.params, use.args);
  if (error === undefined) return undefined;
  body.facts.errors.add(error);
  return { error, args, site: siteOf(body.file, use.span) };
}

export function checkEmit(body: Body, node: EmitStmt): Stmt[] {
  const event = findEvent(body, node.qualifier, node.event);
  const args = checkDeclaredArgs(body, node.span, node.event.text, event?.params, node.args);
  if (event === undefined) return [];
  body.facts.events.add(event);
  body.facts.writes.push({ does: `emits \`${event.name}\``, site: siteOf(body.file, node.span) });
  return [{ ...fresh(body, node.span), kind: "emit", event, args }];
}

function checkDeclaredArgs(
  body: Body,
  span: ErrorUse["span"],
  name: string,
  params: readonly Param[] | undefined,
  args: readonly ExprNode[],
): Expr[] {
  if (params === undefined || params.length !== args.length) {
    for (const arg of args) body.program.check(body, arg, undefined);
    if (params === undefined) return [];
    report(body, "E0304", span, { name, expected: params.length === 1 ? "1 argument" : `${params.length} arguments`, found: args.length });
    return [];
  }
  return params.map((param, i) => checkAs(body, args[i], param.type));
}

function findError(body: Body, qualifier: Name | undefined, name: Name): ErrorDef | undefined {
  if (qualifier !== undefined) return findQualified(body, qualifier, name, "error", (scope) => scope.errors);
  const own = body.members?.errors.get(name.text);
  if (own !== undefined) return own;
  const decl = body.file.names.get(name.text);
  if (decl?.kind === "error") return body.program.errors.get(decl.node);
  wrongName(body, "error", name, decl, body.members?.errors);
  return undefined;
}

function findEvent(body: Body, qualifier: Name | undefined, name: Name): EventDef | undefined {
  if (qualifier !== undefined) return findQualified(body, qualifier, name, "event", (scope) => scope.events);
  const own = body.members?.events.get(name.text);
  if (own !== undefined) return own;
  const decl = body.file.names.get(name.text);
  if (decl?.kind === "event") return body.program.events.get(decl.node);
  wrongName(body, "event", name, decl, body.members?.events);
  return undefined;
}

function findQualified<T>(
  body: Body,
  qualifier: Name,
  name: Name,
  what: "error" | "event",
  of: (scope: MemberScope) => ReadonlyMap<string, T>,
): T | undefined {
  const decl = body.file.names.get(qualifier.text);
  if (decl?.kind === "poison") return undefined;
  if (decl?.kind !== "contract" && decl?.kind !== "mixin") {
    if (decl === undefined) unknownName(body, "contract", qualifier, contractNames(body));
    else report(body, "E0210", qualifier, { name: qualifier.text, found: showDecl(decl), expected: "a contract" });
    return undefined;
  }
  const scope = body.program.scopes.get(decl.node);
  if (scope === undefined) return undefined;
  const found = of(scope).get(name.text);
  if (found === undefined) unknownMember(body, `${decl.kind} \`${qualifier.text}\``, what, name, of(scope).keys());
  return found;
}

function contractNames(body: Body): string[] {
  return [...body.file.names].flatMap(([name, decl]) => (decl.kind === "contract" || decl.kind === "mixin" ? [name] : []));
}

function wrongName(
  body: Body,
  what: "error" | "event",
  name: Name,
  decl: Decl | undefined,
  members: ReadonlyMap<string, unknown> | undefined,
): void {
  if (decl?.kind === "poison") return;
  if (decl !== undefined) {
    report(body, "E0210", name, { name: name.text, found: showDecl(decl), expected: `an ${what}` });
    return;
  }
  const known = [...body.file.names].flatMap(([key, other]) => (other.kind === what ? [key] : []));
  unknownName(body, what, name, [...(members?.keys() ?? []), ...known]);
}
