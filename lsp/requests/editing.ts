/** Requests that end in edits: rename, formatting, code actions. */
import { LSPErrorCodes, ResponseError } from "vscode-languageserver/node";
import type { Host } from "../host.ts";
import { checkedProgram } from "../state/checked.ts";
import { createView } from "../features/view.ts";
import type { View } from "../features/view.ts";
import { createPauses, eachProgramWith, exportedTo, fileOf, shownOf, viewOf } from "../host.ts";
import { codeActions } from "../features/code-actions.ts";
import { formatDocument, formatOnType, formatRange } from "../features/formatting.ts";
import { prepareRename, startRename } from "../features/rename.ts";

export function registerEditing(host: Host): void {
  const { connection } = host;

  connection.onPrepareRename(({ textDocument, position }) => {
    const view = viewOf(host, textDocument.uri);
    if (view === undefined) return null;
    const found = prepareRename(view, position);
    return found.kind === "done" ? found.value : refusal(found.why);
  });
  connection.onRenameRequest(async ({ textDocument, position, newName }, token) => {
    const view = viewOf(host, textDocument.uri);
    if (view === undefined) return null;
    const renaming = startRename(view, position, newName);
    if (renaming.kind === "refused") return refusal(renaming.why);
    const { symbol, isOfOneFile, add, changed, objection, edits } = renaming.value;
    if (isOfOneFile) add(view.snapshot);
    else if (host.workspace.isCut())
      return refusal(`the workspace has more files than are looked at, and any of them may use \`${symbol.name}\``);
    else {
      const failed = await eachProgramWith(host, view, symbol.name, token, add);
      if (failed !== undefined) return failed;
    }
    const programs = changed();
    if (programs.kind === "refused") return refusal(programs.why);
    const goOn = createPauses(token);
    const file = fileOf(host, textDocument.uri);
    for (const root of programs.value) {
      if (!(await goOn())) return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
      if (fileOf(host, textDocument.uri) !== file) return new ResponseError(LSPErrorCodes.ContentModified, "the text has changed");
      const program = host.workspace.isOpen(root) ? host.workspace.snapshot(root) : checkedProgram(root, host.workspace.source);
      const why = program === undefined ? undefined : objection(program);
      if (why !== undefined) return refusal(why);
    }
    return edits();
  });
  connection.onDocumentFormatting(({ textDocument }) => {
    const file = fileOf(host, textDocument.uri);
    return file === undefined ? [] : [...formatDocument(file)];
  });
  connection.onDocumentRangeFormatting(({ textDocument, range }) => {
    const file = fileOf(host, textDocument.uri);
    return file === undefined ? [] : [...formatRange(file, range)];
  });
  connection.onDocumentOnTypeFormatting(({ textDocument, position, ch }) => {
    const file = fileOf(host, textDocument.uri);
    return file === undefined ? [] : [...formatOnType(file, position, ch)];
  });
  connection.onCodeAction(({ textDocument, range, context }) => {
    const view = viewOf(host, textDocument.uri);
    if (view === undefined) return [];
    const programs = programsOf(host, view);
    return [...codeActions(view, range, context, { exported: exportedTo(host, view.path), programs })];
  });
}

function refusal(why: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, why);
}

/** All open programs that hold the file as it is now. */
function programsOf(host: Host, view: View): readonly View[] {
  const { workspace, addresses } = host;
  const others = workspace.snapshots().flatMap((snapshot) => {
    if (snapshot === view.snapshot || snapshot.files.get(view.path) !== view.file) return [];
    return createView(snapshot, view.path, addresses, shownOf(host, snapshot, view.path)) ?? [];
  });
  return [view, ...others];
}
