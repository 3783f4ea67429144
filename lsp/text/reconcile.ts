/**
 * Keeps nodes of a tree that was read before where the new reading gave the same ones: declarations with the same text at the same place, none of which has
 * anything to do with a syntax error. What is known of such nodes stays known.
 */
import type { Item, Member, Span } from "../../grammar/ast.ts";
import type { ParseResult } from "../../grammar/parsed.ts";

export function reconcile(before: ParseResult, after: ParseResult): ParseResult {
  const items = keepNodes(before, before.file.items, after, after.file.items);
  return { ...after, file: { ...after.file, items } };
}

/** A part of a tree: the text it stands in, and what is wrong with it. */
interface Part {
  readonly file: { readonly text: string };
  readonly problems: readonly { readonly span: Span }[];
}

/** The new nodes, with old ones in the place of those that are the same. */
export function keepNodes<T extends Item | Member>(
  before: Part,
  old: readonly (Item | Member)[],
  after: Part,
  nodes: readonly T[],
): readonly T[] {
  const byPlace = new Map(old.map((node) => [`${node.kind} ${node.span.start}`, node]));
  return nodes.map((node) => {
    const known = byPlace.get(`${node.kind} ${node.span.start}`);
    if (known === undefined) return node;
    if (isSame(before, known, after, node)) return known;
    if (!isContainer(node) || !isContainer(known)) return node;
    return { ...node, members: keepNodes(before, known.members, after, node.members) };
  });
}

type Container = Extract<Item, { kind: "contract" | "mixin" }>;

function isContainer(node: Item | Member): node is Container {
  return node.kind === "contract" || node.kind === "mixin";
}

/** A node is made of its text and of the doc before it, unless the parser had to guess. */
function isSame<T extends Item | Member>(before: Part, known: Item | Member, after: Part, node: T): known is T {
  if (known.kind !== node.kind || known.span.end !== node.span.end || docOf(known) !== docOf(node)) return false;
  if (isTouched(before, known.span) || isTouched(after, node.span)) return false;
  const { start, end } = node.span;
  return before.file.text.slice(start, end) === after.file.text.slice(start, end);
}

function docOf(node: Item | Member): string {
  return "doc" in node ? node.doc : "";
}

function isTouched({ problems }: Part, { start, end }: Span): boolean {
  return problems.some(({ span }) => span.start <= end && span.end >= start);
}
