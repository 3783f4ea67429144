import { buildSync } from "esbuild";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { AddressTable, createAddressTable } from "../../../../runtime/state/address-table.ts";
import { GROUP_MASK } from "../../../../runtime/state/buckets.ts";
import { CapacityError } from "../../../../runtime/state/capacity-error.ts";
import { hash2, hashWords } from "../../../../runtime/state/hash.ts";
import { createTable, Table } from "../../../../runtime/state/table.ts";

const SEED = { k0: 0xdeadbeef, k1: 0x0badcafe };
/** Buckets of a group. */
const GROUP = GROUP_MASK + 1;

/** Keys for instance 1 whose hashes have no bit set from that of the first group's number up to this one: with a hash that isn't keyed, anybody could find them. */
function keysOfOneGroup(count: number, bits: number): number[] {
  const mask = (1 << bits) - GROUP;
  const keys: number[] = [];
  for (let key = 0; keys.length < count; key++) if ((hash2(1, key, SEED.k0, SEED.k1) & mask) === 0) keys.push(key);
  return keys;
}

describe("hash", () => {
  it("gives for two words what the general function gives", () => {
    for (let i = 0; i < 1000; i++) {
      const words = Uint32Array.of(Math.imul(i, 0x9e3779b1), Math.imul(i, 0x85ebca6b));
      expect(hash2(words[0], words[1], SEED.k0, SEED.k1)).toBe(hashWords(words, 0, 2, SEED.k0, SEED.k1));
    }
  });

  it("places other keys elsewhere under another seed", () => {
    let same = 0;
    for (let i = 0; i < 4096; i++) if ((hash2(1, i, 1, 2) & 0xfff) === (hash2(1, i, 1, 3) & 0xfff)) same++;
    expect(same).toBeLessThan(20);
  });

  it.each([
    ["rising numbers", (i: number) => i],
    ["multiples of 65536", (i: number) => i << 16],
    ["numbers that differ in their highest bits", (i: number) => Math.imul(i, 0x10001) ^ (i << 20)],
  ])("spreads %s over buckets as chance would", (_, key) => {
    const buckets = new Uint16Array(1 << 16);
    for (let i = 0; i < 32_768; i++) buckets[hash2(1, key(i), SEED.k0, SEED.k1) & 0xffff]++;
    const empty = buckets.reduce((count, bucket) => count + (bucket === 0 ? 1 : 0), 0);
    // Chance leaves 65536 * e^-0.5 = 39,750 buckets empty, give or take 100.
    expect(empty).toBeGreaterThan(39_000);
    expect(empty).toBeLessThan(40_500);
    expect(Math.max(...buckets)).toBeLessThan(12);
  });

  it("changes about half of its bits with any bit of any word", () => {
    for (let word = 0; word < 9; word++) {
      for (let bit = 0; bit < 32; bit++) {
        let flips = 0;
        for (let i = 0; i < 64; i++) {
          const words = Uint32Array.from({ length: 9 }, (_, k) => Math.imul(i + 1, 0x9e3779b1 + k));
          const before = hashWords(words, 0, 9, SEED.k0, SEED.k1);
          words[word] ^= 1 << bit;
          let difference = before ^ hashWords(words, 0, 9, SEED.k0, SEED.k1);
          for (; difference !== 0; difference &= difference - 1) flips++;
        }
        expect(flips).toBeGreaterThan(64 * 11);
        expect(flips).toBeLessThan(64 * 21);
      }
    }
  });
});

