import fc from "fast-check";
import type { Hex } from "viem";
import { keccak256, stringToBytes } from "viem";
import { signTyped } from "../harness/sign.ts";
import type { Signature } from "../harness/sign.ts";
import {
  alice,
  amount,
  anyone,
  block,
  bob,
  call,
  carol,
  CHAIN_ID,
  dave,
  exactly,
  instanceAt,
  MAX,
  people,
  PEOPLE,
  who,
  ZERO,
} from "../harness/subject.ts";
import type { CallSpec, Difference, Instance, See, Subject, ViewSpec } from "../harness/subject.ts";

function instance(contract: string, args: readonly unknown[]): Instance {
  return {
    label: "it",
    solidity: { file: "erc20.sol", contract },
    weft: { file: "test/std/contracts/erc20.weft", contract },
    args,
  };
}

const token = instanceAt(0);
const nothing = fc.constant<readonly unknown[]>([]);
const everybody: readonly Hex[] = [...people, ZERO, token];

const moves: readonly CallSpec[] = [
  call({ function: "transfer", pick: fc.tuple(anyone, amount), weight: 6 }),
  call({ function: "approve", pick: fc.tuple(anyone, fc.oneof({ weight: 3, arbitrary: amount }, fc.constant(MAX))), weight: 4 }),
  call({ function: "transferFrom", pick: fc.tuple(anyone, anyone, amount), weight: 3 }),
  // By those who mostly may.
  call({ function: "transferFrom", pick: fc.tuple(fc.constant(alice), anyone, amount), from: fc.constant(bob), weight: 2 }),
  call({ function: "transferFrom", pick: fc.tuple(fc.constant(bob), anyone, fc.bigInt(0n, 200n)), from: fc.constant(carol), weight: 2 }),
];
const burns: readonly CallSpec[] = [
  call({ function: "burn", pick: amount, weight: 2 }),
  call({ function: "burnFrom", pick: fc.tuple(anyone, amount), weight: 2 }),
  call({ function: "burnFrom", pick: fc.tuple(fc.constant(alice), fc.bigInt(0n, 50n)), from: fc.constantFrom(bob, dave), weight: 1 }),
];
const mint = call({ function: "mint", pick: fc.tuple(anyone, amount), weight: 4 });

const ledger: readonly ViewSpec[] = [
  { function: "name", args: () => [[]] },
  { function: "symbol", args: () => [[]] },
  { function: "decimals", args: () => [[]] },
  { function: "totalSupply", args: () => [[]] },
  { function: "balanceOf", args: () => everybody.map((one) => [one]) },
  { function: "allowance", args: () => everybody.flatMap((owner) => everybody.map((spender) => [owner, spender])) },
];

/** Everybody has something, and some may spend what others have. */
const wealth = [
  ...people.map((one) => exactly(alice, "mint", [one, 1_000n])),
  exactly(alice, "approve", [bob, MAX]),
  exactly(bob, "approve", [carol, 500n]),
  exactly(carol, "approve", [alice, 50n]),
];

// --- signatures ---

type Person = (typeof PEOPLE)[number];

interface Spoilt {
  readonly how: "good" | "high s" | "wrong v" | "other signer" | "zero r";
}

