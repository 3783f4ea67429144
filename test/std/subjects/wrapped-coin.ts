import fc from "fast-check";
import { alice, amount, anyone, block, bob, call, exactly, MAX, people, who } from "../harness/subject.ts";
import type { Subject } from "../harness/subject.ts";
import { withKnownFunctions } from "./known-functions.ts";

const coin = fc.oneof({ weight: 5, arbitrary: fc.bigInt(0n, 100n) }, fc.bigInt(0n, 10n ** 18n));

export const wrappedCoin: Subject = {
  name: "WrappedCoin",
  instances: [
    {
      label: "it",
      solidity: { file: "weth9.sol", contract: "WETH9" },
      weft: { file: "std/presets/wrapped-coin.weft", contract: "WrappedCoin" },
      args: ["Wrapped Ether", "WETH"],
    },
  ],
  calls: withKnownFunctions([
    call({ function: "deposit", pick: fc.constant([]), value: coin, weight: 6 }),
    call({ function: "withdraw", pick: amount, weight: 4 }),
    call({ function: "approve", pick: fc.tuple(anyone, amount), weight: 3 }),
    call({ function: "transfer", pick: fc.tuple(anyone, amount), weight: 4 }),
    call({ function: "transferFrom", pick: fc.tuple(who, anyone, amount), weight: 6 }),
    call({ function: "balanceOf", pick: anyone }),
    call({ function: "totalSupply", pick: fc.constant([]) }),
  ]),
  views: [
    { function: "name", args: () => [[]] },
    { function: "symbol", args: () => [[]] },
    { function: "decimals", args: () => [[]] },
    { function: "totalSupply", args: () => [[]] },
    { function: "balanceOf", args: () => people.map((one) => [one]) },
    { function: "allowance", args: () => people.flatMap((one) => people.map((other) => [one, other])) },
  ],
  directed: {
    "an endless allowance isn't spent, any other is": [
      block(exactly(alice, "deposit", [], { value: 100n }), exactly(alice, "approve", [bob, MAX])),
      block(exactly(bob, "transferFrom", [alice, bob, 60n]), exactly(alice, "approve", [bob, MAX - 1n])),
      block(exactly(bob, "transferFrom", [alice, bob, 40n]), exactly(bob, "transferFrom", [alice, bob, 1n])),
      block(exactly(bob, "transferFrom", [bob, alice, 100n]), exactly(bob, "transferFrom", [bob, alice, 0n])),
    ],
    "coin without a function": [block({ ...exactly(alice, "", ["0x"], { value: 5n }), function: undefined })],
  },
  differences: [
    {
      what: "Coin that comes with no calldata, or with that of no function, is refused; the original deposits it.",
      why: "A Weft contract has no fallback function. `deposit()` does it.",
      matches: ({ call: made, solidity, weft }) =>
        solidity.success && !weft.success && (made.function === undefined || made.damage?.kind === "selector"),
    },
    {
      what: "Coin that another contract sends by `pay` raises `totalSupply()` and isn't deposited for the sender.",
      why: "`pay` runs no code of the receiver, so the original's fallback function has no counterpart.",
    },
  ],
};
