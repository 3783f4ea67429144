/** What the reference interpreter says of calls between contracts: what they may reach, how they fail, what they cost, which numbers they draw. */
import { describe, expect, it } from "vitest";
import { encodeAll, encodeCall, selectorOf } from "../../interpreter/abi.ts";
import { createAddress } from "../../interpreter/create-address.ts";
import { BOB, openStage } from "./fixture.ts";

const U64 = { kind: "int", signed: false, bits: 64 } as const;
const NOBODY = `0x${"0".repeat(40)}`;

describe("a call through an interface", () => {
  const SOURCE = `interface Bank { pub fn put(n: u64) -> u64; view fn sum() -> u64; pub fn boom(n: u64); view fn put2(n: u64) -> u64; pub fn short(s: string<8>) -> string<3>; }
  error Boom(n: u64);
  contract Teller {
    state total: u64; state last: address;
    pub fn put(n: u64) -> u64 { self.total += n; self.last = caller; return self.total; }
    pub fn put2(n: u64) -> u64 { return self.put(n); }
    view fn sum() -> u64 { return self.total; }
    pub fn boom(n: u64) { self.total = 0; revert Boom(n); }
    pub fn short(s: string<4>) -> string<4> { return s; }
  }
  contract Odd { pub fn put(n: u64) -> (u64, u64) { return (n, n); } }
  contract Front {
    state calls: u64;
    pub fn put(to: Bank, n: u64) -> u64 { self.calls += 1; return to.put(n) + Bank(to).sum(); }
    pub fn boom(to: Bank, n: u64) { self.calls += 1; to.boom(n); }
    pub fn asView(to: Bank) -> u64 { return to.put2(1); }
    pub fn short(to: Bank, s: string<8>) -> string<3> { return to.short(s); }
    view fn sum(to: Bank) -> u64 { return to.sum(); }
  }`;

  it("runs there, with the caller's address, and gives the result", () => {
    const { deploy, call, cells } = openStage(SOURCE);
    const [teller, front] = [deploy("Teller"), deploy("Front")];
    expect(call(front, "put", [teller, 5n])).toBe("= 10");
    expect(cells(teller)).toEqual({ total: 5n, last: front });
    expect(call(front, "sum", [teller])).toBe("= 5");
  });

  it("reverts the whole transaction with the callee's error", () => {
    const { deploy, call, cells } = openStage(SOURCE);
    const [teller, front] = [deploy("Teller"), deploy("Front")];
    call(front, "put", [teller, 5n]);
    expect(call(front, "boom", [teller, 3n])).toBe("Boom");
    expect([cells(teller), cells(front)]).toEqual([{ total: 5n, last: front }, { calls: 1n }]);
  });

  it("reverts without data where there is no such function, no view where one is asked for, or another result", () => {
    const { deploy, call } = openStage(SOURCE);
    const [teller, front, odd] = [deploy("Teller"), deploy("Front"), deploy("Odd")];
    expect([NOBODY, BOB, front, odd].map((to) => call(front, "put", [to, 1n]))).toEqual(["empty", "empty", "Reentrancy", "empty"]);
    expect(call(front, "asView", [teller])).toBe("empty");
  });

  it("reverts without data when arguments or results are longer than they may be", () => {
    const { deploy, call } = openStage(SOURCE);
    const [teller, front] = [deploy("Teller"), deploy("Front")];
    expect(["0x616263", "0x61626364", "0x6162636465"].map((text) => call(front, "short", [teller, text]))).toEqual([
      "= 0x616263",
      "empty",
      "empty",
    ]);
  });
});

describe("active contracts", () => {
  const SOURCE = `interface Node { pub fn go(path: list<address, 20>, at: u64) -> u64; }
  contract Hop {
    pub fn go(path: list<address, 20>, at: u64) -> u64 {
      if at >= path.len() { return 0; }
      return 1 + Node(path[at]).go(path, at + 1);
    }
    pub fn twice(other: Node) -> u64 { return other.go([], 0) + other.go([], 0); }
  }`;

  it("can't be entered again, but those that have finished can", () => {
    const { deploy, call } = openStage(SOURCE);
    const [a, b, c] = [deploy("Hop"), deploy("Hop"), deploy("Hop")];
    expect(call(a, "go", [[b, c], 0n])).toBe("= 2");
    expect(call(a, "go", [[b, a], 0n])).toBe("Reentrancy");
    expect(call(a, "go", [[a], 0n])).toBe("Reentrancy");
    expect(call(a, "twice", [b])).toBe("= 0");
  });

  it("are at most sixteen", () => {
    const { deploy, call } = openStage(SOURCE);
    const hops = Array.from({ length: 17 }, () => deploy("Hop"));
    expect(call(hops[0], "go", [hops.slice(1, 16), 0n])).toBe("= 15");
    expect(call(hops[0], "go", [hops.slice(1, 17), 0n])).toBe("CallTooDeep");
  });
});

