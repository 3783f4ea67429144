/**
 * All that a page about a contract shows, as plain data: the matrix with every pair behind it, the assertions, and each function's footprint over its
 * source. Bounded in all, so that hostile source gives no endless page; what is left out is counted.
 */
import type { CostBound } from "../cost/cost.ts";
import type { ContractFootprint } from "../footprint/footprint.ts";
import { callPlaces, ownersIn, sourceBlocks, sourceLine, sourceTexts } from "../footprint/source.ts";
import type { CallPlace, LineBudget, SourceBlock, SourceLine, SourceTexts } from "../footprint/source.ts";
import { footprintTable } from "../footprint/table.ts";
import type { FootprintRow, FunctionFootprint } from "../footprint/table.ts";
import type { Func, FuncId, Program, Site } from "../typed/tree.ts";
import { analyseConflicts } from "./analyse.ts";
import type { ClaimVerdict } from "./conflict.ts";
import { conflictMatrix, functionOf } from "./matrix.ts";
import type { ConflictMatrix } from "./matrix.ts";
import { claimReport, pairReport } from "./pairs.ts";
import type { ClaimReport, Meeting, MeetingSide, OutwardSites, PairReport } from "./pairs.ts";

export interface ContractReport {
  readonly name: string;
  readonly doc: string;
  readonly place: ShownPlace;
  readonly matrix: ConflictMatrix;
  /** By rows of the matrix. */
  readonly pairs: readonly ShownPair[];
  /** Places listed per pair; one that has as many may have more. None where there are too many pairs. */
  readonly clashesPerPair: number;
  readonly claims: readonly ShownClaim[];
  readonly moreClaims: number;
  /** They have no row in the matrix; those beyond its size are named by the matrix itself. */
  readonly getters: readonly string[];
  readonly functions: readonly FunctionReport[];
  /** Functions without a footprint here, for want of room. */
  readonly moreFunctions: number;
}

export interface FunctionReport extends Omit<FunctionFootprint, "rows"> {
  readonly mutability: Func["mutability"];
  readonly role: Func["role"];
  readonly doc: string;
  readonly rows: readonly ShownRow[];
  /** Rows left out. */
  readonly more: number;
  readonly blocks: readonly SourceBlock[];
}

export type ShownRow = Omit<FootprintRow, "site" | "via"> & { readonly via: readonly CallPlace[] };

export interface ShownPlace {
  readonly path: string;
  readonly line: SourceLine;
}

export type ShownSide = Omit<MeetingSide, "site"> & { readonly at: ShownPlace | undefined };
export interface ShownMeeting extends Omit<Meeting, "left" | "right"> {
  readonly left: ShownSide;
  readonly right: ShownSide;
  /** Two calls of one function may also meet with the sides exchanged. */
  readonly bothWays: boolean;
}
export type ShownOutward =
  { readonly left: ShownPlace | undefined; readonly right: ShownPlace | undefined; readonly alone: boolean } | undefined;

export interface ShownPair extends Omit<PairReport, "clashes" | "adds" | "outward"> {
  readonly clashes: readonly ShownMeeting[];
  readonly adds: readonly ShownMeeting[];
  readonly outward: ShownOutward;
}

export interface ShownClaim extends Omit<ClaimReport, "site" | "open" | "outward"> {
  readonly text: string;
  readonly at: ShownPlace | undefined;
  readonly open: readonly ShownMeeting[];
  readonly outward: ShownOutward;
}

interface Analysed {
  readonly program: Program;
  readonly costs: ReadonlyMap<FuncId, CostBound>;
}

/** Clashes listed in all pairs of a contract. The analysis itself keeps at most a hundred of one pair. */
const MAX_CLASHES = 2_500;
const MAX_CLASHES_OF_PAIR = 100;
const MAX_CLAIMS = 500;
const MAX_CLASHES_OF_CLAIM = 5;
const MAX_CLAIM_TEXT = 400;
const MAX_FUNCTIONS = 400;
/** Of a contract and of a function. */
const MAX_ROWS = 10_000;
const MAX_ROWS_OF_FUNCTION = 1_000;
const MAX_SOURCE_LINES = 10_000;
const MAX_NAMES = 200;

export function contractReport(footprint: ContractFootprint, { program, costs }: Analysed): ContractReport {
  const { contract } = footprint;
  const texts = sourceTexts(program);
  const analysis = analyseConflicts(footprint, program);
  const { pairs, clashesPerPair } = shownPairs(footprint, program, analysis.pairs, texts);
  const table = footprintTable(footprint, program, costs).functions;
  return {
    name: contract.name,
    doc: contract.doc,
    place: placeAt(texts, contract.site) ?? { path: contract.site.path, line: NO_LINE },
    matrix: conflictMatrix(footprint, program, analysis),
    pairs,
    clashesPerPair,
    claims: analysis.claims.slice(0, MAX_CLAIMS).map((verdict) => shownClaim(footprint, program, verdict, texts)),
    moreClaims: Math.max(0, analysis.claims.length - MAX_CLAIMS),
    getters: contract.external
      .map((id) => functionOf(program, id))
      .filter(({ role }) => role === "getter")
      .map(({ name }) => name)
      .slice(0, MAX_NAMES),
    functions: functionReports(contract.name, table.slice(0, MAX_FUNCTIONS), program, texts),
    moreFunctions: Math.max(0, table.length - MAX_FUNCTIONS),
  };
}

