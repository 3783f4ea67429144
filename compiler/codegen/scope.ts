/**
 * What the parts of one emitted module share: its target, the names of everything at its top, and what its functions turned out to need
 * there (limits, texts, addresses, types, shapes, callees). Filled while bodies are emitted, read when the module is put together.
 */
import { Bug } from "../core/bug.ts";
import { isPacked, payloadsOf, showType, type EnumType, type IntType, type StructType, type Type } from "../core/types.ts";
import { abiSignature } from "../core/selector.ts";
import type { ContractFootprint, Footprints, Frame, Leaf, LeafIndex } from "../footprint/footprint.ts";
import type { LeafTable } from "../footprint/leaves.ts";
import type { Contract, ErrorDef, EventDef, ExternalMethod, Func, FuncId, Program, Site } from "../typed/tree.ts";
import { shapeOf, type Shape } from "./layout.ts";
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
  /** Structs and enums with payload, by key. */
  readonly structNames: Map<string, string>;
  /** All events of the module; the index is what `x.event` takes. */
  readonly events: readonly EventDef[];
  readonly errors: readonly ErrorDef[];
  readonly used: Used;
  /** Name of the table of probes; undefined without. */
  readonly probes: string | undefined;
}

export interface Used {
  readonly limits: Map<string, { readonly kind: LimitKind; readonly type: IntType }>;
  readonly structs: Map<string, StructType | EnumType>;
  /** Functions that the module defines for its own types and tables, by what they are for. */
  readonly converters: Map<string, { readonly name: string; readonly text: string }>;
  /** By their text: the index is the one in the module's table. */
  readonly shapes: Map<string, Shape>;
  readonly callees: Map<string, ExternalMethod>;
  /** Names of contracts that the code creates. */
  readonly creates: string[];
  readonly addresses: string[];
  /** Constants of type string and bytes: name by text, or by hex digits. */
  readonly texts: Map<string, string>;
  readonly bytes: Map<string, string>;
}

export interface ScopeInput {
  readonly contract: Contract;
  readonly program: Program;
  readonly footprint: ContractFootprint;
  readonly footprints: Footprints;
  readonly target: Target;
  readonly reachable: Reachable;
  readonly probing: "off" | "on";
}

export function moduleScope(input: ScopeInput): ModuleScope {
  const { contract, program, footprint, footprints, target, reachable, probing } = input;
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
      converters: new Map(),
      shapes: new Map(),
      callees: new Map(),
      creates: [],
      addresses: [],
      texts: new Map(),
      bytes: new Map(),
    },
    probes: probing === "on" ? names.take("probes") : undefined,
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

