/** Hashes and signatures of the reference interpreter: published values, honest signatures, and ones that were touched. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { describe, expect, it } from "vitest";
import { account } from "../../helpers/accounts.ts";
import { keccakHex } from "../../interpreter/abi.ts";
import { hashOf, recover, verifyEd25519, verifyMlDsa65 } from "../../interpreter/crypto.ts";
import { fromHex, textHex, toHex } from "../../interpreter/values.ts";

const MESSAGE = textHex("pay bob 5");
const NOBODY = `0x${"0".repeat(40)}`;

describe("hashes", () => {
  it.each([
    ["sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["keccak256", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"],
    ["blake3", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"],
  ] as const)("%s of `abc`", (name, digest) => {
    expect(hashOf(name, textHex("abc"))).toBe(`0x${digest}`);
  });
});

/** Another value of the same length. */
function touched(hex: string): string {
  return `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}`;
}

describe("signatures", () => {
  it("of ed25519 hold for their message and key alone", () => {
    const secret = fromHex(keccakHex(textHex("key")));
    const key = toHex(ed25519.getPublicKey(secret));
    const signature = toHex(ed25519.sign(fromHex(MESSAGE), secret));
    expect(verifyEd25519(key, MESSAGE, signature)).toBe(true);
    expect(verifyEd25519(key, touched(MESSAGE), signature)).toBe(false);
    expect(verifyEd25519(key, MESSAGE, touched(signature))).toBe(false);
    expect(verifyEd25519(touched(key), MESSAGE, signature)).toBe(false);
    expect(verifyEd25519(key, MESSAGE, signature.slice(0, -2))).toBe(false);
  });

  it("of ML-DSA-65 too", () => {
    const keys = ml_dsa65.keygen(fromHex(keccakHex(textHex("key"))));
    const [key, signature] = [toHex(keys.publicKey), toHex(ml_dsa65.sign(fromHex(MESSAGE), keys.secretKey))];
    expect(verifyMlDsa65(key, MESSAGE, signature)).toBe(true);
    expect(verifyMlDsa65(key, touched(MESSAGE), signature)).toBe(false);
    expect(verifyMlDsa65(key, MESSAGE, "0x")).toBe(false);
    expect(verifyMlDsa65("0x", MESSAGE, signature)).toBe(false);
  });

  it("of secp256k1 give the signer, or nobody", () => {
    const hash = keccakHex(MESSAGE);
    const secret = fromHex(keccakHex(textHex("weft:alice")));
    const { r, s, recovery } = secp256k1.Signature.fromBytes(
      secp256k1.sign(fromHex(hash), secret, { prehash: false, format: "recovered" }),
      "recovered",
    );
    const [rHex, sHex] = [r, s].map((part) => `0x${part.toString(16).padStart(64, "0")}`);
    const v = 27n + BigInt(recovery ?? 0);
    expect(recover(hash, v, rHex, sHex)).toBe(account("alice"));
    expect(recover(touched(hash), v, rHex, sHex)).not.toBe(account("alice"));
    expect([29n, 0n].map((other) => recover(hash, other, rHex, sHex))).toEqual([NOBODY, NOBODY]);
    expect(recover(hash, v, `0x${"0".repeat(64)}`, sHex)).toBe(NOBODY);
    expect(recover(hash, v, rHex, `0x${"f".repeat(64)}`)).toBe(NOBODY);
  });
});
