/**
 * Runs the tests of one file: each on a fresh chain serially and on another one in parallel. A test passes when it passes in both
 * and when every receipt and the final state are the same.
 */
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Program, Site, Test } from "../../compiler/typed/tree.ts";
import { openChain } from "../../runtime/chain.ts";
import { CapacityError } from "../../runtime/state/capacity-error.ts";
import type { Chain, LoadedModule, Mode } from "../../runtime/types.ts";
import { ACCOUNT_BALANCE, DEFAULT_ACCOUNT, namedAccount } from "../accounts.ts";
import { accountsOf } from "./accounts.ts";
import { loadContract } from "../modules.ts";
import { createErrorReader } from "./calls.ts";
import type { Reached } from "./coverage.ts";
import { carryOut } from "./evaluate.ts";
import type { TestWorld } from "./evaluate.ts";
import { cannotEvaluate, TestFailure } from "./failure.ts";
import { createWatch, findInvariants, openInvariants } from "./invariants.ts";
import type { Invariants, Watch } from "./invariants.ts";
import { createSession } from "./session.ts";
import type { Session, SessionListener } from "./session.ts";

/** Enough to show a wait between two calls; more threads find nothing more in blocks of a few calls. */
const WORKERS = 2;
/** Tests touch few cells, and chains are opened often. */
const CAPACITY = 65_536;

/** Looks on while a test runs. */
export interface Watching {
  /** Called once, before the test begins, with the chain it runs on and the names of its accounts. */
  readonly attach: (chain: Chain, names: ReadonlyMap<string, string>) => SessionListener | undefined;
  /** Told what runs of functions outside contracts. */
  readonly reached: Reached | undefined;
}

export interface Suite {
  readonly program: Program;
  readonly modules: ReadonlyMap<string, LoadedModule>;
  readonly invariants: Invariants;
}

export async function prepareSuite(compiled: Compiled): Promise<Suite> {
  const modules = new Map<string, LoadedModule>();
  const opened = openInvariants(compiled);
  for (const contract of opened.program.contracts) modules.set(contract.name, await loadContract(opened, contract));
  return { program: compiled.program, modules, invariants: findInvariants(compiled.program) };
}

/** Undefined when it passes. `watching` looks on the serial run. */
export async function runTest(test: Test, suite: Suite, watching?: Watching): Promise<Diagnostic | undefined> {
  const serial = await runOnce(test, suite, "serial", watching);
  if (serial.failure !== undefined) return serial.failure;
  const parallel = await runOnce(test, suite, "parallel", undefined);
  if (parallel.failure?.code === "E0614") return parallel.failure;
  const problem = difference(serial, parallel);
  return problem === undefined ? undefined : new TestFailure("E0615", test.site, { problem }).diagnostic;
}

interface Run {
  readonly failure: Diagnostic | undefined;
  readonly trace: readonly string[];
  readonly digest: string;
}

export async function runOnce(test: Test, suite: Suite, mode: Mode, watching: Watching | undefined): Promise<Run> {
  const { program, modules, invariants } = suite;
  const accounts = [...new Set([DEFAULT_ACCOUNT, ...accountsOf(test)])];
  const chain = await openChain({
    workers: mode === "serial" ? 1 : WORKERS,
    sharing: "always",
    capacity: CAPACITY,
    genesis: accounts.map((name) => ({ address: namedAccount(name), balance: ACCOUNT_BALANCE })),
  });
  const names = new Map(accounts.map((name) => [String(namedAccount(name)), `@${name}`]));
  // Contracts that others make must be known before.
  for (const module of modules.values()) await chain.load(module);
  const reader = createErrorReader(program, names);
  const watch = createWatch(chain, namedAccount(DEFAULT_ACCOUNT), { invariants, reader, names });
  const session = watched(createSession(chain, mode, naming(names, watching?.attach(chain, names))), watch);
  const fuzz = (stmt: { readonly site: Site }): never => {
    throw cannotEvaluate(stmt.site, "random calls are made by fuzz runs");
  };
  const world: TestWorld = {
    ...{ program, session, modules, names, reader, fuzz },
    reached: watching?.reached,
    given: [],
    tick: () => undefined,
    settled: watch.look,
  };
  try {
    await carryOut(test, world);
    return { failure: undefined, trace: session.trace, digest: session.digest() };
  } catch (error) {
    if (error instanceof CapacityError) {
      const reason = `the chain of this test ran out of reserved memory: ${error.what}, at most ${error.limit}`;
      return { failure: cannotEvaluate(test.site, reason).diagnostic, trace: session.trace, digest: "" };
    }
    if (!(error instanceof TestFailure)) throw error;
    return { failure: error.diagnostic, trace: session.trace, digest: session.digest() };
  } finally {
    await chain.close();
  }
}

/** Contracts that the test deploys are called by their names in what it says: the second of a kind with a number. */
function naming(names: Map<string, string>, listener: SessionListener | undefined): SessionListener {
  const counts = new Map<string, number>();
  return {
    block: (...values) => listener?.block(...values),
    beforeDeployment: () => listener?.beforeDeployment(),
    deployed(deployment, result) {
      const { name } = deployment.module.module;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      if (!names.has(result.address)) names.set(result.address, count === 1 ? name : `${name}#${count}`);
      listener?.deployed(deployment, result);
    },
  };
}

/** Notes what invariants may depend on. */
export function watched(session: Session, watch: Watch): Session {
  return {
    ...session,
    async block(calls, keep) {
      const outcome = await session.block(calls, keep);
      if (keep === "keep") watch.changed();
      return outcome;
    },
    async deploy(deployment) {
      const result = await session.deploy(deployment);
      if (result.receipt.status === "success") watch.deployed(deployment.module, result.address);
      return result;
    },
    async advanceHeight(blocks) {
      await session.advanceHeight(blocks);
      watch.changed();
    },
  };
}

function difference(serial: Run, parallel: Run): string | undefined {
  for (let i = 0; i < Math.max(serial.trace.length, parallel.trace.length); i++) {
    if (serial.trace[i] === parallel.trace[i]) continue;
    return `serial: ${serial.trace[i] ?? "nothing"}, parallel: ${parallel.trace[i] ?? "nothing"}`;
  }
  if (parallel.failure !== undefined) return `only the parallel run fails: ${parallel.failure.message}`;
  return serial.digest === parallel.digest ? undefined : `the final states have digests ${serial.digest} and ${parallel.digest}`;
}
