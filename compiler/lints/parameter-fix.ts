/**
 * The fix for keys that are found late: the caller passes the key, and the function checks it. It changes the ABI, so it is written only for
 * functions that nobody in the program calls or asks for by an interface, and only where the check can stand right before the first use.
 */
import type { Type } from "../core/types.ts";
import { showType } from "../core/types.ts";
import type { Edit, Fix } from "../diagnostics/diagnostic.ts";
import { overlap } from "../diagnostics/edits.ts";
import { isStatic } from "../footprint/algebra.ts";
import type { FlatAccess } from "../footprint/footprint.ts";
import type { Expr, Func } from "../typed/tree.ts";
import type { LintTools } from "./added-cells.ts";
import { isQuietAll } from "./adds.ts";
import { contains, positionOf, statementOf, stepsTo, type Step } from "./bodies.ts";
import { listed, type Entry } from "./entries.ts";
import { keysAt } from "./late-keys.ts";
import { hasComment } from "./source.ts";

/** A key that becomes a parameter, and the places where it is used. */
interface Late {
  readonly key: Expr;
  readonly uses: { readonly key: Expr; readonly step: Step }[];
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
  for (const { key, uses } of late) {
    const name = nameFor(key, func, taken);
    const checked = checkBefore(key, uses, name, tools);
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
      const known = found.get(text) ?? { key, uses: [] };
      known.uses.push({ key, step });
      found.set(text, known);
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

/** The check before the first use, and the parameter in the place of the key; undefined where the first use doesn't come before all others. */
function checkBefore(key: Expr, uses: Late["uses"], name: string | undefined, tools: LintTools): readonly Edit[] | undefined {
  const { source } = tools;
  const [{ step }] = uses;
  const stmt = statementOf(step);
  const { block, index } = positionOf(step.body, stmt);
  const follows = (use: Late["uses"][number]): boolean => block.slice(index).some(({ site }) => contains(site, use.key.site));
  if (name === undefined || !source.startsStatement(stmt.site) || !uses.every(follows)) return undefined;
  const edits = new Map<number, Edit>();
  // A variable that was read from state is known to be the parameter from the check on.
  const isKnown = key.kind === "local" && uses.every(({ step: { body } }) => (body.sets.get(key.local) ?? []).length === 1);
  for (const use of uses) {
    if (!(isKnown && isRead(use))) edits.set(use.key.site.span.start, source.replace(use.key.site, name));
  }
  return [source.before(stmt.site, [`require ${source.textOf(key.site)} == ${name};`]), ...edits.values()];
}

/** Set by a plain read of state, which the check settles. */
function isRead({ key, step }: Late["uses"][number]): boolean {
  if (key.kind !== "local") return false;
  const [set] = step.body.sets.get(key.local) ?? [];
  return set?.kind === "let" && set.value.kind === "load";
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
