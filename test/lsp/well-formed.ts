/** Every request there is, and what any answer must be, whatever the text: places inside of it, ranges in order, parts inside of wholes. */
import type { DocumentSymbol, Position, Range, SelectionRange } from "vscode-languageserver-protocol";
import type { Client } from "./client.ts";
import type { Page } from "./page.ts";

type Params = Readonly<Record<string, unknown>>;

/** What takes a position. */
const AT_PLACE: readonly (readonly [method: string, more: Params])[] = [
  ["textDocument/hover", {}],
  ["textDocument/completion", {}],
  ["textDocument/signatureHelp", {}],
  ["textDocument/definition", {}],
  ["textDocument/typeDefinition", {}],
  ["textDocument/references", { context: { includeDeclaration: true } }],
  ["textDocument/documentHighlight", {}],
  ["textDocument/prepareRename", {}],
  ["textDocument/rename", { newName: "renamed" }],
  ["textDocument/prepareCallHierarchy", {}],
  ["textDocument/onTypeFormatting", { ch: "}", options: { tabSize: 2, insertSpaces: true } }],
  ["textDocument/onTypeFormatting", { ch: ";", options: { tabSize: 2, insertSpaces: true } }],
  ["textDocument/onTypeFormatting", { ch: "\n", options: { tabSize: 2, insertSpaces: true } }],
  ["weft/conflicts", {}],
];

/** What takes a range. */
const IN_RANGE: readonly (readonly [method: string, more: Params])[] = [
  ["textDocument/rangeFormatting", { options: { tabSize: 2, insertSpaces: true } }],
  ["textDocument/codeAction", { context: { diagnostics: [] } }],
  ["textDocument/codeAction", { context: { diagnostics: [], only: ["source"] } }],
  ["textDocument/inlayHint", {}],
  ["textDocument/semanticTokens/range", {}],
];

const OF_FILE: readonly (readonly [method: string, more: Params])[] = [
  ["textDocument/diagnostic", {}],
  ["textDocument/documentSymbol", {}],
  ["textDocument/semanticTokens/full", {}],
  ["textDocument/foldingRange", {}],
  ["textDocument/documentLink", {}],
  ["textDocument/formatting", { options: { tabSize: 2, insertSpaces: true } }],
  ["textDocument/codeLens", {}],
  ["weft/tests", {}],
];

export interface Asked {
  readonly method: string;
  readonly params: Params;
}

export function requestsFor(page: Page, places: readonly Position[]): readonly Asked[] {
  const textDocument = { uri: page.uri };
  const ranges = [...places.map((start, i): Range => (i % 2 === 0 ? { start, end: start } : { start, end: page.end }))];
  return [
    ...places.flatMap((position) => AT_PLACE.map(([method, more]) => ({ method, params: { textDocument, position, ...more } }))),
    ...ranges.flatMap((range) => IN_RANGE.map(([method, more]) => ({ method, params: { textDocument, range, ...more } }))),
    ...OF_FILE.map(([method, more]) => ({ method, params: { textDocument, ...more } })),
    { method: "textDocument/selectionRange", params: { textDocument, positions: [...places] } },
    { method: "workspace/symbol", params: { query: "a" } },
  ];
}

/** Asks and checks. A refusal to rename is an answer, too. */
export async function askWell(client: Client, { method, params }: Asked, pages: ReadonlyMap<string, Page>): Promise<unknown> {
  const about = `${method} ${JSON.stringify(params).slice(0, 300)}`;
  let answer: unknown;
  try {
    answer = await client.request(method, params);
  } catch (error) {
    const isRefusal = /ename$/.test(method) && error instanceof Error && "code" in error && error.code === -32803;
    if (!isRefusal) throw new Error(`${about}: ${String(error)}`);
    return undefined;
  }
  const uri = property(property(params, "textDocument"), "uri");
  const page = typeof uri === "string" ? pages.get(uri) : undefined;
  try {
    // The matrix of the last text without errors has the places of that text.
    if (property(answer, "stale") !== true) checkPlaces(answer, page, pages);
    if (page !== undefined) checkAnswer(method, answer, page);
  } catch (error) {
    throw new Error(`${about}: ${String(error)} in ${JSON.stringify(answer).slice(0, 500)}`);
  }
  return answer;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** Ranges anywhere in an answer lie in the text that they are about. */
function checkPlaces(value: unknown, page: Page | undefined, pages: ReadonlyMap<string, Page>): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) checkPlaces(one, page, pages);
    return;
  }
  const changes = property(value, "changes");
  if (typeof changes === "object" && changes !== null)
    for (const [uri, edits] of Object.entries(changes)) checkPlaces(edits, pages.get(uri), pages);
  const own = property(value, "uri");
  const target = property(value, "targetUri");
  const here = typeof own === "string" ? pages.get(own) : page;
  if (isRange(value)) {
    if (here === undefined) return;
    const [start, end] = [here.offsetAt(value.start), here.offsetAt(value.end)];
    if (end < start) throw new Error(`a range that ends before it begins: ${JSON.stringify(value)}`);
    return;
  }
  for (const [name, part] of Object.entries(value)) {
    if (name === "changes") continue;
    checkPlaces(part, typeof target === "string" && name.startsWith("target") ? pages.get(target) : here, pages);
  }
}

