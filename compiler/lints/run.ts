/**
 * The warnings about parallelism, in one run. Each lint is a file beside this one; what one of them tells, the others leave out, so that a cause is
 * told once: a chain (W1001), a sum that is written out or read (W1002), keys that are found late (W1003, W1004), reads that wait (W1005, W1006).
 * Beside these stand checks that come late (W1007).
 */
import type { SourceFile } from "../../grammar/ast.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { byPlace } from "../diagnostics/report.ts";
import type { Footprints } from "../footprint/footprint.ts";
import type { Program } from "../typed/tree.ts";
import { addedCells, type AddedCell, type LintTools } from "./added-cells.ts";
import { createBodies } from "./bodies.ts";
import { brokenCommutativity } from "./broken-commutativity.ts";
import { constantState } from "./constant-state.ts";
import { entriesOf, type Entry } from "./entries.ts";
import { hotReads } from "./hot-read.ts";
import { lateChecks } from "./late-check.ts";
import { serialisingWrites, serialOf, type Serial } from "./serialising-write.ts";
import { createSource } from "./source.ts";
import { stagedKeys, type Stager } from "./staged-key.ts";
import { wideKeys } from "./wide-key.ts";
import { createWriters } from "./writers.ts";

interface Known {
  readonly entry: Entry;
  readonly cells: readonly AddedCell[];
  readonly serial: Serial | undefined;
}

/** A key that is read from a cell in which all calls meet anyway, and what is written under one, are told by that. */
function stagerOf({ entry, cells, serial }: Known): Stager {
  const writes = serial?.writes ?? [];
  return { entry, known: new Set([...writes, ...cells].map(({ leaf }) => leaf)), told: new Set(writes) };
}

export function lintDiagnostics(footprints: Footprints, program: Program, trees: readonly SourceFile[]): readonly Diagnostic[] {
  return lintWith(footprints, { program, bodies: createBodies(program), source: createSource(trees), cells: undefined });
}

export function lintWith(footprints: Footprints, tools: LintTools): readonly Diagnostic[] {
  const { program } = tools;
  const known = entriesOf(footprints, program).map((entry): Known => {
    const cells = addedCells(entry, tools);
    return { entry, cells, serial: serialOf(entry, cells) };
  });
  const serials = known.flatMap(({ serial }) => serial ?? []);
  const adders = known.map(({ entry, cells, serial }) => ({ entry, cells, isChain: serial !== undefined }));
  const entries = known.map(({ entry }) => entry);
  const writers = createWriters(entries);
  const staged = stagedKeys(known.map(stagerOf), writers, tools);
  return [
    ...serialisingWrites(serials, tools),
    ...brokenCommutativity(adders, writers),
    ...wideKeys(entries, writers, tools),
    ...staged.diagnostics,
    ...hotReads(entries, writers, staged.sources, tools),
    ...constantState(entries, tools),
    ...lateChecks(footprints, tools),
  ].sort(byPlace);
}
