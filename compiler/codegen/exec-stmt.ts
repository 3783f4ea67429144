/** Statements of function bodies as lines of JavaScript. */
import { unreachable } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import { membersBelow } from "../core/members.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import { visitExpr } from "../typed/walk.ts";
import type { BinaryOp, ErrorCall, Expr, Stmt } from "../typed/tree.ts";
import { asStatement, callCode, memberCode, primary, unaryCode, type Code } from "./code.ts";
import { isFixed, isScalar, localName, matters, offsetText, wordText, type ExecScope } from "./exec-scope.ts";
import { assigned, containsSeq, declaration, hoisted, hoistedAll, isBranched, needsType, typeNote, valueLines } from "./exec-seq.ts";
import { keyed, storedCode } from "./exec-state.ts";
import { updateLines } from "./exec-update.ts";
import { listText, memberText } from "./exec-value.ts";
import { block, definition, destructuring, line, type Line } from "./lines.ts";
import { castCode } from "./neutral.ts";
import { representationOf, storeMethod } from "./representation.ts";
import { choiceLine, chosen, stepLines } from "./probes.ts";
import { annotation, errorName, eventName, leafName, typeText } from "./scope.ts";

export function blockLines(scope: ExecScope, statements: readonly Stmt[]): readonly Line[] {
  return statements.flatMap((stmt) => [...stepLines(scope, stmt), ...statementLines(scope, stmt)]);
}

