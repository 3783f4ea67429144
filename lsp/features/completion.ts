/**
 * Completion: what can stand at a place. The tokens before it tell what is asked for (a member, a type, an event …), in files that don't parse too;
 * names and types come from what the checker last found out.
 */
import type { CompletionItem } from "vscode-languageserver";
import type { IToken } from "chevrotain";
import type { Type } from "../../compiler/core/types.ts";
import { KEYWORDS } from "../symbols/builtins.ts";
import { fileName, variantOf } from "../symbols/names.ts";
import { exprAt, nodesAt } from "../symbols/nodes.ts";
import { fieldSymbol, structLiteralFields } from "../symbols/symbol.ts";
import {
  declared,
  distinct,
  guards,
  importable,
  importNames,
  item,
  keywords,
  languageItems,
  locals,
  localSymbols,
  openFunctions,
  outcomes,
  snippets,
  TYPE_KINDS,
  typeNames,
  uncalled,
  VALUE_KINDS,
  word,
} from "./completion-items.ts";
import { membersBefore } from "./completion-members.ts";
import {
  blockHead,
  depthOf,
  isAfterCondition,
  isTypePlace,
  openBracket,
  placeOf,
  startsStatement,
  statementHead,
} from "./completion-place.ts";
import type { Completing, Place } from "./completion-place.ts";
import { importTarget } from "../../compiler/modules/load.ts";

export function complete(completing: Completing): readonly CompletionItem[] {
  const place = placeOf(completing);
  if (place === undefined) return [];
  if (place.within?.image.startsWith('"') === true) return inString(place, place.within);
  if (place.within !== undefined) return accounts(place, place.within);
  // These characters ask by themselves, and mean something only where a string or an account begins.
  if (completing.typed === '"' || completing.typed === "/" || completing.typed === "@") return [];
  return distinct(itemsAt(place));
}

function itemsAt(place: Place): readonly CompletionItem[] {
  const { before } = place;
  const last = before.at(-1)?.image ?? "";
  const head = statementHead(before);
  const open = openBracket(before);
  if (open?.image === "{" && open.before.at(-1)?.image === "import") return importedNames(place, open.inside);
  if (last === ".") return membersBefore(place);
  if (isTypePlace(before))
    return [...declared(place, ["struct", "enum", "contract", "interface"]), ...typeNames(), ...importable(place, TYPE_KINDS)];
  const depth = depthOf(before);
  const around = blockHead(before);
  if (depth === 0) return atTop(place, head);
  if (depth === 1 && (around === "contract" || around === "mixin")) return inContract(place, head);
  if (depth === 1 && around === "interface")
    return startsStatement(before) ? keywords(["pub fn", "view fn", "payable fn"]) : accessWords(last);
  if (depth === 1 && (around === "struct" || around === "enum")) return [];
  if (around === "import") return [];
  return inBody(place, head, around === "test");
}

// --- outside of bodies ---------------------------------------------------------------------------------------------------

function atTop(place: Place, head: readonly string[]): readonly CompletionItem[] {
  const last = head.at(-1) ?? "";
  if (head.length === 0 || startsStatement(place.before)) return [...keywords(KEYWORDS.item), ...snippets(place, "item")];
  return headWords(place, head, last) ?? [];
}

/** Between the name of a declaration and its body. Undefined where nothing of that is meant. */
function headWords(place: Place, head: readonly string[], last: string): readonly CompletionItem[] | undefined {
  const clause = head.findLast((one) => one === "uses" || one === "implements" || one === "with");
  const isList = last === clause || last === ",";
  if (clause === "with" && !isOpen(place)) return isList ? guards(place) : [];
  if (clause === "uses") return isList ? declared(place, ["mixin"]) : keywords(head[0] === "contract" ? ["implements"] : []);
  if (clause === "implements") return isList ? declared(place, ["interface"]) : [];
  if ((head[0] === "contract" || head[0] === "mixin") && head.length >= 2)
    return keywords(head[0] === "contract" ? ["uses", "implements"] : ["uses"]);
  if (last === ")" && head.includes("fn") && place.scope !== undefined && !head.includes("->")) return keywords(["with"]);
  if (head[0] === "import" || place.before.at(-1)?.image === "}") return [];
  return undefined;
}

