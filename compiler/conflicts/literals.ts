/**
 * From two accesses of one kind of cell to the (in)equalities under which they touch one cell: their keys pairwise,
 * and the conditions on the way as far as they are (in)equalities over terms known before execution. Everything else is left out,
 * which only makes the condition weaker. What is hidden helps to refute but isn't shown: a single excluded value (`from != NOBODY`) says little.
 */
import { sameType, type Type } from "../core/types.ts";
import { isIntConstant } from "../footprint/algebra.ts";
import type { FlatAccess, Term } from "../footprint/footprint.ts";
import { createBank, UNKNOWN } from "./bank.ts";
import type { Bank, Ref, Side } from "./bank.ts";
import type { Atom, SidedTerm } from "./conflict.ts";
import type { Relation } from "./congruence.ts";
import type { FunctionAccesses } from "./facts.ts";

export interface Literal extends Relation {
  readonly atom: Atom;
  readonly shown: boolean;
  /** Same for the same relation. */
  readonly key: string;
}

/** Literals that the conditions of one access may add; more are dropped. */
const MAX_GUARD_LITERALS = 12;
const MAX_GUARD_STEPS = 200;

const BOOL = { kind: "bool" } as const;

export function pairBank(left: FunctionAccesses, right: FunctionAccesses): Bank {
  return createBank((side, loop, ref) => {
    const info = (side === "left" ? left : right).loops.get(loop);
    if (info === undefined) return `#${loop}`;
    // Loops over the same range at the same depth may share a name: an access lies in one of them only.
    const { over, depth } = info;
    if (over.kind === "unknown") return `#${loop}`;
    const bounds = over.kind === "list" ? [over.list] : [over.from, over.to];
    const refs = bounds.map(ref);
    if (refs.some((r) => r.node === UNKNOWN)) return `#${loop}`;
    const cap = over.kind === "list" ? "list" : `range ${over.max}`;
    return `${cap} ${depth} ${refs.map((r) => `${r.node}+${r.offset}`).join(" ")}`;
  });
}

/** The ways in which the two touch one cell; none: they can't, whatever the values. */
export function keyLiterals(bank: Bank, left: FlatAccess, right: FlatAccess): readonly (readonly Literal[])[] {
  let ways: readonly (readonly Literal[])[] = [[]];
  for (const [i, key] of left.keys.entries()) {
    if (i >= right.keys.length) break;
    for (const [a, b] of equalities(key, right.keys[i])) {
      const meet = meetingsOf(bank, a, b, Math.floor(MAX_WAYS / ways.length));
      ways = ways.flatMap((way) => meet.map((more) => [...way, ...more]));
    }
  }
  return ways;
}

/** Choices (`if c { x } else { y }`) in keys are taken apart into at most so many ways. */
const MAX_WAYS = 16;

function meetingsOf(bank: Bank, a: Term, b: Term, most: number): readonly (readonly Literal[])[] {
  const [lefts, rights] = [choicesOf(bank, "left", a, most), choicesOf(bank, "right", b, most)];
  const pairs = lefts.length * rights.length > most ? [{ l: { term: a, when: [] }, r: { term: b, when: [] } }] : product(lefts, rights);
  return pairs.flatMap(({ l, r }) => {
    const atom = { equal: true, left: { side: "left", term: l.term }, right: { side: "right", term: r.term } } as const;
    const made = literal(bank, atom, "shown");
    if (made === "never") return [];
    return [[...(made === "always" ? [] : [made]), ...l.when, ...r.when]];
  });
}

interface Choice {
  readonly term: Term;
  readonly when: readonly Literal[];
}

function product(lefts: readonly Choice[], rights: readonly Choice[]): readonly { readonly l: Choice; readonly r: Choice }[] {
  return lefts.flatMap((l) => rights.map((r) => ({ l, r })));
}

