/** Requests beyond the protocol: the panel of conflicts, and the tests of a file. Anything may come in, so nothing is taken for granted. */
import type { Position } from "vscode-languageserver/node";
import { conflictPanel } from "../features/panel.ts";
import { testsOf } from "../features/structure.ts";
import { fileOf, viewOf } from "../host.ts";
import type { Host } from "../host.ts";
import { property } from "../settings.ts";

export function registerOwn(host: Host): void {
  const { connection } = host;
  connection.onRequest("weft/conflicts", (params: unknown) => {
    const uri = property(property(params, "textDocument"), "uri");
    const position = positionOf(property(params, "position"));
    const view = typeof uri === "string" ? viewOf(host, uri) : undefined;
    return view === undefined || position === undefined ? null : (conflictPanel(view, position) ?? null);
  });
  connection.onRequest("weft/tests", (params: unknown) => {
    const uri = property(property(params, "textDocument"), "uri");
    const file = typeof uri === "string" ? fileOf(host, uri) : undefined;
    return { tests: file === undefined ? [] : testsOf(file) };
  });
}

function positionOf(given: unknown): Position | undefined {
  const [line, character] = [property(given, "line"), property(given, "character")];
  return typeof line === "number" && typeof character === "number" ? { line, character } : undefined;
}
