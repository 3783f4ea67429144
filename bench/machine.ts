/**
 * What this machine gains from a second thread in these very seconds: two independent copies of a pure loop against one.
 * Shared machines vary from 0.9 to 1.9 within seconds; a parallel figure means nothing without it, so each workload has its own.
 */
import { spawn } from "node:child_process";
import { Worker } from "node:worker_threads";
import { spreadOf } from "./statistics.ts";

/** Its text runs in the worker too. */
function loop(count: number): number {
  let x = 1;
  for (let i = 0; i < count; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
}

/** About 8 ms: long against the passing of a message, short enough to ask twice for each workload. */
const COUNT = 8_000_000;
const ROUNDS = 3;
const WARM_UPS = 5;
/** Below this the machine is too busy to judge parallel speed. */
export const BUSY_BELOW = 1.5;

export class GainMeter {
  private readonly worker: Worker;

  private constructor(worker: Worker) {
    this.worker = worker;
  }

  static async open(): Promise<GainMeter> {
    const text = `${loop.toString()}
      const { parentPort } = require("node:worker_threads");
      parentPort.on("message", (count) => parentPort.postMessage(loop(count)));`;
    const meter = new GainMeter(new Worker(text, { eval: true }));
    for (let i = 0; i < WARM_UPS; i++) {
      loop(COUNT / 10);
      await meter.remote(COUNT / 10);
    }
    return meter;
  }

  private remote(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.worker.once("message", () => {
        resolve();
      });
      this.worker.postMessage(count);
    });
  }

  /** Median of (twice the time of one loop) / (time of two at once): 2 at best. */
  async measure(): Promise<number> {
    const gains: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const aloneFrom = performance.now();
      loop(COUNT);
      const alone = performance.now() - aloneFrom;
      const bothFrom = performance.now();
      const other = this.remote(COUNT);
      loop(COUNT);
      await other;
      gains.push((2 * alone) / (performance.now() - bothFrom));
    }
    return spreadOf(gains).median;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

/** A hog that nobody stops ends by itself. */
const HOG_MS = 120_000;
/** Until it runs at full speed. */
const HOG_START_MS = 300;

/** Runs `body` while another process, free to go where it likes, keeps one core busy. */
export async function withOneCoreBusy<T>(body: () => Promise<T>): Promise<T> {
  const hog = spawn(process.execPath, ["-e", `const end = Date.now() + ${HOG_MS}; while (Date.now() < end);`], { stdio: "ignore" });
  try {
    await new Promise((resolve) => setTimeout(resolve, HOG_START_MS));
    return await body();
  } finally {
    hog.kill("SIGKILL");
  }
}
