/**
 * Functions as the lints look into them: which statement an access belongs to, what a local was set to, what is reached in every call. Leads from
 * a place in a footprint back to the code, through the calls on the way. Read once per function, when a lint asks.
 */
import { Bug } from "../core/bug.ts";
import type { FlatAccess } from "../footprint/footprint.ts";
import type { Expr, Func, FuncId, LocalId, Program, Site, StatePlace, Stmt, TypedId } from "../typed/tree.ts";
import { blocksOf, errorOf, operandsOf, returns, visitExpr } from "../typed/walk.ts";
import type { Entry } from "./entries.ts";

export interface Position {
  readonly block: readonly Stmt[];
  readonly index: number;
  /** Reached in every call that doesn't fail: under no condition, and behind no `return` under one. */
  readonly always: boolean;
  readonly inLoop: boolean;
}

export interface Body {
  readonly func: Func;
  /** Of every statement. */
  readonly positions: ReadonlyMap<TypedId, Position>;
  /** The innermost statement around each expression. */
  readonly statements: ReadonlyMap<TypedId, Stmt>;
  /** What gives a local its value, and where it is used. */
  readonly sets: ReadonlyMap<LocalId, readonly Stmt[]>;
  readonly uses: ReadonlyMap<LocalId, readonly Expr[]>;
  /** Expressions and statements that touch state, and calls, by their site. */
  readonly touching: ReadonlyMap<string, readonly (Stmt | Expr)[]>;
  /** Indexes of the fields that it reads or changes, functions that it calls included. */
  readonly touched: ReadonlySet<number>;
  /** Expressions that are evaluated under a condition: sides of `&&`, `||` and of an `if` that gives a value. */
  readonly optional: readonly Site[];
}

export type Bodies = (func: Func) => Body;

export function createBodies(program: Program): Bodies {
  const known = new Map<FuncId, Body>();
  const bodies = (func: Func): Body => {
    const body = known.get(func.id) ?? readBody(func, touchedBy);
    known.set(func.id, body);
    return body;
  };
  // The call graph has no cycles.
  const touchedBy = (id: FuncId): ReadonlySet<number> => {
    const callee = program.functions.get(id);
    if (callee === undefined) throw new Bug(`lints: no function ${id}`);
    return callee.role === "free" ? new Set() : bodies(callee).touched;
  };
  return bodies;
}

export function siteKey({ path, span }: Site): string {
  return `${path} ${span.start} ${span.end}`;
}

function readBody(func: Func, touchedBy: (id: FuncId) => ReadonlySet<number>): Body {
  const own = ownBodies.get(func) ?? readOwn(func);
  ownBodies.set(func, own);
  return { ...own, touched: new Set([...own.touched, ...own.callees.flatMap((id) => [...touchedBy(id)])]) };
}

/** What stands in the function itself: an editor asks after each edit. */
interface OwnBody extends Body {
  readonly callees: readonly FuncId[];
}

const ownBodies = new WeakMap<Func, OwnBody>();

function readOwn(func: Func): OwnBody {
  const callees = new Set<FuncId>();
  const positions = new Map<TypedId, Position>();
  const statements = new Map<TypedId, Stmt>();
  const sets = new Map<LocalId, Stmt[]>();
  const uses = new Map<LocalId, Expr[]>();
  const touching = new Map<string, (Stmt | Expr)[]>();
  const touched = new Set<number>();
  const optional: Site[] = [];
  let left = false;

  const block = (list: readonly Stmt[], always: boolean, inLoop: boolean): void =>
    list.forEach((stmt, index) => {
      positions.set(stmt.id, { block: list, index, always: always && !left, inLoop });
      for (const local of setBy(stmt)) add(sets, local, stmt);
      const place = placeOf(stmt);
      if (place !== undefined) {
        add(touching, siteKey(place.site), stmt);
        touched.add(place.field.index);
      }
      for (const expr of [...operandsOf(stmt), ...(errorOf(stmt)?.args ?? [])]) visitExpr(expr, visitorOf(stmt, always, inLoop));
      const isLoop = stmt.kind === "forList" || stmt.kind === "forRange";
      for (const inner of blocksOf(stmt)) block(inner, always && isLoop, inLoop || isLoop);
      if (blocksOf(stmt).some(returns)) left = true;
    });
  const visitorOf = (stmt: Stmt, always: boolean, inLoop: boolean) => ({
    expr: (expr: Expr) => {
      statements.set(expr.id, stmt);
      if (expr.kind === "local") add(uses, expr.local, expr);
      if (expr.kind === "binary" && (expr.op === "&&" || expr.op === "||")) optional.push(expr.right.site);
      if (expr.kind === "ifExpr") optional.push(expr.then.site, expr.otherwise.site);
      if (TOUCHING.has(expr.kind)) add(touching, siteKey(expr.site), expr);
      for (const field of fieldsOf(expr)) if (field !== undefined) touched.add(field);
      if (expr.kind === "call") callees.add(expr.func);
    },
    seq: (body: readonly Stmt[]) => {
      block(body, always, inLoop);
    },
  });
  block(func.body, true, false);
  return { func, positions, statements, sets, uses, touching, touched, optional, callees: [...callees] };
}

