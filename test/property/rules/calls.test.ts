/** Rules C1 to C5 of the semantics: for each the blocks that go wrong when it is dropped. Told by all engines. */
import { describe, expect, it } from "vitest";
import type { Hex } from "../../../runtime/types.ts";
import { account } from "../../helpers/accounts.ts";
import { by, contractAt, tell } from "../../helpers/story.ts";
import type { StoryContract } from "../../helpers/story.ts";

const SOURCE = `interface Desk { pub fn bump(k: u64) -> u64; pub fn point(a: u64, b: u64); pub fn follow(a: u64); pub fn back(k: u64) -> u64; view fn look(k: u64) -> u64; pub fn refund(); }
  interface Home { pub fn set(k: u64, n: u64); }
  contract Peer { state m: map<u64, u64>; state ptr: map<u64, u64>; error Odd(k: u64);
    pub fn bump(k: u64) -> u64 { require k != 13 else Odd(k); self.m[k] += 1; return self.m[k]; }
    pub fn point(a: u64, b: u64) { self.ptr[a] = b; }
    pub fn follow(a: u64) { self.m[self.ptr[a]] += 10; }
    pub fn back(k: u64) -> u64 { Home(caller).set(k, 99); return 1; }
    pub fn look(k: u64) -> u64 { return self.m[k]; }
    payable fn put() {}
    pub fn refund() { pay(caller, 3); } }
  contract Main { state desks: map<u64, Desk>; state arg: map<u64, u64>; state n: map<u64, u64>; state coin: map<u256, u64>; immutable desk: Desk;
    init(desk: Desk) { self.desk = desk; self.desks[0] = desk; }
    pub fn set(k: u64, n: u64) { self.arg[k] = n; } pub fn aim(k: u64, at: Desk) { self.desks[k] = at; }
    pub fn relay(k: u64) -> u64 { return self.desk.bump(self.arg[k]); }
    pub fn amount(k: u64) { self.n[self.desk.bump(k)] += 1; }
    pub fn through(k: u64, n: u64) -> u64 { return self.desks[k].bump(n); }
    pub fn direct(n: u64) -> u64 { self.n[0] += 1; return self.desk.bump(n); }
    pub fn chase(a: u64, b: u64) { self.desk.point(a, b); self.desk.follow(a); }
    pub fn twice(n: u64) -> u64 { self.desk.bump(n); return self.desk.bump(n); }
    pub fn wrongView(n: u64) -> u64 { return self.desk.look(n); }
    pub fn enter(k: u64) -> u64 { self.n[1] += 1; return self.desk.back(k); }
    pub fn kept(k: u64, n: u64) { require self.arg[k] == n; self.desk.bump(n); self.n[self.arg[k]] += 1; }
    pub fn refund() { self.desk.refund(); self.coin[self.balance] += 1; } }`;
const DEPLOYED = [
  { contract: "Peer", args: () => [] },
  { contract: "Peer", args: () => [] },
  { contract: "Main", args: (deployed: readonly string[]) => [deployed[0]] },
];

/** Each calls the one before it twice. */
const DOUBLING = `interface INode { pub fn go() -> u64; }
  contract Node { state n: u64; immutable next: INode; immutable last: bool;
    init(next: INode, last: bool) { self.next = next; self.last = last; }
    pub fn go() -> u64 { self.n += 1; if self.last { return self.n; } self.next.go(); return self.next.go() + self.n; } }`;

function chainOf(length: number): readonly StoryContract[] {
  return Array.from({ length }, (_, i) => ({
    contract: "Node",
    args: (deployed: readonly Hex[]) => [deployed[i - 1] ?? account("eve"), i === 0],
  }));
}

