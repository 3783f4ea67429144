/**
 * What to write instead of habits from Solidity and other languages, for errors that would otherwise only say which token was expected.
 * Looks at the tokens around a problem, after parsing; decides nothing and never changes what is an error.
 */
import type { IToken } from "chevrotain";

import { closest } from "./closest.ts";
import type { SyntaxProblem } from "./problem.ts";

/** How far the beginning of a statement is looked for. */
const MAX_BACK = 64;

/** Around a problem: the token it points at, those beside it, and the first one of the statement or member. */
interface Around {
  readonly code: string;
  /** As in the message, without backticks; the missing token of E0103. */
  readonly expected: string;
  readonly first: string;
  readonly second: string;
  readonly before: string;
  readonly previous: string;
  readonly found: string;
  readonly next: string;
}

interface Rule {
  readonly when: (around: Around) => boolean;
  readonly help: string | ((around: Around) => string);
}

export function hintFor(problem: SyntaxProblem, tokens: readonly IToken[]): string | undefined {
  if (problem.code === "E0101") {
    if (isAboutLetter(problem)) return LETTERS;
    return problem.args.char === "`'`" ? "strings stand in double quotes" : undefined;
  }
  if (problem.code !== "E0102" && problem.code !== "E0103") {
    return undefined;
  }
  const around = aroundOf(problem, tokens);
  const known = rules.find(({ when }) => when(around))?.help;
  // Most of these words may also be the name of something.
  const isName = around.expected === "a name" || /^(?:=|\.|:|.=)$/.test(around.second);
  const help = typeof known === "function" ? known(around) : known;
  return help ?? (isName ? undefined : firstWords.get(around.first)) ?? misspelt(around);
}

/** Which letters names have, as a sentence about one that has others. */
const LETTERS = "write the name with the letters A to Z and a to z, digits and `_`; others may stand in strings and comments";

/** A letter, mark or digit of another script: most likely of a name, each of which is to be written otherwise. */
export function isAboutLetter({ code, args }: SyntaxProblem): boolean {
  return code === "E0101" && /^`[\p{L}\p{M}\p{N}]/u.test(args.char);
}

const statementWords = "let var if else match return for require revert emit delete assert expect advance fuzz".split(" ");
const memberWords = "state immutable event error guard init fn pub view payable invariant parallel".split(" ");
const itemWords = "import const struct enum interface mixin contract fn event error test".split(" ");

/** A word of the language with a slip in it. */
function misspelt({ expected, first, second, found }: Around): string | undefined {
  const isStatement = expected === ";" && (second === found || second === "(" || second === "{");
  const [word, words] =
    expected === "a member"
      ? [found, memberWords]
      : expected === "a declaration"
        ? [found, itemWords]
        : isStatement || expected === "a statement"
          ? [first, statementWords]
          : [found, name.test(expected) ? [expected] : []];
  const near = name.test(word) ? closest(word, words) : undefined;
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

function aroundOf(problem: SyntaxProblem, tokens: readonly IToken[]): Around {
  const at = indexFrom(tokens, problem.span.start);
  const image = (index: number): string => (index >= 0 && index < tokens.length ? tokens[index].image : "");
  let start = at;
  while (start > 0 && at - start < MAX_BACK && !["{", "}", ";"].includes(image(start - 1))) {
    start -= 1;
  }
  return {
    code: problem.code,
    expected: (problem.args.expected ?? problem.args.missing ?? "").replaceAll("`", ""),
    first: image(start),
    second: image(start + 1),
    before: image(at - 2),
    previous: image(at - 1),
    found: image(at),
    next: image(at + 1),
  };
}

/** The first token that begins at the offset or behind it. */
function indexFrom(tokens: readonly IToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle].startOffset < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// --- the rules -----------------------------------------------------------------------------------------------------

const simpleTypes = /^(?:u?int(?:[0-9]+)?|[ui](?:8|16|32|64|128|256)|bytes(?:[0-9]+)?|address|bool|string|mapping)$/;
const name = /^[A-Za-z_][A-Za-z0-9_]*$/;

function oneOf(words: string): (image: string) => boolean {
  const known = new Set(words.split(" "));
  return (image) => known.has(image);
}

const isVisibility = oneOf("public external private internal pure view payable pub virtual override constant");
const isLocation = oneOf("memory calldata storage");
const isMember = oneOf("state immutable guard init parallel invariant");
const isItem = oneOf("struct enum const interface import mixin contract test");
const isUnit = oneOf("wei gwei ether seconds minutes hours days weeks");