describe("cost", () => {
  it("is the sum of the bounds of what was entered, and the limit holds there", () => {
    const { deploy, call, costOf } = openStage(`interface Other { pub fn work(n: u64); }
    contract Far { state n: u64; pub fn work(n: u64) { for i in 0..n max 10 { self.n += i; } } }
    contract Near { pub fn f(to: Other, often: bool) { to.work(1); if often { to.work(2); } } }`);
    const [far, near] = [deploy("Far"), deploy("Near")];
    const work = costOf(far, "work", [1n]);
    const [once, twice] = [costOf(near, "f", [far, false]), costOf(near, "f", [far, true])];
    expect(twice - once).toBe(work);
    expect(call(near, "f", [far, true], { gasLimit: twice })).toBe("= []");
    expect(call(near, "f", [far, true], { gasLimit: twice - 1n })).toBe("OutOfGas");
    expect(costOf(near, "f", [far, true], { gasLimit: once })).toBe(once);
    expect(call(near, "f", [far, false], { gasLimit: once })).toBe("= []");
  });
});

describe("raw calls", () => {
  const SOURCE = `contract Vault {
    state n: u64;
    payable fn put(n: u64) -> u64 { self.n += n; return u64(value) + self.n; }
    pub fn free(n: u64) { self.n = n; }
  }
  contract Wallet {
    payable fn fill() {}
    pub fn send(to: address, coin: u256, data: bytes<68>) -> bytes<32> { return call(to, coin, data); }
    pub fn code(to: address) -> bool { return hasCode(to); }
  }`;
  const put = (n: bigint): string => encodeCall("put", [U64], [n]);

  it("bring calldata and coin, and give the return data", () => {
    const { deploy, call, balanceOf } = openStage(SOURCE);
    const [vault, wallet] = [deploy("Vault"), deploy("Wallet")];
    call(wallet, "fill", [], { value: 10n });
    expect(call(wallet, "send", [vault, 3n, put(4n)])).toBe(`= 0x${encodeAll([U64], [7n])}`);
    expect([balanceOf(vault), balanceOf(wallet)]).toEqual([3n, 7n]);
    expect(call(wallet, "send", [vault, 8n, put(4n)])).toBe(encodeCall("InsufficientFunds", [{ ...U64, bits: 256 }], [8n]));
  });

  it("revert without data at bad calldata, unwanted coin, unknown functions, and where no code is", () => {
    const { deploy, call } = openStage(SOURCE);
    const [vault, wallet] = [deploy("Vault"), deploy("Wallet")];
    call(wallet, "fill", [], { value: 10n });
    const free = encodeCall("free", [U64], [1n]);
    expect(
      [
        [vault, 0n, free],
        [vault, 1n, free],
        [vault, 0n, free.slice(0, 40)],
        [vault, 0n, "0x11223344"],
        [vault, 0n, "0x"],
        [BOB, 1n, "0x"],
        [wallet, 0n, selectorOf("fill", [])],
      ].map((args) => call(wallet, "send", args)),
    ).toEqual(["= 0x", "empty", "empty", "empty", "empty", "empty", "Reentrancy"]);
    expect([vault, BOB, NOBODY].map((to) => call(wallet, "code", [to]))).toEqual(["= true", "= false", "= false"]);
  });
});

