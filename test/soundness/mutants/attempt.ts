/**
 * Tries to notice a mutant, with the comparisons that the sound compiler has to pass: blocks in which touched cells must be planned ones and results those
 * of the interpreter; pairs of calls that the conflict matrix calls independent; conditions and claims on made-up plans. One worker shows what
 * wrong footprints do: they put calls in wrong places or order, whoever runs them.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { compile } from "../../../compiler/pipeline.ts";
import type { Compiled } from "../../../compiler/pipeline.ts";
import { loadModule } from "../../../runtime/load.ts";
import type { LoadedModule } from "../../../runtime/types.ts";
import { checkConditions, checkExact, checkProved } from "../../helpers/conflict-checks.ts";
import { Difference, createTally } from "../../helpers/compare.ts";
import type { Entrant } from "../../helpers/compare.ts";
import { closeArena, openArena, playHistory } from "../../helpers/differential.ts";
import { noPairs } from "../../helpers/pairs.ts";
import { InternalError } from "../../../runtime/execute/internal-error.ts";
import { ROOT } from "../../helpers/suites.ts";
import { playPairs } from "../round.ts";
import { randomSubject, writtenSubject } from "../subjects.ts";
import type { Subject } from "../subjects.ts";
import { familyNamed } from "./families.ts";
import { CLAIMS, CONDITIONS, EXACT, PROVED, RANDOM } from "./mutant.ts";
import type { Mutant, Shown } from "./mutant.ts";
import { SOUND } from "./seam.ts";
import type { Analysis } from "./seam.ts";

export interface Verdict {
  /** Where it was noticed; undefined: nowhere. */
  readonly where: Shown | undefined;
  readonly by: string;
  /** Blocks that were run until then, or examples. */
  readonly blocks: number;
}

const ONE_WORKER: readonly Entrant[] = [{ name: "1 worker", workers: 1, mode: "parallel", chunk: 1, delay: undefined, trace: true }];
/** Always the same programs and blocks: that these show every mutant has been tried. */
const SEED = 20;
const RANDOM_PROGRAMS = 6;
const RANDOM_SCALE = { blocks: { min: 16, max: 16 }, calls: 24 };
const FAMILY_SCALE = { blocks: { min: 60, max: 60 }, calls: 16 };
const CLOSELY_EVERY = 4;

/** Tries the places in order until one shows the mutant. */
export async function attempt(mutant: Mutant, analysis: Analysis, places: readonly Shown[]): Promise<Verdict> {
  let blocks = 0;
  for (const where of places) {
    const found = await tryAt(where, mutant, analysis);
    blocks += found.blocks;
    if (found.by !== undefined) return { where, by: found.by, blocks };
  }
  return { where: undefined, by: "", blocks };
}

interface Trial {
  readonly by: string | undefined;
  readonly blocks: number;
}

async function tryAt(where: Shown, mutant: Mutant, analysis: Analysis): Promise<Trial> {
  switch (where) {
    case RANDOM: {
      let blocks = 0;
      for (let i = 0; i < RANDOM_PROGRAMS; i++) {
        const found = await tryProgram(random(SEED + i), RANDOM_SCALE, mutant, analysis);
        blocks += found.blocks;
        if (found.by !== undefined) return { by: found.by, blocks };
      }
      return { by: undefined, blocks };
    }
    case CONDITIONS:
      return tryCheck(() => checkConditions(analysis.analyseConflicts, { seed: SEED, numRuns: 300, endOnFailure: true }));
    case EXACT:
      return tryCheck(() => checkExact(analysis.analyseConflicts, { seed: SEED, numRuns: 1_500, endOnFailure: true }));
    case PROVED:
      return tryCheck(() => checkProved(analysis.proveClaims, { seed: SEED, numRuns: 2_000, endOnFailure: true }));
    case CLAIMS:
      return tryCheck(() => checkClaims(analysis));
    default:
      return await tryProgram(family(where), FAMILY_SCALE, mutant, analysis);
  }
}

