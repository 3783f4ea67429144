/**
 * Plays a golden trace on ports of its contracts: block by block, as batches in parallel on one chain and serially on another. Collects what differs from
 * the trace (success, results, errors with arguments, events, states at every checkpoint) and between the two chains (receipts' bytes, digests).
 */
import { keccak256, toBytes } from "viem";
import { blockBuffer } from "../../runtime/block.ts";
import type { AbiEntry } from "../../runtime/module.ts";
import type { BlockResult, CallRequest, Chain, Hex, LoadedModule, Log, Mode, Receipt } from "../../runtime/types.ts";
import { openChain } from "../helpers/chains.ts";
import type { Deployment, Outcome, Trace, TraceCall, TraceEvent, TraceFunction, Value } from "./trace.ts";
import { createLabels, decodeValues, encodeValues, hexOf, parametersOf, selectorOf } from "./values.ts";
import type { Labels } from "./values.ts";

export interface Port {
  /** Weft contract by the name of the Solidity contract, loaded; those that only other contracts make, too. */
  readonly modules: ReadonlyMap<string, LoadedModule>;
  /** The address of a contract that another one makes: what `make` calls there gives it. */
  readonly made: Readonly<Record<string, MadeBy>>;
  /** The state of a contract, field by field, as the trace's states have it. */
  readonly state: (look: Look) => Readonly<Record<string, () => Value>>;
}

/** Called by the deployer of the contract that makes it. */
export interface MadeBy {
  readonly at: string;
  readonly by: string;
  readonly fn: string;
  readonly params: readonly string[];
  readonly args: readonly Value[];
}

/** Views on the port's last state, for the states of a trace. */
export interface Look {
  readonly labels: readonly string[];
  /** The results of a view; undefined when it reverts. */
  view(
    contract: string,
    fn: string,
    inputs: readonly string[],
    outputs: readonly string[],
    args: readonly Value[],
  ): readonly Value[] | undefined;
  coin(label: string): Value;
}

export interface Replay {
  readonly calls: number;
  readonly blocks: number;
  readonly differences: readonly string[];
  /** Calls that waited for an earlier one of their block, and the sum of the longest chains, as in `stats.conflicts` of the trace. */
  readonly waiting: number;
  readonly chains: number;
  readonly uncleared: number;
}

interface Stage {
  readonly mode: Mode;
  readonly chain: Chain;
}

interface Play {
  readonly trace: Trace;
  readonly port: Port;
  readonly stages: readonly Stage[];
  readonly labels: Labels;
  readonly differences: string[];
}

const WORKERS = 2;
/** Above the bound of any call. */
const GAS_LIMIT = 1n << 40n;

export async function replay(trace: Trace, port: Port): Promise<Replay> {
  const genesis = [...trace.accounts.values()].map((address) => ({ address: hexOf(address), balance: trace.native }));
  const options = { genesis, time: trace.time };
  const parallel = await openChain({ ...options, workers: WORKERS });
  const serial = await openChain(options);
  const play: Play = {
    trace,
    port,
    stages: [
      { mode: "parallel", chain: parallel },
      { mode: "serial", chain: serial },
    ],
    labels: createLabels(trace.accounts),
    differences: [],
  };
  try {
    await stepDeployers(play);
    for (const deployment of trace.deployments) await deploy(play, deployment);
    return await playBlocks(play);
  } finally {
    await parallel.close();
    await serial.close();
  }
}

