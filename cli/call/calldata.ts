/** A call given as ABI calldata: the function by its selector, the arguments decoded and held against the limits of their types. */
import { abiSignature, selectorOf } from "../../compiler/core/selector.ts";
import { showType } from "../../compiler/core/types.ts";
import type { Type } from "../../compiler/core/types.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { textBytes } from "../../compiler/footprint/concrete-bytes.ts";
import type { Concrete } from "../../compiler/footprint/concrete-value.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import type { Func } from "../../compiler/typed/tree.ts";
import { decodeArgs } from "../../runtime/abi/decode.ts";
import type { AbiValue } from "../../runtime/abi/decode.ts";
import { hexToBytes } from "../../runtime/values/hex.ts";
import { abiParam, toHex } from "../test-runner/values.ts";
import { functionsOf } from "./reading.ts";
import type { Reading, Target } from "./reading.ts";

export function decodeCalldata(reading: Reading, given: string): Target | undefined {
  const fail = (problem: string, help: string): undefined => {
    const span = { start: 0, end: Math.min(given.length, 10) };
    reading.diagnostics.push(diagnose("E0810", { path: "--data", span }, { problem }, { help }));
  };
  const data = given.trim().toLowerCase();
  if (!/^0x(?:[0-9a-f]{2})*$/.test(data)) return fail("calldata is `0x` and two hexadecimal digits per byte", "give the bytes of the call");
  if (data.length < 10) return fail("calldata begins with the four bytes of a selector", "give the bytes of the whole call");
  const selector = data.slice(0, 10);
  const found = reading.footprints.flatMap((footprint) => bySelector(reading, footprint, selector));
  if (found.length === 0) {
    const names = reading.footprints.map(({ contract }) => `\`${contract.name}\``).join(", ");
    return fail(
      `no function of ${names === "" ? "this file" : names} has the selector ${selector}`,
      "check that the calldata is for this contract",
    );
  }
  if (found.length > 1) {
    const names = found.map(({ footprint }) => `\`${footprint.contract.name}\``).join(", ");
    return fail(`several contracts have a function with the selector ${selector}: ${names}`, "name the contract behind the file");
  }
  const [{ footprint, func }] = found;
  const params = func.params.map((param) => abiParam(param.name, param.type));
  const decoded = decodeArgs(params, hexToBytes(data.slice(0, 2) + data.slice(10), -1));
  const malformed = "a call with these bytes reverts before it touches anything";
  if (decoded === undefined) return fail(`the calldata doesn't hold the arguments of \`${func.name}\``, malformed);
  const args = decoded.map(({ value }, i) => concreteOf(func.params[i].type, value));
  const wrong = func.params.find((param, i) => !fits(param.type, args[i]));
  if (wrong !== undefined) return fail(`the value of \`${wrong.name}\` does not fit \`${showType(wrong.type)}\``, malformed);
  return { footprint, func, args };
}

/** The constructor has no selector. */
function bySelector(reading: Reading, footprint: ContractFootprint, selector: string): readonly Omit<Target, "args">[] {
  const typesOf = (func: Func): readonly Type[] => func.params.map((param) => param.type);
  return functionsOf(reading, footprint)
    .filter((func) => func.role !== "init" && selectorOf(abiSignature(func.name, typesOf(func))) === selector)
    .map((func) => ({ footprint, func }));
}

function concreteOf(type: Type, value: AbiValue): Concrete {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value !== "object") return type.kind === "string" ? textBytes(String(value)) : value;
  return value.map((item, i) => concreteOf(partOf(type, i), item));
}

function partOf(type: Type, index: number): Type {
  if (type.kind === "struct") return type.fields[index].type;
  return type.kind === "tuple" ? type.elements[index].type : type.kind === "list" ? type.element : type;
}

/** What the ABI can't say: lengths, and variants of enums. */
function fits(type: Type, value: Concrete): boolean {
  switch (type.kind) {
    case "enum":
      return typeof value !== "bigint" || value < BigInt(type.variants.length);
    case "string":
    case "bytes":
      return typeof value !== "string" || value.length / 2 - 1 <= type.max;
    case "list":
      return typeof value !== "object" || (value.length <= type.max && value.every((item) => fits(type.element, item)));
    case "struct":
      return typeof value !== "object" || type.fields.every((field, i) => fits(field.type, value[i]));
    case "tuple":
      return typeof value !== "object" || type.elements.every((element, i) => fits(element.type, value[i]));
    default:
      return true;
  }
}
