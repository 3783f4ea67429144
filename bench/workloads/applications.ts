/** What people build: collections, votes, markets, pools, a bank, and everything at once. */
import { Ledger, type LedgerContract } from "../ledger.ts";
import { ArtLedger } from "../ledgers/art.ts";
import { GuildLedger } from "../ledgers/guild.ts";
import { MarketLedger } from "../ledgers/market.ts";
import { PoolLedger } from "../ledgers/pool.ts";
import { SmallBankLedger } from "../ledgers/small-bank.ts";
import {
  accountOf,
  bare,
  call,
  OWNER,
  randomFrom,
  runsOf,
  Stage,
  TIME,
  type CallSketch,
  type Deployed,
  type Random,
  type Setting,
} from "../stage.ts";
import { AIRDROPS_OF_BLOCK, deployToken, HEADLINE_ACCOUNTS, tokenLedger, transferAmount } from "./transfers.ts";
import type { Prepared, Workload } from "./workload.ts";

/** An application on a chain that may have others, and its calls. */
interface Application {
  /** By number of the call in the block. */
  readonly next: (index: number, random: Random) => CallSketch;
  readonly ledgers: () => readonly (readonly [Deployed, LedgerContract])[];
}

interface Needs {
  readonly calls: number;
  readonly accounts: number;
}

type Install = (stage: Stage, needs: Needs) => Promise<Application>;

interface Kind {
  readonly seed: number;
  /** Whether its accounts need coin. */
  readonly coin: boolean;
  readonly install: Install;
}

function workload(name: string, title: string, share: number, kind: Kind): Workload {
  return { name, group: "applications", title, share, large: false, prepare: (calls, setting) => prepare(calls, setting, kind) };
}

const poolsOf = (count: number): Kind => ({ seed: 19, coin: false, install: (stage, needs) => installPools(stage, needs, count) });

export const APPLICATIONS: readonly Workload[] = [
  workload("mints", "NFT mints by one minter to 100,000 accounts", 1, { seed: 11, coin: false, install: installArt }),
  workload("trades", "100,000 NFTs bought from one another", 1, { seed: 17, coin: false, install: installMarket }),
  workload("votes", "DAO votes on 100 proposals, one a member", 1, { seed: 13, coin: true, install: installGuild }),
  workload("pool-1", "AMM swaps on 1 pool", 1, poolsOf(1)),
  workload("pool-100", "AMM swaps on 100 pools", 1, poolsOf(100)),
  workload("airdrops", "token airdrops to 256 of 100,000 accounts each", AIRDROPS_OF_BLOCK / 100_000, {
    seed: 23,
    coin: false,
    install: installAirdrops,
  }),
  workload("small-bank", "SmallBank, 100,000 customers", 1, { seed: 29, coin: false, install: installBank }),
  workload("mix", "transfers, mints, trades, votes and swaps on 100 pools", 1, { seed: 31, coin: true, install: installMix }),
];

async function prepare(calls: number, setting: Setting, { seed, coin, install }: Kind): Promise<Prepared> {
  const accounts = Math.min(HEADLINE_ACCOUNTS, setting.accountsAtMost);
  const stage = await Stage.open(setting, { funded: coin ? Math.max(accounts, calls) : 0, feeRecipient: undefined });
  const { next, ledgers } = await install(stage, { calls, accounts });
  const nonces = stage.copyNonces();
  const random = randomFrom(seed);
  const block = stage.block(calls, (i) => next(i, random));
  return { stage, block, expected: 0, ledger: () => new Ledger(new Map(nonces), ledgers()), limit: undefined };
}

async function installTransfers(stage: Stage, { accounts }: Needs): Promise<Application> {
  const token = await deployToken(stage, accounts);
  return {
    next: (i, random) => call(accountOf(random(accounts)), token, "transfer", [accountOf(random(accounts)), transferAmount(random)]),
    ledgers: () => [[token, tokenLedger({ token, accounts })]],
  };
}

async function installAirdrops(stage: Stage, { accounts }: Needs): Promise<Application> {
  const token = await deployToken(stage, accounts);
  return {
    next: (i, random) => {
      const to = Array.from({ length: 256 }, () => accountOf(random(accounts)));
      return call(accountOf(random(accounts)), token, "airdrop", [to, BigInt(1 + random(1_000))]);
    },
    ledgers: () => [[token, tokenLedger({ token, accounts })]],
  };
}

async function installArt(stage: Stage, { accounts }: Needs): Promise<Application> {
  const art = await stage.deploy("examples/nft/nft.weft", ["Art"]);
  return {
    next: (i, random) => call(OWNER, art, "mint", [accountOf(random(accounts)), `ipfs://collection/${i}`]),
    ledgers: () => [[art, new ArtLedger(bare(OWNER))]],
  };
}

