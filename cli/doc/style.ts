/** The style sheet of documentation pages. Written for a phone first; wider screens get the list of pages beside the text. */
import { DARK, LIGHT, properties } from "../render/html/palette.ts";

export const DOC_STYLE = `
:root{color-scheme:light dark;${properties(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${properties(DARK)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;overflow-wrap:anywhere;background:var(--ground);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.875em}
code{overflow-wrap:anywhere;background:var(--panel);border-radius:.25rem;padding:.1em .3em}
h1 code,h2 code,h3 code,h4 code{background:none;padding:0;font-size:1em}
pre{background:var(--panel);border:1px solid var(--rule);border-radius:.5rem;padding:.75rem 1rem;overflow:auto;max-height:32rem;line-height:1.5}
pre code{background:none;padding:0;font-size:1em;overflow-wrap:normal}
a{color:var(--link);text-underline-offset:.15em}
code a{text-decoration-style:dotted}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--ground);padding:.5rem}
h1,h2,h3,h4,h5,h6{line-height:1.3;font-weight:650;overflow-wrap:anywhere}
h1{font-size:1.75rem;margin:0 0 .75rem}
main h2{font-size:1.3125rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--rule)}
main h3{font-size:1.0625rem;margin:2rem 0 .5rem}
h4,h5,h6{font-size:1rem;margin:1.25rem 0 .25rem}
p,ul,ol,blockquote{margin:.5rem 0}
ul,ol{padding-left:1.5rem}
li{margin:.125rem 0}
blockquote{border-left:3px solid var(--rule);padding-left:1rem;color:var(--dim)}
hr{border:0;border-top:1px solid var(--rule);margin:1.5rem 0}
.dim{color:var(--dim)}
.anchor{color:var(--dim);text-decoration:none;font-weight:400;margin-left:.25rem}
main :target{background:var(--amber-tint)}
.scroll{overflow-x:auto;max-width:100%;margin:.75rem 0}
table{border-collapse:collapse;font-size:.9375rem}
th,td{text-align:left;vertical-align:baseline;padding:.375rem 1rem .375rem 0;border-bottom:1px solid var(--rule);overflow-wrap:anywhere;min-width:5rem}
thead th{color:var(--dim);font-weight:500;font-size:.875rem}
summary{cursor:pointer;margin:.5rem 0}
.columns{max-width:80rem;margin:auto}
nav{padding:1rem;border-bottom:1px solid var(--rule);background:var(--panel);font-size:.9375rem}
nav h2{font-size:.8125rem;color:var(--dim);font-weight:600;margin:.75rem 0 .125rem}
nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0 1rem}
nav li{min-width:0;overflow-wrap:anywhere}
nav a{text-decoration:none}
nav a:hover{text-decoration:underline}
nav a[aria-current=page]{color:var(--ink);font-weight:650}
.home{margin:0;font-weight:650}
main{padding:1.5rem 1rem 4rem;min-width:0}
@media (min-width:56rem){
.columns{display:grid;grid-template-columns:15rem minmax(0,1fr)}
nav{border:0;border-right:1px solid var(--rule);background:none;position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem}
nav ul{display:block}
main{padding:1.5rem 2.5rem 4rem}
main>p,main>ul,main>ol,main>blockquote{max-width:48rem}
}
@media print{
html{font-size:11px}
nav,.skip,.anchor{display:none}
.columns{display:block}
pre{max-height:none;white-space:pre-wrap}
details::details-content{content-visibility:visible;block-size:auto}
h2,h3,h4{break-after:avoid}
tr,pre{break-inside:avoid}
}
`;
