/**
 * The worker threads of a chain, seen from the main thread: start, news of codes and blocks, failures, end. Workers sleep on shared counters
 * between blocks; messages only carry buffers and texts, never a call.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import type { KnownSlots } from "../plan/caches.ts";
import type { CodeBuffers } from "../state/code.ts";
import type { StateBuffers } from "../state/state.ts";
import { CapacityError } from "../state/capacity-error.ts";
import type { Environment } from "./environment.ts";
import { InternalError } from "./internal-error.ts";
import type { RoomBuffers } from "./room.ts";

export interface WorkerStart {
  readonly thread: number;
  readonly state: StateBuffers;
  readonly control: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** To a worker, in order. */
export type News =
  | { readonly kind: "code"; readonly buffers: CodeBuffers; readonly text: string }
  | { readonly kind: "slots"; readonly contract: number; readonly slots: KnownSlots }
  | { readonly kind: "room"; readonly room: RoomBuffers }
  | {
      readonly kind: "block";
      readonly block: number;
      readonly input: SharedArrayBuffer;
      readonly calls: number;
      readonly environment: Environment;
      readonly delays: SharedArrayBuffer | undefined;
    };

/** From a worker. */
export type Report =
  | { readonly kind: "ready" }
  | { readonly kind: "capacity"; readonly what: string; readonly limit: number }
  | { readonly kind: "failed"; readonly message: string };

interface Member {
  readonly worker: Worker;
  readonly port: MessagePort;
}

/** The file workers run: the bundle, also when this file itself runs from source. */
function workerUrl(): URL {
  const here = import.meta.url;
  return here.endsWith(".ts") ? new URL("../../dist/worker.js", here) : new URL("./worker.js", here);
}

export class Pool {
  private readonly members: Member[] = [];
  /** Why the pool can't be used any more. */
  private broken: Error | undefined = undefined;
  private closing = false;

  /** Starts `threads` workers, numbered from 1, and waits until they are ready. */
  async start(threads: number, state: StateBuffers, control: SharedArrayBuffer): Promise<void> {
    const ready: Promise<void>[] = [];
    for (let thread = 1; thread <= threads; thread++) ready.push(this.startOne(thread, state, control));
    await Promise.all(ready);
  }

  private startOne(thread: number, state: StateBuffers, control: SharedArrayBuffer): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const start: WorkerStart = { thread, state, control, port: port2 };
    const worker = new Worker(workerUrl(), { workerData: start, transferList: [port2] });
    this.members.push({ worker, port: port1 });
    return new Promise((resolve, reject) => {
      worker.once("message", () => {
        // From now on threads that wait for work don't keep the process alive.
        worker.unref();
        port1.unref();
        resolve();
      });
      worker.on("error", (error: Error) => {
        this.broken ??= new InternalError(`worker thread ${thread} failed: ${error.message}`);
        reject(this.broken);
      });
      worker.on("exit", (code) => {
        if (this.closing) return;
        this.broken ??= new InternalError(`worker thread ${thread} ended with code ${code}`);
        reject(this.broken);
      });
    });
  }

  tell(news: News): void {
    for (const { port } of this.members) port.postMessage(news);
  }

  /** What a worker reported as the reason why a block failed; undefined when none did. */
  failure(): Error | undefined {
    for (const { port } of this.members) {
      for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
        const error = asError(received.message);
        if (error !== undefined) return error;
      }
    }
    return undefined;
  }

  /** Set when a thread has died; events of that reach us only while the main thread yields. */
  death(): Error | undefined {
    return this.broken;
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.members.map(({ worker }) => worker.terminate()));
    for (const { port } of this.members) port.close();
  }
}

function asError(message: unknown): Error | undefined {
  if (typeof message !== "object" || message === null || !("kind" in message)) return undefined;
  if (message.kind === "capacity" && "what" in message && "limit" in message)
    return new CapacityError(String(message.what), Number(message.limit));
  if (message.kind === "failed" && "message" in message) return new InternalError(String(message.message));
  return undefined;
}
