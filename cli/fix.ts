/**
 * Applies the fixes that diagnostics carry, to texts in memory: a batch of fixes that don't overlap, then the compiler again, and so on. A batch
 * that breaks the program or settles nothing is undone and tried fix by fix. Only the files that were asked for change; writing them is the caller's.
 */
import type { Diagnostic, Edit, Fix, FixChange } from "../compiler/diagnostics/diagnostic.ts";
import { applyEdits, overlap } from "../compiler/diagnostics/edits.ts";
import { tally } from "../compiler/diagnostics/tally.ts";
import { compileFrom } from "./compile.ts";
import type { CompiledFile } from "./compile.ts";
import { displayPath, readText, SOURCE_LIMIT } from "./files.ts";
import type { ReadResult } from "./files.ts";

/** `safe`: those that change nothing that callers see; `all`: those that change the ABI or the order of errors, too. Guesses are never applied. */
export type FixLevel = "safe" | "all";

export interface FixNote {
  readonly code: string;
  readonly file: string;
  /** The diagnostic that the fix is for. */
  readonly message: string;
  readonly title: string;
  readonly changes: FixChange;
}

export interface Fixed {
  readonly applied: readonly FixNote[];
  /** Tried and undone: with them the program wouldn't compile, or they settled nothing. */
  readonly refused: readonly FixNote[];
  /** What the files held that changed, by path. */
  readonly before: ReadonlyMap<string, string>;
  /** And what they hold now. */
  readonly texts: ReadonlyMap<string, string>;
  /** What the compiler says of the files as they are now. */
  readonly results: readonly CompiledFile[];
}

/** Runs of the compiler per file; each settles at least one fix or gives one up. */
const MAX_RUNS = 200;

interface Chosen {
  readonly fix: Fix;
  readonly note: FixNote;
}

interface Attempt {
  readonly texts: ReadonlyMap<string, string>;
  readonly results: readonly CompiledFile[];
}

export async function fixFiles(paths: readonly string[], level: FixLevel): Promise<Fixed> {
  const applied: FixNote[] = [];
  const refused = new Map<string, FixNote>();
  let now: Attempt = await compileAll(paths, new Map());
  const before = new Map(now.results.flatMap((result) => [...result.files]));
  for (let runs = 0; runs < MAX_RUNS; runs++) {
    const batch = choose(now.results, level, refused);
    if (batch.length === 0) break;
    const together = await attempt(paths, now, batch);
    if (together !== undefined) {
      applied.push(...batch.map(({ note }) => note));
      now = together;
      continue;
    }
    // The first of them alone; the others come again in the next run.
    const [first] = batch;
    const alone = batch.length === 1 ? undefined : await attempt(paths, now, [first]);
    if (alone === undefined) refused.set(keyOf(first.note), first.note);
    else {
      applied.push(first.note);
      now = alone;
    }
  }
  return { applied, refused: [...refused.values()], before, ...now };
}

async function compileAll(paths: readonly string[], texts: ReadonlyMap<string, string>): Promise<Attempt> {
  const results: CompiledFile[] = [];
  const read = (path: string): ReadResult => {
    const text = texts.get(path);
    return text === undefined ? readText(path, SOURCE_LIMIT) : { kind: "text", text };
  };
  for (const path of paths) results.push(await compileFrom(displayPath(path), read));
  return { texts, results };
}

/** Whether a fix is one that this level applies. */
export function isApplied({ changes }: Fix, level: FixLevel): boolean {
  return changes === "nothing" || (changes !== "guess" && level === "all");
}

/** Of each diagnostic the first fix that may be applied, as long as none overlaps another. */
function choose(results: readonly CompiledFile[], level: FixLevel, refused: ReadonlyMap<string, FixNote>): readonly Chosen[] {
  const own = new Set(results.map(({ path }) => path));
  const edits: Edit[] = [];
  const chosen: Chosen[] = [];
  for (const diagnostic of distinct(results.flatMap((result) => result.diagnostics))) {
    const fix = diagnostic.fixes.find((one) => isApplied(one, level) && one.edits.every((edit) => own.has(edit.path)));
    if (fix === undefined) continue;
    const note = noteOf(diagnostic, fix);
    if (refused.has(keyOf(note)) || fix.edits.some((edit) => edits.some((known) => overlap(edit, known)))) continue;
    edits.push(...fix.edits);
    chosen.push({ fix, note });
  }
  return chosen;
}

function noteOf({ code, path, message }: Diagnostic, { title, changes }: Fix): FixNote {
  return { code, file: path, message, title, changes };
}

function keyOf({ code, file, message, title }: FixNote): string {
  return JSON.stringify([code, file, message, title]);
}

/** A file that several of the others import is compiled with each. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify([one.code, one.path, one.span, one.message]), one])).values()];
}

/** The program with the fixes; undefined if it doesn't compile any more, or if they don't settle what they are for. */
async function attempt(paths: readonly string[], now: Attempt, batch: readonly Chosen[]): Promise<Attempt | undefined> {
  const texts = new Map(now.texts);
  const edits = batch.flatMap(({ fix }) => fix.edits);
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const before = now.results.find((result) => result.files.has(path))?.files.get(path);
    if (before === undefined) return undefined;
    texts.set(
      path,
      applyEdits(
        before,
        edits.filter((edit) => edit.path === path),
      ),
    );
  }
  const next = await compileAll(paths, texts);
  const isSound = next.results.every((result, i) => {
    const before = now.results[i];
    return (result.compiled !== undefined || before.compiled === undefined) && errorsOf(result) <= errorsOf(before);
  });
  return isSound && batch.every(({ note }) => timesOf(note, next) < timesOf(note, now)) ? next : undefined;
}

function errorsOf({ diagnostics }: CompiledFile): number {
  return tally(diagnostics).errors;
}

/** How often what a fix is for is reported. A fix may bring others forth, so the number of all says nothing. */
function timesOf({ code, file, message }: FixNote, { results }: Attempt): number {
  const all = distinct(results.flatMap(({ diagnostics }) => diagnostics));
  return all.filter((one) => one.code === code && one.path === file && one.message === message).length;
}
