/**
 * A hand-made contract and block memory for tests of state and exec: one leaf of each kind, and calls whose access words a test sets itself.
 */
import type { CellKind, ContractModule, Exec, FieldLayout, FunctionEntry, Revert } from "../../../runtime/module.ts";
import { ExecContext } from "../../../runtime/execute/context.ts";
import type { BlockMemory } from "../../../runtime/execute/memory.ts";
import {
  CALL_BASE,
  CALL_CALLER,
  CALL_CODE,
  CALL_FUNCTION,
  CALL_INSTANCE,
  CALL_SELF,
  CALL_STRIDE,
  createBlockMemory,
  HEADER_BYTES,
  HEADER_LENGTH,
  HEADER_OFFSET,
  HEADER_SENDER,
  HEADER_VALUE,
  RECEIPT_DATA_AT,
  RECEIPT_STRIDE,
  RECEIPT_THREAD,
} from "../../../runtime/execute/memory.ts";
import { readData } from "../../../runtime/commit/tape.ts";
import type { Code } from "../../../runtime/state/code.ts";
import { isBytesKind } from "../../../runtime/state/column.ts";
import type { StateMemory } from "../../../runtime/state/state.ts";
import { createState } from "../../../runtime/state/state.ts";

export const KINDS: readonly CellKind[] = [
  "bool", "u8", "u16", "u32", "i8", "i16", "i32", "enum", "address",
  "u64", "i64", "u128", "i128", "u256", "i256", "bytes32", "string", "bytes", "packed",
]; // prettier-ignore

export const MAX_TEXT = 100;

export function field(name: string, keys: FieldLayout["keys"], kinds: readonly CellKind[]): FieldLayout {
  const leaves = kinds.map((kind) => ({
    path: kinds.length === 1 ? [] : [kind],
    kind,
    max: isBytesKind(kind) ? MAX_TEXT : 0,
    variants: kind === "enum" ? ["A", "B", "C"] : [],
    history: false,
  }));
  return { name, kind: "state", keys, leaves, staged: false };
}

export function entry(exec: (x: Exec) => void, params: FunctionEntry["params"] = []): FunctionEntry {
  return {
    name: "f",
    signature: "f()",
    selector: 1,
    mutability: "nonpayable",
    params,
    results: [],
    returns: "()",
    tickets: "none",
    draws: [],
    bound: () => 1,
    plan: () => undefined,
    planOpen: () => undefined,
    exec: (x) => {
      exec(x);
      return undefined;
    },
  };
}

export function contract(fields: readonly FieldLayout[], functions: readonly FunctionEntry[] = [], codeHash = "0x01"): ContractModule {
  return {
    format: 1,
    name: "Fixture",
    codeHash,
    fields,
    init: entry(() => undefined),
    functions,
    events: [{ name: "E", topic: `0x${"e1".repeat(32)}` }],
    addresses: [],
    callees: [],
    creates: [],
    shapes: [],
    natives: [],
    abi: [],
  };
}

/** A map by u32 with one leaf per kind: leaf `1 + KINDS.indexOf(kind)`. */
export const everyKind = field("cells", ["u32"], KINDS);

export function leafOf(kind: CellKind): number {
  return 1 + KINDS.indexOf(kind);
}

export function newState(capacity = 1000): StateMemory {
  return createState({ capacity, arenaBytes: 1 << 24, seed: { k0: 0x1234, k1: 0x5678 } });
}

export interface Bench {
  readonly state: StateMemory;
  readonly code: Code;
  readonly memory: BlockMemory;
  readonly context: ExecContext;
  readonly self: number;
  readonly caller: number;
  /** Record words of the call, from its base. */
  setWord(index: number, value: number): void;
  /** Runs exec as call 0 with these arguments (no selector) and attached coin; its status. */
  run(exec: (x: Exec) => void, args?: Uint8Array, value?: bigint): number;
  data(): Uint8Array;
}

export const BASE = 8;
const CALLER_BYTE = 0xca;

/** One contract over `everyKind`, its calls run on thread `thread` of two. */
export function bench(thread = 0, fields: readonly FieldLayout[] = [everyKind]): Bench {
  const state = newState();
  let current: (x: Exec) => void = () => undefined;
  const code = state.register(contract(fields, [entry((x) => current(x))]));
  const self = state.addresses.internBytes(new Uint8Array(20).fill(0x5e), 0);
  const caller = state.addresses.internBytes(new Uint8Array(20).fill(CALLER_BYTE), 0);
  const instance = state.addInstance(code, self);
  const memory = createBlockMemory({ threads: 2, calls: 4, words: 4096, nodes: 64, outputBytes: 1 << 22 });
  const context = new ExecContext(state, thread);
  memory.calls[CALL_CODE] = code.index;
  memory.calls[CALL_FUNCTION] = 0;
  memory.calls[CALL_INSTANCE] = instance;
  memory.calls[CALL_SELF] = self;
  memory.calls[CALL_CALLER] = caller;
  memory.calls[CALL_BASE] = BASE;
  memory.calls.copyWithin(CALL_STRIDE, 0, CALL_STRIDE);
  return {
    state,
    code,
    memory,
    context,
    self,
    caller,
    setWord: (index, value) => {
      memory.words[BASE + index] = value;
    },
    run: (exec, args = new Uint8Array(0), value = 0n) => {
      current = exec;
      context.openBlock(memory, blockOf(args, value), { height: 7n, time: 1_700_000_000n, chainId: 1n });
      return context.run(0);
    },
    data: () => receiptData(state, memory, 0),
  };
}

/** A buffer of one call; the arguments start at a multiple of 8. */
export function blockOf(args: Uint8Array, value: bigint): SharedArrayBuffer {
  const start = HEADER_BYTES + 8;
  const buffer = new SharedArrayBuffer(start + Math.ceil(args.length / 8) * 8);
  const view = new DataView(buffer);
  for (let lane = 0; lane < 4; lane++) view.setBigUint64(HEADER_VALUE + 24 - lane * 8, BigInt.asUintN(64, value >> BigInt(64 * lane)));
  new Uint8Array(buffer).fill(CALLER_BYTE, HEADER_SENDER, HEADER_SENDER + 20);
  view.setUint32(HEADER_OFFSET, start - 4, true);
  view.setUint32(HEADER_LENGTH, args.length + 4, true);
  new Uint8Array(buffer).set(args, start);
  return buffer;
}

/** Throws as generated code does: a revert is no Error. */
export function raise(revert: Revert): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- a constant, so that a failing call allocates nothing
  throw revert;
}

export function receiptData(state: StateMemory, memory: BlockMemory, call: number): Uint8Array {
  const at = call * RECEIPT_STRIDE;
  const from = memory.receipts[at + RECEIPT_DATA_AT];
  return from < 0 ? new Uint8Array(0) : readData(state, memory.outputs[memory.receipts[at + RECEIPT_THREAD]], from);
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** 32-byte big-endian word of an integer, as hex without 0x. */
export function wordHex(value: bigint | number): string {
  return BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, "0");
}
