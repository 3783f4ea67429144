/** The small parts of the emitter by themselves. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binaryCode, primary, ternaryCode, unaryCode } from "../../../compiler/codegen/code.ts";
import { definition, line, newWriter, oneLine, printLines, withoutUnused } from "../../../compiler/codegen/lines.ts";
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

describe("lines", () => {
  it("lose definitions that nothing uses, and those that only these used", () => {
    const lines = [
      definition(["a"], "const a = 1;", undefined),
      definition(["b"], "const b = a;", undefined),
      definition(["c"], "const c = x.fit(2);", "x.fit(2);"),
      definition(["d"], "const d = 3;", undefined),
      line("use(d, q.a, { b: 1 });"),
    ];
    const writer = newWriter();
    printLines(writer, withoutUnused(lines, new Set()));
    expect(writer.toString()).toBe("x.fit(2);\nconst d = 3;\nuse(d, q.a, { b: 1 });\n");
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
