/** Reports names that nothing in scope has, with the closest name that would fit the position. */
import type { Name, Span } from "../../grammar/ast.ts";
import type { Fix } from "../diagnostics/diagnostic.ts";
import type { Extra, Reporter } from "../diagnostics/report.ts";
import { closest } from "../diagnostics/suggest.ts";
import { siteOf } from "./context.ts";
import type { FileScope, ProgramContext } from "./context.ts";

interface Scope {
  readonly program: ProgramContext;
  readonly file: FileScope;
}

export function unknownName(scope: Scope, what: string, name: Name, known: Iterable<string>): void {
  const { reporter } = scope.program;
  reporter.report("E0202", siteOf(scope.file, name), { what, name: name.text }, suggest(reporter, scope.file, name, known));
}

export function unknownMember(scope: Scope, owner: string, what: string, name: Name, known: Iterable<string>): void {
  const { reporter } = scope.program;
  reporter.report("E0203", siteOf(scope.file, name), { owner, what, name: name.text }, suggest(reporter, scope.file, name, known));
}

export function unknownImport(reporter: Reporter, file: FileScope, path: string, name: Name, known: Iterable<string>): void {
  reporter.report("E0204", siteOf(file, name), { path, name: name.text }, suggest(reporter, file, name, known));
}

/** Comparing with every known name costs time, so it is done for errors that will be seen. */
function suggest(reporter: Reporter, file: FileScope, name: Name, known: Iterable<string>): Extra {
  const near = reporter.isFull() ? undefined : closest(name.text, known);
  if (near === undefined) return {};
  const fix: Fix = { title: `replace by \`${near}\``, edits: [{ ...siteOf(file, name), text: near }] };
  return { help: `did you mean \`${near}\`?`, fixes: [fix] };
}

/** The fix for a member named without `self.` before it. */
export function withSelf(scope: Pick<Scope, "file">, span: Span, name: string): Extra {
  const edit = { ...siteOf(scope.file, { start: span.start, end: span.start }), text: "self." };
  return { fixes: [{ title: `write \`self.${name}\``, edits: [edit] }] };
}
