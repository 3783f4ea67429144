/**
 * From arguments to exit code. Users' mistakes arrive here as outcomes with diagnostics; whatever is thrown is our own bug
 * and ends in a report block and exit code 3, with a stack only when WEFT_BACKTRACE=1 asks for it.
 */
import { diagnose } from "../compiler/diagnostics/report.ts";
import { EXIT } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import type { Context, Outcome } from "./outcome.ts";
import { renderFault, renderOutcome } from "./output.ts";
import type { Output } from "./output.ts";
import { formatIn, parseArguments } from "./program.ts";
import type { Request, Settings } from "./program.ts";
import { createProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import type { Tool } from "./render/json.ts";
import { chooseTheme } from "./render/theme.ts";
import { version } from "./version.ts";

export async function main(argv: readonly string[]): Promise<void> {
  ignoreStreamErrors();
  const onFault = (fault: unknown): void => finish(faultOutput(fault, argv), EXIT.internal);
  process.on("uncaughtException", onFault);
  process.on("unhandledRejection", onFault);
  try {
    const parsed = await parseArguments(argv);
    if (parsed.kind === "text")
      return finish(parsed.exit === EXIT.ok ? { out: parsed.text, err: "" } : { out: "", err: parsed.text }, parsed.exit);
    const progress = createProgress(parsed.settings.format === "human" && !parsed.settings.quiet && process.stderr.isTTY);
    const interrupt = (): void => {
      progress.clear();
      process.exit(EXIT.interrupted);
    };
    // Work that never yields couldn't be interrupted by a handler of ours: there the signal does what it does anyway.
    if (parsed.command === "run" || parsed.command === "test") process.once("SIGINT", interrupt);
    const { outcome, ms } = await carryOut(parsed, progress);
    finish(print(outcome, parsed, ms), outcome.exit);
  } catch (fault) {
    onFault(fault);
  }
}

async function carryOut(request: Request, progress: Progress): Promise<{ readonly outcome: Outcome; readonly ms: number }> {
  let started = performance.now();
  const context: Context = {
    progress: progress.show,
    now: () => performance.now(),
    show(outcome) {
      progress.clear();
      const { out, err } = print(outcome, request, Math.round(performance.now() - started));
      process.stdout.write(out);
      process.stderr.write(err);
      started = performance.now();
    },
  };
  try {
    const outcome = await request.run(context);
    return { outcome, ms: Math.round(context.now() - started) };
  } finally {
    progress.clear();
  }
}

function print(outcome: Outcome, { settings, command }: Request, ms: number): Output {
  return renderOutcome(outcome, {
    ...settings,
    out: themeFor(process.stdout.isTTY, settings),
    err: themeFor(process.stderr.isTTY, settings),
    tool: tool(),
    command,
    ms,
  });
}

function tool(): Tool {
  return { name: "weft", version: version() };
}

function themeFor(isTerminal: boolean, settings: Settings): ReturnType<typeof chooseTheme> {
  return chooseTheme(settings.colour, { isTerminal, environment: process.env });
}

function faultOutput(fault: unknown, argv: readonly string[]): Output {
  const error = fault instanceof Error ? fault : new Error(String(fault));
  const report = [
    `weft ${version()}, node ${process.version}, ${process.platform} ${process.arch}`,
    `command: weft ${argv.join(" ")}`,
    `error: ${error.name}: ${error.message}`,
  ];
  const stack = process.env["WEFT_BACKTRACE"] === "1" ? (error.stack ?? "") : "WEFT_BACKTRACE=1 shows where it happened";
  return renderFault(formatIn(argv), tool(), report, stack);
}

/**
 * Writes both streams to their end before leaving: a pipe takes large results in pieces. Results come first: what stderr says closes them.
 * A reader that has gone away (`weft … | head`) is no error of anyone's; results that couldn't be written are.
 */
function finish(output: Output, exit: ExitCode): void {
  process.exitCode = exit;
  process.stdout.write(output.out, (failed?: NodeJS.ErrnoException | null) => {
    const lost = failed !== undefined && failed !== null && failed.code !== "EPIPE";
    const code = lost && exit === EXIT.ok ? EXIT.usage : exit;
    const complaint = lost ? lostOutput(failed.code ?? failed.message) : "";
    process.stderr.write(`${output.err}${complaint}`, () => process.exit(code));
  });
}

function lostOutput(reason: string): string {
  const { code, message } = diagnose("E0814", { path: "", span: { start: 0, end: 0 } }, { path: "standard output", reason });
  return `error[${code}]: ${message}\n`;
}

/** Whether the output arrived is for `finish` to find out; without a listener the same failure would be thrown a second time. */
function ignoreStreamErrors(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}
