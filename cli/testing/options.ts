/** The options of `weft test`. */
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { FuzzOptions } from "../test-runner/fuzz/campaign.ts";
import { FUZZ_DEFAULTS as FUZZ } from "../test-runner/fuzz/defaults.ts";
import { whole } from "../numbers.ts";
import type { TestFilter } from "./select.ts";

export interface TestOptions {
  readonly filter?: TestFilter;
  readonly contract?: string;
  readonly bail?: true;
  readonly watch?: true;
  readonly trace?: true;
  readonly coverage?: true;
  readonly lcov?: string;
  readonly junit?: string;
  readonly costs?: true;
  readonly snapshot?: string;
  readonly check?: string;
  /** In thousandths of a percent. */
  readonly tolerance?: bigint;
  readonly seed?: number;
  readonly runs?: number;
  readonly depth?: number;
  /** In seconds. */
  readonly maxTime?: number;
}

/** Short enough to be typed again. */
const MAX_RANDOM_SEED = 1_000_000_000;

export function fuzzOptions({ seed, runs, depth, maxTime }: TestOptions): FuzzOptions {
  return {
    seed: seed ?? Math.floor(Math.random() * MAX_RANDOM_SEED),
    runs: runs ?? FUZZ.runs,
    depth: depth ?? FUZZ.depth,
    maxSeconds: maxTime ?? FUZZ.maxSeconds,
  };
}

/** Where costs are kept unless a file is named. */
const COST_FILE = ".weft-costs.json";

/** Options that may stand without a value, and then have this one: what follows them is a source file. */
const BARE: ReadonlyMap<string, string> = new Map([
  ["--snapshot", `--snapshot=${COST_FILE}`],
  ["--check", `--check=${COST_FILE}`],
]);

export function withBareOptions(argv: readonly string[]): readonly string[] {
  return argv.find((arg) => !arg.startsWith("-")) === "test" ? argv.map((arg) => BARE.get(arg) ?? arg) : argv;
}

export const TEST_EXAMPLES = [
  "weft test",
  "weft test token.weft:12",
  'weft test contracts --filter "transfer" --bail',
  "weft test --watch",
  "weft test --coverage --lcov lcov.info --junit junit.xml",
  "weft test --costs --snapshot",
  "weft test --check --tolerance 2.5",
  "weft test vault.weft --runs 5000 --seed 7",
];

export function addTestOptions(command: Command): Command {
  return command
    .option("--filter <text>", "only tests whose title contains this text, or matches /this/", filterOf)
    .option("--contract <name>", "only tests that deploy this contract", named("a contract"))
    .option("--bail", "stop after the first test that fails")
    .option("--watch", "run again what a change of a file concerns; q ends it")
    .option("--trace", "of tests that fail: all calls with values, events and changes of state")
    .option("--coverage", "which functions, lines and branches the tests reached")
    .option("--lcov <file>", "write the coverage as lcov does", named("a file"))
    .option("--junit <file>", "write the results as JUnit XML", named("a file"))
    .option("--costs", "what calls of each function cost")
    .addOption(
      new Option("--snapshot [file]", `write what calls cost to a file, as --snapshot=FILE (default: ${COST_FILE})`)
        .argParser(named("a file"))
        .conflicts("check"),
    )
    .option("--check [file]", `compare what calls cost with such a file, as --check=FILE (default: ${COST_FILE})`, named("a file"))
    .option("--tolerance <percent>", "with --check: differences up to this are none (default: 0)", percent)
    .option("--seed <n>", "seed of made-up values and random calls (default: another one each time)", whole(0, Number.MAX_SAFE_INTEGER))
    .option("--runs <n>", `cases of a test with made-up values (default: ${FUZZ.runs})`, whole(1, 1_000_000))
    .option("--depth <n>", `random calls of a \`fuzz\` that doesn't say how many (default: ${FUZZ.depth})`, whole(1, 10_000))
    .option("--max-time <seconds>", `time for the cases of one test (default: ${FUZZ.maxSeconds})`, whole(1, 86_400));
}

function named(what: string): (text: string) => string {
  return (text) => {
    if (text.trim() === "") throw new InvalidArgumentError(`It must name ${what}.`);
    return text;
  };
}

function percent(text: string): bigint {
  const found = /^([0-9]{1,4})(?:\.([0-9]{1,3}))?$/.exec(text);
  if (found === null) throw new InvalidArgumentError("It must be a number of percent, such as 5 or 2.5.");
  return BigInt(found[1]) * 1000n + BigInt((found.at(2) ?? "").padEnd(3, "0"));
}

/** `/text/i` is a regular expression; everything else is text. */
function filterOf(text: string): TestFilter {
  const found = /^\/(.+)\/([iu]*)$/s.exec(text);
  if (found === null) return { text, matches: (title) => title.includes(text) };
  try {
    const pattern = new RegExp(found[1], found[2]);
    return { text, matches: (title) => pattern.test(title) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidArgumentError(`It is no regular expression: ${error.message.replace(/^Invalid regular expression: /, "")}.`);
  }
}
