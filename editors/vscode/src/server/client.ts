/** Starts, stops and restarts the language server, and tells in the status bar how it is. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import * as vscode from "vscode";
import { CloseAction, LanguageClient, RevealOutputChannelOn, State } from "vscode-languageclient/node";
import type { CloseHandlerResult, ErrorHandler } from "vscode-languageclient/node";
import type { Program } from "./find.ts";
import { environmentOf, programHere, sayMissing } from "./program.ts";

const ANALYSED = "weft/analysed";
/** What the server may name in code lenses. */
const COMMANDS = ["weft.runTest", "weft.showConflicts"] as const;
/** A server that hasn't answered by then hangs. */
const START_MS = 30_000;

/** A start that somebody ended: nothing to be told of. */
class Abandoned extends Error {}

/** The library stops a client that failed to start without looking at what comes of it: there is nothing to stop then, which isn't worth an error. */
class Client extends LanguageClient {
  /** Nobody asked for it any more: what goes wrong is written to the log alone. */
  isGone = false;

  override error(message: string, data?: unknown, show: boolean | "force" = true): void {
    super.error(message, data, this.isGone ? false : show);
  }

  override async stop(timeout?: number): Promise<void> {
    if (this.state !== State.Running) return;
    await super.stop(timeout);
  }
}

/** It also forgets the promise of a start during which the connection closes. Its failure is told by `start`; nobody else needs to hear of it. */
function hearStarts(client: LanguageClient): void {
  const make: unknown = Reflect.get(client, "createOnStartPromise");
  if (typeof make !== "function") return;
  Reflect.set(client, "createOnStartPromise", () => {
    const made: unknown = Reflect.apply(make, client, []);
    if (Array.isArray(made) && made[0] instanceof Promise) made[0].catch(() => undefined);
    return made;
  });
}

export class Server implements vscode.Disposable {
  private client: Client | undefined;
  private child: ChildProcess | undefined;
  /** Gives up on a start that is under way. */
  private abandon: () => void = () => undefined;
  /** One start or stop at a time, in the order in which they were asked for. */
  private queue: Promise<void> = Promise.resolve();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly status: vscode.LanguageStatusItem;
  private readonly output: vscode.LogOutputChannel;
  /** Fires when answers may have become others: the server started, stopped, or analysed a file. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.output = vscode.window.createOutputChannel("Weft", { log: true });
    this.status = vscode.languages.createLanguageStatusItem("weft.server", { language: "weft" });
    this.status.name = "Weft language server";
    this.tell("stopped", "", vscode.LanguageStatusSeverity.Information);
  }

  start(): Promise<void> {
    return this.enqueue(() => this.startNow());
  }

  restart(): Promise<void> {
    // A server that hangs while it starts would hold up everything behind it.
    this.abandon();
    return this.enqueue(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  stop(): Promise<void> {
    this.abandon();
    return this.enqueue(() => this.stopNow());
  }

  showOutput(): void {
    this.output.show(true);
  }

  /** Undefined where the server isn't there or has no answer. */
  async request(method: string, params: object, token: vscode.CancellationToken): Promise<unknown> {
    const { client } = this;
    if (client === undefined || client.state !== State.Running) return undefined;
    try {
      return await client.sendRequest<unknown>(method, params, token);
    } catch (error) {
      if (!token.isCancellationRequested) this.output.warn(`${method}: ${String(error)}`);
      return undefined;
    }
  }

  dispose(): void {
    void this.stop().finally(() => {
      this.changed.dispose();
      this.status.dispose();
      this.output.dispose();
    });
  }

  private enqueue(task: () => Promise<void>): Promise<void> {
    // A task that failed has told so; the next one runs nevertheless.
    this.queue = this.queue.then(task, task);
    return this.queue;
  }

