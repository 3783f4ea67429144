import { describe, expect, test } from "vitest";

import { expression, grouped, shape, statements, testStatements } from "./helpers.ts";

const groups = (text: string): string => grouped(expression(text));
const inTest = (text: string): string => grouped(expression(text, testStatements));

describe("operators", () => {
  test.each([
    ["a + b * c", "(a + (b * c))"],
    ["a * b + c", "((a * b) + c)"],
    ["a - b - c", "((a - b) - c)"],
    ["a / b % c * d", "(((a / b) % c) * d)"],
    ["a << b + c", "(a << (b + c))"],
    ["a & b << c", "(a & (b << c))"],
    ["a ^ b & c", "(a ^ (b & c))"],
    ["a | b ^ c", "(a | (b ^ c))"],
    ["a & b == c", "((a & b) == c)"],
    ["a == b | c", "(a == (b | c))"],
    ["a < b && c >= d", "((a < b) && (c >= d))"],
    ["a || b && c || d", "((a || (b && c)) || d)"],
    ["a >> 1 >> 2", "((a >> 1) >> 2)"],
    ["a >= b", "(a >= b)"],
    ["a > b", "(a > b)"],
    ["a != b", "(a != b)"],
    ["a <= b", "(a <= b)"],
    ["(a + b) * c", "([(a + b)] * c)"],
    ["-a + !b", "((-a) + (!b))"],
    ["- - ~a", "(-(-(~a)))"],
    ["-a.b(c)[d]", "(-a.b(c)[d])"],
    ["a < (b < c)", "(a < [(b < c)])"],
  ])("%s groups as %s", (text, expected) => {
    expect(groups(text)).toBe(expected);
  });

  test("the place of a two-token operator covers both, and operands keep theirs", () => {
    const text = "a  >> b";
    const expr = expression(text);
    const from = "fn f() {\nlet x = ".length;
    expect(expr).toMatchObject({ kind: "binary", op: ">>", opSpan: { start: from + 3, end: from + 5 } });
    expect(expr.span).toEqual({ start: from, end: from + text.length });
  });
});

describe("chains", () => {
  test("members, indices and calls nest to the left", () => {
    expect(groups("self.a[b.c].d(e, f)(g)")).toBe("self.a[b.c].d(e, f)(g)");
  });

  test("each link covers the text from the beginning of the chain", () => {
    const source = "fn f() {\nlet x = a.b[c](d);\n}";
    const outer = expression("a.b[c](d)");
    const spans = [];
    for (let at = outer; ;) {
      spans.push(source.slice(at.span.start, at.span.end));
      if (at.kind === "call") {
        at = at.callee;
      } else if (at.kind === "index" || at.kind === "member") {
        at = at.object;
      } else {
        break;
      }
    }
    expect(spans).toEqual(["a.b[c](d)", "a.b[c]", "a.b", "a"]);
  });

  test("arguments may end in a comma", () => {
    expect(groups("f(a, b,)")).toBe("f(a, b)");
    expect(groups("f()")).toBe("f()");
  });

  test("conversions, typed addresses and some are calls", () => {
    expect(groups("u64(x) + Erc20(t).balanceOf(a)")).toBe("(u64(x) + Erc20(t).balanceOf(a))");
    expect(groups("some(x)")).toBe("some(x)");
    expect(groups("none")).toBe("none");
  });
});

describe("literals", () => {
  test.each([
    ["0", 0n],
    ["7", 7n],
    ["1_000_000", 1_000_000n],
    ["0xff", 255n],
    ["0xdead_BEEF", 0xdeadbeefn],
    ["1e18", 10n ** 18n],
    ["2_5e1_0", 25n * 10n ** 10n],
    ["3E2", 300n],
    ["115792089237316195423570985008687907853269984665640564039457584007913129639936", 2n ** 256n],
  ])("%s is a number", (text, value) => {
    expect(expression(text)).toMatchObject({ kind: "int", value, text });
  });

  test("strings have their escapes resolved", () => {
    expect(expression('"a\\n\\t\\r\\0\\\\\\"\\u{e9}\\u{1F600}é"')).toMatchObject({ kind: "string", value: 'a\n\t\r\0\\"é😀é' });
    expect(expression('""')).toMatchObject({ kind: "string", value: "" });
    expect(expression('"// no comment /* neither"')).toMatchObject({ value: "// no comment /* neither" });
  });

  test("addresses are lower case, accounts keep their name", () => {
    const digits = "00000000000000000000000000000000DeaDBeef";
    expect(expression(`@0x${digits}`)).toMatchObject({ kind: "address", value: `0x${digits.toLowerCase()}` });
    expect(expression("@alice_1")).toMatchObject({ kind: "account", name: "alice_1" });
  });

  test("true and false", () => {
    expect(shape(expression("true"))).toEqual({ kind: "bool", value: true });
    expect(shape(expression("false"))).toEqual({ kind: "bool", value: false });
  });
});

