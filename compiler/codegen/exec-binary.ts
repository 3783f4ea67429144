/**
 * Binary operators. Chains lean left and may have a hundred thousand terms: the left side is walked in a loop, and the text is cut into
 * pieces, since JavaScript engines parse nested expressions by recursion.
 */
import { unreachable } from "../core/bug.ts";
import type { Expr } from "../typed/tree.ts";
import { binaryCode, callCode, PRIMARY, primary, unaryCode, type Code } from "./code.ts";
import { arithmetic } from "./exec-arithmetic.ts";
import { isScalar, type ExecScope } from "./exec-scope.ts";
import { chosen } from "./probes.ts";
import { representationOf } from "./representation.ts";
import { helper } from "./scope.ts";

type Binary = Extract<Expr, { kind: "binary" }>;
type ToCode = (scope: ExecScope, expr: Expr) => Code;

/** Operators in one JavaScript expression; beyond that a part gets a name. */
const MAX_CHAIN = 48;

export function binaryExpr(scope: ExecScope, top: Binary, toCode: ToCode): Code {
  const chain: Binary[] = [];
  let first: Expr = top;
  for (; first.kind === "binary"; first = first.left) chain.push(first);
  let code = toCode(scope, first);
  const parts: string[] = [];
  chain.reverse().forEach((node, i) => {
    code = combine(scope, node, code, toCode(scope, node.right));
    if ((i + 1) % MAX_CHAIN === 0 && i + 1 < chain.length) {
      const name = scope.names.temporary("t");
      parts.push(`const ${name} = ${code.text};`);
      code = primary(name);
    }
  });
  // The parts are evaluated where the chain stands, not before the statement: what is left of it comes first.
  return parts.length === 0 ? code : { text: `(() => { ${parts.join(" ")} return ${code.text}; })()`, binds: PRIMARY, small: undefined };
}

function combine(scope: ExecScope, node: Binary, left: Code, right: Code): Code {
  const { op } = node;
  switch (op) {
    case "&&":
    case "||":
      return binaryCode(op, chosen(scope, node.id, left), right);
    case "==":
    case "!=":
      return equality(node, left, right);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compared(op, left, right);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "|":
    case "^":
    case "&":
    case "<<":
    case ">>":
      return arithmetic(scope.module, op, node.type, left, right);
    default:
      return unreachable(op, "binary operator");
  }
}

function equality(node: Binary, left: Code, right: Code): Code {
  const equal = node.op === "==";
  if (representationOf(node.left.type) === "bytes") {
    const same = callCode("x.sameBytes", [left, right]);
    return equal ? same : unaryCode("!", same);
  }
  if (!isScalar(node.left.type)) {
    const same = callCode(helper("sameValue"), ["x", left, right]);
    return equal ? same : unaryCode("!", same);
  }
  return compared(equal ? "===" : "!==", left, right);
}

/** Lengths are compared as plain numbers where both sides are small. */
function compared(op: string, left: Code, right: Code): Code {
  if (left.small !== undefined && right.small !== undefined) return binaryCode(op, primary(left.small), primary(right.small));
  return binaryCode(op, left, right);
}
