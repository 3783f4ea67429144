/** Files read again after an edit: the tree is the one that a whole reading gives, and what the edit didn't touch is the same object. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Item, Member } from "../../grammar/ast.ts";
import { parseFile } from "../../grammar/parse.ts";
import { editSource, readSource } from "../../lsp/text/source-file.ts";
import type { SourceFile } from "../../lsp/text/source-file.ts";
import { declarationEdit, random, smallEdit } from "./edits.ts";

const RUNS = Number(process.env["WEFT_RUNS"] ?? "1");
const SEED = Number(process.env["WEFT_SEED"] ?? "11");
const examples = join(import.meta.dirname, "../../examples");
const texts = ["dao/dao.weft", "nft/nft.weft", "token/token.weft", "uniswap/uniswap.weft"].map((name) =>
  readFileSync(join(examples, name), "utf8"),
);

/** Without the numbers of nodes. */
function bare(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) => (key === "id" ? undefined : typeof part === "bigint" ? part.toString() : part)),
  );
}

function check(file: SourceFile, text: string, what: string): void {
  const { source, parsed } = file;
  expect(source.real, what).toBe(text);
  const whole = parseFile(file.path, source.padded);
  expect(bare(parsed.problems), what).toEqual(bare(whole.problems));
  expect(parsed.isBalanced, what).toBe(whole.isBalanced);
  expect(bare(parsed.file), what).toEqual(bare(whole.file));
  // The gaps are where they are said to be.
  let real = "";
  let last = 0;
  for (const { at, length } of source.gaps) {
    expect(source.padded.slice(at, at + length).trim(), what).toBe("");
    real += source.padded.slice(last, at);
    last = at + length;
  }
  expect(real + source.padded.slice(last), what).toBe(text);
  for (let at = 0; at <= text.length; at += 97) expect(source.toReal(source.toPadded(at)), what).toBe(at);
}

test.each(texts.map((text, i) => [i, text] as const))(
  `a tree after random edits, example %i, seed ${SEED}`,
  (index, first) => {
    const next = random(SEED + index);
    let file = readSource("/a.weft", first);
    for (let round = 0; round < 250 * RUNS; round++) {
      const { real } = file.source;
      const text = next(3) === 0 ? smallEdit(real, next) : declarationEdit(real, next);
      const edited = editSource(file, text);
      check(edited, text, `seed ${SEED}, round ${round}`);
      if (edited.parsed.isBalanced && (edited.parsed.problems.length === 0 || next(4) === 0)) file = edited;
      else if (edited.parsed.isBalanced && next(2) === 0) {
        // And mended.
        const back = editSource(edited, real);
        check(back, real, `seed ${SEED}, round ${round}, back`);
        file = back;
      }
      if (file.source.real.length > 3 * first.length) file = readSource("/a.weft", first);
    }
  },
  240_000,
);

const SMALL = `struct S {
  a: u64;
}

contract C {
  state a: u64;
  state b: u64;

  /// Adds.
  pub fn add(n: u64) {
    self.a += n;
  }

  view fn seen() -> u64 {
    return self.a;
  }
}
`;

/** How many of the members are the same objects, by name. */
function kept(before: SourceFile, after: SourceFile): readonly string[] {
  const all = ({ parsed }: SourceFile): (Item | Member)[] =>
    parsed.file.items.flatMap((item): (Item | Member)[] => (item.kind === "contract" ? [...item.members] : [item]));
  const known = new Set(all(before));
  return all(after).flatMap((node) => (known.has(node) && "name" in node ? [node.name.text] : []));
}

test.each([
  ["a statement", "    self.a += n;\n", "    self.a += n;\n    self.b += n;\n", ["S", "a", "b", "seen"]],
  ["a new field", "  state b: u64;\n", "  state c: u64;\n  state b: u64;\n", ["S", "a", "b", "add", "seen"]],
  ["a field's type", "  state a: u64;\n", "  state a: u128;\n", ["S", "b", "add", "seen"]],
  ["a new function", "  /// Adds.\n", "  fn more() {\n  }\n\n  /// Adds.\n", ["S", "a", "b", "add", "seen"]],
  ["a function taken out", SMALL.slice(SMALL.indexOf("  /// Adds."), SMALL.indexOf("  view")), "", ["S", "a", "b", "seen"]],
  ["a doc", "/// Adds.", "/// Adds it.", ["S", "a", "b", "seen"]],
  ["a new struct", "contract C", "struct T {\n  a: u64;\n}\n\ncontract C", ["S", "a", "b", "add", "seen"]],
  ["half a field", "  state b: u64;\n", "  state b: u64;\n  sta\n", ["S", "a", "b", "add", "seen"]],
  ["half a function", "  view fn seen", "  pub fn \n\n  view fn seen", ["S", "a", "b", "add"]],
  ["the last member", "    return self.a;\n  }\n", "    return self.a;\n  }\n\n  guard g {\n  }\n", ["S", "a", "b", "add", "seen"]],
])("an edit of %s leaves the other declarations alone", (_, from, to, names) => {
  const file = readSource("/a.weft", SMALL);
  expect(SMALL).toContain(from);
  const text = SMALL.replace(from, () => to);
  const edited = editSource(file, text);
  check(edited, text, text);
  expect(kept(file, edited)).toEqual(names);
});

