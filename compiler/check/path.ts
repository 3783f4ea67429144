/**
 * Members and indexes: `self.proposals[id].yes`, `block.time`, `Status.Pending`, `pair.a`, `list[i]`. A path that starts at a state field
 * stays a place as long as its steps lead through maps, structs and tuples; then it becomes a value.
 */
import type { Expr as ExprNode, IndexExpr, MemberExpr, Name, NameExpr, Span } from "../../grammar/ast.ts";
import { hasPayload, showType } from "../core/types.ts";
import type { EnumType, Type } from "../core/types.ts";
import type { ContextName, Expr, Field, Site, StatePlace, Stmt } from "../typed/tree.ts";
import { checkAs } from "./coerce.ts";
import { ADDRESS, findLocal, literal, node as fresh, poison, report, showPlace, siteOf, U256, U64 } from "./context.ts";
import type { Body, Decl } from "./context.ts";
import { isConstant, keep, spellKey } from "./copy.ts";
import { unknownMember, unknownName } from "./lookup.ts";
import { enumType, showDecl } from "./resolve-type.ts";

export type Path =
  | { readonly kind: "value"; readonly expr: Expr }
  /** May still name a whole map, set or sequence, which no value can be. */
  | {
      readonly kind: "place";
      readonly field: Field;
      /** What its keys need to have been computed before. */
      readonly lets: readonly Stmt[];
      readonly keys: readonly Expr[];
      readonly path: readonly number[];
      readonly type: Type;
      readonly site: Site;
    };

export type Place = Extract<Path, { kind: "place" }>;

type Step = MemberExpr | IndexExpr;

/** Like `checkExpr`, but state stays a place. */
export function checkPath(body: Body, node: ExprNode): Path {
  const steps: Step[] = [];
  let root: ExprNode = node;
  for (; root.kind === "member" || root.kind === "index"; root = root.object) steps.push(root);
  steps.reverse();
  let [path, taken] = checkRoot(body, root, steps);
  const { observer } = body.program;
  if (taken > 0) observer?.expr(steps[taken - 1], typeOf(path));
  for (; taken < steps.length; taken++) {
    path = step(body, path, steps[taken]);
    observer?.expr(steps[taken], typeOf(path));
  }
  return path;
}

function typeOf(path: Path): Type {
  return path.kind === "place" ? path.type : path.expr.type;
}

/** The root with the steps that belong to it: `self.x`, `block.time` and `Status.Pending` are one thing each. */
function checkRoot(body: Body, root: ExprNode, steps: readonly Step[]): [Path, number] {
  const first = steps.at(0);
  if (first?.kind === "member") {
    if (root.kind === "self") return [checkSelfMember(body, first), 1];
    if (root.kind === "name" && findLocal(body, root.name) === undefined) {
      const special = checkQualified(body, root, first);
      if (special !== undefined) return [value(special), 1];
    }
  }
  return [value(body.program.check(body, root, undefined)), 0];
}

function checkSelfMember(body: Body, node: MemberExpr): Path {
  const { name, span } = node;
  if (body.members === undefined) {
    report(body, "E0213", node.object.span, { where: showPlace(body) });
    return value(poison(body, span));
  }
  if (name.text === "address") return value(context(body, span, "self.address", ADDRESS));
  if (name.text === "balance") return value({ ...fresh(body, span), kind: "selfBalance", type: U256 });
  const field = body.members.fields.get(name.text);
  if (field === undefined) {
    if (body.members.functions.has(name.text)) {
      report(
        body,
        "E0210",
        span,
        { name: name.text, found: "a function", expected: "a value" },
        { help: `call it: \`self.${name.text}(…)\`` },
      );
    } else unknownName(body, "state", name, body.members.fields.keys());
    return value(poison(body, span));
  }
  if (field.type.kind === "poison") return value(poison(body, span));
  if (field.kind === "immutable") return value({ ...fresh(body, span), kind: "immutable", type: field.type, field });
  return { kind: "place", field, lets: [], keys: [], path: [], type: field.type, site: siteOf(body.file, span) };
}

export const CONTEXT: ReadonlyMap<string, { readonly name: ContextName; readonly type: Type }> = new Map([
  ["block.height", { name: "block.height", type: U64 }],
  ["block.time", { name: "block.time", type: U64 }],
  ["chain.id", { name: "chain.id", type: U256 }],
]);

