/**
 * What the parts of one emitted module share: its target, the names of everything at its top, and what its functions turned out to need
 * there (limits, texts, addresses, types). Filled while bodies are emitted, read when the module is put together.
 */
import { Bug } from "../core/bug.ts";
import { showType, type IntType, type StructType, type Type } from "../core/types.ts";
import type { ContractFootprint, Footprints, Frame, Leaf, LeafIndex } from "../footprint/footprint.ts";
import type { LeafTable } from "../footprint/leaves.ts";
import type { Contract, ErrorDef, EventDef, Func, FuncId, Program, Site } from "../typed/tree.ts";
import { helperNames, LIMIT_KINDS, limitName, type HelperName, type LimitKind } from "./helpers.ts";
import { constantCase, moduleNames, propertyName, upperFirst, type ModuleNames } from "./names.ts";
import type { Reachable } from "./reachable.ts";
import { representationOf } from "./representation.ts";

export type Target = "typescript" | "javascript";

export interface ModuleScope {
  readonly target: Target;
  readonly program: Program;
  readonly contract: Contract;
  readonly footprint: ContractFootprint;
  readonly footprints: Footprints;
  readonly leaves: LeafTable;
  readonly names: ModuleNames;
  readonly functionNames: ReadonlyMap<FuncId, string>;
  readonly entryNames: ReadonlyMap<FuncId, { readonly plan: string; readonly exec: string }>;
  readonly leafNames: readonly string[];
  readonly tableNames: ReadonlyMap<number, string>;
  readonly errorNames: ReadonlyMap<string, string>;
  readonly eventNames: ReadonlyMap<string, string>;
  readonly structNames: Map<string, string>;
  /** All events of the module; the index is what `x.event` takes. */
  readonly events: readonly EventDef[];
  readonly errors: readonly ErrorDef[];
  readonly used: Used;
}

export interface Used {
  readonly limits: Map<string, { readonly kind: LimitKind; readonly type: IntType }>;
  readonly structs: Map<string, StructType>;
  readonly addresses: string[];
  /** String constants: name by text. */
  readonly texts: Map<string, string>;
  readonly types: Set<string>;
}

export interface ScopeInput {
  readonly contract: Contract;
  readonly program: Program;
  readonly footprint: ContractFootprint;
  readonly footprints: Footprints;
  readonly target: Target;
  readonly reachable: Reachable;
}

export function moduleScope(input: ScopeInput): ModuleScope {
  const { contract, program, footprint, footprints, target, reachable } = input;
  const names = moduleNames(reachable.localNames, [...helperNames, ...limitNames()]);
  const leafNames = footprint.leaves.map((leaf) => names.take(constantCase([leaf.field?.name ?? "coin", ...leaf.pathNames])));
  const tableNames = new Map<number, string>();
  for (const leaf of footprint.leaves) {
    if (leaf.table !== undefined && !tableNames.has(leaf.table)) {
      tableNames.set(leaf.table, names.take(constantCase([leaf.field?.name ?? "coin", "table"])));
    }
  }
  const functionNames = new Map(
    reachable.functions.map((func) => [func.id, names.take(func.role === "getter" ? `get${upperFirst(func.name)}` : func.name)]),
  );
  const entryNames = new Map(
    [contract.init, ...contract.external].map((id) => {
      const wish = upperFirst(functionOf(program, id).name);
      return [id, { plan: names.take(`plan${wish}`), exec: names.take(`exec${wish}`) }];
    }),
  );
  return {
    target,
    program,
    contract,
    footprint,
    footprints,
    leaves: {
      leaves: footprint.leaves,
      byField: contract.fields.map((field) => footprint.leaves.filter((leaf) => leaf.field?.index === field.index)),
    },
    names,
    functionNames,
    entryNames,
    leafNames,
    tableNames,
    errorNames: new Map(reachable.errors.map((error) => [error.key, names.take(`err${upperFirst(error.name)}`)])),
    eventNames: new Map(reachable.events.map((event) => [event.key, names.take(`emit${upperFirst(event.name)}`)])),
    structNames: new Map(),
    events: reachable.events,
    errors: reachable.errors,
    used: {
      limits: new Map(),
      structs: new Map(),
      addresses: [],
      texts: new Map(),
      types: new Set(["ContractModule"]),
    },
  };
}

