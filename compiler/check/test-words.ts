/**
 * The expressions only tests have: accounts, deployments, calls of contracts, balances. Each is checked into a `TestExpr` of its own and
 * stands in the ordinary expression around it as a placeholder, which `lower` replaces.
 */
import type { AsExpr, CallExpr, DeployExpr, Expr as ExprNode, Name } from "../../grammar/ast.ts";
import type { Type } from "../core/types.ts";
import type { Expr, Func, FuncId, LocalId, Param, Site, TestCall, TestExpr, TypedId } from "../typed/tree.ts";
import { checkCount } from "./arguments.ts";
import { checkAs } from "./coerce.ts";
import { ADDRESS, findLocal, node as fresh, poison, report, siteOf, U256 } from "./context.ts";
import type { Body, TestWords } from "./context.ts";
import type { BuiltContract } from "./contracts.ts";
import { findHandleMethod, reportNoContract } from "./external.ts";
import { unknownMember } from "./lookup.ts";
import { checkPath, toValue } from "./path.ts";
import { lower } from "./test-lower.ts";

export interface TestState {
  readonly byDecl: ReadonlyMap<BuiltContract["decl"], BuiltContract>;
  /** By name, as in types of handles. */
  readonly byName: ReadonlyMap<string, BuiltContract>;
  readonly functions: ReadonlyMap<FuncId, Func>;
  /** What each placeholder stands for. */
  readonly nodes: Map<TypedId, TestExpr>;
  /** Reports what has no place in a test. */
  readonly refuse: (site: Site, construct: string) => void;
}

interface Sender {
  readonly account: ExprNode | undefined;
  readonly value: ExprNode | undefined;
}

const NOBODY: Sender = { account: undefined, value: undefined };

export function createWords(state: TestState): TestWords {
  return {
    word(body, node) {
      switch (node.kind) {
        case "account": {
          const site = siteOf(body.file, node.span);
          return placeholder(body, state, node, { kind: "account", name: node.name, type: ADDRESS, site });
        }
        case "deploy":
          return checkDeploy(body, state, node, node, NOBODY);
        case "as":
          return checkAsCall(body, state, node);
      }
    },
    balance(body, node) {
      if (!checkCount(body, node, "balance", 1)) return poison(body, node.span);
      const of = lower(state, checkAs(body, node.args[0], ADDRESS));
      return placeholder(body, state, node, { kind: "balance", of, type: U256, site: siteOf(body.file, node.span) });
    },
    call: (body, node, handle, name) => checkHandleCall(body, state, { whole: node, call: node, handle, name, sender: NOBODY }),
  };
}

/** A local that doesn't exist, under an id that leads to what it stands for. */
function placeholder(body: Body, state: TestState, node: ExprNode, expr: TestExpr): Expr {
  const stand: Expr = { ...fresh(body, node.span), kind: "local", type: expr.type, local: noLocal() };
  state.nodes.set(stand.id, expr);
  return stand;
}

function noLocal(): LocalId {
  return -1 as LocalId;
}

/** `call as @account value n`: the sender belongs to this call alone, not to calls among its arguments. */
function checkAsCall(body: Body, state: TestState, node: AsExpr): Expr {
  let call = node.call;
  while (call.kind === "paren") call = call.inner;
  const sender: Sender = { account: node.account, value: node.value };
  if (call.kind === "deploy") return checkDeploy(body, state, call, node, sender);
  const callee = call.kind === "call" ? call.callee : undefined;
  if (call.kind === "call" && callee?.kind === "member" && isValue(body, callee.object)) {
    const handle = toValue(body, checkPath(body, callee.object));
    if (handle.type.kind === "handle") return checkHandleCall(body, state, { whole: node, call, handle, name: callee.name, sender });
    if (handle.type.kind === "poison") return poison(body, node.span);
  }
  if (call.kind !== "missing") report(body, "E0604", node.span, { construct: node.account === undefined ? "`value`" : "`as`" });
  return poison(body, node.span);
}

