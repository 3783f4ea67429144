/**
 * What rounds are played on: programs put together at random, the contracts beside the random programs that were written to be hard to plan, and the larger
 * ones that other tests use. Each says how it is deployed and how random blocks for it are made.
 */
import { readdirSync } from "node:fs";
import type fc from "fast-check";
import type { Type } from "../../compiler/core/types.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { smallBlocks } from "../footprints/blocks.ts";
import type { Scale } from "../footprints/blocks.ts";
import { RANDOM_SUITE, randomProgram } from "../footprints/programs.ts";
import type { BlockSpec } from "../helpers/call-spec.ts";
import { contractNamed, functionsOf } from "../helpers/differential.ts";
import { arbitraryBlocks } from "../helpers/generate.ts";
import { ACCOUNTS, DAO, DESK, MAZE, MILL, NFT, SHOP, ROOT, TOKEN, compileFile } from "../helpers/suites.ts";
import type { Suite } from "../helpers/suites.ts";
import type { Val } from "../interpreter/values.ts";

export interface Subject {
  readonly name: string;
  readonly source: string;
  readonly suite: Suite;
  readonly compiled: Compiled;
  /** Of one history. */
  readonly blocks: (scale: Scale) => fc.Arbitrary<BlockSpec[]>;
}

const HARD = "test/footprints";
const LARGER: readonly Suite[] = [TOKEN, NFT, DAO, DESK, MAZE, MILL, SHOP];
const NO_HABITS: Suite["habits"] = { weights: {}, ids: new Set(), sequence: undefined, large: [], values: [], advances: [], calls: 0 };

export function randomSubject(seed: number): Subject {
  const { source, compiled } = randomProgram(seed);
  return subjectOf(`random program ${seed}`, source, RANDOM_SUITE, compiled);
}

/** The other programs, always in the same order. */
export function writtenNames(): readonly string[] {
  const hard = readdirSync(new URL(`${HARD}/`, ROOT)).filter((name) => name.endsWith(".weft"));
  return [...hard.sort(), ...LARGER.map(({ path }) => path)];
}

export function writtenSubject(name: string): Subject {
  const larger = LARGER.find(({ path }) => path === name);
  const path = larger === undefined ? `${HARD}/${name}` : larger.path;
  const compiled = compileFile(path);
  const source = compiled.program.files[0].text;
  if (larger === undefined) return subjectOf(name, source, hardSuite(name, compiled), compiled);
  const contracts = larger.deployments.map(({ contract }) => ({ functions: functionsOf(compiled, contractNamed(compiled, contract)) }));
  const habits = { ...larger.habits, accounts: ACCOUNTS.length, contracts };
  const blocks = (scale: Scale): fc.Arbitrary<BlockSpec[]> => arbitraryBlocks({ ...habits, ...scale });
  return { name: larger.name, source, suite: larger, compiled, blocks };
}

export function subjectOf(name: string, source: string, suite: Suite, compiled: Compiled): Subject {
  const functions = suite.deployments.map(({ contract }) => functionsOf(compiled, contractNamed(compiled, contract)));
  return { name, source, suite, compiled, blocks: (scale) => smallBlocks(functions, scale) };
}

/** One instance of the file's contract, its constructor called with small arguments. */
export function hardSuite(name: string, compiled: Compiled): Suite {
  const [contract] = compiled.program.contracts;
  const init = compiled.program.functions.get(contract.init);
  const args = (init?.params ?? []).map((param) => firstOf(param.type));
  return { name, path: name, deployments: [{ contract: contract.name, args }], setup: [], holders: {}, habits: NO_HABITS };
}

function firstOf(type: Type): Val {
  switch (type.kind) {
    case "int":
      return 2n;
    case "bool":
      return true;
    case "address":
      return ACCOUNTS[0].address;
    default:
      throw new Error(`no constructor here takes a ${type.kind}`);
  }
}
