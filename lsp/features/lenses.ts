/** Code lenses: what a function touches, with whom it conflicts, and a button for each test. */
import type { CodeLens, Command } from "vscode-languageserver";
import type { ContractDecl, InvariantDecl, Span } from "../../grammar/ast.ts";
import { conflictMatrix } from "../../compiler/conflicts/matrix.ts";
import type { ConflictMatrix } from "../../compiler/conflicts/matrix.ts";
import type { ContractFootprint } from "../../compiler/footprint/footprint.ts";
import { conflictsOf } from "../state/snapshot.ts";
import type { Settings } from "../settings.ts";
import { fileName } from "../symbols/names.ts";
import { analysedOf, footprintOf, functionFootprint, summary, usedBy } from "./footprints.ts";
import type { View } from "./view.ts";

const MAX_CELLS = 4;
const MAX_NAMES = 3;
/** Behind what was found out of an earlier text. */
const STALE = " (of the last text without errors)";

export function codeLenses(view: View, { codeLens }: Settings, commands: ReadonlySet<string>): readonly CodeLens[] {
  const { source } = view.file;
  const lenses: CodeLens[] = [];
  const add = (span: Span, title: string, command: string, args: readonly unknown[]): void => {
    // Who doesn't know the command still reads the words.
    const shown: Command = commands.has(command) ? { title, command, arguments: [...args] } : { title, command: "" };
    lenses.push({ range: source.range(span), command: shown });
  };
  const found = analysedOf(view.snapshot);
  const mark = found?.stale === true ? STALE : "";
  for (const item of view.tree.items) {
    if (item.kind === "test" && codeLens.tests)
      add(item.titleSpan, item.params.length > 0 ? "run test with made-up values" : "run test", "weft.runTest", [view.uri, item.title]);
    const invariant = item.kind === "contract" && codeLens.tests ? testedInvariant(view, item) : undefined;
    if (item.kind === "contract" && invariant !== undefined)
      add(invariant.name, "test invariants", "weft.runTest", [view.uri, `invariants of ${item.name.text}`]);
    if (item.kind === "mixin") {
      const matrices = new Map<ContractFootprint, ConflictMatrix>();
      for (const member of item.members) {
        const used = member.kind === "function" && member.access !== "internal" ? usedBy(view, view.path, member.name.start) : undefined;
        if (used === undefined || member.kind !== "function") continue;
        const { compiled, contract, footprint } = used;
        const args = [view.uri, source.position(member.name.start)];
        const { name } = contract.contract;
        if (codeLens.footprints) add(member.name, `in ${name}: ${summary(footprint, MAX_CELLS)}`, "weft.showConflicts", args);
        if (!codeLens.conflicts) continue;
        const matrix = matrices.get(contract) ?? conflictMatrix(contract, compiled.program, conflictsOf(compiled, contract));
        matrices.set(contract, matrix);
        add(member.name, `in ${name}: ${conflictText(matrix, member.name.text)}`, "weft.showConflicts", args);
      }
    }
    if (item.kind !== "contract" || found === undefined) continue;
    const footprint = footprintOf(found.compiled, item.name.text);
    if (footprint === undefined) continue;
    let matrix: ConflictMatrix | undefined;
    for (const member of item.members) {
      if (member.kind !== "function" || member.access === "internal") continue;
      const position = source.position(member.name.start);
      const touched = functionFootprint(found.compiled, item.name.text, member.name.text);
      if (touched === undefined) continue;
      if (codeLens.footprints) add(member.name, summary(touched, MAX_CELLS) + mark, "weft.showConflicts", [view.uri, position]);
      if (!codeLens.conflicts) continue;
      matrix ??= conflictMatrix(footprint, found.compiled.program, conflictsOf(found.compiled, footprint));
      add(member.name, conflictText(matrix, member.name.text) + mark, "weft.showConflicts", [view.uri, position]);
    }
  }
  return lenses;
}

/** The first invariant of a contract that is tested by itself: one that can be deployed with made-up values. */
function testedInvariant({ snapshot, path }: View, { members }: ContractDecl): InvariantDecl | undefined {
  const { context } = snapshot.facts() ?? {};
  const init = members.find(({ kind }) => kind === "init");
  const takesContract = (init?.kind === "init" ? init.params : []).some(({ type }) => {
    const decl = type.kind === "namedType" && context !== undefined ? fileName(context, path, type.name.text) : undefined;
    return decl?.kind === "contract" || decl?.kind === "interface";
  });
  const found = members.find(({ kind }) => kind === "invariant");
  return takesContract || found?.kind !== "invariant" ? undefined : found;
}

function conflictText(matrix: ConflictMatrix, name: string): string {
  const others = matrix.rows.flat().flatMap(({ left, right, symbol }) => {
    if ((left !== name && right !== name) || symbol === "never" || symbol === "escrow") return [];
    return [{ name: left === name ? right : left, always: symbol === "always" }];
  });
  if (others.length === 0) return "conflicts with nothing";
  const sorted = others.sort((a, b) => Number(b.always) - Number(a.always));
  const shown = sorted.slice(0, MAX_NAMES).map((one) => (one.always ? `${one.name} (always)` : one.name));
  return `conflicts with ${shown.join(", ")}${others.length > MAX_NAMES ? ` and ${others.length - MAX_NAMES} more` : ""}`;
}
