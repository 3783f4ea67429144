/** Reads coverage as `weft test --lcov` writes it: lines, functions and branches by file. Lines that it doesn't know are skipped. */

export interface LineHits {
  /** From 1. */
  readonly line: number;
  readonly hits: number;
}

export interface FunctionHits extends LineHits {
  readonly name: string;
}

export interface BranchHits extends LineHits {
  /** Which way of which decision. */
  readonly name: string;
}

export interface FileCoverage {
  readonly file: string;
  readonly lines: readonly LineHits[];
  readonly functions: readonly FunctionHits[];
  readonly branches: readonly BranchHits[];
}

export function readLcov(text: string): readonly FileCoverage[] {
  const files: FileCoverage[] = [];
  let file = "";
  let lines = new Map<number, number>();
  let declared = new Map<string, number>();
  let called = new Map<string, number>();
  let branches: BranchHits[] = [];
  const reset = (name: string): void => {
    file = name;
    lines = new Map();
    declared = new Map();
    called = new Map();
    branches = [];
  };
  for (const row of text.split(/\r?\n/)) {
    const colon = row.indexOf(":");
    const tag = colon === -1 ? row.trim() : row.slice(0, colon);
    const rest = colon === -1 ? "" : row.slice(colon + 1);
    if (tag === "SF") {
      reset(rest);
    } else if (tag === "DA") {
      const [line, hits] = rest.split(",", 2).map(numberOf);
      if (line !== undefined && hits !== undefined) lines.set(line, hits);
    } else if (tag === "FN" || tag === "FNDA") {
      const comma = rest.indexOf(",");
      const value = numberOf(rest.slice(0, comma));
      const name = rest.slice(comma + 1);
      if (comma > 0 && value !== undefined) (tag === "FN" ? declared : called).set(name, value);
    } else if (tag === "BRDA") {
      const [line, block, way, hits] = rest.split(",", 4);
      const at = numberOf(line);
      // `-`: the decision was never reached.
      const taken = hits === "-" ? 0 : numberOf(hits);
      if (at !== undefined && taken !== undefined) branches.push({ line: at, hits: taken, name: `${block}.${way}` });
    } else if (tag === "end_of_record" && file !== "") {
      const functions = [...declared].map(([name, line]) => ({ name, line, hits: called.get(name) ?? 0 }));
      files.push({ file, lines: [...lines].map(([line, hits]) => ({ line, hits })), functions, branches });
      reset("");
    }
  }
  return files;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Coverage of several runs as one: hits of the same place add up. */
export function mergeCoverage(all: readonly FileCoverage[]): readonly FileCoverage[] {
  const files = new Map<string, FileCoverage[]>();
  for (const one of all) files.set(one.file, [...(files.get(one.file) ?? []), one]);
  return [...files].map(([file, parts]) => ({
    file,
    lines: sum(
      parts.flatMap(({ lines }) => lines),
      ({ line }) => String(line),
    ),
    functions: sum(
      parts.flatMap(({ functions }) => functions),
      ({ line, name }) => `${String(line)} ${name}`,
    ),
    branches: sum(
      parts.flatMap(({ branches }) => branches),
      ({ line, name }) => `${String(line)} ${name}`,
    ),
  }));
}

function sum<T extends LineHits>(all: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const found = new Map<string, T>();
  for (const one of all) {
    const key = keyOf(one);
    found.set(key, { ...one, hits: one.hits + (found.get(key)?.hits ?? 0) });
  }
  return [...found.values()];
}
