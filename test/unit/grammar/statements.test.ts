import { describe, expect, test } from "vitest";

import { shape, statements, testStatements } from "./helpers.ts";

const one = (text: string): unknown => shape(statements(text)[0]);
const oneInTest = (text: string): unknown => shape(testStatements(text)[0]);

describe("statements", () => {
  test("let and var, with patterns and types", () => {
    expect(one("let x = 1;")).toMatchObject({ kind: "let", mutable: false, pattern: { kind: "bind", name: "x" }, type: undefined });
    expect(one("var x: u64 = 1;")).toMatchObject({ kind: "let", mutable: true, type: { kind: "namedType", name: "u64" } });
    expect(one("let (a, (_, b)) = f();")).toMatchObject({
      pattern: {
        kind: "tuple",
        elements: [
          { kind: "bind", name: "a" },
          { kind: "tuple", elements: [{ kind: "ignore" }, { kind: "bind", name: "b" }] },
        ],
      },
    });
    expect(one("let _ = f();")).toMatchObject({ pattern: { kind: "ignore" } });
  });

  test.each(["=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "min=", "max="])("assignment with %s", (op) => {
    expect(one(`self.a[b].c ${op} d + 1;`)).toMatchObject({
      kind: "assign",
      target: { kind: "member" },
      op,
      value: { kind: "binary" },
      orElse: undefined,
    });
  });

  test("a debit with its error, plain and of a contract", () => {
    expect(one("a -= b else Short(a, 1);")).toMatchObject({
      op: "-=",
      orElse: { kind: "errorUse", qualifier: undefined, name: "Short", args: { length: 2 } },
    });
    expect(one("a += if b { 1 } else { 2 } else Token.Cap();")).toMatchObject({
      value: { kind: "ifExpr" },
      orElse: { qualifier: "Token", name: "Cap", args: [] },
    });
  });

  test("if, else if, else", () => {
    expect(one("if a { b(); } else if c { } else { d(); }")).toMatchObject({
      kind: "if",
      then: { statements: [{ kind: "expr" }] },
      otherwise: { kind: "if", cond: { name: "c" }, otherwise: { kind: "block", statements: [{ kind: "expr" }] } },
    });
    expect(one("if a { }")).toMatchObject({ otherwise: undefined });
  });

  test("if let, also after else", () => {
    expect(one("if let some(x) = e { } else if let Shape.Box { w } = s { } else { }")).toMatchObject({
      kind: "ifLet",
      pattern: { kind: "some", inner: { kind: "bind", name: "x" } },
      value: { name: "e" },
      otherwise: { kind: "ifLet", pattern: { kind: "variant", payload: { kind: "record", names: ["w"] } }, otherwise: { kind: "block" } },
    });
    expect(one("if let Shape.Dot = s { a(); }")).toMatchObject({
      pattern: { payload: { kind: "none" } },
      then: { statements: { length: 1 } },
    });
  });

  test("a statement that begins with match or if is no expression", () => {
    expect(one("match e { A.B => f(), _ => { g(); } }")).toMatchObject({
      kind: "match",
      arms: [{ body: { kind: "call" } }, { body: { kind: "block" } }],
    });
    expect(statements("if a { } -b;").map(({ kind }) => kind)).toEqual(["if", "expr"]);
  });

  test("for over a list, a range, and a range with a cap", () => {
    expect(one("for who in to { }")).toMatchObject({ kind: "for", name: "who", over: { kind: "list", list: { name: "to" } } });
    expect(one("for i in 0..n + 1 { }")).toMatchObject({
      over: { kind: "range", from: { value: 0n }, to: { kind: "binary" }, max: undefined },
    });
    expect(one("for i in a..b max 64 { f(); }")).toMatchObject({ over: { max: { value: 64n } }, body: { statements: { length: 1 } } });
    expect(one("for _ in 0..3 { }")).toMatchObject({ name: "_" });
  });

  test("require, revert, emit, delete, return", () => {
    expect(one("require a == b;")).toMatchObject({ kind: "require", cond: { kind: "binary" }, orElse: undefined });
    expect(one("require a else NotOwner(caller);")).toMatchObject({ orElse: { name: "NotOwner" } });
    expect(one("revert;")).toMatchObject({ kind: "revert", error: undefined });
    expect(one("revert Token.Closed(1);")).toMatchObject({ error: { qualifier: "Token", name: "Closed" } });
    expect(one("emit Transfer(a, b, 1);")).toMatchObject({ kind: "emit", qualifier: undefined, event: "Transfer", args: { length: 3 } });
    expect(one("emit Token.Transfer();")).toMatchObject({ qualifier: "Token" });
    expect(one("delete self.a[1];")).toMatchObject({ kind: "delete", target: { kind: "index" } });
    expect(one("return;")).toMatchObject({ kind: "return", value: undefined });
    expect(one("return (a, b);")).toMatchObject({ value: { kind: "tuple" } });
  });

  test("a statement covers its text from the first token to the semicolon or brace", () => {
    const text = "let x = 1;\n  a.b += 2 else E();\nif x { y(); } else { }\nreturn;";
    const source = `fn f() {\n${text}\n}`;
    expect(statements(text).map(({ span }) => source.slice(span.start, span.end))).toEqual([
      "let x = 1;",
      "a.b += 2 else E();",
      "if x { y(); } else { }",
      "return;",
    ]);
  });
});

