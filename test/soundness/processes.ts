/** Worker processes: one task at a time each, answers as they come. */
import { fork } from "node:child_process";
import type { ChildProcess, Serializable } from "node:child_process";

const LAST_WORDS_MS = 2_000;

/** An entry that is started with this is a worker. */
export const WORKER = "--worker";

/** Far more than a program needs: one that takes it is a fault, not the end of the machine. */
const MAX_HEAP_MB = 2_048;
/**
 * Chains reserve large tables and hardly touch them. By default the C library learns to keep such blocks when they are freed: a process that opens chains
 * one after another grows by a hundred megabytes each time. From this size on, blocks go back to the system at once.
 */
const MALLOC = { MALLOC_MMAP_THRESHOLD_: "131072" };

export interface WorkerProcess {
  ask(task: Serializable): Promise<Answer>;
  end(): void;
}

export type Answer =
  | { readonly kind: "given"; readonly value: unknown }
  /** None in time. */
  | { readonly kind: "late" }
  /** The process died of it, or its own work went wrong: what it said of that. */
  | { readonly kind: "failed"; readonly message: string };

/** `entry` is the file that runs. A worker that died is started anew for the next task. */
export function startWorker(entry: string, patienceMs: number): WorkerProcess {
  let child: ChildProcess | undefined;
  const end = (): void => {
    // An idle worker ends when it is left alone; one that hangs doesn't.
    if (child?.connected === true) child.disconnect();
    setTimeout((left) => left?.kill("SIGKILL"), LAST_WORDS_MS, child).unref();
    child = undefined;
  };
  return {
    end,
    ask: async (task) => {
      child ??= fork(entry, [WORKER], { execArgv: [`--max-old-space-size=${MAX_HEAP_MB}`], env: { ...process.env, ...MALLOC } });
      const answer = await answerOf(child, task, patienceMs);
      if (answer.kind !== "given") end();
      return answer;
    },
  };
}

function answerOf(child: ChildProcess, task: Serializable, patienceMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const done = (answer: Answer): void => {
      clearTimeout(timer);
      child.off("exit", exited);
      child.off("message", told);
      resolve(answer);
    };
    const exited = (code: number | null, signal: string | null): void => {
      done({ kind: "failed", message: `the process ended with ${signal ?? String(code)}` });
    };
    const told = (message: unknown): void => {
      done(isAnswer(message) ? message : { kind: "failed", message: "an answer that nobody understands" });
    };
    const timer = setTimeout(() => {
      done({ kind: "late" });
    }, patienceMs);
    child.once("exit", exited);
    child.once("message", told);
    child.send(task);
  });
}

function isAnswer(message: unknown): message is Answer {
  return typeof message === "object" && message !== null && "kind" in message;
}

/** Calls `answer` for each message of the process that started this one, and sends back what it gives; in the end `close`. */
export function serve(answer: (task: unknown) => Promise<Serializable>, close: () => Promise<void> = () => Promise.resolve()): void {
  process.once("disconnect", () => {
    void close().finally(() => process.exit());
  });
  process.on("message", (task: unknown) => {
    answer(task).then(
      (value) => process.send?.({ kind: "given", value } satisfies Answer),
      (error: unknown) =>
        process.send?.({
          kind: "failed",
          message: error instanceof Error ? (error.stack ?? error.message) : String(error),
        } satisfies Answer),
    );
  });
}
