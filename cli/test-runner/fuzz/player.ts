/**
 * Plays the random calls of a `fuzz` statement on one chain: makes them up and writes them down, or plays what was written down. In the serial run the invariants
 * of all deployed contracts are asked within the same block, each after each call: what a block gives is what its calls give one by one.
 */
import { abiSignature, selectorOf } from "../../../compiler/core/selector.ts";
import type { Func, Program, TestStmt } from "../../../compiler/typed/tree.ts";
import { encodeArgs } from "../../../runtime/abi/encode.ts";
import { blockBuffer } from "../../../runtime/block.ts";
import type { AbiParam } from "../../../runtime/module.ts";
import type { CallRequest, Chain, Hex, Mode, Receipt } from "../../../runtime/types.ts";
import { namedAccount } from "../../accounts.ts";
import type { TestFailure } from "../failure.ts";
import type { Invariant } from "../invariants.ts";
import { GAS_LIMIT } from "../session.ts";
import { abiParam, decodeResult } from "../values.ts";
import type { TestValue } from "../values.ts";
import { resolve } from "./cases.ts";
import type { CallStep, Step } from "./cases.ts";
import type { Dictionary } from "./dictionary.ts";
import { draw, drawCoin } from "./draw.ts";
import type { Random } from "./random.ts";

export type FuzzStmt = Extract<TestStmt, { kind: "fuzz" }>;

/** Most random calls of one block. */
const MAX_JOINED = 6;
/** How often calls share a block, and how often time or height move before one. */
const JOIN = 0.35;
const MOVE = 0.2;
/** Coin for a function that doesn't take any. */
const STRAY_COIN = 0.02;
/** Cells that a block changed are values worth trying; looking at them takes time. */
const LOOK_AT_CELLS = 0.15;
/** How often an account makes two calls in a row: most of what goes wrong takes several calls of one account. */
const SAME_CALLER = 0.4;
/** No jump is longer. */
const MAX_JUMP = 10n * 365n * 86_400n;
const JUMPS = [1n, 12n, 60n, 3_600n, 86_400n, 7n * 86_400n, 30n * 86_400n] as const;

/** Where the calls come from. */
export type Tape =
  | {
      readonly kind: "record";
      readonly random: Random;
      readonly dictionary: Dictionary;
      /** Calls of a statement that doesn't say how many. */
      readonly depth: number;
      /** Coin that may be sent with one call. */
      readonly coin: bigint;
    }
  | { readonly kind: "replay"; readonly plays: readonly (readonly Step[])[] };

export interface Stage {
  readonly chain: Chain;
  readonly mode: Mode;
  readonly program: Program;
  /** Names of the accounts that make calls. */
  readonly accounts: readonly string[];
  /** Who asks for invariants. */
  readonly asker: Hex;
  readonly questions: () => readonly { readonly to: Hex; readonly invariant: Invariant }[];
  readonly broken: (invariant: Invariant, data: Uint8Array) => TestFailure;
  readonly now: () => bigint;
  readonly advanceTime: (seconds: bigint) => void;
  readonly advanceHeight: (blocks: bigint) => Promise<void>;
  readonly tick: () => void;
  /** Whether what calls give is compared with another run. */
  readonly traced: boolean;
}

export interface Player {
  readonly play: (stmt: FuzzStmt, addresses: readonly Hex[], check: () => Promise<void>) => Promise<void>;
  /** What was played, by statement: of one that failed up to the call after which it did. */
  readonly plays: readonly (readonly Step[])[];
  readonly calls: () => number;
  /** One line per call. */
  readonly trace: readonly string[];
  /** Calls that reverted: they changed nothing. */
  readonly reverted: ReadonlySet<Step>;
  /** Whether a statement is being played. */
  readonly playing: () => boolean;
}

