/**
 * Independence assertions that aren't proved, as diagnostics: which cells, both places in the code (and the calls that lead there),
 * and the condition that is missing, or why none can help. Reads verdicts; proves nothing itself.
 */
import { isAlone } from "./outward.ts";
import { Bug } from "../core/bug.ts";
import type { Diagnostic, Fix, Note } from "../diagnostics/diagnostic.ts";
import { diagnose } from "../diagnostics/report.ts";
import type { ContractFootprint, FlatAccess } from "../footprint/footprint.ts";
import { leafName, nameLoops, showCell } from "../footprint/show.ts";
import type { Func, FuncId, ParallelClaim, Program } from "../typed/tree.ts";
import { accessesOf } from "./accesses.ts";
import type { FunctionAccesses } from "./facts.ts";
import { causeOf, readsCell } from "./causes.ts";
import { alternativesOf } from "./claims.ts";
import type { Atom, ClaimVerdict, Clash } from "./conflict.ts";
import type { Equal } from "./conflict.ts";
import { pairBank } from "./literals.ts";
import { missingCondition } from "./missing.ts";
import type { Missing } from "./missing.ts";
import { exampleText, showAtom } from "./show.ts";
import type { PairScope } from "./show.ts";

/** Cells named and shown per assertion, and calls on the way per place. */
const MAX_CELLS = 3;
const MAX_VIA = 3;
/** More than an author reads at once. */
const MAX_DIAGNOSTICS = 50;

export function claimDiagnostics(verdicts: readonly ClaimVerdict[], footprint: ContractFootprint, program: Program): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const verdict of verdicts) {
    if (found.length >= MAX_DIAGNOSTICS) break;
    const diagnostic = claimDiagnostic(verdict, footprint, program);
    if (diagnostic === undefined) continue;
    // An assertion of a mixin stands in every contract that uses it; the author hears of it once.
    const key = `${diagnostic.code} ${diagnostic.path} ${diagnostic.span.start}`;
    if (seen.has(key)) continue;
    seen.add(key);
    found.push(diagnostic);
  }
  return found;
}

interface Sides {
  readonly left: Func;
  readonly right: Func;
}

function claimDiagnostic(
  { claim, open, outward, example }: ClaimVerdict,
  footprint: ContractFootprint,
  program: Program,
): Diagnostic | undefined {
  const sides = { left: functionOf(program, claim.left.func), right: functionOf(program, claim.right.func) };
  const scope: PairScope = {
    leaves: footprint.leaves,
    left: { binder: claim.left.binder, params: sides.left.params },
    right: { binder: claim.right.binder, params: sides.right.params },
  };
  const bank = pairBank(planned(footprint, claim.left.func), planned(footprint, claim.right.func));
  const given = alternativesOf(bank, claim.when);
  if (given !== "too large" && given.length === 0) return diagnose("E0503", claim.site);
  if (open.length === 0) {
    if (outward === undefined) return undefined;
    if (isAlone(outward)) {
      const made = [outward.left, outward.right].flatMap((call) =>
        call?.kind === "create" ? [{ ...call.site, text: "a contract is made here" }] : [],
      );
      return diagnose("E0505", claim.site, namesOf(sides), { notes: made.slice(0, sides.left === sides.right ? 1 : 2) });
    }
    const notes = [outward.left, outward.right].flatMap((call) =>
      call === undefined ? [] : [{ ...call.site, text: "another contract's code runs here" }],
    );
    return diagnose("E0504", claim.site, namesOf(sides), { notes: notes.slice(0, sides.left === sides.right ? 1 : 2) });
  }

  if (given === "too large") return diagnose("E0502", claim.site, namesOf(sides));
  const missing = missingCondition(bank, open, given, sides);
  const shown = rootClashes(missing, open);
  const cells = shown.map((clash) => `\`${leafName(footprint.leaves[clash.left.leaf])}\``);
  const listed = cells.slice(0, MAX_CELLS).join(", ") + (cells.length > MAX_CELLS ? ` and ${cells.length - MAX_CELLS} more` : "");
  return diagnose(
    "E0501",
    claim.site,
    { ...namesOf(sides), cells: listed },
    {
      notes: [
        ...shown.slice(0, MAX_CELLS).flatMap((clash) => notesOf(footprint, clash, sides, claim)),
        ...exampleNotes(claim, example, scope),
      ],
      help: missing.kind === "none" ? causeOf(footprint, missing.clash, sides) : `also needs \`${conditionText(missing.clauses, scope)}\``,
      fixes: fixesFor(program, claim, missing, scope),
    },
  );
}

