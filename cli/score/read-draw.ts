/** How a mix file says that a value is drawn, checked against the type it is for. Complaints know their place; a fallback stands in after one. */
import { maxOf, minOf, showType } from "../../compiler/core/types.ts";
import type { Type } from "../../compiler/core/types.ts";
import { textBytes } from "../../compiler/footprint/concrete-bytes.ts";
import { drawByType } from "../../compiler/score/draw.ts";
import type { Draw, Population } from "../../compiler/score/draw.ts";
import { parseAmount, readCount, readFraction, readList, readObject } from "../scenario/reader.ts";
import type { Issues, Located, ObjectReader } from "../scenario/reader.ts";
import { LIMITS } from "./options.ts";

const MAX_CHOICES = 1_000;
/** A range with a skew has a table; larger ones have none. */
const MAX_SKEWED = 1_000_000n;

const FORMS = ["accounts", "ids", "int", "oneOf", "length"] as const;
type Form = (typeof FORMS)[number];

const BESIDE: Readonly<Record<Form, readonly string[]>> = {
  accounts: ["skew"],
  ids: ["skew"],
  int: ["skew"],
  oneOf: [],
  length: ["items"],
};

export function readDraw(at: Located, type: Type, population: Population, issues: Issues): Draw {
  const { node } = at;
  if (node.kind === "object") {
    const form = FORMS.find((name) => node.entries.has(name));
    const object = readObject(at, form === undefined ? FORMS : [form, ...BESIDE[form]], issues);
    if (form !== undefined && object !== undefined) return readForm(form, object, type, population, issues);
    if (node.entries.size === 0) issues.expected(`one of ${FORMS.map((name) => `\`${name}\``).join(", ")}`, at);
    return drawByType(type, population);
  }
  return readLiteral(at, type, population, issues);
}

function readForm(form: Form, object: ObjectReader, type: Type, population: Population, issues: Issues): Draw {
  const at = object.get(form) ?? object.at;
  const skew = readFraction(object.get("skew"), issues, { min: 0, max: LIMITS.skew }, population.skew);
  switch (form) {
    case "accounts":
      if (type.kind !== "address" && type.kind !== "handle") break;
      return { kind: "account", accounts: readCount(at, issues, { min: 1, max: LIMITS.accounts }, 1), skew };
    case "ids": {
      if (!["int", "bytes32", "string", "bytes"].includes(type.kind)) break;
      return drawByType(type, { ...population, ids: readCount(at, issues, { min: 1, max: LIMITS.ids }, 1), skew });
    }
    case "int": {
      if (type.kind !== "int") break;
      const [least, greatest] = readRange(at, { min: minOf(type), max: maxOf(type) }, issues);
      const wide = greatest - least >= MAX_SKEWED;
      const own = object.get("skew");
      if (wide && own !== undefined && skew > 0) issues.expected(`0 where a range has more than ${MAX_SKEWED} numbers`, own);
      return { kind: "int", least, greatest, skew: wide ? 0 : skew };
    }
    case "oneOf": {
      const choices = readList(at, issues, MAX_CHOICES).map((choice) => readDraw(choice, type, population, issues));
      if (choices.length === 0) issues.expected("a list of at least one value", at);
      return { kind: "oneOf", choices };
    }
    case "length": {
      if (type.kind !== "list") break;
      const [least, greatest] = readRange(at, { min: 0n, max: BigInt(type.max) }, issues);
      const items = object.get("items");
      const item = items === undefined ? drawByType(type.element, population) : readDraw(items, type.element, population, issues);
      return { kind: "list", least: Number(least), greatest: Number(greatest), item };
    }
  }
  issues.report("E0821", object.at, { expected: nameOf(type), found: `\`${form}\`` });
  return drawByType(type, population);
}

function readRange(at: Located, range: { readonly min: bigint; readonly max: bigint }, issues: Issues): readonly [bigint, bigint] {
  const [least, greatest, ...rest] = at.node.kind === "array" ? at.node.items.map(parseAmount) : [];
  if (
    least !== undefined &&
    greatest !== undefined &&
    rest.length === 0 &&
    least <= greatest &&
    least >= range.min &&
    greatest <= range.max
  )
    return [least, greatest];
  issues.expected(`[least, greatest], two whole numbers from ${range.min} to ${range.max}`, at);
  return [range.min, range.min];
}

function readLiteral(at: Located, type: Type, population: Population, issues: Issues): Draw {
  const { node } = at;
  const members = type.kind === "struct" ? type.fields : type.kind === "tuple" ? type.elements : undefined;
  if (node.kind === "array" && members?.length === node.items.length) {
    const parts = readList(at, issues, members.length);
    return { kind: "members", members: parts.map((part, i) => readDraw(part, members[i].type, population, issues)) };
  }
  if (node.kind === "array" && type.kind === "list" && node.items.length <= type.max) {
    return { kind: "members", members: readList(at, issues, type.max).map((part) => readDraw(part, type.element, population, issues)) };
  }
  const value = literalOf(at, type);
  if (value !== undefined) return { kind: "constant", value };
  issues.expected(nameOf(type), at);
  return drawByType(type, population);
}

function literalOf({ node }: Located, type: Type): boolean | bigint | string | undefined {
  const text = node.kind === "string" ? node.value : undefined;
  const hex = text !== undefined && /^0x(?:[0-9a-fA-F]{2})*$/.test(text) ? text.toLowerCase() : undefined;
  switch (type.kind) {
    case "bool":
      return node.kind === "bool" ? node.value : undefined;
    case "int": {
      const value = parseAmount(node);
      return value !== undefined && value >= minOf(type) && value <= maxOf(type) ? value : undefined;
    }
    case "enum": {
      const variant = text === undefined ? -1 : type.variants.indexOf(text);
      return variant < 0 ? undefined : BigInt(variant);
    }
    case "address":
    case "handle":
      return hex?.length === 42 ? hex : undefined;
    case "bytes32":
      return hex?.length === 66 ? hex : undefined;
    case "bytes":
      return hex !== undefined && hex.length <= 2 + 2 * type.max ? hex : undefined;
    case "string": {
      const bytes = text === undefined ? undefined : textBytes(text);
      return bytes !== undefined && bytes.length <= 2 + 2 * type.max ? bytes : undefined;
    }
    default:
      return undefined;
  }
}

function nameOf(type: Type): string {
  switch (type.kind) {
    case "int":
      return `a value of ${showType(type)}: a whole number, {"int": [least, greatest]} or {"ids": count}`;
    case "address":
    case "handle":
      return 'an address: "0x" and 40 digits, or {"accounts": count}';
    case "bytes32":
    case "string":
    case "bytes":
      return `a value of ${showType(type)}, or {"ids": count}`;
    case "enum":
      return `one of ${type.variants.map((variant) => `"${variant}"`).join(", ")}`;
    case "list":
      return `a list of at most ${type.max}, or {"length": [least, greatest]}`;
    default:
      return `a value of ${showType(type)}`;
  }
}
