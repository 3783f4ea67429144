/** The `weft` of this workspace, as the editor's settings and the machine have it. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as vscode from "vscode";
import { findProgram } from "./find.ts";
import type { Disk, Program, Search } from "./find.ts";

const disk: Disk = {
  isFile: (path) => {
    try {
      return statSync(path).isFile();
    } catch {
      return false;
    }
  },
  read: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
  real: (path) => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
};

export type ProgramSearch = Search | { readonly kind: "untrusted" };

/** Running what a folder brings along is for trusted folders alone. */
export function programHere(): ProgramSearch {
  if (!vscode.workspace.isTrusted) return { kind: "untrusted" };
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file").map(({ uri }) => uri.fsPath);
  const path = vscode.workspace.getConfiguration("weft").get<string>("server.path", "");
  return findProgram(
    { path, folders },
    {
      disk,
      platform: process.platform,
      home: homedir(),
      path: process.env["PATH"] ?? process.env["Path"] ?? "",
      ownNode: process.execPath,
    },
  );
}

export function environmentOf({ env }: Program): NodeJS.ProcessEnv {
  return { ...process.env, ...env };
}

/** What to say where there is none. */
export function sayMissing(search: Exclude<ProgramSearch, { kind: "found" }>): string {
  switch (search.kind) {
    case "untrusted":
      return "Weft starts its compiler only in folders that you trust.";
    case "missing":
      return `There is no weft here (looked at ${search.looked.join(", ")}). Install it with npm install --save-dev weft, or name it in the setting weft.server.path.`;
  }
}
