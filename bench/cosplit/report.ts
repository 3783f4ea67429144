/** The comparison as text for a terminal, as the Markdown that `docs/cosplit.md` holds, and as plain objects for tools. */
import type { Comparison, ComparedPort, ComparedTransition } from "./compare.ts";
import type { Demand, DemandKind } from "./demand.ts";
import { isMeasured } from "./ports.ts";
import { share, totalsOf } from "./totals.ts";
import type { Totals } from "./totals.ts";

const DEMAND_WORDS: Readonly<Record<DemandKind, string>> = {
  free: "free",
  keyed: "keys only",
  whole: "a whole field",
  unsat: "UNSAT",
};

/** Of all 49 contracts of CoSplit's evaluation, for scale. */
const ALL_49 = { transitions: 337, keyedOrFree: 115, selected: 190 };

function demandText(demand: Demand): string {
  return demand.shown.length === 0 ? "free" : demand.shown.join("; ");
}

// --- for a terminal --------------------------------------------------------------------------------------------------

export function textReport(ports: readonly ComparedPort[]): string {
  const lines = ports.flatMap((compared) => [
    `${compared.port.original}  ${compared.port.file}`,
    ...compared.transitions.flatMap(transitionLines),
    ...compared.port.skipped.map(({ name, reason }) => `  ${name}: skipped, ${reason}`),
    "",
  ]);
  return [...lines, ...totalRows(totalsOf(ports)).map(([name, value]) => `${name}: ${value}`), ""].join("\n");
}

function transitionLines({ name, footprint, marks, condition, demand, why, comparison }: ComparedTransition): readonly string[] {
  const marked = marks.length === 0 ? "" : `  (${marks.join(", ")})`;
  return [
    `  ${name}: ${comparison}`,
    `    touches  ${footprint.length === 0 ? "nothing" : footprint.join(", ")}${marked}`,
    `    Weft     ${condition}`,
    `    CoSplit  ${demandText(demand)}${why === undefined ? "" : ` (${why})`}`,
  ];
}

function totalRows(totals: Totals): readonly (readonly [string, string])[] {
  const { comparison, weak, useful, selected, pairs, transitions } = totals;
  const allPairs = pairs.never + pairs.escrow + pairs.sometimes + pairs.always;
  const others = weak.finer + weak.same + weak.coarser;
  return [
    ["Contracts", String(totals.contracts)],
    ["Transitions compared", `${transitions}${totals.skipped === 0 ? "" : `, ${totals.skipped} skipped`}`],
    ["Weft is finer", share(comparison.finer, transitions)],
    ["Of these, transitions that only read", String(totals.finerReads)],
    ["The same", share(comparison.same, transitions)],
    ["Weft is coarser", share(comparison.coarser, transitions)],
    ["Useful footprint, Weft", share(useful.weft, transitions)],
    ["Useful footprint, CoSplit", share(useful.cosplit, transitions)],
    ["In the largest selections, Weft", share(selected.weft, transitions)],
    ["In the largest good-enough selections, CoSplit", share(selected.cosplit, selected.ofCosplit)],
    ["Pairs that never wait", share(pairs.never + pairs.escrow, allPairs)],
    ["Pairs that wait when keys coincide", share(pairs.sometimes, allPairs)],
    ["Pairs that always wait", share(pairs.always, allPairs)],
    ["Beside CoSplit with stale reads", others === 0 ? "none" : `finer ${weak.finer}, same ${weak.same}, coarser ${weak.coarser}`],
  ];
}

// --- Markdown --------------------------------------------------------------------------------------------------------

export function markdownReport(ports: readonly ComparedPort[]): string {
  const measured = ports.filter(({ port }) => isMeasured(port));
  const others = ports.filter(({ port }) => !isMeasured(port));
  return [
    "## Totals",
    "",
    ...totalsTable(measured, ports),
    "",
    ...demandTable(ports),
    "",
    "## The five contracts of CoSplit's measurements",
    "",
    ...measured.flatMap(section),
    ...(others.length === 0 ? [] : ["## Contracts of Zilliqa's main network", "", ...others.flatMap(section)]),
  ].join("\n");
}

