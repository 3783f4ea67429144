/**
 * The pages people read, taken apart: code fences with their words, headings, links. Tests of the documentation run what stands in
 * the fences. With UPDATE_GOLDEN=1 what a tool prints is written back into the page instead of compared; read the diff before you keep it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../helpers/cli.ts";

export interface Fence {
  readonly page: string;
  /** Of the opening backticks, from 1. */
  readonly line: number;
  readonly language: string;
  /** The words after the language: `fails E0501`, `fragment`, `file=shapes.weft`. */
  readonly words: readonly string[];
  /** With the last line break. */
  readonly text: string;
}

interface Page {
  /** Relative to the project, with slashes. */
  readonly path: string;
  /** Without fences and code spans. */
  readonly prose: string;
  readonly fences: readonly Fence[];
  /** As the part of an address after `#`. */
  readonly anchors: ReadonlySet<string>;
}

export function allPages(): readonly Page[] {
  const docs = readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`);
  const examples = readdirSync(join(ROOT, "examples")).map((name) => `examples/${name}/README.md`);
  const paths = ["README.md", "CHANGELOG.md", ...docs, ...examples].filter((path) => existsSync(join(ROOT, path)));
  return paths.sort().map((path) => readPage(path));
}

export function readPage(path: string): Page {
  const lines = readFileSync(join(ROOT, path), "utf8").split("\n");
  const fences: Fence[] = [];
  const prose: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const opening = /^```(.*)$/.exec(lines[at]);
    if (opening === null) {
      prose.push(lines[at]);
      continue;
    }
    const [language, ...words] = opening[1].trim().split(/\s+/);
    const end = lines.indexOf("```", at + 1);
    if (end === -1) throw new Error(`${path}:${at + 1}: a fence without end`);
    const text = lines
      .slice(at + 1, end)
      .map((line) => `${line}\n`)
      .join("");
    fences.push({ page: path, line: at + 1, language, words, text });
    at = end;
  }
  const anchors = new Set(prose.flatMap((line) => headingAnchor(line)));
  return { path, prose: prose.join("\n").replaceAll(/`[^`\n]*`/g, ""), fences, anchors };
}

/** As GitHub makes them. */
function headingAnchor(line: string): string[] {
  const heading = /^#{1,6} (.*)$/.exec(line);
  if (heading === null) return [];
  return [
    heading[1]
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, "")
      .replaceAll(" ", "-"),
  ];
}

/** The file that a fence is, by its word `file=NAME`. */
export function fileName({ words }: Fence): string | undefined {
  return words.find((word) => word.startsWith("file="))?.slice("file=".length);
}

/** A name for a test: where the fence stands. */
export function placeOf({ page, line, language, words }: Fence): string {
  return `${page}:${line} ${[language, ...words].join(" ")}`;
}

export const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

/** Puts texts into the fences that begin at these lines. */
export function rewriteFences(path: string, texts: ReadonlyMap<number, string>): void {
  if (texts.size === 0) return;
  const { fences } = readPage(path);
  const lines = readFileSync(join(ROOT, path), "utf8").split("\n");
  for (const fence of [...fences].reverse()) {
    const text = texts.get(fence.line);
    if (text === undefined) continue;
    const length = fence.text.split("\n").length - 1;
    lines.splice(fence.line, length, ...text.replace(/\n$/, "").split("\n"));
  }
  writeFileSync(join(ROOT, path), lines.join("\n"));
}
