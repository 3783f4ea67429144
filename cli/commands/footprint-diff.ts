/** `weft footprint --diff`: what became more or less parallel between two versions. */
import { judgeAccess, sideText } from "../../compiler/compare/accesses.ts";
import type { AccessChange, AccessSide } from "../../compiler/compare/accesses.ts";
import { compareContracts } from "../../compiler/compare/compare.ts";
import type { ContractChange, FunctionChange } from "../../compiler/compare/compare.ts";
import type { PairChange } from "../../compiler/compare/pairs.ts";
import type { Judgement } from "../../compiler/conflicts/implication.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import { placeOf, sourceLines, stageText } from "../../compiler/footprint/table.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { CompiledFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import type { ExitCode } from "../exit.ts";
import { count, failure } from "../failure.ts";
import type { Json, Outcome } from "../outcome.ts";
import { table } from "../render/table.ts";
import type { Column } from "../render/table.ts";
import type { Role, Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import { readVersions } from "../versions.ts";
import { worst } from "../results.ts";

export interface DiffOptions {
  readonly old: string;
  readonly next: string;
  readonly file: string | undefined;
  readonly onLoss: "fails" | "passes";
}

export async function footprintDiff({ old, next, file, onLoss }: DiffOptions): Promise<Outcome> {
  const { before, after } = await readVersions(old, next, file);
  if (before.analysed === undefined || after.analysed === undefined) {
    const broken = [before, after].filter(({ analysed }) => analysed === undefined);
    const files = new Map(broken.flatMap((each) => [...each.files]));
    const diagnostics = broken.flatMap((each) => each.diagnostics);
    return failure(worst(broken.map(({ exit }) => exit)), diagnostics, files);
  }
  const found = compareAll(before.analysed, after.analysed);
  const summary = summaryOf(found.contracts);
  const lost: ExitCode = onLoss === "fails" && summary.less + summary.later > 0 ? EXIT.failed : EXIT.ok;
  const places = { before: placesOf(before, before.analysed), after: placesOf(after, after.analysed) };
  return {
    exit: worst([after.exit, lost]),
    json: {
      before: before.path,
      after: after.path,
      summary,
      added: found.added,
      removed: found.removed,
      contracts: found.contracts.map((contract) => contractJson(contract, places)),
    },
    timing: {},
    text: (theme) => allText(found, places, theme),
    note: closingWords(summary),
    diagnostics: after.diagnostics,
    files: after.files,
  };
}

interface Found {
  readonly contracts: readonly ContractChange[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** By name; where one is left on each side it got another one. */
function compareAll(before: Compiled, after: Compiled): Found {
  const named = (all: Compiled): ReadonlyMap<string, ContractFootprint> => new Map(all.linked.map((each) => [each.contract.name, each]));
  const [old, now] = [named(before), named(after)];
  const gone = [...old.keys()].filter((name) => !now.has(name));
  const come = [...now.keys()].filter((name) => !old.has(name));
  const renamed = gone.length === 1 && come.length === 1;
  const contracts = [...now].flatMap(([name, footprint]) => {
    const match = old.get(name) ?? (renamed ? old.get(gone[0]) : undefined);
    if (match === undefined) return [];
    return [compareContracts({ ...before, footprint: match }, { ...after, footprint })];
  });
  return { contracts, added: renamed ? [] : come, removed: renamed ? [] : gone };
}

interface Summary {
  /** Pairs of functions, by what became of the condition under which calls of them wait. */
  readonly less: number;
  readonly more: number;
  readonly other: number;
  /** Accesses whose key is known later than it was. */
  readonly later: number;
}

function summaryOf(contracts: readonly ContractChange[]): Summary {
  const pairs = contracts.flatMap((contract) => contract.pairs);
  const times = (wanted: Judgement): number => pairs.filter(({ judgement }) => judgement === wanted).length;
  const accesses = contracts.flatMap(({ functions }) => functions.flatMap((each) => each.accesses));
  const later = accesses.filter((change) => change.kind === "changed" && change.stage === "less").length;
  return { less: times("less"), more: times("more"), other: times("other"), later };
}

function closingWords({ less, more, other, later }: Summary): string {
  const pairs = `${count(less, "pair")} of functions less parallel, ${more} more, ${other} otherwise changed`;
  return later === 0 ? pairs : `${pairs}; ${count(later, "key")} known later`;
}

interface Places {
  readonly before: PlaceOf;
  readonly after: PlaceOf;
}

type PlaceOf = (side: AccessSide) => string;

/** Places in a revision say which. */
function placesOf({ path }: CompiledFile, { program }: Compiled): PlaceOf {
  const lines = sourceLines(program);
  const prefix = path.endsWith(program.root) ? path.slice(0, path.length - program.root.length) : "";
  return (side) => `${prefix}${placeOf(lines, side.site)}`;
}

// --- for people ------------------------------------------------------------------------------------------------------

const WORDS: Readonly<Record<Judgement, { readonly text: string; readonly role: Role }>> = {
  less: { text: "less parallel", role: "bad" },
  more: { text: "more parallel", role: "good" },
  other: { text: "other", role: "warning" },
  same: { text: "", role: "dim" },
};

function allText({ contracts, added, removed }: Found, places: Places, theme: Theme): string {
  const parts = [
    ...contracts.map((contract) => contractText(contract, places, theme)),
    ...added.map((name) => `${theme("strong", printable(name))}\n  a new contract\n`),
    ...removed.map((name) => `${theme("strong", printable(name))}\n  the contract is gone\n`),
  ];
  return parts.join("\n");
}

function contractText(contract: ContractChange, places: Places, theme: Theme): string {
  const { name, was, added, removed, functions, pairs, omitted } = contract;
  const blocks = [
    [...added.map((signature) => `new   ${printable(signature)}`), ...removed.map((signature) => `gone  ${printable(signature)}`)],
    pairLines(pairs, theme),
    ...functions.map((each) => functionLines(each, places, theme)),
    omitted.length === 0 ? [] : [`not compared, there are too many functions: ${printable(omitted.join(", "))}`],
  ].filter((block) => block.length > 0);
  const body = blocks.length === 0 ? [["nothing changed in what calls touch, cost and wait for"]] : blocks;
  const head = theme("strong", printable(was === undefined ? name : `${name}, which was ${was}`));
  return `${head}\n${body.map((block) => block.map((line) => `  ${line}\n`).join("")).join("\n")}`;
}

const PAIR_COLUMNS: readonly Column[] = [{ align: "left" }, { align: "left" }];

/** Where the difference is in what isn't shown of a condition. */
const CASES = { less: "in more cases", more: "in fewer cases", other: "in other cases" } as const;

/** Losses first. */
function pairLines(pairs: readonly PairChange[], theme: Theme): readonly string[] {
  const order: readonly PairChange["judgement"][] = ["less", "other", "more"];
  return order.flatMap((wanted) => {
    const rows = pairs
      .filter(({ judgement }) => judgement === wanted)
      .map(({ left, right, before, after }) => {
        const change = before === after ? `${after}, ${CASES[wanted]}` : `${before}  →  ${after}`;
        return [`${left} × ${right}`, change].map(printable);
      });
    const { text, role } = WORDS[wanted];
    return rows.length === 0 ? [] : [theme(role, text), ...table(rows, PAIR_COLUMNS, theme).map((line) => `  ${line}`)];
  });
}

const ACCESS_COLUMNS: readonly Column[] = [
  { align: "left" },
  { align: "left" },
  { align: "left", role: "warning" },
  { align: "left", role: "dim" },
];

function functionLines({ signature, was, cost, accesses }: FunctionChange, places: Places, theme: Theme): readonly string[] {
  const costs = cost === undefined ? "" : `  ${theme("dim", `cost ${cost.before} → ${cost.after}`)}`;
  const rows = accesses.map((change) => accessRow(change, places).map(printable));
  const renamed = was === undefined ? [] : [`  was ${printable(was)}`];
  return [`${theme("strong", printable(signature))}${costs}`, ...renamed, ...usedTable(rows, theme).map((line) => `  ${line}`)];
}

/** Columns that are empty throughout are left out. */
function usedTable(rows: readonly (readonly string[])[], theme: Theme): readonly string[] {
  const used = ACCESS_COLUMNS.map((_, i) => rows.some((row) => row[i] !== ""));
  const kept = rows.map((row) => row.filter((_, i) => used[i]));
  return table(
    kept,
    ACCESS_COLUMNS.filter((_, i) => used[i]),
    theme,
  );
}

function accessRow(change: AccessChange, places: Places): readonly string[] {
  switch (change.kind) {
    case "added":
      return ["new", sideText(change.after), "", places.after(change.after)];
    case "removed":
      return ["gone", sideText(change.before), "", places.before(change.before)];
    case "changed": {
      const [before, after] = [sideText(change.before), sideText(change.after)];
      const text = before === after ? `${after}, on other ways to it` : `${before}  →  ${after}`;
      const sameButKey = change.mode === "same" && change.stage === "same" && change.guard === "same";
      return ["now", text, sameButKey ? "another key" : WORDS[judgeAccess(change)].text, places.after(change.after)];
    }
  }
}

// --- for tools -------------------------------------------------------------------------------------------------------

function contractJson({ name, was, added, removed, pairs, functions, omitted }: ContractChange, places: Places): Json {
  return {
    name,
    was: was ?? null,
    added,
    removed,
    pairs: pairs.map(({ left, right, judgement, before, after }) => ({ left, right, judgement, before, after })),
    functions: functions.map((func) => ({
      name: func.name,
      signature: func.signature,
      was: func.was ?? null,
      cost: func.cost === undefined ? null : { before: func.cost.before, after: func.cost.after, change: func.cost.change },
      accesses: func.accesses.map((change) => accessJson(change, places)),
    })),
    omitted,
  };
}

function accessJson(change: AccessChange, places: Places): Json {
  const before = change.kind === "added" ? null : sideJson(change.before, places.before);
  const after = change.kind === "removed" ? null : sideJson(change.after, places.after);
  const { kind } = change;
  const judgement = kind === "changed" ? { mode: change.mode, stage: change.stage, guard: change.guard, all: judgeAccess(change) } : null;
  return { kind, before, after, judgement };
}

function sideJson(side: AccessSide, place: PlaceOf): Json {
  const { mode, path, stage, guard } = side;
  return { mode: mode === "D" ? "Δ" : mode, path, stage: stageText({ stage }), guard, place: place(side) };
}
