/** What an editor asks of contracts put together from their parts: whether one came out as before, and what its scopes are called from one check to the next. */
import type { Declared } from "./check.ts";
import type { Composition } from "./compose.ts";
import type { MemberScope, Signature } from "./context.ts";
import { sameSignature } from "./meaning.ts";
import { sameMeaning } from "./same-meaning.ts";
import type { Directory } from "./watch.ts";

/** Scopes by name, each told to the directory. Names that several would have are numbered in order. */
export function nameViews({ contracts, units }: Declared, directory: Directory): ReadonlyMap<MemberScope, string> {
  const names = new Map<MemberScope, string>();
  const taken = new Set<string>();
  const add = (scope: MemberScope, wanted: string): void => {
    if (names.has(scope)) return;
    let name = wanted;
    for (let turn = 1; taken.has(name); turn++) name = `${wanted}#${turn}`;
    taken.add(name);
    names.set(scope, name);
    directory.scope(scope, name);
  };
  for (const { scope, file } of contracts) add(scope, `${file.path} ${scope.name}`);
  for (const { view, signature } of units) if (view !== undefined) add(view, `${signature.contract ?? ""} ${view.name}`);
  return names;
}

export function sameComposition(a: Composition, b: Composition): boolean {
  return (
    sameMeaning(headOf(a), headOf(b)) &&
    sameObjects(a.fields, b.fields) &&
    sameSignatures(signaturesOf(a), signaturesOf(b)) &&
    sameObjects(
      a.parallels.map(({ node }) => node),
      b.parallels.map(({ node }) => node),
    ) &&
    sameMeaning([...a.initials.values()], [...b.initials.values()]) &&
    sameObjects([...a.scope.events.values(), ...a.scope.errors.values()], [...b.scope.events.values(), ...b.scope.errors.values()])
  );
}

function headOf({ decl, file, functions, init, invariants, parallels, initials }: Composition): unknown {
  const asked = decl.kind === "contract" ? decl.implements : [];
  const counts = [functions.length, init === undefined, invariants.length];
  const fields = [...initials.keys()].map(({ index }) => index);
  return [decl.kind, decl.doc, decl.name, asked, file.path, counts, fields, parallels.map((claim) => claim.file.path)];
}

function signaturesOf({ functions, init, invariants }: Composition): readonly Signature[] {
  return [...functions, ...(init === undefined ? [] : [init]), ...invariants].map(({ signature }) => signature);
}

function sameSignatures(a: readonly Signature[], b: readonly Signature[]): boolean {
  return a.length === b.length && a.every((one, i) => sameSignature(one, b[i]));
}

export function sameObjects<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
