/** Runs before every test file: WEFT_SEED is the seed of all properties, so that a run can be repeated as a whole. */
export {};

const seed = process.env["WEFT_SEED"];
if (seed !== undefined) {
  const { configureGlobal } = await import("fast-check");
  configureGlobal({ seed: Number(seed) });
}
