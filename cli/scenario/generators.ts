/**
 * Arguments of a scenario's calls: each JSON value is turned once, against the ABI type it is for, into a function that draws values.
 * Mistakes are reported here, before anything runs; drawing never fails.
 */
import type { AbiParam } from "../../runtime/module.ts";
import type { Hex } from "../../runtime/types.ts";
import type { Directory } from "./directory.ts";
import { createPicker } from "../../compiler/score/random.ts";
import type { Pick, Picker, Random } from "../../compiler/score/random.ts";
import type { Issues, Located, ObjectReader, Range } from "./reader.ts";
import { parseAmount, readCount, readFlag, readFraction, readList, readObject, readText, UINT256 } from "./reader.ts";

/** Addresses and byte strings as hex with 0x; tuples and lists as arrays. */
export type Value = boolean | bigint | string | readonly Value[];

/** What a drawing may look at. */
export interface Draw {
  readonly random: Random;
  /** The sender of the call that is being made. */
  caller: Hex;
  /** How many calls this template has made. */
  made: number;
  /** By position in `Scope.variables`. */
  readonly variables: Value[];
}

export type Generator = (draw: Draw) => Value;

export interface Scope {
  readonly directory: Directory;
  readonly issues: Issues;
  /** Variables of the template, with the type they were declared with by their value. */
  readonly variables: Map<string, { readonly index: number; readonly wanted: Wanted }>;
  /** The group that an `each` block runs over. */
  readonly each: string | undefined;
}

/** What a value is for. */
export type Wanted =
  | { readonly kind: "int"; readonly range: Range }
  | { readonly kind: "address" | "bool" | "string" }
  | { readonly kind: "bytes"; readonly length: number | undefined }
  | { readonly kind: "list"; readonly element: Wanted }
  | { readonly kind: "tuple"; readonly elements: readonly Wanted[] };

const MAX_LIST = 4_096;

export function wantedOf(param: AbiParam): Wanted {
  const { type } = param;
  if (type.endsWith("[]")) return { kind: "list", element: wantedOf({ ...param, type: type.slice(0, -2) }) };
  if (type.startsWith("uint")) return { kind: "int", range: { min: 0n, max: 2n ** BigInt(type.slice(4)) - 1n } };
  if (type.startsWith("int")) {
    const half = 2n ** BigInt(Number(type.slice(3)) - 1);
    return { kind: "int", range: { min: -half, max: half - 1n } };
  }
  if (type.startsWith("tuple")) return { kind: "tuple", elements: (param.components ?? []).map(wantedOf) };
  if (type === "bool" || type === "string" || type === "address") return { kind: type };
  return { kind: "bytes", length: type === "bytes" ? undefined : Number(type.slice(5)) };
}

function nameOf(wanted: Wanted): string {
  switch (wanted.kind) {
    case "int":
      return `a whole number from ${wanted.range.min} to ${wanted.range.max}`;
    case "address":
      return 'an address, as in "@alice", "@group[0]", "$label" or {"account": "group"}';
    case "bool":
      return "true or false";
    case "string":
      return "a string";
    case "bytes":
      return wanted.length === undefined ? "bytes in hex" : `${wanted.length} bytes in hex`;
    case "list":
    case "tuple":
      return "a list";
  }
}

const constant =
  (value: Value): Generator =>
  () =>
    value;

/** Stands in after a complaint; never drawn, since a scenario with complaints isn't run. */
const NOTHING: Generator = constant(0n);

export function compileValue(at: Located, wanted: Wanted, scope: Scope): Generator {
  if (at.node.kind === "object") return compileObject(at, wanted, scope);
  const literal = compileLiteral(at, wanted, scope);
  if (literal === undefined) scope.issues.expected(nameOf(wanted), at);
  return literal ?? NOTHING;
}

