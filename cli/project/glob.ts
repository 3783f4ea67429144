/**
 * Patterns of paths as a project file has them: `*` and `?` within a name, `**` for any number of folders; a pattern that names a folder means all below
 * it. No regular expressions: a hostile pattern costs at most the product of the two lengths.
 */

export type Pattern = readonly string[];

/** Separators of both kinds; `./a` is `a`. */
export function parsePattern(text: string): Pattern {
  return text.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
}

/** `path` has slashes and is relative to what the pattern is relative to. */
export function fits(pattern: Pattern, path: string): boolean {
  return matchParts(
    [...pattern, "**"],
    path.split("/").filter((part) => part !== ""),
    (wanted, found) => matchParts([...wanted], [...found], (a, b) => a === "?" || a === b, "*"),
    "**",
  );
}

/** The usual two pointers: on a mismatch the last star takes one more. */
function matchParts(
  pattern: readonly string[],
  text: readonly string[],
  same: (wanted: string, found: string) => boolean,
  star: "*" | "**",
): boolean {
  let at = 0;
  let starAt = -1;
  let resume = 0;
  let i = 0;
  while (i < text.length) {
    if (at < pattern.length && pattern[at] === star) {
      starAt = at++;
      resume = i;
    } else if (at < pattern.length && same(pattern[at], text[i])) {
      at++;
      i++;
    } else if (starAt !== -1) {
      at = starAt + 1;
      i = ++resume;
    } else return false;
  }
  while (at < pattern.length && pattern[at] === star) at++;
  return at === pattern.length;
}
