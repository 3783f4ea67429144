/**
 * W1007: a `require` stands behind effects that have nothing to do with it, and with it before them a failing call would have nothing to undo, or adds only.
 * One warning per function, with a fix that moves such checks up. Told only where moving them gains that for some function that can be called from outside:
 * the order of checks is the author's, and decides which error is reported when several fail.
 */
import { abortPoints } from "../abort/abort.ts";
import type { AbortPoints } from "../abort/abort.ts";
import type { Diagnostic, Note } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import type { ContractFootprint, Footprints } from "../footprint/footprint.ts";
import { leafTable } from "../footprint/leaves.ts";
import { calleesFirst } from "../typed/order.ts";
import type { Func, FuncId, Program, Stmt } from "../typed/tree.ts";
import type { LintTools } from "./added-cells.ts";
import { movedUp } from "./movable.ts";
import type { Move, Moved } from "./movable.ts";
import { factsOf } from "./movable-facts.ts";
import { moveEdits } from "./move-text.ts";

/** Further checks named per function. */
const MAX_NOTES = 4;
/** Checks that a fix moves. A function with more is read through by its author first. */
const MAX_MOVES = 100;

export function lateChecks(footprints: Footprints, { program, source }: LintTools): readonly Diagnostic[] {
  const reporter = createReporter();
  const texts = new Map(program.files.map(({ path, text }) => [path, text]));
  const found = footprints.contracts.map((footprint) => gainsIn(footprint, footprints, program, texts));
  const unsure = differing(found.map(({ moved }) => moved));
  for (const { moved, gained } of found) {
    for (const [id, { moves }] of moved) {
      const func = program.functions.get(id);
      if (func === undefined || !gained.has(id) || unsure.has(placeKey(func)) || moves.length === 0) continue;
      const text = texts.get(func.site.path) ?? "";
      const [first, ...others] = moves;
      // `let last = self.queue.pop();` changes state in the middle of a statement.
      const isFixed = moves.length <= MAX_MOVES && moves.every(({ target }) => source.startsStatement(target.site));
      const fixes = isFixed ? [{ title: titleOf(func, moves), changes: "errors", edits: moveEdits(text, moves) } as const] : [];
      reporter.report("W1007", first.check.site, { name: func.name }, { notes: notesOf(first, others), fixes });
    }
  }
  return reporter.diagnostics();
}

function titleOf({ name }: Func, { length }: readonly Move[]): string {
  return `move the check${length > 1 ? "s" : ""} of \`${name}\` up; when several checks fail, another error may be reported`;
}

function notesOf({ effect }: Move, others: readonly Move[]): readonly Note[] {
  const note = ({ site }: Stmt, text: string): Note => ({ path: site.path, span: site.span, text });
  return [
    note(effect, "done before the check, and undone when it fails"),
    ...others.slice(0, MAX_NOTES).map(({ check }) => note(check, "so can this one")),
  ];
}

interface Gains {
  readonly moved: ReadonlyMap<FuncId, Moved & { readonly func: Func }>;
  /** Functions on the way of a call that gains from all moves together. Without a move of each such function it wouldn't. */
  readonly gained: ReadonlySet<FuncId>;
}

function gainsIn(footprint: ContractFootprint, { absorbed }: Footprints, program: Program, texts: ReadonlyMap<string, string>): Gains {
  const before = abortPoints(footprint, program);
  const late = [...before].filter(([id, points]) => points.verdict === "needsUndo" && isCalledOften(program.functions.get(id)));
  const order = calleesFirst(
    program,
    late.map(([id]) => id),
  );
  const facts = factsOf(program, leafTable(footprint.contract), order);
  const moved = new Map<FuncId, Moved & { readonly func: Func }>();
  for (const id of order) {
    const func = program.functions.get(id);
    if (func === undefined || func.role === "free") continue;
    const result = movedUp(func.body, { facts, absorbed, text: texts.get(func.site.path) ?? "" });
    if (result.moves.length > 0) moved.set(id, { ...result, func });
  }
  if (moved.size === 0) return { moved, gained: new Set() };
  const after = abortPoints(footprint, program, (func) => moved.get(func.id)?.body ?? func.body);
  const better = late.filter(([id]) => isBetter(after.get(id)));
  return {
    moved,
    gained: new Set(
      calleesFirst(
        program,
        better.map(([id]) => id),
      ),
    ),
  };
}

function isCalledOften(func: Func | undefined): boolean {
  return func !== undefined && func.role === "external";
}

function isBetter(points: AbortPoints | undefined): boolean {
  return points !== undefined && points.verdict !== "needsUndo";
}

/** Functions of mixins whose moves aren't the same in all contracts that use them. */
function differing(all: readonly Gains["moved"][]): ReadonlySet<string> {
  const known = new Map<string, string>();
  const unsure = new Set<string>();
  for (const moved of all) {
    for (const { func, moves } of moved.values()) {
      const key = placeKey(func);
      const text = moves.map(({ check, target }) => `${check.site.span.start}:${target.site.span.start}`).join(" ");
      if ((known.get(key) ?? text) !== text) unsure.add(key);
      known.set(key, text);
    }
  }
  return unsure;
}

function placeKey({ site }: Func): string {
  return `${site.path} ${site.span.start}`;
}
