/** Inlay hints: types that nobody wrote, and Δ, R, W before accesses to state. */
import type { InlayHint, Range } from "vscode-languageserver";
import { showType } from "../../compiler/core/types.ts";
import type { Settings } from "../settings.ts";
import { rowsIn, sharedChecks } from "./footprints.ts";
import type { View } from "./view.ts";

export function inlayHints(view: View, range: Range, { inlayHints: wanted }: Settings): readonly InlayHint[] {
  const within = view.file.source.span(range);
  const hints = [...(wanted.types ? typeHints(view) : []), ...(wanted.modes ? modeHints(view) : [])];
  return hints
    .filter(({ at }) => within.start <= at && at <= within.end)
    .sort((a, b) => a.at - b.at)
    .map(({ hint }) => hint);
}

interface Placed {
  readonly at: number;
  readonly hint: InlayHint;
}

function typeHints(view: View): readonly Placed[] {
  const { source } = view.file;
  return view.snapshot.names(view.path).flatMap(({ symbol, role, span }): Placed[] => {
    if (role !== "declaration" || symbol.source.kind !== "local") return [];
    const { local } = symbol.source;
    // A type that is written stands right behind the name.
    const isWritten = /^\s*:/.test(source.padded.slice(span.end, span.end + 40));
    if (local === undefined || isWritten || local.type.kind === "poison" || local.type.kind === "unit") return [];
    return [
      { at: span.end, hint: { position: source.position(span.end), label: `: ${showType(local.type)}`, kind: 1, paddingLeft: false } },
    ];
  });
}

const ORDER = ["R", "W", "Δ", "T", "|", "&", "min", "max", "call"];

/** Only for a text without errors: of another one the places wouldn't be these. */
function modeHints(view: View): readonly Placed[] {
  const { source } = view.file;
  const byPlace = new Map<number, { readonly modes: Set<string>; readonly cells: Set<string> }>();
  for (const { mode, site, path } of rowsIn(view)) {
    // A receipt of coin stands at the function's name, and a getter has no text.
    if (!source.padded.startsWith("self", site.span.start)) continue;
    const known = byPlace.get(site.span.start) ?? { modes: new Set(), cells: new Set() };
    known.modes.add(mode);
    known.cells.add(`${mode} ${path}`);
    byPlace.set(site.span.start, known);
  }
  // What is checked together with an add is no access of its own.
  for (const { site, add } of sharedChecks(view)) {
    if (byPlace.has(site.span.start)) continue;
    const line = source.position(add.span.start).line + 1;
    byPlace.set(site.span.start, { modes: new Set(["Δ"]), cells: new Set([`checked together with the add in line ${line}`]) });
  }
  return [...byPlace].map(([at, { modes, cells }]) => {
    const label = [...modes].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)).join("");
    return { at, hint: { position: source.position(at), label, tooltip: [...cells].slice(0, 12).join("\n"), paddingRight: true } };
  });
}