describe("brackets", () => {
  test("one element is a parenthesis, several are a tuple", () => {
    expect(expression("(a)")).toMatchObject({ kind: "paren", inner: { kind: "name" } });
    expect(expression("(a, b,)")).toMatchObject({ kind: "tuple", elements: [{ name: "a" }, { name: "b" }] });
  });

  test("lists may be empty, nest and end in a comma", () => {
    expect(shape(expression("[[], [a, b,]]"))).toEqual({
      kind: "list",
      elements: [
        { kind: "list", elements: [] },
        {
          kind: "list",
          elements: [
            { kind: "name", name: "a" },
            { kind: "name", name: "b" },
          ],
        },
      ],
    });
  });

  test("struct literals, plain and of a variant", () => {
    expect(shape(expression("Point { x: 1, y: a.b, }"))).toMatchObject({
      kind: "struct",
      qualifier: undefined,
      name: "Point",
      fields: [
        { name: "x", value: { kind: "int", value: 1n } },
        { name: "y", value: { kind: "member" } },
      ],
    });
    expect(shape(expression("Shape.Box { w: 1 }"))).toMatchObject({ kind: "struct", qualifier: "Shape", name: "Box" });
  });

  test("a brace that no `name :` follows is not the one of a literal", () => {
    expect(statements("if Name { a = 1; }")[0]).toMatchObject({ kind: "if", cond: { kind: "name", name: "Name" } });
    expect(statements("match Name { A.B => 1 }")[0]).toMatchObject({ kind: "match", subject: { kind: "name" } });
    expect(statements("for x in Name { }")[0]).toMatchObject({ kind: "for", over: { list: { kind: "name" } } });
  });
});

describe("if and match as expressions", () => {
  test("if has exactly one expression in each branch", () => {
    expect(shape(expression("if a { b } else { c }"))).toEqual({
      kind: "ifExpr",
      cond: { kind: "name", name: "a" },
      then: { kind: "name", name: "b" },
      otherwise: { kind: "name", name: "c" },
    });
  });

  test("else if nests in the else branch and covers the rest of the text", () => {
    const expr = expression("if a { 1 } else if b { 2 } else { 3 }");
    expect(shape(expr)).toMatchObject({ otherwise: { kind: "ifExpr", then: { value: 2n }, otherwise: { value: 3n } } });
    expect(expr.kind === "ifExpr" && expr.otherwise.span.end).toBe(expr.span.end);
  });

  test("both can stand in a larger expression", () => {
    expect(groups("1 + if a { b } else { c } * 2")).toBe("(1 + (<ifExpr> * 2))");
    expect(groups("f(match a { none => 1, _ => 2 }, if a { b } else { c })")).toBe("f(<matchExpr>, <ifExpr>)");
  });

  test("match has arms of all patterns, with expressions or blocks", () => {
    const text =
      "match e { Shape.Dot => 1, Shape.Circle(r) => r, Shape.Box { w, h } => w * h, none => 0, some((a, _)) => a, _ => { return; } }";
    expect(shape(expression(text))).toMatchObject({
      kind: "matchExpr",
      arms: [
        { pattern: { kind: "variant", enumName: "Shape", variant: "Dot", payload: { kind: "none" } }, body: { kind: "int" } },
        { pattern: { payload: { kind: "tuple", elements: [{ kind: "bind", name: "r" }] } } },
        { pattern: { payload: { kind: "record", names: ["w", "h"] } }, body: { kind: "binary" } },
        { pattern: { kind: "none" } },
        { pattern: { kind: "some", inner: { kind: "tuple", elements: [{ kind: "bind", name: "a" }, { kind: "ignore" }] } } },
        { pattern: { kind: "wildcard" }, body: { kind: "block", statements: [{ kind: "return" }] } },
      ],
    });
  });

  test("no comma is needed after a block", () => {
    expect(statements("match e { none => { } some(x) => { } _ => f() }")[0]).toMatchObject({ arms: { length: 3 } });
  });
});

describe("create, deploy, as and value", () => {
  test("create takes a name and arguments", () => {
    expect(shape(expression("create Pool(a, b)"))).toMatchObject({ kind: "create", contract: "Pool", args: { length: 2 } });
  });

  test("deploy does so in tests", () => {
    expect(shape(expression('deploy Dao("Guild") as @alice', testStatements))).toMatchObject({
      kind: "as",
      call: { kind: "deploy", contract: "Dao", args: [{ kind: "string", value: "Guild" }] },
      account: { kind: "account", name: "alice" },
      value: undefined,
    });
  });

  test.each([
    ["a.b() as @bob value 5", "(a.b() as @bob value 5)"],
    ["a.b() value -x.y", "(a.b() as  value (-x.y))"],
    ["a.b() as who(1).x + 1", "((a.b() as who(1).x value ) + 1)"],
    ["!a.b() as @bob", "(!(a.b() as @bob value ))"],
    ["a.b() as @bob value 1 == c.d() as @eve", "((a.b() as @bob value 1) == (c.d() as @eve value ))"],
  ])("in a test, %s reads as %s", (text, expected) => {
    expect(inTest(text)).toBe(expected);
  });

  test("a call with as covers it all", () => {
    const text = "a.b() as @bob value 5";
    const { span } = expression(text, testStatements);
    expect(span.end - span.start).toBe(text.length);
  });
});
