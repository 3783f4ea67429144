/** What a random function may name and do at some point of its body. */
import type { Kind, Widths } from "./catalog.ts";

export interface Name {
  readonly name: string;
  readonly kind: Kind;
  readonly mutable: boolean;
}

/** A function of the same contract, or one outside contracts. */
export interface Callee {
  /** As it is called: `self.h1`, `p0`. */
  readonly name: string;
  readonly params: readonly Kind[];
  readonly result: Kind | undefined;
  readonly writes: boolean;
  readonly free: boolean;
}

export interface Scope {
  readonly widths: Widths;
  readonly names: readonly Name[];
  readonly callees: readonly Callee[];
  readonly result: Kind | undefined;
  /** `free`: outside contracts, nothing but arguments. */
  readonly access: "free" | "view" | "write" | "payable";
  /** Calls other contracts now and then. */
  readonly outward: boolean;
  readonly draws: "none" | "always" | "perhaps";
}

export function withNames(scope: Scope, ...names: readonly Name[]): Scope {
  return { ...scope, names: [...scope.names, ...names] };
}

export function namesOf(scope: Scope, kind: Kind): readonly Name[] {
  return scope.names.filter((name) => name.kind === kind);
}

export function mayWrite(scope: Scope): boolean {
  return scope.access === "write" || scope.access === "payable";
}

export function calleesOf(scope: Scope, result: Kind): readonly Callee[] {
  return scope.callees.filter((callee) => callee.result === result && isCallable(scope, callee));
}

export function isCallable(scope: Scope, callee: Callee): boolean {
  if (scope.access === "free") return callee.free;
  return mayWrite(scope) || !callee.writes;
}
