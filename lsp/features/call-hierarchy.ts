/** Who calls a function, and whom it calls: by `self.`, by name, and through typed addresses. */
import type { CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, Position, Range } from "vscode-languageserver";
import type { Span } from "../../grammar/ast.ts";
import type { Snapshot } from "../state/snapshot.ts";
import { itemSymbol, keyOf, memberSymbol } from "../symbols/symbol.ts";
import type { Symbol } from "../symbols/symbol.ts";
import { nameAt, occurrencesOf } from "./view.ts";
import type { View } from "./view.ts";

interface Callable {
  readonly symbol: Symbol;
  readonly path: string;
  readonly span: Span;
}

const CALLABLE: ReadonlySet<string> = new Set(["function", "guard", "init", "invariant"]);

/** Functions of a file that have a body, tests too. */
function callablesIn(snapshot: Snapshot, path: string): readonly Callable[] {
  const items = snapshot.files.get(path)?.parsed.file.items ?? [];
  return items.flatMap((item): Callable[] => {
    if (item.kind === "function" || item.kind === "test") return [{ symbol: itemSymbol(path, item), path, span: item.span }];
    if (item.kind === "interface")
      return item.functions.map((node) => ({ symbol: memberSymbol(path, item.name.text, node), path, span: node.span }));
    if (item.kind !== "contract" && item.kind !== "mixin") return [];
    return item.members.flatMap((node): Callable[] =>
      node.kind !== "parallel" && CALLABLE.has(node.kind)
        ? [{ symbol: memberSymbol(path, item.name.text, node), path, span: node.span }]
        : [],
    );
  });
}

export function prepareCallHierarchy(view: View, position: Position): readonly CallHierarchyItem[] {
  const found = nameAt(view, position);
  const place = found?.symbol.place;
  if (found === undefined || place === undefined) return [];
  const callable = callablesIn(view.snapshot, place.path).find(({ symbol }) => keyOf(symbol) === keyOf(found.symbol));
  return callable === undefined ? [] : itemOf(view, view.snapshot, callable);
}

function itemOf(view: View, snapshot: Snapshot, { symbol, path, span }: Callable): CallHierarchyItem[] {
  const file = snapshot.files.get(path);
  if (file === undefined || symbol.place === undefined) return [];
  return [
    {
      name: symbol.kind === "test" ? `test "${symbol.name}"` : symbol.name,
      kind: symbol.owner === "" ? 12 : 6,
      detail: symbol.owner,
      uri: view.addresses.uriOf(path),
      range: file.source.range(span),
      selectionRange: file.source.range(symbol.place.span),
    },
  ];
}

/** Takes the callers out of one program after the other. */
export function incomingCollector(
  view: View,
  symbol: Symbol,
): { readonly add: (snapshot: Snapshot) => void; readonly all: () => readonly CallHierarchyIncomingCall[] } {
  const callers = new Map<string, { readonly from: CallHierarchyItem; readonly ranges: Map<string, Range> }>();
  const add = (snapshot: Snapshot): void => {
    for (const { path, occurrence } of occurrencesOf(snapshot, symbol)) {
      if (occurrence.role !== "call") continue;
      const caller = callablesIn(snapshot, path).find(({ span }) => span.start <= occurrence.span.start && occurrence.span.end <= span.end);
      const from = caller === undefined ? undefined : itemOf(view, snapshot, caller).at(0);
      const range = snapshot.files.get(path)?.source.range(occurrence.span);
      if (caller === undefined || from === undefined || range === undefined) continue;
      const key = keyOf(caller.symbol);
      const known = callers.get(key) ?? { from, ranges: new Map<string, Range>() };
      known.ranges.set(`${range.start.line} ${range.start.character}`, range);
      callers.set(key, known);
    }
  };
  return { add, all: () => [...callers.values()].map(({ from, ranges }) => ({ from, fromRanges: [...ranges.values()] })) };
}

export function outgoingCalls(view: View, item: CallHierarchyItem): readonly CallHierarchyOutgoingCall[] {
  const { source } = view.file;
  const whole = source.span(item.range);
  const callees = new Map<string, { readonly to: CallHierarchyItem; readonly ranges: Range[] }>();
  for (const { symbol, span, role } of view.snapshot.names(view.path)) {
    if (role !== "call" || span.start < whole.start || span.end > whole.end || symbol.place === undefined) continue;
    const { path } = symbol.place;
    const callable = callablesIn(view.snapshot, path).find((one) => keyOf(one.symbol) === keyOf(symbol));
    const to = callable === undefined ? undefined : itemOf(view, view.snapshot, callable).at(0);
    if (to === undefined) continue;
    const known = callees.get(keyOf(symbol)) ?? { to, ranges: [] };
    known.ranges.push(source.range(span));
    callees.set(keyOf(symbol), known);
  }
  return [...callees.values()].map(({ to, ranges }) => ({ to, fromRanges: ranges }));
}
