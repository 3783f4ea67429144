/**
 * From a scenario file to something that can run: contracts compiled and loaded, names and arguments checked, blocks planned.
 * Nothing runs before all of it is right; every mistake is reported with its place.
 */
import { join, dirname } from "node:path";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import type { AbiEntry } from "../../runtime/module.ts";
import type { Hex, LoadedModule } from "../../runtime/types.ts";
import { DEFAULT_ACCOUNT } from "../accounts.ts";
import { compileFile } from "../compile.ts";
import type { CompiledFile } from "../compile.ts";
import { EXIT } from "../exit.ts";
import type { ExitCode } from "../exit.ts";
import { displayPath, isFolder, readText, SCENARIO_LIMIT } from "../files.ts";
import { loadContract, loadMade } from "../modules.ts";
import { planBlocks } from "./blocks.ts";
import type { PlannedBlock, Sizing } from "./blocks.ts";
import { createDirectory } from "./directory.ts";
import type { Directory } from "./directory.ts";
import { compileValue } from "./generators.ts";
import type { Draw, Generator, Scope } from "./generators.ts";
import { createRandom } from "../../compiler/score/random.ts";
import type { Random } from "../../compiler/score/random.ts";
import { createIssues } from "./reader.ts";
import type { Issues, Located } from "./reader.ts";
import { readScenario } from "./read-scenario.ts";
import type { Deployment, Scenario } from "./scenario.ts";
import { compileArguments, suggestion } from "./templates.ts";
import type { TemplateContext } from "./templates.ts";

export interface PreparedDeployment {
  readonly at: Located;
  readonly label: string;
  readonly module: LoadedModule;
  /** Codes of the contracts that it makes. */
  readonly made: readonly LoadedModule[];
  readonly from: () => Hex;
  /** ABI values of the constructor. */
  readonly args: () => readonly ReturnType<Generator>[];
  readonly value: bigint;
}

export interface PreparedScenario {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly directory: Directory;
  readonly deployments: readonly PreparedDeployment[];
  readonly blocks: readonly PlannedBlock[];
  readonly issues: Issues;
}

export interface Preparation {
  /** Undefined when something is wrong. */
  readonly prepared: PreparedScenario | undefined;
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: ReadonlyMap<string, string>;
  readonly exit: ExitCode;
}

export interface PrepareOptions {
  readonly path: string;
  readonly seed: number | undefined;
  readonly sizing: Sizing;
}

export async function prepareScenario({ path: given, seed, sizing }: PrepareOptions): Promise<Preparation> {
  const path = displayPath(isFolder(given) ? join(given, "scenario.json") : given);
  const source = readText(path, SCENARIO_LIMIT);
  const failed = (diagnostics: readonly Diagnostic[], files: ReadonlyMap<string, string>, exit: ExitCode): Preparation => {
    return { prepared: undefined, path, diagnostics, files, exit };
  };
  if (source.kind === "problem") return failed([source.diagnostic], new Map(), EXIT.usage);
  const files = new Map([[path, source.text]]);
  const issues = createIssues(path);
  const scenario = readScenario(source.text, issues);
  if (scenario === undefined) return failed(issues.diagnostics(), files, EXIT.usage);

  const compiled = await compileAll(scenario, path);
  for (const file of compiled.values()) for (const [name, text] of file.files) files.set(name, text);
  const broken = [...compiled.values()].filter((file) => file.compiled === undefined);
  if (broken.length > 0) {
    const exit = broken.some((file) => file.exit === EXIT.usage) ? EXIT.usage : EXIT.failed;
    return failed(
      broken.flatMap((file) => file.diagnostics),
      files,
      exit,
    );
  }
  const modules = await loadModules(scenario, compiled, issues);
  const directory = createDirectory(
    scenario.groups,
    scenario.contracts.map((deployment) => deployment.label),
  );
  const random = createRandom(seed ?? scenario.seed);
  const abis = new Map([...modules].map(([label, { module }]) => [label, module.module.abi]));
  const context: TemplateContext = { abis, directory, issues, random, history: new Map() };
  const deployments = scenario.contracts.flatMap((deployment) => prepareDeployment(deployment, modules, context));
  const blocks = planBlocks(scenario, sizing, context);
  if (issues.diagnostics().length > 0) return failed(issues.diagnostics(), files, EXIT.usage);
  const prepared: PreparedScenario = { scenario, seed: seed ?? scenario.seed, directory, deployments, blocks, issues };
  return { prepared, path, diagnostics: [], files, exit: EXIT.ok };
}

/** By the name a deployment gives; relative to the scenario. */
async function compileAll(scenario: Scenario, path: string): Promise<ReadonlyMap<string, CompiledFile>> {
  const compiled = new Map<string, CompiledFile>();
  for (const { file } of scenario.contracts) {
    if (!compiled.has(file)) compiled.set(file, await compileFile(join(dirname(path), file)));
  }
  return compiled;
}

interface Loaded {
  readonly module: LoadedModule;
  readonly made: readonly LoadedModule[];
}

async function loadModules(
  scenario: Scenario,
  files: ReadonlyMap<string, CompiledFile>,
  issues: Issues,
): Promise<ReadonlyMap<string, Loaded>> {
  const modules = new Map<string, Loaded>();
  for (const { at, file, contract: name, label } of scenario.contracts) {
    const found = files.get(file);
    const contracts = found?.compiled?.program.contracts ?? [];
    const contract = contracts.find((candidate) => candidate.name === name);
    if (found?.compiled === undefined || contract === undefined) {
      const names = contracts.map((candidate) => candidate.name);
      issues.report("E0815", at, { path: file, what: "contract", name }, suggestion(name, names));
      continue;
    }
    const module = await loadContract(found.compiled, contract);
    modules.set(label, { module, made: await loadMade(found.compiled, module) });
  }
  return modules;
}

function prepareDeployment(
  deployment: Deployment,
  modules: ReadonlyMap<string, Loaded>,
  context: TemplateContext,
): readonly PreparedDeployment[] {
  const loaded = modules.get(deployment.label);
  if (loaded === undefined) return [];
  const { module, made } = loaded;
  const { directory, issues, random } = context;
  const scope: Scope = { directory, issues, variables: new Map(), each: undefined };
  const entry: AbiEntry = module.module.abi.find((known) => known.type === "constructor") ?? { type: "constructor", inputs: [] };
  const args = compileArguments(entry, deployment.args, deployment.at, scope);
  const draw = emptyDraw(random, directory);
  const from = deployment.from === undefined ? () => draw.caller : compileValue(deployment.from, { kind: "address" }, scope);
  return [
    {
      at: deployment.at,
      label: deployment.label,
      module,
      made,
      from: () => addressOf(from(draw)),
      args: () => args.map((arg) => arg(draw)),
      value: deployment.value,
    },
  ];
}

function emptyDraw(random: Random, directory: Directory): Draw {
  return { random, caller: directory.named(DEFAULT_ACCOUNT), made: 0, variables: [] };
}

function addressOf(value: ReturnType<Generator>): Hex {
  return typeof value === "string" ? `0x${value.slice(2)}` : "0x";
}