describe("entry table", () => {
  const make = (words: number, capacity: number): Table => new Table(createTable("t", words, capacity), SEED);

  it("gives each key one slot and finds it again", () => {
    const table = make(3, 1000);
    const key = Uint32Array.of(9, 1, 5, 6, 9);
    expect(table.find(key, 1)).toBe(0);
    const slot = table.insert(key, 1);
    expect(slot).toBe(1);
    expect(table.find(key, 1)).toBe(slot);
    expect(table.insert(key, 1)).toBe(slot);
    expect(table.insert(Uint32Array.of(1, 5, 7), 0)).toBe(2);
    expect(table.size()).toBe(2);
  });

  it("takes keys of two words directly, whatever their sign", () => {
    const table = make(2, 1000);
    const slot = table.insert2(3, -1);
    expect(table.insert2(3, 0xffffffff)).toBe(slot);
    expect(table.insert(Uint32Array.of(3, 0xffffffff), 0)).toBe(slot);
    expect(table.find2(3, -1)).toBe(slot);
    expect(table.find2(4, -1)).toBe(0);
    expect(table.size()).toBe(1);
  });

  it("keeps all entries when it grows", () => {
    const table = make(2, 100_000);
    let grown = 0;
    for (let i = 0; i < 100_000; i++) {
      if (table.crowded(1)) {
        table.ensureRoom(1);
        grown++;
      }
      expect(table.insert2(1, i)).toBe(i + 1);
    }
    // Each time by a part of what is there.
    expect(grown).toBeGreaterThan(2);
    expect(grown).toBeLessThan(20);
    for (let i = 0; i < 100_000; i += 7) expect(table.find2(1, i)).toBe(i + 1);
  });

  it("refuses the entry beyond its capacity and goes on serving the others", () => {
    const table = make(2, 10);
    for (let i = 0; i < 10; i++) table.insert2(1, i);
    expect(() => table.insert2(1, 10)).toThrow(CapacityError);
    expect(() => table.insert2(1, 11)).toThrow(CapacityError);
    expect(table.insert2(1, 9)).toBe(10);
    expect(table.size()).toBe(10);
  });

  it("refuses entries before a bucket array that nobody grew is full", () => {
    const table = make(2, 1 << 20);
    let inserted = 0;
    expect(() => {
      for (; inserted < 1 << 20; inserted++) table.insert2(1, inserted);
    }).toThrow(CapacityError);
    expect(inserted).toBeGreaterThan(60_000);
    table.ensureRoom(1000);
    table.insert2(1, inserted);
    expect(table.find2(1, inserted)).toBeGreaterThan(0);
    expect(table.find2(1, inserted + 1)).toBe(0);
  });

  it("grows by few groups at a time, however large it is", () => {
    const table = make(2, 400_000);
    const groups = (): number => new Int32Array(table.buffers.buckets.header)[0] / GROUP;
    let before = groups();
    let most = 0;
    for (let i = 0; i < 400_000; i++) {
      if (i % 1000 === 0) table.ensureRoom(1000);
      most = Math.max(most, groups() - before);
      before = groups();
      table.insert2(1, i);
    }
    expect(before).toBeGreaterThan(128);
    // 66,536 entries of room at most, while a quarter more entries make the buckets twice as many.
    expect(most).toBeLessThan(80);
    for (let i = 0; i < 400_000; i += 11) expect(table.find2(1, i)).toBe(i + 1);
  });

  it("serves keys that all fall into one group until it is full, then refuses more until it was split", () => {
    const table = make(2, 1 << 20);
    const keys = keysOfOneGroup(GROUP + 40, 18);
    for (const key of keys.slice(0, GROUP)) table.insert2(1, key);
    expect(table.size()).toBe(GROUP);
    expect(table.find2(1, keys[GROUP])).toBe(0);
    expect(table.crowded(1)).toBe(false);
    const refused = keys.slice(GROUP, GROUP + 20);
    for (const key of refused) expect(() => table.insert2(1, key)).toThrow(CapacityError);
    expect(() => table.insert(Uint32Array.of(1, refused[0]), 0)).toThrow(CapacityError);
    expect(table.size()).toBe(GROUP);
    keys.slice(0, GROUP).forEach((key, i) => {
      expect(table.insert2(1, key)).toBe(i + 1);
    });
    // Their hashes are alike up to the bit by which groups are split for the third time.
    for (let split = 0; split < 2; split++) {
      expect(table.crowded(0)).toBe(true);
      table.ensureRoom(0);
      expect(table.crowded(0)).toBe(false);
      expect(() => table.insert2(1, refused[0])).toThrow(CapacityError);
    }
    table.ensureRoom(0);
    for (const key of refused) table.insert2(1, key);
    for (const key of keys.slice(0, GROUP + 20)) expect(table.find2(1, key)).toBeGreaterThan(0);
  });

  it("refuses what has no bucket when it has as many groups as it may have", () => {
    const table = make(2, 5000);
    const keys = keysOfOneGroup(GROUP + 1, 16);
    for (const key of keys.slice(0, GROUP)) table.insert2(1, key);
    for (let round = 0; round < 3; round++) {
      expect(() => table.insert2(1, keys[GROUP])).toThrow(CapacityError);
      table.ensureRoom(10_000);
    }
    expect(table.crowded(1_000_000)).toBe(false);
    // Others still have theirs, and so have these when some of them go.
    const other = 1_000_000_007;
    expect(table.find2(1, table.keys[table.insert2(2, other) * 2 + 1])).toBe(0);
    table.sweep(
      (slot) => slot > 1,
      () => undefined,
      2,
    );
    expect(table.find2(1, keys[0])).toBe(0);
    table.insert2(1, keys[GROUP]);
    for (const key of keys.slice(1)) expect(table.find2(1, key)).toBeGreaterThan(0);
  });

  it("sweeps a piece at a time, and begins anew only when half of what was left is used", () => {
    const table = make(2, 1000);
    for (let i = 0; i < 600; i++) table.insert2(1, i);
    const freed: number[] = [];
    const piece = (): number =>
      table.sweep(
        (slot) => slot % 3 === 0,
        (slot) => freed.push(slot),
        250,
      );
    expect(table.wantsSweep()).toBe(true);
    expect([piece(), table.wantsSweep(), piece(), table.wantsSweep(), piece(), table.wantsSweep()]).toEqual([
      250,
      true,
      250,
      true,
      100,
      false,
    ]);
    expect(freed.length).toBe(400);
    expect(new Set(freed).size).toBe(400);
    for (let i = 0; i < 600; i++) expect(table.find2(1, i)).toBe((i + 1) % 3 === 0 ? i + 1 : 0);
    for (let i = 0; i < 400; i++) expect(freed).toContain(table.insert2(2, i));
    expect(table.insert2(2, 400)).toBe(601);
    expect(table.wantsSweep()).toBe(true);
  });

  it("reuses the slots that a sweep frees", () => {
    const table = make(2, 10);
    for (let i = 0; i < 10; i++) table.insert2(1, i);
    const freed: number[] = [];
    expect(
      table.sweep(
        (slot) => slot % 2 === 0,
        (slot) => freed.push(slot),
        100,
      ),
    ).toBe(10);
    expect(freed).toEqual([1, 3, 5, 7, 9]);
    expect(table.size()).toBe(5);
    for (let i = 0; i < 10; i++) expect(table.find2(1, i)).toBe(i % 2 === 1 ? i + 1 : 0);
    const slots = new Set<number>();
    for (let i = 20; i < 25; i++) slots.add(table.insert2(1, i));
    expect([...slots].sort((a, b) => a - b)).toEqual([1, 3, 5, 7, 9]);
    expect(() => table.insert2(1, 99)).toThrow(CapacityError);
  });
});

