/** Carries out the body of one test on one session: statements in order, each call a block of its own unless a block gathers them. */
import { unreachable } from "../../compiler/core/bug.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { LocalId, Program, PureExpr, Site, Test, TestCall, TestExpr, TestStmt } from "../../compiler/typed/tree.ts";
import { encodeArgs } from "../../runtime/abi/encode.ts";
import type { Hex, LoadedModule, Receipt } from "../../runtime/types.ts";
import { DEFAULT_ACCOUNT, namedAccount } from "../accounts.ts";
import { calledBy, checkExpected, encodeCallData, resultOf } from "./calls.ts";
import type { ErrorReader, ExpectedError } from "./calls.ts";
import { cannotEvaluate, CaseDropped, TestFailure } from "./failure.ts";
import { explainWaits } from "./waits.ts";
import type { Reached } from "./coverage.ts";
import { concatValues, encodeValues } from "./bytes.ts";
import { judge } from "./assertions.ts";
import { checkEvents } from "./events.ts";
import type { ExpectedEvent } from "./events.ts";
import { callFunction, literalValue, rangeOf } from "./functions.ts";
import { applyBinary, applyBuiltin, applyUnary, convertValue } from "./operators.ts";
import { contains, elementAt, lengthOf, memberAt } from "./parts.ts";
import { MAX_HEIGHT_STEP } from "./session.ts";
import type { PreparedCall, Session } from "./session.ts";
import { abiParam, asHex, asInteger, membersOf } from "./values.ts";
import type { Names, TestValue } from "./values.ts";

export interface TestWorld {
  readonly program: Program;
  readonly session: Session;
  /** Modules of the program's contracts by name. */
  readonly modules: ReadonlyMap<string, LoadedModule>;
  readonly names: Names;
  readonly reader: ErrorReader;
  /** Told what runs of functions outside contracts. */
  readonly reached: Reached | undefined;
  /** Of the test's parameters, in order. */
  readonly given: readonly TestValue[];
  /** Before each statement and round of a loop: may throw to end a test that takes too long. */
  readonly tick: () => void;
  /** After each statement: throws when an invariant of a deployed contract doesn't hold any more. */
  readonly settled: (site: Site) => void;
  readonly fuzz: PlayFuzz;
}

type FuzzStmt = Extract<TestStmt, { kind: "fuzz" }>;
/** Makes the random calls of a statement. `addresses` are those of its targets; `check` runs its body. */
export type PlayFuzz = (stmt: FuzzStmt, addresses: readonly Hex[], check: () => Promise<void>) => Promise<void>;

type Expectation =
  | { readonly kind: "success" }
  | { readonly kind: "revert"; readonly expected: ExpectedError | undefined }
  | { readonly kind: "events"; readonly events: readonly ExpectedEvent[] };

