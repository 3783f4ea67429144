/**
 * Generators of random blocks for any contract: few accounts, so that calls meet in the same cells; amounts at limits and at what the
 * state holds; broken calldata, wrong nonces, missing gas, and coin for functions that don't take it, each now and then.
 */
import fc from "fast-check";
import type { Type } from "../../compiler/core/types.ts";
import { maxOf, minOf } from "../../compiler/core/types.ts";
import type { Func } from "../../compiler/typed/tree.ts";
import { membersOf } from "../interpreter/values.ts";
import type { AmountSpec, ArgSpec, BlockSpec, CallSpec, Damage } from "./call-spec.ts";

export interface Habits {
  readonly accounts: number;
  readonly contracts: readonly { readonly functions: readonly Func[] }[];
  /** How often a function is called in relation to others; 2 where nothing is said. */
  readonly weights: Readonly<Record<string, number>>;
  /** Parameters that number things: mostly small. */
  readonly ids: ReadonlySet<string>;
  /** The sequence they come from, if any. */
  readonly sequence: string | undefined;
  /** Coin that payable functions like to get. */
  readonly values: readonly bigint[];
  /** And seldom. */
  readonly large: readonly bigint[];
  /** Seconds between blocks. */
  readonly advances: readonly bigint[];
  readonly blocks: { readonly min: number; readonly max: number };
  readonly calls: number;
}

export function arbitraryBlocks(habits: Habits): fc.Arbitrary<BlockSpec[]> {
  const mixed = fc.array(arbitraryCall(habits), { maxLength: habits.calls, size: "max" });
  const block = fc.record({
    calls: fc.oneof({ weight: 2, arbitrary: mixed }, { weight: 1, arbitrary: rush(habits) }),
    advance: fc.constantFrom(...habits.advances),
  });
  return fc.array(block, { minLength: habits.blocks.min, maxLength: habits.blocks.max, size: "max" });
}

function arbitraryCall(habits: Habits): fc.Arbitrary<CallSpec> {
  const known = habits.contracts.flatMap(({ functions }, to) =>
    functions.map((func) => ({ weight: habits.weights[func.name] ?? 2, arbitrary: callOf(habits, to, func) })),
  );
  const nowhere = callWith(habits, { to: habits.contracts.length, func: "transfer", args: fc.constant([]), payable: true });
  const unknown = callWith(habits, { to: 0, func: "nothingOfThisName", args: fc.constant([]), payable: false });
  return fc.oneof(...known, { weight: 1, arbitrary: nowhere }, { weight: 1, arbitrary: unknown });
}

/** A block of one function that writes, or two of them: their calls meet in the same cells again and again. */
function rush(habits: Habits): fc.Arbitrary<CallSpec[]> {
  const busy = habits.contracts.flatMap(({ functions }, to) =>
    functions.filter((func) => func.mutability !== "view").map((func) => callOf(habits, to, func)),
  );
  const one = fc.constantFrom(...busy);
  return fc
    .tuple(one, one)
    .chain(([first, second]) => fc.array(fc.oneof({ weight: 3, arbitrary: first }, second), { maxLength: habits.calls, size: "max" }));
}

function callOf(habits: Habits, to: number, func: Func): fc.Arbitrary<CallSpec> {
  const args = fc.tuple(...func.params.map((param) => arbitraryArg(habits, param.type, param.name)));
  return callWith(habits, { to, func: func.name, args, payable: func.mutability === "payable" });
}

interface Target {
  readonly to: number;
  readonly func: string;
  readonly args: fc.Arbitrary<ArgSpec[]>;
  readonly payable: boolean;
}

function callWith(habits: Habits, target: Target): fc.Arbitrary<CallSpec> {
  return fc.record({
    from: fc.nat(habits.accounts - 1),
    entitled: fc.boolean(),
    to: fc.constant(target.to),
    func: fc.constant(target.func),
    args: target.args,
    value: target.payable ? coinGiven(habits) : rarely(exact(0n), coinGiven(habits)),
    nonce: rarely<CallSpec["nonce"]>("next", fc.constantFrom("stale", "ahead")),
    gas: rarely<CallSpec["gas"]>("plenty", fc.constantFrom("enough", "short", "none")),
    gasPrice: fc.oneof(
      { weight: 5, arbitrary: fc.constant(0n) },
      { weight: 2, arbitrary: fc.constant(1n) },
      { weight: 1, arbitrary: fc.constant(1_000_000_007n) },
    ),
    damage: rarely<Damage>({ kind: "none" }, arbitraryDamage()),
  });
}

/** The usual value, and now and then something else. */
function rarely<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 24, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}

function exact(value: bigint): AmountSpec {
  return { kind: "exact", value };
}

function coinGiven(habits: Habits): fc.Arbitrary<AmountSpec> {
  return fc.oneof(
    { weight: 36, arbitrary: fc.constantFrom(...habits.values).map(exact) },
    { weight: 4, arbitrary: fc.constantFrom(...habits.large).map(exact) },
    { weight: 3, arbitrary: fc.constantFrom(0n, 1n, (1n << 256n) - 1n, 1n << 128n).map(exact) },
    { weight: 3, arbitrary: fc.constantFrom(-1n, 0n, 1n).map((offset): AmountSpec => ({ kind: "coin", offset })) },
  );
}

