/**
 * What a running call of the reference interpreter has at hand: the block's words, its tickets, logs, and the cells of the world,
 * each access noted by name. No footprints, no slots: a place is evaluated to a name and looked up.
 */
import type { Expr, Field, Program, Stmt, TypedId } from "../../compiler/typed/tree.ts";
import type { Type } from "../../compiler/core/types.ts";
import { insufficientFunds, panic, PANIC_OVERFLOW, sequenceExhausted } from "./revert.ts";
import { coinOf, fullName } from "./store.ts";
import type { CellRef, Store } from "./store.ts";
import { asInt, asItems, asLeaf, defaultOf, fitsInt, membersOf } from "./values.ts";
import type { Leaf, Val } from "./values.ts";

export type Touch = "read" | "write" | "add";

export interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

export interface Run {
  readonly program: Program;
  readonly store: Store;
  readonly self: string;
  readonly caller: string;
  readonly value: bigint;
  readonly height: bigint;
  readonly time: bigint;
  readonly chainId: bigint;
  /** Numbers drawn on entry, each for the one place in the code, call by call and round by round, that reaches it. */
  readonly tickets: ReadonlyMap<string, bigint>;
  /** Calls and rounds that led to where the code is now. */
  readonly trail: string[];
  readonly logs: Log[];
  /** Every cell the call touched, by its name, with all it did there. */
  readonly touched: Map<string, Set<Touch>>;
  /** Called for every node that is executed; counts the cost that was really used. */
  readonly step: (node: Stmt | Expr) => void;
}

function touch(run: Pick<Run, "touched">, cell: CellRef, how: Touch): void {
  const name = fullName(cell);
  const known = run.touched.get(name);
  if (known === undefined) run.touched.set(name, new Set([how]));
  else known.add(how);
}

/** All cells below a place, in order of members. */
function leavesBelow(run: Pick<Run, "self">, field: Field, keys: readonly Leaf[], path: readonly string[], type: Type): CellRef[] {
  const members = membersOf(type);
  if (members === undefined) {
    return [{ contract: run.self, field: field.name, keys, path, default: asLeaf(defaultOf(type)) }];
  }
  return members.flatMap((member) => leavesBelow(run, field, keys, [...path, member.name], member.type));
}

/** A place whose keys are evaluated. */
export interface Place {
  readonly field: Field;
  readonly keys: readonly Leaf[];
  readonly path: readonly string[];
  readonly type: Type;
}

/** The value at a place now. A leaf of a struct counts as read when its value is looked at: what nobody looks at has no effect. */
export function load(run: Run, place: Place): Val {
  const { field } = place;
  const note = field.kind === "state" ? (cell: CellRef): void => touch(run, cell, "read") : (): void => undefined;
  const cells = leavesBelow(run, field, place.keys, place.path, place.type);
  if (membersOf(place.type) === undefined) note(cells[0]);
  return assemble(
    place.type,
    cells.map((cell) => ({ value: run.store.read(cell), look: () => note(cell) })),
  );
}

export function store(run: Pick<Run, "store" | "self" | "touched">, place: Place, value: Val): void {
  const leaves = flatten(place.type, value);
  leavesBelow(run, place.field, place.keys, place.path, place.type).forEach((cell, i) => {
    if (place.field.kind === "state") touch(run, cell, "write");
    run.store.write(cell, leaves[i]);
  });
}

export function clear(run: Run, place: Place): void {
  store(run, place, defaultOf(place.type));
}

/** The cell of an update: its value now, without calling that a read of its own. */
export function peek(run: Run, place: Place): Leaf {
  const [cell] = leavesBelow(run, place.field, place.keys, place.path, place.type);
  touch(run, cell, "add");
  return run.store.read(cell);
}

export function put(run: Run, place: Place, value: Leaf): void {
  const [cell] = leavesBelow(run, place.field, place.keys, place.path, place.type);
  run.store.write(cell, value);
}

interface Loaded {
  readonly value: Leaf;
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

function flatten(type: Type, value: Val): Leaf[] {
  const members = membersOf(type);
  if (members === undefined) return [asLeaf(value)];
  const items = asItems(value);
  return members.flatMap((member, i) => flatten(member.type, items[i]));
}

// --- coin and tickets ------------------------------------------------------------------------------------------------

const U256: Type = { kind: "int", signed: false, bits: 256 };

export function selfBalance(run: Run): bigint {
  touch(run, coinOf(run.self), "read");
  return asInt(run.store.read(coinOf(run.self)));
}

/** Attached coin arrives before anything else of the call. */
export function receive(run: Run): void {
  if (run.value === 0n) return;
  touch(run, coinOf(run.self), "add");
  credit(run, run.self, run.value);
}

export function pay(run: Run, to: string, amount: bigint): void {
  touch(run, coinOf(run.self), "add");
  touch(run, coinOf(to), "add");
  const has = asInt(run.store.read(coinOf(run.self)));
  if (has < amount) throw insufficientFunds(amount);
  run.store.write(coinOf(run.self), has - amount);
  credit(run, to, amount);
}

function credit(run: Run, to: string, amount: bigint): void {
  const sum = asInt(run.store.read(coinOf(to))) + amount;
  if (!fitsInt(U256, sum)) throw panic(PANIC_OVERFLOW);
  run.store.write(coinOf(to), sum);
}

export function nextTicket(run: Run, field: Field, node: TypedId): bigint {
  const number = run.tickets.get(placeInRun(run.trail, node));
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
