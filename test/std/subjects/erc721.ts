import fc from "fast-check";
import { alice, anyone, bob, block, call, carol, DEPLOYER, exactly, instanceAt, MAX, people, who, ZERO } from "../harness/subject.ts";
import type { Difference, Instance, Mismatch, See, Subject, ViewSpec } from "../harness/subject.ts";

const file = "test/std/contracts/erc721.weft";

/** `Reentrancy()` */
export const REENTRANCY_DATA = "0xab143c06";

export const NO_BYTES4 = "its parameter is a `bytes4`, a type that Weft doesn't have";
const SIZES: Difference = {
  what: "Names have at most 64 bytes, symbols 32, URIs of tokens and bases 256, the data that comes with a transfer 1024.",
  why: "Texts have a largest size in Weft.",
};
const REENTRANCY: Difference = {
  what: "A contract that gets a token can't call the collection back from `onERC721Received`: the transfer reverts with `Reentrancy()`. So does a transfer to the collection itself.",
  why: "A contract that is running can't be called again.",
  matches: ({ solidityError, weft }: Mismatch) => solidityError === "ERC721InvalidReceiver" && weft.data === REENTRANCY_DATA,
};

/** A receiver that says no without a word. */
const SILENT: Difference = {
  what: "A contract that refuses a token with empty error data, or has no `onERC721Received`, makes the transfer revert with empty data, not `ERC721InvalidReceiver`.",
  why: "A revert of a callee can't be caught.",
  matches: ({ solidityError, weft }: Mismatch) => solidityError === "ERC721InvalidReceiver" && !weft.success && weft.data === "0x",
};

const UTF8: Difference = {
  what: "A URI that isn't UTF-8 text is refused.",
  why: "Strings are checked when they come in.",
  matches: ({ call: { damage }, solidity, weft }: Mismatch) =>
    damage?.kind === "ones" && solidity.success && !weft.success && weft.data === "0x",
};

const common = {
  renamed: { "safeTransferFrom(address,address,uint256,bytes)": "safeTransferFromWithData" },
  absent: { "supportsInterface(bytes4)": NO_BYTES4 },
} satisfies Partial<Instance>;

const id = fc.oneof({ weight: 15, arbitrary: fc.bigInt(0n, 4n) }, fc.constantFrom(MAX, 10n ** 40n));
const ids = [...Array.from({ length: 5 }, (_, i) => BigInt(i)), MAX];
const data = fc.uint8Array({ maxLength: 70 }).map((bytes): `0x${string}` => `0x${Buffer.from(bytes).toString("hex")}`);
const [collection, safe] = [instanceAt(1), instanceAt(0)];
const taker = fc.oneof({ weight: 6, arbitrary: who }, fc.constantFrom(ZERO, DEPLOYER, safe, collection));

/** Mostly from who owns the token, as far as there is one: else hardly any transfer succeeds. */
const move = fc.record({ right: fc.integer({ min: 0, max: 5 }), from: anyone, to: taker, id });
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

async function moved({ right, from, to, id: token }: Move, see: See): Promise<readonly unknown[]> {
  return [right > 0 ? ((await ownerOf(see, token)) ?? from) : from, to, token];
}

async function ownerOf(see: See, token: bigint): Promise<unknown> {
  try {
    return await see.view("it", "ownerOf", [token]);
  } catch {
    return undefined;
  }
}

const moves = [
  call({ function: "transferFrom", pick: move, args: moved, weight: 8 }),
  call({ function: "safeTransferFrom(address,address,uint256)", pick: move, args: moved, weight: 5 }),
  call({
    function: "safeTransferFrom(address,address,uint256,bytes)",
    pick: fc.tuple(move, data),
    args: async ([picked, bytes], see) => [...(await moved(picked, see)), bytes],
    weight: 5,
  }),
  call({ function: "approve", pick: fc.tuple(anyone, id), weight: 3 }),
  call({ function: "setApprovalForAll", pick: fc.tuple(anyone, fc.boolean()), weight: 4 }),
  call({ function: "balanceOf", pick: anyone }),
  call({ function: "ownerOf", pick: id }),
  call({ function: "getApproved", pick: id }),
  call({ function: "isApprovedForAll", pick: fc.tuple(anyone, anyone) }),
];

