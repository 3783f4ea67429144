/** The command line of `npm run bench`. */
import { parseArgs } from "node:util";
import type { ChainOptions } from "../runtime/types.ts";
import { WORKLOADS } from "./workloads/all.ts";
import type { Workload } from "./workloads/workload.ts";

/** Groups that aren't of workloads: block sizes, those of them that are too small to be shared, and parallel mode beside a busy process. */
const SECTIONS = ["blocks", "small-blocks", "one-core-busy"] as const;
export type Section = (typeof SECTIONS)[number];

export interface BenchOptions {
  readonly workloads: readonly Workload[];
  readonly sections: ReadonlySet<Section>;
  readonly calls: number;
  readonly rounds: number;
  readonly workers: number;
  readonly sharing: ChainOptions["sharing"];
  readonly quick: boolean;
  readonly json: boolean;
  readonly list: boolean;
  readonly out: string | undefined;
  readonly plots: string | undefined;
}

const CALLS = { full: 100_000, quick: 10_000 };
const ROUNDS = { full: 7, quick: 3 };
const GROUPS = [...new Set(WORKLOADS.map(({ group }) => group))];

export const USAGE = `usage: npm run bench -- [options]
  --only NAME,…     these workloads or sections; --list names all
  --group NAME,…    workloads of these groups (${GROUPS.join(", ")}), or sections (${SECTIONS.join(", ")})
  --calls N         calls a block (${CALLS.full}); those that do the work of many get fewer
  --rounds N        rounds (${ROUNDS.full}), fewer where one takes long
  --workers N       threads of parallel mode (2)
  --sharing WAY     adaptive (as chains are by default), large or always
  --quick           small blocks, few rounds, few accounts, no goals: for a first look
  --json            JSON instead of tables
  --out FILE        writes the JSON there, too
  --plots FOLDER    writes plots there, as SVG
  --list            names workloads and sections, and runs nothing`;

/** A text says what is wrong. */
export function parseOptions(args: readonly string[]): BenchOptions | string {
  try {
    return optionsOf(args);
  } catch (thrown) {
    if (thrown instanceof UsageError || (thrown instanceof TypeError && "code" in thrown)) return thrown.message;
    throw thrown;
  }
}

class UsageError extends Error {}

function optionsOf(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      group: { type: "string" },
      calls: { type: "string" },
      rounds: { type: "string" },
      workers: { type: "string", default: "2" },
      sharing: { type: "string", default: "adaptive" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      out: { type: "string" },
      plots: { type: "string" },
    },
  });
  const { quick, json, list, out, plots } = values;
  const size = quick ? "quick" : "full";
  return {
    ...chosen(namesOf(values.only), namesOf(values.group), quick),
    calls: values.calls === undefined ? CALLS[size] : wholeNumber("calls", values.calls),
    rounds: values.rounds === undefined ? ROUNDS[size] : wholeNumber("rounds", values.rounds),
    workers: wholeNumber("workers", values.workers),
    sharing: sharingOf(values.sharing),
    quick,
    json,
    list,
    out,
    plots,
  };
}

function namesOf(given: string | undefined): readonly string[] | undefined {
  return given?.split(",").filter((name) => name !== "");
}

function wholeNumber(name: string, given: string): number {
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < 1) throw new UsageError(`--${name} must be a whole number from 1 on, not ${given}`);
  return value;
}

function sharingOf(given: string): ChainOptions["sharing"] {
  if (given === "adaptive" || given === "large" || given === "always") return given;
  throw new UsageError(`--sharing must be adaptive, large or always, not ${given}`);
}

function chosen(
  only: readonly string[] | undefined,
  groups: readonly string[] | undefined,
  quick: boolean,
): Pick<BenchOptions, "workloads" | "sections"> {
  if (only === undefined && groups === undefined)
    return { workloads: WORKLOADS.filter(({ large }) => !(quick && large)), sections: new Set<Section>(["blocks", "one-core-busy"]) };
  const wanted = [...(only ?? []), ...(groups ?? [])];
  const known = new Set<string>([...WORKLOADS.map(({ name }) => name), ...SECTIONS, ...GROUPS]);
  for (const name of wanted) if (!known.has(name)) throw new UsageError(`no workload, section or group ${name}`);
  return {
    workloads: WORKLOADS.filter(
      ({ name, group, large }) => only?.includes(name) === true || (groups?.includes(group) === true && !(quick && large)),
    ),
    sections: new Set(SECTIONS.filter((section) => wanted.includes(section))),
  };
}

/** What there is, a line each. */
export function listLines(): string[] {
  const lines = WORKLOADS.map(({ name, group, title }) => `${name.padEnd(19)}${group.padEnd(14)}${title}`);
  return [
    ...lines,
    `${"blocks".padEnd(33)}transfers in blocks of 1 to 1,000,000 calls`,
    `${"small-blocks".padEnd(33)}transfers in blocks of 1 to 1,000 calls`,
    `${"one-core-busy".padEnd(33)}serial and parallel mode while another process keeps a core busy`,
  ];
}
