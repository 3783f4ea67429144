/**
 * The warnings about parallelism, in one run. Each lint is a file beside this one; what one of them tells, the others leave out, so that a cause is
 * told once: a chain (W1001), a sum that is written out or read (W1002), keys that are found late (W1003, W1004), reads that wait (W1005, W1006).
 */
import type { SourceFile } from "../../grammar/ast.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Footprints } from "../footprint/footprint.ts";
import type { Program } from "../typed/tree.ts";
import { addedCells, type LintTools } from "./added-cells.ts";
import { createBodies } from "./bodies.ts";
import { brokenCommutativity } from "./broken-commutativity.ts";
import { entriesOf } from "./entries.ts";
import { serialisingWrites, serialOf } from "./serialising-write.ts";
import { createSource } from "./source.ts";

export function lintDiagnostics(footprints: Footprints, program: Program, trees: readonly SourceFile[]): readonly Diagnostic[] {
  const tools: LintTools = { program, bodies: createBodies(), source: createSource(trees) };
  const known = entriesOf(footprints, program).map((entry) => {
    const cells = addedCells(entry, tools);
    return { entry, cells, serial: serialOf(entry, cells) };
  });
  const serials = known.flatMap(({ serial }) => serial ?? []);
  const adders = known.map(({ entry, cells, serial }) => ({ entry, cells, isChain: serial !== undefined }));
  return [...serialisingWrites(serials, tools), ...brokenCommutativity(adders)];
}