async function playBlocks(play: Play): Promise<Replay> {
  const { trace, differences } = play;
  const functions = new Map(trace.functions.map((each) => [functionKey(each.contract, each.fn, each.inputs.length), each]));
  let waiting = 0;
  let chains = 0;
  let uncleared = 0;
  const blocks = blocksOf(trace.calls, new Set(trace.states.map(({ after }) => after)));
  compareStates(play, 0);
  for (const calls of blocks) {
    const requests = requestsOf(play, calls, functions);
    const buffer = blockBuffer(requests);
    const results: BlockResult[] = [];
    for (const { chain, mode } of play.stages) results.push(await chain.run(buffer, { time: calls[0].time, mode, trace: false }));
    const [parallel, serial] = results;
    calls.forEach((call, i) => {
      const receipt = parallel.receipts.at(i);
      compareCall(play, call, receipt, functions);
      const twin = serial.receipts.at(i);
      if (!sameReceipt(receipt, twin)) differences.push(`call ${call.index}: serial and parallel receipts differ`);
    });
    if (play.stages[0].chain.digest() !== play.stages[1].chain.digest())
      differences.push(`after call ${calls.at(-1)?.index}: digests differ`);
    waiting += parallel.stats.waiting;
    chains += parallel.stats.criticalPath;
    uncleared += parallel.stats.uncleared;
    compareStates(play, (calls.at(-1)?.index ?? 0) + 1);
  }
  return { calls: trace.calls.length, blocks: blocks.length, differences, waiting, chains, uncleared };
}

/** Calls of one block run as one batch; a checkpoint in its middle parts it. */
function blocksOf(calls: readonly TraceCall[], parts: ReadonlySet<number>): readonly (readonly TraceCall[])[] {
  const blocks: TraceCall[][] = [];
  for (const call of calls) {
    const open = blocks.at(-1);
    if (open === undefined || open[0].block !== call.block || parts.has(call.index)) blocks.push([call]);
    else open.push(call);
  }
  return blocks;
}

/** The traces' EVM steps a nonce before it makes the address: then contracts get their real addresses, by which pools order tokens. */
async function stepDeployers({ trace, stages, labels }: Play): Promise<void> {
  const deployers = new Set(trace.deployments.filter(({ params }) => params !== undefined).map(({ by }) => labels.addressOf(by)));
  const calls = [...deployers].map((from) => ({
    from,
    to: from,
    data: new Uint8Array(),
    value: 0n,
    nonce: 0n,
    gasLimit: GAS_LIMIT,
    gasPrice: 0n,
  }));
  for (const { chain, mode } of stages) await chain.run(blockBuffer(calls), { time: trace.time, mode, trace: false });
}

async function deploy(play: Play, deployment: Deployment): Promise<void> {
  const { port, labels, trace } = play;
  const module = port.modules.get(deployment.contract);
  if (module === undefined) throw new Error(`there is no port of ${deployment.contract}`);
  const addresses = new Set<string>();
  for (const { chain, mode } of play.stages) {
    if (deployment.params === undefined) {
      addresses.add(await make(play, chain, mode, deployment.label));
      continue;
    }
    for (const loaded of port.modules.values()) await chain.load(loaded);
    const args = toBytes(encodeValues(parametersOf(deployment.params), deployment.args, labels));
    const { address, receipt } = await chain.deploy(module, { from: labels.addressOf(deployment.by), args, value: 0n, time: trace.time });
    if (receipt.status !== "success") throw new Error(`deploying ${deployment.label} fails with ${hex(receipt.data)}`);
    addresses.add(address);
  }
  const [address] = addresses;
  if (addresses.size !== 1) throw new Error(`${deployment.label} has several addresses`);
  labels.add(deployment.label, address);
}

async function make(play: Play, chain: Chain, mode: Mode, label: string): Promise<string> {
  const by = play.port.made[label];
  const params = parametersOf(by.params);
  const from = play.labels.addressOf(by.by);
  const data = dataOf(selectorOf(by.fn, params), encodeValues(params, by.args, play.labels));
  const call = { from, to: play.labels.addressOf(by.at), data, value: 0n, nonce: chain.nonceOf(from), gasLimit: GAS_LIMIT, gasPrice: 0n };
  const { receipts } = await chain.run(blockBuffer([call]), { time: play.trace.time, mode, trace: false });
  const receipt = receipts.at(0);
  if (receipt.status !== "success") throw new Error(`making ${label} fails with ${hex(receipt.data)}`);
  return `0x${hex(receipt.data).slice(-40)}`;
}

