/**
 * The contract ABI of Ethereum, written for the reference interpreter from the ABI specification and from what Solidity's decoder
 * (ABI coder v2) accepts; it shares no code with the compiler or the runtime. Everything is hex text: slow and easy to check.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Type } from "../../compiler/core/types.ts";
import type { EventDef } from "../../compiler/typed/tree.ts";
import { asBool, asHex, asInt, asItems, fitsInt, fromHex, membersOf, toHex } from "./values.ts";
import type { Val } from "./values.ts";

const WORD_DIGITS = 64;
/** Solidity refuses offsets and lengths that don't fit 64 bits before it adds them to anything. */
const LARGEST_OFFSET = (1n << 64n) - 1n;

export function keccakHex(hex: string): string {
  return toHex(keccak_256(fromHex(hex)));
}

export function signatureOf(name: string, types: readonly Type[]): string {
  return `${name}(${types.map(typeName).join(",")})`;
}

/** The types of what a function returns: `(bool)`, `()`, `(uint256,address)`. */
export function returnsOf(type: Type): string {
  return signatureOf("", resultTypes(type));
}

const selectors = new Map<string, string>();

/** `0x` and eight digits. Remembered: hashing is what takes the interpreter's time otherwise. */
export function selectorOf(name: string, types: readonly Type[]): string {
  const signature = signatureOf(name, types);
  const selector = selectors.get(signature) ?? toHex(keccak_256(new TextEncoder().encode(signature))).slice(0, 10);
  selectors.set(signature, selector);
  return selector;
}

/** A selector and its arguments: calldata of a function, data of an error. */
export function encodeCall(name: string, types: readonly Type[], values: readonly Val[]): string {
  return selectorOf(name, types) + encodeAll(types, values);
}

/** What a function returns: nothing, one value, or the elements of a tuple one after the other. */
export function encodeResult(type: Type, value: Val): string {
  if (type.kind === "unit") return "0x";
  return `0x${encodeAll(resultTypes(type), type.kind === "tuple" ? asItems(value) : [value])}`;
}

/** Undefined when the data is not such a result. */
export function decodeResult(type: Type, data: string): Val | undefined {
  const values = decodeAll(resultTypes(type), data.slice(2));
  if (values === undefined || type.kind === "tuple") return values;
  return type.kind === "unit" ? [] : values[0];
}

export function encodeLog(event: EventDef, values: readonly Val[]): { readonly topics: readonly string[]; readonly data: string } {
  const signature = signatureOf(
    event.name,
    event.params.map((param) => param.type),
  );
  const topics = [toHex(keccak_256(new TextEncoder().encode(signature)))];
  const types: Type[] = [];
  const plain: Val[] = [];
  event.params.forEach((param, i) => {
    if (param.indexed) {
      topics.push(topicOf(param.type, values[i]));
    } else {
      types.push(param.type);
      plain.push(values[i]);
    }
  });
  return { topics, data: `0x${encodeAll(types, plain)}` };
}

// --- names and shapes ------------------------------------------------------------------------------------------------

function typeName(type: Type): string {
  switch (type.kind) {
    case "bool":
    case "address":
    case "bytes32":
    case "string":
    case "bytes":
      return type.kind;
    case "int":
      return `${type.signed ? "int" : "uint"}${type.bits}`;
    case "enum":
      return "uint8";
    case "handle":
      return "address";
    case "list":
      return `${typeName(type.element)}[]`;
    case "struct":
    case "tuple":
      return `(${(membersOf(type) ?? []).map((member) => typeName(member.type)).join(",")})`;
    case "option":
    case "map":
    case "set":
    case "history":
    case "sequence":
    case "unit":
    case "poison":
      throw new Error(`interpreter: ${type.kind} has no ABI type`);
  }
}

function resultTypes(type: Type): readonly Type[] {
  if (type.kind === "unit") return [];
  return type.kind === "tuple" ? type.elements.map((element) => element.type) : [type];
}

function isDynamic(type: Type): boolean {
  if (type.kind === "string" || type.kind === "bytes" || type.kind === "list") return true;
  return membersOf(type)?.some((member) => isDynamic(member.type)) ?? false;
}

/** Bytes of the head of a value. */
function headSize(type: Type): number {
  const members = membersOf(type);
  if (members === undefined || isDynamic(type)) return 32;
  return members.reduce((sum, member) => sum + headSize(member.type), 0);
}

// --- encoding --------------------------------------------------------------------------------------------------------

/** Without 0x. */
export function encodeAll(types: readonly Type[], values: readonly Val[]): string {
  if (types.length !== values.length) throw new Error(`interpreter: ${types.length} types for ${values.length} values`);
  const headBytes = types.reduce((sum, type) => sum + headSize(type), 0);
  let head = "";
  let tail = "";
  types.forEach((type, i) => {
    const body = encodeOne(type, values[i]);
    if (isDynamic(type)) {
      head += wordOf(BigInt(headBytes + tail.length / 2));
      tail += body;
    } else {
      head += body;
    }
  });
  return head + tail;
}

