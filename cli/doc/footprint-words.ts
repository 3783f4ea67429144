/** The footprint of a function in words, an access a line. */
import { unreachable } from "../../compiler/core/bug.ts";
import type { FootprintRow } from "../../compiler/footprint/table.ts";
import type { Inlines } from "./blocks.ts";
import { code, text } from "./blocks.ts";

type Row = Pick<FootprintRow, "mode" | "path" | "amount" | "guard" | "stage">;

export function rowWords(row: Row): Inlines {
  const guard: Inlines = row.guard === "" ? [] : [text(", if "), code(row.guard)];
  return [...modeWords(row), ...guard, ...stageWords(row)];
}

function modeWords({ mode, path, amount }: Row): Inlines {
  switch (mode) {
    case "R":
      return [text("reads "), code(path)];
    case "W":
      return [text("writes "), code(path)];
    case "Δ": {
      if (amount === "") return [text("adds to "), code(path)];
      const takes = amount.startsWith("-");
      return [text(takes ? "takes " : "adds "), code(amount.slice(1)), text(takes ? " from " : " to "), code(path)];
    }
    case "T":
      return [text("draws a number of "), code(path)];
    case "|":
      return [text("sets bits in "), code(path)];
    case "&":
      return [text("clears bits in "), code(path)];
    case "min":
      return [text("lowers "), code(path)];
    case "max":
      return [text("raises "), code(path)];
    case "call":
      return [text("runs code of another contract: "), code(path)];
    default:
      return unreachable(mode, "footprint words");
  }
}

function stageWords({ stage, mode }: Row): Inlines {
  if (stage === "static" || mode === "call") return [];
  if (stage === "wide") return [text(" (the key is known only when the call gets there, so it takes the whole field)")];
  return [text(" (the key is read from state)")];
}
