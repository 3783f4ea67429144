/**
 * Walking terms. Terms are shared (`x = x + x` twenty times is twenty nodes and a million paths) and may be deep, so every walk
 * here visits each object once and keeps its own stack.
 */
import { Bug } from "../core/bug.ts";
import type { Term } from "./footprint.ts";

export function childrenOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case "constant":
    case "param":
    case "context":
    case "immutable":
    case "loopIndex":
    case "ticket":
    case "unknown":
      return [];
    case "length":
      return [term.of];
    case "element":
      return [term.list, term.index];
    case "member":
    case "isVariant":
    case "payload":
      return [term.of];
    case "made":
      return term.parts;
    case "decoded":
      return [term.data];
    case "read":
      return term.keys;
    case "past":
      return [...term.keys, term.height];
    case "op":
      return term.args;
    case "if":
      return [term.cond, term.then, term.otherwise];
  }
}

/** Computes `step` for a term from what it gave for the children; `memo` may be kept for further terms. */
export function foldTerm<T>(root: Term, memo: Map<Term, T>, step: (term: Term, get: (child: Term) => T) => T): T {
  const get = (child: Term): T => {
    const found = memo.get(child);
    if (found === undefined) throw new Bug("foldTerm: a child was not visited");
    return found;
  };
  const stack: Term[] = [root];
  while (stack.length > 0) {
    const term = stack[stack.length - 1];
    if (memo.has(term)) {
      stack.pop();
      continue;
    }
    const missing = childrenOf(term).filter((child) => !memo.has(child));
    if (missing.length > 0) {
      stack.push(...missing);
      continue;
    }
    memo.set(term, step(term, get));
    stack.pop();
  }
  return get(root);
}

/** How a key gets known: 0 from the call alone, n after n rounds of reading state, "wide" not before execution. */
export type Stage = number | "wide";

export function createStages(): (term: Term) => Stage {
  const memo = new Map<Term, Stage>();
  return (term) =>
    foldTerm<Stage>(term, memo, (t, get) => {
      if (t.kind === "unknown") return "wide";
      const below = latest(childrenOf(t).map(get));
      return t.kind === "read" && below !== "wide" ? below + 1 : below;
    });
}

export function latest(stages: readonly Stage[]): Stage {
  let result = 0;
  for (const stage of stages) {
    if (stage === "wide") return "wide";
    if (stage > result) result = stage;
  }
  return result;
}