describe("address table", () => {
  it("interns by bytes, at any offset, and gives them back", () => {
    const table = new AddressTable(createAddressTable(1000), SEED);
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i * 3);
    const id = table.internBytes(bytes, 7);
    expect(table.internBytes(bytes, 8)).toBe(id + 1);
    const words = new Uint32Array(bytes.slice(7, 27).buffer);
    expect(table.intern(words, 0)).toBe(id);
    expect(table.bytesOf(id)).toEqual(bytes.slice(7, 27));
    expect(table.findHex(table.hexOf(id))).toBe(id);
    expect(table.findHex(`0x${"99".repeat(20)}`)).toBe(0);
  });

  it("refuses text that is no address", () => {
    const table = new AddressTable(createAddressTable(10), SEED);
    for (const text of ["", "0x", "0x12", `0x${"1".repeat(39)}`, `0x${"g".repeat(40)}`, `${"1".repeat(42)}`])
      expect(() => table.internHex(text)).toThrow(RangeError);
  });
});

describe("tables shared by threads", () => {
  const bundle = buildSync({
    stdin: {
      contents: `
        import { parentPort, workerData } from "node:worker_threads";
        import { Table } from "./runtime/state/table.ts";
        import { AddressTable } from "./runtime/state/address-table.ts";
        const { buffers, addressBuffers, seed, keys, step } = workerData;
        const count = keys.length;
        const table = new Table(buffers, seed);
        const addresses = new AddressTable(addressBuffers, seed);
        const words = new Uint32Array(5);
        const gate = new Int32Array(workerData.gate);
        Atomics.add(gate, 0, 1);
        while (Atomics.load(gate, 0) < 2);
        const slots = [], ids = [];
        for (let i = 0; i < count; i++) {
          const place = (i * step) % count;
          slots[place] = table.insert2(1, keys[place]);
          words[3] = keys[place] + 1;
          ids[place] = addresses.intern(words, 0);
        }
        parentPort.postMessage({ slots, ids });
      `,
      resolveDir: fileURLToPath(new URL("../../../../", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
  }).outputFiles[0].text;

  /** Two threads insert the same keys, in other orders, and find the same slots and ids. */
  async function race(keys: readonly number[]): Promise<void> {
    const count = keys.length;
    const buffers = createTable("t", 2, 50_000);
    const addressBuffers = createAddressTable(50_000);
    const gate = new SharedArrayBuffer(4);
    // The second thread meets the first one's keys again and again.
    const results = await Promise.all(
      [1, 2].map(
        (step) =>
          new Promise<{ slots: number[]; ids: number[] }>((resolve, reject) => {
            const worker = new Worker(bundle, { eval: true, workerData: { buffers, addressBuffers, seed: SEED, keys, step, gate } });
            worker.once("message", resolve);
            worker.once("error", reject);
          }),
      ),
    );
    expect(results[0].slots).toEqual(results[1].slots);
    expect(results[0].ids).toEqual(results[1].ids);
    expect(new Set(results[0].slots).size).toBe(count);
    expect(new Set(results[0].ids).size).toBe(count);
    const table = new Table(buffers, SEED);
    let live = 0;
    for (let slot = 1; slot <= table.highest(); slot++) if (table.isLive(slot)) live++;
    expect(live).toBe(count);
    // A thread that came second keeps the slot for its next key, so no more than one of each is unused.
    expect(table.highest()).toBeLessThanOrEqual(count + 2);
    const addresses = new AddressTable(addressBuffers, SEED);
    let liveIds = 0;
    for (let id = 1; id <= addresses.highest(); id++) if (addresses.isLive(id)) liveIds++;
    expect(liveIds).toBe(count);
    expect(addresses.highest()).toBeLessThanOrEqual(count + 2);
    for (const key of keys) expect(table.keys[table.find2(1, key) * 2 + 1]).toBe(key);
  }

  it("agree on one slot per key, whoever inserts first", { timeout: 30_000 }, async () => {
    await race(Array.from({ length: 20_011 }, (_, key) => key));
  });

  it("agree in a group that they fill to its last bucket", { timeout: 30_000 }, async () => {
    // An odd number of keys, so that the second thread comes by all of them; the last bucket stays empty.
    await race(keysOfOneGroup(GROUP - 1, 16));
  });
});
