/**
 * Rename, with the check before it: which names can be renamed, and to what. Declarations that have to have the same name are renamed together. At the end every
 * program that changes is checked as it was and as it would be: if any name would stand for something else, or anything be wrong that wasn't, nothing is done.
 */
import type { Position, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import type { Span } from "../../grammar/ast.ts";
import { isLibraryPath } from "../../compiler/modules/library.ts";
import { isReserved } from "../../grammar/tokens.ts";
import { scan } from "../../grammar/lexer.ts";
import type { Snapshot } from "../state/snapshot.ts";
import { memberLinks, patternLinks } from "../symbols/family.ts";
import { recheck } from "../symbols/recheck.ts";
import { keyOf } from "../symbols/symbol.ts";
import type { Occurrence, Symbol } from "../symbols/symbol.ts";
import { createPlainText } from "../text/source-text.ts";
import { isLocal, nameAt } from "./view.ts";
import type { View } from "./view.ts";

/** A refusal is told to the author. */
export type Renaming<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "refused"; readonly why: string };

export function prepareRename(view: View, position: Position): Renaming<{ readonly range: Range; readonly placeholder: string }> {
  const found = renamable(view, position);
  if (found.kind === "refused") return found;
  const { span } = found.value;
  const { source } = view.file;
  return { kind: "done", value: { range: source.range(span), placeholder: source.textOf(span) } };
}

function refused(why: string): { readonly kind: "refused"; readonly why: string } {
  return { kind: "refused", why };
}

function renamable(view: View, position: Position): Renaming<Occurrence> {
  const found = nameAt(view, position);
  if (found === undefined) return refused("there is no name here");
  const { symbol, span } = found;
  if (symbol.place === undefined) return refused(`\`${symbol.name}\` is part of the language`);
  // An alias is the author's own.
  const isAlias = view.file.source.textOf(span) !== symbol.name;
  if (isLibraryPath(symbol.place.path) && !isAlias) return refused(`\`${symbol.name}\` is part of the standard library`);
  if (symbol.kind === "init" || symbol.kind === "test") return refused("this has no name that others use");
  return { kind: "done", value: found };
}

function whyNoName(name: string): string | undefined {
  if (name === "") return "an empty text can't be a name";
  const shown = `\`${name.slice(0, 80)}\` can't be a name`;
  if (/^[0-9]/.test(name)) return `${shown}: names don't begin with a digit`;
  if (!/^[A-Za-z0-9_]+$/.test(name)) return `${shown}: names have the letters A to Z and a to z, digits and \`_\``;
  const { tokens, problems } = scan(name, 1);
  if (tokens.length !== 1 || problems.length > 0) return shown;
  return isReserved(tokens[0].tokenType) ? `${shown}: it is a word of the language` : undefined;
}

/** A name that is written somewhere; offsets of the author's text. */
interface Written extends Span {
  readonly path: string;
  readonly key: string;
}

export interface Started {
  readonly symbol: Symbol;
  /** No other file can hold the name. */
  readonly isOfOneFile: boolean;
  /** Takes note of a program that may hold the name. */
  readonly add: (snapshot: Snapshot) => void;
  /** The files of the programs that would change, by their roots: each is to be looked at by `objection`. */
  readonly changed: () => Renaming<readonly string[]>;
  /** Why it must not be, as far as this program shows. */
  readonly objection: (snapshot: Snapshot) => string | undefined;
  readonly edits: () => WorkspaceEdit;
}

export function startRename(view: View, position: Position, name: string): Renaming<Started> {
  const found = renamable(view, position);
  if (found.kind === "refused") return found;
  const { symbol, span } = found.value;
  const why = whyNoName(name);
  if (why !== undefined) return refused(why);
  const old = view.file.source.textOf(span);
  // An alias is a name of its own, in its file.
  const isAlias = old !== symbol.name;
  const taken = isAlias ? undefined : takenBy(view, symbol, name);
  if (taken !== undefined) return refused(taken);

  const written = new Map<string, Written>();
  const links: (readonly [string, string])[] = [];
  const files = new Map<string, string>();
  const roots = new Map<string, readonly string[]>();
  const library = new Set<string>();
  const add = (snapshot: Snapshot): void => {
    const { context } = snapshot.facts() ?? {};
    if (context === undefined) return;
    const own = [...snapshot.files].filter(([path]) => !isAlias || path === view.path);
    for (const link of memberLinks(context).concat(own.flatMap(([path]) => patternLinks(snapshot.names(path))))) {
      if (link[0].name !== old || link[1].name !== old || isAlias) continue;
      links.push([keyOf(link[0]), keyOf(link[1])]);
      for (const one of link) if (one.place !== undefined && isLibraryPath(one.place.path)) library.add(keyOf(one));
    }
    for (const [path, { source }] of own) {
      for (const { span: at, symbol: of } of snapshot.names(path)) {
        if (at.end - at.start !== old.length || !source.padded.startsWith(old, at.start)) continue;
        const [start, end] = [source.toReal(at.start), source.toReal(at.end)];
        written.set(`${path} ${start} ${keyOf(of)}`, { path, start, end, key: keyOf(of) });
        files.set(path, source.real);
      }
    }
    roots.set(snapshot.root, [...snapshot.files.keys()]);
  };

  let places: ReadonlyMap<string, readonly Span[]> = new Map();
  const changed = (): Renaming<readonly string[]> => {
    const family = closureOf(keyOf(symbol), links);
    for (const key of family)
      if (library.has(key)) return refused(`the standard library has \`${old}\`, and what it says must keep the name`);
    places = placesOf([...written.values()].filter(({ key }) => family.has(key)));
    return { kind: "done", value: [...roots].flatMap(([root, paths]) => (paths.some((path) => places.has(path)) ? [root] : [])) };
  };
  return {
    kind: "done",
    value: {
      symbol,
      isOfOneFile:
        isLocal(symbol) && !patternLinks(view.snapshot.names(view.path)).some((pair) => pair.some((one) => keyOf(one) === keyOf(symbol))),
      add,
      changed,
      objection: (snapshot) => objectionOf(snapshot, places, old, name),
      edits() {
        const changes: Record<string, TextEdit[]> = {};
        for (const [path, spans] of places) {
          const text = createPlainText(files.get(path) ?? "");
          changes[view.addresses.uriOf(path)] = spans.map((one) => ({ range: text.range(one), newText: name }));
        }
        return { changes };
      },
    },
  };
}

