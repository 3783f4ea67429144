/** Functions with all that they call, for what an editor keeps as long as none of these is another one. */
import { Bug } from "../core/bug.ts";
import { calleesOf } from "../typed/order.ts";
import type { Func, Program } from "../typed/tree.ts";

/** A function and all that it reaches, in the order in which a walk comes to them. */
export type Reach = (func: Func) => readonly Func[];

export function createReach(program: Program): Reach {
  const done = new Map<Func, readonly Func[]>();
  return (func) => {
    const found = done.get(func);
    if (found !== undefined) return found;
    // The set grows while it is walked.
    const reached = new Set([func]);
    for (const one of reached) {
      for (const id of calleesOf(one)) {
        const callee = program.functions.get(id);
        if (callee === undefined) throw new Bug(`reach: no function ${id}`);
        reached.add(callee);
      }
    }
    const all = [...reached];
    done.set(func, all);
    return all;
  };
}

export function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
