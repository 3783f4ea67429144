/** Conflict conditions as text: `a.id == b.id ∧ a.caller == b.caller`. Pure text without colours. */
import type { Leaf, LoopId, Term } from "../footprint/footprint.ts";
import { indexName, showTerm } from "../footprint/show.ts";
import type { TermScope } from "../footprint/show.ts";
import { childrenOf } from "../footprint/terms.ts";
import type { Local } from "../typed/tree.ts";
import type { Side } from "./bank.ts";
import type { Atom, Formula, SidedTerm } from "./conflict.ts";
import type { Equal } from "./conflict.ts";

/** The two calls that a condition speaks of. */
export interface PairScope {
  readonly leaves: readonly Leaf[];
  readonly left: { readonly binder: string; readonly params: readonly Local[] };
  readonly right: { readonly binder: string; readonly params: readonly Local[] };
}

/** `never`, `always`, or the alternatives joined by `∨`. */
export function showFormula(formula: Formula, scope: PairScope): string {
  if (formula.length === 0) return "never";
  if (formula.some((atoms) => atoms.length === 0)) return "always";
  const shown = formula.map((atoms) => showConjunction(atoms, scope));
  if (shown.length === 1) return shown[0];
  return shown.map((text, i) => (formula[i].length > 1 ? `(${text})` : text)).join(" ∨ ");
}

function showConjunction(atoms: readonly Atom[], scope: PairScope): string {
  const loopName = loopNames();
  return atoms.map((atom) => atomText(atom, scope, loopName)).join(" ∧ ");
}

/** One (in)equality. Constants stand on the right. */
export function showAtom(atom: Atom, scope: PairScope): string {
  return atomText(atom, scope, loopNames());
}

function atomText(atom: Atom, scope: PairScope, loopName: LoopNames): string {
  return `${sidedText(atom.left, scope, loopName)} ${atom.equal ? "==" : "!="} ${sidedText(atom.right, scope, loopName)}`;
}

/** `a.caller = b.to = X, a.id = 100` */
export function exampleText(example: readonly Equal[], scope: PairScope): string {
  const loopName = loopNames();
  return example.map(({ terms, value }) => [...terms.map((term) => sidedText(term, scope, loopName)), value].join(" = ")).join(", ");
}

type LoopNames = (side: Side, loop: LoopId) => string;

/** Names in order of appearance: the index of one call is another than that of the other. */
function loopNames(): LoopNames {
  const names = new Map<string, string>();
  return (side, loop) => {
    const key = `${side} ${loop}`;
    const name = names.get(key) ?? indexName(names.size);
    names.set(key, name);
    return name;
  };
}

function sidedText(sided: SidedTerm, scope: PairScope, loopName: LoopNames): string {
  const { binder, params } = sided.side === "left" ? scope.left : scope.right;
  const termScope: TermScope = {
    leaves: scope.leaves,
    params,
    call: `${binder}.`,
    state: `${binder}.`,
    loopName: (loop) => loopName(sided.side, loop),
  };
  return showTerm(withoutConversion(sided.term), termScope);
}

/** Conversions keep the value, so conditions leave the outermost out. */
function withoutConversion(term: Term): Term {
  let inner = term;
  for (let i = 0; i < 100 && inner.kind === "op" && inner.op === "convert"; i++) [inner] = childrenOf(inner);
  return inner;
}
