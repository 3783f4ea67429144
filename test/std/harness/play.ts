/** Plays a sequence of blocks on both sides and compares every outcome, and the state through all views at the end. */
import { decodeErrorResult, decodeFunctionResult, encodeAbiParameters, encodeFunctionData, toFunctionSignature } from "viem";
import type { Abi, AbiFunction, Hex } from "viem";
import { openEvm } from "./evm.ts";
import type { Evm, EvmCall, Moment } from "./evm.ts";
import { sameOutcome } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { solidityFile } from "./solidity.ts";
import type { Artefact } from "./solidity.ts";
import { CHAIN_ID, DEPLOYER, instanceAt, people, START, WEALTH } from "./subject.ts";
import type { Block, Difference, Instance, Mismatch, Planned, See, Subject } from "./subject.ts";
import { openWeft, weftFile, weftFileWith } from "./weft.ts";
import type { Mistake, Weft, WeftContract } from "./weft.ts";

export interface Side {
  readonly instance: Instance;
  readonly address: Hex;
  readonly solidity: Artefact;
  readonly weft: WeftContract;
}

/** What the sequences of a test have shown. */
export interface Tally {
  calls: number;
  /** Calls that waited for another one of their block. */
  waiting: number;
  /** By function: how many calls succeeded, and how many failed. */
  readonly functions: Map<string, { ok: number; failed: number }>;
  /** How often each error was seen. */
  readonly errors: Map<string, number>;
  readonly differences: Map<Difference, number>;
}

export function newTally(): Tally {
  return { calls: 0, waiting: 0, functions: new Map(), errors: new Map(), differences: new Map() };
}

export async function sidesOf(subject: Subject, mistake?: Mistake): Promise<readonly Side[]> {
  return Promise.all(
    subject.instances.map(async (instance, i): Promise<Side> => {
      const solidity = (await solidityFile(instance.solidity.file)).get(instance.solidity.contract);
      const program = await (mistake === undefined ? weftFile(instance.weft.file) : weftFileWith(instance.weft.file, mistake));
      const weft = program.get(instance.weft.contract);
      if (solidity === undefined) throw new Error(`${instance.solidity.file} has no contract ${instance.solidity.contract}`);
      if (weft === undefined) throw new Error(`${instance.weft.file} has no contract ${instance.weft.contract}`);
      return { instance, address: instanceAt(i), solidity, weft };
    }),
  );
}

interface Stage {
  readonly subject: Subject;
  readonly sides: readonly Side[];
  readonly evm: Evm;
  readonly weft: Weft;
  readonly tally: Tally;
  moment: Moment;
  /** After a known difference that leaves other states behind, nothing more can be compared. */
  over: boolean;
}

/** Throws with what differs. */
export async function play(subject: Subject, sides: readonly Side[], blocks: readonly Block[], tally: Tally): Promise<void> {
  const genesis = [...people, DEPLOYER].map((address) => ({ address, balance: WEALTH }));
  const weft = await openWeft(CHAIN_ID, START, genesis);
  try {
    const evm = await openEvm(CHAIN_ID, genesis);
    const stage: Stage = { subject, sides, evm, weft, tally, moment: { height: 0n, time: START }, over: false };
    for (const side of sides) await deploy(stage, side, side.instance.args ?? [], "must succeed");
    for (const planned of subject.setUp ?? []) await playBlock(stage, { seconds: 0, empty: 0, calls: [planned] }, "must succeed");
    for (const each of blocks) if (!stage.over) await playBlock(stage, each, "may fail");
    if (!stage.over) await compareStates(stage);
  } finally {
    await weft.close();
  }
}

/** Deploys with these arguments in place of the last instance's own, and compares what becomes of it. */
export async function playConstruction(subject: Subject, sides: readonly Side[], args: readonly unknown[]): Promise<void> {
  const genesis = [...people, DEPLOYER].map((address) => ({ address, balance: WEALTH }));
  const weft = await openWeft(CHAIN_ID, START, genesis);
  try {
    const evm = await openEvm(CHAIN_ID, genesis);
    const stage: Stage = { subject, sides, evm, weft, tally: newTally(), moment: { height: 0n, time: START }, over: false };
    const last = sides.length - 1;
    for (const [i, side] of sides.entries())
      await deploy(stage, side, i === last ? args : (side.instance.args ?? []), i === last ? "may fail" : "must succeed");
  } finally {
    await weft.close();
  }
}

type Expected = "must succeed" | "may fail";

async function deploy(stage: Stage, side: Side, args: readonly unknown[], expected: Expected): Promise<void> {
  const { instance, solidity, weft } = side;
  const value = instance.value ?? 0n;
  const encoded = constructorData(solidity.abi, args);
  const made = await stage.weft.deploy(weft, { from: DEPLOYER, data: encoded, value });
  stage.moment = made.moment;
  const other = await stage.evm.deploy({ from: DEPLOYER, data: `${solidity.bytecode}${encoded.slice(2)}`, value }, made.moment);
  const name = `new ${instance.label}(${args.map(show).join(", ")})`;
  if (made.address !== side.address || other.address !== side.address)
    throw new Error(`${name} stands at ${made.address} and ${other.address}, not at ${side.address}`);
  // What a constructor returns is code on the one side.
  const same = sameOutcome(
    { ...made.outcome, data: made.outcome.success ? "0x" : made.outcome.data },
    { ...other.outcome, data: other.outcome.success ? "0x" : other.outcome.data },
  );
  if (!same) throw new Error(`${name}: ${told(stage, side, other.outcome, made.outcome)}`);
  if (expected === "must succeed" && !made.outcome.success) throw new Error(`${name} fails: ${showOutcome(stage, side, made.outcome)}`);
}

