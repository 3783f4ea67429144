/**
 * How much of what plans name is really needed: random blocks on one file's contracts, in the interpreter and in the runtime with its plans traced. Cells that
 * a successful call was planned for and didn't touch are counted, and pairs of successful calls that the plans order although they meet in no cell.
 */
import fc from "fast-check";
import { flatten } from "../../compiler/footprint/flatten.ts";
import { isStatic } from "../../compiler/footprint/algebra.ts";
import type { ContractFootprint, FlatAccess } from "../../compiler/footprint/footprint.ts";
import { isPacked, type Type } from "../../compiler/core/types.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { blockBuffer } from "../../runtime/block.ts";
import type { BlockResult, CallRequest, PlannedMode } from "../../runtime/types.ts";
import { smallBlocks } from "../footprints/blocks.ts";
import { resolveBlock } from "../helpers/call-spec.ts";
import type { Setting } from "../helpers/call-spec.ts";
import { loadAll, openChain } from "../helpers/chains.ts";
import { chainOptions, constructorArgs, contractNamed, functionsOf, newWorld } from "../helpers/differential.ts";
import { COST_MODEL } from "../helpers/cost-model.ts";
import { ACCOUNTS, compileFile } from "../helpers/suites.ts";
import { selectorOf } from "../interpreter/abi.ts";
import { membersOf, toHex, type Val } from "../interpreter/values.ts";
import type { CallOutcome } from "../interpreter/world.ts";

export interface Precision {
  readonly path: string;
  /** External functions, and those with an access whose key nobody knows before the call runs. */
  readonly functions: number;
  readonly wide: readonly string[];
  readonly calls: number;
  readonly succeeded: number;
  /** Cells that successful calls were planned for; those they didn't touch; those of them that no condition on state stands before. */
  readonly planned: number;
  readonly untouched: number;
  readonly needless: number;
  /** Cells planned without need, by field, with how often. */
  readonly fields: ReadonlyMap<string, number>;
  /** Pairs of successful calls of one block that the plans put in order, and those of them that meet in a cell. */
  readonly ordered: number;
  readonly real: number;
  /** Pairs that only conditions on state put in order, which nobody knew before and which didn't hold. */
  readonly unfounded: number;
  /** Pairs that were put in order and meet in no cell, by functions and fields, with how often. */
  readonly unmet: ReadonlyMap<string, number>;
}

const SCALE = { blocks: { min: 20, max: 20 }, calls: 30 };
const START_TIME = 1_700_000_000n;

export async function measure(path: string, seed: number, histories: number): Promise<Precision> {
  const compiled = compileFile(path);
  const counts = { calls: 0, succeeded: 0, planned: 0, untouched: 0, needless: 0, ordered: 0, real: 0, unfounded: 0 };
  const fields = new Map<string, number>();
  const unmet = new Map<string, number>();
  const count = compiled.program.contracts.length === 0 ? 0 : histories;
  for (let history = 0; history < count; history++) await play(compiled, seed + history, { counts, fields, unmet });
  return { path, ...staticFigures(compiled), ...counts, fields, unmet };
}

interface Tally {
  readonly counts: Counts;
  readonly fields: Map<string, number>;
  readonly unmet: Map<string, number>;
}

type Counts = { -readonly [K in "calls" | "succeeded" | "planned" | "untouched" | "needless" | "ordered" | "real" | "unfounded"]: number };

function staticFigures(compiled: Compiled): Pick<Precision, "functions" | "wide"> {
  const wide: string[] = [];
  let functions = 0;
  for (const footprint of compiled.footprints.contracts) {
    for (const id of footprint.contract.external) {
      const func = compiled.program.functions.get(id);
      const plan = footprint.entries.get(id);
      if (func === undefined || plan === undefined || func.role === "getter") continue;
      functions++;
      if (flatten(plan).some(({ stage }) => stage === "wide")) wide.push(`${footprint.contract.name}.${func.name}`);
    }
  }
  return { functions, wide };
}

