/**
 * Wrong lines where the footprint pass and the emitter say what values are: what a condition shows of them, what the call itself wrote, the bounds of adds, and
 * which calls are sure to succeed. Each takes a rule of precision too far. Texts are short, so that changes nearby leave them standing.
 */
import { editing } from "./mutant.ts";
import type { Mutant } from "./mutant.ts";

const inAbsorb = editing("footprint/absorb.ts");
const inAccess = editing("footprint/access.ts");
const inAlgebra = editing("footprint/algebra.ts");
const inAmounts = editing("codegen/plan-amount.ts");
const inCalls = editing("footprint/calls.ts");
const inCollections = editing("footprint/collections.ts");
const inEvaluate = editing("footprint/evaluate.ts");
const inRefine = editing("footprint/refine.ts");
const inState = editing("footprint/state.ts");
const inSure = editing("footprint/sure.ts");
const inSymbolic = editing("footprint/symbolic.ts");
const inUpdates = editing("footprint/updates.ts");
const inValues = editing("footprint/values.ts");

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

export const VALUE_EDITS: readonly Mutant[] = [...REFINED, ...FORWARDED, ...BOUNDS, ...FORESEEN];
