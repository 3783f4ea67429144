/**
 * The fix for keys that are found late: the caller passes the key, and the function checks it. It changes the ABI, so it is written only for
 * functions that nobody in the program calls or asks for by an interface, and only where the check can stand right before the first use.
 */
import type { Type } from "../core/types.ts";
import { showType } from "../core/types.ts";
import type { Edit, Fix } from "../diagnostics/diagnostic.ts";
import { overlap } from "../diagnostics/edits.ts";
import { absorptionAt } from "../footprint/absorb.ts";
import { isStatic, rebuilt, sameTerm } from "../footprint/algebra.ts";
import type { FlatAccess, Term } from "../footprint/footprint.ts";
import { childrenOf } from "../footprint/terms.ts";
import type { Expr, Func, Stmt } from "../typed/tree.ts";
import { operandsOf } from "../typed/walk.ts";
import type { LintTools } from "./added-cells.ts";
import { isQuiet, isQuietAll, someExpr } from "./changes.ts";
import { contains, positionOf, statementOf, stepsTo, type Body, type Step } from "./bodies.ts";
import { listed, type Entry } from "./entries.ts";
import { keysAt, localsIn } from "./late-keys.ts";
import { hasComment } from "./source.ts";

/** A key that becomes a parameter, and the places where it is used. */
interface Late {
  readonly key: Expr;
  readonly term: Term;
  readonly uses: readonly Use[];
  /** A variable that holds what was read: from the check on it is known to be the parameter. */
  readonly isRead: boolean;
}

interface Use {
  readonly key: Expr;
  /** What accesses. */
  readonly node: Stmt | Expr;
  readonly stmt: Stmt;
  readonly body: Body;
}

/** Parameters that one fix adds. */
const MAX_ADDED = 3;

