/** Where the next plan steps go: behind conditions, at the end of a call that reverts. Used by the walks over statements and expressions. */
import type { Site } from "../typed/tree.ts";
import { BOOL, isStatic, operation } from "./algebra.ts";
import { canBe } from "./conditions.ts";
import { MAX_DEPTH, pushStep, unknown, type Activation, type Context } from "./context.ts";
import type { PlanStep, Term } from "./footprint.ts";
import type { State } from "./state.ts";
import { neverSure } from "./sure.ts";

/** What follows happens only where the condition holds: it goes inside. With `fails` the call reverts where it doesn't. */
export function enterBranch(context: Context, fails: Activation | undefined, state: State, cond: Term, site: Site): void {
  if (!canBe(cond, false)) return;
  if (state.depth++ >= MAX_DEPTH) return leaveBranch(context, state, state.out, site);
  const then: PlanStep[] = [];
  const otherwise: PlanStep[] = [];
  if (fails !== undefined && isStatic(cond)) endPlan(context, fails, site, { ...state, out: otherwise });
  pushStep(context, state, { kind: "branch", cond, then, otherwise, site });
  state.out = then;
}

/** What follows a `require` on state happens only where it holds; with many of them around that isn't followed up. */
export function enterSpare(context: Context, state: State, cond: Term, planned: Term, site: Site): void {
  const then: PlanStep[] = [];
  const step: PlanStep = { kind: "branch", cond, then, otherwise: [], site };
  state.depth++;
  context.spare.set(step, planned);
  pushStep(context, state, step);
  state.out = then;
}

/** The call reverts here: no numbers are drawn behind (rule T2), unless state may have led around it. */
export function endPlan(context: Context, a: Activation, site: Site, state: State): void {
  if (!context.drawsTickets || a.control.length > 0 || !isStatic(state.path)) return;
  pushStep(context, state, { kind: "stop", unless: unknown("a revert", site, BOOL), site });
}

/** Steps go on outside of the branch that they belong to, so nothing but accesses may follow. */
export function leaveBranch(context: Context, state: State, out: PlanStep[], site: Site): void {
  neverSure(context);
  state.out = out;
  state.path = unknown("conditions nested too deep to follow", site, BOOL);
}

/**
 * Both sides of a fork as a step. Steps that follow go on inside the side that gets there, and one of them may end the plan: where both sides
 * are planned, the other one has to come first.
 */
export function forkStep(cond: Term, then: PlanStep[], otherwise: PlanStep[], goesOnInThen: boolean, site: Site): PlanStep {
  if (!goesOnInThen || isStatic(cond)) return { kind: "branch", cond, then, otherwise, site };
  const turned = cond.kind === "unknown" ? cond : operation("!", [cond], BOOL);
  return { kind: "branch", cond: turned, then: otherwise, otherwise: then, site };
}

/** For what happens only where a condition on state holds (rule T2). */
export function underState(a: Activation, site: Site): Activation {
  return { ...a, control: [...a.control, site] };
}
