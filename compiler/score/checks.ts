/**
 * The checks that a call must pass to get anywhere: conditions of `require`, and of `if … { revert }`, on the main path of a plan, as far as the call
 * itself decides them. Samples are drawn so that they hold, since a call that fails at once says nothing about waiting.
 */
import type { EntryPlan, PlanStep, Term } from "../footprint/footprint.ts";
import type { Program, Site, Stmt } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";

export interface Check {
  readonly term: Term;
  readonly holds: boolean;
}

/** What the condition at a place must be for the call to go on. */
export type CheckSites = ReadonlyMap<string, boolean>;

export function checkSites(program: Program): CheckSites {
  const sites = new Map<string, boolean>();
  for (const func of program.functions.values()) {
    visitBlock(func.body, {
      stmt: (stmt) => {
        if (stmt.kind === "require") sites.set(placeKey(stmt.site), true).set(placeKey(stmt.cond.site), true);
        if (stmt.kind === "if" && endsInRevert(stmt.then)) sites.set(placeKey(stmt.site), false).set(placeKey(stmt.cond.site), false);
      },
    });
  }
  return sites;
}

function endsInRevert(block: readonly Stmt[]): boolean {
  return block.at(-1)?.kind === "revert";
}

function placeKey({ path, span }: Site): string {
  return `${path}:${span.start}:${span.end}`;
}

/** In order of the code. What follows a check stands inside its branch, so the main path is the last step of each list. */
export function checksOf(plan: EntryPlan, sites: CheckSites): readonly Check[] {
  const checks: Check[] = [];
  let steps: readonly PlanStep[] = plan.steps;
  for (;;) {
    const last = steps.findLast((step) => step.kind !== "sure");
    const holds = last?.kind === "branch" ? sites.get(placeKey(last.site)) : undefined;
    if (last?.kind !== "branch" || holds === undefined) return checks;
    checks.push(...split({ term: last.cond, holds }));
    steps = holds ? last.then : last.otherwise;
  }
}

/** Into conditions that must all hold. */
function split(check: Check): readonly Check[] {
  const { term, holds } = check;
  if (term.kind !== "op") return [check];
  if (term.op === "!") return split({ term: term.args[0], holds: !holds });
  if ((term.op === "&&" && holds) || (term.op === "||" && !holds)) return term.args.flatMap((arg) => split({ term: arg, holds }));
  return [check];
}
