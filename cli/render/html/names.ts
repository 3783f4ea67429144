/** Names that the parts of a page share: addresses within it, short names of files, words and classes of modes and verdicts. */
import type { MatrixSymbol } from "../../../compiler/conflicts/matrix.ts";
import type { FootprintRow } from "../../../compiler/footprint/table.ts";

// Identifiers of a program hold letters, digits and `_` only, so these can't meet each other or the page's own, which begin with `view-`.

export function functionId(contract: string, func: string): string {
  return `${contract}.${func}`;
}

export function pairId(contract: string, left: string, right: string): string {
  return `${contract}.${left}-${right}`;
}

export interface PathNames {
  /** As short as they can be told apart: without the folders that all have in common. */
  readonly short: (path: string) => string;
  /** The address of a line under a function. */
  readonly lineId: (contract: string, func: string, path: string, line: number) => string;
}

export function pathNames(paths: readonly string[]): PathNames {
  const sorted = [...new Set(paths)].sort();
  const common = commonFolder(sorted);
  const index = new Map(sorted.map((path, i) => [path, i]));
  return {
    short: (path) => path.slice(common.length),
    lineId: (contract, func, path, line) => `${functionId(contract, func)}:${index.get(path) ?? 0}.${line}`,
  };
}

function commonFolder(paths: readonly string[]): string {
  if (paths.length === 0) return "";
  const folder = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);
  return paths.map(folder).reduce((common, each) => {
    let shared = common;
    while (!each.startsWith(shared)) shared = folder(shared.slice(0, -1));
    return shared;
  });
}

type Mode = FootprintRow["mode"];

/** In the order of the legend. */
export const MODES: readonly Mode[] = ["R", "W", "Δ", "|", "&", "min", "max", "T", "call"];
/** A mark with several modes has the colour of the one that makes most calls wait. */
export const STRONGEST: readonly Mode[] = ["W", "call", "Δ", "|", "&", "min", "max", "T", "R"];

const UPDATE = { tone: "teal", word: "updates" } as const;

export const MODE_WORDS: Readonly<Record<Mode, { readonly tone: string; readonly word: string }>> = {
  R: { tone: "grey", word: "reads" },
  W: { tone: "red", word: "writes" },
  Δ: { tone: "green", word: "adds" },
  T: { tone: "purple", word: "draws a number" },
  "|": UPDATE,
  "&": UPDATE,
  min: UPDATE,
  max: UPDATE,
  call: { tone: "blue", word: "runs code of another contract" },
};

export const VERDICT_WORDS: Readonly<Record<MatrixSymbol, { readonly tone: string; readonly word: string }>> = {
  never: { tone: "plain", word: "never" },
  escrow: { tone: "green", word: "escrow" },
  sometimes: { tone: "amber", word: "sometimes" },
  always: { tone: "red", word: "always" },
  unknown: { tone: "purple", word: "other contracts" },
};
