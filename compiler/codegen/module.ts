/**
 * The emitter's door: one contract as the text of a module, in TypeScript for readers or in JavaScript for the runtime. It is one text: JavaScript
 * is the same without annotations. Needs neither ts-morph nor prettier nor typescript, which take longer to load than a block takes to run.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { Bug } from "../core/bug.ts";
import type { CostBound } from "../cost/cost.ts";
import type { Footprints } from "../footprint/footprint.ts";
import type { Contract, FuncId, Program } from "../typed/tree.ts";
import { errorFunction, eventFunction } from "./encode.ts";
import { bodyFunction, execFunction } from "./exec.ts";
import { helperNames, helperText, limitText } from "./helpers.ts";
import { inComment, namesIn } from "./lines.ts";
import { bytesText, stringText } from "./literals.ts";
import { hashLine, moduleTable, nativesOf, TABLE_START } from "./module-table.ts";
import { planFunctions } from "./plan.ts";
import { probeTable, type Probing } from "./probes.ts";
import { reachableFrom } from "./reachable.ts";
import { annotation, declaredText, functionOf, moduleScope, present, type ModuleScope, type Target } from "./scope.ts";

export type { Target } from "./scope.ts";

export interface ModuleInput {
  readonly contract: Contract;
  readonly program: Program;
  readonly footprints: Footprints;
  readonly costs: ReadonlyMap<FuncId, CostBound>;
}

/** What the TypeScript text imports the runtime's types from, unless it is told otherwise. */
const RUNTIME = "weft/runtime";

/** A module that exports one `ContractModule` named `module`. */
export function emitModule(input: ModuleInput, target: Target, runtime: string = RUNTIME): string {
  return emitted(input, target, runtime, "off");
}

/** The same as JavaScript that tells what it does while it runs. It is another code, with a hash of its own. */
export function emitProbed(input: ModuleInput): string {
  return emitted(input, "javascript", RUNTIME, "on");
}

function emitted(input: ModuleInput, target: Target, runtime: string, probing: Probing): string {
  const hashes = new Map<string, string>();
  const javascript = moduleText(input, { target: "javascript", runtime, codeHash: undefined, hashes, probing });
  const codeHash = hashOf(javascript);
  if (target === "typescript") return moduleText(input, { target, runtime, codeHash, hashes, probing });
  // Nothing but the author's strings and comments stand before the table, and those are on other lines.
  const table = javascript.lastIndexOf(TABLE_START) + TABLE_START.length;
  return javascript.slice(0, table) + hashLine(codeHash) + javascript.slice(table);
}

function hashOf(javascript: string): string {
  return `0x${bytesToHex(keccak_256(utf8ToBytes(javascript)))}`;
}

interface Emission {
  readonly target: Target;
  readonly runtime: string;
  /** Undefined: the text without that line, of which it is the hash. */
  readonly codeHash: string | undefined;
  /** Of the contracts that this one creates, by name; added to as they are asked for. */
  readonly hashes: Map<string, string>;
  readonly probing: Probing;
}

/** The code of a created contract is part of the creator's. No contract creates itself, not by way of others either. */
function createdHash(input: ModuleInput, name: string, hashes: Map<string, string>, probing: Probing): string {
  const known = hashes.get(name);
  if (known !== undefined) return known;
  const contract = present(
    input.program.contracts.find((candidate) => candidate.name === name),
    name,
  );
  const emission: Emission = { target: "javascript", runtime: RUNTIME, codeHash: undefined, hashes, probing };
  const hash = hashOf(moduleText({ ...input, contract }, emission));
  hashes.set(name, hash);
  return hash;
}