function statementLines(scope: ExecScope, stmt: Stmt): readonly Line[] {
  switch (stmt.kind) {
    case "let": {
      if (!isBranched(scope, stmt.value)) return valueLines(scope, stmt.value, (value) => [letLine(scope, { ...stmt, value })]);
      const name = localName(scope, stmt.local);
      return [
        declaration(scope, name, scope.func.locals[stmt.local].type),
        ...valueLines(scope, stmt.value, (value) => assigned(scope, name, value)),
      ];
    }
    case "letTuple": {
      const lines: Line[] = [];
      const value = hoisted(scope, stmt.value, lines);
      return [...lines, ...letTuple(scope, { ...stmt, value })];
    }
    case "set":
      return valueLines(scope, stmt.value, (value) => {
        if (scope.readLocals.has(stmt.local)) return assigned(scope, localName(scope, stmt.local), value);
        return effect(scope, value, scope.emit.expr(scope, value));
      });
    case "store":
      return storeLines(scope, stmt);
    case "update":
      return updateLines(scope, stmt, checkLine);
    case "delete": {
      const lines: Line[] = [];
      const leaves = leavesOfPlace(scope.module.leaves, stmt.place);
      const keys = hoistedAll(scope, stmt.place.keys, lines);
      const word = keyed(scope, stmt.id, { ...stmt.place, keys }, leaves, lines).words(lines);
      return [...lines, ...leaves.map((leaf, i) => line(`x.clear(${leafName(scope.module, leaf)}, ${word(i)});`))];
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
      return throwLines(scope, stmt.error);
    case "emit": {
      const lines: Line[] = [];
      const args = hoistedAll(scope, stmt.args, lines).map((arg) => scope.emit.expr(scope, arg));
      return [...lines, line(`${callCode(eventName(scope.module, stmt.event), ["x", ...args]).text};`)];
    }
    case "return":
      if (stmt.value === undefined) return [line("return;")];
      return valueLines(scope, stmt.value, (value) => [line(`return ${returned(scope, value).text};`)]);
    case "expr":
      return valueLines(scope, stmt.expr, (expr) => effect(scope, expr, scope.emit.expr(scope, expr)));
    default:
      return unreachable(stmt, "exec statement");
  }
}

/** The type of a returned tuple is known from the function. */
function returned(scope: ExecScope, value: Expr): Code {
  return value.kind === "tuple" ? listText(scope, value.elements) : scope.emit.expr(scope, value);
}

/** Ends the call with the error and its arguments, or with empty data. */
function throwLines(scope: ExecScope, error: ErrorCall | undefined): readonly Line[] {
  if (error === undefined) return [line("throw x.revertEmpty();")];
  const lines: Line[] = [];
  const args = hoistedAll(scope, error.args, lines).map((arg) => scope.emit.expr(scope, arg));
  return [...lines, line(`throw ${callCode(errorName(scope.module, error.error), ["x", ...args]).text};`)];
}

/** Throws when `cond` holds. */
function checkLine(scope: ExecScope, cond: string, error: ErrorCall | undefined): Line {
  const lines = throwLines(scope, error);
  const [only] = lines;
  return lines.length === 1 && only.kind === "line" ? line(`if (${cond}) ${only.text}`) : block(`if (${cond})`, lines);
}

/** An expression whose value nobody wants. */
function effect(scope: ExecScope, expr: Expr, code: Code): readonly Line[] {
  return matters(scope, expr) ? [line(asStatement(code))] : [];
}

// --- locals --------------------------------------------------------------------------------------------------------

function letLine(scope: ExecScope, stmt: Extract<Stmt, { kind: "let" }>): Line {
  const local = scope.func.locals[stmt.local];
  const name = localName(scope, stmt.local);
  const value = scope.emit.expr(scope, stmt.value);
  // What is assigned later may be a list where the first value is a literal of one.
  const noted = needsType(stmt.value) || (local.mutable && !isScalar(local.type));
  const type = noted ? typeNote(scope, local.type) : "";
  const without = matters(scope, stmt.value) ? asStatement(value) : undefined;
  if (!local.mutable) return definition([name], `const ${name}${type} = ${value.text};`, without);
  if (scope.readLocals.has(stmt.local)) return definition([name], `let ${name}${type} = ${value.text};`, without);
  return definition([name], "", without);
}

function letTuple(scope: ExecScope, stmt: Extract<Stmt, { kind: "letTuple" }>): readonly Line[] {
  const { value } = stmt;
  if (value.kind === "tuple") {
    // Every new name is its own: nothing on the right can mean one of them.
    return value.elements.flatMap((element, i) => {
      const local = stmt.locals[i];
      if (local === undefined) return effect(scope, element, scope.emit.expr(scope, element));
      return [letLine(scope, { ...stmt, kind: "let", local, value: element })];
    });
  }
  const code = scope.emit.expr(scope, value);
  const without = matters(scope, value) ? asStatement(code) : undefined;
  const named = stmt.locals.filter((local) => local !== undefined);
  const keyword = named.some((local) => scope.func.locals[local].mutable) ? "let" : "const";
  const names = stmt.locals.map((local) => (local === undefined ? "" : localName(scope, local)));
  const type = value.kind === "ifExpr" ? typeNote(scope, value.type) : "";
  const text = (kept: readonly string[]): string => {
    const last = kept.findLastIndex((name) => name !== "");
    return `${keyword} [${kept.slice(0, last + 1).join(", ")}]${type} = ${code.text};`;
  };
  return [destructuring(names, text, without)];
}

// --- state ---------------------------------------------------------------------------------------------------------

function storeLines(scope: ExecScope, stmt: Extract<Stmt, { kind: "store" }>): readonly Line[] {
  const leaves = leavesOfPlace(scope.module.leaves, stmt.place);
  const lines: Line[] = [];
  const operands = hoistedAll(scope, [...stmt.place.keys, stmt.value], lines);
  const value = operands[operands.length - 1];
  const { words } = keyed(scope, stmt.id, { ...stmt.place, keys: operands.slice(0, -1) }, leaves, lines);
  const parts = storedParts(scope, stmt.place.type, value, lines, scope.wide.has(stmt.id));
  const word = words(lines);
  for (const { code, index } of parts) {
    const leaf = leaves[index];
    const stored = storedCode(scope.module, leaf.type, code);
    lines.push(line(`x.${storeMethod(leaf.type)}(${leafName(scope.module, leaf)}, ${word(index)}, ${stored.text});`));
  }
  return lines;
}

/** What goes to each leaf. `early`: the value is computed before the words are looked up. */
function storedParts(scope: ExecScope, type: Type, value: Expr, lines: Line[], early: boolean): readonly Part[] {
  const whole = type.kind === "struct" || type.kind === "tuple";
  if (!whole && !(early && matters(scope, value))) return [{ code: scope.emit.expr(scope, value), index: 0 }];
  if (whole && !readsState(value)) return partsOf(scope, value, 0, lines);
  const name = scope.names.temporary("value");
  lines.push(line(`const ${name}${needsType(value) ? typeNote(scope, value.type) : ""} = ${scope.emit.expr(scope, value).text};`));
  return membersOf(type, primary(name)).map((code, index) => ({ code, index }));
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
    let code = scope.emit.expr(scope, value);
    if (matters(scope, value)) {
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
      found ||= READING.has(part.kind);
      // Computed once: a conditional struct would be computed for each of its members.
      found ||= part.kind === "ifExpr" && !isScalar(part.type);
    },
  });
  return found;
}

