/** A page of documentation as plain data: what `html.ts` and `markdown.ts` print. What came from a doc comment and what the compiler knows look alike here. */

export type Href =
  /** A page of the same set, and a place on it. */
  | { readonly kind: "page"; readonly page: string; readonly anchor: string | undefined }
  /** `https:`, `http:` or `mailto:` only. */
  | { readonly kind: "web"; readonly url: string };

export interface CodePiece {
  readonly text: string;
  readonly href: Href | undefined;
}

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly pieces: readonly CodePiece[] }
  | { readonly kind: "strong" | "emphasis" | "dim"; readonly inlines: Inlines }
  | { readonly kind: "link"; readonly href: Href; readonly inlines: Inlines };

export type Inlines = readonly Inline[];

export type Block =
  /** `id` is the anchor that links name; undefined for headings of doc comments. */
  | { readonly kind: "heading"; readonly level: number; readonly id: string | undefined; readonly inlines: Inlines }
  | { readonly kind: "paragraph"; readonly inlines: Inlines }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly Blocks[] }
  | { readonly kind: "fence"; readonly language: string; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: Blocks }
  | { readonly kind: "table"; readonly head: readonly Inlines[]; readonly rows: readonly (readonly Inlines[])[] }
  | { readonly kind: "details"; readonly summary: string; readonly blocks: Blocks }
  | { readonly kind: "rule" };

export type Blocks = readonly Block[];

export interface DocPage {
  /** Name of its file without the ending. */
  readonly page: string;
  readonly title: string;
  /** In the list of all pages. */
  readonly group: "index" | "contracts" | "interfaces" | "mixins" | "types";
  readonly blocks: Blocks;
}

export function text(words: string): Inline {
  return { kind: "text", text: words };
}

export function code(words: string, href?: Href): Inline {
  return { kind: "code", pieces: [{ text: words, href }] };
}

export function paragraph(...inlines: Inlines): Block {
  return { kind: "paragraph", inlines };
}

export function heading(level: number, id: string, ...inlines: Inlines): Block {
  return { kind: "heading", level, id, inlines };
}

export function list(items: readonly Inlines[]): Blocks {
  return items.length === 0 ? [] : [{ kind: "list", ordered: false, items: items.map((inlines) => [paragraph(...inlines)]) }];
}

/** Text in which what stands between backticks is code. */
export function prose(words: string): Inlines {
  return words.split("`").flatMap((part, i) => (part === "" ? [] : [i % 2 === 0 ? text(part) : code(part)]));
}

/** With commas between. */
export function commas(parts: readonly Inline[]): Inlines {
  return parts.flatMap((part, i) => (i === 0 ? [part] : [text(", "), part]));
}

export function plainText(inlines: Inlines): string {
  return inlines
    .map((inline) => {
      switch (inline.kind) {
        case "text":
          return inline.text;
        case "code":
          return inline.pieces.map((piece) => piece.text).join("");
        case "strong":
        case "emphasis":
        case "dim":
        case "link":
          return plainText(inline.inlines);
      }
    })
    .join("");
}
