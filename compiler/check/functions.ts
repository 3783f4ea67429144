/**
 * Signatures and bodies of functions. A draft is a checked function whose mutability isn't settled yet: whether an internal function
 * writes depends on the functions it calls.
 */
import type { Block, FunctionDecl, GuardDecl, GuardUse, InitDecl, InvariantDecl, ParamDecl, TypeExpr } from "../../grammar/ast.ts";
import { outsideAbi } from "../core/members.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Func, Local, Param, Site, Stmt } from "../typed/tree.ts";
import { checkAs } from "./coerce.ts";
import { addLocal, createBody, node as fresh, POISON, report, siteOf, UNIT } from "./context.ts";
import type { Body, Facts, FileScope, MemberScope, ProgramContext, Signature } from "./context.ts";
import { unknownName } from "./lookup.ts";
import { resolveType } from "./resolve-type.ts";
import { checkBlock } from "./statements.ts";

export interface Draft {
  readonly signature: Signature;
  readonly locals: readonly Local[];
  readonly body: readonly Stmt[];
  readonly facts: Facts;
}

export function resolveParams(program: ProgramContext, file: FileScope, params: readonly ParamDecl[]): Param[] {
  return params.map((param) => {
    if (param.indexed)
      program.reporter.report("E0410", siteOf(file, param.span), { what: "`indexed`", where: "on a parameter that isn't an event's" });
    return { name: param.name.text, type: resolveType({ program, file }, param.type, "param") };
  });
}

/** Parameters of functions that are called from outside, of events and of errors: what has a form in the ABI. */
export function entryParams(program: ProgramContext, file: FileScope, params: readonly ParamDecl[], where = "as a parameter"): Param[] {
  return resolveParams(program, file, params).map((param, i) => ({
    ...param,
    type: withinAbi(program, file, params[i].type, param.type, where),
  }));
}

export function entryResult(program: ProgramContext, file: FileScope, result: TypeExpr | undefined): Type {
  if (result === undefined) return UNIT;
  return withinAbi(program, file, result, resolveType({ program, file }, result, "result"), "as a result");
}

function withinAbi(program: ProgramContext, file: FileScope, node: TypeExpr, type: Type, where: string): Type {
  const outside = outsideAbi(type);
  if (outside === undefined) return type;
  const help =
    outside.kind === "option"
      ? "use two values, one of them a `bool`; functions without `pub` take and give any type"
      : "use a struct, or an enum without payload; functions without `pub` take and give any type";
  program.reporter.report("E0339", siteOf(file, node.span), { type: showType(outside), where }, { help });
  return POISON;
}

function keyOf(file: FileScope, contract: string | undefined, name: string): string {
  return `${file.path} ${contract ?? ""} ${name}`;
}

export function functionSignature(program: ProgramContext, file: FileScope, decl: FunctionDecl, contract: string | undefined): Signature {
  const inside = contract === undefined || decl.access === "internal";
  return {
    id: program.identities.func(keyOf(file, contract, `fn ${decl.name.text}`)),
    name: decl.name.text,
    role: contract === undefined ? "free" : decl.access === "internal" ? "internal" : "external",
    access: decl.access,
    params: inside ? resolveParams(program, file, decl.params) : entryParams(program, file, decl.params),
    result: inside ? internalResult(program, file, decl.result) : entryResult(program, file, decl.result),
    node: decl,
    file,
    contract,
  };
}

function internalResult(program: ProgramContext, file: FileScope, result: TypeExpr | undefined): Type {
  return result === undefined ? UNIT : resolveType({ program, file }, result, "result");
}

export function guardSignature(program: ProgramContext, file: FileScope, decl: GuardDecl, contract: string): Signature {
  const params = resolveParams(program, file, decl.params);
  return {
    id: program.identities.func(keyOf(file, contract, `guard ${decl.name.text}`)),
    name: decl.name.text,
    role: "guard",
    access: "internal",
    params,
    result: UNIT,
    node: decl,
    file,
    contract,
  };
}

export function initSignature(program: ProgramContext, file: FileScope, decl: InitDecl, contract: string): Signature {
  const params = entryParams(program, file, decl.params);
  const access = decl.payable ? "payable" : "internal";
  const id = program.identities.func(keyOf(file, contract, "init"));
  return { id, name: "init", role: "init", access, params, result: UNIT, node: decl, file, contract };
}

