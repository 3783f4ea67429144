/** Wrong lines in the conflict analysis: conditions that are too strong, so that calls pass for independent that aren't, or weaker than they need be. */
import { CLAIMS, CONDITIONS, EXACT, editing } from "./mutant.ts";
import type { Mutant } from "./mutant.ts";

const inAccesses = editing("conflicts/accesses.ts", CONDITIONS);
const inOutward = editing("conflicts/outward.ts", CONDITIONS);
const inLink = editing("link/link.ts", CONDITIONS);
const inBank = editing("conflicts/bank.ts", CONDITIONS);
const inCases = editing("conflicts/cases.ts", CONDITIONS);
const inClaims = editing("conflicts/claims.ts", CONDITIONS);
const inCongruence = editing("conflicts/congruence.ts", CONDITIONS);
const inFlatten = editing("footprint/flatten.ts", CONDITIONS);
const inLiterals = editing("conflicts/literals.ts", CONDITIONS);
const inSimplify = editing("conflicts/simplify.ts", CONDITIONS);

const MODES: readonly Mutant[] = [
  inCases(
    "an add and a read don't clash",
    'if (a.mode === "R" && b.mode === "R") return "none";',
    'if (a.mode === "R" && b.mode !== "W") return "none";',
  ),
  inCases(
    "updates of different kinds don't clash",
    'if (a.mode !== b.mode || a.mode === "W") return "clash";',
    'if (a.mode === "W" || b.mode === "W") return "clash";',
  ),
  inCases("what the error of an add reads is never changed", "if (found !== undefined) adds.push(found);", "", "errors"),
  inCases("adds at cells that nobody knows don't clash", 'if (a.stage === "wide" || b.stage === "wide") return "clash";', "", CLAIMS),
  inCases(
    "an access that may be any cell leaves other members alone",
    "cases.push(...beside(bank, leaf, left, right, budget).filter(({ literals }) => possible(literals)));",
    "",
    CLAIMS,
  ),
  inFlatten(
    "coin that comes with a call meets nothing",
    'case "receive":\n        flat.push({',
    'case "receive":\n        if (plan.heads.length < 0) flat.push({',
    "coins",
  ),
  inFlatten("every key is known before", "stage: latest(step.keys.map(stageOf)),", "stage: 0,", CLAIMS),
  inCases("adds that meet aren't marked", 'return a.mode === "D" ? "adds" : "none";', 'return "none";'),
  inCases("cells that are touched in too many ways are never met", 'cases.push(...coarse(ofLeft, ofRight, "clash"));', ""),
];

const TERMS: readonly Mutant[] = [
  inBank("both calls have the same arguments", "make(`${side} param ${term.index}", "make(`param ${term.index}"),
  inBank("both calls have the same caller", 'term.name === "caller" || term.name === "value" ?', 'term.name === "value" ?'),
  inBank("both calls are in the same round of a loop", "make(`${side} index", "make(`index", EXACT),
  inBank("all members of an argument are one", '${term.index} ${term.path.join(".")}`', "${term.index}`", "fields"),
  inBank("every sum adds the same", "shift(first, second.offset)", "shift(first, 1n)", EXACT),
  inBank("both calls find the same state", "make(`${side} read", "make(`read", EXACT),
  inBank(
    "both calls draw the same numbers",
    "make(`${side} ticket ${term.leaf} ${term.ticket}`",
    "make(`ticket ${term.leaf} ${term.ticket}`",
    CLAIMS,
  ),
  inBank("`t - 1` is `t + 1`", "shift(first, -second.offset)", "shift(first, second.offset)", EXACT),
  inBank(
    "constants of enums are no numbers",
    "return { node: ZERO, offset: BigInt(value.value) };",
    "return make(`enum ${value.value}`, [], { constant: true });",
    CLAIMS,
  ),
  inBank("conversions change values", 'if (term.op === "convert") return first;', "", CLAIMS),
  inBank(
    "sums are functions that nobody knows",
    'if (term.op === "+" && second.node === ZERO) return shift(first, second.offset);',
    "",
    CLAIMS,
  ),
];

