/** Plans of sets, histories, commuting updates, hashed keys, lists of structs, loops that nobody knows, and calls of other contracts. */
import { describe, expect, it } from "vitest";
import { compileText } from "../helpers/suites.ts";
import { planText } from "./plan-text.ts";

const STATE = `
  state low: u64; state flags: u32; state guests: set<address>; state queue: list<address, 4>; state points: map<address, u64>;
  state named: map<string<16>, u64>; state hashed: map<bytes32, u64>; state power: map<address, history<u64>>; state best: u64?;
  state ids: sequence<u64>; state peer: address; immutable home: address; state matrix: map<(u64, address), u64>;`;

function plan(body: string): string[] {
  const source = `interface Peer { pub fn give(to: address, n: u64) -> u64; view fn size() -> u64; }
    contract Made { state n: u64; init(n: u64) { self.n = n; } }
    contract C { ${STATE} init() { self.home = caller; } ${body} }`;
  const compiled = compileText(source);
  // The contract with the function comes second in the text.
  const footprint = compiled.footprints.contracts.find((each) => each.contract.name === "C");
  return planText({ ...compiled, footprints: { ...compiled.footprints, contracts: footprint === undefined ? [] : [footprint] } }, "f");
}

describe("updates that commute", () => {
  it("have a mode of their own", () => {
    expect(plan("pub fn f(n: u64) { self.low min= n; self.flags |= 4; }")).toEqual(["min= low", "|= flags"]);
  });
  it("are writes in loops that nobody knows", () => {
    expect(plan("pub fn f(n: u64) { self.queue.push(caller); for who in self.queue { self.low max= n; self.points[who] += 1; } }")).toEqual(
      ["R queue", "W queue", "R queue", "for i in unknown rounds", "  W low", "  W points[?]"],
    );
  });
});

describe("collections", () => {
  it("write an entry of a set and move its length", () => {
    const lines = plan("pub fn f(who: address) { self.guests.add(who); }");
    expect(lines).toEqual(["W guests[who]", "if !self.guests[who]", "  Δ guests.len += 1"]);
  });
  it("read one cell for a list, however it is used", () => {
    expect(plan("view fn f(i: u64) -> address { return self.queue[i]; }")).toEqual(["R queue"]);
    expect(plan("pub fn f() { self.queue.push(caller); }")).toEqual(["R queue", "W queue"]);
  });
  it("need the slot of a history, but touch nothing", () => {
    expect(plan("view fn f(who: address) -> u64 { return self.power[who].at(block.height - 1); }")).toEqual(["past power[who]"]);
  });
  it("take what an option holds for a key read from state", () => {
    const lines = plan("pub fn f() { if let some(x) = self.best { self.matrix[(x, caller)] = 1; } }");
    expect(lines).toEqual(["R best", "if self.best is some", "  W matrix[self.best][caller] staged"]);
  });
  it("take what an option holds for an unknown key when the call may have changed it", () => {
    const lines = plan(
      "pub fn f(n: u64) { for i in 0..n max 3 { self.best = some(n); } if let some(x) = self.best { self.matrix[(x, caller)] = 1; } }",
    );
    expect(lines.at(-1)).toMatch(/W matrix\[\?\]\[caller\]/);
  });
  it("run over a list in state", () => {
    expect(plan("pub fn f() { for who in self.queue { self.points[who] += 1; } }")).toEqual([
      "R queue",
      "for i in self.queue",
      "  Δ points[self.queue[i]] += 1 staged",
    ]);
    expect(plan("pub fn f() { self.points[self.queue[1]] = self.queue.len(); }")).toEqual([
      "R queue",
      "R queue",
      "W points[self.queue[1]] staged",
    ]);
  });
  it("are known in a list, an option or a tuple that the call makes", () => {
    expect(plan("pub fn f(a: address, b: address) { for who in [a, b] { self.points[who] += 1; } }")).toEqual([
      "for i in [a, b]",
      "  Δ points[[a, b][i]] += 1",
    ]);
    expect(plan("pub fn f(n: u64) { self.best = some(n + 1); if let some(x) = self.best { self.matrix[(x, caller)] = 1; } }").at(-1)).toBe(
      "W matrix[n + 1][caller]",
    );
    expect(plan("pub fn f(data: bytes<64>) { let (n, who): (u64, address) = decode(data); self.matrix[(n, who)] = 1; }")).toEqual([
      "W matrix[decode(data).0][decode(data).1]",
    ]);
  });
});

describe("keys", () => {
  it("are hashes and encodings of what the call brings", () => {
    expect(plan("pub fn f(n: u64) { self.hashed[keccak256(encode(caller, n))] = 1; }")).toEqual(["W hashed[keccak256(encode(caller, n))]"]);
    expect(plan("pub fn f(name: string<16>) { self.named[name] = 1; }")).toEqual(["W named[name]"]);
  });
  it("are members of the elements of a list", () => {
    expect(plan("pub fn f(to: list<(who: address, n: u64), 4>) { for each in to { self.points[each.who] += each.n; } }")).toEqual([
      "for i in to",
      "  Δ points[to[i].who] += to[i].n",
    ]);
  });
  it("of tuples are one key for each part", () => {
    expect(plan("pub fn f(a: u64, b: address) { self.matrix[(a, b)] = 1; }")).toEqual(["W matrix[a][b]"]);
  });
});

describe("calls of other contracts", () => {
  it("ask the code at the target, and may draw numbers where nothing of state decides", () => {
    expect(plan("pub fn f(at: address) { Peer(at).give(caller, 1); }")).toEqual(["call Peer.give at at"]);
    expect(plan("pub fn f() { Peer(self.home).give(caller, 1); }")).toEqual(["call Peer.give at self.home"]);
    expect(plan("pub fn f() { Peer(self.peer).give(caller, 1); }")).toEqual(["R peer", "call Peer.give at self.peer without tickets"]);
    const guarded = plan("pub fn f(at: address) { if self.low > 3 { Peer(at).give(caller, 1); } }");
    expect(guarded.at(-1)).toBe("  call Peer.give at at without tickets");
  });
  it("give keys that nobody knows before", () => {
    const lines = plan("pub fn f(at: address) { let n = Peer(at).size(); self.matrix[(n, caller)] = 1; }");
    expect(lines).toEqual(["call Peer.size at at", "W matrix[?][caller]"]);
  });
  it("are planned anew in loops that nobody knows", () => {
    const lines = plan("pub fn f() { self.queue.push(caller); for who in self.queue { Peer(self.home).give(who, 1); } }");
    expect(lines.slice(2)).toEqual(["R queue", "for i in unknown rounds", "  call Peer.give at ? without tickets"]);
  });
  it("leave the contract's own cells as they were, but not its coin", () => {
    const lines = plan(
      "pub fn f(at: address) { require self.peer == at; Peer(at).give(at, 1); self.points[self.peer] += u64(self.balance); }",
    );
    expect(lines.at(-1)).toBe("Δ points[at] += ?");
  });
  it("debit the coin that goes with raw calldata", () => {
    const lines = plan("pub fn f(at: address, data: bytes<64>) { let back: bytes<32> = call(at, 5, data); }");
    expect(lines).toEqual(["Δ self.balance -= 5", "call raw at at"]);
  });
  it("run alone when they make a contract", () => {
    expect(plan("pub fn f() { let made = create Made(3); }")).toEqual(["create Made"]);
  });
});
