/** The commands of docs/getting-started.md, as a reader would type them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPage } from "../docs/pages.ts";
import type { Fence } from "../docs/pages.ts";

export type Step =
  /** What it prints is compared where the page shows it. */
  | { readonly kind: "command"; readonly line: string; readonly prints: string | undefined }
  | { readonly kind: "insert"; readonly file: string; readonly after: string; readonly text: string };

export function stepsOfPage(): readonly Step[] {
  const { fences } = readPage("docs/getting-started.md");
  return fences.flatMap((fence, index): readonly Step[] => {
    if (fence.language === "weft") return [insertOf(fence)];
    if (fence.language !== "sh" || fence.words.includes("elsewhere")) return [];
    const lines = fence.text.trim().split("\n");
    const next = fences.at(index + 1);
    return lines.map((line, i) => ({
      kind: "command",
      line,
      prints: i === lines.length - 1 && next?.language === "text" ? next.text : undefined,
    }));
  });
}

function insertOf({ words, text }: Fence): Step {
  const word = (name: string): string => words.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  return { kind: "insert", file: word("into"), after: word("after"), text };
}

const PLACES: Readonly<Record<string, RegExp>> = { allowances: /^ {2}state allowances.*\n/m, "fn-move": /^ {2}fn move.*\n/m };

export function carryOutInsert(folder: string, { file, after, text }: Extract<Step, { kind: "insert" }>): void {
  const path = join(folder, file);
  const before = readFileSync(path, "utf8");
  const place = PLACES[after];
  const at = place === undefined ? undefined : place.exec(before);
  if (at === null) throw new Error(`the template has no place ${after}`);
  const index = at === undefined ? before.length : at.index + at[0].length;
  writeFileSync(path, `${before.slice(0, index)}${at === undefined ? "\n" : ""}${text}${before.slice(index)}`);
}
