/** Requests that look: what stands at a place, where it comes from, what can be written there. */
import { LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { Host } from "../host.ts";
import { createPauses, eachProgramWith, exportedTo, fileOf, pathsForAnswer, viewOf } from "../host.ts";
import { incomingCollector, outgoingCalls, prepareCallHierarchy } from "../features/call-hierarchy.ts";
import { complete } from "../features/completion.ts";
import { hover } from "../features/hover.ts";
import { inlayHints } from "../features/inlay-hints.ts";
import { codeLenses } from "../features/lenses.ts";
import { createAnswers, createPlaces, definition, highlights, linkTarget, typeDefinition } from "../features/navigation.ts";
import { signatureHelp, withPlainLabels } from "../features/signature-help.ts";
import { documentLinks, folding, selectionRanges } from "../features/structure.ts";
import { documentSymbols, flatSymbols, symbolSearch } from "../features/symbols.ts";
import { isLocal, nameAt } from "../features/view.ts";
import type { View } from "../features/view.ts";
import type { Symbol } from "../symbols/symbol.ts";

export function registerReading(host: Host): void {
  const { connection, workspace, addresses, client } = host;

  connection.onHover(({ textDocument, position }) => {
    const view = viewOf(host, textDocument.uri);
    return view === undefined ? null : (hover(view, position) ?? null);
  });
  connection.onCompletion(({ textDocument, position, context }) => {
    const view = viewOf(host, textDocument.uri);
    if (view === undefined) return [];
    const typed = context?.triggerCharacter;
    return [...complete({ view, position, typed, exported: exportedTo(host, view.path), snippets: client.can.snippets })];
  });
  connection.onSignatureHelp(({ textDocument, position }) => {
    const view = viewOf(host, textDocument.uri);
    const found = view === undefined ? undefined : signatureHelp(view, position);
    return found === undefined ? null : client.can.labelOffsets ? found : withPlainLabels(found);
  });
  connection.onDefinition(async ({ textDocument, position }, token) => {
    const view = viewOf(host, textDocument.uri);
    if (view === undefined) return [];
    const answers = createAnswers(view, position);
    const failed = answers === undefined ? undefined : await eachProgramWith(host, view, answers.name, token, answers.add);
    if (failed !== undefined) return failed;
    const filledIn = answers?.all() ?? [];
    const found = filledIn.length > 0 ? filledIn : definition(view, position);
    return client.can.links ? [...found] : found.map(linkTarget);
  });
  connection.onTypeDefinition(({ textDocument, position }) => {
    const view = viewOf(host, textDocument.uri);
    const found = view === undefined ? [] : typeDefinition(view, position);
    return client.can.typeLinks ? [...found] : found.map(linkTarget);
  });
  connection.onReferences(async ({ textDocument, position, context }, token) => {
    const view = viewOf(host, textDocument.uri);
    const found = view === undefined ? undefined : nameAt(view, position);
    if (view === undefined || found?.symbol.place === undefined) return [];
    const places = createPlaces(view, [found.symbol, ...importedAs(host, view, found.symbol)]);
    if (isLocal(found.symbol)) places.add(view.snapshot);
    else {
      const failed = await eachProgramWith(host, view, found.symbol.name, token, places.add);
      if (failed !== undefined) return failed;
    }
    return places
      .all()
      .filter(({ role }) => context.includeDeclaration || role !== "declaration")
      .map(({ location }) => location);
  });
  connection.onDocumentHighlight(({ textDocument, position }) => {
    const view = viewOf(host, textDocument.uri);
    return view === undefined ? [] : [...highlights(view, position)];
  });
  connection.onDocumentSymbol(({ textDocument }) => {
    const file = fileOf(host, textDocument.uri);
    const found = file === undefined ? [] : documentSymbols(file);
    return client.can.nestedSymbols ? [...found] : [...flatSymbols(textDocument.uri, found, "")];
  });
  connection.onWorkspaceSymbol(async ({ query }, token) => {
    const goOn = createPauses(token);
    const search = symbolSearch(query);
    for (const path of pathsForAnswer(host)) {
      if (!(await goOn())) return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
      const file = workspace.source(path);
      if (file !== undefined && !search.add(addresses.uriOf(path), file)) break;
    }
    return [...search.found()];
  });
  connection.onFoldingRanges(({ textDocument }) => {
    const file = fileOf(host, textDocument.uri);
    return file === undefined ? [] : [...folding(file)];
  });
  connection.onSelectionRanges(({ textDocument, positions }) => {
    const file = fileOf(host, textDocument.uri);
    return file === undefined ? [] : [...selectionRanges(file, positions)];
  });
  connection.onDocumentLinks(({ textDocument }) => {
    const view = viewOf(host, textDocument.uri);
    return view === undefined ? [] : [...documentLinks(view)];
  });
  connection.onCodeLens(({ textDocument }) => {
    const view = viewOf(host, textDocument.uri);
    return view === undefined ? [] : [...codeLenses(view, client.settings, client.commands)];
  });
  connection.languages.inlayHint.on(({ textDocument, range }) => {
    const view = viewOf(host, textDocument.uri);
    return view === undefined ? [] : [...inlayHints(view, range, client.settings)];
  });
  connection.languages.callHierarchy.onPrepare(({ textDocument, position }) => {
    const view = viewOf(host, textDocument.uri);
    return view === undefined ? null : [...prepareCallHierarchy(view, position)];
  });
  connection.languages.callHierarchy.onIncomingCalls(async ({ item }, token) => {
    const view = viewOf(host, item.uri);
    const found = view === undefined ? undefined : nameAt(view, item.selectionRange.start);
    if (view === undefined || found === undefined) return [];
    const calls = incomingCollector(view, found.symbol);
    const failed = await eachProgramWith(host, view, found.symbol.name, token, calls.add);
    return failed ?? [...calls.all()];
  });
  connection.languages.callHierarchy.onOutgoingCalls(({ item }) => {
    const view = viewOf(host, item.uri);
    return view === undefined ? null : [...outgoingCalls(view, item)];
  });
}

/** A declaration in an installed file of the library, as programs know it that import the library. */
function importedAs({ workspace, addresses }: Host, view: View, symbol: Symbol): readonly Symbol[] {
  const { place } = symbol;
  const path = place === undefined ? undefined : addresses.libraryPathOf(place.path);
  const file = place === undefined ? undefined : view.snapshot.files.get(place.path);
  if (place === undefined || path === undefined || file === undefined || workspace.source(path)?.source.real !== file.source.real)
    return [];
  const span = { start: file.source.toReal(place.span.start), end: file.source.toReal(place.span.end) };
  return [{ ...symbol, place: { path, span } }];
}
