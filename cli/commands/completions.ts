/** `weft completions`: a script with which a shell completes commands, options, files, contracts and codes. Made from the argument parser itself. */
import type { Command } from "commander";
import { CODES, codeInfo, isCode } from "../../compiler/diagnostics/codes.ts";
import { unreachable } from "../../compiler/core/bug.ts";
import { bashCompletions } from "../completions/bash.ts";
import { fishCompletions } from "../completions/fish.ts";
import { powershellCompletions } from "../completions/powershell.ts";
import { shapeOf } from "../completions/shape.ts";
import { zshCompletions } from "../completions/zsh.ts";
import type { CodeLine } from "../completions/zsh.ts";
import { EXIT } from "../exit.ts";
import type { Outcome } from "../outcome.ts";
import { shape as shapeOfMessage } from "./explain.ts";

export type Shell = "bash" | "zsh" | "fish" | "powershell";

export function completions(shell: Shell, program: Command): Outcome {
  const script = scriptOf(shell, program);
  return { exit: EXIT.ok, json: { shell, script }, timing: {}, text: () => script, note: "", diagnostics: [], files: new Map() };
}

function scriptOf(shell: Shell, program: Command): string {
  const shape = shapeOf(program);
  const codes = Object.keys(CODES)
    .filter(isCode)
    .map((code): CodeLine => ({ code, about: shapeOfMessage(codeInfo(code).message) }));
  switch (shell) {
    case "bash":
      return bashCompletions(
        shape,
        codes.map(({ code }) => code),
      );
    case "zsh":
      return zshCompletions(shape, codes);
    case "fish":
      return fishCompletions(shape, codes);
    case "powershell":
      return powershellCompletions(shape, codes);
    default:
      return unreachable(shell, "completions");
  }
}
