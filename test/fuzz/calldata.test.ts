/**
 * Damaged calldata through whole chains: no block fails, serial and parallel execution agree, and a call succeeds only if its data is an encoding of its
 * parameters that an independent decoder reads too. WEFT_FUZZ_INPUTS and WEFT_FUZZ_SEED as for the compiler.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile } from "../../compiler/index.ts";
import { blockBuffer } from "../../runtime/block.ts";
import { openChain } from "../../runtime/chain.ts";
import { decodeArgs } from "../../runtime/abi/decode.ts";
import { encodeArgs, encodeCall } from "../../runtime/abi/encode.ts";
import { loadModule } from "../../runtime/load.ts";
import type { AbiEntry } from "../../runtime/module.ts";
import type { CallRequest, Chain, Hex } from "../../runtime/types.ts";
import { damage, valueOf } from "./abi-values.ts";
import { INPUTS, SEED } from "./settings.ts";
import { randomOf } from "./random.ts";

const BLOCK = 500;
const CALLER: Hex = "0x00000000000000000000000000000000000ca11e";

const SOURCE = `
struct Pair {
  a: u64;
  b: bool;
}

struct Bag {
  owner: address;
  sizes: list<u8, 3>;
  label: string<8>;
}

enum Colour {
  Red,
  Green,
  Blue,
}

contract Taker {
  state taken: u64;
  state last: map<address, u64>;

  pub fn numbers(a: u8, b: i256, c: bool, d: address, e: bytes32, f: i16) {
    self.taken += 1;
  }

  pub fn texts(a: string<16>, b: bytes<40>, c: u64) {
    self.taken += 1;
  }

  pub fn lists(a: list<u64, 4>, b: list<address, 3>) {
    for who in b {
      self.last[who] += 1;
    }
    self.taken += 1;
  }

  pub fn structs(a: Pair, b: Bag, c: Colour) {
    self.last[b.owner] = a.a;
    self.taken += 1;
  }

  pub fn nested(a: list<Bag, 2>, b: list<list<u16, 2>, 2>, c: list<string<8>, 2>, d: list<Colour, 3>) {
    self.taken += 1;
  }
}
`;

let serial: Chain;
let parallel: Chain;
let taker: Hex;
let functions: readonly AbiEntry[] = [];

beforeAll(async () => {
  const { contracts, diagnostics } = compile("taker.weft", () => SOURCE);
  expect(diagnostics).toEqual([]);
  const module = await loadModule(contracts[0].javascript);
  serial = await openChain({ capacity: 2 ** 18 });
  parallel = await openChain({ capacity: 2 ** 18, workers: 2, sharing: "always" });
  for (const chain of [serial, parallel]) {
    const { address, receipt } = await chain.deploy(module, { from: CALLER, args: encodeArgs([], []), value: 0n, time: 0n });
    expect(receipt.status).toBe("success");
    taker = address;
  }
  functions = contracts[0].abi.filter((entry) => entry.type === "function" && entry.stateMutability === "nonpayable");
});

afterAll(async () => {
  await serial.close();
  await parallel.close();
});

test(`${INPUTS} calls with damaged data, seed ${SEED}`, { timeout: 120_000 + INPUTS * 10 }, async () => {
  let [succeeded, reverted] = [0, 0];
  for (let first = 0; first < INPUTS; first += BLOCK) {
    const sent: { readonly entry: AbiEntry; readonly data: Uint8Array }[] = [];
    for (let index = first; index < Math.min(first + BLOCK, INPUTS); index++) {
      const random = randomOf(SEED + 2, index);
      const entry = random.pick(functions);
      const whole = encodeCall(
        entry,
        entry.inputs.map((param) => valueOf(param, random)),
      );
      const body = random.chance(0.3) ? whole.subarray(4) : damage(whole.subarray(4), random);
      sent.push({ entry, data: Uint8Array.from([...whole.subarray(0, 4), ...body]) });
    }
    const block = blockBuffer(
      sent.map(({ data }, i): CallRequest => ({
        from: CALLER,
        to: taker,
        data,
        value: 0n,
        nonce: BigInt(first + i + 1),
        gasLimit: 2n ** 63n,
        gasPrice: 0n,
      })),
    );
    const one = await serial.run(block, { time: 0n, mode: "serial", trace: false });
    const two = await parallel.run(block, { time: 0n, mode: "parallel", trace: false });
    sent.forEach(({ entry, data }, i) => {
      const receipt = one.receipts.at(i);
      expect(two.receipts.at(i), `case ${first + i}`).toEqual(receipt);
      if (receipt.status === "success") {
        succeeded++;
        expect(decodeArgs(entry.inputs, data.subarray(4)), `case ${first + i}`).toBeDefined();
      } else {
        reverted++;
        expect({ index: first + i, status: receipt.status }).toEqual({ index: first + i, status: "reverted" });
      }
    });
    expect(parallel.digest(), `block from case ${first}`).toBe(serial.digest());
  }
  expect(succeeded).toBeGreaterThan(INPUTS / 20);
  expect(reverted).toBeGreaterThan(INPUTS / 20);
});
