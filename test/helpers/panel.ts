/** The matrix of a contract in the form in which the server sends it, made from what the command line prints. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, weft } from "./cli.ts";
import { asObject } from "./json-schema.ts";

type Json = Readonly<Record<string, unknown>>;

export function serverMatrix(path: string, current: string | undefined): Json {
  const document = asObject(JSON.parse(weft(["conflicts", path, "--json"]).out));
  const [contract] = list(document["contracts"]);
  const text = readFileSync(join(ROOT, path), "utf8");
  const names = list(contract["functions"], (name) => name);
  return {
    contract: contract["contract"],
    contracts: [contract["contract"]],
    functions: names.map((name) => ({ name, location: locationOf(path, lineOf(text, String(name)), 1) })),
    current: current ?? null,
    pairs: list(contract["pairs"]).map((pair) => ({ ...pair, clashes: meetings(pair["clashes"]), adds: meetings(pair["adds"]) })),
    claims: list(contract["claims"]).map(({ place, ...claim }) => ({ ...claim, location: placeOf(place) })),
    omitted: contract["omitted"],
    stale: false,
  };
}

function meetings(value: unknown): readonly Json[] {
  return list(value).map((meeting) => ({ ...meeting, left: side(meeting["left"]), right: side(meeting["right"]) }));
}

function side(value: unknown): Json {
  const { place, ...rest } = asObject(value);
  return { ...rest, location: placeOf(place) };
}

function placeOf(place: unknown): Json {
  const [, path, line, column] = /^(.*):(\d+):(\d+)$/.exec(String(place)) ?? [];
  return locationOf(path, Number(line), Number(column));
}

function locationOf(path: string, line: number, column: number): Json {
  const at = { line: line - 1, character: column - 1 };
  return { uri: `file:///${path}`, range: { start: at, end: at } };
}

function lineOf(text: string, name: string): number {
  return text.slice(0, Math.max(0, text.indexOf(`fn ${name}`))).split("\n").length;
}

function list(value: unknown): readonly Json[];
function list<T>(value: unknown, read: (element: unknown) => T): readonly T[];
function list(value: unknown, read: (element: unknown) => unknown = (element) => asObject(element)): readonly unknown[] {
  return Array.isArray(value) ? value.map(read) : [];
}
