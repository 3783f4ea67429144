/** Checks of signatures in tests, by the functions that contracts run on. */
import { recoverSigner } from "../../runtime/natives/ecrecover.ts";
import { verifyEd25519 } from "../../runtime/natives/ed25519.ts";
import { verifyMldsa65 } from "../../runtime/natives/mldsa65.ts";
import { bytesToHex, hexToBytes } from "../../runtime/values/hex.ts";
import { asHex, asInteger } from "./values.ts";
import type { TestValue } from "./values.ts";

const NOBODY = `0x${"0".repeat(40)}`;

export function checkSignature(name: "ecrecover" | "ed25519.verify" | "mldsa65.verify", args: readonly TestValue[]): TestValue {
  if (name === "ecrecover") {
    const [hash, v, r, s] = args;
    const signer = recoverSigner(BigInt(asHex(hash)), Number(asInteger(v)), BigInt(asHex(r)), BigInt(asHex(s)));
    return signer === undefined ? NOBODY : bytesToHex(signer);
  }
  const [key, message, signature] = args.map((arg) => hexToBytes(asHex(arg), -1));
  return name === "ed25519.verify" ? verifyEd25519(key, message, signature) : verifyMldsa65(key, message, signature);
}
