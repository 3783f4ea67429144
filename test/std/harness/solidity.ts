/** Solidity contracts for comparison: files of test/std/solidity and what they import from npm, compiled once by solc and kept under node_modules/.cache. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Abi, Hex } from "viem";
import { ROOT } from "../../helpers/cli.ts";

export interface Artefact {
  readonly abi: Abi;
  readonly bytecode: Hex;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<string, Readonly<Record<string, { readonly abi: Abi; readonly evm: { readonly bytecode: { readonly object: string } } }>>>
  >;
}

const FOLDER = join(ROOT, "test/std/solidity");
const CACHE = join(ROOT, "node_modules/.cache/weft-std");

const SETTINGS = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "cancun",
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
} as const;

const compiled = new Map<string, ReadonlyMap<string, Artefact>>();

/** All contracts of a file of test/std/solidity, by name. */
export async function solidityFile(file: string): Promise<ReadonlyMap<string, Artefact>> {
  const known = compiled.get(file) ?? artefactsOf(file, await compileCached(file));
  compiled.set(file, known);
  return known;
}

function artefactsOf(file: string, { errors = [], contracts = {} }: Output): ReadonlyMap<string, Artefact> {
  const failed = errors.filter(({ severity }) => severity === "error");
  if (failed.length > 0) throw new Error(failed.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return new Map(
    Object.entries(contracts[file] ?? {}).map(([name, { abi, evm }]) => {
      const bytecode: Hex = `0x${evm.bytecode.object}`;
      return [name, { abi, bytecode }];
    }),
  );
}

/** The key is everything that goes in: the compiler, its settings, the file, the packages it imports from. */
async function compileCached(file: string): Promise<Output> {
  const content = readFileSync(join(FOLDER, file), "utf8");
  const versions = ["solc", "@openzeppelin/contracts", "@openzeppelin/contracts-v4"].map((name) => readFileSync(packageFile(name), "utf8"));
  const key = createHash("sha256")
    .update(JSON.stringify([SETTINGS, file, content, ...versions]))
    .digest("hex");
  const path = join(CACHE, `${key}.json`);
  if (existsSync(path)) return parse(readFileSync(path, "utf8"));
  const { default: solc } = await import("solc");
  const input = { language: "Solidity", sources: { [file]: { content } }, settings: SETTINGS };
  const text = solc.compile(JSON.stringify(input), { import: readImport });
  const output = parse(text);
  if ((output.errors ?? []).every(({ severity }) => severity !== "error")) {
    mkdirSync(CACHE, { recursive: true });
    // Several test processes may compile the same file.
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  }
  return output;
}

function parse(text: string): Output {
  return JSON.parse(text) as Output;
}

function packageFile(name: string): string {
  return join(ROOT, "node_modules", name, "package.json");
}

function readImport(path: string): { readonly contents: string } | { readonly error: string } {
  const own = join(FOLDER, path);
  if (existsSync(own)) return { contents: readFileSync(own, "utf8") };
  const packaged = join(ROOT, "node_modules", path);
  if (existsSync(packaged)) return { contents: readFileSync(packaged, "utf8") };
  return { error: `no file ${path}` };
}
