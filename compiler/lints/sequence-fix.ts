/**
 * The fix for a counter that numbers things: a `sequence` in its place. Written only when every use of the field fits: each function that touches it
 * takes one number and steps it by one, in every call, and nobody asks for its getter. The first number stays what it was; gaps are new.
 */
import type { Edit, Fix } from "../diagnostics/diagnostic.ts";
import type { ContractFootprint } from "../footprint/footprint.ts";
import type { Expr, Field, Func, FuncId, Stmt } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";
import type { AddedCell, LintTools } from "./added-cells.ts";
import { addOf, isStep } from "./adds.ts";
import { isAlways, positionOf, siteKey, statementOf, type Step } from "./bodies.ts";
import { listed } from "./entries.ts";
import { hasComment, type Source } from "./source.ts";

type Load = Extract<Expr, { kind: "load" }>;

/** One fix for all counters that fit. */
export type Sequences = (counters: readonly AddedCell[], footprint: ContractFootprint) => readonly Fix[];

interface Made {
  readonly edits: readonly Edit[];
  /** The first number that is handed out. */
  readonly first: bigint;
}

interface Tools extends LintTools {
  readonly callers: (func: Func) => readonly Step[];
}

/** Many functions may step one counter: it is looked at once. */
export function createSequences(given: LintTools): Sequences {
  const tools: Tools = { ...given, callers: callersIn(given) };
  const known = new Map<string, Made | undefined>();
  const sequenceOf = (field: Field): Made | undefined => {
    const key = siteKey(field.site);
    if (!known.has(key)) known.set(key, sequenceEdits(field, tools));
    return known.get(key);
  };
  const fixes = new Map<string, readonly Fix[]>();
  return (counters, { leaves }) => {
    const fields = counters.flatMap(({ leaf }) => leaves[leaf].field ?? []);
    const key = fields.map(({ site }) => siteKey(site)).join();
    const made = fixes.get(key) ?? fixOf(fields, sequenceOf);
    fixes.set(key, made);
    return made;
  };
}

function fixOf(fields: readonly Field[], sequenceOf: (field: Field) => Made | undefined): readonly Fix[] {
  const made = fields.flatMap((field) => {
    const edits = sequenceOf(field);
    return edits === undefined ? [] : [{ name: field.name, ...edits }];
  });
  if (made.length === 0) return [];
  const [{ first }] = made;
  const names = listed(made.map(({ name }) => `\`${name}\``));
  const what = made.length === 1 ? `make ${names} a \`sequence\`` : `make ${names} \`sequence\`s`;
  const start = made.every((one) => one.first === first) ? `numbers begin at ${first} as before` : "numbers begin as before";
  const title = `${what}: ${start}, calls that fail leave gaps, and the getter goes`;
  return [{ title, changes: "abi", edits: made.flatMap(({ edits }) => edits) }];
}

/** What a function does with the field. */
interface Use {
  readonly load: Step;
  readonly step: Stmt;
}

function sequenceEdits(field: Field, tools: Tools): Made | undefined {
  const { program, source } = tools;
  const { type } = field;
  const decl = source.stateAt(field.site);
  if (type.kind !== "int" || type.signed || type.bits < 32 || decl === undefined || hasComment(source.textOf(field.site))) return undefined;
  if (isAskedFor(field, tools)) return undefined;
  const key = siteKey(field.site);
  const uses: Use[] = [];
  const starts: (Stmt | Expr)[] = [];
  for (const func of program.functions.values()) {
    const nodes = func.role === "getter" ? [] : touchesIn(func, key);
    if (nodes.length === 0) continue;
    if (func.role === "init") {
      if (!nodes.every((node) => isPlainlyReached({ body: tools.bodies(func), node }))) return undefined;
      starts.push(...nodes);
    } else {
      const use = useIn(func, nodes, tools);
      if (use === undefined || !isReachedAlways(func, tools)) return undefined;
      uses.push(use);
    }
  }
  const start = startOf(starts, field);
  return start === undefined || uses.length === 0 ? undefined : written(field, start, starts, uses, tools);
}

function written(field: Field, start: bigint, starts: readonly (Stmt | Expr)[], uses: readonly Use[], { source }: Tools): Made {
  const { type, name } = field;
  const bits = type.kind === "int" ? type.bits : 64;
  const drawnBits = bits === 32 ? 32 : 64;
  const edits = new Map<string, Edit>();
  // Functions of mixins are there once per contract that uses them.
  const add = (edit: Edit): unknown => edits.set(`${edit.path} ${edit.span.start}`, edit);
  add(source.replace(field.site, `state ${name}: sequence<u${drawnBits}>;`));
  for (const store of starts) if (siteKey(store.site) !== siteKey(field.site)) add(source.remove(store.site));
  const firsts = new Set<bigint>();
  for (const { load, step } of uses) {
    const offset = start + (load.node.site.span.start > step.site.span.start ? 1n : 0n);
    firsts.add(offset);
    const drawn = bits === drawnBits ? `self.${name}.next()` : `u${bits}(self.${name}.next())`;
    add(source.replace(load.node.site, offset === 0n ? drawn : isWhole(load, source) ? `${drawn} + ${offset}` : `(${drawn} + ${offset})`));
    add(source.remove(step.site));
  }
  const [first] = firsts;
  return { edits: [...edits.values()], first };
}

