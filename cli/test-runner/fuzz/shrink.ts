/**
 * Looks for a simpler case that fails in the same way: fewer calls, one call per block, simpler arguments, fewer accounts. Bounded by the number of cases it tries, so
 * that the same seed gives the same answer on any machine; time is a second bound, for hostile tests.
 */
import type { Test } from "../../../compiler/typed/tree.ts";
import { namedAccount } from "../../accounts.ts";
import { equalValues, isList } from "../values.ts";
import type { TestValue } from "../values.ts";
import type { CallStep, Case, Step } from "./cases.ts";
import { simplify, towardsZero } from "./simpler.ts";
import type { Ran } from "./world.ts";

export interface Shrinking {
  readonly test: Test;
  /** Names of the accounts that make calls, the preferred first. */
  readonly callers: readonly string[];
  /** The run, if the case fails as the first one did. */
  readonly fails: (candidate: Case) => Promise<Ran | undefined>;
  readonly maxTries: number;
  readonly isOver: () => boolean;
  readonly progress: (tries: number, calls: number) => void;
}

export interface Shrunk {
  readonly found: Case;
  readonly tries: number;
}

/** Passes over the whole case; the second makes use of what the first has done, a third seldom finds anything. */
const MAX_ROUNDS = 3;

export async function shrink(first: Case, reverted: ReadonlySet<Step>, of: Shrinking): Promise<Shrunk> {
  let best = first;
  let tries = 0;
  const accounts = of.callers.map(namedAccount);

  const attempt = async (candidate: Case): Promise<boolean> => {
    if (tries >= of.maxTries || of.isOver()) return false;
    tries++;
    of.progress(tries, callCount(best));
    const ran = await of.fails(candidate);
    if (ran === undefined) return false;
    // What comes after the failure isn't played, and isn't part of the case.
    best = { params: candidate.params, plays: ran.plays };
    return true;
  };

  await attempt({ ...first, plays: first.plays.map((steps) => split(steps.filter((step) => !reverted.has(step)))) });
  await attempt({ ...best, plays: best.plays.map((steps) => steps.filter((step) => !reverted.has(step))) });
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = best;
    for (let play = best.plays.length - 1; play >= 0; play--) await dropSteps(play);
    await simplifyParams();
    for (let play = best.plays.length - 1; play >= 0; play--) await simplifyPlay(play);
    await simplifyTogether();
    if (best === before) break;
  }
  return { found: best, tries };

  /** Leaves out pieces of the list, large ones first. */
  async function dropSteps(play: number): Promise<void> {
    await attempt(withPlay(best, play, split(best.plays[play])));
    for (let size = best.plays[play].length; size >= 1; size >>= 1) {
      for (let at = best.plays[play].length - size; at >= 0; at -= size) {
        const steps = best.plays[play];
        await attempt(withPlay(best, play, steps.toSpliced(at, size)));
        at = Math.min(at, best.plays[play].length);
      }
    }
    for (let at = 0; at < best.plays[play].length; at++) {
      const step = best.plays[play][at];
      if (step.kind === "call" && step.joined) await attempt(withStep(best, play, at, { ...step, joined: false }));
    }
  }

  async function simplifyParams(): Promise<void> {
    for (const [i, param] of of.test.params.entries()) {
      await simplify(best.params[i], param.type, accounts, (value) => attempt({ ...best, params: best.params.with(i, value) }));
    }
  }

  async function simplifyPlay(play: number): Promise<void> {
    for (let at = 0; at < best.plays[play].length; at++) {
      const step = best.plays[play][at];
      if (step.kind === "advance") {
        await towardsZero(step.by, (by) =>
          typeof by === "bigint" && by > 0n ? attempt(withStep(best, play, at, { ...step, by })) : never(),
        );
        continue;
      }
      await simplifyCall(play, at, step);
    }
  }

  async function simplifyCall(play: number, at: number, first: CallStep): Promise<void> {
    const change = (part: (step: CallStep) => CallStep): Promise<boolean> => {
      const step = best.plays[play].at(at);
      return step?.kind === "call" ? attempt(withStep(best, play, at, part(step))) : never();
    };
    if (first.value > 0n && !(await change((step) => ({ ...step, value: 0n })))) {
      await towardsZero(first.value, (value) => (typeof value === "bigint" ? change((step) => ({ ...step, value })) : never()));
    }
    for (const name of of.callers) {
      if (name === first.from || (await change((step) => ({ ...step, from: name })))) break;
    }
    for (const [i, param] of first.func.params.entries()) {
      await simplify(first.args[i], param.type, accounts, (value) => change((step) => ({ ...step, args: step.args.with(i, value) })));
    }
  }

  /** Numbers that occur twice may have to stay equal, and accounts that call and are named. */
  async function simplifyTogether(): Promise<void> {
    for (const [i, name] of of.callers.entries()) {
      for (const other of of.callers.slice(0, i)) {
        const candidate = replaceAccount(best, name, other);
        if (candidate === undefined || (await attempt(candidate))) break;
      }
    }
    for (const number of repeated(best)) {
      await towardsZero(number, (value) => (typeof value === "bigint" ? attempt(replaceNumber(best, number, value)) : never()));
    }
  }
}

function never(): Promise<boolean> {
  return Promise.resolve(false);
}

/** Each call in a block of its own. */
function split(steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => (step.kind === "call" && step.joined ? { ...step, joined: false } : step));
}

function withPlay(of: Case, play: number, steps: readonly Step[]): Case {
  return { ...of, plays: of.plays.with(play, steps) };
}

function withStep(of: Case, play: number, at: number, step: Step): Case {
  return withPlay(of, play, of.plays[play].with(at, step));
}

export function callCount({ plays }: Pick<Case, "plays">): number {
  return plays.reduce((sum, steps) => sum + steps.filter((step) => step.kind === "call").length, 0);
}

function repeated(of: Case): readonly bigint[] {
  const counts = new Map<bigint, number>();
  const count = (value: TestValue): void => {
    if (typeof value === "bigint" && (value > 1n || value < -1n)) counts.set(value, (counts.get(value) ?? 0) + 1);
    else if (isList(value)) value.forEach(count);
  };
  of.params.forEach(count);
  for (const step of of.plays.flat()) {
    if (step.kind === "advance") count(step.by);
    else [step.value, ...step.args].forEach(count);
  }
  return [...counts].flatMap(([value, times]) => (times > 1 ? [value] : []));
}

/** Undefined if the account doesn't occur. */
function replaceAccount(of: Case, from: string, to: string): Case | undefined {
  const [before, after] = [namedAccount(from), namedAccount(to)];
  let found = false;
  const replace = (value: TestValue): TestValue => {
    if (isList(value)) return value.map(replace);
    found ||= value === before;
    return value === before ? after : value;
  };
  const plays = of.plays.map((steps) =>
    steps.map((step): Step => {
      if (step.kind === "advance") return step;
      found ||= step.from === from;
      return { ...step, from: step.from === from ? to : step.from, args: step.args.map(replace) };
    }),
  );
  const params = of.params.map(replace);
  return found ? { params, plays } : undefined;
}

function replaceNumber(of: Case, from: bigint, to: bigint): Case {
  const replace = (value: TestValue): TestValue => (isList(value) ? value.map(replace) : equalValues(value, from) ? to : value);
  return {
    params: of.params.map(replace),
    plays: of.plays.map((steps) =>
      steps.map((step): Step => {
        if (step.kind === "advance") return step.by === from && to > 0n ? { ...step, by: to } : step;
        return { ...step, value: step.value === from ? to : step.value, args: step.args.map(replace) };
      }),
    ),
  };
}