function compileLiteral(at: Located, wanted: Wanted, scope: Scope): Generator | undefined {
  const { node } = at;
  switch (wanted.kind) {
    case "bool":
      return node.kind === "bool" ? constant(node.value) : undefined;
    case "int": {
      const value = parseAmount(node);
      return value !== undefined && value >= wanted.range.min && value <= wanted.range.max ? constant(value) : undefined;
    }
    case "string":
      return node.kind === "string" && isUnicode(node.value) ? constant(node.value) : undefined;
    case "bytes": {
      if (node.kind !== "string" || !/^0x(?:[0-9a-fA-F]{2})*$/.test(node.value)) return undefined;
      const fits = wanted.length === undefined || node.value.length === 2 + 2 * wanted.length;
      return fits ? constant(node.value.toLowerCase()) : undefined;
    }
    case "address":
      return node.kind === "string" ? compileAccount(at, node.value, scope) : undefined;
    case "list":
      return node.kind === "array"
        ? combine(readList(at, scope.issues, MAX_LIST).map((item) => compileValue(item, wanted.element, scope)))
        : undefined;
    case "tuple":
      if (node.kind !== "array" || node.items.length !== wanted.elements.length) return undefined;
      return combine(readList(at, scope.issues, MAX_LIST).map((item, index) => compileValue(item, wanted.elements[index], scope)));
  }
}

/** Half of a surrogate pair has no UTF-8 form. */
function isUnicode(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function combine(parts: readonly Generator[]): Generator {
  return (draw) => parts.map((part) => part(draw));
}

/** `@name`, `@group[3]`, `$label`, or 40 hex digits. */
function compileAccount(at: Located, text: string, { directory, issues }: Scope): Generator | undefined {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return constant(text.toLowerCase());
  const label = /^\$([A-Za-z][A-Za-z0-9_]*)$/.exec(text)?.[1];
  if (label !== undefined) {
    if (!directory.hasContract(label)) issues.report("E0823", at, { what: "contract", name: label });
    // Known once it is deployed, which is before anything is drawn.
    return () => directory.contract(label);
  }
  const match = /^@([A-Za-z_][A-Za-z0-9_]{0,63})(?:\[([0-9]{1,7})\])?$/.exec(text);
  if (match === null) return undefined;
  const [, name, index] = match;
  if (index === undefined) return constant(directory.named(name));
  const group = directory.group(name);
  if (group === undefined) issues.report("E0823", at, { what: "group of accounts", name });
  else if (Number(index) >= group.length) issues.report("E0824", at, { problem: `group \`${name}\` has ${group.length} accounts` });
  else return constant(group[Number(index)]);
  return NOTHING;
}

const FORMS = ["caller", "each", "var", "int", "count", "account", "accounts", "oneOf", "text"] as const;
type Form = (typeof FORMS)[number];

const BESIDE: Readonly<Record<Form, readonly string[]>> = {
  caller: [],
  each: [],
  var: [],
  int: ["pick"],
  count: ["modulo", "step"],
  account: ["pick", "index"],
  accounts: ["pick", "length"],
  oneOf: [],
  text: [],
};

function compileObject(at: Located, wanted: Wanted, scope: Scope): Generator {
  const { node } = at;
  const form = FORMS.find((name) => node.kind === "object" && node.entries.has(name));
  const known = form === undefined ? FORMS : [form, ...BESIDE[form]];
  const object = readObject(at, known, scope.issues);
  if (object === undefined) return NOTHING;
  if (form === undefined) {
    scope.issues.report("E0824", at, { problem: `a drawn value has one of ${FORMS.map((name) => `\`${name}\``).join(", ")}` });
    return NOTHING;
  }
  return compileForm(form, object, wanted, scope);
}

function compileForm(form: Form, object: ObjectReader, wanted: Wanted, scope: Scope): Generator {
  const { issues } = scope;
  const at = object.get(form) ?? object.at;
  const gives: Readonly<Record<Form, Wanted["kind"] | undefined>> = {
    caller: "address",
    each: "address",
    var: undefined,
    int: "int",
    count: "int",
    account: "address",
    accounts: "list",
    oneOf: undefined,
    text: "string",
  };
  const kind = gives[form];
  if (kind !== undefined && kind !== wanted.kind) {
    issues.report("E0821", object.at, { expected: nameOf(wanted), found: `\`${form}\`` });
    return NOTHING;
  }
  switch (form) {
    case "caller":
      readFlag(at, issues);
      return (draw) => draw.caller;
    case "each":
      return compileEach(at, scope);
    case "var":
      return compileVariable(at, wanted, scope);
    case "int":
      return compileInt(object, wanted, scope);
    case "count":
      return compileCount(object, wanted, scope);
    case "account":
      return compileGroupAccount(object, scope);
    case "accounts":
      return compileAccounts(object, wanted, scope);
    case "oneOf": {
      const choices = readList(at, issues, MAX_LIST).map((item) => compileValue(item, wanted, scope));
      if (choices.length === 0) issues.expected("a list of at least one value", at);
      return (draw) => choices[draw.random.below(choices.length)](draw);
    }
    case "text":
      return compileText(at, scope);
  }
}

