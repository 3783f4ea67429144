/**
 * Conflict conditions put to the test: given two concrete calls, can the condition hold? Terms that read state, loops or tickets are
 * unknown, and an unknown atom counts as possible, so "impossible" is said only when the analysis itself promises independence.
 */
import type { Atom, Formula, SidedTerm } from "../../compiler/conflicts/conflict.ts";
import type { Term, TermOp } from "../../compiler/footprint/footprint.ts";
import type { Type } from "../../compiler/core/types.ts";
import { encodeAll } from "../interpreter/abi.ts";
import { concatAll } from "../interpreter/concat.ts";
import { binary, builtin, convert, unary } from "../interpreter/operators.ts";
import { Reverted } from "../interpreter/revert.ts";
import { asBool, asItems, fromConstant, lengthOf, sameValue } from "../interpreter/values.ts";
import type { Val } from "../interpreter/values.ts";

export interface ConcreteCall {
  readonly args: readonly Val[];
  /** `caller`, `value` and the other words that code can name. */
  readonly context: Readonly<Record<string, Val>>;
}

export function canHold(formula: Formula, left: ConcreteCall, right: ConcreteCall): boolean {
  return formula.some((atoms) => atoms.every((atom) => atomCanHold(atom, left, right)));
}

function atomCanHold(atom: Atom, left: ConcreteCall, right: ConcreteCall): boolean {
  const valueOf = (sided: SidedTerm): Val | undefined => termValue(sided.term, sided.side === "left" ? left : right);
  const a = valueOf(atom.left);
  const b = valueOf(atom.right);
  return a === undefined || b === undefined || sameValue(a, b) === atom.equal;
}

/** Undefined when the value isn't a matter of the call alone, or computing it fails. */
export function termValue(term: Term, call: ConcreteCall): Val | undefined {
  try {
    return valueOf(term, call);
  } catch (error) {
    if (error instanceof Reverted) return undefined;
    throw error;
  }
}

function valueOf(term: Term, call: ConcreteCall): Val | undefined {
  switch (term.kind) {
    case "constant":
      return fromConstant(term.value);
    case "param": {
      let value = call.args[term.index];
      for (const index of term.path) value = asItems(value)[index];
      return value;
    }
    case "context":
      return call.context[term.name];
    case "if": {
      const cond = valueOf(term.cond, call);
      return cond === undefined ? undefined : valueOf(asBool(cond) ? term.then : term.otherwise, call);
    }
    case "op":
      return operation(term.op, term.args, term.type, call);
    case "length": {
      const value = valueOf(term.of, call);
      if (value === undefined) return undefined;
      return lengthOf(value);
    }
    case "immutable":
    case "element":
    case "member":
    case "isVariant":
    case "payload":
    case "made":
    case "decoded":
    case "loopIndex":
    case "ticket":
    case "read":
    case "past":
    case "unknown":
      return undefined;
  }
}

function operation(op: TermOp, terms: readonly Term[], type: Type, call: ConcreteCall): Val | undefined {
  const args: Val[] = [];
  for (const term of terms) {
    const value = valueOf(term, call);
    if (value === undefined) return undefined;
    args.push(value);
  }
  switch (op) {
    case "!":
    case "~":
      return unary(op, type, args[0]);
    case "neg":
      return unary("-", type, args[0]);
    case "convert":
      return convert(terms[0].type, type, args[0]);
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
    case "sha256":
    case "keccak256":
    case "blake3":
      return builtin(op, type, args);
    case "contains":
      return undefined;
    case "encode":
      return `0x${encodeAll(typesOf(terms), args)}`;
    case "concat":
      return concatAll(typesOf(terms), args);
    default:
      return binary(op, type, args[0], args[1]);
  }
}

function typesOf(terms: readonly Term[]): Type[] {
  return terms.map((term) => term.type);
}
