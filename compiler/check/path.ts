/**
 * Members and indexes: `self.proposals[id].yes`, `block.time`, `Status.Pending`, `pair.a`, `list[i]`. A path that starts at a state field
 * stays a place as long as its steps lead through maps, structs and tuples; then it becomes a value.
 */
import type { Expr as ExprNode, IndexExpr, MemberExpr, Name, NameExpr, Span } from "../../grammar/ast.ts";
import { showType } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { ContextName, Expr, Field, Site, StatePlace } from "../typed/tree.ts";
import { checkAs } from "./coerce.ts";
import { ADDRESS, findLocal, literal, node as fresh, poison, report, showPlace, siteOf, U256, U64 } from "./context.ts";
import type { Body, Decl } from "./context.ts";
import { unknownMember, unknownName } from "./lookup.ts";
import { enumType, showDecl } from "./resolve-type.ts";

export type Path =
  | { readonly kind: "value"; readonly expr: Expr }
  /** May still name a whole map or a sequence, which no value can be. */
  | {
      readonly kind: "place";
      readonly field: Field;
      readonly keys: readonly Expr[];
      readonly path: readonly number[];
      readonly type: Type;
      readonly site: Site;
    };

type Step = MemberExpr | IndexExpr;

/** Like `checkExpr`, but state stays a place. */
export function checkPath(body: Body, node: ExprNode): Path {
  const steps: Step[] = [];
  let root: ExprNode = node;
  for (; root.kind === "member" || root.kind === "index"; root = root.object) steps.push(root);
  steps.reverse();
  let [path, taken] = checkRoot(body, root, steps);
  for (; taken < steps.length; taken++) path = step(body, path, steps[taken]);
  return path;
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
  return { kind: "place", field, keys: [], path: [], type: field.type, site: siteOf(body.file, span) };
}

const CONTEXT: ReadonlyMap<string, { readonly name: ContextName; readonly type: Type }> = new Map([
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
  if (index !== -1) return literal(body, node.span, type, { kind: "enum", value: index });
  unknownMember(body, `enum \`${type.name}\``, "variant", node.name, type.variants);
  return poison(body, node.span);
}

/** A word of the call's context, where there is a call. */
export function context(body: Body, span: Span, name: ContextName, type: Type): Expr {
  if (body.kind === "free" || body.kind === "constant" || body.kind === "test") {
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
      return { ...path, keys: [...path.keys, key], type: path.type.value, site };
    }
    if (node.kind === "member" && (path.type.kind === "struct" || path.type.kind === "tuple")) {
      const member = findMember(body, path.type, node.name);
      return member === undefined
        ? value(poison(body, node.span))
        : { ...path, path: [...path.path, member.index], type: member.type, site };
    }
    if (node.kind === "member") return value(noMember(body, path.type, node));
  }
  return value(stepValue(body, toValue(body, path), node));
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
    return { ...fresh(body, node.span), kind: "element", type: type.element, list: object, index };
  }
  if (type.kind !== "struct" && type.kind !== "tuple") return noMember(body, type, node);
  const member = findMember(body, type, node.name);
  if (member === undefined) return poison(body, node.span);
  return { ...fresh(body, node.span), kind: "member", type: member.type, object, index: member.index };
}

function noMember(body: Body, type: Type, node: MemberExpr): Expr {
  if (type.kind !== "poison") unknownMember(body, `\`${showType(type)}\``, "member", node.name, []);
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
  if (place === undefined) return { ...literal(body, path.site.span, { kind: "poison" }, { kind: "bool", value: false }) };
  return { id: body.program.nextTypedId(), site: path.site, kind: "load", type: place.type, place };
}

/** The place as one entry; a whole map or a sequence is reported. */
export function entry(body: Body, path: Extract<Path, { kind: "place" }>): StatePlace | undefined {
  if (path.type.kind === "map" || path.type.kind === "sequence") {
    const help = path.type.kind === "map" ? "index it: `m[key]`" : `draw a number: \`self.${path.field.name}.next()\``;
    body.program.reporter.report("E0321", path.site, { what: path.type.kind === "map" ? "a whole map" : "a sequence" }, { help });
    return undefined;
  }
  return { field: path.field, keys: path.keys, path: path.path, type: path.type, site: path.site };
}

function value(expr: Expr): Path {
  return { kind: "value", expr };
}
