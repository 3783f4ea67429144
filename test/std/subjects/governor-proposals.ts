/** What is proposed to the governor that is compared, and which of it a call made by chance is about. */
import fc from "fast-check";
import { encodeAbiParameters, encodeFunctionData, keccak256, parseAbi, parseAbiParameters, stringToHex, toHex } from "viem";
import type { Hex } from "viem";
import { bob, carol, dave, instanceAt } from "../harness/subject.ts";
import type { See } from "../harness/subject.ts";

export const SHARES = instanceAt(0);
export const TIMELOCK = instanceAt(1);
export const BOX = instanceAt(2);
export const GOVERNOR = instanceAt(3);
export const [PROPOSER, CANCELLER, EXECUTOR] = ["PROPOSER_ROLE", "CANCELLER_ROLE", "EXECUTOR_ROLE"].map((name) =>
  keccak256(stringToHex(name)),
);

export const abi = parseAbi([
  "function set(uint256)",
  "function setVotingDelay(uint48)",
  "function setVotingPeriod(uint32)",
  "function setProposalThreshold(uint256)",
  "function updateQuorumNumerator(uint256)",
  "function updateTimelock(address)",
  "function updateDelay(uint256)",
  "function relay(address, uint256, bytes)",
]);

export interface Proposal {
  readonly targets: readonly Hex[];
  readonly values: readonly bigint[];
  readonly calldatas: readonly Hex[];
  readonly description: string;
}

function proposal(description: string, ...calls: readonly (readonly [Hex, bigint, Hex])[]): Proposal {
  return {
    targets: calls.map(([target]) => target),
    values: calls.map(([, value]) => value),
    calldatas: calls.map(([, , data]) => data),
    description,
  };
}

function onBox(n: bigint): Hex {
  return encodeFunctionData({ abi, functionName: "set", args: [n] });
}

const relayed = encodeFunctionData({ abi, functionName: "relay", args: [BOX, 0n, onBox(12n)] });
const period = (blocks: number): Hex => encodeFunctionData({ abi, functionName: "setVotingPeriod", args: [blocks] });

/** One of each kind, for the directed sequences. */
export const kinds: readonly Proposal[] = [
  proposal("set it", [BOX, 0n, onBox(2n)]),
  proposal("set it, and pay", [BOX, 2n, onBox(4n)], [dave, 1n, "0x"]),
  proposal("longer", [GOVERNOR, 0n, period(7)]),
  proposal(
    "all settings",
    [GOVERNOR, 0n, encodeFunctionData({ abi, functionName: "setVotingDelay", args: [1] })],
    [GOVERNOR, 0n, encodeFunctionData({ abi, functionName: "setProposalThreshold", args: [20n] })],
  ),
  proposal("quorum", [GOVERNOR, 0n, encodeFunctionData({ abi, functionName: "updateQuorumNumerator", args: [60n] })]),
  proposal("no quorum", [GOVERNOR, 0n, encodeFunctionData({ abi, functionName: "updateQuorumNumerator", args: [101n] })]),
  proposal("never", [GOVERNOR, 0n, period(0)]),
  proposal(
    "through the governor",
    [GOVERNOR, 0n, relayed],
    [TIMELOCK, 0n, encodeFunctionData({ abi, functionName: "updateDelay", args: [3n] })],
  ),
  proposal("refused", [BOX, 0n, onBox(3n)]),
  proposal(`only bob #proposer=${bob}`, [bob, 0n, "0x"]),
  proposal(`nobody #proposer=${bob.slice(0, -1)}g`, [bob, 0n, "0x"]),
  proposal(`#proposer=0x${carol.slice(2).toUpperCase()}`, [carol, 0n, "0x"]),
  proposal("nothing"),
  { targets: [BOX], values: [], calldatas: ["0x"], description: "lengths" },
];

/** Nothing can be proposed twice, so a long sequence needs the same again under other names. */
export const proposals: readonly Proposal[] = [
  ...kinds,
  ...[2, 3].flatMap((turn) => kinds.slice(0, 5).map((each) => ({ ...each, description: `${each.description} (${turn})` }))),
];

/** The last parameters of `queue`, `execute` and `cancel`. */
export function parts({ targets, values, calldatas, description }: Proposal): readonly unknown[] {
  return [targets, values, calldatas, keccak256(stringToHex(description))];
}

/** Hashes of their calls, as the original computes them. */
export const ids = proposals.map(({ targets, values, calldatas, description }) =>
  BigInt(
    keccak256(
      encodeAbiParameters(parseAbiParameters("address[], uint256[], bytes[], bytes32"), [
        targets,
        values,
        calldatas,
        keccak256(stringToHex(description)),
      ]),
    ),
  ),
);

export async function idOf(which: Proposal, see: See): Promise<bigint> {
  const id = await see.view("it", "hashProposal", parts(which));
  return typeof id === "bigint" ? id : 0n;
}

/** Its id on the timelock. */
export async function operationOf(which: Proposal, see: See): Promise<unknown> {
  const [targets, values, calldatas, hash] = parts(which);
  const salt = toHex((BigInt(GOVERNOR) << 96n) ^ BigInt(String(hash)), { size: 32 });
  return see.view("timelock", "hashOperationBatch", [targets, values, calldatas, `0x${"0".repeat(64)}`, salt]);
}

/** `ProposalState` of the original. */
const [PENDING, ACTIVE, SUCCEEDED, QUEUED] = [0, 1, 4, 5];

type Stage = "new" | "voted on" | "to queue" | "to execute" | "done";

/** A choice by chance: mostly of a proposal that is ready for the call, the nth one and those after it are asked. */
export const choice = fc.record({ nth: fc.nat(proposals.length - 1), any: fc.nat(5) });

export async function chosen({ nth, any }: { readonly nth: number; readonly any: number }, wanted: Stage, see: See): Promise<Proposal> {
  if (any === 0) return proposals[nth];
  const stages = await (known.get(see) ?? look(see));
  const found = [...proposals.keys()].map((i) => (i + nth) % proposals.length).find((i) => stages[i] === wanted);
  return proposals[found ?? nth];
}

/** All calls of a block see the same state. */
const known = new WeakMap<See, Promise<readonly Stage[]>>();

function look(see: See): Promise<readonly Stage[]> {
  const stages = Promise.all(ids.map((id) => stageOf(id, see)));
  known.set(see, stages);
  return stages;
}

async function stageOf(id: bigint, see: See): Promise<Stage> {
  const snapshot = await see.view("it", "proposalSnapshot", [id]);
  if (snapshot === 0n) return "new";
  switch (await see.view("it", "state", [id])) {
    case PENDING:
    case ACTIVE:
      return "voted on";
    case SUCCEEDED:
      return "to queue";
    case QUEUED: {
      const eta = await see.view("it", "proposalEta", [id]);
      return typeof eta === "bigint" && eta <= see.time ? "to execute" : "done";
    }
    default:
      return "done";
  }
}
