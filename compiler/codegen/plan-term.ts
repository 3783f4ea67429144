/**
 * Terms as expressions of plan functions. What may be unknown while planning goes through the planner's helpers, where `undefined`
 * stands for unknown; what can't be unknown uses plain operators.
 */
import { Bug, unreachable } from "../core/bug.ts";
import { isPacked, type Type } from "../core/types.ts";
import type { Leaf, Term, TermOp } from "../footprint/footprint.ts";
import { sameTerm } from "../footprint/algebra.ts";
import type { ArithmeticName, WrappingName } from "../typed/tree.ts";
import { binaryCode, callCode, numberCode, primary, ternaryCode, unaryCode, type Code } from "./code.ts";
import { complement } from "./exec-builtin.ts";
import { literalCode } from "./exec-expr.ts";
import { mayFail } from "./exec-scope.ts";
import { bigText } from "./literals.ts";
import { headOf, isListOfWords, isUncertain, listLength, neutralOf, partCode, valuesText } from "./plan-neutral.ts";
import { known, once, loopOf, textOf, uncertain, UNKNOWN, type PlanCode, type PlanScope } from "./plan-scope.ts";
import { rangeOf, representationOf, widthOf, widthSuffix } from "./representation.ts";
import { helper, leafName, limit, shapeIndex, tableName } from "./scope.ts";

type Op = Extract<Term, { kind: "op" }>;

export function termCode(scope: PlanScope, term: Term): PlanCode {
  switch (term.kind) {
    case "constant":
      return known(literalCode(scope.module, term.type, term.value, "p"));
    case "param":
      return paramTerm(scope, term);
    case "context":
      if (term.name === "value") {
        const call = scope.open ? "p.openValue()" : "p.value()";
        return { ...primary(once(scope, "value", "value", (name) => `const ${name} = ${call};`)), maybe: scope.open };
      }
      return known(primary(CONTEXT[term.name]));
    case "immutable":
      return immutableTerm(scope, term);
    case "length":
      return lengthTerm(scope, term);
    case "element":
      return elementTerm(scope, term);
    case "member":
      return partCode(scope, term);
    case "loopIndex":
      return loopOf(scope, term.loop).index;
    case "ticket": {
      const name = scope.tickets.get(term.ticket);
      if (name === undefined) throw new Bug(`codegen: ticket ${String(term.ticket)} isn't drawn yet`);
      return uncertain(primary(name));
    }
    case "isVariant":
      return uncertain(callCode(helper("isVariant"), [neutralOf(scope, term.of), String(term.variant)]));
    case "payload":
      return partCode(scope, term);
    case "made":
    case "decoded":
      return uncertain(neutralOf(scope, term));
    case "read": {
      if (isPacked(term.type)) return uncertain(neutralOf(scope, term));
      const read = scope.reads.get(term.read);
      if (read === undefined) throw new Bug(`codegen: read ${String(term.read)} isn't planned yet`);
      return uncertain(primary(read.value));
    }
    case "past":
      return pastTerm(scope, term);
    case "op":
      return opTerm(scope, term);
    case "if": {
      const cond = termCode(scope, term.cond);
      const then = termCode(scope, term.then);
      const otherwise = termCode(scope, term.otherwise);
      const maybe = cond.maybe || then.maybe || otherwise.maybe;
      if (!cond.maybe) return { ...ternaryCode(cond, then, otherwise), maybe };
      const name = named(scope, cond);
      return uncertain(
        ternaryCode(binaryCode("===", name, primary("undefined")), primary("undefined"), ternaryCode(name, then, otherwise)),
      );
    }
    case "unknown":
      return UNKNOWN;
    default:
      return unreachable(term, "plan term");
  }
}

const CONTEXT = {
  caller: "p.caller",
  value: "p.value()",
  "self.address": "p.self",
  "block.height": "p.height",
  "block.time": "p.time",
  "chain.id": "p.chainId",
} as const;

/** A past value, by the slot that the access of this node asked for. */
function pastTerm(scope: PlanScope, term: Extract<Term, { kind: "past" }>): PlanCode {
  const leaf = scope.module.footprint.leaves[term.leaf];
  const slot = slotCode(scope, leaf, term.keys).text;
  const value = callCode("p.pastOf", [leafName(scope.module, leaf), slot, termCode(scope, term.height)]);
  const whole = representationOf(leaf.type) === "number" ? callCode("p.toNumber", [value, ...rangeTexts(scope, leaf.type)]) : value;
  return uncertain(primary(once(scope, whole.text, "past", (name) => `const ${name} = ${whole.text};`)));
}

