/**
 * Damaged programs: a piece of a program of the corpus, changed in one to eight places. What comes out is a text of at most 1 KB that may be anything, but
 * is most often nearly a program, since that gets deepest.
 */
import { randomOf } from "./random.ts";
import type { Random } from "./random.ts";

/** Bytes as UTF-8. */
export const MAX_BYTES = 1024;
const MAX_CHANGES = 8;

type Change = (text: string, random: Random, seeds: readonly string[]) => string;

export function damaged(seeds: readonly string[], seed: number, index: number): string {
  const random = randomOf(seed, index);
  let text = pieceOf(random.pick(seeds), random);
  const changes = random.chance(0.5) ? 1 : 1 + random.below(MAX_CHANGES);
  for (let i = 0; i < changes; i++) text = random.pick(CHANGES)(text, random, seeds);
  return cut(text);
}

/** Whole where it fits; else mostly a program with fewer members, seldom any window of the text. */
function pieceOf(text: string, random: Random): string {
  if (text.length <= MAX_BYTES) return text;
  if (random.chance(0.8)) return thinned(text, random);
  const lines = [...text.matchAll(/^/gm)].map(({ index }) => index);
  const from = random.pick(lines);
  return text.slice(from, from + 1 + random.below(MAX_BYTES));
}

/** One contract with as many of its members as fit, and what fits of the declarations around it. */
function thinned(text: string, random: Random): string {
  const items = declarations(text);
  const contracts = items.filter((item) => /^\s*contract\b/m.test(item));
  if (contracts.length === 0) return text.slice(0, MAX_BYTES);
  const contract = random.pick(contracts);
  const [from, to] = [contract.indexOf("{") + 1, contract.lastIndexOf("}")];
  const kept = withRoom(declarations(contract.slice(from, to)), MAX_BYTES - 200 - from, random);
  const body = contract.slice(0, from) + kept.join("") + contract.slice(to);
  const around = items.filter((item) => item !== contract && !/^\s*test\b/.test(item));
  return withRoom(around, MAX_BYTES - body.length, random).join("") + body;
}

/** Cut after each `;` or `}` that is in no brackets. */
function declarations(text: string): string[] {
  const found: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    if (depth > 0 || (char !== ";" && char !== "}")) continue;
    found.push(text.slice(from, at + 1));
    from = at + 1;
  }
  return [...found, text.slice(from)];
}

/** In their order, without some that stand too many. */
function withRoom(parts: readonly string[], room: number, random: Random): readonly string[] {
  const kept = [...parts];
  while (kept.length > 0 && kept.reduce((sum, part) => sum + part.length, 0) > room) kept.splice(random.below(kept.length), 1);
  return kept;
}

function cut(text: string): string {
  let kept = text.slice(0, MAX_BYTES);
  while (Buffer.byteLength(kept) > MAX_BYTES) kept = kept.slice(0, -Math.ceil((Buffer.byteLength(kept) - MAX_BYTES) / 4));
  return kept;
}

const TOKENS =
  'import const struct enum interface mixin implements uses contract fn pub view payable guard self let var if else match return for in require revert emit test deploy as expect assert parallel block state immutable init event error indexed with value gas transfer create from invariant when caller true false none some map list set option history sequence string bytes bool address bytes32 u8 u64 u128 u256 i8 i256 { } ( ) [ ] < > , ; : . .. => -> = == != <= >= < > + - * / % ** & | ^ ~ ! && || << >> += -= *= /= @ @alice ? _ 0 1 -1 1e18 0xff 0x 1_000 255 256 18446744073709551616 115792089237316195423570985008687907853269984665640564039457584007913129639936 1e78 "a" "\\u{41}" " // /* */ /// #'.split(
    " ",
  );

/** What text can hold that programs don't. */
const STRANGE = [
  ..."\0\u0001\u007f\u0085\u00a0\u00ad\u200b\u200d\u202e\u2028\u2029\u2066\ufeff\ufffd\uffff".split(""),
  ..."\ud800 \udc00 \udbff \udfff \udc00\ud800 🙂 👩‍👩‍👧‍👦 é e\u0301 Ω ａ １ ٣ ǆ ß ı İ 𝒳 \r \r\n \t \v \f".split(" "),
];

/** Opened again and again, mostly without end. */
const NESTS: readonly (readonly [open: string, close: string])[] = [
  ["(", ")"],
  ["{", "}"],
  ["[", "]"],
  ["<", ">"],
  ["-", ""],
  ["!", ""],
  ["~", ""],
  ["/*", "*/"],
  ["map<u8, ", ">"],
  ["list<", ", 2>"],
  ["option<", ">"],
  ["some(", ")"],
  ["u64?", ""],
  ["if let some(x) = a { ", "}"],
  ["(u8, ", ")"],

  ["self.m[", "]"],
  ["f(", ")"],
  ["if a { ", "}"],
  ["else if a { ", "}"],
  ["for i in 0..2 { ", "}"],
  ["match a { _ => { ", "} }"],
  ["a.", ""],
  ["a + ", ""],
  ["a ** ", ""],
  ["a ? ", ""],
  ["a && ", "a"],
  ["x = ", ""],
];

