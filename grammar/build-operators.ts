/**
 * From the flat list `operand operator operand …` to a tree, by precedence as in Rust. A loop with two stacks, so that
 * a chain of any length costs no recursion.
 */
import type { BinaryOp, Expr, Span } from "./ast.ts";

export interface Operator {
  readonly op: BinaryOp;
  readonly span: Span;
}

const levels: readonly (readonly BinaryOp[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const precedence: ReadonlyMap<string, number> = new Map(levels.flatMap((ops, level) => ops.map((op): [string, number] => [op, level])));
const operators: ReadonlyMap<string, BinaryOp> = new Map(levels.flat().map((op): [string, BinaryOp] => [op, op]));
const COMPARISON = 2;

export function binaryOperator(text: string): BinaryOp {
  return operators.get(text) ?? "+";
}

/** How tightly it binds; operators of one level are read from left to right. */
export function precedenceOf(op: BinaryOp): number {
  return precedence.get(op) ?? 0;
}

/** `onChain` hears of a comparison right after another one: `a < b < c`. */
export function foldOperators(
  operands: readonly Expr[],
  chain: readonly Operator[],
  join: (left: Expr, operator: Operator, right: Expr) => Expr,
  onChain: (first: Operator, second: Operator) => void,
): Expr {
  const values: Expr[] = [operands[0]];
  const pending: Operator[] = [];
  const reduce = (): void => {
    const operator = pending.pop();
    const right = values.pop();
    const left = values.pop();
    if (operator !== undefined && left !== undefined && right !== undefined) {
      values.push(join(left, operator, right));
    }
  };
  chain.forEach((operator, index) => {
    const level = levelOf(operator);
    for (let top = pending.at(-1); top !== undefined && levelOf(top) >= level; top = pending.at(-1)) {
      if (level === COMPARISON && levelOf(top) === COMPARISON) {
        onChain(top, operator);
      }
      reduce();
    }
    pending.push(operator);
    values.push(operands[index + 1]);
  });
  while (pending.length > 0) {
    reduce();
  }
  return values[0];
}

function levelOf(operator: Operator): number {
  return precedenceOf(operator.op);
}
