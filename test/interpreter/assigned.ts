/** What a part of a function's body may assign, whether it may return: for code that may or may not run. */
import type { Expr, Stmt } from "../../compiler/typed/tree.ts";

export interface Assigned {
  readonly locals: ReadonlySet<number>;
  readonly returns: boolean;
}

const remembered = new WeakMap<object, Assigned>();

/** Found in the tree whatever its shape. */
export function assignedIn(part: Expr | readonly Stmt[]): Assigned {
  const known = remembered.get(part);
  if (known !== undefined) return known;
  const locals = new Set<number>();
  let returns = false;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node !== "object" || node === null || !("kind" in node)) return;
    if (node.kind === "return") returns = true;
    if (node.kind === "set" && "local" in node && typeof node.local === "number") locals.add(node.local);
    for (const [name, value] of Object.entries(node)) if (name !== "type" && name !== "site") visit(value);
  };
  visit(part);
  const found = { locals, returns };
  remembered.set(part, found);
  return found;
}
