/**
 * What users of the runtime see: calls in, blocks and receipts out. Plain types, no code.
 * Addresses and hashes cross this border as lower-case hex strings with 0x, amounts as bigint, data as Uint8Array.
 */
import type { AbiEntry, ContractModule } from "./module.ts";
import type { Profile } from "./simulate/profile.ts";
import type { Accesses } from "./simulate/waits.ts";

export type Hex = `0x${string}`;

export interface ChainOptions {
  /** Executing threads, this one included. 1: no worker is started. */
  readonly workers: number;
  /** Entries each table can hold; memory is reserved, not used. Default 2^22. */
  readonly capacity: number;
  readonly chainId: bigint;
  /** Native coin at height 0. */
  readonly genesis: readonly { readonly address: Hex; readonly balance: bigint }[];
  readonly time: bigint;
  /** Takes the fees; undefined: they are burnt. */
  readonly feeRecipient: Hex | undefined;
  /**
   * Which parallel blocks the workers take part in: those where it pays, judged by size and by what blocks took lately (`adaptive`, the default), or
   * all that are large enough (`large`), or all of them (`always`). Results are the same.
   */
  readonly sharing: "adaptive" | "large" | "always";
  /** For tests of the scheduler: calls claimed at once, and a pause injected into workers by call index. */
  readonly chunk: number;
  readonly delay: ((call: number) => number) | undefined;
}

export interface CallRequest {
  readonly from: Hex;
  readonly to: Hex;
  /** Selector and ABI-encoded arguments. */
  readonly data: Uint8Array;
  readonly value: bigint;
  readonly nonce: bigint;
  /** The call reverts with OutOfGas when its static cost bound is above, or as soon as it is together with those of the contracts it calls. */
  readonly gasLimit: bigint;
  /** Native coin per unit of cost. */
  readonly gasPrice: bigint;
}

export type Mode = "serial" | "parallel";

export interface Log {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Uint8Array;
}

export interface Receipt {
  readonly status: "success" | "reverted" | "rejected";
  /** Return data, or error data when reverted; empty when rejected. */
  readonly data: Uint8Array;
  readonly logs: readonly Log[];
  /** The static bounds, evaluated, of all functions that it reached; the gas limit when they exceed that; 0 when rejected. */
  readonly cost: bigint;
  /** Why it was rejected: `nonce`, `balance`; else undefined. */
  readonly rejection: "nonce" | "balance" | undefined;
}

/** Receipts are decoded from the block's bytes when asked for. */
export interface Receipts {
  readonly length: number;
  at(call: number): Receipt;
  /** 0 success, 1 reverted, 2 rejected, without decoding anything. */
  statusOf(call: number): 0 | 1 | 2;
}

export interface StageTimes {
  readonly admitMs: number;
  readonly planMs: number;
  readonly scheduleMs: number;
  /** Wall time in which calls ran; overlaps planning when workers run while this thread plans. */
  readonly executeMs: number;
  readonly commitMs: number;
  readonly totalMs: number;
}

export interface BlockStats {
  readonly mode: Mode;
  readonly calls: number;
  /** How often calls were run: each that has passed admission and could pay for its bound once, and never again. */
  readonly executions: number;
  readonly workers: number;
  /** Whether workers took part. The counts below are those of the order that sharing needs, found afterwards where it wasn't shared. */
  readonly shared: boolean;
  /** Ordering edges between calls. */
  readonly edges: number;
  /** Calls that had to wait for an earlier call of the block. */
  readonly waiting: number;
  /** Longest chain of waiting calls, in calls, and weighted by their cost. */
  readonly criticalPath: number;
  readonly criticalCost: bigint;
  readonly totalCost: bigint;
  /** Updates that can commute (Δ, `|=`, `&=`, `min=`, `max=`), and how many of them ran as ordered writes because they weren't cleared. */
  readonly deltas: number;
  readonly uncleared: number;
  /** Accesses whose slot was only known right before execution. */
  readonly unresolved: number;
  readonly times: StageTimes;
}

export interface ChangedCell {
  readonly contract: Hex | undefined;
  /** `balances[0x…]`, `proposals[7].yes`, `coin[0x…]`. */
  readonly cell: string;
  readonly before: CellValue;
  readonly after: CellValue;
}

/** bool; integers and enum index as bigint; address, bytes32 and hashes of keys as hex; string, bytes and packed values as bytes in hex. */
export type CellValue = boolean | bigint | Hex;