export function createPlayer(stage: Stage, tape: Tape): Player {
  const { chain, mode } = stage;
  const plays: Step[][] = [];
  const trace: string[] = [];
  const reverted = new Set<Step>();
  let madeCalls = 0;
  let playing = false;
  let lastCaller: string | undefined;

  return {
    async play(stmt, addresses, check) {
      const played: Step[] = [];
      plays.push(played);
      playing = true;
      const perform = async (calls: readonly CallStep[]): Promise<void> => {
        await block(calls, addresses, played);
        await check();
      };
      if (tape.kind === "record") await record(stmt, played, perform);
      else await replay(tape.plays.at(plays.length - 1) ?? [], played, perform);
      playing = false;
    },
    plays,
    calls: () => madeCalls,
    trace,
    reverted,
    playing: () => playing,
  };

  async function replay(steps: readonly Step[], played: Step[], perform: (calls: readonly CallStep[]) => Promise<void>): Promise<void> {
    let waiting: CallStep[] = [];
    for (const step of steps) {
      if (waiting.length > 0 && !(step.kind === "call" && step.joined)) {
        await perform(waiting);
        waiting = [];
      }
      if (step.kind === "call") waiting.push(step);
      else await advance(step, played);
    }
    if (waiting.length > 0) await perform(waiting);
  }

  async function record(stmt: FuzzStmt, played: Step[], perform: (calls: readonly CallStep[]) => Promise<void>): Promise<void> {
    if (tape.kind !== "record") return;
    const { random } = tape;
    const wanted = stmt.calls ?? tape.depth;
    const open = openFunctions(stage.program, stmt);
    if (open.length === 0) return;
    for (let made = 0; made < wanted;) {
      if (made > 0 && random.chance(MOVE)) await advance(drawMove(random, tape.dictionary), played);
      const count = random.chance(JOIN) ? Math.min(wanted - made, 2 + random.below(MAX_JOINED - 1)) : 1;
      const calls = Array.from({ length: count }, (_, i) => drawCall(open, stmt.targets.length, i > 0));
      made += count;
      await perform(calls);
    }
  }

  function drawCall(open: readonly Open[], instances: number, joined: boolean): CallStep {
    if (tape.kind !== "record") throw new RangeError("calls are drawn while recording");
    const { random, dictionary, coin } = tape;
    const { target, func } = random.pick(open);
    const source = { random, dictionary, accounts: stage.accounts.map(namedAccount), instances, now: stage.now() };
    const args = func.params.map((param) => draw(param.type, source));
    const pays = func.mutability === "payable" || random.chance(STRAY_COIN);
    if (lastCaller === undefined || !random.chance(SAME_CALLER)) lastCaller = random.pick(stage.accounts);
    return { kind: "call", target, func, args, from: lastCaller, value: pays ? drawCoin(coin, source) : 0n, joined };
  }

  function drawMove(random: Random, dictionary: Dictionary): Extract<Step, { kind: "advance" }> {
    if (random.chance(0.25)) return { kind: "advance", what: "height", by: BigInt(1 + random.below(random.pick([2, 5, 20]))) };
    const known = random.chance(0.5) ? dictionary.literal(random) : undefined;
    const seen = random.chance(0.5) ? dictionary.seen(random) : undefined;
    const until = seen === undefined ? undefined : seen - stage.now() + BigInt(random.below(3) - 1);
    const jump = [until, known].find((by) => by !== undefined && by > 0n && by < MAX_JUMP) ?? random.pick(JUMPS);
    return { kind: "advance", what: "time", by: random.chance(0.15) ? jump + 1n : jump };
  }

  async function advance(step: Extract<Step, { kind: "advance" }>, played: Step[]): Promise<void> {
    played.push(step);
    if (step.what === "time") stage.advanceTime(step.by);
    else await stage.advanceHeight(step.by);
  }

  /** Plays the calls in one block, and the questions between them. */
  async function block(calls: readonly CallStep[], addresses: readonly Hex[], played: Step[]): Promise<void> {
    stage.tick();
    const questions = mode === "serial" ? stage.questions() : [];
    const requests: CallRequest[] = [];
    const nonces = new Map<Hex, bigint>();
    const push = (from: Hex, to: Hex, data: Uint8Array, value: bigint): void => {
      const nonce = nonces.get(from) ?? chain.nonceOf(from);
      nonces.set(from, nonce + 1n);
      requests.push({ from, to, data, value, nonce, gasLimit: GAS_LIMIT, gasPrice: 0n });
    };
    for (const step of calls) {
      push(namedAccount(step.from), addresses[step.target], encodeStep(step, addresses), step.value);
      for (const { to, invariant } of questions) push(stage.asker, to, invariant.data, 0n);
    }
    const result = await chain.execute(blockBuffer(requests), { time: stage.now(), mode, trace: false });
    const { receipts } = result;
    const stride = 1 + questions.length;
    let broken: TestFailure | undefined;
    for (let i = 0; i < calls.length && broken === undefined; i++) {
      const step = calls[i];
      madeCalls++;
      if (stage.traced) trace.push(traceLine(receipts.at(i * stride)));
      played.push(step);
      if (receipts.statusOf(i * stride) !== 0) reverted.add(step);
      else if (tape.kind === "record") learn(step, () => receipts.at(i * stride), tape.dictionary);
      for (let q = 0; q < questions.length && broken === undefined; q++) {
        const at = i * stride + 1 + q;
        if (receipts.statusOf(at) !== 0) broken = stage.broken(questions[q].invariant, receipts.at(at).data);
      }
    }
    if (tape.kind === "record" && tape.random.chance(LOOK_AT_CELLS)) {
      for (const { after } of result.changedCells()) tape.dictionary.learnCell(after);
    }
    chain.commit();
    if (broken !== undefined) throw broken;
  }
}

