/**
 * Runs many random cases of one test, serially and then the same in parallel, until one fails or there were enough; then shrinks what failed. The same seed gives the
 * same cases.
 */
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";
import type { Contract, Test, TestStmt } from "../../../compiler/typed/tree.ts";
import { ACCOUNT_BALANCE, DEFAULT_ACCOUNT, namedAccount } from "../../accounts.ts";
import { accountsOf } from "../accounts.ts";
import { TestFailure } from "../failure.ts";
import type { Reached } from "../coverage.ts";
import type { Suite } from "../run-tests.ts";
import { START_TIME } from "../session.ts";
import { Arena } from "./arena.ts";
import type { Role } from "./arena.ts";
import type { Case } from "./cases.ts";
import { createDictionary } from "./dictionary.ts";
import type { Dictionary } from "./dictionary.ts";
import { draw } from "./draw.ts";
import type { Tape } from "./player.ts";
import { printCase } from "./print.ts";
import { createRandom } from "./random.ts";
import type { Random } from "./random.ts";
import { callCount, shrink } from "./shrink.ts";
import { createWorld, fullChain, OutOfTime } from "./world.ts";
import type { Ran, Setting, World } from "./world.ts";

export interface FuzzOptions {
  readonly seed: number;
  readonly runs: number;
  /** Random calls of a `fuzz` statement that doesn't say how many. */
  readonly depth: number;
  /** For the cases of one test; shrinking has as much again at most. */
  readonly maxSeconds: number;
}

export interface Counterexample {
  /** A test that fails in the same way. */
  readonly code: string;
  /** Random calls in it, and in the case that was found. */
  readonly calls: number;
  readonly foundCalls: number;
  /** Cases that were tried to make it simpler. */
  readonly tries: number;
  /** Whether it fails in the same way on a chain of its own. */
  readonly reproduced: boolean;
}

export interface FuzzReport {
  /** What was asked for: with the same, the same comes out. */
  readonly options: FuzzOptions;
  /** Cases that were played to their end; the last one failed, if there is a failure. */
  readonly runs: number;
  /** Cases that a `require` dropped. */
  readonly dropped: number;
  /** Random calls. */
  readonly calls: number;
  readonly outOfTime: boolean;
  readonly failure: Diagnostic | undefined;
  readonly counterexample: Counterexample | undefined;
}

export interface Campaign {
  readonly test: Test;
  readonly suite: Suite;
  readonly arena: Arena;
  readonly options: FuzzOptions;
  /** Told what runs of functions outside contracts. */
  readonly reached: Reached | undefined;
  /** Text of the file that the test stands in. */
  readonly text: string;
  /** The test is made for a contract: a deployment that fails drops the case, and places are those of the contract. */
  readonly madeFor: Contract | undefined;
  readonly now: () => number;
  readonly progress: (text: string) => void;
}

/** Accounts that random calls are made by and that addresses are drawn from, beside those that the test names. */
const CROWD = ["alice", "bob", "carol", "dave"];
const MAX_CALLERS = 6;
/** Cases dropped for each one that isn't, before the test is given up. */
const MAX_DROPPED = 20;
const SPARE_DROPPED = 200;
const MAX_TRIES = 3_000;
/** Each of the first cases is played in parallel, then every eighth: waking a thread for each block takes several times as long as its calls. */
const ALL_COMPARED = 16;
const COMPARED = 8;
/** Statements between two looks at the clock. */
const TICKS = 64;

export async function runCampaign(campaign: Campaign): Promise<FuzzReport> {
  const { test, suite, options, now } = campaign;
  const named = accountsOf(test);
  const callers = [...new Set([...named, ...CROWD])].slice(0, Math.max(named.length, MAX_CALLERS));
  const accounts = [...new Set([DEFAULT_ACCOUNT, ...callers])];
  const clock = createClock(now, options.maxSeconds * 1_000);
  // The owner of what a test deploys without `as` is the default account: random calls are made in its name, too.
  const setting: Setting = {
    test,
    suite,
    accounts,
    callers: usesDefault(campaign) ? accounts : callers,
    tick: clock.tick,
    reached: campaign.reached,
    place: campaign.madeFor?.site,
  };
  return new Hunt(campaign, setting, clock).run();
}

/** The accounts that have coin in the campaigns of these tests. */
export function accountsOfAll(tests: readonly Test[]): readonly string[] {
  return [...new Set([DEFAULT_ACCOUNT, ...CROWD, ...tests.flatMap(accountsOf)])];
}

function usesDefault({ test, madeFor }: Campaign): boolean {
  return madeFor === undefined && test.body.some((stmt) => stmt.kind === "fuzz") && !accountsOf(test).includes(DEFAULT_ACCOUNT);
}

