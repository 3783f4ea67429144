/**
 * The blocks behind the rules of the semantics: for each rule one that goes wrong when the rule is dropped. Told by all engines, and
 * what they tell is written down here.
 */
import { describe, expect, it } from "vitest";
import { account } from "../helpers/accounts.ts";
import { by, tell } from "../helpers/story.ts";

const [ALICE, BOB, CAROL] = ["alice", "bob", "carol"].map(account);

describe("escrow", () => {
  it("E1: a require before a signed debit is its lower bound; `else` alone isn't", async () => {
    const { endings, cells } = await tell(
      `contract C { state x: i64; error Low(); error Less();
        pub fn held(by: i64) { require self.x >= by else Low(); self.x -= by; }
        pub fn free(by: i64) { self.x -= by else Less(); } }`,
      [[by("alice", "held", [5n]), by("bob", "free", [5n]), by("carol", "held", [5n]), by("alice", "held", [-5n])]],
    );
    expect(endings).toEqual([["Low", "=", "Low", "="]]);
    expect(cells).toEqual({});
  });

  it("E1: a limit after the credit holds when calls come near it together", async () => {
    const { endings, cells, cleared, uncleared } = await tell(
      `contract C { state x: u64; error Cap(); pub fn add(by: u64) { self.x += by; require self.x <= 10 else Cap(); } }`,
      [
        [by("alice", "add", [3n]), by("bob", "add", [3n])],
        [by("alice", "add", [3n]), by("bob", "add", [3n]), by("carol", "add", [1n])],
      ],
    );
    expect(endings).toEqual([
      ["=", "="],
      ["=", "Cap", "="],
    ]);
    expect(cells).toEqual({ x: 10n });
    expect([cleared > 0, uncleared > 0]).toEqual([true, true]);
  });

  it("E2: a debit isn't cleared against what a failing call wrote", async () => {
    const { endings, cells } = await tell(
      `contract C { state x: u64 = 100; pub fn set() { self.x = 1_000; require false; } pub fn take() { self.x -= 500; } }`,
      [[by("alice", "set"), by("bob", "take")]],
    );
    expect(endings).toEqual([["empty", "panic 17"]]);
    expect(cells).toEqual({ x: 100n });
  });

  it("E2: one debit far beyond the balance doesn't stop the credits after it", async () => {
    const source = `contract C { state x: u256 = 100; pub fn take(by: u256) { self.x -= by; } pub fn add(by: u256) { self.x += by; } }`;
    const { endings, cells, cleared, uncleared } = await tell(source, [
      [by("alice", "take", [1n << 255n]), ...[1n, 2n, 3n].map((amount) => by("bob", "add", [amount]))],
    ]);
    expect(endings).toEqual([["panic 17", "=", "=", "="]]);
    expect(cells).toEqual({ x: 106n });
    expect([cleared, uncleared]).toEqual([3, 1]);
  });

  it("E3: a debit after a write under a key read from state isn't cleared by the value before the block", async () => {
    const source = `contract C { state at: map<u64, u64>; state m: map<u64, u64>;
      pub fn point(from: u64, to: u64) { self.at[from] = to; } pub fn put(k: u64, v: u64) { self.m[k] = v; }
      pub fn follow(from: u64, v: u64) { self.m[self.at[from]] = v; } pub fn take(k: u64, by: u64) { self.m[k] -= by; } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "put", [7n, 100n])],
      [by("alice", "point", [1n, 7n]), by("bob", "follow", [1n, 3n]), by("carol", "take", [7n, 50n]), by("alice", "take", [7n, 2n])],
    ]);
    expect(endings[1]).toEqual(["=", "=", "panic 17", "="]);
    expect(cells).toEqual({ "at[1]": 7n, "m[7]": 1n });
  });

  it("E4: an amount read from a cell that the block raises before counts at its new bound", async () => {
    const source = `contract C { state power: map<address, u8>; state sum: u8;
      pub fn join(by: u8) { self.power[caller] += by; } pub fn vote() { let p = self.power[caller]; self.sum += p; } }`;
    const { endings, cells } = await tell(source, [
      [by("bob", "join", [100n])],
      [by("alice", "join", [200n]), by("alice", "vote"), by("bob", "vote")],
    ]);
    expect(endings[1]).toEqual(["=", "=", "panic 17"]);
    expect(cells).toMatchObject({ sum: 200n });
  });

  it("E5: the error of a debit says what the cell held in serial order", async () => {
    const { endings, cells } = await tell(
      `contract C { state m: map<address, u64>; error Short(has: u64);
        pub fn give(to: address, by: u64) { self.m[caller] -= by else Short(self.m[caller]); self.m[to] += by; } pub fn mint(by: u64) { self.m[caller] += by; } }`,
      [
        [by("alice", "mint", [10n])],
        [by("alice", "give", [BOB, 6n]), by("alice", "give", [BOB, 6n]), by("bob", "give", [CAROL, 6n]), by("bob", "give", [ALICE, 1n])],
      ],
    );
    expect(endings[1]).toEqual(["=", "Short", "=", "Short"]);
    expect(cells).toEqual({ "m[alice]": 4n, "m[carol]": 6n });
  });

  it("E6: what a failing call would have taken is there for the next", async () => {
    const source = `contract C { state paused: map<address, bool>; state m: map<address, u64>; error Paused();
      pub fn pause() { self.paused[caller] = true; } pub fn mint(to: address, by: u64) { self.m[to] += by; }
      pub fn take(from: address, by: u64) { self.m[from] -= by; require !self.paused[caller] else Paused(); } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "mint", [CAROL, 10n]), by("alice", "pause")],
      [by("alice", "take", [CAROL, 10n]), by("bob", "take", [CAROL, 10n]), by("bob", "take", [CAROL, 1n])],
    ]);
    expect(endings[1]).toEqual(["Paused", "=", "panic 17"]);
    expect(cells).toEqual({ "paused[alice]": true });
  });

  it("E7: undoing one sum keeps the others", async () => {
    const { endings, cells } = await tell(
      `contract C { state x: u64; pub fn add(by: u64, ok: bool) { self.x += by; require ok; } view fn get() -> u64 { return self.x; } }`,
      [
        [
          by("alice", "add", [1n, true]),
          by("bob", "add", [5n, false]),
          by("carol", "add", [7n, true]),
          by("dave", "add", [9n, false]),
          by("alice", "get"),
          by("bob", "add", [2n, true]),
        ],
      ],
    );
    expect(endings).toEqual([["=", "empty", "=", "empty", "= 8", "="]]);
    expect(cells).toEqual({ x: 10n });
  });
});

