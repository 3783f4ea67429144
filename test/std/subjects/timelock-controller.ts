import fc from "fast-check";
import { encodeAbiParameters, encodeFunctionData, keccak256, parseAbi, parseAbiParameters, stringToHex } from "viem";
import type { Hex } from "viem";
import { alice, anyone, block, bob, call, carol, dave, exactly, instanceAt, MAX, people, ZERO } from "../harness/subject.ts";
import type { Planned, See, Subject } from "../harness/subject.ts";

const BOX = instanceAt(0);
const TIMELOCK = instanceAt(1);
const NONE: Hex = `0x${"0".repeat(64)}`;
const SALT: Hex = `0x${"5a".repeat(32)}`;

const ADMIN = NONE;
const [PROPOSER, EXECUTOR, CANCELLER] = ["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"].map((name) => keccak256(stringToHex(name)));
const roles = [ADMIN, PROPOSER, EXECUTOR, CANCELLER];

const abi = parseAbi([
  "function set(uint256)",
  "function updateDelay(uint256)",
  "function cancel(bytes32)",
  "function grantRole(bytes32, address)",
  "function revokeRole(bytes32, address)",
  "function renounceRole(bytes32, address)",
]);

interface Action {
  readonly target: Hex;
  readonly value: bigint;
  readonly data: Hex;
}

function onBox(number: bigint, value = 0n): Action {
  return { target: BOX, value, data: encodeFunctionData({ abi, functionName: "set", args: [number] }) };
}

function delay(seconds: bigint, value = 0n): Action {
  return { target: TIMELOCK, value, data: encodeFunctionData({ abi, functionName: "updateDelay", args: [seconds] }) };
}

function role(functionName: "grantRole" | "revokeRole" | "renounceRole", name: Hex, account: Hex): Action {
  return { target: TIMELOCK, value: 0n, data: encodeFunctionData({ abi, functionName, args: [name, account] }) };
}

function coin(target: Hex, value: bigint, data: Hex = "0x"): Action {
  return { target, value, data };
}

/** Few, so that an operation that is scheduled is also executed. */
const actions: readonly Action[] = [
  onBox(2n),
  onBox(4n, 3n),
  onBox(5n),
  coin(alice, 5n),
  coin(bob, 0n, "0x12345678"),
  coin(carol, 10n ** 30n),
  coin(TIMELOCK, 1n),
  delay(5n),
  delay(20n),
  delay(7n, 1n),
  role("grantRole", EXECUTOR, dave),
  role("revokeRole", PROPOSER, bob),
  role("grantRole", CANCELLER, TIMELOCK),
  role("renounceRole", ADMIN, TIMELOCK),
  role("renounceRole", ADMIN, alice),
  { target: TIMELOCK, value: 0n, data: "0xdeadbeef" },
  { target: TIMELOCK, value: 0n, data: "0x64d623" },
  { target: TIMELOCK, value: 0n, data: encodeFunctionData({ abi, functionName: "cancel", args: [SALT] }) },
];

const seconds = fc.constantFrom(0n, 10n, 10n, 10n, 12n, 1_000n, MAX);
const salt = fc.constantFrom(NONE, NONE, SALT);
const action = fc.nat(actions.length - 1).map((i) => actions[i]);
const usual: readonly (readonly number[])[] = [[0, 1], [7, 0], [3, 10], [], [1, 8, 0]];
const few = fc
  .oneof({ weight: 8, arbitrary: fc.constantFrom(...usual) }, fc.array(fc.nat(actions.length - 1), { maxLength: 4 }))
  .map((list) => list.map((i) => actions[i]));
const after = fc.constantFrom<"nothing" | "the first" | "nobody">("nothing", "nothing", "nothing", "nothing", "the first", "nobody");

async function predecessor(kind: "nothing" | "the first" | "nobody", see: See): Promise<unknown> {
  if (kind === "nothing") return NONE;
  return kind === "nobody" ? SALT : see.view("it", "hashOperation", single(actions[0], NONE, NONE));
}

function single({ target, value, data }: Action, before: unknown, salted: Hex): readonly unknown[] {
  return [target, value, data, before, salted];
}

function batch(list: readonly Action[], before: unknown, salted: Hex): readonly unknown[] {
  return [list.map(({ target }) => target), list.map(({ value }) => value), list.map(({ data }) => data), before, salted];
}

const one = fc.record({ what: action, before: after, salted: salt, wait: seconds });
const several = fc.record({ what: few, before: after, salted: salt, wait: seconds });
const proposer = fc.constantFrom(alice, alice, alice, bob, carol);
const executor = fc.constantFrom(alice, bob, bob, bob, bob, bob, dave);

