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
const inAnalyse = editing("footprint/analyse.ts");
const inCalls = editing("footprint/calls.ts");
const inCollections = editing("footprint/collections.ts");
const inConditions = editing("footprint/conditions.ts");
const inDraws = editing("footprint/draws.ts");
const inEvaluate = editing("footprint/evaluate.ts");
const inFrames = editing("footprint/frames.ts");
const inHavoc = editing("footprint/havoc.ts");
const inLeaves = editing("footprint/leaves.ts");
const inPlan = editing("codegen/plan.ts");
const inRefine = editing("footprint/refine.ts");
const inState = editing("footprint/state.ts");
const inSure = editing("footprint/sure.ts");
const inSymbolic = editing("footprint/symbolic.ts");
const inUpdates = editing("footprint/updates.ts");
const inValues = editing("footprint/values.ts");
const inUsed = editing("footprint/used-leaves.ts");

const OVERLOOKED: readonly Mutant[] = [
  inEvaluate("a load of a struct reads its first member alone", "leaves.length > 1 && used?.has(leaf.index) === false", "next > 1"),
  inEvaluate(
    "the right side of `&&` and `||` is overlooked",
    "const right = value(context, isStatic(left)",
    'const right = expr.op === "&&" || expr.op === "||" ? unknown("a condition", expr.site, expr.type) : value(context, isStatic(left)',
  ),
  inEvaluate(
    "the second value of an `if` expression is overlooked",
    "const otherValue = evaluate(context, inside, expr.otherwise, otherwise);",
    'const otherValue = unknownValue("a value", expr.site, expr.type);',
  ),
  inEvaluate(
    "the length of a list is there without reading it",
    'case "length": {\n      const of = value(context, a, expr.of, state);',
    'case "length": {\n      const of = unknown("a list", expr.site, expr.of.type);',
  ),
  inEvaluate(
    "an element is there without reading its list",
    'case "element": {\n      const list = value(context, a, expr.list, state);',
    'case "element": {\n      const list = unknown("a list", expr.site, expr.list.type);',
  ),
  inEvaluate("a change of a part doesn't read the whole", "evaluateAll(context, a, childrenOf(expr), state);", ""),
  inSymbolic(
    "a loop doesn't read the list that it goes over",
    "const list = value(context, a, stmt.list, state);",
    'const list = unknown("a list", stmt.site, stmt.list.type);',
  ),
  inSymbolic("`delete` writes nothing", 'case "delete":\n      writeLeaves(', 'case "delete":\n      if (a.base < 0) writeLeaves('),
  inSymbolic("what events tell is overlooked", "evaluateAll(context, a, stmt.args, state);", "", "errors"),
  inSymbolic("reads in the error of a `revert` are overlooked", "evaluateAll(context, a, stmt.error?.args ?? [], state);", ""),
  inUpdates(
    "an update that isn't an add is overlooked",
    'writeLeaf(context, a, leaf, keys, { kind: "write" }, after, word, stmt.place.site, state);',
    "",
  ),
  inCalls(
    "the debit of a raw call is overlooked",
    "writeLeaf(context, a, coin, [selfAddress()], debit, change, wordAfter(wordOf(a, expr), 2), expr.site, state);",
    "",
    "calls",
  ),
  inCalls(
    "arguments for other contracts are overlooked",
    "const args = evaluateAll(context, a, expr.args, state);",
    'const args = expr.args.map((arg) => unknownValue("an argument", arg.site, arg.type));',
  ),
  inCalls("arguments for new contracts are overlooked", "\n  evaluateAll(context, a, expr.args, state);", "", "calls"),
  inEvaluate(
    "`contains` doesn't read its list",
    'case "contains": {\n      const list = value(context, a, expr.list, state);',
    'case "contains": {\n      const list = unknown("a list", expr.site, expr.list.type);',
    "rounds",
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
    'writeSeen(context, a, entry, keys, { kind: "write" }',
    'writeSeen(context, a, entry, keys, { kind: "read" }',
    "sets",
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
  inAnalyse(
    "a branch with one side only is dropped",
    "else if (then.length + otherwise.length > 0) kept.push",
    "else if (then.length > 0 && otherwise.length > 0) kept.push",
    "rounds",
  ),
  inLeaves(
    "members of a struct aren't told apart",
    "place.path.every((member, i) => leaf.path[i] === member)",
    "place.path.length >= 0",
    "written",
  ),
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
    "written",
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
    "rounds",
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
    "written",
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
  inAccess(
    "what was written under a condition was always written",
    "const reached = write.when ?? TRUE;",
    "const reached = TRUE;",
    "written",
  ),
  inAccess(
    "an update before leaves the value as it was",
    'change.kind === "set" ? change.value : operation(change.op, [value, change.by], leaf.type)',
    'change.kind === "set" ? change.value : value',
    "written",
  ),
  inState("what the other side of a branch wrote is forgotten", "...b.slice(common).map((write) => under(write, not)),", "", "written"),
  inState(
    "what is written under a condition that nobody knows counts as written",
    "return blurredWrite(write, unknown);\n  };",
    "return write;\n  };",
    "written",
  ),
  inState(
    "behind a branch a variable has the first side's value",
    "const chosen = isKnown(cond) ? choice(cond, left, right) : undefined;",
    "const chosen = left;",
    "written",
  ),
  inEvaluate(
    "an `if` expression has its first value",
    "return mergeValues(known, assigned(context, thenValue), otherValue, blur);",
    "return thenValue;",
    "written",
  ),
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
    "coins",
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
  inSymbolic(
    "a loop that another entry plans once is planned round by round",
    "const once = a.frame.loops.get(stmt.id)?.once === true;",
    "const once = false;",
    "twoways",
  ),
  inSymbolic(
    "a loop beyond its cap draws the numbers behind it",
    "enterBranch(context, a, state, planned(fitsLimit({ from, to, max: stmt.max }, stmt.site), stmt.site), stmt.site);",
    ";",
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
  inPlan(
    "rounds that an earlier call may change are none",
    'isStatic(over.from) && isStatic(over.to) ? "0" : String(over.max);',
    '"0";',
    "rounds",
  ),
  inPlan(
    "a list that an earlier call may change is empty",
    'const most = String(type.kind === "list" ? type.max : 0);',
    'const most = "0";',
    "rounds",
  ),
  inPlan(
    "a condition that an earlier call may change decides nothing",
    "head: `if (${name} !== ${excluded})`",
    'head: `if (${name} === ${String(excluded === "false")})`',
  ),
  inConditions(
    "a condition on state is taken for true",
    'const open = (type: Type): Term => unknown("a condition on state", site, type);',
    'const open = (type: Type): Term => type.kind === "bool" ? { kind: "constant", value: { kind: "bool", value: true }, type } : unknown("a condition on state", site, type);',
  ),
];

const TICKETS: readonly Mutant[] = [
  inHavoc("a function that calls others draws no numbers", 'expr.kind === "next" || callsOut(expr) ||', 'expr.kind === "next" ||', "calls"),
  inAccess("a value that state led to is static", "context.drawsTickets && isStatic(term) ? ofState(term) : term", "term", "numbers"),
  inConditions(
    "numbers are drawn where a condition on state leads",
    "return context.drawsTickets ? planned(cond, site) : cond;",
    "return cond;",
    "tickets.weft",
  ),
  inDraws(
    "callees draw in one value of an `if` expression",
    "expression(expr.then, true);",
    "expression(expr.then, conditional);",
    "draws",
  ),
  inDraws("callees draw on the right side of `&&`", "expression(expr.right, true);", "expression(expr.right, conditional);", "draws"),
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
    "calls",
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
    "return isArithmetic(expr.op) && isPlain(expr.left) && isPlain(expr.right);\n    default:\n      return false;",
    "return isArithmetic(expr.op) && isPlain(expr.left) && isPlain(expr.right);\n    default:\n      return true;",
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
  inUpdates("a check before a debit asks for all of it", 'kind === "floor" && sameTerm(most, amount)', 'kind === "floor"', "checks"),
  inUpdates("a check behind an add speaks of what was there before", 'of === "result" ? most :', 'of === "none" ? most :', "ceilings"),
  inAbsorb(
    "a limit that may fail belongs to the check",
    'if (right.kind === "convert" && !(first && sameExpr(right, update.value))) return undefined;',
    "",
    "ceilings",
  ),
  inAbsorb("`<` is taken for `<=`", 'strict: op === "<" || op === ">"', "strict: false", "ceilings"),
  inAbsorb(
    "a check of any sum belongs to an add",
    "if (sameExpr(expr.right, update.value)) return expr.left;",
    "return expr.left;",
    "ceilings",
  ),
  inAbsorb(
    "conversions to any type are one",
    'b.kind === "convert" && sameType(a.type, b.type) && sameExpr',
    'b.kind === "convert" && sameExpr',
    "checks",
  ),
  inAbsorb("a check of another field belongs to an add", "a.field.index === b.field.index &&", "", "checks"),
  inAbsorb(
    "an amount with an effect belongs to the check",
    "!isComparison(cond.op) || !isPlain(update.value)",
    "!isComparison(cond.op)",
    "checks",
  ),
  inUpdates("a check that comes first finds the cell as it will be", "absorption.first ? before : state", "state", "checks"),
  inAbsorb("any variable is the one that is checked", 'b.kind === "local" && a.local === b.local', 'b.kind === "local"', "checks"),
  inAmounts("an amount read from a cell is at most its low end", "return `p.highOf(", "return `p.lowOf(", "amounts"),
  inAmounts("an amount that nobody knows counts as nothing", '${limit(scope.module, "LARGEST", limits)}', "0", "halves"),
  inAmounts("a negative amount lowers nothing", "down: `Math.max(0, -${lowest(scope, term, limits)})`", 'down: "0"', "amounts"),
  inAmounts("a constant amount is rounded down", "value > 0n ? doubleAbove(value) : 0", "value > 0n ? doubleBelow(value) : 0", "rounding"),
  inAmounts("a computed amount is rounded down", "return `p.up(${textOf(code)},", "return `p.down(${textOf(code)},", "rounding"),
  inAmounts(
    "a floor is rounded down",
    'direction === "up" ? doubleAbove(inner.value.value) : doubleBelow',
    'direction === "up" ? doubleBelow(inner.value.value) : doubleBelow',
    "rounding",
  ),
  inAmounts("an add has no lower limit", '(cell.signed ? limit(scope.module, "FLOOR", cell) : "0")', '"-Infinity"'),
  inAmounts("an add has no upper limit", 'limit(scope.module, "CEILING", cell)', '"Infinity"', "amounts"),
  inAmounts("a ceiling that nobody knows is none", "p.down(${value}, -Infinity)", "p.down(${value}, Infinity)", "ceilings"),
];

const FORESEEN: readonly Mutant[] = [
  inAlgebra(
    "what a variant carries is taken for the default",
    "return of.parts[index];\n  return",
    'return of.parts[index];\n  if (of.kind === "read") return { kind: "constant", value: { kind: "int", value: 0n }, type };\n  return',
    "variants",
  ),
  inAlgebra("a variant carries its first part alone", "return of.parts[index];\n  return", "return of.parts[0];\n  return", "variants"),
  inAlgebra("a value made in the call is of any variant", "return of.variant === variant ? TRUE : FALSE;", "return TRUE;", "variants"),
  inAlgebra(
    "all parts of a variant are one",
    'b.kind === "payload" && a.variant === b.variant && a.index === b.index && sameTerm(a.of, b.of)',
    'b.kind === "payload" && sameTerm(a.of, b.of)',
    "variants",
  ),
  inAlgebra(
    "all elements of a list are one",
    "sameTerm(a.list, b.list) && sameTerm(a.index, b.index)",
    "sameTerm(a.list, b.list)",
    "parts",
  ),
  inValues(
    "every member of a value is its first",
    'partsOf({ kind: "member", of: term, index, type })',
    'partsOf({ kind: "member", of: term, index: 0, type })',
    "parts",
  ),
  inEvaluate(
    "a list made in the call begins with its last element",
    "parts: terms, type: expr.type",
    "parts: terms.toReversed(), type: expr.type",
    "parts",
  ),
  inCollections("the length of a set moves where the entry stays", 'adds ? bounded("!", [was], BOOL, expr.site) : was', "was", "sets"),
  inCollections(
    "`has` sees the last member alone",
    'bounded("||", [result, differs(leaf, read, expr)], BOOL, expr.site)',
    "differs(leaf, read, expr)",
    "parts",
  ),
  inSure("a `require` keeps no call from being sure", "else need(context, reached, true);", "", "sure"),
  inSure(
    "arithmetic on arguments keeps no call from being sure",
    "  need(context, term, false);\n}\n\n/** A conversion",
    "}\n\n/** A conversion",
    "sure",
  ),
  inSure(
    "state keeps no call from being sure",
    "if (!isStatic(term) || surety.needs.length === MAX_NEEDS) neverSure(context);",
    "if (!isStatic(term) || surety.needs.length === MAX_NEEDS) return;",
    "sure",
  ),
  inSure(
    "a branch on state keeps no call from being sure",
    "if (isStatic(cond)) need(context, cond, false);\n  else neverSure(context);",
    "",
    "flips",
  ),
  inSure(
    "an amount from state keeps no call from being sure",
    "if (mode.atMost !== undefined || !isStatic(mode.amount)) neverSure(context);",
    "",
    "perhaps",
  ),
  inSure(
    "every conversion is harmless",
    'if (term.op === "convert") return widens(term);',
    'if (term.op === "convert") return true;',
    "surely",
  ),
  inUpdates("an update that overflows keeps no call from being sure", "neverSure(context);", "", "surely"),
  inSymbolic("a loop keeps no call from being sure", "neverSure(context);\n  const id", "const id", "surely"),
];

export const EDITS: readonly Mutant[] = [...OVERLOOKED, ...REFINED, ...FORWARDED, ...LOOPS, ...TICKETS, ...BOUNDS, ...FORESEEN];
