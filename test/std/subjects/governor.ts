import fc from "fast-check";
import { concat, encodeFunctionData, toHex } from "viem";
import type { Hex } from "viem";
import { alice, block, bob, call, carol, CHAIN_ID, dave, DEPLOYER, exactly, MAX, people, PEOPLE, ZERO } from "../harness/subject.ts";
import type { Block, Planned, See, Subject } from "../harness/subject.ts";
import { signTyped } from "../harness/sign.ts";
import {
  abi,
  BOX,
  CANCELLER,
  choice,
  chosen,
  EXECUTOR,
  GOVERNOR,
  idOf,
  ids,
  kinds,
  operationOf,
  parts,
  PROPOSER,
  SHARES,
  TIMELOCK,
} from "./governor-proposals.ts";
import { HISTORIES, NO_DOMAIN_MESSAGES, NO_VOTES_MESSAGES, VOTES_MESSAGES } from "./erc20.ts";
import type { Proposal } from "./governor-proposals.ts";

async function voted(pick: typeof choice extends fc.Arbitrary<infer T> ? T : never, see: See): Promise<bigint> {
  return idOf(await chosen(pick, "voted on", see), see);
}

const support = fc.constantFrom(0, 1, 1, 1, 1, 2, 3, 255);
const reason = fc.constantFrom("", "because", "ö".repeat(20));
const params = fc.constantFrom<Hex>("0x", "0x01", `0x${"ab".repeat(40)}`);
const voter = fc.nat(3);
const harm = fc.constantFrom<"none" | "short" | "other" | "high">("none", "none", "none", "none", "none", "none", "short", "other", "high");

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const domain = { name: "Guild", version: "1", chainId: CHAIN_ID, verifyingContract: GOVERNOR } as const;

function packed({ v, r, s }: { readonly v: number; readonly r: Hex; readonly s: Hex }, how: "none" | "short" | "other" | "high"): Hex {
  if (how === "short") return concat([r, s]);
  if (how === "other") return concat([r, r, toHex(v, { size: 1 })]);
  if (how === "high") return concat([r, toHex(ORDER - BigInt(s), { size: 32 }), toHex(v === 27 ? 28 : 27, { size: 1 })]);
  return concat([r, s, toHex(v, { size: 1 })]);
}

async function nonceOf(account: Hex, see: See): Promise<bigint> {
  const nonce = await see.view("it", "nonces", [account]);
  return typeof nonce === "bigint" ? nonce : 0n;
}

function propose(from: Hex, { targets, values, calldatas, description }: Proposal): Planned {
  return exactly(from, "propose", [targets, values, calldatas, description]);
}

function voteFor(from: Hex, which: Proposal): Planned {
  return { ...exactly(from, "castVote", []), args: async (see) => [await idOf(which, see), 1], picked: which.description };
}

function whole(which: Proposal, value = 0n): readonly Block[] {
  return [
    block(propose(alice, which)),
    { seconds: 1, empty: 1, calls: [voteFor(alice, which), voteFor(bob, which), voteFor(carol, which), voteFor(dave, which)] },
    { seconds: 1, empty: 8, calls: [exactly(bob, "queue", parts(which)), exactly(bob, "execute", parts(which), { value })] },
    { seconds: 9, empty: 0, calls: [exactly(bob, "execute", parts(which), { value })] },
    { seconds: 1, empty: 0, calls: [exactly(bob, "execute", parts(which), { value }), exactly(bob, "execute", parts(which), { value })] },
  ];
}

const BIT_48 = "uint48 and uint32 aren't types of Weft: uint64 and uint32 are used, and only proposals call it";
const NO_SELECTOR = "bytes4 isn't a type of Weft, and tokens are refused anyway";
const DECLARED = "can't happen in either";
const contracts = { solidity: "governor.sol", weft: "test/std/contracts/governor.weft" };
const seconds = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) }, fc.integer({ min: 0, max: 40 }));

