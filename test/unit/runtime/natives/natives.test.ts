import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { recoverAddress } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { InternalError } from "../../../../runtime/execute/internal-error.ts";
import { hashWith, loadNatives, recoverWith, verifyWith } from "../../../../runtime/natives/natives.ts";
import { bigOf, bytes32Of } from "../../../../runtime/values/bytes32.ts";
import { bytesToHex } from "../../../../runtime/values/hex.ts";
import { keccak } from "../../../../runtime/values/keccak.ts";

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** As memory that threads share. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

it("is an error of ours when a code uses what it doesn't name", () => {
  expect(() => hashWith("sha256", text(""))).toThrow(InternalError);
  expect(() => recoverWith(1n, 27, 1n, 1n)).toThrow(InternalError);
});

describe("once loaded", () => {
  beforeAll(() => loadNatives(["sha256", "blake3", "ecrecover", "ed25519", "mldsa65"]));

  it("hashes as others do", () => {
    const data = shared(text("weft"));
    expect(hashWith("sha256", data)).toBe(BigInt(`0x${createHash("sha256").update("weft").digest("hex")}`));
    // Test vector of BLAKE3: the empty input.
    expect(hashWith("blake3", shared(new Uint8Array(0))).toString(16)).toBe(
      "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
    );
  });

  it("turns 32 bytes into a number and back", () => {
    for (const value of [0n, 1n, 2n ** 255n + 7n, 2n ** 256n - 1n]) expect(bigOf(bytes32Of(value))).toBe(value);
  });

  const key = bytes32Of(0x1234n);
  const signer = privateKeyToAddress(bytesToHex(key)).toLowerCase();
  const hash = keccak(text("message"));
  const signature = secp256k1.Signature.fromBytes(secp256k1.sign(hash, key, { prehash: false, format: "recovered" }), "recovered");
  const v = 27 + (signature.recovery ?? 0);
  const recovered = (hashed: bigint, parity: number, r: bigint, s: bigint): string | undefined => {
    const address = recoverWith(hashed, parity, r, s);
    return address === undefined ? undefined : bytesToHex(address);
  };

  it("finds the signer of a hash, also from the other form of a signature", async () => {
    const { r, s } = signature;
    expect(recovered(bigOf(hash), v, r, s)).toBe(signer);
    const high = secp256k1.Point.Fn.ORDER - s;
    expect(recovered(bigOf(hash), 55 - v, r, high)).toBe(signer);
    const other = await recoverAddress({
      hash: bytesToHex(hash),
      signature: { r: bytesToHex(bytes32Of(r)), s: bytesToHex(bytes32Of(s)), v: BigInt(55 - v) },
    });
    expect(recovered(bigOf(hash), 55 - v, r, s)).toBe(other.toLowerCase());
  });

  it("finds nobody for what is no signature", () => {
    const { r, s } = signature;
    const { ORDER } = secp256k1.Point.Fn;
    for (const [parity, a, b] of [
      [26, r, s],
      [0, r, s],
      [29, r, s],
      [v, 0n, s],
      [v, r, 0n],
      [v, ORDER, s],
      [v, r, ORDER],
      [v, 2n ** 256n - 1n, s],
    ] as const)
      expect(recovered(bigOf(hash), parity, a, b)).toBeUndefined();
    // No point of the curve has x = 5.
    expect(recovered(bigOf(hash), 27, 5n, 1n)).toBeUndefined();
  });

  it("checks ed25519 strictly", () => {
    const secret = bytes32Of(7n);
    const publicKey = ed25519.getPublicKey(secret);
    const message = shared(text("message"));
    const signed = ed25519.sign(text("message"), secret);
    expect(verifyWith("ed25519", publicKey, message, shared(signed))).toBe(true);
    expect(verifyWith("ed25519", publicKey, shared(text("massage")), signed)).toBe(false);
    expect(verifyWith("ed25519", publicKey, message, signed.subarray(1))).toBe(false);
    expect(verifyWith("ed25519", new Uint8Array(32).fill(255), message, signed)).toBe(false);
    // The neutral point as key and R, with s = 0: valid for every message in the laxer ZIP 215.
    const neutral = Uint8Array.from([1, ...new Uint8Array(31)]);
    const forged = Uint8Array.from([...neutral, ...new Uint8Array(32)]);
    expect(ed25519.verify(forged, text("anything"), neutral, { zip215: true })).toBe(true);
    expect(verifyWith("ed25519", neutral, text("anything"), forged)).toBe(false);
  });

  it("checks ML-DSA-65", () => {
    const { publicKey, secretKey } = ml_dsa65.keygen(new Uint8Array(32).fill(9));
    const signed = ml_dsa65.sign(text("message"), secretKey);
    expect(verifyWith("mldsa65", shared(publicKey), text("message"), signed)).toBe(true);
    expect(verifyWith("mldsa65", publicKey, text("massage"), signed)).toBe(false);
    expect(verifyWith("mldsa65", publicKey.subarray(1), text("message"), signed)).toBe(false);
    expect(verifyWith("mldsa65", publicKey, text("message"), new Uint8Array(10))).toBe(false);
  });
});
