/** Updates of one cell by two threads at full speed: none is lost, at widths that take more than one atomic operation. */
import { build } from "esbuild";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { Column } from "../../../../runtime/state/column.ts";
import { columnBuffers, createColumn, readBig, writeBig } from "../../../../runtime/state/column.ts";
import { createLocks } from "../../../../runtime/state/locks.ts";

const ROUNDS = 10_000;
const SLOT = 3;

/** What a thread does: `ROUNDS` updates by values of its own, each at the same moment as the other thread, and after each a look whether it is there. */
const BODY = `
import { workerData } from "node:worker_threads";
import { Commutes } from "./runtime/execute/commutes.ts";
import { attachColumn, readBig } from "./runtime/state/column.ts";
import { Locks } from "./runtime/state/locks.ts";
const { buffers, gate, thread, op, rounds } = workerData;
const column = attachColumn(buffers);
const locks = new Locks(workerData.locks);
const commutes = new Commutes([column], locks);
const doors = new Int32Array(gate);
for (let round = 0; round < rounds; round++) {
  // Both at once, as far as the machine lets them.
  if (Atomics.add(doors, 0, 1) === round * 2 + 1) Atomics.notify(doors, 0);
  for (let spin = 0; Atomics.load(doors, 0) < round * 2 + 2; spin++) if (spin > 5000) Atomics.wait(doors, 0, round * 2 + 1, 1);
  const height = BigInt(round * 2 + ((thread + round) % 2));
  const value = op === 4 ? height << 64n : -(height << 64n);
  commutes.add(column, ${SLOT}, op, value);
  commutes.apply();
  const lock = locks.take(column, ${SLOT});
  const now = readBig(column, ${SLOT});
  locks.give(lock);
  if (op === 4 ? now < value : now > value) Atomics.add(doors, 1, 1);
}
`;

async function run(text: string, data: unknown): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(text)}`), { workerData: data });
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
}

test.each([
  ["max=", 4, "i128"],
  ["min=", 3, "i128"],
  ["max=", 4, "i256"],
  ["min=", 3, "i256"],
] as const)("%s (%d) of one cell of %s", async (_, op, kind) => {
  const bundle = await build({
    stdin: { contents: BODY, resolveDir: process.cwd(), loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  const column: Column = createColumn(0, kind, 0, 8);
  const best = BigInt(ROUNDS * 2 - 1) << 64n;
  writeBig(column, SLOT, 0n);
  const gate = new SharedArrayBuffer(8);
  const data = { buffers: columnBuffers(column), locks: createLocks(), gate, op, rounds: ROUNDS };
  await Promise.all([0, 1].map((thread) => run(bundle.outputFiles[0].text, { ...data, thread })));
  expect(readBig(column, SLOT)).toBe(op === 4 ? best : -best);
  // Updates that the thread which made them didn't find in the cell afterwards.
  expect(new Int32Array(gate)[1]).toBe(0);
});
