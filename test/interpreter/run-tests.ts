/**
 * Runs the `test` blocks of a program on the reference world, as the language describes them: each call a block of its own,
 * `block { … }` one block, time moved by `advance` only. A failed assertion is an exception that names its place.
 */
import { unreachable } from "../../compiler/core/bug.ts";
import type {
  ExternalMethod,
  Func,
  LocalId,
  Program,
  Site,
  Test,
  TestCall,
  TestEvent,
  TestExpr,
  TestStmt,
} from "../../compiler/typed/tree.ts";
import type { CallRequest, Hex } from "../../runtime/types.ts";
import { account } from "../helpers/accounts.ts";
import { decodeResult, encodeAll, encodeCall, encodeLog } from "./abi.ts";
import { concatAll } from "./concat.ts";
import { callFunction } from "./evaluate.ts";
import type { Outside, Run } from "./machine.ts";
import { binary, builtin, convert, unary } from "./operators.ts";
import { elementAt } from "./parts.ts";
import { errorData } from "./revert.ts";
import { createStore, hex } from "./store.ts";
import { asBool, asHex, asInt, asItems, fromConstant, fromHex, lengthOf, makeVariant, sameValue, toHex } from "./values.ts";
import type { Val } from "./values.ts";
import { createWorld } from "./world.ts";
import type { CallOutcome, CostModel, World } from "./world.ts";

const RICH = 10n ** 24n;
const START_TIME = 1_700_000_000n;
const DEFAULT_ACCOUNT = "default";
const NO_LIMIT = 1n << 128n;

export class TestFailed extends Error {
  override readonly name = "TestFailed";
}

interface Session {
  readonly program: Program;
  readonly world: World;
  readonly locals: (Val | undefined)[];
  time: bigint;
}

export function runTest(program: Program, test: Test, cost: CostModel): void {
  const names = [DEFAULT_ACCOUNT, ...accountsIn(test)];
  const genesis = [...new Set(names)].map((name) => ({ address: account(name), balance: RICH }));
  const world = createWorld({ chainId: 1n, genesis, time: START_TIME, feeRecipient: undefined, cost });
  const session: Session = { program, world, locals: [], time: START_TIME };
  runAll(session, test.body);
}

/** Every account a test names; found in the tree whatever the shape of the statement. */
function accountsIn(test: Test): string[] {
  const names: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === "object" && node !== null) {
      if ("kind" in node && node.kind === "account" && "name" in node && typeof node.name === "string") names.push(node.name);
      for (const [key, value] of Object.entries(node)) if (key !== "func" && key !== "contract" && key !== "type") visit(value);
    }
  };
  visit(test.body);
  return names;
}

function fail(site: Site, message: string): TestFailed {
  return new TestFailed(`${site.path}:${site.span.start}: ${message}`);
}

// --- statements ------------------------------------------------------------------------------------------------------

function runAll(session: Session, body: readonly TestStmt[]): void {
  for (const stmt of body) runOne(session, stmt);
}

function runOne(session: Session, stmt: TestStmt): void {
  switch (stmt.kind) {
    case "let": {
      const value = evaluate(session, stmt.value);
      const values = stmt.destructure ? asItems(value) : [value];
      stmt.locals.forEach((local, i) => {
        if (local !== undefined) session.locals[local] = values[i];
      });
      return;
    }
    case "set":
      session.locals[stmt.local] = evaluate(session, stmt.value);
      return;
    case "call":
      perform(session, stmt.call, "keep");
      return;
    case "expect":
      if (stmt.call.target.kind === "deploy") {
        judge(session, stmt, deployed(session, stmt.call, stmt.call.target.contract).outcome);
      } else {
        judge(session, stmt, session.world.runBlock([requestOf(session, stmt.call, new Map())], session.time)[0]);
      }
      return;
    case "assert":
      if (!asBool(evaluate(session, stmt.cond))) throw fail(stmt.site, "assertion failed");
      return;
    case "advance":
      advance(session, stmt);
      return;
    case "block": {
      const nonces = new Map<string, bigint>();
      const requests = stmt.body.map((each) => requestOf(session, each.call, nonces));
      const outcomes = session.world.runBlock(requests, session.time);
      stmt.body.forEach((each, i) => {
        judge(session, each, outcomes[i]);
      });
      return;
    }
    case "require":
    case "fuzz":
      throw fail(stmt.site, "the interpreter makes up no values");
    case "if":
      runAll(session, asBool(evaluate(session, stmt.cond)) ? stmt.then : stmt.otherwise);
      return;
    case "forList":
      repeat(session, stmt.local, asItems(evaluate(session, stmt.list)), stmt.body);
      return;
    case "forRange": {
      const from = asInt(evaluate(session, stmt.from));
      const rounds = asInt(evaluate(session, stmt.to)) - from;
      if (rounds > BigInt(stmt.max)) throw fail(stmt.site, "the loop goes beyond its cap");
      const items = Array.from({ length: Math.max(0, Number(rounds)) }, (_, i) => from + BigInt(i));
      repeat(session, stmt.local, items, stmt.body);
      return;
    }
    default:
      unreachable(stmt, "interpreter test statement");
  }
}

