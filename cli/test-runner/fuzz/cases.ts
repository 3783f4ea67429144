/** What a fuzz run tries: one case is the values of the test's parameters and the calls of each of its `fuzz` statements. */
import type { Type } from "../../../compiler/core/types.ts";
import type { Func } from "../../../compiler/typed/tree.ts";
import { isList } from "../values.ts";
import type { TestValue } from "../values.ts";

export interface CallStep {
  readonly kind: "call";
  /** Index of the contract among those of the statement. */
  readonly target: number;
  readonly func: Func;
  /** Addresses of the statement's contracts are `#0`, `#1`. */
  readonly args: readonly TestValue[];
  /** Name of an account. */
  readonly from: string;
  readonly value: bigint;
  /** In the same block as the call before. */
  readonly joined: boolean;
}

export type Step = CallStep | { readonly kind: "advance"; readonly what: "time" | "height"; readonly by: bigint };

export interface Case {
  readonly params: readonly TestValue[];
  /** By `fuzz` statement, in the order of the test. */
  readonly plays: readonly (readonly Step[])[];
}

/** The value with the addresses of contracts filled in. */
export function resolve(value: TestValue, type: Type, addresses: readonly string[]): TestValue {
  if (typeof value === "string") return isAddress(type) && value.startsWith("#") ? addresses[Number(value.slice(1))] : value;
  if (!isList(value)) return value;
  return value.map((item, i) => resolve(item, memberType(type, value, i), addresses));
}

export function isAddress(type: Type): boolean {
  return type.kind === "address" || type.kind === "handle";
}

const TAG: Type = { kind: "int", signed: false, bits: 8 };

/** Of a list, struct or tuple; of an option or enum the tag and then what it carries. */
export function memberType(type: Type, value: readonly TestValue[], index: number): Type {
  switch (type.kind) {
    case "list":
      return type.element;
    case "struct":
      return type.fields[index].type;
    case "tuple":
      return type.elements[index].type;
    case "option":
      return index === 0 ? TAG : type.inner;
    case "enum":
      return index === 0 ? TAG : type.payloads[Number(value[0])][index - 1].type;
    default:
      return TAG;
  }
}
