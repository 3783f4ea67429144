/**
 * `place op= value`: adding and subtracting are the runtime's (they may go to a partial sum); `|= &= min= max=` are too where they commute with what other
 * calls do; everything else is load, compute, store.
 */
import { Bug, unreachable } from "../core/bug.ts";
import { leavesOfPlace } from "../footprint/leaves.ts";
import { visitExpr } from "../typed/walk.ts";
import type { Leaf } from "../footprint/footprint.ts";
import type { ErrorCall, Expr, Stmt } from "../typed/tree.ts";
import { binaryCode, callCode, primary, type Code } from "./code.ts";
import { arithmetic, exactly, extreme } from "./exec-arithmetic.ts";
import { isStable, matters, type ExecScope } from "./exec-scope.ts";
import { hoistedAll } from "./exec-seq.ts";
import { keyed } from "./exec-state.ts";
import { block, line, type Line } from "./lines.ts";
import { intText } from "./literals.ts";
import { loadMethod, rangeOf, representationOf, storeMethod, widthOf } from "./representation.ts";
import { failing } from "./probes.ts";
import { leafName } from "./scope.ts";

type Update = Extract<Stmt, { kind: "update" }>;
/** `if (cond) throw error;` */
type Check = (scope: ExecScope, cond: string, error: ErrorCall) => Line;

export function updateLines(scope: ExecScope, stmt: Update, check: Check): readonly Line[] {
  const leaves = leavesOfPlace(scope.module.leaves, stmt.place);
  const [leaf] = leaves;
  const lines: Line[] = [];
  const operands = hoistedAll(scope, [...stmt.place.keys, stmt.value], lines);
  const value = operands[operands.length - 1];
  const { words } = keyed(scope, stmt.id, { ...stmt.place, keys: operands.slice(0, -1) }, leaves, lines);
  const commutes = COMMUTE.get(stmt.op);
  const cleared = commutes !== undefined && !scope.once;
  const by = operand(scope, stmt, value, cleared, lines);
  const word = words(lines)(0);
  const cell = `${leafName(scope.module, leaf)}, ${word}`;
  if (stmt.op === "+" || stmt.op === "-") {
    const method = `${stmt.op === "+" ? "add" : "sub"}${String(widthOf(leaf.type))}`;
    const failed = `!x.${method}(${cell}, ${by.text})`;
    lines.push(
      stmt.orElse === undefined
        ? line(`if (${failed}) throw x.panic(0x11);`)
        : check(scope, failing(scope, stmt.id, failed, stmt.orElse), stmt.orElse),
    );
    return lines;
  }
  const stores = storing(scope, stmt, leaf, cell, by, check);
  if (!cleared) return [...lines, ...stores];
  const amount = representationOf(leaf.type) === "bool" ? callCode("Number", [by]) : by;
  const commute = line(`x.commute(${cell}, ${String(commutes)}, ${amount.text});`);
  lines.push({ kind: "block", head: `if (x.cleared(${word}))`, body: [commute], next: block("else", stores), optional: false });
  return lines;
}

/** The runtime's `CommuteOp`. */
const COMMUTE: ReadonlyMap<Update["op"], number> = new Map<Update["op"], number>([
  ["|", 1],
  ["&", 2],
  ["min", 3],
  ["max", 4],
]);

/** The value comes before the cell is read or its word looked up: it may change the cell, or revert. */
function operand(scope: ExecScope, stmt: Update, value: Expr, twice: boolean, lines: Line[]): Code {
  const by = scope.emit.expr(scope, value);
  const adds = stmt.op === "+" || stmt.op === "-";
  const early = adds ? scope.wide.has(stmt.id) && !isStable(scope, value) : touchesState(value) || matters(scope, value);
  if (!early && !(twice && !isStable(scope, value))) return by;
  const name = scope.names.temporary("by");
  lines.push(line(`const ${name} = ${by.text};`));
  return primary(name);
}

function storing(scope: ExecScope, stmt: Update, leaf: Leaf, cell: string, by: Code, check: Check): readonly Line[] {
  const old = primary(`x.${loadMethod(leaf.type)}(${cell})`);
  const store = (value: Code): Line => line(`x.${storeMethod(leaf.type)}(${cell}, ${value.text});`);
  const { op } = stmt;
  if (op === "+" || op === "-") throw new Bug(`codegen: ${op}= is the runtime's`);
  if (representationOf(leaf.type) === "bool") return [store(logical(op, old, by))];
  if (op === "min" || op === "max") return [store(extreme(scope.module, op, leaf.type, old, by))];
  if (stmt.orElse === undefined) return [store(arithmetic(scope.module, op, leaf.type, old, by))];
  const name = scope.names.temporary("value");
  const { min, max } = rangeOf(leaf.type);
  const outside = `${name} < ${intText(leaf.type, min)} || ${name} > ${intText(leaf.type, max)}`;
  return [
    line(`const ${name} = ${exactly(op, leaf.type, old, by).text};`),
    check(scope, failing(scope, stmt.id, outside, stmt.orElse), stmt.orElse),
    store(primary(name)),
  ];
}

function logical(op: Exclude<Update["op"], "+" | "-">, old: Code, by: Code): Code {
  switch (op) {
    case "|":
      return binaryCode("||", old, by);
    case "&":
      return binaryCode("&&", old, by);
    case "^":
      return binaryCode("!==", old, by);
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
      found ||= CHANGING.has(part.kind);
    },
  });
  return found;
}

const CHANGING: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>(["call", "pay", "setChange", "external", "rawCall", "create"]);
