/**
 * Paths as the compiler knows files, from and to the addresses of the protocol. What isn't on the disk is known by its address, as one word: paths with
 * slashes would be put in order, and `inmemory://model/1` would be another file afterwards. Files of the standard library are shown where they are installed.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { isLibraryPath } from "../../compiler/modules/library.ts";

export interface Addresses {
  readonly pathOf: (uri: string) => string;
  readonly uriOf: (path: string) => string;
  /** Of an installed file of the library that somebody looks into: the path by which programs import it. */
  readonly libraryPathOf: (path: string) => string | undefined;
}

/** `libraryFolder`: where the folder `std` of the library is. */
export function createAddresses(libraryFolder: string): Addresses {
  const installed = `${libraryFolder.replaceAll("\\", "/")}/`;
  // Editors write some characters of an address in their own way; answers use theirs.
  const given = new Map<string, string>();
  return {
    pathOf(uri) {
      const path = toPath(uri);
      if (given.size > 10_000) given.clear();
      given.set(path, uri);
      return path;
    },
    uriOf(path) {
      const known = given.get(path);
      if (known !== undefined) return known;
      if (isLibraryPath(path)) return pathToFileURL(`${libraryFolder}/${path.slice("weft/std/".length)}`).href;
      return /^(?:\/|[A-Za-z]:\/)/.test(path) ? pathToFileURL(path).href : fromWord(path);
    },
    libraryPathOf: (path) => (path.startsWith(installed) ? `weft/std/${path.slice(installed.length)}` : undefined),
  };
}

function toPath(uri: string): string {
  if (!uri.startsWith("file:")) return toWord(uri);
  try {
    return fileURLToPath(uri).replaceAll("\\", "/");
  } catch {
    // Of another machine, or no address at all.
    return toWord(uri);
  }
}

function toWord(uri: string): string {
  return uri.replace(/[%/\\]/g, (char) => encodeURIComponent(char));
}

function fromWord(path: string): string {
  return path.replace(/%(?:25|2F|5C)/g, (code) => decodeURIComponent(code));
}
