/** The vault, the vesting wallet and the payment splitter. */
import fc from "fast-check";
import {
  alice,
  amount,
  anyone,
  block,
  bob,
  call,
  carol,
  DEPLOYER,
  exactly,
  instanceAt,
  MAX,
  people,
  START,
  who,
  ZERO,
} from "../harness/subject.ts";
import type { Difference, Instance, Mismatch, Subject } from "../harness/subject.ts";

const file = "test/std/contracts/finance.weft";
const [first, second, third] = [instanceAt(0), instanceAt(1), instanceAt(2)];

const cash: Instance = { label: "cash", solidity: { file: "finance.sol", contract: "Cash" }, weft: { file, contract: "Cash" } };
const odd: Instance = { label: "odd", solidity: { file: "finance.sol", contract: "OddToken" }, weft: { file, contract: "OddToken" } };

/** Amounts of some size: rates are what matters here. */
const assets = fc.oneof({ weight: 6, arbitrary: fc.bigInt(0n, 3000n) }, { weight: 2, arbitrary: fc.bigInt(0n, 10n ** 12n) }, amount);
const everyone = [...people, DEPLOYER, first, second];
const taker = fc.oneof({ weight: 8, arbitrary: who }, fc.constantFrom(ZERO, first, second));

export const erc4626: Subject = {
  name: "ERC4626",
  instances: [
    cash,
    {
      label: "it",
      solidity: { file: "finance.sol", contract: "Vault" },
      weft: { file, contract: "Vault" },
      args: [first, 2],
    },
  ],
  setUp: people
    .slice(0, 3)
    .flatMap((each) => [
      exactly(each, "mint", [each, 1_000_000n], { on: "cash" }),
      exactly(each, "approve", [second, 10n ** 30n], { on: "cash" }),
    ]),
  calls: [
    call({ on: "cash", function: "transfer", pick: fc.tuple(fc.constant(second), fc.bigInt(0n, 50n)), weight: 2 }),
    call({ on: "cash", function: "mint", pick: fc.tuple(who, fc.bigInt(0n, 10n ** 12n)) }),
    call({ on: "cash", function: "approve", pick: fc.tuple(fc.constant(second), assets) }),
    call({ function: "deposit", pick: fc.tuple(assets, taker), weight: 5 }),
    call({ function: "mint", pick: fc.tuple(assets, taker), weight: 5 }),
    ...people.flatMap((owner) => [
      call({ function: "withdraw", pick: fc.tuple(assets, taker, fc.constant(owner)), from: fc.constant(owner) }),
      call({ function: "redeem", pick: fc.tuple(assets, taker, fc.constant(owner)), from: fc.constant(owner) }),
    ]),
    call({ function: "withdraw", pick: fc.tuple(assets, taker, anyone), weight: 2 }),
    call({ function: "redeem", pick: fc.tuple(assets, taker, anyone), weight: 2 }),
    call({ function: "transfer", pick: fc.tuple(anyone, assets), weight: 2 }),
    call({ function: "approve", pick: fc.tuple(anyone, assets), weight: 3 }),
    ...["convertToShares", "convertToAssets", "previewDeposit", "previewMint", "previewWithdraw", "previewRedeem"].map((name) =>
      call({ function: name, pick: assets }),
    ),
    call({ function: "maxWithdraw", pick: anyone }),
    call({ function: "maxRedeem", pick: anyone }),
  ],
  views: [
    ...["asset", "decimals", "totalAssets", "totalSupply", "name", "symbol"].map((name) => ({ function: name, args: () => [[]] })),
    ...["balanceOf", "maxDeposit", "maxMint", "maxWithdraw", "maxRedeem"].map((name) => ({
      function: name,
      args: () => everyone.map((each) => [each]),
    })),
    ...["convertToShares", "convertToAssets", "previewMint", "previewWithdraw"].map((name) => ({
      function: name,
      args: () => [1n, 7n, 1000n, 10n ** 20n, MAX].map((each) => [each]),
    })),
    { on: "cash", function: "balanceOf", args: () => everyone.map((each) => [each]) },
  ],
  constructions: [
    [first, 0],
    [first, 18],
    [first, 249],
  ],
  directed: {
    "a present to the vault, and what it does to the rate": [
      block(exactly(alice, "deposit", [1n, alice]), exactly(bob, "transfer", [second, 999n], { on: "cash" })),
      block(
        exactly(bob, "deposit", [500n, bob]),
        exactly(alice, "redeem", [100n, alice, alice]),
        exactly(bob, "withdraw", [1n, carol, bob]),
      ),
    ],
  },
  differences: [
    {
      what: "A vault of a token that has no `decimals` can't be made.",
      why: "A revert of a callee can't be caught.",
    },
    {
      what: "`ERC4626ExceededMaxDeposit` and `ERC4626ExceededMaxMint` are never raised.",
      why: "Nothing is above the limit, which is the largest number; a vault with a lower limit checks it in a function of its own.",
    },
    {
      what: "A vault whose decimals would be above 255 can't be made; one with an offset above 77 fails with `Panic(0x32)`, not `Panic(0x11)`.",
      why: "The decimals are computed once, by `init`; loops have a largest number of rounds.",
    },
  ],
};

