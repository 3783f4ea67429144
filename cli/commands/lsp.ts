/** `weft lsp`: the language server. It writes nothing but the protocol, and ends when the client says so or goes away. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { startServer } from "../../lsp/server.ts";
import type { Outcome } from "../outcome.ts";
import { createProjects } from "../project/editor.ts";
import { version } from "../version.ts";

export function lsp(transport: "stdio" | "node-ipc", program: Command): Promise<Outcome> {
  // This file is in dist/, or in cli/commands of the sources.
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.endsWith("commands") ? dirname(dirname(here)) : dirname(here);
  startServer({ transport, version: version(), libraryFolder: join(root, "std"), projects: createProjects(program) });
  return new Promise(() => undefined);
}
