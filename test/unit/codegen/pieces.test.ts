/** The small parts of the emitter by themselves. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shapeOf } from "../../../compiler/codegen/layout.ts";
import { extentOf } from "../../../compiler/core/members.ts";
import type { Type } from "../../../compiler/core/types.ts";
import { packValue } from "../../../runtime/abi/pack.ts";
import type { Neutral, Shape } from "../../../runtime/module.ts";
import { AddressTable, createAddressTable } from "../../../runtime/state/address-table.ts";
import { binaryCode, primary, ternaryCode, unaryCode } from "../../../compiler/codegen/code.ts";
import {
  assignment,
  block,
  definition,
  destructuring,
  line,
  newWriter,
  oneLine,
  printLines,
  withoutUnused,
  type Line,
} from "../../../compiler/codegen/lines.ts";
import { bigText, bytesText, stringText } from "../../../compiler/codegen/literals.ts";
import { constantCase, functionNames, moduleNames } from "../../../compiler/codegen/names.ts";
import { doubleAbove, doubleBelow } from "../../../compiler/codegen/representation.ts";

const AMOUNTS = fc.oneof(
  fc.bigInt(-(1n << 256n), 1n << 256n),
  fc.integer({ min: 0, max: 256 }).chain((bits) => fc.bigInt(-3n, 3n).map((near) => (1n << BigInt(bits)) + near)),
);

describe("doubles around an integer", () => {
  it("hold it between them, and nothing fits closer", () => {
    fc.assert(
      fc.property(AMOUNTS, (value) => {
        const above = BigInt(doubleAbove(value));
        const below = BigInt(doubleBelow(value));
        expect(below <= value && value <= above).toBe(true);
        // Whichever double is nearest is one of the two.
        expect([above, below]).toContain(BigInt(Number(value)));
        expect(above === value).toBe(below === value);
      }),
    );
  });
});

describe("literals", () => {
  it("mean the value they stand for", () => {
    fc.assert(
      fc.property(AMOUNTS, (value) => {
        expect(evaluate(bigText(value))).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const text = stringText(value);
        expect(evaluate(text)).toBe(value);
        expect(text).not.toMatch(/[\n\r\u2028\u2029]/);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (value) => {
        expect(evaluate(bytesText(value))).toEqual(value);
      }),
    );
  });
});

describe("expressions", () => {
  it("keep their shape with as few parentheses as it takes", () => {
    const [a, b, c] = ["a", "b", "c"].map(primary);
    expect(binaryCode("-", a, binaryCode("-", b, c)).text).toBe("a - (b - c)");
    expect(binaryCode("-", binaryCode("-", a, b), c).text).toBe("a - b - c");
    expect(binaryCode("*", binaryCode("+", a, b), c).text).toBe("(a + b) * c");
    expect(unaryCode("!", binaryCode("&&", a, b)).text).toBe("!(a && b)");
    expect(unaryCode("-", unaryCode("-", a)).text).toBe("-(-a)");
    expect(binaryCode("+", ternaryCode(a, b, c), c).text).toBe("(a ? b : c) + c");
  });
});

describe("layouts", () => {
  const person: Type = {
    kind: "struct",
    name: "Person",
    key: "p",
    fields: [
      { name: "name", type: { kind: "string", max: 32 } },
      { name: "home", type: { kind: "address" } },
    ],
  };
  const shapes: Type = { kind: "list", element: { kind: "option", inner: person }, max: 3 };

  const tuple: Shape = {
    kind: "tuple",
    members: [
      { kind: "bytes", max: 32, utf8: true },
      { kind: "word", type: "address", variants: 0 },
    ],
  };
  const expected: Shape = { kind: "list", max: 3, element: { kind: "variant", variants: [[], [tuple]] } };

  it("have structs as tuples and options as variants", () => {
    expect(shapeOf(shapes)).toEqual(expected);
  });

  it("leave room for the longest value of a packed cell, as the runtime packs it", () => {
    const addresses = new AddressTable(createAddressTable(64), { k0: 1, k1: 2 });
    const one: Neutral = [1, [new Uint8Array(32).fill(255), addresses.internHex(`0x${"ff".repeat(20)}`)]];
    expect(extentOf(shapes).bytes).toBe(4 + 3 * (1 + 4 + 32 + 20));
    expect(packValue(expected, [one, one, one], addresses).length).toBe(extentOf(shapes).bytes);
  });
});

describe("names", () => {
  it("of the author stay, those of the module step aside", () => {
    const module = moduleNames(["move", "COIN"], ["lesser"]);
    expect(["move", "COIN", "lesser", "mint"].map(module.take)).toEqual(["move_2", "COIN_2", "lesser_2", "mint"]);
    const local = functionNames(module, ["x", "b"]);
    expect(["move", "from", "x", "class", "mint", "p"].map(local.take)).toEqual(["move", "from", "x_2", "class_2", "mint_2", "p"]);
    expect([local.temporary("slot"), local.temporary("slot")]).toEqual(["slot1", "slot2"]);
  });

  it("of constants are spelled out", () => {
    expect(constantCase(["totalSupply"])).toBe("TOTAL_SUPPLY");
    expect(constantCase(["proposals", "yes"])).toBe("PROPOSALS_YES");
    expect(constantCase(["tokenURI2nd"])).toBe("TOKEN_URI2ND");
  });
});

function printed(lines: readonly Line[]): string {
  const writer = newWriter();
  printLines(writer, withoutUnused(lines, new Set()));
  return writer.toString();
}

describe("lines", () => {
  it("lose definitions that nothing uses, and those that only these used", () => {
    const lines = [
      definition(["a"], "const a = 1;", undefined),
      definition(["b"], "const b = a;", undefined),
      definition(["c"], "const c = x.fit(2);", "x.fit(2);"),
      definition(["d"], "const d = 3;", undefined),
      line("use(d, q.a, { b: 1 });"),
    ];
    expect(printed(lines)).toBe("x.fit(2);\nconst d = 3;\nuse(d, q.a, { b: 1 });\n");
  });

  it("lose what is assigned to a variable that nothing reads, but not what assigning it does", () => {
    const lines = [
      definition(["a"], "let a = f();", "f();"),
      definition(["b"], "let b = 1;", undefined),
      definition(["c"], "let c = 2;", undefined),
      block("for (;;)", [assignment("a", "g(b)", "g(b);"), assignment("b", "c + 1", undefined), assignment("c", "b", undefined)]),
      block("if (d)", [assignment("a", "0", undefined)]),
    ];
    expect(printed(lines)).toBe("f();\nlet b = 1;\nlet c = 2;\nfor (;;) {\n  g(b);\n  b = c + 1;\n  c = b;\n}\nif (d) {\n}\n");
    expect(printed([definition(["a"], "let a;", undefined), block("while (d)", [assignment("a", "1", undefined), line("use(a);")])])).toBe(
      "let a;\nwhile (d) {\n  a = 1;\n  use(a);\n}\n",
    );
  });

  it("leave names out of a destructuring that nothing uses", () => {
    const text = (names: readonly string[]): string => `const [${names.join(", ")}] = pair();`;
    expect(printed([destructuring(["a", "b"], text, "pair();"), line("use(b);")])).toBe("const [, b] = pair();\nuse(b);\n");
    expect(printed([destructuring(["a", ""], text, "pair();")])).toBe("pair();\n");
    expect(printed([destructuring(["a", "b"], text, undefined)])).toBe("");
  });

  it("never end a comment early", () => {
    expect(oneLine("a\r\n b\u2028c\u2029 d")).toBe("a b c d");
  });
});

/** Only texts made by the functions under test get here. */
function evaluate(text: string): unknown {
  const run: unknown = Reflect.construct(Function, [`"use strict"; return (${text});`]);
  return typeof run === "function" ? Reflect.apply(run, undefined, []) : undefined;
}