/** In parentheses. */
function isOpen({ before }: Place): boolean {
  return openBracket(before)?.image === "(";
}

function inContract(place: Place, head: readonly string[]): readonly CompletionItem[] {
  const { before } = place;
  const last = head.at(-1) ?? "";
  if (startsStatement(before)) return [...keywords(KEYWORDS.member), ...snippets(place, "member")];
  if (head[0] === "parallel") return inClaim(place, head, last);
  if (head[0] === "event" && (last === "(" || last === ",")) return keywords(["indexed"]);
  const words = headWords(place, head, last);
  if (words !== undefined) return words;
  if (head.includes("with") || last === "=") return expressionItems(place, "contract");
  return accessWords(last);
}

function accessWords(last: string): readonly CompletionItem[] {
  if (last === "pub" || last === "view") return keywords(["fn"]);
  return last === "payable" ? keywords(["fn", "init"]) : [];
}

/** `parallel (a: f, b: g) when …` */
function inClaim(place: Place, head: readonly string[], last: string): readonly CompletionItem[] {
  if (head.includes("when")) {
    const binders = head.filter((_, i) => head[i + 1] === ":");
    return [...binders.map((name) => word(name, 6, "")), ...declared(place, ["const"])];
  }
  if (last === ")") return keywords(["when"]);
  if (last !== ":") return [];
  const contract = place.scope?.name ?? "";
  return uncalled(openFunctions(place, contract));
}

// --- in bodies -----------------------------------------------------------------------------------------------------------

function inBody(place: Place, head: readonly string[], isTest: boolean): readonly CompletionItem[] {
  const { before } = place;
  const last = before.at(-1)?.image ?? "";
  const fields = literalFields(place);
  if (fields !== undefined) return fields;
  if (last === "emit") return [...outcomes(place, "event"), ...(head.includes("expect") ? keywords(["none"]) : [])];
  if (last === "revert" || (last === "else" && isAfterCondition(before))) return outcomes(place, "error");
  if (last === "," && !isOpen(place) && head.includes("expect") && head.includes("emit")) return outcomes(place, "event");
  if (last === "create" || last === "deploy") return declared(place, ["contract"]);
  if (isTest) {
    const found = testWords(place, head, last);
    if (found !== undefined) return found;
  }
  const isStart = startsStatement(before);
  const arms = isStart || last === "," ? armsOf(place) : undefined;
  if (arms !== undefined) return arms;
  if (last === "let" && head.includes("if")) return [...keywords(["some"]), ...declared(place, ["enum"])];
  if (last === "let" || last === "var" || last === "for") return [];
  const next = nextWord(place, head);
  if (next === "in") return keywords(["in"]).map(first);
  const afterIf = last === "}" && before.findLast(({ image }) => image === "if" || image === ";")?.image === "if";
  const words = isStart ? keywords(isTest ? KEYWORDS.testStatement : KEYWORDS.statement) : [];
  return [
    ...words,
    ...(next === "else" ? keywords(["else"]).map(first) : []),
    ...(afterIf ? keywords(["else"]) : []),
    ...(isStart ? snippets(place, isTest ? "test" : "statement") : []),
    ...expressionItems(place, isTest ? "test" : place.container === "" ? "free" : "contract"),
  ];
}

