/**
 * Judges calls that leave a contract once all bodies are checked: none may come back to the contract itself where that is known now,
 * and contracts that create each other must not go round in a circle, since the code of each would be part of itself.
 */
import type { Expr, LocalId, Site, Stmt } from "../typed/tree.ts";
import type { ProgramContext } from "./context.ts";
import type { Draft } from "./functions.ts";

export function checkOutward(program: ProgramContext, drafts: Iterable<Draft>): void {
  const created = new Map<string, Map<string, Site>>();
  for (const draft of drafts) {
    checkTargets(program, draft);
    const { contract } = draft.signature;
    if (contract === undefined || draft.facts.creates.length === 0) continue;
    const targets = created.get(contract) ?? new Map<string, Site>();
    for (const { contract: target, site } of draft.facts.creates) if (!targets.has(target)) targets.set(target, site);
    created.set(contract, targets);
  }
  checkCreation(program, created);
}

// --- calls of oneself ----------------------------------------------------------------------------------------------------

function checkTargets(program: ProgramContext, draft: Draft): void {
  if (draft.facts.outward.length === 0) return;
  const values = new Map<LocalId, Expr>();
  collectLets(draft, draft.body, values);
  for (const { target, direct, site } of draft.facts.outward) {
    if (!isSelf(target, values)) continue;
    program.reporter.report("E0420", site, {}, direct === undefined ? {} : { help: `write \`${direct}\`` });
  }
}

/** Values of locals that keep them. */
function collectLets(draft: Draft, stmts: readonly Stmt[], values: Map<LocalId, Expr>): void {
  for (const stmt of stmts) {
    if (stmt.kind === "let" && !draft.locals[stmt.local].mutable) values.set(stmt.local, stmt.value);
    if (stmt.kind === "if") {
      collectLets(draft, stmt.then, values);
      collectLets(draft, stmt.otherwise, values);
    } else if (stmt.kind === "forList" || stmt.kind === "forRange") collectLets(draft, stmt.body, values);
  }
}

/** Whether the address is the contract's own, through conversions and names. A `let` stands before its uses, so this ends. */
function isSelf(target: Expr, values: ReadonlyMap<LocalId, Expr>): boolean {
  let expr: Expr | undefined = target;
  while (expr !== undefined) {
    if (expr.kind === "convert") expr = expr.operand;
    else if (expr.kind === "local") expr = values.get(expr.local);
    else return expr.kind === "context" && expr.name === "self.address";
  }
  return false;
}

// --- circles of creation -------------------------------------------------------------------------------------------------

function checkCreation(program: ProgramContext, created: ReadonlyMap<string, ReadonlyMap<string, Site>>): void {
  const done = new Set<string>();
  for (const root of created.keys()) {
    const path: { readonly name: string; readonly site: Site | undefined; readonly rest: [string, Site][] }[] = [];
    const enter = (name: string, site: Site | undefined): void => {
      done.add(name);
      path.push({ name, site, rest: [...(created.get(name) ?? [])].reverse() });
    };
    if (!done.has(root)) enter(root, undefined);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        path.pop();
        continue;
      }
      const [name, site] = next;
      const start = path.findIndex((step) => step.name === name);
      if (start === -1) {
        if (!done.has(name)) enter(name, site);
        continue;
      }
      const circle = path.slice(start);
      const chain = [...circle.map((step) => step.name), name].join(" -> ");
      const notes = circle.flatMap((step, i) =>
        i === 0 || step.site === undefined ? [] : [{ ...step.site, text: `\`${circle[i - 1].name}\` creates \`${step.name}\` here` }],
      );
      program.reporter.report("E0421", site, { chain }, { notes });
    }
  }
}
