/** Values of one given call, as the evaluator of terms has them (`concrete.ts`). */

/**
 * Integers and variants of enums are bigints; addresses, bytes32, strings (as UTF-8) and bytes are lower-case hex with `0x`; lists, structs and
 * tuples are arrays of their members, options and enums with payload arrays of the variant's number and what it carries.
 */
export type Concrete = boolean | bigint | string | readonly Concrete[];

export function sameConcrete(a: Concrete, b: Concrete): boolean {
  if (typeof a === "object" && typeof b === "object") return a.length === b.length && a.every((item, i) => sameConcrete(item, b[i]));
  return a === b;
}
