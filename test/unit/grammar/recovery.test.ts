import { describe, expect, test } from "vitest";

import { parseFile } from "../../../grammar/parse.ts";
import { brief, shape } from "./helpers.ts";

/** Each line is `code line:column values -> place of the note`. */
function check(text: string, expected: readonly string[]): void {
  expect(brief(text)).toEqual(expected);
}

const inFunction = (text: string): string => `fn f() {\n${text}\n}`;

describe("a missing token", () => {
  test("a semicolon at the end of a line is missed right after it, and nothing else is", () => {
    check("contract C {\n  state a: u64\n  state b: u8;\n  fn f() {\n    let x = 1\n    g();\n    return x\n  }\n}", [
      "E0103 2:15 `;`",
      "E0103 5:14 `;`",
      "E0103 7:13 `;`",
    ]);
  });

  test("a semicolon between two statements of a line", () => {
    check(inFunction("a = 1 let b = 2;"), ["E0103 2:6 `;`"]);
  });

  test.each([
    ["let x 5;", "E0103 2:6 `=`"],
    ["for i 0..3 { }", "E0103 2:6 `in`"],
    ["f(1 2, 3);", "E0103 2:4 `,`"],
    ["let p = P { a: 1 b: 2 };", "E0103 2:17 `,`"],
    ["let p = P { a: 1, b 2 };", "E0103 2:20 `:`"],
    ["let p = match e { A.B => 1 C.D => 2 };", "E0103 2:27 `,`"],
    ["if let some(x) e { }", "E0103 2:15 `=`"],
  ])("%s", (text, expected) => {
    check(inFunction(text), [expected]);
  });

  test.each([
    ["const X u64 = 3;", "E0103 1:8 `:`"],
    ["const X: u64 3;", "E0103 1:13 `=`"],
    ["contract C { pub g() { } }", "E0103 1:17 `fn`"],
    ['import { A } "x";', "E0103 1:13 `from`"],
    ["enum E { A { x: u8 } B }", "E0103 1:21 `,`"],
  ])("%s", (text, expected) => {
    check(text, [expected]);
  });

  test("the tree is as if it were there", () => {
    const { file } = parseFile("t", inFunction("let x 5;\ng(1 2)"));
    expect(shape(file.items)).toMatchObject([
      {
        body: {
          statements: [
            { kind: "let", value: { value: 5n } },
            { kind: "expr", expr: { args: [{ value: 1n }, { value: 2n }] } },
          ],
        },
      },
    ]);
  });
});