function constructorData(abi: Abi, args: readonly unknown[]): Hex {
  const found = abi.find((entry) => entry.type === "constructor");
  return found === undefined ? "0x" : encodeAbiParameters(found.inputs, args);
}

async function playBlock(stage: Stage, { seconds, empty, calls }: Block, expected: Expected): Promise<void> {
  const { weft, evm } = stage;
  for (let i = 0; i < empty; i++) stage.moment = (await weft.block([], weft.time)).moment;
  const time = weft.time + BigInt(seconds);
  const see = seeOf(stage, { height: weft.height + 1n, time });
  const made: {
    readonly planned: Planned;
    readonly args: readonly unknown[];
    readonly side: Side;
    readonly solidity: EvmCall;
    readonly weft: EvmCall;
  }[] = [];
  for (const planned of calls) {
    const side = sideOf(stage, planned.on);
    const args = await planned.args(see);
    const base = { from: planned.from, to: side.address, value: planned.value + (planned.damage?.kind === "coin" ? 1n : 0n) };
    const data = calldata(side, planned, args);
    made.push({ planned, args, side, solidity: { ...base, data: data.solidity }, weft: { ...base, data: data.weft } });
  }
  const { outcomes, moment, waiting } = await weft.block(
    made.map((each) => each.weft),
    time,
  );
  stage.moment = moment;
  stage.tally.waiting += waiting;
  for (const [i, { planned, args, side, solidity }] of made.entries()) {
    const right = await evm.call(solidity, moment);
    const found = outcomes[i];
    count(stage, side, planned, right);
    if (!sameOutcome(found, right) && !(planned.damage !== undefined && !found.success && !right.success)) {
      const difference = known(stage, { call: planned, args, solidity: right, weft: found, ...errorNames(stage, side, right, found) });
      if (difference === undefined)
        throw new Error(`call ${i} of block ${moment.height}, ${showCall(planned, args)}:\n${told(stage, side, right, found)}`);
      stage.tally.differences.set(difference, (stage.tally.differences.get(difference) ?? 0) + 1);
      if (found.success !== right.success) {
        stage.over = true;
        return;
      }
    }
    if (expected === "must succeed" && !right.success)
      throw new Error(`${showCall(planned, args)} has to succeed: ${showOutcome(stage, side, right)}`);
  }
}

function known(stage: Stage, mismatch: Mismatch): Difference | undefined {
  return stage.subject.differences.find((difference) => difference.matches?.(mismatch) === true);
}

function count({ tally }: Stage, side: Side, planned: Planned, outcome: Outcome): void {
  tally.calls++;
  const name = `${planned.on}.${planned.function ?? "(raw)"}`;
  const entry = tally.functions.get(name) ?? { ok: 0, failed: 0 };
  if (outcome.success) entry.ok++;
  else entry.failed++;
  tally.functions.set(name, entry);
  if (outcome.success) return;
  const error = errorName(side, outcome) ?? "(no data)";
  tally.errors.set(error, (tally.errors.get(error) ?? 0) + 1);
}

function sideOf({ sides }: Stage, label: string): Side {
  const found = sides.find(({ instance }) => instance.label === label);
  if (found === undefined) throw new Error(`no instance ${label}`);
  return found;
}

export function functionOf(abi: Abi, name: string): AbiFunction {
  const found = abi
    .filter((entry) => entry.type === "function")
    .filter((entry) => entry.name === name || toFunctionSignature(entry) === name);
  if (found.length !== 1) throw new Error(`${found.length} functions ${name}`);
  return found[0];
}

function weftName({ instance }: Side, item: AbiFunction): string {
  return instance.renamed?.[toFunctionSignature(item)] ?? item.name;
}

function calldata(side: Side, planned: Planned, args: readonly unknown[]): { readonly solidity: Hex; readonly weft: Hex } {
  if (planned.function === undefined) {
    const [data] = args;
    if (!isHex(data)) throw new Error("a raw call needs data");
    return { solidity: data, weft: data };
  }
  const item = functionOf(side.solidity.abi, planned.function);
  const other = functionOf(side.weft.abi, weftName(side, item));
  const encode = (abi: AbiFunction): Hex => damaged(encodeFunctionData({ abi: [abi], functionName: abi.name, args }), planned);
  return { solidity: encode(item), weft: encode({ ...item, name: other.name }) };
}

function isHex(value: unknown): value is Hex {
  return typeof value === "string" && value.startsWith("0x");
}

