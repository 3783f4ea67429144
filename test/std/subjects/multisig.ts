import fc from "fast-check";
import { encodeFunctionData, parseAbi } from "viem";
import type { Hex } from "viem";
import { alice, block, bob, call, carol, dave, DEPLOYER, exactly, instanceAt, MAX, people, ZERO } from "../harness/subject.ts";
import { withKnownFunctions } from "./known-functions.ts";
import type { Planned, See, Subject } from "../harness/subject.ts";

const BOX = instanceAt(0);
const WALLET = instanceAt(2);

const abi = parseAbi([
  "function set(uint256)",
  "function addOwner(address)",
  "function removeOwner(address)",
  "function replaceOwner(address, address)",
  "function changeRequirement(uint256)",
  "function confirmTransaction(uint256)",
  "function submitTransaction(address, uint256, bytes)",
  "function getOwners()",
  "function required()",
]);

function data(functionName: (typeof abi)[number]["name"], args: readonly unknown[]): Hex {
  // The arguments come from generators of this file.
  return encodeFunctionData({ abi, functionName, args } as Parameters<typeof encodeFunctionData<typeof abi>>[0]);
}

const somebody = fc.constantFrom(alice, bob, carol, dave, DEPLOYER, ZERO);
/** Mostly a transaction that is there, rather a late one. */
const known = fc.record({
  back: fc.nat(5),
  edge: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.constantFrom(0n, 40n, MAX)),
});

async function aTransaction(
  { back, edge }: { readonly back: number; readonly edge: bigint | undefined },
  see: See,
): Promise<readonly unknown[]> {
  const count = Number(await see.view("it", "transactionCount", []));
  return [edge ?? BigInt(Math.max(0, count - 1 - back))];
}

const id = fc.oneof({ weight: 12, arbitrary: fc.bigInt(0n, 12n) }, fc.constantFrom(40n, MAX));
const coin = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0n) },
  { weight: 2, arbitrary: fc.bigInt(0n, 50n) },
  fc.constantFrom(10_000n, MAX),
);

const number = fc.bigInt(0n, 50n).map((n) => 2n * n);
const onBox = fc.record({ to: fc.constant(BOX), value: coin, data: number.map((n) => data("set", [n])) });
const onPeople = fc.record({
  to: fc.constantFrom(...people),
  value: coin,
  data: fc.constantFrom<Hex>("0x", "0x", "0x12", "0x123456781234567812345678"),
});
const admin = fc.oneof(
  { weight: 4, arbitrary: somebody.map((one) => data("addOwner", [one])) },
  { weight: 2, arbitrary: somebody.map((one) => data("removeOwner", [one])) },
  { weight: 2, arbitrary: fc.tuple(somebody, somebody).map((both) => data("replaceOwner", both)) },
  { weight: 4, arbitrary: fc.constantFrom(0n, 1n, 1n, 2n, 2n, 3n, 4n, MAX).map((n) => data("changeRequirement", [n])) },
);
const harm = fc.oneof({ weight: 12, arbitrary: fc.constant((hex: Hex): Hex => hex) }, fc.constantFrom(cutShort, dirty, longer));
const onItself = fc.record({
  to: fc.constant(WALLET),
  value: fc.oneof({ weight: 9, arbitrary: fc.constant(0n) }, coin),
  data: fc.oneof(
    { weight: 14, arbitrary: fc.tuple(admin, harm).map(([hex, change]) => change(hex)) },
    fc.constantFrom<Hex>("0x", "0x010203", "0xffffffff00", data("confirmTransaction", [0n]), data("submitTransaction", [alice, 0n, "0x"])),
    fc.constantFrom(data("getOwners", []), data("required", [])),
  ),
});
const nowhere = fc.record({ to: fc.constant(ZERO), value: fc.constant(0n), data: fc.constant<Hex>("0x") });

const anything = fc.oneof(
  { weight: 8, arbitrary: onBox },
  { weight: 6, arbitrary: onPeople },
  { weight: 12, arbitrary: onItself },
  { weight: 1, arbitrary: nowhere },
);

function cutShort(hex: Hex): Hex {
  return `0x${hex.slice(2, -6)}`;
}

function dirty(hex: Hex): Hex {
  return `0x${hex.slice(2, 10)}ff${hex.slice(12)}`;
}

function longer(hex: Hex): Hex {
  return `${hex}aabb`;
}

const ids = Array.from({ length: 14 }, (_, i) => BigInt(i));

function submit(from: Hex, to: Hex, value: bigint, hex: Hex): Planned {
  return exactly(from, "submitTransaction", [to, value, hex]);
}