const READING: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>([
  ...(["load", "selfBalance", "call", "pay", "next", "has", "setChange"] as const),
  ...(["external", "rawCall", "create", "decode"] as const),
]);

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
  const lines: Line[] = [];
  const links = [{ cond: chosen(scope, first.id, scope.emit.expr(scope, hoisted(scope, first.cond, lines))), then: first.then }];
  let rest = first.otherwise;
  // `else if` chains are long at times. A condition with statements of its own stands in an `else`, and so does one that tells a probe that it begins.
  while (scope.module.probes === undefined && rest.length === 1 && rest[0].kind === "if" && !containsSeq(scope, rest[0].cond)) {
    links.push({ cond: scope.emit.expr(scope, rest[0].cond), then: rest[0].then });
    rest = rest[0].otherwise;
  }
  let next: Line | undefined = rest.length === 0 ? undefined : block("else", blockLines(scope, rest));
  for (let i = links.length - 1; i >= 0; i -= 1) {
    const { cond, then } = links[i];
    const head = `${i > 0 ? "else " : ""}if (${cond.text})`;
    next = { kind: "block", head, body: blockLines(scope, then), next, optional: false };
  }
  return next === undefined ? lines : [...lines, next];
}

function requireLines(scope: ExecScope, stmt: Extract<Stmt, { kind: "require" }>): readonly Line[] {
  const lines: Line[] = [];
  const cond = hoisted(scope, stmt.cond, lines);
  const failed =
    scope.module.probes === undefined ? negated(scope, cond) : unaryCode("!", chosen(scope, stmt.id, scope.emit.expr(scope, cond)));
  lines.push(checkLine(scope, failed.text, stmt.orElse));
  const update = scope.module.footprints.absorbed.get(stmt.id);
  if (update === undefined) return lines;
  // The check of a Δ that the plan cleared (rule E5). Of a wide one, too: some other entry may know the cell, and clear it there.
  const passed = choiceLine(scope, stmt.id, "true");
  const next = passed.length === 0 ? undefined : block("else", passed);
  return [{ kind: "block", head: `if (!x.cleared(${wordText(scope, update)}))`, body: lines, next, optional: false }];
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
  if (cond.kind === "unary" && cond.op === "!") return scope.emit.expr(scope, cond.operand);
  const op = cond.kind === "binary" ? OPPOSITE.get(cond.op) : undefined;
  if (cond.kind === "binary" && op !== undefined) return scope.emit.expr(scope, { ...cond, op });
  return unaryCode("!", scope.emit.expr(scope, cond));
}

