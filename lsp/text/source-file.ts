/**
 * A file as the editor has it: its text with its tree. After an edit only the declarations it touches are read again; all other nodes of the tree stay the
 * same objects at the same offsets. Where these declarations can't be read by themselves the whole file is, and nodes that came out as they were are kept.
 */
import type { Comment, ContractDecl, Item, Member, MixinDecl, SourceFile as Tree, Span } from "../../grammar/ast.ts";
import { parseDeclaration, parseFile, parseRun } from "../../grammar/parse.ts";
import type { ParseResult, RunPlace } from "../../grammar/parsed.ts";
import { gapsInTheWay } from "./gaps.ts";
import { keepNodes, reconcile } from "./reconcile.ts";
import { createSourceText, replaceIn } from "./source-text.ts";
import type { SourceText } from "./source-text.ts";

export interface SourceFile {
  readonly path: string;
  readonly source: SourceText;
  readonly parsed: ParseResult;
}

export function readSource(path: string, real: string): SourceFile {
  const source = createSourceText(real, new Set());
  const parsed = parseFile(path, source.padded);
  // Only the tree tells for sure where a declaration ends.
  const wrong = gapsInTheWay(source, parsed);
  if (wrong.size === 0) return { path, source, parsed };
  const mended = createSourceText(real, wrong);
  return { path, source: mended, parsed: parseFile(path, mended.padded) };
}