const vestingCalls: Subject["calls"] = [
  call({ function: "fund", pick: fc.constant([]), value: fc.bigInt(0n, 10_000n), weight: 4 }),
  call({ on: "cash", function: "mint", pick: fc.tuple(fc.constantFrom(third, third, bob), fc.bigInt(0n, 10_000n)), weight: 3 }),
  call({ on: "odd", function: "mint", pick: fc.tuple(fc.constant(third), fc.bigInt(0n, 10_000n)) }),
  call({ on: "odd", function: "set", pick: fc.constantFrom(0n, 1n, 1n, 2n, MAX) }),
  call({ function: "release()", pick: fc.constant([]), weight: 5 }),
  call({ function: "release(address)", pick: fc.constantFrom(first, first, second, third, bob, ZERO), weight: 6 }),
  call({ function: "releasable()", pick: fc.constant([]) }),
  call({ function: "releasable(address)", pick: fc.constantFrom(first, second) }),
  call({ function: "vestedAmount(uint64)", pick: fc.bigInt(START - 100n, START + 5000n), weight: 2 }),
  call({ function: "vestedAmount(address,uint64)", pick: fc.tuple(fc.constantFrom(first, bob), fc.bigInt(START - 100n, START + 5000n)) }),
  call({ function: "transferOwnership", pick: fc.constantFrom(alice, bob), from: fc.constantFrom(bob, alice, carol) }),
];

const PLAIN_COIN: Difference = {
  what: "A transfer of coin without calldata is refused; `fund()` takes coin.",
  why: "Every call of a Weft contract names a function. Coin that a contract pays runs no code and arrives.",
  matches: ({ call: { function: name }, solidity, weft }: Mismatch) => name === undefined && solidity.success && !weft.success,
};
/** The wallet would call itself as a token. */
const ITSELF: Difference = {
  what: "A wallet named as the token reverts with `Reentrancy()`.",
  why: "A contract that is running can't be called again.",
  matches: ({ solidity, weft }: Mismatch) => !solidity.success && weft.data === "0xab143c06",
};

const SECONDS = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 300 }) }, fc.integer({ min: 0, max: 3000 }));

export const vestingWallet: Subject = {
  name: "VestingWallet, VestingWalletCliff",
  instances: [
    cash,
    odd,
    {
      label: "it",
      solidity: { file: "finance.sol", contract: "Vesting" },
      weft: { file, contract: "Vesting" },
      args: [bob, START + 500n, 2000n, 300n],
      value: 1000n,
      renamed: {
        "released(address)": "releasedToken",
        "releasable(address)": "releasableToken",
        "release(address)": "releaseToken",
        "vestedAmount(address,uint64)": "vestedTokenAmount",
      },
      absent: {
        "error FailedCall()": "nobody can refuse coin",
        "error InsufficientBalance(uint256,uint256)": "can't happen in either",
        "error SafeCastOverflowedUintDowncast(uint8,uint256)": "can't happen in either",
      },
    },
  ],
  calls: vestingCalls,
  seconds: SECONDS,
  views: [
    ...["start", "duration", "end", "cliff", "released()", "releasable()", "owner"].map((name) => ({ function: name, args: () => [[]] })),
    { function: "released(address)", args: () => [[first], [second]] },
    { function: "releasable(address)", args: () => [[first], [second]] },
    { on: "cash", function: "balanceOf", args: () => [[alice], [bob], [third]] },
  ],
  constructions: [
    [alice, START, 100n, 0n],
    [alice, START, 100n, 100n],
    [alice, START, 100n, 101n],
    [alice, 0n, 0n, 0n],
    [ZERO, START, 100n, 0n],
    [alice, 2n ** 64n - 1n, 2n ** 64n - 1n, 5n],
    [alice, 2n ** 64n - 1n, 2n ** 64n - 1n, 0n],
  ],
  directed: {
    "coin without calldata": [block({ ...exactly(alice, "fund", []), function: undefined, value: 5n, args: () => ["0x"] })],
    "the wallet as a token": [block(exactly(alice, "release(address)", [third]))],
  },
  differences: [
    PLAIN_COIN,
    ITSELF,
    { what: "Paying a contract runs no code of it, and never fails for that.", why: "`pay` moves coin and does nothing else." },
  ],
};

