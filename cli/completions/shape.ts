/** What a shell has to know of the command line, read from the argument parser itself: so completions can't say anything else than `--help`. */
import type { Argument, Command, Option } from "commander";

/** What may stand at a place. */
export type Kind =
  | { readonly kind: "words"; readonly words: readonly string[] }
  /** Source files, and folders. */
  | { readonly kind: "sources" }
  | { readonly kind: "files" }
  | { readonly kind: "folders" }
  /** A diagnostic. */
  | { readonly kind: "codes" }
  /** A contract of the source file before it. */
  | { readonly kind: "contracts" }
  | { readonly kind: "commands" }
  | { readonly kind: "anything" };

export interface ShapedOption {
  /** `-o`, `--out` */
  readonly names: readonly string[];
  readonly about: string;
  readonly value: "none" | "optional" | "required";
  /** As help shows it: `dir`. */
  readonly label: string;
  readonly takes: Kind;
}

export interface ShapedArgument {
  readonly name: string;
  readonly takes: Kind;
  readonly repeats: boolean;
}

export interface ShapedCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly ShapedOption[];
  readonly arguments: readonly ShapedArgument[];
}

export interface Shape {
  readonly name: string;
  readonly options: readonly ShapedOption[];
  readonly commands: readonly ShapedCommand[];
}

export function shapeOf(program: Command): Shape {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    about: firstSentence(command.description()),
    options: optionsOf(command),
    arguments: command.registeredArguments.map(shapedArgument),
  }));
  const help: ShapedCommand = {
    name: "help",
    about: "show help for a command",
    options: [],
    arguments: [{ name: "command", takes: { kind: "commands" }, repeats: false }],
  };
  return { name: program.name(), options: optionsOf(program), commands: [...commands, help] };
}

function optionsOf(command: Command): readonly ShapedOption[] {
  return [...command.options.filter(({ hidden }) => !hidden).map(shapedOption), HELP];
}

const HELP: ShapedOption = { names: ["-h", "--help"], about: "show help", value: "none", label: "", takes: { kind: "anything" } };

function shapedOption(option: Option): ShapedOption {
  const label = /[<[]([^>\]]*)/.exec(option.flags)?.[1] ?? "";
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    about: firstSentence(option.description),
    value: option.required ? "required" : option.optional ? "optional" : "none",
    label,
    takes: option.argChoices === undefined ? (KINDS.get(label) ?? ANYTHING) : { kind: "words", words: option.argChoices },
  };
}

function shapedArgument(argument: Argument): ShapedArgument {
  const { argChoices: words } = argument;
  const name = argument.name();
  return {
    name,
    takes: words === undefined ? (KINDS.get(`of ${name}`) ?? KINDS.get(name) ?? ANYTHING) : { kind: "words", words },
    repeats: argument.variadic,
  };
}

const ANYTHING: Kind = { kind: "anything" };

/** By the names that values have in help; with `of`, those of arguments. What isn't here is a number or a text, which no shell can guess. */
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["of files", { kind: "sources" }],
  ["of file", { kind: "sources" }],
  ["of contract", { kind: "contracts" }],
  ["of name", { kind: "contracts" }],
  ["of code", { kind: "codes" }],
  ["of scenario", { kind: "files" }],
  ["of folder", { kind: "folders" }],
  ["old", { kind: "sources" }],
  ["file", { kind: "files" }],
  ["path", { kind: "files" }],
  ["mix", { kind: "files" }],
  ["dir", { kind: "folders" }],
  ["folder", { kind: "folders" }],
]);

/** In one line, without what is said in detail behind a semicolon. */
function firstSentence(text: string): string {
  return text.replaceAll(/\s+/g, " ").split("; ", 1)[0].replaceAll("`", "");
}