function limitNames(): string[] {
  const names: string[] = [];
  for (const signed of [false, true]) {
    for (const bits of [8, 16, 32, 64, 128, 256] as const) {
      for (const kind of LIMIT_KINDS) names.push(limitName(kind, { kind: "int", signed, bits }));
    }
  }
  return names;
}

export function functionOf(program: Program, id: FuncId): Func {
  const func = program.functions.get(id);
  if (func === undefined) throw new Bug(`codegen: no function ${String(id)}`);
  return func;
}

export function frameOf(scope: ModuleScope, id: FuncId): Frame {
  const frame = scope.footprints.frames.get(id);
  if (frame === undefined) throw new Bug(`codegen: no frame of function ${String(id)}`);
  return frame;
}

// --- names, noted as used ------------------------------------------------------------------------------------------

/** Text that only the TypeScript output has. The types of the runtime that it names are imported. */
export function annotation(scope: ModuleScope, text: string): string {
  if (scope.target === "javascript") return "";
  for (const [name] of text.matchAll(/\b(?:ContractModule|Exec|Maybe|Planner|Revert)\b/g)) scope.used.types.add(name);
  return text;
}

export function leafName(scope: ModuleScope, leaf: Leaf | LeafIndex): string {
  const index = typeof leaf === "number" ? leaf : leaf.index;
  return scope.leafNames[index];
}

export function tableName(scope: ModuleScope, table: number): string {
  return present(scope.tableNames.get(table), `table ${String(table)}`);
}

/** Helpers have fixed names: this only makes sure that it is one. */
export function helper(name: HelperName): string {
  return name;
}

export function limit(scope: ModuleScope, kind: LimitKind, type: IntType): string {
  const name = limitName(kind, type);
  scope.used.limits.set(name, { kind, type });
  return name;
}

export function errorName(scope: ModuleScope, error: ErrorDef): string {
  return present(scope.errorNames.get(error.key), error.key);
}

export function eventName(scope: ModuleScope, event: EventDef): string {
  return present(scope.eventNames.get(event.key), event.key);
}

export function functionName(scope: ModuleScope, id: FuncId): string {
  return present(scope.functionNames.get(id), `function ${String(id)}`);
}

export function addressIndex(scope: ModuleScope, address: string): number {
  const { addresses } = scope.used;
  const known = addresses.indexOf(address);
  return known >= 0 ? known : addresses.push(address) - 1;
}

export function textName(scope: ModuleScope, text: string): string {
  const known = scope.used.texts.get(text);
  if (known !== undefined) return known;
  const name = scope.names.take(`TEXT_${String(scope.used.texts.size + 1)}`);
  scope.used.texts.set(text, name);
  return name;
}

function structName(scope: ModuleScope, type: StructType): string {
  const known = scope.structNames.get(type.key);
  if (known !== undefined) return known;
  const name = scope.names.take(type.name);
  scope.structNames.set(type.key, name);
  scope.used.structs.set(type.key, type);
  return name;
}

/** The TypeScript type of a value. */
export function typeText(scope: ModuleScope, type: Type): string {
  switch (representationOf(type)) {
    case "bool":
      return "boolean";
    case "number":
      return "number";
    case "big":
      return "bigint";
    case "bytes":
      return "Uint8Array";
    case "unit":
      return "void";
    case "list":
    case "struct":
    case "tuple":
      break;
  }
  if (type.kind === "list") return `readonly ${typeText(scope, type.element)}[]`;
  if (type.kind === "struct") return structName(scope, type);
  if (type.kind === "tuple") return `readonly [${type.elements.map((element) => typeText(scope, element.type)).join(", ")}]`;
  throw new Bug(`typeText: ${showType(type)}`);
}

/** Members of a struct with the properties that hold them. */
export function structBody(scope: ModuleScope, type: StructType): string {
  return type.fields.map((field) => `  readonly ${propertyName(field.name)}: ${typeText(scope, field.type)};`).join("\n");
}

/** What the author wrote at a place. */
export function sourceText(scope: ModuleScope, site: Site): string {
  const file = scope.program.files.find((candidate) => candidate.path === site.path);
  return file === undefined ? "" : file.text.slice(site.span.start, site.span.end);
}

export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Bug(`codegen: no name for ${what}`);
  return value;
}