/** What a key can be, each with the condition for it as far as that can be said. */
function choicesOf(bank: Bank, side: Side, key: Term, most: number): readonly Choice[] {
  if (key.kind !== "if") return [{ term: key, when: [] }];
  const under = (term: Term, holds: boolean): readonly Choice[] => {
    const cond = allOf(bank, side, [{ term: key.cond, holds }]);
    if (cond === undefined) return [];
    return choicesOf(bank, side, term, most).map((inner) => ({ term: inner.term, when: [...inner.when, ...cond] }));
  };
  const all = [...under(key.then, true), ...under(key.otherwise, false)];
  return all.length > most ? [{ term: key, when: [] }] : all;
}

/**
 * What must be equal for two terms to be: hashes of one kind and encodings over one list of types are injective (rules D1, D2).
 * The depth of terms is bounded, and with it the recursion.
 */
function equalities(a: Term, b: Term): readonly (readonly [Term, Term])[] {
  if (a.kind === "op" && b.kind === "op" && a.op === b.op && a.args.length === b.args.length) {
    if (a.op === "sha256" || a.op === "keccak256" || a.op === "blake3") return equalities(a.args[0], b.args[0]);
    const types = b.args.map((arg) => arg.type);
    const alike = a.args.every((arg, i) => encodesAlike(arg.type, types[i]));
    // Without lengths in between, one operand at most may be of any length.
    const isClear = a.op === "encode" || (a.op === "concat" && types.filter(isOpen).length <= 1);
    if (alike && isClear) return a.args.flatMap((arg, i) => equalities(arg, b.args[i]));
  }
  return [[a, b]];
}

function isOpen(type: Type): boolean {
  return type.kind === "string" || type.kind === "bytes";
}

/** Strings and bytes of any length are encoded alike. */
function encodesAlike(a: Type, b: Type): boolean {
  return a.kind === b.kind && (a.kind === "string" || a.kind === "bytes" || a.kind === "handle" || sameType(a, b));
}

/** `undefined`: the access never happens. */
export function guardLiterals(bank: Bank, side: Side, access: Pick<FlatAccess, "guards">): readonly Literal[] | undefined {
  return allOf(bank, side, access.guards);
}

function allOf(bank: Bank, side: Side, guards: readonly Guard[]): readonly Literal[] | undefined {
  const literals: Literal[] = [];
  const todo = guards.toReversed();
  for (let steps = 0; steps < MAX_GUARD_STEPS; steps++) {
    const next = todo.pop();
    if (next === undefined || literals.length >= MAX_GUARD_LITERALS) break;
    const { term, holds } = next;
    if (term.kind === "op") {
      const split = splitGuard(term, holds);
      if (split !== undefined) {
        todo.push(...split.toReversed());
        continue;
      }
    }
    const made = guardLiteral(bank, side, term, holds);
    if (made === "never") return undefined;
    if (made !== "always") literals.push(made);
  }
  return literals;
}

interface Guard {
  readonly term: Term;
  readonly holds: boolean;
}

/** What a condition says in smaller conditions that all hold; undefined if it isn't made of such. */
function splitGuard(term: Extract<Term, { kind: "op" }>, holds: boolean): readonly Guard[] | undefined {
  const [first, second] = term.args;
  if (term.op === "!") return [{ term: first, holds: !holds }];
  if (term.op === "&&" && holds) return term.args.map((arg) => ({ term: arg, holds: true }));
  if (term.op === "||" && !holds) return term.args.map((arg) => ({ term: arg, holds: false }));
  if ((term.op === "==" || term.op === "!=") && first.type.kind === "bool") {
    const same = (term.op === "==") === holds;
    if (second.kind === "constant" && second.value.kind === "bool") return [{ term: first, holds: second.value.value === same }];
    if (first.kind === "constant" && first.value.kind === "bool") return [{ term: second, holds: first.value.value === same }];
  }
  return undefined;
}

function guardLiteral(bank: Bank, side: Side, term: Term, holds: boolean): Literal | "never" | "always" {
  const about = (t: Term): SidedTerm => ({ side, term: t });
  if (term.kind === "op" && (term.op === "==" || term.op === "!=")) {
    const equal = (term.op === "==") === holds;
    const atom = { equal, left: about(term.args[0]), right: about(term.args[1]) };
    return dependsOnState(bank, atom) ? "always" : literal(bank, atom, equal ? "shown" : "hidden");
  }
  const value: Term = { kind: "constant", value: { kind: "bool", value: holds }, type: BOOL };
  const atom = { equal: true, left: about(term), right: about(value) };
  // Plans go both ways where a condition depends on state, so such a condition rules nothing out.
  if (dependsOnState(bank, atom)) return "always";
  return literal(bank, atom, term.kind === "op" || term.kind === "if" ? "hidden" : "shown");
}

