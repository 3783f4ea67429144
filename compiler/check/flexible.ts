/**
 * Which expressions take their integer type from around them: literals and operators on literals. Such an expression is checked
 * after its neighbours, with their type as the hint, so that inference works in both directions.
 */
import type { BinaryOp, Expr as ExprNode } from "../../grammar/ast.ts";
import type { IntType, Type } from "../core/types.ts";
import { I256, U256 } from "./context.ts";
import type { Body } from "./context.ts";

/** `negative` when a unary minus stands in it: its default type is then signed. */
export type Flexibility = "no" | "plain" | "negative";

export function flexibility(body: Body, node: ExprNode): Flexibility {
  switch (node.kind) {
    case "int":
      return "plain";
    case "paren":
    case "ifExpr": {
      // Kept, since a nest of parentheses would be walked again from each of its levels.
      const known = body.program.flexible.get(node);
      if (known !== undefined) return known;
      const found = node.kind === "paren" ? flexibility(body, node.inner) : both(body, node.then, node.otherwise);
      body.program.flexible.set(node, found);
      return found;
    }
    case "unary": {
      // A run of minus signs can be long: no recursion along it.
      let inner: ExprNode = node;
      let negative = false;
      while (inner.kind === "unary") {
        if (inner.op === "!") return "no";
        negative ||= inner.op === "-";
        inner = inner.operand;
      }
      const found = flexibility(body, inner);
      return found === "plain" && negative ? "negative" : found;
    }
    case "binary":
      return chainFlexibility(body, node);
    default:
      return "no";
  }
}

function both(body: Body, a: ExprNode, b: ExprNode): Flexibility {
  const first = flexibility(body, a);
  return first === "no" ? "no" : join(first, flexibility(body, b));
}

function join(a: Flexibility, b: Flexibility): Flexibility {
  if (a === "no" || b === "no") return "no";
  return a === "negative" || b === "negative" ? "negative" : "plain";
}

function chainFlexibility(body: Body, top: ExprNode): Flexibility {
  let found: Flexibility = "plain";
  let node = top;
  for (; node.kind === "binary"; node = node.left) {
    const group = groupOf(node.op);
    if (group === "comparison" || group === "equality" || group === "logic") return "no";
    // The type of a shift is that of its left side alone.
    if (group === "arithmetic") found = join(found, flexibility(body, node.right));
    if (found === "no") return "no";
  }
  return join(found, flexibility(body, node));
}

export type OpGroup = "arithmetic" | "shift" | "comparison" | "equality" | "logic";

export function groupOf(op: BinaryOp): OpGroup {
  switch (op) {
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "&":
    case "|":
    case "^":
      return "arithmetic";
    case "<<":
    case ">>":
      return "shift";
    case "<":
    case "<=":
    case ">":
    case ">=":
      return "comparison";
    case "==":
    case "!=":
      return "equality";
    case "&&":
    case "||":
      return "logic";
  }
}

export function defaultInt(found: Flexibility): IntType {
  return found === "negative" ? I256 : U256;
}

export function intHint(hint: Type | undefined): IntType | undefined {
  return hint?.kind === "int" ? hint : undefined;
}
