/** Statements of function bodies as lines of JavaScript. */
import { unreachable } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import { membersBelow } from "../core/members.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import { visitExpr } from "../footprint/walk.ts";
import type { BinaryOp, ErrorCall, Expr, Stmt } from "../typed/tree.ts";
import { callCode, memberCode, primary, unaryCode, within, type Code } from "./code.ts";
import { exprCode, memberText, noticed, tupleText } from "./exec-expr.ts";
import { isScalar, localName, matters, offsetText, wordText, type ExecScope } from "./exec-scope.ts";
import { updateLines } from "./exec-update.ts";
import { block, definition, line, type Line } from "./lines.ts";
import { representationOf, storeMethod } from "./representation.ts";
import { annotation, errorName, eventName, leafName, typeText } from "./scope.ts";

export function blockLines(scope: ExecScope, statements: readonly Stmt[]): readonly Line[] {
  return statements.flatMap((stmt) => statementLines(scope, stmt));
}

function statementLines(scope: ExecScope, stmt: Stmt): readonly Line[] {
  switch (stmt.kind) {
    case "let":
      return [letLine(scope, stmt)];
    case "letTuple":
      return letTuple(scope, stmt);
    case "set": {
      const value = exprCode(scope, stmt.value);
      if (scope.readLocals.has(stmt.local)) return [line(`${localName(scope, stmt.local)} = ${value.text};`)];
      return effect(stmt.value, value);
    }
    case "store":
      return storeLines(scope, stmt);
    case "update":
      return updateLines(scope, stmt, failing);
    case "delete": {
      const leaves = leavesOfPlace(scope.module.leaves, stmt.place);
      const clears = leaves.map((leaf, i) => line(`x.clear(${leafName(scope.module, leaf)}, ${wordText(scope, stmt.id, i)});`));
      return [...keyLines(scope, stmt.place.keys), ...clears];
    }
    case "if":
      return ifLines(scope, stmt);
    case "forList":
      return forList(scope, stmt);
    case "forRange":
      return forRange(scope, stmt);
    case "require":
      return requireLines(scope, stmt);
    case "revert":
      return [line(`throw ${failing(scope, stmt.error)};`)];
    case "emit": {
      const args = stmt.args.map((arg) => exprCode(scope, arg));
      return [line(`${callCode(eventName(scope.module, stmt.event), ["x", ...args]).text};`)];
    }
    case "return":
      return [line(stmt.value === undefined ? "return;" : `return ${returned(scope, stmt.value).text};`)];
    case "expr":
      return effect(stmt.expr, exprCode(scope, stmt.expr));
    default:
      return unreachable(stmt, "exec statement");
  }
}

/** The type of a returned tuple is known from the function. */
function returned(scope: ExecScope, value: Expr): Code {
  return value.kind === "tuple" ? tupleText(scope, value.elements) : exprCode(scope, value);
}

/** What is thrown: the error with its arguments, or empty data. */
export function failing(scope: ExecScope, error: ErrorCall | undefined): string {
  if (error === undefined) return "x.revertEmpty()";
  const args = error.args.map((arg) => exprCode(scope, arg));
  return callCode(errorName(scope.module, error.error), ["x", ...args]).text;
}

/** An expression whose value nobody wants. */
function effect(expr: Expr, code: Code): readonly Line[] {
  return matters(expr) ? [line(asStatement(code))] : [];
}

function asStatement(code: Code): string {
  return code.text.startsWith("{") || code.text.startsWith("[") || code.text.startsWith("(")
    ? `void ${within(code, 15)};`
    : `${code.text};`;
}

function keyLines(scope: ExecScope, keys: readonly Expr[]): readonly Line[] {
  return noticed(scope, keys).map((code) => line(asStatement(code)));
}

// --- locals --------------------------------------------------------------------------------------------------------

function letLine(scope: ExecScope, stmt: Extract<Stmt, { kind: "let" }>): Line {
  const local = scope.func.locals[stmt.local];
  const name = localName(scope, stmt.local);
  const value = exprCode(scope, stmt.value);
  const type = needsType(stmt.value) ? annotation(scope.module, `: ${typeText(scope.module, local.type)}`) : "";
  const without = matters(stmt.value) ? asStatement(value) : undefined;
  if (!local.mutable) return definition([name], `const ${name}${type} = ${value.text};`, without);
  if (scope.readLocals.has(stmt.local)) return line(`let ${name}${type} = ${value.text};`);
  return definition([name], "", without);
}

/** TypeScript would give a literal the literal's type, and an empty list none. */
function needsType(value: Expr): boolean {
  switch (value.kind) {
    case "literal":
    case "ifExpr":
    case "list":
    case "binary":
    case "unary":
      return true;
    default:
      return false;
  }
}