function dependsOnState(bank: Bank, atom: Atom): boolean {
  return [atom.left, atom.right].some((sided) => bank.node(bank.ref(sided.side, sided.term).node).reads);
}

export function literal(bank: Bank, atom: Atom, visibility: "shown" | "hidden"): Literal | "never" | "always" {
  const { equal } = atom;
  const left = bank.ref(atom.left.side, atom.left.term);
  const right = bank.ref(atom.right.side, atom.right.term);
  const leftNode = bank.node(left.node);
  const rightNode = bank.node(right.node);
  if (leftNode.wide || rightNode.wide) return "always";
  if (left.node === right.node) return (left.offset === right.offset) === equal ? "always" : "never";
  if (leftNode.constant && rightNode.constant) return equal ? "never" : "always";
  return { equal, left, right, atom: tidy(atom), shown: visibility === "shown", key: keyOf(equal, left, right) };
}

function keyOf(equal: boolean, left: Ref, right: Ref): string {
  const [low, high] = left.node <= right.node ? [left, right] : [right, left];
  return `${low.node}${equal ? "==" : "!="}${high.node}+${high.offset - low.offset}`;
}

/** The relation as it is shown: without conversions, constants on the right and joined. */
function tidy(atom: Atom): Atom {
  const { equal } = atom;
  const left = peel(atom.left);
  const right = peel(atom.right);
  if (left.base === undefined && right.base === undefined) return atom;
  if (left.base === undefined) return right.base === undefined ? atom : compare(equal, right.base, left.offset - right.offset);
  if (right.base === undefined) return compare(equal, left.base, right.offset - left.offset);
  const low = left.offset < right.offset ? left.offset : right.offset;
  const l = shifted(left.base, left.offset - low);
  const r = shifted(right.base, right.offset - low);
  return l.term.kind === "constant" ? { equal, left: r, right: l } : { equal, left: l, right: r };
}

interface Peeled {
  /** Undefined: the offset alone. */
  readonly base: SidedTerm | undefined;
  readonly offset: bigint;
}

/** At most this many conversions and sums are looked through, for the text only. */
const MAX_PEELS = 100;

function peel(sided: SidedTerm): Peeled {
  let term = sided.term;
  let offset = 0n;
  for (let i = 0; i < MAX_PEELS && term.kind === "op"; i++) {
    const [first, second] = term.args;
    if (term.op === "convert") term = first;
    else if (term.op === "+" && isIntConstant(second)) [term, offset] = [first, offset + second.value.value];
    else if (term.op === "+" && isIntConstant(first)) [term, offset] = [second, offset + first.value.value];
    else if (term.op === "-" && isIntConstant(second)) [term, offset] = [first, offset - second.value.value];
    else break;
  }
  if (isIntConstant(term)) return { base: undefined, offset: offset + term.value.value };
  return { base: { side: sided.side, term }, offset };
}

function compare(equal: boolean, left: SidedTerm, value: bigint): Atom {
  return { equal, left, right: { side: left.side, term: intTerm(left.term, value) } };
}

function intTerm(like: Term, value: bigint): Term {
  const { type } = like;
  if (type.kind === "enum" && value >= 0n && value < BigInt(type.variants.length)) {
    return { kind: "constant", value: { kind: "enum", value: Number(value) }, type };
  }
  return { kind: "constant", value: { kind: "int", value }, type };
}

function shifted(sided: SidedTerm, by: bigint): SidedTerm {
  if (by === 0n) return sided;
  const { term, side } = sided;
  const amount: Term = { kind: "constant", value: { kind: "int", value: by < 0n ? -by : by }, type: term.type };
  return { side, term: { kind: "op", op: by < 0n ? "-" : "+", args: [term, amount], type: term.type } };
}
