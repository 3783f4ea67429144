/** What a completion offers: names with what they are, words of the language, pieces to be filled in. */
import type { CompletionItem, CompletionItemKind, TextEdit } from "vscode-languageserver";
import { handleDecl, outcomeName } from "../symbols/names.ts";
import { BUILTIN_ERRORS, BUILTIN_FUNCTIONS, BUILTIN_TYPES, CONTEXT_WORDS, MODULES } from "../symbols/builtins.ts";
import { localsAt } from "../symbols/resolve.ts";
import { declSymbol, findMember, memberSymbol } from "../symbols/symbol.ts";
import type { Symbol, SymbolKind } from "../symbols/symbol.ts";
import type { MemberScope, ProgramContext } from "../../compiler/check/context.ts";
import type { Place } from "./completion-place.ts";
import { docOf, headOf, paramsOf } from "./describe.ts";
import { importEdit } from "./imports.ts";
import { memberSnippets, SNIPPETS } from "./snippets.ts";

const KINDS: Readonly<Record<SymbolKind, CompletionItemKind>> = {
  const: 21,
  struct: 22,
  enum: 13,
  variant: 20,
  field: 5,
  interface: 8,
  mixin: 7,
  contract: 7,
  function: 3,
  guard: 2,
  init: 4,
  invariant: 2,
  event: 23,
  error: 23,
  state: 10,
  immutable: 21,
  param: 6,
  local: 6,
  test: 2,
  builtin: 14,
};

export const TYPE_KINDS: ReadonlySet<SymbolKind> = new Set(["struct", "enum", "interface", "contract"]);
export const VALUE_KINDS: ReadonlySet<SymbolKind> = new Set(["const", "function", "enum", "struct", "interface", "contract"]);

/** Names of the file, its imports too, of these kinds. With what could be imported, if that is one kind alone. */
export function declared(place: Place, kinds: readonly SymbolKind[]): CompletionItem[] {
  const { view } = place.completing;
  const names = view.snapshot.facts()?.context.files.get(view.path)?.names ?? new Map<string, never>();
  const own = [...names].flatMap(([name, decl]) => {
    const symbol = declSymbol(decl);
    return symbol !== undefined && kinds.includes(symbol.kind) ? item(place, symbol, name) : [];
  });
  return kinds.length === 1 ? [...own, ...importable(place, new Set(kinds))] : own;
}

export function locals(place: Place): CompletionItem[] {
  return localSymbols(place).flatMap((symbol) => item(place, symbol));
}

export function localSymbols(place: Place): readonly Symbol[] {
  const { view } = place.completing;
  const facts = view.snapshot.facts();
  return facts === undefined ? [] : localsAt(view.tree, facts, place.offset);
}

export function outcomes(place: Place, what: "error" | "event"): CompletionItem[] {
  const { completing, scope } = place;
  const { view } = completing;
  const { context } = view.snapshot.facts() ?? {};
  if (context === undefined) return [];
  const own = [...((what === "error" ? scope?.errors : scope?.events)?.keys() ?? [])];
  const found = own.flatMap((name) =>
    item(place, outcomeName(context, { path: view.path, scope, what }, undefined, { text: name, start: 0, end: 0 })),
  );
  if (scope !== undefined) return [...found, ...declared(place, [what])];
  // In tests those of all contracts, and those of the language.
  const others = [...(context.files.get(view.path)?.names.values() ?? [])].flatMap((decl) => {
    const members = decl.kind === "contract" ? context.scopes.get(decl.node) : undefined;
    return members === undefined ? [] : outcomesOf(place, context, members, what);
  });
  const words = what === "event" ? [] : [...BUILTIN_ERRORS].map(([name, { text }]) => word(name, 23, text));
  return [...others, ...declared(place, [what]), ...words];
}

/** Errors or events that a contract or mixin has. */
export function outcomesOf(place: Place, context: ProgramContext, members: MemberScope, what: "error" | "event"): CompletionItem[] {
  const names = [...(what === "error" ? members.errors : members.events).keys()];
  const { path } = place.completing.view;
  return names.flatMap((name) =>
    item(place, outcomeName(context, { path, scope: members, what }, undefined, { text: name, start: 0, end: 0 })),
  );
}

/** What others can call of a contract or interface: functions, and getters if they are wanted. */
export function openFunctions(place: Place, owner: string): CompletionItem[] {
  const { context } = place.completing.view.snapshot.facts() ?? {};
  const decl = context === undefined ? undefined : handleDecl(context, owner);
  if (context === undefined || decl === undefined) return [];
  if (decl.kind === "interface") return decl.node.functions.flatMap((node) => item(place, memberSymbol(decl.file.path, owner, node)));
  const scope = context.scopes.get(decl.node);
  if (scope === undefined) return [];
  const open = [...scope.functions.values()].filter(({ role }) => role === "external").map(({ name }) => name);
  const getters = [...scope.fields].flatMap(([name, { type }]) => (scope.functions.has(name) || type.kind === "sequence" ? [] : [name]));
  return [...open, ...getters].flatMap((name) => item(place, findMember(context, scope, name)));
}

