/** Building terms with light simplification, comparing them, asking what they depend on. A term is never changed once made; terms are of bounded size. */
import { hasPayload, sameType, type Type } from "../core/types.ts";
import type { Value } from "../typed/tree.ts";
import type { ReadId, Term, TermOp } from "./footprint.ts";
import { childrenOf } from "./terms.ts";

export const BOOL: Type = { kind: "bool" };
export const TRUE: Term = { kind: "constant", value: { kind: "bool", value: true }, type: BOOL };
export const FALSE: Term = { kind: "constant", value: { kind: "bool", value: false }, type: BOOL };

export function sameValue(a: Value, b: Value): boolean {
  return a.kind === b.kind && a.value === b.value;
}

export function sameTerm(a: Term, b: Term): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case "constant":
      return b.kind === "constant" && sameValue(a.value, b.value);
    case "param":
      return b.kind === "param" && a.index === b.index && samePath(a.path, b.path);
    case "context":
      return b.kind === "context" && a.name === b.name;
    case "immutable":
      return b.kind === "immutable" && a.leaf === b.leaf;
    case "length":
      return b.kind === "length" && sameTerm(a.of, b.of);
    case "element":
      return b.kind === "element" && sameTerm(a.list, b.list) && sameTerm(a.index, b.index);
    case "member":
      return b.kind === "member" && a.index === b.index && sameTerm(a.of, b.of);
    case "isVariant":
      return b.kind === "isVariant" && a.variant === b.variant && sameTerm(a.of, b.of);
    case "payload":
      return b.kind === "payload" && a.variant === b.variant && a.index === b.index && sameTerm(a.of, b.of);
    case "made":
      return (
        b.kind === "made" &&
        a.variant === b.variant &&
        a.parts.length === b.parts.length &&
        sameType(a.type, b.type) &&
        a.parts.every((part, i) => sameTerm(part, b.parts[i]))
      );
    case "decoded":
      return b.kind === "decoded" && sameType(a.type, b.type) && sameTerm(a.data, b.data);
    case "loopIndex":
      return b.kind === "loopIndex" && a.loop === b.loop;
    case "ticket":
      return b.kind === "ticket" && a.ticket === b.ticket;
    case "read":
      return b.kind === "read" && a.read === b.read;
    case "past":
      return b.kind === "past" && a.leaf === b.leaf && sameTerm(a.height, b.height) && a.keys.every((key, i) => sameTerm(key, b.keys[i]));
    case "op":
      return (
        b.kind === "op" &&
        a.op === b.op &&
        a.args.length === b.args.length &&
        sameWidth(a, b) &&
        a.args.every((arg, i) => sameTerm(arg, b.args[i]))
      );
    case "if":
      return b.kind === "if" && sameTerm(a.cond, b.cond) && sameTerm(a.then, b.then) && sameTerm(a.otherwise, b.otherwise);
    case "unknown":
      return false;
  }
}

function sameWidth(a: Term, b: Term): boolean {
  return (
    a.type.kind === b.type.kind &&
    (a.type.kind !== "int" || b.type.kind !== "int" || (a.type.bits === b.type.bits && a.type.signed === b.type.signed))
  );
}

function samePath(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i]);
}

/** Two terms of one call that can't be equal: only what is sure (different constants). */
export function surelyDiffer(a: Term, b: Term): boolean {
  return a.kind === "constant" && b.kind === "constant" && !sameValue(a.value, b.value);
}

/** Whether some part of the term satisfies the test. */
export function someTerm(term: Term, test: (part: Term) => boolean): boolean {
  return test(term) || childrenOf(term).some((child) => someTerm(child, test));
}

/** The plan can evaluate it, at the latest right before the call runs. */
export function isKnown(term: Term): boolean {
  return unknownPart(term) === undefined;
}

/** No part of it is read from state, and all of it is known: the plan can always evaluate it. */
export function isStatic(term: Term): boolean {
  return !someTerm(term, (part) => part.kind === "read" || part.kind === "unknown" || isOfState(part));
}

/**
 * The same value, but found by way of state (forwarded, or refined): how many numbers a call draws must not depend on it (rule T2), so
 * it doesn't count as static. Written as a conversion to the type that it has.
 */
export function ofState(term: Term): Term {
  return { kind: "op", op: "convert", args: [term], type: term.type };
}

export function isOfState(term: Term): boolean {
  return term.kind === "op" && term.op === "convert" && sameWidth(term, term.args[0]);
}

/** For keys: only their value counts. */
export function withoutMarks(term: Term): Term {
  if (!someTerm(term, isOfState)) return term;
  return isOfState(term) && term.kind === "op" ? withoutMarks(term.args[0]) : rebuilt(term, withoutMarks);
}

/** The same term over other children. */
export function rebuilt(term: Term, change: (child: Term) => Term): Term {
  switch (term.kind) {
    case "constant":
    case "param":
    case "context":
    case "immutable":
    case "loopIndex":
    case "ticket":
    case "unknown":
      return term;
    case "read":
      return { ...term, keys: term.keys.map(change) };
    case "past":
      return { ...term, keys: term.keys.map(change), height: change(term.height) };
    case "length":
    case "member":
      return { ...term, of: change(term.of) };
    case "isVariant":
      return isVariant(change(term.of), term.variant, term.type);
    case "payload":
      return payloadOf(change(term.of), term.variant, term.index, term.type);
    case "made":
      return { ...term, parts: term.parts.map(change) };
    case "decoded":
      return { ...term, data: change(term.data) };
    case "element":
      return { ...term, list: change(term.list), index: change(term.index) };
    case "op":
      return operation(term.op, term.args.map(change), term.type);
    case "if":
      return choice(change(term.cond), change(term.then), change(term.otherwise));
  }
}

