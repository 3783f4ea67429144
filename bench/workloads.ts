/**
 * What is measured: a chain made ready, a block of valid calls, and a hand-written ledger in the same starting state. After the first
 * round the ledger and the chain must agree, so that nobody measures work that isn't done.
 */
import { findFunction } from "../runtime/abi/receipt.ts";
import { encodeArgs, encodeCall, type AbiInput } from "../runtime/abi/encode.ts";
import { BlockBuilder } from "../runtime/block.ts";
import { openChain } from "../runtime/chain.ts";
import type { BlockBuffer, Cell, Chain, Hex, LoadedModule } from "../runtime/types.ts";
import { loadExample } from "./contracts.ts";
import { ArtLedger, GuildLedger, TokenLedger, type LedgerReceipt } from "./ledger.ts";

const WORKERS = 2;
const CAPACITY = 2 ** 20;
const TIME = 1_700_000_000n;
const PLENTY = 2n ** 63n;
const GENESIS_COIN = 10n ** 24n;
const OWNER = accountOf(0xffff);

export interface Prepared {
  readonly chain: Chain;
  readonly block: BlockBuffer;
  readonly time: bigint;
  /** A new ledger in the state before the block, as a function that runs the block on it. */
  readonly ledger: () => {
    readonly run: (block: BlockBuffer) => readonly LedgerReceipt[];
    readonly agrees: (cells: Iterable<Cell>) => boolean;
  };
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly prepare: (calls: number) => Promise<Prepared>;
}

const ACCOUNTS = 100_000;

export const WORKLOADS: readonly Workload[] = [
  {
    name: "transfers",
    title: "token transfers, uniform over 100,000 accounts",
    prepare: (calls) => transfers(calls, (i, random) => [random(ACCOUNTS), random(ACCOUNTS)]),
  },
  {
    name: "hot-receiver",
    title: "token transfers, all to one account",
    prepare: (calls) => transfers(calls, (i, random) => [1 + random(ACCOUNTS - 1), 0]),
  },
  { name: "mints", title: "NFT mints by one minter to 100,000 accounts", prepare: mints },
  { name: "votes", title: "DAO votes of 100,000 members on 100 proposals", prepare: votes },
];

function accountOf(index: number): Hex {
  // Spread like real addresses: two rounds of a multiplicative hash.
  const a = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  const b = Math.imul(a ^ (a >>> 15), 0x85ebca6b) >>> 0;
  const part = (value: number): string => value.toString(16).padStart(8, "0");
  return `0x${part(a)}${part(b)}${part(Math.imul(b, 0xc2b2ae35) >>> 0)}${part(index)}aa55aa55`;
}