function repeat(session: Session, local: LocalId, items: readonly Val[], body: readonly TestStmt[]): void {
  for (const item of items) {
    session.locals[local] = item;
    runAll(session, body);
  }
}

function advance(session: Session, stmt: Extract<TestStmt, { kind: "advance" }>): void {
  const by = asInt(evaluate(session, stmt.by));
  if (stmt.what === "time") session.time += by;
  else for (let i = 0n; i < by; i++) session.world.runBlock([], session.time);
}

/** A `call` must succeed, an `expect` must revert with just these bytes. */
function judge(session: Session, stmt: Extract<TestStmt, { kind: "call" | "expect" }>, outcome: CallOutcome): void {
  const { status, data } = outcome.receipt;
  if (stmt.kind === "call") {
    if (status !== "success") throw fail(stmt.site, `the call ${status}: ${toHex(data)}`);
    return;
  }
  if (stmt.events !== undefined) {
    if (status !== "success") throw fail(stmt.site, `the call ${status}: ${toHex(data)}`);
    judgeEvents(session, stmt.events, outcome, stmt.site);
    return;
  }
  if (status !== "reverted") throw fail(stmt.site, `expected a revert, the call was a ${status}`);
  if (stmt.error === undefined) return;
  const args = stmt.error.args.map((arg) => evaluate(session, arg));
  const wanted = errorData(stmt.error.error, args);
  if (toHex(data) !== wanted) throw fail(stmt.site, `expected ${wanted}, found ${toHex(data)}`);
}

/** These logs in this order, with others between them; none at all where none is named. */
function judgeEvents(session: Session, events: readonly TestEvent[], { receipt }: CallOutcome, site: Site): void {
  const found = receipt.logs.map(({ topics, data }) => `${topics.join()} ${toHex(data)}`);
  if (events.length === 0 && found.length > 0) throw fail(site, "expected no event");
  let from = 0;
  for (const { event, args } of events) {
    const { topics, data } = encodeLog(
      event,
      args.map((arg) => evaluate(session, arg)),
    );
    const at = found.indexOf(`${topics.join()} ${data}`, from);
    if (at < 0) throw fail(site, `expected ${event.name}, found ${found.join("; ")}`);
    from = at + 1;
  }
}

// --- calls -----------------------------------------------------------------------------------------------------------

function isView({ target }: TestCall): boolean {
  return target.kind === "call" ? target.func.mutability === "view" : target.kind === "method" && target.method.view;
}

/** In expressions a view leaves no block behind. */
function perform(session: Session, call: TestCall, keep: "keep" | "drop"): Val {
  if (call.target.kind === "deploy") {
    const { address, outcome } = deployed(session, call, call.target.contract);
    if (outcome.receipt.status !== "success")
      throw fail(call.site, `the deployment ${outcome.receipt.status}: ${toHex(outcome.receipt.data)}`);
    return address;
  }
  const requests = [requestOf(session, call, new Map())];
  const [outcome] =
    keep === "keep" ? session.world.runBlock(requests, session.time) : session.world.tryBlock(requests, session.time, [0]).outcomes;
  const { status, data } = outcome.receipt;
  if (status !== "success") throw fail(call.site, `the call ${status}: ${toHex(data)}`);
  const value = decodeResult(calledBy(call.target).result, toHex(data));
  if (value === undefined) throw fail(call.site, `bad return data ${toHex(data)}`);
  return value;
}

function deployed(
  session: Session,
  call: TestCall,
  contract: Extract<TestCall["target"], { kind: "deploy" }>["contract"],
): ReturnType<World["deploy"]> {
  const { program } = session;
  const init = program.functions.get(contract.init);
  if (init === undefined) throw new Error("interpreter: a contract without init");
  const types = init.params.map((param) => param.type);
  const args = fromHex(
    `0x${encodeAll(
      types,
      call.args.map((arg) => evaluate(session, arg)),
    )}`,
  );
  return session.world.deploy({
    program,
    contract,
    args,
    from: senderOf(session, call),
    value: valueOf(session, call),
    time: session.time,
  });
}

function senderOf(session: Session, call: TestCall): Hex {
  return call.from === undefined ? account(DEFAULT_ACCOUNT) : hex(asHex(evaluate(session, call.from)));
}

