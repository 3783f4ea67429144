/** Mistakes as people make them, each a change of one of the contracts in this folder, and what notices it. The table of docs/fuzzing.md is made of these. */

export interface Bug {
  readonly what: string;
  readonly file: string;
  /** Occurs once in the file. */
  readonly from: string;
  readonly to: string;
  /** Title of the test that fails. */
  readonly by: string;
}

const AUCTION = "auction.weft";
const COIN = "coin.weft";

export const BUGS: readonly Bug[] = [
  {
    what: "shares are rounded up, in favour of who puts in",
    file: "vault.weft",
    from: "mulDiv(value, self.total, before) };",
    to: "mulDivUp(value, self.total, before) };",
    by: "going in and out gains nothing",
  },
  {
    what: "the allowance isn't looked at",
    file: COIN,
    from: "    self.allowances[from][caller] -= amount else NotAllowed(amount);\n",
    to: "",
    by: "what nobody may spend stays",
  },
  {
    what: "burning doesn't lower the supply",
    file: COIN,
    from: "Poor(amount);\n    self.supply -= amount;",
    to: "Poor(amount);",
    by: "burning lowers the supply",
  },
  {
    what: "a transfer to oneself doubles",
    file: COIN,
    from: "    self.balances[caller] -= amount else Poor(amount);\n    self.balances[to] += amount;",
    to: "    let mine = self.balances[caller];\n    let theirs = self.balances[to];\n    require mine >= amount;\n    self.balances[caller] = mine - amount;\n    self.balances[to] = theirs + amount;",
    by: "nobody has more than there is",
  },
  {
    what: "the cap is compared with the wrong side",
    file: COIN,
    from: "self.supply <= self.cap && amount <= self.cap - self.supply",
    to: "self.supply <= self.cap && amount <= self.cap",
    by: "invariants of Coin",
  },
  {
    what: "a member votes twice",
    file: "ballot.weft",
    from: "    require !self.voted.has(caller) else Again();\n",
    to: "",
    by: "invariants of Ballot",
  },
  {
    what: "a state that is final can be left",
    file: "ballot.weft",
    from: "NotChair();\n    require self.phase == Phase.Open else Closed();",
    to: "NotChair();\n    require self.phase != Phase.Cancelled else Closed();",
    by: "what is over stays over",
  },
  {
    what: "the amount is read after it was set to 0",
    file: "bank.weft",
    from: "    let amount = self.owed[caller];\n    self.owed[caller] = 0;",
    to: "    self.owed[caller] = 0;\n    let amount = self.owed[caller];",
    by: "who puts in takes it out",
  },
  {
    what: "an overflow panics where a limit should hold",
    file: "sale.weft",
    from: "count <= LIMIT - self.sold",
    to: "self.sold + count <= LIMIT",
    by: "more than there are is sold out",
  },
  {
    what: "the last second counts twice",
    file: "sale.weft",
    from: "require block.time < self.ends",
    to: "require block.time <= self.ends",
    by: "invariants of Sale",
  },
  {
    what: "the refund of a bidder who was outbid is lost",
    file: AUCTION,
    from: "    self.pending[self.leader] += self.best;\n    self.owed += self.best;\n",
    to: "",
    by: "invariants of Auction",
  },
  {
    what: "a second refund overwrites the first",
    file: AUCTION,
    from: "self.pending[self.leader] += self.best;",
    to: "self.pending[self.leader] = self.best;",
    by: "everybody gets back what was outbid",
  },
  { what: "the fee is lost", file: "shop.weft", from: "    self.fees += fee;\n", to: "", by: "invariants of Shop" },
  {
    what: "one of two ways to set a rate asks for no role",
    file: "shop.weft",
    from: "  pub fn setRates(rates: list<u256, 4>) {\n    require caller == self.keeper else NotKeeper();\n",
    to: "  pub fn setRates(rates: list<u256, 4>) {\n",
    by: "only the keeper sets the rate",
  },
  {
    what: "only the first of several values is checked",
    file: "shop.weft",
    from: "    for rate in rates {\n      require rate <= 100 else TooHigh();",
    to: "    require rates.len() == 0 || rates[0] <= 100 else TooHigh();\n    for rate in rates {",
    by: "invariants of Shop",
  },
  {
    what: "removing from a list leaves the place of the moved item stale",
    file: "registry.weft",
    from: "    self.place[last] = place;\n",
    to: "",
    by: "invariants of Registry",
  },
  {
    what: "the total forgets the share that was there before",
    file: "registry.weft",
    from: "    self.total -= self.share[who];\n    self.total += share;",
    to: "    self.total += share;",
    by: "invariants of Registry",
  },
  {
    what: "a signed order can be replayed: its nonce stays",
    file: "relay.weft",
    from: "    self.nonces[owner] += 1;\n",
    to: "",
    by: "invariants of Relay",
  },
  {
    what: "a debt is compared with `<` on the wrong side",
    file: "loans.weft",
    from: "require debt * 2 <= self.collateral[caller]",
    to: "require debt <= self.collateral[caller] * 2",
    by: "invariants of Loans",
  },
  {
    what: "collateral is taken out without a look at the debt",
    file: "loans.weft",
    from: "    require self.debt[caller] * 2 <= self.collateral[caller] else Unsafe();\n    pay",
    to: "    pay",
    by: "every loan is covered",
  },
  {
    what: "the set-up can be called twice",
    file: "wallet.weft",
    from: "    require !self.ready else Ready();\n",
    to: "",
    by: "the owner stays",
  },
  {
    what: "what was never queued can be executed",
    file: "timelock.weft",
    from: "    require self.ready[id] != 0 else NotQueued();\n",
    to: "",
    by: "invariants of Timelock",
  },
  {
    what: "queueing again counts the waiting from the first time",
    file: "timelock.weft",
    from: "    require self.ready[id] == 0;\n    self.ready[id] = block.time + DELAY;",
    to: "    self.ready[id] = if self.queuedAt[id] == 0 { block.time + DELAY } else { self.queuedAt[id] + DELAY };",
    by: "invariants of Timelock",
  },
  {
    what: "a reward is paid for time before the stake",
    file: "stakes.weft",
    from: "  pub fn put(amount: u32) {\n    self.settle();\n    self.reward();",
    to: "  pub fn put(amount: u32) {\n    self.settle();",
    by: "invariants of Stakes",
  },
  {
    what: "a reward can be claimed twice",
    file: "stakes.weft",
    from: "    self.since[caller] = block.time;\n",
    to: "",
    by: "invariants of Stakes",
  },
  {
    what: "what was released can be refunded, too",
    file: "escrow.weft",
    from: "  pub fn refund(id: u64) {\n    require self.deals[id] == Deal.Paid else",
    to: "  pub fn refund(id: u64) {\n    require self.deals[id] != Deal.Refunded else",
    by: "a deal ends once",
  },
  {
    what: "a count wraps around",
    file: "points.weft",
    from: "    require count <= 255 - self.points[to] else TooMany();\n",
    to: "",
    by: "more points are never fewer",
  },
  {
    what: "a sort stops one element early",
    file: "sorting.weft",
    from: "for j in 0..4 {",
    to: "for j in 0..3 {",
    by: "a sorted list rises",
  },
  {
    what: "a sort loses an element",
    file: "sorting.weft",
    from: "        list[j] = list[j + 1];\n        list[j + 1] = higher;",
    to: "        list[j + 1] = higher;",
    by: "sorting keeps every element",
  },
];
