/**
 * Whether bytes are a well-formed ABI encoding of values of given shapes, as Solidity's ABI coder v2 would accept them: no dirty bits,
 * no offset or length out of range; and within the limits of the types. Unused bytes and overlapping tails are fine, as there; but lists inside
 * lists that share tails could stand for more values than anybody can look at, so their number is bounded by the size of the data.
 * Runs for every call before it is planned, and allocates nothing unless lists or tuples nest.
 */
import type { ArgShape, Layout } from "./shape.ts";
import { KIND_BYTES, KIND_LIST, KIND_NESTED, KIND_WORD, STEP, STEP_EXTRA, STEP_KIND, STEP_MAX, STEP_TYPE, TYPE_CODES } from "./shape.ts";

const WORD = 32;
/** Values and chunks of bytes that nested parts may stand for, beside one per byte of the data. No encoder shares tails, and then each takes 32 bytes. */
const SPARE_VALUES = 1024;

/** `at` is the byte offset of the first head word, `length` the number of bytes from there; both lie within the view. */
export function validateCalldata(view: DataView, bytes: Uint8Array, at: number, length: number, shape: ArgShape): boolean {
  if (length < shape.heads * WORD) return false;
  const steps = shape.steps;
  let nested: Nested | undefined = undefined;
  for (let head = 0; head < shape.heads; head++) {
    const step = head * STEP;
    const word = at + head * WORD;
    switch (steps[step + STEP_KIND]) {
      case KIND_WORD:
        if (!validWord(view, word, steps[step + STEP_TYPE], steps[step + STEP_EXTRA])) return false;
        break;
      case KIND_BYTES:
        if (!validBytes(view, bytes, at, length, word, steps[step + STEP_MAX], steps[step + STEP_EXTRA] === 1)) return false;
        break;
      case KIND_LIST:
        if (!validList(view, at, length, word, steps, step)) return false;
        break;
      case KIND_NESTED:
        nested ??= { view, bytes, end: at + length, budget: length + SPARE_VALUES };
        if (!validMember(nested, shape.layouts[head], word, at)) return false;
        break;
    }
  }
  return true;
}

/**
 * The byte offset of a tail from the first head word, -1 when there is no whole length word there. Offsets may point anywhere in
 * the calldata, at heads and other tails too.
 */
function tailOf(view: DataView, length: number, word: number): number {
  if (!zeros(view, word, 7)) return -1;
  const offset = view.getUint32(word + 28);
  return offset + WORD <= length ? offset : -1;
}

function validBytes(view: DataView, bytes: Uint8Array, at: number, length: number, word: number, max: number, utf8: boolean): boolean {
  const tail = tailOf(view, length, word);
  if (tail < 0 || !zeros(view, at + tail, 7)) return false;
  const count = view.getUint32(at + tail + 28);
  if (count > max || tail + WORD + count > length) return false;
  return !utf8 || isUtf8(bytes, at + tail + WORD, count);
}

function validList(view: DataView, at: number, length: number, word: number, steps: Int32Array, step: number): boolean {
  const tail = tailOf(view, length, word);
  if (tail < 0 || !zeros(view, at + tail, 7)) return false;
  const count = view.getUint32(at + tail + 28);
  // Both are far below 2^53, so nothing overflows before the comparison.
  if (count > steps[step + STEP_MAX] || tail + WORD + count * WORD > length) return false;
  const type = steps[step + STEP_TYPE];
  const variants = steps[step + STEP_EXTRA];
  const first = at + tail + WORD;
  for (let i = 0; i < count; i++) if (!validWord(view, first + i * WORD, type, variants)) return false;
  return true;
}

interface Nested {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** Byte offset behind the data. */
  readonly end: number;
  budget: number;
}