export const paymentSplitter: Subject = {
  name: "PaymentSplitter",
  instances: [
    cash,
    odd,
    {
      label: "it",
      solidity: { file: "payment-splitter.sol", contract: "Splitter" },
      weft: { file, contract: "Splitter" },
      args: [
        [alice, bob, carol],
        [1n, 2n, 4n],
      ],
      renamed: {
        "receiveCoin()": "receive",
        "released(address,address)": "releasedOfToken",
        "totalReleased(address)": "totalReleasedOfToken",
        "releasable(address,address)": "releasableOfToken",
        "release(address,address)": "releaseToken",
      },
      made: ["receiveCoin()"],
      added: {
        "error Error(string)": "how the texts of the original are raised",
        "error SafeERC20FailedOperation(address)": "see below",
      },
    },
  ],
  calls: [
    call({ function: "receiveCoin", pick: fc.constant([]), value: fc.bigInt(0n, 10_000n), weight: 4 }),
    call({ on: "cash", function: "mint", pick: fc.tuple(fc.constantFrom(third, third, bob), fc.bigInt(0n, 10_000n)), weight: 3 }),
    call({ on: "odd", function: "mint", pick: fc.tuple(fc.constant(third), fc.bigInt(0n, 10_000n)) }),
    call({ on: "odd", function: "set", pick: fc.constantFrom(1n, 1n) }),
    call({ function: "release(address)", pick: anyone, weight: 6 }),
    call({ function: "release(address,address)", pick: fc.tuple(fc.constantFrom(first, first, second, third, bob), anyone), weight: 7 }),
    call({ function: "releasable(address)", pick: anyone }),
    call({ function: "releasable(address,address)", pick: fc.tuple(fc.constantFrom(first, second), anyone) }),
    call({ function: "payee", pick: fc.constantFrom(0n, 1n, 2n, 3n, 200n, MAX), weight: 2 }),
  ],
  views: [
    { function: "totalShares", args: () => [[]] },
    { function: "totalReleased()", args: () => [[]] },
    { function: "totalReleased(address)", args: () => [[first], [second]] },
    { function: "shares", args: () => everyone.map((each) => [each]) },
    { function: "released(address)", args: () => people.map((each) => [each]) },
    { function: "released(address,address)", args: () => people.map((each) => [first, each]) },
    { on: "cash", function: "balanceOf", args: () => people.map((each) => [each]) },
  ],
  constructions: [
    [[], []],
    [[alice], []],
    [
      [alice, ZERO],
      [1n, 1n],
    ],
    [
      [alice, bob],
      [1n, 0n],
    ],
    [
      [alice, alice],
      [1n, 1n],
    ],
    [
      [alice, bob],
      [MAX, 1n],
    ],
    [
      [alice, bob],
      [MAX, 0n],
    ],
  ],
  directed: {
    "coin without calldata": [block({ ...exactly(alice, "receiveCoin", []), function: undefined, value: 5n, args: () => ["0x"] })],
    "the splitter as a token": [block(exactly(alice, "release(address,address)", [third, alice]))],
    "a token that refuses": [
      block(exactly(alice, "mint", [third, 70n], { on: "odd" }), exactly(alice, "release(address,address)", [second, alice])),
      block(exactly(alice, "set", [2n], { on: "odd" }), exactly(alice, "release(address,address)", [second, alice])),
    ],
  },
  differences: [
    { ...PLAIN_COIN, what: "A transfer of coin without calldata is refused; `receive()` takes coin and tells of it." },
    { ...ITSELF, what: "A splitter named as the token reverts with `Reentrancy()`." },
    {
      what: "A token that refuses is told of by `SafeERC20FailedOperation(token)`, not by a text.",
      why: "The splitter shares its mixin for tokens with the contracts that follow OpenZeppelin 5.",
      matches: ({ solidity, weft }) => !solidity.success && weft.data.startsWith("0x5274afe7"),
    },
    { what: "There are at most 128 payees.", why: "Lists have a largest size in Weft." },
    { what: "Paying a contract runs no code of it, and never fails for that.", why: "`pay` moves coin and does nothing else." },
  ],
};
