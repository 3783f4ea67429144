/**
 * Wrong lines in the footprint pass and in the emitter's bounds: accesses that the walk overlooks, and rules of precision applied too far. Texts are short,
 * so that changes nearby leave them standing.
 */
import type { Mutant, Shown } from "./mutant.ts";
import { RANDOM } from "./mutant.ts";

type Edit = (name: string, from: string, to: string, shown?: Shown) => Mutant;

function editing(file: string): Edit {
  return (name, from, to, shown = RANDOM) => ({ name, shown, fault: { kind: "edit", file: `compiler/${file}`, from, to } });
}

const inAbsorb = editing("footprint/absorb.ts");
const inAccess = editing("footprint/access.ts");
const inAlgebra = editing("footprint/algebra.ts");
const inAmounts = editing("codegen/plan-amount.ts");
const inCalls = editing("footprint/calls.ts");
const inCollections = editing("footprint/collections.ts");
const inConditions = editing("footprint/conditions.ts");
const inDraws = editing("footprint/draws.ts");
const inEvaluate = editing("footprint/evaluate.ts");
const inFrames = editing("footprint/frames.ts");
const inHavoc = editing("footprint/havoc.ts");
const inLeaves = editing("footprint/leaves.ts");
const inRefine = editing("footprint/refine.ts");
const inState = editing("footprint/state.ts");
const inSymbolic = editing("footprint/symbolic.ts");
const inUpdates = editing("footprint/updates.ts");
const inUsed = editing("footprint/used-leaves.ts");

const OVERLOOKED: readonly Mutant[] = [
  inEvaluate("a load of a struct reads its first member alone", "leaves.length > 1 && used?.has(leaf.index) === false", "next > 1"),
  inEvaluate("the right side of `&&` and `||` is overlooked", "if (steps.length > 0) {", "if (steps.length > 1e9) {"),
  inEvaluate(
    "the second value of an `if` expression is overlooked",
    "forkStep(known, thenSteps, otherSteps,",
    "forkStep(known, thenSteps, [],",
  ),
  inEvaluate(
    "`contains` doesn't read its list",
    'case "contains":\n      evaluateAll(context, a, [expr.list, expr.item], state);',
    'case "contains":\n      evaluate(context, a, expr.item, state);',
  ),
  inEvaluate(
    "`push` doesn't read its list",
    'case "push":\n      evaluateAll(context, a, [expr.list, expr.item], state);',
    'case "push":\n      evaluate(context, a, expr.item, state);',
  ),
  inEvaluate("`pay` credits the payer", "writeLeaf(context, a, coin, [to], credit", "writeLeaf(context, a, coin, [selfAddress()], credit"),
  inCollections(
    "`has` reads the first member alone",
    "leavesOfPlace(context.table, expr.place).forEach(",
    "leavesOfPlace(context.table, expr.place).slice(0, 1).forEach(",
  ),
  inCollections(
    "the entry of a set is only read",
    '{ kind: "write" }, { kind: "set", value: adds',
    '{ kind: "read" }, { kind: "set", value: adds',
  ),
  inUpdates(
    "a struct is written in its first member alone",
    "leavesOfPlace(context.table, stmt.place).forEach(",
    "leavesOfPlace(context.table, stmt.place).slice(0, 1).forEach(",
  ),
  inUpdates("reads in the error of a `require` are overlooked", "if (steps.length > 0) pushStep(", "if (steps.length > 1e9) pushStep("),
  inUsed("a struct that is used as a whole uses no member", "if (below.every(", "if (below.length > 0 && below.every("),
  inFrames(
    "two calls of functions share their words",
    "region.next += frameOf(program, table, expr.func, into).size;",
    "frameOf(program, table, expr.func, into);",
  ),
  inLeaves("members of a struct aren't told apart", "place.path.every((member, i) => leaf.path[i] === member)", "place.path.length >= 0"),
];