const TOUCHING: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>([
  "load",
  "has",
  "setChange",
  "selfBalance",
  "pay",
  "next",
  "past",
  "call",
  "external",
  "rawCall",
]);

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function setBy(stmt: Stmt): readonly LocalId[] {
  switch (stmt.kind) {
    case "let":
    case "set":
    case "forList":
    case "forRange":
      return [stmt.local];
    case "letTuple":
      return stmt.locals.filter((local) => local !== undefined);
    default:
      return [];
  }
}

function placeOf(stmt: Stmt): StatePlace | undefined {
  return stmt.kind === "store" || stmt.kind === "update" || stmt.kind === "delete" ? stmt.place : undefined;
}

/** A function on the way to an access: the call that leads on, or, in the last one, what accesses. */
export interface Step {
  readonly body: Body;
  readonly node: Stmt | Expr;
}

/** From the external function to the access; undefined where the code isn't written out, as in what the compiler adds. */
export function stepsTo(
  entry: Entry,
  access: Pick<FlatAccess, "site" | "via" | "leaf">,
  bodies: Bodies,
  program: Program,
): readonly Step[] | undefined {
  const steps: Step[] = [];
  let body = bodies(entry.func);
  for (const site of access.via) {
    const call = body.touching.get(siteKey(site))?.find((node) => node.kind === "call");
    if (call?.kind !== "call") return undefined;
    steps.push({ body, node: call });
    const callee = program.functions.get(call.func);
    if (callee === undefined) throw new Bug(`lints: no function ${call.func}`);
    body = bodies(callee);
  }
  const { field } = entry.footprint.leaves[access.leaf];
  const node = body.touching.get(siteKey(access.site))?.find((one) => fieldsOf(one).includes(field?.index));
  return node === undefined ? undefined : [...steps, { body, node }];
}

/** Indexes of the fields that a node touches; undefined stands for coin. */
function fieldsOf(node: Stmt | Expr): readonly (number | undefined)[] {
  switch (node.kind) {
    case "store":
    case "update":
    case "delete":
    case "load":
    case "has":
    case "past":
      return [node.place.field.index];
    case "setChange":
      return [node.entry.field.index];
    case "next":
      return [node.field.index];
    case "selfBalance":
    case "pay":
    case "rawCall":
      return [undefined];
    default:
      return [];
  }
}

/** The place in state that a node names. */
export function placeAt(node: Stmt | Expr): StatePlace | undefined {
  switch (node.kind) {
    case "store":
    case "update":
    case "delete":
    case "load":
    case "has":
    case "past":
      return node.place;
    case "setChange":
      return node.entry;
    default:
      return undefined;
  }
}

/** The statement that a node is, or stands in. */
export function statementOf({ body, node }: Step): Stmt {
  const own = body.positions.has(node.id) ? node : body.statements.get(node.id);
  if (own === undefined || !isStmt(own, body)) throw new Bug("lints: an expression outside of statements");
  return own;
}

function isStmt(node: Stmt | Expr, body: Body): node is Stmt {
  return body.positions.has(node.id);
}

export function positionOf(body: Body, stmt: Stmt): Position {
  const found = body.positions.get(stmt.id);
  if (found === undefined) throw new Bug("lints: a statement without a position");
  return found;
}

/** Every call that doesn't fail gets there; how often a loop runs isn't asked. */
export function isAlways(steps: readonly Step[]): boolean {
  return steps.every(
    (step) => positionOf(step.body, statementOf(step)).always && !step.body.optional.some((site) => contains(site, step.node.site)),
  );
}

export function contains(outer: Site, inner: Site): boolean {
  return outer.path === inner.path && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}
