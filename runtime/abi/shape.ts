/**
 * Argument kinds in a form that validation can walk without objects: four numbers per head word, one head word per parameter.
 */
import type { ArgKind, KeyKind } from "../module.ts";

/** Numbers per parameter in `ArgShape.steps`: what it is, key kind, variants or utf8, longest. */
export const STEP = 4;
export const STEP_KIND = 0;
export const STEP_TYPE = 1;
/** Of enums: number of variants. Of bytes: 1 when it must be UTF-8. */
export const STEP_EXTRA = 2;
export const STEP_MAX = 3;

export const KIND_WORD = 0;
export const KIND_BYTES = 1;
export const KIND_LIST = 2;

export interface ArgShape {
  /** Number of head words. */
  readonly heads: number;
  readonly steps: Int32Array;
}

/** Codes of key kinds in shapes. Up to 32 bits first, so that a comparison tells them apart. */
export const TYPE_CODES: Readonly<Record<KeyKind, number>> = {
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

export function compileShape(args: readonly ArgKind[]): ArgShape {
  const steps = new Int32Array(args.length * STEP);
  args.forEach((arg, index) => {
    const at = index * STEP;
    switch (arg.kind) {
      case "word":
        steps.set([KIND_WORD, TYPE_CODES[arg.type], arg.variants, 0], at);
        break;
      case "bytes":
        steps.set([KIND_BYTES, 0, arg.utf8 ? 1 : 0, arg.max], at);
        break;
      case "list":
        steps.set([KIND_LIST, TYPE_CODES[arg.element], arg.variants, arg.max], at);
        break;
    }
  });
  return { heads: args.length, steps };
}
