/** What an emitted module needs: the functions that its entries reach, the errors and events they use, and the names in them. */
import { Bug } from "../core/bug.ts";
import { visitBlock } from "../typed/walk.ts";
import type { Contract, ErrorDef, EventDef, Func, FuncId, Program } from "../typed/tree.ts";

export interface Reachable {
  /** Entries first, in order, then the others as they are met. */
  readonly functions: readonly Func[];
  /** Those of the contract first, in order of declaration, then others that its code uses. */
  readonly errors: readonly ErrorDef[];
  readonly events: readonly EventDef[];
  /** Names of parameters and locals, of functions, errors and events. */
  readonly localNames: ReadonlySet<string>;
}

export function reachableFrom(contract: Contract, program: Program): Reachable {
  const functions = new Map<FuncId, Func>();
  const errors = new Map<string, ErrorDef>(contract.errors.map((error) => [error.key, error]));
  const events = new Map<string, EventDef>(contract.events.map((event) => [event.key, event]));
  const waiting: FuncId[] = [contract.init, ...contract.external];
  // The list grows while it is walked.
  for (const id of waiting) {
    if (functions.has(id)) continue;
    const func = program.functions.get(id);
    if (func === undefined) throw new Bug(`codegen: no function ${String(id)}`);
    functions.set(id, func);
    visitBlock(func.body, {
      stmt: (stmt) => {
        if (stmt.kind === "emit") events.set(stmt.event.key, stmt.event);
        const error = stmt.kind === "revert" ? stmt.error : stmt.kind === "require" || stmt.kind === "update" ? stmt.orElse : undefined;
        if (error !== undefined) errors.set(error.error.key, error.error);
      },
      expr: (expr) => {
        if (expr.kind === "call") waiting.push(expr.func);
      },
    });
  }
  const localNames = new Set<string>();
  for (const func of functions.values()) for (const local of func.locals) localNames.add(local.name);
  for (const def of [...errors.values(), ...events.values()]) for (const param of def.params) localNames.add(param.name);
  return { functions: [...functions.values()], errors: [...errors.values()], events: [...events.values()], localNames };
}
