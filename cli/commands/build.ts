/** `weft build`: per contract the module as TypeScript and JavaScript, the ABI, the storage layout and a typed client. */
import { resolve } from "node:path";
import { abiOf } from "../../compiler/codegen/abi.ts";
import { emitClient } from "../../compiler/codegen/client.ts";
import { fieldLayouts } from "../../compiler/codegen/layout.ts";
import { emitModule } from "../../compiler/codegen/module.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import type { Contract } from "../../compiler/typed/tree.ts";
import { compileFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import { count, failure } from "../failure.ts";
import { displayPath, writeAll } from "../files.ts";
import { formatCode } from "../format-code.ts";
import type { Outcome } from "../outcome.ts";

export async function build(path: string, out: string): Promise<Outcome> {
  const file = await compileFile(path);
  if (file.compiled === undefined) return failure(file.exit, file.diagnostics, file.files);
  const { contracts } = file.compiled.program;
  const texts = new Map<string, string>();
  for (const contract of contracts) {
    for (const [name, text] of await outputsOf(contract, file.compiled)) texts.set(name, text);
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

async function outputsOf(contract: Contract, { program, footprints, costs }: Compiled): Promise<ReadonlyMap<string, string>> {
  const input = { contract, program, footprints, costs };
  const footprint = footprints.contracts.find((candidate) => candidate.contract === contract);
  const { name } = contract;
  return new Map([
    [`${name}.ts`, await formatCode(emitModule(input, "typescript"))],
    [`${name}.js`, await formatCode(emitModule(input, "javascript"))],
    [`${name}.client.ts`, await formatCode(await emitClient({ contract, program, runtime: "weft/runtime" }))],
    [`${name}.abi.json`, json(abiOf(contract, program))],
    [`${name}.layout.json`, json({ format: 1, contract: name, fields: footprint === undefined ? [] : fieldLayouts(footprint) })],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