/** Its getter, which a sequence doesn't have, is called or spoken of somewhere. */
function isAskedFor(field: Field, { program, source }: LintTools): boolean {
  if (source.interfaceFunctions.has(field.name)) return true;
  const isNamed = (id: Func["id"]): boolean => {
    const func = program.functions.get(id);
    return func?.role === "getter" && func.name === field.name;
  };
  return (
    source.isCalled(field.name) ||
    program.contracts.some(({ parallels }) => parallels.some(({ left, right }) => isNamed(left.func) || isNamed(right.func)))
  );
}

function touchesIn(func: Func, key: string): readonly (Stmt | Expr)[] {
  const found: (Stmt | Expr)[] = [];
  visitBlock(func.body, {
    stmt: (stmt) => {
      if ((stmt.kind === "store" || stmt.kind === "update" || stmt.kind === "delete") && siteKey(stmt.place.field.site) === key)
        found.push(stmt);
    },
    expr: (expr) => {
      if ((expr.kind === "load" || expr.kind === "has" || expr.kind === "past") && siteKey(expr.place.field.site) === key) found.push(expr);
    },
  });
  return found;
}

/** One number taken and one step, both in every call and not in a loop. */
function useIn(func: Func, nodes: readonly (Stmt | Expr)[], tools: Tools): Use | undefined {
  const body = tools.bodies(func);
  const steps = nodes.filter((node): node is Stmt => node.kind === "store" || node.kind === "update");
  const loads = nodes.filter((node): node is Load => node.kind === "load");
  if (steps.length !== 1 || steps.length + loads.length !== nodes.length) return undefined;
  const [step] = steps;
  const add = addOf({ ...tools, body }, step);
  if (add === undefined || !isStep(add) || (step.kind === "update" && step.orElse !== undefined)) return undefined;
  const own = loads.filter((load) => body.statements.get(load.id)?.id === step.id);
  const [load, ...others] = loads.filter((one) => !own.includes(one));
  if (load === undefined || others.length > 0 || hasComment(tools.source.textOf(step.site))) return undefined;
  const at: Step = { body, node: load };
  return isPlainlyReached(at) && isPlainlyReached({ body, node: step }) ? { load: at, step } : undefined;
}

function isPlainlyReached(step: Step): boolean {
  return isAlways([step]) && !positionOf(step.body, statementOf(step)).inLoop;
}

/** Every call of an internal function, up to those from outside: numbers are drawn under no condition on state. */
function isReachedAlways(func: Func, { callers }: Tools): boolean {
  const seen = new Set([func]);
  for (const one of seen) {
    const calls = callers(one);
    if (!calls.every(isPlainlyReached)) return false;
    for (const { body } of calls) seen.add(body.func);
  }
  return true;
}

/** Where each function is called. */
function callersIn({ program, bodies }: LintTools): (func: Func) => readonly Step[] {
  let known: Map<FuncId, Step[]> | undefined;
  const find = (): Map<FuncId, Step[]> => {
    const all = new Map<FuncId, Step[]>();
    for (const caller of program.functions.values()) {
      const body = bodies(caller);
      for (const node of [...body.touching.values()].flat()) {
        if (node.kind !== "call") continue;
        const calls = all.get(node.func);
        if (calls === undefined) all.set(node.func, [{ body, node }]);
        else calls.push({ body, node });
      }
    }
    return all;
  };
  return (func) => (known ??= find()).get(func.id) ?? [];
}

/** What the field holds at first: nothing but one constant. */
function startOf(starts: readonly (Stmt | Expr)[], field: Field): bigint | undefined {
  const values = new Set<bigint>();
  for (const stmt of starts) {
    if (stmt.kind !== "store" || stmt.value.kind !== "literal" || stmt.value.value.kind !== "int") return undefined;
    values.add(stmt.value.value.value);
  }
  if (values.size > 1) return undefined;
  const [start] = values;
  return start ?? (field.initial === undefined ? 0n : undefined);
}

/** Nothing stands beside it that binds: it is all of a value, a key or an argument. */
function isWhole({ node }: Step, { textAround }: Source): boolean {
  const [before, behind] = textAround(node.site);
  return /(=|\breturn|[[(,])\s*$/.test(before) && /^\s*[\]),;]/.test(behind);
}
