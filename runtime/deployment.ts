/**
 * Deployments that don't happen: refused before anything is done, or rejected with a receipt.
 */
import { ValidationError } from "./errors.ts";
import type { ContractModule } from "./module.ts";
import type { Code } from "./state/code.ts";
import type { Receipt } from "./types.ts";

/** Codes that a contract creates must be there before the contract is. */
export function checkCreates(module: ContractModule, codes: readonly Code[]): void {
  for (const { name, codeHash } of module.creates) {
    if (codeHash === module.codeHash || codes.some((code) => code.module.codeHash === codeHash)) continue;
    throw new ValidationError(`\`${module.name}\` creates \`${name}\`, whose code isn't loaded: call \`load\` with it first`);
  }
}

export function rejected(rejection: "nonce" | "balance"): Receipt {
  return { status: "rejected", data: new Uint8Array(0), logs: [], cost: 0n, rejection };
}
