/**
 * What a term is for one given call. Exact: every operation has the ranges and failures that the running contract has. Where a part isn't
 * given (state, a number that isn't drawn yet, the block) the term is open; where computing it fails, it fails (rule P1). Pure; nothing is thrown.
 */
import { unreachable } from "../core/bug.ts";
import { maxOf, minOf } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import { foldArithmetic } from "../check/fold-arithmetic.ts";
import { foldInts, foldUnary } from "../check/fold.ts";
import type { Folded } from "../check/fold.ts";
import type { ContextName, Value } from "../typed/tree.ts";
import { encodedBytes, hashOf, packedBytes, textBytes, valueOf } from "./concrete-bytes.ts";
import { sameConcrete } from "./concrete-value.ts";
import type { Concrete } from "./concrete-value.ts";
import type { LoopId, Term, TermOp } from "./footprint.ts";
import { rebuilt } from "./algebra.ts";
import { foldTerm } from "./terms.ts";

/** What isn't a matter of the call's own words. */
export type Outside = Extract<Term, { kind: "read" | "past" | "immutable" | "ticket" }>;

/** A call as far as it is known; what is missing leaves the terms that use it open. */
export interface Given {
  /** By parameter. */
  readonly args: readonly (Concrete | undefined)[];
  readonly context: ReadonlyMap<ContextName, Concrete>;
  /** Indexes of the rounds around, as the author's code sees them. */
  readonly loops: ReadonlyMap<LoopId, bigint>;
  /** Asked for reads of state, past values, immutables and numbers drawn; `keys` are those of the cell. */
  readonly outside: (term: Outside, keys: readonly Concrete[]) => Concrete | undefined;
}

export type Evaluated =
  { readonly kind: "value"; readonly value: Concrete } | { readonly kind: "fails"; readonly reason: string } | { readonly kind: "open" };

export type Memo = Map<Term, Evaluated>;

const OPEN: Evaluated = { kind: "open" };

/** `memo` may be kept for further terms of the same `given`. */
export function evaluate(term: Term, given: Given, memo: Memo = new Map()): Evaluated {
  return foldTerm(term, memo, (part, get) => step(part, given, get));
}

type Get = (child: Term) => Evaluated;

function step(term: Term, given: Given, get: Get): Evaluated {
  switch (term.kind) {
    case "constant":
      return known(constant(term.value));
    case "param":
      return maybe(inside(given.args[term.index], term.path));
    case "context":
      return maybe(given.context.get(term.name));
    case "loopIndex":
      return maybe(given.loops.get(term.loop));
    case "immutable":
    case "ticket":
      return maybe(given.outside(term, []));
    case "read":
    case "past": {
      const keys = together((term.kind === "past" ? [...term.keys, term.height] : term.keys).map(get));
      return keys.kind === "value" ? maybe(given.outside(term, keys.values)) : keys;
    }
    case "length":
      return mapped(get(term.of), (of) => known(BigInt(typeof of === "string" ? (of.length - 2) / 2 : items(of).length)));
    case "element": {
      const parts = together([get(term.list), get(term.index)]);
      if (parts.kind !== "value") return parts;
      const [list, index] = parts.values;
      const at = int(index);
      return at < 0n || at >= BigInt(items(list).length) ? fails("an index outside of its list") : known(items(list)[Number(at)]);
    }
    case "member":
      return mapped(get(term.of), (of) => known(items(of)[term.index]));
    case "isVariant":
      return mapped(get(term.of), (of) => known(items(of)[0] === BigInt(term.variant)));
    case "payload":
      return mapped(get(term.of), (of) =>
        items(of)[0] === BigInt(term.variant) ? known(items(of)[term.index + 1]) : fails("a value of another variant"),
      );
    case "made": {
      const parts = together(term.parts.map(get));
      if (parts.kind !== "value") return parts;
      return known(term.variant === undefined ? parts.values : [BigInt(term.variant), ...parts.values]);
    }
    case "decoded":
      return OPEN;
    case "if": {
      const cond = get(term.cond);
      return cond.kind === "value" ? get(cond.value === true ? term.then : term.otherwise) : cond;
    }
    case "op":
      return operation(term, get);
    case "unknown":
      return OPEN;
    default:
      return unreachable(term, "evaluate");
  }
}

function constant(value: Value): Concrete {
  if (value.kind === "enum") return BigInt(value.value);
  return value.kind === "string" ? textBytes(value.value) : value.value;
}

function inside(value: Concrete | undefined, path: readonly number[]): Concrete | undefined {
  let found = value;
  for (const index of path) found = found === undefined ? undefined : items(found)[index];
  return found;
}

// --- operators -----------------------------------------------------------------------------------------------------

type Op = Extract<Term, { kind: "op" }>;

