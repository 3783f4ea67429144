/** Reports names that nothing in scope has, with the closest name that would fit the position. */
import type { Name, NameExpr, Span } from "../../grammar/ast.ts";
import type { Fix } from "../diagnostics/diagnostic.ts";
import type { Extra, Reporter } from "../diagnostics/report.ts";
import { closest } from "../../grammar/closest.ts";
import { siteOf } from "./context.ts";
import type { Body, FileScope, ProgramContext } from "./context.ts";
import { FOREIGN_MEMBERS, FOREIGN_NAMES } from "./foreign.ts";

interface Scope {
  readonly program: ProgramContext;
  readonly file: FileScope;
}

export function unknownName(scope: Scope, what: string, name: Name, known: Iterable<string>): void {
  const { reporter } = scope.program;
  const other = what === "type" || what === "name" || what === "function" ? foreign(scope.file, FOREIGN_NAMES, name) : {};
  const extra = other.help === undefined ? suggest(reporter, scope.file, name, known) : other;
  reporter.report("E0202", siteOf(scope.file, name), { what, name: name.text }, extra);
}

/** `instead` is said where no known name is close. */
export function unknownMember(scope: Scope, owner: string, what: string, name: Name, known: Iterable<string>, instead: Extra = {}): void {
  const { reporter } = scope.program;
  const near = suggest(reporter, scope.file, name, known);
  const extra = near.help === undefined ? { ...foreign(scope.file, FOREIGN_MEMBERS, name), ...instead } : near;
  reporter.report("E0203", siteOf(scope.file, name), { owner, what, name: name.text }, extra);
}

const CONTEXT_WORDS: ReadonlySet<string> = new Set(["caller", "value", "block", "chain"]);

/** Reports a name that is assigned to and stands for nothing: most often its declaration is missing. False if it stands for something. */
export function unknownTarget(body: Body, target: NameExpr): boolean {
  const { name: text, span } = target;
  const isMember = body.members !== undefined && (body.members.fields.has(text) || body.members.functions.has(text));
  if (isMember || body.file.names.has(text) || CONTEXT_WORDS.has(text)) return false;
  const { reporter } = body.program;
  const name = { text, ...span };
  const near = suggest(
    reporter,
    body.file,
    name,
    body.scopes.flatMap((scope) => [...scope.keys()]),
  );
  const extra = near.help === undefined ? { help: `declare it first: \`var ${text} = …;\`` } : near;
  reporter.report("E0202", siteOf(body.file, span), { what: "name", name: text }, extra);
  return true;
}

export function unknownImport(reporter: Reporter, file: FileScope, path: string, name: Name, from: FileScope): void {
  const passed = from.names.get(name.text);
  const extra =
    passed === undefined || passed.kind === "poison"
      ? suggest(reporter, file, name, from.own.keys())
      : { help: `it is declared in \`${passed.file.path}\`: import it from there` };
  reporter.report("E0204", siteOf(file, name), { path, name: name.text }, extra);
}

/** Comparing with every known name costs time, so it is done for errors that will be seen. */
function suggest(reporter: Reporter, file: FileScope, name: Name, known: Iterable<string>): Extra {
  const near = reporter.isFull() ? undefined : closest(name.text, known);
  if (near === undefined) return {};
  const fix: Fix = { title: `replace by \`${near}\``, changes: "guess", edits: [{ ...siteOf(file, name), text: near }] };
  return { help: `did you mean \`${near}\`?`, fixes: [fix] };
}

/** What a name of another language is called here. */
function foreign(file: FileScope, names: ReadonlyMap<string, string>, name: Name): Extra {
  const help = names.get(name.text);
  if (help === undefined) return {};
  // Where the help is one name, that name is the fix.
  const near = /^write `(\w+)`$/.exec(help)?.[1];
  return near === undefined
    ? { help }
    : { help, fixes: [{ title: `replace by \`${near}\``, changes: "guess", edits: [{ ...siteOf(file, name), text: near }] }] };
}

/** The fix for a member named without `self.` before it. */
export function withSelf(scope: Pick<Scope, "file">, span: Span, name: string): Extra {
  const edit = { ...siteOf(scope.file, { start: span.start, end: span.start }), text: "self." };
  return { fixes: [{ title: `write \`self.${name}\``, changes: "guess", edits: [edit] }] };
}
