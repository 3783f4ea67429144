/**
 * Short histories written by hand: a contract, blocks of named calls, told by all engines. Gives what the interpreter says, after every
 * engine has said the same; tests then say what that must be.
 */
import type { Program } from "../../compiler/typed/tree.ts";
import type { CallRequest, Hex } from "../../runtime/types.ts";
import { decodeResult, encodeCall, selectorOf } from "../interpreter/abi.ts";
import { fromHex, toHex } from "../interpreter/values.ts";
import type { Val } from "../interpreter/values.ts";
import { loadAll, openChain } from "./chains.ts";
import { account } from "./accounts.ts";
import { cellTable, compareBlock, createTally } from "./compare.ts";
import { chainOptions, constructorArgs, contractNamed, newWorld } from "./differential.ts";
import type { Entrant } from "./compare.ts";
import { compileText } from "./suites.ts";

export interface StoryCall {
  readonly from: string;
  readonly func: string;
  readonly args: readonly Val[];
  readonly value: bigint;
}

export function by(from: string, func: string, args: readonly Val[] = [], value = 0n): StoryCall {
  return { from, func, args, value };
}

/** How a call ended, in words: `= 5`, `NotOwner`, `panic 17`, `empty`, `rejected`. */
export type Ending = string;

export interface Told {
  /** By block, then by call. */
  readonly endings: readonly (readonly Ending[])[];
  /** Cells of the contract at the end that aren't at their default. */
  readonly cells: Readonly<Record<string, unknown>>;
  /** Of the chain with one worker, summed over the blocks. */
  readonly cleared: number;
  readonly uncleared: number;
  /** Waits of that chain. */
  readonly edges: number;
}

const ENTRANTS: readonly Entrant[] = [
  { name: "serial", workers: 1, mode: "serial", chunk: 1, delay: undefined, trace: false },
  { name: "1 worker", workers: 1, mode: "parallel", chunk: 1, delay: undefined, trace: true },
  { name: "2 workers, early calls late", workers: 2, mode: "parallel", chunk: 1, delay: (call) => (call === 0 ? 3_000 : 0), trace: true },
  { name: "3 workers, late calls late", workers: 3, mode: "parallel", chunk: 1, delay: (call) => call * 1_000, trace: true },
];

/** The first contract of the source is deployed by alice and called. `change` may alter the emitted text, to see whether that is noticed. */
export async function tell(
  source: string,
  blocks: readonly (readonly StoryCall[])[],
  change: (text: string) => string = (text) => text,
): Promise<Told> {
  const compiled = compileText(source);
  const modules = await loadAll(compiled, change);
  const { program } = compiled;
  const { name } = program.contracts[0];
  const loaded = modules.get(name);
  if (loaded === undefined) throw new Error(`no module of ${name}`);
  const world = newWorld();
  const chains = [];
  for (const entrant of ENTRANTS) chains.push({ entrant, chain: await openChain({ ...chainOptions(), ...entrant }) });
  const tally = createTally();
  try {
    const contract = contractNamed(compiled, name);
    const request = { from: account("alice"), args: constructorArgs(compiled, contract, []), value: 0n, time: world.time() };
    const { address } = world.deploy({ ...request, program, contract });
    for (const { chain } of chains) await chain.deploy(loaded, request);
    const endings: Ending[][] = [];
    for (const [number, block] of blocks.entries()) {
      const calls = requests(program, address, block, (from) => world.nonceOf(from));
      const time = world.time() + 1n;
      const before = cellTable(world.cells());
      const outcomes = world.runBlock(calls, time);
      endings.push(outcomes.map(({ receipt }, i) => endingOf(program, block[i].func, receipt.status, toHex(receipt.data))));
      for (const entrant of chains) {
        await compareBlock({
          where: `block ${number}`,
          world,
          before,
          outcomes,
          calls,
          time,
          contenders: [entrant],
          lone: false,
          tally: entrant.entrant.name === "1 worker" ? tally : createTally(),
        });
      }
    }
    const cells: Record<string, unknown> = {};
    for (const cell of world.cells()) {
      if (cell.contract === address)
        cells[`${cell.field}${cell.keys.map((key) => `[${nameOf(key)}]`).join("")}${cell.path.map((part) => `.${part}`).join("")}`] =
          cell.value;
    }
    return { endings, cells, cleared: tally.cleared, uncleared: tally.uncleared, edges: tally.edges };
  } finally {
    for (const { chain } of chains) await chain.close();
  }
}

const NAMES = ["alice", "bob", "carol", "dave", "eve"];

/** Accounts by name, everything else as it is. */
function nameOf(key: boolean | bigint | string): string {
  return NAMES.find((name) => account(name) === key) ?? String(key);
}

function functionNamed(program: Program, name: string) {
  return [...program.functions.values()].find((each) => each.name === name && (each.role === "external" || each.role === "getter"));
}

function requests(program: Program, to: Hex, block: readonly StoryCall[], nonceOf: (from: Hex) => bigint): CallRequest[] {
  const nonces = new Map<Hex, bigint>();
  return block.map((call) => {
    const from = account(call.from);
    const nonce = nonces.get(from) ?? nonceOf(from);
    nonces.set(from, nonce + 1n);
    const types = functionNamed(program, call.func)?.params.map((param) => param.type) ?? [];
    return {
      from,
      to,
      data: fromHex(encodeCall(call.func, types, call.args)),
      value: call.value,
      nonce,
      gasLimit: 10_000_000n,
      gasPrice: 0n,
    };
  });
}

function endingOf(program: Program, func: string, status: string, data: string): Ending {
  if (status === "rejected") return status;
  if (status === "success") return `= ${String(decodeResult(functionNamed(program, func)?.result ?? { kind: "unit" }, data))}`.trim();
  if (data === "0x") return "empty";
  if (data.startsWith("0x4e487b71")) return `panic ${BigInt(`0x${data.slice(10)}`)}`;
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
