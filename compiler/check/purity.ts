/** Which functions write, directly or through others, and the views among them, which are mistakes. */
import type { FuncId, Site } from "../typed/tree.ts";
import type { ProgramContext } from "./context.ts";
import type { Draft } from "./functions.ts";

/** For a function that writes: its own first write, or the first call through which it writes. */
interface Cause {
  readonly does: string;
  readonly site: Site;
  readonly through: FuncId | undefined;
}

export function findWriters(drafts: ReadonlyMap<FuncId, Draft>): ReadonlyMap<FuncId, Cause> {
  const callers = new Map<FuncId, { readonly caller: Draft; readonly site: Site }[]>();
  const causes = new Map<FuncId, Cause>();
  for (const [id, draft] of drafts) {
    for (const { callee, site } of draft.facts.calls) {
      const known = callers.get(callee);
      if (known === undefined) callers.set(callee, [{ caller: draft, site }]);
      else known.push({ caller: draft, site });
    }
    const first = draft.facts.writes.at(0);
    if (first !== undefined) causes.set(id, { ...first, through: undefined });
  }
  // A map may grow while it is walked: every writer is visited once, and adds its callers.
  for (const id of causes.keys()) {
    for (const { caller, site } of callers.get(id) ?? []) {
      if (causes.has(caller.signature.id)) continue;
      const name = drafts.get(id)?.signature.name ?? "";
      causes.set(caller.signature.id, { does: `calls \`${name}\`, which writes`, site, through: id });
    }
  }
  return causes;
}

export function checkViews(program: ProgramContext, drafts: ReadonlyMap<FuncId, Draft>, causes: ReadonlyMap<FuncId, Cause>): void {
  for (const [id, { signature }] of drafts) {
    const cause = causes.get(id);
    if (signature.access !== "view" || cause === undefined) continue;
    const origin = originOf(cause, causes);
    const notes = origin === cause ? [] : [{ ...origin.site, text: `the write: this ${origin.does}` }];
    const what = signature.role === "invariant" ? "invariant" : "view function";
    program.reporter.report("E0403", cause.site, { what, name: signature.name, does: cause.does }, { notes });
  }
}

function originOf(cause: Cause, causes: ReadonlyMap<FuncId, Cause>): Cause {
  let origin = cause;
  // Each step leads to a cause found earlier, so this ends.
  while (origin.through !== undefined) {
    const next = causes.get(origin.through);
    if (next === undefined) break;
    origin = next;
  }
  return origin;
}
