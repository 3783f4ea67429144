import fc from "fast-check";
import { alice, amount, anyone, block, bob, call, carol, dave, exactly, instanceAt, people, who, ZERO } from "../harness/subject.ts";
import type { Subject } from "../harness/subject.ts";

const STAKED = instanceAt(0);
const EARNED = instanceAt(1);
const POOL = instanceAt(2);
const WEEK = 604_800n;

const few = fc.oneof({ weight: 9, arbitrary: fc.bigInt(0n, 500n) }, { weight: 2, arbitrary: fc.bigInt(0n, 10n ** 15n) }, amount);
const reward = fc.oneof({ weight: 6, arbitrary: fc.bigInt(0n, 100n * WEEK) }, { weight: 3, arbitrary: fc.bigInt(0n, 10n ** 20n) }, amount);
const coin = {
  solidity: { file: "staking-rewards.sol", contract: "Coin" },
  weft: { file: "test/std/contracts/staking-rewards.weft", contract: "Coin" },
};

export const stakingRewards: Subject = {
  name: "StakingRewards",
  instances: [
    { ...coin, label: "staked" },
    { ...coin, label: "earned" },
    {
      label: "it",
      solidity: { file: "staking-rewards.sol", contract: "StakingRewards" },
      weft: { file: "std/presets/staking-rewards.weft", contract: "StakingRewards" },
      args: [alice, dave, EARNED, STAKED],
      added: { "error Error(string)": "how the texts of the original are raised" },
    },
  ],
  setUp: [
    ...people.map((one) => exactly(one, "give", [one, 10n ** 16n], { on: "staked" })),
    exactly(alice, "give", [POOL, 10n ** 21n], { on: "earned" }),
  ],
  calls: [
    call({ function: "stake", pick: few, weight: 12 }),
    call({ function: "withdraw", pick: few, weight: 8 }),
    call({ function: "getReward", pick: fc.constant([]), weight: 6 }),
    call({ function: "exit", pick: fc.constant([]), weight: 2 }),
    call({ function: "notifyRewardAmount", pick: reward, from: fc.oneof({ weight: 6, arbitrary: fc.constant(dave) }, who), weight: 4 }),
    call({
      function: "setRewardsDuration",
      pick: fc.constantFrom(WEEK, 1n, 1_000n, 86_400n, 0n),
      from: fc.constantFrom(alice, alice, bob),
    }),
    call({
      function: "recoverERC20",
      pick: fc.tuple(fc.constantFrom(EARNED, EARNED, STAKED, bob), few),
      from: fc.constantFrom(alice, alice, bob),
    }),
    call({ function: "setPaused", pick: fc.boolean(), from: fc.constantFrom(alice, alice, bob), weight: 1 }),
    call({ function: "setRewardsDistribution", pick: fc.constantFrom(dave, dave, dave, bob), from: fc.constantFrom(alice, bob) }),
    call({ function: "nominateNewOwner", pick: anyone, from: fc.constantFrom(alice, bob) }),
    call({ function: "acceptOwnership", pick: fc.constant([]) }),
    call({ on: "earned", function: "give", pick: fc.tuple(fc.constantFrom(POOL, alice), fc.bigInt(0n, 10n ** 21n)) }),
    call({ function: "earned", pick: who }),
    call({ function: "rewardPerToken", pick: fc.constant([]) }),
    call({ function: "lastTimeRewardApplicable", pick: fc.constant([]) }),
    call({ function: "getRewardForDuration", pick: fc.constant([]) }),
  ],
  views: [
    ...[
      "totalSupply",
      "rewardPerToken",
      "rewardPerTokenStored",
      "lastUpdateTime",
      "lastTimeRewardApplicable",
      "periodFinish",
      "rewardRate",
      "rewardsDuration",
      "getRewardForDuration",
      "owner",
      "nominatedOwner",
      "paused",
      "lastPauseTime",
      "rewardsDistribution",
      "rewardsToken",
      "stakingToken",
    ].map((name) => ({ function: name, args: () => [[]] })),
    ...["balanceOf", "earned", "rewards", "userRewardPerTokenPaid"].map((name) => ({
      function: name,
      args: () => people.map((one) => [one]),
    })),
    ...["staked", "earned"].map((on) => ({ on, function: "balanceOf", args: () => [...people, POOL].map((one) => [one]) })),
  ],
  constructions: [
    [alice, dave, EARNED, STAKED],
    [ZERO, dave, EARNED, STAKED],
  ],
  directed: {
    "two stakes, a reward, and time": [
      block(exactly(bob, "stake", [100n]), exactly(carol, "stake", [300n]), exactly(dave, "notifyRewardAmount", [WEEK * 7n])),
      { seconds: 1_000, empty: 1, calls: [exactly(bob, "stake", [7n]), exactly(bob, "getReward", []), exactly(carol, "withdraw", [1n])] },
      {
        seconds: 0,
        empty: 0,
        calls: [exactly(carol, "getReward", []), exactly(dave, "notifyRewardAmount", [WEEK]), exactly(bob, "stake", [1n])],
      },
      { seconds: 1_000_000, empty: 3, calls: [exactly(carol, "exit", []), exactly(bob, "exit", []), exactly(bob, "exit", [])] },
    ],
    "a stake that the token refuses": [block(exactly(bob, "stake", [10n ** 17n]))],
    "a period as long as it gets, and rewards as high as they get": [
      block(exactly(alice, "setRewardsDuration", [1n]), exactly(bob, "stake", [1n]), exactly(dave, "notifyRewardAmount", [10n ** 21n])),
      {
        seconds: 5,
        empty: 0,
        calls: [exactly(bob, "getReward", []), exactly(alice, "setRewardsDuration", [0n]), exactly(dave, "notifyRewardAmount", [1n])],
      },
    ],
  },
  seconds: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 100 }) }, fc.integer({ min: 0, max: 300_000 })),
  differences: [
    {
      what: 'When the token refuses, its own error is told; the original says "SafeERC20: low-level call failed".',
      why: "A callee's revert reverts the caller with the same data in Weft, as in later versions of SafeERC20.",
      matches: ({ solidity, weft, solidityError }) =>
        !solidity.success && !weft.success && solidityError === "Error" && solidity.data.includes(text("SafeERC20: low-level call failed")),
    },
    {
      what: "Tokens that return nothing from `transfer` and `transferFrom` can't be used.",
      why: "A call whose result doesn't fit its type reverts.",
    },
    {
      what: "A token that calls back into the pool makes the call revert with `Reentrancy()`; the original reverts by its guard.",
      why: "There is no re-entrancy in Weft.",
    },
  ],
};

function text(message: string): string {
  return Buffer.from(message, "utf8").toString("hex");
}
