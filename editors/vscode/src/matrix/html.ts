/**
 * The panel's content as HTML: the matrix as a table with headings, then every pair that the function at the cursor is part of. All text of the program
 * is escaped; there are no scripts, styles or addresses in here, and what a click leads to is a number of `places`, so that a hostile name can't be one.
 */
import { pairOf } from "./model.ts";
import type { Claim, Matrix, Meeting, Pair, Place, Side, Verdict } from "./model.ts";

export interface Shown {
  readonly html: string;
  /** One line for people who listen: what changed with the cursor. */
  readonly status: string;
  /** What the buttons with `data-place` lead to, by number. */
  readonly places: readonly Place[];
}

interface Words {
  readonly sign: string;
  readonly short: string;
}

/** Told by sign and word, never by colour alone. */
const VERDICT_WORDS: Readonly<Record<Verdict, Words>> = {
  never: { sign: "·", short: "never wait for each other" },
  escrow: { sign: "+", short: "add to shared cells: wait only when the sums don't clear" },
  sometimes: { sign: "?", short: "wait when the condition holds" },
  always: { sign: "#", short: "always wait for each other" },
  unknown: { sign: "~", short: "may meet in other contracts" },
};

const MODES: ReadonlyMap<string, string> = new Map([
  ["R", "reads"],
  ["W", "writes"],
  ["Δ", "adds to"],
  ["T", "draws a number of"],
]);

export interface Choice {
  /** The pair that is opened; undefined: those of the function at the cursor. */
  readonly pair: readonly [string, string] | undefined;
}

export function showMatrix(matrix: Matrix, choice: Choice): Shown {
  const places: Place[] = [];
  const parts = [
    `<h1>${escape(matrix.contract)}</h1>`,
    matrix.stale ? `<p class="stale" role="status">The file has errors. This is what held before them.</p>` : "",
    matrix.functions.length === 0
      ? `<p>${escape(matrix.contract)} has no functions that can be called from outside.</p>`
      : table(matrix, choice, places),
    matrix.omitted.length === 0 ? "" : `<p>Left out: ${matrix.omitted.map((name) => `<code>${escape(name)}</code>`).join(", ")}.</p>`,
    details(matrix, choice, places),
    claims(matrix.claims, places),
    legend(),
  ];
  return { html: parts.filter((part) => part !== "").join("\n"), status: statusOf(matrix), places };
}

function statusOf({ contract, current, pairs }: Matrix): string {
  if (current === undefined) return contract;
  const mine = pairs.filter(({ left, right }) => left === current || right === current);
  const waiting = mine.filter(({ verdict }) => verdict !== "never" && verdict !== "escrow");
  return `${contract}.${current} may wait for ${String(waiting.length)} of ${String(mine.length)} functions`;
}

/** Where there is no matrix. */
export function showMessage(text: string): Shown {
  return { html: `<p class="empty">${escape(text)}</p>`, status: text, places: [] };
}

// --- the table -----------------------------------------------------------------------------------------------------

function table(matrix: Matrix, choice: Choice, places: Place[]): string {
  const pairs = new Map(
    matrix.pairs.flatMap((pair) => [[keyOf(pair.left, pair.right), pair] as const, [keyOf(pair.right, pair.left), pair] as const]),
  );
  const numbers = matrix.functions.map(
    (_, at) => `<th scope="col" aria-label="${escape(matrix.functions[at].name)}">${String(at + 1)}</th>`,
  );
  const rows = matrix.functions.map(({ name, place }, row) => {
    const isCurrent = name === matrix.current;
    const label = `<span class="number">${String(row + 1)}</span> ${link(name, place, places)}`;
    const cells = matrix.functions.slice(0, row + 1).map(({ name: other }) => cell(pairs.get(keyOf(name, other)), choice));
    const rest = matrix.functions.length - row - 1;
    const filler = rest === 0 ? "" : `<td colspan="${String(rest)}"></td>`;
    return `<tr${isCurrent ? ' class="current" aria-current="true"' : ""}><th scope="row">${label}</th>${cells.join("")}${filler}</tr>`;
  });
  return [
    // No caption of the table, which would be cut where the table is wider than the panel.
    `<p class="question" id="question">When do two calls of one contract wait for each other?</p>`,
    `<div class="scroll" tabindex="0" role="region" aria-label="Conflict matrix of ${escape(matrix.contract)}">`,
    `<table aria-describedby="question">`,
    `<thead><tr><td></td>${numbers.join("")}</tr></thead>`,
    `<tbody>${rows.join("")}</tbody></table></div>`,
  ].join("");
}

