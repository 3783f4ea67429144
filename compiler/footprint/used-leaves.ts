/**
 * Which leaves of a struct read from state the code uses: `let p = self.proposals[id]; … p.deadline …` reads the deadline alone,
 * and the cells of the other members stay out of the footprint.
 */
import type { Expr, Func, LocalId, TypedId } from "../typed/tree.ts";
import { leavesOfPlace, type LeafTable } from "./leaves.ts";
import type { LeafIndex } from "./footprint.ts";
import { childrenOf, visitBlock } from "../typed/walk.ts";

type Load = Extract<Expr, { kind: "load" }>;

/** By id of each load of more than one leaf. */
export function usedLeaves(func: Func, table: LeafTable, into: Map<TypedId, ReadonlySet<LeafIndex>>): void {
  const holders = new Map<LocalId, Load>();
  const uses = new Map<TypedId, Set<LeafIndex>>();
  const counted = new Set<TypedId>();

  visitBlock(func.body, {
    stmt: (stmt) => {
      if (stmt.kind === "let" && stmt.value.kind === "load" && isAggregate(stmt.value) && !func.locals[stmt.local].mutable) {
        holders.set(stmt.local, stmt.value);
        uses.set(stmt.value.id, new Set());
        counted.add(stmt.value.id);
      }
    },
  });

  const note = (load: Load, below: readonly number[]): void => {
    const set = uses.get(load.id) ?? new Set<LeafIndex>();
    const depth = load.place.path.length;
    for (const leaf of leavesOfPlace(table, load.place)) {
      if (below.every((member, i) => leaf.path[depth + i] === member)) set.add(leaf.index);
    }
    uses.set(load.id, set);
  };

  const seen = new Set<TypedId>();
  visitBlock(func.body, {
    expr: (expr) => {
      if (seen.has(expr.id)) return;
      const { root, path, chain } = memberChain(expr);
      for (const id of chain) seen.add(id);
      if (root.kind === "local") {
        const load = holders.get(root.local);
        if (load !== undefined) note(load, path);
      } else if (root.kind === "load" && isAggregate(root) && !counted.has(root.id)) note(root, path);
    },
  });
  for (const [id, set] of uses) into.set(id, set);
}

function isAggregate(load: Load): boolean {
  return load.type.kind === "struct" || load.type.kind === "tuple";
}

/** `p.a.b` as root `p` and members `[a, b]`; `chain` are the ids of all nodes on the way, the root included. */
function memberChain(expr: Expr): { readonly root: Expr; readonly path: readonly number[]; readonly chain: readonly TypedId[] } {
  const path: number[] = [];
  const chain: TypedId[] = [expr.id];
  let root = expr;
  while (root.kind === "member") {
    path.unshift(root.index);
    root = childrenOf(root)[0];
    chain.push(root.id);
  }
  return { root, path, chain };
}