async function play(compiled: Compiled, seed: number, tally: Tally): Promise<void> {
  const world = newWorld();
  const chain = await openChain({ ...chainOptions(), workers: 1 });
  try {
    const modules = await loadAll(compiled);
    for (const loaded of modules.values()) await chain.load(loaded);
    const contracts: Setting["contracts"][number][] = [];
    for (const { name } of compiled.program.contracts) {
      const contract = contractNamed(compiled, name);
      const params = compiled.program.functions.get(contract.init)?.params ?? [];
      const peers = contracts.map(({ address }) => address);
      // Numbers that one constructor or another takes; accounts and contracts that differ.
      for (const number of [3n, 0n, 1n, 100n, 1_000n]) {
        const given = params.map((param, i) => simple(param.type, { number, account: i, peer: peers.at(-1 - i) ?? peers.at(-1) }));
        const args = constructorArgs(compiled, contract, given);
        const request = { from: ACCOUNTS[0].address, args, value: 0n, time: START_TIME };
        const made = world.deploy({ ...request, program: compiled.program, contract });
        const loaded = modules.get(name);
        if (loaded === undefined) break;
        await chain.deploy(loaded, request);
        if (made.outcome.receipt.status !== "success") continue;
        contracts.push({ address: made.address, functions: functionsOf(compiled, contract) });
        break;
      }
    }
    if (contracts.length === 0) throw new Error(`${compiled.program.files[0].path}: no constructor takes what is tried`);
    const setting: Setting = {
      accounts: ACCOUNTS.map(({ address }) => address),
      contracts,
      holders: {},
      bound: (func, args) => COST_MODEL.bound(compiled.program, func, args),
    };
    const [blocks] = fc.sample(
      smallBlocks(
        contracts.map(({ functions }) => functions),
        SCALE,
      ),
      { seed, numRuns: 1 },
    );
    let time = START_TIME;
    for (const spec of blocks) {
      time += spec.advance;
      const calls = resolveBlock(setting, world, spec);
      const outcomes = world.runBlock(calls, time);
      const result = await chain.run(blockBuffer(calls), { time, mode: "parallel", trace: true });
      compare({ compiled, setting, calls, outcomes, result }, tally);
    }
  } finally {
    await chain.close();
  }
}

/** A value that most constructors take. */
interface Simple {
  readonly number: bigint;
  readonly account: number;
  readonly peer: string | undefined;
}

function simple(type: Type, given: Simple): Val {
  const account = ACCOUNTS[given.account % ACCOUNTS.length].address;
  switch (type.kind) {
    case "bool":
      return true;
    case "int":
      return given.number;
    case "enum":
      return 0n;
    case "address":
      return account;
    case "handle":
      return given.peer ?? account;
    case "bytes32":
      return `0x${"0".repeat(63)}1`;
    case "string":
    case "bytes":
      return "0x61";
    case "list":
      return isPacked(type.element) ? [] : [simple(type.element, given)];
    default:
      return (membersOf(type) ?? []).map((member) => simple(member.type, given));
  }
}

interface Round {
  readonly compiled: Compiled;
  readonly setting: Setting;
  readonly calls: readonly CallRequest[];
  readonly outcomes: readonly CallOutcome[];
  readonly result: BlockResult;
}

interface Ran {
  readonly name: string;
  /** Planned cells that stand behind a condition on state which didn't hold. */
  readonly unreached: ReadonlySet<string>;
  readonly planned: ReadonlyMap<string, PlannedMode>;
  readonly touched: CallOutcome["touched"];
}