/** Operations of these that can be executed in the next block. Their hash is computed here as the original does. */
async function readyOf<T>(all: readonly T[], hash: (each: T) => Hex, see: See): Promise<readonly T[]> {
  const found: T[] = [];
  for (const each of all) {
    const at = await see.view("it", "getTimestamp", [hash(each)]);
    if (typeof at === "bigint" && at > 1n && at <= see.time) found.push(each);
  }
  return found;
}

interface Salted<T> {
  readonly what: T;
  readonly salted: Hex;
}

const salts: readonly Hex[] = [NONE, SALT];
const singles: readonly Salted<Action>[] = salts.flatMap((salted) => actions.map((what) => ({ what, salted })));
const batches: readonly Salted<readonly Action[]>[] = salts.flatMap((salted) =>
  usual.map((list) => ({ what: list.map((i) => actions[i]), salted })),
);

const hashOfSingle = ({ what: { target, value, data }, salted }: Salted<Action>): Hex =>
  keccak256(encodeAbiParameters(parseAbiParameters("address, uint256, bytes, bytes32, bytes32"), [target, value, data, NONE, salted]));

const hashOfBatch = ({ what, salted }: Salted<readonly Action[]>): Hex =>
  keccak256(
    encodeAbiParameters(parseAbiParameters("address[], uint256[], bytes[], bytes32, bytes32"), [
      what.map(({ target }) => target),
      what.map(({ value }) => value),
      what.map(({ data }) => data),
      NONE,
      salted,
    ]),
  );

/** Mostly one that is ready. */
const which = fc.record({ nth: fc.nat(1_000), any: fc.nat(5) });

const idOf = async (
  picked: { readonly what: Action; readonly before: "nothing" | "the first" | "nobody"; readonly salted: Hex },
  see: See,
) => [await see.view("it", "hashOperation", single(picked.what, await predecessor(picked.before, see), picked.salted))];

function timed(wait: number, ...calls: readonly Planned[]): { seconds: number; empty: number; calls: readonly Planned[] } {
  return { seconds: wait, empty: 0, calls };
}

const HOOKS = "bytes4 isn't a type of Weft: the function is there and gives the same word as bytes32";

