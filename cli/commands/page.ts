/** `--html` of `weft footprint` and `weft conflicts`: one page, opened at the one or the other, to standard output or to a file. */
import { contractReport } from "../../compiler/conflicts/report.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { CompiledFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { failure } from "../failure.ts";
import { displayPath } from "../files.ts";
import type { Outcome } from "../outcome.ts";
import { renderReport } from "../render/html/page.ts";
import type { PageData } from "../render/html/page.ts";
import { writeOne } from "../write-files.ts";

export interface PageChoice {
  /** Undefined for standard output. */
  readonly output: string | undefined;
}

export function pageOutcome(
  file: CompiledFile,
  compiled: Compiled,
  chosen: readonly ContractFootprint[],
  open: PageData["open"],
  { output }: PageChoice,
): Outcome {
  const page = renderReport({ file: file.path, contracts: chosen.map((contract) => contractReport(contract, compiled)), open });
  const outcome = {
    exit: file.exit,
    json: {},
    timing: {},
    text: () => (output === undefined ? page : ""),
    note: "",
    diagnostics: file.diagnostics,
    files: file.files,
  } satisfies Outcome;
  if (output === undefined) return outcome;
  const path = displayPath(output);
  const problem = writeOne(path, page, [...file.files.keys()]);
  if (problem !== undefined) return failure(EXIT.usage, [...file.diagnostics, problem], file.files);
  return { ...outcome, note: `wrote ${path}` };
}
