/** One line of source and the rows below it that underline its labels and carry their texts. */
import type { Theme } from "./theme.ts";
import { glyphs } from "./width.ts";
import type { Glyph } from "./width.ts";

export interface Label {
  /** UTF-16 offsets in the line, half-open; an empty label marks one column. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly primary: boolean;
}

/** Columns of source shown; longer lines are cut around the most important label. */
const MAX_COLUMNS = 120;
/** What stays visible before the label when the start of a line is cut. */
const LEAD = 40;

interface Marker {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly primary: boolean;
}

/** First the source, then the rows below it; no trailing spaces. */
export function drawLine(line: string, labels: readonly Label[], theme: Theme): readonly string[] {
  const window = cut(line, labels);
  const cells = glyphs(window.text, window.before.length);
  const source = `${window.before}${cells.map((glyph) => glyph.text).join("")}${window.after}`.trimEnd();
  if (labels.length === 0) return [source];
  const markers = labels.map((label) => place(label, cells, window)).sort((a, b) => a.from - b.from || b.to - a.to);
  return [source, ...markerRows(markers, theme)];
}

interface Window {
  readonly text: string;
  /** Offset of `text` in the line. */
  readonly offset: number;
  readonly before: string;
  readonly after: string;
}

function cut(line: string, labels: readonly Label[]): Window {
  if (line.length <= MAX_COLUMNS) return { text: line, offset: 0, before: "", after: "" };
  const main = labels.find((label) => label.primary) ?? labels[0];
  const start = main === undefined || main.end < MAX_COLUMNS ? 0 : Math.max(0, Math.min(main.start - LEAD, line.length - MAX_COLUMNS));
  const end = Math.min(line.length, start + MAX_COLUMNS);
  return { text: line.slice(start, end), offset: start, before: start > 0 ? "…" : "", after: end < line.length ? "…" : "" };
}

function place(label: Label, cells: readonly Glyph[], window: Window): Marker {
  const from = columnOf(label.start - window.offset, cells, window);
  const to = Math.max(from + 1, columnOf(label.end - window.offset, cells, window));
  return { from, to, text: label.text, primary: label.primary };
}

function columnOf(offset: number, cells: readonly Glyph[], window: Window): number {
  let column = window.before.length;
  for (const glyph of cells) {
    if (glyph.offset >= offset) return column;
    column += glyph.width;
  }
  return column;
}

/** The underlines in one row, the text of the last label behind them, the texts of the others hung below, right to left. */
function markerRows(markers: readonly Marker[], theme: Theme): readonly string[] {
  const row: { mark: string; primary: boolean }[] = [];
  // Shorter marks are painted over longer ones, so that a label inside another one shows.
  for (const marker of [...markers].sort((a, b) => b.to - b.from - (a.to - a.from) || Number(a.primary) - Number(b.primary))) {
    for (let column = marker.from; column < marker.to; column++)
      row[column] = { mark: marker.primary ? "^" : "-", primary: marker.primary };
  }
  const underline = Array.from(row, (cell: { mark: string; primary: boolean } | undefined) =>
    cell === undefined ? " " : theme(cell.primary ? "error" : "note", cell.mark),
  ).join("");
  const last = markers[markers.length - 1];
  const inline = last.text !== "" && markers.every((marker) => marker === last || marker.to <= last.from);
  const rows = [inline ? `${underline} ${coloured(last, theme)}` : underline];
  const hung = markers.filter((marker) => marker.text !== "" && !(inline && marker === last));
  for (let i = hung.length - 1; i >= 0; i--) {
    const stems = hung.slice(0, i).filter((marker) => marker.from < hung[i].from);
    if (i === hung.length - 1) rows.push(stemRow([...stems, hung[i]], theme));
    rows.push(`${stemRow(stems, theme, hung[i].from)}${coloured(hung[i], theme)}`);
  }
  return rows;
}

function stemRow(markers: readonly Marker[], theme: Theme, width = 0): string {
  let out = "";
  let column = 0;
  for (const marker of markers) {
    if (marker.from < column) continue;
    out += `${" ".repeat(marker.from - column)}${theme(marker.primary ? "error" : "note", "|")}`;
    column = marker.from + 1;
  }
  return out + " ".repeat(Math.max(0, width - column));
}

function coloured(marker: Marker, theme: Theme): string {
  return theme(marker.primary ? "error" : "note", marker.text);
}