export const governor: Subject = {
  name: "Governor",
  instances: [
    {
      label: "shares",
      solidity: { file: contracts.solidity, contract: "Shares" },
      weft: { file: contracts.weft, contract: "Shares" },
      absent: {
        "clock()": "uint48 isn't a type of Weft: uint64",
        "checkpoints(address,uint32)": HISTORIES,
        "numCheckpoints(address)": HISTORIES,
        ...NO_VOTES_MESSAGES,
        "eip712Domain()": "bytes1 isn't a type of Weft",
      },
      added: {
        "clock()": "as uint64",
        ...VOTES_MESSAGES,
        "DOMAIN_SEPARATOR()": "in place of eip712Domain",
        "votes(address)": "a getter",
        "votingSupply()": "a getter",
        "votingUnits(address)": "a getter",
      },
    },
    {
      label: "timelock",
      solidity: { file: contracts.solidity, contract: "Timelock" },
      weft: { file: "std/presets/timelock-controller.weft", contract: "TimelockController" },
      args: [10n, [GOVERNOR], [ZERO], alice],
      absent: {
        "supportsInterface(bytes4)": "see TimelockController",
        "onERC721Received(address,address,uint256,bytes)": "see TimelockController",
        "onERC1155Received(address,address,uint256,uint256,bytes)": "see TimelockController",
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": "see TimelockController",
      },
      added: {
        "deposit()": "see TimelockController",
        "onERC721Received(address,address,uint256,bytes)": "see TimelockController",
        "onERC1155Received(address,address,uint256,uint256,bytes)": "see TimelockController",
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": "see TimelockController",
      },
    },
    { label: "box", solidity: { file: contracts.solidity, contract: "Box" }, weft: { file: contracts.weft, contract: "Box" } },
    {
      label: "it",
      solidity: { file: contracts.solidity, contract: "TimelockGovernor" },
      weft: { file: "std/presets/timelock-governor.weft", contract: "TimelockGovernor" },
      args: ["Guild", SHARES, TIMELOCK, 0n, 5n, 5n, 30n],
      renamed: { "quorumNumerator(uint256)": "quorumNumeratorAt" },
      absent: {
        "clock()": "uint48 isn't a type of Weft: uint64",
        "error GovernorAlreadyQueuedProposal(uint256)": DECLARED,
        "error GovernorInvalidVoteParams()": DECLARED,
        "error GovernorProposalQueueingFailed(uint256)": DECLARED,
        "error GovernorProposalQueueingNotRequired(uint256)": "every proposal is queued on the timelock",
        "error CheckpointUnorderedInsertion()": HISTORIES,
        "error ERC6372InconsistentClock()": HISTORIES,
        ...NO_DOMAIN_MESSAGES,
        "setVotingDelay(uint48)": BIT_48,
        "supportsInterface(bytes4)": NO_SELECTOR,
        "onERC721Received(address,address,uint256,bytes)": NO_SELECTOR,
        "onERC1155Received(address,address,uint256,uint256,bytes)": NO_SELECTOR,
        "onERC1155BatchReceived(address,address,uint256[],uint256[],bytes)": NO_SELECTOR,
        "eip712Domain()": "bytes1 isn't a type of Weft",
      },
      added: {
        "clock()": "as uint64",
        "setVotingDelay(uint64)": BIT_48,
        "DOMAIN_SEPARATOR()": "in place of eip712Domain",
        "proposals(uint256)": "a getter",
        "timelockIds(uint256)": "a getter",
      },
    },
  ],
  setUp: [
    exactly(alice, "mint", [alice, 50n], { on: "shares" }),
    exactly(alice, "mint", [bob, 40n], { on: "shares" }),
    exactly(alice, "mint", [carol, 30n], { on: "shares" }),
    exactly(alice, "delegate", [alice], { on: "shares" }),
    exactly(bob, "delegate", [bob], { on: "shares" }),
    exactly(carol, "delegate", [alice], { on: "shares" }),
  ],
  calls: [
    call({
      function: "propose",
      pick: choice,
      args: async (pick, see) => {
        const { targets, values, calldatas, description } = await chosen(pick, "new", see);
        return [targets, values, calldatas, description];
      },
      weight: 14,
    }),
    call({
      function: "castVote",
      pick: fc.tuple(choice, support),
      args: async ([pick, side], see) => [await voted(pick, see), side],
      weight: 12,
    }),
    call({
      function: "castVoteWithReason",
      pick: fc.tuple(choice, support, reason),
      args: async ([pick, ...rest], see) => [await voted(pick, see), ...rest],
      weight: 2,
    }),
    call({
      function: "castVoteWithReasonAndParams",
      pick: fc.tuple(choice, support, reason, params),
      args: async ([pick, ...rest], see) => [await voted(pick, see), ...rest],
      weight: 2,
    }),
    call({
      function: "castVoteBySig",
      pick: fc.record({ which: choice, side: support, by: voter, how: harm }),
      args: async ({ which, side, by, how }, see) => {
        const proposalId = await voted(which, see);
        const message = { proposalId, support: side, voter: people[by], nonce: await nonceOf(people[by], see) };
        const types = {
          Ballot: [
            { name: "proposalId", type: "uint256" },
            { name: "support", type: "uint8" },
            { name: "voter", type: "address" },
            { name: "nonce", type: "uint256" },
          ],
        };
        return [proposalId, side, people[by], packed(signTyped(PEOPLE[by], { domain, types, primaryType: "Ballot", message }), how)];
      },
      weight: 4,
    }),
    call({
      function: "castVoteWithReasonAndParamsBySig",
      pick: fc.record({ which: choice, side: support, by: voter, how: harm, why: reason, more: params }),
      args: async ({ which, side, by, how, why, more }, see) => {
        const proposalId = await voted(which, see);
        const message = { proposalId, support: side, voter: people[by], nonce: await nonceOf(people[by], see), reason: why, params: more };
        const types = {
          ExtendedBallot: [
            { name: "proposalId", type: "uint256" },
            { name: "support", type: "uint8" },
            { name: "voter", type: "address" },
            { name: "nonce", type: "uint256" },
            { name: "reason", type: "string" },
            { name: "params", type: "bytes" },
          ],
        };
        const signature = signTyped(PEOPLE[by], { domain, types, primaryType: "ExtendedBallot", message });
        return [proposalId, side, people[by], why, more, packed(signature, how)];
      },
      weight: 4,
    }),
    call({ function: "queue", pick: choice, args: async (pick, see) => parts(await chosen(pick, "to queue", see)), weight: 8 }),
    call({
      function: "execute",
      pick: choice,
      args: async (pick, see) => parts(await chosen(pick, "to execute", see)),
      value: fc.constantFrom(0n, 0n, 3n),
      weight: 8,
    }),
    call({ function: "cancel", pick: choice, args: async (pick, see) => parts(await chosen(pick, "voted on", see)) }),
    call({ function: "setProposalThreshold", pick: fc.constantFrom(0n, MAX), succeeds: false }),
    call({ function: "updateQuorumNumerator", pick: fc.constantFrom(0n, 200n), succeeds: false }),
    call({ function: "relay", pick: fc.constant([BOX, 0n, "0x"]), succeeds: false }),
    call({ on: "shares", function: "delegate", pick: fc.constantFrom(...people, ZERO), weight: 2 }),
    call({ on: "shares", function: "transfer", pick: fc.tuple(fc.constantFrom(...people), fc.bigInt(0n, 20n)), weight: 2 }),
    call({
      on: "timelock",
      function: "cancel",
      pick: choice,
      args: async (pick, see) => [await operationOf(await chosen(pick, "to execute", see), see)],
      from: fc.constantFrom(alice, bob),
      succeeds: false,
    }),
    call({
      on: "timelock",
      function: "grantRole",
      pick: fc.tuple(fc.constantFrom(CANCELLER), fc.constantFrom(alice, bob)),
      from: fc.constantFrom(alice, bob),
    }),
  ],
  views: [
    ...[
      "name",
      "version",
      "CLOCK_MODE",
      "COUNTING_MODE",
      "votingDelay",
      "votingPeriod",
      "proposalThreshold",
      "quorumNumerator()",
      "quorumDenominator",
    ].map((name) => ({ function: name, args: () => [[]] })),
    ...["token", "timelock", "BALLOT_TYPEHASH", "EXTENDED_BALLOT_TYPEHASH"].map((name) => ({ function: name, args: () => [[]] })),
    ...["state", "proposalSnapshot", "proposalDeadline", "proposalProposer", "proposalEta", "proposalVotes", "proposalNeedsQueuing"].map(
      (name) => ({
        function: name,
        args: () => [...ids.map((id) => [id]), [1n]],
      }),
    ),
    { function: "hasVoted", args: () => ids.flatMap((id) => people.map((one) => [id, one])) },
    { function: "quorum", args: (see) => [[0n], [see.height - 2n], [see.height], [MAX]] },
    { function: "quorumNumerator(uint256)", args: (see) => [[0n], [3n], [see.height - 2n], [see.height], [MAX]] },
    {
      function: "getVotes",
      args: (see) =>
        people.flatMap((one) => [
          [one, see.height - 2n],
          [one, see.height + 5n],
        ]),
    },
    { function: "nonces", args: () => people.map((one) => [one]) },
    { on: "box", function: "number", args: () => [[]] },
    { on: "box", function: "sender", args: () => [[]] },
    { on: "timelock", function: "getMinDelay", args: () => [[]] },
  ],
  constructions: [
    ["Guild", SHARES, TIMELOCK, 0n, 3n, 5n, 30n],
    ["Guild", SHARES, TIMELOCK, 0n, 0n, 5n, 30n],
    ["Guild", SHARES, TIMELOCK, 7n, 3n, 5n, 101n],
    ["", SHARES, ZERO, 7n, 3n, MAX, 100n],
  ],
  directed: {
    "a proposal that is taken back": [
      block(propose(alice, kinds[0]), exactly(bob, "cancel", parts(kinds[0])), exactly(alice, "cancel", parts(kinds[0]))),
      block(exactly(alice, "cancel", parts(kinds[0])), voteFor(alice, kinds[0]), propose(alice, kinds[0])),
    ],
    "a call, from proposal to execution": whole(kinds[0]),
    "calls with coin": whole(kinds[1], 3n),
    "a setting": whole(kinds[2]),
    "several settings": whole(kinds[3]),
    "a quorum, which then counts": [...whole(kinds[4]), ...whole(kinds[0])],
    "a quorum of too much": whole(kinds[5]),
    "a period of nothing": whole(kinds[6]),
    "calls through the governor and on the timelock": whole(kinds[7]),
    "a call that is refused": whole(kinds[8]),
    "an operation that the timelock forgets": [
      block(exactly(alice, "grantRole", [CANCELLER, bob], { on: "timelock" })),
      ...whole(kinds[0]).slice(0, 3),
      {
        seconds: 0,
        empty: 0,
        calls: [
          {
            ...exactly(bob, "cancel", [], { on: "timelock" }),
            args: async (see) => [await operationOf(kinds[0], see)],
          },
          exactly(bob, "execute", parts(kinds[0])),
        ],
      },
    ],
    "other governors than by proposals": [
      block(
        exactly(alice, "grantRole", [PROPOSER, alice], { on: "timelock" }),
        exactly(DEPLOYER, "grantRole", [EXECUTOR, alice], { on: "timelock" }),
      ),
      block(
        exactly(
          alice,
          "schedule",
          [GOVERNOR, 0n, encodeFunctionData({ abi, functionName: "setProposalThreshold", args: [1n] }), PROPOSER, PROPOSER, 10n],
          { on: "timelock" },
        ),
      ),
      block(
        exactly(
          alice,
          "schedule",
          [
            GOVERNOR,
            0n,
            encodeFunctionData({ abi, functionName: "setProposalThreshold", args: [1n] }),
            `0x${"0".repeat(64)}`,
            PROPOSER,
            10n,
          ],
          {
            on: "timelock",
          },
        ),
      ),
      {
        seconds: 10,
        empty: 0,
        calls: [
          exactly(
            bob,
            "execute",
            [GOVERNOR, 0n, encodeFunctionData({ abi, functionName: "setProposalThreshold", args: [1n] }), `0x${"0".repeat(64)}`, PROPOSER],
            {
              on: "timelock",
            },
          ),
        ],
      },
    ],
  },
  seconds,
  differences: [
    {
      what: "What a proposal does to the governor itself is done before its other calls, and only `setVotingDelay`, `setVotingPeriod`, `setProposalThreshold`, `updateQuorumNumerator`, `updateTimelock` and `relay` can be done, without coin; others fail with `FailedCall()`.",
      why: "The governor is active while the timelock runs its proposal, so the timelock can't call it: the governor does these by itself.",
      matches: ({ call: made, solidity, weft }) =>
        made.function === "execute" && solidity.success && weft.success && solidity.data === weft.data && sameSet(solidity.logs, weft.logs),
    },
    {
      what: "The second argument of `ERC5805FutureLookup` is a `uint64`, so its selector is another one.",
      why: "`uint48` isn't a type of Weft.",
      matches: ({ solidityError, weftError }) => solidityError === "ERC5805FutureLookup" && weftError === solidityError,
    },
    {
      what: "Votes of an account above 2^128 - 1 can't be cast.",
      why: "What the token answers isn't known before the call runs; its bound is what lets votes on one proposal run at the same time.",
    },
    {
      what: "Proposals have at most 10 calls of 4,096 bytes each; descriptions, reasons and parameters 4,096 bytes, signatures 1,024.",
      why: "All lists and texts have a greatest length in Weft, so that the cost of a call has a bound.",
    },
    {
      what: "The clock is the height of blocks, whatever the clock of the token.",
      why: "A call that fails can't be caught, and histories go by blocks.",
    },
    {
      what: "Coin sent to the governor isn't refused with `GovernorDisabledDeposit()`; tokens are, but without that error.",
      why: "`pay` runs no code of the receiver; `bytes4` isn't a type of Weft.",
    },
  ],
};

function sameSet(a: readonly unknown[], b: readonly unknown[]): boolean {
  const texts = (logs: readonly unknown[]): string =>
    logs
      .map((log) => JSON.stringify(log))
      .sort()
      .join();
  return texts(a) === texts(b);
}
