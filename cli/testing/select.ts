/** Which tests of a file run: by title, by the contract they deploy, by a line. */
import { lineStarts, positionAt } from "../../compiler/diagnostics/lines.ts";
import type { Program, Test } from "../../compiler/typed/tree.ts";
import { deploymentsOf } from "../test-runner/accounts.ts";

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

export interface LocatedTest {
  readonly test: Test;
  /** Of its title. */
  readonly line: number;
}

/** In order of the text. */
export function selectTests(program: Program, { filter, contract, lines }: Selection): readonly LocatedTest[] {
  const starts = lineStarts(program.files.find(({ path }) => path === program.root)?.text ?? "");
  const located = program.tests.map((test) => ({ test, line: positionAt(starts, test.site.span.start).line }));
  const asked = new Set(lines.map((line) => located.findLast((candidate) => candidate.line <= line)));
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