function isPosition(value: unknown): value is Position {
  return typeof property(value, "line") === "number" && typeof property(value, "character") === "number";
}

function isRange(value: unknown): value is Range {
  return isPosition(property(value, "start")) && isPosition(property(value, "end"));
}

function checkAnswer(method: string, answer: unknown, page: Page): void {
  switch (method) {
    case "textDocument/semanticTokens/full":
    case "textDocument/semanticTokens/range":
      return checkTokens(property(answer, "data"), page);
    case "textDocument/documentSymbol":
      return checkSymbols(asList<DocumentSymbol>(answer), page, undefined);
    case "textDocument/selectionRange":
      for (const one of asList<SelectionRange>(answer))
        for (let at = one; at.parent !== undefined; at = at.parent)
          if (!isInside(page, at.range, at.parent.range)) throw new Error("a selection that isn't in the next");
      return;
    case "textDocument/foldingRange": {
      let last = -1;
      for (const { startLine, endLine } of asList<{ readonly startLine: number; readonly endLine: number }>(answer)) {
        if (startLine <= last || endLine <= startLine || endLine > page.end.line) throw new Error(`a fold of ${startLine} to ${endLine}`);
        last = startLine;
      }
      return;
    }
    case "textDocument/completion": {
      const labels = asList<{ readonly label: string; readonly detail?: string; readonly kind: number }>(answer);
      const keys = labels.map(({ label, detail, kind }) => `${label} ${kind === 15 ? detail : ""}`);
      if (new Set(keys).size < keys.length || keys.some((one) => one.trim() === "")) throw new Error("items twice, or without words");
      return;
    }
    case "textDocument/diagnostic":
      for (const { message, code } of asList<{ readonly message: string; readonly code: string }>(property(answer, "items")))
        if (message === "" || !/^[EW]\d{4}$/.test(code) || code.startsWith("E09")) throw new Error(`a diagnostic ${code} ${message}`);
      return;
  }
}

function asList<T>(value: unknown): readonly T[] {
  if (value === null || value === undefined) return [];
  if (!isList<T>(value)) throw new Error("no list");
  return value;
}

/** What the elements are, the protocol says. */
function isList<T>(value: unknown): value is readonly T[] {
  return Array.isArray(value);
}

function isInside(page: Page, inner: Range, outer: Range): boolean {
  return page.offsetAt(outer.start) <= page.offsetAt(inner.start) && page.offsetAt(inner.end) <= page.offsetAt(outer.end);
}

function checkSymbols(symbols: readonly DocumentSymbol[], page: Page, parent: Range | undefined): void {
  for (const { name, range, selectionRange, children } of symbols) {
    if (name === "" || !isInside(page, selectionRange, range)) throw new Error(`a symbol ${name} whose name isn't in it`);
    if (parent !== undefined && !isInside(page, range, parent)) throw new Error(`a symbol ${name} outside of its container`);
    checkSymbols(children ?? [], page, range);
  }
}

/** Words in order that don't overlap, each on one line. */
function checkTokens(data: unknown, page: Page): void {
  const numbers = asList<number>(data);
  if (numbers.length % 5 !== 0) throw new Error("half a token");
  let [line, character, end] = [0, 0, 0];
  for (let i = 0; i < numbers.length; i += 5) {
    const [down, right, length] = numbers.slice(i, i + 3);
    if (down < 0 || right < 0 || length <= 0) throw new Error("a token that goes back");
    character = down === 0 ? character + right : right;
    line += down;
    if (down === 0 && i > 0 && character < end) throw new Error(`tokens overlap at ${line}:${character}`);
    end = character + length;
    const word = page.slice({ start: { line, character }, end: { line, character: end } });
    if (!/^\S+$/.test(word) && !/^"/.test(word)) throw new Error(`a token on ${JSON.stringify(word)}`);
  }
}
