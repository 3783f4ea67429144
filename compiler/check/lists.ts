/**
 * What changes a part of a value: `push`, `pop`, and the assignment to elements. A list is one cell of state, or lies in a local; it is
 * read, changed and put back as a whole. What has effects is computed before it is read, so that no change is lost.
 */
import type { CallExpr, Span } from "../../grammar/ast.ts";
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { Expr, Local, StatePlace, Stmt, ValueStep } from "../typed/tree.ts";
import { checkCount } from "./arguments.ts";
import { checkAs } from "./coerce.ts";
import { addHidden, node as fresh, poison, report, siteOf, UNIT, useLocal } from "./context.ts";
import type { Body } from "./context.ts";
import { isQuiet, keep, memberAt } from "./copy.ts";
import { after } from "./path.ts";

type ListType = Extract<Type, { kind: "list" }>;

/** Where a value lies that can be changed, and the steps from there to the part that is meant. */
export interface Target {
  readonly root:
    { readonly kind: "place"; readonly place: StatePlace } | { readonly kind: "local"; readonly local: Local; readonly span: Span };
  /** What has to be computed before. */
  readonly lets: readonly Stmt[];
  readonly steps: readonly ValueStep[];
}

/** The steps of an expression that reads a part of state or of a local; undefined for other expressions. */
export function targetOf(body: Body, expr: Expr): Target | undefined {
  const steps: ValueStep[] = [];
  let inner = expr;
  for (;;) {
    if (inner.kind === "member") {
      steps.push({ kind: "member", index: inner.index });
      inner = inner.object;
    } else if (inner.kind === "element") {
      steps.push({ kind: "element", index: inner.index });
      inner = inner.list;
    } else break;
  }
  steps.reverse();
  const lets = inner.kind === "seq" ? inner.body : [];
  if (inner.kind === "seq") inner = inner.value;
  if (inner.kind === "load") return { root: { kind: "place", place: inner.place }, lets, steps };
  if (inner.kind !== "local" || lets.length > 0) return undefined;
  return { root: { kind: "local", local: body.locals[inner.local], span: inner.site.span }, lets, steps };
}

/** A target whose keys and indexes can be used several times; what isn't simple among them was put into `lets`. */
export interface KeptTarget {
  readonly load: () => Expr;
  /** The steps, for a value read by `load`. */
  readonly steps: () => readonly ValueStep[];
  readonly put: (value: Expr) => Stmt;
}

export function keepTarget(body: Body, target: Target, span: Span, lets: Stmt[]): KeptTarget {
  const { root } = target;
  lets.push(...target.lets);
  const keys = root.kind === "place" ? root.place.keys.map((key) => keep(body, key, "key", lets)) : [];
  const parts = target.steps.map((step): (() => ValueStep) => {
    if (step.kind === "member") return () => step;
    const index = keep(body, step.index, "index", lets);
    return () => ({ kind: "element", index: index() });
  });
  const steps = (): readonly ValueStep[] => parts.map((part) => part());
  if (root.kind === "local") {
    return {
      load: () => useLocal(body, root.local.id, root.span),
      steps,
      put: (value) => ({ ...fresh(body, span), kind: "set", local: root.local.id, value }),
    };
  }
  const place = (): StatePlace => ({ ...root.place, keys: keys.map((key) => key()) });
  return {
    load: () => ({ id: body.program.nextTypedId(), site: root.place.site, kind: "load", type: root.place.type, place: place() }),
    steps,
    put: (value) => ({ ...fresh(body, span), kind: "store", place: place(), value }),
  };
}

/** The part of a value at the end of the steps. */
export function partAt(body: Body, object: Expr, steps: readonly ValueStep[]): Expr {
  let value = object;
  for (const step of steps) {
    if (step.kind === "member") {
      value = memberAt(body.program, value, [step.index]);
      continue;
    }
    if (value.type.kind !== "list") throw new Bug(`partAt: ${value.type.kind} has no elements`);
    value = {
      id: body.program.nextTypedId(),
      site: object.site,
      kind: "element",
      type: value.type.element,
      list: value,
      index: step.index,
    };
  }
  return value;
}

/**
 * The object that `make` gives with the part at `steps` replaced. Structs and tuples are made anew member by member, so that the passes behind see
 * which members stay; from the first list on it is a `with`. Every use is made anew: nodes have ids of their own.
 */
