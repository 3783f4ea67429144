/** Random edits as people make them: single characters, words, lines, and whole declarations written, taken out, moved, renamed. From a seed. */

export type Random = (below: number) => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PIECES = [
  ...["{", "}", "(", ")", ";", " ", "\n", "self.", "x", "1", "🏺", '"', "// ", "/* ", "let a = 1;", "require caller == caller;", "emit "],
  ...["fn f() {}\n", "state s: u8;\n", "= ", "u256", "+= 1;", "@", "é"],
];

/** An edit somewhere in the text; most of them break it. */
export function smallEdit(text: string, next: Random): string {
  const at = next(text.length + 1);
  const lineStart = text.lastIndexOf("\n", at) + 1;
  const lineEnd = (text.indexOf("\n", at) + 1 || text.length + 1) - 1;
  const splice = (start: number, end: number, piece: string): string => text.slice(0, start) + piece + text.slice(end);
  switch (next(6)) {
    case 0:
      return splice(at, at + next(6), "");
    case 1:
      return splice(at, at + next(40), PIECES[next(PIECES.length)]);
    case 2:
      return splice(at, at, PIECES[next(PIECES.length)]);
    case 3:
      // A line twice: often still a program.
      return splice(lineStart, lineStart, text.slice(lineStart, lineEnd + 1));
    case 4:
      return splice(lineStart, lineEnd, "");
    default: {
      // A word instead of another one.
      const words = [...text.matchAll(/\w+/g)];
      if (words.length === 0) return text;
      const [from, to] = [words[next(words.length)], words[next(words.length)]];
      return splice(from.index, from.index + from[0].length, next(2) === 0 ? to[0] : String(next(300)));
    }
  }
}

const MEMBERS = [
  (n: number) => `  state extra${n}: u256;\n`,
  (n: number) => `  /// Some map.\n  state others${n}: map<address, u64>;\n`,
  (n: number) => `  event Told${n}(indexed who: address, n: u64);\n`,
  (n: number) => `  error Bad${n}(n: u64);\n`,
  (n: number) => `  pub fn added${n}(a: address, n: u64) {\n    require a != caller;\n    require n > ${n};\n  }\n`,
  (n: number) => `  /// A view.\n  view fn seen${n}(n: u64) -> u64 {\n    return n + ${n};\n  }\n`,
  (n: number) => `  guard shut${n} {\n    require block.height > ${n};\n  }\n`,
  (n: number) => `  invariant fine${n} {\n    assert 1 + 1 == 2;\n  }\n`,
];
const ITEMS = [
  (n: number) => `const LIMIT${n}: u256 = ${n};\n`,
  (n: number) => `struct Pair${n} {\n  a: u64;\n  b: address;\n}\n`,
  (n: number) => `enum Kind${n} { One, Two, Three }\n`,
  (n: number) => `event Seen${n}(n: u64);\n`,
  (n: number) => `error Broken${n}();\n`,
  (n: number) => `fn twice${n}(n: u64) -> u64 {\n  return n * 2;\n}\n`,
  (n: number) => `interface Asked${n} {\n  view fn asked${n}(a: address) -> u64;\n}\n`,
  (n: number) => `mixin Part${n} {\n  state part${n}: u64;\n  fn inPart${n}() {\n    self.part${n} = ${n};\n  }\n}\n`,
  (n: number) => `test "written ${n}" {\n  assert 1 == 1;\n}\n`,
];
const TYPES = ["u8", "u64", "u128", "u256", "bool", "address", "bytes32", "i64", "string<32>"];

/** An edit of a declaration: most of them leave a program that can be read. */
export function declarationEdit(text: string, next: Random): string {
  const n = next(4);
  const pick = <T>(list: readonly T[]): T => list[next(list.length)];
  const replace = (found: readonly RegExpExecArray[], by: (match: RegExpExecArray) => string): string => {
    if (found.length === 0) return text;
    const match = pick(found);
    return text.slice(0, match.index) + by(match) + text.slice(match.index + match[0].length);
  };
  const members = [...text.matchAll(MEMBER)];
  switch (next(11)) {
    case 0:
    case 1:
      return replace(members, ([all]) => pick(MEMBERS)(n) + all);
    case 2:
      return replace([...text.matchAll(ITEM)], ([all]) => pick(ITEMS)(n) + all);
    case 3:
      return replace(members, () => "");
    case 4: {
      // A member elsewhere.
      if (members.length === 0) return text;
      const { index, 0: all } = pick(members);
      const rest = text.slice(0, index) + text.slice(index + all.length);
      const places = [...rest.matchAll(MEMBER)];
      const place = places.length === 0 ? 0 : pick(places).index;
      return rest.slice(0, place) + all + rest.slice(place);
    }
    case 5:
      return replace([...text.matchAll(/: (?:u8|u64|u128|u256|bool|address|bytes32|i64)\b/g)], () => `: ${pick(TYPES)}`);
    case 6: {
      // Another name, where it is declared only or everywhere.
      const names = [...text.matchAll(/\b(?:fn|state|event|error|guard|struct|enum|const|contract|mixin|immutable) (\w+)/g)];
      if (names.length === 0) return text;
      const { 0: all, 1: name, index } = pick(names);
      if (next(2) === 0) return text.slice(0, index) + all.replace(name, `${name}X`) + text.slice(index + all.length);
      return text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `${name}Y`);
    }
    case 7:
      return replace([...text.matchAll(/\b(?:pub|view|payable) fn\b|^ {2}fn\b/gm)], ([all]) => pick(["pub fn", "view fn", all]));
    case 8:
      return replace([...text.matchAll(/\((?=\w+: )/g)], () => `(more${n}: u64, `);
    case 9:
      return replace([...text.matchAll(/^ *\/\/\/ .*\n/gm)], () => (next(2) === 0 ? "" : `  /// Said otherwise.\n`));
    default:
      return replace([...text.matchAll(/\d+/g)], () => String(next(5_000)));
  }
}

const MEMBER =
  /^ {2}(?:state|immutable|event|error|guard|pub|view|payable|fn|invariant|parallel)\b.*(?:;\n|\{\n(?:(?: {3}.*)?\n)*? {2}\}\n)/gm;
const ITEM = /^(?:contract|mixin|struct|enum|const|event|error|fn|test|interface)\b/gm;
