/**
 * What a pending or just committed block changed, in words: cells with the values before and after, and cells that plans named. Not for hot paths.
 */
import type { TracedAccess } from "../execute/trace.ts";
import { cellText, decodeValue, nameCell, valueAt } from "../state/cell-list.ts";
import type { StateMemory } from "../state/state.ts";
import type { CellValue, ChangedCell, Hex } from "../types.ts";
import type { Journal } from "./journal.ts";

/** Cells that differ from the block's start, sorted. The block's values must be in place, not swapped out. */
export function listChanges(state: StateMemory, journal: Journal, nonces: ReadonlyMap<number, bigint>): readonly ChangedCell[] {
  const changes: ChangedCell[] = [];
  const seen = new Set<string>();
  journal.forEach((id, slot, words, at) => {
    const key = `${id}:${slot}`;
    // The first entry of a cell has its value at block start.
    if (seen.has(key)) return;
    seen.add(key);
    const column = state.columns[id];
    const before = decodeValue(state, column, words, at);
    const after = valueAt(state, column, slot);
    // Values are compared, not words: equal contents may stand at different places of the byte arena.
    if (before === after) return;
    const name = nameCell(state, id, slot);
    changes.push({ contract: name.contract, cell: cellText(name), before, after });
  });
  for (const [address, calls] of nonces) {
    const after: CellValue = state.nonces[address];
    const keys = [state.addresses.hexOf(address)];
    changes.push({
      contract: undefined,
      cell: cellText({ contract: undefined, field: "nonce", keys, path: [] }),
      before: after - calls,
      after,
    });
  }
  // Each name is put together once, not at every comparison.
  const named = changes.map((change) => ({ name: fullName(change.contract, change.cell), change }));
  return named.sort((a, b) => compareText(a.name, b.name)).map(({ change }) => change);
}

/** `contract|cell`, and `contract|field[*]` for whole fields. */
export function nameAccess(state: StateMemory, access: TracedAccess): string {
  const contract = access.contract === 0 ? undefined : state.addresses.hexOf(access.contract);
  if (access.slot >= 0) {
    const name = nameCell(state, access.column, access.slot);
    return fullName(name.contract, cellText(name));
  }
  if (access.column === 0) return fullName(undefined, "coin[*]");
  for (const code of state.codes) {
    const leaf = code.columns.findIndex((column) => column.id === access.column);
    if (leaf > 0) return fullName(contract, `${code.module.fields[code.fieldOfLeaf[leaf]].name}[*]`);
  }
  return fullName(contract, "[*]");
}

function fullName(contract: Hex | undefined, cell: string): string {
  return `${contract ?? ""}|${cell}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
