/**
 * The project that this process works in. A process carries out one command, which is in one project; so it is kept here instead of in an argument of
 * everything that compiles a file.
 */
import { relative, resolve, sep } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { fits } from "./glob.ts";
import type { Level, Project } from "./project.ts";

let active: Project | undefined;

export function setProject(project: Project | undefined): void {
  active = project;
}

export function activeProject(): Project | undefined {
  return active;
}

/** Warnings as the project wants them: some are silent, some are errors. */
export function withLevels(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return active === undefined ? diagnostics : withProjectLevels(active, diagnostics);
}

export function withProjectLevels(project: Project, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (project.rules.length === 0) return diagnostics;
  return diagnostics.flatMap((found): readonly Diagnostic[] => {
    if (found.severity !== "warning") return [found];
    const level = levelOf(project, found);
    switch (level) {
      case "off":
        return [];
      case "warn":
        return [found];
      case "error":
        return [{ ...found, severity: "error" }];
    }
  });
}

function levelOf({ root, rules }: Project, { path, code }: Diagnostic): Level {
  const within = relative(root, resolve(path)).split(sep).join("/");
  const fitting = rules.filter(({ files, levels }) => levels.has(code) && (files.length === 0 || files.some((each) => fits(each, within))));
  return fitting.at(-1)?.levels.get(code) ?? "warn";
}
