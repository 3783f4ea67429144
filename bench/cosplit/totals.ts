/** What the comparison comes to, over some ports: counts only. */
import type { Comparison, ComparedPort, ComparedTransition, PairKind } from "./compare.ts";
import type { DemandKind } from "./demand.ts";

export interface Totals {
  readonly contracts: number;
  readonly transitions: number;
  readonly skipped: number;
  readonly comparison: Readonly<Record<Comparison, number>>;
  /** Finer since two calls that only read never wait. */
  readonly finerReads: number;
  /** The same by what CoSplit demands. */
  readonly byDemand: Readonly<Record<DemandKind, Readonly<Record<Comparison, number>>>>;
  /** Where CoSplit demands less if stale reads are accepted: Weft, which accepts none, beside that. */
  readonly weak: Readonly<Record<Comparison, number>>;
  /** Transitions of which two calls needn't always wait for each other. */
  readonly useful: { readonly weft: number; readonly cosplit: number };
  /** Sizes of the largest selections, added up; CoSplit's are of all transitions, the skipped ones included. */
  readonly selected: { readonly weft: number; readonly cosplit: number; readonly ofCosplit: number };
  readonly pairs: Readonly<Record<PairKind, number>>;
}

const DEMANDS: readonly DemandKind[] = ["free", "keyed", "whole", "unsat"];

export function totalsOf(ports: readonly ComparedPort[]): Totals {
  const all = ports.flatMap(({ transitions }) => transitions);
  const of = (kind: DemandKind): readonly ComparedTransition[] => all.filter(({ demandKind }) => demandKind === kind);
  const [free, keyed, whole, unsat] = DEMANDS.map((kind) => countComparisons(of(kind).map(({ comparison }) => comparison)));
  const pairs = (kind: PairKind): number => sum(ports.map((port) => port.pairs[kind]));
  return {
    contracts: ports.length,
    transitions: all.length,
    skipped: sum(ports.map(({ port }) => port.skipped.length)),
    comparison: countComparisons(all.map(({ comparison }) => comparison)),
    finerReads: all.filter(({ comparison, onlyReads }) => comparison === "finer" && onlyReads).length,
    byDemand: { free, keyed, whole, unsat },
    weak: countComparisons(all.flatMap(({ weak }) => (weak === undefined ? [] : [weak.comparison]))),
    useful: { weft: all.filter(({ useful }) => useful).length, cosplit: of("free").length + of("keyed").length },
    selected: {
      weft: sum(ports.map(({ selection }) => selection)),
      cosplit: sum(ports.map(({ port }) => port.selection.largest)),
      ofCosplit: sum(ports.map(({ port }) => port.selection.transitions)),
    },
    pairs: { never: pairs("never"), escrow: pairs("escrow"), sometimes: pairs("sometimes"), always: pairs("always") },
  };
}

function countComparisons(found: readonly Comparison[]): Readonly<Record<Comparison, number>> {
  const count = (wanted: Comparison): number => found.filter((each) => each === wanted).length;
  return { finer: count("finer"), same: count("same"), coarser: count("coarser") };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** `25 of 35 (71 %)` */
export function share(part: number, whole: number): string {
  return whole === 0 ? "none" : `${part} of ${whole} (${Math.round((part * 100) / whole)} %)`;
}
