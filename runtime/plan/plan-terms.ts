/**
 * The part of Planner that needs no call: checked arithmetic over values that may be unknown, and amounts as doubles. The lowest part of CallPlanner;
 * methods only because generated plans call everything on one object.
 */
import type { Amount, Maybe } from "../module.ts";
import { hashWith } from "../natives/natives.ts";
import { toDoubleDown, toDoubleUp } from "../values/big.ts";
import { bigOf } from "../values/bytes32.ts";
import { keccak } from "../values/keccak.ts";
import * as terms from "./terms.ts";

export class PlanTerms {
  up(value: Maybe<bigint | number>, otherwise: Amount): Amount {
    return value === undefined ? otherwise : typeof value === "number" ? value : toDoubleUp(value);
  }

  down(value: Maybe<bigint | number>, otherwise: Amount): Amount {
    return value === undefined ? otherwise : typeof value === "number" ? value : toDoubleDown(value);
  }

  inRange(value: Maybe<number>, min: number, max: number): Maybe<number> {
    return terms.inRange(value, min, max);
  }

  inRangeBig(value: Maybe<bigint>, min: bigint, max: bigint): Maybe<bigint> {
    return terms.inRangeBig(value, min, max);
  }

  arith(
    op: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>",
    a: Maybe<number>,
    b: Maybe<number>,
    min: number,
    max: number,
  ): Maybe<number> {
    return terms.arith(op, a, b, min, max);
  }

  arithBig(op: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^", a: Maybe<bigint>, b: Maybe<bigint>, min: bigint, max: bigint): Maybe<bigint> {
    return terms.arithBig(op, a, b, min, max);
  }

  shiftBig(op: "<<" | ">>", a: Maybe<bigint>, b: Maybe<bigint | number>, min: bigint, max: bigint): Maybe<bigint> {
    return terms.shiftBig(op, a, b, min, max);
  }

  compare(op: "<" | "<=" | ">" | ">=", a: Maybe<bigint | number>, b: Maybe<bigint | number>): Maybe<boolean> {
    return terms.compare(op, a, b);
  }

  equal(a: Maybe<bigint | number | boolean | Uint8Array>, b: Maybe<bigint | number | boolean | Uint8Array>): Maybe<boolean> {
    return terms.equal(a, b);
  }

  not(a: Maybe<boolean>): Maybe<boolean> {
    return a === undefined ? undefined : !a;
  }

  and(a: Maybe<boolean>, b: Maybe<boolean>): Maybe<boolean> {
    return terms.and(a, b);
  }

  or(a: Maybe<boolean>, b: Maybe<boolean>): Maybe<boolean> {
    return terms.or(a, b);
  }

  toBig(a: Maybe<number>): Maybe<bigint> {
    return a === undefined ? undefined : BigInt(a);
  }

  toNumber(a: Maybe<bigint>, min: number, max: number): Maybe<number> {
    return terms.toNumber(a, min, max);
  }

  mulDiv(a: Maybe<bigint>, b: Maybe<bigint>, c: Maybe<bigint>, up: boolean): Maybe<bigint> {
    return terms.mulDiv(a, b, c, up);
  }

  sqrt(a: Maybe<bigint>): Maybe<bigint> {
    return terms.sqrt(a);
  }

  sha256(a: Maybe<Uint8Array>): Maybe<bigint> {
    return a === undefined ? undefined : hashWith("sha256", a);
  }

  keccak256(a: Maybe<Uint8Array>): Maybe<bigint> {
    return a === undefined ? undefined : bigOf(keccak(Uint8Array.from(a)));
  }

  blake3(a: Maybe<Uint8Array>): Maybe<bigint> {
    return a === undefined ? undefined : hashWith("blake3", a);
  }
}
