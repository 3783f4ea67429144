import type { CallSpec } from "../harness/subject.ts";

/**
 * The same calls without those whose function is unknown: for contracts that have a fallback function in Solidity, which takes these calls. Weft has
 * none, and a sequence ends where only one side succeeds. A directed sequence shows the difference once.
 */
export function withKnownFunctions(calls: readonly CallSpec[]): readonly CallSpec[] {
  return calls.map((spec) => ({
    ...spec,
    planned: spec.planned.map((planned) => (planned.damage?.kind === "selector" ? { ...planned, damage: undefined } : planned)),
  }));
}
