/**
 * The decoders and encoders that users of the runtime call, on damaged data, types and values: data that isn't an encoding gives undefined, a mistake in
 * types or values an AbiError, and what is decoded can be encoded and decoded again. WEFT_FUZZ_INPUTS and WEFT_FUZZ_SEED as for the compiler.
 */
import { expect, test } from "vitest";
import { decodeArgs } from "../../runtime/abi/decode.ts";
import type { AbiValue } from "../../runtime/abi/decode.ts";
import { encodeArgs } from "../../runtime/abi/encode.ts";
import type { AbiInput } from "../../runtime/abi/encode.ts";
import { AbiError } from "../../runtime/abi/type.ts";
import { damage, paramOf, valueOf } from "./abi-values.ts";
import { INPUTS, SEED } from "./settings.ts";
import { randomOf } from "./random.ts";

/** What any one decoding may take, in processor time. */
const LIMIT_MS = 2_000;
/** Throws what it throws, unless it is an AbiError. */
function refusing<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof AbiError) return undefined;
    throw error;
  }
}

test(`${INPUTS} damaged encodings, seed ${SEED}`, { timeout: 120_000 + INPUTS * 10 }, () => {
  let [decoded, slowestMs] = [0, 0];
  for (let index = 0; index < INPUTS; index++) {
    const random = randomOf(SEED, index);
    const params = Array.from({ length: 1 + random.below(3) }, () => paramOf(random, 2));
    const data = damage(
      encodeArgs(
        params,
        params.map((param) => valueOf(param, random)),
      ),
      random,
    );
    const started = process.cpuUsage();
    const found = decodeArgs(params, data);
    slowestMs = Math.max(slowestMs, process.cpuUsage(started).user / 1000);
    if (found === undefined) continue;
    decoded++;
    const values = found.map(({ value }): AbiValue => value);
    // Shared or overlapping tails decode too, so the second encoding may have other bytes; its values are the same.
    const again = decodeArgs(params, encodeArgs(params, values))?.map(({ value }) => value);
    expect(again, `case ${index}`).toEqual(values);
  }
  expect(decoded).toBeGreaterThan(INPUTS / 20);
  expect(slowestMs).toBeLessThan(LIMIT_MS);
});

test(`${INPUTS} pairs of a damaged type and a value of another, seed ${SEED}`, { timeout: 120_000 + INPUTS * 10 }, () => {
  const pieces = [
    "uint",
    "int",
    "bytes",
    "bool",
    "tuple",
    "string",
    "8",
    "256",
    "257",
    "0",
    "[",
    "]",
    "[]",
    "[0]",
    "[65536]",
    "[99999999]",
    " ",
    "é",
    "\n",
    "",
  ];
  let accepted = 0;
  for (let index = 0; index < INPUTS; index++) {
    const random = randomOf(SEED + 1, index);
    const other = paramOf(random, 2);
    const type = random.chance(0.5) ? other.type : Array.from({ length: 1 + random.below(4) }, () => random.pick(pieces)).join("");
    const param = { ...paramOf(random, 2), type };
    const value: AbiInput = random.chance(0.8)
      ? valueOf(other, random)
      : random.pick<AbiInput>(["", "0x", "0xzz", "-1", -1, 0.5, NaN, 2n ** 256n, {}, []]);
    const data = refusing(() => encodeArgs([param], [value]));
    if (data === undefined) {
      refusing(() =>
        decodeArgs(
          [param],
          Uint8Array.from({ length: 64 }, () => random.below(256)),
        ),
      );
      continue;
    }
    accepted++;
    expect(decodeArgs([param], data), `case ${index}`).toBeDefined();
  }
  expect(accepted).toBeGreaterThan(INPUTS / 50);
});
