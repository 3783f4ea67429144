/** Definition, type definition, references, highlights: places of one symbol. Across programs, the caller gives all programs that may hold it. */
import type { DocumentHighlight, Location, LocationLink, Position } from "vscode-languageserver";
import { importTarget } from "../../compiler/modules/load.ts";
import type { Snapshot } from "../state/snapshot.ts";
import { typeSymbol } from "../symbols/names.ts";
import { keyOf } from "../symbols/symbol.ts";
import type { Symbol } from "../symbols/symbol.ts";
import { memberLinks } from "../symbols/family.ts";
import { itemAround } from "./describe.ts";
import { resolveType } from "./types.ts";
import { locationOf, nameAt, occurrencesOf } from "./view.ts";
import type { View } from "./view.ts";

export function definition(view: View, position: Position): readonly LocationLink[] {
  const link = linkAt(view, position);
  if (link !== undefined) return [link];
  const found = nameAt(view, position);
  return found === undefined ? [] : linksTo(view, found.symbol, found.span);
}

/** What a function that a mixin asks for is in the contracts that are made of it. */
export interface Answers {
  readonly name: string;
  readonly add: (snapshot: Snapshot) => void;
  readonly all: () => readonly LocationLink[];
}

/** Undefined if no mixin asks for what stands there. The mixin knows no contract: the caller gives all programs that may hold one. */
export function createAnswers(view: View, position: Position): Answers | undefined {
  const found = nameAt(view, position);
  if (found === undefined || !isAskedFor(view.snapshot, found.symbol)) return undefined;
  const { symbol, span } = found;
  const key = keyOf(symbol);
  const links = new Map<string, LocationLink>();
  return {
    name: symbol.name,
    add(snapshot) {
      const { context } = snapshot.facts() ?? {};
      for (const [asked, own] of context === undefined ? [] : memberLinks(context)) {
        if (keyOf(asked) !== key || isAskedFor(snapshot, own)) continue;
        for (const link of linksTo({ ...view, snapshot }, own, span)) links.set(keyOf(own), link);
      }
    },
    all: () => [...links.values()],
  };
}

function isAskedFor(snapshot: Snapshot, symbol: Symbol): boolean {
  const { source } = symbol;
  const isOpen = source.kind === "member" && source.node.kind === "function" && source.node.body === undefined;
  return isOpen && itemAround(snapshot, symbol)?.kind === "mixin";
}

function linksTo(view: View, symbol: Symbol, span: { readonly start: number; readonly end: number }): readonly LocationLink[] {
  const location = symbol.place === undefined ? undefined : locationOf(view, symbol.place);
  if (location === undefined) return [];
  const { uri, range } = location;
  return [{ targetUri: uri, targetRange: range, targetSelectionRange: range, originSelectionRange: view.file.source.range(span) }];
}

/** For clients that take no more than where it leads. */
export function linkTarget({ targetUri, targetSelectionRange }: LocationLink): Location {
  return { uri: targetUri, range: targetSelectionRange };
}

/** From the path of an import to the file. */
function linkAt(view: View, position: Position): LocationLink | undefined {
  const offset = view.file.source.offset(position);
  for (const { span, target } of importLinks(view)) {
    if (offset < span.start || offset > span.end) continue;
    const zero = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const targetUri = view.addresses.uriOf(target);
    return { targetUri, targetRange: zero, targetSelectionRange: zero, originSelectionRange: view.file.source.range(span) };
  }
  return undefined;
}

/** Paths in imports, with the files that they name. */
export function importLinks(
  view: View,
): readonly { readonly span: { readonly start: number; readonly end: number }; readonly target: string }[] {
  return view.tree.items.flatMap((item) => {
    if (item.kind !== "import" || item.from === "") return [];
    const target = importTarget(view.path, item.from);
    return view.snapshot.files.has(target) ? [{ span: item.fromSpan, target }] : [];
  });
}

export function typeDefinition(view: View, position: Position): readonly LocationLink[] {
  const found = nameAt(view, position);
  const facts = view.snapshot.facts();
  if (found === undefined || facts === undefined) return [];
  const type = resolveType(view, found);
  const symbol = type === undefined ? undefined : typeSymbol(facts.context, type);
  return symbol === undefined ? [] : linksTo(view, symbol, found.span);
}

export interface SymbolPlace {
  readonly location: Location;
  readonly role: string;
  /** What is written there: an alias may stand for the symbol. */
  readonly text: string;
}

/** Places of a symbol, or of several that are one, from one program after the other; each place once. */
export function createPlaces(
  view: View,
  symbols: readonly Symbol[],
): { readonly add: (snapshot: Snapshot) => void; readonly all: () => readonly SymbolPlace[] } {
  const places = new Map<string, SymbolPlace>();
  return {
    add(snapshot) {
      for (const { path, occurrence } of symbols.flatMap((symbol) => occurrencesOf(snapshot, symbol))) {
        const file = snapshot.files.get(path);
        if (file === undefined) continue;
        const range = file.source.range(occurrence.span);
        const location = { uri: view.addresses.uriOf(path), range };
        const text = file.source.textOf(occurrence.span);
        places.set(`${path} ${range.start.line} ${range.start.character}`, { location, role: occurrence.role, text });
      }
    },
    all: () => [...places.values()],
  };
}

export function highlights(view: View, position: Position): readonly DocumentHighlight[] {
  const found = nameAt(view, position);
  if (found === undefined) return [];
  const key = keyOf(found.symbol);
  return view.snapshot
    .names(view.path)
    .filter(({ symbol }) => keyOf(symbol) === key)
    .map(({ span, role }) => ({ range: view.file.source.range(span), kind: role === "write" || role === "declaration" ? 3 : 2 }));
}