describe("tickets", () => {
  const SOURCE = `contract C { state ids: sequence<u64>; state member: map<address, bool>; state by: map<u64, address>; state votes: map<u64, u64>; error No();
    guard members { require self.member[caller] else No(); }
    pub fn join() { self.member[caller] = true; }
    pub fn propose() -> u64 with members { let id = self.ids.next(); self.by[id] = caller; return id; }
    pub fn vote(id: u64) { require self.by[id] != @0x0000000000000000000000000000000000000000 else No(); self.votes[id] += 1; } }`;

  it("T1: a call that fails in its guard has used a number up", async () => {
    const { endings, cells } = await tell(SOURCE, [
      [by("alice", "join")],
      [by("eve", "propose"), by("alice", "propose"), by("bob", "propose"), by("alice", "propose")],
    ]);
    expect(endings[1]).toEqual(["No", "= 1", "No", "= 3"]);
    expect(cells).toMatchObject({ ids: 4n, "by[1]": ALICE, "by[3]": ALICE });
  });

  it("T4: a number drawn in the block is a key like any other", async () => {
    const { endings } = await tell(SOURCE, [
      [by("alice", "join")],
      [by("bob", "vote", [0n]), by("alice", "propose"), by("bob", "vote", [0n]), by("carol", "vote", [0n])],
    ]);
    expect(endings[1]).toEqual(["No", "= 0", "=", "="]);
  });

  it("T2: the count passes exits that depend on state, also those of callees, and stops at static ones", async () => {
    const source = `contract C { state on: bool; state ids: sequence<u64>;
      pub fn set() { self.on = true; }
      fn inner(a: u64) { if self.on { return; } self.ids.next(); require a != 2; }
      pub fn callee(a: u64) -> u64 { self.inner(a); return self.ids.next(); }
      pub fn mixed(a: u64) -> u64 { require self.on && a > 3; return self.ids.next(); }
      pub fn fails(a: u64, b: u64) -> u64 { let x = a - b; return self.ids.next() + x; } }`;
    const { endings, cells } = await tell(source, [
      [
        by("alice", "callee", [2n]),
        by("bob", "callee", [1n]),
        by("alice", "mixed", [1n]),
        by("alice", "mixed", [4n]),
        by("bob", "fails", [1n, 2n]),
        by("bob", "fails", [2n, 2n]),
      ],
      [by("alice", "set"), by("alice", "callee", [2n]), by("alice", "mixed", [4n]), by("bob", "mixed", [3n]), by("bob", "mixed", [5n])],
    ]);
    // What a callee draws and doesn't reach is never given to its caller.
    expect(endings).toEqual([
      ["empty", "= 3", "empty", "empty", "panic 17", "= 5"],
      ["=", "= 7", "= 8", "empty", "= 9"],
    ]);
    expect(cells).toMatchObject({ ids: 10n });
  });

  it.each([
    ["a loop beyond its cap", "for i in 0..a max 1 { self.n += 1; }", "panic 50"],
    ["a require in a branch", "if a < 5 { require a != 2; }", "empty"],
    ["a revert in a branch of a branch", "if a < 5 { if a == 2 { revert; } }", "empty"],
    ["a return in a branch", "if a < 5 { if a == 2 { return 7; } }", "= 7"],
    ["a require in a round of a loop", "for i in 0..a max 4 { require i != 1; }", "empty"],
    ["a require of a callee that might have returned before", "self.inner(a);", "empty"],
    ["an overflow", "let x = a - 3; self.n = x;", "panic 17"],
    ["a condition that is false whatever the state says", "require self.on && a > 3;", "empty"],
  ])("T2: %s draws no number", async (_name, body, ending) => {
    const source = `contract C { state n: u64; state on: bool; state ids: sequence<u64>; fn inner(a: u64) { if a > 3 { return; } require a != 2; }
      pub fn f(a: u64) -> u64 { ${body} return self.ids.next(); } }`;
    const { endings, cells } = await tell(source, [[by("alice", "f", [2n])]]);
    expect(endings).toEqual([[ending]]);
    expect(cells).toEqual({});
  });
});

