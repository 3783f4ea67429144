/**
 * The tape that a call's messages are noted on: words of a thread's output. A message has a header and then its topics and values, one behind the other; the
 * low bits of a value's first word tell what it is, the others hold a small number of it.
 */

// Words of a message's header.

/** The contract's address id. */
export const MESSAGE_SELF = 0;
/** One of the kinds below and, above MESSAGE_KIND_BITS, the words of the message. */
export const MESSAGE_KIND = 1;
/** Of a log: index of the code whose event it is. Of an error: its selector. */
export const MESSAGE_CODE = 2;
/** Of a log: index of the event. */
export const MESSAGE_EVENT = 3;
/** Head words of its data. */
export const MESSAGE_HEADS = 4;
export const MESSAGE_WORDS = 5;

export const MESSAGE_KIND_BITS = 2;
export const MESSAGE_LOG = 1;
export const MESSAGE_RESULT = 2;
export const MESSAGE_ERROR = 3;

// Values. The number is `word >>> TAPE_SHIFT`.

export const TAPE_SHIFT = 5;
export const TAPE_KIND = 15;
/** Set: the value is a topic. */
export const TAPE_TOPIC = 16;
/** The number is an address id. */
export const TAPE_ADDRESS = 0;
/** The number itself. */
export const TAPE_SMALL = 1;
/** A number of 32 bits in the next word; below zero when the number here is 1. */
export const TAPE_NUMBER = 2;
/** An unsigned number of 64 bits in the next two words, the lower half first. */
export const TAPE_LANE = 3;
/** A number of 256 bits in the next eight words, the lowest first. */
export const TAPE_WIDE = 4;
/** So many bytes, in the next words. */
export const TAPE_BYTES = 5;
/** A list of so many elements; the next word tells how many head words each has. Its values follow, up to TAPE_CLOSE. */
export const TAPE_LIST = 6;
/** A tuple with so many head words that has a tail of its own. */
export const TAPE_TUPLE = 7;
export const TAPE_CLOSE = 8;
