/**
 * W1006: a field that `init` sets and nothing changes afterwards. As an `immutable` it is no part of any footprint, and keys read from it are known at
 * once. One warning per field, at its declaration; the fix changes one word. A field of a mixin has to be such in every contract that uses it.
 */
import { hasPayload, type Type } from "../core/types.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { Expr, Field, Program, Stmt } from "../typed/tree.ts";
import { visitBlock } from "../typed/walk.ts";
import type { LintTools } from "./added-cells.ts";
import { positionOf, siteKey, type Bodies } from "./bodies.ts";
import type { Entry } from "./entries.ts";

export function constantState(entries: readonly Entry[], { program, bodies, source }: LintTools): readonly Diagnostic[] {
  const reporter = createReporter();
  const changed = changedFields(program, bodies);
  const read = new Set<string>();
  for (const { accesses, footprint } of entries) {
    for (const { leaf, mode } of accesses) {
      const { field } = footprint.leaves[leaf];
      if (mode === "R" && field !== undefined) read.add(siteKey(field.site));
    }
  }
  for (const { fields } of program.contracts) {
    for (const field of fields) {
      const decl = source.stateAt(field.site);
      if (decl === undefined || decl.initial !== undefined || !canBeImmutable(field.type)) continue;
      const key = siteKey(field.site);
      if (!read.has(key) || changed.get(key) !== "once") continue;
      const { path } = field.site;
      const word = { path, span: { start: decl.span.start, end: decl.span.start + "state".length } };
      const fix = {
        title: `make \`${field.name}\` an \`immutable\``,
        changes: "nothing" as const,
        edits: [source.replace(word, "immutable")],
      };
      reporter.report("W1006", { path, span: decl.name }, { name: field.name }, { fixes: [fix] });
    }
  }
  return reporter.diagnostics();
}

/** Single values; maps, sets and what grows are state by nature. */
function canBeImmutable(type: Type): boolean {
  switch (type.kind) {
    case "bool":
    case "int":
    case "address":
    case "bytes32":
    case "string":
    case "bytes":
    case "handle":
      return true;
    case "enum":
      return !hasPayload(type);
    default:
      return false;
  }
}

/** By declaration: set once by `init`, plainly and in every deployment; or changed in another way. */
function changedFields(program: Program, bodies: Bodies): ReadonlyMap<string, "once" | "more"> {
  const found = new Map<string, "once" | "more">();
  const inits = new Map<string, number>();
  const more = (field: Field): unknown => found.set(siteKey(field.site), "more");
  for (const func of program.functions.values()) {
    if (func.role === "getter") continue;
    const body = bodies(func);
    visitBlock(func.body, {
      stmt: (stmt: Stmt) => {
        if (stmt.kind !== "store" && stmt.kind !== "update" && stmt.kind !== "delete") return;
        const { field } = stmt.place;
        const key = siteKey(field.site);
        const isWhole = stmt.kind === "store" && stmt.place.keys.length === 0 && stmt.place.path.length === 0;
        const isOnce = func.role === "init" && isWhole && positionOf(body, stmt).always && !positionOf(body, stmt).inLoop;
        if (!isOnce) more(field);
        else if (found.get(key) !== "more") found.set(key, "once");
        const home = `${key} ${func.contract ?? ""}`;
        if (isOnce) inits.set(home, (inits.get(home) ?? 0) + 1);
      },
      expr: (expr: Expr) => {
        if (expr.kind === "setChange") more(expr.entry.field);
        // An immutable can't be asked for before it is set.
        if (expr.kind === "load" && func.role === "init" && !inits.has(`${siteKey(expr.place.field.site)} ${func.contract ?? ""}`))
          more(expr.place.field);
      },
    });
  }
  for (const { name, fields } of program.contracts) {
    // Every contract that has the field must set it, once.
    for (const field of fields) if (inits.get(`${siteKey(field.site)} ${name}`) !== 1) more(field);
  }
  return found;
}