function letTuple(scope: ExecScope, stmt: Extract<Stmt, { kind: "letTuple" }>): readonly Line[] {
  const { value } = stmt;
  if (value.kind === "tuple") {
    // Every new name is its own: nothing on the right can mean one of them.
    return value.elements.flatMap((element, i) => {
      const local = stmt.locals[i];
      if (local === undefined) return effect(element, exprCode(scope, element));
      return [letLine(scope, { ...stmt, kind: "let", local, value: element })];
    });
  }
  const code = exprCode(scope, value);
  const without = matters(value) ? asStatement(code) : undefined;
  const named = stmt.locals.flatMap((local) => (local === undefined ? [] : [local]));
  const mutable = named.some((local) => scope.func.locals[local].mutable);
  const names = stmt.locals.map((local) => (local === undefined ? "" : localName(scope, local)));
  while (names.at(-1) === "") names.pop();
  const type = value.kind === "ifExpr" ? annotation(scope.module, `: ${typeText(scope.module, value.type)}`) : "";
  return [
    definition(
      named.map((local) => localName(scope, local)),
      `${mutable ? "let" : "const"} [${names.join(", ")}]${type} = ${code.text};`,
      without,
    ),
  ];
}

// --- state ---------------------------------------------------------------------------------------------------------

function storeLines(scope: ExecScope, stmt: Extract<Stmt, { kind: "store" }>): readonly Line[] {
  const leaves = leavesOfPlace(scope.module.leaves, stmt.place);
  const lines = [...keyLines(scope, stmt.place.keys)];
  const store = (part: Code, index: number): void => {
    const leaf = leaves[index];
    lines.push(line(`x.${storeMethod(leaf.type)}(${leafName(scope.module, leaf)}, ${wordText(scope, stmt.id, index)}, ${part.text});`));
  };
  if (stmt.place.type.kind !== "struct" && stmt.place.type.kind !== "tuple") {
    store(exprCode(scope, stmt.value), 0);
  } else if (readsState(stmt.value)) {
    const name = scope.names.temporary("value");
    lines.push(line(`const ${name} = ${exprCode(scope, stmt.value).text};`));
    membersOf(stmt.place.type, primary(name)).forEach(store);
  } else {
    const parts = partsOf(scope, stmt.value, 0, lines);
    parts.forEach(({ code, index }) => {
      store(code, index);
    });
  }
  return lines;
}

interface Part {
  readonly code: Code;
  /** Of the leaf. */
  readonly index: number;
}

/**
 * The leaves of a struct or tuple that no cell has a part in. What may revert is computed before, in the order in which the author wrote it:
 * where it does, the plan names none of the cells (rule P1).
 */
function partsOf(scope: ExecScope, value: Expr, first: number, before: Line[]): readonly Part[] {
  if (value.kind !== "struct" && value.kind !== "tuple") {
    let code = exprCode(scope, value);
    if (matters(value)) {
      const name = scope.names.temporary("value");
      before.push(line(`const ${name} = ${code.text};`));
      code = primary(name);
    }
    return membersOf(value.type, code).map((part, i) => ({ code: part, index: first + i }));
  }
  const values = value.kind === "struct" ? value.values : value.elements;
  const starts: number[] = [];
  let next = first;
  for (const member of values) {
    starts.push(next);
    next += membersBelow(member.type).length;
  }
  const order = value.kind === "struct" ? value.order : values.map((_, i) => i);
  return order.flatMap((i) => partsOf(scope, values[i], starts[i], before));
}

/** Whether storing a part of the value before the rest is computed could change the rest. */
function readsState(value: Expr): boolean {
  let found = false;
  visitExpr(value, {
    expr: (part) => {
      found ||= ["load", "selfBalance", "call", "pay", "next"].includes(part.kind);
      // Computed once: a conditional struct would be computed for each of its members.
      found ||= part.kind === "ifExpr" && !isScalar(part.type);
    },
  });
  return found;
}

/** The leaves of a value, in order. */
export function membersOf(type: Type, value: Code): readonly Code[] {
  if (type.kind === "struct") {
    return type.fields.flatMap((field, i) => membersOf(field.type, memberCode(value, memberText(type, i))));
  }
  if (type.kind === "tuple") {
    return type.elements.flatMap((element, i) => membersOf(element.type, memberCode(value, memberText(type, i))));
  }
  return [value];
}

// --- control -------------------------------------------------------------------------------------------------------

function ifLines(scope: ExecScope, first: Extract<Stmt, { kind: "if" }>): readonly Line[] {
  const links: { readonly cond: Code; readonly then: readonly Stmt[] }[] = [];
  let rest: readonly Stmt[] = [first];
  // `else if` chains are long at times.
  while (rest.length === 1 && rest[0].kind === "if") {
    links.push({ cond: exprCode(scope, rest[0].cond), then: rest[0].then });
    rest = rest[0].otherwise;
  }
  let next: Line | undefined = rest.length === 0 ? undefined : block("else", blockLines(scope, rest));
  for (let i = links.length - 1; i >= 0; i -= 1) {
    const { cond, then } = links[i];
    const head = `${i > 0 ? "else " : ""}if (${cond.text})`;
    next = { kind: "block", head, body: blockLines(scope, then), next, optional: false };
  }
  return next === undefined ? [] : [next];
}

