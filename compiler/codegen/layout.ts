/** How a contract's cells and arguments are laid out, as the runtime's `FieldLayout` and `ArgKind`. Plain data. */
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { ArgHead, ContractFootprint, Leaf } from "../footprint/footprint.ts";
import { cellKind, representationOf, wordKind } from "./representation.ts";

interface LeafLayout {
  readonly path: readonly string[];
  readonly kind: string;
  readonly max: number;
  readonly variants: readonly string[];
}

interface FieldLayout {
  readonly name: string;
  readonly kind: "state" | "immutable";
  readonly keys: readonly string[];
  readonly leaves: readonly LeafLayout[];
  readonly staged: boolean;
}

/** Fields in order; their leaves are numbered on from 1 (0 is the native coin), those with keys have tables from 1. */
export function fieldLayouts(footprint: ContractFootprint): readonly FieldLayout[] {
  let next = 1;
  let tables = 1;
  return footprint.contract.fields.map((field) => {
    const leaves = footprint.leaves.filter((leaf) => leaf.field?.index === field.index);
    const keys = leaves[0]?.keys ?? [];
    const table = keys.length > 0 ? tables++ : undefined;
    for (const leaf of leaves) {
      if (leaf.index !== next || leaf.table !== table) throw new Bug(`layout of ${field.name}: leaves out of order`);
      next += 1;
    }
    return {
      name: field.name,
      kind: field.kind,
      keys: keys.map(wordKind),
      leaves: leaves.map(leafLayout),
      staged: footprint.stagedFields.has(field.index),
    };
  });
}

function leafLayout(leaf: Leaf): LeafLayout {
  const { type } = leaf;
  return {
    path: leaf.pathNames,
    kind: cellKind(type),
    max: type.kind === "string" || type.kind === "bytes" ? type.max : 0,
    variants: type.kind === "enum" ? type.variants : [],
  };
}

type ArgLayout =
  | { readonly kind: "word"; readonly type: string; readonly variants: number }
  | { readonly kind: "bytes"; readonly max: number; readonly utf8: boolean }
  | { readonly kind: "list"; readonly max: number; readonly element: string; readonly variants: number };

export function argLayout({ type }: ArgHead): ArgLayout {
  switch (representationOf(type)) {
    case "bool":
    case "number":
    case "big":
      return { kind: "word", type: wordKind(type), variants: variantsOf(type) };
    case "bytes":
      if (type.kind === "string" || type.kind === "bytes") return { kind: "bytes", max: type.max, utf8: type.kind === "string" };
      break;
    case "list":
      if (type.kind === "list") return { kind: "list", max: type.max, element: wordKind(type.element), variants: variantsOf(type.element) };
      break;
    default:
      break;
  }
  throw new Bug(`argLayout: ${type.kind}`);
}

function variantsOf(type: Type): number {
  return type.kind === "enum" ? type.variants.length : 0;
}