const error = "declare an error and name it: `NotOwner(caller)`; text is no part of a revert";
const local = "declare a local with `let name: T = …;`, or with `var` if it changes";
const result = "write the result as `-> T`";
const list = "write a list as `list<T, N>`: at most N elements";

/** What the first word of a statement or member gives away, wherever the error is. */
const firstWords: ReadonlyMap<string, string> = new Map([
  ["while", "every loop has a bound: write `for i in 0..n max 64 { … }`"],
  ["do", "every loop has a bound: write `for i in 0..n max 64 { … }`"],
  ["loop", "every loop has a bound: write `for i in 0..n max 64 { … }`"],
  ["switch", "write `match x { Status.Active => …, _ => …, }`"],
  ["try", "there is no `try`: a revert of the called contract reverts the caller"],
  ["unchecked", "arithmetic is always checked; `wrappingAdd(a, b)` and its kin never fail"],
  ["assembly", "there is no assembly"],
  ["throw", "write `revert NotOwner(caller);`"],
  ["elif", "write `else if`"],
  ["elseif", "write `else if`"],
  ["function", "write `fn name(to: address) -> bool { … }`, with `pub`, `view` or `payable` before it if others may call it"],
  ["func", "write `fn name(to: address) -> bool { … }`"],
  ["def", "write `fn name(to: address) -> bool { … }`"],
  ["constructor", "write `init(owner: address) { … }`"],
  ["modifier", "write `guard name { … }`, and `with name` after the parameters of a function"],
  ["receive", "coin comes in through functions that are `payable`"],
  ["fallback", "calls name one of the functions; there is nothing for the others"],
  ["using", 'call the function by its name; `import { name } from "./file.weft";` brings it in'],
  ["pragma", "remove it"],
  ["library", "functions may stand outside contracts, at the top of a file"],
  ["module", "a file is a module: what it declares can be imported"],
  ["abstract", "write `mixin Name { … }` for what contracts share"],
  ["class", "write `struct Name { … }` for data, `contract Name { … }` for state with functions"],
  ["type", "types have one name; a `struct` makes a new type"],
  ["use", 'write `import { Name } from "./file.weft";`'],
  ["export", "everything at the top of a file can be imported"],
  ["public", "write `pub fn`"],
  ["external", "write `pub fn`"],
  ["private", "a plain `fn` is internal"],
  ["internal", "a plain `fn` is internal"],
]);