/** The file after an edit: `real` is the whole new text. */
export function editSource(file: SourceFile, real: string): SourceFile {
  if (real === file.source.real) return file;
  const laid = layOut(file, changeOf(file.source, real));
  if (laid === undefined) return readSource(file.path, real);
  const { source } = laid;
  const again = readBody(file, laid) ?? readTouched(file, laid) ?? reconcile(file.parsed, parseFile(file.path, source.padded));
  return gapsInTheWay(source, again).size === 0 ? { path: file.path, source, parsed: again } : readSource(file.path, real);
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What differs, as one replacement at offsets of the compiler's text. */
function changeOf(source: SourceText, after: string): Change {
  const before = source.real;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < most - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  const inserted = after.slice(start, after.length - tail);
  const removed = before.slice(start, before.length - tail);
  // A line written before one that begins like it differs from it only further on; its author began at the line.
  const back = inserted === "" || removed === "" ? slide(before, start, inserted + removed) : 0;
  const end = source.toPadded(before.length - tail - back);
  const from = source.toPadded(start - back);
  // What is written where a gap is stands behind it, not in the declaration before, unless that has lost its end.
  const gap = source.gaps.find(({ at }) => at === from);
  const isOpen = from === end && !/[;{}]/.test(before.charAt(start - back - 1));
  const behind = gap === undefined || isOpen ? from : from + gap.length;
  return { start: behind, end: Math.max(behind, end), text: after.slice(start - back, after.length - tail - back) };
}

/** How far what was written or taken out can be moved to the left, to the beginning of a line, without a difference. */
function slide(text: string, start: number, piece: string): number {
  for (let back = 0; back <= Math.min(start, piece.length); back++) {
    if (start === back || text[start - back - 1] === "\n") return back;
    if (text[start - back - 1] !== piece[piece.length - 1 - back]) return 0;
  }
  return 0;
}

// --- which declarations an edit touches ----------------------------------------------------------------------------------

type Container = ContractDecl | MixinDecl;

/** Declarations one after the other in a file or a container, from the first to the last that an edit touches, with what stands around them. */
interface Touched {
  readonly container: Container | undefined;
  /** All declarations there, and which of them are touched: from `first` up to `next`. */
  readonly nodes: readonly (Item | Member)[];
  readonly first: number;
  readonly next: number;
  /** From the end of the declaration before to the end of the last one, or to that of the file or of the container's inside. */
  readonly region: Span;
  readonly isTail: boolean;
}

function insideContainer(tree: Tree, change: Change): Touched | undefined {
  for (const item of tree.items) {
    if (item.span.start >= change.start || item.span.end <= change.end || (item.kind !== "contract" && item.kind !== "mixin")) continue;
    const bounds = insideOf(tree, item);
    if (bounds !== undefined && bounds.start <= change.start && change.end <= bounds.end) return among(item, item.members, bounds, change);
  }
  return undefined;
}

function inFile(tree: Tree, change: Change): Touched {
  return among(undefined, tree.items, { start: 0, end: tree.text.length }, change);
}

function among(container: Container | undefined, nodes: Touched["nodes"], bounds: Span, { start, end }: Change): Touched {
  const first = nodes.findIndex(({ span }) => span.end > start);
  const last = nodes.findIndex(({ span }) => span.end > end);
  const before = first === -1 ? nodes.length : first;
  const region = {
    start: before === 0 ? bounds.start : nodes[before - 1].span.end,
    end: last === -1 ? bounds.end : nodes[last].span.end,
  };
  return { container, nodes, first: before, next: last === -1 ? nodes.length : last + 1, region, isTail: last === -1 };
}

/** Between the braces. */
function insideOf({ text }: Tree, node: Container): Span | undefined {
  const asked = node.kind === "contract" ? node.implements : [];
  const head = Math.max(...[node.name, ...node.uses, ...asked].map(({ end }) => end));
  const brace = text.indexOf("{", head);
  // A comment may have braces, too.
  if (brace === -1 || text.slice(head, brace).trim() !== "" || text[node.span.end - 1] !== "}") return undefined;
  return { start: brace + 1, end: node.span.end - 1 };
}

/** With the next declaration, whose gap may be free. */
function widened(touched: Touched): Touched | undefined {
  const { nodes, next, region } = touched;
  return next >= nodes.length ? undefined : { ...touched, next: next + 1, region: { start: region.start, end: nodes[next].span.end } };
}

// --- the new text ----------------------------------------------------------------------------------------------------------

interface LaidOut {
  readonly change: Change;
  readonly touched: Touched;
  readonly source: SourceText;
  /** How far what stands in the region before the edit, and behind it, has moved. */
  readonly before: number;
  readonly behind: number;
}

/** Declarations without a gap of their own that are looked at before all is laid out anew. */
const MAX_WIDENED = 16;

function layOut({ source, parsed }: SourceFile, change: Change): LaidOut | undefined {
  for (const found of [insideContainer(parsed.file, change), inFile(parsed.file, change)]) {
    let touched = found;
    for (let i = 0; i < MAX_WIDENED && touched !== undefined; i++, touched = widened(touched)) {
      const { region, nodes, next, isTail } = touched;
      // An edit in front of a declaration leaves it where it is.
      const prefer = isTail || change.end <= nodes[next - 1].span.start ? "before" : "behind";
      const replaced = replaceIn(source, change, { ...region, prefer });
      if (replaced !== undefined) return { change, touched, ...replaced };
    }
  }
  return undefined;
}

// --- the new tree ----------------------------------------------------------------------------------------------------------

type WithBody = Extract<Item | Member, { kind: "function" | "guard" | "init" | "invariant" | "test" }>;

/** An edit inside a body: whatever it breaks there, it breaks nothing else. */
function readBody({ parsed }: SourceFile, { source, change, touched, before, behind }: LaidOut): ParseResult | undefined {
  const { nodes, first, next, container } = touched;
  const node = nodes.at(first);
  if (next !== first + 1 || node === undefined || !isInBody(node, change)) return undefined;
  // What is wrong elsewhere may have to do with this.
  if (parsed.problems.some(({ span }) => span.start < node.span.start || span.end > node.span.end)) return undefined;
  const span = { start: node.span.start + before, end: node.span.end + behind };
  const again = parseDeclaration(source.padded, span, node.doc, container === undefined ? "item" : "member");
  if (again === undefined || again.node.kind !== node.kind) return undefined;
  // Words in front of it may have moved along.
  const inFront = parsed.file.comments.flatMap((comment): Comment[] => {
    const { start, end } = comment.span;
    return start < touched.region.start || end > node.span.start
      ? []
      : [{ ...comment, span: { start: start + before, end: end + before } }];
  });
  const file = withNodes(parsed.file, source, touched, touched.region, [again.node], [...inFront, ...again.comments]);
  return { ...parsed, file, problems: again.problems };
}

function isInBody(node: Item | Member, { start, end }: Change): node is WithBody {
  if (node.kind !== "function" && node.kind !== "guard" && node.kind !== "init" && node.kind !== "invariant" && node.kind !== "test")
    return false;
  return node.body !== undefined && node.body.span.start < start && end < node.body.span.end && node.body.span.end === node.span.end;
}

/** The declarations that are touched, if nothing is wrong with them and whatever was wrong before was wrong with them. */
function readTouched({ parsed }: SourceFile, { source, touched, behind }: LaidOut): ParseResult | undefined {
  const { container, region, nodes, first, next, isTail } = touched;
  if (!parsed.isBalanced || parsed.problems.some(({ span }) => span.start < region.start || span.end > region.end)) return undefined;
  const place: RunPlace = container === undefined ? { kind: "file" } : { kind: container.kind, start: container.span.start };
  const again = parseRun(source.padded, { start: region.start, end: region.end + (isTail ? 0 : behind) }, place, isTail);
  if (again === undefined) return undefined;
  const kept = keepNodes(parsed, nodes.slice(first, next), { file: { text: source.padded }, problems: [] }, again.nodes);
  return { ...parsed, file: withNodes(parsed.file, source, touched, region, kept, again.comments), problems: [] };
}

/** The tree with other nodes in the place of those that are touched, and other comments in `span`. */
function withNodes(
  tree: Tree,
  { padded }: SourceText,
  { container, first, next }: Touched,
  span: Span,
  nodes: readonly (Item | Member)[],
  comments: readonly Comment[],
): Tree {
  const items =
    container === undefined
      ? [...tree.items.slice(0, first), ...nodes.filter(isItem), ...tree.items.slice(next)]
      : tree.items.map((item): Item => {
          if (item !== container) return item;
          const { members } = container;
          return { ...container, members: [...members.slice(0, first), ...nodes.filter(isMember), ...members.slice(next)] };
        });
  const others = tree.comments.filter((comment) => comment.span.end <= span.start);
  const behind = tree.comments.filter((comment) => comment.span.start >= span.end);
  return { ...tree, text: padded, items, comments: [...others, ...comments, ...behind], span: { start: 0, end: padded.length } };
}

function isMember(node: Item | Member): node is Member {
  return !FILE_ONLY.has(node.kind);
}

function isItem(node: Item | Member): node is Item {
  return !MEMBER_ONLY.has(node.kind);
}

const FILE_ONLY: ReadonlySet<string> = new Set<Exclude<Item["kind"], Member["kind"]>>([
  ...(["import", "const", "struct", "enum", "interface", "mixin", "contract", "test"] as const),
]);
const MEMBER_ONLY: ReadonlySet<string> = new Set<Exclude<Member["kind"], Item["kind"]>>([
  ...(["state", "immutable", "guard", "init", "invariant", "parallel"] as const),
]);
