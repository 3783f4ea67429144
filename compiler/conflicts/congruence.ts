/**
 * Decides whether (in)equalities over terms can hold together: congruence closure with integer offsets
 * (R. Nieuwenhuis, A. Oliveras, "Fast congruence closure and extensions", 2007), by plain rounds since the inputs are small.
 * "Inconsistent" is a proof; "consistent" only means that the rules D1-D3 and T4 give no contradiction.
 */
import type { Bank, Ref } from "./bank.ts";

export interface Relation {
  readonly equal: boolean;
  readonly left: Ref;
  readonly right: Ref;
}

/** Beyond this many terms nothing is refuted. Conditions of real contracts have a few dozen. */
const MAX_TERMS = 400;

export function consistent(bank: Bank, relations: readonly Relation[]): boolean {
  return close(bank, relations) !== "contradiction";
}

/** Where a term stands: two of one class differ by their offsets. */
export type ClassOf = (ref: Ref) => { readonly id: number; readonly offset: bigint };

/** The classes of terms that the relations make equal; undefined when they contradict each other, or are too many to tell. */
export function classesOf(bank: Bank, relations: readonly Relation[]): ClassOf | undefined {
  const found = close(bank, relations);
  return typeof found === "string" ? undefined : found;
}

/** Whether `relation` follows from `premises`. */
export function implied(bank: Bank, premises: readonly Relation[], relation: Relation): boolean {
  const negated = { equal: !relation.equal, left: relation.left, right: relation.right };
  return !consistent(bank, [...premises, negated]);
}

interface Classes {
  readonly parent: number[];
  /** Value of a term = value of its parent + delta. */
  readonly delta: bigint[];
}

function close(bank: Bank, relations: readonly Relation[]): "contradiction" | "too large" | ClassOf {
  const nodes = reachable(
    bank,
    relations.flatMap((relation) => [relation.left, relation.right]),
  );
  if (nodes === undefined) return "too large";
  const indexOf = new Map(nodes.map((node, i) => [node, i]));
  const classes: Classes = { parent: nodes.map((_, i) => i), delta: nodes.map(() => 0n) };
  const at = (ref: Ref): Ref => root(classes, { node: indexOf.get(ref.node) ?? 0, offset: ref.offset });

  for (const relation of relations) {
    if (relation.equal && merge(classes, at(relation.left), at(relation.right)) === "contradiction") return "contradiction";
  }
  for (let changed = true; changed;) {
    changed = false;
    const bySignature = new Map<string, Ref>();
    for (const [i, id] of nodes.entries()) {
      const node = bank.node(id);
      if (node.args.length === 0) continue;
      const args = node.args.map((arg) => at(arg));
      const signature = `${node.symbol}(${args.map((arg) => `${arg.node}+${arg.offset}`).join(",")})`;
      const same = bySignature.get(signature);
      const own = root(classes, { node: i, offset: 0n });
      if (same === undefined) {
        bySignature.set(signature, own);
        continue;
      }
      const outcome = merge(classes, root(classes, same), own);
      if (outcome === "contradiction") return "contradiction";
      if (outcome === "merged") changed = true;
    }
  }
  for (const relation of relations) {
    if (relation.equal) continue;
    const left = at(relation.left);
    const right = at(relation.right);
    if (left.node === right.node && left.offset === right.offset) return "contradiction";
  }
  if (!distinct(bank, nodes, classes)) return "contradiction";
  return (ref) => {
    // A term that no relation speaks of is a class of its own.
    if (!indexOf.has(ref.node)) return { id: ref.node, offset: ref.offset };
    const { node, offset } = at(ref);
    return { id: nodes[node], offset };
  };
}

/** All terms below, or undefined if there are too many. Unknown ones never get here: their relations are dropped before. */
function reachable(bank: Bank, refs: readonly Ref[]): readonly number[] | undefined {
  const seen = new Set<number>();
  const stack = refs.map((ref) => ref.node);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    if (seen.size >= MAX_TERMS) return undefined;
    seen.add(node);
    for (const arg of bank.node(node).args) stack.push(arg.node);
  }
  return [...seen];
}

function root(classes: Classes, ref: Ref): Ref {
  let { node, offset } = ref;
  while (classes.parent[node] !== node) {
    offset += classes.delta[node];
    node = classes.parent[node];
  }
  return { node, offset };
}

/** Both are roots with offsets: asserts that the two sums are equal. */
function merge(classes: Classes, a: Ref, b: Ref): "contradiction" | "merged" | "same" {
  if (a.node === b.node) return a.offset === b.offset ? "same" : "contradiction";
  classes.parent[b.node] = a.node;
  classes.delta[b.node] = a.offset - b.offset;
  return "merged";
}

/** Constants that aren't integers, and tickets of one sequence, differ. (Integers differ by their offsets.) */
function distinct(bank: Bank, nodes: readonly number[], classes: Classes): boolean {
  const taken = new Set<string>();
  for (const [i, id] of nodes.entries()) {
    const node = bank.node(id);
    if (!node.constant && node.ticketOf === undefined) continue;
    const own = root(classes, { node: i, offset: 0n });
    const key = node.constant ? `constant ${own.node}` : `ticket ${node.ticketOf} ${own.node} ${own.offset}`;
    if (taken.has(key)) return false;
    taken.add(key);
  }
  return true;
}
