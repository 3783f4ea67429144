/**
 * Puts a workload on its feet: opens a chain, deploys contracts from their sources, sets them up in large blocks and packs the blocks to be
 * measured. The same seeds give the same bytes. Nothing here is timed.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { emitModule } from "../compiler/codegen/module.ts";
import { compile } from "../compiler/pipeline.ts";
import { encodeArgs, encodeCall, type AbiInput } from "../runtime/abi/encode.ts";
import { findFunction } from "../runtime/abi/receipt.ts";
import { isDynamic, parseType, selectorOfEntry } from "../runtime/abi/type.ts";
import { BlockBuilder } from "../runtime/block.ts";
import { openChain } from "../runtime/chain.ts";
import { loadModule } from "../runtime/load.ts";
import type { AbiEntry } from "../runtime/module.ts";
import type { BlockBuffer, Chain, ChainOptions, Hex, LoadedModule } from "../runtime/types.ts";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const TIME = 1_700_000_000n;
/** Above every cost. */
const PLENTY = 2n ** 63n;
export const GENESIS_COIN = 10n ** 24n;
/** Room for a million accounts and what else there is. */
const CAPACITY = 2 ** 21;
/** Elements that lists of the set-up functions take. */
const SET_UP_LIST = 256;

/** How a run is made; the same for all its workloads. */
export interface Setting {
  readonly workers: number;
  readonly sharing: ChainOptions["sharing"];
  /** Tests have neither the time nor the memory for a million accounts. */
  readonly accountsAtMost: number;
}

export interface Deployed {
  readonly address: Hex;
  readonly loaded: LoadedModule;
}

export interface CallSketch {
  readonly from: Hex;
  readonly to: Deployed;
  readonly name: string;
  readonly args: readonly AbiInput[];
  readonly value: bigint;
}

/** Numbers below the argument, the same in every run. */
export type Random = (below: number) => number;

/** xorshift32. */
export function randomFrom(seed: number): Random {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

/** Ranks from 0 on, the first ones most likely: the probability of rank r falls as 1 / (r + 1)^exponent. */
export function zipf(count: number, exponent: number): (random: Random) => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += Math.pow(rank + 1, -exponent);
    sums[rank] = sum;
  }
  return (random) => {
    const wanted = (random(2 ** 32) / 2 ** 32) * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

const accounts: Hex[] = [];

/** Addresses spread like real ones: rounds of a multiplicative hash. */
export function accountOf(index: number): Hex {
  return (accounts[index] ??= makeAccount(index));
}

function makeAccount(index: number): Hex {
  const a = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  const b = Math.imul(a ^ (a >>> 15), 0x85ebca6b) >>> 0;
  const part = (value: number): string => value.toString(16).padStart(8, "0");
  return `0x${part(a)}${part(b)}${part(Math.imul(b, 0xc2b2ae35) >>> 0)}${part(index)}aa55aa55`;
}

/** Deploys everything, and is none of the accounts. */
export const OWNER: Hex = `0x${"0e".repeat(20)}`;

/** As ledgers name an account. */
export function bare(address: Hex): string {
  return address.slice(2);
}

/** A call without coin. */
export function call(from: Hex, to: Deployed, name: string, args: readonly AbiInput[]): CallSketch {
  return { from, to, name, args, value: 0n };
}

/** 0, 1, … up to `count`, in runs as long as the lists of set-up functions may be. */
export function runsOf(count: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(count / SET_UP_LIST) }, (_, run) =>
    Array.from({ length: Math.min(SET_UP_LIST, count - run * SET_UP_LIST) }, (_, i) => run * SET_UP_LIST + i),
  );
}

const modules = new Map<string, Promise<LoadedModule>>();

/** Compiles a contract, `file` being relative to the project: the bench runs what users run. */
export function loadContract(file: string): Promise<LoadedModule> {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const { compiled, diagnostics } = compile(file, (path) => readFileSync(join(ROOT, path), "utf8"));
  if (compiled === undefined) throw new Error(`${file} doesn't compile: ${diagnostics.map((d) => `${d.code} ${d.message}`).join("; ")}`);
  const { program, footprints, costs } = compiled;
  const loaded = loadModule(emitModule({ contract: program.contracts[0], program, footprints, costs }, "javascript"));
  modules.set(file, loaded);
  return loaded;
}

export interface StageOptions {
  /** The first accounts have coin. */
  readonly funded: number;
  readonly feeRecipient: Hex | undefined;
}

/** A chain and who has called it how often. */
export class Stage {
  readonly chain: Chain;
  private readonly nonces = new Map<Hex, bigint>();
  private readonly encoders = new Map<LoadedModule, Map<string, Encoder>>();

  private constructor(chain: Chain) {
    this.chain = chain;
  }

