/**
 * W1001: a function writes a cell whose key names nothing of the call, so all calls of it run one after another.
 * Reads footprints; one warning per function, at its name, with the writes as notes. Quiet about `init`, and about functions that only one
 * account can get through: such calls are rare, and ordered by their sender's nonce anyway.
 */
import type { Diagnostic, Note } from "../diagnostics/diagnostic.ts";
import { createReporter } from "../diagnostics/report.ts";
import { flatten } from "../footprint/flatten.ts";
import type { ContractFootprint, EntryPlan, FlatAccess, Footprints, Leaf, LoopId, PlanStep, Term } from "../footprint/footprint.ts";
import { COIN } from "../footprint/footprint.ts";
import { leafName } from "../footprint/show.ts";
import { childrenOf } from "../footprint/terms.ts";
import type { Program } from "../typed/tree.ts";
import { isForOneAccount } from "./one-account.ts";

/** Cells named and places shown per function. */
const MAX_CELLS = 4;

export function serialisingWrites(footprints: Footprints, program: Program): readonly Diagnostic[] {
  const reporter = createReporter();
  for (const footprint of footprints.contracts) {
    for (const [id, plan] of footprint.entries) {
      const func = program.functions.get(id);
      if (func === undefined || func.role !== "external" || func.mutability === "view") continue;
      const accesses = flatten(plan);
      const ranges = rangesOf(plan);
      const writes = accesses.filter((access) => isSerialising(access, ranges));
      if (writes.length === 0 || isForOneAccount(func, program)) continue;
      const cells = listed(cellNames(writes, footprint));
      const help = adviceFor(footprint.leaves[writes[0].leaf], accesses);
      reporter.report("W1001", func.nameSite, { name: func.name, cells }, { notes: notesOf(writes, footprint), help });
    }
  }
  return reporter.diagnostics();
}

/** Where the loops over ranges begin; the indexes of other loops begin at 0 in every call. */
type Ranges = ReadonlyMap<LoopId, Term>;

function rangesOf(plan: EntryPlan): Ranges {
  const ranges = new Map<LoopId, Term>();
  const stack: PlanStep[] = [...plan.steps];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (step.kind === "branch") {
      for (const inner of step.then) stack.push(inner);
      for (const inner of step.otherwise) stack.push(inner);
    } else if (step.kind === "loop") {
      if (step.over.kind === "range") ranges.set(step.loop, step.over.from);
      for (const inner of step.body) stack.push(inner);
    }
  }
  return ranges;
}

function isSerialising({ mode, leaf, keys }: FlatAccess, ranges: Ranges): boolean {
  return mode === "W" && leaf !== COIN && keys.every((key) => !namesTheCall(key, ranges));
}

/**
 * Whether the value differs from call to call. A key that nobody knows before the call is another matter, and counts as one that does.
 * Terms are shared: each is visited once.
 */
function namesTheCall(root: Term, ranges: Ranges): boolean {
  const seen = new Set<Term>();
  const stack = [root];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    if (seen.has(term)) continue;
    seen.add(term);
    if (term.kind === "param" || term.kind === "ticket" || term.kind === "unknown") return true;
    if (term.kind === "context" && (term.name === "caller" || term.name === "value")) return true;
    const start = term.kind === "loopIndex" ? ranges.get(term.loop) : undefined;
    if (start !== undefined) stack.push(start);
    stack.push(...childrenOf(term));
  }
  return false;
}

/** A cell by its full name; several of one field by the field's. */
function cellNames(writes: readonly FlatAccess[], { leaves }: ContractFootprint): readonly string[] {
  const byField = new Map<string, Set<string>>();
  for (const { leaf } of writes) {
    const name = leafName(leaves[leaf]);
    const field = leaves[leaf].field?.name ?? name;
    byField.set(field, (byField.get(field) ?? new Set()).add(name));
  }
  return [...byField].map(([field, names]) => `\`${names.size === 1 ? [...names][0] : field}\``);
}

function listed(names: readonly string[]): string {
  return names.slice(0, MAX_CELLS).join(", ") + (names.length > MAX_CELLS ? ` and ${names.length - MAX_CELLS} more` : "");
}

/** The first write of each field. */
function notesOf(writes: readonly FlatAccess[], { leaves }: ContractFootprint): readonly Note[] {
  const byField = new Map<string, FlatAccess>();
  for (const write of writes) {
    const field = leaves[write.leaf].field?.name ?? "";
    if (!byField.has(field)) byField.set(field, write);
  }
  return [...byField.values()]
    .slice(0, MAX_CELLS)
    .map(({ site }) => ({ path: site.path, span: site.span, text: "the same cell in every call" }));
}

/** The way out that is most likely meant; the others follow. */
function adviceFor(leaf: Leaf, accesses: readonly FlatAccess[]): string {
  const name = `\`${leafName(leaf)}\``;
  const isRead = accesses.some((access) => access.leaf === leaf.index && access.mode === "R");
  const own = "if each caller has its own, make it a map by `caller`; else allow it with a reason";
  if (leaf.type.kind === "list") {
    return "keep the items in a map, by `caller` or by a number of a `sequence`; else allow it with a reason";
  }
  if (leaf.type.kind !== "int") return `if ${name} never changes, make it \`immutable\`; ${own}`;
  if (isRead) return `if ${name} sums up, use \`+=\` and don't read it here; if it numbers things, make it a \`sequence\`; ${own}`;
  return `if ${name} never changes, make it \`immutable\`; if it sums up, use \`+=\`; ${own}`;
}
