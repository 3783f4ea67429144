/** The lints on contracts that somebody wrote: sound programs get no warning, or say why they may; the contracts of acceptance get those that are true. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";
import { ROOT } from "../../helpers/cli.ts";

function messages(path: string): readonly string[] {
  const { diagnostics } = compile(path, (wanted) => (existsSync(wanted) ? readFileSync(wanted, "utf8") : undefined));
  return diagnostics.filter((one) => one.path === path).map(({ code, message }) => `${code} ${message}`);
}

const OK = join(ROOT, "test/corpus/ok");

describe("no diagnostic at all", () => {
  const examples = ["dao", "nft", "token"].map((name) => join(ROOT, "examples", name, `${name}.weft`));
  const files = readdirSync(OK)
    .filter((name) => name.endsWith(".weft"))
    .map((name) => join(OK, name));

  test.each([...files, ...examples].map((path) => path.slice(ROOT.length + 1)))("%s", (path) => {
    expect(messages(join(ROOT, path))).toEqual([]);
  });
});

test.each([
  [
    "amm.weft",
    [
      "W1001 all calls of `add` run one after another: each writes `totalShares`",
      "W1001 all calls of `swap` run one after another: each writes `reserve0`, `reserve1`",
    ],
  ],
  ["dao.weft", []],
  [
    "desk.weft",
    [
      "W1001 all calls of `setOpen` run one after another: each writes `open`",
      "W1004 `reward` reads a key of `points[]` from state that `assign` may change",
      "W1001 all calls of `line` run one after another: each writes `queue`",
      "W1005 `draw` waits for every call of `setOpen`: it reads `open`",
    ],
  ],
  ["market.weft", ["W1004 `buy` reads a key of `proceeds[]` from state that `list`, `unlist`, `buy` may change"]],
  ["nft.weft", []],
  ["token.weft", []],
] as const)("of the contracts of acceptance: %s", (name, expected) => {
  expect(messages(join(ROOT, "test/corpus/contracts", name))).toEqual(expected);
});

test("an allowance silences one warning at its place", () => {
  const text = (comment: string): string =>
    `contract C {\n  state x: u64;\n  pub fn f(e: u64) {\n${comment}    self.x = self.x + e;\n  }\n}\n`;
  const codes = (source: string): readonly string[] => compile("c.weft", () => source).diagnostics.map(({ code }) => code);
  expect(codes(text(""))).toEqual(["W1002"]);
  expect(codes(text("    // weft-allow W1002: it shows what can be written\n"))).toEqual([]);
  expect(codes(text("    // weft-allow W1003: another one\n"))).toEqual(["W1002", "W0101"]);
});
