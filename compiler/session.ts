/**
 * A program that an editor has open: compiled again after every edit, with everything kept that the edit can't have changed (`check/incremental.ts`,
 * `editor/`). What comes out is what `compile` gives for the same texts, but for the numbers of nodes. Costs are left to whoever asks for them.
 */
import { createChecker } from "./check/incremental.ts";
import type { Checker } from "./check/incremental.ts";
import type { Observer } from "./check/context.ts";
import { rememberFootprints } from "./editor/footprints.ts";
import { rememberLints } from "./editor/lints.ts";
import type { ContractFootprint } from "./footprint/footprint.ts";
import type { Parse } from "./modules/load.ts";
import { compileInSteps, PLAIN_PASSES } from "./pipeline.ts";
import type { Claims, Compilation, Passes } from "./pipeline.ts";

export interface Session {
  readonly compile: (root: string, read: (path: string) => string | undefined) => Generator<undefined, Compilation>;
  readonly checker: Checker;
}

export function createSession(parse: Parse, observer: Observer | undefined): Session {
  const checker = createChecker(observer);
  const passes: Passes = {
    ...PLAIN_PASSES,
    parse,
    check: checker.check,
    footprints: rememberFootprints(),
    claims: rememberClaims(),
    lints: rememberLints(),
    costs: () => new Map(),
  };
  return { checker, compile: (root, read) => compileInSteps(root, read, passes) };
}

// --- claims ----------------------------------------------------------------------------------------------------------

/** What is linked with other contracts is another object each time, and proved again. */
function rememberClaims(): Passes["claims"] {
  const known = new WeakMap<ContractFootprint, Claims>();
  return (footprint, program) => {
    const found = known.get(footprint) ?? PLAIN_PASSES.claims(footprint, program);
    known.set(footprint, found);
    return found;
  };
}
