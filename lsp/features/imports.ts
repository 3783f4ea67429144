/** Imports: what other files offer, the edit that takes a name from one, and imports in order. */
import type { TextEdit } from "vscode-languageserver";
import type { ImportDecl, SourceFile as Tree } from "../../grammar/ast.ts";
import { formatChecked } from "../../format/format.ts";
import { scan } from "../../grammar/lexer.ts";
import { isLibraryPath } from "../../compiler/modules/library.ts";
import type { SymbolKind } from "../symbols/symbol.ts";
import type { View } from "./view.ts";

export interface Exported {
  readonly name: string;
  readonly kind: SymbolKind;
  readonly path: string;
  /** How the asking file writes the path. */
  readonly from: string;
}

const MAX_EXPORTED = 3_000;

export function exportsFor(from: string, trees: Iterable<Tree>): readonly Exported[] {
  const found: Exported[] = [];
  for (const tree of trees) {
    if (tree.path === from) continue;
    const path = relativePath(from, tree.path);
    if (path === undefined) continue;
    for (const item of tree.items) {
      if (found.length >= MAX_EXPORTED) return found;
      if (item.kind !== "import" && item.kind !== "test" && item.name.text !== "")
        found.push({ name: item.name.text, kind: item.kind, path: tree.path, from: path });
    }
  }
  return found;
}

/** As an import writes it. Undefined if no relative path leads there. */
export function relativePath(from: string, to: string): string | undefined {
  if (isLibraryPath(to)) return to;
  if (!from.startsWith("/") && !/^[A-Za-z]:\//.test(from)) return undefined;
  const here = from.split("/").slice(0, -1);
  const there = to.split("/");
  let common = 0;
  while (common < here.length && common < there.length - 1 && here[common] === there[common]) common++;
  const up = here.length - common;
  const rest = there.slice(common).join("/");
  return up === 0 ? `./${rest}` : `${"../".repeat(up)}${rest}`;
}

/** Adds the name to the import of its file, or an import behind the last one. */
export function importEdit(view: View, { name, from }: Pick<Exported, "name" | "from">): TextEdit | undefined {
  const { source } = view.file;
  const imports = importsOf(view.tree);
  const known = imports.find((one) => one.from === from);
  if (known !== undefined) {
    const last = known.names.at(-1);
    if (last === undefined) return undefined;
    const end = (last.alias ?? last.name).end;
    return { range: source.range({ start: end, end }), newText: `, ${name}` };
  }
  const line = `import { ${name} } from "${from}";`;
  const last = imports.at(-1);
  if (last !== undefined) return { range: source.range({ start: last.span.end, end: last.span.end }), newText: `\n${line}` };
  const start = source.padded.startsWith("\ufeff") ? 1 : 0;
  return { range: source.range({ start, end: start }), newText: `${line}\n\n` };
}

function importsOf(tree: Tree): readonly ImportDecl[] {
  return tree.items.flatMap((item) => (item.kind === "import" ? [item] : []));
}

export type ImportChange = "order" | "removeUnused";

/**
 * In order: sorted by path, names too, one import per file. Or without those that nothing uses, which may have been typed just now: never both at
 * once. Undefined if there is nothing to do or a comment is in the way.
 */
export function changeImports(view: View, change: ImportChange): TextEdit | undefined {
  const imports = importsOf(view.tree);
  const { source } = view.file;
  if (imports.length === 0) return undefined;
  const span = { start: imports[0].span.start, end: imports[imports.length - 1].span.end };
  const between = view.tree.items.some(({ kind, span: at }) => kind !== "import" && at.start > span.start && at.end < span.end);
  if (between || view.tree.comments.some((comment) => comment.span.start >= span.start && comment.span.end <= span.end)) return undefined;
  // By their words alone: what an import that can't be found would give isn't known, and it is used all the same.
  const used = new Set(
    scan(source.padded, 0).tokens.flatMap(({ image, startOffset }) => (startOffset >= span.start && startOffset < span.end ? [] : [image])),
  );
  const isBroken = view.file.parsed.problems.length > 0;
  if (change === "removeUnused" && isBroken) return undefined;
  const isKept = (name: string): boolean => change === "order" || used.has(name);
  if (change === "removeUnused" && imports.every(({ names }) => names.every(({ name, alias }) => isKept((alias ?? name).text))))
    return undefined;
  const byPath = new Map<string, Set<string>>();
  for (const { from, names } of imports) {
    const known = byPath.get(from) ?? new Set();
    for (const { name, alias } of names)
      if (isKept((alias ?? name).text)) known.add(alias === undefined ? name.text : `${name.text} as ${alias.text}`);
    byPath.set(from, known);
  }
  const rank = (path: string): string => `${isLibraryPath(path) ? 0 : path.startsWith("../") ? 1 : 2}${path}`;
  const isSorted = change === "order";
  const kept = [...byPath].filter(([, names]) => names.size > 0);
  const lines = (isSorted ? kept.sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1)) : kept).map(
    ([path, names]) => `import { ${(isSorted ? [...names].sort() : [...names]).join(", ")} } from "${path}";`,
  );
  const formatted = formatChecked(`${lines.join("\n")}\n`);
  const text = (formatted.kind === "formatted" ? formatted.text : lines.join("\n")).trimEnd();
  const range = source.range(span);
  return text === source.real.slice(source.toReal(span.start), source.toReal(span.end)) ? undefined : { range, newText: text };
}