export interface Cell {
  /** Undefined: the native coin (field `coin`) and nonces (field `nonce`). */
  readonly contract: Hex | undefined;
  readonly field: string;
  readonly keys: readonly CellValue[];
  readonly path: readonly string[];
  readonly value: CellValue;
}

/** How a plan names a cell: `D` adds to it; `wide` has the whole field for itself, `wideR` reads any cell of it. The last four commute with their own kind only. */
export type PlannedMode = "R" | "W" | "D" | "wide" | "wideR" | "|" | "&" | "min" | "max";

export interface BlockResult {
  readonly height: bigint;
  readonly time: bigint;
  readonly receipts: Receipts;
  readonly stats: BlockStats;
  /** Cells whose value the block changed, sorted by name. */
  changedCells(): readonly ChangedCell[];
  /** For tests: the cells the plan of a call names, with mode, as `contract|cell`, wide ones as the field with `*`. Only in blocks run with `trace: true`. */
  plannedCells(call: number): readonly { readonly cell: string; readonly mode: PlannedMode }[];
}

export interface BlockProfile extends Profile {
  readonly accesses: Accesses;
  /** Whether a chain shares a block of this size with its workers. */
  readonly shareable: boolean;
  /** `contract|cell` of a cell in `accesses`; until the chain begins another block. */
  nameOf(cell: number): string;
}

/** What we need of an `AbortSignal`; the type of that name comes with Node or a browser, and a program that uses this library may have neither. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}

export interface BlockOptions {
  readonly time: bigint;
  readonly mode: Mode;
  readonly trace: boolean;
  /** Ends the block between two of its stages: it is rolled back, and the promise rejects with the signal's reason. */
  readonly signal?: StopSignal;
}

export interface ViewResult {
  readonly status: "success" | "reverted";
  readonly data: Uint8Array;
}

export interface DeployOptions {
  readonly from: Hex;
  /** ABI-encoded constructor arguments. */
  readonly args: Uint8Array;
  readonly value: bigint;
  readonly time: bigint;
}

/** The text of a module as JavaScript, and the module loaded from it: workers load the text on their own. */
export interface LoadedModule {
  readonly module: ContractModule;
  readonly text: string;
}

export interface DeployResult {
  readonly address: Hex;
  readonly receipt: Receipt;
  readonly height: bigint;
}

/**
 * Calls of a block as bytes in shared memory: one fixed header per call and the calldata. Built once, run as often as one likes.
 */
export interface BlockBuffer {
  readonly length: number;
  readonly buffer: SharedArrayBuffer;
}

export interface Chain {
  readonly height: bigint;
  readonly time: bigint;
  readonly workers: number;
  /** Makes a code known without deploying it: codes that a contract creates must be loaded before that contract is deployed. */
  load(loaded: LoadedModule): Promise<void>;
  /** Runs the constructor as a block of its own. Steps the sender's nonce; the address is Ethereum's CREATE address. */
  deploy(loaded: LoadedModule, options: DeployOptions): Promise<DeployResult>;
  /** Executes and keeps the result pending: `commit` makes it the state, `discard` restores what was. */
  execute(block: BlockBuffer, options: BlockOptions): Promise<BlockResult>;
  commit(): void;
  discard(): void;
  /**
   * Executes the block some tens of times on this thread, takes it back each time, and tells how long each call's steps took and who waits for whom: what
   * `simulate` needs.
   */
  profile(block: BlockBuffer, options: Pick<BlockOptions, "time" | "signal">): Promise<BlockProfile>;
  /** Execute and commit. */
  run(block: BlockBuffer, options: BlockOptions): Promise<BlockResult>;
  /** Calls a function on the last committed state and keeps nothing. */
  view(request: { readonly from: Hex; readonly to: Hex; readonly data: Uint8Array; readonly value: bigint }): ViewResult;
  balanceOf(address: Hex): bigint;
  nonceOf(address: Hex): bigint;
  abiOf(address: Hex): readonly AbiEntry[] | undefined;
  /** All cells that aren't at their default, in no particular order. */
  cells(): Iterable<Cell>;
  /** 32 bytes, equal for equal state, whatever the order in which it came about. */
  digest(): Hex;
  /**
   * Back to height 0, the time of the options and the coin of the genesis; codes, contracts and nonces stay as they are. For tools that play many short
   * histories, each with contracts of its own: opening a chain for each would take most of the time.
   */
  rewind(): void;
  /** Ends the workers and waits for them; once is enough, but any number of times is fine. Not while a block is being executed. */
  close(): Promise<void>;
}
