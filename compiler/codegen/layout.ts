/** How a contract's cells, arguments and results are laid out, as the runtime's `FieldLayout` and `Shape`. Plain data. */
import { Bug, unreachable } from "../core/bug.ts";
import { extentOf } from "../core/members.ts";
import { isPacked, payloadsOf, type Type } from "../core/types.ts";
import type { ContractFootprint, Leaf } from "../footprint/footprint.ts";
import { cellKind, keyKind, wordKind } from "./representation.ts";

export interface LeafLayout {
  readonly path: readonly string[];
  readonly kind: string;
  readonly max: number;
  readonly variants: readonly string[];
  readonly history: boolean;
}

export interface FieldLayout {
  readonly name: string;
  readonly kind: "state" | "immutable";
  readonly keys: readonly string[];
  readonly leaves: readonly LeafLayout[];
  readonly staged: boolean;
}

/**
 * One layout per group of leaves, in order; the leaves are numbered on from 1 (0 is the native coin), groups with keys have tables from 1.
 * The length of a set `guests` is `guests.len`, which no name of the author can be.
 */
export function fieldLayouts(footprint: ContractFootprint): readonly FieldLayout[] {
  const layouts: FieldLayout[] = [];
  let group: Leaf[] = [];
  let next = 1;
  let tables = 1;
  const close = (): void => {
    const first = group.at(0);
    if (first?.field === undefined) return;
    const { field, keys } = first;
    const table = keys.length > 0 ? tables++ : undefined;
    for (const leaf of group) {
      if (leaf.index !== next || leaf.table !== table) throw new Bug(`layout of ${field.name}: leaves out of order`);
      next += 1;
    }
    const again = layouts.some((layout) => layout.name === field.name);
    layouts.push({
      name: again ? `${field.name}.len` : field.name,
      kind: field.kind,
      keys: keys.map(keyKind),
      leaves: group.map((leaf) => leafLayout(leaf, again ? [] : leaf.pathNames)),
      staged: footprint.stagedGroups.has(first.group),
    });
  };
  for (const leaf of footprint.leaves) {
    if (group.length > 0 && group[0].group !== leaf.group) {
      close();
      group = [];
    }
    group.push(leaf);
  }
  close();
  return layouts;
}

function leafLayout({ type, history }: Leaf, path: readonly string[]): LeafLayout {
  return { path, kind: cellKind(type), max: longest(type), variants: variantNames(type), history };
}

function variantNames(type: Type): readonly string[] {
  return type.kind === "enum" && !isPacked(type) ? type.variants : [];
}

/** Bytes of the longest value of a cell whose size isn't fixed. */
function longest(type: Type): number {
  if (type.kind === "string" || type.kind === "bytes") return type.max;
  return isPacked(type) ? extentOf(type).bytes : 0;
}

// --- shapes --------------------------------------------------------------------------------------------------------

/** `Shape` of the runtime. */
export type Shape =
  | { readonly kind: "word"; readonly type: string; readonly variants: number }
  | { readonly kind: "bytes"; readonly max: number; readonly utf8: boolean }
  | { readonly kind: "list"; readonly max: number; readonly element: Shape }
  | { readonly kind: "tuple"; readonly members: readonly Shape[] }
  | { readonly kind: "variant"; readonly variants: readonly (readonly Shape[])[] };

export function shapeOf(type: Type): Shape {
  switch (type.kind) {
    case "bool":
    case "int":
    case "address":
    case "bytes32":
    case "handle":
      return { kind: "word", type: wordKind(type), variants: 0 };
    case "string":
    case "bytes":
      return { kind: "bytes", max: type.max, utf8: type.kind === "string" };
    case "list":
      return { kind: "list", max: type.max, element: shapeOf(type.element) };
    case "struct":
      return { kind: "tuple", members: type.fields.map((field) => shapeOf(field.type)) };
    case "tuple":
      return { kind: "tuple", members: type.elements.map((element) => shapeOf(element.type)) };
    case "option":
      return { kind: "variant", variants: payloadsOf(type).map((payload) => payload.map(shapeOf)) };
    case "enum":
      if (!isPacked(type)) return { kind: "word", type: "enum", variants: type.variants.length };
      return { kind: "variant", variants: payloadsOf(type).map((payload) => payload.map(shapeOf)) };
    case "map":
    case "set":
    case "history":
    case "sequence":
    case "unit":
    case "poison":
      throw new Bug(`shapeOf: ${type.kind} is no value`);
    default:
      return unreachable(type, "shapeOf");
  }
}

/** Several values: parameters, results, what `encode` and `concat` take. A tuple stands for several results. */
export function resultTypes(type: Type): readonly Type[] {
  if (type.kind === "unit") return [];
  return type.kind === "tuple" ? type.elements.map((element) => element.type) : [type];
}