/** A value whose head is at `head`; offsets count from `base`. The head lies within the data. */
function validMember(data: Nested, layout: Layout, head: number, base: number): boolean {
  if (!layout.dynamic) return validStatic(data, layout, head);
  if (!zeros(data.view, head, 7)) return false;
  const at = base + data.view.getUint32(head + 28);
  switch (layout.kind) {
    case "tuple": {
      let next = at;
      for (const member of layout.members) {
        if (next + member.head > data.end || !validMember(data, member, next, at)) return false;
        next += member.head;
      }
      return --data.budget >= 0;
    }
    case "bytes": {
      if (at + WORD > data.end || !zeros(data.view, at, 7)) return false;
      const count = data.view.getUint32(at + 28);
      data.budget -= 1 + (count >>> 5);
      if (count > layout.max || at + WORD + count > data.end || data.budget < 0) return false;
      return !layout.utf8 || isUtf8(data.bytes, at + WORD, count);
    }
    case "list": {
      if (at + WORD > data.end || !zeros(data.view, at, 7)) return false;
      const count = data.view.getUint32(at + 28);
      const { element } = layout;
      const first = at + WORD;
      if (count > layout.max || first + count * element.head > data.end || --data.budget < count) return false;
      for (let i = 0; i < count; i++) if (!validMember(data, element, first + i * element.head, first)) return false;
      return true;
    }
  }
}

function validStatic(data: Nested, layout: Layout, at: number): boolean {
  if (layout.kind === "word") return --data.budget >= 0 && validWord(data.view, at, layout.code, layout.variants);
  if (layout.kind !== "tuple") return false;
  let next = at;
  for (const member of layout.members) {
    if (!validStatic(data, member, next)) return false;
    next += member.head;
  }
  return true;
}

/** Whether the first `words` 32-bit words from a byte offset are zero. */
function zeros(view: DataView, at: number, words: number): boolean {
  let any = 0;
  for (let i = 0; i < words; i++) any |= view.getInt32(at + i * 4);
  return any === 0;
}

/** Whether the 32-bit words before word `words` all equal the sign of that word. */
function extended(view: DataView, at: number, words: number): boolean {
  const sign = view.getInt32(at + words * 4) >> 31;
  let any = 0;
  for (let i = 0; i < words; i++) any |= view.getInt32(at + i * 4) ^ sign;
  return any === 0;
}

function validWord(view: DataView, at: number, type: number, variants: number): boolean {
  switch (type) {
    case TYPE_CODES.u256:
    case TYPE_CODES.i256:
    case TYPE_CODES.bytes32:
      return true;
    case TYPE_CODES.address:
      return zeros(view, at, 3);
    case TYPE_CODES.u128:
      return zeros(view, at, 4);
    case TYPE_CODES.u64:
      return zeros(view, at, 6);
    case TYPE_CODES.u32:
      return zeros(view, at, 7);
    case TYPE_CODES.bool:
      return zeros(view, at, 7) && view.getUint32(at + 28) <= 1;
    case TYPE_CODES.u8:
      return zeros(view, at, 7) && view.getUint32(at + 28) <= 0xff;
    case TYPE_CODES.u16:
      return zeros(view, at, 7) && view.getUint32(at + 28) <= 0xffff;
    case TYPE_CODES.enum:
      return zeros(view, at, 7) && view.getUint32(at + 28) < variants;
    case TYPE_CODES.i8:
      return extended(view, at, 7) && narrow(view.getInt32(at + 28), 24);
    case TYPE_CODES.i16:
      return extended(view, at, 7) && narrow(view.getInt32(at + 28), 16);
    case TYPE_CODES.i32:
      return extended(view, at, 7);
    case TYPE_CODES.i64:
      return extended(view, at, 6);
    case TYPE_CODES.i128:
      return extended(view, at, 4);
    default:
      return false;
  }
}

/** Whether a number keeps its value with its highest `spare` bits cut off. */
function narrow(value: number, spare: number): boolean {
  return (value << spare) >> spare === value;
}

/** Well-formed UTF-8 as in RFC 3629: shortest forms, no surrogates, nothing above U+10FFFF. */
export function isUtf8(bytes: Uint8Array, at: number, count: number): boolean {
  const end = at + count;
  let i = at;
  while (i < end) {
    const lead = bytes[i++];
    if (lead < 0x80) continue;
    let low = 0x80;
    let high = 0xbf;
    let more: number;
    if (lead >= 0xc2 && lead <= 0xdf) more = 1;
    else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2;
      if (lead === 0xe0) low = 0xa0;
      else if (lead === 0xed) high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3;
      if (lead === 0xf0) low = 0x90;
      else if (lead === 0xf4) high = 0x8f;
    } else return false;
    if (i + more > end) return false;
    if (bytes[i] < low || bytes[i] > high) return false;
    for (let k = 1; k < more; k++) if ((bytes[i + k] & 0xc0) !== 0x80) return false;
    i += more;
  }
  return true;
}