function functionOf(program: Program, id: FuncId): Func {
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`unknown function ${id}`);
  return func;
}

function planned(footprint: ContractFootprint, id: FuncId): FunctionAccesses {
  const plan = footprint.entries.get(id);
  if (plan === undefined) throw new Bug(`no plan for function ${id}`);
  return accessesOf(plan, footprint);
}

function namesOf(sides: Sides): { readonly left: string; readonly right: string } {
  return { left: sides.left.name, right: sides.right.name };
}

/** One per kind of cell, the decisive one first. Cells whose keys are read from that one are consequences and left out. */
function rootClashes(missing: Missing, open: readonly Clash[]): readonly Clash[] {
  const all = missing.kind === "none" ? [missing.clash, ...open] : open;
  const [first] = all;
  const byLeaf = new Map<number, Clash>();
  for (const clash of all) {
    const { leaf } = clash.left;
    const follows = leaf !== first.left.leaf && [...clash.left.keys, ...clash.right.keys].some((key) => readsCell(key, first.left.leaf));
    if (!follows && !byLeaf.has(leaf)) byLeaf.set(leaf, clash);
  }
  return [...byLeaf.values()];
}

/** Two calls that the assertion is wrong about. */
function exampleNotes(claim: ParallelClaim, example: readonly Equal[], scope: PairScope): readonly Note[] {
  const shown = exampleText(example, scope);
  return shown === "" ? [] : [{ ...claim.site, text: `for example when ${shown}` }];
}

// --- notes -----------------------------------------------------------------------------------------------------------

function notesOf(footprint: ContractFootprint, { left, right }: Clash, sides: Sides, claim: ParallelClaim): readonly Note[] {
  const same = sides.left === sides.right && left.mode === right.mode && left.site === right.site;
  if (!same) {
    return [
      ...notesFor(footprint, left, sides.left, `${claim.left.binder}.`),
      ...notesFor(footprint, right, sides.right, `${claim.right.binder}.`),
    ];
  }
  const [note, ...via] = notesFor(footprint, left, sides.left, "");
  return [{ ...note, text: `${note.text}, in both calls` }, ...via];
}

function notesFor(footprint: ContractFootprint, access: FlatAccess, func: Func, call: string): readonly Note[] {
  const loopNames = nameLoops(access.loops, new Set());
  const cell = showCell(footprint.leaves, access.leaf, access.keys, {
    leaves: footprint.leaves,
    params: func.params,
    call,
    state: call === "" ? "self." : call,
    loopName: (loop) => loopNames.get(loop) ?? "i",
  });
  const via = access.via.slice(0, MAX_VIA).map((site) => ({ ...site, text: `\`${func.name}\` gets there through this call` }));
  return [{ ...access.site, text: `\`${func.name}\` ${verb(access)} \`${cell}\` here` }, ...via];
}

function verb(access: FlatAccess): string {
  switch (access.mode) {
    case "R":
      return "reads";
    case "W":
      return "writes";
    case "D":
      return access.amount?.sign === "-" ? "subtracts from" : "adds to";
    case "T":
      return "draws a number from";
    case "|":
    case "&":
    case "min":
    case "max":
      return `updates (\`${access.mode}=\`)`;
  }
}

// --- the missing condition -------------------------------------------------------------------------------------------

function conditionText(clauses: readonly (readonly Atom[])[], scope: PairScope): string {
  const shown = clauses.map((clause) => clause.map((atom) => showAtom(atom, scope)).join(" || "));
  return shown.map((text, i) => (shown.length > 1 && clauses[i].length > 1 ? `(${text})` : text)).join(" && ");
}

function fixesFor(program: Program, claim: ParallelClaim, missing: Missing, scope: PairScope): readonly Fix[] {
  if (missing.kind === "none") return [];
  const { path, span } = claim.site;
  const text = program.files.find((file) => file.path === path)?.text.slice(span.start, span.end);
  if (text === undefined) return [];
  const parts = /^([^)]*\))(?:\s*when\b\s*([^;]*?))?\s*(;?)$/.exec(text);
  // A comment inside would move; then the author writes it.
  if (parts === null || text.includes("//") || text.includes("/*")) return [];
  const [, head, old, end] = parts;
  const added = conditionText(missing.clauses, scope);
  const condition = old === undefined ? added : `${grouped(old)} && ${grouped(added)}`;
  return [{ title: "add the missing condition", changes: "guess", edits: [{ path, span, text: `${head} when ${condition}${end}` }] }];
}

function grouped(condition: string): string {
  return condition.includes("||") ? `(${condition})` : condition;
}