/** Throws a TestFailure at the first thing that isn't as the test says. */
export async function carryOut(test: Test, world: TestWorld): Promise<void> {
  const { program, session, modules, names, reader } = world;
  const locals = new Map<LocalId, TestValue>(test.params.map((param, index) => [param.id, world.given[index]]));
  await run(test.body);

  async function run(body: readonly TestStmt[]): Promise<void> {
    for (const stmt of body) {
      world.tick();
      await statement(stmt);
      world.settled(stmt.site);
    }
  }

  async function statement(stmt: TestStmt): Promise<void> {
    switch (stmt.kind) {
      case "let": {
        const value = await evaluate(stmt.value);
        stmt.locals.forEach((local, index) => local !== undefined && locals.set(local, stmt.destructure ? memberAt(value, index) : value));
        return;
      }
      case "set":
        locals.set(stmt.local, await evaluate(stmt.value));
        return;
      case "call":
        await perform(stmt.call, "keep");
        return;
      case "expect":
        return expectation(stmt);
      case "assert":
        return assertion(stmt.cond);
      case "advance":
        return advance(stmt);
      case "block":
        return block(stmt);
      case "require":
        if ((await evaluate(stmt.cond)) !== true) throw new CaseDropped();
        return;
      case "fuzz":
        return fuzz(stmt);
      case "if":
        return run((await evaluate(stmt.cond)) === true ? stmt.then : stmt.otherwise);
      case "forList":
        return repeat(stmt.local, membersOf(await evaluate(stmt.list)), stmt.body);
      case "forRange": {
        const from = asInteger(await evaluate(stmt.from));
        const items = rangeOf(from, asInteger(await evaluate(stmt.to)), stmt.max);
        if (items === undefined) throw cannotEvaluate(stmt.site, "the loop goes beyond its cap");
        return repeat(stmt.local, items, stmt.body);
      }
      default:
        return unreachable(stmt, "test statement");
    }
  }

  async function repeat(local: LocalId, items: readonly TestValue[], body: readonly TestStmt[]): Promise<void> {
    for (const item of items) {
      world.tick();
      locals.set(local, item);
      await run(body);
    }
  }

  async function fuzz(stmt: FuzzStmt): Promise<void> {
    const addresses = stmt.targets.map((target) => asHex(localValue(target.local, stmt.site)));
    await world.fuzz(stmt, addresses, () => run(stmt.body));
  }

  async function advance(stmt: Extract<TestStmt, { kind: "advance" }>): Promise<void> {
    const by = asInteger(await evaluate(stmt.by));
    if (stmt.what === "time") {
      if (by < 0n || by > 2n ** 62n) throw cannotEvaluate(stmt.site, "time moves forward, by less than 2^62 seconds");
      return session.advanceTime(by);
    }
    if (by < 0n || by > MAX_HEIGHT_STEP) throw cannotEvaluate(stmt.site, `the height moves by at most ${MAX_HEIGHT_STEP} blocks at once`);
    return session.advanceHeight(by);
  }

  /** In expressions a view leaves no block behind; every other call makes one. */
  async function perform(call: TestCall, keep: "keep" | "drop"): Promise<TestValue> {
    if (call.target.kind === "deploy") return deploy(call);
    const prepared = await prepare(call);
    const { receipts } = await session.block([prepared], keep);
    return resultOf(call, receipts[0], reader);
  }

  async function deploy(call: TestCall): Promise<TestValue> {
    const result = await deployWith(call);
    resultOf(call, result.receipt, reader);
    return result.address;
  }

  async function deployWith(call: TestCall): ReturnType<Session["deploy"]> {
    if (call.target.kind !== "deploy") throw cannotEvaluate(call.site, "it is no deployment");
    const { contract } = call.target;
    const module = modules.get(contract.name);
    const init = program.functions.get(contract.init);
    if (module === undefined || init === undefined) throw cannotEvaluate(call.site, `\`${contract.name}\` can't be deployed`);
    const params = init.params.map((param) => abiParam(param.name, param.type));
    const args = encodeArgs(params, await evaluateAll(call.args));
    return session.deploy({ module, from: await senderOf(call), args, value: await valueOf(call), site: call.site });
  }

  async function prepare(call: TestCall): Promise<PreparedCall> {
    if (call.target.kind === "deploy") throw cannotEvaluate(call.site, "a deployment is a block of its own");
    const to = asHex(await evaluate(call.target.handle));
    const data = encodeCallData(calledBy(call.target), await evaluateAll(call.args));
    return { from: await senderOf(call), to, data, value: await valueOf(call), site: call.site };
  }

  async function senderOf(call: TestCall): Promise<Hex> {
    return call.from === undefined ? namedAccount(DEFAULT_ACCOUNT) : asHex(await evaluate(call.from));
  }

  async function valueOf(call: TestCall): Promise<bigint> {
    return call.value === undefined ? 0n : asInteger(await evaluate(call.value));
  }

  async function expectation(stmt: Extract<TestStmt, { kind: "expect" }>): Promise<void> {
    const wanted = await expected(stmt);
    if (stmt.call.target.kind === "deploy") return met(stmt.call, wanted, (await deployWith(stmt.call)).receipt);
    const { receipts } = await session.block([await prepare(stmt.call)], "keep");
    met(stmt.call, wanted, receipts[0]);
  }

  async function expected({ error, events }: Extract<TestStmt, { kind: "expect" }>): Promise<Expectation> {
    if (events === undefined)
      return { kind: "revert", expected: error === undefined ? undefined : { error: error.error, args: await evaluateAll(error.args) } };
    const all: ExpectedEvent[] = [];
    for (const { event, args } of events) all.push({ event, args: await evaluateAll(args) });
    return { kind: "events", events: all };
  }

  /** Throws where the receipt isn't what was expected of the call. */
  function met(call: TestCall, wanted: Expectation, receipt: Receipt): void {
    switch (wanted.kind) {
      case "success":
        resultOf(call, receipt, reader);
        return;
      case "revert":
        return checkExpected(call, wanted.expected, receipt, reader);
      case "events":
        resultOf(call, receipt, reader);
        return checkEvents(call, wanted.events, receipt, program, names);
    }
  }

  /** All arguments are evaluated first: within a block nothing can look at what its calls did. */
  async function block(stmt: Extract<TestStmt, { kind: "block" }>): Promise<void> {
    const calls: PreparedCall[] = [];
    const wanted: Expectation[] = [];
    for (const inner of stmt.body) {
      calls.push(await prepare(inner.call));
      wanted.push(inner.kind === "call" ? { kind: "success" } : await expected(inner));
    }
    const { receipts, stats, planned } = await session.block(calls, "keep");
    stmt.body.forEach((inner, index) => {
      met(inner.call, wanted[index], receipts[index]);
    });
    if (!stmt.parallel || session.mode === "serial") return;
    if (stats.waiting > 0) {
      const problem =
        stats.waiting === 1
          ? "one call of this block waited for an earlier one"
          : `${stats.waiting} calls of this block waited for earlier ones`;
      const sites = stmt.body.map((inner) => inner.call.site);
      throw new TestFailure("E0614", stmt.site, { problem }, explainWaits(planned, sites, names));
    }
    if (stats.uncleared > 0)
      throw new TestFailure("E0614", stmt.site, { problem: `${stats.uncleared} commutative updates of this block could not be cleared` });
  }

  async function assertion(cond: TestExpr): Promise<void> {
    const { holds, site, notes } = await judge(cond, evaluate, names);
    if (!holds) throw new TestFailure("E0611", site, {}, notes);
  }

  async function evaluateAll(exprs: readonly TestExpr[]): Promise<readonly TestValue[]> {
    const values: TestValue[] = [];
    for (const expr of exprs) values.push(await evaluate(expr));
    return values;
  }

  async function evaluate(expr: TestExpr): Promise<TestValue> {
    switch (expr.kind) {
      case "account":
        return namedAccount(expr.name);
      case "balance":
        return session.balanceOf(asHex(await evaluate(expr.of)));
      case "call": {
        return perform(expr.call, isView(expr.call.target) ? "drop" : "keep");
      }
      case "pure":
        return pure(expr.expr, expr);
      default:
        return unreachable(expr, "test expression");
    }
  }

  async function pure(expr: PureExpr, { type, site }: TestExpr): Promise<TestValue> {
    switch (expr.kind) {
      case "literal":
        return literalValue(expr.value);
      case "local":
        return localValue(expr.local, site);
      case "unary":
        return applyUnary(expr.op, type, await evaluate(expr.operand), site);
      case "binary": {
        const left = await evaluate(expr.left);
        if (expr.op === "&&") return left === true && (await evaluate(expr.right));
        if (expr.op === "||") return left === true || (await evaluate(expr.right));
        return applyBinary(expr.op, expr.left.type, left, await evaluate(expr.right), site);
      }
      case "convert":
        return convertValue(await evaluate(expr.operand), expr.operand.type, type, site);
      case "tuple":
      case "list":
        return evaluateAll(expr.elements);
      case "struct":
        return evaluateAll(expr.values);
      case "member":
        return memberAt(await evaluate(expr.object), expr.index);
      case "element":
        return elementAt(await evaluate(expr.list), await evaluate(expr.index), site);
      case "length":
        return lengthOf(await evaluate(expr.of), expr.of.type);
      case "contains":
        return contains(await evaluate(expr.list), await evaluate(expr.item));
      case "variant":
        return [BigInt(expr.variant), ...(await evaluateAll(expr.args))];
      case "encode":
        return encodeValues(typesOf(expr.args), await evaluateAll(expr.args));
      case "concat":
        return concatValues(typesOf(expr.args), await evaluateAll(expr.args), type);
      case "ifExpr":
        return evaluate((await evaluate(expr.cond)) === true ? expr.then : expr.otherwise);
      case "builtin":
        return applyBuiltin(expr.name, { types: typesOf(expr.args), result: type }, await evaluateAll(expr.args), site);
      case "call":
        return callFunction(program.functions, expr.func, await evaluateAll(expr.args), site, world.reached);
      default:
        return unreachable(expr, "pure expression");
    }
  }

  function localValue(local: LocalId, site: Site): TestValue {
    const value = locals.get(local);
    if (value === undefined) throw cannotEvaluate(site, "the variable has no value yet");
    return value;
  }
}

function typesOf(exprs: readonly TestExpr[]): readonly Type[] {
  return exprs.map((expr) => expr.type);
}

function isView(target: TestCall["target"]): boolean {
  if (target.kind === "deploy") return false;
  return target.kind === "call" ? target.func.mutability === "view" : target.method.view;
}
