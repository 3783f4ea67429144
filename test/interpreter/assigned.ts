/** What a part of a function's body may assign, whether it may return: for code that may or may not run. */
import type { Expr, Stmt } from "../../compiler/typed/tree.ts";

export interface Assigned {
  readonly locals: ReadonlySet<number>;
  readonly returns: boolean;
}

const remembered = new WeakMap<object, Assigned>();

/** Of conditions made of `true` and `false`. */
function constantOf(cond: unknown): boolean | undefined {
  if (typeof cond !== "object" || cond === null || !("kind" in cond)) return undefined;
  if (cond.kind === "literal" && "value" in cond) return boolOf(cond.value);
  if (cond.kind === "unary" && "operand" in cond) {
    const of = constantOf(cond.operand);
    return of === undefined ? undefined : !of;
  }
  if (cond.kind !== "binary" || !("left" in cond) || !("right" in cond) || !("op" in cond)) return undefined;
  if (cond.op !== "&&" && cond.op !== "||") return undefined;
  const [left, right] = [constantOf(cond.left), constantOf(cond.right)];
  const decides = cond.op === "||";
  if (left === decides || right === decides) return decides;
  return left === undefined || right === undefined ? undefined : !decides;
}

function boolOf(value: unknown): boolean | undefined {
  if (typeof value !== "object" || value === null || !("value" in value)) return undefined;
  return typeof value.value === "boolean" ? value.value : undefined;
}

/** Found in the tree whatever its shape. */
export function assignedIn(part: Expr | readonly Stmt[]): Assigned {
  const known = remembered.get(part);
  if (known !== undefined) return known;
  const locals = new Set<number>();
  let returns = false;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) visit(each);
    if (typeof node !== "object" || node === null || !("kind" in node)) return;
    if (node.kind === "return") returns = true;
    const decided = node.kind === "if" && "cond" in node ? constantOf(node.cond) : undefined;
    // What a constant rules out is no exit that depends on state.
    if (decided !== undefined && "then" in node && "otherwise" in node) return visit(decided ? node.then : node.otherwise);
    if (node.kind === "set" && "local" in node && typeof node.local === "number") locals.add(node.local);
    for (const [name, value] of Object.entries(node)) if (name !== "type" && name !== "site") visit(value);
  };
  visit(part);
  const found = { locals, returns };
  remembered.set(part, found);
  return found;
}
