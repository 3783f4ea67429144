/**
 * The block buffer: the calls of a block as bytes in shared memory, a fixed header per call and then all calldata.
 * `BlockBuilder` makes one call by call; `checkBlockBuffer` refuses one that isn't well-formed, since buffers come from outside.
 * Knows the layout only; what the calls mean is for admission to find out.
 */
import { ValidationError } from "./errors.ts";
import type { BlockBuffer, CallRequest, Hex } from "./types.ts";
import {
  HEADER_BYTES,
  HEADER_CONTRACT,
  HEADER_GAS_LIMIT,
  HEADER_GAS_PRICE,
  HEADER_LENGTH,
  HEADER_NONCE,
  HEADER_OFFSET,
  HEADER_SENDER,
  HEADER_VALUE,
} from "./execute/memory.ts";

/** Calls of one block; a header and a receipt of that many calls still have offsets below 2^31. */
export const MAX_CALLS = 4_000_000;
/** Bytes of one call's calldata: enough for lists of thousands of elements, and bounded so that one call can't fill a block. */
export const MAX_CALLDATA = 1 << 20;
/** Bytes of a whole buffer: offsets stay below 2^31. */
export const MAX_BLOCK_BYTES = 2 ** 31 - 8;

const UINT64 = 2n ** 64n;
const UINT256 = 2n ** 256n;

/** Writes 20 address bytes. */
function putAddress(bytes: Uint8Array, at: number, address: Hex): void {
  if (typeof address !== "string" || address.length !== 42 || !address.startsWith("0x"))
    throw new ValidationError(`not an address: ${String(address)}`);
  for (let i = 0; i < 20; i++) {
    const high = nibble(address.charCodeAt(2 + i * 2));
    const low = nibble(address.charCodeAt(3 + i * 2));
    if (high < 0 || low < 0) throw new ValidationError(`not an address: ${address}`);
    bytes[at + i] = (high << 4) | low;
  }
}

function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

function checkRange(name: string, value: bigint, limit: bigint): void {
  if (typeof value !== "bigint" || value < 0n || value >= limit)
    throw new ValidationError(
      `${name} must be a bigint from 0 to ${limit - 1n}, not ${typeof value === "bigint" ? "" : `the ${typeof value} `}${String(value)}`,
    );
}

/** Calldata begins so that its arguments, after the selector, stand at a multiple of 8. */
function alignedStart(end: number): number {
  return ((end + 3) & ~7) + 4;
}