function valueOf(session: Session, call: TestCall): bigint {
  return call.value === undefined ? 0n : asInt(evaluate(session, call.value));
}

/** What is called by name, in a contract that is known or through an interface. */
function calledBy(target: Exclude<TestCall["target"], { kind: "deploy" }>): Func | ExternalMethod {
  return target.kind === "call" ? target.func : target.method;
}

/** `nonces` counts the senders of one block. */
function requestOf(session: Session, call: TestCall, nonces: Map<string, bigint>): CallRequest {
  if (call.target.kind === "deploy") throw fail(call.site, "a deployment is a block of its own");
  const func = calledBy(call.target);
  const to = hex(asHex(evaluate(session, call.target.handle)));
  const args = call.args.map((arg) => evaluate(session, arg));
  const from = senderOf(session, call);
  const nonce = nonces.get(from) ?? session.world.nonceOf(from);
  nonces.set(from, nonce + 1n);
  const data = fromHex(
    encodeCall(
      func.name,
      func.params.map((param) => param.type),
      args,
    ),
  );
  return { from, to, data, value: valueOf(session, call), nonce, gasLimit: NO_LIMIT, gasPrice: 0n };
}

// --- expressions -----------------------------------------------------------------------------------------------------

function evaluate(session: Session, expr: TestExpr): Val {
  switch (expr.kind) {
    case "pure":
      return pure(session, expr);
    case "account":
      return account(expr.name);
    case "balance":
      return session.world.balanceOf(asHex(evaluate(session, expr.of)));
    case "call":
      return perform(session, expr.call, isView(expr.call) ? "drop" : "keep");
    default:
      return unreachable(expr, "interpreter test expression");
  }
}

function pure(session: Session, node: Extract<TestExpr, { kind: "pure" }>): Val {
  const { expr, type } = node;
  const all = (exprs: readonly TestExpr[]): Val[] => exprs.map((each) => evaluate(session, each));
  switch (expr.kind) {
    case "literal":
      return fromConstant(expr.value);
    case "local": {
      const value = session.locals[expr.local];
      if (value === undefined) throw new Error(`interpreter: local ${expr.local} of a test has no value yet`);
      return value;
    }
    case "unary":
      return unary(expr.op, type, evaluate(session, expr.operand));
    case "binary": {
      const left = evaluate(session, expr.left);
      if (expr.op === "&&" && !asBool(left)) return false;
      if (expr.op === "||" && asBool(left)) return true;
      return binary(expr.op, type, left, evaluate(session, expr.right));
    }
    case "convert":
      return convert(expr.operand.type, type, evaluate(session, expr.operand));
    case "tuple":
    case "list":
      return all(expr.elements);
    case "struct":
      return all(expr.values);
    case "member":
      return asItems(evaluate(session, expr.object))[expr.index];
    case "element": {
      const list = evaluate(session, expr.list);
      return elementAt(list, evaluate(session, expr.index));
    }
    case "length":
      return lengthOf(evaluate(session, expr.of));
    case "contains": {
      const items = asItems(evaluate(session, expr.list));
      const wanted = evaluate(session, expr.item);
      return items.some((item) => sameValue(item, wanted));
    }
    case "variant":
      return makeVariant(expr.variant, all(expr.args));
    case "encode":
      return `0x${encodeAll(typesOf(expr.args), all(expr.args))}`;
    case "concat":
      return concatAll(typesOf(expr.args), all(expr.args));
    case "ifExpr":
      return evaluate(session, asBool(evaluate(session, expr.cond)) ? expr.then : expr.otherwise);
    case "builtin":
      if (expr.name === "hasCode") throw new Error("interpreter: tests don't ask the chain for code");
      return builtin(expr.name, type, all(expr.args));
    case "call":
      return callFunction(outsideContracts(session.program), expr.func, all(expr.args));
    default:
      return unreachable(expr, "interpreter pure expression");
  }
}

function typesOf(exprs: readonly TestExpr[]): TestExpr["type"][] {
  return exprs.map((each) => each.type);
}

/** Free functions touch nothing: this is all they could see. */
function outsideContracts(program: Program): Run {
  const nothing = (): never => {
    throw new Error("interpreter: a function outside contracts calls one");
  };
  const outside: Outside = { hasCode: nothing, call: nothing, rawCall: nothing, create: nothing };
  const words = { height: 0n, time: 0n, chainId: 0n };
  const records = { tickets: new Map(), trail: [], logs: [], touched: new Map(), step: () => undefined };
  const transaction = { ...words, ...records, store: createStore(), outside };
  return { transaction, program, self: "0x", caller: "0x", value: 0n, nested: false };
}
