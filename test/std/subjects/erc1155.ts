import fc from "fast-check";
import { alice, anyone, block, bob, call, DEPLOYER, exactly, instanceAt, MAX, people, who, ZERO } from "../harness/subject.ts";
import type { Difference, Instance, Mismatch, Subject, ViewSpec } from "../harness/subject.ts";
import { NO_BYTES4, REENTRANCY_DATA } from "./erc721.ts";

const file = "test/std/contracts/erc1155.weft";
const [chest, it] = [instanceAt(0), instanceAt(1)];

const SIZES: Difference = {
  what: "A batch has at most 128 kinds, URIs 256 bytes, the data that comes with a transfer 1024. Longer ones revert with empty data.",
  why: "Lists and texts have a largest size in Weft.",
};
const SILENT: Difference = {
  what: "A contract that refuses tokens with empty error data, or has no function for them, makes the transfer revert with empty data, not `ERC1155InvalidReceiver`.",
  why: "A revert of a callee can't be caught.",
  matches: ({ solidityError, weft }: Mismatch) => solidityError === "ERC1155InvalidReceiver" && !weft.success && weft.data === "0x",
};
const REENTRANCY: Difference = {
  what: "A contract that gets tokens can't call the tokens' contract back: the transfer reverts with `Reentrancy()`. So does a transfer to the tokens' contract itself.",
  why: "A contract that is running can't be called again.",
  matches: ({ solidityError, weft }: Mismatch) => solidityError === "ERC1155InvalidReceiver" && weft.data === REENTRANCY_DATA,
};
const UTF8: Difference = {
  what: "A URI that isn't UTF-8 text is refused.",
  why: "Strings are checked when they come in.",
  matches: ({ call: { damage }, solidity, weft }: Mismatch) =>
    damage?.kind === "ones" && solidity.success && !weft.success && weft.data === "0x",
};

const id = fc.bigInt(0n, 3n);
const ids = [0n, 1n, 2n, 3n];
const value = fc.oneof(
  { weight: 12, arbitrary: fc.bigInt(0n, 40n) },
  { weight: 2, arbitrary: fc.bigInt(0n, 10n ** 18n) },
  fc.constantFrom(2n ** 255n, MAX),
);
const data = fc.uint8Array({ maxLength: 40 }).map((bytes): `0x${string}` => `0x${Buffer.from(bytes).toString("hex")}`);
const taker = fc.oneof({ weight: 6, arbitrary: who }, fc.constantFrom(ZERO, DEPLOYER, chest, it));
/** Mostly as many values as kinds. */
const batch = fc
  .tuple(fc.array(fc.tuple(id, value), { maxLength: 5 }), fc.integer({ min: 0, max: 9 }))
  .map(([pairs, odd]) => [pairs.map(([kind]) => kind), pairs.map(([, much]) => much).slice(odd === 0 ? 1 : 0)] as const);
/** Mostly the caller's own tokens. */
const own = fc.record({ from: who, mine: fc.integer({ min: 0, max: 3 }), other: anyone });

function moves(): Subject["calls"] {
  const each = people.flatMap((from) => [
    call({ function: "safeTransferFrom", pick: fc.tuple(fc.constant(from), taker, id, value, data), from: fc.constant(from), weight: 2 }),
    call({
      function: "safeBatchTransferFrom",
      pick: fc.tuple(taker, batch, data),
      args: ([to, [kinds, values], bytes]) => [from, to, kinds, values, bytes],
      from: fc.constant(from),
      weight: 2,
    }),
    call({ function: "burn", pick: fc.tuple(fc.constant(from), id, value), from: fc.constant(from) }),
    call({
      function: "burnBatch",
      pick: batch,
      args: ([kinds, values]) => [from, kinds, values],
      from: fc.constant(from),
    }),
  ]);
  return [
    ...each,
    call({
      function: "safeTransferFrom",
      pick: fc.tuple(own, taker, id, value, data),
      args: ([{ other }, ...rest]) => [other, ...rest],
      weight: 3,
    }),
    call({ function: "burn", pick: fc.tuple(anyone, id, value), weight: 2 }),
    call({ function: "mint", pick: fc.tuple(taker, id, value, data), weight: 7 }),
    call({
      function: "mintBatch",
      pick: fc.tuple(taker, batch, data),
      args: ([to, [kinds, values], bytes]) => [to, kinds, values, bytes],
      weight: 6,
    }),
    call({ function: "setApprovalForAll", pick: fc.tuple(anyone, fc.boolean()), weight: 4 }),
    call({
      function: "balanceOfBatch",
      pick: fc.tuple(fc.array(anyone, { maxLength: 4 }), fc.array(id, { maxLength: 4 })),
      weight: 2,
    }),
    call({ on: "chest", function: "set", pick: fc.tuple(fc.boolean(), fc.boolean(), single, many) }),
  ];
}

