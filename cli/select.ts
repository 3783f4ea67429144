/** Choosing contracts by the name given on the command line. */
import { diagnose } from "../compiler/diagnostics/report.ts";
import { closest } from "../grammar/closest.ts";
import type { ContractFootprint } from "../compiler/footprint/footprint.ts";
import type { CompiledFile } from "./compile.ts";
import { EXIT } from "./exit.ts";
import { failure } from "./failure.ts";
import type { Outcome } from "./outcome.ts";

export type Selection =
  | { readonly kind: "contracts"; readonly contracts: readonly ContractFootprint[] }
  | { readonly kind: "unknown"; readonly outcome: Outcome };

/** Without a name: all of the program. */
export function selectContracts(file: CompiledFile, all: readonly ContractFootprint[], name: string | undefined): Selection {
  const contracts = all.filter(({ contract }) => name === undefined || contract.name === name);
  if (contracts.length > 0 || name === undefined) return { kind: "contracts", contracts };
  return {
    kind: "unknown",
    outcome: unknownName(
      file,
      "contract",
      name,
      all.map(({ contract }) => contract.name),
    ),
  };
}

export function unknownName(file: CompiledFile, what: string, name: string, known: readonly string[]): Outcome {
  const near = closest(name, known);
  const help =
    near === undefined ? `it has ${known.map((candidate) => `\`${candidate}\``).join(", ") || "none"}` : `did you mean \`${near}\`?`;
  const place = { path: "", span: { start: 0, end: 0 } };
  return failure(EXIT.usage, [diagnose("E0815", place, { path: file.path, what, name }, { help })], file.files);
}