const rules: readonly Rule[] = [
  {
    when: ({ found, expected, first }) =>
      found === "=" && ((expected === "{" && oneOf("if else")(first)) || (expected === ";" && oneOf("require assert return")(first))),
    help: "`=` assigns; write `==` to compare",
  },
  {
    when: ({ found, previous }) => found === "=" && (previous === "<<" || previous === ">"),
    help: "write `x = x << n`; shifts have no short form",
  },
  { when: ({ found, expected }) => found === "=>" && expected === ",", help: "write `map<K, V>`" },
  { when: ({ found, previous }) => found === "revert" && previous === "else", help: "name the error alone: `else NotOwner(caller)`" },
  { when: ({ found, previous }) => previous === "else" && found.startsWith('"'), help: error },
  {
    when: ({ expected, found }) => expected === "a name or `_`".replaceAll("`", "") && found !== "",
    help: "patterns don't nest: give the value a name and `match` that; an option is asked with `if let some(x) = …`",
  },
  {
    when: ({ expected, found }) => expected === ":" && found === "indexed",
    help: "`indexed` comes first, then the name and its type: `indexed a: address`",
  },
  {
    when: ({ expected, found, previous }) => expected === "fn" && oneOf("pub view payable")(found) && oneOf("pub view payable")(previous),
    help: "write one of `pub`, `view` and `payable`: each of them opens the function to callers",
  },
  {
    when: ({ found, previous, next, first }) =>
      found === "[" && (simpleTypes.test(previous) || next === "]" || oneOf("state immutable")(first)),
    help: ({ previous, next }) => `write \`list<${previous}, ${/^[0-9]/.test(next) ? next : "N"}>\`: at most that many elements`,
  },
  { when: ({ found, previous }) => found === "+" && previous === "+", help: "write `+= 1`" },
  { when: ({ found, next }) => found === "+" && next === "+", help: "write `+= 1`" },
  { when: ({ previous, before, expected }) => expected === "an expression" && previous === "-" && before === "-", help: "write `-= 1`" },
  {
    when: ({ found, previous }) => found === "*" && previous === "*",
    help: "there is no operator for powers: multiply, or shift `1 << n`",
  },
  { when: ({ found, previous }) => found === "=" && (previous === "==" || previous === "!="), help: "write `==` or `!=`" },
  { when: ({ found, previous }) => found === "=" && previous === "..", help: "the end is left out of a range: write `0..n + 1`" },
  { when: ({ found, expected }) => found === "?" && expected === ";", help: "write `if c { a } else { b }`" },
  { when: ({ found, previous }) => found === "and" || found === "or" || previous === "not", help: "write `&&`, `||` and `!`" },
  { when: ({ previous }) => previous === "mut", help: "write `var name = …;`" },
  { when: ({ previous }) => previous === "new", help: "write `create Name(…)`, in a test `deploy Name(…)`" },
  {
    when: ({ found, next, expected }) =>
      (expected === "an expression" || expected === "a statement") && found === "payable" && next === "(",
    help: "any address takes coin: `pay(to, amount)`",
  },
  { when: ({ found }) => isUnit(found), help: "write the number: `1e18`, `3 * 86_400`" },
  { when: ({ found, previous }) => isLocation(found) || isLocation(previous), help: "remove it: a value has no location" },
  { when: ({ previous, found }) => previous === "mapping" && found === "(", help: "write `map<K, V>`" },
  { when: ({ found, expected }) => found === "returns" && expected !== "a member", help: result },
  {
    when: ({ found, expected }) => isVisibility(found) && (expected === "{" || expected === ";"),
    help: "write `pub`, `view` or `payable` before `fn`; a function without them is internal",
  },
  { when: ({ found, expected, first }) => found === ":" && expected === "{" && first !== "contract", help: result },
  {
    when: ({ found, expected, first }) => expected === "{" && first === "contract" && oneOf("is extends :")(found),
    help: "write `uses` before mixins and `implements` before interfaces",
  },
  {
    when: ({ found, expected, first }) => expected === "{" && first === "contract" && found === "(",
    help: "parameters stand behind `init`",
  },
  {
    when: ({ expected, first }) => expected === "{" && first === "import",
    help: 'name what you need: `import { Name } from "./file.weft";`',
  },
  { when: ({ found, first }) => first === "for" && found === "(", help: "write `for i in 0..n { … }` or `for x in list { … }`" },
  { when: ({ first, found }) => first === "for" && found === "of", help: "write `for x in list { … }`" },
  { when: ({ found, expected }) => found === "then" && expected === "{", help: "remove it: a condition is followed by braces" },
  {
    when: ({ first, expected, previous }) => expected === "{" && (first === "if" || first === "for" || previous === "else"),
    help: "what an `if`, `else` or `for` governs stands in braces",
  },
  { when: ({ first, found, expected }) => first === "revert" && expected === ";" && /^["(]/.test(found), help: error },
  { when: ({ first, found, expected }) => first === "require" && expected === ";" && found === ",", help: error },
  {
    when: ({ first, expected }) => (first === "emit" || first === "revert") && expected === "(",
    help: "write the values in parentheses, `()` if there are none",
  },
  { when: ({ found, expected }) => found === "as" && expected === ";", help: "a conversion is a call: `u64(x)`" },
  { when: ({ found, expected }) => found === "[" && (expected === "a type" || expected === "="), help: list },
  {
    when: ({ first, found, expected }) => expected === ":" && found === "=" && (first === "const" || first === "state"),
    help: "write its type behind a colon: `name: u64 = …`",
  },
  {
    when: ({ code, expected, previous, found }) => code === "E0103" && expected === ":" && name.test(previous) && name.test(found),
    help: "the name comes first, then its type: `to: address`",
  },
  {
    when: ({ first, expected }) => expected === "a member" && simpleTypes.test(first),
    help: "write `state name: T;`, or `immutable name: T;` for what `init` sets once",
  },
  { when: ({ found, expected }) => expected === "a member" && (found === "let" || found === "var"), help: "write `state name: T;`" },
  { when: ({ found, expected }) => expected === "a member" && isItem(found), help: "move it out of the contract, to the top of the file" },
  { when: ({ found, expected }) => expected === "a declaration" && isMember(found), help: "move it into a contract or a mixin" },
  { when: ({ found, expected }) => expected === "a declaration" && simpleTypes.test(found), help: "write `const name: T = …;`" },
  { when: ({ found, expected }) => expected === "a declaration" && oneOf("let var")(found), help: "write `const name: T = …;`" },
  { when: ({ found, expected }) => expected === "a statement" && found === "const", help: local },
  { when: ({ found, expected }) => expected === "a statement" && isItem(found), help: "move it out of the function" },
  { when: ({ found, expected, next }) => expected === ";" && found === ":" && (next === "=" || simpleTypes.test(next)), help: local },
  { when: ({ first, found, expected }) => expected === ";" && simpleTypes.test(first) && name.test(found), help: local },
];