const spoilt: fc.Arbitrary<Spoilt["how"]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant("good" as const) },
  fc.constantFrom("high s" as const, "wrong v" as const, "other signer" as const, "zero r" as const),
);

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The other one of the two signatures that say the same, and ways to be wrong. */
function spoil(signature: Signature, how: Spoilt["how"]): Signature {
  switch (how) {
    case "good":
    case "other signer":
      return signature;
    case "high s":
      return { ...signature, v: 55 - signature.v, s: word(ORDER - BigInt(signature.s)) };
    case "wrong v":
      return { ...signature, v: signature.v - 27 };
    case "zero r":
      return { ...signature, r: word(0n) };
  }
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

function domain(name: string): { name: string; version: string; chainId: bigint; verifyingContract: Hex } {
  return { name, version: "1", chainId: CHAIN_ID, verifyingContract: token };
}

const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

const DELEGATION = {
  Delegation: [
    { name: "delegatee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
} as const;

async function nonceOf(see: See, owner: Hex): Promise<bigint> {
  const nonce = await see.view("it", "nonces", [owner]);
  return typeof nonce === "bigint" ? nonce : 0n;
}

const until = fc.oneof({ weight: 8, arbitrary: fc.constant(MAX) }, fc.constantFrom(0n, 1_700_000_000n, 1_700_000_100n));
const person = fc.constantFrom(...PEOPLE);

function other(name: Person): Person {
  return name === "alice" ? "bob" : "alice";
}

function addressOf(name: Person): Hex {
  return people[PEOPLE.indexOf(name)];
}

function permit(tokenName: string): CallSpec {
  return call({
    function: "permit",
    weight: 3,
    pick: fc.record({
      owner: person,
      spender: anyone,
      value: amount,
      deadline: until,
      how: spoilt,
      replayed: fc.constantFrom(0n, 0n, 0n, 1n),
    }),
    args: async ({ owner, spender, value, deadline, how, replayed }, see) => {
      const nonce = await nonceOf(see, addressOf(owner));
      const message = { owner: addressOf(owner), spender, value, nonce: nonce < replayed ? nonce : nonce - replayed, deadline };
      const signer = how === "other signer" ? other(owner) : owner;
      const { v, r, s } = spoil(signTyped(signer, { domain: domain(tokenName), types: PERMIT, primaryType: "Permit", message }), how);
      return [addressOf(owner), spender, value, deadline, v, r, s];
    },
  });
}

const delegateBySig = call({
  function: "delegateBySig",
  weight: 3,
  pick: fc.record({ signer: person, delegatee: anyone, expiry: until, how: spoilt, ahead: fc.constantFrom(0n, 0n, 0n, 1n) }),
  args: async ({ signer, delegatee, expiry, how, ahead }, see) => {
    const nonce = (await nonceOf(see, addressOf(signer))) + ahead;
    const message = { delegatee, nonce, expiry };
    const { v, r, s } = spoil(signTyped(signer, { domain: domain("Votes"), types: DELEGATION, primaryType: "Delegation", message }), how);
    return [delegatee, nonce, expiry, v, r, s];
  },
});

const signed: readonly ViewSpec[] = [
  { function: "nonces", args: () => people.map((one) => [one]) },
  { function: "DOMAIN_SEPARATOR", args: () => [[]] },
];

/** Errors and events of a domain of signatures, and of votes: what happens in neither, or can't happen in Weft. */
export const NO_DOMAIN_MESSAGES = {
  "error InvalidShortString()": "can't happen in either",
  "error StringTooLong(string)": "can't happen in either",
  "event EIP712DomainChanged()": "happens in neither",
};
export const HISTORIES = "histories are kept by the runtime";
export const NO_VOTES_MESSAGES = {
  ...NO_DOMAIN_MESSAGES,
  "error ECDSAInvalidSignatureLength(uint256)": "signatures have fixed parts there",
  "error CheckpointUnorderedInsertion()": HISTORIES,
  "error ERC6372InconsistentClock()": HISTORIES,
  "error SafeCastOverflowedUintDowncast(uint8,uint256)": "the cap of the supply comes first",
  "error ERC5805FutureLookup(uint256,uint48)": "its second argument is a `uint64`",
};
export const VOTES_MESSAGES = { "error ERC5805FutureLookup(uint256,uint64)": "in place of the one with a `uint48`" };

const NO_DOMAIN = {
  ...NO_DOMAIN_MESSAGES,
  "error ECDSAInvalidSignatureLength(uint256)": "signatures have fixed parts there",
  "eip712Domain()": "its first result is a `bytes1`, which Weft doesn't have; `DOMAIN_SEPARATOR()` is there",
};

const shortNames: Difference = {
  what: "`name` has at most 64 bytes and `symbol` at most 32; a longer one fails at deployment",
  why: "strings in Weft state have a bound, so that the cost of a call has one",
};

// --- subjects ---

export const erc20: Subject = {
  name: "Erc20, Erc20Burnable, Erc20Permit",
  instances: [{ ...instance("PlainToken", ["Gold", "GLD"]), absent: NO_DOMAIN }],
  setUp: wealth,
  calls: [...moves, ...burns, mint, permit("Gold")],
  views: [...ledger, ...signed],
  constructions: [
    ["", ""],
    ["ein längerer Name", "€"],
  ],
  directed: {
    "an allowance without end isn't used up, one below is": [
      block(exactly(alice, "approve", [bob, MAX]), exactly(carol, "approve", [bob, MAX - 1n])),
      block(exactly(bob, "transferFrom", [alice, bob, 5n]), exactly(bob, "transferFrom", [carol, bob, 5n])),
    ],
    "the supply can't overflow": [
      block(exactly(alice, "mint", [alice, MAX])),
      block(exactly(alice, "mint", [alice, MAX - 4_000n])),
      block(exactly(alice, "mint", [bob, 1n])),
    ],
    "nobody's tokens": [
      block(
        exactly(alice, "transferFrom", [ZERO, bob, 0n]),
        exactly(alice, "burnFrom", [ZERO, 0n]),
        exactly(alice, "transferFrom", [ZERO, ZERO, 1n]),
      ),
    ],
    "what was received in a block is sent on in it": [
      block(
        exactly(alice, "transfer", [bob, 1_000n]),
        exactly(bob, "transfer", [carol, 2_000n]),
        exactly(carol, "transfer", [dave, 3_000n]),
        exactly(alice, "transfer", [bob, 1n]),
      ),
    ],
    "to oneself": [block(exactly(alice, "transfer", [alice, 1_000n]), exactly(alice, "transfer", [alice, 1_001n]))],
  },
  differences: [shortNames],
};

const CAP = 10n ** 6n;

export const erc20Guarded: Subject = {
  name: "Erc20Capped and Pausable",
  instances: [instance("GuardedToken", [CAP, alice])],
  setUp: wealth,
  calls: [
    ...moves,
    ...burns,
    call({
      function: "mint",
      pick: fc.tuple(anyone, fc.oneof(amount, fc.bigInt(0n, CAP))),
      from: fc.oneof({ weight: 3, arbitrary: fc.constant(alice) }, who),
      weight: 5,
    }),
    call({ function: "pause", pick: nothing, from: fc.constant(alice) }),
    call({ function: "unpause", pick: nothing, from: fc.constant(alice), weight: 2 }),
    call({ function: "transferOwnership", pick: fc.constantFrom(alice, bob), from: fc.constantFrom(alice, bob) }),
    call({ function: "acceptOwnership", pick: nothing, from: fc.constantFrom(alice, bob), weight: 2 }),
  ],
  views: [
    ...ledger,
    { function: "cap", args: () => [[]] },
    { function: "paused", args: () => [[]] },
    { function: "owner", args: () => [[]] },
  ],
  constructions: [
    [0n, alice],
    [1n, ZERO],
    [0n, ZERO],
    [MAX, bob],
  ],
  directed: {
    "the cap is reached, and not passed": [
      block(exactly(alice, "mint", [bob, CAP - 4_001n])),
      block(exactly(alice, "mint", [bob, 2n]), exactly(alice, "mint", [bob, 1n]), exactly(alice, "mint", [bob, 1n])),
      block(exactly(alice, "burn", [1n]), exactly(alice, "mint", [ZERO, MAX]), exactly(alice, "mint", [bob, 1n])),
    ],
    "checks come in the same order": [
      block(exactly(alice, "pause", [])),
      block(
        exactly(alice, "mint", [ZERO, CAP]),
        exactly(alice, "mint", [bob, CAP]),
        exactly(alice, "transfer", [ZERO, 5_000n]),
        exactly(alice, "transfer", [bob, 5_000n]),
        exactly(alice, "transferFrom", [bob, carol, 5_000n]),
        exactly(alice, "burn", [5_000n]),
        exactly(bob, "mint", [ZERO, CAP]),
      ),
    ],
  },
  differences: [],
};

const MINTER = keccak256(stringToBytes("MINTER"));
const roles: readonly Hex[] = [MINTER, keccak256(stringToBytes("MINTER_ADMIN")), word(0n), word(1n)];
const role = fc.constantFrom(...roles);

export const accessControl: Subject = {
  name: "AccessControl",
  instances: [
    {
      ...instance("RoleToken", [alice]),
      absent: { "supportsInterface(bytes4)": "Weft has no `bytes4`" },
    },
  ],
  setUp: [exactly(alice, "grantRole", [roles[1], alice])],
  calls: [
    call({ function: "grantRole", pick: fc.tuple(role, who), from: fc.constantFrom(alice, alice, bob, carol), weight: 6 }),
    call({ function: "revokeRole", pick: fc.tuple(role, who), from: fc.constantFrom(alice, bob, carol), weight: 2 }),
    call({ function: "renounceRole", pick: fc.tuple(role, who), weight: 2 }),
    call({ function: "mint", pick: fc.tuple(anyone, fc.bigInt(0n, 100n)), weight: 4 }),
    call({ function: "moveAdmin", pick: fc.tuple(role, role), from: fc.constantFrom(alice, alice, bob), weight: 1 }),
  ],
  views: [
    { function: "hasRole", args: () => roles.flatMap((one) => people.map((person_) => [one, person_])) },
    { function: "getRoleAdmin", args: () => roles.map((one) => [one]) },
    { function: "DEFAULT_ADMIN_ROLE", args: () => [[]] },
    { function: "balanceOf", args: () => people.map((one) => [one]) },
  ],
  differences: [],
};

export const erc20Votes: Subject = {
  name: "Erc20Votes",
  instances: [
    {
      ...instance("VotesToken", []),
      absent: {
        ...NO_DOMAIN,
        ...NO_VOTES_MESSAGES,
        "clock()": "gives a `uint48` there",
        "numCheckpoints(address)": "positions of checkpoints would be a counter that every call moves",
        "checkpoints(address,uint32)": "the same; `getPastVotes` asks by block",
      },
      added: {
        ...VOTES_MESSAGES,
        "clock()": "gives a `uint64`",
        "votes(address)": "the getter behind `getVotes`",
        "votingSupply()": "the getter behind `getPastTotalSupply`",
        "votingUnits(address)": "what `Votes` counts",
      },
    },
  ],
  setUp: wealth,
  calls: [
    ...moves,
    ...burns,
    mint,
    call({ function: "delegate", pick: anyone, weight: 6 }),
    delegateBySig,
    permit("Votes"),
    call({
      function: "getPastVotes",
      pick: fc.record({ account: who, back: fc.bigInt(-1n, 12n) }),
      args: ({ account, back }, see) => [account, see.height < back ? 0n : see.height - back],
      weight: 3,
    }),
    call({
      function: "getPastTotalSupply",
      pick: fc.bigInt(-1n, 12n),
      args: (back, see) => [see.height < back ? 0n : see.height - back],
      weight: 2,
    }),
  ],
  views: [
    ...ledger,
    ...signed,
    { function: "CLOCK_MODE", args: () => [[]] },
    { function: "delegates", args: () => everybody.map((one) => [one]) },
    { function: "getVotes", args: () => everybody.map((one) => [one]) },
    {
      function: "getPastVotes",
      args: (see) => Array.from({ length: Number(see.height) }, (_, height) => people.map((one) => [one, BigInt(height)])).flat(),
    },
    { function: "getPastTotalSupply", args: (see) => Array.from({ length: Number(see.height) }, (_, height) => [BigInt(height)]) },
  ],
  directed: {
    "there are never more than 2^208 - 1": [
      block(exactly(alice, "mint", [alice, 2n ** 208n - 4_001n])),
      block(exactly(alice, "mint", [bob, 1n])),
      block(exactly(alice, "mint", [bob, MAX])),
    ],
    "a time that hasn't come": [block(exactly(alice, "getPastVotes", [alice, MAX]), exactly(alice, "getPastTotalSupply", [2n ** 64n]))],
  },
  differences: [
    {
      what: "`ERC5805FutureLookup` and `clock` have a `uint64` in place of a `uint48`, so the error has another selector",
      why: "Weft has integers of 8, 16, 32, 64, 128 and 256 bits",
      matches: ({ solidityError, weftError }) => solidityError === "ERC5805FutureLookup" && weftError === "ERC5805FutureLookup",
    },
    {
      what: "there are no `numCheckpoints` and `checkpoints`",
      why: "the position of a checkpoint is a counter that every transfer to or from the delegate's voters would have to read before it knows what it writes; the votes themselves are a `history`",
    },
  ],
};
