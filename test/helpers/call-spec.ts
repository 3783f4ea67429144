/**
 * Calls as generators make them: plain data that shrinks and prints well, with amounts and nonces said in relation to the state they
 * will meet ("exactly the balance", "the next nonce"). `resolveBlock` turns them into requests for a given state of the world.
 */
import type { Type } from "../../compiler/core/types.ts";
import { maxOf, minOf } from "../../compiler/core/types.ts";
import type { Func } from "../../compiler/typed/tree.ts";
import type { CallRequest, Hex } from "../../runtime/types.ts";
import { encodeCall } from "../interpreter/abi.ts";
import { fullName } from "../interpreter/store.ts";
import { fromHex, membersOf, toHex } from "../interpreter/values.ts";
import type { Val } from "../interpreter/values.ts";
import type { World } from "../interpreter/world.ts";

export type AmountSpec =
  | { readonly kind: "exact"; readonly value: bigint }
  /** The value of some cell of the called contract, or close to it. */
  | { readonly kind: "near"; readonly pick: number; readonly offset: bigint }
  /** One of the numbers that a sequence of the called contract gave last. */
  | { readonly kind: "recent"; readonly sequence: string; readonly back: bigint }
  /** The sender's coin, or close to it. */
  | { readonly kind: "coin"; readonly offset: bigint };

export type ArgSpec =
  | { readonly kind: "who"; readonly index: number }
  | { readonly kind: "amount"; readonly amount: AmountSpec }
  | { readonly kind: "yes"; readonly value: boolean }
  | { readonly kind: "text"; readonly length: number; readonly valid: boolean }
  | { readonly kind: "many"; readonly items: readonly ArgSpec[] };

export type Damage =
  | { readonly kind: "none" }
  /** The last bytes are missing. */
  | { readonly kind: "cut"; readonly bytes: number }
  | { readonly kind: "flip"; readonly bit: number }
  | { readonly kind: "append"; readonly bytes: number }
  | { readonly kind: "word"; readonly index: number; readonly value: bigint };

export interface CallSpec {
  readonly from: number;
  /** Rather comes from the account that may do this, if there is one; see `Setting.holders`. */
  readonly entitled: boolean;
  /** Index of a deployed contract; beyond the last one: an account without code. */
  readonly to: number;
  readonly func: string;
  readonly args: readonly ArgSpec[];
  readonly value: AmountSpec;
  readonly nonce: "next" | "stale" | "ahead";
  /** In relation to the call's cost bound. */
  readonly gas: "plenty" | "enough" | "short" | "none";
  readonly gasPrice: bigint;
  readonly damage: Damage;
}

export interface BlockSpec {
  readonly calls: readonly CallSpec[];
  /** Seconds since the block before. */
  readonly advance: bigint;
}

export interface Setting {
  readonly accounts: readonly Hex[];
  readonly contracts: readonly { readonly address: Hex; readonly functions: readonly Func[] }[];
  /** By function: the cell that holds who may call it, such as `owners[{2}]`, with the places of arguments in braces. */
  readonly holders: Readonly<Record<string, string>>;
  /** The cost bound of a call; 0 for calls that reach no function. */
  readonly bound: (func: Func, args: readonly Val[]) => bigint;
}

/** Far above every bound, and still affordable at the prices that are generated. */
const PLENTY = 10_000_000n;
const ZERO_ADDRESS = `0x${"0".repeat(40)}`;

/** Requests with the right nonces (where asked for), given that each is admitted by the rules for what its sender owns now. */
export function resolveBlock(setting: Setting, world: World, block: BlockSpec): CallRequest[] {
  const known = lazy(() => knownOf(world));
  const nonces = new Map<Hex, bigint>();
  const reserved = new Map<Hex, bigint>();
  return block.calls.map((spec) => {
    const request = resolveCall(setting, world, known, spec, nonces);
    const needed = (reserved.get(request.from) ?? 0n) + request.value + request.gasLimit * request.gasPrice;
    if (request.nonce === nextNonce(world, nonces, request.from) && needed <= world.balanceOf(request.from)) {
      reserved.set(request.from, needed);
      nonces.set(request.from, request.nonce + 1n);
    }
    return request;
  });
}

function nextNonce(world: World, nonces: ReadonlyMap<Hex, bigint>, from: Hex): bigint {
  return nonces.get(from) ?? world.nonceOf(from);
}

interface Known {
  /** All numbers the state holds, by contract, in order of the cells' names. */
  readonly numbers: ReadonlyMap<string, readonly bigint[]>;
  readonly addresses: ReadonlyMap<string, Hex>;
  readonly counters: ReadonlyMap<string, bigint>;
}