describe("an unexpected token", () => {
  test.each([
    ["let = 3;", "E0102 2:5 a name / `=`"],
    ["x = ;", "E0102 2:5 an expression / `;`"],
    ["a.;", "E0102 2:3 a name / `;`"],
    ["a[] = 1;", "E0102 2:3 an expression / `]`"],
    ["a = b +;", "E0102 2:8 an expression / `;`"],
    ["a = b c;", "E0102 2:7 `;` / `c`"],
    ["a = (b));", "E0102 2:8 `;` / `)`"],
    ["f(, a);", "E0102 2:3 an expression / `,`"],
    ["f(a => b, c);", "E0102 2:5 `,` or `)` / `=>`"],
    ["if { a(); }", "E0102 2:4 an expression / `{`"],
    ["if x y { a(); }", "E0102 2:6 `{` / `y`"],
    ["emit ;", "E0102 2:6 a name / `;`"],
    ["delete;", "E0102 2:7 an expression / `;`"],
    ["require else E();", "E0102 2:9 an expression / `else`"],
    ["a min = 3;", "E0102 2:3 `;` / `min`"],
    ["let a = if b { 1 };", "E0102 2:19 `else` / `;`"],
    ["let a = if b { let c = 1; c } else { 2 };", "E0102 2:16 an expression / `let`"],
    ["let a = match b { 1 => 2, _ => 3 };", "E0102 2:19 a pattern / `1`"],
    ["let a = match b { Active => 2, _ => 3 };", "E0102 2:26 `.` / `=>`"],
    ["let a = ();", "E0102 2:10 an expression / `)`"],
    ["let a = some;", "E0102 2:13 `(` / `;`"],
    ["let a: = 1;", "E0102 2:8 a type / `=`"],
    ["a() as @bob;", "E0102 2:5 `;` / `as`"],
    [";", "E0102 2:1 a statement / `;`"],
    ["{ a(); }", "E0102 2:1 a statement / `{`"],
    ["else { a(); }", "E0102 2:1 a statement / `else`"],
  ])("%s is reported once, and the next statement is read", (text, expected) => {
    const source = inFunction(`${text}\nlast();`);
    check(source, [expected]);
    const [item] = parseFile("t", source).file.items;
    const last = item.kind === "function" ? item.body?.statements.at(-1) : undefined;
    expect(shape(last)).toMatchObject({ kind: "expr", expr: { callee: { name: "last" } } });
  });

  test.each([
    ["state a: ;", "E0102 2:10 a type / `;`"],
    ["state : u64;", "E0102 2:7 a name / `:`"],
    ["pub fn () { }", "E0102 2:8 a name / `(`"],
    ["fn h() -> { }", "E0102 2:11 a type / `{`"],
    ["fn k() with { }", "E0102 2:13 a name / `{`"],
    ["fn k();", "E0102 2:7 `{` / `;`"],
    ["pub view fn k() { }", "E0102 2:5 `fn` / `view`"],
    ["error E;", "E0102 2:8 `(` / `;`"],
    ["invariant { }", "E0102 2:11 a name / `{`"],
    ["foo;", "E0102 2:1 a member / `foo`"],
    ["const X: u8 = 1;", "E0102 2:1 a member / `const`"],
    ["parallel (a: b, c);", "E0102 2:18 `:` / `)`"],
  ])("%s among members is reported once, and the next member is read", (text, expected) => {
    const source = `contract C {\n${text}\nstate last: u64;\n}`;
    check(source, [expected]);
    const [item] = parseFile("t", source).file.items;
    expect(shape(item.kind === "contract" ? item.members.at(-1) : undefined)).toMatchObject({ kind: "state", name: "last" });
  });

  test.each([
    ["foo bar;", "E0102 1:1 a declaration / `foo`"],
    ["state a: u8;", "E0102 1:1 a declaration / `state`"],
    ["}", "E0102 1:1 a declaration / `}`"],
    ["import A from 'x';", "E0101 1:15 `'` | E0101 1:17 `'` | E0102 1:8 `{` / `A`"],
    ["import { A } from y;", "E0102 1:19 a string / `y`"],
    ["enum E { A; B }", "E0102 1:11 `,` / `;`"],
    ["struct S { a: u8, b: u8; }", "E0102 1:17 `;` / `,`"],
    ["contract D extends E { state y: u8; }", "E0102 1:12 `{` / `extends`"],
    ["contract { state y: u8; }", "E0102 1:10 a name / `{`"],
    ["interface I { pub fn f() { g(); } }", "E0102 1:26 `;` / `{`"],
    ["interface I { state x: u8; }", "E0102 1:15 a function / `state`"],
  ])("%s in a file, and the next declaration is read", (text, expected) => {
    const source = `${text}\nfn last() { }`;
    expect([...brief(source)].sort()).toEqual(expected.split(" | "));
    expect(shape(parseFile("t", source).file.items.at(-1))).toMatchObject({ kind: "function", name: "last" });
  });

  test("a reserved word used as a name is said to be one, and taken as the name", () => {
    const text = "contract C {\n  state match: u64;\n}";
    const { file, problems } = parseFile("t", text);
    expect(problems).toMatchObject([{ code: "E0102", notes: [{ text: "`match` is a reserved word" }] }]);
    expect(shape(file.items)).toMatchObject([{ members: [{ kind: "state", name: "match" }] }]);
  });

  test("comparisons do not chain, and the first one is pointed at", () => {
    check(inFunction("a = b < c < d;"), ["E0102 2:11 `&&`, `||` or the end of the comparison / `<` -> 2:7"]);
    check(inFunction("a = b == c && d != e;"), []);
  });

  test("as and value belong to calls", () => {
    check('test "t" {\n  x as @bob;\n}', ["E0102 2:3 a call before `as` / another expression"]);
  });

  test("junk in a row is reported once", () => {
    check("contract C {\n  foo;\n  bar baz;\n  state x: u8;\n  qux;\n}", ["E0102 2:3 a member / `foo`", "E0102 5:3 a member / `qux`"]);
  });

  test("what is missing stands in the tree as such", () => {
    expect(shape(parseFile("t", inFunction("a.b = c +;")).file.items)).toMatchObject([
      { body: { statements: [{ kind: "assign", value: { kind: "binary", right: { kind: "missing" } } }] } },
    ]);
    expect(shape(parseFile("t", inFunction("self.balances.;")).file.items)).toMatchObject([
      { body: { statements: [{ expr: { kind: "member", name: "" } }] } },
    ]);
  });
});

