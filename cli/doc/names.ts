/** Which page documents what, and where on it: names of pages that no disk takes for one another, and the meaning of a name in a file. */
import type { DeclaredFields, DeclaredGroup, FileDeclarations } from "../../compiler/docgen/declarations.ts";
import type { CodePiece, Href, Inline } from "./blocks.ts";
import type { Resolve } from "./inline.ts";

export const TYPES_PAGE = "types";
/** Taken by pages of our own. */
const OWN = ["index", TYPES_PAGE];

export interface Names {
  readonly pageOf: (group: Pick<DeclaredGroup, "path" | "name">) => string;
  /** As a name is understood in this file and, for what begins with `self`, in this group. */
  readonly resolver: (path: string, group: DeclaredGroup | undefined) => Resolve;
}

export function createNames(files: readonly FileDeclarations[], shown: readonly DeclaredGroup[]): Names {
  const pages = new Map<string, string>();
  const taken = new Set(OWN);
  for (const { path, name } of shown) {
    let page = name;
    for (let n = 2; taken.has(page.toLowerCase()); n++) page = `${name}-${n}`;
    taken.add(page.toLowerCase());
    pages.set(`${path}#${name}`, page);
  }
  const byName = new Map<string, Href>();
  for (const { types, functions } of files) {
    for (const item of types) byName.set(`${item.path}#${item.name}`, typeHref(item));
    for (const item of functions)
      byName.set(`${item.path}#${item.name}`, { kind: "page", page: TYPES_PAGE, anchor: anchorOf("fn", item.name) });
  }
  for (const group of shown) {
    const page = pages.get(`${group.path}#${group.name}`) ?? group.name;
    byName.set(`${group.path}#${group.name}`, { kind: "page", page, anchor: undefined });
    for (const func of group.functions)
      byName.set(`${group.path}#${group.name}.${func.name}`, { kind: "page", page, anchor: anchorOf("fn", func.name) });
    for (const item of [...group.events, ...group.errors]) {
      byName.set(`${group.path}#${group.name}.${item.name}`, { kind: "page", page, anchor: anchorOf(item.kind, item.name) });
    }
    for (const item of group.state)
      byName.set(`${group.path}#${group.name}.${item.name}`, { kind: "page", page, anchor: anchorOf("state", item.name) });
  }
  // A name from another file, if only one file declares it.
  const anywhere = new Map<string, Href | undefined>();
  for (const [key, href] of byName) {
    const name = key.slice(key.indexOf("#") + 1);
    anywhere.set(name, anywhere.has(name) ? undefined : href);
  }
  return {
    pageOf: ({ path, name }) => pages.get(`${path}#${name}`) ?? name,
    resolver: (path, group) => {
      const imports = files.find((file) => file.path === path)?.imports ?? new Map<string, string>();
      return (said) => {
        const [first, ...rest] = said.split(".");
        const name = [imports.get(first) ?? first, ...rest].join(".");
        const own = group === undefined ? undefined : byName.get(`${group.path}#${group.name}.${name.replace(/^self\./, "")}`);
        return own ?? byName.get(`${path}#${name}`) ?? anywhere.get(name);
      };
    },
  };
}

/** Names of programs hold letters, digits and `_`, so these can't meet. */
export function anchorOf(kind: string, name: string): string {
  return `${kind}-${name}`;
}

function typeHref({ kind, name }: DeclaredFields): Href {
  return { kind: "page", page: TYPES_PAGE, anchor: anchorOf(kind, name) };
}

/** Code in which the names of types lead to their pages. */
export function linkedCode(text: string, resolve: Resolve): Inline {
  const pieces = text.split(/([A-Za-z_][A-Za-z0-9_]*)/).flatMap((word, i): readonly CodePiece[] => {
    if (word === "") return [];
    return [{ text: word, href: i % 2 === 1 && /^[A-Z]/.test(word) ? resolve(word) : undefined }];
  });
  // Neighbours without a link are one piece.
  const merged: CodePiece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last !== undefined && last.href === undefined && piece.href === undefined)
      merged[merged.length - 1] = { text: last.text + piece.text, href: undefined };
    else merged.push(piece);
  }
  return { kind: "code", pieces: merged };
}
