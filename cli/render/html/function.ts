/** The footprint of a function over its source: each access marked in its line, and beside it the cell, the amount, the condition and how its key is known. */
import type { ContractReport, FunctionReport, ShownRow } from "../../../compiler/conflicts/report.ts";
import type { CallPlace, SourceBlock, SourceLine } from "../../../compiler/footprint/source.ts";
import { count } from "../../failure.ts";
import { breakable, markup } from "./markup.ts";
import type { Markup, Part } from "./markup.ts";
import { functionId, MODES } from "./names.ts";
import type { PathNames } from "./names.ts";
import { codeOf, modeSign } from "./source.ts";

export function functionList({ name, functions, moreFunctions }: ContractReport, paths: PathNames): Markup {
  const more = moreFunctions === 0 ? "" : markup`<p class="dim">${count(moreFunctions, "more function")} not shown.</p>`;
  return markup`${functionIndex(name, functions)}
${functions.map((func) => functionArticle(name, func, paths))}
${more}`;
}

function functionIndex(contract: string, functions: readonly FunctionReport[]): Markup {
  const rows = functions.map(
    (func) => markup`
<tr><th scope="row"><a href="#${functionId(contract, func.name)}">${func.name}</a></th><td>${modeCounts(func)}</td><td class="cost">${func.cost}</td></tr>`,
  );
  return markup`<table class="index">
<thead><tr><th scope="col">Function</th><th scope="col">Accesses</th><th scope="col">Cost</th></tr></thead>
<tbody>${rows}
</tbody>
</table>`;
}

function modeCounts({ rows }: FunctionReport): Part {
  const found = MODES.map((mode) => ({ mode, count: rows.filter((row) => row.mode === mode).length })).filter(({ count }) => count > 0);
  if (found.length === 0) return markup`<span class="dim">none</span>`;
  return found.map(({ mode, count }) => markup`<span class="count">${modeSign(mode)} ${count}</span> `);
}

function functionArticle(contract: string, func: FunctionReport, paths: PathNames): Markup {
  const kind = func.role === "init" ? "" : markup`<span class="kind">${func.mutability === "write" ? "pub" : func.mutability}</span>`;
  const empty = func.rows.length + func.more === 0 ? markup`<p class="dim">Touches no state.</p>` : "";
  const more = func.more === 0 ? "" : markup`<p class="dim">${count(func.more, "more row")} not shown.</p>`;
  return markup`<article class="function" id="${functionId(contract, func.name)}">
<h4><code>${func.signature}</code></h4>
<p class="meta">${kind} <span>cost at most <b>${func.cost}</b></span> <span class="counts">${modeCounts(func)}</span></p>
${func.undo === "" ? "" : markup`<p class="dim undo">${func.undo}</p>`}
${func.doc === "" ? "" : markup`<p class="doc">${func.doc}</p>`}
${empty}
${func.blocks.map((block) => sourceBlock(contract, func, block, paths))}
${more}
</article>
`;
}

function sourceBlock(contract: string, func: FunctionReport, block: SourceBlock, paths: PathNames): Markup {
  const severalWays = block.chains.length > 1;
  const rows = block.lines.map((line, i) => {
    const gap = i > 0 && line.number > block.lines[i - 1].number + 1 ? markup`<li class="gap" aria-hidden="true">⋯</li>` : "";
    return markup`${gap}${sourceRow(contract, func, block, line, severalWays, paths)}`;
  });
  const unseen =
    func.rows.length > 0 && block.lines.length === 0 ? markup`<p class="dim">Its source isn’t shown, for want of room.</p>` : "";
  return markup`<div class="block">
${blockTitle(func, block, paths)}
<ol class="source">${rows}</ol>${unseen}
</div>`;
}

/** Where the text stands, and how the function gets there when it is another's. */
function blockTitle(func: FunctionReport, { func: owner, path, chains, lines }: SourceBlock, paths: PathNames): Markup {
  const file = paths.short(path);
  const own = owner?.id === func.func;
  const place = markup`<span class="place">${file}${lines.length === 0 ? "" : `:${lines[0].number}`}</span>`;
  if (own) return markup`<p class="block-head">${place}</p>`;
  if (owner === undefined) return markup`<p class="block-head">declared outside of functions ${place}</p>`;
  const what = owner.role === "guard" ? "guard" : owner.role === "free" ? "free function" : "function";
  const ways = chains.map((chain) => markup`<li>${chainText(chain, paths)}</li>`);
  return markup`<div class="block-head"><span>${what} <code>${owner.name}</code></span> ${place}<ul class="chains">${ways}</ul></div>`;
}

function chainText(chain: readonly CallPlace[], paths: PathNames): Part {
  return chain.map(({ func, path, line }, i) => markup`${i === 0 ? "called in " : " › "}<code>${func}</code> ${paths.short(path)}:${line}`);
}

function sourceRow(
  contract: string,
  func: FunctionReport,
  block: SourceBlock,
  line: SourceLine,
  severalWays: boolean,
  paths: PathNames,
): Markup {
  const notes = line.rows.map((index) => accessNote(func.rows[index], severalWays));
  const id = paths.lineId(contract, func.name, block.path, line.number);
  const list = notes.length === 0 ? "" : markup`<ul class="notes">${notes}</ul>`;
  return markup`
<li id="${id}"${notes.length === 0 ? "" : markup` class="touched"`}><span class="number">${line.number}</span>${codeOf(line)}${list}</li>`;
}

function accessNote(row: ShownRow, severalWays: boolean): Markup {
  const way =
    severalWays && row.via.length > 0 ? markup` <span class="way">by line ${row.via.map(({ line }) => line).join(" › ")}</span>` : "";
  return markup`<li title="${row.place}">${modeSign(row.mode)} <code class="cell">${breakable(row.path)}</code>${extra("amount", row.amount)}${extra("guard", row.guard === "" ? "" : `if ${row.guard}`)}${row.stage === "static" ? "" : extra("stage", row.stage)}${way}</li>`;
}

function extra(name: string, text: string): Markup {
  return text === "" ? markup`` : markup` <span class="${name}">${breakable(text)}</span>`;
}

export function modeLegend(): Markup {
  const entry = (signs: Part, text: string): Markup => markup`<li>${signs} ${text}</li>`;
  return markup`<ul class="legend">
${entry(modeSign("R"), "reads")}
${entry(modeSign("W"), "writes")}
${entry(modeSign("Δ"), "adds; commutes with other adds")}
${entry([modeSign("|"), modeSign("&"), modeSign("min"), modeSign("max")], "updates; commute with their own kind")}
${entry(modeSign("T"), "draws a number")}
${entry(modeSign("call"), "runs code of another contract")}
${entry(markup`<span class="guard">if …</span>`, "touched only when this holds")}
${entry(markup`<span class="stage">staged</span>`, "the key is read from state")}
${entry(markup`<span class="stage">wide</span>`, "the key is known only when the call gets there")}
</ul>`;
}
