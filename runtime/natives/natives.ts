/**
 * Hashes and signatures that contracts may use. The libraries behind them are large, so each is loaded when the first code that names it is, on
 * every thread, and is there before any of that code runs. Bytes from shared memory are copied first: the libraries take plain memory only.
 */
import { InternalError } from "../execute/internal-error.ts";
import type { Native } from "../module.ts";
import { bigOf } from "../values/bytes32.ts";

type Hash = (data: Uint8Array) => Uint8Array;
type Verify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
/** 20 bytes, or undefined when nobody can have signed this. */
type Recover = (hash: bigint, v: number, r: bigint, s: bigint) => Uint8Array | undefined;

const hashes = new Map<Native, Hash>();
const verifiers = new Map<Native, Verify>();
let recover: Recover | undefined = undefined;

/** Resolves when all of these can be used. */
export async function loadNatives(names: readonly Native[]): Promise<void> {
  for (const name of names) await load(name);
}

async function load(name: Native): Promise<void> {
  switch (name) {
    case "sha256":
      if (!hashes.has(name)) hashes.set(name, (await import("@noble/hashes/sha2.js")).sha256);
      return;
    case "blake3": {
      if (hashes.has(name)) return;
      const { blake3 } = await import("@noble/hashes/blake3.js");
      hashes.set(name, (data) => blake3(data));
      return;
    }
    case "ecrecover":
      recover ??= (await import("./ecrecover.ts")).recoverSigner;
      return;
    case "ed25519":
    case "mldsa65": {
      if (verifiers.has(name)) return;
      verifiers.set(name, name === "ed25519" ? (await import("./ed25519.ts")).verifyEd25519 : (await import("./mldsa65.ts")).verifyMldsa65);
    }
  }
}

export function hashWith(name: "sha256" | "blake3", data: Uint8Array): bigint {
  const hash = hashes.get(name);
  if (hash === undefined) throw missing(name);
  return bigOf(hash(Uint8Array.from(data)));
}

export function verifyWith(name: "ed25519" | "mldsa65", key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const verify = verifiers.get(name);
  if (verify === undefined) throw missing(name);
  return verify(Uint8Array.from(key), Uint8Array.from(message), Uint8Array.from(signature));
}

export function recoverWith(hash: bigint, v: number, r: bigint, s: bigint): Uint8Array | undefined {
  if (recover === undefined) throw missing("ecrecover");
  return recover(hash, v, r, s);
}

function missing(name: Native): InternalError {
  return new InternalError(`${name} is used by a code that doesn't name it among its natives`);
}
