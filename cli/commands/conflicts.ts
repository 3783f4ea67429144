/** `weft conflicts`: which pairs of functions wait for each other, and when. */
import { analyseConflicts } from "../../compiler/conflicts/analyse.ts";
import { conflictsJson } from "../../compiler/conflicts/json.ts";
import { conditionLines, conflictMatrix, matrixLines, SYMBOLS } from "../../compiler/conflicts/matrix.ts";
import type { ConflictMatrix } from "../../compiler/conflicts/matrix.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { compileFile } from "../compile.ts";
import { failure } from "../failure.ts";
import type { Outcome } from "../outcome.ts";
import type { Theme } from "../render/theme.ts";
import { printable } from "../render/width.ts";
import { selectContracts } from "../select.ts";
import type { PageChoice } from "./page.ts";

export async function conflicts(path: string, name: string | undefined, page: PageChoice | undefined): Promise<Outcome> {
  const file = await compileFile(path);
  if (file.analysed === undefined) return failure(file.exit, file.diagnostics, file.files);
  // A failed assertion is when one looks at the matrix.
  const compiled = file.analysed;
  const chosen = selectContracts(file, compiled.linked, name);
  if (chosen.kind === "unknown") return chosen.outcome;
  if (page !== undefined) {
    const { pageOutcome } = await import("./page.ts");
    return pageOutcome(file, compiled, chosen.contracts, { view: "conflicts", func: undefined }, page);
  }
  return {
    exit: file.exit,
    json: {
      file: file.path,
      contracts: chosen.contracts.map((footprint) =>
        conflictsJson(footprint, compiled.program, analyseConflicts(footprint, compiled.program)),
      ),
    },
    timing: {},
    text: (theme) => chosen.contracts.map((footprint) => contractText(compiled, footprint, theme)).join("\n"),
    note: "",
    diagnostics: file.diagnostics,
    files: file.files,
  };
}

function contractText(compiled: Compiled, footprint: ContractFootprint, theme: Theme): string {
  const matrix = conflictMatrix(footprint, compiled.program, analyseConflicts(footprint, compiled.program));
  const conditions = conditionLines(matrix).map(printable);
  const omitted = matrix.omitted.length === 0 ? [] : [`not shown, there are too many functions: ${matrix.omitted.join(", ")}`];
  return [
    theme("strong", matrix.contract),
    ...matrixLines(matrix).map((line) => `  ${colourMarks(line, theme)}`),
    "",
    ...usedSymbols(matrix).map(({ mark, meaning }) => theme("dim", `  ${mark}  ${meaning}`)),
    "",
    ...(conditions.length === 0
      ? ["  no two calls of this contract ever wait for each other"]
      : ["Two calls a and b of one contract:", ...conditions.map((line) => `  ${line}`)]),
    ...omitted,
    "",
  ].join("\n");
}

function usedSymbols(matrix: ConflictMatrix): readonly { readonly mark: string; readonly meaning: string }[] {
  const used = new Set(matrix.rows.flat().map((cell) => cell.symbol));
  return (["never", "escrow", "sometimes", "always", "unknown"] as const)
    .filter((symbol) => used.has(symbol))
    .map((symbol) => SYMBOLS[symbol]);
}

/** Marks stand behind two spaces after the function's name, alone between spaces. */
function colourMarks(line: string, theme: Theme): string {
  return line.replace(/(?<= )[·+?#!](?= |$)/g, (mark) =>
    theme(mark === "#" ? "bad" : mark === "?" || mark === "!" ? "warning" : "good", mark),
  );
}
