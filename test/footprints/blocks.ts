/**
 * Random blocks for any contract, from its ABI alone: three accounts that act, keys from a handful, numbers that are small but for a few at the
 * limits of their type. So the calls of a block meet in the same cells all the time, and both outcomes of most conditions are common.
 */
import fc from "fast-check";
import type { Type } from "../../compiler/core/types.ts";
import { maxOf, minOf } from "../../compiler/core/types.ts";
import type { Func } from "../../compiler/typed/tree.ts";
import type { AmountSpec, ArgSpec, BlockSpec, CallSpec } from "../helpers/call-spec.ts";
import { membersOf } from "../interpreter/values.ts";

export interface Scale {
  /** Of a history. */
  readonly blocks: { readonly min: number; readonly max: number };
  /** Of a block, at most. */
  readonly calls: number;
}

/** `contracts`: the external functions of each deployed contract. */
export function smallBlocks(contracts: readonly (readonly Func[])[], scale: Scale): fc.Arbitrary<BlockSpec[]> {
  const known = contracts.flatMap((functions, to) => functions.map((func) => ({ func, to, arbitrary: callOf(to, func) })));
  const busy = known.filter(({ func }) => func.mutability !== "view");
  const any = fc.oneof(
    ...known.map(({ func, arbitrary }) => ({ weight: func.role === "getter" ? 1 : func.mutability === "view" ? 2 : 8, arbitrary })),
  );
  const pick = fc.constantFrom(...busy.map(({ arbitrary }) => arbitrary));
  /** A few functions that meet again and again. */
  const rush = fc.tuple(pick, pick, pick).chain(([a, b, c]) => calls(fc.oneof(a, b, c), scale));
  const block = fc.record({ calls: fc.oneof(calls(any, scale), rush), advance: fc.constantFrom(0n, 1n, 2n) });
  return fc.array(block, { minLength: scale.blocks.min, maxLength: scale.blocks.max, size: "max" });
}

function calls(call: fc.Arbitrary<CallSpec>, scale: Scale): fc.Arbitrary<CallSpec[]> {
  return fc.array(call, { minLength: 1, maxLength: scale.calls, size: "max" });
}

function callOf(to: number, func: Func): fc.Arbitrary<CallSpec> {
  const coin = fc.nat(9).map((value) => exact(BigInt(value)));
  return fc.record({
    from: fc.nat(2),
    entitled: fc.constant(false),
    to: fc.constant(to),
    func: fc.constant(func.name),
    args: fc.tuple(...func.params.map((param) => argOf(param.type))),
    value: func.mutability === "payable" ? coin : seldom(exact(0n), coin),
    nonce: seldom<CallSpec["nonce"]>("next", fc.constant("stale")),
    gas: seldom<CallSpec["gas"]>("plenty", fc.constantFrom("enough", "short")),
    gasPrice: fc.constantFrom(0n, 0n, 1n),
    damage: seldom<CallSpec["damage"]>(
      { kind: "none" },
      fc.constantFrom({ kind: "cut", bytes: 3 }, { kind: "word", index: 0, value: 1n << 255n }),
    ),
  });
}

function seldom<T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 40, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
}

function exact(value: bigint): AmountSpec {
  return { kind: "exact", value };
}

function argOf(type: Type): fc.Arbitrary<ArgSpec> {
  switch (type.kind) {
    case "bool":
      return fc.boolean().map((value): ArgSpec => ({ kind: "yes", value }));
    case "address":
      // Those who act, one who never does, the first contract.
      return fc.constantFrom(0, 0, 1, 1, 2, 2, 3, 5).map((index): ArgSpec => ({ kind: "who", index }));
    case "handle":
      // The contracts, as far as there are so many, and seldom somebody.
      return fc.constantFrom(5, 5, 5, 6, 6, 6, 7, 7, 0).map((index): ArgSpec => ({ kind: "who", index }));
    case "int":
      return intOf(type).map((value): ArgSpec => ({ kind: "amount", amount: exact(value) }));
    case "enum":
      return fc
        .oneof({ weight: 20, arbitrary: fc.nat(type.variants.length - 1) }, { weight: 1, arbitrary: fc.constant(type.variants.length) })
        .map((value): ArgSpec => ({ kind: "amount", amount: exact(BigInt(value)) }));
    case "bytes32":
      return fc.nat(2).map((value): ArgSpec => ({ kind: "amount", amount: exact(BigInt(value)) }));
    case "string":
    case "bytes":
      return fc.constantFrom(0, 1, 5, 33).map((length): ArgSpec => ({ kind: "text", length: Math.min(length, type.max), valid: true }));
    case "list":
      return fc.array(argOf(type.element), { maxLength: type.max, size: "max" }).map((items): ArgSpec => ({ kind: "many", items }));
    case "struct":
    case "tuple":
      return fc.tuple(...(membersOf(type) ?? []).map((member) => argOf(member.type))).map((items): ArgSpec => ({ kind: "many", items }));
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

function intOf(type: Extract<Type, { kind: "int" }>): fc.Arbitrary<bigint> {
  const few = type.signed ? fc.integer({ min: -3, max: 4 }) : fc.nat(4);
  const more = type.signed ? fc.integer({ min: -40, max: 40 }) : fc.nat(40);
  const limits = [minOf(type), minOf(type) + 1n, maxOf(type) - 1n, maxOf(type), maxOf(type) / 2n, maxOf(type) / 2n + 1n];
  return fc.oneof(
    { weight: 40, arbitrary: few.map(BigInt) },
    { weight: 8, arbitrary: more.map(BigInt) },
    { weight: 1, arbitrary: fc.constantFrom(...limits) },
  );
}
