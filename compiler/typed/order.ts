/** Functions in an order in which what they call comes before them; used by every pass that sums functions up from below. */
import { Bug } from "../core/bug.ts";
import type { Func, FuncId, Program } from "./tree.ts";
import { visitBlock } from "./walk.ts";

/** All that the `starts` reach, each once. Own stack: chains of calls may be as long as the program. */
export function calleesFirst(program: Program, starts: Iterable<FuncId>): readonly FuncId[] {
  const order: FuncId[] = [];
  const state = new Map<FuncId, "open" | "done">();
  for (const start of starts) {
    const stack: FuncId[] = [start];
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      if (state.get(id) === undefined) {
        state.set(id, "open");
        const called = calleesOf(functionOf(program, id));
        if (called.some((callee) => state.get(callee) === "open")) throw new Bug("recursive call in a checked program");
        stack.push(...called.filter((callee) => !state.has(callee)));
        continue;
      }
      stack.pop();
      if (state.get(id) === "done") continue;
      state.set(id, "done");
      order.push(id);
    }
  }
  return order;
}

function functionOf(program: Program, id: FuncId): Func {
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`unknown function ${id}`);
  return func;
}

/** Looked for once: an editor asks after each edit. */
const callees = new WeakMap<Func, readonly FuncId[]>();

/** Functions that it calls, each once. */
export function calleesOf(func: Func): readonly FuncId[] {
  const known = callees.get(func) ?? findCallees(func);
  callees.set(func, known);
  return known;
}

function findCallees(func: Func): readonly FuncId[] {
  const found = new Set<FuncId>();
  visitBlock(func.body, {
    expr: (expr) => {
      if (expr.kind === "call") found.add(expr.func);
    },
  });
  return [...found];
}