const REFINED: readonly Mutant[] = [
  inSymbolic(
    "an equality counts in the error of its own `require`",
    "if (isFalse(known)) {\n    evaluateAll",
    "assume(state, cond, true);\n  if (isFalse(known)) {\n    evaluateAll",
    "equalities",
  ),
  inSymbolic(
    "an equality counts on both sides of its branch",
    "assume(otherState, cond, false);",
    "assume(otherState, cond, true);",
    "equalities",
  ),
  inEvaluate(
    "an equality counts on both sides of its `if` expression",
    "assume(otherwise, cond, false);",
    "assume(otherwise, cond, true);",
    "equalities",
  ),
  inEvaluate(
    "what the left side of `&&` says counts behind it",
    "assume(inner, left, onTrue);",
    "assume(state, left, onTrue);",
    "equalities",
  ),
  inRefine("both sides of an `||` that holds are assumed", 'if ((cond.op === "&&") !== holds) return;', "", "equalities"),
  inRefine("`!=` is taken for an equality", 'if ((cond.op === "==") === holds) equate', "equate", "equalities"),
  inRefine("`!` changes nothing of what is assumed", "return assume(state, a, !holds);", "return assume(state, a, holds);", "equalities"),
  inRefine("a bool that was read is always true", "holds ? TRUE : FALSE", "TRUE", "equalities"),
  inState(
    "what one side of a branch has shown counts behind it",
    "if (other !== undefined && sameTerm(term, other)) refined",
    "refined",
    "equalities",
  ),
];

const FORWARDED: readonly Mutant[] = [
  inAccess(
    "what the call wrote before is forgotten",
    "return seen(context, forwarded(state.writes, leaf, known, term, site));",
    "return seen(context, term);",
  ),
  inAccess(
    "every write before was at the key that is read",
    "value = choice(cond, after, value);",
    "value = choice(TRUE, after, value);",
    "coins",
  ),
  inAccess(
    "a write at another term was at another key",
    "!write.keys.some((key, i) => surelyDiffer(key, keys[i]))",
    "write.keys.every((key, i) => sameTerm(key, keys[i]))",
    "written",
  ),
  inAccess(
    "a key is computed late only if its first part must be",
    "keys.some((key) => unknownPart(key) !== undefined)",
    "keys.slice(0, 1).some((key) => unknownPart(key) !== undefined)",
  ),
  inAlgebra(
    "terms that look different are different",
    'return a.kind === "constant" && b.kind === "constant" && !sameValue(a.value, b.value);',
    "return !sameTerm(a, b);",
  ),
  inAlgebra(
    "all reads of one kind of cell give one value",
    'return b.kind === "read" && a.read === b.read;',
    'return b.kind === "read" && a.leaf === b.leaf;',
  ),
  inAlgebra(
    "all members of a parameter are one",
    'b.kind === "param" && a.index === b.index && samePath(a.path, b.path)',
    'b.kind === "param" && a.index === b.index',
    "written",
  ),
  inAlgebra(
    "what is read from state is taken for known",
    'part.kind === "read" || part.kind === "unknown" || isOfState(part)',
    'part.kind === "unknown" || isOfState(part)',
  ),
  inAlgebra("`x != x` is true", 'return (op === "==") === equal ? TRUE : FALSE;', "return equal ? TRUE : FALSE;"),
  inState("what the other side of a branch wrote is forgotten", "...b.slice(common).map((write) => under(write, not)),", "", "written"),
  inState(
    "what is written under a condition on state counts as written",
    "return blurredWrite(write, unknown);\n  };",
    "return write;\n  };",
    "written",
  ),
  inState(
    "behind a branch a variable has the first side's value",
    "const chosen = isStatic(cond) ? choice(cond, left, right) : undefined;",
    "const chosen = left;",
  ),
  inEvaluate("an `if` expression has its first value", "return mergeValues(known, thenValue, otherValue, blur);", "return thenValue;"),
  inSymbolic(
    "a function returns what its last `return` says",
    "for (const other of activation.returns.reverse()) {",
    "for (const other of activation.returns.slice(1e9)) {",
    "written",
  ),
  inSymbolic(
    "coin that comes with a call isn't there for its body",
    'if (func.mutability === "payable") state.writes = [attachedCoin];',
    "",
  ),
  inCalls(
    "after a call of another contract coin is what it was",
    "state.writes = [...state.writes, { leaf: COIN, keys: undefined, change, when: undefined }];",
    "",
    "calls",
  ),
];

