/** What is compared: contracts in Solidity and in Weft that should behave alike, the calls to try, and the differences that are known. */
import fc from "fast-check";
import { getContractAddress } from "viem";
import type { Hex } from "viem";
import { account } from "../../helpers/accounts.ts";
import type { Outcome } from "./outcome.ts";

export const CHAIN_ID = 1n;
/** When the first block is made. */
export const START = 1_700_000_000n;
export const ZERO: Hex = "0x0000000000000000000000000000000000000000";
export const MAX = 2n ** 256n - 1n;

/** Few, so that calls meet. The names are those of test accounts: their keys are known, see `sign`. */
export const PEOPLE = ["alice", "bob", "carol", "dave"] as const;
export const people: readonly Hex[] = PEOPLE.map(account);
export const [alice, bob, carol, dave] = people;
export const DEPLOYER: Hex = account("deployer");
/** Coin of each at the start: more than a sequence can spend. */
export const WEALTH = 2n ** 120n;

/** Where the nth instance of a subject stands, on both sides. */
export function instanceAt(index: number): Hex {
  return lower(getContractAddress({ from: DEPLOYER, nonce: BigInt(index) }));
}

export function lower(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase()}`;
}

export interface Instance {
  /** How calls name it. */
  readonly label: string;
  /** A file of test/std/solidity. */
  readonly solidity: { readonly file: string; readonly contract: string };
  /** A path relative to the project. */
  readonly weft: { readonly file: string; readonly contract: string };
  /** The same for both. */
  readonly args?: readonly unknown[];
  readonly value?: bigint;
  /** Functions that are called otherwise in Weft (it has no overloading): signature in Solidity to name in Weft. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Those of them that only the contract of the test has, not the original: docs don't tell of them. */
  readonly made?: readonly string[];
  /**
   * Signatures of Solidity functions that the Weft contract doesn't have, each with the reason; and of those that only it has. Errors and events stand
   * here too, as `error X(uint256)`.
   */
  readonly absent?: Readonly<Record<string, string>>;
  readonly added?: Readonly<Record<string, string>>;
}

/** What a call may look at before it is made: the state at the end of the block before, as the Solidity side has it. */
export interface See {
  readonly height: bigint;
  readonly time: bigint;
  /** The result of a view: a single value, or a list of them. */
  view(on: string, name: string, args: readonly unknown[]): Promise<unknown>;
}

/** A damaged call: some of the calldata is cut off, a word is all ones, the selector is unknown, or coin comes along. */
export type Damage =
  | { readonly kind: "cut"; readonly bytes: number }
  | { readonly kind: "ones"; readonly word: number }
  | { readonly kind: "selector" }
  | { readonly kind: "coin" };

/** A call of a sequence, with all that chance decided. */
export interface Planned {
  readonly on: string;
  /** Name, or signature where the name has several; undefined: the data is given. */
  readonly function: string | undefined;
  readonly from: Hex;
  readonly value: bigint;
  readonly damage: Damage | undefined;
  readonly args: (see: See) => Promise<readonly unknown[]> | readonly unknown[];
  /** For people, where the arguments are made from what the call sees. */
  readonly picked: unknown;
}

export interface CallSpec {
  readonly title: string;
  readonly weight: number;
  readonly planned: fc.Arbitrary<Planned>;
  /** Whether any call of it can succeed. A spec that should and never does fails the test. */
  readonly succeeds: boolean;
}

interface CallOptions<T> {
  /** Label of the instance; default: the only one, `it`. */
  readonly on?: string;
  readonly function: string;
  readonly pick: fc.Arbitrary<T>;
  /** Default: what was picked, as a list. */
  readonly args?: (picked: T, see: See) => Promise<readonly unknown[]> | readonly unknown[];
  readonly from?: fc.Arbitrary<Hex>;
  readonly value?: fc.Arbitrary<bigint>;
  readonly weight?: number;
  readonly succeeds?: boolean;
}

/** Calls of one function, with arguments by chance. */
export function call<T>({
  on = "it",
  function: name,
  pick,
  args,
  from = who,
  value,
  weight = 1,
  succeeds = true,
}: CallOptions<T>): CallSpec {
  const make = args ?? ((picked: T): readonly unknown[] => (Array.isArray(picked) ? picked : [picked]));
  const planned = fc
    .record({ from, value: value ?? fc.constant(0n), picked: pick, damage: damages })
    .map(({ picked, ...rest }): Planned => ({ ...rest, on, function: name, picked, args: (see) => make(picked, see) }));
  return { title: `${on}.${name}`, weight, planned, succeeds };
}

export interface Block {
  /** Seconds since the block before. */
  readonly seconds: number;
  /** Empty blocks in between. */
  readonly empty: number;
  readonly calls: readonly Planned[];
}

/** A view that is compared at the end, for each of these lists of arguments. */
export interface ViewSpec {
  readonly on?: string;
  readonly function: string;
  readonly args: (see: See) => readonly (readonly unknown[])[];
}

/** The outcome of a call that isn't the same on both sides. */
export interface Mismatch {
  readonly call: Planned;
  readonly args: readonly unknown[];
  readonly solidity: Outcome;
  readonly weft: Outcome;
  /** Names of the errors, where the ABI has them. */
  readonly solidityError: string | undefined;
  readonly weftError: string | undefined;
}

/** A known difference. Those that show in calls are recognised by `matches`, and must have been seen when the test ends. */
export interface Difference {
  /** What differs, as a sentence for docs/std.md. */
  readonly what: string;
  readonly why: string;
  readonly matches?: (found: Mismatch) => boolean;
}

export interface Subject {
  /** As docs/std.md calls it. */
  readonly name: string;
  /** In the order in which they are deployed: the nth stands at `instanceAt(n)`. */
  readonly instances: readonly Instance[];
  /** Calls before each sequence, which must succeed. */
  readonly setUp?: readonly Planned[];
  readonly calls: readonly CallSpec[];
  readonly views: readonly ViewSpec[];
  /** Sequences that are always played: edges, and an example for each known difference. */
  readonly directed?: Readonly<Record<string, readonly Block[]>>;
  /** Constructor arguments that are refused, or not: of the last instance, in place of its own. */
  readonly constructions?: readonly (readonly unknown[])[];
  readonly differences: readonly Difference[];
  /** Seconds between blocks; default: mostly few. */
  readonly seconds?: fc.Arbitrary<number>;
}

/** One call, for `setUp` and `directed`. */
export function exactly(
  from: Hex,
  name: string,
  args: readonly unknown[],
  rest: { readonly on?: string; readonly value?: bigint } = {},
): Planned {
  return { on: rest.on ?? "it", function: name, from, value: rest.value ?? 0n, damage: undefined, args: () => args, picked: args };
}

export function block(...calls: readonly Planned[]): Block {
  return { seconds: 1, empty: 0, calls };
}

// --- values by chance ---

/** One of the people. */
export const who: fc.Arbitrary<Hex> = fc.constantFrom(...people);
/** Mostly one of the people; sometimes nobody, the deployer, or an instance. */
export const anyone: fc.Arbitrary<Hex> = fc.oneof({ weight: 12, arbitrary: who }, fc.constantFrom(ZERO, DEPLOYER, instanceAt(0)));

/** Small amounts, which balances reach, and the edges of the type. */
export const amount: fc.Arbitrary<bigint> = fc.oneof(
  { weight: 8, arbitrary: fc.bigInt(0n, 100n) },
  { weight: 3, arbitrary: fc.bigInt(0n, 10n ** 18n) },
  fc.constantFrom(0n, 1n, 2n ** 128n, 2n ** 208n - 1n, 2n ** 208n, 2n ** 255n, MAX - 1n, MAX),
);

const damages: fc.Arbitrary<Damage | undefined> = fc.oneof(
  { weight: 40, arbitrary: fc.constant(undefined) },
  fc.integer({ min: 1, max: 40 }).map((bytes): Damage => ({ kind: "cut", bytes })),
  fc.integer({ min: 0, max: 3 }).map((word): Damage => ({ kind: "ones", word })),
  fc.constantFrom<Damage>({ kind: "selector" }, { kind: "coin" }),
);
