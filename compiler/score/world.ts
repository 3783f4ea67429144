/**
 * What the calls of one sampled block find: the block, immutables, and state. A cell that some key is read from holds one value throughout the block,
 * drawn when it is first asked for from the population of its type; the immutables of a contract are drawn alike, their addresses are nobody's.
 */
import { isPacked } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { Given } from "../footprint/concrete.ts";
import type { Concrete } from "../footprint/concrete-value.ts";
import type { ContractFootprint, LeafIndex, LoopId, TicketId } from "../footprint/footprint.ts";
import type { ContextName } from "../typed/tree.ts";
import { drawByType, reservedAddress } from "./draw.ts";
import type { Drawer, Population } from "./draw.ts";
import { cellKey } from "./cells.ts";

export interface World {
  // Undefined for lists, options and the like: what they hold is looked at by running calls alone.
  readonly immutable: (leaf: LeafIndex) => Concrete | undefined;
  readonly stored: (leaf: LeafIndex, keys: readonly Concrete[]) => Concrete | undefined;
}

/** The caller, its coin and its arguments. */
export interface Words {
  readonly args: readonly Concrete[];
  readonly caller: Concrete;
  readonly value: Concrete;
}

const BLOCK: readonly (readonly [ContextName, Concrete])[] = [
  ["self.address", reservedAddress(0)],
  ["block.height", 1_000_000n],
  ["block.time", 1_700_000_000n],
  ["chain.id", 1n],
];

export function createWorld({ leaves }: ContractFootprint, population: Population, draw: Drawer): World {
  const values = new Map<string, Concrete>();
  const once = (leaf: LeafIndex, keys: readonly Concrete[], make: (type: Type) => Concrete): Concrete | undefined => {
    const { type } = leaves[leaf];
    if (isPacked(type)) return undefined;
    const key = cellKey(leaf, keys);
    const known = values.get(key);
    const value = known ?? make(type);
    if (known === undefined) values.set(key, value);
    return value;
  };
  const drawn = (type: Type): Concrete => draw(drawByType(type, population));
  return {
    immutable: (leaf) =>
      once(leaf, [], (type) => (type.kind === "address" || type.kind === "handle" ? reservedAddress(leaf) : drawn(type))),
    stored: (leaf, keys) => once(leaf, keys, drawn),
  };
}

/** `read` tells what a cell held before the call, undefined where nobody knows; `tickets` and `loops` are filled as the plan goes on. */
export function givenTo(
  words: Words,
  world: World,
  read: (leaf: LeafIndex, keys: readonly Concrete[]) => Concrete | undefined,
  { tickets, loops }: Progress,
): Given {
  return {
    args: words.args,
    context: new Map<ContextName, Concrete>([...BLOCK, ["caller", words.caller], ["value", words.value]]),
    loops,
    outside: (term, keys) => {
      switch (term.kind) {
        case "immutable":
          return world.immutable(term.leaf);
        case "ticket":
          return tickets.get(term.ticket);
        case "read":
          return read(term.leaf, keys);
        case "past":
          return world.stored(term.leaf, keys);
      }
    },
  };
}

/** How far the plan of a call has come: numbers drawn, and the rounds of loops. */
export interface Progress {
  readonly tickets: Map<TicketId, bigint>;
  readonly loops: Map<LoopId, bigint>;
}

export function atStart(): Progress {
  return { tickets: new Map(), loops: new Map() };
}
