/** Footprints as the editor shows them: the rows of a function, and the accesses at a place. */
import type { Span } from "../../grammar/ast.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import type { FootprintRow, FunctionFootprint } from "../../compiler/footprint/table.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { absorptionAt } from "../../compiler/footprint/absorb.ts";
import type { Site, Stmt } from "../../compiler/typed/tree.ts";
import { blocksOf } from "../../compiler/typed/walk.ts";
import { tableOf } from "../state/snapshot.ts";
import type { Snapshot } from "../state/snapshot.ts";
import type { View } from "./view.ts";

export interface Analysed {
  readonly compiled: Compiled;
  /** Of an earlier text: the present one has errors. */
  readonly stale: boolean;
}

export function analysedOf(snapshot: Snapshot): Analysed | undefined {
  if (snapshot.analysed !== undefined) return { compiled: snapshot.analysed, stale: false };
  const last = snapshot.last?.analysed;
  return last === undefined ? undefined : { compiled: last, stale: true };
}

export function footprintOf(compiled: Compiled, contract: string): ContractFootprint | undefined {
  return compiled.linked.find((one) => one.contract.name === contract);
}

export function functionFootprint(compiled: Compiled, contract: string, name: string): FunctionFootprint | undefined {
  const footprint = footprintOf(compiled, contract);
  return footprint === undefined ? undefined : tableOf(compiled, footprint).functions.find((one) => one.name === name);
}

/** Where a function of a mixin has become one of a contract. */
export interface Used {
  readonly snapshot: Snapshot;
  readonly compiled: Compiled;
  readonly contract: ContractFootprint;
  readonly footprint: FunctionFootprint;
}

/** The first contract, of the own program or else of another open one, that has the function which is declared at the place. */
export function usedBy(view: View, path: string, start: number): Used | undefined {
  for (const snapshot of [view.snapshot, ...view.others]) {
    const compiled = snapshot.analysed;
    if (compiled === undefined || snapshot.files.get(path) !== view.snapshot.files.get(path)) continue;
    for (const contract of compiled.linked) {
      const footprint = tableOf(compiled, contract).functions.find(({ func }) => {
        const site = compiled.program.functions.get(func)?.nameSite;
        return site?.path === path && site.span.start === start;
      });
      if (footprint !== undefined) return { snapshot, compiled, contract, footprint };
    }
  }
  return undefined;
}

/** Rows whose access stands at the place, in whichever function it is reached from; each once. */
export function rowsAt(view: View, span: Span): readonly FootprintRow[] {
  const rows = new Map<string, FootprintRow>();
  for (const row of rowsIn(view)) {
    const { start, end } = row.site.span;
    if (start <= span.start && span.end <= end) rows.set(`${row.mode} ${row.cell} ${row.path} ${row.amount}`, row);
  }
  return [...rows.values()];
}

/** All accesses that stand in the file, in each program that holds it and has no errors. */
export function rowsIn({ path, snapshot, others }: View): readonly FootprintRow[] {
  return [snapshot, ...others].flatMap(({ analysed }) =>
    (analysed?.linked ?? []).flatMap((footprint) =>
      analysed === undefined
        ? []
        : tableOf(analysed, footprint).functions.flatMap(({ rows }) => rows.filter(({ site }) => site.path === path)),
    ),
  );
}

/** A place in a `require` that the add beside it answers for (rule E1): it reads nothing of its own. */
export interface SharedCheck {
  readonly site: Site;
  /** The place of the add. */
  readonly add: Site;
}

/** All of them that stand in the file, in each program that holds it and has no errors. */
export function sharedChecks({ path, snapshot, others }: View): readonly SharedCheck[] {
  const found = new Map<number, SharedCheck>();
  for (const { analysed } of [snapshot, ...others]) if (analysed !== undefined) addShared(analysed, path, found);
  return [...found.values()];
}

function addShared({ program, footprints }: Compiled, path: string, found: Map<number, SharedCheck>): void {
  const visit = (block: readonly Stmt[]): void => {
    block.forEach((stmt, i) => {
      const pair = absorptionAt(block, i);
      const { site } = pair?.load.place ?? {};
      if (pair !== undefined && site?.path === path && footprints.absorbed.get(pair.check.id) === pair.update.id)
        found.set(site.span.start, { site, add: pair.update.place.site });
      for (const inner of blocksOf(stmt)) visit(inner);
    });
  };
  for (const { body, site } of program.functions.values()) if (site.path === path) visit(body);
}

/** `R owner · Δ total +value · W stage`, at most so many. */
export function summary({ rows }: FunctionFootprint, most: number): string {
  if (rows.length === 0) return "touches no state";
  const cells = new Map<string, string>();
  for (const { mode, path } of rows) {
    const known = cells.get(path);
    if (known === undefined) cells.set(path, mode);
    else if (!known.includes(mode)) cells.set(path, `${known}${mode}`);
  }
  const shown = [...cells].slice(0, most).map(([path, mode]) => `${mode} ${path}`);
  return shown.join(" · ") + (cells.size > most ? ` · ${cells.size - most} more` : "");
}

/** A table in Markdown. */
export function footprintMarkdown({ rows, cost, undo }: FunctionFootprint): string {
  if (rows.length === 0) return `Touches no state. Costs at most ${cost}.`;
  const cell = (text: string): string => (text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``);
  const lines = rows.slice(0, 40).map(({ mode, path, amount, guard, stage }) => {
    const when = [guard === "" ? "" : `when \`${guard.replaceAll("|", "\\|")}\``, stage === "static" ? "" : stage].filter(
      (one) => one !== "",
    );
    return `| ${mode === "|" ? "\\|" : mode} | ${cell(path)} | ${cell(amount)} | ${when.join(", ")} |`;
  });
  const more = rows.length > 40 ? `\n\n${rows.length - 40} more.` : "";
  const undone = undo === "" ? "" : `\n\n**If it fails**: ${undo}.`;
  return `| | cell | by | |\n|---|---|---|---|\n${lines.join("\n")}${more}\n\nCosts at most ${cost}.${undone}`;
}