function closureOf(first: string, links: readonly (readonly [string, string])[]): ReadonlySet<string> {
  const family = new Set([first]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const [a, b] of links) if (family.has(a) || family.has(b)) family.add(a).add(b);
  }
  return family;
}

function placesOf(found: readonly Written[]): ReadonlyMap<string, readonly Span[]> {
  const places = new Map<string, Map<number, Span>>();
  for (const { path, start, end } of found) {
    const known = places.get(path) ?? new Map<number, Span>();
    places.set(path, known.set(start, { start, end }));
  }
  return new Map([...places].map(([path, spans]) => [path, [...spans.values()].sort((a, b) => a.start - b.start)]));
}

/** Another declaration beside this one that has the name already. The checker would find it, too, but say less. */
function takenBy(view: View, symbol: Symbol, name: string): string | undefined {
  const { place } = symbol;
  if (name === symbol.name || place === undefined || symbol.kind === "local" || symbol.kind === "param") return undefined;
  const isTaken = view.snapshot
    .names(place.path)
    .some(
      ({ symbol: other, role }) =>
        role === "declaration" &&
        other.name === name &&
        other.kind !== "local" &&
        other.kind !== "param" &&
        other.owner === symbol.owner &&
        other.place?.path === place.path,
    );
  return isTaken ? `\`${name}\` is declared there already` : undefined;
}

// --- what would change -----------------------------------------------------------------------------------------------------

function objectionOf(
  { root, files }: Snapshot,
  places: ReadonlyMap<string, readonly Span[]>,
  old: string,
  name: string,
): string | undefined {
  const texts = new Map([...files].map(([path, { source }]) => [path, source.real]));
  const edited = new Map([...texts].map(([path, text]) => [path, replaced(text, places.get(path) ?? [], name)]));
  const before = recheck(root, texts);
  const after = recheck(root, edited);
  if (before === undefined || after === undefined)
    return before === undefined ? undefined : `the program couldn't be checked with \`${name}\``;
  const move = (path: string, offset: number): number =>
    offset + (places.get(path) ?? []).filter(({ start }) => start < offset).length * (name.length - old.length);
  const lineOf = (path: string, offset: number): string => {
    const { line } = createPlainText(edited.get(path) ?? "").position(offset);
    return `${path.slice(path.lastIndexOf("/") + 1)}, line ${line + 1}`;
  };
  for (const [path, names] of after.names) {
    const known = (before.names.get(path) ?? []).map((one) => meaningOf(one, move(path, one.span.start), move));
    const now = names.map((one) => meaningOf(one, one.span.start, (_, offset) => offset));
    const at = now.findIndex((one, i) => one !== known.at(i));
    if (at !== -1 || now.length !== known.length) {
      const start = at === -1 ? 0 : names[at].span.start;
      return `with \`${name}\` a name would stand for something else: ${lineOf(path, start)}`;
    }
  }
  const known = new Set(before.errors.map(({ code, path, span }) => `${code} ${path} ${move(path, span.start)}`));
  const worse = after.errors.find(({ code, path, span }) => !known.has(`${code} ${path} ${span.start}`));
  return worse === undefined ? undefined : `with \`${name}\`: ${worse.message} (${lineOf(worse.path, worse.span.start)})`;
}

function meaningOf({ symbol, role }: Occurrence, start: number, move: (path: string, offset: number) => number): string {
  const { place, kind } = symbol;
  return `${start} ${role} ${place === undefined ? `${kind} ${symbol.name}` : `${place.path} ${move(place.path, place.span.start)}`}`;
}

function replaced(text: string, spans: readonly Span[], name: string): string {
  let made = "";
  let last = 0;
  for (const { start, end } of spans) {
    made += text.slice(last, start) + name;
    last = end;
  }
  return made + text.slice(last);
}
