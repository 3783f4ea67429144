/**
 * A pair of functions, and an assertion, in words: the condition, and the places in the source where the two calls meet. Plain data for pages and for
 * tools; sites stay sites, so that each shows them in its own way.
 */
import { isAlone } from "./outward.ts";
import type { ContractFootprint, FlatAccess } from "../footprint/footprint.ts";
import { leafName, nameLoops, showCell } from "../footprint/show.ts";
import { modeMark } from "../footprint/table.ts";
import type { AccessMode } from "../footprint/table.ts";
import type { FuncId, Program, Site } from "../typed/tree.ts";
import { claimDiagnostics } from "./claim-diagnostics.ts";
import type { ClaimVerdict, Clash, Outward, PairConflict } from "./conflict.ts";
import { cellOf, functionOf, pairScope, scopeOf } from "./matrix.ts";
import type { MatrixSymbol } from "./matrix.ts";
import { exampleText, showFormula } from "./show.ts";
import type { PairScope } from "./show.ts";

export interface MeetingSide {
  readonly mode: AccessMode;
  /** `balances[a.to]` */
  readonly path: string;
  readonly site: Site;
}

/** Two accesses that touch one cell when the condition holds. */
export interface Meeting {
  /** The kind of cell, whatever its keys. */
  readonly cell: string;
  readonly condition: string;
  readonly left: MeetingSide;
  readonly right: MeetingSide;
}

/** Where each of two calls leaves the contract; undefined for one that doesn't, but touches coin. */
export interface OutwardSites {
  readonly left: Site | undefined;
  readonly right: Site | undefined;
  /** One of them makes a contract there, so it runs alone. */
  readonly alone: boolean;
}

export interface PairReport {
  readonly left: FuncId;
  readonly right: FuncId;
  readonly leftName: string;
  readonly rightName: string;
  readonly verdict: MatrixSymbol;
  readonly escrow: boolean;
  /** `never`, `always`, or over the calls `a` (left) and `b` (right). */
  readonly condition: string;
  readonly clashes: readonly Meeting[];
  readonly adds: readonly Meeting[];
  readonly outward: OutwardSites | undefined;
}

/** Lists at most `limit` clashes. */
export function pairReport(footprint: ContractFootprint, program: Program, pair: PairConflict, limit: number): PairReport {
  const { symbol, escrow, condition } = cellOf(footprint, program, pair);
  const scope = pairScope(footprint, program, pair);
  return {
    left: pair.left,
    right: pair.right,
    leftName: functionOf(program, pair.left).name,
    rightName: functionOf(program, pair.right).name,
    verdict: symbol,
    escrow,
    condition,
    clashes: pair.clashes.slice(0, limit).map((clash) => meetingOf(footprint, clash, scope)),
    adds: pair.adds.slice(0, limit).map((clash) => meetingOf(footprint, clash, scope)),
    outward: outwardSites(pair.outward),
  };
}

export interface ClaimReport {
  /** The names of the two calls in the conditions. */
  readonly binders: { readonly left: string; readonly right: string };
  readonly left: FuncId;
  readonly right: FuncId;
  readonly leftName: string;
  readonly rightName: string;
  readonly site: Site;
  readonly proved: boolean;
  /** Of one that isn't: what the compiler says of it, and what to do. */
  readonly why: { readonly message: string; readonly help: string | undefined } | undefined;
  /** Two calls that break it, `a.caller = b.to = X`; empty if it is proved, or any two do. */
  readonly example: string;
  /** What its condition doesn't rule out. */
  readonly open: readonly Meeting[];
  readonly outward: OutwardSites | undefined;
}

/** Lists at most `limit` meetings. */
export function claimReport(footprint: ContractFootprint, program: Program, verdict: ClaimVerdict, limit: number): ClaimReport {
  const { claim, open, outward, example } = verdict;
  const scope = scopeOf(footprint, program, claim.left, claim.right);
  const diagnostic = claimDiagnostics([verdict], footprint, program).at(0);
  return {
    binders: { left: claim.left.binder, right: claim.right.binder },
    left: claim.left.func,
    right: claim.right.func,
    leftName: functionOf(program, claim.left.func).name,
    rightName: functionOf(program, claim.right.func).name,
    site: claim.site,
    proved: open.length === 0 && outward === undefined,
    why: diagnostic === undefined ? undefined : { message: diagnostic.message, help: diagnostic.help },
    example: exampleText(example, scope),
    open: open.slice(0, limit).map((clash) => meetingOf(footprint, clash, scope)),
    outward: outwardSites(outward),
  };
}

function meetingOf(footprint: ContractFootprint, clash: Clash, scope: PairScope): Meeting {
  return {
    cell: leafName(footprint.leaves[clash.left.leaf]),
    condition: showFormula(clash.condition, scope),
    left: sideOf(footprint, clash.left, scope.left),
    right: sideOf(footprint, clash.right, scope.right),
  };
}

function sideOf({ leaves }: ContractFootprint, access: FlatAccess, { binder, params }: PairScope["left"]): MeetingSide {
  const loops = nameLoops(access.loops, new Set());
  const path = showCell(leaves, access.leaf, access.keys, {
    leaves,
    params,
    call: `${binder}.`,
    state: `${binder}.`,
    loopName: (loop) => loops.get(loop) ?? "i",
  });
  return { mode: modeMark(access.mode), path, site: access.site };
}

function outwardSites(outward: Outward | undefined): OutwardSites | undefined {
  return outward === undefined ? undefined : { left: outward.left?.site, right: outward.right?.site, alone: isAlone(outward) };
}
