/** What the reference interpreter says of blocks: admission, numbers, coin, failures. Each rule with the block that would break it. */
import { describe, expect, it } from "vitest";
import type { CallRequest, Receipt } from "../../../runtime/types.ts";
import { account } from "../../helpers/accounts.ts";
import { COST_MODEL } from "../../helpers/cost-model.ts";
import { programOf } from "../../helpers/program.ts";
import { encodeAll, encodeCall, decodeResult } from "../../interpreter/abi.ts";
import { fullName } from "../../interpreter/store.ts";
import { fromHex, toHex } from "../../interpreter/values.ts";
import type { Val } from "../../interpreter/values.ts";
import { createWorld } from "../../interpreter/world.ts";
import type { CallOutcome } from "../../interpreter/world.ts";

const ALICE = account("alice");
const BOB = account("bob");
const FEES = account("fees");
const RICH = 10n ** 18n;
const U256 = { kind: "int", signed: false, bits: 256 } as const;

const panicData = (code: number): string => encodeCall("Panic", [U256], [BigInt(code)]);

interface CallOptions {
  readonly from?: CallRequest["from"];
  readonly value?: bigint;
  readonly nonce?: bigint;
  readonly gasLimit?: bigint;
  readonly gasPrice?: bigint;
}

/** A world with one contract `C` that alice deployed; bob has no coin. */
function open(body: string, args: readonly Val[] = []) {
  const program = programOf(body);
  const world = createWorld({
    chainId: 1n,
    genesis: [{ address: ALICE, balance: RICH }],
    time: 1_000n,
    feeRecipient: FEES,
    cost: COST_MODEL,
  });
  const contract = program.contracts[0];
  const init = program.functions.get(contract.init);
  const types = init?.params.map((param) => param.type) ?? [];
  const { address, outcome } = world.deploy({
    program,
    contract,
    args: fromHex(`0x${encodeAll(types, args)}`),
    from: ALICE,
    value: 0n,
    time: 1_000n,
  });
  if (outcome.receipt.status !== "success") throw new Error(toHex(outcome.receipt.data));
  const functionNamed = (name: string) => [...program.functions.values()].find((each) => each.name === name);
  const nonces = new Map<string, bigint>();
  const call = (name: string, given: readonly Val[] = [], options: CallOptions = {}): CallRequest => {
    const from = options.from ?? ALICE;
    const nonce = options.nonce ?? nonces.get(from) ?? world.nonceOf(from);
    nonces.set(from, nonce + 1n);
    const params = functionNamed(name)?.params.map((param) => param.type) ?? [];
    const { value = 0n, gasLimit = 1_000_000n, gasPrice = 0n } = options;
    return { from, to: address, data: fromHex(encodeCall(name, params, given)), value, nonce, gasLimit, gasPrice };
  };
  const block = (...calls: CallRequest[]): CallOutcome[] => {
    nonces.clear();
    return world.runBlock(calls, world.time() + 1n);
  };
  const result = (receipt: Receipt, name: string): Val | undefined =>
    decodeResult(functionNamed(name)?.result ?? { kind: "unit" }, toHex(receipt.data));
  const cells = (): Record<string, unknown> =>
    Object.fromEntries([...world.cells()].map((cell) => [fullName(cell).replace(`${address}|`, ""), cell.value]));
  return { world, address, call, block, result, cells };
}

/** Runs `f` once and gives its receipt. */
function once(body: string, args: readonly Val[] = []): Receipt {
  const { call, block } = open(`contract C { ${body} }`);
  return block(call("f", args))[0].receipt;
}

