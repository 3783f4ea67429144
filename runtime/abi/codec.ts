/**
 * Neutral values to ABI bytes and back, by shape: arguments and results of calls between contracts, `encode`, `decode`, and what calldata holds in nested
 * form. Addresses are ids here and 20 bytes there. Decoding trusts what `validateCalldata` has accepted; `decodeNeutral` asks it first.
 */
import type { Neutral } from "../module.ts";
import type { AddressTable } from "../state/address-table.ts";
import { readBigAt } from "./calldata.ts";
import type { ArgShape, Layout } from "./shape.ts";
import { isUtf8, validateCalldata } from "./validate.ts";

const WORD = 32;
/** Kinds of one word that are numbers and not bigints: see `TYPE_CODES`. */
const LAST_NUMBER = 7;

// --- bytes from values ---------------------------------------------------------------------------------------------

/** The encoding of a list of values, as calldata behind the selector has it. */
export function encodeNeutral(layouts: readonly Layout[], values: readonly Neutral[], addresses: AddressTable): Uint8Array {
  let size = 0;
  for (let i = 0; i < layouts.length; i++) size += sizeOf(layouts[i], values[i]);
  const bytes = new Uint8Array(size);
  new Writer(bytes, addresses).sequence(layouts, values, 0);
  return bytes;
}

/** Bytes of a value, its head included. */
function sizeOf(layout: Layout, value: Neutral): number {
  switch (layout.kind) {
    case "word":
      return WORD;
    case "bytes":
      return 2 * WORD + padded(bytesOf(value).length);
    case "list": {
      let size = 2 * WORD;
      for (const item of itemsOf(value)) size += sizeOf(layout.element, item);
      return size;
    }
    case "tuple": {
      const items = itemsOf(value);
      let size = layout.dynamic ? WORD : 0;
      for (let i = 0; i < layout.members.length; i++) size += sizeOf(layout.members[i], items[i]);
      return size;
    }
  }
}

class Writer {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly addresses: AddressTable;
  /** Where the next tail goes. */
  private next = 0;

  constructor(bytes: Uint8Array, addresses: AddressTable) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.addresses = addresses;
  }

  /** Heads from `base` on, then tails. */
  sequence(layouts: readonly Layout[], values: readonly Neutral[], base: number): void {
    let head = base;
    for (const layout of layouts) head += layout.head;
    this.next = head;
    head = base;
    for (let i = 0; i < layouts.length; i++) {
      this.member(layouts[i], values[i], head, base);
      head += layouts[i].head;
    }
  }

  private member(layout: Layout, value: Neutral, head: number, base: number): void {
    if (!layout.dynamic) {
      this.fixed(layout, value, head);
      return;
    }
    this.view.setUint32(head + 28, this.next - base);
    switch (layout.kind) {
      case "bytes": {
        const content = bytesOf(value);
        this.view.setUint32(this.next + 28, content.length);
        this.bytes.set(content, this.next + WORD);
        this.next += WORD + padded(content.length);
        return;
      }
      case "list": {
        const items = itemsOf(value);
        this.view.setUint32(this.next + 28, items.length);
        const first = this.next + WORD;
        this.next = first + items.length * layout.element.head;
        for (let i = 0; i < items.length; i++) this.member(layout.element, items[i], first + i * layout.element.head, first);
        return;
      }
      case "tuple":
        this.sequence(layout.members, itemsOf(value), this.next);
        return;
    }
  }

  private fixed(layout: Layout, value: Neutral, at: number): void {
    if (layout.kind === "tuple") {
      const items = itemsOf(value);
      let next = at;
      for (let i = 0; i < layout.members.length; i++) {
        this.fixed(layout.members[i], items[i], next);
        next += layout.members[i].head;
      }
      return;
    }
    if (layout.kind !== "word") return;
    if (layout.type === "address") this.bytes.set(this.addresses.bytesOf(numberOf(value)), at + 12);
    else putWord(this.view, at, typeof value === "bigint" ? value : BigInt(numberOf(value)));
  }
}

