/**
 * A test looked at while it runs: once more, on one thread and on modules with probes, for coverage, statements and traces. Whether it passes is decided
 * elsewhere, without probes. Suites are prepared when first asked for, so that who asks for nothing pays nothing.
 */
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Site, Test } from "../../compiler/typed/tree.ts";
import type { Chain, Hex, LoadedModule } from "../../runtime/types.ts";
import { cellText } from "../../runtime/state/cell-list.ts";
import { loadProbed } from "../modules.ts";
import { createErrorReader } from "./calls.ts";
import type { CostBook } from "./costs.ts";
import type { CoverageBook, Reached } from "./coverage.ts";
import type { Context } from "../outcome.ts";
import type { FuzzOptions } from "./fuzz/campaign.ts";
import { createFuzzer } from "./fuzz/run-fuzzed.ts";
import type { FuzzedTest } from "./fuzz/run-fuzzed.ts";
import { openInvariants } from "./invariants.ts";
import { listen } from "./probes.ts";
import type { ProbeListener } from "./probes.ts";
import { runOnce } from "./run-tests.ts";
import type { Suite, Watching } from "./run-tests.ts";
import { createTracer } from "./trace.ts";
import type { TraceChange, Tracer } from "./trace.ts";
import { createTraceText } from "./trace-text.ts";
import type { TraceLine } from "./trace-text.ts";

export interface Observers {
  readonly coverage: CoverageBook | undefined;
  readonly costs: CostBook | undefined;
}

export interface Traces {
  /** Of the call that failed: from the test down to the check. Empty when the test failed by something else. */
  readonly chain: readonly TraceLine[];
  readonly all: readonly TraceLine[];
}

export interface ObservedSuite {
  /** For the serial run that decides: takes its receipts. */
  readonly watching: Watching | undefined;
  /** Runs the test for coverage and statements, if somebody wants them. */
  readonly observe: (test: Test) => Promise<void>;
  /** The same for a test with made-up values: its cases once more. */
  readonly observeFuzzed: (test: FuzzedTest, options: FuzzOptions, context: Context) => Promise<void>;
  /** Runs the test for a trace; `failedAt` is where it failed. */
  readonly trace: (test: Test, failedAt: Site) => Promise<Traces>;
}

export function observeSuite(compiled: Compiled, suite: Suite, { coverage, costs }: Observers): ObservedSuite {
  const { program } = compiled;
  const reached = coverage?.watch(program);
  let probed: Suite | undefined;

  async function probedSuite(): Promise<Suite> {
    if (probed !== undefined) return probed;
    const modules = new Map<string, LoadedModule>();
    const opened = openInvariants(compiled);
    for (const contract of opened.program.contracts) modules.set(contract.name, await loadProbed(opened, contract));
    probed = { program, modules, invariants: suite.invariants };
    return probed;
  }

  async function run(test: Test, listener: ProbeListener, watching: Watching): Promise<void> {
    const ready = await probedSuite();
    for (const module of ready.modules.values()) listen(module, program, listener);
    try {
      await runOnce(test, ready, "serial", watching);
    } finally {
      for (const module of ready.modules.values()) listen(module, program);
    }
  }

  return {
    watching:
      costs === undefined ? undefined : { attach: (chain) => costs.receipts(program, contractFinder(suite, chain)), reached: undefined },
    async observe(test) {
      if (reached === undefined && costs === undefined) return;
      const steps = costs?.steps(program);
      await run(test, countingListener(reached, steps), { attach: () => undefined, reached });
      steps?.end();
    },
    async observeFuzzed(fuzzed, options, context) {
      // What random calls cost says nothing about what calls cost.
      if (reached === undefined) return;
      const ready = await probedSuite();
      const fuzzer = createFuzzer([fuzzed.test], ready, context, reached);
      const listener = countingListener(reached, undefined);
      for (const module of ready.modules.values()) listen(module, program, listener);
      try {
        await fuzzer.run(fuzzed, options, "coverage");
      } finally {
        for (const module of ready.modules.values()) listen(module, program);
        await fuzzer.close();
      }
    },
    async trace(test, failedAt) {
      const ready = await probedSuite();
      let tracer: Tracer | undefined;
      let lines: (() => Traces) | undefined;
      // The tracer needs the chain, which is there when the test begins.
      const late: ProbeListener = {
        begin: (...values) => tracer?.begin(...values),
        enter: (...values) => tracer?.enter(...values),
        leave: (...values) => tracer?.leave(...values),
        step: (id) => tracer?.step(id),
        choice: () => undefined,
        event: (...values) => tracer?.event(...values),
      };
      const attach = (chain: Chain, names: ReadonlyMap<string, string>): Tracer => {
        const made = createTracer({ program, cells: () => cellsOf(chain) });
        tracer = made;
        lines = () => {
          const named = nameContracts(names, made.contracts);
          const text = createTraceText(program, ready.modules, named, createErrorReader(program, named), (at) => made.contracts.get(at));
          const failed = made.blocks.at(-1)?.calls.find(({ site, receipt }) => sameSite(site, failedAt) && receipt.status !== "success");
          return { chain: failed === undefined ? [] : text.chain(failed), all: text.all(made.blocks) };
        };
        return made;
      };
      await run(test, late, { attach, reached: undefined });
      return lines?.() ?? { chain: [], all: [] };
    },
  };
}

function countingListener(reached: Reached | undefined, steps: ReturnType<CostBook["steps"]> | undefined): ProbeListener {
  return {
    begin: (running, bytesOf, func) => steps?.begin(running, bytesOf, func),
    enter: (_running, _bytesOf, func) => reached?.enter(func.id),
    leave: () => undefined,
    step(id) {
      reached?.step(id);
      steps?.step(id);
    },
    choice: (id, held) => reached?.choice(id, held),
    event: () => undefined,
  };
}

/** By the ABI, which a chain has from the module itself. */
function contractFinder({ modules }: Suite, chain: Chain): (address: Hex) => string | undefined {
  const byAbi = new Map([...modules].map(([name, { module }]) => [module.abi, name] as const));
  return (address) => {
    const abi = chain.abiOf(address);
    return abi === undefined ? undefined : byAbi.get(abi);
  };
}

function cellsOf(chain: Chain): ReadonlyMap<string, TraceChange> {
  const cells = new Map<string, TraceChange>();
  for (const cell of chain.cells()) {
    if (cell.contract === undefined && cell.field === "nonce") continue;
    const text = cellText(cell);
    cells.set(`${cell.contract ?? ""}|${text}`, { contract: cell.contract, cell: text, before: undefined, after: cell.value });
  }
  return cells;
}

/** Accounts and contracts as the test names them, and those that were made by others: the second of a kind with a number. */
function nameContracts(names: ReadonlyMap<string, string>, contracts: ReadonlyMap<Hex, string>): ReadonlyMap<string, string> {
  const all = new Map(names);
  const taken = new Set(all.values());
  for (const [address, name] of contracts) {
    if (all.has(address)) continue;
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}#${count}`;
    taken.add(free);
    all.set(address, free);
  }
  return all;
}

function sameSite(a: Site, b: Site): boolean {
  return a.path === b.path && a.span.start === b.span.start && a.span.end === b.span.end;
}
