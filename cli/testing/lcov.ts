/** Coverage in the form of lcov's tracefiles, which `genhtml` and code hosts read. */
import type { FileCoverage } from "../test-runner/coverage.ts";

export function lcovText(files: readonly FileCoverage[]): string {
  return files.map(fileText).join("");
}

function fileText({ path, functions, lines, branches }: FileCoverage): string {
  const rows = [
    "TN:",
    // A record is a line: a name with line breaks in it can't be told.
    `SF:${path.replace(/[\r\n]/g, "_")}`,
    ...functions.map(({ line, name }) => `FN:${line},${name}`),
    ...functions.map(({ count, name }) => `FNDA:${count},${name}`),
    `FNF:${functions.length}`,
    `FNH:${functions.filter(({ count }) => count > 0).length}`,
    ...branches.map(({ line, block, branch, count, reached }) => `BRDA:${line},${block},${branch},${reached ? count : "-"}`),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(({ count }) => count > 0).length}`,
    ...lines.map(({ line, count }) => `DA:${line},${count}`),
    `LF:${lines.length}`,
    `LH:${lines.filter(({ count }) => count > 0).length}`,
    "end_of_record",
  ];
  return `${rows.join("\n")}\n`;
}
