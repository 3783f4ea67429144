/**
 * Ends a process that hangs. A test can't stop code that never yields; a thread beside it can, and says what the process was doing.
 */
import { Worker } from "node:worker_threads";

const HUNG_MS = 30_000;
const TEXT_BYTES = 8192;

/** Runs in the thread: notices when the number of the case hasn't changed for too long. */
const GUARD = `
  const { workerData } = require("node:worker_threads");
  const { writeSync } = require("node:fs");
  const state = new Int32Array(workerData.state);
  const text = Buffer.from(workerData.text);
  let seen = -1, since = Date.now();
  setInterval(() => {
    const now = Atomics.load(state, 0);
    if (now !== seen) { seen = now; since = Date.now(); return; }
    if (now < 0 || Date.now() - since < workerData.hungMs) return;
    writeSync(2, "\\nhangs in case " + now + ": " + JSON.stringify(text.subarray(0, Atomics.load(state, 1)).toString("utf16le")) + "\\n");
    process.kill(process.pid, "SIGKILL");
  }, 1000);
`;

export interface Watchdog {
  /** Call before each case. */
  readonly note: (index: number, text: string) => void;
  readonly end: () => Promise<void>;
}

export function startWatchdog(): Watchdog {
  const state = new SharedArrayBuffer(8);
  const text = new SharedArrayBuffer(TEXT_BYTES);
  const [numbers, bytes] = [new Int32Array(state), Buffer.from(text)];
  numbers[0] = -1;
  const worker = new Worker(GUARD, { eval: true, workerData: { state, text, hungMs: HUNG_MS } });
  worker.unref();
  return {
    note(index, content) {
      numbers[1] = bytes.write(content, "utf16le");
      Atomics.store(numbers, 0, index);
    },
    async end() {
      await worker.terminate();
    },
  };
}
