/** How much a test with made-up values is tried where nobody says. */
export const FUZZ_DEFAULTS = { runs: 256, depth: 50, maxSeconds: 60 } as const;