/** xorshift32: the same calls in every run. */
function randomFrom(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

interface Sketch {
  readonly from: Hex;
  readonly name: string;
  readonly args: readonly AbiInput[];
  readonly value: bigint;
}

/** Numbers the calls of each sender and packs them. */
class Caller {
  private readonly nonces = new Map<Hex, bigint>();
  private readonly loaded: LoadedModule;
  private readonly to: Hex;

  constructor(loaded: LoadedModule, to: Hex) {
    this.loaded = loaded;
    this.to = to;
    this.nonces.set(OWNER, 1n);
  }

  block(calls: readonly Sketch[]): BlockBuffer {
    const builder = new BlockBuilder(calls.length, 100);
    for (const { from, name, args, value } of calls) {
      const entry = findFunction(this.loaded.module.abi, name);
      if (entry === undefined) throw new Error(`no function ${name}`);
      const nonce = this.nonces.get(from) ?? 0n;
      this.nonces.set(from, nonce + 1n);
      builder.add({ from, to: this.to, data: encodeCall(entry, args), value, nonce, gasLimit: PLENTY, gasPrice: 0n });
    }
    return builder.finish();
  }

  copyNonces(into: Map<string, bigint>): void {
    for (const [address, nonce] of this.nonces) into.set(address.slice(2), nonce);
  }
}

async function open(file: string, constructorArgs: readonly AbiInput[], funded: number): Promise<{ chain: Chain; caller: Caller }> {
  const loaded = await loadExample(file);
  const genesis = [{ address: OWNER, balance: GENESIS_COIN }];
  for (let i = 0; i < funded; i++) genesis.push({ address: accountOf(i), balance: GENESIS_COIN });
  const chain = await openChain({ workers: WORKERS, capacity: CAPACITY, genesis, time: TIME });
  const inputs = loaded.module.abi.find((entry) => entry.type === "constructor")?.inputs ?? [];
  const { address } = await chain.deploy(loaded, { from: OWNER, args: encodeArgs(inputs, constructorArgs), value: 0n, time: TIME });
  return { chain, caller: new Caller(loaded, address) };
}

async function setUp(chain: Chain, block: BlockBuffer): Promise<void> {
  const { receipts } = await chain.run(block, { time: TIME, mode: "serial", trace: false });
  for (let call = 0; call < receipts.length; call++) if (receipts.statusOf(call) !== 0) throw new Error(`set-up call ${call} failed`);
}

const call = (from: Hex, name: string, args: readonly AbiInput[], value = 0n): Sketch => ({ from, name, args, value });
const indexes = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

async function transfers(
  calls: number,
  pick: (i: number, random: (below: number) => number) => readonly [number, number],
): Promise<Prepared> {
  const { chain, caller } = await open("examples/token/token.weft", ["Gold", "GLD", 2n ** 200n], 0);
  const start = 10n ** 21n;
  await setUp(chain, caller.block(indexes(ACCOUNTS).map((i) => call(OWNER, "mint", [accountOf(i), start]))));
  const ledger = (): ReturnType<Prepared["ledger"]> => {
    const made = new TokenLedger();
    before.forEach((nonce, address) => made.nonces.set(address, nonce));
    for (let i = 0; i < ACCOUNTS; i++) made.balances.set(accountOf(i).slice(2), start);
    return { run: (block) => made.run(block), agrees: (cells) => agree(cells, "balances", made.balances) };
  };
  const before = new Map<string, bigint>();
  caller.copyNonces(before);
  const random = randomFrom(7);
  const block = caller.block(
    indexes(calls).map((i) => {
      const [from, to] = pick(i, random);
      return call(accountOf(from), "transfer", [accountOf(to), BigInt(1 + random(1_000_000))]);
    }),
  );
  return { chain, block, time: TIME, ledger };
}

async function mints(calls: number): Promise<Prepared> {
  const { chain, caller } = await open("examples/nft/nft.weft", ["Art"], 0);
  const random = randomFrom(11);
  const block = caller.block(indexes(calls).map((i) => call(OWNER, "mint", [accountOf(random(ACCOUNTS)), `ipfs://collection/${i}`])));
  const ledger = (): ReturnType<Prepared["ledger"]> => {
    const made = new ArtLedger();
    made.minter = OWNER.slice(2);
    made.nonces.set(made.minter, 1n);
    return { run: (given) => made.run(given), agrees: (cells) => agree(cells, "balances", made.balances) };
  };
  return { chain, block, time: TIME, ledger };
}

async function votes(calls: number): Promise<Prepared> {
  const proposals = 100;
  const members = calls;
  const { chain, caller } = await open("examples/dao/dao.weft", ["Guild", 50n], members);
  const power = 3n;
  await setUp(chain, caller.block(indexes(members).map((i) => call(accountOf(i), "join", [], power * 1_000_000_000n))));
  await setUp(chain, caller.block(indexes(proposals).map((i) => call(accountOf(i % members), "propose", [OWNER, 1n, `Proposal ${i}`]))));
  const before = new Map<string, bigint>();
  caller.copyNonces(before);
  const random = randomFrom(13);
  const block = caller.block(indexes(calls).map((i) => call(accountOf(i), "vote", [BigInt(random(proposals)), random(2) === 1])));
  const ledger = (): ReturnType<Prepared["ledger"]> => {
    const made = new GuildLedger();
    made.time = TIME;
    before.forEach((nonce, address) => made.nonces.set(address, nonce));
    for (let i = 0; i < members; i++) made.members.set(accountOf(i).slice(2), power);
    for (let i = 0; i < proposals; i++) made.polls.set(BigInt(i), { yes: 0n, no: 0n, deadline: TIME + 259_200n });
    return {
      run: (given) => made.run(given),
      agrees: (cells) => {
        let sum = 0n;
        let expected = 0n;
        for (const poll of made.polls.values()) expected += poll.yes - poll.no;
        for (const cell of cells) {
          if (cell.field !== "proposals" || typeof cell.value !== "bigint") continue;
          if (cell.path[0] === "yes") sum += cell.value;
          if (cell.path[0] === "no") sum -= cell.value;
        }
        return sum === expected && made.voted.size === calls;
      },
    };
  };
  return { chain, block, time: TIME, ledger };
}

/** Every cell of the field has the value that the ledger has, and none is missing. */
function agree(cells: Iterable<Cell>, field: string, expected: ReadonlyMap<string, bigint>): boolean {
  let matched = 0;
  for (const cell of cells) {
    if (cell.field !== field) continue;
    if (expected.get(String(cell.keys[0]).slice(2)) !== cell.value) return false;
    matched++;
  }
  let nonZero = 0;
  for (const value of expected.values()) if (value !== 0n) nonZero++;
  return matched === nonZero;
}