function totalsTable(measured: readonly ComparedPort[], all: readonly ComparedPort[]): readonly string[] {
  const five = totalRows(totalsOf(measured));
  const every = totalRows(totalsOf(all));
  const scale = new Map([
    ["Useful footprint, CoSplit", share(ALL_49.keyedOrFree, ALL_49.transitions)],
    ["In the largest good-enough selections, CoSplit", share(ALL_49.selected, ALL_49.transitions)],
  ]);
  return [
    row(["", "the five measured", "all ports", "all 49 of CoSplit's evaluation"]),
    row(["---", "---", "---", "---"]),
    ...five.map(([name, value], i) => row([name, value, every[i][1], scale.get(name) ?? ""])),
  ];
}

function demandTable(ports: readonly ComparedPort[]): readonly string[] {
  const { byDemand } = totalsOf(ports);
  const columns: readonly Comparison[] = ["finer", "same", "coarser"];
  const kinds: readonly DemandKind[] = ["free", "keyed", "whole", "unsat"];
  return [
    row(["CoSplit demands", ...columns.map((column) => (column === "same" ? "the same" : `Weft is ${column}`))]),
    row(["---", ...columns.map(() => "---:")]),
    ...kinds.map((kind) => row([DEMAND_WORDS[kind], ...columns.map((column) => String(byDemand[kind][column]))])),
  ];
}

function section({ port, transitions }: ComparedPort): readonly string[] {
  const skipped = port.skipped.map(({ name, reason }) => `- Skipped: ${code(name)}, ${reason}.`);
  const renamed = [...port.names].map(([from, to]) => `${code(from)} is ${code(to)}`);
  return [
    `### ${port.original}`,
    "",
    `[${port.file}](../examples/cosplit/${port.file}), after ${code(port.source)}.`,
    "",
    row(["transition", "Weft touches", "two calls wait in Weft", "CoSplit demands", "Weft is"]),
    row(["---", "---", "---", "---", "---"]),
    ...transitions.map(transitionRow),
    "",
    ...(renamed.length === 0 ? [] : [`- In Weft ${renamed.join(", ")}.`]),
    ...skipped,
    ...(renamed.length + skipped.length === 0 ? [] : [""]),
  ];
}

function transitionRow({ name, footprint, marks, condition, demand, weak, why, comparison }: ComparedTransition): string {
  const touches = [...footprint.map(code), ...marks.map((mark) => `_${mark}_`)];
  const demands = [
    `${code(demandText(demand))}${why === undefined ? "" : `: ${why}`}`,
    ...(weak === undefined || demandText(weak.demand) === demandText(demand) ? [] : [`stale reads: ${code(demandText(weak.demand))}`]),
  ];
  return row([
    code(name),
    touches.length === 0 ? "nothing" : touches.join("<br>"),
    code(condition),
    demands.join("<br>"),
    comparison === "same" ? "the same" : `**${comparison}**`,
  ]);
}

function code(text: string): string {
  return `\`${text}\``;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

// --- for tools -------------------------------------------------------------------------------------------------------

export interface JsonReport {
  readonly measured: Totals;
  readonly all: Totals;
  readonly contracts: readonly {
    readonly contract: string;
    readonly source: string;
    readonly port: string;
    readonly transitions: readonly (Omit<ComparedTransition, "demand" | "weak"> & {
      readonly cosplit: readonly string[];
      readonly weak: { readonly cosplit: readonly string[]; readonly comparison: Comparison } | undefined;
    })[];
    readonly skipped: readonly { readonly name: string; readonly reason: string }[];
    readonly pairs: ComparedPort["pairs"];
    readonly selection: { readonly weft: number; readonly cosplit: number };
  }[];
}

export function jsonReport(ports: readonly ComparedPort[]): JsonReport {
  return {
    measured: totalsOf(ports.filter(({ port }) => isMeasured(port))),
    all: totalsOf(ports),
    contracts: ports.map(({ port, transitions, pairs, selection }) => ({
      contract: port.original,
      source: port.source,
      port: port.file,
      transitions: transitions.map(({ demand, weak, ...rest }) => ({
        ...rest,
        cosplit: demand.shown,
        weak: weak === undefined ? undefined : { cosplit: weak.demand.shown, comparison: weak.comparison },
      })),
      skipped: port.skipped,
      pairs,
      selection: { weft: selection, cosplit: port.selection.largest },
    })),
  };
}
