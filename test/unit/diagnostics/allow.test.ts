/** `// weft-allow CODE: reason`: what it silences, and what it is told when it silences nothing. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";

function codes(text: string): readonly string[] {
  return compile("c.weft", (path) => (path === "c.weft" ? text : undefined)).diagnostics.map(({ code }) => code);
}

const AROUND = (before: string, behind = ""): string => `contract C {
  state last: address;

${before}
  pub fn f() {${behind}
    self.last = caller;
  }
}
`;

describe("a warning is silenced", () => {
  test("by a comment on its line", () => {
    expect(codes(AROUND("", " // weft-allow W1001: one at a time"))).toEqual([]);
  });

  test("by a comment on the line before", () => {
    expect(codes(AROUND("  // weft-allow W1001: one at a time"))).toEqual([]);
  });

  test("by a comment before other comments", () => {
    expect(codes(AROUND("  // weft-allow W1001: one at a time\n  /// Says who was last.\n"))).toEqual([]);
  });

  test("together with another of its line", () => {
    const two =
      "contract C {\n  state last: address;\n  pub fn f(caller_: u8) { let caller_ = 1; self.last = caller; } // weft-allow W0302, W1001: one at a time\n}\n";
    const kept = codes(two).filter((code) => code === "W0302" || code === "W1001");
    expect(kept).toEqual([]);
  });

  test("but without a colon there is no reason", () => {
    expect(codes(AROUND("  // weft-allow W1001 one at a time"))).toEqual(["W0102"]);
  });

  test("in a program with errors elsewhere", () => {
    const text =
      "contract C {\n  pub fn f(x: u8) {\n    if x == 1 {\n      // weft-allow W0302: so what\n      let x = y;\n    }\n  }\n}\n";
    expect(codes(text)).toEqual(["E0202"]);
  });
});

describe("a comment silences nothing", () => {
  test("of another code", () => {
    expect(codes(AROUND("  // weft-allow W0302: one at a time")).toSorted()).toEqual(["W0101", "W1001"]);
  });

  test("two lines up", () => {
    expect(codes(`// weft-allow W1001: far away\n${AROUND("")}`).toSorted()).toEqual(["W0101", "W1001"]);
  });

  test("that is a block comment or a documentation comment", () => {
    expect(codes(AROUND("  /* weft-allow W1001: no */"))).toEqual(["W1001"]);
    expect(codes(AROUND("  /// weft-allow W1001: no"))).toEqual(["W1001"]);
  });

  test("without a code, with an unknown one, or with that of an error", () => {
    for (const comment of ["// weft-allow: why", "// weft-allow W1002: why", "// weft-allow E0301: why"]) {
      expect(codes(`${comment}\ncontract C {}\n`)).toEqual(["W0101"]);
    }
    const [found] = compile("c.weft", () => "// weft-allow w1001: why\ncontract C {}\n").diagnostics;
    expect(found.help).toBe("did you mean `W1001`?");
  });
});

test("a comment without a reason is told so, and still silences", () => {
  expect(codes(AROUND("  // weft-allow W1001"))).toEqual(["W0102"]);
  expect(codes(AROUND("  // weft-allow W1001:  "))).toEqual(["W0102"]);
});

test("nothing is called unused while the program has errors, or inside a mixin", () => {
  expect(codes("// weft-allow W1001: why\ncontract C { state x: nothing; }\n")).toEqual(["E0202"]);
  expect(codes("mixin M {\n  // weft-allow W1001: why\n  fn f() {}\n}\n")).toEqual([]);
});

test("the fix takes the whole line away", () => {
  const text = "contract C {\n  // weft-allow W1001: why\n  pub fn f() {}\n}\n";
  const [found] = compile("c.weft", () => text).diagnostics;
  const [edit] = found.fixes[0].edits;
  expect(text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end)).toBe("contract C {\n  pub fn f() {}\n}\n");
});
