/**
 * The conflict matrix as a grid: a cell per pair of functions, which leads to what is known of the pair. The mark says the verdict, colour only
 * repeats it. It scrolls in its own box, so that a page is never wider than the screen.
 */
import type { ContractReport } from "../../../compiler/conflicts/report.ts";
import { SYMBOLS } from "../../../compiler/conflicts/matrix.ts";
import type { MatrixCell, MatrixSymbol } from "../../../compiler/conflicts/matrix.ts";
import { count } from "../../failure.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { functionId, pairId, VERDICT_WORDS } from "./names.ts";

export function matrixGrid({ name, matrix }: ContractReport): Markup {
  const columns = matrix.functions.map((func) => markup`<th scope="col"><span title="${func}">${func}</span></th>`);
  const rows = matrix.rows.map(
    (row, i) => markup`
<tr><th scope="row"><a href="#${functionId(name, matrix.functions[i])}">${matrix.functions[i]}</a></th>${row.map((cell) => gridCell(name, cell))}</tr>`,
  );
  return markup`<div class="scroll" tabindex="-1">
<table class="matrix" role="grid" aria-label="Conflict matrix of ${name}" aria-describedby="view-symbols-${name}">
<thead><tr><td></td>${columns}</tr></thead>
<tbody>${rows}
</tbody>
</table>
</div>`;
}

function gridCell(contract: string, { left, right, symbol, escrow }: MatrixCell): Markup {
  const { mark, meaning } = SYMBOLS[symbol];
  const also = escrow && symbol !== "escrow";
  const label = `${left} × ${right}: ${meaning}${also ? "; also add to shared cells" : ""}`;
  return markup`<td role="gridcell" class="${VERDICT_WORDS[symbol].tone}"><a href="#${pairId(contract, left, right)}" aria-label="${label}" title="${label}">${mark}${also ? markup`<i>+</i>` : ""}</a></td>`;
}

/** The symbols that occur, what they mean, and how often. */
export function matrixLegend({ name, matrix }: ContractReport): Markup {
  const counts = new Map<MatrixSymbol, number>();
  for (const { symbol } of matrix.rows.flat()) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const items = (["never", "escrow", "sometimes", "always", "unknown"] as const).map((symbol) => {
    const number = counts.get(symbol);
    if (number === undefined) return undefined;
    const { mark, meaning } = SYMBOLS[symbol];
    return markup`<li><span class="sign ${VERDICT_WORDS[symbol].tone}">${mark}</span> <span><b>${count(number, "pair")}:</b> ${meaning}</span></li>`;
  });
  const both = matrix.rows.flat().some(({ symbol, escrow }) => escrow && symbol !== "escrow");
  const small = both
    ? markup`<li><span class="sign amber">?<i>+</i></span> <span>a small + beside another symbol: they also add to shared cells</span></li>`
    : "";
  return markup`<ul class="legend" id="view-symbols-${name}">${items}${small}</ul>`;
}
