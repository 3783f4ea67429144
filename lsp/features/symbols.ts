/** The outline of a file, and declarations of a workspace by name. Both from the tree alone. */
import type { DocumentSymbol, SymbolInformation, SymbolKind } from "vscode-languageserver";
import type { Item, Member, Name, SourceFile as Tree, Span } from "../../grammar/ast.ts";
import type { SourceFile } from "../text/source-file.ts";

const KINDS = {
  const: 14,
  struct: 23,
  enum: 10,
  interface: 11,
  mixin: 5,
  contract: 5,
  function: 12,
  event: 24,
  error: 24,
  test: 6,
  state: 8,
  immutable: 14,
  guard: 6,
  init: 9,
  invariant: 6,
  parallel: 25,
} as const satisfies Record<string, SymbolKind>;

export function documentSymbols({ source, parsed }: SourceFile): readonly DocumentSymbol[] {
  const make = (name: string, kind: SymbolKind, span: Span, at: Span, children: DocumentSymbol[], detail = ""): DocumentSymbol => ({
    name,
    kind,
    range: source.range(span),
    // The protocol wants it inside, also where a name is missing.
    selectionRange: source.range(at.start >= span.start && at.end <= span.end ? at : { start: span.start, end: span.start }),
    children,
    detail,
  });
  const text = (span: Span): string => source.textOf({ start: span.start, end: Math.min(span.end, span.start + 120) }).replace(/\s+/g, " ");
  const memberOf = (node: Member): DocumentSymbol[] => {
    switch (node.kind) {
      case "parallel": {
        const [left, right] = [node.left.target, node.right.target];
        return [make(`parallel ${left.text}, ${right.text}`, KINDS.parallel, node.span, { start: left.start, end: right.end }, [])];
      }
      case "init":
        return [make("init", KINDS.init, node.span, { start: node.span.start, end: node.span.start }, [])];
      case "state":
      case "immutable":
        return [make(node.name.text, KINDS[node.kind], node.span, node.name, [], text(node.type.span))];
      case "function":
        return [make(node.name.text, 6, node.span, node.name, [], node.access === "internal" ? "" : node.access)];
      case "guard":
      case "invariant":
      case "event":
      case "error":
        return [make(node.name.text, KINDS[node.kind], node.span, node.name, [], node.kind)];
    }
  };
  const itemOf = (item: Item): DocumentSymbol[] => {
    switch (item.kind) {
      case "import":
        return [];
      case "test":
        return [make(`test "${item.title}"`, KINDS.test, item.span, item.titleSpan, [])];
      case "contract":
      case "mixin":
        return [make(item.name.text, KINDS[item.kind], item.span, item.name, item.members.flatMap(memberOf), item.kind)];
      case "interface":
        return [make(item.name.text, KINDS.interface, item.span, item.name, item.functions.flatMap(memberOf))];
      case "struct":
        return [
          make(
            item.name.text,
            KINDS.struct,
            item.span,
            item.name,
            item.fields.map((one) => make(one.name.text, 8, one.span, one.name, [])),
          ),
        ];
      case "enum":
        return [
          make(
            item.name.text,
            KINDS.enum,
            item.span,
            item.name,
            item.variants.map((one) => make(one.name.text, 22, one.span, one.name, [])),
          ),
        ];
      case "const":
      case "function":
      case "event":
      case "error":
        return [make(item.name.text, KINDS[item.kind], item.span, item.name, [], item.kind === "function" ? "" : item.kind)];
    }
  };
  return named(parsed.file.items.flatMap(itemOf));
}

/** The protocol wants names: what is being written has none yet. What is inside of it is shown in its place. */
function named(symbols: readonly DocumentSymbol[]): readonly DocumentSymbol[] {
  return symbols.flatMap((one) => {
    const children = [...named(one.children ?? [])];
    return one.name === "" ? children : [{ ...one, children }];
  });
}

/** For clients that take lists only. */
export function flatSymbols(uri: string, symbols: readonly DocumentSymbol[], containerName: string): readonly SymbolInformation[] {
  return symbols.flatMap(({ name, kind, range, children = [] }) => [
    { name, kind, containerName, location: { uri, range } },
    ...flatSymbols(uri, children, name),
  ]);
}

const MAX_FOUND = 500;

/** Those whose names have the letters of the query, in this order, from one file after the other; `add` is false when there are enough. */
export function symbolSearch(query: string): {
  readonly add: (uri: string, file: SourceFile) => boolean;
  readonly found: () => readonly SymbolInformation[];
} {
  const found: SymbolInformation[] = [];
  const wanted = query.toLowerCase();
  return {
    add(uri, { source, parsed }) {
      for (const { name, kind, container } of declarations(parsed.file)) {
        if (found.length >= MAX_FOUND) return false;
        if (name.text === "" || !isSubsequence(wanted, name.text.toLowerCase())) continue;
        found.push({ name: name.text, kind, containerName: container, location: { uri, range: source.range(name) } });
      }
      return true;
    },
    found: () => found,
  };
}

interface Declared {
  readonly name: Name;
  readonly kind: SymbolKind;
  readonly container: string;
}

function declarations(tree: Tree): readonly Declared[] {
  return tree.items.flatMap((item): Declared[] => {
    if (item.kind === "import") return [];
    if (item.kind === "test") return [{ name: { text: item.title, ...item.titleSpan }, kind: KINDS.test, container: "" }];
    const own: Declared = { name: item.name, kind: KINDS[item.kind], container: "" };
    if (item.kind !== "contract" && item.kind !== "mixin") return [own];
    const members = item.members.flatMap((member): Declared[] =>
      member.kind === "parallel" || member.kind === "init"
        ? []
        : [{ name: member.name, kind: KINDS[member.kind], container: item.name.text }],
    );
    return [own, ...members];
  });
}

export function isSubsequence(wanted: string, name: string): boolean {
  let at = 0;
  for (const char of wanted) {
    at = name.indexOf(char, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
