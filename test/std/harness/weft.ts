/** The Weft side: files compiled once, and a chain that runs each block in parallel and serially and compares both. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, hexToBytes } from "viem";
import type { Abi, Hex } from "viem";
import { LIBRARY_TEXTS } from "../../../compiler/modules/library-texts.ts";
import { compile } from "../../../compiler/pipeline.ts";
import type { Compiled } from "../../../compiler/pipeline.ts";
import { outputsOf } from "../../../compiler/codegen/outputs.ts";
import { blockBuffer } from "../../../runtime/block.ts";
import type { BlockResult, Chain, LoadedModule } from "../../../runtime/types.ts";
import { loadAll, openChain } from "../../helpers/chains.ts";
import { ROOT } from "../../helpers/cli.ts";
import { chainClosed } from "./collect.ts";
import type { EvmCall, Moment } from "./evm.ts";
import type { Outcome } from "./outcome.ts";

export interface WeftContract {
  readonly abi: Abi;
  readonly module: LoadedModule;
  /** Modules of the whole program: those that it may create are among them. */
  readonly all: readonly LoadedModule[];
}

const compiled = new Map<string, Promise<ReadonlyMap<string, WeftContract>>>();

/** All contracts of a file, by name; its path is relative to the project. */
export function weftFile(file: string): Promise<ReadonlyMap<string, WeftContract>> {
  const known = compiled.get(file) ?? contractsOf(compileOrThrow(file, readSource));
  compiled.set(file, known);
  return known;
}

/** A mistake to be made in a file of the library. */
export interface Mistake {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** All contracts of a file with a mistake in the library that they are made of. The compiler has the library inside, so its files become files beside this one. */
export async function weftFileWith(file: string, { file: broken, from, to }: Mistake): Promise<ReadonlyMap<string, WeftContract>> {
  const texts = new Map(
    LIBRARY_TEXTS.map(([path, text]) => {
      if (path !== broken) return [path.replace("weft/std/", "copy/"), text] as const;
      if (text.split(from).length !== 2)
        throw new Error(`stale: ${path} has this text ${text.split(from).length - 1} times, not once:\n${from}`);
      return [path.replace("weft/std/", "copy/"), text.replace(from, () => to)] as const;
    }),
  );
  const user = readSource(file)?.replaceAll('"weft/std/', '"./copy/') ?? "";
  return contractsOf(compileOrThrow("user.weft", (path) => (path === "user.weft" ? user : texts.get(path))));
}

function compileOrThrow(file: string, read: (path: string) => string | undefined): Compiled {
  const result = compile(file, read);
  const errors = result.diagnostics.filter(({ severity }) => severity === "error");
  if (result.compiled === undefined)
    throw new Error(`${file}: ${errors.map(({ code, message, path }) => `${code} ${path}: ${message}`).join("\n")}`);
  return result.compiled;
}

function readSource(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch {
    return undefined;
  }
}

async function contractsOf(whole: Compiled): Promise<ReadonlyMap<string, WeftContract>> {
  const modules = await loadAll(whole);
  const contracts = new Map<string, WeftContract>();
  for (const contract of whole.program.contracts) {
    const module = modules.get(contract.name);
    // The ABI as anybody reads it, from its JSON.
    const abi = JSON.parse(JSON.stringify(outputsOf(contract, whole).abi)) as Abi;
    if (module !== undefined) contracts.set(contract.name, { abi, module, all: [...modules.values()] });
  }
  return contracts;
}

export interface Weft {
  /** The height and time that a block after the last one with this much time in between has. */
  readonly height: bigint;
  readonly time: bigint;
  deploy(
    contract: WeftContract,
    call: Omit<EvmCall, "to">,
  ): Promise<{ readonly address: Hex; readonly outcome: Outcome; readonly moment: Moment }>;
  /** Moves time, makes empty blocks, and runs the calls as one block. */
  block(
    calls: readonly EvmCall[],
    time: bigint,
  ): Promise<{ readonly outcomes: readonly Outcome[]; readonly moment: Moment; readonly waiting: number }>;
  view(call: EvmCall): Outcome;
  balanceOf(address: Hex): bigint;
  close(): Promise<void>;
}

/** Above every bound of a cost, and payable with a price of nothing. */
const GAS_LIMIT = 2n ** 63n;

export async function openWeft(
  chainId: bigint,
  time: bigint,
  genesis: readonly { readonly address: Hex; readonly balance: bigint }[],
): Promise<Weft> {
  const chain = await openChain({ workers: 2, chainId, time, genesis });
  return {
    get height() {
      return chain.height;
    },
    get time() {
      return chain.time;
    },
    async deploy({ module, all }, { from, data, value }) {
      for (const other of all) if (module.module.creates.length > 0) await chain.load(other);
      const { address, receipt, height } = await chain.deploy(module, { from, args: hexToBytes(data), value, time: chain.time });
      return { address, outcome: outcomeOf(receipt), moment: { height, time: chain.time } };
    },
    block: (calls, at) => runBoth(chain, calls, at),
    view({ from, to, data, value }) {
      const { status, data: result } = chain.view({ from, to, data: hexToBytes(data), value });
      return { success: status === "success", data: bytesToHex(result), logs: [] };
    },
    balanceOf: (address) => chain.balanceOf(address),
    async close() {
      await chain.close();
      chainClosed();
    },
  };
}

async function runBoth(chain: Chain, calls: readonly EvmCall[], time: bigint): ReturnType<Weft["block"]> {
  const nonces = new Map<Hex, bigint>();
  const block = blockBuffer(
    calls.map(({ from, to, data, value }) => {
      const nonce = nonces.get(from) ?? chain.nonceOf(from);
      nonces.set(from, nonce + 1n);
      return { from, to, data: hexToBytes(data), value, nonce, gasLimit: GAS_LIMIT, gasPrice: 0n };
    }),
  );
  const parallel = await chain.execute(block, { time, mode: "parallel", trace: false });
  const { waiting } = parallel.stats;
  const inParallel = told(parallel);
  chain.discard();
  const serial = await chain.execute(block, { time, mode: "serial", trace: false });
  const { outcomes, text } = told(serial);
  if (text !== inParallel.text) throw new Error(`serial and parallel execution differ:\n${text}\n${inParallel.text}`);
  chain.commit();
  return { outcomes, moment: { height: serial.height, time }, waiting };
}

function told(result: BlockResult): { readonly outcomes: readonly Outcome[]; readonly text: string } {
  const outcomes = Array.from({ length: result.receipts.length }, (_, call) => outcomeOf(result.receipts.at(call)));
  const cells = result.changedCells().map(({ contract, cell, after }) => `${contract ?? ""}|${cell} = ${String(after)}`);
  return { outcomes, text: `${JSON.stringify(outcomes)}\n${cells.join("\n")}` };
}

function outcomeOf({ status, data, logs }: ReturnType<BlockResult["receipts"]["at"]>): Outcome {
  return {
    success: status === "success",
    data: bytesToHex(data),
    logs: logs.map((log) => ({ address: log.address, topics: log.topics, data: bytesToHex(log.data) })),
  };
}
