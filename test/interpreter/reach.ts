/**
 * Which function a call of another contract reaches, asked twice: when numbers are drawn, and when the call is made. Calls that reach nothing
 * revert; with what, depends on why.
 */
import { hasPayload } from "../../compiler/core/types.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { ExternalMethod, Func } from "../../compiler/typed/tree.ts";
import { returnsOf, selectorOf } from "./abi.ts";
import { functionOf } from "./evaluate.ts";
import { callTooDeep, empty, reentrancy } from "./revert.ts";
import type { Reverted } from "./revert.ts";
import type { Instance, State } from "./world-state.ts";

/** Contracts that may be active at once, the one called from outside included. */
const MAX_DEPTH = 16;

export interface Reached {
  readonly kind: "reached";
  readonly instance: Instance;
  readonly func: Func;
}

interface Missed {
  readonly kind: "missed";
  readonly error: Reverted;
}

/** `active`: addresses of the contracts that wait for this call, the caller's last. */
export function reachMethod(state: State, active: readonly string[], target: string, method: ExternalMethod): Reached | Missed {
  const found = reachSelector(state, active, target, selectorOf(method.name, typesOf(method)));
  if (found.kind === "missed") return found;
  const { func } = found;
  const suits = (!method.view || func.mutability === "view") && returnsOf(func.result) === returnsOf(method.result);
  return suits ? found : missed(empty());
}

export function reachSelector(state: State, active: readonly string[], target: string, selector: string): Reached | Missed {
  const stopped = entryError(active, target);
  if (stopped !== undefined) return missed(stopped);
  const instance = state.instances.get(target);
  const func = instance === undefined ? undefined : functionFor(instance, selector);
  return instance === undefined || func === undefined ? missed(empty()) : { kind: "reached", instance, func };
}

/** Why no contract can be entered at this address now, whatever stands there. */
export function entryError(active: readonly string[], target: string): Reverted | undefined {
  if (active.includes(target)) return reentrancy();
  return active.length >= MAX_DEPTH ? callTooDeep() : undefined;
}

export function functionFor(instance: Instance, selector: string): Func | undefined {
  return instance.contract.external
    .map((id) => functionOf(instance, id))
    .find((func) => func.params.every((param) => crosses(param.type)) && selectorOf(func.name, typesOf(func)) === selector);
}

export function typesOf(func: { readonly params: readonly { readonly type: Type }[] }): Type[] {
  return func.params.map((param) => param.type);
}

/** Options and enums with payload have no ABI type. */
function crosses(type: Type): boolean {
  return type.kind !== "option" && !(type.kind === "enum" && hasPayload(type));
}

function missed(error: Reverted): Missed {
  return { kind: "missed", error };
}
