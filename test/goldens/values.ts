/** Between the values of a trace and ABI bytes: labels are addresses, integers decimal strings. Encoded by the types that the trace states, not the port's. */
import type { AbiParameter, Hex } from "viem";
import { decodeAbiParameters, encodeAbiParameters, isHex, toFunctionSelector } from "viem";
import type { Value } from "./trace.ts";

/** The addresses of accounts and contracts, both ways; `@0` is nobody. */
export interface Labels {
  addressOf(label: string): Hex;
  labelOf(address: string): string;
  add(label: string, address: string): void;
  all(): readonly string[];
}

export function createLabels(accounts: ReadonlyMap<string, string>): Labels {
  const addresses = new Map<string, Hex>();
  const labels = new Map<string, string>();
  const add = (label: string, address: string) => {
    addresses.set(label, hexOf(address.toLowerCase()));
    labels.set(address.toLowerCase(), label);
  };
  add("@0", `0x${"0".repeat(40)}`);
  for (const [label, address] of accounts) add(label, address);
  return {
    add,
    addressOf(label) {
      const found = addresses.get(label);
      if (found === undefined) throw new Error(`the trace names ${label}, which it doesn't introduce`);
      return found;
    },
    labelOf: (address) => labels.get(address.toLowerCase()) ?? address,
    all: () => [...addresses.keys()],
  };
}

/** Of `uint256 amount` the type: names of the traces may be words of Solidity's. There are no tuples among them. */
export function parametersOf(texts: readonly string[]): readonly AbiParameter[] {
  return texts.map((text) => ({ type: text.split(" ", 1)[0] }));
}

export function selectorOf(name: string, parameters: readonly AbiParameter[]): Hex {
  return toFunctionSelector(`${name}(${parameters.map(({ type }) => type).join(",")})`);
}

export function encodeValues(parameters: readonly AbiParameter[], values: readonly Value[], labels: Labels): Hex {
  return encodeAbiParameters(
    parameters,
    parameters.map(({ type }, i) => inward(type, values[i], labels)),
  );
}

/** Undefined: these bytes don't say such values. */
export function decodeValues(parameters: readonly AbiParameter[], data: Hex, labels: Labels): readonly Value[] | undefined {
  try {
    return parameters.length === 0 ? [] : decodeAbiParameters(parameters, data).map((each, i) => outward(parameters[i].type, each, labels));
  } catch {
    return undefined;
  }
}

function inward(type: string, value: Value, labels: Labels): unknown {
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) throw new Error(`a trace should have a list for ${type}`);
    return value.map((each: Value) => inward(type.slice(0, -2), each, labels));
  }
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") throw new Error(`this trace has values that are not known here: ${JSON.stringify(value)}`);
  if (type === "address") return labels.addressOf(value);
  return /^u?int/.test(type) ? BigInt(value) : value;
}

export function outward(type: string, value: unknown, labels: Labels): Value {
  if (Array.isArray(value)) return value.map((each) => outward(type.slice(0, -2), each, labels));
  switch (typeof value) {
    case "boolean":
      return value;
    case "bigint":
    case "number":
      return String(value);
    case "string":
      return type === "address" ? labels.labelOf(value) : value;
    default:
      throw new Error(`no value of a trace is a ${typeof value}`);
  }
}

export function hexOf(text: string): Hex {
  if (!isHex(text)) throw new Error(`${text} is not hexadecimal`);
  return text;
}
