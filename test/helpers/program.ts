/** Checked programs from source text, for tests that need no more than the typed tree. */
import { checkProgram } from "../../compiler/check/check.ts";
import { loadModules } from "../../compiler/modules/load.ts";
import type { Program } from "../../compiler/typed/tree.ts";

export function programOf(source: string): Program {
  const path = "main.weft";
  const modules = loadModules(path, (wanted) => (wanted === path ? source : undefined));
  const checked = checkProgram(modules);
  const errors = [...modules.diagnostics, ...checked.diagnostics].filter((each) => each.severity === "error");
  if (checked.program === undefined || errors.length > 0) {
    throw new Error(errors.map(({ code, message, span }) => `${code} ${message}: ${source.slice(span.start, span.end)}`).join("\n"));
  }
  return checked.program;
}
