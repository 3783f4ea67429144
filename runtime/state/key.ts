/**
 * The key of an entry while it is put together: the instance, then the words of its parts, least significant first. Plans and exec make their keys
 * with it, so that both find the same entry. One object per thread and user; knows nothing of tables.
 */
import { keccak } from "../values/keccak.ts";

/** Words of the longest key, the instance included: 31 keys of 256 bits. */
const MAX_KEY_WORDS = 256;
const HASH_WORDS = 8;

export class Key {
  /** The first is the instance; good until the next part is added. */
  readonly words = new Uint32Array(MAX_KEY_WORDS);
  private count = 1;
  private known = true;

  /** Keys from here on are those of this contract; what was added before is dropped. */
  begin(instance: number): void {
    this.words[0] = instance;
    this.count = 1;
    this.known = true;
  }

  add32(word: number | boolean): void {
    this.words[this.count++] = typeof word === "boolean" ? (word ? 1 : 0) : word;
  }

  /** An integer of up to `words * 32` bits; negative ones as two's complement. */
  addBig(value: bigint, words: number): void {
    const at = this.count;
    this.count = at + words;
    if (value >= 0n && value < 0x1_0000_0000n) {
      this.words[at] = Number(value);
      for (let i = 1; i < words; i++) this.words[at + i] = 0;
      return;
    }
    let rest = BigInt.asUintN(words * 32, value);
    for (let i = 0; i < words; i++) {
      this.words[at + i] = Number(rest & 0xffff_ffffn);
      rest >>= 32n;
    }
  }

  /** keccak-256 of the bytes, taken as a number as `bytes32` is. */
  addHash(bytes: Uint8Array): void {
    const hash = keccak(bytes);
    const at = this.count;
    this.count = at + HASH_WORDS;
    for (let i = 0; i < HASH_WORDS; i++) {
      const byte = 28 - i * 4;
      this.words[at + i] = ((hash[byte] << 24) | (hash[byte + 1] << 16) | (hash[byte + 2] << 8) | hash[byte + 3]) >>> 0;
    }
  }

  /** A part isn't known, so the key isn't. */
  miss(): void {
    this.known = false;
  }

  /** Ends the key: the number of its words, the instance included, or 0 when some part was missing. */
  take(): number {
    const count = this.known ? this.count : 0;
    this.count = 1;
    this.known = true;
    return count;
  }
}