describe("values and failures", () => {
  it.each<readonly [string, string, Val, string]>([
    ["an overflow of an addition", "pub fn f(x: u8) -> u8 { return x + 1; }", 255n, panicData(0x11)],
    ["a subtraction below zero", "pub fn f(x: u256) -> u256 { return x - 1; }", 0n, panicData(0x11)],
    ["a product that doesn't fit", "pub fn f(x: u128) -> u128 { return x * x; }", 1n << 64n, panicData(0x11)],
    ["a division by zero", "pub fn f(x: u64) -> u64 { return 1 / x; }", 0n, panicData(0x12)],
    ["a remainder by zero", "pub fn f(x: i64) -> i64 { return 1 % x; }", 0n, panicData(0x12)],
    ["the smallest number divided by -1", "pub fn f(x: i8) -> i8 { return x / -1; }", -128n, panicData(0x11)],
    ["a conversion that doesn't fit", "pub fn f(x: u256) -> u64 { return u64(x); }", 1n << 64n, panicData(0x11)],
    ["a negative number converted to an unsigned one", "pub fn f(x: i64) -> u64 { return u64(x); }", -1n, panicData(0x11)],
    ["an index outside a list", "pub fn f(x: list<u64, 3>) -> u64 { return x[2]; }", [1n, 2n], panicData(0x32)],
    ["a loop above its cap", "pub fn f(x: u64) -> u64 { var n: u64 = 0; for i in 0..x max 3 { n += i; } return n; }", 4n, panicData(0x32)],
    ["a shift by the width", "pub fn f(x: u8) -> u64 { return u64(1) << x; }", 64n, panicData(0x11)],
    ["a require without error", "pub fn f(x: u8) { require x > 3; }", 3n, "0x"],
  ])("says %s as Solidity would", (_name, body, arg, data) => {
    const receipt = once(body, [arg]);
    expect([receipt.status, toHex(receipt.data)]).toEqual(["reverted", data]);
  });

  it("keeps nothing of a call that fails, and its numbers and fee stay gone", () => {
    const { call, block, cells } = open(`contract C {
      state a: u64; state m: map<u64, u64>; event E(x: u64); error No();
      pub fn f(x: u64) { self.a = x; self.m[x] += 1; emit E(x); require x < 5 else No(); }
    }`);
    const before = cells();
    const [bad] = block(call("f", [7n]));
    expect(bad.receipt.status).toBe("reverted");
    expect(bad.receipt.logs).toEqual([]);
    expect(bad.touched.size).toBe(2);
    expect(cells()).toEqual({ ...before, [`|nonce[${ALICE}]`]: 2n });
    const [good] = block(call("f", [3n]));
    expect(good.receipt.logs).toHaveLength(1);
    expect(cells()).toMatchObject({ a: 3n, "m[3]": 1n });
  });

  it("evaluates from left to right", () => {
    const { call, block, result } = open(`contract C {
      state n: u64;
      fn step() -> u64 { self.n += 1; return self.n; }
      pub fn f() -> u64 { return self.step() * 100 + self.step() * 10 + self.step(); }
      pub fn g() -> bool { return self.n == 0 && self.step() == 1; }
    }`);
    const [first, second] = block(call("f"), call("g"));
    expect(result(first.receipt, "f")).toBe(123n);
    expect(result(second.receipt, "g")).toBe(false);
  });

  it("stores, loads and deletes structs by leaf, and forgets cells at their default", () => {
    const { call, block, cells } = open(`struct P { a: u64; b: string<8>; }
    contract C {
      state m: map<address, P>; state low: u64 = 9;
      pub fn set(a: u64, b: string<8>) { self.m[caller] = P { b: b, a: a }; }
      pub fn clear() { delete self.m[caller]; self.low = 0; }
    }`);
    block(call("set", [4n, "0x6869"]));
    expect(cells()).toMatchObject({ [`m[${ALICE}].a`]: 4n, [`m[${ALICE}].b`]: "0x6869", low: 9n });
    block(call("clear"));
    expect(Object.keys(cells()).filter((name) => !name.startsWith("|"))).toEqual([]);
  });

  it("gives coin only to functions that take it, and refuses strange selectors and bad calldata without data", () => {
    const { world, address, call, block } = open(`contract C { pub fn f(x: bool) {} payable fn g() {} }`);
    const bad = { ...call("f", [true]), data: fromHex(encodeCall("f", [{ kind: "bool" }], [true]).replace(/1$/, "2")) };
    const outcomes = block(bad, call("f", [true], { value: 1n }), call("nothing"), { ...call("g"), to: BOB }, call("g", [], { value: 5n }));
    expect(outcomes.map(({ receipt }) => receipt.status)).toEqual(["reverted", "reverted", "reverted", "reverted", "success"]);
    expect(outcomes.every(({ receipt }) => receipt.data.length === 0)).toBe(true);
    expect(world.balanceOf(address)).toBe(5n);
    expect(world.balanceOf(ALICE)).toBe(RICH - 5n);
  });
});

