/** Tokens with random white space, line breaks and comments between them: everything an author could put there, most of it in places where nobody would. */
import { scan } from "../../grammar/lexer.ts";
import type { Random } from "./random.ts";

/** What may stand between two tokens that could also stand without a gap. */
const GAPS = ["", " ", "\n", "\n\n", "\n\n\n  ", "\t", "\r\n", "\r\n\r\n  "];
const COMMENTS = [
  " // a line\n",
  "// tight\n",
  "\n// above\n",
  "\n\n// apart\n\n",
  " /* a */ ",
  "/*b*/",
  "\n/* c */",
  " /* d */\n",
  "/* two\n   lines */",
  "\n/*\n * stars\n   * and more\n */\n",
  "\n/// doc\n",
  " /// late doc\n",
  "\n/// doc\n\n",
  "\n/// one\n/// two\n",
  "//// four\n",
  "\n// weft-allow W1001: it is so\n",
  " // weft-allow W1001: it is so\n",
  "\r\n// windows\r\n",
  "//\n",
  " // 漢字 and é\n",
  " // blanks behind it \t \n",
  " // weft-fmt-ignore, but not only\n",
  "\n/**\n * documented\n */\n",
  " /**/ ",
  "/* // */",
  "/* windows\r\n * and more\r\n */",
  `\n// ${"a long line ".repeat(12)}\n`,
  ` /* ${"a long one ".repeat(12)}*/ `,
];
const IGNORES = ["\n// weft-fmt-ignore\n", "\n// prettier-ignore\n", "\n/* weft-fmt-ignore */ "];

/** How many comments, of each hundred gaps. */
const RATES = [0, 0, 1, 5, 30];

export function spaced(tokens: readonly string[], random: Random): readonly string[] {
  const rate = random.pick(RATES) / 100;
  const breaks = random.pick([0.02, 0.2, 0.6]);
  const withIgnores = random.chance(0.1);
  const parts = [random.chance(0.01) ? "\ufeff" : "", ...tokens];
  return parts.map((token, i) => {
    let gap = random.chance(breaks) ? random.pick(GAPS) : random.pick(["", " "]);
    while (random.chance(rate)) gap += random.pick(withIgnores && random.chance(0.2) ? IGNORES : COMMENTS);
    const isInside = i > 0 && i + 1 < parts.length;
    const needsSpace = gap === "" ? isInside && !mayTouch(token, parts[i + 1]) : token.endsWith("/") && gap.startsWith("/");
    return token + (needsSpace ? " " : "") + gap;
  });
}

const WORD = /^[\w@"]/;
const touching = new Map<string, boolean>();

/** Whether two tokens are the same two without a gap. Of words there are too many to keep, and all touch alike. */
function mayTouch(left: string, right: string): boolean {
  if (WORD.test(left) && WORD.test(right)) return false;
  const key = `${WORD.test(left) ? "1" : left} ${WORD.test(right) ? "a" : right}`;
  let may = touching.get(key);
  if (may === undefined) {
    may = sameTokens(key.replace(" ", ""), key);
    touching.set(key, may);
  }
  return may;
}

function sameTokens(left: string, right: string): boolean {
  const [{ tokens }, others] = [scan(left, 0), scan(right, 0).tokens];
  return tokens.length === others.length && tokens.every(({ image }, i) => image === others[i].image);
}

/** The tokens of a text, those that mean something only without a gap together. */
export function tokensOf(text: string): readonly string[] {
  const found: string[] = [];
  let end = -1;
  for (const { image, startOffset } of scan(text, 0).tokens) {
    const last = found.at(-1);
    const isPart =
      last !== undefined && startOffset === end && (image === "=" || image === ">") && (last === ">" || last === "min" || last === "max");
    if (isPart) found[found.length - 1] = last + image;
    else found.push(image);
    end = startOffset + image.length;
  }
  return found;
}
