/** The page of a program, from its text, and a small reader of HTML that accepts nothing careless. */
import { contractReport } from "../../compiler/conflicts/report.ts";
import type { ContractReport } from "../../compiler/conflicts/report.ts";
import { compile } from "../../compiler/pipeline.ts";
import { renderReport } from "../../cli/render/html/page.ts";

export function reportsOf(text: string, path = "main.weft"): readonly ContractReport[] {
  const { analysed, diagnostics } = compile(path, (wanted) => (wanted === path ? text : undefined));
  if (analysed === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return analysed.linked.map((footprint) => contractReport(footprint, analysed));
}

export function pageOf(text: string, path = "main.weft", view: "conflicts" | "footprints" = "conflicts"): string {
  return renderReport({ file: path, contracts: reportsOf(text, path), open: { view, func: undefined } });
}

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Of the text before the next tag, entities decoded. */
  readonly text: string;
}

const EMPTY = new Set(["meta", "wbr"]);
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#96": "`" };

/** Elements in order. Throws on tags that don't nest, attributes without quotes or twice, `<` or `&` in text. */
export function elementsOf(page: string): readonly Element[] {
  const found: Element[] = [];
  const open: string[] = [];
  let rest = page.replace(/^<!doctype html>\n/, "");
  while (rest !== "") {
    const tag = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z][a-z-]*(?:="[^"<>]*")?)*)\s*>/.exec(rest);
    if (tag === null) throw new Error(`no tag at ${JSON.stringify(rest.slice(0, 80))}`);
    const [whole, slash, name, list] = tag;
    rest = rest.slice(whole.length);
    // The content of these is no markup.
    const raw = slash === "" && (name === "style" || name === "script") ? rest.indexOf(`</${name}`) : -1;
    const end = raw !== -1 ? raw : rest.indexOf("<") === -1 ? rest.length : rest.indexOf("<");
    const text = raw !== -1 ? rest.slice(0, end) : decoded(rest.slice(0, end));
    rest = rest.slice(end);
    if (slash === "/") {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last ?? "nothing"}>`);
      continue;
    }
    if (!EMPTY.has(name)) open.push(name);
    found.push({ name, attributes: attributesOf(list), text });
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(" ")}`);
  return found;
}

function attributesOf(list: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, value] of list.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
    if (attributes.has(name)) throw new Error(`${name} twice`);
    attributes.set(name, decoded(value ?? ""));
  }
  return attributes;
}

export function decoded(text: string): string {
  return text.replace(/&([^;]{0,6};?)/g, (whole, entity: string) => {
    const found = ENTITIES[entity.replace(/;$/, "")];
    if (found === undefined || !entity.endsWith(";")) throw new Error(`unknown entity ${whole}`);
    return found;
  });
}
