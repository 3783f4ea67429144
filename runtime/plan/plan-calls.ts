/**
 * Calls of other contracts inside a plan: the code at the target is asked for its own plan, in a frame of its own and into a region of its own. Before
 * a region stand words that tell for which code, function and contract it was made; the call's second word tells whether exec must have
 * it planned again when it gets there, with arguments that are certain by then. The upper middle part of CallPlanner.
 */
import { decodeNeutral } from "../abi/codec.ts";
import { allFit, signatureFor, spread } from "../abi/signature.ts";
import type { ArgShape } from "../abi/shape.ts";
import { entryOf } from "../execute/entry.ts";
import { InternalError } from "../execute/internal-error.ts";
import { CALL_CELLS, ORDERED_WORDS } from "../execute/limits.ts";
import type { AddressId, FunctionEntry, LeafIndex, Maybe, Neutral, Slot, WordIndex } from "../module.ts";
import { UNRESOLVED } from "../module.ts";
import type { Code } from "../state/code.ts";
import { findFunction, findRaw, MAX_DEPTH } from "./callee.ts";
import { OwnWrites } from "./own-writes.ts";
import { PlanRecord } from "./plan-record.ts";
import { ALONE, ROLE_LATE, ROLE_PLAN, ROLE_RESOLVE } from "./roles.ts";

/** Words before a region: code, function, contract, and the first of the numbers drawn for it (0: none are). */
export const REGION_HEADER = 4;
const HEADER_NUMBERS = 3;
/** Words of a number that is drawn. */
export const NUMBER = 3;
/** Calls of other contracts that are planned ahead for one call; it runs alone when it may make more, and they are planned as they are reached. */
const MAX_PLANNED = 256;

/** A call of another contract that exec has reached. */
export interface LateCall {
  readonly call: number;
  readonly word: WordIndex;
  readonly code: Code;
  /** Index of the function, or FUNCTION_INIT. */
  readonly func: number;
  readonly self: AddressId;
  readonly caller: AddressId;
  /** By head word. */
  readonly args: readonly Neutral[];
  readonly value: bigint;
  /** Whether nothing else of the block runs at the moment. */
  readonly serial: boolean;
}

export abstract class PlanCalls extends PlanRecord {
  /** Bound of the call and of all callees planned with it: what it may cost to run it. */
  weight = 0;
  /** Writes of frames before the present one. */
  protected readonly own = new OwnWrites();
  /** The present frame, 0 the call's own; how many contracts are active. */
  protected frame = 0;
  protected depth = 1;
  /** Where the frame's next number is, 0 when it has none: they are drawn when a callee is planned, and handed out in order. */
  protected numbers: WordIndex = 0;
  private frames = 0;
  private readonly active = new Int32Array(MAX_DEPTH);

  protected abstract runPlan(entry: FunctionEntry): void;
  /** Takes the next number of a sequence of this instance into three words. */
  protected abstract drawInto(word: WordIndex, code: Code, leaf: LeafIndex, instance: Slot): void;

  /** A plan of a whole call begins. */
  protected beginCalls(): void {
    this.own.clear();
    this.frame = 0;
    this.frames = 0;
    this.depth = 1;
    this.numbers = 0;
    this.serial = false;
    this.start = this.next;
    // Setting a length costs more than the rest of a simple plan.
    if (this.changed.length > 0) this.changed.length = 0;
  }

  external(word: WordIndex, target: Maybe<AddressId>, callee: number, args: readonly Maybe<Neutral>[], tickets: boolean): void {
    const wanted = this.running().module.callees[callee];
    if (this.isRepeated(word)) {
      const header = this.words[word] - REGION_HEADER;
      const { params } = signatureFor(entryOf(this.state.codes[this.words[header]], this.words[header + 1]));
      this.again(word, spread(params, args), 0n);
      return;
    }
    if (this.role >= ROLE_RESOLVE) return;
    if (target === undefined) {
      this.leaveOpen(word);
      return;
    }
    const code = this.codeAt(target);
    const func = code === undefined ? -1 : findFunction(wanted, code);
    if (code === undefined || func < 0) {
      this.words[word] = UNRESOLVED;
      return;
    }
    const { params } = signatureFor(code.module.functions[func]);
    this.ahead(word, code, func, target, spread(params, args), 0n, tickets);
  }

