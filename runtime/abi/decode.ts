/**
 * Decodes ABI bytes into values for users. Data may come from anywhere: every offset and length is checked, dirty bits are refused, and the
 * number of values is bounded, because nested arrays can share tails and would otherwise grow without limit.
 */
import type { AbiEntry, AbiParam } from "../module.ts";
import type { Hex } from "../types.ts";
import { bytesToHex } from "../values/hex.ts";
import type { AbiType } from "./type.ts";
import { headBytes, isDynamic, parseType, selectorOfEntry } from "./type.ts";
import { isUtf8 } from "./validate.ts";

/** Integers as bigint, addresses and bytesN as hex, bytes as bytes, arrays and tuples as arrays in order. */
export type AbiValue = boolean | bigint | Hex | string | Uint8Array | readonly AbiValue[];

export interface NamedValue {
  readonly name: string;
  readonly type: AbiType;
  readonly value: AbiValue;
}

/** The values of these parameters in order; undefined when the data isn't a well-formed encoding of them. */
export function decodeArgs(params: readonly AbiParam[], data: Uint8Array): readonly NamedValue[] | undefined {
  const types = params.map(parseType);
  const values = decodeValues(types, data);
  return values?.map((value, index) => ({ name: params[index].name, type: types[index], value }));
}

/** The arguments of a call from its calldata; undefined when it calls another function or is malformed. */
export function decodeCall(entry: AbiEntry, data: Uint8Array): readonly NamedValue[] | undefined {
  if (data.length < 4 || new DataView(data.buffer, data.byteOffset).getUint32(0) !== selectorOfEntry(entry)) return undefined;
  return decodeArgs(entry.inputs, data.subarray(4));
}

export function decodeValues(types: readonly AbiType[], data: Uint8Array): readonly AbiValue[] | undefined {
  const reader = new Reader(data);
  return reader.sequence(types, 0);
}

class Reader {
  private readonly data: Uint8Array;
  private readonly view: DataView;
  /** Values that may still be decoded. */
  private budget: number;

  constructor(data: Uint8Array) {
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.budget = 1024 + data.length;
  }

  /** Members whose heads start at `base`, which offsets count from. */
  sequence(types: readonly AbiType[], base: number): readonly AbiValue[] | undefined {
    const values: AbiValue[] = [];
    let head = base;
    for (const type of types) {
      const value = this.member(type, head, base);
      if (value === undefined) return undefined;
      values.push(value);
      head += headBytes(type);
    }
    return values;
  }

  private member(type: AbiType, head: number, base: number): AbiValue | undefined {
    if (!isDynamic(type)) return this.fixed(type, head);
    const offset = this.small(head);
    return offset === undefined ? undefined : this.tail(type, base + offset);
  }

  private tail(type: AbiType, at: number): AbiValue | undefined {
    if (type.kind === "tuple") return this.sequence(type.members, at);
    if (type.kind === "array" && type.length !== -1) return this.elements(type.element, type.length, at);
    const length = this.small(at);
    if (length === undefined) return undefined;
    if (type.kind === "array") return this.elements(type.element, length, at + 32);
    const from = at + 32;
    if (from + length > this.data.length) return undefined;
    if (type.kind === "bytes") return this.data.slice(from, from + length);
    return isUtf8(this.data, from, length) ? new TextDecoder().decode(this.data.slice(from, from + length)) : undefined;
  }

  private elements(element: AbiType, length: number, base: number): readonly AbiValue[] | undefined {
    const size = headBytes(element);
    if (base + length * size > this.data.length) return undefined;
    const values: AbiValue[] = [];
    for (let i = 0; i < length; i++) {
      const value = this.member(element, base + i * size, base);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  private fixed(type: AbiType, at: number): AbiValue | undefined {
    if (type.kind === "tuple") return this.sequence(type.members, at);
    if (type.kind === "array") return this.elements(type.element, type.length, at);
    if (at + 32 > this.data.length || this.budget-- <= 0) return undefined;
    switch (type.kind) {
      case "bool": {
        const word = this.word(at);
        return word > 1n ? undefined : word === 1n;
      }
      case "uint": {
        const word = this.word(at);
        return word >> BigInt(type.bits) === 0n ? word : undefined;
      }
      case "int": {
        const word = BigInt.asIntN(256, this.word(at));
        return BigInt.asIntN(type.bits, word) === word ? word : undefined;
      }
      case "address":
        return this.isZero(at, at + 12) ? bytesToHex(this.data.subarray(at + 12, at + 32)) : undefined;
      case "fixedBytes":
        return this.isZero(at + type.size, at + 32) ? bytesToHex(this.data.subarray(at, at + type.size)) : undefined;
      default:
        return undefined;
    }
  }

  /** A word that is an offset or length: anything beyond the data's size is refused. Counts against the budget, for arrays of empty arrays. */
  private small(at: number): number | undefined {
    if (at + 32 > this.data.length || this.budget-- <= 0 || !this.isZero(at, at + 28)) return undefined;
    const value = this.view.getUint32(at + 28);
    return value <= this.data.length ? value : undefined;
  }

  private word(at: number): bigint {
    let value = 0n;
    for (let lane = 0; lane < 4; lane++) value = (value << 64n) | this.view.getBigUint64(at + lane * 8);
    return value;
  }

  private isZero(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (this.data[i] !== 0) return false;
    return true;
  }
}
