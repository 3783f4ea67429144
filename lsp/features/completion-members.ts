/** What can stand behind a dot: members of values by their type, variants, functions of types, words of the language. */
import type { CompletionItem } from "vscode-languageserver";
import type { Type } from "../../compiler/core/types.ts";
import { showType } from "../../compiler/core/types.ts";
import { BUILTIN_FUNCTIONS, CONTEXT_WORDS, METHODS } from "../symbols/builtins.ts";
import { fileName, memberOfType } from "../symbols/names.ts";
import { exprAt } from "../symbols/nodes.ts";
import { findMember, variantSymbol } from "../symbols/symbol.ts";
import { documented, item, localSymbols, openFunctions, outcomesOf, uncalled, word } from "./completion-items.ts";
import { openBracket, statementHead } from "./completion-place.ts";
import type { Place } from "./completion-place.ts";
import { docOf, paramsOf } from "./describe.ts";

export function membersBefore(place: Place): readonly CompletionItem[] {
  const { completing, before, scope } = place;
  const { view } = completing;
  const facts = view.snapshot.facts();
  const object = before.at(-2);
  if (facts === undefined || object === undefined) return [];
  const { context } = facts;
  const head = statementHead(before);
  if (object.image === "self" && scope !== undefined) {
    const names = new Set([...scope.fields.keys(), ...scope.functions.keys()]);
    return [
      ...[...names].flatMap((name) => item(place, findMember(context, scope, name))),
      ...["address", "balance"].map((name) => word(name, 10, CONTEXT_WORDS.get(`self.${name}`) ?? "")),
    ];
  }
  const isName = /^[A-Za-z_]\w*$/.test(object.image) && before.at(-3)?.image !== ".";
  if (isName && head[0] === "parallel" && head.includes("when")) return claimMembers(place, object.image);
  const local = isName ? localSymbols(place).find(({ name }) => name === object.image) : undefined;
  if (isName && local === undefined) {
    const found = membersOfName(place, object.image);
    if (found.length > 0) return found;
  }
  const end = object.startOffset + object.image.length;
  const expr = exprAt(view.tree, end);
  const known = expr === undefined ? undefined : facts.typeOf(expr.kind === "member" && expr.span.end > end ? expr.object : expr);
  const type = local?.source.kind === "local" ? (local.source.local?.type ?? known) : known;
  return type === undefined ? [] : membersOfType(place, type);
}

function membersOfName(place: Place, name: string): readonly CompletionItem[] {
  const { completing, before } = place;
  const { view, snippets } = completing;
  const { context } = view.snapshot.facts() ?? {};
  if (context === undefined) return [];
  const decl = fileName(context, view.path, name);
  if (decl?.kind === "enum") {
    return decl.node.variants.flatMap((node) => {
      const payload =
        node.payload.kind === "tuple"
          ? `(${node.payload.types.map((_, i) => `\${${i + 1}}`).join(", ")})`
          : node.payload.kind === "record"
            ? ` { ${node.payload.fields.map((field, i) => `${field.name.text}: \${${i + 1}}`).join(", ")} }`
            : "";
      const insert = payload === "" || !snippets ? {} : { insertText: node.name.text + payload, insertTextFormat: 2 as const };
      return item(place, variantSymbol(decl.file.path, decl.node.name.text, node)).map((one) => ({ ...one, ...insert }));
    });
  }
  if (decl?.kind === "contract" || decl?.kind === "mixin" || decl?.kind === "interface") {
    // `selector(Erc20.transfer)` names a function without calling it.
    const open = openBracket(before);
    if (open?.before.at(-1)?.image === "selector" && decl.kind !== "mixin") return uncalled(openFunctions(place, decl.node.name.text));
    const scope = decl.kind === "interface" ? undefined : context.scopes.get(decl.node);
    if (scope === undefined) return [];
    const word = before.at(-3)?.image;
    const head = statementHead(before);
    const wantsEvent = word === "emit" || (head.includes("emit") && head.includes("expect"));
    const wantsError = word === "revert" || word === "else";
    return [
      ...(wantsEvent ? [] : outcomesOf(place, context, scope, "error")),
      ...(wantsError ? [] : outcomesOf(place, context, scope, "event")),
    ];
  }
  const prefix = `${name}.`;
  const words = [...CONTEXT_WORDS].filter(([key]) => key.startsWith(prefix) && name !== "self");
  const functions = [...BUILTIN_FUNCTIONS].filter(([key]) => key.startsWith(prefix));
  return [
    ...words.map(([key, text]) => word(key.slice(prefix.length), 6, text)),
    ...functions.map(([key, { text }]) => call(place, key.slice(prefix.length), text)),
  ];
}

/** `a.` in the condition of an assertion: parameters of the function behind `a`, and who calls with how much. */
function claimMembers(place: Place, binder: string): readonly CompletionItem[] {
  const { before, scope, completing } = place;
  const { context } = completing.view.snapshot.facts() ?? {};
  const at = before.findLastIndex(({ image }, i) => image === binder && before.at(i + 1)?.image === ":");
  const target = before.at(at + 2)?.image;
  const symbol = context === undefined || scope === undefined || target === undefined ? undefined : findMember(context, scope, target);
  const params = symbol === undefined ? [] : (paramsOf(symbol) ?? []);
  return [
    ...params.map((param) => word(param.name.text, 6, "")),
    ...["caller", "value"].map((name) => word(name, 6, CONTEXT_WORDS.get(name) ?? "")),
  ];
}

export function membersOfType(place: Place, type: Type): readonly CompletionItem[] {
  const { context } = place.completing.view.snapshot.facts() ?? {};
  if (context === undefined) return [];
  if (type.kind === "struct")
    return type.fields.map((field) => {
      const symbol = memberOfType(context, type, field.name);
      return { label: field.name, kind: 5, detail: showType(field.type), ...documented(symbol === undefined ? "" : docOf(symbol)) };
    });
  if (type.kind === "tuple")
    return type.elements.flatMap(({ name, type: of }) => (name === undefined ? [] : [{ label: name, kind: 5, detail: showType(of) }]));
  if (type.kind === "handle") return openFunctions(place, type.name);
  return [...(METHODS.get(type.kind) ?? [])].map(([name, text]) => call(place, name, text));
}

function call({ completing }: Place, name: string, text: string): CompletionItem {
  return word(name, 2, text, completing.snippets ? `${name}($0)` : `${name}(`);
}