  rawCall(word: WordIndex, target: Maybe<AddressId>, value: Maybe<bigint>, data: Maybe<Uint8Array>, tickets: boolean): void {
    if (this.isRepeated(word)) {
      const header = this.words[word] - REGION_HEADER;
      const { shape } = signatureFor(entryOf(this.state.codes[this.words[header]], this.words[header + 1]));
      const args = data === undefined ? undefined : this.rawArgs(shape, data);
      if (value !== undefined && args !== undefined) this.again(word, args, value);
      return;
    }
    if (this.role >= ROLE_RESOLVE) return;
    if (target === undefined || value === undefined || data === undefined) {
      this.leaveOpen(word);
      return;
    }
    const code = this.codeAt(target);
    const func = code === undefined ? -1 : findRaw(code, data, value);
    const args = code === undefined || func < 0 ? undefined : this.rawArgs(signatureFor(code.module.functions[func]).shape, data);
    if (code === undefined || args === undefined) this.words[word] = UNRESOLVED;
    else this.ahead(word, code, func, target, args, value, tickets);
  }

  private rawArgs(shape: ArgShape, data: Uint8Array): Neutral[] | undefined {
    this.ask(data.length >>> 5);
    return data.length < 4 ? undefined : decodeNeutral(shape, shape.layouts, data.subarray(4), this.state.addresses);
  }

  create(word: WordIndex): void {
    if (this.role === ROLE_PLAN) throw ALONE;
    if (this.role < ROLE_RESOLVE || this.words[word] === 0) this.setWord(word, UNRESOLVED);
  }

  /** The code at an address that can be entered now. */
  private codeAt(target: AddressId): Code | undefined {
    const index = this.state.codeAt(target);
    if (index < 0 || target === this.self || this.depth >= MAX_DEPTH) return undefined;
    for (let i = 0; i < this.depth - 1; i++) if (this.active[i] === target) return undefined;
    return this.state.codes[index];
  }

  /** Only running the call can tell what is called. */
  private leaveOpen(word: WordIndex): void {
    this.doubt();
    this.words[word] = UNRESOLVED;
  }

  /** Whether a region made before is to be filled; in a late plan its callees' regions are as good as they were. */
  private isRepeated(word: WordIndex): boolean {
    if (this.role < ROLE_RESOLVE) return false;
    if (this.role === ROLE_LATE && this.words[word] === 0) this.setWord(word, UNRESOLVED);
    return this.role === ROLE_RESOLVE && this.words[word] > 0;
  }

  private ahead(
    word: WordIndex,
    code: Code,
    func: number,
    self: AddressId,
    args: readonly Maybe<Neutral>[],
    value: bigint,
    tickets: boolean,
  ): void {
    const entry = code.module.functions[func];
    const pending = args.includes(undefined);
    // Only those that the call itself calls draw numbers: what they call in turn is known to them alone.
    const numbers = tickets && this.frame === 0 ? this.drawAll(code, self, entry) : 0;
    const { shape } = signatureFor(entry);
    const full = this.frames >= MAX_PLANNED || this.next - this.start > ORDERED_WORDS;
    const unread =
      pending && (entry.tickets === "varies" || shape.layouts.some((layout, head) => layout.dynamic && args[head] === undefined));
    // Arguments beyond the callee's limits: exec reverts.
    const fit = allFit(shape.layouts, args);
    if (full || unread || !fit) {
      if (fit) this.leaveOpen(word);
      else this.words[word] = UNRESOLVED;
      this.words[word + 1] = numbers;
      return;
    }
    const header = this.reserve(REGION_HEADER);
    this.words[header] = code.index;
    this.words[header + 1] = func;
    this.words[header + 2] = self;
    this.words[header + HEADER_NUMBERS] = numbers;
    this.inside(word, code, func, self, args, value, 0, numbers);
    if (this.words[word] !== header + REGION_HEADER) throw new InternalError("a callee's region isn't behind its header");
  }

  /** Draws all numbers of a function whose calls draw as many for all arguments (rule T2); where they are. */
  private drawAll(code: Code, self: AddressId, entry: FunctionEntry): WordIndex {
    if (entry.draws.length === 0) return 0;
    const numbers = this.reserve(entry.draws.length * NUMBER);
    entry.draws.forEach((leaf, index) => this.drawInto(numbers + index * NUMBER, code, leaf, this.state.instanceAt(self)));
    return numbers;
  }

