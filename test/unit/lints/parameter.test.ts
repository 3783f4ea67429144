/**
 * The parameter that W1003 and W1004 offer means what it says: a call that gets through the check does what the call without the parameter did. On the
 * contracts of the footprint tests, one call at a time: what succeeds with the fix is made without it too, and told apart by nobody.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Compiled } from "../../../compiler/pipeline.ts";
import { resolveBlock } from "../../helpers/call-spec.ts";
import type { BlockSpec } from "../../helpers/call-spec.ts";
import { ROOT } from "../../helpers/cli.ts";
import { functionsOf } from "../../helpers/differential.ts";
import { blocksFor, cellsOf, compileText, fixedProgram, receiptText, suiteOf, warningsOf } from "../../helpers/fixes.ts";
import { populate } from "../../helpers/populate.ts";
import type { Suite } from "../../helpers/suites.ts";
import { fixesOf } from "./door.ts";

const TRIES = 12;
const CALLS = { blocks: { min: 150, max: 150 }, calls: 1 };

function compiledOf(text: string): Compiled {
  const { compiled } = compileText(text);
  if (compiled === undefined) throw new Error(`doesn't compile:\n${text}`);
  return compiled;
}

function paramsOf(compiled: Compiled): ReadonlyMap<string, number> {
  return new Map(functionsOf(compiled, compiled.program.contracts[0]).map((func) => [func.name, func.params.length]));
}

/** Each call of the function several times, with the keys that others of its calls have: few get through the check. */
function withKeys(blocks: readonly BlockSpec[], name: string, params: number): readonly BlockSpec[] {
  const keys = blocks.flatMap(({ calls }) => calls.filter(({ func }) => func === name).map(({ args }) => args.slice(params)));
  return blocks.flatMap((block) => {
    const [call] = block.calls;
    const tries = call.func === name ? keys.slice(0, TRIES) : [];
    return [block, ...tries.map((added) => ({ ...block, calls: [{ ...call, args: [...call.args.slice(0, params), ...added] }] }))];
  });
}

/** Makes the calls of each block in both programs, with one argument less in the one; gives how many calls of the function got through. */
function compare(name: string, before: Compiled, after: Compiled, suite: Suite, blocks: readonly BlockSpec[]): number {
  const [old, fixed] = [before, after].map((compiled) => populate(suite, compiled));
  const params = paramsOf(before);
  let through = 0;
  for (const { calls, advance } of blocks) {
    const [call] = calls.map((one) => ({ ...one, damage: { kind: "none" } as const }));
    const outcome = fixed.world.runBlock(
      resolveBlock(fixed.setting, fixed.world, { calls: [call], advance }),
      fixed.world.time() + advance,
    )[0];
    const same = { ...call, args: call.args.slice(0, params.get(call.func)) };
    const again = outcome.receipt.status === "success" ? [same] : [];
    const outcomes = old.world.runBlock(resolveBlock(old.setting, old.world, { calls: again, advance }), old.world.time() + advance);
    for (const { receipt } of outcomes) {
      expect(receiptText(receipt)).toBe(receiptText(outcome.receipt));
      if (call.func === name) through++;
    }
    // Calls that the check stops have used their nonce.
    const [mine, theirs] = [old, fixed].map(({ world }) => cellsOf(world).filter((cell) => !cell.startsWith("|nonce")));
    expect(mine).toEqual(theirs);
  }
  return through;
}

test.each([
  ["branches", []],
  ["forward", [1n, `0x${"11".repeat(20)}`]],
  ["refine", []],
  ["staged", []],
  ["structs", []],
] as const)("%s", (file, args) => {
  const text = readFileSync(join(ROOT, `test/footprints/${file}.weft`), "utf8");
  const before = compiledOf(text);
  const suite = suiteOf(before.program.contracts[0].name, args);
  let through = 0;
  for (const { code, fixes } of warningsOf(compileText(text))) {
    for (const fix of code === "W1003" || code === "W1004" ? fixes : []) {
      const name = /of `(\w+)`/.exec(fix.title)?.[1] ?? "";
      const after = compiledOf(fixedProgram(text, fix).text);
      const blocks = withKeys(blocksFor(after, suite, 7, CALLS), name, paramsOf(before).get(name) ?? 0);
      through += compare(name, before, after, suite, blocks);
    }
  }
  expect(through).toBeGreaterThan(5);
});

test.each([
  ["the cell may be written in between", "self.m[self.owner[id]] += 1; self.owner[j] = caller; self.m[self.owner[id]] += 2;"],
  ["the variable is set anew", "var k = self.owner[id]; self.m[k] += 1; k = self.owner[j]; self.m[k] += 2;"],
  ["the variable is set anew on one path", "var k = self.owner[id]; self.m[k] += 1; if j > 3 { k = caller; } self.m[k] += 2;"],
  ["the statement itself may change it before", "self.n[j] = self.put(j) + self.m[self.owner[id]];"],
])("no parameter where two keys are written alike, but %s", (_, statements) => {
  const members = `state owner: map<u64, address>; state m: map<address, u64>; state n: map<u64, u64>;
    fn put(j: u64) -> u64 { self.owner[j] = caller; return 1; }
    pub fn give(to: address) { self.m[to] += 1; }
    pub fn f(id: u64, j: u64) { ${statements} }`;
  expect(fixesOf(members).filter(({ title }) => title.startsWith("take"))).toEqual([]);
});