function damaged(data: Hex, { damage }: Planned): Hex {
  switch (damage?.kind) {
    case undefined:
    case "coin":
      return data;
    case "cut":
      return `0x${data.slice(2, Math.max(10, data.length - 2 * damage.bytes))}`;
    case "selector":
      return `0xffffffff${data.slice(10)}`;
    case "ones": {
      const at = 10 + damage.word * 64;
      return at >= data.length ? data : `0x${data.slice(2, at)}${"f".repeat(64)}${data.slice(at + 64)}`;
    }
  }
}

function seeOf(stage: Stage, moment: Moment): See {
  return {
    height: moment.height,
    time: moment.time,
    async view(on, name, args) {
      const side = sideOf(stage, on);
      const item = functionOf(side.solidity.abi, name);
      const data = encodeFunctionData({ abi: [item], functionName: item.name, args });
      const outcome = await stage.evm.view({ from: DEPLOYER, to: side.address, data, value: 0n }, stage.moment);
      if (!outcome.success) throw new Error(`view ${name}: ${showOutcome(stage, side, outcome)}`);
      return decodeFunctionResult({ abi: [item], functionName: item.name, data: outcome.data });
    },
  };
}

async function compareStates(stage: Stage): Promise<void> {
  const { subject, sides, evm, weft, moment } = stage;
  for (const { on = "it", function: name, args: lists } of subject.views) {
    const side = sideOf(stage, on);
    for (const args of lists(seeOf(stage, moment))) {
      const planned = { ...exactView(on, name), args: () => args };
      const data = calldata(side, planned, args);
      const base = { from: DEPLOYER, to: side.address, value: 0n };
      const right = await evm.view({ ...base, data: data.solidity }, moment);
      const found = weft.view({ ...base, data: data.weft });
      if (sameOutcome(found, right)) continue;
      const difference = known(stage, { call: planned, args, solidity: right, weft: found, ...errorNames(stage, side, right, found) });
      if (difference === undefined) throw new Error(`at the end, ${showCall(planned, args)}:\n${told(stage, side, right, found)}`);
      stage.tally.differences.set(difference, (stage.tally.differences.get(difference) ?? 0) + 1);
    }
  }
  for (const address of [...people, DEPLOYER, ...sides.map((side) => side.address)]) {
    const [right, found] = [await evm.balanceOf(address), weft.balanceOf(address)];
    if (right !== found) throw new Error(`at the end, coin of ${address}: Solidity ${right}, Weft ${found}`);
  }
}

function exactView(on: string, name: string): Planned {
  return { on, function: name, from: DEPLOYER, value: 0n, damage: undefined, args: () => [], picked: undefined };
}

// --- for people ---

export function showCall({ on, function: name, from, value, damage }: Planned, args: readonly unknown[]): string {
  const coin = value === 0n ? "" : ` value ${value}`;
  const harm = damage === undefined ? "" : ` damaged ${JSON.stringify(damage)}`;
  return `${on}.${name ?? "(raw)"}(${args.map(show).join(", ")}) as ${show(from)}${coin}${harm}`;
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ...people.map((address, i) => [address, `@${["alice", "bob", "carol", "dave"][i]}`] as const),
  [DEPLOYER, "@deployer"] as const,
]);

export function show(value: unknown): string {
  if (typeof value === "string") return NAMES.get(value) ?? value;
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each));
}

function told(stage: Stage, side: Side, solidity: Outcome, weft: Outcome): string {
  return `  Solidity: ${showOutcome(stage, side, solidity)}\n  Weft:     ${showOutcome(stage, side, weft)}`;
}

function showOutcome(stage: Stage, side: Side, outcome: Outcome): string {
  if (!outcome.success) return `reverts with ${errorText(stage, outcome) ?? outcome.data}`;
  const logs = outcome.logs.map((log) => `\n    log of ${log.address} ${log.topics.join(" ")} ${log.data}`);
  return `gives ${outcome.data}${logs.join("")}`;
}

function errorText({ sides }: Stage, outcome: Outcome): string | undefined {
  for (const side of sides) {
    const decoded = decodeError(side, outcome);
    if (decoded !== undefined) return `${decoded.name}(${decoded.args.map(show).join(", ")})`;
  }
  return undefined;
}

function decodeError(side: Side, outcome: Outcome): { readonly name: string; readonly args: readonly unknown[] } | undefined {
  if (outcome.success || outcome.data.length < 10) return undefined;
  for (const abi of [side.solidity.abi, side.weft.abi]) {
    try {
      const { errorName: name, args } = decodeErrorResult({ abi, data: outcome.data });
      return { name, args: args === undefined ? [] : [...args] };
    } catch {
      // Not an error of this one.
    }
  }
  return undefined;
}

function errorName(side: Side, outcome: Outcome): string | undefined {
  return decodeError(side, outcome)?.name;
}

function errorNames({ sides }: Stage, side: Side, solidity: Outcome, weft: Outcome): Pick<Mismatch, "solidityError" | "weftError"> {
  const first = (outcome: Outcome): string | undefined =>
    errorName(side, outcome) ?? sides.map((each) => errorName(each, outcome)).find((name) => name !== undefined);
  return { solidityError: first(solidity), weftError: first(weft) };
}
