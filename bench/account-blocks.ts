/**
 * Blocks of token transfers among many accounts, made by patching one block's bytes in place: ten million calls put together one by one take longer than
 * running them. Accounts are numbered; each is founded by a transfer from the one at half its number, so that half of all accounts send.
 */
import type { AbiInput } from "../runtime/abi/encode.ts";
import { encodeArgs, encodeCall } from "../runtime/abi/encode.ts";
import { findFunction } from "../runtime/abi/receipt.ts";
import { blockBuffer } from "../runtime/block.ts";
import { openChain } from "../runtime/chain.ts";
import { HEADER_BYTES, HEADER_NONCE, HEADER_OFFSET, HEADER_SENDER } from "../runtime/execute/memory.ts";
import type { BlockBuffer, BlockResult, CallRequest, Chain, Hex, LoadedModule, Mode } from "../runtime/types.ts";

const TIME = 1_700_000_000n;
const OWNER: Hex = `0x${"0e".repeat(20)}`;
/** What account 0 begins with, as a power of two; accounts give a quarter of what they were given to each of the two that they found. */
const FIRST_BITS = 62;

/** Spread like real addresses: two rounds of a multiplicative hash. Five words in memory order. */
function putAddress(words: Uint32Array, at: number, account: number): void {
  const a = Math.imul(account + 1, 0x9e3779b1);
  const b = Math.imul(a ^ (a >>> 15), 0x85ebca6b);
  words[at] = a;
  words[at + 1] = b;
  words[at + 2] = Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  words[at + 3] = account;
  words[at + 4] = 0x55aa55aa;
}

function addressOf(account: number): Hex {
  const words = new Uint32Array(5);
  putAddress(words, 0, account);
  return `0x${Buffer.from(words.buffer).toString("hex")}`;
}

export interface Population {
  readonly chain: Chain;
  /** Accounts that there are. */
  readonly accounts: number;
  /** Runs a block of transfers that found so many accounts. */
  readonly found: (count: number) => Promise<BlockResult>;
  /** Runs a block of so many transfers among the first `among` accounts, each with another one by chance. */
  readonly shuffle: (count: number, among: number) => Promise<BlockResult>;
}

export interface PopulationOptions {
  readonly loaded: LoadedModule;
  readonly capacity: number;
  readonly workers: number;
  /** Largest number of accounts and of calls in a block. */
  readonly accounts: number;
  readonly calls: number;
}

export async function populate(options: PopulationOptions): Promise<Population> {
  const { loaded, capacity, workers, calls } = options;
  const { abi } = loaded.module;
  const chain = await openChain({ capacity, workers, time: TIME });
  const inputs = abi.find((entry) => entry.type === "constructor")?.inputs ?? [];
  const made = await chain.deploy(loaded, { from: OWNER, args: encodeArgs(inputs, ["Gold", "GLD", 2n ** 255n]), value: 0n, time: TIME });
  const request = (from: Hex, name: string, args: readonly AbiInput[], nonce: bigint): CallRequest => {
    const entry = findFunction(abi, name);
    if (entry === undefined) throw new Error(`no function ${name}`);
    return { from, to: made.address, data: encodeCall(entry, args), value: 0n, nonce, gasLimit: 2n ** 63n, gasPrice: 0n };
  };
  const mode: Mode = workers > 1 ? "parallel" : "serial";
  const run = async (block: BlockBuffer): Promise<BlockResult> => {
    const result = await chain.run(block, { time: TIME, mode, trace: false });
    for (let call = 0; call < block.length; call++)
      if (result.receipts.statusOf(call) !== 0) throw new Error(`call ${call} didn't succeed`);
    return result;
  };
  await run(blockBuffer([request(OWNER, "mint", [addressOf(0), 2n ** BigInt(FIRST_BITS)], 1n)]));
  const patch = new Patch(blockBuffer(Array.from({ length: calls }, () => request(OWNER, "transfer", [OWNER, 1n], 0n))), options.accounts);
  let accounts = 1;
  let random = 88_172_645;
  const below = (limit: number): number => {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return (random >>> 0) % limit;
  };
  return {
    chain,
    get accounts() {
      return accounts;
    },
    found: (count) => {
      for (let i = 0; i < count; i++, accounts++) {
        const depth = 31 - Math.clz32(accounts + 1);
        patch.set(i, (accounts - 1) >>> 1, accounts, 2 ** (FIRST_BITS - 2 * depth));
      }
      return run(patch.block(count));
    },
    shuffle: (count, among) => {
      for (let i = 0; i < count; i++) patch.set(i, below(among), below(among), 1);
      return run(patch.block(count));
    },
  };
}

class Patch {
  private readonly buffer: SharedArrayBuffer;
  private readonly words: Uint32Array;
  private readonly view: DataView;
  /** Next nonces by account. */
  private readonly nonces: Uint32Array;

  constructor(template: BlockBuffer, accounts: number) {
    this.buffer = template.buffer;
    this.words = new Uint32Array(template.buffer);
    this.view = new DataView(template.buffer);
    this.nonces = new Uint32Array(accounts);
  }

  /** Makes this call a transfer; `amount` is a power of two. */
  set(call: number, from: number, to: number, amount: number): void {
    const { words, view } = this;
    const at = call * HEADER_BYTES;
    putAddress(words, (at + HEADER_SENDER) / 4, from);
    words[(at + HEADER_NONCE) / 4] = this.nonces[from]++;
    // Arguments begin behind the selector; an address is the last 20 of its 32 bytes.
    const args = words[(at + HEADER_OFFSET) / 4] + 4;
    putAddress(words, (args + 12) / 4, to);
    view.setUint32(args + 56, Math.floor(amount / 2 ** 32));
    view.setUint32(args + 60, amount % 2 ** 32);
  }

  /** The first so many calls. */
  block(length: number): BlockBuffer {
    return { length, buffer: this.buffer };
  }
}