describe("statements of tests", () => {
  test("assert", () => {
    expect(oneInTest("assert a.b() == 1;")).toMatchObject({ kind: "assert", cond: { kind: "binary" } });
    expect(oneInTest("assert (a) == b;")).toMatchObject({ kind: "assert", cond: { kind: "binary" } });
  });

  test("expect with an error, one of a contract, and any revert", () => {
    expect(oneInTest("expect d.vote(0) as @eve value 2 revert NotMember(@eve);")).toMatchObject({
      kind: "expect",
      call: { kind: "as", account: { name: "eve" }, value: { value: 2n } },
      error: { name: "NotMember" },
    });
    expect(oneInTest("expect d.f() revert Dao.E();")).toMatchObject({ call: { kind: "call" }, error: { qualifier: "Dao" } });
    expect(oneInTest("expect d.f() revert;")).toMatchObject({ error: undefined });
  });

  test("advance", () => {
    expect(oneInTest("advance time 3 * DAY;")).toMatchObject({ kind: "advance", what: "time", by: { kind: "binary" } });
    expect(oneInTest("advance height 5;")).toMatchObject({ what: "height", by: { value: 5n } });
  });

  test("block and parallel block", () => {
    expect(oneInTest("block { a.b(); expect a.c() revert; }")).toMatchObject({
      kind: "blockOfCalls",
      parallel: false,
      body: { statements: [{ kind: "expr" }, { kind: "expect" }] },
    });
    expect(oneInTest("parallel block { a.b() as @bob; }")).toMatchObject({
      parallel: true,
      body: { statements: [{ expr: { kind: "as" } }] },
    });
  });

  test("they also stand in the blocks of a test", () => {
    expect(oneInTest("if a { assert b; } else { block { c.d() value 1; } }")).toMatchObject({
      then: { statements: [{ kind: "assert" }] },
      otherwise: { statements: [{ kind: "blockOfCalls" }] },
    });
  });
});

describe("words that mean something only in places are names elsewhere", () => {
  const words = [
    ...["from", "state", "immutable", "event", "error", "init", "test", "parallel", "when", "indexed", "min", "max"],
    ...["invariant", "create", "deploy", "assert", "expect", "advance", "block", "value", "time", "height", "caller"],
  ];

  test.each(words)("%s is a variable, a member, a function, a field and a parameter", (word) => {
    expect(one(`let ${word} = ${word} + a.${word}.${word}(${word});`)).toMatchObject({
      pattern: { name: word },
      value: { kind: "binary" },
    });
    expect(one(`${word} = 1;`)).toMatchObject({ kind: "assign", target: { name: word } });
    expect(one(`${word} += ${word}(1);`)).toMatchObject({ kind: "assign", value: { callee: { name: word } } });
    expect(one(`${word}.x = S { ${word}: ${word} };`)).toMatchObject({ kind: "assign", value: { fields: [{ name: word }] } });
    expect(one(`${word}[1] max= 2;`)).toMatchObject({ op: "max=" });
    expect(one(`for ${word} in ${word}..${word} max ${word} { }`)).toMatchObject({ name: word, over: { max: { name: word } } });
  });

  test.each(words)("in a test too, %s can be assigned and used", (word) => {
    expect(oneInTest(`let ${word} = ${word};`)).toMatchObject({ pattern: { name: word }, value: { name: word } });
    expect(oneInTest(`${word} = ${word} + 1;`)).toMatchObject({ kind: "assign", target: { name: word } });
    expect(oneInTest(`${word}.x = 1;`)).toMatchObject({ kind: "assign" });
    expect(oneInTest(`f(${word}, a.${word});`)).toMatchObject({ kind: "expr" });
  });

  test("outside of tests the words of tests begin nothing", () => {
    expect(one("assert(a);")).toMatchObject({ kind: "expr", expr: { kind: "call" } });
    expect(one("block.height = deploy(x);")).toMatchObject({ kind: "assign", value: { kind: "call" } });
  });
});
