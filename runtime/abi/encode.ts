/**
 * Encodes values given by users into ABI bytes. Values may come from anywhere (a scenario file), so each is checked against its type; what
 * doesn't fit is an AbiError that names the argument.
 */
import type { AbiEntry, AbiParam } from "../module.ts";
import type { Hex } from "../types.ts";
import { bytesToHex, hexToBytes } from "../values/hex.ts";
import { keccak, topicOf } from "../values/keccak.ts";
import type { AbiType } from "./type.ts";
import { AbiError, headBytes, isDynamic, parseType, selectorOfEntry, signatureOf, typeName } from "./type.ts";

/** Integers as bigint or safe number or decimal text; bytes as Uint8Array or hex; tuples as array in order or object by name. */
export type AbiInput = boolean | number | bigint | string | Uint8Array | readonly AbiInput[] | { readonly [name: string]: AbiInput };

/** Bytes one encoding may have. */
const MAX_BYTES = 1 << 26;

/** Selector and arguments of a call. */
export function encodeCall(entry: AbiEntry, args: readonly AbiInput[]): Uint8Array {
  const body = encodeArgs(entry.inputs, args);
  const data = new Uint8Array(4 + body.length);
  new DataView(data.buffer).setUint32(0, selectorOfEntry(entry));
  data.set(body, 4);
  return data;
}

/** Return data as the function gives it. */
export function encodeResult(entry: AbiEntry, values: readonly AbiInput[]): Uint8Array {
  return encodeArgs(entry.outputs ?? [], values);
}

/** Error data: selector and arguments, as calls have them. */
export function encodeError(entry: AbiEntry, args: readonly AbiInput[]): Uint8Array {
  return encodeCall(entry, args);
}

/** Topics and data of an event. Of an indexed string or bytes the topic is the hash, of an indexed array or tuple that of its members' words. */
export function encodeEvent(entry: AbiEntry, args: readonly AbiInput[]): { readonly topics: readonly Hex[]; readonly data: Uint8Array } {
  if (args.length !== entry.inputs.length) throw new AbiError(`expected ${entry.inputs.length} arguments, found ${args.length}`);
  const plain = entry.inputs.flatMap((input, index) => (input.indexed === true ? [] : [index]));
  const topics = entry.inputs.flatMap((input, index) => (input.indexed === true ? [topicOfValue(input, args[index])] : []));
  if (topics.length > 3) throw new AbiError("an event has at most three indexed values");
  const data = encodeArgs(
    plain.map((index) => entry.inputs[index]),
    plain.map((index) => args[index]),
  );
  return { topics: [bytesToHex(topicOf(signatureOf(entry))), ...topics], data };
}

function topicOfValue(input: AbiParam, value: AbiInput): Hex {
  const type = parseType(input);
  const name = input.name === "" ? "an indexed value" : input.name;
  switch (type.kind) {
    case "bytes":
      return bytesToHex(keccak(Uint8Array.from(bytesOf(value, -1, name))));
    case "string":
      return bytesToHex(keccak(textOf(value, name)));
    case "array":
    case "tuple":
      return bytesToHex(keccak(inPlace(type, value, name)));
    default:
      return bytesToHex(encodeArgs([input], [value]));
  }
}

/** Members one after the other, each padded to words, without offsets or lengths: what the topic of an array or tuple is the hash of. */
function inPlace(type: AbiType, value: AbiInput, name: string): Uint8Array {
  switch (type.kind) {
    case "array":
      return joined(itemsOf(type, value, name).map((item, index) => inPlace(type.element, item, `${name}[${index}]`)));
    case "tuple": {
      const names = memberNames(type, name);
      return joined(membersOf(type, value, name).map((member, index) => inPlace(type.members[index], member, names[index])));
    }
    case "bytes":
      return padded(bytesOf(value, -1, name));
    case "string":
      return padded(textOf(value, name));
    default: {
      const writer = new Writer();
      writer.sequence([type], [value], [name]);
      return writer.finish();
    }
  }
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 32) * 32);
  out.set(bytes);
  return out;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Arguments alone, as for a constructor. */
