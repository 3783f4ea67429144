/**
 * All names of a file with what they stand for, in order of the text. Scopes of locals are followed here; members and types come from the checker,
 * where it got that far. Works on whatever the parser could read.
 */
import type { ContractDecl, ImportDecl, Item, Member, MixinDecl, SourceFile } from "../../grammar/ast.ts";
import type { Block, Expr, MatchArm, Stmt, ErrorUse, EventUse, FuzzStmt } from "../../grammar/ast.ts";
import type { Facts } from "../state/facts.ts";
import {
  fileName,
  guardOf,
  handleMember,
  memberOfType,
  outcomeName,
  scopeOf,
  selfMember,
  stateMember,
  structField,
  topName,
  variantOf,
} from "./names.ts";
import { CONTEXT_WORDS } from "./builtins.ts";
import { builtin, declSymbol, fieldSymbol, itemSymbol, localSymbol, memberSymbol, paramSymbol, variantSymbol } from "./symbol.ts";
import type { Occurrence, Role, Symbol } from "./symbol.ts";
import { add, bind, declareLocal, declareParams, findLocal, inScope, languageWord, visitPattern, visitType } from "./scopes.ts";
import type { Locals, Walk } from "./scopes.ts";

export function resolveNames(tree: SourceFile, facts: Facts): readonly Occurrence[] {
  return resolveWith(tree, facts, () => undefined);
}

/** The locals that can be named at an offset: of the innermost block around it, those declared before it. */
export function localsAt(tree: SourceFile, facts: Facts, offset: number): readonly Symbol[] {
  let best: { readonly size: number; readonly scopes: Locals } | undefined;
  const isAround = ({ span }: Item | Member): boolean => span.start <= offset && offset <= span.end;
  const items = tree.items
    .filter(isAround)
    .map((item): Item => (item.kind === "contract" || item.kind === "mixin" ? { ...item, members: item.members.filter(isAround) } : item));
  resolveWith({ ...tree, items }, facts, ({ start, end }, scopes) => {
    if (offset < start || offset > end || (best !== undefined && best.size <= end - start)) return;
    best = { size: end - start, scopes: scopes.map((scope) => new Map(scope)) };
  });
  const seen = new Map<string, Symbol>();
  for (const scope of best?.scopes ?? [])
    for (const [name, symbol] of scope) if ((symbol.place?.span.end ?? 0) <= offset) seen.set(name, symbol);
  return [...seen.values()];
}

