/**
 * Fixes put to the test: a program with a fix applied must compile, and where the fix says that it changes nothing, tell the same story as before, in
 * the reference interpreter, call by call: status, data, logs and cells. What a call costs may differ.
 */
import fc from "fast-check";
import { applyEdits } from "../../compiler/diagnostics/edits.ts";
import type { Diagnostic, Fix } from "../../compiler/diagnostics/diagnostic.ts";
import { compile, type Compilation, type Compiled } from "../../compiler/pipeline.ts";
import { fullName } from "../interpreter/store.ts";
import { toHex } from "../interpreter/values.ts";
import type { CallOutcome, World } from "../interpreter/world.ts";
import { smallBlocks } from "../footprints/blocks.ts";
import { resolveBlock, type BlockSpec } from "./call-spec.ts";
import { contractNamed, functionsOf } from "./differential.ts";
import { populate } from "./populate.ts";
import type { Suite } from "./suites.ts";

export const FILE = "c.weft";

export function compileText(text: string): Compilation {
  return compile(FILE, (path) => (path === FILE ? text : undefined));
}

export function applyFix(text: string, { edits }: Fix): string {
  return applyEdits(text, edits);
}

/** The program with the fix; throws what is wrong with it. */
export function fixedProgram(text: string, fix: Fix): { readonly text: string; readonly compilation: Compilation } {
  const after = applyFix(text, fix);
  const compilation = compileText(after);
  const errors = compilation.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new Error(`${fix.title}: ${errors.map(({ code, message }) => `${code} ${message}`).join("; ")} in\n${after}`);
  return { text: after, compilation };
}

export function warningsOf({ diagnostics }: Compilation): readonly Diagnostic[] {
  return diagnostics.filter(({ code }) => code.startsWith("W10"));
}

/** Blocks whose calls never lack gas and pay no fee: what a call may cost is the one thing that may differ. */
export function blocksFor(
  compiled: Compiled,
  suite: Suite,
  seed: number,
  scale = { blocks: { min: 1, max: 6 }, calls: 40 },
): readonly BlockSpec[] {
  const functions = suite.deployments.map(({ contract }) => functionsOf(compiled, contractNamed(compiled, contract)));
  const [blocks] = fc.sample(smallBlocks(functions, scale), { seed, numRuns: 1 });
  return blocks.map(({ calls, advance }) => ({ advance, calls: calls.map((call) => ({ ...call, gas: "plenty", gasPrice: 0n })) }));
}

/** What an observer sees of the blocks, call by call; `errors`: of calls that fail only that they do. */
export function storyOf(compiled: Compiled, suite: Suite, blocks: readonly BlockSpec[], changes: "nothing" | "errors"): readonly string[] {
  const { world, setting } = populate(suite, compiled);
  return blocks.flatMap((block, number) => {
    const calls = resolveBlock(setting, world, block);
    const outcomes = world.runBlock(calls, world.time() + block.advance);
    const receipts = outcomes.map(({ receipt }, i) => {
      const call = `block ${number}, call ${i} (${block.calls[i].func})`;
      return `${call}: ${changes === "errors" && receipt.status !== "success" ? "fails" : receiptText(receipt)}`;
    });
    return [...receipts, `block ${number} leaves ${cellsOf(world).join(", ")}`];
  });
}

/** All but what it cost. */
export function receiptText({ status, data, logs, rejection }: CallOutcome["receipt"]): string {
  const events = logs.map((log) => JSON.stringify(log, (_, value: unknown) => shown(value)));
  return `${status} ${rejection ?? ""} ${toHex(data)} ${events.join(" ")}`;
}

export function cellsOf(world: World): readonly string[] {
  return [...world.cells()].map((cell) => `${fullName(cell)} = ${String(shown(cell.value))}`).sort();
}

function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === "bigint" ? String(value) : value;
}

/** A suite of one contract. */
export function suiteOf(contract: string, args: Suite["deployments"][number]["args"]): Suite {
  return {
    name: contract,
    path: FILE,
    deployments: [{ contract, args }],
    setup: [],
    holders: {},
    habits: { weights: {}, ids: new Set(), sequence: undefined, large: [], values: [], advances: [], calls: 0 },
  };
}
