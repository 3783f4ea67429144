/** `weft build`: per contract the module as TypeScript and JavaScript, the ABI, the storage layout and a typed client. */
import { resolve } from "node:path";
import { outputsOf } from "../../compiler/codegen/outputs.ts";
import type { ContractOutputs } from "../../compiler/codegen/outputs.ts";
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
