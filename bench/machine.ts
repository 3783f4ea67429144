/**
 * What this machine gains from a second thread in these very seconds: two independent copies of a pure loop against one.
 * Shared machines vary from 0.9 to 1.9; a parallel figure means nothing without it.
 */
import { Worker } from "node:worker_threads";

/** Its text runs in the worker too. */
function loop(count: number): number {
  let x = 1;
  for (let i = 0; i < count; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
}

const COUNT = 60_000_000;
const ROUNDS = 5;
/** Below this the machine is too busy to judge parallel speed. */
export const BUSY_BELOW = 1.5;

/** Median of (twice the time of one loop) / (time of two at once): 2 at best. */
export async function gainOfTwoLoops(): Promise<number> {
  const text = `${loop.toString()}
    const { parentPort } = require("node:worker_threads");
    parentPort.on("message", (count) => parentPort.postMessage(loop(count)));`;
  const worker = new Worker(text, { eval: true });
  const remote = (count: number): Promise<void> =>
    new Promise((resolve) => {
      worker.once("message", () => {
        resolve();
      });
      worker.postMessage(count);
    });
  loop(COUNT / 10);
  await remote(COUNT / 10);
  const gains: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const aloneFrom = performance.now();
    loop(COUNT);
    const alone = performance.now() - aloneFrom;
    const bothFrom = performance.now();
    const other = remote(COUNT);
    loop(COUNT);
    await other;
    gains.push((2 * alone) / (performance.now() - bothFrom));
  }
  await worker.terminate();
  return gains.sort((a, b) => a - b)[ROUNDS >> 1];
}