function resolveWith(tree: SourceFile, facts: Facts, leave: Walk["leave"]): readonly Occurrence[] {
  const walk: Walk = { path: tree.path, context: facts.context, facts, found: [], scopes: [], members: undefined, owner: "", leave };
  for (const item of tree.items) visitItem(walk, item);
  return walk.found.filter(({ span }) => span.end > span.start).sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function visitItem(walk: Walk, item: Item): void {
  walk.owner = "";
  walk.members = undefined;
  if (item.kind === "import") return visitImport(walk, item);
  const symbol = itemSymbol(walk.path, item);
  if (item.kind !== "test") add(walk, item.name, symbol, "declaration");
  switch (item.kind) {
    case "const":
      visitType(walk, item.type);
      return visitExpr(walk, item.value, "read");
    case "struct":
      for (const field of item.fields) {
        add(walk, field.name, fieldSymbol(walk.path, item.name.text, field), "declaration");
        visitType(walk, field.type);
      }
      return;
    case "enum":
      for (const variant of item.variants) {
        add(walk, variant.name, variantSymbol(walk.path, item.name.text, variant), "declaration");
        if (variant.payload.kind === "tuple") for (const type of variant.payload.types) visitType(walk, type);
        if (variant.payload.kind !== "record") continue;
        for (const field of variant.payload.fields) {
          add(walk, field.name, fieldSymbol(walk.path, variant.name.text, field), "declaration");
          visitType(walk, field.type);
        }
      }
      return;
    case "interface":
      for (const node of item.functions) visitMember(walk, item.name.text, node);
      return;
    case "contract":
    case "mixin":
      return visitContainer(walk, item);
    case "function":
    case "event":
    case "error":
      return visitDeclared(walk, item);
    case "test":
      return inScope(walk, item.body.span, () => {
        declareParams(walk, item.title, item.params);
        visitBlock(walk, item.body);
      });
  }
}

function visitImport(walk: Walk, item: ImportDecl): void {
  for (const { name, alias } of item.names) {
    const symbol = declSymbol(fileName(walk.context, walk.path, (alias ?? name).text));
    add(walk, name, symbol, "import");
    if (alias !== undefined) add(walk, alias, symbol, "import");
  }
}

function visitContainer(walk: Walk, item: ContractDecl | MixinDecl): void {
  for (const name of [...item.uses, ...(item.kind === "contract" ? item.implements : [])])
    add(walk, name, topName(walk.context, walk.path, name.text), "type");
  walk.members = scopeOf(walk.context, walk.path, item.name.text);
  for (const member of item.members) visitMember(walk, item.name.text, member);
}

function visitMember(walk: Walk, owner: string, node: Member): void {
  walk.owner = owner;
  if (node.kind === "parallel") return visitParallel(walk, node);
  const symbol = memberSymbol(walk.path, owner, node);
  if (symbol.place !== undefined) add(walk, symbol.place.span, symbol, "declaration");
  visitDeclared(walk, node);
}

function visitDeclared(walk: Walk, node: Exclude<Member, { kind: "parallel" }>): void {
  switch (node.kind) {
    case "state":
      visitType(walk, node.type);
      if (node.initial !== undefined) visitExpr(walk, node.initial, "read");
      return;
    case "immutable":
      return visitType(walk, node.type);
    case "event":
    case "error":
      return inScope(walk, node.span, () => {
        declareParams(walk, node.name.text, node.params);
      });
    case "function":
      return inScope(walk, node.span, () => {
        declareParams(walk, node.name.text, node.params);
        if (node.result !== undefined) visitType(walk, node.result);
        for (const use of node.guards) {
          if (walk.members !== undefined) add(walk, use.name, guardOf(walk.members, use.name.text, walk.context), "call");
          for (const arg of use.args) visitExpr(walk, arg, "read");
        }
        if (node.body !== undefined) visitBlock(walk, node.body);
      });
    case "guard":
    case "init":
      return inScope(walk, node.span, () => {
        declareParams(walk, node.kind === "init" ? "init" : node.name.text, node.params);
        visitBlock(walk, node.body);
      });
    case "invariant":
      return visitBlock(walk, node.body);
  }
}

function visitParallel(walk: Walk, node: Extract<Member, { kind: "parallel" }>): void {
  inScope(walk, node.span, () => {
    for (const { binder, target } of [node.left, node.right]) {
      const symbol = localSymbol(walk.path, binder, undefined, false);
      add(walk, binder, symbol, "declaration");
      walk.scopes.at(-1)?.set(binder.text, symbol);
      if (walk.members !== undefined) add(walk, target, selfMember(walk.context, walk.members, target.text), "read");
    }
    if (node.when !== undefined) visitClaim(walk, node.when, node);
  });
}

/** `a.to` is the parameter `to` of the function behind `a`. */
function visitClaim(walk: Walk, expr: Expr, claim: Extract<Member, { kind: "parallel" }>): void {
  if (expr.kind === "member" && expr.object.kind === "name") {
    const binder = expr.object.name;
    const side = [claim.left, claim.right].find((one) => one.binder.text === binder);
    const target = side === undefined || walk.members === undefined ? undefined : selfMember(walk.context, walk.members, side.target.text);
    const params = target?.source.kind === "member" && target.source.node.kind === "function" ? target.source.node.params : [];
    const param = params.find(({ name }) => name.text === expr.name.text);
    visitExpr(walk, expr.object, "read");
    if (param !== undefined && target?.place !== undefined)
      add(walk, expr.name, paramSymbol(target.place.path, target.name, param), "read");
    else add(walk, expr.name, languageWord(expr.name.text), "read");
  } else if (expr.kind === "binary") {
    visitClaim(walk, expr.left, claim);
    visitClaim(walk, expr.right, claim);
  } else if (expr.kind === "paren") visitClaim(walk, expr.inner, claim);
  else visitExpr(walk, expr, "read");
}

// --- statements --------------------------------------------------------------------------------------------------------

function visitBlock(walk: Walk, block: Block): void {
  inScope(walk, block.span, () => {
    for (const stmt of block.statements) visitStmt(walk, stmt);
  });
}

function visitStmt(walk: Walk, stmt: Stmt): void {
  switch (stmt.kind) {
    case "let":
      if (stmt.type !== undefined) visitType(walk, stmt.type);
      visitExpr(walk, stmt.value, "read");
      return bind(walk, stmt.pattern, stmt.mutable);
    case "assign":
      visitExpr(walk, stmt.target, "write");
      visitExpr(walk, stmt.value, "read");
      return visitError(walk, stmt.orElse);
    case "if":
      visitExpr(walk, stmt.cond, "read");
      visitBlock(walk, stmt.then);
      return visitOtherwise(walk, stmt.otherwise);
    case "ifLet":
      visitExpr(walk, stmt.value, "read");
      inScope(walk, stmt.then.span, () => {
        visitPattern(walk, stmt.pattern);
        visitBlock(walk, stmt.then);
      });
      return visitOtherwise(walk, stmt.otherwise);
    case "match":
      visitExpr(walk, stmt.subject, "read");
      for (const arm of stmt.arms) visitArm(walk, arm);
      return;
    case "return":
      if (stmt.value !== undefined) visitExpr(walk, stmt.value, "read");
      return;
    case "for": {
      const { over } = stmt;
      const parts = over.kind === "list" ? [over.list] : [over.from, over.to, ...(over.max === undefined ? [] : [over.max])];
      for (const part of parts) visitExpr(walk, part, "read");
      return inScope(walk, stmt.body.span, () => {
        declareLocal(walk, stmt.name, false);
        visitBlock(walk, stmt.body);
      });
    }
    case "require":
      visitExpr(walk, stmt.cond, "read");
      return visitError(walk, stmt.orElse);
    case "revert":
      return visitError(walk, stmt.error);
    case "emit":
      return visitOutcome(walk, { qualifier: stmt.qualifier, name: stmt.event, args: stmt.args }, "event");
    case "delete":
      return visitExpr(walk, stmt.target, "write");
    case "expr":
      return visitExpr(walk, stmt.expr, "read");
    case "assert":
      return visitExpr(walk, stmt.cond, "read");
    case "expect":
      visitExpr(walk, stmt.call, "read");
      visitError(walk, stmt.error);
      for (const event of stmt.events ?? []) visitOutcome(walk, event, "event");
      return;
    case "advance":
      return visitExpr(walk, stmt.by, "read");
    case "fuzz":
      return visitFuzz(walk, stmt);
    case "blockOfCalls":
      return visitBlock(walk, stmt.body);
  }
}

function visitFuzz(walk: Walk, { targets, only, calls, body }: FuzzStmt): void {
  const locals = targets.map((target) => findLocal(walk, target.text));
  for (const [i, target] of targets.entries()) add(walk, target, locals[i], "call");
  const owners = locals.flatMap((local) => {
    const type = local?.source.kind === "local" ? local.source.local?.type : undefined;
    return type?.kind === "handle" ? [type.name] : [];
  });
  // A function that several targets have is shown as that of the first.
  for (const name of only) {
    const found = owners.flatMap((owner) => handleMember(walk.context, owner, name.text) ?? []);
    add(walk, name, found.at(0), "call");
  }
  if (calls !== undefined) visitExpr(walk, calls, "read");
  if (body !== undefined) visitBlock(walk, body);
}

function visitOtherwise(walk: Walk, otherwise: Extract<Stmt, { kind: "if" }>["otherwise"]): void {
  if (otherwise === undefined) return;
  if (otherwise.kind === "block") visitBlock(walk, otherwise);
  else visitStmt(walk, otherwise);
}

function visitError(walk: Walk, use: ErrorUse | undefined): void {
  if (use !== undefined) visitOutcome(walk, use, "error");
}

function visitOutcome(
  walk: Walk,
  { qualifier, name, args }: Pick<ErrorUse | EventUse, "qualifier" | "name" | "args">,
  what: "error" | "event",
): void {
  if (qualifier !== undefined) add(walk, qualifier, topName(walk.context, walk.path, qualifier.text), "type");
  add(walk, name, outcomeName(walk.context, { path: walk.path, scope: walk.members, what }, qualifier, name), "call");
  for (const arg of args) visitExpr(walk, arg, "read");
}

function visitArm(walk: Walk, arm: MatchArm): void {
  inScope(walk, arm.span, () => {
    visitPattern(walk, arm.pattern);
    if (arm.body.kind === "block") visitBlock(walk, arm.body);
    else visitExpr(walk, arm.body, "read");
  });
}

// --- expressions -------------------------------------------------------------------------------------------------------

function visitExpr(walk: Walk, expr: Expr, role: Role): void {
  switch (expr.kind) {
    case "int":
    case "bool":
    case "string":
    case "address":
    case "account":
    case "none":
    case "missing":
      return;
    case "name":
      return add(walk, expr.span, findLocal(walk, expr.name) ?? topName(walk.context, walk.path, expr.name), role);
    case "self":
      return add(walk, expr.span, builtin("self", CONTEXT_WORDS.get("self") ?? ""), "read");
    case "paren":
      return visitExpr(walk, expr.inner, role);
    case "tuple":
    case "list":
      for (const element of expr.elements) visitExpr(walk, element, "read");
      return;
    case "struct":
      return visitStruct(walk, expr);
    case "member":
      return visitMemberExpr(walk, expr, role);
    case "index":
      visitExpr(walk, expr.object, role);
      return visitExpr(walk, expr.index, "read");
    case "call":
      visitExpr(walk, expr.callee, "call");
      for (const arg of expr.args) visitExpr(walk, arg, "read");
      return;
    case "unary":
      return visitExpr(walk, expr.operand, "read");
    case "binary":
      visitExpr(walk, expr.left, "read");
      return visitExpr(walk, expr.right, "read");
    case "ifExpr":
      for (const part of [expr.cond, expr.then, expr.otherwise]) visitExpr(walk, part, "read");
      return;
    case "matchExpr":
      visitExpr(walk, expr.subject, "read");
      for (const arm of expr.arms) visitArm(walk, arm);
      return;
    case "create":
    case "deploy":
      add(walk, expr.contract, topName(walk.context, walk.path, expr.contract.text), "call");
      for (const arg of expr.args) visitExpr(walk, arg, "read");
      return;
    case "as":
      visitExpr(walk, expr.call, role);
      for (const part of [expr.account, expr.value]) if (part !== undefined) visitExpr(walk, part, "read");
      return;
  }
}

function visitStruct(walk: Walk, expr: Extract<Expr, { kind: "struct" }>): void {
  const { qualifier, name } = expr;
  const decl = fileName(walk.context, walk.path, (qualifier ?? name).text);
  add(walk, qualifier ?? name, declSymbol(decl), "type");
  const variant =
    qualifier !== undefined && decl?.kind === "enum" ? decl.node.variants.find((one) => one.name.text === name.text) : undefined;
  if (variant !== undefined && decl?.kind === "enum") add(walk, name, variantSymbol(decl.file.path, decl.node.name.text, variant), "read");
  for (const { name: field, value } of expr.fields) {
    if (decl?.kind === "struct") add(walk, field, structField(decl.file.path, decl.node, field.text), "write");
    else if (variant?.payload.kind === "record" && decl?.kind === "enum") {
      const known = variant.payload.fields.find((one) => one.name.text === field.text);
      if (known !== undefined) add(walk, field, fieldSymbol(decl.file.path, variant.name.text, known), "write");
    }
    visitExpr(walk, value, "read");
  }
}

function visitMemberExpr(walk: Walk, expr: Extract<Expr, { kind: "member" }>, role: Role): void {
  const { object, name } = expr;
  const { context, path } = walk;
  if (object.kind === "self") {
    visitExpr(walk, object, "read");
    if (walk.members === undefined) return;
    const symbol = role === "call" ? selfMember(context, walk.members, name.text) : stateMember(context, walk.members, name.text);
    return add(walk, name, symbol ?? selfMember(context, walk.members, name.text), role);
  }
  if (object.kind === "name" && findLocal(walk, object.name) === undefined) {
    const decl = fileName(context, path, object.name);
    visitExpr(walk, object, "read");
    if (decl?.kind === "enum") return add(walk, name, variantOf(decl.file.path, decl.node, name.text), role);
    if (decl?.kind === "contract" || decl?.kind === "interface")
      return add(walk, name, handleMember(context, decl.node.name.text, name.text), role);
    if (decl === undefined) {
      const special = topName(context, path, `${object.name}.${name.text}`);
      if (special !== undefined) return add(walk, name, special, role);
    }
  } else visitExpr(walk, object, role === "write" ? "write" : "read");
  const type = walk.facts.typeOf(object);
  if (type !== undefined) add(walk, name, memberOfType(context, type, name.text), role);
}
