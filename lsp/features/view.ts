/** What every feature is given: one file of a program at one moment. Features are functions from this to an answer of the protocol. */
import type { Location, Position } from "vscode-languageserver";
import type { SourceFile as Tree, Span } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { keyOf } from "../symbols/symbol.ts";
import type { Occurrence, Symbol } from "../symbols/symbol.ts";
import type { Snapshot } from "../state/snapshot.ts";
import type { SourceFile } from "../text/source-file.ts";
import type { Addresses } from "../text/uri.ts";

export interface View {
  readonly path: string;
  readonly uri: string;
  readonly file: SourceFile;
  readonly tree: Tree;
  readonly snapshot: Snapshot;
  /** Of this file, as far as project and author want to see them. */
  readonly diagnostics: readonly Diagnostic[];
  readonly addresses: Addresses;
  /** Other programs of open files that hold the file as it is now: what a mixin touches only those know that use it. */
  readonly others: readonly Snapshot[];
}

export function createView(
  snapshot: Snapshot,
  path: string,
  addresses: Addresses,
  diagnostics: readonly Diagnostic[] = snapshot.diagnostics.filter((one) => one.path === path),
  others: readonly Snapshot[] = [],
): View | undefined {
  const file = snapshot.files.get(path);
  if (file === undefined) return undefined;
  return { path, uri: addresses.uriOf(path), file, tree: file.parsed.file, snapshot, diagnostics, addresses, others };
}

/** No other file can name these. */
export function isLocal({ kind }: Symbol): boolean {
  return kind === "local";
}

/** The name at a place, or right before it. */
export function nameAt(view: View, position: Position): Occurrence | undefined {
  const offset = view.file.source.offset(position);
  const names = view.snapshot.names(view.path).filter(({ span }) => span.start <= offset && offset <= span.end);
  return names.find(({ span }) => offset < span.end) ?? names.at(-1);
}

export function locationOf(view: View, place: { readonly path: string; readonly span: Span }): Location | undefined {
  const file = view.snapshot.files.get(place.path);
  return file === undefined ? undefined : { uri: view.addresses.uriOf(place.path), range: file.source.range(place.span) };
}

/** All places of a symbol in the program. */
export function occurrencesOf(snapshot: Snapshot, symbol: Symbol): readonly { readonly path: string; readonly occurrence: Occurrence }[] {
  const key = keyOf(symbol);
  return [...snapshot.files.keys()].flatMap((path) =>
    snapshot.names(path).flatMap((occurrence) => (keyOf(occurrence.symbol) === key ? [{ path, occurrence }] : [])),
  );
}
