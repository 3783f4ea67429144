/**
 * What of a file with syntax errors can still be checked. Declarations whose outside is damaged are taken out of the tree, and their names
 * remembered; damaged bodies stay. What the checker then says about either is no news: the author hears of a mistake once.
 */
import type { ContractDecl, Item, Member, MixinDecl, SourceFile, Span } from "../../grammar/ast.ts";
import type { ParseResult } from "../../grammar/parsed.ts";
import type { SyntaxProblem } from "../../grammar/problem.ts";

export interface Salvage {
  readonly tree: SourceFile;
  /** Nothing in here is worth reporting. */
  readonly damaged: readonly Span[];
  /** Words of what was taken out, its names among them, if they could be read at all. */
  readonly missing: ReadonlySet<string>;
  /** Nobody can say where declarations begin and end: the tree is empty. */
  readonly isLost: boolean;
}

export function salvage({ file: tree, problems, isBalanced }: ParseResult): Salvage {
  if (problems.length === 0) return { tree, damaged: [], missing: new Set(), isLost: false };
  if (!isBalanced || problems.some(isFatal)) return { tree: { ...tree, items: [] }, damaged: [], missing: new Set(), isLost: true };
  const finder: Finder = { text: tree.text, damaged: [], missing: new Set() };
  const hits = assign(tree.items, problems, (gap) => missGap(finder, gap));
  const items = tree.items.flatMap((item) => keepItem(finder, item, hits.get(item)));
  return { tree: { ...tree, items }, damaged: finder.damaged, missing: finder.missing, isLost: false };
}

/** Bodies that never end, and limits where the parser stopped. */
function isFatal({ code, args }: SyntaxProblem): boolean {
  if (code === "E0104") return args.close === "`}`";
  if (code === "E0105") return args.what !== "string";
  return code === "E0107" || code === "E0108" || code === "E0109";
}

interface Finder {
  readonly text: string;
  readonly damaged: Span[];
  readonly missing: Set<string>;
}

interface Placed {
  readonly span: Span;
}

/**
 * The problems of each node; `onGap` gets the places between nodes where something was dropped, and says whether anything stands there.
 * What is wrong with the first token of a node is that the one before it didn't end.
 */
function assign<T extends Placed>(
  nodes: readonly T[],
  problems: readonly SyntaxProblem[],
  onGap: (gap: Span) => boolean,
): Map<T, SyntaxProblem[]> {
  const hits = new Map<T, SyntaxProblem[]>();
  for (const problem of problems) {
    const at = problem.span.start;
    // What is missing at the end of a declaration is told right behind it; what was found there is no part of it, with a space before it or without.
    const isMissing = problem.span.end === at;
    let node = nodes.find(({ span }) => span.start < at && (at < span.end || (at === span.end && isMissing)));
    if (node === undefined) {
      const before = nodes.filter(({ span }) => span.end <= at).at(-1);
      const behind = nodes.find(({ span }) => span.start >= at);
      const isEmpty = !onGap({ start: before?.span.end ?? -1, end: behind?.span.start ?? Number.POSITIVE_INFINITY });
      if (isEmpty) node = before;
    }
    if (node === undefined) continue;
    const known = hits.get(node);
    if (known === undefined) hits.set(node, [problem]);
    else known.push(problem);
  }
  return hits;
}

function keepItem(finder: Finder, item: Item, problems: readonly SyntaxProblem[] | undefined): Item[] {
  if (problems === undefined) return [item];
  switch (item.kind) {
    case "contract":
    case "mixin":
      return keepContainer(finder, item, problems);
    case "function":
      return keepBody(finder, item, NAMELESS, problems) ? [item] : [];
    case "test":
      return [];
    case "import":
    case "const":
    case "struct":
    case "enum":
    case "interface":
    case "event":
    case "error":
      missGap(finder, item.span);
      return [];
  }
}

function keepContainer(finder: Finder, item: ContractDecl | MixinDecl, problems: readonly SyntaxProblem[]): Item[] {
  const brace = finder.text.indexOf("{", item.name.end);
  if (brace === -1 || problems.some(({ span }) => span.start <= brace)) {
    missGap(finder, {
      start: item.span.start,
      end: brace === -1 ? item.span.end : Math.max(brace, ...problems.map(({ span }) => span.end)),
    });
    return [];
  }
  const inside = { start: brace, end: item.span.end };
  const hits = assign(item.members, problems, ({ start, end }) => {
    const isThere = missGap(finder, { start: Math.max(start, inside.start), end: Math.min(end, inside.end) });
    // It may be the `init`.
    if (isThere) finder.missing.add(item.name.text);
    return isThere;
  });
  const members = item.members.flatMap((member) => keepMember(finder, member, item.name.text, hits.get(member)));
  return [{ ...item, members }];
}

function keepMember(finder: Finder, member: Member, container: string, problems: readonly SyntaxProblem[] | undefined): Member[] {
  if (problems === undefined) return [member];
  switch (member.kind) {
    case "function":
    case "guard":
    case "init":
    case "invariant":
      return keepBody(finder, member, container, problems) ? [member] : [];
    case "state":
    case "immutable":
    case "event":
    case "error":
      missGap(finder, member.span);
      return [];
    case "parallel":
      return [];
  }
}

type WithBody = Extract<Item | Member, { kind: "function" | "guard" | "init" | "invariant" }>;

/** Whether all that is wrong is inside the body, so that callers of it are fine. */
function keepBody(finder: Finder, node: WithBody, container: string, problems: readonly SyntaxProblem[]): boolean {
  const { body } = node;
  finder.damaged.push(node.span);
  if (body !== undefined && problems.every(({ span }) => span.start > body.span.start)) return true;
  // Who deploys a contract gives the arguments of its `init`.
  if (node.kind === "init") finder.missing.add(container);
  missGap(finder, { start: node.span.start, end: body?.span.start ?? node.span.end });
  return false;
}

/** Something is missing whose name may have been left out too. No word is equal to it. */
const NAMELESS = "";
/** Words that say nothing about which declaration is missing. */
const COMMON: ReadonlySet<string> = new Set(
  (
    "fn pub view payable state immutable event error guard init parallel when const struct enum interface mixin contract import from as uses implements " +
    "with return let var if else for in require revert emit delete true false self caller value block time address bool string bytes bytes32 map list " +
    "u8 u16 u32 u64 u128 u256 i8 i16 i32 i64 i128 i256 function public private external internal returns memory indexed uint256 uint"
  ).split(" "),
);

/** A declaration was dropped here, and its name is one of these; false if nothing stands here. */
function missGap(finder: Finder, { start, end }: Span): boolean {
  const text = finder.text.slice(Math.max(0, start), Math.min(end, finder.text.length));
  const words = [...text.replaceAll(/\/\/.*|\/\*[^]*?\*\//g, " ").matchAll(/[A-Za-z_]\w*/g)];
  finder.missing.add(NAMELESS);
  for (const [word] of words) if (!COMMON.has(word)) finder.missing.add(word);
  return words.length > 0;
}
