/** One door for the tests of the lints: the warnings of a contract's members, each as its code, the place's text, and the texts of its notes. */
import { expect } from "vitest";
import type { Diagnostic, Fix } from "../../../compiler/diagnostics/diagnostic.ts";
import { compileText, fixedProgram, warningsOf } from "../../helpers/fixes.ts";

export function contractOf(members: string): string {
  return `contract C {\n${members}\n}\n`;
}

export function lintsOf(members: string): readonly Diagnostic[] {
  return warnings(contractOf(members));
}

export function warnings(text: string): readonly Diagnostic[] {
  const compilation = compileText(text);
  expect(compilation.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return warningsOf(compilation);
}

/** Codes, each with the text it points at. */
export function found(members: string): readonly string[] {
  const text = contractOf(members);
  return warnings(text).map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);
}

/** Notes of the only warning, as the text that each points at and what it says of it. */
export function notesOf(members: string): readonly string[] {
  const text = contractOf(members);
  const [warning, ...others] = warnings(text);
  expect(others.map(({ code }) => code)).toEqual([]);
  return warning.notes.map(({ span, text: note }) => `${text.slice(span.start, span.end)}: ${note}`);
}

export function fixesOf(members: string): readonly Fix[] {
  return lintsOf(members).flatMap(({ fixes }) => fixes);
}

/** The members with the only fix applied; what is left are the codes of its warnings. */
export function mended(members: string): { readonly members: string; readonly left: readonly string[]; readonly changes: Fix["changes"] } {
  const [fix, ...others] = fixesOf(members);
  expect(others).toEqual([]);
  const { text, compilation } = fixedProgram(contractOf(members), fix);
  const left = warningsOf(compilation).map(({ code }) => code);
  return { members: text.slice("contract C {\n".length, -"\n}\n".length), left, changes: fix.changes };
}
