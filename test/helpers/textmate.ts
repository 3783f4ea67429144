/** Tokenises texts with the grammar in editors/vscode, by the same engine that editors use. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import type { IGrammar } from "vscode-textmate";
import { ROOT } from "./cli.ts";

export const SYNTAXES = join(ROOT, "editors/vscode/syntaxes");

/** A run of text with the same scopes; places are offsets of the whole text. */
export interface Scoped {
  readonly start: number;
  readonly end: number;
  readonly scopes: readonly string[];
}

let engine: Promise<void> | undefined;

/** `files`: by scope, as in the manifest of the extension. */
export async function loadGrammar(scope: string, files: Readonly<Record<string, string>>): Promise<IGrammar> {
  const require = createRequire(import.meta.url);
  const wasm = readFileSync(join(require.resolve("vscode-oniguruma"), "../onig.wasm"));
  engine ??= oniguruma.loadWASM(Uint8Array.from(wasm).buffer);
  await engine;
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (name) => {
      const path = files[name];
      return Promise.resolve(path === undefined ? null : textmate.parseRawGrammar(readFileSync(path, "utf8"), path));
    },
  });
  const grammar = await registry.loadGrammar(scope);
  if (grammar === null) throw new Error(`no grammar for ${scope}`);
  return grammar;
}

export function tokenize(grammar: IGrammar, text: string): readonly Scoped[] {
  const found: Scoped[] = [];
  let state = textmate.INITIAL;
  let offset = 0;
  for (const ended of text.split("\n")) {
    // A return before it is part of the end of the line; the engine is never given one.
    const line = ended.replace(/\r$/, "");
    const result = grammar.tokenizeLine(line, state);
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const end = Math.min(endIndex, line.length);
      if (end > startIndex) found.push({ start: offset + startIndex, end: offset + end, scopes });
    }
    state = result.ruleStack;
    offset += ended.length + 1;
  }
  return found;
}

/** The runs that lie in a span; `found` is in order of the text. */
export function within(found: readonly Scoped[], start: number, end: number): readonly Scoped[] {
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (found[middle].end <= start) low = middle + 1;
    else high = middle;
  }
  const runs: Scoped[] = [];
  for (let at = low; at < found.length && found[at].start < end; at += 1) runs.push(found[at]);
  return runs;
}