const TOKEN = /[\p{L}_][\p{L}\p{N}_]*|\d[\w]*|"(?:[^"\\\n]|\\.)*"|\s+|./gsu;

function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** The places of what isn't white space. */
function places(tokens: readonly string[]): readonly number[] {
  return tokens.flatMap((token, i) => (token.trim() === "" ? [] : [i]));
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function range(text: string, random: Random): { readonly from: number; readonly to: number } {
  const from = random.below(text.length + 1);
  return { from, to: Math.min(text.length, from + 1 + random.below(random.chance(0.5) ? 4 : 80)) };
}

function onTokens(change: (tokens: string[], random: Random) => void): Change {
  return (text, random) => {
    const tokens = tokensOf(text);
    if (tokens.length > 0) change(tokens, random);
    return tokens.join("");
  };
}

const flipBit: Change = (text, random) => {
  if (text === "") return text;
  const at = random.below(text.length);
  return (
    text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << random.below(random.chance(0.9) ? 7 : 16))) + text.slice(at + 1)
  );
};

const removeRange: Change = (text, random) => {
  const { from, to } = range(text, random);
  return text.slice(0, from) + text.slice(to);
};

const repeatRange: Change = (text, random) => {
  const { from, to } = range(text, random);
  return insert(text, to, text.slice(from, to).repeat(1 + random.below(random.chance(0.9) ? 3 : 60)));
};

const swapTokens = onTokens((tokens, random) => {
  const where = places(tokens);
  if (where.length === 0) return;
  const [a, b] = [random.pick(where), random.pick(where)];
  [tokens[a], tokens[b]] = [tokens[b], tokens[a]];
});

const replaceToken = onTokens((tokens, random) => {
  const where = places(tokens);
  if (where.length > 0) tokens[random.pick(where)] = random.pick(TOKENS);
});

/** A number for a number, an operator for an operator, a name of the text for a name: what the parser doesn't mind. */
const exchangeToken = onTokens((tokens, random) => {
  const where = places(tokens);
  if (where.length === 0) return;
  const at = random.pick(where);
  const kind = kindOf(tokens[at]);
  const alike = [...tokens, ...TOKENS].filter((token) => kindOf(token) === kind);
  tokens[at] = random.pick(alike);
});

function kindOf(token: string): "name" | "number" | "operator" | "other" {
  if (/^\d/.test(token)) return "number";
  if (/^[\p{L}_]/u.test(token)) return "name";
  return /^[-+*\/%&|^<>=!.]+$/.test(token) ? "operator" : "other";
}

/** One of the text's own words in another place: a name where a type stands, a type for a value. */
const copyToken = onTokens((tokens, random) => {
  const where = places(tokens);
  if (where.length > 0) tokens[random.pick(where)] = tokens[random.pick(where)];
});

const removeToken = onTokens((tokens, random) => {
  tokens.splice(random.below(tokens.length), 1 + random.below(2));
});

const insertToken: Change = (text, random) => insert(text, random.below(text.length + 1), ` ${random.pick(TOKENS)} `);

const insertStrange: Change = (text, random) =>
  insert(text, random.below(text.length + 1), random.pick(STRANGE).repeat(1 + random.below(3)));

const insertAnything: Change = (text, random) => {
  const length = 1 + random.below(8);
  const limit = random.chance(0.5) ? 0x80 : 0x10000;
  return insert(text, random.below(text.length + 1), Array.from({ length }, () => String.fromCharCode(random.below(limit))).join(""));
};

const nest: Change = (text, random) => {
  const [open, close] = random.pick(NESTS);
  const depth = 1 + random.below(random.chance(0.5) ? 8 : 1000);
  const { from, to } = range(text, random);
  // The whole bomb must fit, or its end is lost.
  const fitting = Math.min(depth, Math.floor((MAX_BYTES - 1) / open.length));
  const inner = text.slice(from, to) + (random.chance(0.5) ? close.repeat(fitting) : "");
  return random.chance(0.2) ? open.repeat(fitting) + inner : text.slice(0, from) + open.repeat(fitting) + inner + text.slice(to);
};

const swapLines: Change = (text, random) => {
  const lines = text.split("\n");
  const [a, b] = [random.below(lines.length), random.below(lines.length)];
  [lines[a], lines[b]] = [lines[b], lines[a]];
  return lines.join("\n");
};

/** A line of another program. */
const graft: Change = (text, random, seeds) => {
  const lines = text.split("\n");
  lines.splice(random.below(lines.length + 1), 0, random.pick(random.pick(seeds).split("\n")));
  return lines.join("\n");
};

const cutOff: Change = (text, random) => text.slice(0, random.below(text.length + 1));

/** The more often one stands here, the more often it happens. */
const CHANGES: readonly Change[] = [
  ...[flipBit, removeRange, repeatRange, swapTokens, swapTokens, replaceToken, replaceToken, replaceToken],
  ...[
    exchangeToken,
    exchangeToken,
    exchangeToken,
    exchangeToken,
    copyToken,
    copyToken,
    removeToken,
    insertToken,
    insertToken,
    insertStrange,
    insertAnything,
  ],
  ...[nest, swapLines, graft, graft, cutOff],
];
