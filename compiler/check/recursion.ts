/** Finds cycles of calls. Walks with a stack of its own: chains of calls can be longer than ours may be deep. */
import type { FuncId } from "../typed/tree.ts";
import type { ProgramContext } from "./context.ts";
import type { Draft } from "./functions.ts";

/** Calls within calls, as the language has it. */
const MAX_CALL_DEPTH = 16;
/** Names shown of a long cycle. */
const MAX_SHOWN = 8;

export function checkRecursion(program: ProgramContext, drafts: ReadonlyMap<FuncId, Draft>): void {
  const state = new Map<FuncId, "open" | "done">();
  /** Calls below a function, by function; known once it is done. */
  const depths = new Map<FuncId, number>();
  for (const root of drafts.values()) {
    if (state.has(root.signature.id)) continue;
    const stack: { readonly draft: Draft; next: number }[] = [{ draft: root, next: 0 }];
    state.set(root.signature.id, "open");
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const call = top.draft.facts.calls.at(top.next++);
      if (call === undefined) {
        state.set(top.draft.signature.id, "done");
        stack.pop();
        continue;
      }
      const callee = drafts.get(call.callee);
      if (callee === undefined) continue;
      if (state.get(call.callee) === "done") {
        const own = top.draft.signature.id;
        const depth = Math.max(depths.get(own) ?? 0, 1 + (depths.get(call.callee) ?? 0));
        // Reported where the limit is passed, not again in every function above.
        if (depth === MAX_CALL_DEPTH + 1)
          program.reporter.report("E0391", call.site, { what: "the depth of calls", limit: MAX_CALL_DEPTH });
        depths.set(own, depth);
        continue;
      }
      if (state.get(call.callee) === "open") {
        const names = stack.map(({ draft }) => draft.signature);
        const cycle = names.slice(names.findIndex((signature) => signature.id === call.callee));
        program.reporter.report("E0402", call.site, { chain: showCycle(cycle.map((signature) => signature.name)) });
        continue;
      }
      // The call is looked at again when its callee is done, for its depth.
      top.next--;
      state.set(call.callee, "open");
      stack.push({ draft: callee, next: 0 });
    }
  }
}

function showCycle(names: readonly string[]): string {
  const shown = names.length <= MAX_SHOWN ? names : [...names.slice(0, MAX_SHOWN - 1), "…"];
  return [...shown, names[0]].join(" -> ");
}