function forList(scope: ExecScope, stmt: Extract<Stmt, { kind: "forList" }>): readonly Line[] {
  const lines: Line[] = [];
  const source = hoisted(scope, stmt.list, lines);
  let list = scope.emit.expr(scope, source).text;
  if (source.kind !== "local" || !isFixed(scope, source.local)) {
    const name = scope.names.temporary("list");
    const type = needsType(source) ? typeNote(scope, source.type) : "";
    lines.push(line(`const ${name}${type} = ${list};`));
    list = name;
  }
  lines.push(...choiceLine(scope, stmt.id, `${list}.length > 0`));
  const i = scope.names.temporary("i");
  const rounds = regionOfLoop(scope, stmt);
  const item = localName(scope, stmt.local);
  const element = castCode(scope.module, primary(`${list}[${i}]`), typeText(scope.module, scope.func.locals[stmt.local].type));
  const body = [definition([item], `const ${item} = ${element.text};`, undefined), ...blockLines(rounds.scope, stmt.body)];
  lines.push(...rounds.before, { kind: "loop", head: `for (let ${i} = 0; ${i} < ${list}.length; ${i} += 1`, moves: rounds.moves, body });
  return lines;
}

function forRange(scope: ExecScope, stmt: Extract<Stmt, { kind: "forRange" }>): readonly Line[] {
  const lines: Line[] = [];
  const bound = (expr: Expr): string => {
    const code = scope.emit.expr(scope, expr);
    if (expr.kind === "literal" || (expr.kind === "local" && isFixed(scope, expr.local))) return code.text;
    const name = scope.names.temporary("n");
    lines.push(line(`const ${name} = ${code.text};`));
    return name;
  };
  const [first, last] = hoistedAll(scope, [stmt.from, stmt.to], lines);
  const from = bound(first);
  const to = bound(last);
  const wide = representationOf(stmt.from.type) === "big";
  const suffix = wide ? "n" : "";
  const constant = stmt.from.kind === "literal" && stmt.to.kind === "literal" && rangeFits(stmt.from, stmt.to, stmt.max);
  const difference = from === `0${suffix}` ? to : `${to} - ${from.startsWith("-") ? `(${from})` : from}`;
  if (!constant) lines.push(line(`if (${difference} > ${String(stmt.max)}${suffix}) throw x.panic(0x32);`));
  lines.push(...choiceLine(scope, stmt.id, `${from} < ${to}`));
  const rounds = regionOfLoop(scope, stmt);
  const index = localName(scope, stmt.local);
  const type = annotation(scope.module, `: ${typeText(scope.module, stmt.from.type)}`);
  const head = `for (let ${index}${type} = ${from}; ${index} < ${to}; ${index} += 1${suffix}`;
  lines.push(...rounds.before, { kind: "loop", head, moves: rounds.moves, body: blockLines(rounds.scope, stmt.body) });
  return lines;
}

function rangeFits(from: Extract<Expr, { kind: "literal" }>, to: Extract<Expr, { kind: "literal" }>, max: number): boolean {
  return from.value.kind === "int" && to.value.kind === "int" && to.value.value - from.value.value <= BigInt(max);
}

interface Rounds {
  readonly before: readonly Line[];
  readonly moves: { readonly name: string; readonly step: string } | undefined;
  readonly scope: ExecScope;
}

/** The plan put the start of the loop's region into a word; rounds follow one another. */
function regionOfLoop(scope: ExecScope, stmt: Extract<Stmt, { kind: "forList" | "forRange" }>): Rounds {
  const loop = scope.frame.loops.get(stmt.id);
  if (loop === undefined || loop.size === 0) return { before: [], moves: undefined, scope };
  const region = scope.names.temporary("r");
  const start = `${region} = x.word(${offsetText(scope.region, loop.pointer)});`;
  const before = [definition([region], `${loop.once ? "const" : "let"} ${start}`, undefined)];
  // All rounds use the words of one where nobody knew their number.
  if (loop.once) return { before, moves: undefined, scope: { ...scope, region, once: true } };
  return { before, moves: { name: region, step: `${region} += ${String(loop.size)}` }, scope: { ...scope, region } };
}
