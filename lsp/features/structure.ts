/** Folding, selection ranges, links of imports, and the list of tests: what the tree alone says. */
import type { DocumentLink, FoldingRange, Position, Range, SelectionRange } from "vscode-languageserver";
import { childrenOf, nodesAt } from "../symbols/nodes.ts";
import type { AnyNode } from "../symbols/nodes.ts";
import type { SourceFile } from "../text/source-file.ts";
import { importLinks } from "./navigation.ts";
import type { View } from "./view.ts";

/** Looked at beside a comment. */
const MAX_INDENT = 200;

export function folding({ source, parsed }: SourceFile): readonly FoldingRange[] {
  const found = new Map<number, FoldingRange>();
  const add = (start: number, end: number, kind: string | undefined): void => {
    const from = source.position(start).line;
    const to = source.position(end).line;
    // The closing line stays to be seen.
    const last = kind === undefined ? to - 1 : to;
    if (last > from && !found.has(from)) found.set(from, { startLine: from, endLine: last, ...(kind === undefined ? {} : { kind }) });
  };
  const visit = (node: AnyNode): void => {
    const isBraced = ["contract", "mixin", "interface", "struct", "enum", "block", "match", "matchExpr"].includes(node.kind);
    if (isBraced) add(node.span.start, node.span.end, undefined);
    if (node.kind === "function" && node.body !== undefined) add(node.span.start, node.span.end, undefined);
    for (const child of childrenOf(node)) visit(child);
  };
  for (const item of parsed.file.items) visit(item);
  const imports = parsed.file.items.filter(({ kind }) => kind === "import");
  if (imports.length > 1) add(imports[0].span.start, imports[imports.length - 1].span.end, "imports");
  // Comments on lines of their own, one after the other, are one.
  const comments = parsed.file.comments.filter(({ span }) => {
    // Of the author's text: behind a declaration the compiler's has white space that would look like an indent.
    const [start, end] = [source.toReal(span.start), source.toReal(span.end)];
    const before = source.real.slice(Math.max(0, start - MAX_INDENT), start);
    return /(?:^|[\r\n\ufeff])[ \t]*$/.test(before) && /^[ \t]*(?:[\r\n]|$)/.test(source.real.slice(end, end + MAX_INDENT));
  });
  for (let i = 0; i < comments.length; i++) {
    let end = i;
    const lineOf = (at: number): number => source.position(at).line;
    while (
      end + 1 < comments.length &&
      comments[end].kind !== "block" &&
      lineOf(comments[end + 1].span.start) === lineOf(comments[end].span.start) + 1
    )
      end++;
    add(comments[i].span.start, comments[end].span.end, "comment");
    i = end;
  }
  return [...found.values()].sort((a, b) => a.startLine - b.startLine);
}

export function selectionRanges({ source, parsed }: SourceFile, positions: readonly Position[]): readonly SelectionRange[] {
  return positions.map((position) => {
    const offset = source.offset(position);
    const spans = [{ start: 0, end: source.padded.length }, ...nodesAt(parsed.file, offset).map(({ span }) => span)];
    const word = wordAt(source.padded, offset);
    const last = spans[spans.length - 1];
    if (word !== undefined && last.start <= word.start && word.end <= last.end) spans.push(word);
    let selection: SelectionRange | undefined;
    let known: Range | undefined;
    for (const span of spans) {
      const range = source.range(span);
      if (known !== undefined && sameRange(known, range)) continue;
      selection = selection === undefined ? { range } : { range, parent: selection };
      known = range;
    }
    return selection ?? { range: { start: position, end: position } };
  });
}

function sameRange(a: Range, b: Range): boolean {
  return (
    a.start.line === b.start.line &&
    a.start.character === b.start.character &&
    a.end.line === b.end.line &&
    a.end.character === b.end.character
  );
}

function wordAt(text: string, offset: number): { readonly start: number; readonly end: number } | undefined {
  let start = offset;
  let end = offset;
  while (start > 0 && /\w/.test(text[start - 1])) start--;
  while (end < text.length && /\w/.test(text[end])) end++;
  return start === end ? undefined : { start, end };
}

export function documentLinks(view: View): readonly DocumentLink[] {
  return importLinks(view).map(({ span, target }) => ({ range: view.file.source.range(span), target: view.addresses.uriOf(target) }));
}

export interface TestPlace {
  readonly title: string;
  readonly range: Range;
  readonly titleRange: Range;
  readonly parameters: boolean;
}

export function testsOf({ source, parsed }: SourceFile): readonly TestPlace[] {
  return parsed.file.items.flatMap((item) =>
    item.kind === "test"
      ? [
          {
            title: item.title,
            range: source.range(item.span),
            titleRange: source.range(item.titleSpan),
            parameters: item.params.length > 0,
          },
        ]
      : [],
  );
}
