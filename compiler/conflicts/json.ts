/** What `weft conflicts --json` prints of a contract: a plain object, described by docs/schema/conflicts.schema.json. */
import type { ContractFootprint } from "../footprint/footprint.ts";
import { placeOf, sourceLines } from "../footprint/table.ts";
import type { AccessMode, SourceLines } from "../footprint/table.ts";
import type { FuncId, Program, Site } from "../typed/tree.ts";
import type { ConflictAnalysis } from "./analyse.ts";
import { functionOf } from "./matrix.ts";
import type { MatrixSymbol } from "./matrix.ts";
import { claimReport, pairReport } from "./pairs.ts";
import type { Meeting } from "./pairs.ts";

export interface ConflictsJson {
  readonly contract: string;
  readonly functions: readonly string[];
  readonly pairs: readonly PairJson[];
  readonly claims: readonly {
    readonly left: string;
    readonly right: string;
    readonly place: string;
    readonly proved: boolean;
    readonly example: string;
  }[];
  readonly omitted: readonly string[];
}

export interface PairJson {
  readonly left: string;
  readonly right: string;
  readonly verdict: MatrixSymbol;
  readonly escrow: boolean;
  readonly condition: string;
  readonly clashes: readonly MeetingJson[];
  readonly adds: readonly MeetingJson[];
  readonly outward: { readonly left: string | null; readonly right: string | null } | null;
}

export interface MeetingJson {
  readonly cell: string;
  readonly condition: string;
  readonly left: SideJson;
  readonly right: SideJson;
}

export interface SideJson {
  readonly mode: AccessMode;
  readonly path: string;
  readonly place: string;
}

export function conflictsJson(footprint: ContractFootprint, program: Program, analysis: ConflictAnalysis): ConflictsJson {
  const lines = sourceLines(program);
  const name = (id: FuncId): string => functionOf(program, id).name;
  const place = (site: Site | undefined): string | null => (site === undefined ? null : placeOf(lines, site));
  return {
    contract: footprint.contract.name,
    functions: analysis.pairs.filter(({ left, right }) => left === right).map(({ left }) => name(left)),
    pairs: analysis.pairs.map((pair) => {
      const { leftName, rightName, verdict, escrow, condition, clashes, adds, outward } = pairReport(footprint, program, pair, Infinity);
      return {
        left: leftName,
        right: rightName,
        verdict,
        escrow,
        condition,
        clashes: clashes.map((meeting) => meetingJson(meeting, lines)),
        adds: adds.map((meeting) => meetingJson(meeting, lines)),
        outward: outward === undefined ? null : { left: place(outward.left), right: place(outward.right) },
      };
    }),
    claims: analysis.claims.map((verdict) => {
      const { leftName, rightName, site, proved, example } = claimReport(footprint, program, verdict, 0);
      return { left: leftName, right: rightName, place: placeOf(lines, site), proved, example };
    }),
    omitted: analysis.omitted.map(name),
  };
}

function meetingJson({ cell, condition, left, right }: Meeting, lines: SourceLines): MeetingJson {
  const side = ({ mode, path, site }: Meeting["left"]): SideJson => ({ mode, path, place: placeOf(lines, site) });
  return { cell, condition, left: side(left), right: side(right) };
}
