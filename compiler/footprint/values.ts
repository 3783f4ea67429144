/** Values in symbolic execution: how they are made, taken apart and asked for. The walk over expressions itself is `evaluate.ts`. */
import { Bug } from "../core/bug.ts";
import { isDynamic, type Type } from "../core/types.ts";
import type { Expr, Site, StatePlace } from "../typed/tree.ts";
import { seen } from "./access.ts";
import { isKnown, substitute } from "./algebra.ts";
import { limited, unknown, UNIT, wordAt, type AccessWord, type Activation, type Context } from "./context.ts";
import type { ArgHead, Sym, Term } from "./footprint.ts";
import type { State } from "./state.ts";

const ADDRESS: Type = { kind: "address" };

export function evaluateAll(context: Context, a: Activation, exprs: readonly Expr[], state: State): readonly Sym[] {
  return exprs.map((expr) => context.evaluate(context, a, expr, state));
}

/** A single value, with what is known of it here. */
export function value(context: Context, a: Activation, expr: Expr, state: State): Term {
  const result = context.evaluate(context, a, expr, state);
  if (result.kind === "members") return unknown("a computed struct", expr.site, expr.type);
  // Each part is marked by itself: of a choice the call may take the other side.
  return limited(
    substitute(result.term, state.refined, (found) => seen(context, found)),
    expr.site,
  );
}

export function keysOf(context: Context, a: Activation, place: StatePlace, state: State): readonly Term[] {
  return place.keys.map((key) => value(context, a, key, state));
}

export function one(term: Term): Sym {
  return { kind: "term", term };
}

/** The n-th further word of the same node. */
export function wordAfter(word: AccessWord, n: number): AccessWord {
  return { ...word, offset: word.offset + n };
}

/** A list, option or enum with payload that the plan can look into: from the calldata, read from state, made or decoded in the call. */
export function isGiven(term: Term): boolean {
  switch (term.kind) {
    case "constant":
    case "context":
    case "loopIndex":
    case "ticket":
    case "past":
    case "op":
    case "unknown":
    case "length":
    case "isVariant":
    case "decoded":
      return false;
    case "if":
      return isKnown(term.cond) && isGiven(term.then) && isGiven(term.otherwise);
    case "param":
    case "immutable":
    case "element":
    case "member":
    case "read":
    case "payload":
    case "made":
      return isKnown(term);
  }
}

/** A part of a list, option, enum or of what was decoded as a value: structs and tuples member by member. */
export function partsOf(term: Term): Sym {
  const members = membersOf(term.type);
  if (members === undefined) return one(term);
  return { kind: "members", members: members.map((type, index) => partsOf({ kind: "member", of: term, index, type })) };
}

/** A value of the type of which nothing is known. */
export function unknownValue(why: string, site: Site, type: Type): Sym {
  const members = membersOf(type);
  if (type.kind === "unit") return UNIT;
  return members === undefined
    ? one(unknown(why, site, type))
    : { kind: "members", members: members.map((part) => unknownValue(why, site, part)) };
}

export function wordOf(a: Activation, node: { readonly id: Expr["id"] }): AccessWord {
  const offset = a.frame.words.get(node.id);
  if (offset === undefined) throw new Bug(`footprint: no word for node ${node.id} in ${a.func.name}`);
  return { ...wordAt(a, offset), node: node.id };
}

export function selfAddress(): Term {
  return { kind: "context", name: "self.address", type: ADDRESS };
}

export function membersOf(type: Type): readonly Type[] | undefined {
  if (type.kind === "struct") return type.fields.map((field) => field.type);
  if (type.kind === "tuple") return type.elements.map((element) => element.type);
  return undefined;
}

/** Leaf values of a struct or tuple, in order of its leaves. */
export function leafValues(result: Sym): readonly Term[] {
  return result.kind === "term" ? [result.term] : result.members.flatMap(leafValues);
}

/** A parameter as a value: structs and tuples member by member. */
export function paramValue(index: number, type: Type): Sym {
  const build = (path: readonly number[], part: Type): Sym => {
    const members = membersOf(part);
    if (members === undefined) return one({ kind: "param", index, path, type: part });
    return { kind: "members", members: members.map((member, i) => build([...path, i], member)) };
  };
  return build([], type);
}

/** The head words of the calldata: structs and tuples of static members are taken apart, a dynamic one has one word as lists and strings do. */
export function headsOf(params: readonly { readonly type: Type }[]): readonly ArgHead[] {
  const heads: ArgHead[] = [];
  const add = (param: number, path: readonly number[], type: Type): void => {
    const members = isDynamic(type) ? undefined : membersOf(type);
    if (members === undefined) heads.push({ head: heads.length, param, path, type });
    else
      members.forEach((member, i) => {
        add(param, [...path, i], member);
      });
  };
  params.forEach((param, i) => {
    add(i, [], param.type);
  });
  return heads;
}