export function replaced(body: Body, make: () => Expr, steps: readonly ValueStep[], value: Expr, span: Span): Expr {
  const [first, ...rest] = steps;
  if (steps.length === 0) return value;
  const object = make();
  const { type } = object;
  if (first.kind === "element") return { ...fresh(body, span), kind: "with", type, base: object, path: steps, value };
  const part = (index: number) => (): Expr => memberAt(body.program, make(), [index]);
  const replace = (_: unknown, index: number): Expr =>
    index === first.index ? replaced(body, part(index), rest, value, span) : part(index)();
  if (type.kind === "tuple") return { ...fresh(body, span), kind: "tuple", type, elements: type.elements.map(replace) };
  if (type.kind !== "struct") throw new Bug(`replaced: ${type.kind} has no members`);
  return {
    ...fresh(body, span),
    kind: "struct",
    type,
    struct: type,
    values: type.fields.map(replace),
    order: type.fields.map((_, i) => i),
  };
}

/** A value that is used once, behind a read that its effects must not miss. */
export function settle(body: Body, value: Expr, lets: Stmt[]): Expr {
  return isQuiet(value) ? value : keep(body, value, "value", lets)();
}

// --- push and pop --------------------------------------------------------------------------------------------------

/** Reports a change of a local that keeps its value. */
export function refuseChange(body: Body, span: Span, local: Local): void {
  const isParameter = body.kind !== "test" && body.scopes[0].get(local.name) === local.id;
  const help = isParameter ? { help: `a parameter keeps its value: copy it, \`var copy = ${local.name};\`` } : {};
  report(body, "E0406", span, { name: local.name }, { notes: [{ ...local.site, text: "declared here" }], ...help });
}

/** The list that a method changes; reports what can't be changed. */
function changedList(body: Body, call: CallExpr, list: Expr, method: string): Target | undefined {
  if (body.kind === "test") {
    report(body, "E0602", call.span, { construct: `\`.${method}(…)\`` });
    return undefined;
  }
  const target = targetOf(body, list);
  if (target === undefined) {
    report(body, "E0407", list.site.span, {}, { help: `\`${method}\` changes a list in state or in a local declared with \`var\`` });
    return undefined;
  }
  if (target.root.kind === "local" && !target.root.local.mutable) {
    const { local } = target.root;
    refuseChange(body, list.site.span, local);
    return undefined;
  }
  if (target.root.kind === "place") {
    body.facts.writes.push({ does: `writes \`self.${target.root.place.field.name}\``, site: siteOf(body.file, call.span) });
  }
  return target;
}

/** A call without a value: its statements, dressed as an expression. Whoever meets it takes the statements out, or reports that there is no value. */
export function checkPush(body: Body, call: CallExpr, list: Expr, type: ListType): Expr {
  if (!checkCount(body, call, "push", 1)) return poison(body, call.span);
  const item = checkAs(body, call.args[0], type.element);
  if (list.type.kind === "poison" || item.type.kind === "poison") return poison(body, call.span);
  const target = changedList(body, call, list, "push");
  if (target === undefined) return poison(body, call.span);
  const stmts: Stmt[] = [];
  const kept = keepTarget(body, target, call.span, stmts);
  const added = settle(body, item, stmts);
  const old = partAt(body, kept.load(), kept.steps());
  const longer: Expr = { ...fresh(body, call.span), kind: "push", type, list: old, item: added };
  stmts.push(kept.put(replaced(body, kept.load, kept.steps(), longer, call.span)));
  const nothing: Expr = { ...fresh(body, call.span), kind: "tuple", type: UNIT, elements: [] };
  return { ...fresh(body, call.span), kind: "seq", type: UNIT, body: stmts, value: nothing };
}

export function checkPop(body: Body, call: CallExpr, list: Expr, type: ListType): Expr {
  if (!checkCount(body, call, "pop", 0) || list.type.kind === "poison") return poison(body, call.span);
  const target = changedList(body, call, list, "pop");
  if (target === undefined) return poison(body, call.span);
  const stmts: Stmt[] = [];
  const kept = keepTarget(body, target, call.span, stmts);
  const hidden = (name: string, value: Expr): (() => Expr) => {
    const local = addHidden(body, name, value.type, call.span);
    stmts.push({ ...fresh(body, call.span), kind: "let", local, value });
    return () => useLocal(body, local, call.span);
  };
  const old = hidden("list", partAt(body, kept.load(), kept.steps()));
  // Shortened first: an empty list fails there, with the code for that.
  const shorter = hidden("shorter", { ...fresh(body, call.span), kind: "pop", type, list: old() });
  const last: Expr = { ...fresh(body, call.span), kind: "length", type: { kind: "int", signed: false, bits: 64 }, of: shorter() };
  const taken = hidden("taken", { ...fresh(body, call.span), kind: "element", type: type.element, list: old(), index: last });
  stmts.push(kept.put(replaced(body, kept.load, kept.steps(), shorter(), call.span)));
  return after(body, stmts, taken());
}