interface Clock {
  readonly tick: () => void;
  readonly isOver: () => boolean;
  /** Begins again. */
  readonly restart: () => void;
}

function createClock(now: () => number, maxMs: number): Clock {
  let end = now() + maxMs;
  let ticks = 0;
  return {
    tick() {
      if (++ticks % TICKS === 0 && now() > end) throw new OutOfTime();
    },
    isOver: () => now() > end,
    restart() {
      end = now() + maxMs;
    },
  };
}

/** One campaign while it runs. */
class Hunt {
  private arena: Arena;
  private runs = 0;
  private dropped = 0;
  private calls = 0;
  private readonly dictionary: Dictionary;
  private readonly names: ReadonlyMap<string, string>;
  private readonly campaign: Campaign;
  private readonly setting: Setting;
  private readonly clock: Clock;
  /** Whether the test asserts that calls don't wait: only parallel runs tell. */
  private readonly claimsParallel: boolean;

  constructor(campaign: Campaign, setting: Setting, clock: Clock) {
    this.arena = campaign.arena;
    this.campaign = campaign;
    this.setting = setting;
    this.clock = clock;
    this.claimsParallel = hasParallelBlock(campaign.test.body);
    this.dictionary = createDictionary(campaign.suite.program);
    this.names = new Map(setting.accounts.map((name) => [String(namedAccount(name)), `@${name}`]));
  }

  private async world(role: Role): Promise<World> {
    return createWorld(this.setting, await this.arena.lease(role), role);
  }

  async run(): Promise<FuzzReport> {
    const { options, test, progress } = this.campaign;
    for (let number = 0; this.runs < options.runs; number++) {
      progress(`run ${this.runs + 1} of ${options.runs}, ${this.calls} calls, seed ${options.seed}`);
      await this.arena.tidy();
      const lease = await this.arena.lease("first");
      const fresh = lease.calls === 0;
      const world = createWorld(this.setting, lease, "first");
      const random = createRandom(`${options.seed}/${test.title}/${number}`);
      const params = this.drawParams(random);
      const tape: Tape = { kind: "record", random, dictionary: this.dictionary, depth: options.depth, coin: ACCOUNT_BALANCE / 10n ** 6n };
      const ran = await world.run(params, tape);
      const found: Case = { params, plays: ran.plays };
      const { ending } = ran;
      if (ending.kind === "outOfTime") return this.report({ outOfTime: true });
      if (ending.kind === "full") {
        if (fresh) return this.report({ failure: fullChain(test, ending.reason) });
        await this.arena.drop("first");
        number--;
        continue;
      }
      this.calls += callCount(found);
      const isRefused = ending.kind === "failed" && this.isRefusedInit(ending.failure);
      if (ending.kind === "failed" && !isRefused) {
        this.runs++;
        return this.explain(found, ran, ending.failure, "serial");
      }
      if (this.isCompared(number)) {
        const differs = await this.compare(found);
        if (differs !== undefined) {
          this.runs++;
          return this.explain(found, ran, differs, "both");
        }
      }
      if (ending.kind === "passed") this.runs++;
      else if (++this.dropped > this.runs * MAX_DROPPED + SPARE_DROPPED) return this.report({ failure: this.tooManyDropped() });
      if (this.clock.isOver()) return this.report({ outOfTime: this.runs < options.runs });
    }
    return this.report({ failure: await this.compareCells() });
  }

  private isCompared(number: number): boolean {
    return number < ALL_COMPARED || number % COMPARED === 0 || this.claimsParallel;
  }

  /** Plays a case that didn't fail serially and in parallel. */
  private async compare({ params, plays }: Case): Promise<Diagnostic | undefined> {
    const [serial, parallel] = [await this.world("serial"), await this.world("parallel")];
    const tape: Tape = { kind: "replay", plays };
    const one = await serial.run(params, tape);
    const other = await parallel.run(params, tape);
    const kinds = [one.ending.kind, other.ending.kind];
    // Chains that are full, or that were stopped in the middle, have nothing more to say.
    if (kinds.includes("full") || kinds.includes("outOfTime")) await this.arena.dropPair();
    return kinds.includes("full") || kinds.includes("outOfTime") ? undefined : this.difference(one, other);
  }

  private drawParams(random: Random): Case["params"] {
    const { setting, dictionary } = this;
    const source = { random, dictionary, accounts: setting.accounts.map(namedAccount), instances: undefined, now: START_TIME };
    const params = this.campaign.test.params.map((param) => draw(param.type, source));
    this.campaign.test.params.forEach((param, i) => dictionary.learn(params[i], param.type));
    return params;
  }

  private isRefusedInit({ code }: Diagnostic): boolean {
    return this.campaign.madeFor !== undefined && (code === "E0612" || code === "E0617");
  }