function requestsOf(play: Play, calls: readonly TraceCall[], functions: ReadonlyMap<string, TraceFunction>): readonly CallRequest[] {
  const { labels, stages, trace } = play;
  const nonces = new Map<string, bigint>();
  return calls.map((call) => {
    const from = labels.addressOf(call.from);
    const nonce = nonces.get(from) ?? stages[0].chain.nonceOf(from);
    // A call that its sender can't pay for never gets in, and steps no nonce.
    if (!isRejected(call.outcome)) nonces.set(from, nonce + 1n);
    const found = functions.get(functionKey(trace.contracts.get(call.to) ?? "", call.fn, call.args.length));
    if (found === undefined) throw new Error(`call ${call.index}: the trace declares no ${call.to}.${call.fn}`);
    const params = parametersOf(found.inputs);
    const data = dataOf(selectorOf(call.fn, params), encodeValues(params, call.args, labels));
    return { from, to: labels.addressOf(call.to), data, value: call.value, nonce, gasLimit: GAS_LIMIT, gasPrice: 0n };
  });
}

function functionKey(contract: string, fn: string, params: number): string {
  return `${contract}.${fn}/${params}`;
}

function isRejected(outcome: Outcome): boolean {
  return outcome.kind === "failed" && outcome.error === "InsufficientNativeBalance";
}

function compareCall(play: Play, call: TraceCall, receipt: Receipt, functions: ReadonlyMap<string, TraceFunction>): void {
  const expected = outcomeText(call.outcome);
  const fn = functions.get(functionKey(play.trace.contracts.get(call.to) ?? "", call.fn, call.args.length));
  const found = outcomeText(outcomeOf(play, receipt, fn?.outputs ?? []));
  if (found === expected) return;
  const head = `call ${call.index}, ${call.from}: ${call.to}.${call.fn}(${JSON.stringify(call.args).slice(1, -1)})`;
  play.differences.push(`${head}\n  expected ${expected}\n  found    ${found}`);
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "ok": {
      const events = outcome.events.map(({ at, name, args }) => `\n    ${at} ${name}(${JSON.stringify(args).slice(1, -1)})`);
      return `${JSON.stringify(outcome.ret)}${events.join("")}`;
    }
    case "failed":
      return `${outcome.error}(${JSON.stringify(outcome.args).slice(1, -1)})`;
  }
}

function outcomeOf({ trace, labels, stages }: Play, receipt: Receipt, outputs: readonly string[]): Outcome {
  switch (receipt.status) {
    case "success": {
      const ret = decodeValues(parametersOf(outputs), hex(receipt.data), labels) ?? [hex(receipt.data)];
      return { kind: "ok", ret, events: receipt.logs.map((log) => eventOf(trace, labels, stages[0].chain, log)) };
    }
    case "reverted":
      return errorOf(trace, labels, receipt.data);
    case "rejected":
      return { kind: "failed", error: receipt.rejection === "balance" ? "InsufficientNativeBalance" : "rejected", args: [] };
  }
}

const BUILT_IN: ReadonlyMap<string, readonly string[]> = new Map([["Error", ["string reason"]]]);

function errorOf(trace: Trace, labels: Labels, bytes: Uint8Array): Outcome {
  const data = hex(bytes);
  if (data === "0x") return { kind: "failed", error: "Empty", args: [] };
  const rest = hexOf(`0x${data.slice(10)}`);
  if (data.startsWith("0x4e487b71")) return { kind: "failed", error: "Panic", args: [`0x${BigInt(rest).toString(16)}`] };
  for (const [name, inputs] of [...BUILT_IN, ...trace.errors]) {
    const params = parametersOf(inputs);
    if (!data.startsWith(selectorOf(name, params))) continue;
    return { kind: "failed", error: name, args: decodeValues(params, rest, labels) ?? [data] };
  }
  return { kind: "failed", error: data, args: [] };
}

/** There are no such integers in Weft; ports take the next wider one. In results the bytes are the same, in events the topic is another. */
const WIDENED: ReadonlyMap<string, string> = new Map([["uint112", "uint128"]]);