/** `block.time`, `Status.Pending`; undefined if the name before the dot is an ordinary value or unknown. */
function checkQualified(body: Body, root: NameExpr, node: MemberExpr): Expr | undefined {
  const decl = body.file.names.get(root.name);
  if (decl !== undefined) return checkDeclMember(body, decl, root, node);
  if (root.name !== "block" && root.name !== "chain") return undefined;
  const known = CONTEXT.get(`${root.name}.${node.name.text}`);
  if (known !== undefined) return context(body, node.span, known.name, known.type);
  const names = [...CONTEXT.keys()].filter((key) => key.startsWith(`${root.name}.`)).map((key) => key.slice(root.name.length + 1));
  unknownMember(body, `\`${root.name}\``, "member", node.name, names);
  return poison(body, node.span);
}

function checkDeclMember(body: Body, decl: Decl, root: NameExpr, node: MemberExpr): Expr | undefined {
  if (decl.kind === "const" || decl.kind === "poison") return undefined;
  if (decl.kind !== "enum") {
    report(body, "E0210", root.span, { name: root.name, found: showDecl(decl), expected: "a value" });
    return poison(body, node.span);
  }
  const type = enumType(body.program, decl.file, decl.node);
  if (type.kind !== "enum") return poison(body, node.span);
  const index = type.variants.indexOf(node.name.text);
  if (index !== -1) return bareVariant(body, node, type, index);
  unknownMember(body, `enum \`${type.name}\``, "variant", node.name, type.variants);
  return poison(body, node.span);
}

/** A variant that is named without values: right for those that carry none. */
function bareVariant(body: Body, node: MemberExpr, type: EnumType, index: number): Expr {
  if (!hasPayload(type)) return literal(body, node.span, type, { kind: "enum", value: index });
  const payload = type.payloads[index];
  if (payload.length === 0) return { ...fresh(body, node.span), kind: "variant", type, variant: index, args: [] };
  report(body, "E0340", node.span, { name: `${type.name}.${type.variants[index]}`, form: showVariant(type, index) });
  return poison(body, node.span);
}

/** How a variant is written: `Shape.Dot`, `Shape.Circle(…)`, `Shape.Box { w: …, h: … }`. */
export function showVariant(type: EnumType, index: number): string {
  const name = `${type.name}.${type.variants[index]}`;
  const payload = type.payloads[index];
  if (payload.length === 0) return `\`${name}\``;
  if (payload[0].name === undefined) return `\`${name}(${payload.map(() => "…").join(", ")})\``;
  return `\`${name} { ${payload.map((part) => `${part.name}: …`).join(", ")} }\``;
}

/** A word of the call's context, where there is a call. */
export function context(body: Body, span: Span, name: ContextName, type: Type): Expr {
  const noCaller = body.kind === "invariant" && (name === "caller" || name === "value");
  if (body.kind === "free" || body.kind === "constant" || body.kind === "test" || noCaller) {
    report(body, "E0313", span, { name, where: showPlace(body) });
    return poison(body, span);
  }
  return { ...fresh(body, span), kind: "context", type, name };
}

function step(body: Body, path: Path, node: Step): Path {
  if (path.kind === "place") {
    const site = siteOf(body.file, node.span);
    if (node.kind === "index" && path.type.kind === "map") {
      const key = checkAs(body, node.index, path.type.key);
      return key.type.kind === "poison" ? value(poison(body, node.span)) : { ...withKey(body, path, key), type: path.type.value, site };
    }
    if (node.kind === "member" && (path.type.kind === "struct" || path.type.kind === "tuple")) {
      const member = findMember(body, path.type, node.name);
      return member === undefined
        ? value(poison(body, node.span))
        : { ...path, path: [...path.path, member.index], type: member.type, site };
    }
    if (node.kind === "member" && ["map", "set", "sequence", "history"].includes(path.type.kind)) {
      return value(noMember(body, path.type, node));
    }
  }
  return value(stepValue(body, toValue(body, path), node));
}

/** The place one key further in. */
export function withKey(body: Body, path: Place, key: Expr): Place {
  const lets: Stmt[] = [];
  const spelled = spellKey(body, key, lets);
  if (lets.length === 0) return { ...path, keys: [...path.keys, ...spelled] };
  // What is put before the place is computed first, so the keys on its left have to come before it too.
  const before: Stmt[] = [];
  const keys = path.keys.map((one) => keep(body, one, "key", before)());
  return { ...path, lets: [...path.lets, ...before, ...lets], keys: [...keys, ...spelled] };
}

