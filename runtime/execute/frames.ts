/**
 * Calls of other contracts while exec runs: a frame for each, in which code, contract, caller, arguments and record region are the callee's. A callee's
 * revert is the whole transaction's, so nothing is undone frame by frame. Also coin, numbers of sequences, and new contracts. Between Arguments
 * and ExecContext.
 */
import { decodeNeutral, encodeNeutral } from "../abi/codec.ts";
import type { Layout } from "../abi/shape.ts";
import { allFit, signatureFor, spread } from "../abi/signature.ts";
import type { AddressId, FunctionEntry, Neutral, WordIndex } from "../module.ts";
import { findFunction, findRaw, MAX_DEPTH } from "../plan/callee.ts";
import type { LateCall } from "../plan/plan-calls.ts";
import { REGION_HEADER } from "../plan/plan-calls.ts";
import { OVERSIZE } from "../plan/roles.ts";
import type { Code } from "../state/code.ts";
import type { StateMemory } from "../state/state.ts";
import { selectorOf } from "../values/keccak.ts";
import { Arguments } from "./arguments.ts";
import { entryOf } from "./entry.ts";
import { InternalError } from "./internal-error.ts";
import { FUNCTION_INIT, HEADER_BYTES, HEADER_GAS_LIMIT, TICKET_DRAWN, TICKET_EXHAUSTED } from "./memory.ts";
import type { REVERT } from "./messages.ts";

const INSUFFICIENT_FUNDS = selectorOf("InsufficientFunds(uint256)");
const SEQUENCE_EXHAUSTED = selectorOf("SequenceExhausted()");
const DYNAMIC_TICKET = selectorOf("DynamicTicket()");
const REENTRANCY = selectorOf("Reentrancy()");
const CALL_TOO_DEEP = selectorOf("CallTooDeep()");

const PANIC_ARITHMETIC = 0x11;
const TWO_32 = 4294967296;

/** Plans of calls that exec has reached: the thread's planner. */
export interface LatePlans {
  late(call: LateCall): void;
  markLate(): number;
  endLate(mark: number): void;
  forgetLate(): void;
}

/** Makes contracts; only where nothing else of the block runs. */
export interface Maker {
  /** Contracts made so far in the block. */
  readonly count: number;
  /** Registers a new instance of the code; its address. */
  make(code: Code, creator: AddressId): AddressId;
  /** Unmakes all but the first so many. */
  takeBack(count: number): void;
  /** Addresses of all but the first so many. */
  since(count: number): readonly AddressId[];
}

export abstract class Frames extends Arguments {
  base: WordIndex;
  nested: boolean;
  /** Sum of the bounds of all functions reached so far. */
  protected cost: number;
  /** Whether nothing else of the block runs beside this call. */
  protected alone: boolean;
  /** Active contracts: 1 when only the call's own is. */
  private level: number;
  /** Contracts whose constructor runs: they have no code yet. */
  private readonly constructing: AddressId[];
  private readonly active: Int32Array;
  private plans: LatePlans | undefined;
  protected maker: Maker | undefined;
  private addresses: readonly AddressId[];

  constructor(state: StateMemory) {
    super(state);
    this.base = 0;
    this.nested = false;
    this.cost = 0;
    this.alone = false;
    this.level = 1;
    this.constructing = [];
    this.active = new Int32Array(MAX_DEPTH);
    this.plans = undefined;
    this.maker = undefined;
    this.addresses = [];
  }

  protected abstract runEntry(entry: FunctionEntry): readonly Neutral[] | undefined;

  /** Of this thread. */
  usePlans(plans: LatePlans): void {
    this.plans = plans;
  }

  useMaker(maker: Maker): void {
    this.maker = maker;
  }

  /** Whether calls from here on run with nothing else of the block beside them. */
  setAlone(alone: boolean): void {
    this.alone = alone;
  }

  /** `made`: the contract whose constructor the call is, 0 if it is none. */
  protected beginFrames(base: WordIndex, cost: number, made: AddressId): void {
    if (this.constructing.length > 0) this.constructing.length = 0;
    if (made !== 0) this.constructing.push(made);
    this.base = base;
    this.nested = false;
    this.cost = cost;
    this.spent = false;
    this.plans?.forgetLate();
    this.level = 1;
  }

  protected override enterCode(code: Code, instance: number): void {
    super.enterCode(code, instance);
    this.codeIndex = code.index;
    this.addresses = code.addresses;
  }

  address(index: number): AddressId {
    return this.addresses[index];
  }

  // --- calls ---

  external(word: WordIndex, target: AddressId, callee: number, args: readonly Neutral[]): readonly Neutral[] {
    const wanted = this.running().module.callees[callee];
    const code = this.reach(target);
    const func = findFunction(wanted, code);
    if (func < 0) throw this.revertEmpty();
    const { params } = signatureFor(code.module.functions[func]);
    if (!allFit(params, args)) throw this.revertEmpty();
    return this.enter(word, code, func, target, spread(params, args), 0n, signatureFor(wanted).results);
  }

  rawCall(word: WordIndex, target: AddressId, value: bigint, data: Uint8Array, max: number): Uint8Array {
    const code = this.reach(target);
    const func = findRaw(code, data, value);
    if (func < 0) throw this.revertEmpty();
    const { shape, results } = signatureFor(code.module.functions[func]);
    const args = decodeNeutral(shape, shape.layouts, data.subarray(4), this.state.addresses);
    if (args === undefined) throw this.revertEmpty();
    const bytes = encodeNeutral(results, this.enter(word, code, func, target, args, value, undefined), this.state.addresses);
    if (bytes.length > max) throw this.revertEmpty();
    return bytes;
  }

