/** What the constructs that the examples don't use do on the real runtime, serially and in parallel. */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { encodeArgs } from "../../../runtime/abi/encode.ts";
import type { Hex } from "../../../runtime/types.ts";
import { ALICE, block, BOB, CAROL, deploy, said, view, type CallSpec } from "./deployed.ts";
import { CONSTRUCTS } from "./fixtures.ts";

const ANN = ["Ann", 30n, [5n, 6n]] as const;
const NOBODY: Hex = `0x${"0".repeat(40)}`;
const INDEX = { Panic: [0x32n] };
const OVERFLOW = { Panic: [0x11n] };

/** Calls one after the other, and what they return or fail with. */
const CALLS: readonly (readonly [from: typeof ALICE, name: string, args: CallSpec["args"], expected: unknown])[] = [
  // Lists.
  [ALICE, "pop", [], { Panic: [0x31n] }],
  [ALICE, "push", [7n], [1n]],
  [ALICE, "push", [9n], [2n]],
  [ALICE, "put", [0n, 8n], [true]],
  [ALICE, "put", [2n, 8n], INDEX],
  [ALICE, "pop", [], [10n]],
  [ALICE, "hire", ["Bob", 20n], [1n]],
  [ALICE, "hire", ["Cy", 0n], OVERFLOW],
  [ALICE, "crew", [0n], ["Bob", 9n, [1n, 4n, 7n]]],
  [ALICE, "crew", [1n], INDEX],
  [BOB, "hireAll", [[ANN, ["Dan", 1n, []]], ANN], [ANN]],
  [BOB, "crew", [1n], ["Dan", 1n, []]],
  [BOB, "names", ["Ann"], [1n]],
  [BOB, "people", [1n], ANN],
  [BOB, "paint", [[[1n, 2n], [3n]], "x"], [[[1n, 5n], [3n]], true, true]],
  [BOB, "paint", [[[1n]], "y"], INDEX],
  [BOB, "paint", [[[1n, 2n, 3n]], "y"], [[[1n, 5n, 3n]], true, true]],
  // Options, enums with payload.
  [ALICE, "draw", [4n, true], [16n]],
  [ALICE, "draw", [4n, false], [12n]],
  [ALICE, "draw", [1n << 31n, true], OVERFLOW],
  // Statements inside expressions: 5 + 5 + 6 of the sum, and so on by hand.
  [ALICE, "everywhere", [5n, false], { Panic: [0x32n] }],
  [ALICE, "everywhere", [3n, false], [(0n + 3n + 1n + 3n + 2n + 3n) * 5n + 8n]],
  // Sets.
  [CAROL, "visit", [3n, "red"], [true]],
  [CAROL, "visit", [3n, "red"], [true]],
  [CAROL, "rooms", [3n, "red"], [true]],
  [CAROL, "rooms", [4n, "red"], [false]],
  [CAROL, "guests", [CAROL], [false]],
  // Updates that commute, histories.
  [ALICE, "mark", [6n, 50n, -3n], []],
  [BOB, "mark", [9n, 40n, 4n], []],
  [BOB, "flags", [1n], [15n]],
  [BOB, "flags", [2n], [0n]],
  [BOB, "high", [], [50n]],
  [BOB, "low", [ALICE], [-3n]],
  [BOB, "low", [BOB], [0n]],
  [BOB, "price", [], [40n]],
  [BOB, "before", [1n, 6n], [0n, 0n]],
  [BOB, "before", [99n, 6n], INDEX],
  [BOB, "known", [1n], [false]],
  // Keys that only exec can know.
  [CAROL, "push", [2n], [1n]],
  [CAROL, "wide", [1n, 10n], [3n]],
  [CAROL, "balances", [CAROL], [1n]],
  [CAROL, "flags", [2n], [1n]],
  [CAROL, "cell", [2n, 0n], [2n]],
  [CAROL, "rooms", [3n, "wide"], [true]],
  [CAROL, "high", [], [51n]],
  [CAROL, "drain", [4n], [0n]],
  [CAROL, "drain", [7n], { Odd: [1n, "poor"] }],
  [CAROL, "balances", [NOBODY], [6n]],
  [CAROL, "guests", [NOBODY], [true]],
  [CAROL, "level", [2n], [1n]],
  // Bytes.
  [CAROL, "wrap", [200n, 3n, -(1n << 63n), 2n, 30_000n, 0xffff_ffffn], [88n, 197n, (1n << 63n) - 2n, -(1n << 63n), -5536n, 1n]],
];

for (const mode of ["serial", "parallel"] as const) {
  describe(`constructs, ${mode}`, () => {
    it("give what they say, each call in a block of its own", async () => {
      const constructs = await deploy(CONSTRUCTS, "Constructs", [
        [1n, 2n],
        [5n, "home"],
      ]);
      const found: unknown[] = [];
      for (const [from, name, args] of CALLS) {
        const [receipt] = await block(constructs, mode, [{ from, name, args }]);
        found.push([name, said(constructs, name, receipt)]);
      }
      expect(found).toEqual(CALLS.map(([, name, , expected]) => [name, expected]));
    });

    it("hash and encode as everybody else does", async () => {
      const constructs = await deploy(CONSTRUCTS, "Constructs", [[], [0n, ""]]);
      const data = new TextEncoder().encode("some bytes");
      const [receipt] = await block(constructs, mode, [{ from: ALICE, name: "crypt", args: [data, 205n] }]);
      const encoded = encodeArgs(
        [
          { name: "", type: "uint256" },
          { name: "", type: "bytes" },
        ],
        [205n, data],
      );
      expect(said(constructs, "crypt", receipt)).toEqual([`0x${bytesToHex(keccak_256(encoded))}`]);
      expect(view(constructs, "pair", [[1n, ALICE]])).toEqual([5n]);
    });

    it("call other contracts and make new ones, all or nothing", async () => {
      const trader = await deploy(CONSTRUCTS, "Trader", []);
      const vault = await deploy(CONSTRUCTS, "Vault", [], trader);
      const trade = (bank: Hex): CallSpec => ({ from: ALICE, name: "trade", args: [bank, BOB] });
      const [done, refused] = await block(trader, mode, [trade(vault.address), trade(ALICE)]);
      // The raw call has a selector that nobody has.
      expect([done, refused].map((receipt) => said(trader, "trade", receipt))).toEqual(["reverted", "reverted"]);
      expect(view(vault, "balanceOf", [BOB])).toEqual([1n]);
      const [sold] = await block(trader, mode, [{ from: ALICE, name: "buy", args: [vault.address, BOB] }]);
      expect(said(trader, "buy", sold)).toEqual([1n + 32n]);
      expect(view(vault, "balanceOf", [BOB])).toEqual([6n]);
      expect(view(vault, "last", [])).toEqual(["Vic", 3n, [7n]]);
    });
  });
}