function compileEach(at: Located, { each, directory, issues }: Scope): Generator {
  readFlag(at, issues);
  const group = each === undefined ? undefined : directory.group(each);
  if (group === undefined) {
    issues.report("E0824", at, { problem: "`each` stands only in the call of an `each` block" });
    return NOTHING;
  }
  return (draw) => group[draw.made];
}

function compileVariable(at: Located, wanted: Wanted, { variables, issues }: Scope): Generator {
  const name = readText(at, issues, "");
  const found = variables.get(name);
  if (found === undefined) {
    issues.report("E0823", at, { what: "variable", name });
    return NOTHING;
  }
  if (!fits(found.wanted, wanted)) issues.report("E0821", at, { expected: nameOf(wanted), found: `\`${name}\`, ${nameOf(found.wanted)}` });
  return (draw) => draw.variables[found.index];
}

function fits(has: Wanted, wanted: Wanted): boolean {
  if (has.kind === "int" && wanted.kind === "int") return has.range.min >= wanted.range.min && has.range.max <= wanted.range.max;
  return has.kind === wanted.kind;
}

/** A variable takes its type from its value: a number with the range it can have, or an account. */
export function variableType(at: Located, issues: Issues): Wanted {
  const { node } = at;
  if (node.kind !== "object") {
    const value = parseAmount(node);
    return value === undefined ? { kind: "address" } : { kind: "int", range: { min: value, max: value } };
  }
  const int = node.entries.get("int")?.value;
  if (int !== undefined) return { kind: "int", range: readRange({ node: int, where: `${at.where}.int` }, UINT256, issues) };
  const modulo = node.entries.get("modulo")?.value;
  const count = modulo === undefined ? undefined : parseAmount(modulo);
  if (node.entries.has("count")) return { kind: "int", range: { min: 0n, max: count === undefined || count < 1n ? 2n ** 53n : 2n ** 32n } };
  return { kind: "address" };
}

function readRange(at: Located, range: Range, issues: Issues): Range {
  const [min, max, ...rest] = at.node.kind === "array" ? at.node.items.map(parseAmount) : [];
  if (min === undefined || max === undefined || rest.length > 0 || min > max || min < range.min || max > range.max) {
    issues.expected(`[least, greatest], two whole numbers from ${range.min} to ${range.max}`, at);
    return { min: range.min, max: range.min };
  }
  return { min, max };
}

function compileInt(object: ObjectReader, wanted: Wanted, scope: Scope): Generator {
  const at = object.get("int");
  if (at === undefined || wanted.kind !== "int") return NOTHING;
  const { min, max } = readRange(at, wanted.range, scope.issues);
  const pick = object.get("pick");
  if (pick === undefined) return (draw) => draw.random.between(min, max);
  const size = max - min + 1n;
  if (size > 1_000_000n) {
    scope.issues.report("E0824", pick, { problem: "`pick` needs a range of at most 1000000 numbers" });
    return NOTHING;
  }
  const picker = readPicker(pick, Number(size), scope.issues);
  return (draw) => min + BigInt(picker(draw.random));
}

