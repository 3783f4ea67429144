/** Pages as Markdown. What isn't meant as a mark is escaped, HTML above all: who shows the page may let HTML through. */
import { isInvisible } from "../render/width.ts";
import type { Block, Blocks, DocPage, Href, Inline, Inlines } from "./blocks.ts";

export function renderMarkdown({ blocks }: DocPage): string {
  return `${blocksText(blocks)}\n`;
}

function blocksText(blocks: Blocks): string {
  return blocks.map(blockText).join("\n\n");
}

function blockText(block: Block): string {
  switch (block.kind) {
    case "heading": {
      const line = `${"#".repeat(block.level)} ${oneLine(block.inlines)}`;
      return block.id === undefined ? line : `<a id="${block.id}"></a>\n\n${line}`;
    }
    case "paragraph":
      return atStart(inlinesText(block.inlines));
    case "list":
      return block.items.map((item, i) => itemText(blocksText(item), block.ordered ? `${i + 1}. ` : "- ")).join("\n");
    case "fence": {
      const longest = Math.max(2, ...[...block.text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
      const fence = "`".repeat(longest + 1);
      return `${fence}${block.language}\n${visible(block.text)}\n${fence}`;
    }
    case "quote":
      return indented(blocksText(block.blocks), "> ", "> ");
    case "table":
      return [block.head, block.head.map(() => undefined), ...block.rows]
        .map((row) => `| ${row.map((cell) => (cell === undefined ? "---" : oneLine(cell).replaceAll(/\\?\|/g, "\\|"))).join(" | ")} |`)
        .join("\n");
    case "details":
      return `<details>\n<summary>${escaped(block.summary)}</summary>\n\n${blocksText(block.blocks)}\n\n</details>`;
    case "rule":
      return "---";
  }
}

function itemText(text: string, mark: string): string {
  return indented(text, mark, " ".repeat(mark.length));
}

function indented(text: string, first: string, others: string): string {
  return text
    .split("\n")
    .map((line, i) => (line === "" ? others.trimEnd() : `${i === 0 ? first : others}${line}`))
    .join("\n");
}

function oneLine(inlines: Inlines): string {
  return inlinesText(inlines).replaceAll("\n", " ");
}

function inlinesText(inlines: Inlines): string {
  // Behind a `!` a link would be a picture, which is fetched from its address whenever somebody reads the page.
  return inlines
    .map(inlineText)
    .reduce((before, next) => (before.endsWith("!") && next.startsWith("[") ? `${before.slice(0, -1)}\\!${next}` : before + next), "");
}

function inlineText(inline: Inline): string {
  switch (inline.kind) {
    case "text":
      return escaped(inline.text);
    case "code": {
      const [only] = inline.pieces;
      const words = codeText(inline.pieces.map(({ text }) => text).join(""));
      return inline.pieces.length === 1 && only.href !== undefined ? `[${words}](${address(only.href)})` : words;
    }
    case "strong":
      return `**${inlinesText(inline.inlines)}**`;
    case "emphasis":
      return `_${inlinesText(inline.inlines)}_`;
    case "dim":
      return inlinesText(inline.inlines);
    case "link":
      return `[${inlinesText(inline.inlines)}](${address(inline.href)})`;
  }
}

function codeText(text: string): string {
  if (text.trim() === "") return "";
  const line = visible(text).replaceAll("\n", " ");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  const room = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${room}${line}${room}${ticks}`;
}

function address(href: Href): string {
  if (href.kind === "web")
    return href.url.replaceAll(/[()\\<>]/g, (char) => encodeURIComponent(char).replace("(", "%28").replace(")", "%29"));
  return `${href.page}.md${href.anchor === undefined ? "" : `#${href.anchor}`}`;
}

function escaped(text: string): string {
  return visible(text).replaceAll(/[\\`*_[\]<>&|~]/g, (char) =>
    char === "<" ? "&lt;" : char === ">" ? "&gt;" : char === "&" ? "&amp;" : `\\${char}`,
  );
}

/** What would begin a heading, a list, a quote or a rule at the start of a line. */
function atStart(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimStart().replace(/^([#+=-]|\d+[.)])/, (mark) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`))
    .join("\n");
}

function visible(text: string): string {
  let out = "";
  for (const char of text)
    out +=
      isInvisible(char) && char !== "\n" && char !== "\t"
        ? `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`
        : char;
  return out;
}
