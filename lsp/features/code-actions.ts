/** Code actions: the compiler's fixes, imports for unknown names, an assertion for a pair of functions, imports in order. */
import type { CodeAction, CodeActionContext, Range, TextEdit, WorkspaceEdit } from "vscode-languageserver";
import { conflictMatrix } from "../../compiler/conflicts/matrix.ts";
import type { Fix } from "../../compiler/diagnostics/diagnostic.ts";
import { overlap } from "../../compiler/diagnostics/edits.ts";
import { isLibraryPath, nearestLibraryPath } from "../../compiler/modules/library.ts";
import type { ContractDecl } from "../../grammar/ast.ts";
import { conflictsOf } from "../state/snapshot.ts";
import { withoutGaps } from "../text/source-text.ts";
import { footprintOf } from "./footprints.ts";
import type { Exported, ImportChange } from "./imports.ts";
import { changeImports, importEdit } from "./imports.ts";
import { mergeDiagnostics, shownDiagnostics } from "./diagnostics.ts";
import type { View } from "./view.ts";

export const ACTION_KINDS = [
  "quickfix",
  "refactor.rewrite",
  "source.organizeImports",
  "source.removeUnusedImports",
  "source.fixAll.weft",
] as const;

/** `programs`: all that hold the file as it is now, with what they say that the author wants to see. Of a mixin only those that use it know what is wrong. */
export function codeActions(
  view: View,
  range: Range,
  { only }: CodeActionContext,
  { exported, programs }: { readonly exported: readonly Exported[]; readonly programs: readonly View[] },
): readonly CodeAction[] {
  const wants = (kind: string): boolean => only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  return [
    ...(wants("quickfix")
      ? [
          ...distinct(programs.flatMap((one) => fixes(one, range))),
          ...missingImports(view, range, exported),
          ...importPaths(view, range, exported),
        ]
      : []),
    ...(wants("refactor.rewrite") ? assertions(view, range) : []),
    ...(wants("source.organizeImports") ? importAction(view, "order", "organise imports", "source.organizeImports") : []),
    ...(wants("source.removeUnusedImports")
      ? importAction(view, "removeUnused", "remove unused imports", "source.removeUnusedImports")
      : []),
    ...(wants("source.fixAll.weft") && only !== undefined ? fixAll(view, programs) : []),
  ];
}

function fixes(view: View, range: Range): readonly CodeAction[] {
  const { source } = view.file;
  const { start, end } = source.span(range);
  return view.diagnostics.flatMap((found): CodeAction[] => {
    if (found.span.start > end || found.span.end < start) return [];
    const shown = mergeDiagnostics([shownDiagnostics({ ...view.snapshot, diagnostics: [found] }, view.path, view.addresses)]);
    return found.fixes.flatMap((fix, i): CodeAction[] => {
      const edit = editOf(view, fix);
      if (edit === undefined) return [];
      const what = fix.changes === "abi" ? " (changes what callers see)" : "";
      return [
        {
          title: `${fix.title}${what}`,
          kind: "quickfix",
          diagnostics: [...shown],
          edit,
          isPreferred: i === 0 && fix.changes === "nothing",
        },
      ];
    });
  });
}

/** Two programs may say the same. */
function distinct(actions: readonly CodeAction[]): readonly CodeAction[] {
  return [...new Map(actions.map((one) => [JSON.stringify([one.title, one.edit]), one])).values()];
}

/** Undefined if the fix would change a file that nobody can change. */
function editOf(view: View, { edits }: Pick<Fix, "edits">): WorkspaceEdit | undefined {
  const changes: Record<string, TextEdit[]> = {};
  for (const { path, span, text } of edits) {
    const file = view.snapshot.files.get(path);
    if (file === undefined || isLibraryPath(path)) return undefined;
    (changes[view.addresses.uriOf(path)] ??= []).push({ range: file.source.range(span), newText: withoutGaps(text) });
  }
  return { changes };
}

const UNKNOWN: ReadonlySet<string> = new Set(["E0202"]);

function missingImports(view: View, range: Range, exported: readonly Exported[]): readonly CodeAction[] {
  const { source } = view.file;
  const { start, end } = source.span(range);
  return view.snapshot.diagnostics.flatMap(({ code, path, span }): CodeAction[] => {
    if (!UNKNOWN.has(code) || path !== view.path || span.start > end || span.end < start) return [];
    const name = source.textOf(span);
    return exported.flatMap((one): CodeAction[] => {
      const edit = one.name === name ? importEdit(view, one) : undefined;
      if (edit === undefined) return [];
      return [{ title: `import \`${name}\` from "${one.from}"`, kind: "quickfix", edit: { changes: { [view.uri]: [edit] } } }];
    });
  });
}

