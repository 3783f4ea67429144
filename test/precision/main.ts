/**
 * `npm run precision`: how exact footprints are, over the examples, the acceptance contracts and the ports of the CoSplit comparison. `-- --seed N`,
 * `-- --histories N` (20 blocks of up to 30 calls each), `-- --json`, `-- --fields` lists the cells that were planned without need, and those that order calls
 * which don't meet; or files to measure.
 * Ends with code 1 where a goal isn't reached.
 */
import { existsSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { ROOT } from "../helpers/suites.ts";
import { measure, type Precision } from "./measure.ts";

const FOLDERS = ["test/corpus/contracts", "examples/token", "examples/nft", "examples/dao", "examples/cosplit"];
/** What this project promises: shares of planned cells without need, of functions with a wide key, of ordered pairs that really meet. */
const GOALS = { needless: 0.02, wide: 0, real: 0.98 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    histories: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    fields: { type: "boolean", default: false },
  },
});

const files = positionals.length > 0 ? positionals : FOLDERS.flatMap(filesIn);
const rows: Precision[] = [];
for (const file of files) rows.push(await measure(file, Number(values.seed), Number(values.histories)));
const total = totalOf(rows);
if (values.json) console.log(JSON.stringify({ rows: rows.map(plain), total: plain(total) }, undefined, 2));
else report();
process.exitCode = reached(total).every(Boolean) ? 0 : 1;

function filesIn(folder: string): readonly string[] {
  const url = new URL(`${folder}/`, ROOT);
  if (!existsSync(url)) return [];
  return readdirSync(url)
    .filter((name) => name.endsWith(".weft"))
    .sort()
    .map((name) => `${folder}/${name}`);
}

function totalOf(all: readonly Precision[]): Precision {
  const sum = (of: (row: Precision) => number): number => all.reduce((n, row) => n + of(row), 0);
  return {
    path: "all",
    functions: sum((row) => row.functions),
    wide: all.flatMap((row) => row.wide),
    calls: sum((row) => row.calls),
    succeeded: sum((row) => row.succeeded),
    planned: sum((row) => row.planned),
    untouched: sum((row) => row.untouched),
    needless: sum((row) => row.needless),
    fields: new Map(),
    unmet: new Map(),
    ordered: sum((row) => row.ordered),
    real: sum((row) => row.real),
    unfounded: sum((row) => row.unfounded),
  };
}

function plain(row: Precision): object {
  return { ...row, fields: Object.fromEntries(row.fields), unmet: Object.fromEntries(row.unmet) };
}

function reached({ functions, wide, planned, needless, ordered, real, unfounded }: Precision): readonly boolean[] {
  return [
    needless / Math.max(1, planned) < GOALS.needless,
    wide.length / Math.max(1, functions) <= GOALS.wide,
    ordered === unfounded || real / (ordered - unfounded) > GOALS.real,
  ];
}

function report(): void {
  console.log(
    "planned: cells that successful calls were planned for; needless: those not touched, but for what a condition on state decides",
  );
  console.log("ordered: pairs of successful calls that plans put in order; meet: those that meet in a cell; real: the same without pairs");
  console.log("that only a condition on state put in order which nobody knew before, and which didn't hold\n");
  const width = Math.max(...files.map((file) => file.length), "all".length);
  console.log(`${"".padEnd(width)}  functions  wide   calls succeed  planned  needless  ordered     meet     real`);
  for (const row of [...rows, total]) {
    const { path, functions, wide, calls, succeeded, planned, needless, ordered, real, unfounded } = row;
    const cells = [
      String(functions).padStart(9),
      String(wide.length).padStart(4),
      String(calls).padStart(6),
      String(succeeded).padStart(7),
      String(planned).padStart(7),
      percent(needless, planned).padStart(8),
      String(ordered).padStart(7),
      (ordered === 0 ? "" : percent(real, ordered)).padStart(7),
      (ordered === unfounded ? "" : percent(real, ordered - unfounded)).padStart(7),
    ];
    console.log(`${path.padEnd(width)}  ${cells.join("  ")}`);
    if (!values.fields) continue;
    for (const [field, times] of row.fields) console.log(`    needless: ${field} ${times}`);
    for (const [pair, times] of row.unmet) console.log(`    not met: ${pair} ${times}`);
  }
  const [needless, wide, real] = reached(total);
  console.log(
    `\nneedless cells below 2 %: ${yes(needless)}; no wide keys: ${yes(wide)}; more than 98 % of ordered pairs meet: ${yes(real)}`,
  );
  if (total.wide.length > 0) console.log(`wide: ${total.wide.join(", ")}`);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
}

function yes(holds: boolean): string {
  return holds ? "yes" : "no";
}
