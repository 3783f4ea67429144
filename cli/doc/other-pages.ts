/** The pages of interfaces and mixins, of what stands outside of both, and the first page. */
import type { Declared, DeclaredFields, DeclaredFunction, DeclaredGroup, FileDeclarations } from "../../compiler/docgen/declarations.ts";
import { parseDoc, summaryOf } from "../../compiler/docgen/tags.ts";
import type { Blocks, DocPage, Inlines } from "./blocks.ts";
import { code, commas, heading, list, paragraph, text } from "./blocks.ts";
import { describedParams, docOf } from "./contract-page.ts";
import { parseInline } from "./inline.ts";
import type { Resolve } from "./inline.ts";
import { anchorOf, linkedCode, TYPES_PAGE } from "./names.ts";
import type { Names } from "./names.ts";
import { parseProse } from "./prose.ts";

export function groupPage(group: DeclaredGroup, files: readonly FileDeclarations[], names: Names): DocPage {
  const resolve = names.resolver(group.path, group);
  const tagged = parseDoc(group.doc);
  const users = files.flatMap((file) => file.groups).filter((each) => [...each.uses, ...each.implements].includes(group.name));
  const link = (name: string, path: string): Inlines[number] => code(name, names.resolver(path, undefined)(name));
  const guards = group.functions.filter(({ start }) => start === "guard");
  const inner = group.functions.filter(({ start }) => start === "fn");
  const outer = group.functions.filter(({ start }) => start !== "guard" && start !== "fn");
  const blocks: Blocks = [
    heading(1, anchorOf(group.kind, group.name), text(group.kind === "mixin" ? "Mixin " : "Interface "), code(group.name)),
    ...parseProse(tagged.text, { level: 1, resolve }),
    ...parseProse(tagged.details, { level: 1, resolve }),
    ...(group.uses.length === 0
      ? []
      : [paragraph(text("It uses "), ...commas(group.uses.map((name) => link(name, group.path))), text("."))]),
    ...(users.length === 0
      ? []
      : [
          paragraph(
            text(group.kind === "mixin" ? "Used by " : "Implemented by "),
            ...commas(users.map((user) => link(user.name, user.path))),
            text("."),
          ),
        ]),
    paragraph({ kind: "dim", inlines: [text("Declared in "), code(`${group.path}:${group.line}`), text(".")] }),
    ...section(
      "functions",
      "Functions",
      outer.flatMap((func) => functionBlocks(func, resolve)),
    ),
    ...section(
      "guards",
      "Guards",
      guards.flatMap((func) => functionBlocks(func, resolve)),
    ),
    ...section(
      "internal",
      "For contracts that use it",
      inner.flatMap((func) => functionBlocks(func, resolve)),
    ),
    ...section(
      "state",
      "State",
      group.state.flatMap((item) => [
        heading(3, anchorOf("state", item.name), code(item.name)),
        paragraph(linkedCode(`${item.start} ${item.name}: ${item.type}`, resolve)),
        ...describedParams(item.doc, resolve),
      ]),
    ),
    ...section(
      "events",
      "Events",
      group.events.flatMap((item) => fieldsBlocks(item, resolve)),
    ),
    ...section(
      "errors",
      "Errors",
      group.errors.flatMap((item) => fieldsBlocks(item, resolve)),
    ),
    ...section(
      "invariants",
      "Invariants",
      group.invariants.flatMap((item) => plainBlocks("invariant", item, resolve)),
    ),
  ];
  return { page: names.pageOf(group), title: group.name, group: group.kind === "mixin" ? "mixins" : "interfaces", blocks };
}

function section(id: string, title: string, blocks: Blocks): Blocks {
  return blocks.length === 0 ? [] : [heading(2, `view-${id}`, text(title)), ...blocks];
}

function plainBlocks(kind: string, { name, doc }: Declared, resolve: Resolve): Blocks {
  return [heading(3, anchorOf(kind, name), code(name)), ...describedParams(doc, resolve)];
}

function functionBlocks(func: DeclaredFunction, resolve: Resolve): Blocks {
  const params = func.params.map(({ name, type }) => `${name}: ${type}`).join(", ");
  const result = func.result === "" ? "" : ` -> ${func.result}`;
  const guards = func.guards.length === 0 ? "" : ` with ${func.guards.join(", ")}`;
  const list = func.start === "guard" && params === "" ? "" : `(${params})`;
  const tagged = parseDoc(func.doc);
  return [
    heading(3, anchorOf("fn", func.name), code(func.name)),
    paragraph(linkedCode(`${func.start} ${func.name}${list}${result}${guards}`, resolve)),
    ...describedParams(func.doc, resolve),
    ...tagged.returns.map((said) => paragraph(text("Gives "), ...parseInline(said, resolve))),
  ];
}

