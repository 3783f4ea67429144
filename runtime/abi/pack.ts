/**
 * Neutral values to short bytes and back: packed cells (lists, options, enums with payload) and `concat`. Big-endian, words in as many bytes as
 * their type has. In cells strings and lists begin with their length in four bytes, options and enums with payload with a tag byte, and zeros at
 * the end are left out: a default packs to no bytes, and what is missing reads as zero.
 */
import type { Neutral, Shape, WordKind } from "../module.ts";
import type { AddressTable } from "../state/address-table.ts";
import { bytesOf, itemsOf, numberOf } from "./codec.ts";

const ADDRESS_BYTES = 20;
const LENGTH_BYTES = 4;

const SIZES: Readonly<Record<WordKind, number>> = {
  bool: 1,
  u8: 1,
  u16: 2,
  u32: 4,
  i8: 1,
  i16: 2,
  i32: 4,
  enum: 1,
  address: ADDRESS_BYTES,
  u64: 8,
  i64: 8,
  u128: 16,
  i128: 16,
  u256: 32,
  i256: 32,
  bytes32: 32,
};

export function packValue(shape: Shape, value: Neutral, addresses: AddressTable): Uint8Array {
  const out = new Packer(addresses);
  out.put(shape, value);
  return out.trimmed();
}

/** The members of a tuple, without lengths; strings and bytes as they are. */
export function concatValues(shape: Shape, values: readonly Neutral[], addresses: AddressTable): Uint8Array {
  if (shape.kind !== "tuple") throw new TypeError("internal: concat takes a tuple");
  const out = new Packer(addresses);
  shape.members.forEach((member, index) => {
    if (member.kind === "bytes") out.raw(bytesOf(values[index]));
    else out.put(member, values[index]);
  });
  return out.whole();
}

export function unpackValue(shape: Shape, bytes: Uint8Array, addresses: AddressTable): Neutral {
  return new Unpacker(bytes, addresses).take(shape);
}

class Packer {
  private readonly addresses: AddressTable;
  private bytes = new Uint8Array(64);
  private end = 0;

  constructor(addresses: AddressTable) {
    this.addresses = addresses;
  }

  put(shape: Shape, value: Neutral): void {
    switch (shape.kind) {
      case "word":
        if (shape.type === "address") this.raw(this.addresses.bytesOf(numberOf(value)));
        else this.integer(value, SIZES[shape.type]);
        return;
      case "bytes": {
        const content = bytesOf(value);
        this.integer(content.length, LENGTH_BYTES);
        this.raw(content);
        return;
      }
      case "list": {
        const items = itemsOf(value);
        this.integer(items.length, LENGTH_BYTES);
        for (const item of items) this.put(shape.element, item);
        return;
      }
      case "tuple": {
        const items = itemsOf(value);
        shape.members.forEach((member, index) => this.put(member, items[index]));
        return;
      }
      case "variant": {
        const [tag, ...carried] = itemsOf(value);
        this.integer(tag, 1);
        shape.variants[numberOf(tag)].forEach((member, index) => this.put(member, carried[index]));
        return;
      }
    }
  }

  raw(content: Uint8Array): void {
    this.reserve(content.length);
    this.bytes.set(content, this.end);
    this.end += content.length;
  }

  private integer(value: Neutral, size: number): void {
    this.reserve(size);
    const { bytes } = this;
    if (typeof value === "bigint") {
      let rest = value;
      for (let at = this.end + size - 1; at >= this.end; at--, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
    } else {
      let rest = numberOf(value) | 0;
      for (let at = this.end + size - 1; at >= this.end; at--, rest >>= 8) bytes[at] = rest & 0xff;
    }
    this.end += size;
  }

  private reserve(count: number): void {
    if (this.end + count <= this.bytes.length) return;
    const bigger = new Uint8Array(Math.max(this.end + count, this.bytes.length * 2));
    bigger.set(this.bytes);
    this.bytes = bigger;
  }

  whole(): Uint8Array {
    return this.bytes.slice(0, this.end);
  }

  trimmed(): Uint8Array {
    let { end } = this;
    while (end > 0 && this.bytes[end - 1] === 0) end--;
    return this.bytes.slice(0, end);
  }
}

class Unpacker {
  private readonly bytes: Uint8Array;
  private readonly addresses: AddressTable;
  private at = 0;

  constructor(bytes: Uint8Array, addresses: AddressTable) {
    this.bytes = bytes;
    this.addresses = addresses;
  }

  take(shape: Shape): Neutral {
    switch (shape.kind) {
      case "word":
        return this.word(shape.type);
      case "bytes":
        return this.raw(this.number(LENGTH_BYTES));
      case "list": {
        const length = this.number(LENGTH_BYTES);
        const items: Neutral[] = [];
        for (let i = 0; i < length; i++) items.push(this.take(shape.element));
        return items;
      }
      case "tuple":
        return shape.members.map((member) => this.take(member));
      case "variant": {
        const tag = this.number(1);
        return [tag, ...shape.variants[tag].map((member) => this.take(member))];
      }
    }
  }

  private word(type: WordKind): Neutral {
    switch (type) {
      case "bool":
        return this.number(1) !== 0;
      case "address":
        return this.addresses.internBytes(this.raw(ADDRESS_BYTES), 0);
      case "u8":
      case "u16":
      case "u32":
      case "enum":
        return this.number(SIZES[type]);
      case "i8":
        return (this.number(1) << 24) >> 24;
      case "i16":
        return (this.number(2) << 16) >> 16;
      case "i32":
        return this.number(4) | 0;
      case "u64":
      case "u128":
      case "u256":
      case "bytes32":
        return this.big(SIZES[type]);
      case "i64":
      case "i128":
      case "i256":
        return BigInt.asIntN(SIZES[type] * 8, this.big(SIZES[type]));
    }
  }

  private number(size: number): number {
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.byte();
    return value;
  }

  private big(size: number): bigint {
    let value = 0n;
    for (let i = 0; i < size; i += 4) value = (value << 32n) | BigInt(this.number(4));
    return value;
  }

  private raw(length: number): Uint8Array {
    const content = new Uint8Array(length);
    content.set(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return content;
  }

  private byte(): number {
    const { at } = this;
    this.at = at + 1;
    return at < this.bytes.length ? this.bytes[at] : 0;
  }
}