/** The text after all these edits, one after the other. */
function edited(first: string, ...edits: readonly (readonly [from: string, to: string])[]): SourceFile {
  let file = readSource("/a.weft", first);
  for (const [from, to] of edits) {
    const { real } = file.source;
    expect(real).toContain(from);
    file = editSource(
      file,
      real.replace(from, () => to),
    );
    check(file, file.source.real, file.source.real);
  }
  return file;
}

/** How the compiler has what the author wrote as `text`. */
function padded({ source }: SourceFile, text: string): string {
  const at = source.real.indexOf(text);
  expect(at).toBeGreaterThan(-1);
  return source.padded.slice(source.toPadded(at + 1) - 1, source.toPadded(at + text.length));
}

test("text that lost its end and got it back has no gap inside", () => {
  const semicolon = edited(SMALL, ["state a: u64;", "state a: u64"], ["state a: u64", "state a: u64;"]);
  expect(padded(semicolon, "state a: u64;")).toBe("state a: u64;");
  expect(kept(readSource("/a.weft", SMALL), semicolon)).toEqual([]);
  const close = "  error Bad(n: u64);";
  const error = edited(
    SMALL.replace("  /// Adds.\n", (doc) => `${close}\n${doc}`),
    ["(n: u64);", "(n: u64"],
    ["(n: u64\n", "(n: u64);\n"],
  );
  expect(padded(error, close)).toBe(close);
});

test("two declarations that became one have no gap inside", () => {
  const one = edited(
    SMALL,
    ["  }\n\n  view fn seen", "\n\n  view fn seen"],
    ["\n\n  view fn seen() -> u64 {\n", "\n"],
    ["    return self.a;\n", ""],
  );
  expect(one.parsed.problems).toEqual([]);
  expect(padded(one, "self.a += n;\n\n  }")).toBe("self.a += n;\n\n  }");
});

test("words that came together are one word", () => {
  const joined = edited(SMALL, ["u64;\n  state b", "u64\n  state b"], ["u64\n  state b", "u64state b"]);
  expect(padded(joined, "u64state b")).toBe("u64state b");
});

test("a warning that is allowed keeps its comment", () => {
  const comment = "// weft-allow W1001: state b: u64; is enough\n";
  const allowed = edited(SMALL, ["  state b: u64;\n", "  // weft-allow W1001: state b: u64;\n"], ["b: u64;\n", "b: u64; is enough\n"]);
  expect(padded(allowed, comment)).toBe(comment);
});

test("imports, literals and matches have no gaps inside", () => {
  const text = `import { A, B } from "./b.weft";

const PAIR: S = S { a: 1 };
const CHOSEN: u64 = if PAIR.a > 1 { 2 } else { 3 };

contract C {
  state pair: S = S { a: 2 };
  pub fn f(n: u64) with g(S { a: 1 }) {
    self.pair.a = n;
  }
}
`;
  const file = readSource("/a.weft", text);
  for (const part of text.split("\n")) expect(padded(file, part.replace(/\{$/, ""))).toBe(part.replace(/\{$/, ""));
  expect(kept(file, editSource(file, text.replace("= n;", "= n + 1;")))).toEqual(["PAIR", "CHOSEN", "pair"]);
});

test("a place between a gap and a word is that of the word", () => {
  const { source, parsed } = readSource("/a.weft", "fn one() {\n}fn two() {\n}\n");
  const [, two] = parsed.file.items;
  expect(source.offset({ line: 1, character: 1 })).toBe(two.span.start);
  expect(source.textOf(source.span({ start: { line: 1, character: 1 }, end: { line: 1, character: 7 } }))).toBe("fn two");
  // A range that ends there has no gap at its end.
  expect(source.span({ start: { line: 0, character: 0 }, end: { line: 1, character: 1 } }).end).toBe(parsed.file.items[0].span.end);
});
