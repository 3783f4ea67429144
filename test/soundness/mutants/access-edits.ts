/**
 * Wrong lines in the walk of the footprint pass: accesses that it overlooks, loops whose rounds it takes for known, and numbers that it draws where a call may
 * draw none. Texts are short, so that changes nearby leave them standing.
 */
import { editing } from "./mutant.ts";
import type { Mutant } from "./mutant.ts";

const inAccess = editing("footprint/access.ts");
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
const inSymbolic = editing("footprint/symbolic.ts");
const inUpdates = editing("footprint/updates.ts");
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

export const ACCESS_EDITS: readonly Mutant[] = [...OVERLOOKED, ...LOOPS, ...TICKETS];
