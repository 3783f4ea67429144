/** Hover: the declaration with its doc; for an access to state its mode and the kind of its key; for a function its footprint. */
import type { Hover, Position } from "vscode-languageserver";
import { showType } from "../../compiler/core/types.ts";
import { exprAt } from "../symbols/nodes.ts";
import type { Occurrence, Symbol } from "../symbols/symbol.ts";
import { docOf, fenced, headOf, itemAround } from "./describe.ts";
import { analysedOf, footprintMarkdown, functionFootprint, rowsAt, sharedChecks, usedBy } from "./footprints.ts";
import { nameAt } from "./view.ts";
import type { View } from "./view.ts";

export function hover(view: View, position: Position): Hover | undefined {
  const found = nameAt(view, position);
  if (found === undefined) return literalHover(view, position);
  const { symbol, span } = found;
  const head = headOf(view.snapshot, symbol);
  const parts = [
    head === "" ? "" : fenced(head),
    ownerText(view, symbol),
    docOf(symbol),
    accessText(view, found),
    footprintText(view, symbol),
  ].filter((part) => part !== "");
  if (parts.length === 0) return undefined;
  return { contents: { kind: "markdown", value: parts.join("\n\n") }, range: view.file.source.range(span) };
}

/** Where it is declared, and for which contract it is looked at: a mixin is part of many. */
function ownerText(view: View, symbol: Symbol): string {
  const { kind, owner } = symbol;
  if (owner === "" || !["function", "state", "immutable", "guard", "event", "error", "init", "invariant"].includes(kind)) return "";
  const found = itemAround(view.snapshot, symbol);
  const container = found?.kind === "contract" || found?.kind === "mixin" || found?.kind === "interface" ? found.name.text : owner;
  return container === owner ? `of \`${owner}\`` : `of \`${container}\`, in \`${owner}\``;
}

const MODES: ReadonlyMap<string, string> = new Map([
  ["R", "reads"],
  ["W", "writes"],
  ["Δ", "adds to"],
  ["T", "draws a number from"],
  ["|", "sets bits of"],
  ["&", "clears bits of"],
  ["min", "lowers"],
  ["max", "raises"],
  ["call", "calls"],
]);

const STAGES: ReadonlyMap<string, string> = new Map([
  ["static", "the key is known from the call alone"],
  ["staged", "a key is read from state before the call runs"],
  ["wide", "a key isn't known before the call runs: it takes all cells"],
]);

/** `Δ adds to `balances[caller]` (`-amount`): the key is known from the call alone` */
function accessText(view: View, { symbol, span, role }: Occurrence): string {
  if (role === "declaration" || (symbol.kind !== "state" && symbol.name !== "self.balance")) return "";
  const rows = rowsAt(view, span).filter(({ cell }) => cell === symbol.name || cell.startsWith(symbol.name) || symbol.kind === "builtin");
  const shared = sharedChecks(view).find(({ site }) => site.span.start <= span.start && span.end <= site.span.end);
  if (rows.length === 0 && shared !== undefined) {
    const line = view.file.source.position(shared.add.span.start).line + 1;
    return `**Δ** checked together with the add in line ${line}: reads nothing of its own, and waits for nobody while the add is within its bound`;
  }
  return rows
    .slice(0, 8)
    .map(({ mode, path, amount, stage }) => {
      const key = STAGES.get(stage) ?? `${STAGES.get("staged") ?? ""}, in ${stage}`;
      return `**${mode}** ${MODES.get(mode) ?? ""} \`${path}\`${amount === "" ? "" : ` by \`${amount}\``}: ${key}`;
    })
    .join("  \n");
}

function footprintText(view: View, symbol: Symbol): string {
  if (symbol.kind !== "function" && symbol.kind !== "init") return "";
  const found = analysedOf(view.snapshot);
  const footprint = found === undefined ? undefined : functionFootprint(found.compiled, symbol.owner, symbol.name);
  if (found === undefined || footprint === undefined) {
    // Of a mixin: what it touches is known where it is used.
    const { place } = symbol;
    const used = place === undefined ? undefined : usedBy(view, place.path, place.span.start);
    return used === undefined ? "" : `**Footprint** in \`${used.contract.contract.name}\`\n\n${footprintMarkdown(used.footprint)}`;
  }
  const title = found.stale ? "**Footprint** (of the last text without errors)" : "**Footprint**";
  return `${title}\n\n${footprintMarkdown(footprint)}`;
}

/** The type of what stands there, where it is no name. */
function literalHover(view: View, position: Position): Hover | undefined {
  const facts = view.snapshot.facts();
  const offset = view.file.source.offset(position);
  const expr = facts === undefined ? undefined : exprAt(view.tree, offset);
  const type = expr === undefined ? undefined : facts?.typeOf(expr);
  if (expr === undefined || type === undefined || type.kind === "poison" || type.kind === "unit") return undefined;
  return { contents: { kind: "markdown", value: fenced(showType(type)) }, range: view.file.source.range(expr.span) };
}