function encodeOne(type: Type, value: Val): string {
  switch (type.kind) {
    case "bool":
      return wordOf(asBool(value) ? 1n : 0n);
    case "int":
    case "enum":
      return wordOf(asInt(value));
    case "address":
    case "handle":
      return asHex(value).slice(2).padStart(WORD_DIGITS, "0");
    case "bytes32":
      return asHex(value).slice(2);
    case "string":
    case "bytes": {
      const digits = asHex(value).slice(2);
      return wordOf(BigInt(digits.length / 2)) + padded(digits);
    }
    case "list": {
      const items = asItems(value);
      return (
        wordOf(BigInt(items.length)) +
        encodeAll(
          items.map(() => type.element),
          items,
        )
      );
    }
    case "struct":
    case "tuple":
      return encodeAll(
        (membersOf(type) ?? []).map((member) => member.type),
        asItems(value),
      );
    case "option":
    case "map":
    case "set":
    case "history":
    case "sequence":
    case "unit":
    case "poison":
      throw new Error(`interpreter: ${type.kind} is never encoded`);
  }
}

function wordOf(value: bigint): string {
  return BigInt.asUintN(256, value).toString(16).padStart(WORD_DIGITS, "0");
}

function padded(digits: string): string {
  return digits.padEnd(Math.ceil(digits.length / WORD_DIGITS) * WORD_DIGITS, "0");
}

/** Indexed values of more than a word are hashed: strings and bytes as they are, everything else as padded words without lengths. */
function topicOf(type: Type, value: Val): string {
  if (type.kind === "string" || type.kind === "bytes") return keccakHex(asHex(value));
  if (type.kind === "list" || membersOf(type) !== undefined) return keccakHex(`0x${inPlace(type, value)}`);
  return `0x${encodeOne(type, value)}`;
}

function inPlace(type: Type, value: Val): string {
  if (type.kind === "string" || type.kind === "bytes") return padded(asHex(value).slice(2));
  const members = membersOf(type);
  if (members !== undefined) {
    return asItems(value)
      .map((item, i) => inPlace(members[i].type, item))
      .join("");
  }
  if (type.kind === "list") {
    return asItems(value)
      .map((item) => inPlace(type.element, item))
      .join("");
  }
  return encodeOne(type, value);
}

// --- decoding --------------------------------------------------------------------------------------------------------

/** Digits without 0x (selector cut off). Undefined when a strict decoder refuses the data; bytes after the values are ignored. */
export function decodeAll(types: readonly Type[], digits: string): readonly Val[] | undefined {
  try {
    return decodeMembers(types, digits, 0);
  } catch (error) {
    if (error instanceof BadData) return undefined;
    throw error;
  }
}

class BadData extends Error {
  override readonly name = "BadData";
}

/** Values whose heads begin at byte `start`; offsets count from there. */
function decodeMembers(types: readonly Type[], digits: string, start: number): Val[] {
  const heads = types.reduce((sum, type) => sum + headSize(type), 0);
  if (start + heads > digits.length / 2) throw new BadData();
  let at = start;
  return types.map((type) => {
    const head = at;
    at += headSize(type);
    if (!isDynamic(type)) return decodeOne(type, digits, head);
    const offset = readWord(digits, head);
    if (offset > LARGEST_OFFSET) throw new BadData();
    return decodeOne(type, digits, start + smallNumber(offset, digits));
  });
}

function decodeOne(type: Type, digits: string, at: number): Val {
  switch (type.kind) {
    case "bool": {
      const word = readWord(digits, at);
      if (word > 1n) throw new BadData();
      return word === 1n;
    }
    case "int": {
      const word = readWord(digits, at);
      const value = type.signed ? BigInt.asIntN(256, word) : word;
      if (!fitsInt(type, value)) throw new BadData();
      return value;
    }
    case "enum": {
      const word = readWord(digits, at);
      if (word >= BigInt(type.variants.length)) throw new BadData();
      return word;
    }
    case "address":
    case "handle": {
      const word = readWord(digits, at);
      if (word >> 160n !== 0n) throw new BadData();
      return `0x${word.toString(16).padStart(40, "0")}`;
    }
    case "bytes32":
      return `0x${wordOf(readWord(digits, at))}`;
    case "string":
    case "bytes": {
      const length = readLength(digits, at, type.max);
      const from = (at + 32) * 2;
      const content = digits.slice(from, from + length * 2);
      if (content.length !== length * 2) throw new BadData();
      if (type.kind === "string" && !isUtf8(content)) throw new BadData();
      return `0x${content}`;
    }
    case "list": {
      const length = readLength(digits, at, type.max);
      return decodeMembers(Array<Type>(length).fill(type.element), digits, at + 32);
    }
    case "struct":
    case "tuple":
      return decodeMembers(
        (membersOf(type) ?? []).map((member) => member.type),
        digits,
        at,
      );
    case "option":
    case "map":
    case "set":
    case "history":
    case "sequence":
    case "unit":
    case "poison":
      throw new Error(`interpreter: ${type.kind} is never decoded`);
  }
}

function readWord(digits: string, at: number): bigint {
  const word = digits.slice(at * 2, at * 2 + WORD_DIGITS);
  if (word.length !== WORD_DIGITS) throw new BadData();
  return BigInt(`0x${word}`);
}

function readLength(digits: string, at: number, max: number): number {
  const length = readWord(digits, at);
  if (length > BigInt(max)) throw new BadData();
  return Number(length);
}

/** An offset within the data as a number; anything beyond its end is bad. */
function smallNumber(offset: bigint, digits: string): number {
  if (offset > BigInt(digits.length / 2)) throw new BadData();
  return Number(offset);
}

function isUtf8(digits: string): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(fromHex(`0x${digits}`));
    return true;
  } catch {
    return false;
  }
}
