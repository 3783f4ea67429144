/** Traces of audited Solidity contracts on a real EVM, replayed on ports in Weft: no call, no event and no state differs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../helpers/cli.ts";
import { portOf, TRACES } from "./ports.ts";
import { replay } from "./replay.ts";
import { readTrace } from "./trace.ts";

/** Some seconds of work; the machine may have much else to do. */
const PATIENCE_MS = 300_000;

/** Beside the project, where it is there. */
const SHARED = join(ROOT, "..", "shared", "goldens", "out");

describe.each(TRACES)("%s", (name) => {
  const path = join(SHARED, `${name}.json`);
  test.skipIf(!existsSync(path))("replays without a difference", async () => {
    const trace = readTrace(readFileSync(path, "utf8"));
    const { calls, blocks, differences, waiting, chains, uncleared } = await replay(trace, await portOf(name));
    const golden = `the storage of the EVM: ${trace.conflicts.waiting} wait, chains of ${trace.conflicts.chains}`;
    console.log(`${name}: ${calls} calls in ${blocks} blocks; ${waiting} wait, chains of ${chains} (${uncleared} adds not cleared); ${golden}`);
    expect(differences.slice(0, 5)).toEqual([]);
    expect(calls).toBeGreaterThan(0);
  }, PATIENCE_MS);
});
