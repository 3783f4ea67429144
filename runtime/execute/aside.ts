/**
 * Single calls beside the blocks: constructors and views. They run in a small room of their own, so that what the last block left stays readable.
 */
import { validateCalldata } from "../abi/validate.ts";
import { blockBuffer } from "../block.ts";
import type { Checkpoint } from "../commit/checkpoints.ts";
import { appendCheckpoints, findCheckpoints } from "../commit/checkpoints.ts";
import { Journal } from "../commit/journal.ts";
import { BlockReceipts } from "../commit/receipts.ts";
import type { Code } from "../state/code.ts";
import { readBig, writeBig } from "../state/column.ts";
import type { StateMemory } from "../state/state.ts";
import type { CallRequest, Receipt, ViewResult } from "../types.ts";
import type { Environment } from "./environment.ts";
import { Engine } from "./engine.ts";
import {
  CALL_ARGS,
  CALL_CALLER,
  CALL_CODE,
  CALL_FUNCTION,
  CALL_INSTANCE,
  CALL_SELF,
  CALL_STRIDE,
  CALL_VERDICT,
  FUNCTION_INIT,
  HEADER_OFFSET,
  VERDICT_EMPTY,
  VERDICT_RUN,
} from "./memory.ts";
import { outOfGasData } from "./messages.ts";
import type { EngineParts } from "./workspace.ts";

const PLENTY_OF_GAS = 2n ** 64n - 1n;
const NO_DATA = new Uint8Array(0);
/** Selectors stand before the arguments; constructors have none, but the room. */
const SELECTOR_BYTES = 4;

export interface Construction {
  readonly code: Code;
  readonly instance: number;
  /** Address ids. */
  readonly sender: number;
  readonly self: number;
  readonly args: Uint8Array;
  readonly value: bigint;
}

interface Line {
  readonly code: Code;
  readonly func: number;
  readonly instance: number;
  readonly self: number;
  readonly sender: number;
  readonly verdict: number;
  /** Where its arguments begin. */
  readonly args: number;
}

export class Aside {
  private readonly state: StateMemory;
  private readonly engine: Engine;

  constructor(parts: Pick<EngineParts, "state" | "caches" | "maker">) {
    this.state = parts.state;
    this.engine = new Engine({ ...parts, threads: 1, chunk: 1, reads: false, pool: undefined }, 1);
  }

  setFields(count: number): void {
    this.engine.setFields(count);
  }

  /** Runs a constructor. What it did stays when it succeeds, with its value paid by the sender; else nothing does. */
  construct(call: Construction, environment: Environment): Receipt {
    const { engine, state } = this;
    const journal = new Journal();
    const data = new Uint8Array(SELECTOR_BYTES + call.args.length);
    data.set(call.args, SELECTOR_BYTES);
    const input = this.bufferOf(call.sender, call.self, data, call.value);
    const payable = call.value === 0n || call.code.module.init.mutability === "payable";
    const view = new DataView(input);
    const valid = payable && validateCalldata(view, new Uint8Array(input), argsAt(view), call.args.length, call.code.initShape);
    engine.open({ input, length: 1, pays: false, environment, journal, trace: undefined });
    this.fill({ ...call, func: FUNCTION_INIT, verdict: valid ? VERDICT_RUN : VERDICT_EMPTY, args: argsAt(view) });
    let checkpoints: readonly Checkpoint[];
    try {
      engine.runSerial(1, undefined);
      checkpoints = findCheckpoints(state, journal);
    } catch (thrown) {
      engine.abandon();
      journal.swap(state.columns);
      throw thrown;
    }
    const receipt = new BlockReceipts(1, engine.memory, state, engine.generation).at(0);
    if (receipt.status === "success") {
      appendCheckpoints(checkpoints, environment.height);
      writeBig(state.coin, call.sender, readBig(state.coin, call.sender) - call.value);
    }
    // Numbers that the constructor drew vanish with the contract.
    else journal.swap(state.columns);
    return receipt;
  }

  /** Runs a call and keeps nothing of it. */
  view(request: Pick<CallRequest, "from" | "to" | "data" | "value">, environment: Environment): ViewResult {
    const { engine, state } = this;
    const sender = state.addresses.internHex(request.from);
    const self = state.addresses.findHex(request.to);
    const index = self === 0 ? -1 : state.codeAt(self);
    const input = this.bufferOf(sender, self, request.data, request.value);
    const code = state.codes[index];
    const view = new DataView(input);
    const at = argsAt(view);
    const func = index < 0 || request.data.length < SELECTOR_BYTES ? undefined : code.functionOf.get(view.getUint32(at - SELECTOR_BYTES));
    if (func === undefined || (request.value > 0n && code.module.functions[func].mutability !== "payable"))
      return { status: "reverted", data: NO_DATA };
    const length = request.data.length - SELECTOR_BYTES;
    if (!validateCalldata(view, new Uint8Array(input), at, length, code.shapes[func])) return { status: "reverted", data: NO_DATA };
    const journal = new Journal();
    engine.open({ input, length: 1, pays: false, environment, journal, trace: undefined });
    this.fill({ code, func, instance: state.instanceAt(self), self, sender, verdict: VERDICT_RUN, args: at });
    try {
      const outcome = engine.probe(0);
      // There is gas for any bound: it is larger than a call may be.
      if (outcome === undefined) return { status: "reverted", data: outOfGasData() };
      return { status: outcome.success ? "success" : "reverted", data: outcome.data };
    } finally {
      engine.abandon();
      journal.swap(state.columns);
    }
  }

  /** A block of one call. */
  private bufferOf(sender: number, self: number, data: Uint8Array, value: bigint): SharedArrayBuffer {
    const { addresses } = this.state;
    const request = {
      from: addresses.hexOf(sender),
      to: addresses.hexOf(self),
      data,
      value,
      nonce: 0n,
      gasLimit: PLENTY_OF_GAS,
      gasPrice: 0n,
    };
    return blockBuffer([request]).buffer;
  }

  private fill(line: Line): void {
    const { calls } = this.engine.memory;
    calls.fill(0, 0, CALL_STRIDE);
    calls[CALL_CODE] = line.code.index;
    calls[CALL_FUNCTION] = line.func;
    calls[CALL_INSTANCE] = line.instance;
    calls[CALL_SELF] = line.self;
    calls[CALL_CALLER] = line.sender;
    calls[CALL_VERDICT] = line.verdict;
    calls[CALL_ARGS] = line.args;
  }
}

/** Where the arguments of the only call begin. */
function argsAt(view: DataView): number {
  return view.getUint32(HEADER_OFFSET, true) + SELECTOR_BYTES;
}
