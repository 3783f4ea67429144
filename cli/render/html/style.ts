/** The style sheet of a page. Written for a phone first; wider screens get columns. No fonts and no pictures from elsewhere. */
import { DARK, LIGHT, properties, TONES } from "./palette.ts";

const TONE_RULES = TONES.map((tone) => `.${tone}{--on:var(--${tone}-ink);--under:var(--${tone}-tint)}`).join("\n");

export const STYLE = `
:root{color-scheme:light dark;${properties(LIGHT)}--bar:3.25rem}
@media (prefers-color-scheme:dark){:root{${properties(DARK)}}}
${TONE_RULES}
*{box-sizing:border-box}
html{scroll-padding-top:calc(var(--bar) + .75rem);-webkit-text-size-adjust:100%}
body{margin:0;overflow-wrap:break-word;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code,.sign,.number,mark{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.875em;overflow-wrap:anywhere}
.code{font-size:.8125rem}
a{color:var(--link);text-underline-offset:.15em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:2px}
h1,h2,h3,h4,h5{line-height:1.25;margin:0;font-weight:650;overflow-wrap:anywhere}
h1{font-size:1.0625rem}
h2{font-size:1.625rem}
h3{font-size:1.1875rem;margin:2rem 0 .75rem}
h4{font-size:1rem}
h5{font-size:.875rem;margin:1.25rem 0 .5rem}
p{margin:.5rem 0}
ul,ol{margin:0;padding:0;list-style:none}
abbr{text-decoration:none}
.dim,.where,.place{color:var(--dim)}
.dim,.where{font-size:.875rem}
.where,.pair p,.chains{overflow-wrap:anywhere}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;z-index:9;background:var(--ground);padding:.5rem}

header{position:sticky;top:0;z-index:5;background:var(--ground);border-bottom:1px solid var(--rule)}
header>div{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .5rem;max-width:84rem;margin:auto;padding:.5rem 1rem}
header h1{flex:1 1 6rem;min-width:0;max-height:2.5em;overflow:hidden}
nav{display:flex;margin-right:-.25rem}
nav a{padding:.25rem .7rem;border-radius:1rem;text-decoration:none;color:var(--ink);font-size:.9375rem}
nav a:hover{background:var(--panel)}
nav a[aria-current=true]{background:var(--blue-tint);color:var(--blue-ink);font-weight:600;box-shadow:inset 0 0 0 1px currentColor}
main{max-width:84rem;margin:auto;padding:1.25rem 1rem 4rem}
.contracts{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-bottom:1rem;font-size:.9375rem}
.contract+.contract{margin-top:3rem;padding-top:2rem;border-top:1px solid var(--rule)}
.contract>.place{font-size:.875rem}
.contract>.doc{max-width:60rem}
.js #view-conflicts,.js #view-footprints{scroll-margin-top:200vh}
.js[data-view=conflicts] .view-footprints,.js[data-view=footprints] .view-conflicts{display:none}

.sign{display:inline-block;min-width:1.6em;padding:0 .35em;border-radius:.25em;text-align:center;font-weight:700;line-height:1.5;color:var(--on,var(--dim));background:var(--under,var(--panel));white-space:nowrap}
.sign.plain{box-shadow:inset 0 0 0 1px var(--rule)}
.sign i{font-size:.75em;vertical-align:super;line-height:1;color:var(--green-ink);font-style:normal;margin-left:.1em}
.legend{display:flex;flex-wrap:wrap;gap:.375rem 1.5rem;margin:.75rem 0 1rem;font-size:.875rem}
.legend li{display:flex;gap:.5rem;align-items:baseline}
.legend b{white-space:nowrap}
.legend .sign,.legend .stage,.legend .guard{flex:none}

.scroll{overflow:auto;max-width:100%;max-height:75vh;border:1px solid var(--rule);border-radius:.5rem;background:var(--ground);width:fit-content}
.matrix{border-collapse:separate;border-spacing:0;font-size:.875rem}
.matrix th{font-weight:500;background:var(--ground);position:sticky;z-index:1;text-align:left;vertical-align:bottom}
.matrix thead th{top:0;padding:.5rem 0;border-bottom:1px solid var(--rule)}
.matrix thead td{position:sticky;top:0;left:0;z-index:2;background:var(--ground);border-bottom:1px solid var(--rule);border-right:1px solid var(--rule)}
.matrix thead span{display:block;writing-mode:vertical-rl;transform:rotate(180deg);margin:auto;max-height:6.5rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;line-height:1.2}
.matrix tbody th{left:0;border-right:1px solid var(--rule);padding:0 .625rem;max-width:9.5rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;vertical-align:middle}
.matrix tbody th a{color:inherit;text-decoration:none}
.matrix tbody th a:hover{text-decoration:underline}
.matrix tbody td{padding:1px}
.matrix td a{display:flex;align-items:center;justify-content:center;width:2.125rem;height:2.125rem;border-radius:.25rem;text-decoration:none;font:700 1rem/1 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:var(--on,var(--dim));background:var(--under,var(--panel))}
.matrix td a i{font-size:.6875rem;font-style:normal;align-self:flex-start;margin-top:.4em;color:var(--green-ink)}
.matrix td a:hover{box-shadow:inset 0 0 0 1px currentColor}
.matrix td[aria-selected=true] a{box-shadow:inset 0 0 0 2px var(--ink)}
.matrix td a:focus-visible{outline-offset:-4px}
.matrix th.on,.matrix th.on a{color:var(--link);text-decoration:underline;text-underline-offset:.2em}

.pair{border:1px solid var(--rule);border-radius:.5rem;margin:.5rem 0;padding:.625rem .875rem;background:var(--panel)}
.pair summary{cursor:pointer;list-style-position:outside;margin-left:1rem}
.pair summary h4,.pair.never h4{display:inline}
.pair .short{color:var(--dim);margin-left:.25rem}
.pair[open] .short{display:none}
.pair.never p{margin:.25rem 0 0}
.pair-name{overflow-wrap:anywhere}
.pair-body{scroll-margin-top:calc(var(--bar) + 4rem)}
.condition{margin:.5rem 0 1rem;padding:.5rem .75rem;border-left:3px solid var(--amber-ink);background:var(--ground)}
.all-pairs{display:none;font:inherit;font-size:.875rem;color:var(--link);background:none;border:1px solid var(--rule);border-radius:1rem;padding:.25rem .875rem;cursor:pointer;margin-top:.75rem}
.all-pairs:hover{border-color:currentColor}
.all-pairs[aria-pressed=true]{background:var(--blue-tint);color:var(--blue-ink)}
.js .all-pairs{display:inline-block}
.hint{display:none}
.js .hint{display:inline}
@media screen{
.js .pairs:not(.all) .pair:not(.chosen){display:none}
.js .pairs:not(.all) .pair summary{list-style:none;margin-left:0}
.js .pairs:not(.all) .pair summary::-webkit-details-marker{display:none}
}
.meeting{border:1px solid var(--rule);border-radius:.375rem;margin:.5rem 0;background:var(--ground)}
.meeting-head{margin:0;padding:.375rem .625rem;border-bottom:1px solid var(--rule);font-size:.875rem;display:flex;flex-wrap:wrap;gap:0 .5rem}
.meeting-head .cell{font-weight:700}
.meeting-head span{color:var(--dim)}
.meeting-head span code{color:var(--ink)}
.sides{display:grid;grid-template-columns:minmax(0,1fr)}
.side{padding:.5rem .625rem;min-width:0}
.side+.side{border-top:1px solid var(--rule)}
.side p{margin:0}
.side .code{margin:.25rem 0}
.where b{font-family:ui-monospace,Menlo,Consolas,monospace;color:var(--ink)}
.outward{margin:.75rem 0;padding:.5rem .75rem;border-left:3px solid var(--purple-ink);background:var(--ground)}
.outward p{margin:0 0 .25rem}

.claims>li{padding:.5rem 0;border-top:1px solid var(--rule)}
.claims>li:last-child{border-bottom:1px solid var(--rule)}
.claims p{margin:.125rem 0}
.claim{white-space:pre-wrap}
.claims .sign{font-family:inherit;font-size:.8125rem;margin-right:.25rem}

.code{display:block;white-space:pre-wrap;tab-size:2;unicode-bidi:isolate}
.claim.code{display:inline}
mark{font-size:1em;color:inherit;background:var(--under);border-bottom:2px solid var(--on);border-radius:.2em .2em 0 0;padding:.05em .1em;-webkit-box-decoration-break:clone;box-decoration-break:clone}
mark.grey{border-bottom-style:dotted}
mark.green,mark.teal{border-bottom-style:dashed}
mark::before{content:attr(data-mode);font-weight:700;font-size:.75em;color:var(--on);margin-right:.35em;vertical-align:.1em}

.index{border-collapse:collapse;font-size:.875rem;margin:.5rem 0 1.5rem}
.index th,.index td{text-align:left;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--rule);vertical-align:baseline;overflow-wrap:anywhere}
.index thead th{color:var(--dim);font-weight:500;font-size:.8125rem}
.index tbody th{font-weight:500}
.count{white-space:nowrap;margin-right:.5rem;font-size:.875rem}
.function{margin:0 0 2.25rem}
.function h4{font-size:1.0625rem}
.function h4 code{font-weight:650;font-size:.9375em}
.meta{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;margin:.25rem 0 .5rem;font-size:.875rem;color:var(--dim)}
.meta b{color:var(--ink)}
.kind{border:1px solid var(--rule);border-radius:1rem;padding:0 .6rem}
.doc{max-width:48rem;white-space:pre-line;overflow-wrap:anywhere}
.block{border:1px solid var(--rule);border-radius:.5rem;margin:.5rem 0;overflow:hidden}
.block-head{margin:0;padding:.375rem .75rem;background:var(--panel);border-bottom:1px solid var(--rule);font-size:.8125rem;display:flex;flex-wrap:wrap;gap:0 1rem;overflow-wrap:anywhere}
.chains{color:var(--dim);flex:1 1 12rem}
.source{padding:.375rem 0}
.source>li{display:grid;grid-template-columns:2.75rem minmax(0,1fr);padding:0 .5rem 0 0}
.source>li:target{background:var(--amber-tint)}
.number{grid-column:1;text-align:right;padding-right:.75rem;color:var(--dim);font-size:.75rem;line-height:1.65;user-select:none}
.source .code{grid-column:2;line-height:1.55;padding-left:2ch;text-indent:-2ch}
.notes{grid-column:2;margin:.125rem 0 .375rem;padding-left:.625rem;border-left:2px solid var(--rule);font-size:.875rem;line-height:1.6}
.notes .sign{font-size:.75rem}
.notes .cell{font-weight:600}
.gap{color:var(--dim);padding-left:1.75rem!important}
.amount{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em;color:var(--green-ink);overflow-wrap:anywhere}
.guard{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em;color:var(--blue-ink);overflow-wrap:anywhere}
.stage{border:1px solid currentColor;border-radius:1rem;padding:0 .5em;font-size:.875em;color:var(--amber-ink);white-space:nowrap}
.way{color:var(--dim)}

@media (min-width:48rem){
.sides{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.side+.side{border-top:0;border-left:1px solid var(--rule)}
.matrix tbody th{max-width:16rem}
.source{display:grid;grid-template-columns:3rem fit-content(62%) minmax(14rem,1fr)}
.source>li{grid-column:1/4;grid-template-columns:subgrid}
.touched .code{padding-right:1.5rem}
.matrix thead span{max-height:10rem}
.index{font-size:.9375rem}
.source>li:not(.touched) .code{grid-column:2/4}
.touched:hover{background:var(--panel)}
.notes{grid-column:3;margin:0 0 .125rem;padding-left:.75rem}
}
@media (min-width:68rem){
.split{display:grid;grid-template-columns:fit-content(52%) minmax(26rem,1fr);gap:2rem;align-items:start}
.split>:first-child{min-width:15rem}
.left-out{width:0;min-width:100%}
.split>*{min-width:0}
.split .pair:first-child,.split .pair.chosen{margin-top:0}
}
@media print{
html{font-size:11px}
header{position:static}
.sides{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.side+.side{border-top:0;border-left:1px solid var(--rule)}
.pair summary{list-style:none;margin-left:0}
.pair summary::-webkit-details-marker{display:none}
.matrix td[aria-selected=true] a{box-shadow:none}
.matrix th.on,.matrix th.on a{color:inherit;text-decoration:none}
nav,.skip,.all-pairs,.hint,.contracts{display:none!important}
.js .view-conflicts,.js .view-footprints{display:block!important}
.scroll{max-height:none;overflow:visible;border:0}
.split{display:block}
.pair::details-content{content-visibility:visible;block-size:auto}
.pair .short{display:none}
.meeting,.source>li,.claims>li,tr{break-inside:avoid}
h3,h4,h5,.block-head{break-after:avoid}
.sign,mark,.matrix td a{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`;