function compileCount(object: ObjectReader, wanted: Wanted, { issues }: Scope): Generator {
  if (wanted.kind !== "int") return NOTHING;
  const limit = wanted.range.max < 2n ** 32n ? Number(wanted.range.max) : 2 ** 32;
  const start = readCount(object.get("count"), issues, { min: 0, max: limit }, 0);
  const step = readCount(object.get("step"), issues, { min: 1, max: limit }, 1);
  const modulo = object.get("modulo");
  const size = modulo === undefined ? undefined : readCount(modulo, issues, { min: 1, max: limit }, 1);
  let next = start;
  return () => {
    const value = BigInt(size === undefined ? next : next % size);
    next += step;
    return value;
  };
}

function readGroup(at: Located | undefined, { directory, issues }: Scope): readonly Hex[] | undefined {
  const name = readText(at, issues, "");
  const group = directory.group(name);
  if (at !== undefined && at.node.kind === "string" && group === undefined) issues.report("E0823", at, { what: "group of accounts", name });
  return group;
}

function compileGroupAccount(object: ObjectReader, scope: Scope): Generator {
  const group = readGroup(object.get("account"), scope);
  if (group === undefined) return NOTHING;
  const index = object.get("index");
  if (index !== undefined) {
    const position = compileValue(index, { kind: "int", range: UINT256 }, scope);
    return (draw) => {
      const drawn = position(draw);
      return group[typeof drawn === "bigint" ? Number(drawn % BigInt(group.length)) : 0];
    };
  }
  const picker = readPicker(object.get("pick"), group.length, scope.issues);
  return (draw) => group[picker(draw.random)];
}

function compileAccounts(object: ObjectReader, wanted: Wanted, scope: Scope): Generator {
  const group = readGroup(object.get("accounts"), scope);
  const length = object.need("length");
  if (wanted.kind !== "list" || wanted.element.kind !== "address" || group === undefined || length === undefined) {
    if (wanted.kind === "list" && wanted.element.kind !== "address") scope.issues.expected(nameOf(wanted), object.at);
    return NOTHING;
  }
  const { min, max } = readRange(length, { min: 0n, max: BigInt(MAX_LIST) }, scope.issues);
  const picker = readPicker(object.get("pick"), group.length, scope.issues);
  return (draw) => Array.from({ length: Number(draw.random.between(min, max)) }, () => group[picker(draw.random)]);
}

/** `"uniform"`, `{"zipf": 1.1}`, `{"hot": 0.5}`: the first one with this share, else any. */
function readPicker(at: Located | undefined, size: number, issues: Issues): Picker {
  return createPicker(readPick(at, issues), size);
}

function readPick(at: Located | undefined, issues: Issues): Pick {
  if (at === undefined || (at.node.kind === "string" && at.node.value === "uniform")) return { kind: "uniform" };
  if (at.node.kind !== "object") {
    issues.expected('"uniform", {"zipf": exponent} or {"hot": share}', at);
    return { kind: "uniform" };
  }
  const object = readObject(at, ["zipf", "hot"], issues);
  const hot = object?.get("hot");
  if (hot !== undefined) return { kind: "hot", share: readFraction(hot, issues, { min: 0, max: 1 }, 0) };
  return { kind: "zipf", exponent: readFraction(object?.need("zipf"), issues, { min: 0, max: 10 }, 1) };
}

/** Placeholders: `{n}` the number of this template's call, `{caller}`, `{random}` eight hex digits. */
function compileText(at: Located, { issues }: Scope): Generator {
  const text = readText(at, issues, "");
  if (!isUnicode(text)) issues.expected("a string", at);
  const parts = text.split(/(\{n\}|\{caller\}|\{random\})/);
  return (draw) => parts.map((part) => fill(part, draw)).join("");
}

function fill(part: string, draw: Draw): string {
  if (part === "{n}") return String(draw.made);
  if (part === "{caller}") return draw.caller;
  if (part === "{random}") return draw.random.bits().toString(16).padStart(8, "0");
  return part;
}
