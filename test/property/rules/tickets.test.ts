/** Rules T1 to T4 of the semantics: for each the blocks that go wrong when it is dropped. Told by all engines, and what they tell is written down here. */
import { describe, expect, it } from "vitest";
import { account } from "../../helpers/accounts.ts";
import { by, contractAt, tell } from "../../helpers/story.ts";

const ALICE = account("alice");

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

  it("T1: a call that never enters its body draws no number", async () => {
    const source = `contract C { state ids: sequence<u64>; pub fn draw() -> u64 { return self.ids.next(); } }`;
    const { endings } = await tell(source, [
      [{ ...by("alice", "draw"), gas: 1n }, by("bob", "draw", [], 5n), by("carol", "nothing"), by("dave", "draw")],
    ]);
    expect(endings).toEqual([["OutOfGas", "empty", "empty", "= 0"]]);
  });

  it("T4: numbers drawn in one block are told apart, so that what is kept under them doesn't wait", async () => {
    const source = `contract C { state ids: sequence<u64>; state by: map<u64, address>; state at: map<u64, u64>;
      pub fn offer() -> u64 { let id = self.ids.next(); self.by[id] = caller; self.at[id + 1] = id; return id; } }`;
    const { endings, waiting } = await tell(source, [["alice", "bob", "carol", "dave"].map((from) => by(from, "offer"))]);
    expect(endings).toEqual([["= 0", "= 1", "= 2", "= 3"]]);
    expect(waiting).toBe(0);
  });

  const OTHERS = `interface Desk { pub fn draw() -> u64; pub fn perhaps(a: bool) -> u64; pub fn late(n: u64) -> u64; pub fn checked(n: u64) -> u64; }
    contract Numbers { state ids: sequence<u64>;
      pub fn draw() -> u64 { return self.ids.next(); }
      pub fn perhaps(a: bool) -> u64 { if a { return self.ids.next(); } return 90; }
      pub fn late(n: u64) -> u64 { if n > 2 { return 91; } return self.ids.next(); }
      pub fn checked(n: u64) -> u64 { require n > 2; return self.ids.next(); } }
    contract Main { immutable desk: Desk; state on: bool; state desks: map<u64, Desk>; init(desk: Desk) { self.desk = desk; self.desks[0] = desk; }
      pub fn toggle() { self.on = !self.on; }
      pub fn one() -> u64 { return self.desk.draw(); }
      pub fn two() -> u64 { let a = self.desk.draw(); return a * 100 + self.desk.draw(); }
      pub fn given(at: Desk) -> u64 { return at.draw(); }
      pub fn perhaps(a: bool) -> u64 { return self.desk.perhaps(a); }
      pub fn late(n: u64) -> u64 { return self.desk.late(n); }
      pub fn onState() -> u64 { if self.on { return self.desk.draw(); } return 92; }
      pub fn stored() -> u64 { return self.desks[0].draw(); }
      pub fn checked(n: u64) -> u64 { let a = self.desk.checked(n); return a * 100 + self.desk.draw(); } }`;
  const DEPLOYED = [
    { contract: "Numbers", args: () => [] },
    { contract: "Main", args: (deployed: readonly string[]) => [deployed[0]] },
  ];

  it("T2: of a choice the side counts that the call chooses, and the rounds of a range may be more than its type holds", async () => {
    const source = `contract C { state on: bool; state ids: sequence<u64>;
      pub fn chosen(a: u64) -> u64 { require if a > 3 { false } else { self.on }; return self.ids.next(); }
      pub fn compared(a: u64) -> u64 { let n: u64 = if a > 3 { 1 } else { if self.on { 5 } else { 6 } }; require n > 4; return self.ids.next(); }
      pub fn refined(a: u64) -> u64 { if !self.on { return 0; } require if a > 3 { false } else { self.on }; return self.ids.next(); }
      pub fn rounds(low: i8, high: i8) -> u64 { for i in low..high max 200 { require i > -128; } return self.ids.next(); }
      pub fn few(low: i8, high: i8) -> u64 { for i in low..high max 5 { require i > -128; } return self.ids.next(); }
      view fn drawn() -> u64 { return 0; } }`;
    const { cells } = await tell(source, [
      [
        by("alice", "chosen", [9n]),
        by("alice", "compared", [9n]),
        by("bob", "refined", [9n]),
        by("bob", "few", [-128n, 4n]),
        by("bob", "rounds", [-127n, 127n]),
      ],
      // These draw one each.
      [
        by("alice", "chosen", [1n]),
        by("alice", "compared", [1n]),
        by("alice", "refined", [1n]),
        by("bob", "few", [-127n, -123n]),
        by("carol", "rounds", [-100n, 50n]),
      ],
    ]);
    expect(cells).toMatchObject({ ids: 5n });
  });

  it("T2: what a callee draws for sure is drawn on entry, whatever its checks say, and its gaps stay gaps", async () => {
    const { endings } = await tell(
      OTHERS,
      [
        [
          by("alice", "one"),
          { ...by("bob", "draw"), to: 0 },
          by("carol", "two"),
          by("dave", "checked", [1n]),
          by("alice", "checked", [3n]),
          by("bob", "given", [contractAt(0)]),
        ],
      ],
      { deploy: DEPLOYED },
    );
    expect(endings).toEqual([["= 0", "= 1", "= 203", "empty", "= 607", "= 8"]]);
  });

  it("T2: a callee whose count depends on something, or that state leads to, draws nothing", async () => {
    const { endings } = await tell(
      OTHERS,
      [
        [by("alice", "perhaps", [true]), by("bob", "perhaps", [false]), by("carol", "late", [1n]), by("dave", "late", [3n])],
        [by("alice", "onState"), by("bob", "toggle"), by("carol", "onState"), by("dave", "stored"), by("alice", "one")],
      ],
      { deploy: DEPLOYED },
    );
    expect(endings).toEqual([
      ["DynamicTicket", "= 90", "DynamicTicket", "= 91"],
      ["= 92", "=", "DynamicTicket", "DynamicTicket", "= 0"],
    ]);
  });

  it.each([
    ["a condition that an argument settles", "if yes || self.on { return self.desk.draw(); }"],
    ["one that the right side settles", "if self.on || yes { return self.desk.draw(); }"],
    ["the other side of one", "if !yes && self.on { return 1; } else { return self.desk.draw(); }"],
    ["a choice among conditions", "if if yes { true } else { self.on } { return self.desk.draw(); }"],
    ["what a branch kept", "var go = false; if yes { go = true; } else { go = self.on; } if go { return self.desk.draw(); }"],
    ["a chosen target", "let at = if yes { self.desk } else { self.desks[0] }; return at.draw();"],
    ["a return under such a condition", "if !yes { if self.on { return 1; } } return self.desk.draw();"],
  ])("T2: what reads state does so whatever the call is given: %s", async (_, body) => {
    const source = OTHERS.replace("pub fn toggle", `pub fn mixed(yes: bool) -> u64 { ${body} return 93; } pub fn toggle`);
    const { endings } = await tell(source, [[by("alice", "mixed", [true]), by("bob", "one")]], { deploy: DEPLOYED });
    expect(endings).toEqual([["DynamicTicket", "= 0"]]);
  });

  it.each([
    ["a require that an argument settles", "require yes || self.on; return self.desk.draw();"],
    ["an empty exit under one", "if yes { require yes; } return self.desk.draw();"],
    ["a condition on arguments", "if yes || self.desk == self.desk { return self.desk.draw(); }"],
  ])("T2: and what doesn't, doesn't: %s", async (_, body) => {
    const source = OTHERS.replace("pub fn toggle", `pub fn mixed(yes: bool) -> u64 { ${body} return 93; } pub fn toggle`);
    const { endings } = await tell(source, [[by("alice", "mixed", [true]), by("bob", "one")]], { deploy: DEPLOYED });
    expect(endings).toEqual([["= 0", "= 1"]]);
  });
});
