/**
 * A command begins in its project: the nearest one, the one that `--project` names, or none. What the project says for options that the command line leaves open is put into
 * them before the command looks at them. Nothing of this is loaded where there is no project file.
 */
import type { Command } from "commander";
import { existsSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { EXIT } from "../exit.ts";
import { failure } from "../failure.ts";
import { isFolder } from "../files.ts";
import type { Outcome } from "../outcome.ts";
import { setProject } from "./active.ts";
import { findProjectFile, PROJECT_FILE } from "./project.ts";
import type { OptionOf } from "./read.ts";

export interface Entering {
  readonly command: Command;
  readonly program: Command;
  /** What `--project` names; `false` for `--no-project`. */
  readonly asked: string | false | undefined;
}

/** A broken project file mustn't hinder them. */
const WITHOUT_PROJECT: ReadonlySet<string> = new Set(["completions", "explain", "init", "lsp"]);

/** Gives what went wrong, if something did. */
export async function enterProject({ command, program, asked }: Entering): Promise<Outcome | undefined> {
  setProject(undefined);
  if (asked === false || WITHOUT_PROJECT.has(command.name())) return undefined;
  const file = asked === undefined ? findProjectFile(process.cwd()) : fileOf(asked);
  if (file === undefined) return undefined;
  const { readProject } = await import("./read.ts");
  const found = readProject(file, optionsOf(program));
  if (found.kind === "broken") return failure(EXIT.usage, found.diagnostics, found.files);
  setProject(found.project);
  for (const [name, { value }] of found.project.defaults.get(command.name()) ?? []) {
    if (command.getOptionValueSource(name) !== "cli") command.setOptionValueWithSource(name, value, "config");
  }
  return undefined;
}

/** What a project file may say about options, each command says itself. */
export function optionsOf(program: Command): OptionOf {
  return (name, option) => program.commands.find((each) => each.name() === name)?.options.find((each) => each.attributeName() === option);
}

function fileOf(asked: string): string {
  const path = isFolder(asked) ? join(asked, PROJECT_FILE) : resolve(asked);
  return existsSync(path) ? realpathSync(path) : path;
}