const single = fc.constantFrom(0xf23a6e61n << 224n, 0xf23a6e61n << 224n, 0n, (0xf23a6e61n << 224n) + 1n);
const many = fc.constantFrom(0xbc197c81n << 224n, 0xbc197c81n << 224n, 0n);

const everyone = [...people, DEPLOYER, chest, it];
const views: readonly ViewSpec[] = [
  { function: "balanceOf", args: () => everyone.flatMap((owner) => ids.map((each) => [owner, each])) },
  { function: "isApprovedForAll", args: () => people.flatMap((a) => people.map((b) => [a, b])) },
  { function: "uri", args: () => ids.map((each) => [each]) },
];

const receiver: Instance = { label: "chest", solidity: { file: "erc1155.sol", contract: "Chest" }, weft: { file, contract: "Chest" } };
const absent = { "supportsInterface(bytes4)": NO_BYTES4 };

const refusals: Subject["directed"] = {
  "receivers that refuse": [
    block(exactly(alice, "mint", [alice, 1n, 50n, "0x"]), exactly(alice, "safeTransferFrom", [alice, chest, 1n, 1n, "0x1234"])),
    block(exactly(bob, "set", [true, false, 0n, 0n], { on: "chest" }), exactly(alice, "safeTransferFrom", [alice, chest, 1n, 1n, "0x"])),
    block(exactly(bob, "set", [false, true, 0n, 0n], { on: "chest" }), exactly(alice, "safeTransferFrom", [alice, chest, 1n, 1n, "0x"])),
    block(exactly(bob, "set", [false, false, 5n, 0n], { on: "chest" }), exactly(alice, "safeTransferFrom", [alice, chest, 1n, 1n, "0x"])),
    block(
      exactly(bob, "set", [false, false, 0n, 0n], { on: "chest" }),
      exactly(alice, "safeBatchTransferFrom", [alice, chest, [1n], [1n], "0x"]),
    ),
    block(exactly(alice, "safeTransferFrom", [alice, it, 1n, 1n, "0x"])),
  ],
};

export const erc1155: Subject = {
  name: "ERC1155",
  instances: [
    receiver,
    {
      label: "it",
      solidity: { file: "erc1155.sol", contract: "Items" },
      weft: { file, contract: "Items" },
      args: ["https://weft.test/{id}"],
      absent: { ...absent, "event URI(string,uint256)": "the original declares it and never emits it; `Erc1155UriStorage` does" },
    },
  ],
  calls: moves(),
  views,
  directed: refusals,
  differences: [SILENT, REENTRANCY, SIZES],
};

export const erc1155Supply: Subject = {
  name: "ERC1155Supply, ERC1155URIStorage",
  instances: [
    receiver,
    {
      label: "it",
      solidity: { file: "erc1155.sol", contract: "CountedItems" },
      weft: { file, contract: "CountedItems" },
      args: ["common", "base/"],
      absent,
      renamed: { "totalSupply()": "totalSupplyOfAll" },
      added: { "baseURI()": "state has getters", "uriOf(uint256)": "state has getters" },
    },
  ],
  calls: [
    ...moves(),
    call({ function: "setURI", pick: fc.tuple(id, fc.string({ unit: "grapheme", maxLength: 20 })), weight: 3 }),
    call({ function: "exists", pick: id }),
  ],
  views: [
    ...views,
    { function: "totalSupply(uint256)", args: () => ids.map((each) => [each]) },
    { function: "totalSupply()", args: () => [[]] },
  ],
  directed: {
    ...refusals,
    "a URI that isn't text": [block({ ...exactly(alice, "setURI", [1n, "x"]), damage: { kind: "ones", word: 3 } })],
  },
  differences: [SILENT, REENTRANCY, UTF8, SIZES],
};
