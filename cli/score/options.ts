/** What `weft conflicts --mix` is told on the command line, and what holds where nothing is said. */

export interface ScoreOptions {
  /** `uniform`, weights by name, or the path of a JSON file. */
  readonly mix: string;
  readonly accounts: number | undefined;
  readonly ids: number | undefined;
  readonly skew: number | undefined;
  readonly calls: number | undefined;
  readonly seed: number | undefined;
  readonly workers: readonly number[] | undefined;
}

export interface Settings {
  readonly accounts: number;
  readonly ids: number;
  readonly skew: number;
  readonly calls: number;
  readonly seed: number;
}

export const DEFAULTS: Settings = { accounts: 10_000, ids: 10_000, skew: 0, calls: 1_000, seed: 1 };
export const DEFAULT_WORKERS: readonly number[] = [4, 16, 64];

/** Bounds of memory and time. */
export const LIMITS = {
  accounts: 1_000_000,
  ids: 1_000_000,
  skew: 10,
  calls: 100_000,
  workers: 1_024,
  counts: 16,
  weight: 1_000_000,
} as const;
