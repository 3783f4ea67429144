import { describe, expect, test } from "vitest";

import { parseFile } from "../../../grammar/parse.ts";
import { items, members, shape, type } from "./helpers.ts";

const one = (text: string): unknown => shape(items(text)[0]);
const member = (text: string): unknown => shape(members(text)[0]);

describe("declarations of files", () => {
  test("import, with names, aliases and an escaped path", () => {
    const text = 'import { A, B as C, } from "./a.weft";';
    const [item] = items(text);
    expect(shape(item)).toEqual({
      kind: "import",
      names: [
        { name: "A", alias: undefined },
        { name: "B", alias: "C" },
      ],
      from: "./a.weft",
    });
    expect(item.kind === "import" && text.slice(item.fromSpan.start, item.fromSpan.end)).toBe('"./a.weft"');
  });

  test("const", () => {
    expect(one("const DAY: u64 = 86_400;")).toMatchObject({ kind: "const", name: "DAY", type: { name: "u64" }, value: { value: 86_400n } });
  });

  test("struct", () => {
    expect(one("struct P { a: u64; b: map<u8, S>; }")).toMatchObject({
      kind: "struct",
      name: "P",
      fields: [
        { kind: "field", name: "a", doc: "" },
        { name: "b", type: { name: "map" } },
      ],
    });
    expect(one("struct Empty { }")).toMatchObject({ fields: [] });
  });

  test("enum, with and without payloads", () => {
    expect(one("enum Shape { Dot, Circle(u32), Box { w: u32, h: u32, }, }")).toMatchObject({
      kind: "enum",
      variants: [
        { kind: "variant", name: "Dot", payload: { kind: "none" } },
        { name: "Circle", payload: { kind: "tuple", types: [{ name: "u32" }] } },
        { name: "Box", payload: { kind: "record", fields: [{ name: "w" }, { name: "h" }] } },
      ],
    });
  });

  test("interface: functions without bodies", () => {
    expect(one("interface I { pub fn a(to: address) -> bool; view fn b(); payable fn c(); }")).toMatchObject({
      kind: "interface",
      functions: [
        { access: "pub", name: "a", params: [{ kind: "param", name: "to" }], result: { name: "bool" }, body: undefined },
        { access: "view", result: undefined },
        { access: "payable" },
      ],
    });
  });

  test("mixin and contract with their clauses", () => {
    expect(one("mixin M uses A, B { state x: u8; }")).toMatchObject({ kind: "mixin", name: "M", uses: ["A", "B"], members: { length: 1 } });
    expect(one("contract C uses A implements I, J { }")).toMatchObject({
      kind: "contract",
      uses: ["A"],
      implements: ["I", "J"],
      members: [],
    });
    expect(one("contract C implements I { }")).toMatchObject({ uses: [], implements: ["I"] });
  });

  test("functions, events and errors stand outside of contracts too", () => {
    expect(items("fn f() { } event E(); error X(); pub fn g() { }").map(({ kind }) => kind)).toEqual([
      "function",
      "event",
      "error",
      "function",
    ]);
  });

  test("test, with parameters too", () => {
    const text = 'test "a \\"b\\"" { f(); }';
    const [item] = items(text);
    expect(shape(item)).toMatchObject({ kind: "test", title: 'a "b"', params: [], body: { statements: { length: 1 } } });
    expect(item.kind === "test" && text.slice(item.titleSpan.start, item.titleSpan.end)).toBe('"a \\"b\\""');
    expect(one('test "any" (a: u64, who: address) { }')).toMatchObject({ params: [{ name: "a" }, { name: "who" }] });
  });
});