  create(word: WordIndex, index: number, args: readonly Neutral[]): AddressId {
    const { name, codeHash } = this.running().module.creates[index];
    const code = this.state.codes.find((each) => each.module.codeHash === codeHash);
    if (code === undefined || this.maker === undefined || !this.alone) throw new InternalError(`\`${name}\` can't be created here`);
    if (this.level >= MAX_DEPTH) throw this.plain(CALL_TOO_DEEP);
    const { params } = signatureFor(code.module.init);
    if (!allFit(params, args)) throw this.revertEmpty();
    const self = this.maker.make(code, this.self);
    this.constructing.push(self);
    this.enter(word, code, FUNCTION_INIT, self, spread(params, args), 0n, undefined);
    this.constructing.pop();
    return self;
  }

  hasCode(target: AddressId): boolean {
    return this.state.codeAt(target) >= 0 && !this.constructing.includes(target);
  }

  /** The code at the target if it can be entered. */
  private reach(target: AddressId): Code {
    if (this.isActive(target)) throw this.plain(REENTRANCY);
    if (this.level >= MAX_DEPTH) throw this.plain(CALL_TOO_DEEP);
    const index = this.state.codeAt(target);
    if (index < 0) throw this.revertEmpty();
    return this.state.codes[index];
  }

  private isActive(target: AddressId): boolean {
    if (target === this.self) return true;
    for (let i = 0; i < this.level - 1; i++) if (this.active[i] === target) return true;
    return false;
  }

  /** Runs a function of another contract in a frame of its own; its results must fit these limits. */
  private enter(
    word: WordIndex,
    code: Code,
    func: number,
    self: AddressId,
    args: readonly Neutral[],
    value: bigint,
    limits: readonly Layout[] | undefined,
  ): readonly Neutral[] {
    const entry = entryOf(code, func);
    const { caller, self: callerSelf, args: callerArgs, attached, base, nested } = this;
    const callerCode = this.running();
    const callerInstance = this.instance;
    this.args = args;
    this.charge(entry.bound(this));
    if (value > 0n && !this.sub256(0, word + 2, value)) throw this.insufficient(value);
    this.active[this.level - 1] = callerSelf;
    this.level++;
    this.self = self;
    this.attached = value;
    this.nested = true;
    this.caller = callerSelf;
    this.enterCode(code, this.state.instanceAt(self));
    const mark = this.planned(word, code, func) ? -1 : this.planLate(word, code, func, value);
    this.base = this.words[word];
    const results = this.runEntry(entry) ?? [];
    if (mark >= 0) this.plans?.endLate(mark);
    this.level--;
    this.self = callerSelf;
    this.args = callerArgs;
    this.attached = attached;
    this.nested = nested;
    this.base = base;
    this.caller = caller;
    this.enterCode(callerCode, callerInstance);
    if (limits !== undefined && !allFit(limits, results)) throw this.revertEmpty();
    return results;
  }

  /** Whether the callee's region is complete. */
  private planned(word: WordIndex, code: Code, func: number): boolean {
    const start = this.words[word];
    if (start <= 0) return false;
    const header = start - REGION_HEADER;
    if (this.words[header] !== code.index || this.words[header + 1] !== func || this.words[header + 2] !== this.self)
      throw new InternalError(`footprint violation: another function than planned is called at word ${word}`);
    return this.words[word + 1] === 0;
  }

  private planLate(word: WordIndex, code: Code, func: number, value: bigint): number {
    const { plans, call, self, caller, args } = this;
    if (plans === undefined || args === undefined) throw new InternalError("a call of another contract without a planner");
    const mark = plans.markLate();
    try {
      plans.late({ call, word, code, func, self, caller, args, value, serial: this.alone });
    } catch (thrown) {
      throw thrown === OVERSIZE ? this.outOfGas() : thrown;
    }
    return mark;
  }

  private charge(bound: number): void {
    this.cost += bound;
    const header = (this.call * HEADER_BYTES + HEADER_GAS_LIMIT) >>> 2;
    const limit = this.input.u32[header + 1] * TWO_32 + this.input.u32[header];
    // Written so that NaN is above; beyond 2^53 sums aren't exact any more.
    if (this.cost <= limit && this.cost <= Number.MAX_SAFE_INTEGER) return;
    throw this.outOfGas();
  }

  /** Contracts that call aren't in the call's header: their address is read from the table. */

  private plain(selector: number): typeof REVERT {
    this.error(selector, 0);
    return this.revert();
  }

  // --- coin and numbers ---

  receive(word: WordIndex): void {
    const amount = this.value();
    if (amount === 0n) return;
    if (!this.add256(0, word, amount)) throw this.panic(PANIC_ARITHMETIC);
  }

  pay(from: WordIndex, to: WordIndex, amount: bigint): void {
    if (!this.sub256(0, from, amount)) throw this.insufficient(amount);
    if (!this.add256(0, to, amount)) throw this.panic(PANIC_ARITHMETIC);
  }

  private insufficient(amount: bigint): typeof REVERT {
    this.error(INSUFFICIENT_FUNDS, 1);
    this.putBig(amount);
    return this.revert();
  }

  ticket32(word: WordIndex): number {
    this.checkTicket(word);
    return this.words[word] >>> 0;
  }

  ticket64(word: WordIndex): bigint {
    this.checkTicket(word);
    return (BigInt(this.words[word + 1] >>> 0) << 32n) | BigInt(this.words[word] >>> 0);
  }

  private checkTicket(word: WordIndex): void {
    const state = this.words[word + 2];
    if (state !== TICKET_DRAWN) throw this.plain(state === TICKET_EXHAUSTED ? SEQUENCE_EXHAUSTED : DYNAMIC_TICKET);
  }
}
