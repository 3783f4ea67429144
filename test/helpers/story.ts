/**
 * Short histories written by hand: a contract, blocks of named calls, told by all engines. Gives what the interpreter says, after every
 * engine has said the same; tests then say what that must be.
 */
import type { Program } from "../../compiler/typed/tree.ts";
import type { CallRequest, Cell, Hex } from "../../runtime/types.ts";
import { decodeResult, encodeCall, selectorOf } from "../interpreter/abi.ts";
import { createAddress } from "../interpreter/create-address.ts";
import { fromHex, toHex } from "../interpreter/values.ts";
import type { Val } from "../interpreter/values.ts";
import { loadAll } from "./chains.ts";
import { account } from "./accounts.ts";
import { cellTable, compareBlock, createTally } from "./compare.ts";
import type { Entrant } from "./compare.ts";
import { closeArena, constructorArgs, contractNamed, openArena } from "./differential.ts";
import { compileText } from "./suites.ts";

export interface StoryCall {
  readonly from: string;
  readonly func: string;
  readonly args: readonly Val[];
  readonly value: bigint;
  /** Index of the deployed contract; the last where nothing is said. */
  readonly to?: number;
  readonly gas?: bigint;
}

export function by(from: string, func: string, args: readonly Val[] = [], value = 0n): StoryCall {
  return { from, func, args, value };
}

/** How a call ended, in words: `= 5`, `NotOwner`, `panic 17`, `empty`, `rejected`. */
export type Ending = string;

export interface Told {
  /** By block, then by call. */
  readonly endings: readonly (readonly Ending[])[];
  /** Cells of the last contract at the end that aren't at their default. */
  readonly cells: Readonly<Record<string, unknown>>;
  /** Of the chain with one worker, summed over the blocks. */
  readonly cleared: number;
  readonly uncleared: number;
  readonly unresolved: number;
  /** Calls that wait, and for how many. */
  readonly waiting: number;
  readonly edges: number;
}

/** A contract of the source, and what its constructor gets, of the addresses deployed before. */
export interface StoryContract {
  readonly contract: string;
  readonly args: (deployed: readonly Hex[]) => readonly Val[];
}

/** Where the n-th contract of a story is. */
export function contractAt(index: number): Hex {
  return createAddress(account("alice"), BigInt(index));
}

const ENTRANTS: readonly Entrant[] = [
  { name: "serial", workers: 1, mode: "serial", chunk: 1, delay: undefined, trace: false },
  { name: "1 worker", workers: 1, mode: "parallel", chunk: 1, delay: undefined, trace: true },
  { name: "2 workers, early calls late", workers: 2, mode: "parallel", chunk: 1, delay: (call) => (call === 0 ? 3_000 : 0), trace: true },
  { name: "3 workers, late calls late", workers: 3, mode: "parallel", chunk: 1, delay: (call) => call * 1_000, trace: true },
];

/** What is deployed, if not the first contract alone; and a change of the emitted text, to see whether that is noticed. */
interface StoryOptions {
  readonly deploy?: readonly StoryContract[];
  readonly change?: (text: string) => string;
}

