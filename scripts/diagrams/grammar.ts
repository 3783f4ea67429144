/**
 * The grammar as it is recorded by the parser, as railroad tracks: one diagram per rule that a file can reach, and one per group of
 * operators. What the parser reads by hand instead (which words are names where) stands in docs/language.md.
 */
import type { TokenType } from "chevrotain";
import { WeftParser } from "../../grammar/parser.ts";
import { allTokens } from "../../grammar/tokens.ts";
import type { Track } from "./railroad.ts";

export interface Diagram {
  readonly name: string;
  readonly id: string;
  readonly track: Track;
}

/** A part of a rule as the parser library records it. */
interface Part {
  readonly type: string;
  /** Of the token or the rule; empty for what has parts. */
  readonly name: string;
  readonly parts: readonly Part[];
}

const START = "fileItems";
/** The parser repeats this rule's body in others, to save frames of the stack. */
const REPEATED = "account";
/** Here the comma belongs to each item: after a block it can be left out. */
const OWN_COMMAS = "matchArms";

const NAMES: ReadonlyMap<string, string> = new Map([
  ["fileItems", "file"],
  ["account", "operand"],
  ["attachedValue", "attached value"],
  ["typeExpr", "type"],
  ["assignOp", "assignment"],
  ["orElse", "else error"],
]);

/** Kinds of tokens that get a diagram of their own, and how it is called. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ["BinaryOperator", "operator"],
  ["PrefixOperator", "prefix"],
  ["AssignOperator", "assignment operator"],
  ["Access", "access"],
]);

export function grammarDiagrams(): readonly Diagram[] {
  const rules = new Map(
    new WeftParser(true)
      .getSerializedGastProductions()
      .map(partOf)
      .map(({ name, parts }) => [name, parts]),
  );
  const reached = new Set([START]);
  const groups = new Set<string>();
  const diagrams: Diagram[] = [];
  for (const name of reached) {
    const track = sequence(folded(rules.get(name) ?? [], name, rules.get(REPEATED) ?? []), name);
    diagrams.push({ name: shownName(name), id: idOf(shownName(name)), track });
    for (const part of mentioned(folded(rules.get(name) ?? [], name, rules.get(REPEATED) ?? []))) {
      if (part.type === "NonTerminal") reached.add(part.name);
      else if (GROUPS.has(part.name)) groups.add(part.name);
    }
  }
  return [...diagrams, ...[...groups].map(groupDiagram)];
}

function groupDiagram(category: string): Diagram {
  const tokens = allTokens.filter(({ CATEGORIES }) => (CATEGORIES ?? []).some(({ name }) => name === category));
  const name = GROUPS.get(category) ?? category;
  return { name, id: idOf(name), track: { kind: "choice", items: tokens.map((token) => ({ kind: "token", text: textOf(token) })) } };
}

function partOf(recorded: object): Part {
  const type = "type" in recorded ? String(recorded.type) : "";
  const name = "name" in recorded ? String(recorded.name) : "";
  const parts: unknown[] = "definition" in recorded && Array.isArray(recorded.definition) ? recorded.definition : [];
  return { type, name, parts: parts.flatMap((part) => (typeof part === "object" && part !== null ? [partOf(part)] : [])) };
}

/** The repeated body, wherever it stands, as the rule that it is. */
function folded(parts: readonly Part[], rule: string, body: readonly Part[]): readonly Part[] {
  if (rule === REPEATED) return parts;
  const out: Part[] = [];
  for (let at = 0; at < parts.length; at++) {
    const here = parts.slice(at, at + body.length);
    if (body.length > 0 && here.length === body.length && here.every((part, index) => sameShape(part, body[index]))) {
      out.push({ type: "NonTerminal", name: REPEATED, parts: [] });
      at += body.length - 1;
    } else {
      const part = parts[at];
      out.push({ ...part, parts: folded(part.parts, rule, body) });
    }
  }
  return out;
}

/** Equal but for the numbers that tell apart the places of one token. */
function sameShape(a: Part, b: Part): boolean {
  if (a.type !== b.type || a.name !== b.name || a.parts.length !== b.parts.length) return false;
  return a.parts.every((part, index) => sameShape(part, b.parts[index]));
}

function mentioned(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part) => [part, ...mentioned(part.parts)]);
}

function sequence(parts: readonly Part[], rule: string): Track {
  const items: Track[] = [];
  for (let at = 0; at < parts.length; at++) {
    const next = parts.at(at + 1);
    const [separator, ...again] = next?.type === "Repetition" ? next.parts : [];
    // `x { "," x }`
    if (separator !== undefined && again.length === 1 && sameShape(again[0], parts[at])) {
      items.push({ kind: "loop", item: trackOf(parts[at], rule), between: trackOf(separator, rule) });
      at++;
    } else items.push(trackOf(parts[at], rule));
  }
  return items.length === 1 ? items[0] : { kind: "sequence", items };
}

function trackOf(part: Part, rule: string): Track {
  const { parts } = part;
  switch (part.type) {
    case "Terminal":
      return terminal(part);
    case "NonTerminal":
      return { kind: "rule", text: shownName(part.name), href: `#${idOf(shownName(part.name))}` };
    case "Alternation":
      return { kind: "choice", items: parts.map((one) => trackOf(one, rule)) };
    case "Option":
      return { kind: "optional", item: sequence(parts, rule) };
    case "Repetition":
      return { kind: "optional", item: repeated(parts, rule) };
    case "RepetitionMandatory":
      return repeated(parts, rule);
    default:
      return sequence(parts, rule);
  }
}

/** `{ x [","] }` is a list whose last item may have a comma too; `{ x [op] }` are operands between operators. */
function repeated(parts: readonly Part[], rule: string): Track {
  const last = parts.at(-1);
  if (last?.type !== "Option" || parts.length < 2 || rule === OWN_COMMAS)
    return { kind: "loop", item: sequence(parts, rule), between: undefined };
  const item = sequence(parts.slice(0, -1), rule);
  const between = sequence(last.parts, rule);
  const list: Track = { kind: "loop", item, between };
  return between.kind === "token" ? { kind: "sequence", items: [list, { kind: "optional", item: between }] } : list;
}

function terminal(part: Part): Track {
  const group = GROUPS.get(part.name);
  if (group !== undefined) return { kind: "rule", text: group, href: `#${idOf(group)}` };
  const token = allTokens.find(({ name }) => name === part.name);
  return { kind: "token", text: token === undefined ? part.name : textOf(token) };
}

function textOf(token: TokenType): string {
  return (token.LABEL ?? token.name).replace(/^`(.*)`$/, "$1").replace(/^an? /, "");
}

/** `ifStmt` is the "if statement". */
function shownName(rule: string): string {
  const known = NAMES.get(rule);
  if (known !== undefined) return known;
  const words = rule.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words
    .replace(/ stmt$/, " statement")
    .replace(/ expr$/, " expression")
    .replace(/ decl$/, "");
}

function idOf(name: string): string {
  return name.replaceAll(" ", "-");
}
