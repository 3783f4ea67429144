/**
 * Documents as editors send them, edit by edit. The package's own keeps its list of lines along and gets it wrong where an edit puts a `\r` before a `\n`,
 * or takes what was between them: from then on all edits would land a line off. Here lines are found anew in each text.
 */
import type { Range, TextDocumentContentChangeEvent, TextDocumentsConfiguration } from "vscode-languageserver";
import { createPlainText } from "./source-text.ts";

export interface Document {
  readonly uri: string;
  readonly version: number;
  readonly getText: () => string;
}

export const DOCUMENTS: TextDocumentsConfiguration<Document> = {
  create: (uri, _language, version, text) => createDocument(uri, version, text),
  update: (document, changes, version) => createDocument(document.uri, version, changes.reduce(applyChange, document.getText())),
};

function createDocument(uri: string, version: number, text: string): Document {
  return { uri, version, getText: () => text };
}

/** Places outside of the text mean the nearest inside; ends that are the wrong way round are turned. */
function applyChange(text: string, change: TextDocumentContentChangeEvent): string {
  if (!("range" in change)) return change.text;
  const { start, end } = offsetsOf(text, change.range);
  return text.slice(0, start) + change.text + text.slice(end);
}

function offsetsOf(text: string, range: Range): { readonly start: number; readonly end: number } {
  const source = createPlainText(text);
  const [a, b] = [source.offset(range.start), source.offset(range.end)];
  return { start: Math.min(a, b), end: Math.max(a, b) };
}
