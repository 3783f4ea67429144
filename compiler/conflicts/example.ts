/**
 * Two calls that break an assertion of independence, as values of what they are told by: `a.caller = b.to = X`. Made from the relations of an open
 * case, so it is an example as far as the rules of the congruence know; conditions that aren't equalities of terms are left to the reader. Where terms are
 * computed in ways that those rules know nothing of, there is none: the values would have to be calculated.
 */
import { showValue } from "../footprint/show.ts";
import { someTerm } from "../footprint/algebra.ts";
import type { Term } from "../footprint/footprint.ts";
import { ZERO, type Bank, type Ref } from "./bank.ts";
import { classesOf, type ClassOf } from "./congruence.ts";
import type { Equal, SidedTerm } from "./conflict.ts";
import type { Literal } from "./literals.ts";

/** As many as one reads. */
const MAX_SHOWN = 6;
/** Numbers of different classes are so far apart that what is added to them doesn't make them meet. */
const APART = 100n;
const LETTERS = "XYZUVW";

/** Empty where every two calls are an example, or where none can be written down. */
export function exampleOf(bank: Bank, literals: readonly Literal[]): readonly Equal[] {
  const classOf = classesOf(bank, literals);
  if (classOf === undefined) return [];
  const groups = new Map<string, { readonly terms: SidedTerm[]; readonly id: number; readonly offset: bigint }>();
  const seen = new Set<string>();
  for (const { atom, shown } of literals) {
    for (const sided of shown ? [atom.left, atom.right] : []) {
      if (isCalculated(sided.term)) return [];
      const ref = bank.ref(sided.side, sided.term);
      const own = `${ref.node} ${ref.offset}`;
      if (sided.term.kind === "constant" || seen.has(own)) continue;
      seen.add(own);
      const { id, offset } = classOf(ref);
      const group = groups.get(`${id} ${offset}`) ?? { terms: [], id, offset };
      groups.set(`${id} ${offset}`, group);
      group.terms.push(sided);
    }
  }
  const value = valuesOf(bank, literals, classOf);
  return [...groups.values()].slice(0, MAX_SHOWN).map(({ terms, id, offset }) => ({ terms, value: value(id, offset, terms[0].term) }));
}

/** More than a conversion or a constant added. */
function isCalculated(term: Term): boolean {
  return someTerm(term, (part) => {
    if (part.kind !== "op" || part.op === "convert") return part.kind === "if";
    const isShift = part.op === "+" || part.op === "-";
    return !(isShift && part.args.filter(({ kind }) => kind === "constant").length === 1 && part.args[0].kind !== "constant");
  });
}

function valuesOf(bank: Bank, literals: readonly Literal[], classOf: ClassOf): (id: number, offset: bigint, like: Term) => string {
  const fixed = constantsOf(bank, literals, classOf);
  const names = new Map<number, string>();
  const bases = new Map<number, bigint>();
  return (id, offset, { type }) => {
    const known = fixed.get(id);
    if (id === classOf(NOUGHT).id) {
      const n = offset - classOf(NOUGHT).offset;
      return type.kind === "enum" ? showValue({ kind: "enum", value: Number(n) }, type) : String(n);
    }
    if (known !== undefined) return known;
    if (type.kind === "int") {
      const base = bases.get(id) ?? APART * BigInt(bases.size + 1);
      bases.set(id, base);
      return String(base + offset);
    }
    const name = names.get(id) ?? nameAt(names.size);
    names.set(id, name);
    return name;
  };
}

const NOUGHT: Ref = { node: ZERO, offset: 0n };

/** Classes that hold a constant which isn't a number. */
function constantsOf(bank: Bank, literals: readonly Literal[], classOf: ClassOf): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const { atom } of literals) {
    for (const { side, term } of [atom.left, atom.right]) {
      if (term.kind === "constant" && term.type.kind !== "int")
        found.set(classOf(bank.ref(side, term)).id, showValue(term.value, term.type));
    }
  }
  return found;
}

function nameAt(n: number): string {
  return n < LETTERS.length ? LETTERS[n] : `X${n}`;
}
