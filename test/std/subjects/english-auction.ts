import fc from "fast-check";
import { alice, block, bob, call, exactly, people, who } from "../harness/subject.ts";
import type { Subject } from "../harness/subject.ts";

const lot = fc.oneof({ weight: 10, arbitrary: fc.bigInt(1n, 4n) }, fc.constantFrom(0n, 5n, 9n));
const bid = fc.oneof({ weight: 5, arbitrary: fc.bigInt(0n, 2_000n) }, fc.bigInt(0n, 10n ** 12n));
const price = fc.oneof({ weight: 8, arbitrary: fc.bigInt(0n, 200n) }, fc.constantFrom(0n, 2n ** 128n - 1n));
const duration = fc.oneof({ weight: 12, arbitrary: fc.bigInt(60n, 400n) }, fc.constantFrom(0n, 59n, 60n, 2n ** 64n - 1n));

export const englishAuction: Subject = {
  name: "EnglishAuction",
  instances: [
    {
      label: "it",
      solidity: { file: "english-auction.sol", contract: "EnglishAuction" },
      weft: { file: "std/presets/english-auction.weft", contract: "EnglishAuction" },
    },
  ],
  setUp: [exactly(alice, "open", [300n, 5n, 3n]), exactly(bob, "open", [900n, 0n, 0n])],
  calls: [
    call({ function: "open", pick: fc.tuple(duration, price, price), weight: 3 }),
    call({ function: "bid", pick: lot, value: bid, weight: 16 }),
    call({ function: "settle", pick: lot, weight: 4 }),
    call({ function: "cancel", pick: lot, weight: 2 }),
    call({ function: "withdraw", pick: fc.constant([]), weight: 4 }),
    call({ function: "lots", pick: lot }),
    call({ function: "refunds", pick: who }),
  ],
  views: [
    { function: "lotCount", args: () => [[]] },
    { function: "lots", args: () => [0n, 1n, 2n, 3n, 4n, 5n, 6n].map((id) => [id]) },
    { function: "wonBy", args: () => [0n, 1n, 2n, 3n, 4n, 5n, 6n].map((id) => [id]) },
    { function: "refunds", args: () => people.map((one) => [one]) },
  ],
  directed: {
    "late bids move the end, also by bids of the top bidder": [
      { seconds: 250, empty: 0, calls: [exactly(bob, "bid", [1n], { value: 10n })] },
      {
        seconds: 59,
        empty: 0,
        calls: [exactly(bob, "bid", [1n], { value: 13n }), exactly(alice, "withdraw", []), exactly(bob, "withdraw", [])],
      },
      {
        seconds: 60,
        empty: 0,
        calls: [exactly(bob, "bid", [1n], { value: 100n }), exactly(bob, "settle", [1n]), exactly(alice, "withdraw", [])],
      },
    ],
    "a cancelled lot is settled": [block(exactly(alice, "cancel", [1n]), exactly(bob, "settle", [1n]), exactly(bob, "cancel", [1n]))],
  },
  seconds: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 60 }) }, fc.integer({ min: 0, max: 1_000 })),
  differences: [
    {
      what: "Coin can't be refused: the original's `withdraw` fails when the caller is a contract that doesn't take coin.",
      why: "`pay` runs no code of the receiver.",
    },
  ],
};