function moduleText(input: ModuleInput, { target, runtime, codeHash, hashes, probing }: Emission): string {
  const { contract, program, footprints, costs } = input;
  const footprint = footprints.contracts.find((candidate) => candidate.contract === contract);
  if (footprint === undefined) throw new Bug(`codegen: no footprint of ${contract.name}`);
  const reachable = reachableFrom(contract, program);
  const scope = moduleScope({ contract, program, footprint, footprints, target, reachable, probing });

  const bodies = reachable.functions.map((func) => bodyFunction(scope, func));
  const entries = [contract.init, ...contract.external].map((id) => {
    const func = functionOf(program, id);
    const plan = present(footprint.entries.get(id), `the plan of ${func.name}`);
    const { texts, open } = planFunctions(scope, func, plan);
    const cost = present(costs.get(id), `the cost of ${func.name}`);
    return { func, plan, open, cost, texts: [...texts, execFunction(scope, func, plan)] };
  });
  const functions = [...bodies, ...entries.flatMap((entry) => entry.texts)];
  const called = namesIn(functions);
  const messages = [
    ...scope.errors.flatMap((error) =>
      called.has(present(scope.errorNames.get(error.key), error.name)) ? [errorFunction(scope, error)] : [],
    ),
    ...scope.events.flatMap((event) =>
      called.has(present(scope.eventNames.get(event.key), event.name)) ? [eventFunction(scope, event)] : [],
    ),
  ];
  const own = reachedOf(new Map([...scope.used.converters.values()].map(({ name, text }) => [name, text])), functions);
  const all = new Map(helperNames.map((name) => [name, helperText(name, (text) => annotation(scope, text))]));
  const helpers = reachedOf(all, [...own, ...functions]);
  const code = [...helpers, ...own, ...messages, ...functions];
  const types = declaredTypes(scope, code);
  const parts = [
    header(scope),
    imports(scope, [...types, ...code], runtime),
    ...types,
    constants(scope, namesIn(code)),
    probeTable(scope),
    ...code,
    moduleTable(scope, {
      entries,
      natives: nativesOf(reachable.functions),
      hashOfCreated: (name) => createdHash(input, name, hashes, probing),
      codeHash,
    }),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** Those of the definitions that the texts name, and those that these name in turn. */
function reachedOf(definitions: ReadonlyMap<string, string>, texts: readonly string[]): readonly string[] {
  const named = new Set(namesIn(texts));
  const kept = new Set<string>();
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const [name, text] of definitions) {
      if (kept.has(name) || !named.has(name)) continue;
      kept.add(name);
      for (const inner of namesIn([text])) named.add(inner);
    }
  }
  return [...definitions].filter(([name]) => kept.has(name)).map(([, text]) => text);
}

function header(scope: ModuleScope): string {
  const { contract } = scope;
  const doc = contract.doc.trim() === "" ? [] : ["", ...contract.doc.trim().split(/\r\n|[\n\r]/)];
  const rows = [`Contract ${contract.name}, generated by the Weft compiler. Do not edit.`, ...doc];
  return ["/**", ...rows.map((row) => (row.trim() === "" ? " *" : ` * ${inComment(row.trim())}`)), " */"].join("\n");
}

const RUNTIME_TYPES = ["ContractModule", "Exec", "Maybe", "Neutral", "Planner", "Revert"];

/** The types of the runtime that the texts name. */
function imports(scope: ModuleScope, texts: readonly string[], runtime: string): string {
  const named = namesIn(texts);
  const list = RUNTIME_TYPES.filter((name) => name === "ContractModule" || named.has(name));
  return annotation(scope, `import type { ${list.join(", ")} } from ${stringText(runtime)};`);
}

/** Structs and enums with payload that the code names, or that these name. */
function declaredTypes(scope: ModuleScope, code: readonly string[]): readonly string[] {
  if (scope.target === "javascript") return [];
  const texts = new Map<string, string>();
  // Writing one may bring in another, which the map then yields too.
  for (const [key, type] of scope.used.structs) texts.set(present(scope.structNames.get(key), type.name), declaredText(scope, type));
  return reachedOf(texts, code);
}

function constants(scope: ModuleScope, used: ReadonlySet<string>): string {
  const rows: string[] = [];
  const add = (name: string, value: string, note = ""): void => {
    if (used.has(name)) rows.push(`const ${name} = ${value};${note === "" ? "" : ` // ${note}`}`);
  };
  scope.footprint.leaves.forEach((leaf, i) => {
    add(scope.leafNames[i], String(leaf.index));
  });
  for (const [table, name] of scope.tableNames) add(name, String(table));
  for (const [name, { kind, type }] of scope.used.limits) add(name, limitText(kind, type));
  const encoder = new TextEncoder();
  for (const [text, name] of scope.used.texts) add(name, bytesText(encoder.encode(text)), stringText(text));
  for (const [hex, name] of scope.used.bytes) add(name, bytesText(hexToBytes(hex.slice(2))));
  return rows.join("\n");
}