/** The contracts are deployed by alice and called. */
export async function tell(
  source: string,
  blocks: readonly (readonly StoryCall[])[],
  { deploy, change }: StoryOptions = {},
): Promise<Told> {
  const compiled = compileText(source);
  const modules = await loadAll(compiled, change);
  const { program } = compiled;
  const arena = await openArena(ENTRANTS);
  const { world, contenders } = arena;
  const tally = createTally();
  try {
    for (const { chain } of contenders) for (const loaded of modules.values()) await chain.load(loaded);
    const addresses: Hex[] = [];
    for (const { contract: name, args } of deploy ?? [{ contract: program.contracts[0].name, args: () => [] }]) {
      const contract = contractNamed(compiled, name);
      const request = { from: account("alice"), args: constructorArgs(compiled, contract, args(addresses)), value: 0n, time: world.time() };
      const { address } = world.deploy({ ...request, program, contract });
      const loaded = modules.get(name);
      if (loaded === undefined) throw new Error(`no module of ${name}`);
      for (const { chain } of contenders) await chain.deploy(loaded, request);
      addresses.push(address);
    }
    const endings: Ending[][] = [];
    for (const [number, block] of blocks.entries()) {
      const calls = requests(program, addresses, block, (from) => world.nonceOf(from));
      const time = world.time() + 1n;
      const before = cellTable(world.cells());
      const outcomes = world.runBlock(calls, time);
      endings.push(outcomes.map(({ receipt }, i) => endingOf(program, block[i].func, receipt.status, toHex(receipt.data))));
      const round = { where: `block ${number}`, world, before, outcomes, calls, time, lone: addresses.length > 1 };
      for (const contender of contenders) {
        const noted = contender.entrant.name === "1 worker" ? tally : createTally();
        await compareBlock({ ...round, contenders: [contender], tally: noted });
      }
    }
    const { cleared, uncleared, unresolved, waiting, edges } = tally;
    return { endings, cells: cellsOf(world.cells(), addresses[addresses.length - 1]), cleared, uncleared, unresolved, waiting, edges };
  } finally {
    await closeArena(arena);
  }
}

function cellsOf(all: Iterable<Cell>, address: Hex): Told["cells"] {
  const cells: Record<string, unknown> = {};
  for (const { contract, field, keys, path, value } of all) {
    if (contract !== address) continue;
    cells[`${field}${keys.map((key) => `[${nameOf(key)}]`).join("")}${path.map((part) => `.${part}`).join("")}`] = value;
  }
  return cells;
}

const NAMES = ["alice", "bob", "carol", "dave", "eve"];

/** Accounts by name, everything else as it is. */
function nameOf(key: boolean | bigint | string): string {
  return NAMES.find((name) => account(name) === key) ?? String(key);
}

function functionNamed(program: Program, name: string) {
  return [...program.functions.values()].find((each) => each.name === name && (each.role === "external" || each.role === "getter"));
}

function requests(program: Program, addresses: readonly Hex[], block: readonly StoryCall[], nonceOf: (from: Hex) => bigint): CallRequest[] {
  const nonces = new Map<Hex, bigint>();
  return block.map((call) => {
    const from = account(call.from);
    const nonce = nonces.get(from) ?? nonceOf(from);
    nonces.set(from, nonce + 1n);
    const types = functionNamed(program, call.func)?.params.map((param) => param.type) ?? [];
    return {
      from,
      to: addresses[call.to ?? addresses.length - 1],
      data: fromHex(encodeCall(call.func, types, call.args)),
      value: call.value,
      nonce,
      gasLimit: call.gas ?? 10_000_000n,
      gasPrice: 0n,
    };
  });
}

/** Errors that no contract declares. */
const BUILT_IN = ["OutOfGas", "Reentrancy", "CallTooDeep", "DynamicTicket", "SequenceExhausted"];

function endingOf(program: Program, func: string, status: string, data: string): Ending {
  if (status === "rejected") return status;
  if (status === "success") return `= ${String(decodeResult(functionNamed(program, func)?.result ?? { kind: "unit" }, data))}`.trim();
  if (data === "0x") return "empty";
  if (data.startsWith("0x4e487b71")) return `panic ${BigInt(`0x${data.slice(10)}`)}`;
  const builtIn = BUILT_IN.find((name) => selectorOf(name, []) === data.slice(0, 10));
  if (builtIn !== undefined) return builtIn;
  const errors = program.contracts.flatMap((contract) => contract.errors);
  const known = errors.find(
    (error) =>
      selectorOf(
        error.name,
        error.params.map((param) => param.type),
      ) === data.slice(0, 10),
  );
  return known?.name ?? data;
}
