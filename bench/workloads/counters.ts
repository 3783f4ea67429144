/** One counter for all, in five variants, and accounts that are on one side of all payments. */
import { Ledger } from "../ledger.ts";
import { CounterLedger } from "../ledgers/counter.ts";
import { accountOf, call, GENESIS_COIN, OWNER, randomFrom, Stage, type Setting } from "../stage.ts";
import { deployToken, HEADLINE_ACCOUNTS, transferAmount } from "./transfers.ts";
import type { Prepared, Workload } from "./workload.ts";

/** Far above what is counted here. */
const CAP = 1_000_000_000n;

function counter(name: string, title: string, method: string): Workload {
  return { name, group: "counters", title, share: 1, large: false, prepare: (calls, setting) => prepareCounter(calls, setting, method) };
}

export const COUNTERS: readonly Workload[] = [
  counter("counter-write", "one counter, written and its new value returned", "write"),
  counter("counter-add", "one counter, added to", "add"),
  counter("counter-bounded", "one counter, added to below a bound", "addBounded"),
  counter("counter-flag", "one counter, added to and asked whether it is enough", "addAndFlag"),
  counter("counter-milestone", "one counter, added to, each thousandth call says so", "addAndMilestone"),
  {
    name: "fee-payer",
    group: "payers",
    title: "one relayer makes and pays for all transfers between 100,000 accounts",
    share: 1,
    large: false,
    prepare: prepareFeePayer,
  },
  {
    name: "one-to-many",
    group: "payers",
    title: "one account sends coin to 100,000 others",
    share: 1,
    large: false,
    prepare: prepareOneToMany,
  },
];

async function prepareCounter(calls: number, setting: Setting, method: string): Promise<Prepared> {
  const stage = await Stage.open(setting, { funded: 0, feeRecipient: undefined });
  const counted = await stage.deploy("bench/contracts/counter.weft", [CAP]);
  const accounts = Math.min(HEADLINE_ACCOUNTS, setting.accountsAtMost);
  const nonces = stage.copyNonces();
  const random = randomFrom(37);
  const block = stage.block(calls, () => call(accountOf(random(accounts)), counted, method, []));
  return {
    stage,
    block,
    expected: 0,
    ledger: () => new Ledger(new Map(nonces), [[counted, new CounterLedger(counted.loaded, CAP)]]),
    limit: undefined,
  };
}

/** Fees are real here: the relayer's coin shrinks with each call, and somebody gets it. */
async function prepareFeePayer(calls: number, setting: Setting): Promise<Prepared> {
  const relayer = OWNER;
  const stage = await Stage.open(setting, { funded: 0, feeRecipient: accountOf(0) });
  const accounts = Math.min(HEADLINE_ACCOUNTS, setting.accountsAtMost);
  const token = await deployToken(stage, accounts);
  await stage.setUp(Array.from({ length: accounts }, (_, i) => call(accountOf(i), token, "approve", [relayer, 2n ** 100n])));
  const random = randomFrom(41);
  const block = stage.block(
    calls,
    () => call(relayer, token, "transferFrom", [accountOf(random(accounts)), accountOf(random(accounts)), transferAmount(random)]),
    { limit: 1_000n, price: 1n },
  );
  return { stage, block, expected: 0, ledger: undefined, limit: undefined };
}

async function prepareOneToMany(calls: number, setting: Setting): Promise<Prepared> {
  const stage = await Stage.open(setting, { funded: 0, feeRecipient: undefined });
  const fountain = await stage.deploy("bench/contracts/fountain.weft", []);
  const accounts = Math.min(HEADLINE_ACCOUNTS, setting.accountsAtMost);
  const random = randomFrom(43);
  const most = Number(GENESIS_COIN / 10n ** 18n / BigInt(calls)) + 1;
  const block = stage.block(calls, () => ({
    ...call(OWNER, fountain, "give", [accountOf(random(accounts))]),
    value: BigInt(1 + random(most)),
  }));
  return { stage, block, expected: 0, ledger: undefined, limit: undefined };
}