const LOOPS: readonly Mutant[] = [
  inSymbolic("what a loop changes is known inside it", "forget(context, havoc, stmt.site, a.func, state);", "", "rounds"),
  inSymbolic("a range that is read from state is taken for known", "if (!planned && isStatic(from) && isStatic(to))", "if (!planned)"),
  inSymbolic(
    "a loop beyond its cap draws the numbers behind it",
    'if (context.drawsTickets && over.kind === "range") enterBranch',
    'if (context.drawsTickets && over.kind === "range" && over.max < 0) enterBranch',
    "tickets.weft",
  ),
  inHavoc("variables that a loop sets keep their values", 'if (stmt.kind === "set" && own) locals.add(stmt.local);', "", "rounds"),
  inHavoc(
    "cells that a loop stores to keep their values",
    'if (stmt.kind === "store" || stmt.kind === "update"',
    'if (stmt.kind === "update"',
    "rounds",
  ),
  inHavoc("what functions called in a loop write is overlooked", "if (callee !== undefined) look(callee.body, false);", "", "rounds"),
  inHavoc("coin paid in a loop is overlooked", 'if (expr.kind === "pay" || callsOut(expr)) leaves.add(COIN);', "", "coins"),
  inAccess("adds in rounds that nobody knows are adds", 'return { kind: "write" };', "return mode;", "drains"),
  inCalls(
    "a call in rounds that nobody knows is planned once",
    "const known = a.repeated ? unknown(",
    "const known = a.repeated && a.func === undefined ? unknown(",
    "steps",
  ),
  inConditions(
    "a condition on state is taken for true",
    '    return unknown("a condition on state", site, cond.type);\n  const args',
    '    return { kind: "constant", value: { kind: "bool", value: true }, type: cond.type };\n  const args',
  ),
];

const TICKETS: readonly Mutant[] = [
  inEvaluate(
    "a failure that state may have led around ends the plan",
    "isStatic(state.path) && isStatic(term) && mayFail(term)",
    "isStatic(term) && mayFail(term)",
    "tickets.weft",
  ),
  inDraws(
    "callees draw what stands under an `if`",
    "for (const inner of blocks) block(inner, true);",
    "for (const inner of blocks) block(inner, conditional);",
  ),
  inDraws("callees draw what stands behind a `return`", "return conditional || blocks.some(returns);", "return conditional;", "calls"),
];

const BOUNDS: readonly Mutant[] = [
  inAbsorb(
    "a check two statements away belongs to an add",
    "const second = statements[index + 1];",
    "const second = statements[index + 2];",
    "bounded.weft",
  ),
  inAbsorb(
    "a limit that is computed belongs to the check",
    "    default:\n      return false;\n  }\n}\n\nfunction sameExpr",
    "    default:\n      return true;\n  }\n}\n\nfunction sameExpr",
    "ceilings",
  ),
  inAbsorb(
    "a check at another key belongs to an add",
    "isPlain(key) && sameExpr(key, b.keys[i])",
    "isPlain(key) && isPlain(b.keys[i])",
    "checks",
  ),
  inAbsorb(
    "a check of another member belongs to an add",
    "a.path.every((member, i) => member === b.path[i])",
    "a.path.length >= 0",
    "checks",
  ),
  inAbsorb(
    "a check for another amount belongs to a debit",
    'if (kind === "floor" && !sameExpr(limit, update.value)) return undefined;',
    "",
    "checks",
  ),
  inAbsorb(
    "a limit that may fail belongs to the check",
    'if (kind === "ceiling" && limit.kind === "convert") return undefined;',
    "",
    "ceilings",
  ),
  inAbsorb(
    "`<` is taken for `<=`",
    '(cond.op !== ">=" && cond.op !== "<=")',
    '(cond.op !== ">=" && cond.op !== "<=" && cond.op !== "<")',
    "ceilings",
  ),
  inAbsorb("any variable is the one that is checked", 'b.kind === "local" && a.local === b.local', 'b.kind === "local"', "checks"),
  inAmounts("an amount read from a cell is at most its low end", "return `p.highOf(", "return `p.lowOf(", "amounts"),
  inAmounts("an amount that nobody knows counts as nothing", '${limit(scope.module, "LARGEST", limits)}', "0", "halves"),
  inAmounts("a negative amount lowers nothing", "down: `Math.max(0, -${lowest(scope, term, limits)})`", 'down: "0"', "amounts"),
  inAmounts("an add has no lower limit", '(cell.signed ? limit(scope.module, "FLOOR", cell) : "0")', '"-Infinity"'),
  inAmounts("an add has no upper limit", 'limit(scope.module, "CEILING", cell)', '"Infinity"', "amounts"),
  inAmounts("a ceiling that nobody knows is none", "p.down(${value}, -Infinity)", "p.down(${value}, Infinity)", "ceilings"),
];

export const EDITS: readonly Mutant[] = [...OVERLOOKED, ...REFINED, ...FORWARDED, ...LOOPS, ...TICKETS, ...BOUNDS];