/** Paths of imports that mean no file: the nearest one of the library, or that of an own file as a relative one. */
function importPaths(view: View, range: Range, exported: readonly Exported[]): readonly CodeAction[] {
  const { source } = view.file;
  const { start, end } = source.span(range);
  return view.diagnostics.flatMap((found): CodeAction[] => {
    const { code, span } = found;
    if ((code !== "E0804" && code !== "E0209") || span.start > end || span.end < start) return [];
    const decl = view.tree.items.find((one) => one.kind === "import" && one.fromSpan.start === span.start);
    if (decl?.kind !== "import") return [];
    const near = nearestLibraryPath(decl.from);
    const own = new Set(exported.flatMap(({ from }) => (from === `./${decl.from}` || from.endsWith(`/${decl.from}`) ? [from] : [])));
    const paths = code === "E0804" ? (near === undefined ? [] : [near]) : own.size > 0 ? [...own].slice(0, MAX_PATHS) : [`./${decl.from}`];
    const shown = mergeDiagnostics([shownDiagnostics({ ...view.snapshot, diagnostics: [found] }, view.path, view.addresses)]);
    return paths.map((path) => ({
      title: `import from "${path}"`,
      kind: "quickfix",
      diagnostics: [...shown],
      edit: { changes: { [view.uri]: [{ range: source.range(span), newText: `"${path}"` }] } },
      isPreferred: paths.length === 1,
    }));
  });
}

const MAX_PATHS = 8;

/** For the function at the cursor: each pair that never conflicts, or only under a condition the assertion can rule out, and isn't asserted yet. */
function assertions(view: View, range: Range): readonly CodeAction[] {
  const { analysed } = view.snapshot;
  const offset = view.file.source.offset(range.start);
  if (analysed === undefined) return [];
  for (const item of view.tree.items) {
    if (item.kind !== "contract" || offset < item.span.start || offset > item.span.end) continue;
    const node = item.members.find(({ kind, span }) => kind === "function" && span.start <= offset && offset <= span.end);
    const footprint = footprintOf(analysed, item.name.text);
    if (node?.kind !== "function" || node.access === "internal" || footprint === undefined) return [];
    const matrix = conflictMatrix(footprint, analysed.program, conflictsOf(analysed, footprint));
    const asserted = new Set(
      footprint.contract.parallels.map((claim) => [nameOf(analysed, claim.left.func), nameOf(analysed, claim.right.func)].sort().join(" ")),
    );
    return matrix.rows.flat().flatMap((cell): CodeAction[] => {
      if (cell.left !== node.name.text && cell.right !== node.name.text) return [];
      if (asserted.has([cell.left, cell.right].sort().join(" "))) return [];
      const when =
        cell.symbol === "never" || cell.symbol === "escrow" ? "" : cell.symbol === "sometimes" ? negated(cell.condition) : undefined;
      if (when === undefined) return [];
      const text = `parallel (a: ${cell.left}, b: ${cell.right})${when};`;
      const edit = { changes: { [view.uri]: [lastInContract(view, item, text)] } };
      return [{ title: `add \`${text}\``, kind: "refactor.rewrite", edit }];
    });
  }
  return [];
}

function nameOf(analysed: NonNullable<View["snapshot"]["analysed"]>, func: (typeof analysed.program.contracts)[number]["init"]): string {
  return analysed.program.functions.get(func)?.name ?? "";
}

/** `a.id == b.id ∧ a.caller == b.caller` never holds when one of them differs. Undefined for what an assertion can't say. */
function negated(condition: string): string | undefined {
  const sides = condition.split(" ∨ ").map((way) => way.replace(/^\((.*)\)$/, "$1").split(" ∧ "));
  const term = /^[ab]\.\w+ (==|≠|!=) [ab]\.\w+$/;
  if (!sides.flat().every((one) => term.test(one))) return undefined;
  const parts = sides.map((way) => way.map((one) => (one.includes("==") ? one.replace("==", "!=") : one.replace(/≠|!=/, "=="))));
  const text = parts.map((way) => (way.length > 1 && parts.length > 1 ? `(${way.join(" || ")})` : way.join(" || "))).join(" && ");
  return ` when ${text}`;
}

function lastInContract(view: View, item: ContractDecl, text: string): TextEdit {
  const { source } = view.file;
  const last = item.members.at(-1);
  const end = last?.span.end ?? item.span.end - 1;
  // Behind a comment on the same line.
  const comment = /^[ \t]*\/\/[^\n\r]*/.exec(source.padded.slice(end))?.[0] ?? "";
  const at = end + comment.length;
  const gap = last?.kind === "parallel" || last === undefined ? "\n" : "\n\n";
  return { range: source.range({ start: at, end: at }), newText: `${gap}  ${text}` };
}

function importAction(view: View, change: ImportChange, title: string, kind: string): readonly CodeAction[] {
  const edit = changeImports(view, change);
  return edit === undefined ? [] : [{ title, kind, edit: { changes: { [view.uri]: [edit] } } }];
}

/** Fixes that change nothing a caller could see, as far as they don't overlap. */
function fixAll(view: View, programs: readonly View[]): readonly CodeAction[] {
  const edits: Fix["edits"][number][] = [];
  const known = new Set<string>();
  for (const { fixes: all } of programs.flatMap(({ diagnostics }) => diagnostics)) {
    const fix = all.find(({ changes, edits: own }) => changes === "nothing" && own.every(({ path }) => path === view.path));
    if (fix === undefined || known.has(JSON.stringify(fix)) || fix.edits.some((one) => edits.some((other) => overlap(one, other))))
      continue;
    known.add(JSON.stringify(fix));
    edits.push(...fix.edits);
  }
  const edit = edits.length === 0 ? undefined : editOf(view, { edits });
  return edit === undefined ? [] : [{ title: "fix all that changes nothing for callers", kind: "source.fixAll.weft", edit }];
}
