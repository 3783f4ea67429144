/** What the conflict analysis knows of one function. Plain data, made by `accesses.ts`. */
import type { OutwardCall } from "../footprint/flatten.ts";
import type { FlatAccess, LeafIndex, LoopId, PlanStep } from "../footprint/footprint.ts";
import type { FuncId } from "../typed/tree.ts";

type LoopRange = Extract<PlanStep, { kind: "loop" }>["over"];

export interface LoopInfo {
  readonly over: LoopRange;
  /** Loops around it. */
  readonly depth: number;
}

export interface FunctionAccesses {
  readonly func: FuncId;
  readonly loops: ReadonlyMap<LoopId, LoopInfo>;
  /** Which kinds of cells lie in one field, under the same keys. */
  readonly groupOf: (leaf: LeafIndex) => number;
  /** Reads, writes and adds; tickets conflict with nothing. In order of the code. */
  readonly byLeaf: ReadonlyMap<LeafIndex, readonly FlatAccess[]>;
  /** What the errors of adds read. */
  readonly errors: readonly FlatAccess[];
  /** Whether it is a cell of another contract, one that this one has made. */
  readonly isElsewhere: (leaf: LeafIndex) => boolean;
  /** Where code of other contracts runs: what it touches isn't known here (rule D4). */
  readonly outward: readonly OutwardCall[];
}
