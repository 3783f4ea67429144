/**
 * The ways in which calls of two functions can meet: every pair of accesses to one kind of cell whose modes clash, with what
 * must hold for them to touch one cell. Ways that contradict themselves are left out. Bounded: where a function touches one kind of cell
 * in very many ways, or the work of the whole contract is spent, that kind of cell counts as always met.
 */
import type { FlatAccess, LeafIndex } from "../footprint/footprint.ts";
import type { FunctionAccesses } from "./facts.ts";
import type { Bank } from "./bank.ts";
import { consistent } from "./congruence.ts";
import { guardLiterals, keyLiterals } from "./literals.ts";
import type { Literal } from "./literals.ts";
import { spend, WORK_PER_PROOF } from "./budget.ts";
import type { Budget } from "./budget.ts";

export interface Case {
  readonly left: FlatAccess;
  readonly right: FlatAccess;
  readonly literals: readonly Literal[];
}

export interface Meetings {
  readonly cases: readonly Case[];
  /** Adds that may meet: the first way per kind of cell. */
  readonly adds: readonly Case[];
}

/** Pairs of accesses compared per kind of cell and pair of functions. */
const MAX_PER_LEAF = 4_096;
/** Changes of one kind of cell that are compared with an error's read of it. */
const MAX_CHANGES = 16;

export function meetings(bank: Bank, left: FunctionAccesses, right: FunctionAccesses, budget: Budget): Meetings {
  const cases: Case[] = [];
  const adds: Case[] = [];
  const verdicts = new Map<string, boolean>();
  const possible = (literals: readonly Literal[]): boolean => {
    const key = literals
      .map((literal) => literal.key)
      .sort()
      .join(" ");
    const known = verdicts.get(key);
    if (known !== undefined) return known;
    const verdict = spend(budget, WORK_PER_PROOF + literals.length) ? consistent(bank, literals) : true;
    verdicts.set(key, verdict);
    return verdict;
  };
  for (const [leaf, ofLeft] of left.byLeaf) {
    cases.push(...beside(bank, leaf, left, right, budget).filter(({ literals }) => possible(literals)));
    const ofRight = right.byLeaf.get(leaf);
    if (ofRight === undefined) continue;
    if (!ofLeft.some((a) => ofRight.some((b) => relationOf(a, b) !== "none"))) continue;
    const comparisons = ofLeft.length * ofRight.length;
    if (comparisons > MAX_PER_LEAF || comparisons > budget.left) {
      cases.push(...coarse(ofLeft, ofRight, "clash"));
      adds.push(...coarse(ofLeft, ofRight, "adds"));
      continue;
    }
    spend(budget, comparisons);
    let added = false;
    const guards = {
      left: ofLeft.map((access) => guardLiterals(bank, "left", access)),
      right: ofRight.map((access) => guardLiterals(bank, "right", access)),
    };
    for (const [i, a] of ofLeft.entries()) {
      for (const [j, b] of ofRight.entries()) {
        const relation = relationOf(a, b);
        if (relation === "none" || (relation === "adds" && added)) continue;
        const ofA = guards.left[i];
        const ofB = guards.right[j];
        if (ofA === undefined || ofB === undefined) continue;
        for (const keys of keyLiterals(bank, a, b)) {
          const found = { left: a, right: b, literals: [...keys, ...ofA, ...ofB] };
          if (!possible(found.literals)) continue;
          if (relation === "clash") cases.push(found);
          else {
            added = true;
            adds.push(found);
          }
        }
      }
    }
  }
  for (const [reads, others, isLeft] of [
    [left.errors, right, true],
    [right.errors, left, false],
  ] as const) {
    const met = reads.some((read) => {
      if (!spend(budget, MAX_CHANGES)) return false;
      const found = errorMeets(bank, read, others, isLeft).find(({ literals }) => possible(literals));
      if (found !== undefined) adds.push(found);
      return found !== undefined;
    });
    if (met) break;
  }
  return { cases, adds };
}

/** Whether the other call may change what an error reads. Adds that are cleared read nothing, so this counts like adds that meet. */
function errorMeets(bank: Bank, read: FlatAccess, others: FunctionAccesses, isLeft: boolean): readonly Case[] {
  const changes = (others.byLeaf.get(read.leaf) ?? []).filter(({ mode }) => mode !== "R").slice(0, MAX_CHANGES);
  return changes.flatMap((change): readonly Case[] => {
    const [l, r] = isLeft ? [read, change] : [change, read];
    return keyLiterals(bank, l, r).map((literals) => ({ left: l, right: r, literals }));
  });
}

/** An access whose key nobody knows takes its whole field, the cells of other members of the same struct included (rule E3). */
function beside(bank: Bank, leaf: LeafIndex, left: FunctionAccesses, right: FunctionAccesses, budget: Budget): readonly Case[] {
  const cases: Case[] = [];
  const ofLeft = left.byLeaf.get(leaf) ?? [];
  for (const [other, ofRight] of right.byLeaf) {
    if (other === leaf || left.groupOf(leaf) !== left.groupOf(other)) continue;
    for (const a of ofLeft) {
      for (const b of ofRight) {
        if ((a.stage !== "wide" && b.stage !== "wide") || (a.mode === "R" && b.mode === "R")) continue;
        // With nothing left to spend the conditions on the way are passed over.
        const guards = spend(budget, 1) ? [guardLiterals(bank, "left", a), guardLiterals(bank, "right", b)] : [[], []];
        const [ofA, ofB] = guards;
        if (ofA !== undefined && ofB !== undefined) cases.push({ left: a, right: b, literals: [...ofA, ...ofB] });
      }
    }
  }
  return cases;
}

function relationOf(a: FlatAccess, b: FlatAccess): "none" | "adds" | "clash" {
  if (a.mode === "T" || b.mode === "T") return "none";
  if (a.mode === "R" && b.mode === "R") return "none";
  if (a.mode !== b.mode || a.mode === "W") return "clash";
  // What may be any cell is a write until the call gets there.
  if (a.stage === "wide" || b.stage === "wide") return "clash";
  // Updates of one kind commute and never fail; adds do as long as they are cleared.
  return a.mode === "D" ? "adds" : "none";
}

/** The first two accesses that meet in this way, whatever their keys. */
function coarse(ofLeft: readonly FlatAccess[], ofRight: readonly FlatAccess[], way: "adds" | "clash"): readonly Case[] {
  for (const left of ofLeft) {
    const right = ofRight.find((access) => relationOf(left, access) === way);
    if (right !== undefined) return [{ left, right, literals: [] }];
  }
  return [];
}