/** Text that only the TypeScript output has. */
export function annotation(scope: ModuleScope, text: string): string {
  return scope.target === "javascript" ? "" : text;
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

/** The name of a constant of type bytes; `hex` as in the typed tree. */
export function bytesName(scope: ModuleScope, hex: string): string {
  const known = scope.used.bytes.get(hex);
  if (known !== undefined) return known;
  const name = scope.names.take(`BYTES_${String(scope.used.bytes.size + 1)}`);
  scope.used.bytes.set(hex, name);
  return name;
}

// --- tables of the module ----------------------------------------------------------------------------------------------

function indexIn<T>(table: Map<string, T>, key: string, entry: T): number {
  if (!table.has(key)) table.set(key, entry);
  return [...table.keys()].indexOf(key);
}

/** Index in `module.shapes` of a tuple of these types: what `encode`, `concat` and `decode` take. */
export function shapeIndex(scope: ModuleScope, types: readonly Type[]): number {
  const shape: Shape = { kind: "tuple", members: types.map(shapeOf) };
  return indexIn(scope.used.shapes, JSON.stringify(shape), shape);
}

/** Index in `module.shapes` of the type itself: what `pack` and `unpack` take. */
export function packedIndex(scope: ModuleScope, type: Type): number {
  const shape = shapeOf(type);
  return indexIn(scope.used.shapes, JSON.stringify(shape), shape);
}

/** Index in `module.callees`. Two interfaces that declare the same function share it. */
export function calleeIndex(scope: ModuleScope, method: ExternalMethod): number {
  const types = method.params.map((param) => param.type);
  const shapes = [...types, method.result].map((type) => (type.kind === "unit" ? "" : shapeOf(type)));
  const key = JSON.stringify([abiSignature(method.name, types), method.view, method.result.kind, shapes]);
  return indexIn(scope.used.callees, key, method);
}

/** Index in `module.creates`. */
export function createIndex(scope: ModuleScope, contract: string): number {
  const { creates } = scope.used;
  const known = creates.indexOf(contract);
  return known >= 0 ? known : creates.push(contract) - 1;
}

// --- types -------------------------------------------------------------------------------------------------------------

/** Name of a declared type: a struct, or an enum with payload. */
export function structName(scope: ModuleScope, type: StructType | EnumType): string {
  const known = scope.structNames.get(type.key);
  if (known !== undefined) return known;
  const name = scope.names.take(type.name);
  scope.structNames.set(type.key, name);
  scope.used.structs.set(type.key, type);
  return name;
}

/** The TypeScript type of a value. */
export function typeText(scope: ModuleScope, type: Type): string {
  return textOfType(
    type,
    (declared) => structName(scope, declared),
    (inner) => typeText(scope, inner),
  );
}

/** The same with structs as arrays, as the runtime's codecs have them. */
export function neutralText(type: Type): string {
  return textOfType(type, undefined, neutralText);
}

function textOfType(type: Type, nameOf: ((type: StructType | EnumType) => string) | undefined, inside: (type: Type) => string): string {
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
    default:
      break;
  }
  switch (type.kind) {
    case "list": {
      const element = inside(type.element);
      return `readonly ${/^readonly | \| /.test(element) ? `(${element})` : element}[]`;
    }
    case "struct":
      return nameOf?.(type) ?? tupleText(type.fields.map((field) => inside(field.type)));
    case "tuple":
      return tupleText(type.elements.map((element) => inside(element.type)));
    case "enum":
      return nameOf?.(type) ?? variantsText(payloadsOf(type), inside);
    case "option":
      return variantsText(payloadsOf(type), inside);
    default:
      throw new Bug(`typeText: ${showType(type)}`);
  }
}

function tupleText(types: readonly string[]): string {
  return `readonly [${types.join(", ")}]`;
}

/**
 * The tag is any number: TypeScript would else refuse a second look at a value whose variant it knows.
 */
function variantsText(payloads: readonly (readonly Type[])[], inside: (type: Type) => string): string {
  return [...new Set(payloads.map((payload) => tupleText(["number", ...payload.map(inside)])))].join(" | ");
}

/** The type of one variant. */
export function variantText(scope: ModuleScope, payload: readonly Type[]): string {
  return tupleText(["number", ...payload.map((part) => typeText(scope, part))]);
}

/** Declaration of a struct, or of an enum with payload. */
export function declaredText(scope: ModuleScope, type: StructType | EnumType): string {
  const name = structName(scope, type);
  if (type.kind === "enum") {
    return `/** ${type.variants.map((variant, i) => `${String(i)} ${variant}`).join(", ")} */\ntype ${name} = ${variantsText(payloadsOf(type), (part) => typeText(scope, part))};`;
  }
  const members = type.fields.map((field) => `  readonly ${propertyName(field.name)}: ${typeText(scope, field.type)};`);
  return `interface ${name} {\n${members.join("\n")}\n}`;
}

/** Whether a struct is somewhere inside: such a value looks different to the runtime. */
export function hasStruct(type: Type): boolean {
  switch (type.kind) {
    case "struct":
      return true;
    case "list":
      return hasStruct(type.element);
    case "tuple":
      return type.elements.some((element) => hasStruct(element.type));
    case "option":
      return hasStruct(type.inner);
    case "enum":
      return isPacked(type) && payloadsOf(type).some((payload) => payload.some(hasStruct));
    default:
      return false;
  }
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