describe("members of contracts", () => {
  test("state and immutable", () => {
    expect(member("state x: u64;")).toMatchObject({ kind: "state", name: "x", initial: undefined });
    expect(member("state x: u64 = 1 + 2;")).toMatchObject({ initial: { kind: "binary" } });
    expect(member("state x: list<u8,2>=[];")).toMatchObject({ type: { name: "list" }, initial: { kind: "list" } });
    expect(member("immutable owner: address;")).toMatchObject({ kind: "immutable", name: "owner" });
  });

  test("events with indexed parameters, errors", () => {
    expect(member("event E(indexed a: u8, b: u8, indexed: u8);")).toMatchObject({
      kind: "event",
      params: [
        { name: "a", indexed: true },
        { name: "b", indexed: false },
        { name: "indexed", indexed: false },
      ],
    });
    expect(member("error E(a: u8);")).toMatchObject({ kind: "error", params: [{ name: "a", indexed: false }] });
  });

  test("guard, with and without parameters", () => {
    expect(member("guard g { require a; }")).toMatchObject({ kind: "guard", name: "g", params: [], body: { statements: { length: 1 } } });
    expect(member("guard g(a: u8) { }")).toMatchObject({ params: [{ name: "a" }] });
  });

  test("init, payable too", () => {
    expect(member("init(a: u8) { }")).toMatchObject({ kind: "init", payable: false, params: { length: 1 } });
    expect(member("payable init() { }")).toMatchObject({ payable: true });
  });

  test("functions with access, result and guards", () => {
    expect(member("fn f() { }")).toMatchObject({ kind: "function", access: "internal", result: undefined, guards: [] });
    expect(member("view fn f() -> (yes: u128, no: u128) with a, b(1, c) { return (1, 2); }")).toMatchObject({
      access: "view",
      result: { kind: "tupleType", elements: [{ name: "yes" }, { name: "no" }] },
      guards: [
        { kind: "guardUse", name: "a", args: [] },
        { name: "b", args: { length: 2 } },
      ],
    });
    expect(member("payable fn f() { }")).toMatchObject({ access: "payable" });
    expect(member("pub fn init() { }")).toMatchObject({ kind: "function", name: "init" });
  });

  test("invariant and parallel", () => {
    expect(member("invariant sum { require a; }")).toMatchObject({ kind: "invariant", name: "sum", body: { statements: { length: 1 } } });
    expect(member("parallel (a: f, b: g);")).toMatchObject({
      kind: "parallel",
      left: { binder: "a", target: "f" },
      right: { binder: "b", target: "g" },
      when: undefined,
    });
    expect(member("parallel (a: f, b: f) when a.x != b.x || a.caller != b.caller;")).toMatchObject({ when: { kind: "binary", op: "||" } });
  });

  test("a member covers its text to the semicolon or brace", () => {
    const text = "state x: u64;\n  /// doc\n  pub fn f() { g(); }\nparallel (a: f, b: f);";
    const source = `contract C {\n${text}\n}`;
    expect(members(text).map(({ span }) => source.slice(span.start, span.end))).toEqual([
      "state x: u64;",
      "pub fn f() { g(); }",
      "parallel (a: f, b: f);",
    ]);
  });
});

describe("types", () => {
  test("names with types and sizes", () => {
    expect(shape(type("map<address, map<u64, list<u8, 1_0>>>"))).toEqual({
      kind: "namedType",
      name: "map",
      args: [
        { kind: "namedType", name: "address", args: [] },
        {
          kind: "namedType",
          name: "map",
          args: [
            { kind: "namedType", name: "u64", args: [] },
            {
              kind: "namedType",
              name: "list",
              args: [
                { kind: "namedType", name: "u8", args: [] },
                { kind: "size", value: 10n },
              ],
            },
          ],
        },
      ],
    });
    expect(shape(type("string<MAX>"))).toMatchObject({ name: "string", args: [{ kind: "namedType", name: "MAX" }] });
  });

  test("tuples, named and not, options", () => {
    expect(shape(type("(a: u8, (u16, u32))"))).toMatchObject({
      kind: "tupleType",
      elements: [
        { name: "a", type: { name: "u8" } },
        { name: undefined, type: { kind: "tupleType" } },
      ],
    });
    expect(shape(type("u8??"))).toMatchObject({ kind: "optionType", inner: { kind: "optionType", inner: { name: "u8" } } });
    expect(shape(type("(u8)?"))).toMatchObject({ kind: "optionType", inner: { kind: "namedType" } });
    expect(shape(type("(one: u8)"))).toMatchObject({ kind: "tupleType", elements: { length: 1 } });
  });
});

describe("comments", () => {
  test("are kept in the order of the text, as they stand there", () => {
    const text = "// a\nfn f() { /* b\n */ } /// c\r\n//// d\n/**/";
    const { file } = parseFile("t", text);
    expect(file.comments.map(({ kind, text: own }) => [kind, own])).toEqual([
      ["line", "// a"],
      ["block", "/* b\n */"],
      ["doc", "/// c"],
      ["line", "//// d"],
      ["block", "/**/"],
    ]);
    for (const { span, text: own } of file.comments) {
      expect(text.slice(span.start, span.end)).toBe(own);
    }
  });

  test("doc stands right before a declaration; a blank line parts them, an ordinary comment doesn't", () => {
    const text = [
      "/// About the file.",
      "",
      "/// First",
      "///  line two ",
      "///",
      "struct S {",
      "  /// a field",
      "  // weft-allow W1001: reason",
      "  a: u8;",
      "  b: u8;",
      "}",
      "/// an enum",
      "enum E { /// dot",
      "  Dot, Box { /// width",
      "   w: u8 } }",
      "/// lost",
      "",
      "contract C {",
      "  /// payable",
      "  payable fn f() { }",
      "}",
    ].join("\n");
    expect(shape(items(text))).toMatchObject([
      { doc: "First\n line two", fields: [{ doc: "a field" }, { doc: "" }] },
      { doc: "an enum", variants: [{ doc: "dot" }, { payload: { fields: [{ doc: "width" }] } }] },
      { doc: "", members: [{ doc: "payable" }] },
    ]);
  });
});

test("a byte-order mark at the beginning is no character of the program", () => {
  expect(items("\ufefffn f() { }")).toHaveLength(1);
});
