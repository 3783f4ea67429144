/**
 * Entry tables against a map: whatever the order of insertions, growth and sweeps, each key has one slot, keeps it until a sweep frees it, and no two share one.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { createTable, Table } from "../../../runtime/state/table.ts";

const CAPACITY = 200_000;
/** Few enough that many are inserted twice, and again after a sweep. */
const KEYS = 150_000;

type Step =
  | { readonly kind: "insert"; readonly from: number; readonly count: number; readonly stride: number }
  | { readonly kind: "grow"; readonly extra: number }
  | { readonly kind: "sweep"; readonly most: number; readonly share: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("insert" as const),
      from: fc.nat(KEYS - 1),
      count: fc.integer({ min: 1, max: 20_000 }),
      // Runs of neighbours, and of numbers that lie far apart.
      stride: fc.constantFrom(1, 7, 64, 4096 + 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("grow" as const), extra: fc.nat(60_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("sweep" as const),
      most: fc.integer({ min: 1, max: 50_000 }),
      share: fc.integer({ min: 1, max: 5 }),
    }),
  },
);

/** One table per seed and length of keys: words beyond the second are made from it. */
class Checked {
  private readonly table: Table;
  private readonly slots = new Map<number, number>();
  private readonly owners = new Map<number, number>();
  private readonly words: Uint32Array;

  constructor(keyWords: number, seed: number) {
    this.table = new Table(createTable("t", keyWords, CAPACITY), { k0: seed, k1: ~seed });
    this.words = new Uint32Array(keyWords);
  }

  run(each: Step): void {
    const { table } = this;
    if (each.kind === "grow") table.ensureRoom(each.extra);
    else if (each.kind === "sweep") this.sweep(each.most, each.share);
    else {
      if (table.crowded(each.count)) table.ensureRoom(each.count);
      for (let i = 0; i < each.count; i++) this.insert((each.from + i * each.stride) % KEYS);
    }
  }

  private find(key: number): number {
    return this.table.keyWords === 2 ? this.table.find2(1, key) : this.table.find(this.wordsOf(key), 0);
  }

  private wordsOf(key: number): Uint32Array {
    this.words[0] = 1;
    this.words[1] = key;
    for (let i = 2; i < this.words.length; i++) this.words[i] = Math.imul(key, i);
    return this.words;
  }

  private insert(key: number): void {
    const slot = this.table.keyWords === 2 ? this.table.insert2(1, key) : this.table.insert(this.wordsOf(key), 0);
    const known = this.slots.get(key);
    if (known === undefined ? this.owners.has(slot) : slot !== known) throw new Error(`key ${key} has slot ${slot} instead of ${known}`);
    this.slots.set(key, slot);
    this.owners.set(slot, key);
  }

  private sweep(most: number, share: number): void {
    const looked = this.table.sweep(
      (slot) => slot % share === 0,
      (slot) => {
        const key = this.owners.get(slot);
        if (key === undefined || slot % share === 0) throw new Error(`slot ${slot} was freed`);
        this.owners.delete(slot);
        this.slots.delete(key);
      },
      most,
    );
    expect(looked).toBeLessThanOrEqual(most);
  }

  check(): void {
    expect(this.table.size()).toBe(this.slots.size);
    let wrong = 0;
    for (let key = 0; key < KEYS; key++) if (this.find(key) !== (this.slots.get(key) ?? 0)) wrong++;
    expect(wrong).toBe(0);
  }
}

it.each([2, 3, 9])("tables with keys of %i words agree with a map", { timeout: 120_000 }, (keyWords) => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), fc.nat(), (steps, seed) => {
      const checked = new Checked(keyWords, seed);
      for (const each of steps) checked.run(each);
      checked.check();
    }),
    { numRuns: 12 },
  );
});