async function installMarket(stage: Stage, { accounts }: Needs): Promise<Application> {
  const price = 3n;
  const money = 10n ** 9n;
  const market = await stage.deploy("bench/contracts/market.weft", [price]);
  await stage.setUp(runsOf(accounts).map((run) => call(OWNER, market, "stock", [BigInt(run[0]), run.map(accountOf), money])));
  const owners = Int32Array.from({ length: accounts }, (_, id) => id);
  return {
    next: (i, random) => {
      const id = random(accounts);
      const buyer = random(accounts);
      const from = owners[id];
      owners[id] = buyer;
      return call(accountOf(buyer), market, "buy", [BigInt(id), accountOf(from)]);
    },
    ledgers: () => {
      const made = new MarketLedger(price);
      for (let id = 0; id < accounts; id++) {
        made.owners.set(BigInt(id), bare(accountOf(id)));
        made.money.set(bare(accountOf(id)), money);
      }
      return [[market, made]];
    },
  };
}

async function installGuild(stage: Stage, { calls }: Needs): Promise<Application> {
  const proposals = 100;
  const members = calls;
  const power = 3n;
  const dao = await stage.deploy("examples/dao/dao.weft", ["Guild", 50n]);
  const all = Array.from({ length: members }, (_, i) => i);
  await stage.setUp(all.map((i) => ({ ...call(accountOf(i), dao, "join", []), value: power * 1_000_000_000n })));
  const titles = Array.from({ length: proposals }, (_, i) => `Proposal ${i}`);
  await stage.setUp(titles.map((title, i) => call(accountOf(i % members), dao, "propose", [OWNER, 1n, title])));
  return {
    next: (i, random) => call(accountOf(i), dao, "vote", [BigInt(random(proposals)), random(2) === 1]),
    ledgers: () => {
      const made = new GuildLedger(TIME);
      for (let i = 0; i < members; i++) made.members.set(bare(accountOf(i)), power);
      for (let i = 0; i < proposals; i++) made.polls.set(BigInt(i), { yes: 0n, no: 0n, deadline: TIME + 259_200n });
      return [[dao, made]];
    },
  };
}

/** Each trader keeps to one pool. */
async function installPools(stage: Stage, { accounts }: Needs, count: number): Promise<Application> {
  const traders = Math.min(10_000, accounts);
  const money = 10n ** 12n;
  const pools: Deployed[] = [];
  const members = Array.from({ length: count }, (_, pool) =>
    Array.from({ length: traders }, (_member, i) => i).filter((i) => i % count === pool),
  );
  for (let i = 0; i < count; i++) pools.push(await stage.deploy("bench/contracts/pool.weft", []));
  const fundings = members.map((all) => runsOf(all.length).map((run) => run.map((i) => accountOf(all[i]))));
  await stage.setUp(fundings.flatMap((runs, pool) => runs.map((run) => call(OWNER, pools[pool], "fund", [run, money]))));
  return {
    next: (i, random) => {
      const trader = random(traders);
      return call(accountOf(trader), pools[trader % count], "swap", [random(2) === 1, BigInt(1 + random(100_000)), 0n]);
    },
    ledgers: () =>
      pools.map((deployed, pool) => {
        const made = new PoolLedger();
        made.reserve0 = made.reserve1 = money * BigInt(fundings[pool].length);
        for (const run of fundings[pool]) {
          for (const trader of run) {
            made.money0.set(bare(trader), money);
            made.money1.set(bare(trader), money);
          }
        }
        return [deployed, made] as const;
      }),
  };
}

/** The upper tenth of the customers are those whose accounts are merged into others; so no payment finds an emptied account. */
async function installBank(stage: Stage, { accounts }: Needs): Promise<Application> {
  const money = 10n ** 9n;
  const bank = await stage.deploy("bench/contracts/small-bank.weft", []);
  const runs = runsOf(accounts);
  await stage.setUp(runs.map((run) => call(OWNER, bank, "open", [BigInt(run[0]), BigInt(run.length), money])));
  const staying = Math.max(1, Math.floor(accounts * 0.9));
  return {
    next: (i, random) => {
      const from = accountOf(random(accounts));
      const customer = BigInt(random(staying));
      const other = BigInt(random(staying));
      const amount = BigInt(1 + random(100));
      switch (random(6)) {
        case 0:
          return call(from, bank, "balance", [customer]);
        case 1:
          return call(from, bank, "depositChecking", [customer, amount]);
        case 2:
          return call(from, bank, "transactSavings", [customer, amount]);
        case 3:
          return call(from, bank, "amalgamate", [BigInt(staying + random(Math.max(1, accounts - staying))), other]);
        case 4:
          return call(from, bank, "writeCheck", [customer, amount]);
        default:
          return call(from, bank, "sendPayment", [customer, other, amount]);
      }
    },
    ledgers: () => {
      const made = new SmallBankLedger(bank.loaded);
      for (let i = 0n; i < accounts; i++) {
        made.checking.set(i, money);
        made.savings.set(i, money);
      }
      return [[bank, made]];
    },
  };
}

/** In equal parts, at random. Votes are those of members who haven't voted: the number of the call is the member. */
async function installMix(stage: Stage, needs: Needs): Promise<Application> {
  const parts = [
    await installTransfers(stage, needs),
    await installArt(stage, needs),
    await installMarket(stage, needs),
    await installGuild(stage, needs),
    await installPools(stage, needs, 100),
  ];
  return {
    next: (i, random) => parts[random(parts.length)].next(i, random),
    ledgers: () => parts.flatMap(({ ledgers }) => ledgers()),
  };
}
