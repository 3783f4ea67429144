/** The standard library: `weft/std/…`. Its texts are part of the compiler, so that no file of the user can stand in for one of them. */
import { closest } from "../../grammar/closest.ts";
import { LIBRARY_TEXTS } from "./library-texts.ts";

const TEXTS: ReadonlyMap<string, string> = new Map(LIBRARY_TEXTS);

export const LIBRARY_PATHS: readonly string[] = [...TEXTS.keys()];

/** What paths of the library begin with. No path of a user's file does: see `ownPath`. */
const PREFIX = "weft/std/";

export function isLibraryPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** The normalised path of a file that isn't the library's, where it would look like one. */
export function ownPath(path: string): string {
  return isLibraryPath(path) ? `./${path}` : path;
}

/** Only paths as the library itself has them: `weft/std/../x` is none. */
export function libraryText(path: string): string | undefined {
  return TEXTS.get(path);
}

/** The file of the library that was probably meant: one of that name in another folder, or one of nearly that name. */
export function nearestLibraryPath(path: string): string | undefined {
  const withEnding = path.endsWith(".weft") ? path : `${path}.weft`;
  const last = withEnding.slice(withEnding.lastIndexOf("/"));
  const same = [...TEXTS.keys()].find((known) => known.endsWith(last));
  if (same !== undefined) return same;
  // Of the part behind the prefix: of whole paths, which all begin alike, short names would all be close.
  const name = withEnding.startsWith(PREFIX) ? withEnding.slice(PREFIX.length) : withEnding.slice(withEnding.indexOf("/") + 1);
  const near = closest(
    name,
    [...TEXTS.keys()].map((known) => known.slice(PREFIX.length)),
  );
  return near === undefined ? undefined : `${PREFIX}${near}`;
}
