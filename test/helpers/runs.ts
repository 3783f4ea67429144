/** How often properties run: enough for continuous integration by default; WEFT_RUNS multiplies it, WEFT_SEED repeats a run. */
import type { Parameters } from "fast-check";

export interface RunSettings {
  readonly seed: number;
  readonly numRuns: number;
}

/** Prints the seed, so that a failure can be repeated with WEFT_SEED. */
export function runSettings(name: string, runs: number): RunSettings & Pick<Parameters<unknown>, "endOnFailure"> {
  const seed = Number(process.env["WEFT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const numRuns = Math.max(1, Math.round(runs * Number(process.env["WEFT_RUNS"] ?? 1)));
  console.log(`${name}: seed ${seed}, ${numRuns} runs`);
  return { seed, numRuns };
}