  private again(word: WordIndex, args: readonly Maybe<Neutral>[], value: bigint): void {
    const start = this.words[word];
    const header = start - REGION_HEADER;
    this.inside(word, this.state.codes[this.words[header]], this.words[header + 1], this.words[header + 2], args, value, start, 0);
  }

  /** Runs a callee's plan in a frame of its own; `known` is its region if it has one. */
  private inside(
    word: WordIndex,
    code: Code,
    func: number,
    self: AddressId,
    args: readonly Maybe<Neutral>[],
    value: bigint,
    known: WordIndex,
    numbers: WordIndex,
  ): void {
    const { caller, self: callerSelf, args: callerArgs, attached, pending, base, known: unused, open, frame, numbers: mine } = this;
    const callerCode = this.running();
    const callerInstance = this.instance;
    const entry = entryOf(code, func);
    this.active[this.depth - 1] = callerSelf;
    this.depth++;
    this.frame = ++this.frames;
    this.caller = callerSelf;
    this.self = self;
    this.args = args;
    this.attached = value;
    this.pending = args.includes(undefined);
    this.numbers = numbers;
    this.base = 0;
    this.known = known;
    this.open = 0;
    this.enterCode(code, this.state.instanceAt(self));
    try {
      this.weight += entry.bound(this);
      this.runPlan(entry);
    } finally {
      this.words[word] = this.base !== 0 ? this.base : known !== 0 ? known : this.next;
      this.words[word + 1] = this.open > 0 || this.pending ? 1 : 0;
      this.caller = caller;
      this.self = callerSelf;
      this.args = callerArgs;
      this.attached = attached;
      this.pending = pending;
      this.numbers = mine;
      this.base = base;
      this.known = unused;
      this.open = open;
      this.frame = frame;
      this.depth--;
      this.enterCode(callerCode, callerInstance);
    }
  }

  // --- when exec has reached a call ---

  /** What `endLate` takes to undo a late plan. No word has number 0, so it stands for the record's end. */
  markLate(): number {
    const mark = this.changed.length;
    this.changed.push(0, this.next);
    return mark;
  }

  /** Plans a call at the moment it is made: fills what was left open, or makes the whole region. */
  late(late: LateCall): void {
    const { call, word, code, func, self, args } = late;
    const entry = entryOf(code, func);
    const known = this.words[word] > 0 ? this.words[word] : 0;
    // Nobody could foresee what this one asks of the tables, and they can grow: nothing else runs.
    if (late.serial && this.state.crowded(CALL_CELLS)) this.state.ensureRoom(CALL_CELLS);
    if (known === 0 && !late.serial) throw new InternalError("a call of another contract that nobody planned");
    this.role = ROLE_LATE;
    this.call = call;
    this.serial = late.serial;
    this.own.clear();
    this.frame = 1;
    this.depth = 2;
    this.caller = late.caller;
    this.self = self;
    this.args = args;
    this.attached = late.value;
    this.pending = false;
    this.open = 0;
    this.base = 0;
    this.known = known;
    this.enterCode(code, this.state.instanceAt(self));
    this.numbers =
      known === 0 ? (this.words[word] === UNRESOLVED ? this.words[word + 1] : 0) : this.words[known - REGION_HEADER + HEADER_NUMBERS];
    if (known === 0) {
      const header = this.reserve(REGION_HEADER);
      this.words[header] = code.index;
      this.words[header + 1] = func;
      this.words[header + 2] = self;
    }
    this.runPlan(entry);
    if (known === 0) this.setWord(word, this.base === 0 ? this.next : this.base);
  }

  /** The call has ended: its words are as they were, because exec may come back to them with other arguments. */
  endLate(mark: number): void {
    const { changed } = this;
    while (changed.length > mark) {
      const value = changed.pop();
      const word = changed.pop();
      if (value === undefined || word === undefined) return;
      if (word === 0) this.next = value;
      else this.words[word] = value;
    }
  }

  private running(): Code {
    if (this.code === undefined) throw new InternalError("a plan without a code");
    return this.code;
  }
}