/** By the port's own ABI, which says what is indexed; its types have to be those of the trace. */
function eventOf(trace: Trace, labels: Labels, chain: Chain, log: Log): TraceEvent {
  const at = labels.labelOf(log.address);
  const entry = chain.abiOf(log.address)?.find((each) => each.type === "event" && topicOf(each) === log.topics[0]);
  if (entry?.name === undefined) return { at, name: log.topics[0] ?? "no topic", args: [hex(log.data)] };
  const types = entry.inputs.map(({ type }) => type);
  const expected = parametersOf(trace.events.get(entry.name) ?? []).map(({ type }) => WIDENED.get(type) ?? type);
  if (types.join() !== expected.join()) return { at, name: `${entry.name}(${types.join()})`, args: [hex(log.data)] };
  const plain = entry.inputs.filter(({ indexed }) => indexed !== true).map(({ type }) => ({ type }));
  const inData = decodeValues(plain, hex(log.data), labels) ?? [hex(log.data)];
  let [topic, word] = [1, 0];
  const args = entry.inputs.map(({ type, indexed }) =>
    indexed === true ? decodeValues([{ type }], log.topics[topic++], labels)?.[0] : inData[word++],
  );
  return { at, name: entry.name, args: args.map((each) => each ?? "damaged") };
}

function topicOf(entry: AbiEntry): Hex {
  return keccak256(toBytes(`${entry.name}(${entry.inputs.map(({ type }) => type).join(",")})`));
}

function compareStates(play: Play, after: number): void {
  const { trace, port, labels, stages, differences } = play;
  const { chain } = stages[0];
  for (const { after: point, state } of trace.states) {
    if (point !== after) continue;
    const look: Look = {
      // No trace tells what nobody has.
      labels: labels.all().filter((label) => label !== "@0"),
      coin: (label) => String(chain.balanceOf(labels.addressOf(label))),
      view(contract, fn, inputs, outputs, args) {
        const params = parametersOf(inputs);
        const data = dataOf(selectorOf(fn, params), encodeValues(params, args, labels));
        const viewer = labels.addressOf("@1");
        const result = chain.view({ from: viewer, to: labels.addressOf(`@${contract}`), data, value: 0n });
        return result.status === "success" ? decodeValues(parametersOf(outputs), hex(result.data), labels) : undefined;
      },
    };
    const fields = port.state(look);
    const expected = fieldsOf(state);
    const unknown = Object.keys(expected).filter((name) => fields[name] === undefined);
    if (unknown.length > 0) differences.push(`nobody looks at the state of ${unknown.join(", ")}`);
    for (const [name, read] of Object.entries(fields)) compareValue(differences, `after ${after} calls: ${name}`, expected[name], read());
  }
}

function fieldsOf(value: Value | undefined): Readonly<Record<string, Value>> {
  return typeof value === "object" && !isList(value) ? value : {};
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** What is absent is 0, false or nobody. */
function compareValue(differences: string[], where: string, expected: Value | undefined, found: Value | undefined): void {
  if (isZero(expected) && isZero(found)) return;
  const [left, right] = [fieldsOf(expected), fieldsOf(found)];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  if (keys.size > 0) for (const key of keys) compareValue(differences, `${where}.${key}`, left[key], right[key]);
  else if (JSON.stringify(expected) !== JSON.stringify(found)) {
    differences.push(`${where}\n  expected ${JSON.stringify(expected)}\n  found    ${JSON.stringify(found)}`);
  }
}

function isZero(value: Value | undefined): boolean {
  if (value === undefined || value === "0" || value === "@0" || value === false) return true;
  return typeof value === "object" && Object.values(value).every(isZero);
}

function sameReceipt(left: Receipt, right: Receipt): boolean {
  const text = ({ status, data, logs, cost }: Receipt) =>
    JSON.stringify([status, hex(data), logs.map((log) => [log.address, log.topics, hex(log.data)]), String(cost)]);
  return text(left) === text(right);
}

function dataOf(selector: string, args: string): Uint8Array {
  return toBytes(hexOf(`${selector}${args.slice(2)}`));
}

function hex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
