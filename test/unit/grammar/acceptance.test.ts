import { readFileSync, readdirSync } from "node:fs";
import { Lexer } from "chevrotain";
import { describe, expect, test } from "vitest";

import { parseFile } from "../../../grammar/parse.ts";
import { WeftParser } from "../../../grammar/parser.ts";
import { allTokens } from "../../../grammar/tokens.ts";
import { brief, placed } from "./helpers.ts";
import type { Placed } from "./helpers.ts";

const folder = new URL("../../corpus/contracts/", import.meta.url);
const contracts = readdirSync(folder).filter((name) => name.endsWith(".weft"));

function flatten(nodes: readonly Placed[]): readonly Placed[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)]);
}

describe("the example contracts", () => {
  test("all seven are there", () => {
    expect(contracts).toEqual(["amm.weft", "dao.weft", "desk.weft", "erc20.weft", "market.weft", "nft.weft", "token.weft"]);
  });

  test.each(contracts)("%s parses without a problem", (name) => {
    expect(brief(readFileSync(new URL(name, folder), "utf8"))).toEqual([]);
  });

  test.each(contracts)("every node of %s has its own id, and the file the largest", (name) => {
    const { file } = parseFile(name, readFileSync(new URL(name, folder), "utf8"));
    const ids = flatten(placed(file)).flatMap(({ id }) => (id === undefined ? [] : [id]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids)).toBe(0);
    expect(Math.max(...ids)).toBe(file.id);
  });

  test.each(contracts)("the nodes of %s lie within their parents, begin and end with a token, and siblings don't overlap", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const { file } = parseFile(name, text);
    const check = (node: Placed): void => {
      const own = text.slice(node.span.start, node.span.end);
      expect(own, node.kind).toBe(own.trim());
      expect(own.length, node.kind).toBeGreaterThan(0);
      let end = node.span.start;
      for (const child of [...node.children].sort((a, b) => a.span.start - b.span.start)) {
        expect(child.span.start, `${child.kind} in ${node.kind}`).toBeGreaterThanOrEqual(end);
        end = child.span.end;
        check(child);
      }
      expect(end).toBeLessThanOrEqual(node.span.end);
    };
    placed(file.items).forEach(check);
  });
});

test("every token can be matched, and the lexer finds each by its first character", () => {
  expect(() => new Lexer(allTokens, { positionTracking: "onlyOffset", ensureOptimizations: true })).not.toThrow();
});

test("the grammar has no ambiguity that isn't marked as decided", () => {
  expect(() => new WeftParser(false)).not.toThrow();
});
