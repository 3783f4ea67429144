/** The test explorer: runs what is chosen there with `weft test`, and shows results and coverage at their places. */
import { dirname, resolve } from "node:path";
import * as vscode from "vscode";
import type { Program } from "../server/find.ts";
import { environmentOf, programHere, sayMissing } from "../server/program.ts";
import { mergeCoverage } from "./lcov.ts";
import type { FileCoverage, LineHits } from "./lcov.ts";
import { batchesOf, resultsOf } from "./plan.ts";
import type { Batch, PlannedFile, PlannedTest } from "./plan.ts";
import { sayFailure } from "./results.ts";
import type { Failure, Span, TestResult } from "./results.ts";
import { runTests } from "./run.ts";
import { TestTree, isInvariants } from "./tree.ts";

type Items = Map<vscode.TestItem, vscode.TestItem[]>;

export class TestExplorer implements vscode.Disposable {
  private readonly controller: vscode.TestController;
  private readonly tree: TestTree;
  private readonly profile: vscode.TestRunProfile;
  private readonly details = new WeakMap<vscode.FileCoverage, readonly vscode.FileCoverageDetail[]>();

  constructor() {
    this.controller = vscode.tests.createTestController("weft", "Weft");
    this.tree = new TestTree(this.controller);
    this.controller.resolveHandler = async (item) => {
      if (item === undefined) await this.tree.readAll();
      else if (item.uri !== undefined && item.parent === undefined) await this.tree.read(item.uri);
    };
    this.controller.refreshHandler = async (token) => await this.tree.readAll(token);
    this.profile = this.controller.createRunProfile(
      "Run",
      vscode.TestRunProfileKind.Run,
      async (request, token) => await this.run(request, token, false),
      true,
    );
    const coverage = this.controller.createRunProfile(
      "Run with Coverage",
      vscode.TestRunProfileKind.Coverage,
      async (request, token) => await this.run(request, token, true),
      true,
    );
    coverage.loadDetailedCoverage = (_run, file) => Promise.resolve([...(this.details.get(file) ?? [])]);
  }

  /** Runs one test, as a code lens asks. */
  async runNamed(uri: vscode.Uri, title: string): Promise<void> {
    await this.tree.read(uri);
    const file = this.controller.items.get(uri.toString());
    const item = file === undefined ? undefined : childrenOf(file).find(({ label }) => label === title);
    if (item === undefined) {
      void vscode.window.showWarningMessage(`There is no test "${title}" in ${vscode.workspace.asRelativePath(uri)}.`);
      return;
    }
    const token = new vscode.CancellationTokenSource();
    try {
      await this.run(new vscode.TestRunRequest([item], undefined, this.profile), token.token, false);
    } finally {
      token.dispose();
    }
  }

  dispose(): void {
    this.tree.dispose();
    this.controller.dispose();
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken, coverage: boolean): Promise<void> {
    const items = await this.chosen(request, token);
    const run = this.controller.createTestRun(request);
    try {
      // A change that isn't saved would be tested without being there.
      await saveAll([...items.keys()]);
      for (const tests of items.values()) for (const test of tests) run.enqueued(test);
      const search = programHere();
      if (search.kind !== "found") {
        const message = new vscode.TestMessage(sayMissing(search));
        for (const tests of items.values()) for (const test of tests) run.errored(test, message);
        return;
      }
      const gathered: FileCoverage[] = [];
      for (const [cwd, files] of this.byFolder(items)) {
        for (const batch of batchesOf(files)) {
          if (token.isCancellationRequested) break;
          const found = await this.runBatch(run, search.program, cwd, batch, token, coverage);
          gathered.push(...found.map((file) => ({ ...file, file: resolve(cwd, file.file) })));
        }
      }
      if (token.isCancellationRequested) for (const tests of items.values()) for (const test of tests) run.skipped(test);
      for (const file of mergeCoverage(gathered)) this.addCoverage(run, file);
    } finally {
      run.end();
    }
  }

