/**
 * What a running function of the reference interpreter has at hand: the words of its call, the transaction it belongs to, and the cells of
 * the world, each access noted by name. No footprints, no slots: a place is evaluated to a name and looked up.
 */
import type { Expr, ExternalMethod, Field, Program, Stmt, TypedId } from "../../compiler/typed/tree.ts";
import type { Type } from "../../compiler/core/types.ts";
import { PANIC_INDEX, PANIC_OVERFLOW, dynamicTicket, insufficientFunds, panic, sequenceExhausted } from "./revert.ts";
import { coinOf, fullName } from "./store.ts";
import type { CellRef, Store } from "./store.ts";
import { asBool, asInt, asItems, defaultOf, fitsInt, membersOf, sameValue } from "./values.ts";
import type { Leaf, Val } from "./values.ts";

/** What an update does besides adding keeps its name where other calls may do the same in any order. */
export type Touch = "read" | "write" | "add" | "|" | "&" | "min" | "max";

export interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

/** One transaction: a call from outside and all calls of other contracts that it makes. */
export interface Transaction {
  readonly store: Store;
  readonly height: bigint;
  readonly time: bigint;
  readonly chainId: bigint;
  /** Numbers drawn on entry, each for the one place in the code, call by call and round by round, that reaches it. */
  readonly tickets: ReadonlyMap<string, bigint>;
  /** Calls and rounds that led to where the code is now. */
  readonly trail: string[];
  readonly logs: Log[];
  /** Every cell it touched, by its name, with all it did there. */
  readonly touched: Map<string, Set<Touch>>;
  /** Called for every node that is executed; counts the cost that was really used. */
  readonly step: (node: Stmt | Expr) => void;
  readonly outside: Outside;
}

/** What code may ask of the other contracts. */
export interface Outside {
  readonly hasCode: (address: string) => boolean;
  readonly call: (run: Run, target: string, method: ExternalMethod, args: readonly Val[]) => Val;
  readonly rawCall: (run: Run, target: string, value: bigint, data: string) => string;
  readonly create: (run: Run, contract: string, args: readonly Val[]) => string;
}

/** One contract's part in it. */
export interface Run {
  readonly transaction: Transaction;
  readonly program: Program;
  readonly self: string;
  readonly caller: string;
  readonly value: bigint;
  /** Another contract called. */
  readonly nested: boolean;
}

function touch({ transaction }: Run, cell: CellRef, how: Touch): void {
  const name = fullName(cell);
  const known = transaction.touched.get(name);
  if (known === undefined) transaction.touched.set(name, new Set([how]));
  else known.add(how);
}

/** A place whose keys are evaluated. */
export interface Place {
  /** Name of the field; of a set's length `guests.len`. */
  readonly name: string;
  readonly kind: Field["kind"];
  readonly keys: readonly Leaf[];
  readonly path: readonly string[];
  readonly type: Type;
}

/** All cells below a place, in order of members. */
function leavesBelow(run: Run, place: Place): CellRef[] {
  const { name: field, keys, path, type } = place;
  const members = membersOf(type);
  if (members === undefined) return [{ contract: run.self, field, keys, path, type }];
  return members.flatMap((member) => leavesBelow(run, { ...place, path: [...path, member.name], type: member.type }));
}

function only(run: Run, place: Place): CellRef {
  const [cell] = leavesBelow(run, place);
  return cell;
}

/** The value at a place now. A leaf of a struct counts as read when its value is looked at: what nobody looks at has no effect. */
export function load(run: Run, place: Place): Val {
  const note = place.kind === "state" ? (cell: CellRef): void => touch(run, cell, "read") : (): void => undefined;
  const cells = leavesBelow(run, place);
  if (membersOf(place.type) === undefined) note(cells[0]);
  return assemble(
    place.type,
    cells.map((cell) => ({ value: run.transaction.store.read(cell), look: () => note(cell) })),
  );
}

export function store(run: Run, place: Place, value: Val): void {
  const leaves = flatten(place.type, value);
  leavesBelow(run, place).forEach((cell, i) => {
    if (place.kind === "state") touch(run, cell, "write");
    run.transaction.store.write(cell, leaves[i]);
  });
}

export function clear(run: Run, place: Place): void {
  store(run, place, defaultOf(place.type));
}