const everyone = [...people, DEPLOYER, safe, collection];
const views: readonly ViewSpec[] = [
  { function: "name", args: () => [[]] },
  { function: "symbol", args: () => [[]] },
  { function: "balanceOf", args: () => [...everyone, ZERO].map((each) => [each]) },
  { function: "ownerOf", args: () => ids.map((each) => [each]) },
  { function: "getApproved", args: () => ids.map((each) => [each]) },
  { function: "isApprovedForAll", args: () => people.flatMap((a) => people.map((b) => [a, b])) },
];

/** Takes tokens, or refuses them in several ways. */
const receiver: Instance = { label: "safe", solidity: { file: "erc721.sol", contract: "Safe" }, weft: { file, contract: "Safe" } };
const answers = fc.constantFrom(0x150b7a02n << 224n, 0x150b7a02n << 224n, (0x150b7a02n << 224n) + 1n, 0n);
const setSafe = call({ on: "safe", function: "set", pick: fc.tuple(fc.boolean(), fc.boolean(), answers) });

export const erc721: Subject = {
  name: "ERC721",
  instances: [
    receiver,
    {
      label: "it",
      solidity: { file: "erc721.sol", contract: "OwnedERC721" },
      weft: { file, contract: "OwnedERC721" },
      ...common,
      absent: { ...common.absent, "tokenURI(uint256)": "the contract uses no mixin for URIs" },
    },
  ],
  setUp: [exactly(DEPLOYER, "mint", [alice, 1n]), exactly(DEPLOYER, "mint", [bob, 2n]), exactly(DEPLOYER, "mint", [carol, 3n])],
  calls: [
    ...moves,
    setSafe,
    call({ function: "mint", pick: fc.tuple(taker, id), from: fc.constantFrom(DEPLOYER, DEPLOYER, DEPLOYER, alice), weight: 5 }),
    call({ function: "safeMint", pick: fc.tuple(taker, id, data), from: fc.constantFrom(DEPLOYER, DEPLOYER, alice), weight: 2 }),
    call({ function: "burn", pick: id, weight: 2 }),
    call({ function: "transferOwnership", pick: fc.constant(DEPLOYER), from: fc.constantFrom(DEPLOYER, alice) }),
  ],
  views: [...views, { function: "owner", args: () => [[]] }, { on: "safe", function: "taken", args: () => [[collection]] }],
  directed: {
    "a receiver that refuses": [
      block(exactly(bob, "transferFrom", [bob, alice, 2n]), exactly(alice, "safeTransferFrom(address,address,uint256)", [alice, safe, 1n])),
      block(
        exactly(bob, "set", [true, false, 0n], { on: "safe" }),
        exactly(alice, "safeTransferFrom(address,address,uint256)", [alice, safe, 2n]),
      ),
      block(
        exactly(bob, "set", [false, true, 0n], { on: "safe" }),
        exactly(alice, "safeTransferFrom(address,address,uint256)", [alice, safe, 2n]),
      ),
      block(
        exactly(bob, "set", [false, false, 5n], { on: "safe" }),
        exactly(alice, "safeTransferFrom(address,address,uint256)", [alice, safe, 2n]),
      ),
      block(
        exactly(bob, "set", [false, false, 0n], { on: "safe" }),
        exactly(alice, "safeTransferFrom(address,address,uint256)", [alice, safe, 2n]),
      ),
      block(exactly(alice, "safeTransferFrom(address,address,uint256)", [alice, collection, 2n])),
    ],
  },
  differences: [REENTRANCY, SILENT, SIZES],
};

const text = fc.string({ unit: "grapheme", maxLength: 30 });

