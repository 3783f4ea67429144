/** Wrong usage in our words: the argument parser's message as one headline, and what the author of the command line may have meant. */
import type { Command, CommanderError } from "commander";
import { closest } from "../grammar/closest.ts";

export interface UsageProblem {
  readonly problem: string;
  readonly help: string;
}

export function usageProblem(error: CommanderError, program: Command, argv: readonly string[]): UsageProblem {
  const operands = argv.filter((argument) => !argument.startsWith("-"));
  const names = program.commands.map((each) => each.name());
  if (error.code === "commander.help") {
    const [first, asked] = operands;
    if (first !== "help" || asked === undefined) return { problem: "no command given", help: "`weft --help` lists the commands" };
    return { problem: `unknown command \`${asked}\``, help: helpFor(closest(asked, names), undefined) };
  }
  const [headline, ...rest] = error.message.replace(/^error: /, "").split("\n");
  const command = program.commands.find((each) => each.name() === operands[0]);
  const near = nearIn(rest.join(" ")) ?? nearestChoice(headline) ?? nearestOption(program, command, argv);
  return { problem: inOurWords(headline), help: helpFor(near, command) };
}

/** `'a' is invalid. Allowed are b.` becomes "`a` is invalid: allowed are b". */
function inOurWords(headline: string): string {
  return headline
    .replaceAll("'", "`")
    .replace(/\.$/, "")
    .replace(/\. ([A-Z])/, (_, letter: string) => `: ${letter.toLowerCase()}`);
}

function helpFor(near: string | undefined, command: Command | undefined): string {
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return command === undefined ? "`weft --help` lists the commands and options" : `\`weft ${command.name()} --help\` shows what it takes`;
}

/** What the parser itself suggests, for commands and options it doesn't know. */
function nearIn(text: string): string | undefined {
  return /\(Did you mean (?:one of )?(.*)\?\)/.exec(text)?.[1].replaceAll(", ", "` or `");
}

function nearestChoice(headline: string): string | undefined {
  const found = /(?:argument|value) '(.*)' is invalid(?: for argument '.*')?\. Allowed choices are (.*)\.$/.exec(headline);
  return found === null ? undefined : closest(found[1], found[2].split(", "));
}

/** What is missing may be there, misspelt: the parser looks for what it needs before it looks at what it doesn't know. */
function nearestOption(program: Command, command: Command | undefined, argv: readonly string[]): string | undefined {
  const known = [program, ...(command === undefined ? [] : [command])].flatMap((each) => each.options.map(({ long }) => long ?? ""));
  const unknown = argv.find((argument) => argument.startsWith("--") && !known.includes(argument.split("=")[0]) && argument !== "--help");
  return unknown === undefined ? undefined : closest(unknown.split("=")[0], known);
}
