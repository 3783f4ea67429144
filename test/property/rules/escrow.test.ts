/** Rules E1 to E7 of the semantics: for each the blocks that go wrong when it is dropped. Told by all engines, and what they tell is written down here. */
import { describe, expect, it } from "vitest";
import { account } from "../../helpers/accounts.ts";
import { by, tell } from "../../helpers/story.ts";

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

  it("E1: a check of another place, of another amount, or with something between is no bound of the add", async () => {
    const source = `contract C { state m: map<u64, i64>; state n: i64; error Low();
        pub fn set(k: u64, to: i64) { self.m[k] = to; }
        pub fn other(a: u64, b: u64, by: i64) { require self.m[a] >= by else Low(); self.m[b] -= by; }
        pub fn more(k: u64, a: i64, b: i64) { require self.m[k] >= a else Low(); self.m[k] -= b; }
        pub fn apart(k: u64, by: i64) { require self.m[k] >= by else Low(); self.n += 1; self.m[k] -= by; } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "set", [1n, 10n])],
      [
        by("alice", "other", [1n, 2n, 8n]),
        by("bob", "other", [2n, 1n, 1n]),
        by("carol", "more", [1n, 3n, 30n]),
        by("alice", "apart", [1n, 5n]),
      ],
    ]);
    expect(endings[1]).toEqual(["=", "Low", "=", "Low"]);
    expect(cells).toEqual({ "m[1]": -20n, "m[2]": -8n });
  });

  it("E2: an add that isn't cleared moves the interval all the same", async () => {
    const source = `contract C { state x: u64 = 10; pub fn take(by: u64) { self.x -= by; } }`;
    const { endings, cells, cleared, uncleared } = await tell(source, [
      [by("alice", "take", [6n]), by("bob", "take", [6n]), by("carol", "take", [4n]), by("dave", "take", [1n])],
    ]);
    expect(endings).toEqual([["=", "panic 17", "=", "panic 17"]]);
    expect(cells).toEqual({});
    expect([cleared, uncleared]).toEqual([1, 3]);
  });

  it("E2: a call that reads what it adds to writes it", async () => {
    const source = `contract C { state x: u64; pub fn step() -> u64 { self.x += 1; return self.x; } pub fn add(by: u64) { self.x += by; } }`;
    const { endings, waiting } = await tell(source, [
      [by("alice", "step"), by("bob", "step"), by("carol", "add", [5n]), by("dave", "step"), by("alice", "add", [1n])],
    ]);
    expect(endings).toEqual([["= 1", "= 2", "=", "= 8", "="]]);
    expect(waiting).toBe(4);
  });

  it("E3: an add at a cell that nobody knows yet counts as a write, and leaves no cell of its field as it was", async () => {
    const source = `contract C { state at: map<u64, u64>; state m: map<u64, u8>;
      pub fn point(from: u64, to: u64) { self.at[from] = to; } pub fn add(k: u64, by: u8) { self.m[k] += by; }
      pub fn follow(from: u64, by: u8) { self.m[self.at[from]] += by; } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "add", [7n, 100n])],
      [
        by("alice", "point", [1n, 7n]),
        by("bob", "follow", [1n, 100n]),
        by("carol", "add", [7n, 100n]),
        by("dave", "follow", [1n, 50n]),
        by("alice", "add", [7n, 6n]),
      ],
    ]);
    expect(endings[1]).toEqual(["=", "=", "panic 17", "=", "panic 17"]);
    expect(cells).toMatchObject({ "m[7]": 250n });
  });

  it("E4: an amount in a loop counts once per round, and under a condition on state in full", async () => {
    const source = `contract C { state on: bool; state x: u8; state y: u8;
      pub fn set() { self.on = true; } pub fn maybe(by: u8) { if self.on { self.y += by; } }
      pub fn each(ids: list<u64, 4>, by: u8) { for id in ids { self.x += by; } } }`;
    const { endings, cells } = await tell(source, [
      [
        by("alice", "each", [[1n, 2n, 3n], 50n]),
        by("bob", "each", [[1n, 2n], 60n]),
        by("carol", "each", [[1n], 105n]),
        by("alice", "set"),
        by("bob", "maybe", [200n]),
        by("carol", "maybe", [200n]),
      ],
    ]);
    expect(endings).toEqual([["=", "panic 17", "=", "=", "=", "panic 17"]]);
    expect(cells).toEqual({ on: true, x: 255n, y: 200n });
  });

  it("E4: an amount computed from cells that the block changes may be anything", async () => {
    const source = `contract C { state power: map<address, u8>; state sum: u8;
      pub fn join(by: u8) { self.power[caller] += by; } pub fn half() { self.sum += self.power[caller] / 2; } }`;
    const { endings, cells } = await tell(source, [
      [
        by("alice", "join", [200n]),
        by("alice", "half"),
        by("bob", "join", [100n]),
        by("bob", "half"),
        by("alice", "half"),
        by("alice", "half"),
      ],
    ]);
    expect(endings).toEqual([["=", "=", "=", "=", "=", "panic 17"]]);
    expect(cells).toMatchObject({ sum: 250n });
  });

  it("E5: what the error of a debit reads isn't read while the debit is cleared", async () => {
    const source = `contract C { state m: map<address, u64>; state note: u64; error Short(note: u64);
        pub fn mint(by: u64) { self.m[caller] += by; } pub fn take(by: u64) { self.m[caller] -= by else Short(self.note); }
        pub fn write(n: u64) { self.note = n; } }`;
    const { endings, waiting } = await tell(source, [
      [by("alice", "mint", [10n]), by("bob", "mint", [10n])],
      [by("carol", "write", [1n]), by("alice", "take", [4n]), by("dave", "write", [2n]), by("bob", "take", [4n])],
    ]);
    expect(endings[1]).toEqual(["=", "=", "=", "="]);
    // Only the second write waits, for the first.
    expect(waiting).toBe(1);
  });

  it("E5: other updates of one kind commute, and one that is undone leaves nothing", async () => {
    const source = `contract C { state n: u64 = 4; pub fn or(by: u64, ok: bool) { self.n |= by; require ok; } pub fn most(by: u64) { self.n max= by; }
        pub fn mix(by: u64) { self.n ^= by; } view fn get() -> u64 { return self.n; } }`;
    const together = await tell(source, [
      [by("alice", "or", [1n, true]), by("bob", "or", [2n, true]), by("carol", "or", [16n, false]), by("dave", "or", [8n, true])],
    ]);
    expect(together.waiting).toBe(0);
    expect(together.cells).toEqual({ n: 15n });
    const mixed = await tell(source, [
      [
        by("alice", "or", [1n, true]),
        by("bob", "most", [3n]),
        by("carol", "or", [16n, false]),
        by("dave", "or", [32n, true]),
        by("eve", "get"),
      ],
      [by("alice", "mix", [1n]), by("bob", "mix", [3n]), by("carol", "most", [200n]), by("dave", "most", [100n]), by("alice", "get")],
    ]);
    expect(mixed.endings).toEqual([
      ["=", "=", "empty", "=", "= 37"],
      ["=", "=", "=", "=", "= 200"],
    ]);
  });

  it("E7: who reads waits for all sums before, and later ones wait for it", async () => {
    const source = `contract C { state x: i64; pub fn add(by: i64) { self.x += by; } pub fn get() -> i64 { return self.x; } }`;
    const { endings, waiting } = await tell(source, [
      [by("alice", "add", [5n]), by("bob", "add", [-9n]), by("carol", "get"), by("dave", "add", [7n]), by("alice", "get")],
    ]);
    expect(endings).toEqual([["=", "=", "= -4", "=", "= 3"]]);
    expect(waiting).toBe(3);
  });
});
