/** `weft footprint`: the cells that each function touches, how, and under which conditions. */
import { footprintJson, footprintTable } from "../../compiler/footprint/table.ts";
import type { FootprintRow, FunctionFootprint } from "../../compiler/footprint/table.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import { compileFile } from "../compile.ts";
import { failure } from "../failure.ts";
import type { Outcome } from "../outcome.ts";
import { table } from "../render/table.ts";
import type { Column } from "../render/table.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import { selectContracts, unknownName } from "../select.ts";
import type { PageChoice } from "./page.ts";

export async function footprint(path: string, name: string | undefined, page: PageChoice | undefined): Promise<Outcome> {
  const file = await compileFile(path);
  if (file.analysed === undefined) return failure(file.exit, file.diagnostics, file.files);
  const { program, linked, costs } = file.analysed;
  const [contractName, functionName] = name?.split(".", 2) ?? [];
  const chosen = selectContracts(file, linked, contractName);
  if (chosen.kind === "unknown") return chosen.outcome;

  const wanted = (candidate: string): boolean => functionName === undefined || candidate === functionName;
  const tables = chosen.contracts.map((contract) => footprintTable(contract, program, costs));
  if (functionName !== undefined && !tables.some(({ functions }) => functions.some((candidate) => wanted(candidate.name)))) {
    return unknownName(
      file,
      "function",
      functionName,
      tables.flatMap(({ functions }) => functions.map((candidate) => candidate.name)),
    );
  }
  if (page !== undefined) {
    const { pageOutcome } = await import("./page.ts");
    return pageOutcome(file, file.analysed, chosen.contracts, { view: "footprints", func: functionName }, page);
  }
  const json = (contract: ContractFootprint): unknown => {
    const { functions, ...rest } = footprintJson(contract, program, costs);
    return { ...rest, functions: functions.filter((candidate) => wanted(candidate.name)) };
  };
  return {
    exit: file.exit,
    json: { file: file.path, contracts: chosen.contracts.map(json) },
    timing: {},
    text: (theme) =>
      tables
        .map(({ contract, functions }) =>
          contractText(
            contract,
            functions.filter((candidate) => wanted(candidate.name)),
            theme,
          ),
        )
        .concat(`${theme("dim", LEGEND)}\n`)
        .join("\n"),
    note: "",
    diagnostics: file.diagnostics,
    files: file.files,
  };
}

const LEGEND = `R reads   W writes   Δ adds (commutes with other adds)   T draws a number
staged: the key is read from state   otherwise the cell is known from the call alone`;

function contractText(contract: string, functions: readonly FunctionFootprint[], theme: Theme): string {
  return functions.map((func) => functionText(contract, func, theme)).join("\n");
}

function functionText(contract: string, func: FunctionFootprint, theme: Theme): string {
  const title = `${theme("strong", `${contract}.${printable(func.signature)}`)}  ${theme("dim", `cost ${func.cost}`)}`;
  const head = func.undo === "" ? title : `${title}\n  ${theme("dim", printable(func.undo))}`;
  if (func.rows.length === 0) return `${head}\n  touches no state\n`;
  const rows = func.rows.map((row) =>
    [row.mode, row.path, row.amount, guardText(row), row.stage === "static" ? "" : row.stage, row.place].map(printable),
  );
  const used = COLUMNS.filter((_, index) => rows.some((row) => row[index] !== ""));
  const kept = rows.map((row) => row.filter((_, index) => used.includes(COLUMNS[index])));
  return `${head}\n${table(kept, used, theme)
    .map((line) => `  ${line}`)
    .join("\n")}\n`;
}

function guardText(row: FootprintRow): string {
  return row.guard === "" ? "" : `if ${row.guard}`;
}

const COLUMNS: readonly Column[] = [
  { align: "left", role: "strong" },
  { align: "left" },
  { align: "left", role: "good" },
  { align: "left", role: "note" },
  { align: "left", role: "warning" },
  { align: "left", role: "dim" },
];
