/**
 * Accesses of one call that name the same cell under the same conditions as one: amounts of one sign are summed up, what is read and written
 * counts as written. Order is that of the first one.
 */
import { someTerm } from "./algebra.ts";
import type { CallAmount, CallCell, CallValue } from "./call-cell.ts";

export function joined(cells: readonly CallCell[]): readonly CallCell[] {
  const places = new Map<string, Map<string, CallCell>>();
  for (const cell of cells) {
    const place = `${cell.leaf} ${cell.keys.map(valueKey).join(" ")} ${cell.keys.some(isDrawn) ? cell.round : ""}`;
    const known = places.get(place) ?? new Map<string, CallCell>();
    places.set(place, known);
    const kind = kindOf(cell);
    const before = known.get(kind);
    known.set(kind, before === undefined ? cell : together(before, cell));
  }
  return [...places.values()].flatMap(ofOnePlace);
}

/** What makes two accesses of one cell different. */
function kindOf({ mode, amount, ifFails, guards }: CallCell): string {
  if (amount === undefined) return `${mode} ${ifFails} ${under(guards)}`;
  const by = amount.by.kind === "value" && amount.atMost === undefined ? "known" : `${valueKey(amount.by)} ${amount.atMost}`;
  const all = guards.map(({ term, holds }) => `${textOf(term)} ${holds}`).join(" ");
  return `${mode} ${amount.sign} ${by} ${all}`;
}

function together(first: CallCell, second: CallCell): CallCell {
  const [a, b] = [first.amount, second.amount];
  if (first.mode === "T") return { ...first, times: first.times + second.times };
  return a === undefined || b === undefined ? first : { ...first, amount: sum(a, b) };
}

function sum(a: CallAmount, b: CallAmount): CallAmount {
  const times = a.times + b.times;
  const [x, y] = [a.by, b.by];
  if (x.kind === "open" || y.kind === "open" || typeof x.value !== "bigint" || typeof y.value !== "bigint") return { ...a, times };
  return { ...a, by: { ...x, value: x.value + y.value }, times };
}

/** What is sure to be written, or is touched anyway, need not be said to be read. */
function ofOnePlace(kinds: ReadonlyMap<string, CallCell>): readonly CallCell[] {
  const all = [...kinds.values()];
  const touched = all.some(({ ifFails }) => !ifFails);
  const written = new Set(all.filter(({ mode }) => mode === "W").map(({ guards }) => under(guards)));
  return all.filter((cell) => {
    if (cell.ifFails) return !touched;
    return cell.mode !== "R" || !(written.has("") || written.has(under(cell.guards)));
  });
}

/** Conditions that nobody can tell hold for all we know. */
function under(guards: CallCell["guards"]): string {
  const known = guards.filter(({ term }) => term.kind !== "unknown");
  return known.map(({ term, holds }) => `${textOf(term)} ${holds}`).join(" ");
}

function isDrawn(key: CallValue): boolean {
  return key.kind === "open" && someTerm(key.term, (part) => part.kind === "ticket");
}

function valueKey(value: CallValue): string {
  return value.kind === "value" ? textOf(value.value) : textOf(value.term);
}

/** Equal for equal values and terms. Types, places and the numbers of reads say nothing about the value. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (name, inner: unknown) => {
    if (name === "type" || name === "site" || name === "why" || name === "read") return undefined;
    return typeof inner === "bigint" ? `${inner}n` : inner;
  });
}