/** `for i` goes on with `in`, and the finished condition of a `require` with `else`. */
function nextWord({ before, completing: { view }, offset }: Place, head: readonly string[]): "in" | "else" | undefined {
  const last = before.at(-1)?.image ?? "";
  if (head[0] === "for" && !head.includes("in") && /^[A-Za-z_)]/.test(last)) return "in";
  if (head[0] !== "require" || head.includes("else") || openBracket(before)?.image === "(") return undefined;
  // What ends an expression: a name, a number, a string, a closing bracket. Words that want more of it don't.
  const isEnd = /^(?:[\w")\]}@]|true|false)/.test(last) && !WANTS_MORE.has(last);
  const isApart = /\s$/.test(view.file.source.padded.slice(0, offset).replace(/\w+$/, ""));
  return isEnd && isApart ? "else" : undefined;
}

const WANTS_MORE: ReadonlySet<string> = new Set(["require", "as", "is", "in", "if", "match"]);

function first(one: CompletionItem): CompletionItem {
  return { ...one, sortText: ` ${one.label}`, preselect: true };
}

function expressionItems(place: Place, where: "test" | "contract" | "free"): readonly CompletionItem[] {
  const words = KEYWORDS.expression.filter((one) => (one === "self" || one === "create" ? where === "contract" : true));
  return [
    ...locals(place),
    ...keywords(where === "test" ? [...words, "deploy"] : words),
    ...declared(place, ["const", "enum", "struct", "function", "contract", "interface"]),
    ...languageItems(where),
    ...importable(place, VALUE_KINDS),
  ];
}

/** What only tests have. Undefined where nothing of that is meant. */
function testWords(place: Place, head: readonly string[], last: string): readonly CompletionItem[] | undefined {
  if (last === "advance") return keywords(["time", "height"]);
  if (last === "parallel") return keywords(["block"]);
  if (head[0] === "fuzz") return fuzzWords(place, head, last);
  // Behind a call: who makes it, with how much, and what must come of it.
  if (/^(?:\)|@\w+|\d\w*)$/.test(last) && !isOpen(place)) {
    const isExpected = head[0] === "expect" && !head.includes("revert") && !head.includes("emit");
    const tails = KEYWORDS.callTail.filter((one) => (one === "revert" || one === "emit" ? isExpected : !head.includes(one)));
    return keywords(tails);
  }
  return undefined;
}

/** `fuzz token, vault only transfer, deposit calls 200` */
function fuzzWords(place: Place, head: readonly string[], last: string): readonly CompletionItem[] {
  const handles = localSymbols(place).flatMap((symbol) => {
    const type = symbol.source.kind === "local" ? symbol.source.local?.type : undefined;
    return type?.kind === "handle" ? [{ symbol, owner: type.name }] : [];
  });
  const isList = last === "," || last === "fuzz" || last === "only";
  if (head.includes("calls")) return last === "calls" ? expressionItems(place, "test") : [];
  if (!head.includes("only")) return isList ? handles.flatMap(({ symbol }) => item(place, symbol)) : keywords(["only", "calls"]);
  if (!isList) return keywords(["calls"]);
  const targets = handles.filter(({ symbol }) => head.slice(1, head.indexOf("only")).includes(symbol.name));
  // Calls are made of what changes something: views and getters have nothing to find out.
  return targets.flatMap(({ owner }) =>
    uncalled(openFunctions(place, owner)).filter(({ detail = "" }) => /^(?:pub|payable) fn/.test(detail)),
  );
}

/** Fields of the struct or variant whose literal is around the place. */
function literalFields(place: Place): readonly CompletionItem[] | undefined {
  const open = openBracket(place.before);
  const last = place.before.at(-1)?.image;
  if (open?.image !== "{" || (last !== "{" && last !== ",")) return undefined;
  const [qualifier, dot, name] = [open.before.at(-3)?.image, open.before.at(-2)?.image, open.before.at(-1)?.image ?? ""];
  const { view } = place.completing;
  const { context } = view.snapshot.facts() ?? {};
  if (context === undefined) return undefined;
  const decl = fileName(context, view.path, dot === "." ? (qualifier ?? "") : name);
  const fields = decl === undefined ? undefined : structLiteralFields(decl, name);
  if (fields === undefined || decl === undefined || decl.kind === "poison") return undefined;
  // `contract C uses M {` and `match Shape.Box {` aren't literals.
  if (decl.kind === "struct" && dot !== undefined && ["struct", "implements", "uses"].includes(dot)) return undefined;
  const written = new Set(open.inside.flatMap(({ image }, i) => (open.inside.at(i + 1)?.image === ":" ? [image] : [])));
  return fields
    .filter((field) => !written.has(field.name.text))
    .flatMap((field) => item(place, fieldSymbol(decl.file.path, decl.node.name.text, field)))
    .map((one) => ({ ...one, insertText: `${one.label}: ` }));
}

