/**
 * The cells listed for one given call, held against what the reference interpreter touches: every touched cell is listed, by name or by its field
 * where a key stays open; what is listed by name belongs to an access whose conditions aren't false. Terms are evaluated as
 * the interpreter's operators do.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallCell } from "../../compiler/footprint/call-cell.ts";
import { cellsOfCall } from "../../compiler/footprint/call-cells.ts";
import { evaluate } from "../../compiler/footprint/concrete.ts";
import type { Given } from "../../compiler/footprint/concrete.ts";
import { flatten } from "../../compiler/footprint/flatten.ts";
import type { ContractFootprint, EntryPlan, FlatAccess, Leaf, Term } from "../../compiler/footprint/footprint.ts";
import type { Type } from "../../compiler/core/types.ts";
import { childrenOf } from "../../compiler/footprint/terms.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { ContextName, Func } from "../../compiler/typed/tree.ts";
import type { CallRequest } from "../../runtime/types.ts";
import { resolveBlock } from "../helpers/call-spec.ts";
import type { BlockSpec, Setting } from "../helpers/call-spec.ts";
import { loadAll } from "../helpers/chains.ts";
import { createTally } from "../helpers/compare.ts";
import { openArena, playHistory } from "../helpers/differential.ts";
import { termValue } from "../helpers/formula.ts";
import { runSettings } from "../helpers/runs.ts";
import { compileFile, SHOP, TOKEN } from "../helpers/suites.ts";
import type { Suite } from "../helpers/suites.ts";
import { decodeAll, selectorOf } from "../interpreter/abi.ts";
import { randomSubject, writtenNames, writtenSubject } from "../soundness/subjects.ts";
import type { Subject } from "../soundness/subjects.ts";
import { hashOf } from "../interpreter/crypto.ts";
import { sameValue, toHex } from "../interpreter/values.ts";
import type { Val } from "../interpreter/values.ts";

interface Counts {
  calls: number;
  touched: number;
  byName: number;
  terms: number;
  values: number;
}

interface Known {
  readonly func: Func;
  readonly plan: EntryPlan;
  readonly footprint: ContractFootprint;
  readonly args: readonly Val[];
  readonly context: Readonly<Record<string, Val>>;
}

// The shop touches cells of contracts that it made, whose addresses the listing has no names for.
for (const name of writtenNames().filter((path) => path !== SHOP.path)) {
  it(`${name}: what a call touches is listed for it, and only what its conditions allow`, { timeout: 600_000 }, async () => {
    const subject = writtenSubject(name);
    const counts = noCounts();
    await fc.assert(
      fc.asyncProperty(fc.noShrink(subject.blocks({ blocks: { min: 1, max: 6 }, calls: 20 })), async (blocks) => {
        await checkBlocks(subject, blocks, counts);
      }),
      runSettings(`cells of calls of ${name}`, 10),
    );
    expect(counts.calls).toBeGreaterThan(50);
    expect(counts.touched).toBeGreaterThan(counts.calls);
    expect(counts.byName / counts.touched).toBeGreaterThan(0.1);
  });
}

it("random contracts: what a call touches is listed for it", { timeout: 600_000 }, async () => {
  const counts = noCounts();
  await fc.assert(
    fc.asyncProperty(fc.noShrink(fc.nat()), fc.nat(), async (seed, blockSeed) => {
      const subject = randomSubject(seed);
      const [blocks] = fc.sample(subject.blocks({ blocks: { min: 4, max: 4 }, calls: 12 }), { seed: blockSeed, numRuns: 1 });
      try {
        await checkBlocks(subject, blocks, counts);
      } catch (error) {
        throw new Error(`${String(error)} in\n${subject.source}`, { cause: error });
      }
    }),
    runSettings("cells of calls of random contracts", 20),
  );
  expect(counts.calls).toBeGreaterThan(100);
});

function noCounts(): Counts {
  return { calls: 0, touched: 0, byName: 0, terms: 0, values: 0 };
}

/** Every call of the blocks, with all that is known of it and without who makes it and where. */
async function checkBlocks({ suite, compiled }: Subject, blocks: readonly BlockSpec[], counts: Counts): Promise<void> {
  const { world, ...arena } = await openArena([]);
  const modules = await loadAll(compiled);
  const setting = await playHistory({ world, ...arena }, { suite, compiled, modules, blocks: [] }, createTally(), 1);
  for (const block of blocks) {
    const calls = resolveBlock(setting, world, block);
    const time = world.time() + block.advance;
    const height = world.height() + 1n;
    const outcomes = world.runBlock(calls, time);
    calls.forEach((call, i) => {
      const known = knownOf(setting, suite, compiled, call, { time, height });
      if (known === undefined || outcomes[i].touched.size === 0) return;
      counts.calls++;
      checkTerms(known, counts);
      checkListed(known, givenOf(known), [...outcomes[i].touched.keys()], counts);
      checkListed(known, { ...givenOf(known), context: new Map() }, [...outcomes[i].touched.keys()], counts);
    });
  }
}

describe("a call without its conditions", () => {
  it("is shown to touch more than is listed", () => {
    const compiled = compileFile(TOKEN.path);
    const footprint = footprintNamed(compiled, "Token");
    const transfer = [...footprint.entries.values()].find(({ func }) => compiled.program.functions.get(func)?.name === "transfer");
    if (transfer === undefined) throw new Error("no transfer");
    const known = { func: functionOf(compiled, transfer), plan: { ...transfer, steps: [] }, footprint, args: ["0x", 1n], context: {} };
    const touched = [`0x1|balances[0x]`];
    expect(() => checkListed(known, givenOf(known), touched, noCounts())).toThrow();
  });
});

