/** Which function of a contract some calldata calls. */
import { abiSignature, selectorOf } from "../../compiler/core/selector.ts";
import type { Contract, Func, Program } from "../../compiler/typed/tree.ts";
import { toHex } from "./values.ts";

/** `transfer(address,uint256)` */
export function signatureOf(func: Func): string {
  return abiSignature(
    func.name,
    func.params.map((param) => param.type),
  );
}

export function findFunction(program: Program, contract: Contract, data: Uint8Array): Func | undefined {
  const selector = toHex(data.subarray(0, 4));
  for (const id of contract.external) {
    const func = program.functions.get(id);
    if (func !== undefined && selectorOf(signatureOf(func)) === selector) return func;
  }
  return undefined;
}