describe("calls between contracts", () => {
  it("C1: a callee is planned with the arguments as far as they are known, and meets direct calls in its cells", async () => {
    const { endings } = await tell(
      SOURCE,
      [
        [
          by("alice", "direct", [5n]),
          { ...by("bob", "bump", [5n]), to: 0 },
          by("carol", "direct", [6n]),
          { ...by("dave", "bump", [5n]), to: 1 },
        ],
        [by("alice", "set", [1n, 5n]), by("bob", "relay", [1n]), { ...by("carol", "bump", [5n]), to: 0 }, by("dave", "relay", [2n])],
      ],
      { deploy: DEPLOYED },
    );
    expect(endings).toEqual([
      ["= 1", "= 2", "= 1", "= 1"],
      ["=", "= 3", "= 4", "= 1"],
    ]);
  });

  it("C1: calls into different cells of a callee run at the same time", async () => {
    const { waiting, unresolved } = await tell(SOURCE, [[1n, 2n, 3n, 4n].map((k) => by("alice", "direct", [k]))], { deploy: DEPLOYED });
    expect([waiting, unresolved]).toEqual([0, 0]);
  });

  it("C2: a call of a contract that nobody knows before runs between the earlier and the later ones", async () => {
    const { endings } = await tell(
      SOURCE,
      [
        [
          { ...by("alice", "bump", [5n]), to: 1 },
          by("alice", "aim", [0n, contractAt(1)]),
          by("bob", "through", [0n, 5n]),
          { ...by("carol", "bump", [5n]), to: 1 },
          by("dave", "through", [7n, 5n]),
        ],
      ],
      { deploy: DEPLOYED },
    );
    expect(endings).toEqual([["= 1", "=", "= 2", "= 3", "empty"]]);
  });

  it("C2: contracts that call each other twice each are planned up to a limit; beyond it the transaction runs alone", async () => {
    // 2 to the n-th calls reach the first of n; beside them a contract that nobody calls.
    const deploy = [...chainOf(10), ...chainOf(1)];
    const [few, many] = [3, 9].map((to) => [[{ ...by("alice", "go"), to }, by("bob", "go")]]);
    const planned = await tell(DOUBLING, few, { deploy });
    expect([planned.endings, planned.waiting]).toEqual([[["= 15", "= 1"]], 0]);
    const alone = await tell(DOUBLING, many, { deploy });
    expect([alone.endings, alone.waiting]).toEqual([[["= 1023", "= 1"]], 1]);
  });

  it("N2: a call that would go through 65,535 functions of contracts stops where its gas ends", async () => {
    const calls = Array.from({ length: 8 }, () => ({ ...by("alice", "go"), gas: 2_000n }));
    const { endings, cells } = await tell(DOUBLING, [calls], { deploy: chainOf(16) });
    expect(new Set(endings[0])).toEqual(new Set(["OutOfGas"]));
    expect(cells).not.toHaveProperty("n");
  });

  it("C3: a callee finds what an earlier part of the transaction did, and keys made from results are found on the way", async () => {
    const { endings, cells } = await tell(
      SOURCE,
      [
        [
          by("alice", "chase", [1n, 7n]),
          { ...by("bob", "bump", [7n]), to: 0 },
          by("carol", "chase", [1n, 8n]),
          { ...by("dave", "bump", [8n]), to: 0 },
        ],
        [by("alice", "amount", [7n]), by("bob", "amount", [7n]), by("carol", "twice", [7n])],
      ],
      { deploy: DEPLOYED },
    );
    expect(endings).toEqual([
      ["=", "= 11", "=", "= 11"],
      ["=", "=", "= 15"],
    ]);
    expect(cells).toMatchObject({ "n[12]": 1n, "n[13]": 1n });
  });

  it("C4: a callee's revert is the transaction's, with its data; calls of nothing, of the wrong thing, or back again fail", async () => {
    const { endings, cells } = await tell(
      SOURCE,
      [
        [
          by("alice", "direct", [13n]),
          by("bob", "wrongView", [1n]),
          by("carol", "through", [3n, 1n]),
          by("dave", "enter", [1n]),
          by("alice", "twice", [1n]),
        ],
      ],
      { deploy: DEPLOYED },
    );
    expect(endings).toEqual([["Odd", "empty", "empty", "Reentrancy", "= 2"]]);
    expect(cells).not.toHaveProperty("n[0]");
    expect(cells).not.toHaveProperty("n[1]");
  });

  it("C5: what a contract has read stays true across its calls, but for its coin", async () => {
    const { endings, cells, unresolved } = await tell(
      SOURCE,
      [
        [by("alice", "set", [1n, 5n]), { ...by("alice", "put", [], 9n), to: 0 }],
        [by("alice", "kept", [1n, 5n]), by("bob", "refund"), by("carol", "refund"), by("dave", "kept", [1n, 4n])],
      ],
      { deploy: DEPLOYED },
    );
    expect(endings[1]).toEqual(["=", "=", "=", "empty"]);
    expect(cells).toMatchObject({ "n[5]": 1n, "coin[3]": 1n, "coin[6]": 1n });
    // The first call knows all its keys.
    expect(unresolved).toBeGreaterThan(0);
  });

  it("C2: who makes a contract runs alone, and the new one can be called in the same block", async () => {
    const source = `contract Small { state n: u64; init(n: u64) { self.n = n; } pub fn touch() -> u64 { self.n += 1; return self.n; } }
      contract Main { state made: map<u64, Small>; state n: u64; pub fn make(k: u64, n: u64) { self.made[k] = create Small(n); self.n += 1; } pub fn touchAt(k: u64) -> u64 { return self.made[k].touch(); } }`;
    const { endings, cells } = await tell(
      source,
      [
        [
          by("alice", "touchAt", [1n]),
          by("bob", "make", [1n, 5n]),
          by("carol", "touchAt", [1n]),
          by("dave", "make", [1n, 50n]),
          by("eve", "touchAt", [1n]),
        ],
      ],
      { deploy: [{ contract: "Main", args: () => [] }] },
    );
    expect(endings).toEqual([["empty", "=", "= 6", "=", "= 51"]]);
    expect(cells).toMatchObject({ n: 2n });
  });
});