/** The cell of an update: its value now, without calling that a read of its own. */
export function peek(run: Run, place: Place, how: Touch = "add"): Val {
  touch(run, only(run, place), how);
  return run.transaction.store.read(only(run, place));
}

export function put(run: Run, place: Place, value: Val): void {
  run.transaction.store.write(only(run, place), value);
}

/** Rule K1: some leaf below the place isn't its default. */
export function has(run: Run, place: Place): boolean {
  return leavesBelow(run, place).some((cell) => {
    touch(run, cell, "read");
    return !sameValue(run.transaction.store.read(cell), defaultOf(cell.type));
  });
}

/** Rule K2: whether it changed the set; the length moves by one then. */
export function setChange(run: Run, op: "add" | "remove", entry: Place, length: Place): boolean {
  const wanted = op === "add";
  if (asBool(load(run, entry)) === wanted) return false;
  store(run, entry, wanted);
  put(run, length, asInt(peek(run, length)) + (wanted ? 1n : -1n));
  return true;
}

/** A history's value at the end of a past block. No access: it never changes again. */
export function past(run: Run, place: Place, height: bigint): bigint {
  if (height >= run.transaction.height) throw panic(PANIC_INDEX);
  return run.transaction.store.past(only(run, place), height);
}

interface Loaded {
  readonly value: Val;
  readonly look: () => void;
}

/** Takes leaves from the front. */
function assemble(type: Type, leaves: Loaded[]): Val {
  const members = membersOf(type);
  if (members === undefined) {
    const leaf = leaves.shift();
    if (leaf === undefined) throw new Error("interpreter: too few leaves");
    return leaf.value;
  }
  const values: Val[] = [];
  members.forEach((member, i) => {
    const [leaf] = leaves;
    const value = assemble(member.type, leaves);
    const look = membersOf(member.type) === undefined ? leaf.look : (): void => undefined;
    Object.defineProperty(values, i, {
      enumerable: true,
      get: () => {
        look();
        return value;
      },
    });
  });
  return values;
}

function flatten(type: Type, value: Val): Val[] {
  const members = membersOf(type);
  if (members === undefined) return [value];
  const items = asItems(value);
  return members.flatMap((member, i) => flatten(member.type, items[i]));
}

// --- coin and tickets ------------------------------------------------------------------------------------------------

const U256: Type = { kind: "int", signed: false, bits: 256 };

export function selfBalance(run: Run): bigint {
  touch(run, coinOf(run.self), "read");
  return coinAt(run, run.self);
}

/** Coin attached from outside arrives before anything else of the call. */
export function receive(run: Run): void {
  if (run.value === 0n) return;
  touch(run, coinOf(run.self), "add");
  credit(run, run.self, run.value);
}

export function pay(run: Run, to: string, amount: bigint): void {
  touch(run, coinOf(run.self), "add");
  const owned = coinAt(run, run.self);
  if (owned < amount) throw insufficientFunds(amount);
  touch(run, coinOf(to), "add");
  run.transaction.store.write(coinOf(run.self), owned - amount);
  credit(run, to, amount);
}

function coinAt(run: Run, address: string): bigint {
  return asInt(run.transaction.store.read(coinOf(address)));
}

function credit(run: Run, to: string, amount: bigint): void {
  const sum = coinAt(run, to) + amount;
  if (!fitsInt(U256, sum)) throw panic(PANIC_OVERFLOW);
  run.transaction.store.write(coinOf(to), sum);
}

export function nextTicket(run: Run, field: Field, node: TypedId): bigint {
  const number = run.transaction.tickets.get(placeInRun(run.transaction.trail, node));
  if (number === undefined && run.nested) throw dynamicTicket();
  if (number === undefined) throw new Error(`interpreter: a number of ${field.name} is reached that wasn't drawn`);
  if (number > largestTicket(field)) throw sequenceExhausted();
  return number;
}

export function placeInRun(trail: readonly string[], node: TypedId): string {
  return [...trail, String(node)].join("/");
}

/** Runs something one step further along the trail. */
export function along<T>(trail: string[], step: string, run: () => T): T {
  trail.push(step);
  try {
    return run();
  } finally {
    trail.pop();
  }
}

export function largestTicket(field: Field): bigint {
  if (field.type.kind !== "sequence") throw new Error(`interpreter: ${field.name} is no sequence`);
  return (1n << BigInt(field.type.bits)) - 1n;
}