/** `as @alice`; a plain name is a variable. */
function checkAccount(body: Body, node: ExprNode): Expr {
  if (node.kind !== "name" || findLocal(body, node.name) !== undefined || body.file.names.has(node.name))
    return checkAs(body, node, ADDRESS);
  report(body, "E0202", node.span, { what: "name", name: node.name }, { help: `a test account is written with \`@\`: \`@${node.name}\`` });
  return poison(body, node.span);
}

/** Whether the name before the dot is a value, so that the call can be one on a contract. */
function isValue(body: Body, node: ExprNode): boolean {
  if (node.kind === "self") return false;
  if (node.kind !== "name" || findLocal(body, node.name) !== undefined) return true;
  const decl = body.file.names.get(node.name);
  return decl?.kind !== "enum";
}

function checkDeploy(body: Body, state: TestState, node: DeployExpr, whole: ExprNode, sender: Sender): Expr {
  const decl = body.file.names.get(node.contract.text);
  const built = decl?.kind === "contract" ? state.byDecl.get(decl.node) : undefined;
  const init = built === undefined ? undefined : state.functions.get(built.contract.init);
  if (built === undefined || init === undefined) {
    reportNoContract(body, node.contract, decl);
    for (const arg of node.args) body.program.check(body, arg, undefined);
    return poison(body, whole.span);
  }
  const type: Type = { kind: "handle", name: built.contract.name };
  const args = checkArgs(body, state, node, built.contract.name, init.params);
  const call: TestCall = {
    target: { kind: "deploy", contract: built.contract },
    args,
    ...checkSender(body, state, sender),
    type,
    site: siteOf(body.file, whole.span),
  };
  return placeholder(body, state, whole, { kind: "call", call, type, site: call.site });
}

interface HandleCall {
  readonly whole: ExprNode;
  readonly call: CallExpr;
  readonly handle: Expr;
  readonly name: Name;
  readonly sender: Sender;
}

function checkHandleCall(body: Body, state: TestState, { whole, call, handle, name, sender }: HandleCall): Expr {
  const target = findTarget(body, state, handle, name);
  if (target === undefined) {
    for (const arg of call.args) body.program.check(body, arg, undefined);
    return poison(body, whole.span);
  }
  const { params, result } = target.kind === "call" ? target.func : target.method;
  const args = checkArgs(body, state, call, name.text, params);
  const site = siteOf(body.file, whole.span);
  const made: TestCall = { target, args, ...checkSender(body, state, sender), type: result, site };
  return placeholder(body, state, whole, { kind: "call", call: made, type: result, site });
}

/** A function of a known contract, or of whatever stands behind an interface; undefined with the mistake reported. */
function findTarget(body: Body, state: TestState, handle: Expr, name: Name): Exclude<TestCall["target"], { kind: "deploy" }> | undefined {
  const built = handle.type.kind === "handle" ? state.byName.get(handle.type.name) : undefined;
  if (built === undefined) {
    const method = findHandleMethod(body, handle.type, name);
    return method === undefined ? undefined : { kind: "method", handle: lower(state, handle), method };
  }
  const func = built.external.get(name.text);
  if (func !== undefined) return { kind: "call", handle: lower(state, handle), func };
  if (!built.broken.has(name.text)) {
    unknownMember(body, `contract \`${built.contract.name}\``, "function", name, built.external.keys());
  }
  return undefined;
}

function checkSender(
  body: Body,
  state: TestState,
  sender: Sender,
): { readonly from: TestExpr | undefined; readonly value: TestExpr | undefined } {
  return {
    from: sender.account === undefined ? undefined : lower(state, checkAccount(body, sender.account)),
    value: sender.value === undefined ? undefined : lower(state, checkAs(body, sender.value, U256)),
  };
}

function checkArgs(body: Body, state: TestState, node: CallExpr | DeployExpr, name: string, params: readonly Param[]): TestExpr[] {
  if (node.args.length !== params.length) {
    for (const arg of node.args) body.program.check(body, arg, undefined);
    const expected = params.length === 1 ? "1 argument" : `${params.length} arguments`;
    report(body, "E0304", node.span, { name, expected, found: node.args.length });
    return [];
  }
  return params.map((param, i) => lower(state, checkAs(body, node.args[i], param.type)));
}
