/** Rules N1 and N2 of the semantics: for each the blocks that go wrong when it is dropped. Told by all engines. */
import { describe, expect, it } from "vitest";
import { account } from "../../helpers/accounts.ts";
import { by, tell } from "../../helpers/story.ts";

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

  it("N1: a call is measured by what its sender had when the block began, and a rejected one leaves nothing", async () => {
    const source = `contract C { state ids: sequence<u64>; payable fn put() -> u64 { return self.ids.next(); } pub fn give(to: address, by: u256) { pay(to, by); } }`;
    const { endings, cells } = await tell(source, [
      [by("alice", "put", [], 100n)],
      [by("alice", "give", [account("eve"), 100n]), by("eve", "put", [], 50n), by("bob", "put")],
      [by("eve", "put", [], 60n), by("eve", "put", [], 60n), by("bob", "put")],
    ]);
    expect(endings).toEqual([["= 0"], ["=", "rejected", "= 1"], ["= 2", "rejected", "= 3"]]);
    expect(cells).toEqual({ ids: 4n });
  });
});

describe("cost", () => {
  it("N2: a call is charged its bound on entry, whatever state would make of it, and so is each callee when it is reached", async () => {
    const source = `interface Heavy { pub fn work() -> u64; }
      contract Worker { state n: u64; pub fn work() -> u64 { for i in 0..500 { self.n += 1; } return self.n; } }
      contract Main { immutable worker: Heavy; state n: u64; state on: bool; init(worker: Heavy) { self.worker = worker; }
        pub fn light() { self.n += 1; } pub fn set() { self.on = true; }
        pub fn perhaps() { self.n += 1; if self.on { self.worker.work(); } } }`;
    const deployed = [
      { contract: "Worker", args: () => [] },
      { contract: "Main", args: (addresses: readonly string[]) => [addresses[0]] },
    ];
    const gas = 1_000n;
    const { endings, cells } = await tell(
      source,
      [
        [
          { ...by("alice", "light"), gas: 1n },
          { ...by("bob", "light"), gas },
          { ...by("carol", "work"), to: 0, gas },
        ],
        [{ ...by("alice", "perhaps"), gas }, by("bob", "set"), { ...by("carol", "perhaps"), gas }, by("dave", "perhaps")],
      ],
      { deploy: deployed },
    );
    expect(endings).toEqual([
      ["OutOfGas", "=", "OutOfGas"],
      ["=", "=", "OutOfGas", "="],
    ]);
    expect(cells).toMatchObject({ n: 3n, on: true });
  });
});
