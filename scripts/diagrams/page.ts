/** docs/grammar.html: all diagrams of the grammar on one page that needs nothing else. */
import { grammarDiagrams } from "./grammar.ts";
import { escapeText, railroad } from "./railroad.ts";

const STYLE = `
:root { color-scheme: light dark; --ink: #222; --back: #fff; --token: #e4f0e2; --rule: #e5eaf6; --line: #888; }
@media (prefers-color-scheme: dark) { :root { --ink: #ddd; --back: #181818; --token: #24382a; --rule: #263048; --line: #888; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); margin: 2em auto; max-width: 70em; padding: 0 1em; }
h2 { font-size: 1.05em; margin: 1.6em 0 0.3em; }
nav { columns: 12em; }
nav a, svg a { color: inherit; }
figure { margin: 0; overflow-x: auto; }
svg text { font: 13px ui-monospace, monospace; fill: var(--ink); text-anchor: middle; }
svg path { fill: none; stroke: var(--line); stroke-width: 1.5; }
svg rect { stroke: var(--line); }
.token { fill: var(--token); }
.rule { fill: var(--rule); }
`;

const INTRODUCTION = `A file is read from left to right along the tracks. Round boxes are tokens, written as they are; <i>name</i>, <i>number</i>, <i>string</i> and
<i>address</i> stand for any of their kind. Square boxes are rules with a diagram of their own. Comments and white space may stand between any two tokens.
The diagrams are made from the parser, so they show what it reads; what it reads may still be refused later, and
<a href="language.md">the language reference</a> says what it means. Words of tests (<code>as</code> after a call, <code>deploy</code>, <code>assert</code>,
<code>expect</code>, <code>advance</code>, <code>block</code>, <code>fuzz</code>) are read only inside tests (<code>assert</code> in invariants, too), and are names elsewhere.`;

export function grammarPage(): string {
  const diagrams = grammarDiagrams();
  const links = diagrams.map(({ name, id }) => `<a href="#${id}">${escapeText(name)}</a><br>`).join("\n");
  const figures = diagrams.map(({ name, id, track }) => {
    return `<h2 id="${id}">${escapeText(name)}</h2>\n<figure>${railroad(track, `Diagram of ${name}`)}</figure>\n`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The grammar of Weft</title>
<style>${STYLE}</style>
</head>
<body>
<h1>The grammar of Weft</h1>
<p>${INTRODUCTION}</p>
<nav>
${links}
</nav>
${figures.join("")}</body>
</html>
`;
}
