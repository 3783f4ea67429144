/**
 * The footprint analysis under attack: programs put together at random, and contracts written to be hard for it; random blocks in which calls meet all
 * the time; and the same question as everywhere: do interpreter, serial and parallel runs agree, did no call touch a cell that its plan doesn't name,
 * and do pairs that the conflict matrix calls independent commute. Played by `dist/soundness.js` (`test/soundness`), which uses all cores. WEFT_RUNS=20
 * runs longer, WEFT_SEED repeats a run; `npm run soundness` runs as long as asked for.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runSettings } from "../helpers/runs.ts";
import { ROOT } from "../helpers/suites.ts";

/** Each told by the interpreter, serially, by one worker, and by two or four. */
const CALLS = process.env["CI"] === undefined ? 40_000 : 200_000;

it("random programs and blocks: all engines agree, nothing unplanned is touched, independent pairs commute", { timeout: 3_600_000 }, () => {
  const { seed, numRuns } = runSettings("soundness", CALLS);
  const args = [fileURLToPath(new URL("dist/soundness.js", ROOT)), "--calls", String(numRuns), "--seed", String(seed)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  console.log(stdout);
  expect(stderr).toBe("");
  expect(stdout).not.toContain("FAULT");
  expect(status).toBe(0);
  // A run in which nothing meets, succeeds or commutes would show nothing.
  const last = stdout.trim().split("\n").at(-1) ?? "";
  expect(figure(last, "calls")).toBeGreaterThanOrEqual(numRuns);
  for (const name of ["edges", "adds cleared", "not cleared", "unresolved"])
    expect(figureAfter(last, name), name).toBeGreaterThan(numRuns / 10);
  expect(figure(last, "independent")).toBeGreaterThan(numRuns / 1_000);
  expect(figure(last, "ran together")).toBeGreaterThan(numRuns / 2_000);
});

/** `12 calls` */
function figure(line: string, name: string): number {
  return Number(new RegExp(`(\\d+) ${name}`).exec(line)?.[1]);
}

/** `edges 12` */
function figureAfter(line: string, name: string): number {
  return Number(new RegExp(`${name} (\\d+)`).exec(line)?.[1]);
}
