/** `weft doc`: pages about contracts, interfaces, mixins and types, as HTML and Markdown, with the ABI of each contract. `--check` writes nothing. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { declarationsOf } from "../../compiler/docgen/declarations.ts";
import type { DeclaredGroup, FileDeclarations } from "../../compiler/docgen/declarations.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Contract } from "../../compiler/typed/tree.ts";
import type { CompiledFile } from "../compile.ts";
import type { DocPage } from "../doc/blocks.ts";
import { contractPage } from "../doc/contract-page.ts";
import { renderHtml } from "../doc/html.ts";
import { renderMarkdown } from "../doc/markdown.ts";
import { createNames } from "../doc/names.ts";
import { groupPage, indexPage, typesPage } from "../doc/other-pages.ts";
import { EXIT } from "../exit.ts";
import { count, failure, wrongUsage } from "../failure.ts";
import { displayPath } from "../files.ts";
import type { Context, Outcome } from "../outcome.ts";
import { printable } from "../render/width.ts";
import { compileAll } from "../results.ts";
import { writeAll } from "../write-files.ts";

export interface DocRequest {
  readonly files: readonly string[];
  readonly out: string | undefined;
  readonly title: string | undefined;
  readonly forms: readonly ("html" | "markdown")[];
  readonly check: boolean;
}

const DEFAULT_TITLE = "Contracts";

export async function doc({ files: given, out, title = DEFAULT_TITLE, forms, check }: DocRequest, context: Context): Promise<Outcome> {
  if (out === undefined) return wrongUsage("`weft doc` needs a folder to write to", "name it with `--out`, or set `doc.out` in weft.json");
  const all = await compileAll(given, context);
  if (all.kind === "refused") return all.outcome;
  const { results, diagnostics, files } = all;

  const { pages, texts } = render(results, title, forms, context);
  const folder = resolve(out);
  const shown = (name: string): string => displayPath(join(folder, name));
  const stale = check ? [...texts].filter(([name, text]) => !holds(join(folder, name), text)).map(([name]) => shown(name)) : [];
  const problem = check ? undefined : writeAll(folder, texts);
  if (problem !== undefined) return failure(EXIT.usage, [...diagnostics, problem], files);
  const written = check ? [] : [...texts.keys()].map(shown);
  return {
    exit: stale.length > 0 ? EXIT.failed : EXIT.ok,
    json: {
      files: results.map(({ path }) => path),
      out: displayPath(folder),
      pages: pages.map(({ page, title: name, group }) => ({ page, title: name, group })),
      written,
      stale,
    },
    timing: {},
    text: () => [...written, ...stale].map((name) => `${printable(name)}\n`).join(""),
    note: check
      ? stale.length === 0
        ? "the pages are as they should be"
        : `${count(stale.length, "file")} not as it should be; \`weft doc\` writes them`
      : `${count(pages.length, "page")}, ${count(written.length, "file")} written`,
    diagnostics,
    files,
  };
}

function holds(path: string, text: string): boolean {
  return existsSync(path) && readFileSync(path, "utf8") === text;
}

interface Rendered {
  readonly pages: readonly DocPage[];
  readonly texts: ReadonlyMap<string, string>;
}

function render(results: readonly CompiledFile[], title: string, forms: DocRequest["forms"], context: Context): Rendered {
  const declarations = new Map<string, FileDeclarations>();
  for (const { compiled } of results) {
    for (const { path, text } of compiled?.program.files ?? [])
      if (!declarations.has(path)) declarations.set(path, declarationsOf(path, text));
  }
  const all = [...declarations.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const named = new Set(results.map(({ path }) => path));
  // Contracts of files that are only imported are somebody else's; what one needs to know of them are interfaces, mixins and types.
  const groups = all.flatMap((file) => file.groups.filter(({ kind }) => kind !== "contract" || named.has(file.path)));
  const names = createNames(all, groups);
  const texts = new Map<string, string>();
  const pages: DocPage[] = [];
  for (const group of groups) {
    context.progress(`documenting ${group.name}`);
    if (group.kind !== "contract") {
      pages.push(groupPage(group, all, names));
      continue;
    }
    const found = contractOf(group, results);
    if (found === undefined) continue;
    const page = contractPage({ ...found, declared: group, files: all, names });
    pages.push(page);
    texts.set(`${page.page}.abi.json`, `${JSON.stringify(page.abi, undefined, 2)}\n`);
  }
  const types = typesPage(all, names);
  const complete = [indexPage(title, groups, all, names, types), ...pages, ...(types === undefined ? [] : [types])];
  for (const page of complete) {
    if (forms.includes("html")) texts.set(`${page.page}.html`, renderHtml(page, complete, title));
    if (forms.includes("markdown")) texts.set(`${page.page}.md`, renderMarkdown(page));
  }
  return { pages: complete, texts };
}

function contractOf(
  { path, name }: DeclaredGroup,
  results: readonly CompiledFile[],
): { readonly contract: Contract; readonly compiled: Compiled } | undefined {
  for (const { compiled } of results) {
    const contract = compiled?.program.contracts.find((each) => each.name === name && each.site.path === path);
    if (compiled !== undefined && contract !== undefined) return { contract, compiled };
  }
  return undefined;
}
