/**
 * Headless Chromium, driven over a pipe with its own protocol: no package is needed for that. `findBrowser` gives undefined where there is none, and the
 * tests that need one say so. Every page is a file; what it asks of a network, and what it complains about, is kept.
 */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { asObject } from "./json-schema.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/** `WEFT_BROWSER` names another one. */
export function findBrowser(): string | undefined {
  const wanted = process.env["WEFT_BROWSER"];
  const names = wanted === undefined ? NAMES : [wanted];
  return names.find((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
}

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  readonly phone: boolean;
}

export interface Page {
  readonly show: (path: string, screen: Screen, fragment: string) => Promise<void>;
  /** The value of an expression in the page. */
  readonly value: (expression: string) => Promise<unknown>;
  readonly press: (key: string) => Promise<void>;
  /** With the mouse, in the middle of the first element that fits the selector. */
  readonly click: (selector: string) => Promise<void>;
  readonly screenshot: () => Promise<Uint8Array>;
  /** Prints to PDF. */
  readonly print: () => Promise<Uint8Array>;
  /** What was asked of anything but the file itself, since the last page was shown. */
  readonly requests: () => readonly string[];
  /** Messages on the console, exceptions and refusals by the page's policy. */
  readonly complaints: () => readonly string[];
  readonly scripting: (on: boolean) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Params = Readonly<Record<string, unknown>>;

/** Long enough for a browser on a machine with other work. */
const ANSWER_MS = 30_000;

interface Event {
  readonly method: string;
  readonly params: Params;
}

type Call = (method: string, params?: Params) => Promise<Params>;

export async function openBrowser(executable: string): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), "weft-browser-"));
  // Root has no sandbox; the page is our own.
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars"];
  const child = spawn(executable, [...flags, `--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank"], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const events: Event[] = [];
  const send = connect(child, (method, params) => events.push({ method, params }));
  const { targetId } = await send("Target.createTarget", { url: "about:blank" }, undefined);
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true }, undefined);
  const call: Call = (method, params = {}) => send(method, params, String(sessionId));
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await call(`${domain}.enable`);

  const value = (expression: string): Promise<unknown> => evaluate(call, expression);
  return {
    show: (path, screen, fragment) => show(call, events, { url: pathToFileURL(path).href, screen, fragment }),
    value,
    press: (key) => press(call, key),
    click: (selector) => click(call, selector),
    screenshot: async () => bytesOf(await call("Page.captureScreenshot", { format: "png" })),
    print: async () => bytesOf(await call("Page.printToPDF", { printBackground: false })),
    requests: () => requestsIn(events),
    complaints: () => complaintsIn(events),
    scripting: async (on) => {
      await call("Emulation.setScriptExecutionDisabled", { value: !on });
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await send("Browser.close", {}, undefined);
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function evaluate(call: Call, expression: string): Promise<unknown> {
  const answer = await call("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
  if (answer["exceptionDetails"] !== undefined) throw new Error(JSON.stringify(answer["exceptionDetails"]));
  return asObject(answer["result"])["value"];
}

interface Shown {
  readonly url: string;
  readonly screen: Screen;
  readonly fragment: string;
}

async function show(call: Call, events: Event[], { url, screen, fragment }: Shown): Promise<void> {
  const { width, height, scheme, phone } = screen;
  await call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: phone ? 2 : 1, mobile: phone });
  await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  // A change of the fragment alone would load nothing.
  await call("Page.navigate", { url: "about:blank" });
  await until(async () => (await evaluate(call, "location.href")) === "about:blank");
  events.length = 0;
  await call("Page.navigate", { url: fragment === "" ? url : `${url}#${fragment}` });
  await until(() => Promise.resolve(events.some(({ method }) => method === "Page.loadEventFired")));
}

const KEY_CODES: Readonly<Record<string, number>> = {
  Enter: 13,
  Tab: 9,
  " ": 32,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
  End: 35,
  Home: 36,
};

async function press(call: Call, key: string): Promise<void> {
  const text = key === "Enter" ? "\r" : key === " " ? " " : undefined;
  const event = { key, windowsVirtualKeyCode: KEY_CODES[key], ...(text === undefined ? {} : { text }) };
  await call("Input.dispatchKeyEvent", { type: text === undefined ? "rawKeyDown" : "keyDown", ...event });
  await call("Input.dispatchKeyEvent", { type: "keyUp", ...event });
}

async function click(call: Call, selector: string): Promise<void> {
  const found = await evaluate(
    call,
    `(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      element.scrollIntoView({ block: "center" });
      const box = element.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    })()`,
  );
  const [x, y] = Array.isArray(found) ? found.map(Number) : [0, 0];
  for (const type of ["mousePressed", "mouseReleased"])
    await call("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
}

function requestsIn(events: readonly Event[]): readonly string[] {
  return events
    .filter(({ method }) => method === "Network.requestWillBeSent")
    .map(({ params }) => String(asObject(params["request"])["url"]))
    .filter((url) => !url.startsWith("file:"));
}

function complaintsIn(events: readonly Event[]): readonly string[] {
  return events
    .filter(({ method }) => ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"].includes(method))
    .map(({ params }) => JSON.stringify(params));
}

type Send = (method: string, params: Params, sessionId: string | undefined) => Promise<Params>;

/** Messages are JSON texts with a zero byte after each. */
function connect(child: ChildProcess, onEvent: (method: string, params: Params) => void): Send {
  const [, , , input, output] = child.stdio;
  if (input === null || input === undefined || output === null || output === undefined || !("write" in input) || !("setEncoding" in output))
    throw new Error("no pipes to the browser");
  const waiting = new Map<number, { readonly resolve: (result: Params) => void; readonly reject: (error: Error) => void }>();
  let text = "";
  output.setEncoding("utf8");
  output.on("data", (piece: string) => {
    const parts = (text + piece).split("\0");
    text = parts.pop() ?? "";
    for (const message of parts.map((part) => asObject(JSON.parse(part)))) {
      const { id, method } = message;
      if (typeof id !== "number") {
        onEvent(String(method), asObject(message["params"]));
        continue;
      }
      const { resolve, reject } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (message["error"] === undefined) resolve?.(asObject(message["result"]));
      else reject?.(new Error(JSON.stringify(message["error"])));
    }
  });
  child.once("exit", () => {
    for (const { reject } of waiting.values()) reject(new Error("the browser ended"));
  });
  let next = 1;
  return (method, params, sessionId) =>
    new Promise((resolve, reject) => {
      const id = next++;
      const timer = setTimeout(() => reject(new Error(`no answer to ${method}`)), ANSWER_MS);
      const ended = (): void => clearTimeout(timer);
      waiting.set(id, {
        resolve: (result) => {
          ended();
          resolve(result);
        },
        reject: (error) => {
          ended();
          reject(error);
        },
      });
      input.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
    });
}

async function until(holds: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + ANSWER_MS;
  while ((await holds()) !== true) {
    if (Date.now() > end) throw new Error("the page never got there");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function bytesOf({ data }: Params): Uint8Array {
  return Buffer.from(String(data), "base64");
}
