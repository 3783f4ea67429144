/** Rules S1 to S4, W1, P1 to P3, K1, K2 and H1 of the semantics: for each the blocks that go wrong when it is dropped. Told by all engines. */
import { describe, expect, it } from "vitest";
import { account } from "../../helpers/accounts.ts";
import { by, tell } from "../../helpers/story.ts";

const [ALICE, BOB, CAROL] = ["alice", "bob", "carol"].map(account);

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

  it("S1: a pointer that nobody changes before costs nothing", async () => {
    const source = `contract C { state owners: map<u64, address>; state m: map<address, u64>;
      pub fn own(id: u64, who: address) { self.owners[id] = who; } pub fn put(id: u64, n: u64) { self.m[self.owners[id]] = n; } }`;
    const { waiting, unresolved, cells } = await tell(source, [
      [by("alice", "own", [1n, BOB]), by("alice", "own", [2n, CAROL])],
      [by("alice", "put", [1n, 5n]), by("bob", "put", [2n, 6n]), by("carol", "own", [3n, ALICE])],
    ]);
    expect([waiting, unresolved]).toEqual([0, 0]);
    expect(cells).toMatchObject({ "m[bob]": 5n, "m[carol]": 6n });
  });

  it("S2: who follows a pointer holds it until it ends", async () => {
    const source = `contract C { state owners: map<u64, address>; state m: map<address, u64>;
      pub fn own(id: u64, who: address) { self.owners[id] = who; }
      pub fn follow(id: u64) -> address { self.m[self.owners[id]] += 1; return self.owners[id]; } }`;
    const { endings, waiting, cells } = await tell(source, [
      [by("alice", "own", [1n, BOB])],
      [by("alice", "follow", [1n]), by("bob", "own", [1n, CAROL]), by("carol", "follow", [1n])],
    ]);
    expect(endings[1]).toEqual([`= ${BOB}`, "=", `= ${CAROL}`]);
    expect(waiting).toBe(2);
    expect(cells).toMatchObject({ "m[bob]": 1n, "m[carol]": 1n });
  });

  it("S3: behind the check of the owner the key is the caller's, whoever changes owners before", async () => {
    const source = `contract C { state owners: map<u64, address>; state m: map<address, u64>;
      pub fn own(id: u64, who: address) { self.owners[id] = who; }
      pub fn spend(id: u64) { require self.owners[id] == caller; self.m[self.owners[id]] += 1; }
      pub fn either(id: u64, ok: bool) { require self.owners[id] == caller || ok; self.m[self.owners[id]] += 10; } }`;
    const { endings, cells, unresolved } = await tell(source, [
      [by("alice", "own", [1n, BOB])],
      [by("alice", "own", [1n, CAROL]), by("carol", "spend", [1n]), by("bob", "spend", [1n])],
      [by("bob", "either", [1n, true]), by("dave", "either", [1n, false])],
    ]);
    expect(endings.slice(1)).toEqual([
      ["=", "=", "empty"],
      ["=", "empty"],
    ]);
    expect(cells).toMatchObject({ "m[carol]": 11n });
    expect(unresolved).toBe(0);
  });

  it("S3: an equality counts on its side of a branch alone", async () => {
    const source = `contract C { state owners: map<u64, address>; state m: map<address, u64>;
      pub fn own(id: u64, who: address) { self.owners[id] = who; }
      pub fn mark(id: u64) { if self.owners[id] == caller { self.m[self.owners[id]] += 1; } else { self.m[self.owners[id]] += 100; } self.m[self.owners[id]] += 1_000; } }`;
    const { cells } = await tell(source, [
      [
        by("alice", "own", [1n, BOB]),
        by("bob", "mark", [1n]),
        by("carol", "mark", [1n]),
        by("alice", "own", [1n, CAROL]),
        by("carol", "mark", [1n]),
      ],
    ]);
    expect(cells).toMatchObject({ "m[bob]": 2_101n, "m[carol]": 1_001n });
  });

  it("S4: what one side of a branch wrote is followed where it was written", async () => {
    const source = `contract C { state ptr: map<u64, u64>; state data: map<u64, u64>;
      pub fn go(a: u64, b: u64, there: bool) { if there { self.ptr[a] = 7; } else { self.ptr[a] = 8; } self.data[self.ptr[b]] += 1; } }`;
    const { cells } = await tell(source, [
      [
        by("alice", "go", [1n, 1n, true]),
        by("bob", "go", [1n, 1n, false]),
        by("carol", "go", [2n, 1n, true]),
        by("dave", "go", [3n, 3n, true]),
      ],
    ]);
    expect(cells).toMatchObject({ "data[7]": 2n, "data[8]": 2n });
  });

  it("S5: a condition on state is looked up unless an earlier call may change it", async () => {
    const source = `contract C { state open: bool; state hot: u64; state own: map<address, u64>; state s: set<u64>;
      pub fn turn(open: bool) { self.open = open; }
      pub fn go(n: u64) { if self.open { self.hot = n; } else { self.own[caller] = n; } }
      pub fn put(k: u64) { self.s.add(k); } view fn size() -> u64 { return self.s.len(); } }`;
    const { cells, endings, waiting } = await tell(source, [
      // Nobody waits: all take the other side.
      [by("alice", "go", [1n]), by("bob", "go", [2n]), by("carol", "put", [1n])],
      // The set doesn't change, so who asks for its length doesn't wait.
      [by("carol", "put", [1n]), by("dave", "size")],
    ]);
    expect(waiting).toBe(0);
    expect(endings[1]).toEqual(["=", "= 1"]);
    expect(cells).toMatchObject({ "own[alice]": 1n, "own[bob]": 2n });
    const later = await tell(source, [
      // What is found before the block would send the last two the wrong way.
      [by("alice", "go", [1n]), by("eve", "turn", [true]), by("alice", "go", [3n]), by("bob", "go", [4n])],
      [by("eve", "turn", [false]), by("carol", "go", [5n])],
    ]);
    expect(later.cells).toMatchObject({ "own[alice]": 1n, "own[carol]": 5n, hot: 4n });
    // Eve for who read the flag, both behind her for her, the last also for the other one; and in the second block the reader.
    expect(later.waiting).toBe(4);
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

  it("P2: modes of one cell are joined over the functions that a call goes through", async () => {
    const source = `contract C { state m: map<u64, u64>; fn last(k: u64) -> u64 { return self.m[k]; }
      pub fn add(a: u64, b: u64) -> u64 { self.m[a] += 1; return self.last(b); } }`;
    const { endings } = await tell(source, [
      [by("alice", "add", [1n, 1n]), by("bob", "add", [1n, 2n]), by("carol", "add", [1n, 1n]), by("dave", "add", [2n, 1n])],
    ]);
    expect(endings).toEqual([["= 1", "= 0", "= 3", "= 3"]]);
  });

  it("P1: a key that can't be computed is no access; the call fails where it gets there, and nobody waits for it", async () => {
    const source = `contract C { state m: map<u64, u64>; state n: u64;
      pub fn cut(a: u64, b: u64) { self.n += 1; self.m[a - b] = 1; } pub fn put(k: u64) { self.m[k] = 2; }
      pub fn safe(a: u64, b: u64) { if a >= b { self.m[a - b] = 3; } else { self.m[9] = 4; } } }`;
    const { endings, cells, waiting } = await tell(source, [
      [
        by("alice", "cut", [1n, 2n]),
        by("bob", "put", [5n]),
        by("carol", "put", [6n]),
        by("dave", "safe", [1n, 2n]),
        by("alice", "safe", [8n, 1n]),
      ],
    ]);
    expect(endings).toEqual([["panic 17", "=", "=", "=", "="]]);
    expect(cells).toEqual({ "m[5]": 2n, "m[6]": 2n, "m[7]": 3n, "m[9]": 4n });
    expect(waiting).toBe(0);
  });
});

