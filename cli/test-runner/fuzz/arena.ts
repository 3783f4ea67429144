/**
 * The chains that the fuzz runs of one file share. Opening one takes as long as hundreds of calls, and its memory stays until the collector comes by; so it is kept
 * from test to test, until it is full.
 */
import { openChain } from "../../../runtime/chain.ts";
import type { Chain } from "../../../runtime/types.ts";
import { ACCOUNT_BALANCE, namedAccount } from "../../accounts.ts";
import type { Suite } from "../run-tests.ts";

/** Cases are made up on the first. The other two play some of them again and must agree; what happens on one must happen on the other. */
export type Role = "first" | "serial" | "parallel";

/** Threads of the parallel chain. */
const WORKERS = 2;
/** Entries of a table. */
const CAPACITY = 65_536;
/** A chain is left behind when it holds the traces of this many calls. */
const MAX_CALLS = 250_000;

export interface Lease {
  readonly chain: Chain;
  /** Calls made on it so far, those of other tests included. */
  calls: number;
}

export class Arena {
  /** Of the accounts that have coin. */
  readonly accounts: readonly string[];
  private readonly suite: Suite;
  private readonly open = new Map<Role, Lease>();

  constructor(suite: Suite, accounts: readonly string[]) {
    this.suite = suite;
    this.accounts = accounts;
  }

  async lease(role: Role): Promise<Lease> {
    const known = this.open.get(role);
    if (known !== undefined) return known;
    const chain = await openChain({
      workers: role === "parallel" ? WORKERS : 1,
      sharing: "always",
      capacity: CAPACITY,
      genesis: this.accounts.map((name) => ({ address: namedAccount(name), balance: ACCOUNT_BALANCE })),
    });
    const lease: Lease = { chain, calls: 0 };
    this.open.set(role, lease);
    for (const module of this.suite.modules.values()) await chain.load(module);
    return lease;
  }

  /** Between two cases. */
  async tidy(): Promise<void> {
    if ((this.open.get("first")?.calls ?? 0) > MAX_CALLS) await this.drop("first");
    if ((this.open.get("serial")?.calls ?? 0) > MAX_CALLS) await this.dropPair();
  }

  async drop(role: Role): Promise<void> {
    const lease = this.open.get(role);
    this.open.delete(role);
    await lease?.chain.close();
  }

  async dropPair(): Promise<void> {
    await this.drop("serial");
    await this.drop("parallel");
  }

  async close(): Promise<void> {
    await this.drop("first");
    await this.dropPair();
  }
}