export function encodeArgs(inputs: readonly AbiParam[], args: readonly AbiInput[]): Uint8Array {
  if (args.length !== inputs.length) throw new AbiError(`expected ${inputs.length} arguments, found ${args.length}`);
  const writer = new Writer();
  const names = inputs.map((input, index) => (input.name === "" ? `argument ${index + 1}` : input.name));
  writer.sequence(inputs.map(parseType), args, names);
  return writer.finish();
}

class Writer {
  private bytes: Uint8Array = new Uint8Array(256);
  private end = 0;

  finish(): Uint8Array {
    return this.bytes.slice(0, this.end);
  }

  /** Heads of all members, then the tails of the dynamic ones, offsets counted from the first head. */
  sequence(types: readonly AbiType[], values: readonly AbiInput[], names: readonly string[]): void {
    const start = this.end;
    let head = start;
    this.reserve(types.reduce((sum, type) => sum + headBytes(type), 0));
    types.forEach((type, index) => {
      const value = values[index];
      if (isDynamic(type)) {
        this.putBig(head, BigInt(this.end - start));
        this.tail(type, value, names[index]);
      } else {
        this.fixed(head, type, value, names[index]);
      }
      head += headBytes(type);
    });
  }

  private tail(type: AbiType, value: AbiInput, name: string): void {
    switch (type.kind) {
      case "bytes":
        this.content(bytesOf(value, -1, name));
        return;
      case "string":
        this.content(textOf(value, name));
        return;
      case "array": {
        const items = itemsOf(type, value, name);
        if (type.length === -1) this.putBig(this.reserve(32), BigInt(items.length));
        this.sequence(new Array<AbiType>(items.length).fill(type.element), items, elementNames(items, name));
        return;
      }
      case "tuple":
        this.sequence(type.members, membersOf(type, value, name), memberNames(type, name));
        return;
      default:
        throw new Error(`internal: ${typeName(type)} isn't dynamic`);
    }
  }

  /** A value of static size, in place. */
  private fixed(at: number, type: AbiType, value: AbiInput, name: string): void {
    switch (type.kind) {
      case "array": {
        const size = headBytes(type.element);
        const names = itemsOf(type, value, name);
        names.forEach((item, index) => this.fixed(at + index * size, type.element, item, `${name}[${index}]`));
        return;
      }
      case "tuple": {
        let next = at;
        const names = memberNames(type, name);
        membersOf(type, value, name).forEach((member, index) => {
          this.fixed(next, type.members[index], member, names[index]);
          next += headBytes(type.members[index]);
        });
        return;
      }
      case "bool":
        if (typeof value !== "boolean") throw wrong(name, "true or false", value);
        this.putBig(at, value ? 1n : 0n);
        return;
      case "address":
        this.bytes.set(bytesOf(value, 20, name), at + 12);
        return;
      case "fixedBytes":
        this.bytes.set(bytesOf(value, type.size, name), at);
        return;
      case "uint":
      case "int":
        this.putBig(at, integerOf(type, value, name));
        return;
      default:
        throw new Error(`internal: ${typeName(type)} isn't static`);
    }
  }

  private content(bytes: Uint8Array): void {
    const at = this.reserve(32 + Math.ceil(bytes.length / 32) * 32);
    this.putBig(at, BigInt(bytes.length));
    this.bytes.set(bytes, at + 32);
  }

  /** Appends zero bytes; returns where they start. */
  private reserve(count: number): number {
    const at = this.end;
    const end = at + count;
    if (end > MAX_BYTES) throw new AbiError(`arguments take more than ${MAX_BYTES} bytes`);
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.end = end;
    return at;
  }

  private putBig(at: number, value: bigint): void {
    const view = new DataView(this.bytes.buffer);
    for (let lane = 0; lane < 4; lane++) view.setBigUint64(at + 24 - lane * 8, BigInt.asUintN(64, value >> BigInt(64 * lane)));
  }
}