/** A multiple of 8: the buffer is also seen as words. */
function wholeWords(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/** Builds a buffer of a known number of calls, given one by one in block order. */
export class BlockBuilder {
  readonly #calls: number;
  #count = 0;
  #buffer: SharedArrayBuffer;
  #bytes: Uint8Array;
  #view: DataView;
  #end: number;

  /** `bytesPerCall` is a guess of the calldata; the buffer grows when it's too small. */
  constructor(calls: number, bytesPerCall: number) {
    if (!Number.isInteger(calls) || calls < 0 || calls > MAX_CALLS)
      throw new ValidationError(`a block has 0 to ${MAX_CALLS} calls, not ${calls}`);
    this.#calls = calls;
    this.#end = calls * HEADER_BYTES;
    this.#buffer = new SharedArrayBuffer(wholeWords(this.#end + calls * (bytesPerCall + 12) + 64));
    this.#bytes = new Uint8Array(this.#buffer);
    this.#view = new DataView(this.#buffer);
  }

  add(call: CallRequest): void {
    if (this.#count >= this.#calls) throw new ValidationError(`the block was begun with ${this.#calls} calls`);
    checkRange("value", call.value, UINT256);
    checkRange("nonce", call.nonce, UINT64);
    checkRange("gasLimit", call.gasLimit, UINT64);
    checkRange("gasPrice", call.gasPrice, UINT64);
    if (!(call.data instanceof Uint8Array)) throw new ValidationError("data must be a Uint8Array");
    const length = call.data.length;
    if (length > MAX_CALLDATA) throw new ValidationError(`calldata of ${length} bytes, at most ${MAX_CALLDATA}`);
    const start = alignedStart(this.#end);
    this.#reserve(start + length + 32);
    const at = this.#count * HEADER_BYTES;
    const view = this.#view;
    putAddress(this.#bytes, at + HEADER_SENDER, call.from);
    putAddress(this.#bytes, at + HEADER_CONTRACT, call.to);
    for (let lane = 0; lane < 4; lane++)
      view.setBigUint64(at + HEADER_VALUE + 24 - lane * 8, (call.value >> BigInt(64 * lane)) & (UINT64 - 1n));
    view.setBigUint64(at + HEADER_NONCE, call.nonce, true);
    view.setBigUint64(at + HEADER_GAS_LIMIT, call.gasLimit, true);
    view.setBigUint64(at + HEADER_GAS_PRICE, call.gasPrice, true);
    view.setUint32(at + HEADER_OFFSET, start, true);
    view.setUint32(at + HEADER_LENGTH, length, true);
    this.#bytes.set(call.data, start);
    this.#end = start + length;
    this.#count++;
  }

  /** The finished buffer; all calls must have been added. */
  finish(): BlockBuffer {
    if (this.#count !== this.#calls) throw new ValidationError(`${this.#count} of ${this.#calls} calls were added`);
    return { length: this.#calls, buffer: this.#buffer };
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#buffer.byteLength) return;
    if (bytes > MAX_BLOCK_BYTES) throw new ValidationError(`a block of more than ${MAX_BLOCK_BYTES} bytes`);
    const bigger = new SharedArrayBuffer(wholeWords(Math.min(MAX_BLOCK_BYTES, Math.max(bytes, this.#buffer.byteLength * 2))));
    const copy = new Uint8Array(bigger);
    copy.set(this.#bytes.subarray(0, this.#end));
    this.#buffer = bigger;
    this.#bytes = copy;
    this.#view = new DataView(bigger);
  }
}

/** The calls as one buffer. */
export function blockBuffer(calls: readonly CallRequest[]): BlockBuffer {
  let bytes = 0;
  for (const call of calls) bytes += call.data.length;
  const builder = new BlockBuilder(calls.length, calls.length === 0 ? 0 : Math.ceil(bytes / calls.length));
  for (const call of calls) builder.add(call);
  return builder.finish();
}

/** Throws a ValidationError unless the buffer holds as many calls as it says, all of them inside it. True when some call has value or pays for gas. */
export function checkBlockBuffer(block: BlockBuffer): boolean {
  const { length, buffer } = block;
  if (!(buffer instanceof SharedArrayBuffer)) throw new ValidationError("a block buffer must be in shared memory");
  if (!Number.isInteger(length) || length < 0 || length > MAX_CALLS)
    throw new ValidationError(`a block has 0 to ${MAX_CALLS} calls, not ${length}`);
  const size = buffer.byteLength;
  if (size % 8 !== 0) throw new ValidationError("the size of a block buffer must be a multiple of 8");
  if (size > MAX_BLOCK_BYTES || length * HEADER_BYTES > size)
    throw new ValidationError("a block buffer is smaller than its headers, or too large");
  const words = new Uint32Array(buffer, 0, length * (HEADER_BYTES / 4));
  const first = length * HEADER_BYTES;
  let paid = 0;
  for (let call = 0; call < length; call++) {
    const at = (call * HEADER_BYTES) >> 2;
    const offset = words[at + (HEADER_OFFSET >> 2)];
    const bytes = words[at + (HEADER_LENGTH >> 2)];
    if (offset < first || bytes > MAX_CALLDATA || offset + bytes > size || (offset & 7) !== 4) {
      throw new ValidationError(`call ${call} of the block buffer has calldata outside it, too long or not aligned`);
    }
    paid |= paidAt(words, at);
  }
  return paid !== 0;
}

/** Not 0 when the call whose header begins at this word has value or pays for gas. */
export function paidAt(words: Uint32Array, at: number): number {
  const price = at + HEADER_GAS_PRICE / 4;
  return valueAt(words, at) | words[price] | words[price + 1];
}

/** Not 0 when the call whose header begins at this word has value. */
export function valueAt(words: Uint32Array, at: number): number {
  const value = at + HEADER_VALUE / 4;
  return (
    words[value] |
    words[value + 1] |
    words[value + 2] |
    words[value + 3] |
    words[value + 4] |
    words[value + 5] |
    words[value + 6] |
    words[value + 7]
  );
}
