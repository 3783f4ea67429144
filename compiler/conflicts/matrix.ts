/**
 * The conflict matrix of a contract as plain data and as lines of text. Colours, frames and explanations of symbols belong to the caller:
 * `symbol` says which of five kinds a cell is.
 */
import { Bug } from "../core/bug.ts";
import type { ContractFootprint } from "../footprint/footprint.ts";
import { leafName } from "../footprint/show.ts";
import type { Func, FuncId, Program } from "../typed/tree.ts";
import type { ConflictAnalysis } from "./analyse.ts";
import type { Outward, PairConflict } from "./conflict.ts";
import { isAlone } from "./outward.ts";
import { showFormula } from "./show.ts";
import type { PairScope } from "./show.ts";

export type MatrixSymbol = "never" | "escrow" | "sometimes" | "always" | "unknown";

/** One letter each, for a grid; the words for a legend. */
export const SYMBOLS: Readonly<Record<MatrixSymbol, { readonly mark: string; readonly meaning: string }>> = {
  never: { mark: "·", meaning: "never wait for each other" },
  escrow: { mark: "+", meaning: "add to shared cells: independent as long as the sums clear" },
  sometimes: { mark: "?", meaning: "wait when the condition holds" },
  always: { mark: "#", meaning: "always wait for each other" },
  unknown: { mark: "!", meaning: "may meet in another contract: its plan is asked before execution" },
};

export interface MatrixCell {
  readonly left: string;
  readonly right: string;
  readonly symbol: MatrixSymbol;
  /** Two adds may meet; also set beside a condition. */
  readonly escrow: boolean;
  /** `never`, `always`, or over the calls `a` (left) and `b` (right). */
  readonly condition: string;
  /** `never (escrow)`: the condition with the mark of adds that meet. */
  readonly text: string;
  /** The kinds of cells they clash on. */
  readonly cells: readonly string[];
}

export interface ConflictMatrix {
  readonly contract: string;
  readonly functions: readonly string[];
  /** Lower triangle by rows: the row of function i has i + 1 cells. */
  readonly rows: readonly (readonly MatrixCell[])[];
  /** Functions left out because there are too many. */
  readonly omitted: readonly string[];
}

export function conflictMatrix(footprint: ContractFootprint, program: Program, analysis: ConflictAnalysis): ConflictMatrix {
  const ids: FuncId[] = [];
  const byPair = new Map<string, PairConflict>();
  for (const pair of analysis.pairs) {
    if (pair.left === pair.right) ids.push(pair.left);
    byPair.set(`${pair.left} ${pair.right}`, pair);
  }
  const rows = ids.map((right, i) =>
    ids.slice(0, i + 1).map((left) => {
      const pair = byPair.get(`${left} ${right}`);
      if (pair === undefined) throw new Bug(`no pair ${left} ${right}`);
      return cellOf(footprint, program, pair);
    }),
  );
  return {
    contract: footprint.contract.name,
    functions: ids.map((id) => functionOf(program, id).name),
    rows,
    omitted: analysis.omitted.map((id) => functionOf(program, id).name),
  };
}

const ELSEWHERE = "in other contracts";
const ALONE = "a contract is made";

export function cellOf(footprint: ContractFootprint, program: Program, pair: PairConflict): MatrixCell {
  const own = showFormula(pair.condition, pairScope(footprint, program, pair));
  const elsewhere = pair.outward === undefined ? "" : elsewhereText(pair.outward, pairScope(footprint, program, pair));
  const always = own === "always" || elsewhere === "always";
  const outward = pair.outward !== undefined && !always;
  const condition = always ? "always" : !outward ? own : own === "never" ? elsewhere : `${own} ∨ ${elsewhere}`;
  const symbol = always
    ? "always"
    : outward
      ? "unknown"
      : own === "never"
        ? pair.escrow
          ? "escrow"
          : "never"
        : own === "always"
          ? "always"
          : "sometimes";
  return {
    left: functionOf(program, pair.left).name,
    right: functionOf(program, pair.right).name,
    symbol,
    escrow: pair.escrow,
    condition,
    text: pair.escrow ? `${condition} (escrow)` : condition,
    cells: [...new Set(pair.clashes.map((clash) => leafName(footprint.leaves[clash.left.leaf])))],
  };
}

/** The conditions under which both get there, where they are one conjunction. */
export function elsewhereText(outward: Outward, scope: PairScope): string {
  const { condition } = outward;
  const [only] = condition;
  const what = isAlone(outward) ? ALONE : ELSEWHERE;
  if (condition.length === 1 && only.length === 0 && isAlone(outward)) return "always";
  if (condition.length !== 1 || only.length === 0) return what;
  return `(${showFormula(condition, scope)} ∧ ${what})`;
}

export function pairScope(footprint: ContractFootprint, program: Program, pair: PairConflict): PairScope {
  return scopeOf(footprint, program, { binder: "a", func: pair.left }, { binder: "b", func: pair.right });
}

interface Call {
  readonly binder: string;
  readonly func: FuncId;
}

export function scopeOf(footprint: ContractFootprint, program: Program, left: Call, right: Call): PairScope {
  const side = ({ binder, func }: Call): PairScope["left"] => ({ binder, params: functionOf(program, func).params });
  return { leaves: footprint.leaves, left: side(left), right: side(right) };
}

export function functionOf(program: Program, id: FuncId): Func {
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`unknown function ${id}`);
  return func;
}

/** The grid: a number, a name and the marks of each row; columns are numbered alike. */
export function matrixLines(matrix: ConflictMatrix): readonly string[] {
  const digits = String(matrix.functions.length).length;
  const width = Math.max(0, ...matrix.functions.map((name) => name.length));
  const number = (i: number): string => String(i + 1).padStart(digits);
  const header = `${" ".repeat(digits + 1 + width)}  ${matrix.functions.map((_, i) => number(i)).join(" ")}`;
  const lines = matrix.rows.map((row, i) => {
    const marks = row.map((cell) => SYMBOLS[cell.symbol].mark.padStart(digits)).join(" ");
    return `${number(i)} ${matrix.functions[i].padEnd(width)}  ${marks}`;
  });
  return matrix.functions.length === 0 ? [] : [header.trimEnd(), ...lines];
}

/** `vote × vote   a.id == b.id ∧ a.caller == b.caller`, for all pairs that aren't plainly independent. */
export function conditionLines(matrix: ConflictMatrix): readonly string[] {
  const cells = matrix.rows.flat().filter((cell) => cell.symbol !== "never");
  const names = cells.map((cell) => `${cell.left} × ${cell.right}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  return cells.map((cell, i) => `${names[i].padEnd(width)}  ${cell.text}`);
}