function cell(pair: Pair | undefined, { pair: chosen }: Choice): string {
  if (pair === undefined) return "<td></td>";
  const { sign, short } = VERDICT_WORDS[pair.verdict];
  const isChosen = chosen !== undefined && isPairOf(pair, chosen);
  const label = `${pair.left} and ${pair.right} ${short}`;
  const names = `data-left="${escape(pair.left)}" data-right="${escape(pair.right)}"`;
  return `<td><button type="button" class="cell ${pair.verdict}" ${names} aria-pressed="${String(isChosen)}" aria-label="${escape(label)}" title="${escape(label)}">${sign}</button></td>`;
}

// --- pairs ---------------------------------------------------------------------------------------------------------

function details(matrix: Matrix, choice: Choice, places: Place[]): string {
  if (choice.pair !== undefined) {
    const pair = pairOf(matrix, choice.pair[0], choice.pair[1]);
    if (pair !== undefined) return `<section aria-label="The chosen pair">${one(pair, places, "open")}</section>`;
  }
  const { current } = matrix;
  if (current === undefined) return `<p class="hint">Move the cursor into a function, or choose a cell, to see what is shared.</p>`;
  const mine = matrix.pairs.filter(({ left, right }) => left === current || right === current);
  const waiting = mine.filter(({ verdict }) => verdict !== "never");
  const free = mine.filter(({ verdict }) => verdict === "never");
  const list = waiting.map((pair) => one(pair, places, "closed")).join("");
  const others = free.map(({ left, right }) => `<code>${escape(left === current ? right : left)}</code>`).join(", ");
  const never = free.length === 0 ? "" : `<p>Never waits for ${others}.</p>`;
  return `<section aria-label="Pairs of the function at the cursor"><h2><code>${escape(current)}</code></h2>${list}${never}</section>`;
}

function one(pair: Pair, places: Place[], state: "open" | "closed"): string {
  const { sign, short } = VERDICT_WORDS[pair.verdict];
  const head = `<span class="sign ${pair.verdict}" aria-hidden="true">${sign}</span> <code>${escape(pair.left)}</code> × <code>${escape(pair.right)}</code>`;
  const condition =
    pair.verdict === "sometimes" ? `<p class="condition"><code>${escape(pair.condition)}</code></p>` : `<p>${escape(short)}</p>`;
  const clashes = pair.clashes.length === 0 ? "" : `<h3>Where they meet</h3>${meetings(pair.clashes, places)}`;
  const adds = pair.adds.length === 0 ? "" : `<h3>Where both add</h3>${meetings(pair.adds, places)}`;
  return `<details${state === "open" ? " open" : ""}><summary>${head}</summary>${condition}${clashes}${adds}</details>`;
}

function meetings(all: readonly Meeting[], places: Place[]): string {
  const items = all.map(({ condition, left, right }) => {
    const when = condition === "always" ? "" : ` <span class="when">when <code>${escape(condition)}</code></span>`;
    return `<li>${side("a", left, places)}; ${side("b", right, places)}${when}</li>`;
  });
  return `<ul>${items.join("")}</ul>`;
}

function side(call: string, { mode, path, place }: Side, places: Place[]): string {
  return `<i>${call}</i> ${escape(MODES.get(mode) ?? mode)} ${link(path, place, places)}`;
}

function claims(all: readonly Claim[], places: Place[]): string {
  if (all.length === 0) return "";
  const items = all.map(({ left, right, proved, place }) => {
    const verdict = proved ? "proved" : "not proved";
    return `<li class="${proved ? "proved" : "refuted"}">${link(`parallel (${left}, ${right})`, place, places)}: ${verdict}</li>`;
  });
  return `<section aria-label="Parallel assertions"><h2>Assertions</h2><ul>${items.join("")}</ul></section>`;
}

function legend(): string {
  const items = Object.values(VERDICT_WORDS).map(({ sign, short }) => `<dt>${sign}</dt><dd>${escape(short)}</dd>`);
  return `<details class="legend"><summary>Signs</summary><dl>${items.join("")}</dl></details>`;
}

// --- helpers -------------------------------------------------------------------------------------------------------

function link(text: string, place: Place | undefined, places: Place[]): string {
  if (place === undefined) return `<code>${escape(text)}</code>`;
  places.push(place);
  return `<button type="button" class="link" data-place="${String(places.length - 1)}"><code>${escape(text)}</code></button>`;
}

function keyOf(left: string, right: string): string {
  return `${left}\u0000${right}`;
}

function isPairOf({ left, right }: Pair, [one, other]: readonly [string, string]): boolean {
  return (left === one && right === other) || (left === other && right === one);
}

export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}