function arbitraryDamage(): fc.Arbitrary<Damage> {
  return fc.oneof(
    fc.integer({ min: 1, max: 70 }).map((bytes): Damage => ({ kind: "cut", bytes })),
    fc.nat(4000).map((bit): Damage => ({ kind: "flip", bit })),
    fc.integer({ min: 1, max: 40 }).map((bytes): Damage => ({ kind: "append", bytes })),
    fc
      .tuple(
        fc.nat(6),
        fc.constantFrom(
          0n,
          1n,
          2n,
          31n,
          32n,
          33n,
          64n,
          65n,
          96n,
          1n << 64n,
          (1n << 64n) - 32n,
          (1n << 256n) - 1n,
          (1n << 256n) - 32n,
          1n << 160n,
        ),
      )
      .map(([index, value]): Damage => ({ kind: "word", index, value })),
  );
}

// --- arguments -------------------------------------------------------------------------------------------------------

function arbitraryArg(habits: Habits, type: Type, name: string): fc.Arbitrary<ArgSpec> {
  switch (type.kind) {
    case "bool":
      return fc.boolean().map((value): ArgSpec => ({ kind: "yes", value }));
    case "address":
    case "handle":
      return arbitraryWho(habits);
    case "int":
      return arbitraryAmount(habits, type, name).map((amount): ArgSpec => ({ kind: "amount", amount }));
    case "enum":
      return fc.nat(type.variants.length).map((value): ArgSpec => ({ kind: "amount", amount: exact(BigInt(value)) }));
    case "bytes32":
      return fc.nat(3).map((value): ArgSpec => ({ kind: "amount", amount: exact(BigInt(value)) }));
    case "string":
    case "bytes":
      return fc.record({
        kind: fc.constant("text"),
        length: fc.oneof(
          { weight: 8, arbitrary: fc.nat(Math.min(40, type.max)) },
          { weight: 1, arbitrary: fc.constantFrom(type.max, type.max + 1) },
        ),
        valid: rarely(true, fc.constant(false)),
      });
    case "list":
      return arbitraryList(habits, type, name).map((items): ArgSpec => ({ kind: "many", items }));
    case "struct":
    case "tuple":
      return fc
        .tuple(...(membersOf(type) ?? []).map((member) => arbitraryArg(habits, member.type, member.name)))
        .map((items): ArgSpec => ({ kind: "many", items }));
    case "option":
    case "map":
    case "set":
    case "history":
    case "sequence":
    case "unit":
    case "poison":
      throw new Error(`no argument has type ${type.kind}`);
  }
}

/** Mostly accounts; sometimes a contract, or nobody. */
function arbitraryWho(habits: Habits): fc.Arbitrary<ArgSpec> {
  const all = habits.accounts + habits.contracts.length;
  return fc
    .oneof({ weight: 8, arbitrary: fc.nat(habits.accounts - 1) }, { weight: 1, arbitrary: fc.nat(all) })
    .map((index): ArgSpec => ({ kind: "who", index }));
}

function arbitraryList(habits: Habits, type: Extract<Type, { kind: "list" }>, name: string): fc.Arbitrary<ArgSpec[]> {
  const element = arbitraryArg(habits, type.element, name);
  const few = fc.array(element, { maxLength: Math.min(6, type.max), size: "max" });
  const limit = fc.array(element, { minLength: type.max, maxLength: type.max + 1, size: "max" });
  return fc.oneof({ weight: 60, arbitrary: few }, { weight: 1, arbitrary: limit });
}

function arbitraryAmount(habits: Habits, type: Extract<Type, { kind: "int" }>, name: string): fc.Arbitrary<AmountSpec> {
  if (habits.ids.has(name)) {
    const { sequence } = habits;
    const small = fc.nat(7).map((id) => exact(BigInt(id)));
    const recent = sequence === undefined ? small : fc.nat(5).map((back): AmountSpec => ({ kind: "recent", sequence, back: BigInt(back) }));
    return fc.oneof(
      { weight: 8, arbitrary: small },
      { weight: 12, arbitrary: recent },
      { weight: 1, arbitrary: fc.constant(exact(maxOf(type))) },
    );
  }
  const limits = [
    0n,
    1n,
    (1n << 64n) - 1n,
    1n << 64n,
    (1n << 64n) + 1n,
    (1n << 128n) - 1n,
    (1n << 255n) - 1n,
    1n << 255n,
    maxOf(type) - 1n,
    maxOf(type),
    minOf(type),
  ];
  return fc.oneof(
    { weight: 10, arbitrary: fc.nat(40).map((value) => exact(BigInt(value))) },
    { weight: 3, arbitrary: fc.constantFrom(...limits).map(exact) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.nat(30), fc.constantFrom(-1n, 0n, 0n, 1n))
        .map(([pick, offset]): AmountSpec => ({ kind: "near", pick, offset })),
    },
  );
}
