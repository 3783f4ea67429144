/**
 * Where two calls may meet in other contracts (rule D4). What runs there isn't known here; but a contract that is active can't be entered, so code that one of
 * the two calls reaches none of this contract's cells. All it can do to them is to pay, and to read the coin of contracts that this one pays. Contracts that
 * this one has made can be reached by others, too, so their cells count like coin.
 */
import { COIN } from "../footprint/footprint.ts";
import type { FlatAccess } from "../footprint/footprint.ts";
import type { OutwardCall } from "../footprint/flatten.ts";
import type { Bank } from "./bank.ts";
import type { FunctionAccesses } from "./facts.ts";
import { guardLiterals, type Literal } from "./literals.ts";

/** A way to meet elsewhere: at least one of the two calls another contract there. */
export interface Elsewhere {
  readonly left: OutwardCall | undefined;
  readonly right: OutwardCall | undefined;
  readonly literals: readonly Literal[];
}

/** More places than this are taken together, without their conditions. */
const MAX_PLACES = 16;

export function elsewhere(bank: Bank, left: FunctionAccesses, right: FunctionAccesses): readonly Elsewhere[] {
  if (left.outward.length === 0 && right.outward.length === 0) return [];
  const found: Elsewhere[] = [];
  const add = (l: Place, r: Place): void => {
    const ofLeft = guardLiterals(bank, "left", l);
    const ofRight = guardLiterals(bank, "right", r);
    if (ofLeft !== undefined && ofRight !== undefined) found.push({ left: l.call, right: r.call, literals: [...ofLeft, ...ofRight] });
  };
  // A call that makes a contract runs alone (rule C2), whatever the other one does.
  for (const call of creations(left)) add(call, ANYWHERE);
  for (const call of creations(right)) add(ANYWHERE, call);
  const [lefts, rights] = [placesOf(left), placesOf(right)];
  for (const l of lefts) {
    for (const r of rights) if (l.call !== undefined || r.call !== undefined) add(l, r);
  }
  return found;
}

/** Where a function calls out, or touches coin or the cells of a known contract, which a callee of the other one may touch in another way. */
interface Place {
  readonly call: OutwardCall | undefined;
  readonly guards: FlatAccess["guards"];
}

const ANYWHERE: Place = { call: undefined, guards: [] };

function creations({ outward }: FunctionAccesses): readonly Place[] {
  const found = outward.filter(({ kind }) => kind === "create").map((call) => ({ call, guards: call.guards }));
  return found.length <= MAX_PLACES ? found : [{ call: found[0].call, guards: [] }];
}

/** Whether they meet because one of them makes a contract. */
export function isAlone({ left, right }: Pick<Elsewhere, "left" | "right">): boolean {
  return left?.kind === "create" || right?.kind === "create";
}

function placesOf({ outward, byLeaf, isElsewhere }: FunctionAccesses): readonly Place[] {
  const known = [...byLeaf].flatMap(([leaf, accesses]) => (isElsewhere(leaf) ? accesses : []));
  const shared = [...(byLeaf.get(COIN) ?? []).filter((access) => !isOwnAdd(access)), ...known];
  const places: Place[] = [
    ...outward.map((call) => ({ call, guards: call.guards })),
    ...shared.map(({ guards }) => ({ call: undefined, guards })),
  ];
  return places.length <= MAX_PLACES
    ? places
    : [{ call: outward.at(0), guards: [] }, ...(shared.length > 0 ? [{ call: undefined, guards: [] }] : [])];
}

/** Others only add to the contract's own coin, too. */
function isOwnAdd({ mode, keys }: FlatAccess): boolean {
  const [key] = keys;
  return mode === "D" && key.kind === "context" && key.name === "self.address";
}
