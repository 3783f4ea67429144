/** Numbers and columns for people: thousands apart, columns aligned, no locale. */
import type { Role, Theme } from "./theme.ts";
import { glyphs } from "./width.ts";

/** `1,234,567`; text is a number in decimal. */
export function thousands(value: number | bigint | string): string {
  const [whole, part] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

export interface Column {
  readonly align: "left" | "right";
  readonly role?: Role;
}

/** Rows of cells as lines; the last column isn't padded. */
export function table(rows: readonly (readonly string[])[], columns: readonly Column[], theme: Theme): readonly string[] {
  const widths = columns.map((_, index) => Math.max(0, ...rows.map((row) => displayWidth(row[index] ?? ""))));
  return rows.map((row) =>
    columns
      .map(({ align, role }, index) => {
        const text = row[index] ?? "";
        const padding = " ".repeat(widths[index] - displayWidth(text));
        const styled = role === undefined ? text : theme(role, text);
        if (align === "right") return padding + styled;
        return index === columns.length - 1 ? styled : styled + padding;
      })
      .join("  ")
      .trimEnd(),
  );
}

export function displayWidth(text: string): number {
  return glyphs(text, 0).reduce((sum, glyph) => sum + glyph.width, 0);
}
