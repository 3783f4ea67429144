/** What the server offers, and what it looks at of what the client can. */
import { TextDocumentSyncKind } from "vscode-languageserver/node";
import type { InitializeParams, InitializeResult } from "vscode-languageserver/node";
import { ACTION_KINDS } from "./features/code-actions.ts";
import { TOKEN_MODIFIERS, TOKEN_TYPES } from "./features/semantic-tokens.ts";

export interface ClientAbilities {
  readonly configuration: boolean;
  readonly watch: boolean;
  readonly pull: boolean;
  readonly diagnosticRefresh: boolean;
  readonly snippets: boolean;
  /** Of definitions: what to underline, too. */
  readonly links: boolean;
  readonly typeLinks: boolean;
  /** Parameters told by their places in a signature. */
  readonly labelOffsets: boolean;
  /** Outlines with declarations inside of others. */
  readonly nestedSymbols: boolean;
  readonly lensRefresh: boolean;
  readonly hintRefresh: boolean;
  readonly tokenRefresh: boolean;
  readonly folders: boolean;
}

export function abilitiesOf({ capabilities }: Pick<InitializeParams, "capabilities">): ClientAbilities {
  const { workspace, textDocument } = capabilities;
  return {
    configuration: workspace?.configuration === true,
    watch: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    pull: textDocument?.diagnostic !== undefined,
    diagnosticRefresh: workspace?.diagnostics?.refreshSupport === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    links: textDocument?.definition?.linkSupport === true,
    typeLinks: textDocument?.typeDefinition?.linkSupport === true,
    labelOffsets: textDocument?.signatureHelp?.signatureInformation?.parameterInformation?.labelOffsetSupport === true,
    nestedSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    lensRefresh: workspace?.codeLens?.refreshSupport === true,
    hintRefresh: workspace?.inlayHint?.refreshSupport === true,
    tokenRefresh: workspace?.semanticTokens?.refreshSupport === true,
    folders: workspace?.workspaceFolders === true,
  };
}

export const SERVER_CAPABILITIES: InitializeResult["capabilities"] = {
  positionEncoding: "utf-16",
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  diagnosticProvider: { identifier: "weft", interFileDependencies: true, workspaceDiagnostics: true },
  hoverProvider: true,
  completionProvider: { triggerCharacters: [".", '"', "/", "@"] },
  signatureHelpProvider: { triggerCharacters: ["(", ",", "{"], retriggerCharacters: [":", ")"] },
  definitionProvider: true,
  typeDefinitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
    full: { delta: true },
    range: true,
  },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  documentLinkProvider: {},
  callHierarchyProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: "}", moreTriggerCharacter: [";", "\n"] },
  codeActionProvider: { codeActionKinds: [...ACTION_KINDS] },
  codeLensProvider: {},
  inlayHintProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};