function tryCheck(check: () => unknown): Trial {
  try {
    check();
    return { by: undefined, blocks: 0 };
  } catch (error) {
    return { by: reasonOf(error), blocks: 0 };
  }
}

const CLAIMS_PATH = "test/soundness/mutants/claims.weft";

/** All claims of contracts whose names begin so are proved, and none of the others'. */
function checkClaims({ proveClaims, linkFootprints }: Analysis): void {
  const source = readFileSync(new URL(CLAIMS_PATH, ROOT), "utf8");
  const { analysed } = compile(CLAIMS_PATH, (path) => (path === CLAIMS_PATH ? source : undefined));
  if (analysed === undefined) throw new Error(`${CLAIMS_PATH} doesn't compile`);
  for (const footprint of linkFootprints(analysed.footprints, analysed.program)) {
    const wanted = footprint.contract.name.startsWith("Proved");
    proveClaims(footprint).forEach(({ open, outward }, i) => {
      if ((open.length === 0 && outward === undefined) !== wanted)
        throw new Error(`claim ${i} of ${footprint.contract.name} is ${wanted ? "not proved" : "proved"}`);
    });
  }
}

// --- programs --------------------------------------------------------------------------------------------------------

const subjects = new Map<string, Subject>();

function random(seed: number): Subject {
  return remembered(`random ${seed}`, () => randomSubject(seed));
}

function family(name: string): Subject {
  return remembered(name, () => familyNamed(name) ?? writtenSubject(name));
}

function remembered(name: string, make: () => Subject): Subject {
  const found = subjects.get(name) ?? make();
  subjects.set(name, found);
  return found;
}

async function tryProgram(subject: Subject, scale: Parameters<Subject["blocks"]>[0], mutant: Mutant, analysis: Analysis): Promise<Trial> {
  const tally = createTally();
  const arena = await openArena(ONE_WORKER);
  try {
    const compiled = withAnalysis(subject.compiled, mutant, analysis);
    const modules = await modulesOf(compiled, analysis);
    const [blocks] = fc.sample(subject.blocks(scale), { seed: SEED, numRuns: 1 });
    const setting = await playHistory(arena, { suite: subject.suite, compiled, modules, blocks }, tally, CLOSELY_EVERY);
    const pairing = { arena, subject: { ...subject, compiled }, setting, pairs: noPairs() };
    await playPairs(pairing, SEED, analysis.analyseConflicts);
    return { by: undefined, blocks: tally.blocks };
  } catch (error) {
    return { by: reasonOf(error), blocks: tally.blocks };
  } finally {
    await closeArena(arena);
  }
}

/** The same typed tree with the footprints that the mutant finds. */
function withAnalysis(compiled: Compiled, { fault }: Mutant, analysis: Analysis): Compiled {
  if (fault.kind !== "change" && analysis === SOUND) return compiled;
  const footprints = fault.kind === "change" ? fault.change(compiled.footprints) : analysis.analyseFootprints(compiled.program);
  return { ...compiled, footprints, linked: analysis.linkFootprints(footprints, compiled.program) };
}

async function modulesOf({ program, footprints, costs }: Compiled, analysis: Analysis): Promise<ReadonlyMap<string, LoadedModule>> {
  const modules = new Map<string, LoadedModule>();
  for (const contract of program.contracts) {
    modules.set(contract.name, await loadModule(analysis.emitModule({ contract, program, footprints, costs }, "javascript")));
  }
  return modules;
}

/** In a few words. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message.split("\n").slice(0, 3).join(" ") : String(error);
  return `${kindOf(error, message)}: ${message}`.slice(0, 160);
}

function kindOf(error: unknown, message: string): string {
  if (error instanceof InternalError) return "trap";
  if (!(error instanceof Difference)) return error instanceof Error && error.name === "Bug" ? "the compiler gives up" : "check";
  if (message.includes("planned")) return "touched, not planned";
  return message.includes("either order") || message.includes("independent") ? "pair" : "engines differ";
}