describe("admission and fees", () => {
  it("lets nobody spend in a block what he got in it (N1)", () => {
    const { world, call, block } = open(`contract C { payable fn send(to: address) { pay(to, value); } payable fn keep() {} }`);
    const outcomes = block(call("send", [BOB], { value: 100n }), call("keep", [], { from: BOB, value: 50n }));
    expect(outcomes.map(({ receipt }) => receipt.rejection ?? receipt.status)).toEqual(["success", "balance"]);
    expect(world.nonceOf(BOB)).toBe(0n);
    expect(block(call("keep", [], { from: BOB, value: 50n }))[0].receipt.status).toBe("success");
    expect(world.balanceOf(BOB)).toBe(50n);
  });

  it("reserves value and greatest fee of every admitted call, whatever becomes of it", () => {
    const { call, block } = open(`contract C { payable fn f(ok: bool) { require ok; } }`);
    const half = RICH / 2n;
    const outcomes = block(
      call("f", [false], { value: half }),
      call("f", [true], { value: half }),
      call("f", [true], { value: 1n, nonce: 3n }),
    );
    expect(outcomes.map(({ receipt }) => receipt.rejection ?? receipt.status)).toEqual(["reverted", "success", "balance"]);
  });

  it("rejects wrong nonces and counts admitted calls only", () => {
    const { world, call, block } = open(`contract C { pub fn f() { require false; } }`);
    const outcomes = block(
      call("f", [], { nonce: 0n }),
      call("f", [], { nonce: 1n }),
      call("f", [], { nonce: 3n }),
      call("f", [], { nonce: 2n }),
    );
    expect(outcomes.map(({ receipt }) => receipt.rejection ?? receipt.status)).toEqual(["nonce", "reverted", "nonce", "reverted"]);
    expect(world.nonceOf(ALICE)).toBe(3n);
  });

  it("charges the bound, or the whole limit when the bound is above it", () => {
    const { world, call, block } = open(`contract C { state n: u64; pub fn f() { self.n += 1; } }`);
    const [normal] = block(call("f", [], { gasPrice: 2n }));
    const { cost } = normal.receipt;
    expect(cost).toBeGreaterThan(0n);
    expect(normal.steps).toBeLessThanOrEqual(cost);
    expect(world.balanceOf(FEES)).toBe(cost * 2n);
    const [enough, short] = block(call("f", [], { gasLimit: cost }), call("f", [], { gasLimit: cost - 1n }));
    expect(enough.receipt.status).toBe("success");
    expect([short.receipt.cost, toHex(short.receipt.data)]).toEqual([cost - 1n, encodeCall("OutOfGas", [], [])]);
  });

  it("pays from the contract, to itself too, and says what is needed when it has less", () => {
    const { world, address, call, block } = open(
      `contract C { payable fn fill() {} pub fn give(to: address, n: u256) { pay(to, n); } view fn has() -> u256 { return self.balance; } }`,
    );
    const outcomes = block(
      call("fill", [], { value: 10n }),
      call("give", [address, 10n]),
      call("give", [BOB, 11n]),
      call("give", [BOB, 4n]),
    );
    expect(outcomes.map(({ receipt }) => receipt.status)).toEqual(["success", "success", "reverted", "success"]);
    expect(toHex(outcomes[2].receipt.data)).toBe(encodeCall("InsufficientFunds", [U256], [11n]));
    expect([world.balanceOf(address), world.balanceOf(BOB)]).toEqual([6n, 4n]);
  });
});

describe("tickets", () => {
  const SOURCE = `contract C {
    immutable boss: address; state open: bool; state ids: sequence<u64>; state ok: u64;
    init() { self.boss = caller; }
    guard isOpen { require self.open; }
    pub fn setOpen(x: bool) { self.open = x; }
    pub fn draw() -> u64 with isOpen { return self.ids.next(); }
    pub fn boss2(n: u64) -> u64 { require caller == self.boss; for i in 0..n max 3 { self.ids.next(); } return self.ids.next(); }
    pub fn early(n: u64) -> u64 { if self.ok == 1 { return 99; } self.ids.next(); if n == 0 { return 98; } return self.ids.next(); }
  }`;

  it("are drawn on entry, also by calls that revert before they reach theirs (T1)", () => {
    const { call, block, result } = open(SOURCE);
    const outcomes = block(call("draw", [], { from: BOB }), call("setOpen", [true]), call("draw"));
    expect(outcomes[0].receipt.status).toBe("reverted");
    expect(result(outcomes[2].receipt, "draw")).toBe(1n);
  });

  it("are counted past exits that depend on state and up to static ones (T2)", () => {
    const { call, block, result, cells } = open(SOURCE);
    block(call("boss2", [2n], { from: BOB }));
    expect(cells()).not.toHaveProperty("ids");
    expect(result(block(call("boss2", [2n]))[0].receipt, "boss2")).toBe(2n);
    block(call("boss2", [4n]));
    expect(cells()).toMatchObject({ ids: 3n });
    block(call("early", [0n]));
    expect(cells()).toMatchObject({ ids: 4n });
    expect(result(block(call("early", [1n]))[0].receipt, "early")).toBe(5n);
  });

  it("are drawn neither by bad calldata nor by calls without gas", () => {
    const { call, block, cells } = open(SOURCE);
    block(call("setOpen", [true]), call("draw", [], { gasLimit: 1n }), call("draw", [], { value: 1n }), {
      ...call("boss2", [1n]),
      data: call("boss2", [1n]).data.slice(0, 30),
    });
    expect(cells()).not.toHaveProperty("ids");
  });

  it("keep their numbers when bodies run in another order", () => {
    const { world, call, result } = open(SOURCE);
    world.runBlock([call("setOpen", [true])], 2_000n);
    const outcomes = world.runBlock([call("draw", [], { nonce: 2n }), call("draw", [], { from: BOB, nonce: 0n })], 2_001n, [1, 0]);
    expect(outcomes.map(({ receipt }) => result(receipt, "draw"))).toEqual([0n, 1n]);
  });
});

describe("what is noted of a call", () => {
  it("names every cell it touched and how", () => {
    const { address, call, block } = open(`struct P { a: u64; b: u64; }
    contract C {
      state m: map<u64, map<address, P>>; state t: u64;
      payable fn f(k: u64) -> u64 { self.t += 1; self.m[k][caller].a = self.m[k][self.address].b; return 0; }
    }`);
    const [{ touched }] = block(call("f", [7n], { value: 1n }));
    expect(Object.fromEntries([...touched].map(([name, how]) => [name, [...how]]))).toEqual({
      [`|coin[${address}]`]: ["add"],
      [`${address}|t`]: ["add"],
      [`${address}|m[7][${address}].b`]: ["read"],
      [`${address}|m[7][${ALICE}].a`]: ["write"],
    });
  });
});
