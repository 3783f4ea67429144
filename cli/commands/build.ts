/** `weft build`: per contract the module as TypeScript and JavaScript, the ABI, the storage layout and a typed client. */
import { resolve } from "node:path";
import { outputsOf } from "../../compiler/codegen/outputs.ts";
import type { ContractOutputs } from "../../compiler/codegen/outputs.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Contract } from "../../compiler/typed/tree.ts";
import type { CompiledFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { count, failure, wrongUsage } from "../failure.ts";
import { displayPath } from "../files.ts";
import { formatCode } from "../format-code.ts";
import type { Context, Outcome } from "../outcome.ts";
import { compileAll } from "../results.ts";
import { writeAll } from "../write-files.ts";

interface Wanted {
  readonly contract: Contract;
  readonly compiled: Compiled;
}

export async function build(given: readonly string[], out: string | undefined, context: Context): Promise<Outcome> {
  if (out === undefined)
    return wrongUsage("`weft build` needs a folder to write to", "name it with `--out`, or set `build.out` in weft.json");
  const all = await compileAll(given, context);
  if (all.kind === "refused") return all.outcome;
  const { results, diagnostics, files } = all;
  const wanted = contractsOf(results);
  const folder = resolve(out);
  const twin = twinOf(wanted, folder);
  if (twin !== undefined) return failure(EXIT.usage, [...diagnostics, twin], files);
  const texts = new Map<string, string>();
  for (const { contract, compiled } of wanted) {
    context.progress(`writing ${contract.name}`);
    for (const [name, text] of await textsOf(outputsOf(contract, compiled))) texts.set(name, text);
  }
  const problem = writeAll(folder, texts);
  if (problem !== undefined) return failure(EXIT.usage, [...diagnostics, problem], files);
  const written = [...texts.keys()].map((name) => displayPath(`${folder}/${name}`));
  const paths = results.map(({ path }) => path);
  return {
    exit: EXIT.ok,
    json: { file: paths[0], files: paths, out: displayPath(folder), contracts: wanted.map(({ contract }) => contract.name), written },
    timing: {},
    text: () => written.map((name) => `${name}\n`).join(""),
    note: `${count(wanted.length, "contract")}, ${count(written.length, "file")} written`,
    diagnostics,
    files,
  };
}

/** One that several programs import is one contract. */
function contractsOf(results: readonly CompiledFile[]): readonly Wanted[] {
  const found = new Map<string, Wanted>();
  for (const { compiled } of results) {
    for (const contract of compiled?.program.contracts ?? []) {
      const key = `${resolve(contract.site.path)}#${contract.name}`;
      if (compiled !== undefined && !found.has(key)) found.set(key, { contract, compiled });
    }
  }
  return [...found.values()];
}

/** Two contracts whose files a disk may take for one. */
function twinOf(wanted: readonly Wanted[], folder: string): Diagnostic | undefined {
  const known = new Map<string, Contract>();
  for (const { contract } of wanted) {
    const first = known.get(contract.name.toLowerCase());
    known.set(contract.name.toLowerCase(), contract);
    if (first === undefined) continue;
    const path = displayPath(resolve(folder, `${contract.name}.ts`));
    const reason =
      first.name === contract.name
        ? `both \`${first.site.path}\` and \`${contract.site.path}\` declare a contract of that name`
        : `\`${first.name}\` and \`${contract.name}\` differ only in case, and not every disk tells such names apart`;
    return diagnose("E0814", { path, span: { start: 0, end: 0 } }, { path, reason });
  }
  return undefined;
}

async function textsOf({
  name,
  abi,
  userdoc,
  devdoc,
  layout,
  javascript,
  typescript,
  client,
}: ContractOutputs): Promise<ReadonlyMap<string, string>> {
  return new Map([
    [`${name}.ts`, await formatCode(typescript)],
    [`${name}.js`, await formatCode(javascript)],
    [`${name}.client.ts`, await formatCode(await client())],
    [`${name}.abi.json`, json(abi)],
    [`${name}.userdoc.json`, json(userdoc)],
    [`${name}.devdoc.json`, json(devdoc)],
    [`${name}.layout.json`, json(layout)],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