/** `accesses`: all that the warning is about; the fix settles all of them or isn't offered. */
export function parameterFixes(accesses: readonly FlatAccess[], entry: Entry, tools: LintTools): readonly Fix[] {
  const { source } = tools;
  const { func } = entry;
  const decl = source.functionAt(func.nameSite);
  if (decl === undefined || source.isCalled(func.name) || source.interfaceFunctions.has(func.name)) return [];
  const late = lateKeys(accesses, entry, tools);
  if (late === undefined || late.length > MAX_ADDED) return [];
  const taken = new Set([...func.locals.map(({ name }) => name), ...source.namesIn(func.site.path), ...RESERVED]);
  const edits: Edit[] = [];
  const added: string[] = [];
  for (const one of late) {
    const { key } = one;
    const name = nameFor(key, func, taken);
    const checked = checkBefore(one, name, tools);
    if (name === undefined || checked === undefined) return [];
    taken.add(name);
    // A key within a key, or two checks at one place: then the author does it.
    if (checked.some((edit) => edits.some((known) => overlap(edit, known)))) return [];
    edits.push(...checked);
    added.push(`${name}: ${showType(key.type)}`);
  }
  const last = decl.params.at(-1);
  const at = last === undefined ? source.behindOpening({ path: func.site.path, span: decl.name }) : last.span.end;
  const text = (last === undefined ? "" : ", ") + added.join(", ");
  edits.push({ path: func.site.path, span: { start: at, end: at }, text });
  const [what, them] = added.length === 1 ? ["the key as a parameter", "it"] : ["the keys as parameters", "them"];
  return [
    { title: `take ${what} of \`${func.name}\`, ${listed(added.map((one) => `\`${one}\``))}, and check ${them}`, changes: "abi", edits },
  ];
}

const RESERVED = ["value", "caller", "self", "block", "chain"];

/** Undefined if one of the keys can't be a parameter. */
function lateKeys(accesses: readonly FlatAccess[], entry: Entry, tools: LintTools): readonly Late[] | undefined {
  const found = new Map<string, Late>();
  for (const access of accesses) {
    const steps = access.via.length === 0 && access.loops.length === 0 ? stepsTo(entry, access, tools.bodies, tools.program) : undefined;
    if (steps === undefined) return undefined;
    const [step] = steps;
    const keys = keysAt(step);
    for (const [i, term] of access.keys.entries()) {
      if (isStatic(term)) continue;
      const key = keys.at(i);
      if (key === undefined || keys.length !== access.keys.length || !canBePassed(key, tools)) return undefined;
      const text = key.kind === "local" ? `local ${key.local}` : tools.source.textOf(key.site);
      const known = found.get(text);
      // Written alike, but another value by then.
      if (known !== undefined && !isSameValue(known.term, term)) return undefined;
      const uses = [...(known?.uses ?? []), ...usesOf(key, i, step)];
      found.set(text, {
        key: known?.key ?? key,
        term,
        uses,
        isRead: known?.isRead !== false && key.kind === "local" && term.kind === "read",
      });
    }
  }
  return [...found.values()];
}

function canBePassed(key: Expr, { program, source }: LintTools): boolean {
  return isComparable(key.type) && isQuietAll(program, key) && !hasComment(source.textOf(key.site));
}

/** What `==` compares, and whose type can be named anywhere. */
function isComparable({ kind }: Type): boolean {
  return kind === "int" || kind === "bool" || kind === "address" || kind === "bytes32";
}

/** The key of an access, and of the check that is one with it. */
function usesOf(key: Expr, index: number, step: Step): readonly Use[] {
  const { body } = step;
  const stmt = statementOf(step);
  const { block, index: at } = positionOf(body, stmt);
  const pair = [at - 1, at].map((i) => (i < 0 ? undefined : absorptionAt(block, i))).find((one) => one?.update === stmt);
  const { node } = step;
  const own = { key, node, stmt, body };
  return pair === undefined ? [own] : [own, { key: pair.load.place.keys[index], node, stmt: pair.check, body }];
}

/** The check before the first use, and the parameter in the place of the key; undefined where the first use doesn't come before all others. */
function checkBefore({ key, uses, isRead }: Late, name: string | undefined, tools: LintTools): readonly Edit[] | undefined {
  const { source } = tools;
  const { body, block } = { body: uses[0].body, block: positionOf(uses[0].body, uses[0].stmt).block };
  const index = Math.min(
    ...uses.map(({ stmt }) => positionOf(body, stmt)).map((position) => (position.block === block ? position.index : Infinity)),
  );
  const { site } = block[index];
  // The check is made before the statement, so nothing in it may change what the key is before the key is used.
  const first = uses.filter(({ stmt }) => stmt === block[index]).map(({ node }) => node);
  if (!operandsOf(block[index]).every((expr) => isQuietBut(first, expr, tools))) return undefined;
  const follows = (use: Use): boolean => block.slice(index).some((stmt) => contains(stmt.site, use.key.site));
  // What a pattern binds inside the statement isn't known before it.
  const isBound = localsIn(key).some((local) => (body.sets.get(local) ?? []).some((set) => contains(site, set.site)));
  if (name === undefined || isBound || !source.startsStatement(site) || !uses.every(follows)) return undefined;
  const edits = new Map<number, Edit>();
  if (!isRead) for (const use of uses) edits.set(use.key.site.span.start, source.replace(use.key.site, name));
  const text = source.textOf(key.site);
  // Comparisons don't chain.
  const computed = key.kind === "binary" || key.kind === "ifExpr" ? `(${text})` : text;
  return [source.before(site, [`require ${computed} == ${name};`]), ...edits.values()];
}

function isQuietBut(nodes: readonly (Stmt | Expr)[], root: Expr, { program }: LintTools): boolean {
  return !someExpr(root, (expr) => !nodes.includes(expr) && (expr.kind === "seq" || !isQuiet(program, expr)));
}

/** Reads of one cell have the same value: what the call itself has written since would be in the term. */
function isSameValue(a: Term, b: Term): boolean {
  if (sameTerm(a, b)) return true;
  const [mine, others] = [childrenOf(a), childrenOf(b)];
  if (a.kind !== b.kind || mine.length !== others.length || !mine.every((child, i) => isSameValue(child, others[i]))) return false;
  if (a.kind === "read" && b.kind === "read") return a.leaf === b.leaf;
  let next = 0;
  return (
    mine.length > 0 &&
    sameTerm(
      rebuilt(a, () => others[next++]),
      b,
    )
  );
}

/** After the variable, or the last part of the place that is read. */
function nameFor(key: Expr, func: Func, taken: ReadonlySet<string>): string | undefined {
  const base = baseName(key, func);
  const given = `given${base.charAt(0).toUpperCase()}${base.slice(1)}`;
  return [base, given, `${given}2`, `${given}3`].find((name) => !taken.has(name));
}

function baseName(key: Expr, func: Func): string {
  if (key.kind === "local") return func.locals[key.local].name;
  if (key.kind === "load") {
    const { field, path } = key.place;
    const names = memberNames(field.type, path);
    // One of the `owners` is an `owner`.
    return names.at(-1) ?? (key.place.keys.length > 0 ? field.name.replace(/(?<=\w{3})s$/, "") : field.name);
  }
  if (key.kind === "member" && key.object.type.kind === "struct") return key.object.type.fields[key.index].name;
  return "key";
}

function memberNames(type: Type, path: readonly number[]): readonly string[] {
  let inner = type;
  while (inner.kind === "map") inner = inner.value;
  const names: string[] = [];
  for (const step of path) {
    const members: readonly { readonly name: string | undefined; readonly type: Type }[] =
      inner.kind === "struct" ? inner.fields : inner.kind === "tuple" ? inner.elements : [];
    const member = members.at(step);
    if (member?.name === undefined) return [];
    names.push(member.name);
    inner = member.type;
  }
  return names;
}
