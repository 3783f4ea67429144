/**
 * What an invariant claims, as statements that fail with an error of their own for each comparison: its arguments are the values of the two sides, so that who finds the
 * claim broken can show them. The errors are the checker's, no contract declares them, and they appear in no ABI.
 */
import { outsideAbi } from "../core/members.ts";
import type { ErrorDef, Expr, Stmt, TypedId } from "../typed/tree.ts";
import { addHidden, node as fresh, useLocal } from "./context.ts";
import type { Body } from "./context.ts";

/** Begins the names of these errors; the number of the node they stand for follows. */
export const CLAIM_ERROR = "weftClaim";

const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** The parts of a conjunction one after the other, each with an error of its own. */
export function claimOf(body: Body, cond: Expr): Stmt[] {
  if (cond.type.kind === "poison") return [];
  const parts: Expr[] = [];
  let rest = cond;
  // Long chains lean to the left.
  while (rest.kind === "binary" && rest.op === "&&") {
    parts.push(rest.right);
    rest = rest.left;
  }
  parts.push(rest);
  return parts.reverse().flatMap((part) => claimOfPart(body, part));
}

function claimOfPart(body: Body, cond: Expr): Stmt[] {
  const { span } = cond.site;
  if (cond.kind !== "binary" || !COMPARISONS.has(cond.op) || outsideAbi(cond.left.type) !== undefined) {
    const node = fresh(body, span);
    return [{ ...node, site: cond.site, kind: "require", cond, orElse: { error: errorOf(node.id, []), args: [], site: cond.site } }];
  }
  const sides = [cond.left, cond.right].map((value): Extract<Stmt, { kind: "let" }> => {
    return {
      ...fresh(body, value.site.span),
      site: value.site,
      kind: "let",
      local: addHidden(body, "side", value.type, value.site.span),
      value,
    };
  });
  const [left, right] = sides.map(({ local, value }): Expr => ({ ...useLocal(body, local, value.site.span), site: value.site }));
  const node = fresh(body, span);
  const error = errorOf(node.id, [left, right]);
  const again = [left, right].map((value): Expr => ({ ...value, ...fresh(body, span), site: value.site }));
  return [
    ...sides,
    { ...node, site: cond.site, kind: "require", cond: { ...cond, left, right }, orElse: { error, args: again, site: cond.site } },
  ];
}

function errorOf(id: TypedId, sides: readonly Expr[]): ErrorDef {
  const name = `${CLAIM_ERROR}${id}`;
  return { name, key: `#${name}`, params: sides.map(({ type }, i) => ({ name: i === 0 ? "left" : "right", type })), doc: "" };
}
