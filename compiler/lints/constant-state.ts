/**
 * W1006: a field that `init` sets and nothing changes afterwards. As an `immutable` it is no part of any footprint, and keys read from it are known at
 * once. One warning per field, at its declaration; the fix changes one word. Fields of mixins are left alone: other contracts may change them.
 */
import { hasPayload, type Type } from "../core/types.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { ContractFootprint } from "../footprint/footprint.ts";
import type { Expr, Program } from "../typed/tree.ts";
import { visitBlock, visitExpr } from "../typed/walk.ts";
import type { LintTools } from "./added-cells.ts";
import { positionOf } from "./bodies.ts";
import type { Entry } from "./entries.ts";
import { changesIn } from "./once.ts";

export function constantState(entries: readonly Entry[], tools: LintTools): readonly Diagnostic[] {
  const reporter = createReporter();
  for (const footprint of new Set(entries.map((entry) => entry.footprint))) {
    const { contract } = footprint;
    const read = readFields(entries.filter((entry) => entry.footprint === footprint));
    const constant = constantFields(footprint, tools);
    for (const field of contract.fields) {
      const decl = tools.source.stateAt(field.site);
      if (decl === undefined || decl.initial !== undefined || tools.source.isInMixin(field.site) || !canBeImmutable(field.type)) continue;
      if (!read.has(field.index) || !constant.has(field.index)) continue;
      const { path } = field.site;
      const word = { path, span: { start: decl.span.start, end: decl.span.start + "state".length } };
      const edits = [tools.source.replace(word, "immutable")];
      const fix = { title: `make \`${field.name}\` an \`immutable\``, changes: "nothing", edits } as const;
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

function readFields(entries: readonly Entry[]): ReadonlySet<number | undefined> {
  const read = new Set<number | undefined>();
  for (const { accesses, footprint } of entries) {
    for (const { leaf, mode } of accesses) if (mode === "R") read.add(footprint.leaves[leaf].field?.index);
  }
  return read;
}

/** Set by one statement of `init` that every deployment reaches, before `init` reads it, and by nothing else. */
function constantFields({ contract }: ContractFootprint, { program, bodies }: LintTools): ReadonlySet<number> {
  const set = new Set<number>();
  const changed = new Set<number>();
  for (const func of program.functions.values()) {
    if (func.contract !== contract.name) continue;
    if (func.role !== "init") {
      for (const stmt of changesIn(func)) changed.add(stmt.place.field.index);
      continue;
    }
    const body = bodies(func);
    visitBlock(func.body, {
      stmt: (stmt) => {
        if (stmt.kind !== "store" && stmt.kind !== "update" && stmt.kind !== "delete") return;
        const { index } = stmt.place.field;
        const { always, inLoop } = positionOf(body, stmt);
        const isFirst = stmt.kind === "store" && stmt.place.path.length === 0 && !set.has(index);
        if (isFirst && always && !inLoop && !readsOwn(stmt.value, index, program)) set.add(index);
        else changed.add(index);
      },
      expr: (expr) => {
        // What is read before it is set would be another value.
        for (const { index } of contract.fields) if (!set.has(index) && readsField(expr, index, program)) changed.add(index);
      },
    });
  }
  return new Set([...set].filter((index) => !changed.has(index)));
}

/** Statements are seen before what is in them. */
function readsOwn(value: Expr, index: number, program: Program): boolean {
  let reads = false;
  visitExpr(value, {
    expr: (expr) => {
      reads ||= readsField(expr, index, program);
    },
  });
  return reads;
}

/** The field itself, or whatever a function of the contract reads. */
function readsField(expr: Expr, index: number, program: Program): boolean {
  if (expr.kind === "load") return expr.place.field.index === index;
  return expr.kind === "call" && program.functions.get(expr.func)?.role !== "free";
}