function fieldsBlocks({ kind, name, doc, parts }: DeclaredFields, resolve: Resolve): Blocks {
  const anchor = anchorOf(kind, name);
  switch (kind) {
    case "const":
      return [
        heading(3, anchor, code(name)),
        paragraph(linkedCode(`const ${name}: ${parts[0].type} = ${parts[0].name}`, resolve)),
        ...describedParams(doc, resolve),
      ];
    case "event":
    case "error": {
      const params = parts.map((part) =>
        part.type.startsWith("indexed ") ? `indexed ${part.name}: ${part.type.slice(8)}` : `${part.name}: ${part.type}`,
      );
      return [
        heading(3, anchor, code(name)),
        paragraph(linkedCode(`${kind} ${name}(${params.join(", ")})`, resolve)),
        ...describedParams(doc, resolve),
      ];
    }
    case "struct":
    case "enum": {
      const rows = parts.map((part): readonly Inlines[] => [
        [code(part.name)],
        part.type === "" ? [] : [linkedCode(part.type, resolve)],
        parseInline(summaryOf(part.doc), resolve),
      ]);
      const head = [kind === "struct" ? "Field" : "Variant", kind === "struct" ? "Type" : "Carries", "Means"].map((each): Inlines => [
        text(each),
      ]);
      // Columns that say nothing are left out.
      const kept = head.map((_, i) => i === 0 || rows.some((row) => row[i].length > 0));
      return [
        heading(3, anchor, code(name)),
        paragraph(code(`${kind} ${name}`)),
        ...describedParams(doc, resolve),
        { kind: "table", head: head.filter((_, i) => kept[i]), rows: rows.map((row) => row.filter((_, i) => kept[i])) },
      ];
    }
  }
}

/** Undefined when there is nothing of the kind. */
export function typesPage(files: readonly FileDeclarations[], names: Names): DocPage | undefined {
  const withAny = files.filter(({ types, functions }) => types.length + functions.length > 0);
  if (withAny.length === 0) return undefined;
  const blocks = withAny.flatMap(({ path, types, functions }): Blocks => {
    const resolve = names.resolver(path, undefined);
    return [
      heading(2, anchorOf("file", path.replaceAll(/[^A-Za-z0-9]+/g, "-")), code(path)),
      ...types.flatMap((item) => fieldsBlocks(item, resolve)),
      ...functions.flatMap((func) => functionBlocks(func, resolve)),
    ];
  });
  return {
    page: TYPES_PAGE,
    title: "Types and functions",
    group: "types",
    blocks: [heading(1, "view-types", text("Types and functions")), ...blocks],
  };
}

export function indexPage(
  title: string,
  groups: readonly DeclaredGroup[],
  files: readonly FileDeclarations[],
  names: Names,
  types: DocPage | undefined,
): DocPage {
  const rows = (kind: DeclaredGroup["kind"]): readonly (readonly Inlines[])[] =>
    groups
      .filter((group) => group.kind === kind)
      .map((group) => [
        [code(group.name, { kind: "page", page: names.pageOf(group), anchor: undefined })],
        parseInline(summaryOf(docOf(group, files)), names.resolver(group.path, undefined)),
        [code(group.path)],
      ]);
  const table = (id: string, words: string, kind: DeclaredGroup["kind"]): Blocks => {
    const found = rows(kind);
    if (found.length === 0) return [];
    return [heading(2, `view-${id}`, text(words)), { kind: "table", head: [[text("Name")], [text("About")], [text("File")]], rows: found }];
  };
  const more: Blocks =
    types === undefined
      ? []
      : [
          heading(2, "view-more", text("More")),
          ...list([[{ kind: "link", href: { kind: "page", page: types.page, anchor: undefined }, inlines: [text(types.title)] }]]),
        ];
  return {
    page: "index",
    title,
    group: "index",
    blocks: [
      heading(1, "view-index", text(title)),
      ...table("contracts", "Contracts", "contract"),
      ...table("interfaces", "Interfaces", "interface"),
      ...table("mixins", "Mixins", "mixin"),
      ...more,
    ],
  };
}
