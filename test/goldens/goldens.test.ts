/**
 * Traces of audited Solidity contracts on a real EVM, replayed on ports in Weft: no call, no event and no state differs. And a port with a mistake is found
 * out, so that a comparison that compares nothing would be noticed.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { portOf, TRACES } from "./ports.ts";
import { replay } from "./replay.ts";
import { readTrace } from "./trace.ts";
import type { Trace } from "./trace.ts";

/** Some seconds of work; the machine may have much else to do. */
const PATIENCE_MS = 600_000;

/** Beside the project, where it is there: the originals. */
const SHARED = join(ROOT, "..", "shared", "goldens", "out");

function textOf(name: string): string {
  return gunzipSync(readFileSync(join(ROOT, "test", "goldens", "traces", `${name}.json.gz`))).toString("utf8");
}

function traceOf(name: string): Trace {
  return readTrace(textOf(name));
}

describe.each(TRACES)("%s", (name) => {
  test(
    "replays without a difference",
    async () => {
      const trace = traceOf(name);
      const { calls, blocks, differences, waiting, chains, uncleared } = await replay(trace, await portOf(name));
      const golden = `by the storage of the EVM ${trace.conflicts.waiting} wait, chains of ${trace.conflicts.chains}`;
      console.log(
        `${name}: ${calls} calls in ${blocks} blocks; ${waiting} wait, chains of ${chains} (${uncleared} adds not cleared); ${golden}`,
      );
      expect(differences.slice(0, 5)).toEqual([]);
      expect(calls).toBe(trace.calls.length);
    },
    PATIENCE_MS,
  );
});

test.skipIf(!existsSync(SHARED))("the traces here are those beside the project, all of them", () => {
  const names = readdirSync(SHARED).map((file) => file.replace(/\.json$/, ""));
  expect(names.sort()).toEqual([...TRACES].sort());
  for (const name of names) expect(textOf(name) === readFileSync(join(SHARED, `${name}.json`), "utf8"), name).toBe(true);
});

/** A line of a port, and the mistake in its place. */
const MISTAKES: readonly (readonly [trace: string, line: string, mistake: string])[] = [
  ["erc20-allowance", "if allowed != ~u256(0) {", "if allowed != 0 {"],
  ["erc721", "pub fn mint(to: address, tokenId: u256) with onlyOwner {", "pub fn mint(to: address, tokenId: u256) {"],
  ["english-auction", "const EXTENSION: u64 = 60;", "const EXTENSION: u64 = 61;"],
  ["uniswap-v2-pair", "sub(mul(balance0, 1000), mul(amount0In, 3))", "sub(mul(balance0, 1000), mul(amount0In, 2))"],
  ["uniswap-v2-pair", "add(mul(root, 5), rootLast)", "add(mul(root, 6), rootLast)"],
  ["compound-v2", "const PROTOCOL_SEIZE_SHARE: u256 = 28e15;", "const PROTOCOL_SEIZE_SHARE: u256 = 27e15;"],
  ["compound-v2", "emit Redeem(caller, amount, tokens);", "emit Redeem(caller, tokens, amount);"],
];

test.each(MISTAKES)(
  "%s: a port with `%s` replaced is found out",
  async (name, line, mistake) => {
    let times = 0;
    const port = await portOf(name, (text) => {
      times += text.split(line).length - 1;
      return text.replace(line, mistake);
    });
    expect(times, "the line is in the port once").toBe(1);
    expect((await replay(traceOf(name), port)).differences.length).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);
