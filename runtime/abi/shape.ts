/**
 * Shapes of parameters in a form that validation and decoding can walk: head words as plain numbers, so that calls with words, strings and flat
 * lists cost no objects, and a tree of layouts for everything that nests.
 */
import type { Shape, WordKind } from "../module.ts";

/** Numbers per head word in `ArgShape.steps`: what it is, word kind, variants or utf8, longest. */
export const STEP = 4;
export const STEP_KIND = 0;
export const STEP_TYPE = 1;
/** Of enums: number of variants. Of bytes: 1 when it must be UTF-8. */
export const STEP_EXTRA = 2;
export const STEP_MAX = 3;

export const KIND_WORD = 0;
export const KIND_BYTES = 1;
/** A list of words. */
export const KIND_LIST = 2;
/** A list of anything else, or a dynamic tuple: see `ArgShape.nested`. */
export const KIND_NESTED = 3;

const WORD = 32;

export interface ArgShape {
  /** Number of head words. */
  readonly heads: number;
  readonly steps: Int32Array;
  /** By head word. */
  readonly layouts: readonly Layout[];
  /** Whether values of nested heads hold addresses, which are interned when they are decoded. */
  readonly interns: boolean;
}

/** A shape with what the ABI makes of it. */
export type Layout =
  | {
      readonly kind: "word";
      readonly type: WordKind;
      readonly code: number;
      readonly variants: number;
      readonly head: number;
      readonly dynamic: false;
    }
  | { readonly kind: "bytes"; readonly max: number; readonly utf8: boolean; readonly head: number; readonly dynamic: true }
  | { readonly kind: "list"; readonly max: number; readonly element: Layout; readonly head: number; readonly dynamic: true }
  | { readonly kind: "tuple"; readonly members: readonly Layout[]; readonly head: number; readonly dynamic: boolean };

/** Codes of word kinds in steps. Up to 32 bits first, so that a comparison tells them apart. */
export const TYPE_CODES: Readonly<Record<WordKind, number>> = {
  bool: 0,
  u8: 1,
  u16: 2,
  u32: 3,
  i8: 4,
  i16: 5,
  i32: 6,
  enum: 7,
  address: 8,
  u64: 9,
  i64: 10,
  u128: 11,
  i128: 12,
  u256: 13,
  i256: 14,
  bytes32: 15,
};

/** `head`: bytes it takes among the heads of its tuple or list. Options and enums with payload have no form in the ABI. */
export function layoutOf(shape: Shape): Layout {
  switch (shape.kind) {
    case "word":
      return { kind: "word", type: shape.type, code: TYPE_CODES[shape.type], variants: shape.variants, head: WORD, dynamic: false };
    case "bytes":
      return { kind: "bytes", max: shape.max, utf8: shape.utf8, head: WORD, dynamic: true };
    case "list":
      return { kind: "list", max: shape.max, element: layoutOf(shape.element), head: WORD, dynamic: true };
    case "tuple": {
      const members = shape.members.map(layoutOf);
      const dynamic = members.some((member) => member.dynamic);
      return { kind: "tuple", members, head: dynamic ? WORD : members.reduce((sum, member) => sum + member.head, 0), dynamic };
    }
    case "variant":
      throw new TypeError("options and enums with payload can't cross the ABI");
  }
}

/** The head words of a list of parameters: static tuples are taken apart. */
export function headLayouts(layouts: readonly Layout[]): readonly Layout[] {
  return layouts.flatMap((layout) => (layout.kind === "tuple" && !layout.dynamic ? headLayouts(layout.members) : [layout]));
}

export function compileShape(params: readonly Shape[]): ArgShape {
  const layouts = headLayouts(params.map(layoutOf));
  const steps = new Int32Array(layouts.length * STEP);
  layouts.forEach((layout, head) => steps.set(stepOf(layout), head * STEP));
  return { heads: layouts.length, steps, layouts, interns: layouts.some((layout) => isNested(layout) && holdsAddress(layout)) };
}

function stepOf(layout: Layout): readonly number[] {
  switch (layout.kind) {
    case "word":
      return [KIND_WORD, layout.code, layout.variants, 0];
    case "bytes":
      return [KIND_BYTES, 0, layout.utf8 ? 1 : 0, layout.max];
    case "list": {
      const { element, max } = layout;
      return element.kind === "word" ? [KIND_LIST, element.code, element.variants, max] : [KIND_NESTED, 0, 0, 0];
    }
    case "tuple":
      return [KIND_NESTED, 0, 0, 0];
  }
}

function isNested(layout: Layout): boolean {
  return layout.kind === "tuple" || (layout.kind === "list" && layout.element.kind !== "word");
}

export function holdsAddress(layout: Layout | Shape): boolean {
  switch (layout.kind) {
    case "word":
      return layout.type === "address";
    case "bytes":
      return false;
    case "list":
      return holdsAddress(layout.element);
    case "tuple":
      return layout.members.some(holdsAddress);
    case "variant":
      return layout.variants.some((payload) => payload.some(holdsAddress));
  }
}