describe("keys that nobody knows before", () => {
  it("W1: a key that a loop builds up takes its whole field, in order", async () => {
    const source = `contract C { state step: map<u64, u64>; state m: map<u64, u64>;
      pub fn set(k: u64, n: u64) { self.step[k] = n; } pub fn put(k: u64, n: u64) { self.m[k] = n; } view fn get(k: u64) -> u64 { return self.m[k]; }
      pub fn walk(ids: list<u64, 4>) { var k: u64 = 0; for id in ids { k += self.step[id]; } self.m[k] += 5; } }`;
    const { endings } = await tell(source, [
      [by("alice", "set", [1n, 3n]), by("alice", "set", [2n, 4n])],
      [
        by("alice", "put", [7n, 1n]),
        by("bob", "walk", [[1n, 2n]]),
        by("carol", "get", [7n]),
        by("dave", "put", [7n, 0n]),
        by("bob", "walk", [[1n, 2n]]),
        by("carol", "get", [7n]),
      ],
    ]);
    expect(endings[1]).toEqual(["=", "=", "= 6", "=", "=", "= 5"]);
  });

  it("W1: what rounds that nobody knows add to is written", async () => {
    const source = `contract C { state queue: list<u64, 4>; state sum: u8; pub fn push(n: u64) { self.queue.push(n); } pub fn add(by: u8) { self.sum += by; }
      pub fn drain() { for n in self.queue { self.sum += 100; } } view fn get() -> u8 { return self.sum; } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "push", [1n]), by("alice", "push", [2n])],
      [
        by("alice", "add", [50n]),
        by("bob", "drain"),
        by("carol", "add", [5n]),
        by("dave", "drain"),
        by("alice", "add", [1n]),
        by("eve", "get"),
      ],
    ]);
    expect(endings[1]).toEqual(["=", "=", "=", "panic 17", "panic 17", "= 255"]);
    expect(cells).toMatchObject({ sum: 255n });
  });
});

describe("cells", () => {
  it("K1: an entry is there when some member isn't at its default, and each member is a cell of its own", async () => {
    const source = `struct Item { n: u64; who: address; } contract C { state m: map<u64, Item>;
      pub fn put(k: u64, n: u64) { self.m[k].n = n; } pub fn own(k: u64) { self.m[k].who = caller; } pub fn drop(k: u64) { delete self.m[k]; }
      view fn has(k: u64) -> bool { return self.m.has(k); } }`;
    const { endings, cells, waiting } = await tell(source, [
      [by("alice", "put", [1n, 0n]), by("bob", "own", [2n]), by("carol", "put", [2n, 3n])],
      [
        by("alice", "has", [1n]),
        by("bob", "has", [2n]),
        by("carol", "drop", [2n]),
        by("dave", "has", [2n]),
        by("alice", "put", [1n, 4n]),
        by("bob", "has", [1n]),
      ],
    ]);
    expect(endings[1]).toEqual(["= false", "= true", "=", "= false", "=", "= true"]);
    expect(cells).toEqual({ "m[1].n": 4n });
    // Nobody in the first block: members are told apart.
    expect(waiting).toBe(4);
  });

  it("K2: members of a set move its length as adds, and only if they change something", async () => {
    const source = `contract C { state s: set<u64>; pub fn add(k: u64) { self.s.add(k); } pub fn drop(k: u64) { self.s.remove(k); } view fn size() -> u64 { return self.s.len(); } }`;
    const { endings, waiting } = await tell(source, [
      [by("alice", "add", [1n]), by("bob", "add", [2n]), by("carol", "add", [3n]), by("dave", "drop", [9n])],
      [by("alice", "add", [1n]), by("bob", "drop", [2n]), by("carol", "drop", [2n]), by("dave", "size")],
    ]);
    expect(endings[1]).toEqual(["=", "=", "=", "= 2"]);
    // Who drops the same member again, and who asks. The first has nothing to add, so the next one knows the length it takes from.
    expect(waiting).toBe(2);
  });

  it("K1: a list is one cell", async () => {
    const source = `contract C { state q: list<u64, 4>; pub fn push(n: u64) { self.q.push(n); } pub fn set(i: u64, n: u64) { self.q[i] = n; } pub fn pop() -> u64 { return self.q.pop(); }
      view fn at(i: u64) -> u64 { return self.q[i]; } view fn has(n: u64) -> bool { return self.q.contains(n); } }`;
    const { endings, waiting } = await tell(source, [
      [
        by("alice", "push", [5n]),
        by("bob", "push", [6n]),
        by("carol", "set", [0n, 7n]),
        by("dave", "at", [0n]),
        by("alice", "has", [5n]),
        by("bob", "pop"),
        by("carol", "at", [1n]),
      ],
    ]);
    expect(endings).toEqual([["=", "=", "=", "= 7", "= false", "= 6", "panic 50"]]);
    expect(waiting).toBe(6);
  });

  it("H1: the past of a history is a constant", async () => {
    const source = `contract C { state v: history<u64>; state seen: map<u64, u64>; pub fn set(n: u64) { self.v = n; } pub fn was(h: u64) -> u64 { self.seen[self.v.at(h)] += 1; return self.v.at(h); } }`;
    const { endings, waiting, unresolved } = await tell(source, [
      [by("alice", "set", [5n])],
      [by("alice", "set", [9n]), by("bob", "was", [2n]), by("carol", "was", [3n]), by("dave", "was", [1n])],
      [by("alice", "was", [3n])],
    ]);
    expect(endings).toEqual([["="], ["=", "= 5", "panic 50", "= 0"], ["= 9"]]);
    expect([waiting, unresolved]).toEqual([0, 0]);
  });
});
