/** The contracts of this folder that are written to be hard to plan, and those put together at random, as suites. */
import { readdirSync } from "node:fs";
import type { Type } from "../../compiler/core/types.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { ACCOUNTS } from "../helpers/suites.ts";
import type { Suite } from "../helpers/suites.ts";
import type { Val } from "../interpreter/values.ts";

export const FOLDER = "test/footprints";

/** Every `*.weft` file here; WEFT_ONLY=tickets takes those whose names begin so. */
export function hardFiles(): readonly string[] {
  const only = process.env["WEFT_ONLY"];
  return readdirSync(new URL(".", import.meta.url))
    .filter((name) => name.endsWith(".weft") && (only === undefined || name.startsWith(only)))
    .sort();
}

const NOBODY = `0x${"0".repeat(40)}`;

/** Two of the contracts that others call and one that only calls; each knows the one before. */
export const RANDOM: Suite = {
  name: "random",
  path: "random.weft",
  deployments: ["Peer", "Peer", "Main"].map((contract) => ({
    contract,
    args: (deployed: readonly string[]) => [deployed.at(-1) ?? NOBODY, 3n],
  })),
  setup: [],
  holders: {},
  habits: { weights: {}, ids: new Set(), sequence: undefined, large: [], values: [], advances: [], calls: 0 },
};

/** One instance of the file's contract, its constructor called with small arguments. */
export function suiteOf(file: string, compiled: Compiled): Suite {
  const [contract] = compiled.program.contracts;
  const init = compiled.program.functions.get(contract.init);
  return {
    name: file,
    path: `${FOLDER}/${file}`,
    deployments: [{ contract: contract.name, args: (init?.params ?? []).map((param) => firstOf(param.type)) }],
    setup: [],
    holders: {},
    habits: { weights: {}, ids: new Set(), sequence: undefined, large: [], values: [], advances: [], calls: 0 },
  };
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