function compare(round: Round, { counts, fields, unmet }: Tally): void {
  const ran: Ran[] = [];
  round.outcomes.forEach((outcome, i) => {
    counts.calls++;
    if (outcome.receipt.status !== "success") return;
    counts.succeeded++;
    const planned = new Map<string, PlannedMode>();
    for (const { cell, mode } of round.result.plannedCells(i)) planned.set(cell, stronger(planned.get(cell), mode));
    const unreached = new Set<string>();
    ran.push({ name: nameOf(round, round.calls[i]), unreached, planned, touched: outcome.touched });
    counts.planned += planned.size;
    for (const cell of planned.keys()) {
      if (isTouched(cell, outcome)) continue;
      counts.untouched++;
      if (isConditional(round, round.calls[i], cell)) {
        unreached.add(cell);
        continue;
      }
      counts.needless++;
      increase(fields, fieldOf(cell));
    }
  });
  ran.forEach((left, i) => {
    for (const right of ran.slice(i + 1)) {
      const cells = clashes(left, right);
      if (cells.length === 0) continue;
      counts.ordered++;
      if (cells.some((cell) => isMet(cell, left, right))) counts.real++;
      else if (cells.every((cell) => left.unreached.has(cell) || right.unreached.has(cell))) counts.unfounded++;
      else increase(unmet, `${left.name} ${right.name} ${[...new Set(cells.map(fieldOf))].sort().join(" ")}`);
    }
  });
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** `balances` of `0x…|balances[0x…]`. */
function fieldOf(cell: string): string {
  return cell.replace(/^[^|]*\|/, "").replace(/\[.*$/s, "");
}

function nameOf({ setting }: Round, { to, data }: CallRequest): string {
  const functions = setting.contracts.find(({ address }) => address === to)?.functions ?? [];
  const selector = toHex(data).slice(0, 10);
  const types = (func: (typeof functions)[number]): readonly Type[] => func.params.map((param) => param.type);
  return functions.find((func) => selectorOf(func.name, types(func)) === selector)?.name ?? selector;
}

function stronger(known: PlannedMode | undefined, mode: PlannedMode): PlannedMode {
  if (known === undefined || known === mode) return mode;
  return isWhole(known) || isWhole(mode) ? "wide" : "W";
}

function isTouched(cell: string, { touched }: CallOutcome): boolean {
  if (!cell.endsWith("[*]")) return touched.has(cell);
  return [...touched.keys()].some((each) => each.startsWith(cell.slice(0, -2)));
}

/** Whether all accesses of the function to that field stand behind a condition that reads state. */
function isConditional({ compiled, setting }: Round, call: CallRequest, cell: string): boolean {
  const own = setting.contracts.findIndex(({ address }) => address === call.to);
  const footprint = compiled.footprints.contracts.find(({ contract }) =>
    contract.external.some((id) => setting.contracts[own]?.functions.some((f) => f.id === id)),
  );
  const accesses = footprint === undefined ? [] : accessesOf(footprint, compiled, toHex(call.data).slice(0, 10));
  const field = cell.replace(/^[^|]*\|/, "");
  const same = accesses.filter(({ leaf }) => fieldName(footprint, leaf) === field.replace(/\[.*?\]/gs, "").replace(/\[\*\]$/, ""));
  return same.length > 0 && same.every(({ guards }) => guards.some(({ term }) => !isStatic(term)));
}

function accessesOf(footprint: ContractFootprint, compiled: Compiled, selector: string): readonly FlatAccess[] {
  for (const [id, plan] of footprint.entries) {
    const func = compiled.program.functions.get(id);
    if (func === undefined) continue;
    if (
      selectorOf(
        func.name,
        func.params.map((param) => param.type),
      ) === selector
    )
      return flatten(plan);
  }
  return [];
}

/** `proposals.yes` of `proposals[7].yes`. */
function fieldName(footprint: ContractFootprint | undefined, index: number): string {
  const leaf = footprint?.leaves[index];
  if (leaf?.field === undefined) return "coin";
  return [leaf.field.name, ...leaf.pathNames].join(".");
}

/** Cells at which the plans of two calls clash; a field taken as a whole clashes with each of its cells. */
function clashes(left: Ran, right: Ran): readonly string[] {
  const found: string[] = [];
  for (const [cell, mode] of left.planned) {
    const other = right.planned.get(cell);
    if (other !== undefined && doClash(mode, other)) found.push(cell);
  }
  for (const [one, two] of [
    [left, right],
    [right, left],
  ]) {
    for (const [cell, mode] of one.planned) {
      if (!isWhole(mode)) continue;
      const met = [...two.planned].some(([each, other]) => each !== cell && each.startsWith(cell.slice(0, -2)) && doClash(mode, other));
      if (met) found.push(cell);
    }
  }
  return found;
}

function doClash(a: PlannedMode, b: PlannedMode): boolean {
  return a === "wide" || b === "wide" || a === "W" || b === "W" || kindOf(a) !== kindOf(b);
}

function kindOf(mode: PlannedMode): PlannedMode {
  return mode === "wideR" ? "R" : mode;
}

function isWhole(mode: PlannedMode): boolean {
  return mode === "wide" || mode === "wideR";
}

function isMet(cell: string, left: Ran, right: Ran): boolean {
  if (!cell.endsWith("[*]")) return left.touched.has(cell) && right.touched.has(cell);
  return [...left.touched.keys()].some((each) => each.startsWith(cell.slice(0, -2)) && right.touched.has(each));
}