/** The slot for keys: one per table and key, however often the code names it. */
export function slotCode(scope: PlanScope, leaf: Leaf, keys: readonly Term[]): PlanCode {
  if (leaf.table === undefined) return known(primary("p.instance"));
  const table = tableName(scope.module, leaf.table);
  const codes = keys.map((key) => termCode(scope, key));
  const texts = codes.map(textOf);
  const plain = leaf.keys.every((type) => keySuffix(type) === "32" && type.kind !== "bool");
  const short = plain && keys.length <= 2 ? `p.entry${String(keys.length)}(${[table, ...texts].join(", ")})` : undefined;
  const feeds = texts.map((text, i) => `p.key${keySuffix(leaf.keys[i])}(${text});`);
  const slot = once(scope, `${table}(${texts.join(", ")})`, "slot", (name) =>
    short === undefined ? `${feeds.join(" ")}\nconst ${name} = p.entry(${table});` : `const ${name} = ${short};`,
  );
  return { ...primary(slot), maybe: codes.some((code) => code.maybe) };
}

function keySuffix(type: Type): string {
  return representationOf(type) === "bytes" ? "Bytes" : String(widthOf(type));
}

function paramTerm(scope: PlanScope, term: Extract<Term, { kind: "param" }>): PlanCode {
  const { arg, rest } = headOf(scope, term);
  if (rest.length > 0) return partCode(scope, term);
  // Strings and lists are always known: without them a callee isn't planned at all.
  const word = ["bool", "number", "big"].includes(representationOf(term.type));
  return { ...primary(arg.value), maybe: scope.open && word };
}

function immutableTerm(scope: PlanScope, term: Extract<Term, { kind: "immutable" }>): PlanCode {
  if (isPacked(term.type)) return uncertain(neutralOf(scope, term));
  const leaf = scope.module.footprint.leaves[term.leaf];
  const stage = `p.stage${widthSuffix(leaf.type)}(${leafName(scope.module, leaf)}, p.instance)`;
  return uncertain(
    primary(once(scope, `immutable:${String(term.leaf)}`, leaf.field?.name ?? "coin", (name) => `const ${name} = ${stage};`)),
  );
}

function lengthTerm(scope: PlanScope, term: Extract<Term, { kind: "length" }>): PlanCode {
  if (term.of.type.kind === "list") {
    if (isUncertain(scope, term.of)) return uncertain(callCode(helper("lengthOfParts"), [neutralOf(scope, term.of)]));
    const length = listLength(scope, term.of);
    return { ...callCode("BigInt", [length]), small: length, maybe: false };
  }
  if (term.of.kind === "param") {
    const { arg, rest } = headOf(scope, term.of);
    if (rest.length === 0) return { ...callCode("BigInt", [arg.length]), small: arg.length, maybe: false };
  }
  const of = termCode(scope, term.of);
  if (representationOf(term.of.type) !== "bytes") return UNKNOWN;
  return uncertain(callCode(helper("plannedLength"), [of]));
}

function elementTerm(scope: PlanScope, term: Extract<Term, { kind: "element" }>): PlanCode {
  const { list, index, type } = term;
  const own = list.kind === "param" ? headOf(scope, list) : undefined;
  if (own === undefined || own.rest.length > 0 || !isListOfWords(list.type)) return partCode(scope, term);
  const { arg } = own;
  const at = indexText(scope, index);
  const address = type.kind === "address" || type.kind === "handle";
  if (address) {
    if (index.kind === "loopIndex" && isWithin(scope, index, list))
      return known(primary(`p.wordAt(${arg.value} + ${loopOf(scope, index.loop).count})`));
    return uncertain(callCode(helper("addressAt"), ["p", arg.value, arg.length, at]));
  }
  const head = String(arg.head.head);
  const number = callCode("p.elementNumber", [head, at]);
  switch (representationOf(type)) {
    case "bool":
      return uncertain(callCode("p.equal", [number, "1"]));
    case "number":
      return uncertain(number);
    case "big":
      return uncertain(callCode("p.elementBig", [head, at, `"${elementKind(type)}"`]));
    default:
      return UNKNOWN;
  }
}

function elementKind(type: Type): string {
  return type.kind === "int" ? `${type.signed ? "i" : "u"}${String(type.bits)}` : type.kind;
}

