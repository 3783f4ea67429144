/** Accesses over the source: whose text, which lines, which columns, by which calls. */
import { describe, expect, test } from "vitest";
import { ownersIn, sourceBlocks, sourceLine, sourceTexts } from "../../../compiler/footprint/source.ts";
import type { SourceBlock, SourceLine } from "../../../compiler/footprint/source.ts";
import { footprintTable } from "../../../compiler/footprint/table.ts";
import { compile } from "../../../compiler/pipeline.ts";

interface Settings {
  readonly room: number;
}

function blocksOf(files: Readonly<Record<string, string>>, name: string, { room }: Settings = { room: 1_000 }): readonly SourceBlock[] {
  const { analysed, diagnostics } = compile("main.weft", (path) => files[path]);
  if (analysed === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const { program, footprints, costs } = analysed;
  const [footprint] = footprints.contracts;
  const found = footprintTable(footprint, program, costs).functions.find((each) => each.name === name);
  const func = found === undefined ? undefined : program.functions.get(found.func);
  if (found === undefined || func === undefined) throw new Error(`no function ${name}`);
  return sourceBlocks(func, found.rows, ownersIn(footprint.contract.name, program), sourceTexts(program), { left: room });
}

/** `Δself.n` with marks in brackets: `[Δ self.n] += 1;` */
function drawn({ text, marks }: SourceLine): string {
  const at = (column: number): string => {
    const ends = marks.filter(({ end }) => end === column).map(() => "]");
    const starts = marks.filter(({ start }) => start === column).map(({ modes }) => `[${modes.join("")} `);
    return [...ends, ...starts].join("");
  };
  return [...text].map((char, i) => at(i) + char).join("") + at(text.length);
}

function lines(blocks: readonly SourceBlock[]): readonly string[] {
  return blocks.flatMap((block) => block.lines.map((line) => `${block.func?.name ?? "-"} ${line.number}: ${drawn(line)}`));
}

describe("the text of a function", () => {
  test("is shown with each access where it stands, in each other where they do", () => {
    const text = `contract C {
  state owner: map<u64, address>;
  state count: map<address, u64>;

  pub fn f(id: u64) {
    self.count[self.owner[id]] += 1;
    if id > 3 { self.owner[id] = caller; }
  }
}`;
    expect(lines(blocksOf({ "main.weft": text }, "f"))).toEqual([
      "f 5: pub fn f(id: u64) {",
      "f 6:   [Δ self.count[[R self.owner[id]]]] += 1;",
      "f 7:   if id > 3 { [W self.owner[id]] = caller; }",
      "f 8: }",
    ]);
  });

  test("marks one place with several modes once, and attached coin at the name", () => {
    const text = `contract C {
  state list: list<u64, 4>;

  payable fn f(x: u64) {
    self.list.push(x);
  }
}`;
    const [block] = blocksOf({ "main.weft": text }, "f");
    expect(lines([block])).toEqual(["f 4: payable fn [Δ f](x: u64) {", "f 5:   [RW self.list].push(x);", "f 6: }"]);
    expect(block.lines.map(({ rows }) => rows)).toEqual([[0], [1, 2], []]);
  });

  test("goes on over several lines, without the ends of lines of another system", () => {
    const text =
      "contract C {\r\n  state m: map<u64, u64>;\r\n\r\n  pub fn f(k: u64) {\r\n    self.m[\r\n      k\r\n    ] = 1;\r\n  }\r\n}\r\n";
    const [block] = blocksOf({ "main.weft": text }, "f");
    expect(lines([block])).toEqual(["f 4: pub fn f(k: u64) {", "f 5:   [W self.m[]", "f 6: [W     k]", "f 7: [W   ]] = 1;", "f 8: }"]);
    // The access is listed once, where it begins.
    expect(block.lines.map(({ rows }) => rows.length)).toEqual([0, 1, 0, 0, 0]);
  });
});

describe("texts elsewhere", () => {
  const helpers = `mixin Owned {
  state owner: address;

  guard owning {
    require caller == self.owner;
  }
}
`;
  const main = `import { Owned } from "./helpers.weft";

contract C uses Owned {
  state low: u64 = 7;
  state n: map<u64, u64>;

  pub fn f(a: u64, b: u64) with owning {
    self.twice(a);
    self.once(b);
  }

  fn twice(k: u64) {
    self.once(k);
    self.once(k + 1);
  }

  fn once(k: u64) {
    self.n[k] += 1;
  }
}
`;
  const files = { "main.weft": main, "helpers.weft": helpers };

  test("come after the function's own, with the calls that lead there", () => {
    const blocks = blocksOf(files, "f");
    expect(blocks.map(({ func, path }) => [func?.name, func?.role, path])).toEqual([
      ["f", "external", "main.weft"],
      ["owning", "guard", "helpers.weft"],
      ["once", "internal", "main.weft"],
    ]);
    expect(blocks[1].chains).toEqual([[{ func: "f", path: "main.weft", line: 7 }]]);
    expect(blocks[2].chains.map((chain) => chain.map(({ func, line }) => `${func}:${line}`).join(" "))).toEqual([
      "f:8 twice:13",
      "f:8 twice:14",
      "f:9",
    ]);
  });

  test("of declarations are single lines; an init that nobody wrote has none of its own", () => {
    expect(lines(blocksOf(files, "init"))).toEqual(["- 4: [W state low: u64 = 7;]"]);
  });
});

describe("bounds", () => {
  const many = Array.from({ length: 900 }, (_, i) => (i === 450 ? "    self.n += 1;" : `    require a != ${i + 10};`)).join("\n");
  const text = `contract C {\n  state n: u64;\n\n  pub fn f(a: u64) {\n${many}\n  }\n}\n`;

  test("of a long function those lines are kept that matter", () => {
    const [{ lines: kept }] = blocksOf({ "main.weft": text }, "f");
    expect(kept.map(({ number }) => number)).toEqual([4, 453, 454, 455, 456, 457, 905]);
  });

  test("long lines are cut, with the marks that reach beyond", () => {
    const wide = `contract C {\n  state n: map<string<2000>, u64>;\n\n  pub fn f() { self.n["${"x".repeat(900)}"] = 1; }\n}\n`;
    const [{ lines: kept }] = blocksOf({ "main.weft": wide }, "f");
    expect(kept).toHaveLength(1);
    expect(kept[0].cut).toBe(true);
    expect(kept[0].text.length).toBeLessThanOrEqual(400);
    expect(kept[0].marks).toEqual([{ start: 13, end: kept[0].text.length, modes: ["W"] }]);
  });

  test("with no room left there are no lines, and the block says whose they were", () => {
    const [block] = blocksOf({ "main.weft": text }, "f", { room: 0 });
    expect(block.lines).toEqual([]);
    expect(block.func?.name).toBe("f");
  });
});

test("a single place is its line without the spaces before it", () => {
  const files = new Map([["a.weft", { text: "x\n\n    self.n = 1;\n", starts: [0, 2, 3, 19] }]]);
  const line = sourceLine(files, { path: "a.weft", span: { start: 7, end: 13 } }, "W");
  expect(line).toMatchObject({ number: 3, text: "self.n = 1;", marks: [{ start: 0, end: 6, modes: ["W"] }] });
  expect(sourceLine(files, { path: "b.weft", span: { start: 0, end: 1 } }, "W")).toBeUndefined();
});