/** Most specs say their amounts themselves. */
function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function knownOf(world: World): Known {
  const named = [...world.cells()].map((cell) => ({ name: fullName(cell), cell })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const numbers = new Map<string, bigint[]>();
  const addresses = new Map<string, Hex>();
  const counters = new Map<string, bigint>();
  for (const { name, cell } of named) {
    if (typeof cell.value === "string") addresses.set(name, cell.value);
    if (typeof cell.value !== "bigint") continue;
    if (cell.keys.length === 0) counters.set(name, cell.value);
    const ofContract = numbers.get(cell.contract ?? "");
    if (ofContract === undefined) numbers.set(cell.contract ?? "", [cell.value]);
    else ofContract.push(cell.value);
  }
  return { numbers, addresses, counters };
}

/** The account named by the cell that says who may call, if it is one of ours. */
function holderOf(setting: Setting, addresses: ReadonlyMap<string, Hex>, to: Hex, func: string, args: readonly Val[]): Hex | undefined {
  const cell = setting.holders[func]?.replace(/\{(\d)\}/g, (_all, index: string) => String(args[Number(index)]));
  const holder = addresses.get(`${to}|${cell}`);
  return setting.accounts.find((each) => each === holder);
}

function resolveCall(setting: Setting, world: World, state: () => Known, spec: CallSpec, nonces: ReadonlyMap<Hex, bigint>): CallRequest {
  const contract = setting.contracts[spec.to];
  const to = contract?.address ?? setting.accounts[0];
  const func = contract?.functions.find((each) => each.name === spec.func);
  const given = setting.accounts[spec.from % setting.accounts.length];
  const amount = (asked: AmountSpec): bigint => {
    if (asked.kind === "recent") return (state().counters.get(`${to}|${asked.sequence}`) ?? 0n) - 1n - asked.back;
    return amountOf(asked, world, () => state().numbers.get(to) ?? [], given);
  };
  const args: Val[] = func === undefined ? [] : func.params.map((param, i) => argOf(setting, param.type, spec.args[i], amount));
  const holder = spec.entitled ? holderOf(setting, state().addresses, to, spec.func, args) : undefined;
  const from = holder ?? given;
  if (holder !== undefined) func?.params.forEach((param, i) => param.name === "from" && (args[i] = holder));
  const types = func?.params.map((param) => param.type) ?? [];
  const data = damaged(fromHex(encodeCall(spec.func, types, args)), spec.damage);
  const bound = func === undefined ? 0n : setting.bound(func, args);
  const next = nextNonce(world, nonces, from);
  return {
    from,
    to,
    data,
    value: clip(amount(spec.value), 0n, (1n << 256n) - 1n),
    nonce: spec.nonce === "next" ? next : spec.nonce === "ahead" ? next + 1n : next > 0n ? next - 1n : next,
    gasLimit: { plenty: PLENTY, enough: bound, short: bound > 0n ? bound - 1n : 0n, none: 0n }[spec.gas],
    gasPrice: spec.gasPrice,
  };
}

function amountOf(spec: Exclude<AmountSpec, { kind: "recent" }>, world: World, numbersOf: () => readonly bigint[], from: Hex): bigint {
  switch (spec.kind) {
    case "exact":
      return spec.value;
    case "near": {
      const numbers = numbersOf();
      return (numbers.length === 0 ? 0n : numbers[spec.pick % numbers.length]) + spec.offset;
    }
    case "coin":
      return world.balanceOf(from) + spec.offset;
  }
}

function clip(value: bigint, low: bigint, high: bigint): bigint {
  if (value < low) return low;
  return value > high ? high : value;
}

function argOf(setting: Setting, type: Type, spec: ArgSpec | undefined, amount: (spec: AmountSpec) => bigint): Val {
  const number = spec?.kind === "amount" ? amount(spec.amount) : 0n;
  switch (type.kind) {
    case "bool":
      return spec?.kind === "yes" && spec.value;
    case "int":
      return clip(number, minOf(type), maxOf(type));
    case "enum":
      return clip(number, 0n, 255n);
    case "address":
    case "handle":
      return addressOf(setting, spec?.kind === "who" ? spec.index : 0);
    case "bytes32":
      return `0x${clip(number, 0n, (1n << 256n) - 1n)
        .toString(16)
        .padStart(64, "0")}`;
    case "string":
    case "bytes":
      return textOf(spec?.kind === "text" ? spec : { length: 0, valid: true });
    case "list":
      return spec?.kind === "many" ? spec.items.map((item) => argOf(setting, type.element, item, amount)) : [];
    case "struct":
    case "tuple":
      return (membersOf(type) ?? []).map((member, i) =>
        argOf(setting, member.type, spec?.kind === "many" ? spec.items[i] : undefined, amount),
      );
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

/** Accounts first, then contracts, then nobody. */
function addressOf(setting: Setting, index: number): string {
  const all = [...setting.accounts, ...setting.contracts.map((contract) => contract.address), ZERO_ADDRESS];
  return all[index % all.length];
}

function textOf(spec: { readonly length: number; readonly valid: boolean }): string {
  const bytes = new Uint8Array(spec.length).fill(0x61);
  if (!spec.valid && spec.length > 0) bytes[spec.length - 1] = 0xc3;
  return toHex(bytes);
}

function damaged(data: Uint8Array, damage: Damage): Uint8Array {
  switch (damage.kind) {
    case "none":
      return data;
    case "cut":
      return data.slice(0, Math.max(0, data.length - damage.bytes));
    case "append":
      return new Uint8Array([...data, ...new Uint8Array(damage.bytes).fill(0xee)]);
    case "flip": {
      const copy = data.slice();
      const bit = damage.bit % (copy.length * 8);
      copy[bit >> 3] ^= 1 << (bit & 7);
      return copy;
    }
    case "word": {
      const words = Math.floor((data.length - 4) / 32);
      if (words === 0) return data;
      const copy = data.slice();
      copy.set(fromHex(`0x${BigInt.asUintN(256, damage.value).toString(16).padStart(64, "0")}`), 4 + (damage.index % words) * 32);
      return copy;
    }
  }
}
