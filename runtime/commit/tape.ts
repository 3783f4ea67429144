/**
 * Plays back the tape of a message (`execute/tape-layout.ts`) as topics and ABI-encoded data (Contract ABI Specification, formal encoding). Asked for one
 * receipt at a time; nothing of it is fast.
 */
import { InternalError } from "../execute/internal-error.ts";
import type { Output } from "../execute/memory.ts";
import {
  MESSAGE_CODE,
  MESSAGE_ERROR,
  MESSAGE_EVENT,
  MESSAGE_HEADS,
  MESSAGE_KIND,
  MESSAGE_KIND_BITS,
  MESSAGE_LOG,
  MESSAGE_SELF,
  MESSAGE_WORDS,
  TAPE_ADDRESS,
  TAPE_BYTES,
  TAPE_CLOSE,
  TAPE_KIND,
  TAPE_LANE,
  TAPE_LIST,
  TAPE_NUMBER,
  TAPE_SHIFT,
  TAPE_SMALL,
  TAPE_TOPIC,
  TAPE_TUPLE,
  TAPE_WIDE,
} from "../execute/tape-layout.ts";
import type { StateMemory } from "../state/state.ts";
import type { Log } from "../types.ts";
import { bytesToHex } from "../values/hex.ts";

const WORD = 32;
const KINDS = (1 << MESSAGE_KIND_BITS) - 1;

/** A list, a tuple or the whole data being written: its heads, and its tails in order, of which each head that isn't filled yet stands for one. */
interface Frame {
  readonly heads: (Uint8Array | undefined)[];
  readonly tails: Uint8Array[];
  /** Of a list: the word that precedes it. */
  readonly prefix: Uint8Array | undefined;
}

interface Tape {
  readonly state: StateMemory;
  readonly u32: Uint32Array;
  readonly u8: Uint8Array;
  at: number;
}

/** Logs of the messages from word `first` on, which begin with so many. */
export function readLogs(state: StateMemory, output: Output, first: number, count: number): readonly Log[] {
  const logs: Log[] = [];
  for (let at = first; logs.length < count; at += output.u32[at + MESSAGE_KIND] >>> MESSAGE_KIND_BITS) {
    if ((output.u32[at + MESSAGE_KIND] & KINDS) !== MESSAGE_LOG) continue;
    const { topics, data } = readMessage(state, output, at);
    logs.push({ address: state.addresses.hexOf(output.u32[at + MESSAGE_SELF]), topics: topics.map(bytesToHex), data });
  }
  return logs;
}

/** Return data or error data: the message at this word. */
export function readData(state: StateMemory, output: Output, at: number): Uint8Array {
  return readMessage(state, output, at).data;
}

function readMessage(
  state: StateMemory,
  { u32, u8 }: Output,
  at: number,
): { readonly topics: readonly Uint8Array[]; readonly data: Uint8Array } {
  const kind = u32[at + MESSAGE_KIND] & KINDS;
  const end = at + (u32[at + MESSAGE_KIND] >>> MESSAGE_KIND_BITS);
  const tape: Tape = { state, u32, u8, at: at + MESSAGE_WORDS };
  const topics: Uint8Array[] = [];
  if (kind === MESSAGE_LOG) topics.push(eventTopic(state, u32[at + MESSAGE_CODE], u32[at + MESSAGE_EVENT]));
  const root: Frame = { heads: [], tails: [], prefix: undefined };
  const open: Frame[] = [root];
  while (tape.at < end) {
    const word = u32[tape.at];
    if ((word & TAPE_TOPIC) !== 0) topics.push(wordAt(tape));
    else readValue(tape, open);
  }
  if (open.length !== 1 || root.heads.length !== u32[at + MESSAGE_HEADS]) throw new InternalError("a message isn't whole");
  const prefix = new Uint8Array(kind === MESSAGE_ERROR ? 4 : 0);
  if (kind === MESSAGE_ERROR) new DataView(prefix.buffer).setUint32(0, u32[at + MESSAGE_CODE]);
  return { topics, data: joined([prefix, encoded(root)]) };
}

function eventTopic(state: StateMemory, code: number, event: number): Uint8Array {
  return new Uint8Array(state.codes[code].topics.slice(event * 8, event * 8 + 8).buffer);
}

function readValue(tape: Tape, open: Frame[]): void {
  const word = tape.u32[tape.at];
  const frame = open[open.length - 1];
  switch (word & TAPE_KIND) {
    case TAPE_BYTES: {
      const bytes = bytesAt(tape);
      const padded = new Uint8Array((bytes.length + 31) & ~31);
      padded.set(bytes);
      frame.heads.push(undefined);
      frame.tails.push(joined([numberWord(bytes.length), padded]));
      return;
    }
    case TAPE_LIST:
      tape.at += 2;
      open.push({ heads: [], tails: [], prefix: numberWord(word >>> TAPE_SHIFT) });
      return;
    case TAPE_TUPLE:
      tape.at += 1;
      open.push({ heads: [], tails: [], prefix: undefined });
      return;
    case TAPE_CLOSE: {
      tape.at += 1;
      const closed = open.pop();
      if (closed === undefined || open.length === 0) throw new InternalError("a message closes what isn't open");
      const outer = open[open.length - 1];
      outer.heads.push(undefined);
      outer.tails.push(closed.prefix === undefined ? encoded(closed) : joined([closed.prefix, encoded(closed)]));
      return;
    }
    default:
      frame.heads.push(wordAt(tape));
  }
}

function encoded({ heads, tails }: Frame): Uint8Array {
  let next = heads.length * WORD;
  let tail = 0;
  const words = heads.map((head) => {
    if (head !== undefined) return head;
    const offset = next;
    next += tails[tail++].length;
    return numberWord(offset);
  });
  return joined([...words, ...tails]);
}

function bytesAt(tape: Tape): Uint8Array {
  const length = tape.u32[tape.at] >>> TAPE_SHIFT;
  const from = (tape.at + 1) * 4;
  tape.at += 1 + ((length + 3) >>> 2);
  return new Uint8Array(tape.u8.subarray(from, from + length));
}

/** A value of one word. */
function wordAt(tape: Tape): Uint8Array {
  const { u32, at } = tape;
  const number = u32[at] >>> TAPE_SHIFT;
  switch (u32[at] & TAPE_KIND) {
    case TAPE_ADDRESS: {
      const word = new Uint8Array(WORD);
      word.set(tape.state.addresses.bytesOf(number), 12);
      tape.at += 1;
      return word;
    }
    case TAPE_SMALL:
      tape.at += 1;
      return numberWord(number);
    case TAPE_NUMBER:
      tape.at += 2;
      return filled(u32.subarray(at + 1, at + 2), number === 1);
    case TAPE_LANE:
      tape.at += 3;
      return filled(u32.subarray(at + 1, at + 3), false);
    case TAPE_WIDE:
      tape.at += 9;
      return filled(u32.subarray(at + 1, at + 9), false);
    default:
      throw new InternalError("a message holds an unknown value");
  }
}

function numberWord(value: number): Uint8Array {
  return filled(Uint32Array.of(value), false);
}

/** A big-endian word of these 32-bit words, the lowest first; those above are all ones when it is below zero. */
function filled(words: Uint32Array, negative: boolean): Uint8Array {
  const word = new Uint8Array(WORD).fill(negative ? 0xff : 0);
  const view = new DataView(word.buffer);
  words.forEach((value, i) => {
    view.setUint32(28 - i * 4, value);
  });
  return word;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
