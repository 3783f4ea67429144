/**
 * CoSplit's verdict on a transition, parsed, and when two calls of it have to run on one shard. A shard that owns a component runs all calls
 * that name it, so two calls meet when they own components of one field whose keys are equal, key by key; a field owned as a whole, or UNSAT,
 * makes any two meet. What says only where a call may run, or what its own arguments must be, stands apart and is never counted.
 */

/** `own balances[to]`: a field and its keys, each a parameter or `_sender`. */
export interface Component {
  readonly field: string;
  readonly keys: readonly string[];
}

export interface Demand {
  /** As CoSplit prints it; empty is `free`. */
  readonly shown: readonly string[];
  readonly unsat: boolean;
  readonly owned: readonly Component[];
  /** Parameters, or `_sender`, that must be no contracts: for a call in which one is, there is no verdict, and no shard runs it. */
  readonly users: readonly string[];
}

/** `left` of one call is `right` of the other. */
export interface KeyEquality {
  readonly left: string;
  readonly right: string;
}

/** When two calls meet: alternatives, of which one must hold, each a list of equalities that all hold. */
export type Meeting = readonly (readonly KeyEquality[])[];

/** `free`: never meet; `keyed`: when keys coincide; `whole`: a field is owned as a whole; `unsat`: no shard may run it beside others. */
export type DemandKind = "free" | "keyed" | "whole" | "unsat";

const OWN = /^own ([A-Za-z_]\w*)((?:\[[A-Za-z_]\w*\])*)$/;
/** Where a call may run, and what must differ within one call: Weft has nothing that corresponds. */
const USER = /^user ([A-Za-z_]\w*)$/;
const ELSEWHERE = /^(?:sender-shard|contract-shard|distinct \w+≠\w+(?:, \w+≠\w+)*)$/;

/** A text says what is wrong. */
export function parseDemand(shown: readonly string[]): Demand | string {
  const owned: Component[] = [];
  const users: string[] = [];
  for (const each of shown) {
    const own = OWN.exec(each);
    const user = USER.exec(each);
    if (user !== null) users.push(user[1]);
    else if (own !== null) owned.push({ field: own[1], keys: [...own[2].matchAll(/\[(\w+)\]/g)].map(([, key]) => key) });
    else if (each !== "UNSAT" && !ELSEWHERE.test(each)) return `can't read "${each}"`;
  }
  return { shown, unsat: shown.includes("UNSAT"), owned, users };
}

export function kindOf(demand: Demand): DemandKind {
  if (demand.unsat) return "unsat";
  if (demand.owned.some(({ keys }) => keys.length === 0)) return "whole";
  return demand.owned.length === 0 ? "free" : "keyed";
}

export function meetingOf(demand: Demand): Meeting {
  if (demand.unsat) return [[]];
  return demand.owned.flatMap((left) =>
    demand.owned.filter(({ field }) => field === left.field).map((right) => equalities(left.keys, right.keys)),
  );
}

/** Of components of different depth one holds the other as soon as the keys that both have are equal. */
function equalities(left: readonly string[], right: readonly string[]): readonly KeyEquality[] {
  return left.slice(0, right.length).map((key, i) => ({ left: key, right: right[i] }));
}
