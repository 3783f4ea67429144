/** One damaged program through the whole compiler, and what must hold of the outcome whatever the text is. */
import { compile } from "../../compiler/index.ts";
import type { Diagnostic, Place } from "../../compiler/index.ts";

export type Verdict =
  | { readonly kind: "fine"; readonly compiled: boolean; readonly ms: number }
  /** `cause` is the same for what is probably the same fault. */
  | { readonly kind: "broken"; readonly cause: string; readonly ms: number };

/** What any one small file may take, in processor time. */
const LIMIT_MS = 2_000;

const PATH = "damaged.weft";

/** `others` gives the files that may be imported, by name. */
export function judge(text: string, others: ReadonlyMap<string, string>): Verdict {
  const started = cpuMs();
  try {
    const { diagnostics, files, contracts } = compile(PATH, (path) => (path === PATH ? text : others.get(path)));
    const ms = cpuMs() - started;
    const outside = diagnostics.flatMap((found) =>
      placesOf(found)
        .filter((place) => !isInside(place, files))
        .map(() => found.code),
    );
    if (outside.length > 0) return { kind: "broken", cause: `the place of ${outside[0]} is outside the text`, ms };
    if (ms > LIMIT_MS) return { kind: "broken", cause: "slow", ms };
    return { kind: "fine", compiled: contracts.length > 0, ms };
  } catch (error) {
    return { kind: "broken", cause: causeOf(error), ms: cpuMs() - started };
  }
}

function placesOf(found: Diagnostic): readonly Place[] {
  return [found, ...found.notes, ...found.fixes.flatMap(({ edits }) => edits)];
}

function isInside({ path, span }: Place, files: ReadonlyMap<string, string>): boolean {
  const length = files.get(path)?.length ?? 0;
  return Number.isInteger(span.start) && Number.isInteger(span.end) && 0 <= span.start && span.start <= span.end && span.end <= length;
}

/** Processor time: other work on the machine is no fault of the compiler's. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The message without what is particular to the text, and where it was thrown. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const where = /at (?:async )?(?:new )?([\w.$]+) \(?.*?((?:compiler|grammar|node_modules)\/[^:)]*)/.exec(error.stack ?? "");
  return `${error.name}: ${error.message.replaceAll(/`[^`]*`|"[^"]*"|\d+/g, "…").slice(0, 120)} in ${where?.[1] ?? "?"} (${where?.[2] ?? "?"})`;
}

/** The same fault with as little text as removing pieces gets to. */
export function smallest(text: string, others: ReadonlyMap<string, string>, cause: string): string {
  const isSame = (candidate: string): boolean => {
    const verdict = judge(candidate, others);
    return verdict.kind === "broken" && verdict.cause === cause;
  };
  let kept = text;
  for (let size = text.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < kept.length;) {
      const candidate = kept.slice(0, from) + kept.slice(from + size);
      if (isSame(candidate)) kept = candidate;
      else from += size;
    }
  }
  return kept;
}
