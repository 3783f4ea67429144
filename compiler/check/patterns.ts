/**
 * Patterns: the names a `let` takes a tuple apart into, and the arms of `match` and `if let`. A value is told apart by `isVariant`, or `==` for an
 * enum without payload; what a variant carries is bound by a `let` at the start of its arm.
 */
import type { Expr as ExprNode, MatchPattern, Name, Pattern, Span } from "../../grammar/ast.ts";
import { hasPayload, NONE, payloadsOf, sameType, showType, SOME } from "../core/types.ts";
import type { Type, VariantType } from "../core/types.ts";
import type { Expr, LocalId, Stmt } from "../typed/tree.ts";
import { addHidden, addLocal, BOOL, literal, node as fresh, POISON, report, useLocal } from "./context.ts";
import type { Body } from "./context.ts";
import { wrongDecl } from "./fields.ts";
import { unknownMember } from "./lookup.ts";
import { showVariant } from "./path.ts";
import { enumType } from "./resolve-type.ts";
import { findVariant } from "./variants.ts";

type TuplePattern = Extract<Pattern, { kind: "tuple" }>;
type VariantPattern = Extract<MatchPattern, { kind: "variant" }>;
type LetTuple = Extract<Stmt, { kind: "letTuple" }>;

// --- tuples --------------------------------------------------------------------------------------------------------

/** Declares the names of a tuple pattern. `rest` takes the tuples inside it apart. */
export function bindTuple(
  body: Body,
  pattern: TuplePattern,
  type: Type,
  mutable: boolean,
): { readonly locals: (LocalId | undefined)[]; readonly rest: LetTuple[] } {
  const elements = type.kind === "tuple" && type.elements.length === pattern.elements.length ? type.elements : undefined;
  if (elements === undefined && type.kind !== "poison") {
    const found = type.kind === "tuple" ? `a tuple of ${type.elements.length}` : `\`${showType(type)}\``;
    report(body, "E0322", pattern.span, { found, expected: pattern.elements.length });
  }
  const rest: LetTuple[] = [];
  const locals = pattern.elements.map((element, i) => {
    const part = elements?.[i].type ?? POISON;
    if (element.kind === "bind") return addLocal(body, element.name, part, mutable);
    if (element.kind === "ignore") return undefined;
    const whole = addHidden(body, "part", part, element.span);
    const inner = bindTuple(body, element, part, mutable);
    rest.push({ ...fresh(body, element.span), kind: "letTuple", locals: inner.locals, value: useLocal(body, whole, element.span) });
    rest.push(...inner.rest);
    return whole;
  });
  return { locals, rest };
}

/** Declares the names of a pattern, and gives them their values. */
function bindPattern(body: Body, pattern: Pattern, value: Expr): Stmt[] {
  switch (pattern.kind) {
    case "ignore":
      return [];
    case "bind":
      return [{ ...fresh(body, pattern.name), kind: "let", local: addLocal(body, pattern.name, value.type, false), value }];
    case "tuple": {
      const { locals, rest } = bindTuple(body, pattern, value.type, false);
      return [{ ...fresh(body, pattern.span), kind: "letTuple", locals, value }, ...rest];
    }
  }
}

// --- variants ------------------------------------------------------------------------------------------------------

/** What is taken apart: evaluated once, and then read as often as the arms need it. */
export interface Subject {
  readonly lets: readonly Stmt[];
  readonly type: Type;
  readonly use: () => Expr;
}

export function checkSubject(body: Body, node: ExprNode): Subject {
  const value = body.program.check(body, node, undefined);
  if (value.type.kind === "unit") body.program.reporter.report("E0320", value.site);
  const matched = value.type.kind === "option" || value.type.kind === "enum";
  if (!matched) {
    if (value.type.kind !== "poison" && value.type.kind !== "unit") report(body, "E0337", node.span, { type: showType(value.type) });
    return { lets: [], type: POISON, use: () => literal(body, node.span, POISON, { kind: "bool", value: false }) };
  }
  if (value.kind === "local") return { lets: [], type: value.type, use: () => useLocal(body, value.local, node.span) };
  const local = addHidden(body, "subject", value.type, node.span);
  const kept: Stmt = { ...fresh(body, node.span), kind: "let", local, value };
  return { lets: [kept], type: value.type, use: () => useLocal(body, local, node.span) };
}

/** Names of the variants of a type that can be matched. */
function variantNames(type: Type): readonly string[] {
  if (type.kind === "option") return ["none", "some"];
  return type.kind === "enum" ? type.variants.map((name) => `${type.name}.${name}`) : [];
}

/** What a pattern asks for: one variant, anything, or nothing that could be (the mistake is reported). */
export type Asked = number | "all" | "wrong";

/** Declares the names of the pattern in the innermost scope; `lets` gives them their values. */
export function checkPattern(
  body: Body,
  pattern: MatchPattern,
  subject: Subject,
): { readonly asked: Asked; readonly lets: readonly Stmt[] } {
  switch (pattern.kind) {
    case "wildcard":
      return { asked: "all", lets: [] };
    case "none":
      return { asked: subject.type.kind === "option" ? NONE : misfit(body, pattern.span, subject), lets: [] };
    case "some": {
      const asked = subject.type.kind === "option" ? SOME : misfit(body, pattern.span, subject);
      return { asked, lets: bindPattern(body, pattern.inner, payload(body, pattern.span, subject, asked, 0)) };
    }
    case "variant": {
      const asked = askedVariant(body, pattern, subject);
      return { asked, lets: bindPayload(body, pattern, subject, asked) };
    }
  }
}

