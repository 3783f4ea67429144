/** How lists and bodies in brackets are laid out, whatever stands in them. Part of the walk (see declarations.ts). */
import type { Separator, Writer } from "./writer.ts";

interface ListStyle {
  /** What stands inside the brackets, before the first and after the last one. */
  readonly pad: Separator;
  /** Between two, behind the comma. */
  readonly between: Separator;
  /** Whether the author's choice to begin the first one on a line of its own counts. */
  readonly keepsExpanded: boolean;
}

/** Arguments, parameters, tuples, lists, types. */
const ROUND: ListStyle = { pad: "soft", between: "line", keepsExpanded: false };
/** What has names: fields, variants. */
const BRACES: ListStyle = { pad: "line", between: "blankLine", keepsExpanded: true };
/** Imported names and names in patterns: nothing to say about each. */
const NAMES: ListStyle = { pad: "line", between: "line", keepsExpanded: false };

export const STYLES = { round: ROUND, braces: BRACES, names: NAMES } as const;

/** From the opening to the closing bracket, with a comma behind the last one if each has a line of its own. */
export function list<T>(w: Writer, items: readonly T[], { pad, between, keepsExpanded }: ListStyle, item: (one: T) => void): void {
  const isExpanded = keepsExpanded && items.length > 0 && w.isExpanded();
  w.token();
  if (items.length === 0) empty(w);
  else {
    w.group(() => {
      w.indent(() => {
        items.forEach((one, i) => {
          w.separate(i === 0 ? pad : between);
          item(one);
          if (i < items.length - 1) w.token(",");
        });
        w.trailingComma();
        w.dangling();
      });
      w.separate(pad);
    }, isExpanded);
  }
  w.token();
}

/** Nothing between the brackets but comments. */
function empty(w: Writer): void {
  const isBrace = w.next().text === "}";
  let had = false;
  w.indent(() => (had = w.dangling()));
  w.separate(had && isBrace ? "cuddle" : "tight");
}

/**
 * A body in braces, each part on lines of its own. `isFlat`: it was on one line and may stay there, if it fits; then the caller makes the group.
 * `part` writes one, the separator before it is written here.
 */
export function body<T extends { readonly span: { readonly end: number } }>(
  w: Writer,
  parts: readonly T[],
  isFlat: boolean,
  part: (one: T) => void,
): void {
  w.token("{");
  if (parts.length === 0) empty(w);
  else {
    w.indent(() => {
      parts.forEach((one, i) => {
        w.separate(isFlat ? "line" : i === 0 ? "hard" : "blank");
        if (!w.ignored(one.span.end)) part(one);
        // A field ends before its semicolon.
        else if (w.next().text === ";") w.token();
      });
      w.dangling();
    });
    w.separate(isFlat ? "line" : "hard");
  }
  w.token("}");
}
