/**
 * What the arguments ask for. Only the argument parser is loaded here: each command is imported when it runs,
 * so `weft --version` and `--help` stay quick. Wrong usage comes back as an outcome with a code, like every other mistake.
 */
import { CommanderError } from "commander";
import type { Command } from "commander";
import { diagnose } from "../compiler/diagnostics/report.ts";
import { EXIT } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import type { Context, Outcome } from "./outcome.ts";
import { FORMATS } from "./output.ts";
import type { Format } from "./output.ts";
import { failure } from "./failure.ts";
import { enterProject } from "./project/enter.ts";
import type { ColourChoice } from "./render/theme.ts";
import { withBareOptions } from "./testing/options.ts";
import { usageProblem } from "./usage.ts";
import { buildProgram, FIX_LEVELS } from "./command-line.ts";
import type { GlobalOptions, Start } from "./command-line.ts";

export interface Settings {
  readonly format: Format;
  readonly quiet: boolean;
  readonly colour: ColourChoice;
}

export interface Request {
  readonly kind: "request";
  readonly command: string;
  readonly settings: Settings;
  readonly run: (context: Context) => Promise<Outcome>;
}

/** Help or the version: printed as it is. */
export interface Printed {
  readonly kind: "text";
  readonly text: string;
  readonly exit: ExitCode;
}

export async function parseArguments(argv: readonly string[]): Promise<Request | Printed> {
  const printed: string[] = [];
  let chosen: Request | undefined;
  let broken: Outcome | undefined;
  const program = buildProgram((command, start) => {
    const problem = broken;
    const run: Start = problem === undefined ? start : () => Promise.resolve(problem);
    chosen = { kind: "request", command: command.name(), settings: settingsOf(command.optsWithGlobals<GlobalOptions>()), run };
  });
  // Before a command looks at its options, its project has its say.
  program.hook("preAction", async (_, command) => {
    broken = await enterProject({ command, program, asked: command.optsWithGlobals<GlobalOptions>().project });
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: (text) => printed.push(text), writeErr: (text) => printed.push(text) });
  }
  try {
    // Without a value it is the first of its choices; the file behind it is none.
    await program.parseAsync(
      withBareOptions(argv).map((arg) => (arg === "--fix" && argv.includes("check") ? `--fix=${FIX_LEVELS[0]}` : arg)),
      { from: "user" },
    );
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return stopped(error, program, printed.join(""), argv);
  }
  return chosen ?? { kind: "text", text: program.helpInformation(), exit: EXIT.usage };
}

function settingsOf(options: GlobalOptions): Settings {
  return {
    format: options.json === true ? "json" : (options.format ?? "human"),
    quiet: options.quiet === true,
    colour: options.color ?? "auto",
  };
}

/** Help and version are thrown by the parser too, with exit code 0; everything else is wrong usage. */
function stopped(error: CommanderError, program: Command, text: string, argv: readonly string[]): Request | Printed {
  if (error.exitCode === 0) return { kind: "text", text, exit: EXIT.ok };
  const settings = { format: formatIn(argv), quiet: false, colour: colourIn(argv) };
  // Who types `weft` alone sees what there is; a program that expects a document gets one.
  if (error.code === "commander.help" && !argv.includes("help") && settings.format === "human")
    return { kind: "text", text, exit: EXIT.usage };
  const { problem, help } = usageProblem(error, program, argv);
  const outcome = failure(EXIT.usage, [diagnose("E0810", { path: "", span: { start: 0, end: 0 } }, { problem }, { help })], new Map());
  return { kind: "request", command: "", settings, run: () => Promise.resolve(outcome) };
}

/** Best effort, for arguments that couldn't be parsed, and for our own faults. */
export function formatIn(argv: readonly string[]): Format {
  const asked = /--format[= ](\w+)/.exec(argv.join(" "))?.[1];
  return argv.includes("--json") ? "json" : (FORMATS.find((format) => format === asked) ?? "human");
}

function colourIn(argv: readonly string[]): ColourChoice {
  const text = argv.join(" ");
  return /--color[= ]never/.test(text) ? "never" : /--color[= ]always/.test(text) ? "always" : "auto";
}
