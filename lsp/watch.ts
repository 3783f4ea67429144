/** Looks at the disk for clients that don't tell what happens there: at the files that programs were made of, at imports that weren't there, at project files. */
import type { Host } from "./host.ts";
import { PROJECT_FILE } from "./projects.ts";
import { stampOf } from "./state/disk.ts";

/** Between two looks when nothing happens: a few files take far less than a millisecond. */
const LOOK_MS = 1_000;
/** Folders above the open files that could have a project file, at most. */
const MAX_FOLDERS = 1_000;

export interface Watch {
  readonly start: () => void;
  /** At once: somebody did something, and may have written files before. */
  readonly look: () => void;
}

/** `changed`: sources or project files are others by now, and are forgotten. */
export function createWatch({ client, workspace, projects }: Host, changed: () => void): Watch {
  let seen = "";
  const look = (): void => {
    if (client.can.watch) return;
    const stamps = projectStamps(workspace.openPaths());
    const isOther = stamps !== seen;
    seen = stamps;
    if (isOther) projects.forget();
    if (workspace.lookAgain() || isOther) changed();
  };
  return {
    look,
    start: () => {
      if (!client.can.watch) setInterval(look, LOOK_MS).unref();
    },
  };
}

function projectStamps(paths: readonly string[]): string {
  const folders = new Set<string>();
  for (const path of paths)
    for (let end = path.lastIndexOf("/"); end !== -1 && folders.size < MAX_FOLDERS; end = path.lastIndexOf("/", end - 1)) {
      if (folders.has(path.slice(0, end))) break;
      folders.add(path.slice(0, end));
      if (end === 0) break;
    }
  return [...folders].map((folder) => `${folder} ${stampOf(`${folder}/${PROJECT_FILE}`)}`).join("\n");
}
