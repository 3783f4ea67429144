/**
 * The page of a file: for each contract the conflict matrix and its pairs, the assertions, and the footprints over the source. One text that needs nothing
 * else: style and script are inside, and its policy forbids to load anything or to run another script. A pure function: the same data, the same bytes.
 */
import { createHash } from "node:crypto";
import type { ContractReport, ShownPlace } from "../../../compiler/conflicts/report.ts";
import { claimList } from "./claims.ts";
import { functionList, modeLegend } from "./function.ts";
import { markup, trusted } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { matrixGrid, matrixLegend } from "./matrix.ts";
import { functionId, pathNames } from "./names.ts";
import type { PathNames } from "./names.ts";
import { pairList } from "./pair.ts";
import type { LineLink } from "./pair.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";

export interface PageData {
  /** As the author named it. */
  readonly file: string;
  readonly contracts: readonly ContractReport[];
  readonly open: {
    readonly view: "conflicts" | "footprints";
    /** Of a contract that is shown; undefined for the beginning. */
    readonly func: string | undefined;
  };
}

export function renderReport({ file, contracts, open }: PageData): string {
  const paths = pathNames([file, ...contracts.flatMap(pathsOf)]);
  const at = open.func === undefined ? undefined : contracts.find(({ functions }) => functions.some(({ name }) => name === open.func));
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(SCRIPT).digest("base64")}'; base-uri 'none'; form-action 'none'`;
  const { html } = markup`<!doctype html>
<html lang="en" data-open="${open.view}"${at === undefined || open.func === undefined ? "" : markup` data-at="${functionId(at.name, open.func)}"`}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="weft">
<title>${paths.short(file)}: conflicts and footprints</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#view-main">Skip to the contracts</a>
<header><div>
<h1>${paths.short(file)}</h1>
<nav aria-label="Views"><a href="#view-conflicts" data-view="conflicts">Conflicts</a><a href="#view-footprints" data-view="footprints">Footprints</a></nav>
</div></header>
<main id="view-main">
${contracts.length > 1 ? contractLinks(contracts) : ""}
${contracts.length === 0 ? markup`<p>This file declares no contract.</p>` : ""}
${contracts.map((report, index) => contractSection(report, paths, index === 0))}
</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
  return html;
}

function contractLinks(contracts: readonly ContractReport[]): Markup {
  return markup`<ul class="contracts" aria-label="Contracts">${contracts.map(({ name }) => markup`<li><a href="#${name}">${name}</a></li>`)}</ul>`;
}

function contractSection(report: ContractReport, paths: PathNames, first: boolean): Markup {
  const { name, doc, place } = report;
  const link = linksInto(report, paths);
  return markup`<section class="contract" id="${name}" aria-labelledby="view-name-${name}">
<h2 id="view-name-${name}">${name}</h2>
<p class="place">${paths.short(place.path)}:${place.line.number}</p>
${doc === "" ? "" : markup`<p class="doc">${doc}</p>`}
<section class="view-conflicts"${first ? markup` id="view-conflicts"` : ""}>
<h3>Conflicts</h3>
${conflicts(report, link)}
<h3>Assertions</h3>
${claimList(report, link)}
</section>
<section class="view-footprints"${first ? markup` id="view-footprints"` : ""}>
<h3>Footprints</h3>
${modeLegend()}
${functionList(report, paths)}
</section>
</section>
`;
}

function conflicts(report: ContractReport, link: LineLink): Markup {
  if (report.matrix.functions.length === 0) return markup`<p class="dim">It has no functions to call.</p>${leftOut(report)}`;
  return markup`<p>Which calls of one contract wait for each other, by pairs of functions.<span class="hint"> Choose a cell to see the condition and the places.</span></p>
${matrixLegend(report)}
<div class="split">
<div>
${matrixGrid(report)}
${leftOut(report)}
</div>
<div>
<p class="skip" role="status"></p>
${pairList(report, link)}
<button type="button" class="all-pairs" aria-pressed="false">Show all pairs</button>
</div>
</div>`;
}

/** Functions without a row in the matrix. */
function leftOut({ getters, matrix }: ContractReport): Markup {
  const names = (list: readonly string[]): Markup => markup`${list.map((name, i) => markup`${i === 0 ? "" : ", "}<code>${name}</code>`)}`;
  const some =
    getters.length === 0
      ? markup`<p class="dim left-out">Not in the matrix: <code>init</code>, which runs once.</p>`
      : markup`<p class="dim left-out">Not in the matrix: <code>init</code>, which runs once, and the getters ${names(getters)}, which read one field each. A <code>parallel</code> assertion can ask about a getter.</p>`;
  const many =
    matrix.omitted.length === 0
      ? ""
      : markup`<p class="dim left-out">Not in the matrix, since there are too many functions: ${names(matrix.omitted)}.</p>`;
  return markup`${some}${many}`;
}

function pathsOf({ place, pairs, functions }: ContractReport): readonly string[] {
  const sides = pairs.flatMap(({ clashes, adds }) => [...clashes, ...adds]).flatMap(({ left, right }) => [left.at?.path, right.at?.path]);
  return [place.path, ...functions.flatMap(({ blocks }) => blocks.map(({ path }) => path)), ...sides.filter((path) => path !== undefined)];
}

/** A place leads to its line in the footprint of its function, where that is shown. */
function linksInto({ name, functions }: ContractReport, paths: PathNames): LineLink {
  const shown = new Set(
    functions.flatMap((func) =>
      func.blocks.flatMap(({ path, lines }) => lines.map((line) => paths.lineId(name, func.name, path, line.number))),
    ),
  );
  return (func: string, { path, line }: ShownPlace) => {
    const id = paths.lineId(name, func, path, line.number);
    return { href: shown.has(id) ? id : undefined, text: `${paths.short(path)}:${line.number}` };
  };
}
