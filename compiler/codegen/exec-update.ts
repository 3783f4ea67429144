/** `place op= value`: adding and subtracting are the runtime's (they may go to a partial sum), everything else is load, compute, store. */
import { Bug, unreachable } from "../core/bug.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import { visitExpr } from "../footprint/walk.ts";
import type { ErrorCall, Expr, Stmt } from "../typed/tree.ts";
import { binaryCode, primary, within, type Code } from "./code.ts";
import { arithmetic, exactly, extreme } from "./exec-arithmetic.ts";
import { exprCode, noticed } from "./exec-expr.ts";
import { matters, wordText, type ExecScope } from "./exec-scope.ts";
import { line, type Line } from "./lines.ts";
import { intText } from "./literals.ts";
import { loadMethod, rangeOf, representationOf, storeMethod, widthOf } from "./representation.ts";
import { leafName } from "./scope.ts";

type Update = Extract<Stmt, { kind: "update" }>;

export function updateLines(
  scope: ExecScope,
  stmt: Update,
  failing: (scope: ExecScope, error: ErrorCall | undefined) => string,
): readonly Line[] {
  const leaf = leavesOfPlace(scope.module.leaves, stmt.place)[0];
  const cell = `${leafName(scope.module, leaf)}, ${wordText(scope, stmt.id)}`;
  const lines: Line[] = noticed(scope, stmt.place.keys).map((code) => line(`void ${within(code, 15)};`));
  const error = stmt.orElse === undefined ? "x.panic(0x11)" : failing(scope, stmt.orElse);
  if (stmt.op === "+" || stmt.op === "-") {
    const method = `${stmt.op === "+" ? "add" : "sub"}${String(widthOf(leaf.type))}`;
    lines.push(line(`if (!x.${method}(${cell}, ${exprCode(scope, stmt.value).text})) throw ${error};`));
    return lines;
  }
  let by = exprCode(scope, stmt.value);
  // The value comes before the cell is read: it may change the cell, or revert.
  if (touchesState(stmt.value) || matters(stmt.value)) {
    const name = scope.names.temporary("by");
    lines.push(line(`const ${name} = ${by.text};`));
    by = primary(name);
  }
  const old = primary(`x.${loadMethod(leaf.type)}(${cell})`);
  const store = (value: Code): void => {
    lines.push(line(`x.${storeMethod(leaf.type)}(${cell}, ${value.text});`));
  };
  if (representationOf(leaf.type) === "bool") {
    store(logical(stmt.op, old, by));
  } else if (stmt.op === "min" || stmt.op === "max") {
    store(extreme(scope.module, stmt.op, leaf.type, old, by));
  } else if (stmt.orElse === undefined) {
    store(arithmetic(scope.module, stmt.op, leaf.type, old, by));
  } else {
    const name = scope.names.temporary("value");
    const { min, max } = rangeOf(leaf.type);
    lines.push(line(`const ${name} = ${exactly(stmt.op, leaf.type, old, by).text};`));
    lines.push(line(`if (${name} < ${intText(leaf.type, min)} || ${name} > ${intText(leaf.type, max)}) throw ${error};`));
    store(primary(name));
  }
  return lines;
}

function logical(op: Update["op"], old: Code, by: Code): Code {
  switch (op) {
    case "|":
      return binaryCode("||", old, by);
    case "&":
      return binaryCode("&&", old, by);
    case "^":
      return binaryCode("!==", old, by);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "min":
    case "max":
      throw new Bug(`${op}= on a bool`);
    default:
      return unreachable(op, "update of a bool");
  }
}

function touchesState(expr: Expr): boolean {
  let found = false;
  visitExpr(expr, {
    expr: (part) => {
      found ||= part.kind === "call" || part.kind === "pay";
    },
  });
  return found;
}