export const multisig: Subject = {
  name: "Multisig",
  instances: [
    {
      label: "box",
      solidity: { file: "multisig.sol", contract: "Box" },
      weft: { file: "test/std/contracts/multisig.weft", contract: "Box" },
    },
    {
      label: "faucet",
      solidity: { file: "multisig.sol", contract: "Faucet" },
      weft: { file: "test/std/contracts/multisig.weft", contract: "Faucet" },
    },
    {
      label: "it",
      solidity: { file: "multisig.sol", contract: "MultiSigWallet" },
      weft: { file: "std/presets/multisig.weft", contract: "Multisig" },
      args: [[alice, bob, carol], 2n],
      added: {
        "deposit()": "coin with an event, since there is no fallback function",
        "executedCount()": "so that getTransactionCount needs no loop",
      },
    },
  ],
  setUp: [exactly(dave, "send", [WALLET], { on: "faucet", value: 1_000n })],
  calls: withKnownFunctions([
    call({
      function: "submitTransaction",
      pick: anything,
      args: ({ to, value, data: hex }) => [to, value, hex],
      weight: 9,
      from: fc.constantFrom(alice, alice, bob, bob, carol, carol, dave),
    }),
    call({ function: "confirmTransaction", pick: known, args: aTransaction, weight: 16 }),
    call({ function: "revokeConfirmation", pick: known, args: aTransaction, weight: 4 }),
    call({ function: "executeTransaction", pick: known, args: aTransaction, weight: 4 }),
    call({ function: "addOwner", pick: somebody, succeeds: false }),
    call({ function: "removeOwner", pick: somebody, succeeds: false }),
    call({ function: "replaceOwner", pick: fc.tuple(somebody, somebody), succeeds: false }),
    call({ function: "changeRequirement", pick: fc.bigInt(0n, 4n), succeeds: false }),
    call({ function: "isConfirmed", pick: id }),
    call({ function: "getTransactionIds", pick: fc.tuple(fc.bigInt(0n, 4n), fc.bigInt(0n, 8n), fc.boolean(), fc.boolean()) }),
    call({ on: "faucet", function: "send", pick: fc.constant([WALLET]), value: fc.bigInt(0n, 20n) }),
  ]),
  views: [
    { function: "MAX_OWNER_COUNT", args: () => [[]] },
    { function: "getOwners", args: () => [[]] },
    { function: "required", args: () => [[]] },
    { function: "transactionCount", args: () => [[]] },
    { function: "owners", args: () => [[0n], [1n], [2n], [3n], [MAX]] },
    { function: "isOwner", args: () => [...people, DEPLOYER, ZERO].map((one) => [one]) },
    { function: "transactions", args: () => ids.map((n) => [n]) },
    { function: "isConfirmed", args: () => ids.map((n) => [n]) },
    { function: "getConfirmationCount", args: () => ids.map((n) => [n]) },
    { function: "getConfirmations", args: () => ids.map((n) => [n]) },
    { function: "confirmations", args: () => ids.flatMap((n) => people.map((one) => [n, one])) },
    ...[true, false].flatMap((pending) => [
      { function: "getTransactionCount", args: () => [true, false].map((executed) => [pending, executed]) },
      {
        function: "getTransactionIds",
        args: () =>
          [true, false].flatMap((executed) => [
            [0n, 0n, pending, executed],
            [1n, 2n, pending, executed],
          ]),
      },
    ]),
    { on: "box", function: "number", args: () => [[]] },
    { on: "box", function: "sender", args: () => [[]] },
  ],
  constructions: [
    [[alice], 1n],
    [[alice, bob], 3n],
    [[alice, bob], 0n],
    [[alice, alice], 1n],
    [[alice, ZERO], 1n],
    [[], 0n],
    [Array.from({ length: 51 }, (_, i) => instanceAt(i + 10)), 1n],
    [Array.from({ length: 50 }, (_, i) => instanceAt(i + 10)), 50n],
  ],
  directed: {
    "down to one owner, who can't go": [
      block(submit(alice, WALLET, 0n, data("removeOwner", [bob])), exactly(carol, "confirmTransaction", [0n])),
      block(submit(alice, WALLET, 0n, data("removeOwner", [alice])), exactly(carol, "confirmTransaction", [1n])),
      block(submit(carol, WALLET, 0n, data("removeOwner", [carol])), exactly(carol, "executeTransaction", [2n])),
      block(submit(carol, WALLET, 0n, data("addOwner", [dave])), submit(dave, WALLET, 0n, data("addOwner", [carol]))),
    ],
    "confirmations of owners who left don't count": [
      block(submit(alice, BOX, 0n, data("set", [8n])), submit(bob, WALLET, 0n, data("replaceOwner", [alice, dave]))),
      block(
        exactly(carol, "confirmTransaction", [1n]),
        exactly(carol, "confirmTransaction", [0n]),
        exactly(dave, "confirmTransaction", [0n]),
      ),
    ],
    "a contract that refuses": [block(submit(alice, BOX, 0n, data("set", [3n])), exactly(bob, "confirmTransaction", [0n]))],
    "calldata of no function": [block({ ...exactly(alice, "getOwners", []), damage: { kind: "selector" } })],
  },
  differences: [
    {
      what: "When a called contract refuses, the whole call reverts with its error, and the last confirmation isn't recorded. The original writes `ExecutionFailure` and keeps the confirmation; so does Multisig when there is too little coin, and for what the wallet does to itself.",
      why: "A call that reverts can't be caught.",
      matches: ({ solidity, weftError, weft }) => solidity.success && !weft.success && weftError === "Odd",
    },
    {
      what: "Coin that is sent without calldata arrives without a `Deposit` event, and is never refused. `deposit()` writes the event.",
      why: "`pay` runs no code of the receiver; there is no fallback function.",
      matches: ({ call: made, solidity, weft }) => made.on === "faucet" && solidity.success && weft.success,
    },
    {
      what: "Calldata without a function of the wallet is refused from outside.",
      why: "There is no fallback function.",
      matches: ({ call: made, solidity, weft }) => made.damage?.kind === "selector" && solidity.success && !weft.success,
    },
    {
      what: "A transaction's calldata has at most 4,096 bytes, the result of its call at most 16,384; there can be 50 owners, as in the original, but `getTransactionIds` works for up to 1,024 transactions.",
      why: "All lists and texts have a greatest length in Weft, so that the cost of a call has a bound.",
    },
    {
      what: "When the wallet is an owner of itself, it can't submit, confirm, revoke or execute; the original would.",
      why: "A contract that is active can't be called. The wallet does to itself only what changes owners and the number of confirmations.",
    },
  ],
};
