/** Which tests of a file run: by title, by the contract they deploy, by a line. */
import { lineStarts, positionAt } from "../../grammar/lines.ts";
import type { Program } from "../../compiler/typed/tree.ts";
import { deploymentsOf } from "../test-runner/accounts.ts";
import type { AnyTest } from "../test-runner/fuzz/run-fuzzed.ts";

export interface TestFilter {
  /** As it was given. */
  readonly text: string;
  readonly matches: (title: string) => boolean;
}

export interface Selection {
  readonly filter: TestFilter | undefined;
  readonly contract: string | undefined;
  /** Of the file; empty for all. */
  readonly lines: readonly number[];
}

export interface LocatedTest extends AnyTest {
  /** Of its title. */
  readonly line: number;
}

/** In the order of `tests`. */
export function selectTests(
  tests: readonly AnyTest[],
  { files, root }: Pick<Program, "files" | "root">,
  { filter, contract, lines }: Selection,
): readonly LocatedTest[] {
  const starts = new Map(files.map(({ path, text }) => [path, lineStarts(text)]));
  const lineAt = (path: string, offset: number): number => positionAt(starts.get(path) ?? [0], offset).line;
  const located = tests.map((each) => ({ ...each, line: lineAt(each.test.site.path, each.test.site.span.start) }));
  const here = located.filter(({ test }) => test.site.path === root).sort((a, b) => a.line - b.line);
  // A test made for a contract has no text of its own: it is asked for from where the contract begins.
  const lastLine = ({ test: { bodySite }, fuzzed }: LocatedTest): number =>
    fuzzed?.madeFor === undefined ? lineAt(bodySite.path, bodySite.span.end) : Infinity;
  const asked = new Set(lines.map((line) => here.findLast((candidate) => candidate.line <= line && line <= lastLine(candidate))));
  return located.filter(
    (candidate) =>
      (lines.length === 0 || asked.has(candidate)) &&
      (filter === undefined || filter.matches(candidate.test.title)) &&
      (contract === undefined || deploymentsOf(candidate.test).has(contract)),
  );
}

/** ``with `mint` in its title``, for when nothing was found. */
export function selectionText({ filter, contract, lines }: Selection): string {
  const parts = [
    ...(filter === undefined ? [] : [`with \`${filter.text}\` in its title`]),
    ...(contract === undefined ? [] : [`that deploys \`${contract}\``]),
    ...(lines.length === 0 ? [] : [`at line ${lines.join(", ")}`]),
  ];
  return parts.join(" and ");
}