/** Where an arm of a `match` begins: the variants of what is matched, or `some` and `none`. */
function armsOf(place: Place): readonly CompletionItem[] | undefined {
  const { before, completing } = place;
  const open = openBracket(before);
  if (open?.image !== "{") return undefined;
  const at = open.before.findLastIndex(({ image }) => image === "match");
  const subject = open.before.slice(at + 1);
  if (at === -1 || subject.length === 0 || subject.some(({ image }) => [";", "{", "}"].includes(image))) return undefined;
  const { view } = completing;
  const facts = view.snapshot.facts();
  const type = typeEnding(place, subject[subject.length - 1]);
  const rest = word("_", 14, "All others.", "_ => ");
  if (type?.kind === "option")
    return [
      word("some", 14, "A value.", completing.snippets ? "some(${1:value}) => $0" : "some("),
      word("none", 14, "No value.", "none => "),
      rest,
    ];
  if (type?.kind !== "enum" || facts === undefined) return [...declared(place, ["enum"]), ...keywords(["some", "none", "_"])];
  const decl = [...(facts.context.files.get(view.path)?.names ?? [])].find(
    ([, one]) => one.kind === "enum" && facts.context.enums.get(one.node) === type,
  );
  if (decl?.[1].kind !== "enum") return undefined;
  const [name, { node, file }] = decl;
  const written = new Set(open.inside.flatMap(({ image }, i) => (open.inside.at(i - 1)?.image === "." ? [image] : [])));
  const variants = node.variants.filter((one) => !written.has(one.name.text));
  return [
    ...variants.flatMap((one) => {
      const { payload } = one;
      const inner =
        payload.kind === "tuple"
          ? `(${payload.types.map((_, i) => String.fromCharCode(97 + (i % 26))).join(", ")})`
          : payload.kind === "record"
            ? ` { ${payload.fields.map((field) => field.name.text).join(", ")} }`
            : "";
      const label = `${name}.${one.name.text}`;
      return item(place, variantOf(file.path, node, one.name.text), label).map((made) => ({ ...made, insertText: `${label}${inner} => ` }));
    }),
    rest,
  ];
}

function typeEnding({ completing: { view } }: Place, token: IToken): Type | undefined {
  const end = token.startOffset + token.image.length;
  const facts = view.snapshot.facts();
  const match = nodesAt(view.tree, end).findLast((node) => node.kind === "match" || node.kind === "matchExpr");
  const subject = match?.kind === "match" || match?.kind === "matchExpr" ? match.subject : exprAt(view.tree, end);
  return subject === undefined ? undefined : facts?.typeOf(subject);
}

// --- imports, strings, accounts ------------------------------------------------------------------------------------------

function importedNames(place: Place, inside: readonly IToken[]): readonly CompletionItem[] {
  const last = inside.at(-1)?.image;
  if (last === "as") return [];
  if (last !== undefined && last !== ",") return keywords(["as"]);
  const { view } = place.completing;
  const decl = view.tree.items.findLast(({ kind, span }) => kind === "import" && span.start <= place.offset);
  const from = decl?.kind === "import" && decl.span.end >= place.offset && decl.from !== "" ? decl.from : undefined;
  return importNames(place, from === undefined ? undefined : importTarget(view.path, from), new Set(inside.map(({ image }) => image)));
}

function inString(place: Place, token: IToken): readonly CompletionItem[] {
  const { view, exported } = place.completing;
  if (place.before.at(-1)?.image !== "from") return [];
  const { source } = view.file;
  // Up to the end of the string, also where it has none yet.
  const rest = /^[^"\n\r;]*/.exec(source.padded.slice(token.startOffset + 1))?.[0].trimEnd() ?? "";
  const range = source.range({ start: token.startOffset + 1, end: Math.max(place.offset, token.startOffset + 1 + rest.length) });
  const paths = [...new Set(exported.filter(({ path }) => path !== view.path).map(({ from }) => from))];
  return paths.map((path) => ({ label: path, kind: 17, filterText: path, textEdit: { range, newText: path } }));
}

/** `@name`: the accounts that the file has, and the usual ones. */
function accounts(place: Place, token: IToken): readonly CompletionItem[] {
  const { view } = place.completing;
  const range = view.file.source.range({ start: token.startOffset, end: place.offset });
  const known = [...view.file.source.real.matchAll(/@([A-Za-z_]\w*)/g)].map(([, name]) => name).slice(0, MAX_ACCOUNTS);
  return [...new Set(["alice", "bob", "carol", ...known])].map((name) => ({
    label: `@${name}`,
    kind: 12,
    filterText: `@${name}`,
    textEdit: { range, newText: `@${name}` },
  }));
}

const MAX_ACCOUNTS = 500;
