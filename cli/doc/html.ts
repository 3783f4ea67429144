/** Pages as HTML: each stands alone, without scripts, fonts or pictures; its policy forbids all of them. Text is escaped by `markup`, the one way to make HTML. */
import { breakable, escapeHtml, markup, trusted } from "../render/html/markup.ts";
import type { Markup } from "../render/html/markup.ts";
import type { Block, Blocks, DocPage, Href, Inline, Inlines } from "./blocks.ts";
import { plainText } from "./blocks.ts";
import { DOC_STYLE } from "./style.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const GROUPS: readonly (readonly [DocPage["group"], string])[] = [
  ["contracts", "Contracts"],
  ["interfaces", "Interfaces"],
  ["mixins", "Mixins"],
  ["types", "More"],
];

export function renderHtml(page: DocPage, all: readonly DocPage[], title: string): string {
  const name = page.group === "index" ? title : `${page.title} · ${title}`;
  const { html } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="weft">
<title>${name}</title>
<style>${trusted(DOC_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<div class="columns">
<nav aria-label="Pages">
<p class="home"><a href="index.html"${current(page.group === "index")}>${title}</a></p>
${GROUPS.map(([group, words]) => pageList(page, all, group, words))}
${onThisPage(page)}
</nav>
<main id="main">
${page.blocks.map(blockHtml)}
</main>
</div>
</body>
</html>
`;
  return html;
}

function current(is: boolean): Markup {
  return is ? markup` aria-current="page"` : markup``;
}

function pageList(page: DocPage, all: readonly DocPage[], group: DocPage["group"], words: string): Markup {
  const pages = all.filter((each) => each.group === group);
  if (pages.length === 0) return markup``;
  return markup`<h2>${words}</h2>
<ul>${pages.map((each) => markup`<li><a href="${each.page}.html"${current(each.page === page.page)}>${each.title}</a></li>`)}</ul>
`;
}

/** The headings that have an address, of the first two levels below the title. */
function onThisPage({ blocks }: DocPage): Markup {
  const headings = blocks.flatMap((block) => (block.kind === "heading" && block.id !== undefined && block.level === 2 ? [block] : []));
  if (headings.length < 2) return markup``;
  return markup`<h2>On this page</h2>
<ul>${headings.map(({ id, inlines }) => markup`<li><a href="#${id}">${plainText(inlines)}</a></li>`)}</ul>
`;
}

function blockHtml(block: Block): Markup {
  switch (block.kind) {
    case "heading": {
      const tag = trusted(`h${block.level}`);
      const id = block.id === undefined ? "" : markup` id="${block.id}"`;
      const anchor =
        block.id === undefined || block.level === 1
          ? ""
          : markup` <a class="anchor" href="#${block.id}" aria-label="Link to ${plainText(block.inlines)}">#</a>`;
      return markup`<${tag}${id}>${inlinesHtml(block.inlines)}${anchor}</${tag}>
`;
    }
    case "paragraph":
      return markup`<p>${inlinesHtml(block.inlines)}</p>
`;
    case "list": {
      const tag = trusted(block.ordered ? "ol" : "ul");
      return markup`<${tag}>${block.items.map(
        (item) => markup`<li>${itemHtml(item)}</li>
`,
      )}</${tag}>
`;
    }
    case "fence":
      return markup`<pre tabindex="0"><code>${block.text}</code></pre>
`;
    case "quote":
      return markup`<blockquote>${block.blocks.map(blockHtml)}</blockquote>
`;
    case "table":
      return markup`<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>
<thead><tr>${block.head.map((cell) => markup`<th scope="col">${inlinesHtml(cell)}</th>`)}</tr></thead>
<tbody>${block.rows.map(
        (row) => markup`
<tr>${row.map((cell) => markup`<td>${inlinesHtml(cell)}</td>`)}</tr>`,
      )}
</tbody></table></div>
`;
    case "details":
      return markup`<details><summary>${block.summary}</summary>
${block.blocks.map(blockHtml)}</details>
`;
    case "rule":
      return markup`<hr>
`;
  }
}

/** A single paragraph needs no tags of its own. */
function itemHtml(item: Blocks): Markup {
  const [only] = item;
  return item.length === 1 && only.kind === "paragraph" ? inlinesHtml(only.inlines) : markup`${item.map(blockHtml)}`;
}

function inlinesHtml(inlines: Inlines): Markup {
  return markup`${inlines.map(inlineHtml)}`;
}

function inlineHtml(inline: Inline): Markup {
  switch (inline.kind) {
    case "text":
      return markup`${inline.text}`;
    case "code":
      return markup`<code dir="ltr">${inline.pieces.map(({ text, href }) => (href === undefined ? breakable(text) : link(href, breakable(text))))}</code>`;
    case "strong":
      return markup`<strong>${inlinesHtml(inline.inlines)}</strong>`;
    case "emphasis":
      return markup`<em>${inlinesHtml(inline.inlines)}</em>`;
    case "dim":
      return markup`<span class="dim">${inlinesHtml(inline.inlines)}</span>`;
    case "link":
      return link(inline.href, inlinesHtml(inline.inlines));
  }
}

function link(href: Href, words: Markup): Markup {
  if (href.kind === "web") return markup`<a href="${href.url}" rel="noopener noreferrer nofollow">${words}</a>`;
  return markup`<a href="${trusted(escapeHtml(href.page))}.html${href.anchor === undefined ? "" : `#${href.anchor}`}">${words}</a>`;
}
