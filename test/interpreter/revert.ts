/**
 * How a call fails in the reference interpreter: an exception that carries the error data as hex, caught where the call began.
 * Panics, custom errors and built-in errors are encoded as Ethereum clients expect them.
 */
import type { ErrorDef } from "../../compiler/typed/tree.ts";
import { encodeCall } from "./abi.ts";
import type { Val } from "./values.ts";

export class Reverted extends Error {
  override readonly name = "Reverted";
  readonly data: string;
  /** The call costs all its gas. */
  readonly outOfGas: boolean;

  constructor(data: string, outOfGas = false) {
    super(`reverted with ${data}`);
    this.data = data;
    this.outOfGas = outOfGas;
  }
}

export const PANIC_OVERFLOW = 0x11n;
export const PANIC_DIVISION = 0x12n;
export const PANIC_ENUM = 0x21n;
export const PANIC_POP = 0x31n;
export const PANIC_INDEX = 0x32n;

const U256 = { kind: "int", signed: false, bits: 256 } as const;

export function panic(code: bigint): Reverted {
  return new Reverted(encodeCall("Panic", [U256], [code]));
}

export function empty(): Reverted {
  return new Reverted("0x");
}

export function failure(error: ErrorDef, args: readonly Val[]): Reverted {
  return new Reverted(errorData(error, args));
}

export function errorData(error: ErrorDef, args: readonly Val[]): string {
  return encodeCall(
    error.name,
    error.params.map((param) => param.type),
    args,
  );
}

export function insufficientFunds(needed: bigint): Reverted {
  return new Reverted(encodeCall("InsufficientFunds", [U256], [needed]));
}

export function sequenceExhausted(): Reverted {
  return new Reverted(encodeCall("SequenceExhausted", [], []));
}

export function outOfGas(): Reverted {
  return new Reverted(encodeCall("OutOfGas", [], []), true);
}

export function reentrancy(): Reverted {
  return new Reverted(encodeCall("Reentrancy", [], []));
}

export function callTooDeep(): Reverted {
  return new Reverted(encodeCall("CallTooDeep", [], []));
}

/** A number is reached that could not be drawn on entry (rule T2). */
export function dynamicTicket(): Reverted {
  return new Reverted(encodeCall("DynamicTicket", [], []));
}
