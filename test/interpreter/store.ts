/**
 * All cells of the world: one map from a cell's name to its value, with a journal that takes a failed call back.
 * A cell at its default is absent. Names are those of the runtime's reports, so that footprints can be compared.
 */
import type { Cell, Hex } from "../../runtime/types.ts";
import type { Type } from "../../compiler/core/types.ts";
import { packedBytes } from "./packed.ts";
import { asInt, defaultOf, sameValue } from "./values.ts";
import type { Leaf, Val } from "./values.ts";

export interface CellRef {
  /** Undefined: coin and nonces. */
  readonly contract: string | undefined;
  readonly field: string;
  readonly keys: readonly Leaf[];
  readonly path: readonly string[];
  /** Of the value; no struct or tuple. A history has its own type, and holds its value of now. */
  readonly type: Type;
}

export interface Store {
  read(cell: CellRef): Val;
  write(cell: CellRef, value: Val): void;
  /** A point to go back to. */
  mark(): number;
  undoTo(mark: number): void;
  forgetUndo(): void;
  /** A block has ended: what histories hold now is their value at its height. */
  endBlock(height: bigint): void;
  /** A history's value at the end of an earlier block; 0 before it was first written. */
  past(cell: CellRef, height: bigint): bigint;
  cells(): Iterable<Cell>;
}

export function createStore(): Store {
  const cells = new Map<string, { readonly ref: CellRef; readonly value: Val }>();
  const journal: { readonly name: string; readonly before: { readonly ref: CellRef; readonly value: Val } | undefined }[] = [];
  /** By name of a history: its values from some height on, in order of heights. */
  const past = new Map<string, { readonly from: bigint; readonly value: bigint }[]>();
  const changed = new Map<string, CellRef>();
  const read = (cell: CellRef): Val => cells.get(fullName(cell))?.value ?? defaultOf(cell.type);
  return {
    read,
    write: (cell, value) => {
      const name = fullName(cell);
      journal.push({ name, before: cells.get(name) });
      if (cell.type.kind === "history") changed.set(name, cell);
      if (sameValue(value, defaultOf(cell.type))) cells.delete(name);
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
    endBlock: (height) => {
      for (const [name, cell] of changed) past.set(name, [...(past.get(name) ?? []), { from: height, value: asInt(read(cell)) }]);
      changed.clear();
    },
    past: (cell, height) => past.get(fullName(cell))?.findLast(({ from }) => from <= height)?.value ?? 0n,
    *cells() {
      for (const { ref, value } of cells.values()) {
        yield {
          contract: ref.contract === undefined ? undefined : hex(ref.contract),
          field: ref.field,
          keys: ref.keys.map(simpleValue),
          path: ref.path,
          value: cellValue(ref.type, value),
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

function simpleValue(value: Leaf): Cell["value"] {
  return typeof value === "string" ? hex(value) : value;
}

/** What takes one cell as a whole is shown as its bytes. */
function cellValue(type: Type, value: Val): Cell["value"] {
  return typeof value === "object" ? hex(packedBytes(type, value)) : simpleValue(value);
}

export function hex(text: string): Hex {
  if (!isHex(text)) throw new Error(`interpreter: ${text} is no hex`);
  return text;
}

function isHex(text: string): text is Hex {
  return /^0x[0-9a-f]*$/.test(text);
}

const U256: Type = { kind: "int", signed: false, bits: 256 };

export function coinOf(address: string): CellRef {
  return { contract: undefined, field: "coin", keys: [address], path: [], type: U256 };
}

export function nonceOf(address: string): CellRef {
  return { contract: undefined, field: "nonce", keys: [address], path: [], type: U256 };
}
