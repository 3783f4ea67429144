/** The options of `weft test`. */
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
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
    .option("--tolerance <percent>", "with --check: differences up to this are none (default: 0)", percent);
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
