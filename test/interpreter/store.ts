/**
 * All cells of the world: one map from a cell's name to its value, with a journal that takes a failed call back.
 * A cell at its default is absent. Names are those of the runtime's reports, so that footprints can be compared.
 */
import type { Cell, Hex } from "../../runtime/types.ts";
import type { Leaf } from "./values.ts";

export interface CellRef {
  /** Undefined: coin and nonces. */
  readonly contract: string | undefined;
  readonly field: string;
  readonly keys: readonly Leaf[];
  readonly path: readonly string[];
  readonly default: Leaf;
}

export interface Store {
  read(cell: CellRef): Leaf;
  write(cell: CellRef, value: Leaf): void;
  /** A point to go back to. */
  mark(): number;
  undoTo(mark: number): void;
  forgetUndo(): void;
  cells(): Iterable<Cell>;
}

export function createStore(): Store {
  const cells = new Map<string, { readonly ref: CellRef; readonly value: Leaf }>();
  const journal: { readonly name: string; readonly before: { readonly ref: CellRef; readonly value: Leaf } | undefined }[] = [];
  return {
    read: (cell) => cells.get(fullName(cell))?.value ?? cell.default,
    write: (cell, value) => {
      const name = fullName(cell);
      journal.push({ name, before: cells.get(name) });
      if (value === cell.default) cells.delete(name);
      else cells.set(name, { ref: cell, value });
    },
    mark: () => journal.length,
    undoTo: (mark) => {
      while (journal.length > mark) {
        const entry = journal.pop();
        if (entry === undefined) return;
        if (entry.before === undefined) cells.delete(entry.name);
        else cells.set(entry.name, entry.before);
      }
    },
    forgetUndo: () => {
      journal.length = 0;
    },
    *cells() {
      for (const { ref, value } of cells.values()) {
        yield {
          contract: ref.contract === undefined ? undefined : hex(ref.contract),
          field: ref.field,
          keys: ref.keys.map(cellValue),
          path: ref.path,
          value: cellValue(value),
        };
      }
    },
  };
}

/** `0x…|proposals[7].yes`; for coin and nonces nothing stands before the bar. */
export function fullName(
  cell: Pick<Cell, "path" | "field"> & { readonly contract: string | undefined; readonly keys: readonly Leaf[] },
): string {
  const keys = cell.keys.map((key) => `[${String(key)}]`).join("");
  const path = cell.path.map((member) => `.${member}`).join("");
  return `${cell.contract ?? ""}|${cell.field}${keys}${path}`;
}

function cellValue(value: Leaf): Cell["value"] {
  return typeof value === "string" ? hex(value) : value;
}

export function hex(text: string): Hex {
  if (!isHex(text)) throw new Error(`interpreter: ${text} is no hex`);
  return text;
}

function isHex(text: string): text is Hex {
  return /^0x[0-9a-f]*$/.test(text);
}

export function coinOf(address: string): CellRef {
  return { contract: undefined, field: "coin", keys: [address], path: [], default: 0n };
}

export function nonceOf(address: string): CellRef {
  return { contract: undefined, field: "nonce", keys: [address], path: [], default: 0n };
}
