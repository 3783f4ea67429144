/** Structs and tuples taken apart into single values, the same way everywhere: cells of state, words of calldata. And how large values get. */
import { hasPayload, payloadsOf } from "./types.ts";
import type { Type } from "./types.ts";

interface Member {
  readonly path: readonly number[];
  readonly names: readonly string[];
  readonly type: Type;
}

/** The leaves of a value: structs and tuples are taken apart, everything else is one leaf. */
export function membersBelow(type: Type): readonly Member[] {
  const children =
    type.kind === "struct"
      ? type.fields
      : type.kind === "tuple"
        ? type.elements.map((element, i) => ({ name: element.name ?? String(i), type: element.type }))
        : undefined;
  if (children === undefined) return [{ path: [], names: [], type }];
  return children.flatMap((child, i) =>
    membersBelow(child.type).map((member) => ({ path: [i, ...member.path], names: [child.name, ...member.names], type: member.type })),
  );
}

/** How large a type is. The numbers of nested types multiply, so they can be huge; they are exact up to 2^53 and only compared. */
interface Extent {
  /** Types it is made of, itself included, all that is nested spelled out. */
  readonly parts: number;
  /** Leaves of structs and tuples. */
  readonly leaves: number;
  /** Bytes of the longest value: words in as many as their type has, 4 for a length, 1 for a tag. */
  readonly bytes: number;
}

const known = new WeakMap<Type, Extent>();

export function extentOf(type: Type): Extent {
  const before = known.get(type);
  if (before !== undefined) return before;
  const extent = computeExtent(type);
  known.set(type, extent);
  return extent;
}

function computeExtent(type: Type): Extent {
  switch (type.kind) {
    case "bool":
      return word(1);
    case "int":
      return word(type.bits / 8);
    case "address":
    case "handle":
      return word(20);
    case "bytes32":
      return word(32);
    case "string":
    case "bytes":
      return word(4 + type.max);
    case "list": {
      const element = extentOf(type.element);
      return { parts: 1 + element.parts, leaves: 1, bytes: 4 + type.max * element.bytes };
    }
    case "struct":
      return sum(type.fields.map((field) => extentOf(field.type)));
    case "tuple":
      return sum(type.elements.map((element) => extentOf(element.type)));
    case "option":
    case "enum": {
      if (type.kind === "enum" && !hasPayload(type)) return word(1);
      const variants = payloadsOf(type).map((payload) => sum(payload.map(extentOf)));
      const parts = variants.reduce((total, variant) => total + variant.parts, 1);
      return { parts, leaves: 1, bytes: 1 + variants.reduce((longest, variant) => Math.max(longest, variant.bytes), 0) };
    }
    case "map":
    case "set":
    case "sequence":
    case "history":
    case "unit":
    case "poison":
      return word(32);
  }
}

function word(bytes: number): Extent {
  return { parts: 1, leaves: 1, bytes };
}

function sum(members: readonly Extent[]): Extent {
  let [parts, leaves, bytes] = [1, 0, 0];
  for (const member of members) {
    parts += member.parts;
    leaves += member.leaves;
    bytes += member.bytes;
  }
  return { parts, leaves, bytes };
}

/** The part of a type that Ethereum's ABI has no form for, if there is one. */
export function outsideAbi(type: Type): Type | undefined {
  switch (type.kind) {
    case "bool":
    case "int":
    case "address":
    case "handle":
    case "bytes32":
    case "string":
    case "bytes":
    case "unit":
    case "poison":
      return undefined;
    case "list":
      return outsideAbi(type.element);
    case "struct":
      return firstOutside(type.fields);
    case "tuple":
      return firstOutside(type.elements);
    case "enum":
      return hasPayload(type) ? type : undefined;
    case "option":
    case "map":
    case "set":
    case "sequence":
    case "history":
      return type;
  }
}

function firstOutside(members: readonly { readonly type: Type }[]): Type | undefined {
  for (const member of members) {
    const found = outsideAbi(member.type);
    if (found !== undefined) return found;
  }
  return undefined;
}