/** The loop runs over that very list: its index is always inside. */
function isWithin(scope: PlanScope, index: Extract<Term, { kind: "loopIndex" }>, list: Term): boolean {
  const over = loopOf(scope, index.loop).list;
  return over !== undefined && sameTerm(over, list);
}

/** An index as a JavaScript number. */
function indexText(scope: PlanScope, index: Term): string {
  const code = termCode(scope, index);
  if (code.small !== undefined) return code.small;
  if (!code.maybe && representationOf(index.type) === "number") return code.text;
  return callCode(helper("plannedIndex"), [code]).text;
}

// --- operators -----------------------------------------------------------------------------------------------------

function opTerm(scope: PlanScope, term: Op): PlanCode {
  const { op } = term;
  switch (op) {
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "&&":
    case "||":
    case "!":
      return truthTerm(scope, term, op);
    case "contains": {
      const [list, item] = term.args;
      return uncertain(callCode(helper("containsPart"), ["p", neutralOf(scope, list), termCode(scope, item)]));
    }
    case "convert": {
      const code = convertTerm(scope, term);
      return code.maybe && code.text.startsWith("p.") ? named(scope, code) : code;
    }
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "|":
    case "&":
    case "^":
    case "<<":
    case ">>":
      return named(scope, arithmeticTerm(scope, op, term));
    case "neg":
    case "~":
    case "min":
    case "max":
    case "abs":
    case "mulDiv":
    case "mulDivUp":
    case "sqrt":
    case "wrappingAdd":
    case "wrappingSub":
    case "wrappingMul":
    case "saturatingAdd":
    case "saturatingSub":
    case "saturatingMul":
      return named(scope, functionTerm(scope, op, term));
    case "sha256":
    case "keccak256":
    case "blake3":
      return named(scope, uncertain(callCode(`p.${op}`, [termCode(scope, term.args[0])])));
    case "encode":
    case "concat": {
      const shape = shapeIndex(
        scope.module,
        term.args.map((arg) => arg.type),
      );
      return named(scope, uncertain(callCode(`p.${op}`, [String(shape), valuesText(scope, term.args)])));
    }
    default:
      return unreachable(op, "term operator");
  }
}

/** A variable for what takes work to compute: a block computes it once, however many keys and amounts use it. */
function named(scope: PlanScope, code: PlanCode): PlanCode {
  return { ...primary(once(scope, code.text, "t", (name) => `const ${name} = ${code.text};`)), maybe: code.maybe };
}

type TruthOp = Extract<TermOp, "==" | "!=" | "<" | "<=" | ">" | ">=" | "&&" | "||" | "!">;

function truthTerm(scope: PlanScope, term: Op, op: TruthOp): PlanCode {
  const args = term.args.map((arg) => termCode(scope, arg));
  const maybe = args.some((arg) => arg.maybe);
  const [a, b] = args;
  switch (op) {
    case "!":
      return maybe ? uncertain(callCode("p.not", [a])) : known(unaryCode("!", a));
    case "&&":
    case "||":
      return maybe ? uncertain(callCode(op === "&&" ? "p.and" : "p.or", [a, b])) : known(binaryCode(op, a, b));
    case "==":
    case "!=": {
      const bytes = representationOf(term.args[0].type) === "bytes";
      if (!maybe && !bytes) return known(compared(op === "==" ? "===" : "!==", a, b));
      const equal = callCode("p.equal", [a, b]);
      return uncertain(op === "==" ? equal : callCode("p.not", [equal]));
    }
    case "<":
    case "<=":
    case ">":
    case ">=":
      return maybe ? uncertain(callCode("p.compare", [`"${op}"`, a, b])) : known(compared(op, a, b));
  }
}

function compared(op: string, a: Code, b: Code): Code {
  if (a.small !== undefined && b.small !== undefined) return binaryCode(op, primary(a.small), primary(b.small));
  return binaryCode(op, a, b);
}

type ArithmeticOp = Extract<TermOp, "+" | "-" | "*" | "/" | "%" | "|" | "&" | "^" | "<<" | ">>">;

