/** Calls and expectations of tests: arguments to calldata, receipts back to values and errors by name. */
import { abiSignature, selectorOf } from "../../compiler/core/selector.ts";
import type { ErrorDef, ExternalMethod, Func, Program, TestCall } from "../../compiler/typed/tree.ts";
import { encodeArgs } from "../../runtime/abi/encode.ts";
import type { Receipt } from "../../runtime/types.ts";
import { cannotEvaluate, TestFailure } from "./failure.ts";
import { abiParam, decodeResult, decodeTestValues, equalValues, showValue, toHex } from "./values.ts";
import type { Names, TestValue } from "./values.ts";

/** What a call names: a function of a contract that is known, or one of an interface. */
export type Called = Pick<Func | ExternalMethod, "name" | "params" | "result">;

export function calledBy(target: Exclude<TestCall["target"], { kind: "deploy" }>): Called {
  return target.kind === "call" ? target.func : target.method;
}

export function encodeCallData(func: Called, args: readonly TestValue[]): Uint8Array {
  const selector = selectorOf(
    abiSignature(
      func.name,
      func.params.map((param) => param.type),
    ),
  );
  const body = encodeArgs(
    func.params.map((param) => abiParam(param.name, param.type)),
    args,
  );
  return Uint8Array.from([...Buffer.from(selector.slice(2), "hex"), ...body]);
}

/** What a successful call returned; a test whose call failed ends here. */
export function resultOf(call: TestCall, receipt: Receipt, reader: ErrorReader): TestValue {
  if (receipt.status === "rejected") throw new TestFailure("E0617", call.site, { reason: rejectionText(receipt) });
  if (receipt.status === "reverted") throw new TestFailure("E0612", call.site, { failure: reader.show(receipt.data) });
  if (call.target.kind === "deploy") return [];
  const value = decodeResult(calledBy(call.target).result, receipt.data);
  if (value === undefined) throw cannotEvaluate(call.site, `the call returned ${toHex(receipt.data)}, which isn't what its type says`);
  return value;
}

export interface ExpectedError {
  readonly error: ErrorDef;
  readonly args: readonly TestValue[];
}

export function checkExpected(call: TestCall, expected: ExpectedError | undefined, receipt: Receipt, reader: ErrorReader): void {
  if (receipt.status === "reverted" && (expected === undefined || reader.matches(receipt.data, expected))) return;
  const found =
    receipt.status === "success"
      ? "no revert"
      : receipt.status === "rejected"
        ? `a rejection: ${rejectionText(receipt)}`
        : reader.show(receipt.data);
  throw new TestFailure("E0613", call.site, { expected: expected === undefined ? "any error" : reader.showExpected(expected), found });
}

function rejectionText(receipt: Receipt): string {
  return receipt.rejection === "balance" ? "the sender has too little coin for the value sent" : "the nonce doesn't fit";
}

export interface ErrorReader {
  /** `NotMember(@eve)`, `Panic(0x11)`, `empty data`. */
  readonly show: (data: Uint8Array) => string;
  readonly showExpected: (expected: ExpectedError) => string;
  readonly matches: (data: Uint8Array, expected: ExpectedError) => boolean;
}

const BUILT_IN: readonly ErrorDef[] = [
  {
    name: "InsufficientFunds",
    key: "InsufficientFunds",
    params: [{ name: "needed", type: { kind: "int", signed: false, bits: 256 } }],
    doc: "",
  },
  ...["Reentrancy", "CallTooDeep", "OutOfGas", "SequenceExhausted", "DynamicTicket"].map((name) => ({
    name,
    key: name,
    params: [],
    doc: "",
  })),
];

const PANIC = "0x4e487b71";

export function createErrorReader(program: Program, names: Names): ErrorReader {
  const bySelector = new Map<string, ErrorDef>();
  for (const error of [...program.contracts.flatMap((contract) => contract.errors), ...BUILT_IN]) {
    const selector = selectorOfError(error);
    if (!bySelector.has(selector)) bySelector.set(selector, error);
  }
  const showCall = (error: ErrorDef, args: readonly TestValue[]): string => {
    if (error.key === "#Panic") return `Panic(0x${Number(args[0]).toString(16).padStart(2, "0")})`;
    return `${error.name}(${args.map((arg, index) => showValue(arg, error.params[index].type, names)).join(", ")})`;
  };
  return {
    show(data) {
      if (data.length === 0) return "empty data";
      const selector = toHex(data.subarray(0, 4));
      if (selector === PANIC && data.length === 36) return `Panic(0x${data[35].toString(16).padStart(2, "0")})`;
      const error = bySelector.get(selector);
      const args = error === undefined ? undefined : decodeErrorArgs(error, data);
      return error === undefined || args === undefined ? toHex(data) : showCall(error, args);
    },
    showExpected: ({ error, args }) => showCall(error, args),
    matches(data, { error, args }) {
      const found = toHex(data.subarray(0, 4)) === selectorOfError(error) ? decodeErrorArgs(error, data) : undefined;
      return found !== undefined && equalValues(found, args);
    },
  };
}

function decodeErrorArgs(error: ErrorDef, data: Uint8Array): readonly TestValue[] | undefined {
  return decodeTestValues(
    error.params.map((param) => abiParam(param.name, param.type)),
    data.subarray(4),
  );
}

function selectorOfError(error: ErrorDef): string {
  return selectorOf(
    abiSignature(
      error.name,
      error.params.map((param) => param.type),
    ),
  );
}
