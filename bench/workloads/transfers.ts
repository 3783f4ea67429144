/** Token transfers: over 2 to 1,000,000 accounts, evenly and by Zipf's law, and with one account on one side of all. */
import { Ledger } from "../ledger.ts";
import { TokenLedger } from "../ledgers/token.ts";
import { TransferLimit } from "../limit.ts";
import { accountOf, bare, call, OWNER, randomFrom, runsOf, Stage, zipf, type Deployed, type Random, type Setting } from "../stage.ts";
import type { Prepared, Workload } from "./workload.ts";

export const HEADLINE_ACCOUNTS = 100_000;
const START = 10n ** 15n;
const SEED = 7;
/** A block of calls has room for 8 KiB of logs of each on average, and for 4 MiB more; an airdrop writes 37 KiB. */
export const AIRDROPS_OF_BLOCK = 100;

type Pick = (random: Random, accounts: number) => readonly [number, number];

const evenly: Pick = (random, accounts) => [random(accounts), random(accounts)];

function byZipf(exponent: number): Pick {
  let rankOf: ((random: Random) => number) | undefined = undefined;
  return (random, accounts) => {
    rankOf ??= zipf(accounts, exponent);
    return [rankOf(random), rankOf(random)];
  };
}

function workload(name: string, title: string, accounts: number, pick: () => Pick): Workload {
  return {
    name,
    group: "transfers",
    title,
    share: 1,
    large: accounts > HEADLINE_ACCOUNTS,
    prepare: (calls, setting) => prepare(calls, setting, accounts, pick()),
  };
}

export const TRANSFERS: readonly Workload[] = [
  workload("transfers-2", "token transfers between 2 accounts", 2, () => evenly),
  workload("transfers-100", "token transfers over 100 accounts", 100, () => evenly),
  workload("transfers-10k", "token transfers over 10,000 accounts", 10_000, () => evenly),
  workload("transfers", "token transfers over 100,000 accounts", HEADLINE_ACCOUNTS, () => evenly),
  workload("transfers-1m", "token transfers over 1,000,000 accounts", 1_000_000, () => evenly),
  workload("zipf-0.9", "token transfers over 100,000 accounts, Zipf 0.9", HEADLINE_ACCOUNTS, () => byZipf(0.9)),
  workload("zipf-1.2", "token transfers over 100,000 accounts, Zipf 1.2", HEADLINE_ACCOUNTS, () => byZipf(1.2)),
  workload("hot-receiver", "token transfers, all to one of 100,000 accounts", HEADLINE_ACCOUNTS, () => (random, accounts) => [
    1 + random(accounts - 1),
    0,
  ]),
  workload("hot-sender", "token transfers, all from one of 100,000 accounts", HEADLINE_ACCOUNTS, () => (random, accounts) => [
    0,
    1 + random(accounts - 1),
  ]),
];

export interface Tokens {
  readonly stage: Stage;
  readonly token: Deployed;
  readonly accounts: number;
}

/** A token of which each account has as much as the next. */
export async function openTokens(setting: Setting, wanted: number): Promise<Tokens> {
  const stage = await Stage.open(setting, { funded: 0, feeRecipient: undefined });
  const accounts = Math.min(wanted, setting.accountsAtMost);
  const token = await deployToken(stage, accounts);
  return { stage, token, accounts };
}

export async function deployToken(stage: Stage, accounts: number): Promise<Deployed> {
  const token = await stage.deploy("examples/token/token.weft", ["Gold", "GLD", 2n ** 200n]);
  await stage.setUp([call(OWNER, token, "mint", [OWNER, START * BigInt(accounts)])]);
  await stage.setUp(
    runsOf(accounts).map((run) => call(OWNER, token, "airdrop", [run.map(accountOf), START])),
    AIRDROPS_OF_BLOCK,
  );
  return token;
}

/** The same token by hand. */
export function tokenLedger({ token, accounts }: Omit<Tokens, "stage">): TokenLedger {
  const made = new TokenLedger(token.loaded);
  for (let i = 0; i < accounts; i++) made.balances.set(bare(accountOf(i)), START);
  return made;
}

export function transferAmount(random: Random): bigint {
  return BigInt(1 + random(1_000_000));
}

async function prepare(calls: number, setting: Setting, wanted: number, pick: Pick): Promise<Prepared> {
  return transferBlock(await openTokens(setting, wanted), calls, pick);
}

/** A block of transfers for these tokens. */
export function transferBlock(tokens: Tokens, calls: number, pick: Pick = evenly): Prepared {
  const { stage, token, accounts } = tokens;
  const nonces = stage.copyNonces();
  const random = randomFrom(SEED);
  const froms = new Int32Array(calls);
  const tos = new Int32Array(calls);
  const block = stage.block(calls, (i) => {
    const [from, to] = pick(random, accounts);
    froms[i] = from;
    tos[i] = to;
    return call(accountOf(from), token, "transfer", [accountOf(to), transferAmount(random)]);
  });
  return {
    stage,
    block,
    expected: 0,
    ledger: () => new Ledger(new Map(nonces), [[token, tokenLedger(tokens)]]),
    limit: () => new TransferLimit(block, froms, tos, accounts, START),
  };
}
