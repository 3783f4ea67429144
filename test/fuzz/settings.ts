/** How many cases, and of which seed: from the environment, so that a long run is the same tests. */

export const INPUTS = numberFrom("WEFT_FUZZ_INPUTS", 20_000);
export const SEED = numberFrom("WEFT_FUZZ_SEED", 1);
/** Begins at a later case, to look at one again. */
export const FROM = numberFrom("WEFT_FUZZ_FROM", 0);

function numberFrom(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number, not ${text}`);
  return Number(text);
}
