/**
 * The state that a chain begins with.
 */
import { randomBytes } from "node:crypto";
import { ZERO_ADDRESS } from "./state/address-table.ts";
import { readBig, writeBig } from "./state/column.ts";
import type { StateMemory } from "./state/state.ts";
import { createState } from "./state/state.ts";
import type { ChainOptions } from "./types.ts";

/** Bytes reserved for strings, per entry of a table. */
const ARENA_BYTES_PER_ENTRY = 256;
const ARENA_SPARE = 2 ** 24;
/** The longest view of bytes that the engine makes. */
const MAX_ARENA = 2 ** 32;

export function newState(options: ChainOptions): StateMemory {
  const seed = randomBytes(8);
  const state = createState({
    capacity: options.capacity,
    arenaBytes: Math.min(MAX_ARENA, options.capacity * ARENA_BYTES_PER_ENTRY + ARENA_SPARE),
    // Places in memory only; no result depends on it.
    seed: { k0: seed.readInt32LE(0), k1: seed.readInt32LE(4) },
  });
  state.addresses.ensureRoom(options.genesis.length);
  giveCoin(state, options);
  return state;
}

/** Also where there was coin: afterwards the accounts of the options have what these say, and nobody else has any. */
export function giveCoin(state: StateMemory, { genesis }: Pick<ChainOptions, "genesis">): void {
  const ids = genesis.map(({ address }) => state.addresses.internHex(address));
  const highest = state.addresses.highest();
  for (let id = ZERO_ADDRESS; id <= highest; id++) writeBig(state.coin, id, 0n);
  // An address may be named twice.
  genesis.forEach(({ balance }, i) => writeBig(state.coin, ids[i], readBig(state.coin, ids[i]) + balance));
}