export const erc721UriStorage: Subject = {
  name: "ERC721URIStorage",
  instances: [
    receiver,
    {
      label: "it",
      solidity: { file: "erc721.sol", contract: "Gallery" },
      weft: { file, contract: "Gallery" },
      ...common,
      args: ["https://weft.test/"],
      absent: { ...common.absent, "event BatchMetadataUpdate(uint256,uint256)": "the original declares it and never emits it" },
    },
  ],
  calls: [
    call({ function: "transferFrom", pick: move, args: moved, weight: 8 }),
    call({ function: "approve", pick: fc.tuple(anyone, id), weight: 2 }),
    call({ function: "setApprovalForAll", pick: fc.tuple(anyone, fc.boolean()), weight: 3 }),
    call({ function: "mint", pick: fc.tuple(who, id, text), weight: 4 }),
    call({ function: "burn", pick: id, weight: 2 }),
    call({ function: "setTokenURI", pick: fc.tuple(id, text), weight: 3 }),
    call({ function: "tokenURI", pick: id, weight: 3 }),
    call({ function: "lock", pick: fc.tuple(id, fc.boolean()) }),
  ],
  views: [...views, { function: "tokenURI", args: () => ids.map((each) => [each]) }],
  constructions: [[""], ["base"]],
  directed: {
    "texts of tokens, with and without one of their own": [
      block(exactly(alice, "mint", [alice, MAX, ""]), exactly(alice, "tokenURI", [MAX])),
      block({ ...exactly(alice, "setTokenURI", [2n, "x"]), damage: { kind: "ones", word: 3 } }),
    ],
    "texts of their own": [
      block(
        exactly(alice, "mint", [alice, MAX, ""]),
        exactly(alice, "setTokenURI", [MAX, "own"]),
        exactly(alice, "tokenURI", [MAX]),
        exactly(alice, "burn", [MAX]),
      ),
    ],
  },
  differences: [
    UTF8,
    {
      what: "The base of URIs is `baseURI`, a state that the contract sets.",
      why: "In Solidity it is a function that is overridden.",
    },
  ],
};

export const erc721Enumerable: Subject = {
  name: "ERC721Enumerable",
  instances: [
    receiver,
    {
      label: "it",
      solidity: { file: "erc721.sol", contract: "Catalogue" },
      weft: { file, contract: "Catalogue" },
      ...common,
      absent: {
        ...common.absent,
        "tokenURI(uint256)": "the contract uses no mixin for URIs",
        "error ERC721EnumerableForbiddenBatchMint()": "there are no mints of many tokens at once",
      },
      added: {
        "placeInAll(uint256)": "state has getters; where a token stands in the lists",
        "placeOfOwner(uint256)": "state has getters; where a token stands in the lists",
      },
    },
  ],
  setUp: [exactly(alice, "mint", [alice]), exactly(alice, "mint", [alice]), exactly(alice, "mint", [bob]), exactly(alice, "mint", [carol])],
  calls: [
    ...moves,
    call({ function: "mint", pick: taker, weight: 4 }),
    call({ function: "mintNumber", pick: fc.tuple(who, id), weight: 2 }),
    call({ function: "burn", pick: id, weight: 4 }),
    call({ function: "tokenByIndex", pick: id }),
    call({ function: "tokenOfOwnerByIndex", pick: fc.tuple(anyone, id) }),
  ],
  views: [
    ...views,
    { function: "totalSupply", args: () => [[]] },
    { function: "tokenByIndex", args: () => ids.map((each) => [each]) },
    { function: "tokenOfOwnerByIndex", args: () => everyone.flatMap((owner) => ids.map((each) => [owner, each])) },
  ],
  directed: {
    "receivers that refuse": [
      block(exactly(bob, "set", [false, true, 0n], { on: "safe" })),
      block(exactly(alice, "safeTransferFrom(address,address,uint256)", [alice, safe, 0n])),
      block(exactly(alice, "safeTransferFrom(address,address,uint256)", [alice, collection, 0n])),
    ],
  },
  differences: [SILENT, REENTRANCY],
};
