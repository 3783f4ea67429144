/** Offsets as lines and columns, for the formats that programs read. One table of lines per file, made when it is first needed. */
import type { Place } from "../../compiler/diagnostics/diagnostic.ts";
import { lineStarts, positionAt } from "../../grammar/lines.ts";

/** Lines and columns from 1, columns in UTF-16 units; the end is exclusive. */
export interface Region {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
}

/** Undefined where the file's text isn't known: a missing file, the command line. */
export type RegionOf = (place: Place) => Region | undefined;

export function createRegions(files: ReadonlyMap<string, string>): RegionOf {
  const tables = new Map<string, readonly number[]>();
  return ({ path, span }) => {
    const text = files.get(path);
    if (text === undefined) return undefined;
    const table = tables.get(path) ?? lineStarts(text);
    tables.set(path, table);
    const from = positionAt(table, span.start);
    const to = positionAt(table, span.end);
    return { start: span.start, end: span.end, line: from.line, col: from.column, endLine: to.line, endCol: to.column };
  };
}
