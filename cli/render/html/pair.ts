/** What is known of a pair of functions: the condition in words, and each place where the two calls meet, with both lines of source. */
import { SYMBOLS } from "../../../compiler/conflicts/matrix.ts";
import type { ContractReport, ShownMeeting, ShownOutward, ShownPair, ShownPlace, ShownSide } from "../../../compiler/conflicts/report.ts";
import { count } from "../../failure.ts";
import { breakable, markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { pairId, VERDICT_WORDS } from "./names.ts";
import { codeOf, modeSign } from "./source.ts";

/** The address of a line in the footprint of a function, if it is shown there. */
export type LineLink = (func: string, place: ShownPlace) => { readonly href: string | undefined; readonly text: string };

export function pairList({ name, pairs, clashesPerPair }: ContractReport, link: LineLink): Markup {
  const waiting = pairs.filter(({ verdict }) => verdict !== "never");
  const others = pairs.filter(({ verdict }) => verdict === "never");
  return markup`<div class="pairs">
${waiting.map((pair) => pairDetails(name, pair, clashesPerPair, link))}
${others.map((pair) => neverPair(name, pair))}
</div>`;
}

function pairTitle({ leftName, rightName, verdict }: ShownPair): Markup {
  const { tone } = VERDICT_WORDS[verdict];
  return markup`<span class="sign ${tone}">${SYMBOLS[verdict].mark}</span> <span class="pair-name">${leftName} × ${rightName}</span>`;
}

function neverPair(contract: string, pair: ShownPair): Markup {
  return markup`<div class="pair never" id="${pairId(contract, pair.leftName, pair.rightName)}">
<h4>${pairTitle(pair)}</h4>
<p>${callsOf(pair)} never wait for each other: whatever their arguments, they touch no cell in ways that clash.</p>
</div>
`;
}

function pairDetails(contract: string, pair: ShownPair, limit: number, link: LineLink): Markup {
  const text = pair.escrow && pair.verdict !== "escrow" ? `${pair.condition} (escrow)` : pair.condition;
  // Those that wait have at least one place, here or in other contracts.
  const isCut = pair.clashes.length + pair.adds.length === 0 && pair.outward === undefined;
  const summary = pair.verdict === "escrow" ? "" : markup` <code class="short">${breakable(text)}</code>`;
  return markup`<details class="pair">
<summary><h4>${pairTitle(pair)}</h4>${summary}</summary>
<div class="pair-body" id="${pairId(contract, pair.leftName, pair.rightName)}">
${explanation(pair)}
${outwardText(pair.outward, pair.leftName, pair.rightName, { left: "a", right: "b" }, link)}
${isCut ? NO_ROOM : markup`${clashList(pair, limit, link)}${escrowList(pair, link)}`}
</div>
</details>
`;
}

const NO_ROOM = markup`<p class="dim">There is no room here to list the places; <code>weft conflicts --json</code> does.</p>`;

function callsOf({ leftName, rightName, left, right }: ShownPair): Markup {
  return left === right
    ? markup`Two calls <b>a</b> and <b>b</b> of <code>${leftName}</code>`
    : markup`A call <b>a</b> of <code>${leftName}</code> and a call <b>b</b> of <code>${rightName}</code>`;
}

function explanation(pair: ShownPair): Markup {
  switch (pair.verdict) {
    case "never":
    case "escrow":
      return markup`<p>${callsOf(pair)} never wait for each other as long as the sums clear: all they share is adding to the same cells.</p>`;
    case "always":
      return markup`<p>${callsOf(pair)} of one contract always wait for each other.</p>`;
    case "sometimes":
    case "unknown":
      return markup`<p>${callsOf(pair)} wait for each other when</p>
<p class="condition"><code>${breakable(pair.condition)}</code></p>`;
  }
}

function clashList(pair: ShownPair, limit: number, link: LineLink): Markup {
  if (pair.clashes.length === 0) return markup``;
  const cut = pair.clashes.length >= limit ? markup`<p class="dim">The first ${limit} are listed.</p>` : "";
  const names = { left: pair.leftName, right: pair.rightName };
  return markup`<h5>Where they clash: ${count(pair.clashes.length, "place")}</h5>
${pair.clashes.map((meeting) => meetingCard(meeting, names, { left: "a", right: "b" }, link))}
${cut}`;
}

function escrowList(pair: ShownPair, link: LineLink): Markup {
  if (!pair.escrow) return markup``;
  const names = { left: pair.leftName, right: pair.rightName };
  return markup`<h5><span class="sign green">+</span> Where both add (escrow)</h5>
<p class="dim">Adds don’t wait for each other while every sum is sure to clear; one that might fail is ordered like a write.</p>
${pair.adds.map((meeting) => meetingCard(meeting, names, { left: "a", right: "b" }, link))}`;
}

interface Two {
  readonly left: string;
  readonly right: string;
}

/** Two accesses side by side. */
export function meetingCard({ cell, condition, left, right, bothWays }: ShownMeeting, names: Two, binders: Two, link: LineLink): Markup {
  const when = condition === "always" ? "in any two calls" : markup`when <code>${breakable(condition)}</code>`;
  return markup`<div class="meeting">
<p class="meeting-head"><code class="cell">${cell}</code> <span>${when}${bothWays ? "; or the other way round" : ""}</span></p>
<div class="sides">
${sideOf(left, names.left, binders.left, link)}
${sideOf(right, names.right, binders.right, link)}
</div>
</div>
`;
}

function sideOf({ mode, path, at }: ShownSide, func: string, binder: string, link: LineLink): Markup {
  return markup`<div class="side">
<p>${modeSign(mode)} <code class="cell">${breakable(path)}</code></p>
${at === undefined ? "" : codeOf(at.line)}
<p class="where"><b>${binder}</b> ${func}${at === undefined ? "" : markup` · ${placeLink(func, at, link)}`}</p>
</div>`;
}

export function placeLink(func: string, at: ShownPlace, link: LineLink): Markup {
  const { href, text } = link(func, at);
  return href === undefined ? markup`<span class="place">${text}</span>` : markup`<a class="place" href="#${href}">${text}</a>`;
}

/** Cells of other contracts, which no condition speaks of. */
export function outwardText(outward: ShownOutward, left: string, right: string, binders: Two, link: LineLink): Markup {
  if (outward === undefined) return markup``;
  if (outward.alone) {
    const made = (at: ShownPlace | undefined, func: string, binder: string): Markup =>
      at === undefined
        ? markup``
        : markup`<li><b>${binder}</b> <code>${func}</code> makes a contract: ${codeOf(at.line)} ${placeLink(func, at, link)}</li>`;
    return markup`<div class="outward">
<p>A call that makes a contract runs alone in its place of the block.</p>
<ul>${made(outward.left, left, binders.left)}${made(outward.right, right, binders.right)}</ul>
</div>`;
  }
  const side = (at: ShownPlace | undefined, func: string, binder: string): Markup =>
    at === undefined
      ? markup`<li><b>${binder}</b> <code>${func}</code> moves or reads coin of accounts.</li>`
      : markup`<li><b>${binder}</b> <code>${func}</code> runs code of another contract: ${codeOf(at.line)} ${placeLink(func, at, link)}</li>`;
  return markup`<div class="outward">
<p><span class="sign purple">!</span> They may meet in other contracts. What is there only the runtime knows: before the calls run it asks the plan of the code at the target.</p>
<ul>${side(outward.left, left, binders.left)}${side(outward.right, right, binders.right)}</ul>
</div>`;
}
