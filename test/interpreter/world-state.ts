/** The world between two calls, as all parts of the reference interpreter see it. */
import type { Contract, Expr, Func, FuncId, Program, Stmt } from "../../compiler/typed/tree.ts";
import type { Receipt } from "../../runtime/types.ts";
import type { Touch } from "./machine.ts";
import type { CellRef, Store } from "./store.ts";
import { asInt } from "./values.ts";
import type { Val } from "./values.ts";

/** What running costs: the bound known when a function is entered, and what each executed node really takes. */
export interface CostModel {
  /** Charged to calls that reach no function: no code, unknown selector, bad calldata, coin that isn't wanted. */
  readonly refused: bigint;
  readonly bound: (program: Program, func: Func, args: readonly Val[]) => bigint;
  /** Charged before the body. */
  readonly entry: (program: Program, func: Func, args: readonly Val[]) => bigint;
  readonly step: (node: Stmt | Expr) => bigint;
}

export interface CallOutcome {
  readonly receipt: Receipt;
  /** Cells the call touched, also when it failed. */
  readonly touched: ReadonlyMap<string, ReadonlySet<Touch>>;
  /** Cost of the nodes that ran; at most `receipt.cost`. */
  readonly steps: bigint;
  /** Of a call that failed in its body. */
  readonly failure: Failure | undefined;
}

/** How far a call got that failed. */
export interface Failure {
  readonly func: FuncId;
  /** Cells written until then, without the coin that came with the call; each as often as it was written. */
  readonly undone: number;
  /** The statement that was begun last. */
  readonly last: Stmt | undefined;
}

export interface Instance {
  readonly program: Program;
  readonly contract: Contract;
}

export interface State {
  readonly chainId: bigint;
  readonly cost: CostModel;
  readonly store: Store;
  /** By address, in the order in which they were made. */
  readonly instances: Map<string, Instance>;
  height: bigint;
  time: bigint;
}

/** A call that reached its function and has drawn its numbers. */
export interface Entry {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly instance: Instance;
  readonly func: Func;
  readonly args: readonly Val[];
  readonly cost: bigint;
  readonly tickets: ReadonlyMap<string, bigint>;
}

interface Snapshot {
  readonly mark: number;
  readonly instances: number;
}

export function snapshotOf(state: State): Snapshot {
  return { mark: state.store.mark(), instances: state.instances.size };
}

/** Takes back what was written and made since. */
export function restore(state: State, snapshot: Snapshot): void {
  state.store.undoTo(snapshot.mark);
  for (const address of [...state.instances.keys()].slice(snapshot.instances)) state.instances.delete(address);
}

export function amountAt(state: Pick<State, "store">, cell: CellRef): bigint {
  return asInt(state.store.read(cell));
}

export function change(state: Pick<State, "store">, cell: CellRef, by: bigint): void {
  state.store.write(cell, amountAt(state, cell) + by);
}
