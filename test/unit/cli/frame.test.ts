import { describe, expect, test } from "vitest";
import { renderDiagnostics } from "../../../cli/render/frame.ts";
import { COLOURED, chooseTheme, PLAIN } from "../../../cli/render/theme.ts";
import { displayWidth, thousands } from "../../../cli/render/table.ts";
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";

interface Marks {
  readonly text: string;
  /** What is underlined, by its first occurrence, and the note beside it; the first one is the place itself. */
  readonly marks: readonly (readonly [string, string])[];
}

function spanOf(text: string, part: string): { readonly start: number; readonly end: number } {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
}

function diagnostic({ text, marks }: Marks): Diagnostic {
  const [[main], ...notes] = marks;
  return {
    code: "E0301",
    severity: "error",
    message: "expected `u64`, found `bool`",
    path: "a.weft",
    span: spanOf(text, main),
    notes: notes.map(([part, note]) => ({ path: "a.weft", span: spanOf(text, part), text: note })),
    help: undefined,
    fixes: [],
  };
}

function frame(given: Marks): string {
  return renderDiagnostics([diagnostic(given)], new Map([["a.weft", given.text]]), PLAIN);
}

describe("code frames", () => {
  test("underline the place below its line", () => {
    expect(frame({ text: "let x = true;\n", marks: [["true", ""]] })).toBe(
      ["error[E0301]: expected `u64`, found `bool`", " --> a.weft:1:9", "  |", "1 | let x = true;", "  |         ^^^^", ""].join("\n"),
    );
  });

  test("several labels of one line hang below each other, the last one beside its mark", () => {
    const text = "let x: u64 = flag;\n";
    expect(
      frame({
        text,
        marks: [
          ["flag", ""],
          ["u64", "declared here"],
          ["x", "this one"],
        ],
      }).split("\n"),
    ).toEqual([
      "error[E0301]: expected `u64`, found `bool`",
      " --> a.weft:1:14",
      "  |",
      "1 | let x: u64 = flag;",
      "  |     -  ---   ^^^^",
      "  |     |  |",
      "  |     |  declared here",
      "  |     this one",
      "",
    ]);
  });

  test("lines between two labels are left out, unless there is only one", () => {
    const text = "first\n\n\n\nsecond\nthird\nfourth\n";
    const lines = frame({
      text,
      marks: [
        ["fourth", ""],
        ["first", "one"],
        ["second", "two"],
      ],
    }).split("\n");
    expect(lines.slice(3, -1)).toEqual([
      "1 | first",
      "  | ----- one",
      "...",
      "5 | second",
      "  | ------ two",
      "6 | third",
      "7 | fourth",
      "  | ^^^^^^",
    ]);
  });

  test("tabs and wide characters keep marks below their text", () => {
    expect(
      frame({ text: "\tx = 名前 + flag;", marks: [["flag", ""]] })
        .split("\n")
        .slice(3, 5),
    ).toEqual(["1 |     x = 名前 + flag;", "  |                ^^^^"]);
    expect(
      frame({ text: "😀 e\u0301 flag", marks: [["flag", ""]] })
        .split("\n")
        .slice(3, 5),
    ).toEqual(["1 | 😀 e\u0301 flag", "  |      ^^^^"]);
  });

  test("long lines are cut around the place", () => {
    const text = `${"a ".repeat(500)}flag${" b".repeat(500)}`;
    const [source, marks] = frame({ text, marks: [["flag", ""]] })
      .split("\n")
      .slice(3, 5);
    expect(displayWidth(source)).toBeLessThan(130);
    expect(source.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("flag");
    expect(source).toMatch(/^1 \| ….*…$/);
  });

  test("a span over several lines is marked on its first line", () => {
    const text = "fn f(\n  a: u8\n) {}\n";
    const found = renderDiagnostics(
      [{ ...diagnostic({ text, marks: [["fn", ""]] }), span: { start: 0, end: text.length } }],
      new Map([["a.weft", text]]),
      PLAIN,
    );
    expect(found).toContain("1 | fn f(\n  | ^^^^^\n");
  });

  test("a place at the end of the file gets one mark", () => {
    const text = "contract C {";
    const at = { ...diagnostic({ text, marks: [["contract", ""]] }), span: { start: text.length, end: text.length } };
    expect(renderDiagnostics([at], new Map([["a.weft", text]]), PLAIN)).toContain("1 | contract C {\n  |             ^\n");
  });

  test("notes in other files get a frame of their own", () => {
    const other = {
      ...diagnostic({ text: "one", marks: [["one", ""]] }),
      notes: [{ path: "b.weft", span: { start: 4, end: 7 }, text: "and here" }],
    };
    const found = renderDiagnostics(
      [other],
      new Map([
        ["a.weft", "one"],
        ["b.weft", "two\nsix"],
      ]),
      PLAIN,
    );
    expect(found).toContain(" --> a.weft:1:1\n  |\n1 | one\n  | ^^^\n ::: b.weft:2:1\n  |\n2 | six\n  | --- and here\n");
  });

  test("what could move a terminal's cursor or turn its text is shown as a dot", () => {
    const text = "a\u001b[2J\u202eb\u0000\u009bc";
    expect(
      frame({ text, marks: [["c", ""]] })
        .split("\n")
        .slice(3, 5),
    ).toEqual(["1 | a·[2J·b··c", "  |          ^"]);
  });

  test("diagnostics come by file, place and code, whatever their order", () => {
    const make = (path: string, start: number, code: string): Diagnostic => ({
      ...diagnostic({ text: "abc", marks: [["a", ""]] }),
      path,
      code,
      span: { start, end: start + 1 },
    });
    const given = [make("b", 0, "E0102"), make("a", 2, "E0101"), make("a", 0, "E0202"), make("a", 0, "E0201")];
    const codes = (found: string): readonly string[] => [...found.matchAll(/error\[(E\d+)\]/g)].map((match) => match[1]);
    expect(codes(renderDiagnostics(given, new Map(), PLAIN))).toEqual(["E0201", "E0202", "E0101", "E0102"]);
    expect(renderDiagnostics([...given].reverse(), new Map(), PLAIN)).toBe(renderDiagnostics(given, new Map(), PLAIN));
  });

  test("at most fifty are shown, then a count", () => {
    const one = diagnostic({ text: "abc", marks: [["a", ""]] });
    const found = renderDiagnostics(
      Array.from({ length: 60 }, (_, start) => ({ ...one, span: { start, end: start } })),
      new Map(),
      PLAIN,
    );
    expect(found.match(/error\[/g)).toHaveLength(50);
    expect(found).toContain("… and 10 more");
  });
});

describe("themes", () => {
  const choose = (environment: Readonly<Record<string, string>>, isTerminal: boolean): string =>
    chooseTheme("auto", { isTerminal, environment })("bad", "x") === "x" ? "plain" : "coloured";

  test("a terminal gets colours, a pipe doesn't, and the environment can say otherwise", () => {
    expect(choose({}, true)).toBe("coloured");
    expect(choose({}, false)).toBe("plain");
    expect(choose({ NO_COLOR: "1" }, true)).toBe("plain");
    expect(choose({ FORCE_COLOR: "1" }, false)).toBe("coloured");
    expect(choose({ FORCE_COLOR: "0" }, true)).toBe("plain");
    expect(choose({ FORCE_COLOR: "1", NO_COLOR: "1" }, false)).toBe("coloured");
    expect(choose({ TERM: "dumb" }, true)).toBe("plain");
  });

  test("styles end where their text ends", () => {
    expect(COLOURED("error", "x")).toBe("\u001b[1m\u001b[31mx\u001b[39m\u001b[22m");
  });
});

test("thousands are set apart without a locale", () => {
  expect([0, 999, 1000, 1234567, 12.5].map(thousands)).toEqual(["0", "999", "1,000", "1,234,567", "12.5"]);
  expect(thousands(10n ** 24n)).toBe("1,000,000,000,000,000,000,000,000");
});
