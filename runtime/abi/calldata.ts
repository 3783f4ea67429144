/**
 * Reading arguments from the calldata of a block buffer, by head word. Plans and exec share it. It trusts what `validateCalldata` has accepted,
 * and decodes on each read: nothing is kept between calls but the views.
 */
import type { AddressId, WordKind } from "../module.ts";
import type { AddressTable } from "../state/address-table.ts";

const WORD = 32;
const TWO_64 = 18446744073709551616n;
const EMPTY = new Uint8Array(0);

/** A lane and its halves. Reading a lane through these takes half the time of `DataView.getBigUint64` (Node 20). */
const lane = new BigUint64Array(1);
const halves = new Uint32Array(lane.buffer);

export class Calldata {
  u8: Uint8Array;
  u32: Uint32Array;
  view: DataView;
  /** Byte offset of the first head word: behind the selector. */
  args: number;
  private buffer: SharedArrayBuffer;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.u8 = new Uint8Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.view = new DataView(buffer);
    this.args = 0;
  }

  /** Another block buffer. */
  attach(buffer: SharedArrayBuffer): void {
    if (buffer === this.buffer) return;
    this.buffer = buffer;
    this.u8 = new Uint8Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.view = new DataView(buffer);
  }

  /** The arguments that start at this byte; a multiple of 8. */
  open(args: number): void {
    this.args = args;
  }

  bool(head: number): boolean {
    return this.u8[this.args + head * WORD + 31] !== 0;
  }

  /** Up to 32 bits and enums. */
  number(head: number): number {
    return this.numberAt(this.args + head * WORD);
  }

  /** The id of an address, interned. */
  address(head: number, addresses: AddressTable): AddressId {
    return addresses.intern(this.u32, (this.args + head * WORD + 12) >>> 2);
  }

  big(head: number, kind: WordKind): bigint {
    return readBigAt(this.view, this.args + head * WORD, kind);
  }

  /** Elements of a list, bytes of a string. */
  length(head: number): number {
    return this.view.getUint32(this.tail(head) + 28);
  }

  bytes(head: number): Uint8Array {
    const tail = this.tail(head);
    const length = this.view.getUint32(tail + 28);
    if (length === 0) return EMPTY;
    return this.u8.subarray(tail + WORD, tail + WORD + length);
  }

  elementNumber(head: number, index: number): number {
    return this.numberAt(this.element(head, index));
  }

  elementBig(head: number, index: number, kind: WordKind): bigint {
    return readBigAt(this.view, this.element(head, index), kind);
  }

  elementAddress(head: number, index: number, addresses: AddressTable): AddressId {
    const at = this.element(head, index) + 12;
    return (at & 3) === 0 ? addresses.intern(this.u32, at >>> 2) : addresses.internBytes(this.u8, at);
  }

  /** Byte offset of element `index` of a list, a 32-byte word; it may be unaligned when the caller encoded it so. */
  element(head: number, index: number): number {
    return this.tail(head) + WORD + index * WORD;
  }

  /** A word of a kind up to 32 bits: only negative numbers have bits above, all of them. */
  private numberAt(at: number): number {
    return this.view.getInt32(at) < 0 ? this.view.getInt32(at + 28) : this.view.getUint32(at + 28);
  }

  /** Byte offset of the length word of a list or string. */
  private tail(head: number): number {
    return this.args + this.view.getUint32(this.args + head * WORD + 28);
  }
}

/** The 32-byte big-endian word at a byte offset, as a value of the kind. */
export function readBigAt(view: DataView, at: number, kind: WordKind): bigint {
  if (
    (view.getUint32(at) |
      view.getUint32(at + 4) |
      view.getUint32(at + 8) |
      view.getUint32(at + 12) |
      view.getUint32(at + 16) |
      view.getUint32(at + 20)) ===
    0
  ) {
    const high = view.getUint32(at + 24);
    const low = view.getUint32(at + 28);
    if (high === 0) return BigInt(low);
    halves[0] = low;
    halves[1] = high;
    return lane[0];
  }
  const value =
    ((view.getBigUint64(at) * TWO_64 + view.getBigUint64(at + 8)) * TWO_64 + view.getBigUint64(at + 16)) * TWO_64 +
    view.getBigUint64(at + 24);
  const signed = kind === "i64" || kind === "i128" || kind === "i256";
  return signed ? BigInt.asIntN(256, value) : value;
}
