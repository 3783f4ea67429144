/** The `parallel` assertions of a contract: the text, whether it is proved, and if not, why. */
import type { ContractReport, ShownClaim } from "../../../compiler/conflicts/report.ts";
import { count } from "../../failure.ts";
import { breakable, markup } from "./markup.ts";
import type { Markup, Part } from "./markup.ts";
import { pairId } from "./names.ts";
import { meetingCard, outwardText, placeLink } from "./pair.ts";
import type { LineLink } from "./pair.ts";

export function claimList(report: ContractReport, link: LineLink): Markup {
  const { claims, moreClaims } = report;
  if (claims.length === 0) return markup`<p class="dim">This contract asserts nothing. <code>parallel (a: f, b: g);</code> would.</p>`;
  const proved = claims.filter((claim) => claim.proved).length;
  const more = moreClaims === 0 ? "" : markup`<p class="dim">${count(moreClaims, "more assertion")} not shown.</p>`;
  return markup`<p>${proved === claims.length ? count(proved, "assertion") : `${proved} of ${count(claims.length, "assertion")}`} proved.</p>
<ul class="claims">
${claims.map((claim) => claimItem(report, claim, link))}
</ul>
${more}`;
}

function claimItem(report: ContractReport, claim: ShownClaim, link: LineLink): Markup {
  const { leftName, rightName, proved, text, at } = claim;
  const verdict = proved ? markup`<span class="sign green">✓ proved</span>` : markup`<span class="sign red">✗ not proved</span>`;
  const pair = pairOf(report, leftName, rightName);
  const where = at === undefined ? "" : placeLink("", at, link);
  const toPair = pair === undefined ? "" : markup` · <a href="#${pair}">${leftName} × ${rightName}</a>`;
  return markup`<li>
<p>${verdict} <code class="code claim" dir="ltr">${text}</code></p>
<p class="where">${where}${toPair}</p>
${proved ? "" : reasons(claim, link)}</li>
`;
}

/** The matrix has a pair once, with the function that is declared first on the left; an assertion may name it the other way round. */
function pairOf({ name, matrix }: ContractReport, left: string, right: string): string | undefined {
  const [i, j] = [matrix.functions.indexOf(left), matrix.functions.indexOf(right)];
  if (i === -1 || j === -1) return undefined;
  return i <= j ? pairId(name, left, right) : pairId(name, right, left);
}

function reasons({ why, example, open, outward, leftName, rightName, binders }: ShownClaim, link: LineLink): Markup {
  const names = { left: leftName, right: rightName };
  const help = why?.help === undefined ? "" : markup`<p><b>Help:</b> ${prose(why.help)}</p>`;
  const shown = example === "" ? "" : markup`<p>For example when <code>${breakable(example)}</code></p>`;
  return markup`${why === undefined ? "" : markup`<p>${prose(why.message)}</p>`}${shown}${help}
${outwardText(outward, leftName, rightName, binders, link)}
${open.map((meeting) => meetingCard(meeting, names, binders, link))}
`;
}

/** What stands between backticks is code. */
function prose(text: string): Part {
  return text.split("`").map((part, i) => (i % 2 === 0 ? part : markup`<code>${breakable(part)}</code>`));
}
