/** Project files as the language server asks for them: the nearest one above each source file, read once until something on the disk changes. */
import { dirname, isAbsolute, relative, sep } from "node:path";
import type { Command } from "commander";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { BrokenProject, Projects } from "../../lsp/projects.ts";
import { withProjectLevels } from "./active.ts";
import { optionsOf } from "./enter.ts";
import { fits } from "./glob.ts";
import { findProjectFile } from "./project.ts";
import type { Project } from "./project.ts";
import { readProject } from "./read.ts";

/** Folders remembered. */
const MAX_KNOWN = 10_000;

export function createProjects(program: Command): Projects {
  /** By folder of the source file. */
  const nearest = new Map<string, string | undefined>();
  const projects = new Map<string, Project | undefined>();
  const broken = new Map<string, BrokenProject>();

  const projectOf = (path: string): Project | undefined => {
    if (!isAbsolute(path)) return undefined;
    const folder = dirname(path);
    if (nearest.size > MAX_KNOWN) nearest.clear();
    if (!nearest.has(folder)) nearest.set(folder, findProjectFile(folder));
    const file = nearest.get(folder);
    if (file === undefined) return undefined;
    if (!projects.has(file)) projects.set(file, read(file));
    return projects.get(file);
  };
  const read = (file: string): Project | undefined => {
    const found = readProject(file, optionsOf(program));
    // Paths of the editor may lead through links.
    if (found.kind === "project") return { ...found.project, root: dirname(file) };
    broken.set(file, { path: file.split(sep).join("/"), text: [...found.files.values()].at(0) ?? "", diagnostics: found.diagnostics });
    return undefined;
  };

  return {
    withLevels: (diagnostics) =>
      diagnostics.flatMap((found): readonly Diagnostic[] => {
        const project = projectOf(found.path);
        return project === undefined ? [found] : withProjectLevels(project, [found]);
      }),
    isExcluded(path) {
      const project = projectOf(path);
      if (project === undefined) return false;
      const within = relative(project.root, path).split(sep).join("/");
      return (
        project.exclude.some((pattern) => fits(pattern, within)) || project.outputs.some((folder) => path.startsWith(`${folder}${sep}`))
      );
    },
    rootOf(path) {
      if (!isAbsolute(path)) return undefined;
      projectOf(path);
      const file = nearest.get(dirname(path));
      return file === undefined ? undefined : dirname(file).split(sep).join("/");
    },
    broken(about) {
      for (const path of about) projectOf(path);
      return [...broken.values()];
    },
    forget() {
      nearest.clear();
      projects.clear();
      broken.clear();
    },
  };
}
