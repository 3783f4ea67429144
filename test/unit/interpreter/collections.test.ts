/** What the reference interpreter says of sets, lists, options, enums with payload, histories and keys. */
import { describe, expect, it } from "vitest";
import { keccakHex } from "../../interpreter/abi.ts";
import { ALICE, BOB, openStage } from "./fixture.ts";

describe("sets", () => {
  const SOURCE = `contract C {
    state guests: set<address>;
    state rooms: map<u64, set<u8>>;
    pub fn add(who: address) -> bool { return self.guests.add(who); }
    pub fn remove(who: address) -> bool { return self.guests.remove(who); }
    view fn look(who: address) -> (bool, u64) { return (self.guests.has(who), self.guests.len()); }
    pub fn enter(room: u64, n: u8) -> u64 { self.rooms[room].add(n); return self.rooms[room].len(); }
  }`;

  it("say whether they changed, and count their members", () => {
    const { deploy, block, cells } = openStage(SOURCE);
    const c = deploy("C");
    const endings = block(
      [c, "add", [BOB]],
      [c, "add", [BOB]],
      [c, "look", [BOB]],
      [c, "remove", [BOB]],
      [c, "remove", [BOB]],
      [c, "look", [BOB]],
    );
    expect(endings).toEqual(["= true", "= false", "= [true, 1]", "= true", "= false", "= [false, 0]"]);
    expect(cells(c)).toEqual({});
  });

  it("have a cell for each entry and one for the length", () => {
    const { deploy, touchedBy, cells, call } = openStage(SOURCE);
    const c = deploy("C");
    expect(touchedBy(c, "add", [BOB])).toEqual({ [`guests[${BOB}]`]: ["read", "write"], "guests.len": ["add"] });
    expect(touchedBy(c, "add", [BOB])).toEqual({ [`guests[${BOB}]`]: ["read"] });
    expect(call(c, "enter", [7n, 3n])).toBe("= 1");
    expect(cells(c)).toEqual({ [`guests[${BOB}]`]: true, "guests.len": 1n, "rooms[7][3]": true, "rooms.len[7]": 1n });
  });
});

describe("lists", () => {
  const SOURCE = `struct Pair { a: u8; b: list<u8, 2>; }
  contract C {
    state queue: list<u16, 3>;
    pub fn push(n: u16) { self.queue.push(n); }
    pub fn pop() -> u16 { let last = self.queue.pop(); return last; }
    pub fn put(i: u64, n: u16) { self.queue[i] = n; }
    view fn at(i: u64) -> u16 { return self.queue[i]; }
    view fn sum() -> u64 { var total: u64 = 0; for n in self.queue { total += u64(n); } return total; }
    view fn find(n: u16) -> (bool, u64) { return (self.queue.contains(n), self.queue.len()); }
    view fn local(n: u8) -> u8 {
      var pair = Pair { a: 1, b: [n] };
      pair.b.push(n + 1);
      pair.b[0] = 9;
      return pair.b[0] * 10 + pair.b.pop();
    }
  }`;

  it("grow, shrink and change in place, within their limit", () => {
    const { deploy, block } = openStage(SOURCE);
    const c = deploy("C");
    expect(block([c, "pop"], [c, "push", [1n]], [c, "push", [2n]], [c, "push", [3n]], [c, "push", [4n]])).toEqual([
      "Panic 0x31",
      "= []",
      "= []",
      "= []",
      "Panic 0x32",
    ]);
    expect(block([c, "put", [1n, 20n]], [c, "put", [3n, 1n]], [c, "at", [1n]], [c, "at", [3n]], [c, "sum"], [c, "find", [20n]])).toEqual([
      "= []",
      "Panic 0x32",
      "= 20",
      "Panic 0x32",
      "= 24",
      "= [true, 3]",
    ]);
    expect(block([c, "pop"], [c, "find", [3n]], [c, "local", [4n]])).toEqual(["= 3", "= [false, 2]", "= 95"]);
  });

  it("are one cell, shown as bytes", () => {
    const { deploy, touchedBy, cells, block } = openStage(SOURCE);
    const c = deploy("C");
    block([c, "push", [1n]], [c, "push", [258n]]);
    expect(cells(c)).toEqual({ queue: "0x0000000200010102" });
    expect(touchedBy(c, "put", [0n, 5n])).toEqual({ queue: ["read", "write"] });
  });
});

describe("options and enums with payload", () => {
  const SOURCE = `enum Shape { Dot, Circle(u32), Box { w: u32, h: u32 } }
  contract C {
    state shape: Shape;
    state owner: address?;
    state best: map<u64, Shape>;
    pub fn circle(r: u32) { self.shape = Shape.Circle(r); }
    pub fn box(w: u32, h: u32) { self.shape = Shape.Box { w: w, h: h }; self.best[1] = self.shape; }
    view fn area() -> u32 { return match self.shape { Shape.Dot => 0, Shape.Circle(r) => 3 * r * r, Shape.Box { w, h } => w * h, }; }
    pub fn take() { self.owner = some(caller); }
    pub fn leave() { self.owner = none; }
    view fn isMine() -> bool { if let some(who) = self.owner { return who == caller; } return false; }
    view fn count() -> u8 {
      match self.owner { none => { return 0; }, some(_) => { return 1; }, }
      return 2;
    }
  }`;

  it("are matched by what they are", () => {
    const { deploy, block } = openStage(SOURCE);
    const c = deploy("C");
    expect(block([c, "area"], [c, "circle", [2n]], [c, "area"], [c, "box", [3n, 4n]], [c, "area"])).toEqual([
      "= 0",
      "= []",
      "= 12",
      "= []",
      "= 12",
    ]);
    expect(block([c, "isMine"], [c, "count"], [c, "take"], [c, "isMine"], [c, "count"], [c, "isMine", [], { from: BOB }])).toEqual([
      "= false",
      "= 0",
      "= []",
      "= true",
      "= 1",
      "= false",
    ]);
  });

  it("are one cell, absent at their default", () => {
    const { deploy, block, cells } = openStage(SOURCE);
    const c = deploy("C");
    block([c, "box", [3n, 4n]], [c, "take"]);
    expect(cells(c)).toEqual({ shape: "0x020000000300000004", "best[1]": "0x020000000300000004", owner: `0x01${ALICE.slice(2)}` });
    block([c, "leave"], [c, "circle", [0n]]);
    expect(cells(c)).toEqual({ shape: "0x01", "best[1]": "0x020000000300000004" });
  });
});