  static async open({ workers, sharing }: Setting, { funded, feeRecipient }: StageOptions): Promise<Stage> {
    const genesis = [{ address: OWNER, balance: GENESIS_COIN }];
    for (let i = 0; i < funded; i++) genesis.push({ address: accountOf(i), balance: GENESIS_COIN });
    const given = { workers, sharing, capacity: CAPACITY, genesis, time: TIME };
    return new Stage(await openChain(feeRecipient === undefined ? given : { ...given, feeRecipient }));
  }

  async deploy(file: string, args: readonly AbiInput[]): Promise<Deployed> {
    const loaded = await loadContract(file);
    const inputs = loaded.module.abi.find((entry) => entry.type === "constructor")?.inputs ?? [];
    const { address, receipt } = await this.chain.deploy(loaded, {
      from: OWNER,
      args: encodeArgs(inputs, args),
      value: 0n,
      time: TIME,
    });
    if (receipt.status !== "success") throw new Error(`the constructor of ${file} failed`);
    this.step(OWNER);
    return { address, loaded };
  }

  /** Runs and commits calls that must all succeed, in as many blocks as their output needs. */
  async setUp(calls: readonly CallSketch[], callsOfBlock = calls.length): Promise<void> {
    for (let first = 0; first < calls.length; first += callsOfBlock) {
      const block = this.block(Math.min(callsOfBlock, calls.length - first), (i) => calls[first + i]);
      const { receipts } = await this.chain.run(block, { time: TIME, mode: "serial", trace: false });
      for (let i = 0; i < receipts.length; i++) if (receipts.statusOf(i) !== 0) throw new Error(`set-up call ${first + i} failed`);
    }
  }

  /** Packs calls and numbers those of each sender. Only the last block made may be run: the next one's numbers go on from it. */
  block(count: number, sketchOf: (index: number) => CallSketch, gas = { limit: PLENTY, price: 0n }): BlockBuffer {
    const builder = new BlockBuilder(count, 100);
    for (let i = 0; i < count; i++) {
      const { from, to, name, args, value } = sketchOf(i);
      const data = this.encoderOf(to.loaded, name)(args);
      builder.add({ from, to: to.address, data, value, nonce: this.step(from), gasLimit: gas.limit, gasPrice: gas.price });
    }
    return builder.finish();
  }

  /** Calls made so far, as ledgers keep them. */
  copyNonces(): Map<string, bigint> {
    return new Map([...this.nonces].map(([address, nonce]) => [bare(address), nonce]));
  }

  /** Numbers go on from here: for another block on the same state. */
  restoreNonces(nonces: ReadonlyMap<string, bigint>): void {
    this.nonces.clear();
    for (const [address, nonce] of nonces) this.nonces.set(`0x${address}`, nonce);
  }

  private step(from: Hex): bigint {
    const nonce = this.nonces.get(from) ?? 0n;
    this.nonces.set(from, nonce + 1n);
    return nonce;
  }

  private encoderOf(loaded: LoadedModule, name: string): Encoder {
    let known = this.encoders.get(loaded);
    if (known === undefined) this.encoders.set(loaded, (known = new Map<string, Encoder>()));
    let encoder = known.get(name);
    if (encoder === undefined) known.set(name, (encoder = makeEncoder(entryOf(loaded, name))));
    return encoder;
  }
}

export function entryOf(loaded: LoadedModule, name: string): AbiEntry {
  const entry = findFunction(loaded.module.abi, name);
  if (entry === undefined) throw new Error(`no function ${name}`);
  return entry;
}

type Encoder = (args: readonly AbiInput[]) => Uint8Array;

/**
 * Calldata of one function. Where all arguments are single words they are written straight into bytes that the next call uses again: a
 * million calls through the general encoder would take longer than the measurement.
 */
function makeEncoder(entry: AbiEntry): Encoder {
  if (entry.inputs.map(parseType).some((type) => isDynamic(type) || type.kind === "tuple" || type.kind === "array"))
    return (args) => encodeCall(entry, args);
  const data = Buffer.alloc(4 + entry.inputs.length * 32);
  data.writeUInt32BE(selectorOfEntry(entry));
  return (args) => {
    if (args.length !== entry.inputs.length) throw new Error(`${args.length} arguments for ${entry.name}`);
    args.forEach((arg, index) => {
      writeWord(data, 4 + index * 32, arg);
    });
    return data;
  };
}

function writeWord(data: Buffer, at: number, value: AbiInput): void {
  data.fill(0, at, at + 32);
  if (typeof value === "boolean") data[at + 31] = value ? 1 : 0;
  else if (typeof value === "bigint") {
    data.writeBigUInt64BE(BigInt.asUintN(64, value), at + 24);
    for (let lane = 1, rest = value >> 64n; rest > 0n; lane++, rest >>= 64n)
      data.writeBigUInt64BE(BigInt.asUintN(64, rest), at + 24 - lane * 8);
  } else if (typeof value === "string") data.write(value.slice(2), at + 32 - (value.length - 2) / 2, "hex");
  else throw new Error(`can't write ${typeof value}`);
}