  /** Tests by file: those that were asked for, or all, without those that were left out. */
  private async chosen(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<Items> {
    if (request.include === undefined) await this.tree.complete(token);
    const excluded = new Set(request.exclude ?? []);
    const items: Items = new Map();
    const add = (test: vscode.TestItem): void => {
      const file = test.parent;
      if (file === undefined || excluded.has(test) || excluded.has(file)) return;
      const tests = items.get(file) ?? [];
      if (!tests.includes(test)) tests.push(test);
      items.set(file, tests);
    };
    const roots = request.include ?? [...this.controller.items].map(([, item]) => item);
    for (const item of roots) {
      if (item.parent === undefined) for (const test of childrenOf(item)) add(test);
      else add(item);
    }
    return items;
  }

  /** By working folder: that of the workspace, where `weft.json` lies. */
  private byFolder(items: Items): ReadonlyMap<string, readonly PlannedFile<vscode.TestItem>[]> {
    const folders = new Map<string, PlannedFile<vscode.TestItem>[]>();
    for (const [file, tests] of items) {
      if (file.uri === undefined) continue;
      const cwd = vscode.workspace.getWorkspaceFolder(file.uri)?.uri.fsPath ?? dirname(file.uri.fsPath);
      const planned = tests.map((item): PlannedTest<vscode.TestItem> => ({
        item,
        title: titleOf(item),
        line: (item.range?.start.line ?? 0) + 1,
      }));
      const entry = { path: file.uri.fsPath, tests: planned, whole: tests.length === file.children.size };
      folders.set(cwd, [...(folders.get(cwd) ?? []), entry]);
    }
    return folders;
  }

  private async runBatch(
    run: vscode.TestRun,
    program: Program,
    cwd: string,
    batch: Batch<vscode.TestItem>,
    token: vscode.CancellationToken,
    coverage: boolean,
  ): Promise<readonly FileCoverage[]> {
    const all = batch.files.flatMap(({ tests }) => tests);
    for (const { item } of all) run.started(item);
    let stop: vscode.Disposable | undefined;
    const onStart = (cancel: () => void): void => {
      stop = token.onCancellationRequested(cancel);
    };
    const finished = await runTests({ program, cwd, targets: batch.targets, coverage, env: environmentOf(program), onStart });
    stop?.dispose();
    switch (finished.kind) {
      case "cancelled":
        return [];
      case "failed":
        for (const { item } of all) run.errored(item, new vscode.TestMessage(finished.reason));
        return [];
      case "report": {
        const { tests, errors, internal } = finished.report;
        if (finished.said !== "") print(run, finished.said);
        for (const file of batch.files) {
          const own = tests.filter((test) => resolve(cwd, test.file) === file.path);
          const results = resultsOf(file, own);
          for (const { item, title } of file.tests) {
            const result = results.get(item);
            if (result === undefined && errors.length === 0 && isInvariants(title)) run.skipped(item);
            else if (result === undefined) run.errored(item, whyMissing(errors, internal, cwd, file.path));
            else report(run, item, result, cwd);
          }
          const parent = file.tests.at(0)?.item.parent;
          if (!file.whole || parent === undefined) continue;
          for (const result of own.filter(({ title }) => isInvariants(title) && !file.tests.some((test) => test.title === title))) {
            const item = await this.tree.remember(parent, result.title);
            if (item !== undefined) report(run, item, result, cwd);
          }
        }
        return finished.coverage;
      }
    }
  }

  private addCoverage(run: vscode.TestRun, { file, lines, functions, branches }: FileCoverage): void {
    const at = ({ line }: LineHits): vscode.Position => new vscode.Position(Math.max(0, line - 1), 0);
    const byLine = new Map<number, vscode.BranchCoverage[]>();
    for (const branch of branches) {
      const known = byLine.get(branch.line) ?? [];
      known.push(new vscode.BranchCoverage(branch.hits, at(branch), branch.name));
      byLine.set(branch.line, known);
    }
    const details = [
      ...lines.map((line) => new vscode.StatementCoverage(line.hits, at(line), byLine.get(line.line) ?? [])),
      ...functions.map((one) => new vscode.DeclarationCoverage(one.name, one.hits, at(one))),
    ];
    const covered = vscode.FileCoverage.fromDetails(vscode.Uri.file(file), details);
    this.details.set(covered, details);
    run.addCoverage(covered);
  }
}

// --- results -------------------------------------------------------------------------------------------------------

function report(run: vscode.TestRun, item: vscode.TestItem, result: TestResult, cwd: string): void {
  if (result.ok) {
    run.passed(item, result.ms);
    return;
  }
  const messages = result.failures.map((failure, at) => messageOf(failure, cwd, at === 0 ? result.story : []));
  run.failed(item, messages.length === 0 ? new vscode.TestMessage("The test failed.") : messages, result.ms);
  for (const failure of result.failures) print(run, `${titleOf(item)}\n${sayFailure(failure).text}\n`, item);
  if (result.story.length > 0) print(run, `${result.story.join("\n")}\n`, item);
}

function messageOf(failure: Failure, cwd: string, story: readonly string[] = []): vscode.TestMessage {
  const { text: said, expected, actual } = sayFailure(failure);
  const text = [said, ...(story.length === 0 ? [] : ["", ...story])].join("\n");
  const message =
    expected === undefined || actual === undefined ? new vscode.TestMessage(text) : vscode.TestMessage.diff(text, expected, actual);
  if (failure.span !== undefined)
    message.location = new vscode.Location(vscode.Uri.file(resolve(cwd, failure.file)), rangeOf(failure.span));
  return message;
}

/** Why a test has no result: its program has errors, or the tool failed. Errors of its own file come first. */
function whyMissing(errors: readonly Failure[], internal: readonly string[], cwd: string, path: string): readonly vscode.TestMessage[] {
  const own = errors.filter(({ file }) => resolve(cwd, file) === path);
  const those = (own.length > 0 ? own : errors).slice(0, 10);
  if (those.length > 0) return those.map((error) => messageOf(error, cwd));
  return [
    new vscode.TestMessage(internal.length > 0 ? internal.join("\n") : "weft test has no result for this test. Was it just renamed?"),
  ];
}

function rangeOf({ line, col, endLine, endCol }: Span): vscode.Range {
  return new vscode.Range(line - 1, col - 1, endLine - 1, endCol - 1);
}

/** The terminal of test results wants both characters at the end of a line. */
function print(run: vscode.TestRun, text: string, item?: vscode.TestItem): void {
  run.appendOutput(text.replace(/\r?\n/g, "\r\n"), undefined, item);
}

// --- items -----------------------------------------------------------------------------------------------------------

function childrenOf(file: vscode.TestItem): readonly vscode.TestItem[] {
  return [...file.children].map(([, item]) => item);
}

/** The title as it is written: the label of one without a title says so. */
function titleOf(item: vscode.TestItem): string {
  return item.id.slice(item.id.indexOf("#", item.id.indexOf("#") + 1) + 1);
}

async function saveAll(files: readonly vscode.TestItem[]): Promise<void> {
  const chosen = new Set(files.map(({ id }) => id));
  // What a test imports counts, too: all Weft files are saved, if the tests are in any that is open or not.
  const dirty = vscode.workspace.textDocuments.filter(({ isDirty, languageId, uri }) => {
    return isDirty && uri.scheme === "file" && (languageId === "weft" || chosen.has(uri.toString()));
  });
  for (const document of dirty) await document.save();
}
