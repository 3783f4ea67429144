/** `weft/conflicts`: the matrix of the contract at the cursor, for a panel beside the text. */
import type { Location, Position } from "vscode-languageserver";
import { claimReport, pairReport } from "../../compiler/conflicts/pairs.ts";
import type { Meeting } from "../../compiler/conflicts/pairs.ts";
import type { Span } from "../../grammar/ast.ts";
import type { Site } from "../../compiler/typed/tree.ts";
import { conflictsOf } from "../state/snapshot.ts";
import { analysedOf, footprintOf, usedBy } from "./footprints.ts";
import { createView } from "./view.ts";
import type { View } from "./view.ts";

interface Side {
  readonly mode: string;
  readonly path: string;
  readonly location: Location | null;
}

interface ShownMeeting {
  readonly cell: string;
  readonly condition: string;
  readonly left: Side;
  readonly right: Side;
}

export interface ConflictPanel {
  readonly contract: string;
  readonly contracts: readonly string[];
  readonly functions: readonly { readonly name: string; readonly location: Location | null }[];
  readonly current: string | null;
  readonly pairs: readonly {
    readonly left: string;
    readonly right: string;
    readonly verdict: string;
    readonly condition: string;
    readonly clashes: readonly ShownMeeting[];
    readonly adds: readonly ShownMeeting[];
  }[];
  readonly claims: readonly {
    readonly left: string;
    readonly right: string;
    readonly location: Location | null;
    readonly proved: boolean;
  }[];
  readonly omitted: readonly string[];
  readonly stale: boolean;
}

/** Meetings listed per pair. */
const MAX_MEETINGS = 20;

export function conflictPanel(view: View, position: Position): ConflictPanel | undefined {
  return panelOfMixin(view, position) ?? panelOfContract(view, position);
}

/** At a function of a mixin: that of the first contract which uses it. */
function panelOfMixin(view: View, position: Position): ConflictPanel | undefined {
  const offset = view.file.source.offset(position);
  const isAround = ({ span }: { readonly span: Span }): boolean => span.start <= offset && offset <= span.end;
  const mixin = view.tree.items.find(isAround);
  const member = mixin?.kind === "mixin" ? mixin.members.find(isAround) : undefined;
  const used = member?.kind === "function" ? usedBy(view, view.path, member.name.start) : undefined;
  if (used === undefined) return undefined;
  for (const [path, { source, parsed }] of used.snapshot.files) {
    for (const item of parsed.file.items) {
      if (item.kind !== "contract" || item.name.text !== used.contract.contract.name) continue;
      const own = createView(used.snapshot, path, view.addresses);
      const panel = own === undefined ? undefined : panelOfContract(own, source.position(item.name.start));
      return panel === undefined ? undefined : { ...panel, current: used.footprint.name };
    }
  }
  return undefined;
}

function panelOfContract(view: View, position: Position): ConflictPanel | undefined {
  const found = analysedOf(view.snapshot);
  if (found === undefined) return undefined;
  const { program } = found.compiled;
  const offset = view.file.source.offset(position);
  const own = view.tree.items.flatMap((item) =>
    item.kind === "contract" && footprintOf(found.compiled, item.name.text) !== undefined ? [item] : [],
  );
  const contract = own.findLast(({ span }) => span.start <= offset) ?? own.at(0);
  const footprint = contract === undefined ? undefined : footprintOf(found.compiled, contract.name.text);
  if (contract === undefined || footprint === undefined) return undefined;
  const files = found.stale ? view.snapshot.last?.files : view.snapshot.files;
  const locate = ({ path, span }: Site): Location | null => {
    const file = files?.get(path);
    return file === undefined ? null : { uri: view.addresses.uriOf(path), range: file.source.range(span) };
  };
  const shown = ({ cell, condition, left, right }: Meeting): ShownMeeting => ({
    cell,
    condition,
    left: { mode: left.mode, path: left.path, location: locate(left.site) },
    right: { mode: right.mode, path: right.path, location: locate(right.site) },
  });
  const analysis = conflictsOf(found.compiled, footprint);
  const functions = analysis.pairs.flatMap(({ left, right }) => {
    const func = left === right ? program.functions.get(left) : undefined;
    return func === undefined ? [] : [{ name: func.name, location: locate(func.nameSite) }];
  });
  const current = contract.members.find(({ kind, span }) => kind === "function" && span.start <= offset && offset <= span.end);
  return {
    contract: contract.name.text,
    contracts: own.map(({ name }) => name.text),
    functions,
    current: current?.kind === "function" && functions.some(({ name }) => name === current.name.text) ? current.name.text : null,
    pairs: analysis.pairs.map((pair) => {
      const { leftName, rightName, verdict, condition, clashes, adds } = pairReport(footprint, program, pair, MAX_MEETINGS);
      return {
        left: leftName,
        right: rightName,
        verdict,
        condition,
        clashes: clashes.map(shown),
        adds: adds.slice(0, MAX_MEETINGS).map(shown),
      };
    }),
    claims: analysis.claims.map((verdict) => {
      const { leftName, rightName, site, proved } = claimReport(footprint, program, verdict, 0);
      return { left: leftName, right: rightName, location: locate(site), proved };
    }),
    omitted: analysis.omitted.map((id) => program.functions.get(id)?.name ?? ""),
    stale: found.stale,
  };
}