  private async startNow(): Promise<void> {
    if (this.client !== undefined) return;
    const search = programHere();
    if (search.kind !== "found") {
      this.tell("not found", sayMissing(search), vscode.LanguageStatusSeverity.Warning);
      this.output.warn(sayMissing(search));
      if (search.kind === "missing") void this.offerHelp(sayMissing(search));
      return;
    }
    const { program } = search;
    const client = this.clientOf(program);
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client) this.follow(newState, program.file);
    });
    client.onNotification(ANALYSED, () => this.changed.fire());
    try {
      await this.inTime(client.start());
    } catch (error) {
      await this.stopNow();
      if (error instanceof Abandoned) return;
      this.output.error(String(error));
      this.tell("failed", `The language server didn't start: ${String(error)}`, vscode.LanguageStatusSeverity.Error);
      void this.offerHelp(`Weft's language server (${program.file}) didn't start. Is it a version that has "weft lsp"?`);
    }
  }

  private clientOf(program: Program): Client {
    const extra = vscode.workspace.getConfiguration("weft").get<string[]>("server.arguments", []);
    const args = [...program.args, "lsp", "--stdio", ...extra];
    const launch = (): Promise<ChildProcess> => {
      this.output.info(`starting ${[program.command, ...args].join(" ")}`);
      const child = spawn(program.command, args, { env: environmentOf(program), windowsHide: true });
      child.on("error", (error) => this.output.error(String(error)));
      this.child = child;
      return child.pid === undefined ? Promise.reject(new Error(`${program.command} can't be started`)) : Promise.resolve(child);
    };
    const client: Client = new Client("weft", "Weft", launch, {
      documentSelector: [
        { scheme: "file", language: "weft" },
        { scheme: "untitled", language: "weft" },
      ],
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: { commands: COMMANDS, analysed: true },
      synchronize: { configurationSection: "weft" },
      // Told by whoever waits for the start.
      initializationFailedHandler: () => false,
      errorHandler: {
        error: (error, message, count) => usual().error(error, message, count),
        // One that was stopped isn't started again.
        closed: (): CloseHandlerResult | Promise<CloseHandlerResult> =>
          this.client === client ? usual().closed() : { action: CloseAction.DoNotRestart, handled: true },
      },
    });
    hearStarts(client);
    let handler: ErrorHandler | undefined;
    const usual = (): ErrorHandler => (handler ??= client.createDefaultErrorHandler());
    return client;
  }

  private async inTime(start: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const given = new Promise<never>((_resolve, reject) => {
      this.abandon = () => reject(new Abandoned());
      timer = setTimeout(() => reject(new Error(`no answer within ${String(START_MS / 1_000)} seconds`)), START_MS);
    });
    try {
      await Promise.race([start, given]);
    } finally {
      clearTimeout(timer);
      this.abandon = () => undefined;
      // Where it was given up, what comes of it is nobody's business any more.
      start.catch(() => undefined);
    }
  }

  private async stopNow(): Promise<void> {
    const { client, child } = this;
    this.client = undefined;
    this.child = undefined;
    if (client === undefined) return;
    client.isGone = true;
    try {
      await client.dispose();
    } catch (error) {
      this.output.warn(`stopping: ${String(error)}`);
    } finally {
      // One that doesn't go when it is asked to, or that never answered.
      child?.kill();
    }
    this.tell("stopped", "", vscode.LanguageStatusSeverity.Information);
    this.changed.fire();
  }

  private follow(state: State, file: string): void {
    switch (state) {
      case State.Running: {
        const version = this.client?.initializeResult?.serverInfo?.version;
        this.tell(version === undefined ? "running" : version, file, vscode.LanguageStatusSeverity.Information);
        break;
      }
      case State.Starting:
        this.tell("starting", file, vscode.LanguageStatusSeverity.Information);
        break;
      case State.Stopped:
        this.tell("stopped", file, vscode.LanguageStatusSeverity.Warning);
        break;
      default:
        break;
    }
    this.changed.fire();
  }

  private tell(text: string, detail: string, severity: vscode.LanguageStatusSeverity): void {
    this.status.text = `Weft: ${text}`;
    this.status.detail = detail;
    this.status.severity = severity;
    this.status.command = { title: "Restart", command: "weft.restartServer" };
  }

  private async offerHelp(message: string): Promise<void> {
    const settings = "Open Settings";
    const log = "Show Log";
    const chosen = await vscode.window.showWarningMessage(message, settings, log);
    if (chosen === settings) await vscode.commands.executeCommand("workbench.action.openSettings", "weft.server");
    if (chosen === log) this.showOutput();
  }
}