const NO_LINE: SourceLine = { number: 1, text: "", cut: false, marks: [], rows: [] };

function shownPairs(
  footprint: ContractFootprint,
  program: Program,
  all: ReturnType<typeof analyseConflicts>["pairs"],
  texts: SourceTexts,
): Pick<ContractReport, "pairs" | "clashesPerPair"> {
  const clashing = all.filter(({ clashes, adds }) => clashes.length + adds.length > 0).length;
  const clashesPerPair = Math.min(MAX_CLASHES_OF_PAIR, Math.max(1, Math.floor(MAX_CLASHES / Math.max(1, clashing))));
  const ranks = new Map(all.filter(({ left, right }) => left === right).map(({ left }, index) => [left, index]));
  const rank = (id: FuncId): number => ranks.get(id) ?? 0;
  const sorted = [...all].sort((a, b) => rank(a.right) - rank(b.right) || rank(a.left) - rank(b.left));
  let room = MAX_CLASHES;
  const pairs = sorted.map((pair) => {
    const report = pairReport(footprint, program, pair, Math.min(clashesPerPair, room));
    room = Math.max(0, room - report.clashes.length - report.adds.length);
    return {
      ...report,
      clashes: shownMeetings(report.clashes, report.left === report.right, texts),
      adds: shownMeetings(report.adds, false, texts),
      outward: shownOutward(report.outward, texts),
    };
  });
  return { pairs, clashesPerPair };
}

function shownClaim(footprint: ContractFootprint, program: Program, verdict: ClaimVerdict, texts: SourceTexts): ShownClaim {
  const { site, ...report } = claimReport(footprint, program, verdict, MAX_CLASHES_OF_CLAIM);
  const text = texts.get(site.path)?.text.slice(site.span.start, site.span.end) ?? "";
  return {
    ...report,
    text: text.length > MAX_CLAIM_TEXT ? `${text.slice(0, MAX_CLAIM_TEXT)}…` : text,
    at: placeAt(texts, site),
    open: shownMeetings(report.open, false, texts),
    outward: shownOutward(report.outward, texts),
  };
}

/** Of two calls of one function, what differs only in which of them is `a` is shown once. */
function shownMeetings(meetings: readonly Meeting[], oneFunction: boolean, texts: SourceTexts): readonly ShownMeeting[] {
  const side = ({ site, ...rest }: MeetingSide): ShownSide => ({ ...rest, at: placeAt(texts, site, rest.mode) });
  const key = (one: MeetingSide, other: MeetingSide): string =>
    [one, other].map(({ mode, site }) => `${mode} ${site.path}:${site.span.start}-${site.span.end}`).join(" ");
  const keys = new Map(meetings.map(({ cell, left, right }, index) => [`${cell} ${key(left, right)}`, index]));
  return meetings.flatMap(({ left, right, ...meeting }, index) => {
    const mirror = oneFunction ? keys.get(`${meeting.cell} ${key(right, left)}`) : undefined;
    if (mirror !== undefined && mirror < index) return [];
    return [{ ...meeting, left: side(left), right: side(right), bothWays: mirror !== undefined && mirror !== index }];
  });
}

function shownOutward(outward: OutwardSites | undefined, texts: SourceTexts): ShownOutward {
  const side = (site: Site | undefined): ShownPlace | undefined => (site === undefined ? undefined : placeAt(texts, site, "call"));
  return outward === undefined ? undefined : { left: side(outward.left), right: side(outward.right), alone: outward.alone };
}

function placeAt(texts: SourceTexts, site: Site, mode?: FootprintRow["mode"]): ShownPlace | undefined {
  const line = sourceLine(texts, site, mode);
  return line === undefined ? undefined : { path: site.path, line };
}

function functionReports(
  contract: string,
  table: readonly FunctionFootprint[],
  program: Program,
  texts: SourceTexts,
): readonly FunctionReport[] {
  const owners = ownersIn(contract, program);
  const budget: LineBudget = { left: MAX_SOURCE_LINES };
  let room = MAX_ROWS;
  return table.map((footprint) => {
    const func = functionOf(program, footprint.func);
    const rows = footprint.rows.slice(0, Math.min(room, MAX_ROWS_OF_FUNCTION));
    room -= rows.length;
    return {
      ...footprint,
      mutability: func.mutability,
      role: func.role,
      doc: func.doc,
      rows: rows.map(({ site: _site, via, ...row }) => ({ ...row, via: callPlaces(via, owners, texts) })),
      more: footprint.rows.length - rows.length,
      blocks: sourceBlocks(func, rows, owners, texts, budget),
    };
  });
}
