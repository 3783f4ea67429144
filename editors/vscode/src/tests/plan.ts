/** Which processes a run of the test explorer is made of, and which result is whose. */
import type { TestResult } from "./results.ts";

export interface PlannedTest<T> {
  readonly item: T;
  readonly title: string;
  /** From 1. */
  readonly line: number;
}

export interface PlannedFile<T> {
  /** Absolute. */
  readonly path: string;
  readonly tests: readonly PlannedTest<T>[];
  /** Every test of the file is in the run. */
  readonly whole: boolean;
}

/** Command lines have an end: 32,767 characters on Windows, of which the program's own take some. */
const MAX_TARGETS_LENGTH = 24_000;

export interface Batch<T> {
  readonly targets: readonly string[];
  readonly files: readonly PlannedFile<T>[];
}

/** Files in groups that fit on a command line. */
export function batchesOf<T>(files: readonly PlannedFile<T>[]): readonly Batch<T>[] {
  const batches: { targets: string[]; files: PlannedFile<T>[] }[] = [];
  let room = 0;
  for (const file of files) {
    for (const part of partsOf(file)) {
      const targets = targetsOf(part);
      const length = targets.reduce((sum, target) => sum + target.length + 3, 0);
      let batch = batches.at(-1);
      if (batch === undefined || length > room) {
        batch = { targets: [], files: [] };
        batches.push(batch);
        room = MAX_TARGETS_LENGTH;
      }
      batch.targets.push(...targets);
      batch.files.push(part);
      room -= length;
    }
  }
  return batches;
}

/** A file of which so many tests were chosen one by one that they don't fit. */
function partsOf<T>(file: PlannedFile<T>): readonly PlannedFile<T>[] {
  if (file.whole) return [file];
  const most = Math.max(1, Math.floor(MAX_TARGETS_LENGTH / (file.path.length + 10)));
  const parts: PlannedFile<T>[] = [];
  for (let from = 0; from < file.tests.length; from += most) parts.push({ ...file, tests: file.tests.slice(from, from + most) });
  return parts;
}

function targetsOf<T>({ path, tests, whole }: PlannedFile<T>): readonly string[] {
  return whole ? [path] : [...new Set(tests.map(({ line }) => `${path}:${String(line)}`))];
}

/** The result of each planned test of a file: that of its title, and where several tests share one, that of its line. */
export function resultsOf<T>(file: PlannedFile<T>, results: readonly TestResult[]): ReadonlyMap<T, TestResult> {
  const found = new Map<T, TestResult>();
  for (const { item, title, line } of file.tests) {
    const named = results.filter((result) => result.title === title);
    const result = named.find((one) => one.line === line) ?? (named.length === 1 ? named[0] : undefined);
    if (result !== undefined) found.set(item, result);
  }
  return found;
}
