/**
 * The ports of Scilla contracts and what CoSplit says of the originals: reads `verdicts/*.json` of a folder, and the Weft file that each names.
 * A file that breaks the format is an error with its path and the member, never a guess. The one part of the comparison that touches files.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDemand } from "./demand.ts";
import type { Demand } from "./demand.ts";

export interface PortTransition {
  /** As in the original. */
  readonly name: string;
  readonly demand: Demand;
  /** What CoSplit demands if stale reads are accepted; undefined where it makes no difference. */
  readonly weak: Demand | undefined;
  /** Why CoSplit gave up; undefined where it didn't, or where nobody wrote it down. */
  readonly why: string | undefined;
}

export interface Selection {
  /** Of the original, the skipped ones included. */
  readonly transitions: number;
  /** Size of CoSplit's largest good-enough selection. */
  readonly largest: number;
  /** Number of maximal ones. */
  readonly maximal: number;
}

export interface Port {
  /** Of the files: `fungible-token`. */
  readonly name: string;
  /** Name of the original contract. */
  readonly original: string;
  /** Where the original is published. */
  readonly source: string;
  readonly contractName: string;
  readonly file: string;
  readonly text: string;
  readonly selection: Selection;
  readonly transitions: readonly PortTransition[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** What is called otherwise in Weft: name in the original to name in the port. */
  readonly names: ReadonlyMap<string, string>;
}

/** What is wrong with a port or its verdict: a mistake of whoever wrote them. */
export class PortError extends Error {}

/** The contracts that CoSplit's authors measured come first. */
const MEASURED = "dranov/cosplit-artefact throughput/";

/** By name, those that CoSplit's evaluation measured first. */
export function loadPorts(folder: string): readonly Port[] {
  const ports = namesIn(join(folder, "verdicts"), ".json").map((name) => readPort(folder, name));
  const lonely = namesIn(folder, ".weft").find((name) => !ports.some((port) => port.name === name));
  if (lonely !== undefined) throw new PortError(`${lonely}.weft: there is no verdicts/${lonely}.json`);
  return ports.sort((a, b) => Number(isMeasured(b)) - Number(isMeasured(a)) || (a.name < b.name ? -1 : 1));
}

function namesIn(folder: string, ending: string): readonly string[] {
  if (!existsSync(folder)) throw new PortError(`no folder ${folder}`);
  const files = readdirSync(folder).filter((name) => name.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}

export function isMeasured(port: Port): boolean {
  return port.source.startsWith(MEASURED);
}

function readPort(folder: string, name: string): Port {
  const path = join("verdicts", `${name}.json`);
  const top = members(
    parse(readFileSync(join(folder, path), "utf8"), path),
    path,
    ["contract", "source", "port", "contractName", "selection", "transitions"],
    ["names", "skipped"],
  );
  const port = text(top.port, `${path}: port`);
  if (port !== `${name}.weft`) throw new PortError(`${path}: port: expected "${name}.weft", found "${port}"`);
  const transitions = Object.entries(record(top.transitions, `${path}: transitions`)).map(([each, found]) =>
    readTransition(each, found, `${path}: transitions.${each}`),
  );
  const skipped = optionalRecord(top.skipped, `${path}: skipped`).map(([each, reason]) => ({
    name: each,
    reason: text(reason, `${path}: skipped.${each}`),
  }));
  const selection = readSelection(top.selection, `${path}: selection`);
  if (transitions.length + skipped.length !== selection.transitions)
    throw new PortError(
      `${path}: ${transitions.length} transitions and ${skipped.length} skipped, but selection says ${selection.transitions}`,
    );
  return {
    name,
    original: text(top.contract, `${path}: contract`),
    source: text(top.source, `${path}: source`),
    contractName: text(top.contractName, `${path}: contractName`),
    file: port,
    text: readText(join(folder, port), `${path}: port`),
    selection,
    transitions,
    skipped,
    names: new Map(optionalRecord(top.names, `${path}: names`).map(([each, own]) => [each, text(own, `${path}: names.${each}`)])),
  };
}

function readTransition(name: string, found: unknown, place: string): PortTransition {
  const own = members(found, place, ["cosplit"], ["weak", "why"]);
  return {
    name,
    demand: readDemand(own.cosplit, `${place}.cosplit`),
    weak: own.weak === undefined ? undefined : readDemand(own.weak, `${place}.weak`),
    why: own.why === undefined ? undefined : text(own.why, `${place}.why`),
  };
}

function readDemand(found: unknown, place: string): Demand {
  if (!Array.isArray(found)) throw new PortError(`${place}: expected a list`);
  const demand = parseDemand(found.map((each: unknown) => text(each, place)));
  if (typeof demand === "string") throw new PortError(`${place}: ${demand}`);
  return demand;
}

function readSelection(found: unknown, place: string): Selection {
  const { transitions, largest, maximal } = members(found, place, ["transitions", "largest", "maximal"], []);
  const selection = {
    transitions: count(transitions, `${place}.transitions`),
    largest: count(largest, `${place}.largest`),
    maximal: count(maximal, `${place}.maximal`),
  };
  if (selection.largest > selection.transitions) throw new PortError(`${place}.largest: more than there are transitions`);
  return selection;
}

// --- JSON ------------------------------------------------------------------------------------------------------------

function readText(path: string, place: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new PortError(`${place}: no file ${path}`);
  }
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (problem) {
    throw new PortError(`${path}: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
}

type Members = Readonly<Record<string, unknown>>;

/** All of `needed` and none but `allowed` beside them. */
function members(found: unknown, place: string, needed: readonly string[], allowed: readonly string[]): Members {
  const own = record(found, place);
  const missing = needed.find((name) => own[name] === undefined);
  if (missing !== undefined) throw new PortError(`${place}: \`${missing}\` is missing`);
  const unknown = Object.keys(own).find((name) => !needed.includes(name) && !allowed.includes(name));
  if (unknown !== undefined) throw new PortError(`${place}: unknown member \`${unknown}\``);
  return own;
}

function record(found: unknown, place: string): Members {
  if (typeof found !== "object" || found === null || Array.isArray(found)) throw new PortError(`${place}: expected an object`);
  return Object.fromEntries(Object.entries(found));
}

function optionalRecord(found: unknown, place: string): readonly (readonly [string, unknown])[] {
  return found === undefined ? [] : Object.entries(record(found, place));
}

function text(found: unknown, place: string): string {
  if (typeof found !== "string" || found === "") throw new PortError(`${place}: expected a text`);
  return found;
}

function count(found: unknown, place: string): number {
  if (typeof found !== "number" || !Number.isInteger(found) || found < 0) throw new PortError(`${place}: expected a number`);
  return found;
}