function requireLines(scope: ExecScope, stmt: Extract<Stmt, { kind: "require" }>): readonly Line[] {
  const check = line(`if (${negated(scope, stmt.cond).text}) throw ${failing(scope, stmt.orElse)};`);
  const update = scope.module.footprints.absorbed.get(stmt.id);
  if (update === undefined) return [check];
  // The check of a Δ that the plan cleared (rule E5).
  return [block(`if (!x.cleared(${wordText(scope, update)}))`, [check])];
}

const OPPOSITE: ReadonlyMap<BinaryOp, BinaryOp> = new Map<BinaryOp, BinaryOp>([
  ["==", "!="],
  ["!=", "=="],
  ["<", ">="],
  [">=", "<"],
  [">", "<="],
  ["<=", ">"],
]);

/** `!cond`, written as one would. */
function negated(scope: ExecScope, cond: Expr): Code {
  if (cond.kind === "unary" && cond.op === "!") return exprCode(scope, cond.operand);
  const op = cond.kind === "binary" ? OPPOSITE.get(cond.op) : undefined;
  if (cond.kind === "binary" && op !== undefined) return exprCode(scope, { ...cond, op });
  return unaryCode("!", exprCode(scope, cond));
}

function forList(scope: ExecScope, stmt: Extract<Stmt, { kind: "forList" }>): readonly Line[] {
  const lines: Line[] = [];
  let list = exprCode(scope, stmt.list).text;
  const fixed = stmt.list.kind === "local" && !scope.func.locals[stmt.list.local].mutable;
  if (!fixed) {
    const name = scope.names.temporary("list");
    lines.push(line(`const ${name} = ${list};`));
    list = name;
  }
  const i = scope.names.temporary("i");
  const rounds = regionOfLoop(scope, stmt);
  const item = localName(scope, stmt.local);
  lines.push(...rounds.before);
  lines.push(
    block(`for (let ${i} = 0; ${i} < ${list}.length; ${[`${i} += 1`, ...rounds.step].join(", ")})`, [
      definition([item], `const ${item} = ${list}[${i}];`, undefined),
      ...blockLines(rounds.scope, stmt.body),
    ]),
  );
  return lines;
}

function forRange(scope: ExecScope, stmt: Extract<Stmt, { kind: "forRange" }>): readonly Line[] {
  const lines: Line[] = [];
  const bound = (expr: Expr): string => {
    const code = exprCode(scope, expr);
    if (expr.kind === "literal" || (expr.kind === "local" && !scope.func.locals[expr.local].mutable)) return code.text;
    const name = scope.names.temporary("n");
    lines.push(line(`const ${name} = ${code.text};`));
    return name;
  };
  const from = bound(stmt.from);
  const to = bound(stmt.to);
  const wide = representationOf(stmt.from.type) === "big";
  const suffix = wide ? "n" : "";
  const constant = stmt.from.kind === "literal" && stmt.to.kind === "literal" && rangeFits(stmt.from, stmt.to, stmt.max);
  const difference = from === `0${suffix}` ? to : `${to} - ${from.startsWith("-") ? `(${from})` : from}`;
  if (!constant) lines.push(line(`if (${difference} > ${String(stmt.max)}${suffix}) throw x.panic(0x32);`));
  const rounds = regionOfLoop(scope, stmt);
  const index = localName(scope, stmt.local);
  const type = annotation(scope.module, `: ${typeText(scope.module, stmt.from.type)}`);
  lines.push(...rounds.before);
  lines.push(
    block(
      `for (let ${index}${type} = ${from}; ${index} < ${to}; ${[`${index} += 1${suffix}`, ...rounds.step].join(", ")})`,
      blockLines(rounds.scope, stmt.body),
    ),
  );
  return lines;
}

function rangeFits(from: Extract<Expr, { kind: "literal" }>, to: Extract<Expr, { kind: "literal" }>, max: number): boolean {
  return from.value.kind === "int" && to.value.kind === "int" && to.value.value - from.value.value <= BigInt(max);
}

interface Rounds {
  readonly before: readonly Line[];
  readonly step: readonly string[];
  readonly scope: ExecScope;
}

/** The plan put the start of the loop's region into a word; rounds follow one another. */
function regionOfLoop(scope: ExecScope, stmt: Extract<Stmt, { kind: "forList" | "forRange" }>): Rounds {
  const loop = scope.frame.loops.get(stmt.id);
  if (loop === undefined || loop.size === 0) return { before: [], step: [], scope };
  const region = scope.names.temporary("r");
  return {
    before: [line(`let ${region} = x.word(${offsetText(scope.region, loop.pointer)});`)],
    step: [`${region} += ${String(loop.size)}`],
    scope: { ...scope, region },
  };
}