function stepValue(body: Body, object: Expr, node: Step): Expr {
  const type = object.type;
  if (node.kind === "index") {
    if (type.kind !== "list") {
      const index = body.program.check(body, node.index, undefined);
      if (type.kind !== "poison" && index.type.kind !== "poison") report(body, "E0318", node.object.span, { type: showType(type) });
      return poison(body, node.span);
    }
    const index = checkAs(body, node.index, U64);
    return (
      constantElement(body, object, index, node.span) ?? {
        ...fresh(body, node.span),
        kind: "element",
        type: type.element,
        list: object,
        index,
      }
    );
  }
  if (type.kind !== "struct" && type.kind !== "tuple") return noMember(body, type, node);
  const member = findMember(body, type, node.name);
  if (member === undefined) return poison(body, node.span);
  if (isConstant(object)) {
    if (object.kind === "struct") return object.values[member.index];
    if (object.kind === "tuple") return object.elements[member.index];
  }
  return { ...fresh(body, node.span), kind: "member", type: member.type, object, index: member.index };
}

/** The element of a constant list, or the error that there is none; undefined where it is left to run time. */
function constantElement(body: Body, list: Expr, index: Expr, span: Span): Expr | undefined {
  if (list.kind !== "list" || index.kind !== "literal" || index.value.kind !== "int" || !isConstant(list)) return undefined;
  if (index.value.value < BigInt(list.elements.length)) return list.elements[Number(index.value.value)];
  report(body, "E0310", span, { reason: `index ${String(index.value.value)} of a list of ${list.elements.length}` });
  return poison(body, span);
}

function noMember(body: Body, type: Type, node: MemberExpr): Expr {
  if (type.kind === "poison") return poison(body, node.span);
  const known = type.kind === "list" || type.kind === "string" || type.kind === "bytes" ? ["len()"] : [];
  const called = methodsOf(type).includes(node.name.text) || type.kind === "handle";
  const help = called
    ? { help: `it is a function: write \`.${node.name.text}(${node.name.text === "len" ? "" : "…"})\`` }
    : type.kind === "option" || type.kind === "enum"
      ? { help: "take it apart with `match` or `if let`" }
      : {};
  unknownMember(body, `\`${showType(type)}\``, "member", node.name, known, help);
  return poison(body, node.span);
}

function findMember(
  body: Body,
  type: Extract<Type, { kind: "struct" | "tuple" }>,
  name: Name,
): { readonly index: number; readonly type: Type } | undefined {
  const members: readonly { readonly name: string | undefined; readonly type: Type }[] =
    type.kind === "struct" ? type.fields : type.elements;
  const index = members.findIndex((member) => member.name === name.text);
  if (index !== -1) return { index, type: members[index].type };
  const known = members.flatMap((member) => (member.name === undefined ? [] : [member.name]));
  unknownMember(body, `\`${showType(type)}\``, type.kind === "struct" ? "field" : "element", name, known);
  return undefined;
}

export function toValue(body: Body, path: Path): Expr {
  if (path.kind === "value") return path.expr;
  const place = entry(body, path);
  if (place === undefined) return poison(body, path.site.span);
  const load: Expr = { id: body.program.nextTypedId(), site: path.site, kind: "load", type: place.type, place };
  return after(body, path.lets, load);
}

/** An expression behind what has to be computed before it. */
export function after(body: Body, lets: readonly Stmt[], value: Expr): Expr {
  if (lets.length === 0) return value;
  return { id: body.program.nextTypedId(), site: value.site, kind: "seq", type: value.type, body: lets, value };
}

const WHOLE: Readonly<Record<"map" | "set" | "sequence", { readonly what: string; readonly help: (name: string) => string }>> = {
  map: { what: "a whole map", help: () => "index it: `m[key]`" },
  set: { what: "a whole set", help: (name) => `ask it: \`self.${name}.has(x)\`, \`self.${name}.len()\`` },
  sequence: { what: "a sequence", help: (name) => `draw a number: \`self.${name}.next()\`` },
};

/** The place as one entry; a whole map, set or sequence is reported. */
export function entry(body: Body, path: Place): StatePlace | undefined {
  const { field, keys, type, site } = path;
  if (type.kind === "map" || type.kind === "set" || type.kind === "sequence") {
    const { what, help } = WHOLE[type.kind];
    body.program.reporter.report("E0321", site, { what }, { help: help(field.name) });
    return undefined;
  }
  return { field, keys, path: path.path, type: type.kind === "history" ? type.value : type, site };
}

function value(expr: Expr): Path {
  return { kind: "value", expr };
}

/** What can be called behind a dot. */
export function methodsOf(type: Type): readonly string[] {
  switch (type.kind) {
    case "list":
      return ["len", "contains", "push", "pop"];
    case "string":
    case "bytes":
      return ["len"];
    case "map":
      return ["has"];
    case "set":
      return ["has", "add", "remove", "len"];
    case "sequence":
      return ["next"];
    case "history":
      return ["at"];
    default:
      return [];
  }
}
