/** What limits the speed-up of sampled blocks: the functions whose calls make up the costliest chains (of one call where none waits), and where these wait. */
import type { ContractFootprint } from "../footprint/footprint.ts";
import { leafName } from "../footprint/show.ts";
import type { Func } from "../typed/tree.ts";
import type { TaskGraph, Wait } from "./graph.ts";
import type { Kind, SampledCall } from "./sample.ts";
import type { Chain } from "./schedule.ts";

export interface Limit {
  readonly func: Func;
  /** Of the cost of the costliest chains of all blocks, from 0 to 1. */
  readonly share: number;
  /** Where its calls on them wait, the most frequent first. */
  readonly cells: readonly { readonly cell: string; readonly share: number }[];
}

interface Found {
  readonly func: Func;
  cost: number;
  waits: number;
  readonly cells: Map<string, number>;
}

export interface LimitTally {
  readonly add: (calls: readonly SampledCall[], graph: TaskGraph, chain: Chain) => void;
  /** Functions by share. */
  readonly limits: () => readonly Limit[];
}

export function createLimitTally(footprint: ContractFootprint, kinds: readonly Kind[]): LimitTally {
  const found = new Map<Func, Found>();
  let total = 0;
  return {
    add(calls, { costs }, chain) {
      total += chain.cost;
      for (const { call, waits } of chain.links) {
        const { func } = kinds[calls[call].kind];
        const known = found.get(func);
        const of = known ?? { func, cost: 0, waits: 0, cells: new Map<string, number>() };
        if (known === undefined) found.set(func, of);
        of.cost += costs[call];
        if (waits.length > 0) of.waits++;
        for (const cell of new Set(waits.map((wait) => nameOf(footprint, wait)))) of.cells.set(cell, (of.cells.get(cell) ?? 0) + 1);
      }
    },
    limits: () =>
      [...found.values()]
        .map((of) => ({ func: of.func, share: of.cost / total, cells: cellsOf(of) }))
        .sort((a, b) => b.share - a.share || (a.func.name < b.func.name ? -1 : 1)),
  };
}

function cellsOf({ cells, waits }: Found): Limit["cells"] {
  return [...cells]
    .map(([cell, count]) => ({ cell, share: count / waits }))
    .sort((a, b) => b.share - a.share || (a.cell < b.cell ? -1 : 1));
}

function nameOf({ leaves }: ContractFootprint, { leaf, whole }: Wait): string {
  if (leaf === undefined) return "calls that run alone";
  return whole ? `all of ${leaves[leaf].field?.name ?? leafName(leaves[leaf])}` : leafName(leaves[leaf]);
}
