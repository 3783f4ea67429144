/**
 * What exec reads its arguments from, and what it makes of values: packed cells, ABI bytes, hashes, signatures. The arguments of a call stand in the block
 * buffer, those of a callee in another contract are values that its caller gave. Between Reach and Frames.
 */
import { Calldata, readBigAt } from "../abi/calldata.ts";
import { decodeMember, decodeNeutral, encodeNeutral, itemsOf, numberOf } from "../abi/codec.ts";
import { concatValues, packValue, unpackValue } from "../abi/pack.ts";
import type { ArgShape } from "../abi/shape.ts";
import { tupleOf } from "../abi/signature.ts";
import type { AddressId, Neutral, Shape, WordIndex, WordKind } from "../module.ts";
import { hashWith, recoverWith, verifyWith } from "../natives/natives.ts";
import { ZERO_ADDRESS } from "../state/address-table.ts";
import type { Code } from "../state/code.ts";
import type { StateMemory } from "../state/state.ts";
import { bigOf, bytes32Of } from "../values/bytes32.ts";
import { keccak } from "../values/keccak.ts";
import { InternalError } from "./internal-error.ts";
import { HEADER_BYTES, HEADER_VALUE } from "./memory.ts";
import { Reach } from "./reach.ts";

const WORD = 32;

export class Arguments extends Reach {
  protected readonly input: Calldata;
  protected shape: ArgShape | undefined;
  /** By head word, in a call of another contract; else undefined. */
  protected args: readonly Neutral[] | undefined;
  /** Coin that came with a call of another contract. */
  protected attached: bigint;
  private decoded: (Neutral | undefined)[];

  constructor(state: StateMemory) {
    super(state);
    this.input = new Calldata(new SharedArrayBuffer(0));
    this.shape = undefined;
    this.args = undefined;
    this.attached = 0n;
    this.decoded = [];
  }

  /** The arguments of a call from outside, at this byte of the block buffer. */
  protected openArguments(shape: ArgShape, at: number): void {
    this.shape = shape;
    this.args = undefined;
    this.input.open(at);
    if (this.decoded.length > 0) this.decoded = [];
  }

  value(): bigint {
    return this.args === undefined ? readBigAt(this.input.view, this.call * HEADER_BYTES + HEADER_VALUE, "u256") : this.attached;
  }

  argBool(head: number): boolean {
    return this.args === undefined ? this.input.bool(head) : this.args[head] === true;
  }

  argNumber(head: number): number {
    return this.args === undefined ? this.input.number(head) : numberOf(this.args[head]);
  }

  argBig(head: number, kind: WordKind): bigint {
    return this.args === undefined ? this.input.big(head, kind) : bigOfValue(this.args[head]);
  }

  argBytes(head: number): Uint8Array {
    if (this.args === undefined) return this.input.bytes(head);
    const value = this.args[head];
    if (value instanceof Uint8Array) return value;
    throw new InternalError("an argument isn't bytes");
  }

  argLength(head: number): number {
    if (this.args === undefined) return this.input.length(head);
    const value = this.args[head];
    return value instanceof Uint8Array ? value.length : itemsOf(value).length;
  }

  argValue(head: number): Neutral {
    if (this.args !== undefined) return this.args[head];
    const decoded = this.decoded[head];
    if (decoded !== undefined) return decoded;
    const { shape, input } = this;
    if (shape === undefined) throw new InternalError("an argument outside of a call");
    const source = { view: input.view, bytes: input.u8, addresses: this.state.addresses };
    const value = decodeMember(shape.layouts[head], source, input.args + head * WORD, input.args);
    this.decoded[head] = value;
    return value;
  }

  argAddresses(head: number, pointer: WordIndex): number[] {
    if (this.args !== undefined) return itemsOf(this.args[head]).map(numberOf);
    const start = this.words[pointer];
    const length = this.input.length(head);
    const ids: number[] = [];
    for (let i = 0; i < length; i++) ids.push(this.words[start + i]);
    return ids;
  }

  argNumbers(head: number, _kind: WordKind): number[] {
    if (this.args !== undefined) return itemsOf(this.args[head]).map(numberOf);
    const length = this.input.length(head);
    const numbers: number[] = [];
    for (let i = 0; i < length; i++) numbers.push(this.input.elementNumber(head, i));
    return numbers;
  }

  argBools(head: number): boolean[] {
    if (this.args !== undefined) return itemsOf(this.args[head]).map((item) => item === true);
    const length = this.input.length(head);
    const bools: boolean[] = [];
    for (let i = 0; i < length; i++) bools.push(this.input.elementNumber(head, i) !== 0);
    return bools;
  }

  argBigs(head: number, kind: WordKind): bigint[] {
    if (this.args !== undefined) return itemsOf(this.args[head]).map(bigOfValue);
    const length = this.input.length(head);
    const values: bigint[] = [];
    for (let i = 0; i < length; i++) values.push(this.input.elementBig(head, i, kind));
    return values;
  }

  // --- bytes ---

  pack(shape: number, value: Neutral): Uint8Array {
    return packValue(this.shapeAt(shape), value, this.state.addresses);
  }

  unpack(shape: number, bytes: Uint8Array): Neutral {
    return unpackValue(this.shapeAt(shape), bytes, this.state.addresses);
  }

  encode(shape: number, values: readonly Neutral[]): Uint8Array {
    return encodeNeutral(tupleOf(this.shapeAt(shape)).layouts, values, this.state.addresses);
  }

  decode(shape: number, data: Uint8Array): readonly Neutral[] {
    const tuple = tupleOf(this.shapeAt(shape));
    const values = decodeNeutral(tuple.shape, tuple.layouts, data, this.state.addresses);
    if (values === undefined) throw this.revertEmpty();
    return values;
  }

  concat(shape: number, values: readonly Neutral[]): Uint8Array {
    return concatValues(this.shapeAt(shape), values, this.state.addresses);
  }

  private shapeAt(index: number): Shape {
    return this.running().module.shapes[index];
  }

  protected running(): Code {
    if (this.code === undefined) throw new InternalError("nothing runs");
    return this.code;
  }

  // --- hashes and signatures ---

  sha256(data: Uint8Array): bigint {
    return hashWith("sha256", data);
  }

  keccak256(data: Uint8Array): bigint {
    // The hash library reads plain memory only.
    return bigOf(keccak(Uint8Array.from(data)));
  }

  blake3(data: Uint8Array): bigint {
    return hashWith("blake3", data);
  }

  ecrecover(hash: bigint, v: number, r: bigint, s: bigint): AddressId {
    const address = recoverWith(hash, v, r, s);
    return address === undefined ? ZERO_ADDRESS : this.state.addresses.internBytes(address, 0);
  }

  ed25519Verify(key: bigint, message: Uint8Array, signature: Uint8Array): boolean {
    return verifyWith("ed25519", bytes32Of(key), message, signature);
  }

  mldsa65Verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    return verifyWith("mldsa65", key, message, signature);
  }
}

function bigOfValue(value: Neutral): bigint {
  if (typeof value === "bigint") return value;
  throw new InternalError("a value isn't a wide integer");
}