describe("histories", () => {
  const SOURCE = `contract C {
    state power: map<address, history<u64>>;
    state total: history<i32> = 5;
    pub fn set(n: u64) { self.power[caller] = n; self.total += 1; }
    pub fn fail(n: u64) { self.power[caller] = n; require false; }
    view fn at(h: u64) -> (u64, u64, i32) { return (self.power[caller].at(h), self.power[caller], self.total.at(h)); }
    view fn height() -> u64 { return block.height; }
  }`;

  it("give what held at the end of a past block, and refuse the present one", () => {
    const { deploy, call, block } = openStage(SOURCE);
    const c = deploy("C");
    expect(call(c, "at", [0n])).toBe("= [0, 0, 0]");
    expect(call(c, "at", [1n])).toBe("= [0, 0, 5]");
    block([c, "set", [7n]], [c, "set", [8n]], [c, "fail", [9n]]);
    expect(block([c, "at", [4n]], [c, "set", [1n]], [c, "at", [4n]], [c, "at", [5n]], [c, "height"])).toEqual([
      "= [8, 8, 7]",
      "= []",
      "= [8, 1, 7]",
      "Panic 0x32",
      "= 5",
    ]);
    expect(call(c, "at", [5n])).toBe("= [1, 1, 8]");
  });

  it("aren't touched by looking back", () => {
    const { deploy, touchedBy } = openStage(`contract C {
      state h: history<u8>;
      pub fn back() -> u8 { return self.h.at(0); }
    }`);
    expect(touchedBy(deploy("C"), "back")).toEqual({});
  });
});

describe("maps", () => {
  it("have an entry when some leaf of it isn't its default (K1)", () => {
    const { deploy, block, touchedBy } = openStage(`struct P { a: u8; b: list<u8, 2>; }
    contract C {
      state m: map<u8, P>;
      pub fn a(n: u8) { self.m[1].a = n; }
      pub fn b() { self.m[1].b.push(0); }
      pub fn clear() { delete self.m[1]; }
      view fn has() -> bool { return self.m.has(1); }
    }`);
    const c = deploy("C");
    expect(
      block([c, "has"], [c, "a", [1n]], [c, "has"], [c, "a", [0n]], [c, "has"], [c, "b"], [c, "has"], [c, "clear"], [c, "has"]),
    ).toEqual(["= false", "= []", "= true", "= []", "= false", "= []", "= true", "= []", "= false"]);
    expect(touchedBy(c, "has")).toEqual({ "m[1].a": ["read"], "m[1].b": ["read"] });
  });

  it("know strings by their hash, and tuples by their members", () => {
    const { deploy, block, cells } = openStage(`contract C {
      state names: map<string<8>, u8>;
      state pairs: map<(address, i8), u8>;
      pub fn f(name: string<8>, n: i8) { self.names[name] += 1; self.pairs[(caller, n)] = 2; }
    }`);
    const c = deploy("C");
    block([c, "f", ["0x6869", -1n]]);
    expect(cells(c)).toEqual({ [`names[${keccakHex("0x6869")}]`]: 1n, [`pairs[${ALICE}][-1]`]: 2n });
  });
});

describe("bytes", () => {
  it.each<readonly [string, string, string]>([
    ["encode", "encode(a, s, caller)", "bytes<256>"],
    ["concat", "concat(a, s, true)", "bytes<64>"],
  ])("%s is of a fixed form", (name, text, type) => {
    const { deploy, call } = openStage(`contract C { view fn f(a: i16, s: string<8>) -> ${type} { return ${text}; } }`);
    const word = (digits: string): string => digits.padStart(64, "0");
    const encoded = `${"f".repeat(62)}fe${word("60")}${word(ALICE.slice(2))}${word("2")}${"6869".padEnd(64, "0")}`;
    expect(call(deploy("C"), "f", [-2n, "0x6869"])).toBe(`= 0x${name === "encode" ? encoded : "fffe686901"}`);
  });

  it("decode what was encoded, and refuse anything else without data", () => {
    const { deploy, call } = openStage(`contract C {
      view fn f(a: i16, s: string<8>) -> (i16, string<8>) { let (x, y): (i16, string<8>) = decode(encode(a, s)); return (x, y); }
      view fn g(data: bytes<64>) -> bool { return decode(data); }
    }`);
    const c = deploy("C");
    expect(call(c, "f", [-2n, "0x6869"])).toBe("= [-2, 0x6869]");
    expect(call(c, "g", [`0x${"1".padStart(64, "0")}`])).toBe("= true");
    expect(call(c, "g", [`0x${"2".padStart(64, "0")}`])).toBe("empty");
    expect(call(c, "g", ["0x01"])).toBe("empty");
  });
});
