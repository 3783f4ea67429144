/**
 * From arguments to exit code. Users' mistakes arrive here as outcomes with diagnostics; whatever is thrown is our own bug
 * and ends in a report block and exit code 3, with a stack only when WEFT_BACKTRACE=1 asks for it.
 */
import { EXIT } from "./exit.ts";
import type { ExitCode } from "./exit.ts";
import type { Context, Outcome } from "./outcome.ts";
import { renderHuman, renderJson } from "./output.ts";
import { parseArguments } from "./program.ts";
import type { Request, Settings } from "./program.ts";
import { createProgress } from "./progress.ts";
import type { Progress } from "./progress.ts";
import { chooseTheme } from "./render/theme.ts";
import { version } from "./version.ts";

export async function main(argv: readonly string[]): Promise<void> {
  ignoreClosedPipes();
  const onFault = (fault: unknown): void => finish(faultOutput(fault, argv), EXIT.internal);
  process.on("uncaughtException", onFault);
  process.on("unhandledRejection", onFault);
  try {
    const parsed = parseArguments(argv);
    if (parsed.kind === "text")
      return finish(parsed.exit === EXIT.ok ? { out: parsed.text, err: "" } : { out: "", err: parsed.text }, parsed.exit);
    const progress = createProgress(!parsed.settings.json && !parsed.settings.quiet && process.stderr.isTTY);
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
  const context: Context = { progress: progress.show, now: () => performance.now() };
  const started = context.now();
  try {
    const outcome = await request.run(context);
    return { outcome, ms: Math.round(context.now() - started) };
  } finally {
    progress.clear();
  }
}

interface Output {
  readonly out: string;
  readonly err: string;
}

function print(outcome: Outcome, request: Request, ms: number): Output {
  const tool = { name: "weft", version: version() };
  if (request.settings.json) return { out: `${renderJson(outcome, { tool, command: request.command, ms })}\n`, err: "" };
  return renderHuman(outcome, {
    out: themeFor(process.stdout.isTTY, request.settings),
    err: themeFor(process.stderr.isTTY, request.settings),
    quiet: request.settings.quiet,
  });
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
  if (argv.includes("--json")) {
    const json = { schema: 1, tool: { name: "weft", version: version() }, command: "", ok: false, internal: report, timing: {} };
    return { out: `${JSON.stringify(json)}\n`, err: "" };
  }
  const stack = process.env["WEFT_BACKTRACE"] === "1" ? (error.stack ?? "") : "WEFT_BACKTRACE=1 shows where it happened";
  return {
    out: "",
    err: `internal error[E0901]: this is a bug in weft, not in your program\nPlease report it together with these lines:\n${report.map((line) => `  ${line}`).join("\n")}\n  ${stack}\n`,
  };
}

/** Writes both streams to their end before leaving: a pipe takes large results in pieces. */
function finish(output: Output, exit: ExitCode): void {
  process.exitCode = exit;
  // Results first: what stderr says closes them.
  process.stdout.write(output.out, () => process.stderr.write(output.err, () => process.exit(exit)));
}

/** `weft … | head` closes stdout early; that is no error of anyone's. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      process.exit(error.code === "EPIPE" ? (process.exitCode ?? EXIT.ok) : EXIT.internal);
    });
  }
}
