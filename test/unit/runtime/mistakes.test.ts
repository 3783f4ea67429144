/** Mistakes of whoever embeds the runtime: each is a ValidationError that names what is wrong. */
import { expect, test } from "vitest";
import { openChain } from "../../../runtime/chain.ts";
import { ValidationError } from "../../../runtime/errors.ts";
import { loadModule } from "../../../runtime/load.ts";
import type { Hex } from "../../../runtime/types.ts";
import { account, openHand, SMALL } from "../../helpers/hand-chain.ts";

const SERIAL = { time: 1n, mode: "serial", trace: false } as const;

test("a text that is no module", async () => {
  await expect(loadModule("this is not js")).rejects.toThrow(ValidationError);
  await expect(loadModule("export const module = { format: 2 };")).rejects.toThrow(ValidationError);
});

test("a capacity that no memory can be reserved for", async () => {
  const opened = openChain({ capacity: 2 ** 26 });
  // Machines differ in how much they can reserve; where it works, it works.
  await opened.then(
    (chain) => chain.close(),
    (thrown: unknown) => {
      expect(thrown).toBeInstanceOf(ValidationError);
      expect(String(thrown)).toContain("capacity 67108864");
    },
  );
});

test("receipts and planned cells that aren't there", async () => {
  const hand = await openHand("token", [100n], SMALL);
  const result = await hand.chain.run(hand.block([]), SERIAL);
  expect(() => result.receipts.at(-1)).toThrow(ValidationError);
  expect(() => result.plannedCells(0)).toThrow(ValidationError);
  const traced = await hand.chain.run(hand.block([]), { ...SERIAL, trace: true });
  expect(() => traced.plannedCells(0)).toThrow(ValidationError);
  await hand.chain.close();
});

test("amounts that are numbers, and addresses that are none", async () => {
  // As from a program without types.
  const genesis = [{ address: account(1), balance: 5n }];
  Reflect.set(genesis[0], "balance", 5);
  await expect(openChain({ genesis })).rejects.toThrow("balance must be a bigint, not the number 5");
  await expect(openChain({ genesis: [{ address: "0x12", balance: 5n }] })).rejects.toThrow(ValidationError);
});

test("addresses are taken in either case", async () => {
  const lower: Hex = `0x${"ab".repeat(20)}`;
  const upper: Hex = `0x${"AB".repeat(20)}`;
  const chain = await openChain({ capacity: 64, genesis: [{ address: upper, balance: 5n }] });
  expect([chain.balanceOf(lower), chain.balanceOf(upper)]).toEqual([5n, 5n]);
  expect(() => chain.balanceOf("0x")).toThrow(ValidationError);
  await chain.close();
});