describe("keys read from state", () => {
  it("S1: an access through a pointer written in the block comes after it, and later ones after that", async () => {
    const source = `contract C { state owners: map<u64, address>; state m: map<address, u64>;
      pub fn own(id: u64, who: address) { self.owners[id] = who; } pub fn clear(id: u64) { self.m[self.owners[id]] = 0; }
      pub fn bump(who: address) -> u64 { let old = self.m[who]; self.m[who] += 5; return old; } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "bump", [BOB]), by("alice", "own", [1n, CAROL])],
      [by("alice", "own", [1n, BOB]), by("carol", "clear", [1n]), by("bob", "bump", [BOB]), by("dave", "bump", [BOB])],
    ]);
    expect(endings[1]).toEqual(["=", "=", "= 0", "= 5"]);
    expect(cells).toMatchObject({ "m[bob]": 10n });
  });

  it("S3: a debit before the check of the owner goes to the owner's account, not to the caller's", async () => {
    const source = `contract C { state owners: map<u64, address>; state m: map<address, u64>; error No();
      pub fn own(id: u64, who: address) { self.owners[id] = who; } pub fn mint(who: address, by: u64) { self.m[who] += by; }
      pub fn spend(id: u64) { self.m[self.owners[id]] -= 1; require self.owners[id] == caller else No(); self.m[caller] -= 1; } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "own", [1n, BOB]), by("alice", "mint", [BOB, 3n]), by("alice", "mint", [CAROL, 9n])],
      [by("carol", "spend", [1n]), by("bob", "spend", [1n]), by("bob", "spend", [1n])],
    ]);
    expect(endings[1]).toEqual(["No", "=", "panic 17"]);
    expect(cells).toMatchObject({ "m[bob]": 1n, "m[carol]": 9n });
  });

  it("S4: a pointer that the call itself wrote leads to what it wrote, if the keys are equal", async () => {
    const source = `contract C { state ptr: map<u64, u64>; state data: map<u64, u64>;
      pub fn go(a: u64, b: u64, x: u64) { self.ptr[a] = x; self.data[self.ptr[b]] += 1; } }`;
    const { cells } = await tell(source, [
      [by("alice", "go", [1n, 1n, 7n]), by("bob", "go", [2n, 1n, 8n]), by("carol", "go", [3n, 4n, 9n])],
    ]);
    expect(cells).toEqual({ "ptr[1]": 7n, "ptr[2]": 8n, "ptr[3]": 9n, "data[7]": 2n, "data[0]": 1n });
  });
});

describe("aliases within a call", () => {
  it("P2: reads before writes of the same cell see the value before both", async () => {
    const source = `contract C { state m: map<address, u64>;
      pub fn mint(by: u64) { self.m[caller] += by; }
      pub fn move(f: address, t: address, v: u64) { let a = self.m[f]; let b = self.m[t]; self.m[f] = a - v; self.m[t] = b + v; }
      pub fn spend(f: address, t: address, v: u64) { self.m[f] -= v; require self.m[t] > 0; } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "mint", [10n]), by("bob", "mint", [4n])],
      [
        by("alice", "move", [ALICE, ALICE, 3n]),
        by("bob", "spend", [BOB, BOB, 4n]),
        by("bob", "spend", [BOB, ALICE, 4n]),
        by("alice", "mint", [1n]),
      ],
    ]);
    expect(endings[1]).toEqual(["=", "empty", "=", "="]);
    expect(cells).toEqual({ "m[alice]": 14n });
  });

  it("P3: a debit of the next block meets what the one before left", async () => {
    const { endings } = await tell(`contract C { state x: u64 = 10; pub fn take() { self.x -= 10; } }`, [
      [by("alice", "take")],
      [by("bob", "take")],
    ]);
    expect(endings).toEqual([["="], ["panic 17"]]);
  });
});

describe("coin", () => {
  it("N1: what an account gets in a block it can spend from the next on; a contract at once", async () => {
    const source = `contract C { payable fn keep() {} pub fn give(to: address, by: u256) { pay(to, by); } view fn has() -> u256 { return self.balance; } }`;
    const { endings } = await tell(source, [
      [
        by("alice", "give", [account("eve"), 100n]),
        by("alice", "keep", [], 150n),
        by("alice", "give", [account("eve"), 100n]),
        by("eve", "keep", [], 50n),
        by("bob", "has"),
      ],
      [by("eve", "keep", [], 50n), by("bob", "has")],
    ]);
    expect(endings[0].slice(1)).toEqual(["=", "=", "rejected", "= 50"]);
    expect(endings[1]).toEqual(["=", "= 100"]);
  });
});
