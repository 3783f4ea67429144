/**
 * Parameters and results of functions in compiled form, made once per function. What a call between contracts needs on both of its sides.
 */
import type { Neutral, Shape } from "../module.ts";
import { fits, itemsOf } from "./codec.ts";
import type { ArgShape, Layout } from "./shape.ts";
import { compileShape, layoutOf } from "./shape.ts";

export interface Signature {
  /** By parameter. */
  readonly params: readonly Layout[];
  readonly results: readonly Layout[];
  /** The parameters as head words. */
  readonly shape: ArgShape;
}

interface Sides {
  readonly params: readonly Shape[];
  readonly results: readonly Shape[];
}

const known = new WeakMap<Sides, Signature>();

/** Of a function or of what a caller expects of one. */
export function signatureFor(sides: Sides): Signature {
  const found = known.get(sides);
  if (found !== undefined) return found;
  const made = { params: sides.params.map(layoutOf), results: sides.results.map(layoutOf), shape: compileShape(sides.params) };
  known.set(sides, made);
  return made;
}

interface Tuple {
  /** By member, and as head words. */
  readonly layouts: readonly Layout[];
  readonly shape: ArgShape;
}

const tuples = new WeakMap<Shape, Tuple>();

/** A tuple of `module.shapes`, whose members are encoded side by side as arguments are. */
export function tupleOf(shape: Shape): Tuple {
  const found = tuples.get(shape);
  if (found !== undefined) return found;
  if (shape.kind !== "tuple") throw new TypeError("internal: values are encoded as a tuple");
  const made = { layouts: shape.members.map(layoutOf), shape: compileShape(shape.members) };
  tuples.set(shape, made);
  return made;
}

/** Arguments by parameter as arguments by head word; what isn't known stays so. */
export function spread<T extends Neutral | undefined>(params: readonly Layout[], values: readonly T[]): (Neutral | T)[] {
  const heads: (Neutral | T)[] = [];
  params.forEach((layout, index) => spreadOne(layout, values[index], heads));
  return heads;
}

function spreadOne<T extends Neutral | undefined>(layout: Layout, value: Neutral | T, heads: (Neutral | T)[]): void {
  if (layout.kind !== "tuple" || layout.dynamic) heads.push(value);
  else if (value === undefined) for (const member of layout.members) spreadOne(member, value, heads);
  else {
    const items = itemsOf(value);
    layout.members.forEach((member, index) => spreadOne(member, items[index], heads));
  }
}

/** Whether all values keep within the limits of their shapes; those not known count as fitting. */
export function allFit(layouts: readonly Layout[], values: readonly (Neutral | undefined)[]): boolean {
  for (let i = 0; i < layouts.length; i++) {
    const value = values[i];
    if (value !== undefined && !fits(layouts[i], value)) return false;
  }
  return values.length === layouts.length;
}