const LITERALS: readonly Mutant[] = [
  inLiterals(
    "hashes of different kinds are one function",
    "a.op === b.op && a.args.length === b.args.length",
    "a.args.length === b.args.length",
  ),
  inLiterals(
    "encodings over different types are one function",
    "a.args.every((arg, i) => encodesAlike(arg.type, types[i]))",
    "a.args.length === types.length",
    "hashes",
  ),
  inLiterals("`concat` of texts is injective", '(a.op === "concat" && types.filter(isOpen).length <= 1)', 'a.op === "concat"', "joined"),
  inLiterals(
    "a condition that must not hold is asked for",
    'const equal = (term.op === "==") === holds;',
    'const equal = term.op === "==";',
  ),
  inLiterals("`!` changes nothing of a condition", "return [{ term: first, holds: !holds }];", "return [{ term: first, holds }];"),
  inLiterals("`== false` asks for what must not hold", "holds: second.value.value === same", "holds: second.value.value", "bools"),
  inLiterals("both sides of an `||` are asked for", 'if (term.op === "||" && !holds)', 'if (term.op === "||")'),
  inLiterals("an `&&` that doesn't hold is asked for", 'if (term.op === "&&" && holds)', 'if (term.op === "&&")'),
  inLiterals(
    "comparisons of values read from state rule out",
    'return dependsOnState(bank, atom) ? "always" : literal(',
    "return literal(",
  ),
  inLiterals("conditions on state rule out", 'if (dependsOnState(bank, atom)) return "always";', ""),
  inLiterals(
    "what nobody knows is never equal",
    'if (leftNode.wide || rightNode.wide) return "always";',
    'if (leftNode.wide || rightNode.wide) return "never";',
  ),
  inLiterals(
    "keys are compared from the second on",
    "for (const [i, key] of left.keys.entries()) {",
    "for (const [i, key] of left.keys.entries()) {\n    if (i === 0 && left.keys.length > 1) continue;",
    EXACT,
  ),
];

const DECISIONS: readonly Mutant[] = [
  inCongruence(
    "one number is never two terms",
    'return a.offset === b.offset ? "same" : "contradiction";',
    'return "contradiction";',
    CLAIMS,
  ),
  inCongruence(
    "offsets between classes have the wrong sign",
    "classes.delta[b.node] = a.offset - b.offset;",
    "classes.delta[b.node] = b.offset - a.offset;",
  ),
  inCongruence(
    "numbers of different sequences differ",
    "`ticket ${node.ticketOf} ${own.node} ${own.offset}`",
    "`ticket ${own.node} ${own.offset}`",
    EXACT,
  ),
  inCongruence("numbers of one sequence may be equal", "!node.constant && node.ticketOf === undefined", "!node.constant", CLAIMS),
  inCongruence(
    "`x != y` says that `x != y + 1`",
    "left.node === right.node && left.offset === right.offset",
    "left.node === right.node",
    CLAIMS,
  ),
  inSimplify(
    "an alternative that shares a condition goes",
    "other.every((literal) => follows(candidate, literal))",
    "other.some((literal) => follows(candidate, literal))",
  ),
  inSimplify(
    "alternatives that differ in one condition are one",
    "other !== undefined && opposite(one, other)",
    "other !== undefined",
    EXACT,
  ),
  inAccesses("an access under another condition is the same", '${guards.map((guard) => guard.key).join(" ")}', "", CLAIMS),
  inAccesses("an access at another key is the same", '${access.mode} ${access.leaf} ${keys.join(" ")}', "${access.mode} ${access.leaf}"),
  inFlatten(
    "the other side of a branch happens where the condition holds",
    "withGuard(guards, cond, false)",
    "withGuard(guards, cond, true)",
  ),
  inOutward(
    "adds to anybody's coin are seen by nobody",
    'mode === "D" && key.kind === "context" && key.name === "self.address"',
    'mode === "D"',
    "tips",
  ),
  inOutward(
    "calls never meet in other contracts",
    "if (left.outward.length === 0 && right.outward.length === 0) return [];",
    "return [];",
    "steps",
  ),
];

const LINKS: readonly Mutant[] = [
  inLink(
    "two contracts of one kind are the same",
    "const known = owner.parts.get(made.id);",
    "const [known] = owner.parts.values();",
    CLAIMS,
  ),
  inOutward(
    "an unknown contract never calls one that is known",
    "(isElsewhere(leaf) ? accesses : [])",
    "(isElsewhere(leaf) ? [] : [])",
    CLAIMS,
  ),
  inLink(
    "what a contract does in one that it made is left out",
    "return copied(linking, work, { instance, call, memo: new Map(), renamed: new Map() }, plan.steps);",
    "return [];",
    CLAIMS,
  ),
  inLink("two names of one contract are two", "owner.parts.set(made.id, instance);", "", CLAIMS),
  inLink(
    "a contract that was made sees the entry's caller",
    "caller: frame.call?.self ?? selfAddress()",
    'caller: { kind: "context", name: "caller", type: { kind: "address" } }',
    CLAIMS,
  ),
  inLink(
    "arguments for a contract that was made are those of the entry",
    "return argument(call.args.at(term.index), term);",
    "return term;",
    CLAIMS,
  ),
];

const ASSERTIONS: readonly Mutant[] = [
  inClaims(
    "of an `||` in a claim only the first side counts",
    "return [...left, ...right];",
    "return left.length > 0 ? left : right;",
    CLAIMS,
  ),
  inClaims(
    "a claim is proved when one side of its `||` proves it",
    "const open = alternatives.some((alternative)",
    "const open = alternatives.every((alternative)",
    CLAIMS,
  ),
  inClaims("`==` in a claim is `!=`", 'equal: condition.kind === "equal"', 'equal: condition.kind !== "equal"', CLAIMS),
];

export const CONFLICT_EDITS: readonly Mutant[] = [...MODES, ...TERMS, ...LITERALS, ...DECISIONS, ...LINKS, ...ASSERTIONS];
