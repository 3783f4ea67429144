/**
 * A chain on which the cases of one test are run one after the other. Between two cases it is rewound: each finds the height, the time and the accounts as if it were
 * the first, and deploys contracts of its own.
 */
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";
import type { Site, Test } from "../../../compiler/typed/tree.ts";
import { CapacityError } from "../../../runtime/state/capacity-error.ts";
import type { Cell, Chain, Hex } from "../../../runtime/types.ts";
import { generatedAccounts, namedAccount } from "../../accounts.ts";
import { createErrorReader } from "../calls.ts";
import type { Reached } from "../coverage.ts";
import { carryOut } from "../evaluate.ts";
import { cannotEvaluate, CaseDropped, TestFailure } from "../failure.ts";
import { brokenInvariant, createWatch } from "../invariants.ts";
import { watched } from "../run-tests.ts";
import type { Suite } from "../run-tests.ts";
import { createSession, START_TIME } from "../session.ts";
import type { Lease, Role } from "./arena.ts";
import type { Case, Step } from "./cases.ts";
import { createPlayer } from "./player.ts";
import type { Tape } from "./player.ts";

/** Asks for invariants. Nobody can call in its name. */
const [ASKER] = generatedAccounts("invariants", 1);

/** The time that all cases together may take is over. */
export class OutOfTime extends Error {}

export type Ending =
  | { readonly kind: "passed" }
  | { readonly kind: "dropped" }
  | {
      readonly kind: "failed";
      readonly failure: Diagnostic;
      /** The `fuzz` statement during which it failed. */
      readonly during: number | undefined;
    }
  | { readonly kind: "outOfTime" }
  /** The chain is full. Cases on a chain of their own may go through. */
  | { readonly kind: "full"; readonly reason: string };

export interface Ran {
  readonly ending: Ending;
  readonly plays: readonly (readonly Step[])[];
  readonly reverted: ReadonlySet<Step>;
  readonly trace: readonly string[];
}

export interface World {
  readonly run: (params: Case["params"], tape: Tape) => Promise<Ran>;
  /** All cells but what belongs to the asking for invariants, in order. */
  readonly cells: () => readonly string[];
}

export interface Setting {
  readonly test: Test;
  readonly suite: Suite;
  /** Of the accounts that have coin. */
  readonly accounts: readonly string[];
  /** Those among them that make random calls. */
  readonly callers: readonly string[];
  readonly tick: () => void;
  /** Told what runs of functions outside contracts. */
  readonly reached: Reached | undefined;
  /** What a failure between two statements points at; undefined: the statement. */
  readonly place: Site | undefined;
}

export function createWorld({ test, suite, accounts, callers, tick, place, reached }: Setting, lease: Lease, role: Role): World {
  const { program, modules, invariants } = suite;
  const { chain } = lease;
  const mode = role === "parallel" ? "parallel" : "serial";
  const names = new Map(accounts.map((name) => [String(namedAccount(name)), `@${name}`]));
  const reader = createErrorReader(program, names);
  const of = { invariants, reader, names };

  async function run(params: Case["params"], tape: Tape): Promise<Ran> {
    chain.rewind();
    const watch = createWatch(chain, ASKER, of);
    const plain = watched(createSession(chain, mode, undefined), watch);
    let time = START_TIME;
    const advanceTime = (seconds: bigint): void => {
      time += seconds;
      plain.advanceTime(seconds);
    };
    const session = { ...plain, advanceTime };
    const player = createPlayer(
      {
        ...{ chain, mode, program, accounts: callers, asker: ASKER, questions: watch.questions },
        broken: (invariant, data) => brokenInvariant(invariant, data, of, undefined),
        now: () => time,
        ...{ advanceTime, advanceHeight: session.advanceHeight, tick, traced: role !== "first" },
      },
      tape,
    );
    const ending = await end(() =>
      carryOut(test, {
        ...{ program, session, modules, names, reader, tick, reached },
        given: params,
        settled: (site) => watch.look(place ?? site),
        fuzz: player.play,
      }),
    );
    lease.calls += player.calls() + session.trace.length;
    const during = player.playing() ? player.plays.length - 1 : undefined;
    return {
      ending: ending.kind === "failed" ? { ...ending, during } : ending,
      ...{ plays: player.plays, reverted: player.reverted, trace: [...session.trace, ...player.trace] },
    };
  }

  async function end(carry: () => Promise<void>): Promise<Ending> {
    try {
      await carry();
      return { kind: "passed" };
    } catch (thrown) {
      if (thrown instanceof CaseDropped) return { kind: "dropped" };
      if (thrown instanceof OutOfTime) return { kind: "outOfTime" };
      if (thrown instanceof CapacityError) return { kind: "full", reason: `${thrown.what}, at most ${thrown.limit}` };
      if (thrown instanceof TestFailure) return { kind: "failed", failure: thrown.diagnostic, during: undefined };
      throw thrown;
    }
  }

  return { run, cells: () => cellsOf(chain) };
}

function cellsOf(chain: Chain): readonly string[] {
  const shown: string[] = [];
  for (const cell of chain.cells()) {
    if (!isOfAsker(cell, ASKER))
      shown.push(`${cell.contract ?? ""} ${cell.field} ${cell.keys.join(",")} ${cell.path.join(".")} ${String(cell.value)}`);
  }
  return shown.sort();
}

function isOfAsker({ contract, keys }: Cell, asker: Hex): boolean {
  return contract === undefined && keys.length === 1 && keys[0] === asker;
}

/** What a chain that is full means when it held this case alone. */
export function fullChain(test: Test, reason: string): Diagnostic {
  return cannotEvaluate(test.site, `the chain of this test ran out of reserved memory: ${reason}`).diagnostic;
}
