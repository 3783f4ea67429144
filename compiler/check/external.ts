/**
 * Calls that leave the contract: functions of other contracts through a typed address, raw calls, and `create`. What a typed address
 * offers is looked up by its name; whether a target may be called at all is judged in outward.ts, when all bodies are known.
 */
import type { CallExpr, ContractDecl, CreateExpr, Expr as ExprNode, InterfaceDecl, Name } from "../../grammar/ast.ts";
import type { Type } from "../core/types.ts";
import type { Expr, ExternalMethod, Param } from "../typed/tree.ts";
import { checkBytes, checkCount, ignoreCall } from "./arguments.ts";
import { checkAs } from "./coerce.ts";
import { ADDRESS, node as fresh, poison, report, showPlace, silently, siteOf, U256 } from "./context.ts";
import type { Body, Decl, Methods, ProgramContext } from "./context.ts";
import { resolveParams } from "./functions.ts";
import { getterOf } from "./getters.ts";
import { checkInterface } from "./interfaces.ts";
import { unknownMember, unknownName } from "./lookup.ts";
import { showDecl } from "./resolve-type.ts";

type Owner = Extract<Decl, { kind: "contract" | "interface" }>;

// --- what a typed address offers ---------------------------------------------------------------------------------------

/** The contract or interface behind a typed address; their names are unique in a program. */
function ownerOf(program: ProgramContext, type: Type): Owner | undefined {
  if (type.kind !== "handle") return undefined;
  for (const file of program.files.values()) {
    const decl = file.own.get(type.name);
    if (decl?.kind === "contract" || decl?.kind === "interface") return decl;
  }
  return undefined;
}

/** Mistakes in what it looks at are told where that is declared. */
export function methodsOf(program: ProgramContext, owner: Owner): Methods {
  const known = program.methods.get(owner.node);
  if (known !== undefined) return known;
  const methods = owner.kind === "interface" ? ofInterface(program, owner.node, owner) : ofContract(program, owner.node);
  program.methods.set(owner.node, methods);
  return methods;
}

function ofInterface(program: ProgramContext, decl: InterfaceDecl, { file }: Owner): Methods {
  const known = new Map<string, ExternalMethod>();
  for (const { name, params, result, mutability } of checkInterface(silently(program), file, decl)) {
    known.set(name, { owner: decl.name.text, name, params, result, view: mutability === "view" });
  }
  return { known, internal: new Set(), broken: new Set() };
}

/** A contract's functions open to callers, and the getters of its fields. */
function ofContract(program: ProgramContext, decl: ContractDecl): Methods {
  const known = new Map<string, ExternalMethod>();
  const internal = new Set<string>();
  const broken = new Set<string>();
  const owner = decl.name.text;
  const scope = program.scopes.get(decl);
  for (const field of scope?.fields.values() ?? []) {
    if (field.type.kind === "poison") broken.add(field.name);
    const getter = scope?.functions.has(field.name) === true ? undefined : getterOf(program, owner, field);
    if (getter === undefined) continue;
    known.set(field.name, { owner, name: field.name, params: getter.params.map(bare), result: getter.result, view: true });
  }
  for (const { name, role, access, params, result } of scope?.functions.values() ?? []) {
    if (role === "external") known.set(name, { owner, name, params, result, view: access === "view" });
    else internal.add(name);
  }
  return { known, internal, broken };
}

function bare({ name, type }: Param): Param {
  return { name, type };
}

/** Undefined with the mistake reported. */
export function findMethod(body: Body, owner: Owner, name: Name): ExternalMethod | undefined {
  const { known, internal, broken } = methodsOf(body.program, owner);
  const method = known.get(name.text);
  if (method !== undefined || broken.has(name.text)) return method;
  if (internal.has(name.text)) {
    report(body, "E0210", name, { name: name.text, found: "an internal function", expected: "one that can be called from outside" });
  } else unknownMember(body, `${owner.kind} \`${owner.node.name.text}\``, "function", name, known.keys());
  return undefined;
}

/** The function `name` behind a typed address; undefined with the mistake reported. */
export function findHandleMethod(body: Body, type: Type, name: Name): ExternalMethod | undefined {
  const owner = ownerOf(body.program, type);
  return owner === undefined ? undefined : findMethod(body, owner, name);
}

// --- calls -------------------------------------------------------------------------------------------------------------