function putWord(view: DataView, at: number, value: bigint): void {
  for (let lane = 0; lane < 4; lane++) view.setBigUint64(at + 24 - lane * 8, BigInt.asUintN(64, value >> BigInt(64 * lane)));
}

// --- values from bytes ---------------------------------------------------------------------------------------------

/** The values that these bytes encode; undefined when they are malformed or don't fit. */
export function decodeNeutral(
  shape: ArgShape,
  layouts: readonly Layout[],
  data: Uint8Array,
  addresses: AddressTable,
): Neutral[] | undefined {
  // Bytes of a caller may be a part of something larger, at any offset.
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (!validateCalldata(view, data, 0, data.length, shape)) return undefined;
  return decodeSequence(layouts, { view, bytes: data, addresses }, 0);
}

export interface Source {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly addresses: AddressTable;
}

/** Values whose heads start at `base`, from data that was found well-formed. */
function decodeSequence(layouts: readonly Layout[], source: Source, base: number): Neutral[] {
  const values: Neutral[] = [];
  let head = base;
  for (const layout of layouts) {
    values.push(decodeMember(layout, source, head, base));
    head += layout.head;
  }
  return values;
}

/** One value with its head at `head`; offsets count from `base`. */
export function decodeMember(layout: Layout, source: Source, head: number, base: number): Neutral {
  const at = layout.dynamic ? base + source.view.getUint32(head + 28) : head;
  switch (layout.kind) {
    case "word":
      return decodeWord(layout.code, layout.type === "address", source, at);
    case "bytes": {
      const length = source.view.getUint32(at + 28);
      return source.bytes.slice(at + WORD, at + WORD + length);
    }
    case "list": {
      const length = source.view.getUint32(at + 28);
      const first = at + WORD;
      const items: Neutral[] = [];
      for (let i = 0; i < length; i++) items.push(decodeMember(layout.element, source, first + i * layout.element.head, first));
      return items;
    }
    case "tuple":
      return decodeSequence(layout.members, source, at);
  }
}

function decodeWord(code: number, isAddress: boolean, { view, bytes, addresses }: Source, at: number): Neutral {
  if (isAddress) return addresses.internBytes(bytes, at + 12);
  if (code === 0) return bytes[at + 31] !== 0;
  if (code <= LAST_NUMBER) return view.getInt32(at) < 0 ? view.getInt32(at + 28) : view.getUint32(at + 28);
  // Codes 10, 12 and 14 are signed.
  return readBigAt(view, at, code === 10 || code === 12 || code === 14 ? "i256" : "u256");
}

// --- limits --------------------------------------------------------------------------------------------------------

/** Whether a value keeps within the limits of a shape of the same ABI type: lengths, variants of enums, UTF-8. */
export function fits(layout: Layout, value: Neutral): boolean {
  switch (layout.kind) {
    case "word":
      return layout.variants === 0 || (typeof value === "number" && value < layout.variants);
    case "bytes": {
      const bytes = bytesOf(value);
      return bytes.length <= layout.max && (!layout.utf8 || isUtf8(bytes, 0, bytes.length));
    }
    case "list": {
      const items = itemsOf(value);
      return items.length <= layout.max && (isAnyWord(layout.element) || items.every((item) => fits(layout.element, item)));
    }
    case "tuple": {
      const items = itemsOf(value);
      return layout.members.every((member, index) => fits(member, items[index]));
    }
  }
}

function isAnyWord(layout: Layout): boolean {
  return layout.kind === "word" && layout.variants === 0;
}

// --- parts of values -----------------------------------------------------------------------------------------------

function padded(length: number): number {
  return (length + 31) & ~31;
}

export function bytesOf(value: Neutral): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError("internal: a value isn't bytes");
}

export function itemsOf(value: Neutral): readonly Neutral[] {
  if (isItems(value)) return value;
  throw new TypeError("internal: a value isn't a list or tuple");
}

function isItems(value: Neutral): value is readonly Neutral[] {
  return Array.isArray(value);
}

export function numberOf(value: Neutral): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  throw new TypeError("internal: a value isn't a number");
}
