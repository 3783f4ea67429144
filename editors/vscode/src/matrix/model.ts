/** The conflict matrix as the server tells it, and what of it the panel shows. The answer is read without trusting it. */
import { countOf, fieldsOf, listOf, textOf } from "../decode.ts";

export type Verdict = "never" | "escrow" | "sometimes" | "always" | "unknown";

/** As in the protocol: lines and characters from 0. */
export interface Place {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

export interface Side {
  readonly mode: string;
  readonly path: string;
  readonly place: Place | undefined;
}

export interface Meeting {
  readonly cell: string;
  readonly condition: string;
  readonly left: Side;
  readonly right: Side;
}

export interface Pair {
  readonly left: string;
  readonly right: string;
  readonly verdict: Verdict;
  readonly condition: string;
  readonly clashes: readonly Meeting[];
  readonly adds: readonly Meeting[];
}

export interface Claim {
  readonly left: string;
  readonly right: string;
  readonly proved: boolean;
  readonly place: Place | undefined;
}

export interface MatrixFunction {
  readonly name: string;
  readonly place: Place | undefined;
}

export interface Matrix {
  readonly contract: string;
  readonly contracts: readonly string[];
  readonly functions: readonly MatrixFunction[];
  /** The function that the cursor is in. */
  readonly current: string | undefined;
  readonly pairs: readonly Pair[];
  readonly claims: readonly Claim[];
  readonly omitted: readonly string[];
  /** The file has errors since; this is what held before. */
  readonly stale: boolean;
}

/** More than the server ever sends. */
const MAX_FUNCTIONS = 128;
const MAX_PAIRS = (MAX_FUNCTIONS * (MAX_FUNCTIONS + 1)) / 2;
const MAX_MEETINGS = 100;
const MAX_NAMES = 1_000;
const VERDICTS: readonly Verdict[] = ["never", "escrow", "sometimes", "always", "unknown"];

/** Undefined if there is no matrix: no contract at the cursor, or an answer that isn't one. */
export function readMatrix(value: unknown): Matrix | undefined {
  const fields = fieldsOf(value);
  const contract = textOf(fields?.["contract"]);
  if (fields === undefined || contract === undefined) return undefined;
  return {
    contract,
    contracts: listOf(fields["contracts"], textOf, MAX_NAMES),
    functions: listOf(fields["functions"], readFunction, MAX_FUNCTIONS),
    current: textOf(fields["current"]),
    pairs: listOf(fields["pairs"], readPair, MAX_PAIRS),
    claims: listOf(fields["claims"], readClaim, MAX_NAMES),
    omitted: listOf(fields["omitted"], textOf, MAX_NAMES),
    stale: fields["stale"] === true,
  };
}

function readFunction(value: unknown): MatrixFunction | undefined {
  const fields = fieldsOf(value);
  const name = textOf(fields?.["name"]);
  return name === undefined ? undefined : { name, place: readPlace(fields?.["location"]) };
}

function readPair(value: unknown): Pair | undefined {
  const fields = fieldsOf(value);
  const left = textOf(fields?.["left"]);
  const right = textOf(fields?.["right"]);
  const condition = textOf(fields?.["condition"]);
  const verdict = VERDICTS.find((known) => known === fields?.["verdict"]);
  if (left === undefined || right === undefined || condition === undefined || verdict === undefined) return undefined;
  const [clashes, adds] = ["clashes", "adds"].map((name) => listOf(fields?.[name], readMeeting, MAX_MEETINGS));
  return { left, right, verdict, condition, clashes, adds };
}

function readMeeting(value: unknown): Meeting | undefined {
  const fields = fieldsOf(value);
  const cell = textOf(fields?.["cell"]);
  const condition = textOf(fields?.["condition"]);
  const left = readSide(fields?.["left"]);
  const right = readSide(fields?.["right"]);
  if (cell === undefined || condition === undefined || left === undefined || right === undefined) return undefined;
  return { cell, condition, left, right };
}

function readSide(value: unknown): Side | undefined {
  const fields = fieldsOf(value);
  const mode = textOf(fields?.["mode"]);
  const path = textOf(fields?.["path"]);
  return mode === undefined || path === undefined ? undefined : { mode, path, place: readPlace(fields?.["location"]) };
}

function readClaim(value: unknown): Claim | undefined {
  const fields = fieldsOf(value);
  const left = textOf(fields?.["left"]);
  const right = textOf(fields?.["right"]);
  if (left === undefined || right === undefined) return undefined;
  return { left, right, proved: fields?.["proved"] === true, place: readPlace(fields?.["location"]) };
}

function readPlace(value: unknown): Place | undefined {
  const fields = fieldsOf(value);
  const uri = textOf(fields?.["uri"]);
  const start = fieldsOf(fieldsOf(fields?.["range"])?.["start"]);
  const line = countOf(start?.["line"]);
  const character = countOf(start?.["character"]);
  return uri === undefined || line === undefined || character === undefined ? undefined : { uri, line, character };
}

/** The pair of two functions, whichever comes first. */
export function pairOf(matrix: Matrix, one: string, other: string): Pair | undefined {
  return matrix.pairs.find(({ left, right }) => (left === one && right === other) || (left === other && right === one));
}