/** Whether a value is of this variant: plain for one that the call made. */
export function isVariant(of: Term, variant: number, type: Type): Term {
  if (of.kind === "made" && of.variant !== undefined) return of.variant === variant ? TRUE : FALSE;
  return { kind: "isVariant", of, variant, type };
}

export function payloadOf(of: Term, variant: number, index: number, type: Type): Term {
  if (of.kind === "made" && of.variant === variant && index < of.parts.length) return of.parts[index];
  return { kind: "payload", of, variant, index, type };
}

/** The unknown part of a term, if there is one. */
export function unknownPart(term: Term): Extract<Term, { kind: "unknown" }> | undefined {
  let found: Extract<Term, { kind: "unknown" }> | undefined;
  someTerm(term, (part) => {
    if (part.kind === "unknown") found = part;
    return found !== undefined;
  });
  return found;
}

/** Computing it may fail although all its parts are known. */
export function mayFail(term: Term): boolean {
  return someTerm(
    term,
    (part) =>
      part.kind === "element" ||
      part.kind === "past" ||
      part.kind === "payload" ||
      part.kind === "decoded" ||
      (part.kind === "op" && part.type.kind !== "bool" && !(part.op === "convert" && widens(part))),
  );
}

/** A conversion that can't fail. */
export function widens(term: Extract<Term, { kind: "op" }>): boolean {
  const from = term.args[0].type;
  const to = term.type;
  if (from.kind === "int" && to.kind === "int")
    return from.signed === to.signed ? from.bits <= to.bits : !from.signed && from.bits < to.bits;
  return !(from.kind === "int" && to.kind === "enum");
}

/** Replaces reads by what is known of them where the term is used. */
export function substitute(term: Term, known: ReadonlyMap<ReadId, Term>, mark: (found: Term) => Term = (found) => found): Term {
  if (known.size === 0) return term;
  const value = term.kind === "read" ? known.get(term.read) : undefined;
  return value === undefined ? rebuilt(term, (child) => substitute(child, known, mark)) : mark(value);
}

/** An operation, simplified where the outcome is plain. Arithmetic on constants was folded by the checker. */
export function operation(op: TermOp, args: readonly Term[], type: Type): Term {
  const [a, b] = args;
  switch (op) {
    case "==":
    case "!=": {
      const equal = sameTerm(a, b) ? true : surelyDiffer(a, b) ? false : undefined;
      if (equal !== undefined) return (op === "==") === equal ? TRUE : FALSE;
      break;
    }
    case "&&":
      if (isFalse(a)) return FALSE;
      if (isTrue(a)) return b;
      if (isTrue(b)) return a;
      if (isFalse(b)) return FALSE;
      break;
    case "||":
      if (isTrue(a)) return TRUE;
      if (isFalse(a)) return b;
      if (isFalse(b)) return a;
      if (isTrue(b)) return TRUE;
      break;
    case "!":
      if (isTrue(a)) return FALSE;
      if (isFalse(a)) return TRUE;
      break;
    default:
      break;
  }
  return { kind: "op", op, args, type };
}

export function choice(cond: Term, then: Term, otherwise: Term): Term {
  if (isTrue(cond)) return then;
  if (isFalse(cond)) return otherwise;
  if (sameTerm(then, otherwise) || (then.kind === "unknown" && otherwise.kind === "unknown")) return then;
  return { kind: "if", cond, then, otherwise, type: then.type };
}

/** Nodes of one term: above this it counts as unknown, so that `x = x + x` in a row can't blow up. */
const MAX_SIZE = 256;
const sizes = new WeakMap<Term, number>();

/** Whether the term has too many nodes to go on with, shared ones counted as often as they stand in it. */
export function isTooLarge(term: Term): boolean {
  return sizeOf(term) > MAX_SIZE;
}

function sizeOf(term: Term): number {
  const known = sizes.get(term);
  if (known !== undefined) return known;
  let size = 1;
  for (const child of childrenOf(term)) size += sizeOf(child);
  sizes.set(term, size);
  return size;
}

/** What a cell holds that was never written; undefined for types of which there are no constants. */
export function initialOf(type: Type): Term | undefined {
  switch (type.kind) {
    case "bool":
      return FALSE;
    case "int":
      return { kind: "constant", value: { kind: "int", value: 0n }, type };
    case "enum":
      return hasPayload(type) ? undefined : { kind: "constant", value: { kind: "enum", value: 0 }, type };
    case "address":
      return { kind: "constant", value: { kind: "address", value: `0x${"0".repeat(40)}` }, type };
    case "bytes32":
      return { kind: "constant", value: { kind: "bytes32", value: `0x${"0".repeat(64)}` }, type };
    default:
      return undefined;
  }
}

export function isTrue(term: Term): boolean {
  return term.kind === "constant" && term.value.kind === "bool" && term.value.value;
}

export function isFalse(term: Term): boolean {
  return term.kind === "constant" && term.value.kind === "bool" && !term.value.value;
}

type IntConstant = Extract<Term, { kind: "constant" }> & { readonly value: { readonly kind: "int"; readonly value: bigint } };

export function isIntConstant(term: Term): term is IntConstant {
  return term.kind === "constant" && term.value.kind === "int";
}