/** Checked as a view: it looks, and reverts when something doesn't hold. */
export function invariantSignature(program: ProgramContext, file: FileScope, decl: InvariantDecl, contract: string): Signature {
  const id = program.identities.func(keyOf(file, contract, `invariant ${decl.name.text}`));
  return { id, name: decl.name.text, role: "invariant", access: "view", params: [], result: UNIT, node: decl, file, contract };
}

const OUTSIDE = "outside an interface, but for a `fn` or `view fn` without guards that a mixin asks for";

/** `members` are those the function's own contract or mixin can name. */
export function checkFunction(program: ProgramContext, signature: Signature, members: MemberScope | undefined): Draft {
  const { node, file } = signature;
  const { role, access, result } = signature;
  const body = createBody(program, file, role, { members, access, result });
  for (const [i, param] of paramsOf(node).entries()) {
    addLocal(body, param.name, signature.params[i].type, false);
    if (param.name.text === "value" && signature.access === "payable") report(body, "W0301", param.name, { name: "value" });
  }
  const guards = node.kind === "function" ? node.guards.flatMap((use) => checkGuardUse(body, use)) : [];
  const checked = node.body === undefined ? { stmts: [], ends: true } : checkBlock(body, node.body);
  if (node.body === undefined) report(body, "E0410", node.span, { what: "a function without a body", where: OUTSIDE });
  else if (!checked.ends) checkReturns(body, signature, node.body);
  return { signature, locals: body.locals, body: [...guards, ...checked.stmts], facts: body.facts };
}

function paramsOf(node: Signature["node"]): readonly ParamDecl[] {
  return node.kind === "invariant" ? [] : node.params;
}

function checkReturns(body: Body, signature: Signature, block: Block): void {
  if (signature.result.kind === "unit" || signature.result.kind === "poison") return;
  const brace = { start: Math.max(block.span.start, block.span.end - 1), end: block.span.end };
  report(body, "E0401", brace, { name: signature.name, type: showType(signature.result) });
}

function checkGuardUse(body: Body, use: GuardUse): Stmt[] {
  if (body.members === undefined) {
    report(body, "E0410", use.span, { what: "a guard", where: "on a function outside contracts" });
    return [];
  }
  const guard = body.members.guards.get(use.name.text);
  if (guard === undefined) {
    unknownName(body, "guard", use.name, body.members.guards.keys());
    return [];
  }
  if (use.args.length !== guard.params.length) {
    const expected = guard.params.length === 1 ? "1 argument" : `${guard.params.length} arguments`;
    report(body, "E0304", use.span, { name: guard.name, expected, found: use.args.length });
    return [];
  }
  const args = guard.params.map((param, i) => checkAs(body, use.args[i], param.type));
  body.facts.calls.push({ callee: guard.id, site: siteOf(body.file, use.span) });
  const call = { ...fresh(body, use.span), kind: "call", type: UNIT, func: guard.id, args } as const;
  return [{ ...fresh(body, use.span), kind: "expr", expr: call }];
}

/** The function as the tree holds it. */
export function finish(draft: Draft, writes: boolean): Func {
  const { signature } = draft;
  const site = siteOf(signature.file, signature.node.span);
  return {
    id: signature.id,
    name: signature.name,
    role: signature.role === "invariant" ? "internal" : signature.role,
    mutability: mutabilityOf(signature, writes),
    contract: signature.contract,
    params: draft.locals.slice(0, signature.params.length),
    result: signature.result,
    locals: draft.locals,
    body: draft.body,
    doc: signature.node.doc,
    site,
    nameSite: nameSite(signature),
  };
}

function mutabilityOf(signature: Signature, writes: boolean): Func["mutability"] {
  switch (signature.access) {
    case "payable":
    case "view":
      return signature.access;
    case "pub":
      return "write";
    case "internal":
      return signature.role === "init" || writes ? "write" : "view";
  }
}

function nameSite(signature: Signature): Site {
  const { node, file } = signature;
  if (node.kind !== "init") return siteOf(file, node.name);
  const header = file.tree.text.slice(node.span.start, node.body.span.start).trimEnd();
  return siteOf(file, { start: node.span.start, end: node.span.start + header.length });
}

export function emptyInit(program: ProgramContext, contract: string, site: Site): Func {
  const id = program.identities.func(`${contract} empty init`);
  return {
    id,
    name: "init",
    role: "init",
    mutability: "write",
    contract,
    params: [],
    result: UNIT,
    locals: [],
    body: [],
    doc: "",
    site,
    nameSite: site,
  };
}