function elementNames(items: readonly AbiInput[], name: string): string[] {
  return items.map((_, index) => `${name}[${index}]`);
}

function memberNames(type: AbiType & { kind: "tuple" }, name: string): string[] {
  return type.names.map((member, index) => `${name}.${member === "" ? index : member}`);
}

function itemsOf(type: AbiType & { kind: "array" }, value: AbiInput, name: string): readonly AbiInput[] {
  if (!isList(value)) throw wrong(name, `a list for ${typeName(type)}`, value);
  if (type.length !== -1 && value.length !== type.length)
    throw new AbiError(`${name}: expected ${type.length} elements, found ${value.length}`);
  if (value.length * 32 > MAX_BYTES) throw new AbiError(`${name}: too many elements`);
  return value;
}

function membersOf(type: AbiType & { kind: "tuple" }, value: AbiInput, name: string): readonly AbiInput[] {
  if (isList(value)) {
    if (value.length !== type.members.length) throw new AbiError(`${name}: expected ${type.members.length} members, found ${value.length}`);
    return value;
  }
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) throw wrong(name, `members of ${typeName(type)}`, value);
  const unknown = Object.keys(value).find((key) => !type.names.includes(key));
  if (unknown !== undefined) throw new AbiError(`${name}: no member is called \`${unknown.slice(0, 60)}\``);
  return type.names.map((member) => {
    if (!Object.hasOwn(value, member)) throw new AbiError(`${name}: member \`${member}\` is missing`);
    return value[member];
  });
}

function isList(value: AbiInput): value is readonly AbiInput[] {
  return Array.isArray(value);
}

function integerOf(type: AbiType & { kind: "uint" | "int" }, value: AbiInput, name: string): bigint {
  let number: bigint;
  if (typeof value === "bigint") number = value;
  else if (typeof value === "number" && Number.isSafeInteger(value)) number = BigInt(value);
  // At most 80 digits: the widest type has 78.
  else if (typeof value === "string" && /^-?(?:\d{1,80}|0x[0-9a-fA-F]{1,64})$/.test(value))
    number = value.startsWith("-") ? -BigInt(value.slice(1)) : BigInt(value);
  else throw wrong(name, `an integer for ${typeName(type)}`, value);
  const bits = BigInt(type.bits);
  const lowest = type.kind === "int" ? -(1n << (bits - 1n)) : 0n;
  const highest = (type.kind === "int" ? 1n << (bits - 1n) : 1n << bits) - 1n;
  if (number < lowest || number > highest) throw new AbiError(`${name}: ${shown(value)} doesn't fit ${typeName(type)}`);
  return number;
}

function bytesOf(value: AbiInput, size: number, name: string): Uint8Array {
  const expected = size === -1 ? "bytes" : `${size} bytes`;
  let bytes: Uint8Array;
  if (value instanceof Uint8Array) bytes = value;
  else if (typeof value === "string" && /^0x(?:[0-9a-fA-F]{2})*$/.test(value)) bytes = hexToBytes(value, -1);
  else throw wrong(name, `${expected} as hex with 0x`, value);
  if (size !== -1 && bytes.length !== size) throw new AbiError(`${name}: expected ${expected}, found ${bytes.length}`);
  if (bytes.length > MAX_BYTES) throw new AbiError(`${name}: too many bytes`);
  return bytes;
}

function textOf(value: AbiInput, name: string): Uint8Array {
  if (typeof value !== "string") throw wrong(name, "a string", value);
  if (/\p{Surrogate}/u.test(value)) throw new AbiError(`${name}: the string has half of a surrogate pair, which UTF-8 can't hold`);
  return new TextEncoder().encode(value);
}

function wrong(name: string, expected: string, value: AbiInput): AbiError {
  return new AbiError(`${name}: expected ${expected}, found ${shown(value)}`);
}

/** The value in a few characters, for messages. */
function shown(value: AbiInput): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === "object") return isList(value) ? `a list of ${value.length}` : "an object";
  const text = String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