function misfit(body: Body, span: Span, subject: Subject): "wrong" {
  if (subject.type.kind !== "poison") report(body, "E0338", span, { type: showType(subject.type) });
  return "wrong";
}

function askedVariant(body: Body, pattern: VariantPattern, subject: Subject): Asked {
  const { enumName, variant, span } = pattern;
  const decl = body.file.names.get(enumName.text);
  if (decl?.kind !== "enum") {
    wrongDecl(body, enumName, decl, "enum");
    return "wrong";
  }
  const type = enumType(body.program, decl.file, decl.node);
  if (type.kind !== "enum") return "wrong";
  const index = findVariant(body, type, variant);
  if (index === undefined || subject.type.kind === "poison") return "wrong";
  if (!sameType(type, subject.type)) return misfit(body, span, subject);
  const wanted = type.payloads[index];
  const form = wanted.length === 0 ? "none" : wanted[0].name === undefined ? "tuple" : "record";
  const fits = pattern.payload.kind === form && (pattern.payload.kind !== "tuple" || pattern.payload.elements.length === wanted.length);
  if (fits) return index;
  const found = pattern.payload.kind === "tuple" ? pattern.payload.elements.length : 0;
  const help =
    form === "tuple" && found > 0
      ? {
          help: `it carries ${values(wanted.length)}, and ${found} ${found === 1 ? "is" : "are"} named here; \`_\` stands for one that isn't needed`,
        }
      : {};
  report(body, "E0340", span, { name: `${type.name}.${type.variants[index]}`, form: showVariant(type, index) }, help);
  return "wrong";
}

function values(count: number): string {
  return count === 1 ? "1 value" : `${count} values`;
}

function bindPayload(body: Body, pattern: VariantPattern, subject: Subject, asked: Asked): Stmt[] {
  switch (pattern.payload.kind) {
    case "none":
      return [];
    case "tuple":
      return pattern.payload.elements.flatMap((element, i) => bindPattern(body, element, payload(body, pattern.span, subject, asked, i)));
    case "record":
      return bindRecord(body, pattern, pattern.payload.names, subject, asked);
  }
}

/** The names of a record are those of its parts, in any order; each part has to be named. */
function bindRecord(body: Body, pattern: VariantPattern, names: readonly Name[], subject: Subject, asked: Asked): Stmt[] {
  const { type } = subject;
  const parts = type.kind === "enum" && typeof asked === "number" ? type.payloads[asked] : [];
  const missing = new Set(parts.map((part) => part.name));
  let unknown = false;
  const lets = names.flatMap((name): Stmt[] => {
    const index = parts.findIndex((part) => part.name === name.text);
    if (index === -1 && parts.length > 0) {
      unknown = true;
      unknownMember(body, `\`${pattern.enumName.text}.${pattern.variant.text}\``, "field", name, [...missing].map(String));
    }
    missing.delete(name.text);
    return bindPattern(body, { kind: "bind", name }, payload(body, name, subject, index === -1 ? "wrong" : asked, index));
  });
  // A name that is misspelt is missing too, and that isn't a second mistake.
  if (missing.size > 0 && !unknown) {
    const fields = [...missing].map((name) => `\`${name}\``).join(", ");
    report(body, "E0315", pattern.variant, { name: `${pattern.enumName.text}.${pattern.variant.text}`, fields });
  }
  return lets;
}

/** What the variant carries at an index; poison where the pattern is wrong. */
function payload(body: Body, span: Span, subject: Subject, asked: Asked, index: number): Expr {
  const carried = isVariantType(subject.type) && typeof asked === "number" ? payloadsOf(subject.type)[asked] : [];
  if (index < 0 || index >= carried.length || typeof asked !== "number") return literal(body, span, POISON, { kind: "bool", value: false });
  return { ...fresh(body, span), kind: "payload", type: carried[index], of: subject.use(), variant: asked, index };
}

function isVariantType(type: Type): type is VariantType {
  return type.kind === "option" || type.kind === "enum";
}

/** Whether the subject is of the variant. */
export function isVariant(body: Body, span: Span, subject: Subject, variant: number): Expr {
  const { type } = subject;
  if (type.kind !== "enum" || hasPayload(type)) return { ...fresh(body, span), kind: "isVariant", type: BOOL, of: subject.use(), variant };
  const right = literal(body, span, type, { kind: "enum", value: variant });
  return { ...fresh(body, span), kind: "binary", type: BOOL, op: "==", left: subject.use(), right };
}

// --- coverage ------------------------------------------------------------------------------------------------------

/** Reports variants without an arm and arms that nothing is left for. */
export function checkCoverage(body: Body, at: Span, type: Type, arms: readonly { readonly asked: Asked; readonly span: Span }[]): void {
  const names = variantNames(type);
  const taken = new Map<number, Span>();
  let rest: Span | undefined;
  let unsure = type.kind === "poison";
  for (const { asked, span } of arms) {
    const before = rest ?? (typeof asked === "number" ? taken.get(asked) : undefined);
    const covered = asked === "all" && rest === undefined && taken.size === names.length && !unsure;
    if (before !== undefined) {
      const notes = [{ path: body.file.path, span: { start: before.start, end: before.end }, text: "this one matches it" }];
      report(body, "E0336", span, {}, { notes });
    } else if (covered) report(body, "E0336", span, {}, { help: "remove it: every variant has an arm" });
    if (asked === "wrong") unsure = true;
    else if (asked === "all") rest ??= span;
    else if (!taken.has(asked)) taken.set(asked, span);
  }
  if (rest !== undefined || unsure || taken.size === names.length) return;
  const missing = names.filter((_, i) => !taken.has(i)).map((name) => `\`${name}\``);
  report(body, "E0335", at, { missing: missing.join(", ") });
}
