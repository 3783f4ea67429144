/** Tells what the checker says because of a syntax error from what it would say anyway. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Salvage } from "./damage.ts";

interface Checked extends Pick<Salvage, "damaged" | "missing"> {
  readonly path: string;
  readonly text: string;
}

/** Ask for something that may stand where the parser couldn't read. */
const WHOLE: ReadonlySet<string> = new Set(["E0330", "E0404"]);
/** Say that there is no such name, or that nothing gives a type. Which names there are isn't known when a declaration is missing. */
const UNKNOWN: ReadonlySet<string> = new Set(["E0202", "E0203", "E0204", "E0306", "E0311"]);
/** Spans can be as long as the file; names stand at their beginning. */
const MAX_TEXT = 400;

export function followUps(files: readonly Checked[]): (diagnostic: Diagnostic) => boolean {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const missing = new Set(files.flatMap((file) => [...file.missing]));
  const isBroken = missing.size > 0 || files.some((file) => file.damaged.length > 0);
  return ({ code, path, span, message }) => {
    if (!isBroken) return false;
    const file = byPath.get(path);
    if (WHOLE.has(code) || file?.damaged.some(({ start, end }) => start <= span.start && span.start < end) === true) return true;
    if (missing.size > 0 && UNKNOWN.has(code)) return true;
    const text = file?.text.slice(span.start, Math.min(span.end, span.start + MAX_TEXT)) ?? "";
    return [...`${text} ${message}`.matchAll(/[A-Za-z_]\w*/g)].some(([word]) => missing.has(word));
  };
}