describe("brackets that are not closed", () => {
  test.each([
    ["f(1, 2;", "E0104 2:7 `(` / `)` -> 2:2"],
    ["a[3 = 5;", "E0104 2:5 `[` / `]` -> 2:2"],
    ["a = [1, 2;", "E0104 2:10 `[` / `]` -> 2:5"],
    ["a = (b + c;", "E0104 2:11 `(` / `)` -> 2:5"],
    ["a = f(b];", "E0104 2:8 `(` / `)` -> 2:6"],
    ["let a: map<u8, u16 = 3;", "E0104 2:20 `<` / `>` -> 2:11"],
    ["f(\n1,\n2\nlet b = 3;", "E0104 5:1 `(` / `)` -> 2:2"],
  ])("%s", (text, expected) => {
    check(inFunction(`${text}\nlast();`), [expected]);
  });

  test("a parameter list", () => {
    check("fn f( {\n  a();\n}", ["E0104 1:7 `(` / `)` -> 1:5"]);
  });

  test("a block ends where a member begins, and its opener is the one that is indented differently", () => {
    const text = "contract C {\n  fn f() {\n    if x {\n      a = 1;\n\n  }\n\n  pub fn g() {\n    b = 2;\n  }\n}\nfn last() { }";
    check(text, ["E0104 8:3 `{` / `}` -> 3:10"]);
    expect(shape(parseFile("t", text).file.items)).toMatchObject([{ members: [{ name: "f" }, { name: "g" }] }, { name: "last" }]);
  });

  test("a contract ends where the next one begins", () => {
    const text = "contract C {\n  fn f() { }\n\ncontract D {\n  fn g() { }\n}";
    check(text, ["E0104 4:1 `{` / `}` -> 1:12"]);
    expect(shape(parseFile("t", text).file.items)).toMatchObject([{ name: "C" }, { name: "D", members: [{ name: "g" }] }]);
  });

  test("at the end of the file only the innermost is reported", () => {
    check("contract C {\n  fn f() {\n    let x = g(1, [2, 3", ["E0104 3:23 `[` / `]` -> 3:18"]);
  });

  test("a function within a function closes nothing when all brackets are matched", () => {
    check("contract C {\n  fn f() {\n    fn g() { }\n    a = 1;\n  }\n}", ["E0102 3:5 a statement / `fn`"]);
  });

  test("a brace too many among members is skipped when its indentation says so", () => {
    check("contract C {\n  fn f() {\n    a = 1;\n  }\n  }\n  state x: u64;\n  guard g { }\n}", ["E0102 5:3 a member / `}`"]);
  });

  test("a brace too many at the end", () => {
    check("contract C {\n  fn f() { a = 1; }\n}\n}", ["E0102 4:1 a declaration / `}`"]);
  });

  test("an opener that is missing is put in when a closer is too many", () => {
    check("contract C {\n  fn f() {\n    if x a = 1; }\n    b = 2;\n  }\n  state y: u8;\n}", ["E0103 3:9 `{`"]);
  });
});