/** `Erc20(token).transfer(to, amount)` */
export function checkExternalCall(body: Body, call: CallExpr, name: Name, target: Expr): Expr {
  const owner = ownerOf(body.program, target.type);
  if (owner === undefined) return ignoreCall(body, call);
  if (isRefused(body, call, `${owner.node.name.text}.${name.text}`)) return ignoreCall(body, call);
  const method = findMethod(body, owner, name);
  if (method === undefined) return ignoreCall(body, call);
  if (!checkCount(body, call, method.name, method.params.length)) return poison(body, call.span);
  const args = method.params.map((param, i) => checkAs(body, call.args[i], param.type));
  const site = siteOf(body.file, call.span);
  if (!method.view) body.facts.writes.push({ does: `calls \`${method.owner}.${method.name}\`, which may write`, site });
  body.facts.outward.push({ target, direct: directly(body, method.name), site });
  return { ...fresh(body, call.span), kind: "external", type: method.result, target, method, args };
}

/** How the contract itself says what others say with a call of this name. */
function directly(body: Body, name: string): string | undefined {
  if (body.members?.functions.has(name) === true) return `self.${name}(…)`;
  return body.members?.fields.has(name) === true ? `self.${name}` : undefined;
}

/** Only functions of contracts have a place in the chain from which others can be reached. */
function isRefused(body: Body, at: Pick<ExprNode, "span">, name: string): boolean {
  if (body.kind !== "free" && body.kind !== "constant" && body.kind !== "test") return false;
  report(body, "E0313", at.span, { name, where: showPlace(body) });
  return true;
}

/** Bytes that a raw call may return where nothing around it says how many. */
const DEFAULT_RETURN = 1_024;

/** `call(target, value, data)` */
export function checkRawCall(body: Body, call: CallExpr, hint: Type | undefined): Expr {
  if (!checkCount(body, call, "call", 3)) return poison(body, call.span);
  const target = checkAs(body, call.args[0], ADDRESS);
  const value = checkAs(body, call.args[1], U256);
  const data = checkBytes(body, call.args[2]);
  if (isRefused(body, call, "call")) return poison(body, call.span);
  const site = siteOf(body.file, call.span);
  body.facts.writes.push({ does: "makes a raw call, which may write", site });
  body.facts.outward.push({ target, direct: undefined, site });
  const type: Type = hint?.kind === "bytes" ? hint : { kind: "bytes", max: DEFAULT_RETURN };
  return { ...fresh(body, call.span), kind: "rawCall", type, target, value, data };
}

export function checkHasCode(body: Body, call: CallExpr): Expr {
  if (!checkCount(body, call, "hasCode", 1)) return poison(body, call.span);
  const of = checkAs(body, call.args[0], ADDRESS);
  if (isRefused(body, call, "hasCode")) return poison(body, call.span);
  return { ...fresh(body, call.span), kind: "builtin", type: { kind: "bool" }, name: "hasCode", args: [of] };
}

// --- create ------------------------------------------------------------------------------------------------------------

/** `create Pool(args)` */
export function checkCreate(body: Body, node: CreateExpr): Expr {
  const decl = body.file.names.get(node.contract.text);
  if (decl?.kind !== "contract") {
    reportNoContract(body, node.contract, decl);
    return ignoreCall(body, node);
  }
  const contract = decl.node.name.text;
  const init = decl.node.members.find((member) => member.kind === "init");
  const params = init?.kind === "init" ? resolveParams(silently(body.program), decl.file, init.params) : [];
  if (!checkCount(body, node, contract, params.length)) return poison(body, node.span);
  const args = params.map((param, i) => checkAs(body, node.args[i], param.type));
  if (isRefused(body, node, `create ${contract}`)) return poison(body, node.span);
  const site = siteOf(body.file, node.span);
  body.facts.writes.push({ does: `creates a \`${contract}\``, site });
  body.facts.creates.push({ contract, site });
  return { ...fresh(body, node.span), kind: "create", type: { kind: "handle", name: contract }, contract, args };
}

/** A name that should be a contract's, after `create` and `deploy`. */
export function reportNoContract(body: Body, name: Name, decl: Decl | undefined): void {
  if (decl === undefined) {
    const contracts = [...body.file.names].flatMap(([key, other]) => (other.kind === "contract" ? [key] : []));
    unknownName(body, "contract", name, contracts);
  } else if (decl.kind !== "poison" && decl.kind !== "contract") {
    report(body, "E0210", name, { name: name.text, found: showDecl(decl), expected: "a contract" });
  }
}