function operation(term: Op, get: Get): Evaluated {
  const { op } = term;
  if (op === "&&" || op === "||") return logic(get(term.args[0]), get(term.args[1]), op === "||");
  const parts = together(term.args.map(get));
  return parts.kind === "value" ? applied(op, term, parts.values) : parts;
}

/** The second side isn't looked at where the first one decides; and where the first is open, the second may decide. */
function logic(a: Evaluated, b: Evaluated, decisive: boolean): Evaluated {
  if (a.kind === "fails" || (a.kind === "value" && a.value === decisive)) return a;
  if (a.kind === "value") return b;
  return b.kind === "value" && b.value === decisive ? b : OPEN;
}

function applied(op: Exclude<TermOp, "&&" | "||">, { args: terms, type }: Op, args: readonly Concrete[]): Evaluated {
  const [a, b] = args;
  switch (op) {
    case "==":
      return known(sameConcrete(a, b));
    case "!=":
      return known(!sameConcrete(a, b));
    case "contains":
      return known(items(a).some((item) => sameConcrete(item, b)));
    case "!":
      return known(a !== true);
    case "neg":
    case "~":
      return type.kind === "int" ? folded(foldUnary(op === "neg" ? "-" : "~", type, int(a))) : OPEN;
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "|":
    case "&":
    case "^":
    case "<<":
    case ">>": {
      if (typeof a === "boolean") return known(op === "|" ? a || b === true : op === "&" ? a && b === true : a !== b);
      // Comparisons have the type of a truth value, and no range to keep.
      const range = terms[0].type;
      return range.kind === "int" ? folded(foldInts(op, range, int(a), int(b))) : OPEN;
    }
    case "convert":
      return converted(a, terms[0].type, type);
    case "sha256":
    case "keccak256":
    case "blake3":
      return known(hashOf(op, terms[0].type, a));
    case "encode":
      return known(encodedBytes(typesOf(terms), args));
    case "concat":
      return known(packedBytes(typesOf(terms), args));
    default:
      return type.kind === "int" ? folded(foldArithmetic(op, type, args.map(int))) : OPEN;
  }
}

function typesOf(terms: readonly Term[]): readonly Type[] {
  return terms.map((term) => term.type);
}

function folded(result: Folded | undefined): Evaluated {
  switch (result?.kind) {
    case "int":
    case "bool":
      return known(result.value);
    case "fails":
      return fails(result.reason);
    case "outside":
      return fails("overflow");
    case undefined:
      return OPEN;
    default:
      return unreachable(result, "folded");
  }
}

function converted(value: Concrete, from: Type, to: Type): Evaluated {
  if (to.kind === "int") {
    const number = from.kind === "bytes32" ? BigInt(String(value)) : int(value);
    return number < minOf(to) || number > maxOf(to) ? fails("overflow") : known(number);
  }
  if (to.kind === "enum") return int(value) < BigInt(to.variants.length) ? known(value) : fails(`no such value of ${to.name}`);
  if (from.kind === "int" && to.kind === "bytes32") return known(`0x${int(value).toString(16).padStart(64, "0")}`);
  return known(value);
}

// --- values --------------------------------------------------------------------------------------------------------

function known(value: Concrete): Evaluated {
  return { kind: "value", value };
}

function fails(reason: string): Evaluated {
  return { kind: "fails", reason };
}

function maybe(value: Concrete | undefined): Evaluated {
  return value === undefined ? OPEN : known(value);
}

function mapped(from: Evaluated, make: (value: Concrete) => Evaluated): Evaluated {
  return from.kind === "value" ? make(from.value) : from;
}

/** All of them, or why not: what fails is found before what is open. */
function together(
  parts: readonly Evaluated[],
): { readonly kind: "value"; readonly values: readonly Concrete[] } | Exclude<Evaluated, { kind: "value" }> {
  const values: Concrete[] = [];
  let open = false;
  for (const part of parts) {
    if (part.kind === "fails") return part;
    if (part.kind === "open") open = true;
    else values.push(part.value);
  }
  return open ? { kind: "open" } : { kind: "value", values };
}

function items(value: Concrete): readonly Concrete[] {
  return typeof value === "object" ? value : [];
}

function int(value: Concrete): bigint {
  return typeof value === "bigint" ? value : 0n;
}

/** The term with all that is known put in as constants: what is left of it is what nobody knows yet. */
export function partlyEvaluated(root: Term, given: Given, memo: Memo): Term {
  evaluate(root, given, memo);
  return foldTerm<Term>(root, new Map(), (term, get) => {
    const found = memo.get(term);
    const value = found?.kind === "value" ? valueOf(term.type, found.value) : undefined;
    if (value !== undefined) return { kind: "constant", value, type: term.type };
    const cond = term.kind === "if" ? memo.get(term.cond) : undefined;
    if (term.kind === "if" && cond?.kind === "value") return get(cond.value === true ? term.then : term.otherwise);
    return rebuilt(term, get);
  });
}