export const timelockController: Subject = {
  name: "TimelockController",
  instances: [
    {
      label: "box",
      solidity: { file: "timelock.sol", contract: "Box" },
      weft: { file: "test/std/contracts/timelock.weft", contract: "Box" },
    },
    {
      label: "it",
      solidity: { file: "timelock.sol", contract: "Timelock" },
      weft: { file: "std/presets/timelock-controller.weft", contract: "TimelockController" },
      args: [10n, [alice, bob], [bob], alice],
      absent: {
        "supportsInterface(bytes4)": "bytes4 isn't a type of Weft",
        "onERC721Received(address,address,uint256,bytes)": HOOKS,
        "onERC1155Received(address,address,uint256,uint256,bytes)": HOOKS,
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": HOOKS,
      },
      added: {
        "deposit()": "coin for the operations, since there is no receive function",
        "onERC721Received(address,address,uint256,bytes)": HOOKS,
        "onERC1155Received(address,address,uint256,uint256,bytes)": HOOKS,
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": HOOKS,
      },
    },
  ],
  calls: [
    call({
      function: "schedule",
      pick: one,
      args: async ({ what, before, salted, wait }, see) => [...single(what, await predecessor(before, see), salted), wait],
      from: proposer,
      weight: 10,
    }),
    call({
      function: "execute",
      pick: fc.tuple(one, which),
      args: async ([{ what, before, salted }, { nth, any }], see) => {
        const ready = any === 0 ? [] : await readyOf(singles, hashOfSingle, see);
        if (ready.length === 0) return single(what, await predecessor(before, see), salted);
        const found = ready[nth % ready.length];
        return single(found.what, NONE, found.salted);
      },
      from: executor,
      value: fc.constantFrom(0n, 0n, 3n, 5n),
      weight: 16,
    }),
    call({
      function: "scheduleBatch",
      pick: several,
      args: async ({ what, before, salted, wait }, see) => [...batch(what, await predecessor(before, see), salted), wait],
      from: proposer,
      weight: 6,
    }),
    call({
      function: "executeBatch",
      pick: fc.tuple(several, which),
      args: async ([{ what, before, salted }, { nth, any }], see) => {
        const ready = any === 0 ? [] : await readyOf(batches, hashOfBatch, see);
        if (ready.length === 0) return batch(what, await predecessor(before, see), salted);
        const found = ready[nth % ready.length];
        return batch(found.what, NONE, found.salted);
      },
      from: executor,
      value: fc.constantFrom(0n, 3n),
      weight: 8,
    }),
    call({ function: "cancel", pick: one, args: idOf, from: proposer, weight: 2 }),
    call({ function: "getOperationState", pick: one, args: idOf, weight: 2 }),
    call({ function: "updateDelay", pick: seconds, succeeds: false }),
    call({ function: "grantRole", pick: fc.tuple(fc.constantFrom(...roles), anyone), from: fc.constantFrom(alice, alice, bob) }),
    call({
      function: "revokeRole",
      pick: fc.tuple(fc.constantFrom(PROPOSER, EXECUTOR, CANCELLER), anyone),
      from: fc.constantFrom(alice, bob),
    }),
    call({ function: "renounceRole", pick: fc.tuple(fc.constantFrom(EXECUTOR, CANCELLER), anyone) }),
  ],
  views: [
    { function: "getMinDelay", args: () => [[]] },
    ...["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE", "DEFAULT_ADMIN_ROLE"].map((name) => ({ function: name, args: () => [[]] })),
    { function: "hasRole", args: () => roles.flatMap((name) => [...people, TIMELOCK, ZERO].map((account) => [name, account])) },
    { function: "hashOperation", args: () => actions.map((each) => single(each, NONE, SALT)) },
    {
      function: "hashOperationBatch",
      args: () =>
        [[], [0, 1], [3]].map((list) =>
          batch(
            list.map((i) => actions[i]),
            SALT,
            NONE,
          ),
        ),
    },
    { on: "box", function: "number", args: () => [[]] },
    { on: "box", function: "sender", args: () => [[]] },
  ],
  constructions: [
    [10n, [alice], [ZERO], ZERO],
    [0n, [], [], bob],
    [1n, [alice, alice, bob], [bob, bob], alice],
  ],
  directed: {
    "an operation that cancels itself": [
      block(exactly(alice, "grantRole", [CANCELLER, TIMELOCK])),
      block(exactly(alice, "schedule", [...single(actions[17], NONE, NONE), 10n])),
      timed(10, exactly(bob, "execute", single(actions[17], NONE, NONE))),
    ],
    "lists of different lengths": [
      block(
        exactly(alice, "scheduleBatch", [[BOX], [0n, 1n], ["0x"], NONE, NONE, 10n]),
        exactly(bob, "executeBatch", [[BOX], [0n], [], NONE, NONE]),
      ),
    ],
    "a contract that takes no coin": [
      block(exactly(alice, "schedule", [...single(coin(BOX, 0n), NONE, NONE), 10n])),
      timed(10, exactly(bob, "execute", single(coin(BOX, 0n), NONE, NONE))),
    ],
    "a call without a function": [
      block(exactly(alice, "schedule", [...single(coin(BOX, 0n, "0x12345678"), NONE, NONE), 10n])),
      timed(10, exactly(bob, "execute", single(coin(BOX, 0n, "0x12345678"), NONE, NONE))),
    ],
  },
  seconds: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 12 }) }, fc.integer({ min: 0, max: 2_000 })),
  differences: [
    {
      what: "A called contract that fails without error data makes the call fail without error data; the original says `FailedCall()`.",
      why: "A call that reverts can't be caught, so its data is passed on as it is.",
      matches: ({ solidity, weft, solidityError }) =>
        !solidity.success && !weft.success && weft.data === "0x" && solidityError === "FailedCall",
    },
    {
      what: "Calls without calldata only move coin: a contract can't refuse them.",
      why: "There is no receive function in Weft, and `pay` runs no code.",
      matches: ({ args, solidity, weft, solidityError }) =>
        !solidity.success && weft.success && solidityError === "FailedCall" && args[0] === BOX && args[2] === "0x",
    },
    {
      what: "Of itself the timelock can call `updateDelay`, `cancel`, `grantRole`, `revokeRole` and `renounceRole`; others fail with `FailedCall()`.",
      why: "A contract that is active can't be called, so it does these by itself.",
    },
    {
      what: "A call of the contract that executes the operation isn't made: it gets the coin, and has to do it by itself, as `Governor` does.",
      why: "That contract is active, too.",
    },
    {
      what: "Calldata of a call has at most 4,096 bytes, a batch at most 10 calls, and a constructor's lists 32 accounts.",
      why: "All lists and texts have a greatest length in Weft, so that the cost of a call has a bound.",
    },
  ],
};