describe("new contracts", () => {
  const SOURCE = `contract Pool {
    immutable maker: address; state n: u64; error TooMuch(n: u64);
    init(n: u64) { require n < 9 else TooMuch(n); self.maker = caller; self.n = n; }
    pub fn bump() -> u64 { self.n += 1; return self.n; }
  }
  contract Factory {
    state pools: map<u64, Pool>; state count: u64;
    pub fn make(n: u64) -> address {
      let pool = create Pool(n);
      self.pools[self.count] = pool;
      self.count += 1;
      require pool.bump() == n + 1;
      return pool;
    }
    pub fn both(a: u64, b: u64) { self.make(a); self.make(b); }
  }`;

  it("stand at their maker's next address, from 1 on, and can be called at once", () => {
    const { deploy, call, cells } = openStage(SOURCE);
    const factory = deploy("Factory");
    const first = createAddress(factory, 1n);
    expect(call(factory, "make", [3n])).toBe(`= ${first}`);
    expect(cells(first)).toEqual({ maker: factory, n: 4n });
    expect(call(factory, "make", [4n])).toBe(`= ${createAddress(factory, 2n)}`);
    expect(cells(factory)).toEqual({ "pools[0]": first, "pools[1]": createAddress(factory, 2n), count: 2n });
  });

  it("aren't there when the call that makes them reverts", () => {
    const { deploy, call, cells } = openStage(SOURCE);
    const factory = deploy("Factory");
    expect(call(factory, "both", [3n, 9n])).toBe("TooMuch");
    expect([cells(factory), cells(createAddress(factory, 1n))]).toEqual([{}, {}]);
    expect(call(createAddress(factory, 1n), "bump")).toBe("empty");
    expect(call(factory, "make", [3n])).toBe(`= ${createAddress(factory, 1n)}`);
  });
});

describe("numbers that callees draw (T2)", () => {
  const SOURCE = `interface Ids { pub fn next() -> u64; pub fn maybe(x: bool) -> u64; }
  contract Source {
    state ids: sequence<u64>; state open: bool;
    pub fn next() -> u64 { require self.open; return self.ids.next(); }
    pub fn maybe(x: bool) -> u64 { if x { return self.ids.next(); } return 77; }
    pub fn setOpen(x: bool) { self.open = x; }
  }
  contract User {
    immutable known: Ids; state found: Ids;
    init(ids: Ids) { self.known = ids; self.found = ids; }
    pub fn byParam(ids: Ids) -> u64 { return ids.next(); }
    pub fn byImmutable() -> u64 { return self.known.next(); }
    pub fn byState() -> u64 { return self.found.next(); }
    pub fn underState() -> u64 { if self.found == self.known { return self.known.next(); } return 0; }
    pub fn varying(x: bool) -> u64 { return self.known.maybe(x); }
    pub fn inError(x: u64) { require x > 3 else Odd(self.known.next()); }
    error Odd(n: u64);
  }`;

  it("are drawn on entry at a target that reads no state, in block order", () => {
    const { deploy, block } = openStage(SOURCE);
    const source = deploy("Source");
    const user = deploy("User", [source]);
    expect(block([user, "byParam", [source]], [source, "setOpen", [true]], [user, "byImmutable"], [user, "byParam", [source]])).toEqual([
      "empty",
      "= []",
      "= 1",
      "= 2",
    ]);
  });

  it("are drawn by what an error is made of, where the call is sure to end with it", () => {
    const { deploy, block } = openStage(SOURCE);
    const source = deploy("Source");
    const user = deploy("User", [source]);
    block([source, "setOpen", [true]]);
    expect(block([user, "inError", [3n]], [user, "inError", [4n]], [source, "next"])).toEqual(["Odd", "= []", "= 1"]);
  });

  it("can't be drawn elsewhere", () => {
    const { deploy, block } = openStage(SOURCE);
    const source = deploy("Source");
    const user = deploy("User", [source]);
    block([source, "setOpen", [true]]);
    expect(block([user, "byState"], [user, "underState"], [user, "varying", [true]], [user, "varying", [false]], [source, "next"])).toEqual(
      ["DynamicTicket", "DynamicTicket", "DynamicTicket", "= 77", "= 0"],
    );
  });
});

describe("logs", () => {
  it("are those of all contracts, in the order of the run", () => {
    const { deploy, logsOf } = openStage(`event Hi(n: u64);
    interface Sink { pub fn say(n: u64); }
    contract Loud { pub fn say(n: u64) { emit Hi(n); } }
    contract Main { pub fn f(to: Sink) { emit Hi(1); to.say(2); emit Hi(3); } }`);
    const [loud, main] = [deploy("Loud"), deploy("Main")];
    const said = (n: bigint): string => `0x${encodeAll([U64], [n])}`;
    expect(logsOf(main, "f", [loud])).toEqual([
      [main, said(1n)],
      [loud, said(2n)],
      [main, said(3n)],
    ]);
  });
});
