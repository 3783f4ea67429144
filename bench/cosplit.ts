/**
 * `npm run cosplit`: the ports of `examples/cosplit` beside what CoSplit says of their originals, transition by transition; see docs/cosplit.md.
 * `-- NAME …` for some of them, `-- --json`, `-- --markdown` (what the page holds), `-- --from DIR` for ports of another folder. Exits with 1 if Weft is coarser anywhere or a file is malformed.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { comparePort } from "./cosplit/compare.ts";
import type { ComparedPort } from "./cosplit/compare.ts";
import { loadPorts, PortError } from "./cosplit/ports.ts";
import { jsonReport, markdownReport, textReport } from "./cosplit/report.ts";

const FOLDER = fileURLToPath(new URL("../examples/cosplit", import.meta.url));
const USAGE = "usage: npm run cosplit -- [NAME …] [--json | --markdown] [--from DIR]";

const { values, positionals } = readArguments();

try {
  const ports = loadPorts(values.from);
  const unknown = positionals.find((name) => !ports.some((port) => port.name === name));
  if (unknown !== undefined) {
    console.error(`no port \`${unknown}\`; there are ${ports.map(({ name }) => name).join(", ")}\n${USAGE}`);
    process.exit(2);
  }
  const compared = ports.filter(({ name }) => positionals.length === 0 || positionals.includes(name)).map(comparePort);
  console.log(show(compared));
  if (compared.some(({ transitions }) => transitions.some(({ comparison }) => comparison === "coarser"))) process.exitCode = 1;
} catch (problem) {
  if (!(problem instanceof PortError)) throw problem;
  console.error(problem.message);
  process.exitCode = 1;
}

function show(compared: readonly ComparedPort[]): string {
  if (values.json) return JSON.stringify(jsonReport(compared), undefined, 2);
  return (values.markdown ? markdownReport(compared) : textReport(compared)).trimEnd();
}

function readArguments(): {
  readonly values: { readonly json: boolean; readonly markdown: boolean; readonly from: string };
  readonly positionals: readonly string[];
} {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        markdown: { type: "boolean", default: false },
        from: { type: "string", default: FOLDER },
      },
    });
    if (!parsed.values.json || !parsed.values.markdown) return parsed;
  } catch (problem) {
    console.error(problem instanceof Error ? problem.message : String(problem));
  }
  console.error(USAGE);
  process.exit(2);
}
