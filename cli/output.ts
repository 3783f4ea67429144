/** The one place that turns an outcome into what is printed: text and frames for people, or one document for programs. */
import { unreachable } from "../compiler/core/bug.ts";
import { EXIT } from "./exit.ts";
import type { Outcome } from "./outcome.ts";
import { renderDiagnostics } from "./render/frame.ts";
import { renderJson, renderJsonFault } from "./render/json.ts";
import type { Tool } from "./render/json.ts";
import { renderSarif, renderSarifFault } from "./render/sarif.ts";
import type { Theme } from "./render/theme.ts";

/** `human` is text and frames; the others are one document on stdout and nothing else. */
export const FORMATS = ["human", "json", "sarif"] as const;
export type Format = (typeof FORMATS)[number];

export interface Output {
  readonly out: string;
  readonly err: string;
}

interface OutputSettings {
  readonly format: Format;
  readonly quiet: boolean;
  readonly out: Theme;
  readonly err: Theme;
  readonly tool: Tool;
  readonly command: string;
  readonly ms: number;
}

export function renderOutcome(outcome: Outcome, settings: OutputSettings): Output {
  const { format } = settings;
  switch (format) {
    case "human":
      return renderHuman(outcome, settings);
    case "json":
      return { out: `${renderJson(outcome, settings)}\n`, err: "" };
    case "sarif":
      return { out: `${renderSarif(outcome, settings.tool)}\n`, err: "" };
    default:
      return unreachable(format, "renderOutcome");
  }
}

function renderHuman(outcome: Outcome, { out, err, quiet }: OutputSettings): Output {
  const frames = renderDiagnostics(outcome.diagnostics, outcome.files, err);
  const note = quiet || outcome.note === "" ? "" : `${outcome.note}\n`;
  return { out: outcome.text(out), err: frames === "" ? note : note === "" ? frames : `${frames}\n${note}` };
}

/** A fault of our own: lines to report, and where it happened or how to find out. */
export function renderFault(format: Format, tool: Tool, lines: readonly string[], stack: string): Output {
  switch (format) {
    case "human": {
      const head = "internal error[E0901]: this is a bug in weft, not in your program\nPlease report it together with these lines:\n";
      return { out: "", err: `${head}${[...lines, stack].map((line) => `  ${line}\n`).join("")}` };
    }
    case "json":
      return { out: `${renderJsonFault(tool, lines)}\n`, err: "" };
    case "sarif":
      return { out: `${renderSarifFault(tool, lines, EXIT.internal)}\n`, err: "" };
    default:
      return unreachable(format, "renderFault");
  }
}