function learn({ func, args, value }: CallStep, receipt: () => Receipt, dictionary: Dictionary): void {
  func.params.forEach((param, i) => dictionary.learn(args[i], param.type));
  if (value > 0n) dictionary.learn(value, { kind: "int", signed: false, bits: 256 });
  if (func.result.kind === "unit") return;
  const result = decodeResult(func.result, receipt().data);
  if (result !== undefined) dictionary.learn(result, func.result);
}

interface Open {
  readonly target: number;
  readonly func: Func;
}

/** The functions that random calls are made of: those that write. */
export function openFunctions(program: Program, stmt: Pick<FuzzStmt, "targets" | "only">): readonly Open[] {
  return stmt.targets.flatMap(({ contract }, target) =>
    contract.external.flatMap((id): Open[] => {
      const func = program.functions.get(id);
      const wanted = func !== undefined && func.mutability !== "view" && (stmt.only.length === 0 || stmt.only.includes(func.name));
      return wanted ? [{ target, func }] : [];
    }),
  );
}

interface Encoding {
  readonly selector: Uint8Array;
  readonly params: readonly AbiParam[];
}

/** Hashing the signature takes as long as the call. */
const encodings = new WeakMap<Func, Encoding>();

function encodeStep({ func, args }: CallStep, addresses: readonly Hex[]): Uint8Array {
  const { selector, params } = encodings.get(func) ?? encodingOf(func);
  const values = args.map((arg, i): TestValue => resolve(arg, func.params[i].type, addresses));
  const body = encodeArgs(params, values);
  const data = new Uint8Array(4 + body.length);
  data.set(selector);
  data.set(body, 4);
  return data;
}

function encodingOf(func: Func): Encoding {
  const types = func.params.map((param) => param.type);
  const encoding: Encoding = {
    selector: Buffer.from(selectorOf(abiSignature(func.name, types)).slice(2), "hex"),
    params: func.params.map((param) => abiParam(param.name, param.type)),
  };
  encodings.set(func, encoding);
  return encoding;
}

/** All that the serial and the parallel run must agree on. */
function traceLine({ status, rejection, cost, data, logs }: Receipt): string {
  const written = logs.map((log) => `${log.address} ${log.topics.join(",")} ${latin1(log.data)}`).join(";");
  return `${status} ${rejection ?? ""} ${cost} ${latin1(data)} ${written}`;
}

function latin1(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("latin1");
}