describe("characters and literals", () => {
  test("characters of no token are left out, and don't cause a second error", () => {
    check(inFunction("a = b # c;"), ["E0101 2:7 `#`"]);
    check(inFunction("a = #;"), ["E0101 2:5 `#`"]);
    check(inFunction("a = b\u00a0+ c;"), ["E0101 2:6 U+00A0"]);
    check(inFunction("é = 1;"), ["E0101 2:1 `é`"]);
  });

  test("a word with letters of other scripts is one error, and names after it have theirs", () => {
    check("contract Ünï { }", ["E0101 1:10 `Ü`"]);
    check("contract xÜyïz_1 { }", ["E0101 1:10 `Ü`"]);
    check(inFunction("let größe: u8 = straße;"), ["E0101 2:5 `ö`", "E0101 2:17 `ß`"]);
    check(inFunction("let 名前 = 1é2;"), ["E0101 2:5 `名`", "E0101 2:10 `é`"]);
    check(inFunction("a = é#é;"), ["E0101 2:5 `é`"]);
    const [problem] = parseFile("a.weft", "contract Ünï { }").problems;
    expect([problem.span, problem.help]).toEqual([{ start: 9, end: 12 }, expect.stringContaining("the letters A to Z and a to z")]);
  });

  test("controls of the reading order are rejected everywhere, half characters too", () => {
    check("// a\u202eb\nfn f() { }", ["E0101 1:5 U+202E"]);
    check('const X: u8 = "\u2066";', ["E0101 1:16 U+2066"]);
    check('const X: u8 = "\ud800";', ["E0111 1:16 U+D800"]);
    check("// \udc00", ["E0111 1:4 U+DC00"]);
    check('const X: u8 = "😀";', []);
  });

  test("a string ends with its line, a block comment with the file", () => {
    check(inFunction('a = "b;\nc();'), ["E0105 2:5 string"]);
    check(inFunction('a = "b\\";\nc();'), ["E0105 2:5 string"]);
    check(inFunction('a = "b\\\\";\nc();'), []);
    check("fn f() { }\n/* a", ["E0105 2:1 block comment"]);
    check("/*/", ["E0105 1:1 block comment"]);
  });

  test.each([
    ["1.5", "there are no fractions"],
    ["0x", "`0x` is followed by hexadecimal digits, with single `_` between them"],
    ["0xfg", "`0x` is followed by hexadecimal digits, with single `_` between them"],
    ["1__0", "a number has digits, single `_` between them, and at most an exponent such as `e18`"],
    ["1_", "a number has digits, single `_` between them, and at most an exponent such as `e18`"],
    ["12ab", "a number has digits, single `_` between them, and at most an exponent such as `e18`"],
    ["007", "it starts with a zero"],
    ["1e101", "its exponent is above 100"],
    ["1e999999", "its exponent is above 100"],
    ["9".repeat(101), "it has more than 100 digits"],
    [`0x${"9".repeat(16_384)}`, "it has more than 16384 digits"],
  ])("%s is no number", (text, reason) => {
    const { problems } = parseFile("t", `const X: u8 = ${text};`);
    expect(problems).toMatchObject([{ code: "E0106", args: { reason }, span: { start: 14, end: 14 + text.length } }]);
  });

  test.each([
    ["@", "an account's name or an address follows `@`"],
    ["@0x12", "an address has 40 hexadecimal digits, this one 2"],
    [`@0x${"0".repeat(41)}`, "an address has 40 hexadecimal digits, this one 41"],
    ["@0xzz", "an address is `@0x` and 40 hexadecimal digits"],
    ["@1a", "an address is `@0x` and 40 hexadecimal digits"],
  ])("%s is no address", (text, reason) => {
    const { problems } = parseFile("t", `const X: address = ${text};`);
    expect(problems).toMatchObject([{ code: "E0110", args: { reason }, span: { start: 19, end: 19 + text.length } }]);
  });

  test("each bad escape is pointed at", () => {
    check('const X: u8 = "a\\qb\\u{110000}\\u{d800}\\u41";', [
      'E0110 1:17 `\\q` / `\\` is followed by one of `n r t 0 \\ "` or by `u{…}`',
      "E0110 1:20 `\\u{110000}` / `\\u{…}` holds the number of a character in hexadecimal digits",
      "E0110 1:30 `\\u{d800}` / `\\u{…}` holds the number of a character in hexadecimal digits",
      "E0110 1:38 `\\u` / `\\u{…}` holds the number of a character in hexadecimal digits",
    ]);
  });
});
