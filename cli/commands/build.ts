/** `weft build`: per contract the module as TypeScript and JavaScript, the ABI, the storage layout and a typed client. */
import { resolve } from "node:path";
import { outputsOf } from "../../compiler/codegen/outputs.ts";
import type { ContractOutputs } from "../../compiler/codegen/outputs.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import { compileFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { count, failure } from "../failure.ts";
import { displayPath } from "../files.ts";
import { formatCode } from "../format-code.ts";
import type { Outcome } from "../outcome.ts";
import { writeAll } from "../write-files.ts";

export async function build(path: string, out: string): Promise<Outcome> {
  const file = await compileFile(path);
  if (file.compiled === undefined) return failure(file.exit, file.diagnostics, file.files);
  const { contracts } = file.compiled.program;
  const twin = sameOnDisk(contracts.map((contract) => contract.name));
  if (twin !== undefined) {
    const [first, second] = twin;
    const path = displayPath(resolve(out, `${second}.ts`));
    const reason = `\`${first}\` and \`${second}\` differ only in case, and not every disk tells such names apart`;
    return failure(
      EXIT.usage,
      [...file.diagnostics, diagnose("E0814", { path, span: { start: 0, end: 0 } }, { path, reason })],
      file.files,
    );
  }
  const texts = new Map<string, string>();
  for (const contract of contracts) {
    for (const [name, text] of await textsOf(outputsOf(contract, file.compiled))) texts.set(name, text);
  }
  const folder = resolve(out);
  const problem = writeAll(folder, texts);
  if (problem !== undefined) return failure(EXIT.usage, [...file.diagnostics, problem], file.files);
  const written = [...texts.keys()].map((name) => displayPath(`${folder}/${name}`));
  return {
    exit: EXIT.ok,
    json: { file: file.path, out: displayPath(folder), contracts: contracts.map((contract) => contract.name), written },
    timing: {},
    text: () => written.map((name) => `${name}\n`).join(""),
    note: `${count(contracts.length, "contract")}, ${count(written.length, "file")} written`,
    diagnostics: file.diagnostics,
    files: file.files,
  };
}

/** Two names that a disk which ignores case takes for one. */
function sameOnDisk(names: readonly string[]): readonly [string, string] | undefined {
  const known = new Map<string, string>();
  for (const name of names) {
    const first = known.get(name.toLowerCase());
    if (first !== undefined) return [first, name];
    known.set(name.toLowerCase(), name);
  }
  return undefined;
}

async function textsOf({
  name,
  abi,
  userdoc,
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
    [`${name}.layout.json`, json(layout)],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
