/**
 * Where the `test` blocks of a text are, and the contracts whose invariants are tested. It reads words, strings, comments and braces and nothing else, so that tests are found in files that are half
 * written, before any server has started, and in files that nobody has opened. The lexer of the language agrees with it, says a test.
 */

export interface FoundTest {
  readonly title: string;
  /** Offsets of the whole block, from `test` to its last brace, or to the end of its title if it has no body. */
  readonly start: number;
  readonly end: number;
  /** Where the title stands, with its quotes. */
  readonly titleStart: number;
  readonly titleEnd: number;
}

const TOKEN = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|(?![^]))|"(?:[^"\\\r\n]|\\[^\r\n])*["\\]?|@?[A-Za-z0-9_]+|[{}]|;/g;
/** More than this nobody wants in a list; a file of a megabyte could hold 80,000. */
const MAX_FOUND = 10_000;

export interface FoundContract {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** It declares some itself; those of its mixins may be in other files. */
  readonly hasInvariants: boolean;
}

export interface FoundInFile {
  readonly tests: readonly FoundTest[];
  readonly contracts: readonly FoundContract[];
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

interface Open {
  /** The title of a test, the name of a contract. */
  readonly title: Token;
  readonly start: number;
  end: number;
  hasInvariants: boolean;
}

export function findTests(text: string): FoundInFile {
  const tests: Open[] = [];
  const contracts: Open[] = [];
  let depth = 0;
  let word: Token | undefined;
  let current: Open | undefined;
  const open = (list: Open[], title: Token, start: number): void => {
    if (list.length >= MAX_FOUND) return;
    depth = 0;
    current = { title, start, end: title.end, hasInvariants: false };
    list.push(current);
  };
  for (const match of text.matchAll(TOKEN)) {
    const token = { text: match[0], start: match.index, end: match.index + match[0].length };
    if (token.text.startsWith("//") || token.text.startsWith("/*")) continue;
    if (token.text === "{") {
      depth += 1;
    } else if (token.text === "}") {
      depth = Math.max(0, depth - 1);
      if (depth === 0 && current !== undefined) {
        current.end = token.end;
        current = undefined;
      }
    } else if (word !== undefined && isBlank(text, word, token)) {
      // Wherever they stand: nothing else looks like these, and a brace that is missing further up shouldn't hide them.
      if (token.text.startsWith('"')) {
        if (word.text === "test") open(tests, token, word.start);
      } else if (word.text === "contract") {
        open(contracts, token, word.start);
      } else if (word.text === "invariant" && depth === 1 && current !== undefined) {
        current.hasInvariants = true;
      }
    }
    word = token;
  }
  return {
    tests: tests.map(({ title, start, end }) => ({
      title: unescape(title.text),
      start,
      end,
      titleStart: title.start,
      titleEnd: title.end,
    })),
    contracts: contracts.map(({ title, start, end, hasInvariants }) => ({ name: title.text, start, end, hasInvariants })),
  };
}

const KEYWORDS: ReadonlySet<string> = new Set(["test", "contract", "invariant"]);

/** Comments may stand between; anything else not. */
function isBlank(text: string, word: Token, next: Token): boolean {
  if (!KEYWORDS.has(word.text)) return false;
  return /^(?:\s|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*$/.test(text.slice(word.end, next.start));
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["0", "\0"],
]);

function unescape(literal: string): string {
  const inner = literal.slice(1).replace(/"$/, "");
  return inner.replace(/\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))/g, (whole: string, hex: string | undefined, char: string | undefined) => {
    if (hex === undefined) return ESCAPES.get(char ?? "") ?? char ?? whole;
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