function footprintNamed(compiled: Compiled, name: string): ContractFootprint {
  const found = compiled.footprints.contracts.find(({ contract }) => contract.name === name);
  if (found === undefined) throw new Error(`no footprint of ${name}`);
  return found;
}

function functionOf(compiled: Compiled, plan: EntryPlan): Func {
  const found = compiled.program.functions.get(plan.func);
  if (found === undefined) throw new Error("no function");
  return found;
}

/** Undefined for calls that reach no function. */
function knownOf(
  setting: Setting,
  suite: Suite,
  compiled: Compiled,
  call: CallRequest,
  { time, height }: { readonly time: bigint; readonly height: bigint },
): Known | undefined {
  const data = toHex(call.data);
  const index = setting.contracts.findIndex(({ address }) => address === call.to);
  const types = (func: Func): readonly Func["result"][] => func.params.map((param) => param.type);
  const func = setting.contracts.at(index)?.functions.find((each) => selectorOf(each.name, types(each)) === data.slice(0, 10));
  const args = func === undefined ? undefined : decodeAll(types(func), data.slice(10));
  if (index < 0 || func === undefined || args === undefined) return undefined;
  const footprint = footprintNamed(compiled, suite.deployments[index].contract);
  const plan = footprint.entries.get(func.id);
  if (plan === undefined) throw new Error(`no plan of ${func.name}`);
  const words = { caller: call.from, value: call.value, "self.address": call.to };
  return { func, plan, footprint, args, context: { ...words, "block.height": height, "block.time": time, "chain.id": 1337n } };
}

const NAMES: readonly ContextName[] = ["caller", "value", "self.address", "block.height", "block.time", "chain.id"];

function givenOf({ args, context }: Known): Given {
  return {
    args,
    context: new Map(NAMES.flatMap((name): [ContextName, Val][] => (name in context ? [[name, context[name]]] : []))),
    loops: new Map(),
    outside: () => undefined,
  };
}

// --- touched is listed -----------------------------------------------------------------------------------------------

function checkListed(known: Known, given: Given, touched: readonly string[], counts: Counts): void {
  const { plan, footprint, func } = known;
  const { cells, calls } = cellsOfCall(plan, given);
  const names = new Set<string>();
  const fields = new Set<string>();
  for (const cell of cells) {
    const leaf = footprint.leaves[cell.leaf];
    const keys = cell.keys.flatMap((key) => (key.kind === "value" ? [keyName(key.type, key.value)] : []));
    if (keys.length === cell.keys.length) names.add(nameOf(leaf, keys));
    else fields.add(nameOf(leaf, []));
  }
  for (const cell of touched) {
    // What runs there isn't known here.
    const [self, name] = [cell.slice(0, cell.indexOf("|")), cell.slice(cell.indexOf("|") + 1)];
    const foreign = self !== "" && self !== known.context["self.address"] && "self.address" in known.context;
    if (calls.length > 0 && (foreign || self === "")) continue;
    counts.touched++;
    const named = names.has(name);
    if (named) counts.byName++;
    const listed = named || fields.has(name.replaceAll(/\[[^\]]*\]/g, ""));
    if (!listed) throw new Error(`${func.name} touches ${name}, listed are ${[...names, ...fields].join(" ")}`);
  }
  for (const cell of cells) if (cell.keys.every((key) => key.kind === "value") && cell.mode !== "T") checkPossible(known, given, cell);
}

/** Strings and bytes are keys by their hash. */
function keyName(type: Type, value: Val): string {
  return type.kind === "string" || type.kind === "bytes" ? hashOf("keccak256", String(value)) : String(value);
}

function nameOf(leaf: Leaf, keys: readonly string[]): string {
  const isLength = leaf.field?.type.kind !== "struct" && leaf.pathNames[0] === "len" && leaf.path.length === 0;
  const field = leaf.field === undefined ? "coin" : leaf.field.name + (isLength ? ".len" : "");
  return field + keys.map((key) => `[${key}]`).join("") + (isLength ? "" : leaf.pathNames.map((name) => `.${name}`).join(""));
}

/** Some access of the code may be to this very cell, as far as an evaluator of its own can tell. */
function checkPossible(known: Known, given: Given, cell: CallCell): void {
  const call = { args: known.args, context: Object.fromEntries(given.context) };
  const may = (access: FlatAccess): boolean =>
    access.leaf === cell.leaf &&
    access.guards.every(({ term, holds }) => {
      const value = termValue(term, call);
      return value === undefined || value === holds;
    }) &&
    access.keys.every((key, i) => {
      const [value, listed] = [termValue(key, call), cell.keys[i]];
      return value === undefined || (listed.kind === "value" && sameValue(value, listed.value));
    });
  const inErrors = cell.ifFails;
  if (!inErrors && !flatten(known.plan).some(may)) throw new Error(`${known.func.name} can't get to leaf ${cell.leaf}`);
}

// --- terms -----------------------------------------------------------------------------------------------------------

/** Conditions, keys and amounts come out as with the operators of the interpreter. */
function checkTerms(known: Known, counts: Counts): void {
  const given = givenOf(known);
  for (const access of flatten(known.plan)) {
    const amount = access.amount === undefined ? [] : [access.amount.term];
    for (const root of [...access.keys, ...amount, ...access.guards.map(({ term }) => term)]) {
      for (const term of partsOf(root)) {
        const wanted = termValue(term, known);
        const found = evaluate(term, given);
        counts.terms++;
        if (wanted === undefined) continue;
        counts.values++;
        if (found.kind !== "value" || !sameValue(found.value, wanted))
          throw new Error(`${known.func.name}: ${term.kind} is ${JSON.stringify(found, (_, v: unknown) => String(v))}`);
      }
    }
  }
}

function partsOf(term: Term): readonly Term[] {
  return [term, ...childrenOf(term).flatMap(partsOf)];
}
