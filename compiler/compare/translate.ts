/**
 * What is known of a function of the older version, said with the parameters, kinds of cells and numbers drawn of the newer one, so that one bank of
 * terms can hold both. Loops get names of their own: over the same range at the same depth the bank takes them for one.
 */
import type { FunctionAccesses, LoopInfo } from "../conflicts/facts.ts";
import type { FlatAccess, LeafIndex, LoopId, Term } from "../footprint/footprint.ts";
import { rebuilt } from "../footprint/algebra.ts";
import { foldTerm } from "../footprint/terms.ts";
import type { Names } from "./versions.ts";

export interface Translation {
  readonly term: (term: Term) => Term;
  readonly access: (access: FlatAccess) => FlatAccess;
  readonly accesses: (accesses: FunctionAccesses) => FunctionAccesses;
}

const LOOPS_BEFORE = 1_000_000;

export function translation(names: Names): Translation {
  const memo = new Map<Term, Term>();
  const term = (root: Term): Term => foldTerm<Term>(root, memo, (part, get) => renamed(part, names, get));
  const around = <T extends Pick<FlatAccess, "guards" | "loops">>(given: T): T => ({
    ...given,
    guards: given.guards.map((guard) => ({ term: term(guard.term), holds: guard.holds })),
    loops: given.loops.map(loopBefore),
  });
  const access = (given: FlatAccess): FlatAccess => ({
    ...around(given),
    leaf: names.leaf(given.leaf),
    keys: given.keys.map(term),
    amount: given.amount === undefined ? undefined : { sign: given.amount.sign, term: term(given.amount.term) },
  });
  const over = (range: LoopInfo["over"]): LoopInfo["over"] => {
    if (range.kind === "unknown") return range;
    return range.kind === "list" ? { ...range, list: term(range.list) } : { ...range, from: term(range.from), to: term(range.to) };
  };
  return {
    term,
    access,
    accesses: ({ func, loops, groupOf, isElsewhere, byLeaf, errors, outward }) => ({
      func,
      isElsewhere: (leaf) => isElsewhere(names.leafBefore(leaf)),
      groupOf: (leaf) => groupOf(names.leafBefore(leaf)),
      loops: new Map([...loops].map(([loop, info]): [LoopId, LoopInfo] => [loopBefore(loop), { ...info, over: over(info.over) }])),
      byLeaf: new Map([...byLeaf].map(([leaf, all]): [LeafIndex, readonly FlatAccess[]] => [names.leaf(leaf), all.map(access)])),
      errors: errors.map(access),
      outward: outward.map(around),
    }),
  };
}

function loopBefore(loop: LoopId): LoopId {
  return (LOOPS_BEFORE + loop) as LoopId;
}

function renamed(term: Term, names: Names, get: (child: Term) => Term): Term {
  switch (term.kind) {
    case "param":
      return { ...term, index: names.param(term.index) };
    case "immutable":
      return { ...term, leaf: names.leaf(term.leaf) };
    case "loopIndex":
      return { ...term, loop: loopBefore(term.loop) };
    case "ticket":
      return { ...term, leaf: names.leaf(term.leaf), ticket: names.ticket(term.ticket) };
    case "read":
      return { ...term, leaf: names.leaf(term.leaf), keys: term.keys.map(get) };
    case "past":
      return { ...term, leaf: names.leaf(term.leaf), keys: term.keys.map(get), height: get(term.height) };
    // Nothing is simplified: the newer version's terms stay as they are, too.
    case "op":
      return { ...term, args: term.args.map(get) };
    case "if":
      return { ...term, cond: get(term.cond), then: get(term.then), otherwise: get(term.otherwise) };
    default:
      return rebuilt(term, get);
  }
}