function arithmeticTerm(scope: PlanScope, op: ArithmeticOp, term: Op): PlanCode {
  const [a, b] = term.args.map((arg) => termCode(scope, arg));
  const { type } = term;
  const range = rangeTexts(scope, type);
  if (representationOf(type) === "number") {
    const wideShift = (op === "<<" || op === ">>") && representationOf(term.args[1].type) === "big";
    const by = wideShift ? (b.small ?? callCode("p.toNumber", [b, "0", "255"])) : b;
    return uncertain(callCode("p.arith", [`"${op}"`, a, by, ...range]));
  }
  if (op === "<<" || op === ">>") return uncertain(callCode("p.shiftBig", [`"${op}"`, a, b.small ?? b, ...range]));
  return uncertain(callCode("p.arithBig", [`"${op}"`, a, b, ...range]));
}

/** Least and greatest value of a type as text. */
function rangeTexts(scope: PlanScope, type: Type): readonly string[] {
  if (representationOf(type) === "big" && type.kind === "int") return [limit(scope.module, "MIN", type), limit(scope.module, "MAX", type)];
  const { min, max } = rangeOf(type);
  return representationOf(type) === "big" ? [bigText(min), bigText(max)] : [String(min), String(max)];
}

type FunctionOp = Extract<TermOp, "neg" | "~" | ArithmeticName>;

const SYMBOL: Readonly<Record<WrappingName, string>> = {
  wrappingAdd: "+",
  wrappingSub: "-",
  wrappingMul: "*",
  saturatingAdd: "+",
  saturatingSub: "-",
  saturatingMul: "*",
};

function functionTerm(scope: PlanScope, op: FunctionOp, term: Op): PlanCode {
  const { type } = term;
  const args = term.args.map((arg) => termCode(scope, arg));
  const narrow = representationOf(type) === "number";
  const range = rangeTexts(scope, type);
  switch (op) {
    case "neg":
      return uncertain(callCode(narrow ? "p.arith" : "p.arithBig", ['"-"', narrow ? "0" : "0n", args[0], ...range]));
    case "~": {
      if (!args[0].maybe) return known(complement(type, args[0]));
      const from = type.kind === "int" && type.signed ? numberCode(narrow ? "-1" : "-1n", undefined) : primary(range[1]);
      return uncertain(callCode(narrow ? "p.arith" : "p.arithBig", ['"-"', from, args[0], ...range]));
    }
    case "min":
    case "max":
      return { ...callCode(helper(op === "min" ? "plannedMin" : "plannedMax"), args), maybe: true };
    case "abs": {
      const wide = callCode(helper("plannedMagnitude"), [narrow ? widened(args[0]) : args[0]]);
      return uncertain(narrow ? callCode("p.toNumber", [wide, ...range]) : callCode("p.inRangeBig", [wide, ...range]));
    }
    case "sqrt": {
      const root = callCode("p.sqrt", [narrow ? widened(args[0]) : args[0]]);
      return uncertain(narrow ? callCode("p.toNumber", [root, ...range]) : root);
    }
    case "mulDiv":
    case "mulDivUp": {
      const result = callCode("p.mulDiv", [...(narrow ? args.map(widened) : args), String(op === "mulDivUp")]);
      return uncertain(callCode(narrow ? "p.toNumber" : "p.inRangeBig", [result, ...range]));
    }
    case "wrappingAdd":
    case "wrappingSub":
    case "wrappingMul":
    case "saturatingAdd":
    case "saturatingSub":
    case "saturatingMul": {
      const { min, max } = rangeOf(type);
      const how = op.startsWith("wrapping") ? "plannedWrapped" : "plannedSaturated";
      const result = callCode(helper(how), [`"${SYMBOL[op]}"`, ...args, bigText(min), bigText(max)]);
      return uncertain(narrow ? callCode("p.toNumber", [result, ...range]) : result);
    }
    default:
      return unreachable(op, "term function");
  }
}

function widened(code: PlanCode): PlanCode {
  return code.maybe ? uncertain(callCode("p.toBig", [code])) : known(callCode("BigInt", [code]));
}

function convertTerm(scope: PlanScope, term: Op): PlanCode {
  const from = term.args[0].type;
  const to = term.type;
  const code = termCode(scope, term.args[0]);
  if (to.kind !== "int" && !(to.kind === "enum" && from.kind === "int")) return code;
  const fits = !mayFail(from, to);
  const range = rangeTexts(scope, to);
  const narrowFrom = representationOf(from) === "number";
  if (representationOf(to) === "number") {
    if (fits) return { ...code, small: undefined };
    return uncertain(callCode(narrowFrom ? "p.inRange" : "p.toNumber", [code, ...range]));
  }
  const wide = narrowFrom ? widened(code) : code;
  return fits ? wide : uncertain(callCode("p.inRangeBig", [wide, ...range]));
}