  private difference(serial: Ran, parallel: Ran): Diagnostic | undefined {
    const { ending } = parallel;
    if (ending.kind === "failed" && ending.failure.code === "E0614") return ending.failure;
    for (let i = 0; i < Math.max(serial.trace.length, parallel.trace.length); i++) {
      const [a, b] = [serial.trace.at(i), parallel.trace.at(i)];
      if (a !== b) return this.differs(`call ${i + 1} gives other results`);
    }
    if (ending.kind !== serial.ending.kind)
      return this.differs(`only the parallel run ${ending.kind === "failed" ? `fails: ${ending.failure.message}` : "is dropped"}`);
    return undefined;
  }

  private differs(problem: string): Diagnostic {
    return new TestFailure("E0615", this.campaign.test.site, { problem }).diagnostic;
  }

  /** What all cases on these chains have left behind. */
  private async compareCells(): Promise<Diagnostic | undefined> {
    const [serial, parallel] = [(await this.world("serial")).cells(), (await this.world("parallel")).cells()];
    const at = serial.findIndex((cell, i) => cell !== parallel[i]);
    if (at < 0 && serial.length === parallel.length) return undefined;
    return this.differs(`after ${this.runs} cases the cells differ: ${serial.at(at) ?? "nothing"}, ${parallel.at(at) ?? "nothing"}`);
  }

  private tooManyDropped(): Diagnostic {
    const { test, madeFor } = this.campaign;
    const why = madeFor !== undefined ? "`init` accepted too few of its made-up arguments" : "too many cases were dropped by `require`";
    return new TestFailure("E0619", test.site, { problem: `${why}: ${this.runs} of ${this.runs + this.dropped} were played` }).diagnostic;
  }

  private async explain(found: Case, ran: Ran, failure: Diagnostic, where: "serial" | "both"): Promise<FuzzReport> {
    const { campaign, setting, clock } = this;
    clock.restart();
    const runIn = async (candidate: Case): Promise<{ readonly ran: Ran; readonly failure: Diagnostic } | undefined> => {
      const alone = await (await this.world("first")).run(candidate.params, { kind: "replay", plays: candidate.plays });
      if (alone.ending.kind === "failed") return { ran: alone, failure: alone.ending.failure };
      const problem = where === "serial" || alone.ending.kind !== "passed" ? undefined : await this.compare(candidate);
      return problem === undefined ? undefined : { ran: alone, failure: problem };
    };
    let last = { ran, failure };
    const { found: shrunk, tries } = await shrink(found, ran.reverted, {
      test: campaign.test,
      callers: setting.callers,
      async fails(candidate) {
        const result = await runIn(candidate);
        if (result === undefined || !isSame(result.failure, failure)) return undefined;
        last = result;
        return result.ran;
      },
      maxTries: MAX_TRIES,
      isOver: clock.isOver,
      progress: (count, calls) => campaign.progress(`shrinking, ${count} cases tried, ${calls} calls left`),
    });
    // Once more where nothing happened before.
    clock.restart();
    const alone = new Arena(campaign.suite, this.arena.accounts);
    this.arena = alone;
    const again = await runIn(shrunk).finally(() => alone.close());
    const { ending } = last.ran;
    const during = ending.kind === "failed" ? ending.during : undefined;
    const code = printCase({
      ...{ test: campaign.test, found: shrunk, names: this.names, reverted: last.ran.reverted, during },
      text: campaign.text,
    });
    return this.report({
      failure: last.failure,
      counterexample: {
        ...{ code, calls: callCount(shrunk), foundCalls: callCount(found), tries },
        reproduced: again !== undefined && isSame(again.failure, last.failure),
      },
    });
  }

  private report(parts: Partial<FuzzReport>): FuzzReport {
    const { options } = this.campaign;
    const known = { options, runs: this.runs, dropped: this.dropped, calls: this.calls };
    const report: FuzzReport = { ...known, outOfTime: false, failure: undefined, counterexample: undefined, ...parts };
    if (!report.outOfTime || report.runs > 0 || report.failure !== undefined) return report;
    const problem = `no case came to its end within ${options.maxSeconds} s`;
    return { ...report, failure: new TestFailure("E0619", this.campaign.test.site, { problem }).diagnostic };
  }
}

function hasParallelBlock(body: readonly TestStmt[]): boolean {
  return body.some((stmt) => {
    if (stmt.kind === "block") return stmt.parallel;
    if (stmt.kind === "if") return hasParallelBlock(stmt.then) || hasParallelBlock(stmt.otherwise);
    return (stmt.kind === "forList" || stmt.kind === "forRange" || stmt.kind === "fuzz") && hasParallelBlock(stmt.body);
  });
}

/** The same thing goes wrong at the same place, whatever the values. */
function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.path === b.path && a.span.start === b.span.start && a.span.end === b.span.end;
}
