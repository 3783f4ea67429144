/** `weft explain`: the long text of a diagnostic code, from its page in docs/errors; without a code, the list of all. Loads no compiler. */
import { existsSync, readFileSync } from "node:fs";
import type { Code } from "../../compiler/diagnostics/codes.ts";
import { CODES, codeInfo, isCode } from "../../compiler/diagnostics/codes.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { closest } from "../../grammar/closest.ts";
import { Bug } from "../../compiler/core/bug.ts";
import { EXIT } from "../exit.ts";
import { failure } from "../failure.ts";
import type { Outcome } from "../outcome.ts";
import { renderPage } from "../render/page.ts";
import type { Theme } from "../render/theme.ts";

/** The pages lie beside the sources as well as beside the bundle, one folder further up from here in the sources. */
const FOLDERS = ["../docs/errors/", "../../docs/errors/"];

export function explain(argument: string | undefined): Outcome {
  if (argument === undefined) return listing();
  const code = argument.trim().toUpperCase();
  if (isCode(code)) return page(code);
  const near = closest(code, Object.keys(CODES));
  const help = near === undefined ? "`weft explain` lists all codes" : `did you mean \`${near}\`?`;
  const problem = `there is no diagnostic \`${argument}\``;
  return failure(EXIT.usage, [diagnose("E0810", { path: "", span: { start: 0, end: 0 } }, { problem }, { help })], new Map());
}

function listing(): Outcome {
  const codes = Object.keys(CODES).filter(isCode);
  return printed({ codes: codes.map(entry) }, (theme) =>
    codes.map((code) => `${theme(codeInfo(code).severity, code)}  ${shape(codeInfo(code).message)}\n`).join(""),
  );
}

function page(code: Code): Outcome {
  const markdown = readPage(code);
  return printed({ ...entry(code), page: markdown }, (theme) => renderPage(markdown, theme));
}

function printed(json: Outcome["json"], text: (theme: Theme) => string): Outcome {
  return { exit: EXIT.ok, json, timing: {}, text, note: "", diagnostics: [], files: new Map() };
}

function entry(code: Code): { readonly code: Code; readonly severity: string; readonly message: string; readonly explanation: string } {
  const { severity, message, explanation } = codeInfo(code);
  return { code, severity, message, explanation };
}

/** What depends on the program is left open. */
export function shape(message: string): string {
  return message === "{problem}" || message === "{where}: {problem}" ? "(says itself what is wrong)" : message.replaceAll(/\{\w+\}/g, "…");
}

function readPage(code: Code): string {
  const found = FOLDERS.map((folder) => new URL(`${folder}${code}.md`, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Bug(`no page for ${code}`);
  return readFileSync(found, "utf8");
}