export function guards(place: Place): CompletionItem[] {
  const { context } = place.completing.view.snapshot.facts() ?? {};
  const { scope } = place;
  if (context === undefined || scope === undefined) return [];
  return [...scope.guards.keys()].flatMap((name) => item(place, findMember(context, { ...scope, functions: new Map() }, name)));
}

export function importable(place: Place, kinds: ReadonlySet<SymbolKind>): CompletionItem[] {
  const { view, exported } = place.completing;
  const names = view.snapshot.facts()?.context.files.get(view.path)?.names;
  return exported.flatMap((one): CompletionItem[] => {
    if (!kinds.has(one.kind) || names?.has(one.name) === true || one.path === view.path) return [];
    const edit: TextEdit | undefined = importEdit(view, one);
    if (edit === undefined) return [];
    return [
      {
        label: one.name,
        kind: KINDS[one.kind],
        detail: `import from ${one.from}`,
        // Behind what needs no import.
        sortText: `zz${one.name}`,
        additionalTextEdits: [edit],
      },
    ];
  });
}

/** Names that the file behind `path` has to give; all, as long as no path is written. */
export function importNames(place: Place, path: string | undefined, taken: ReadonlySet<string>): CompletionItem[] {
  return place.completing.exported.flatMap(({ name, kind, path: of, from }) =>
    (path === undefined || of === path) && !taken.has(name) ? [{ label: name, kind: KINDS[kind], detail: `${kind} of ${from}` }] : [],
  );
}

// --- one item ------------------------------------------------------------------------------------------------------------

export function item(place: Place, symbol: Symbol | undefined, label?: string): CompletionItem[] {
  if (symbol === undefined || symbol.name === "") return [];
  const { view, snippets: fills } = place.completing;
  const name = label ?? symbol.name;
  const params = ["function", "error", "event"].includes(symbol.kind) ? paramsOf(symbol) : undefined;
  const filled = params?.map((param, i) => `\${${i + 1}:${param.name.text}}`).join(", ");
  const call = filled === undefined || !fills ? {} : { insertText: `${name}(${filled})$0`, insertTextFormat: 2 as const };
  return [{ label: name, kind: KINDS[symbol.kind], detail: headOf(view.snapshot, symbol), ...documented(docOf(symbol)), ...call }];
}

/** Where a name stands by itself, without its arguments. */
export function uncalled(items: readonly CompletionItem[]): CompletionItem[] {
  return items.map(({ insertText: _, insertTextFormat: __, ...rest }) => rest);
}

export function documented(value: string): Pick<CompletionItem, "documentation"> {
  return value === "" ? {} : { documentation: { kind: "markdown", value } };
}

export function word(label: string, kind: CompletionItemKind, text: string, insertText?: string): CompletionItem {
  const insert = insertText === undefined ? {} : { insertText, ...(insertText.includes("$") ? { insertTextFormat: 2 as const } : {}) };
  return { label, kind, ...documented(text), ...insert };
}

export function keywords(words: readonly string[]): CompletionItem[] {
  return words.map((one) => ({ label: one, kind: 14 }));
}

export function typeNames(): CompletionItem[] {
  return [...BUILTIN_TYPES].map(([name, text]) => word(name, 25, text));
}

/** What the language has for expressions; `balance` is for tests, `pay` and its like aren't. */
export function languageItems(where: "test" | "contract" | "free"): CompletionItem[] {
  const words =
    where === "contract" ? [...CONTEXT_WORDS].filter(([name]) => !name.includes(".")).map(([name, text]) => word(name, 6, text)) : [];
  const functions = [...BUILTIN_FUNCTIONS].filter(([name]) => !name.includes(".") && (ONLY_IN.get(name) ?? where) === where);
  const modules = [...MODULES].map(([name, text]) => word(name, 9, text));
  return [...words, ...functions.map(([name, { text }]) => word(name, 3, text)), ...modules, ...typeNames()];
}

const ONLY_IN: ReadonlyMap<string, string> = new Map([
  ["balance", "test"],
  ["pay", "contract"],
  ["call", "contract"],
  ["hasCode", "contract"],
]);

export function snippets(place: Place, where: keyof typeof SNIPPETS): CompletionItem[] {
  if (!place.completing.snippets) return [];
  const own = where === "member" ? memberSnippets(place.container) : [];
  return [...SNIPPETS[where], ...own].map(({ label, detail, text }) => ({
    label,
    detail,
    kind: 15,
    insertText: text,
    insertTextFormat: 2,
  }));
}

export function distinct(items: readonly CompletionItem[]): readonly CompletionItem[] {
  const seen = new Set<string>();
  return items.filter(({ label, kind, detail }) => {
    const key = `${label} ${kind === 15 ? detail : ""}`;
    return !seen.has(key) && seen.add(key);
  });
}
