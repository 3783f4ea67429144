import { describe, expect, it } from "vitest";
import { CapacityError } from "../../../../runtime/state/capacity-error.ts";
import { cellText, compareCells, listCells, nameCell } from "../../../../runtime/state/cell-list.ts";
import { writeBig } from "../../../../runtime/state/column.ts";
import { digestState } from "../../../../runtime/state/digest.ts";
import type { StateMemory } from "../../../../runtime/state/state.ts";
import { attachState, createState } from "../../../../runtime/state/state.ts";
import { contract, everyKind, field, leafOf, newState } from "../fixture.ts";

const address = (byte: number): Uint8Array => new Uint8Array(20).fill(byte);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hexText = (byte: string): string => `0x${byte.repeat(20)}`;

const ignore = (): void => undefined;

const layout = [
  field("total", [], ["u128"]),
  field("balances", ["address", "u64"], ["u256"]),
  field("members", ["i16"], ["bool", "string"]),
  field("names", ["hash"], ["packed"]),
];

/** Fills one state in the given order of steps; the result must not depend on it. */
function fill(state: StateMemory, order: readonly number[]): void {
  const code = state.register(contract(layout));
  const self = state.addresses.internBytes(address(0xcc), 0);
  const instance = state.addInstance(code, self);
  const steps = [
    () => writeBig(code.columns[1], instance, 12n),
    () => {
      const owner = state.addresses.internBytes(address(0xaa), 0);
      const slot = code.tables[1]?.insert(Uint32Array.of(instance, owner, 5, 1), 0) ?? 0;
      writeBig(code.columns[2], slot, 1n << 200n);
    },
    () => {
      const slot = code.tables[2]?.insert2(instance, -3) ?? 0;
      code.columns[3].u32[slot] = 1;
      state.arena.store(code.columns[4], slot, text("hello"));
    },
    () => {
      const slot = code.tables[3]?.insert(Uint32Array.of(instance, 1, 2, 3, 4, 5, 6, 7, 0xf8000000), 0) ?? 0;
      state.arena.store(code.columns[5], slot, Uint8Array.of(1, 2));
    },
    () => writeBig(state.coin, state.addresses.internBytes(address(0xbb), 0), 99n),
    () => (state.nonces[state.addresses.internBytes(address(0xdd), 0)] = 4n),
  ];
  for (const step of order) steps[step]();
}

describe("cells and digest", () => {
  it("lists every cell that isn't at its default, decoded", () => {
    const state = newState();
    fill(state, [0, 1, 2, 3, 4, 5]);
    const cells = [...listCells(state)].sort(compareCells);
    const contractHex = hexText("cc");
    expect(cells).toEqual([
      { contract: undefined, field: "coin", keys: [hexText("bb")], path: [], value: 99n },
      { contract: undefined, field: "nonce", keys: [hexText("dd")], path: [], value: 4n },
      { contract: contractHex, field: "balances", keys: [hexText("aa"), 2n ** 32n + 5n], path: [], value: 1n << 200n },
      { contract: contractHex, field: "members", keys: [-3n], path: ["bool"], value: true },
      { contract: contractHex, field: "members", keys: [-3n], path: ["string"], value: `0x${Buffer.from("hello").toString("hex")}` },
      {
        contract: contractHex,
        field: "names",
        keys: ["0xf800000000000007000000060000000500000004000000030000000200000001"],
        path: [],
        value: "0x0102",
      },
      { contract: contractHex, field: "total", keys: [], path: [], value: 12n },
    ]);
    expect(cellText(cells[3])).toBe("members[-3].bool");
  });

  it("has one digest for one state, in whatever order it came about", () => {
    const [first, second, third] = [newState(), newState(), newState()];
    fill(first, [0, 1, 2, 3, 4, 5]);
    fill(second, [5, 4, 3, 2, 1, 0]);
    expect(digestState(first)).toBe(digestState(second));
    fill(third, [5, 4, 3, 2, 1]);
    expect(digestState(third)).not.toBe(digestState(first));
  });

  it("sees a change of any cell, nonce or balance in the digest", () => {
    const state = newState();
    fill(state, [0, 1, 2, 3, 4, 5]);
    const code = state.codes[0];
    const seen = new Set([digestState(state)]);
    for (let leaf = 0; leaf < code.columns.length; leaf++) {
      const slot = state.highestSlot(code, leaf);
      const at = slot << code.columns[leaf].shift;
      code.columns[leaf].u32[at] ^= 1;
      seen.add(digestState(state));
      code.columns[leaf].u32[at] ^= 1;
    }
    state.nonces[2]++;
    seen.add(digestState(state));
    expect(seen.size).toBe(code.columns.length + 2);
  });

  it("ignores entries that hold nothing", () => {
    const state = newState();
    fill(state, [0, 1, 2, 3, 4, 5]);
    const before = digestState(state);
    state.codes[0].tables[2]?.insert2(1, 77);
    state.addresses.internBytes(address(0x77), 0);
    expect(digestState(state)).toBe(before);
  });

  it("names a cell by its column and slot", () => {
    const state = newState();
    fill(state, [0, 1, 2, 3, 4, 5]);
    const code = state.codes[0];
    expect(cellText(nameCell(state, code.columns[4].id, 1))).toBe("members[-3].string");
    expect(cellText(nameCell(state, 0, 1))).toBe(`coin[${hexText("00")}]`);
    expect(() => nameCell(state, 99, 1)).toThrow("no column");
  });
});

describe("state", () => {
  it("registers modules of one hash once, and keeps instances apart", () => {
    const state = newState();
    const code = state.register(contract([everyKind]));
    expect(state.register(contract([everyKind]))).toBe(code);
    const other = state.register(contract([everyKind], [], "0x02"));
    expect(other).not.toBe(code);
    expect(new Set(state.columns.map((column) => column.id)).size).toBe(state.columns.length);
    expect(state.columns.every((column, id) => column.id === id)).toBe(true);
    const a = state.addresses.internBytes(address(1), 0);
    const b = state.addresses.internBytes(address(2), 0);
    expect(state.addInstance(code, a)).toBe(1);
    expect(state.addInstance(code, b)).toBe(2);
    expect([state.codeAt(a), state.instanceAt(b), state.codeAt(1)]).toEqual([code.index, 2, -1]);
    state.removeLastInstance(code);
    expect(state.codeAt(b)).toBe(-1);
    expect(state.addInstance(code, b)).toBe(2);
  });

  it("shows the same memory to whoever attaches to its buffers", () => {
    const state = newState();
    fill(state, [0, 1, 2, 3, 4, 5]);
    const copy = attachState(state.export());
    const code = copy.attach(state.codes[0].buffers, contract(layout));
    expect(code.tables[2]?.find2(1, -3)).toBe(1);
    expect(new TextDecoder().decode(copy.arena.load(code.columns[4], 1))).toBe("hello");
    copy.coin.u32[8] = 5;
    expect(state.coin.u32[8]).toBe(5);
    expect(() => copy.attach(state.codes[0].buffers, contract(layout))).toThrow("internal");
  });

  it("compacts strings without changing them, and lets space be used again", () => {
    const state = createState({ capacity: 100, arenaBytes: 4 << 20, seed: { k0: 1, k1: 2 } });
    const worker = attachState(state.export());
    const code = state.register(contract([everyKind]));
    const instance = state.addInstance(code, 1);
    const column = code.columns[leafOf("string")];
    const slots = [1, 2, 3].map((key) => code.tables[1]?.insert2(instance, key) ?? 0);
    let rounds = 0;
    for (let i = 0; i < 40_000; i++) {
      for (const slot of slots)
        (i % 2 === 0 ? state : worker).arena.store(column, slot, text(`value ${i} of ${slot}, long enough to fill it`));
      if (state.arena.wantsCompaction()) {
        state.tidy(ignore);
        rounds++;
      }
      for (const slot of slots)
        expect(new TextDecoder().decode(state.arena.load(column, slot))).toBe(`value ${i} of ${slot}, long enough to fill it`);
    }
    expect(rounds).toBeGreaterThan(2);
    expect(state.arena.usedBytes()).toBeLessThan(4 << 20);
  }, 20_000);

  it("compacts many strings in pieces, while others are written", () => {
    const cells = 150_000;
    const state = createState({ capacity: 3 * cells, arenaBytes: 24 << 20, seed: { k0: 1, k1: 2 } });
    const threads = [state, attachState(state.export())];
    const code = state.register(contract([everyKind]));
    const column = code.columns[leafOf("string")];
    const table = code.tables[1];
    if (table === undefined) throw new Error("no table");
    const values: string[] = [];
    let writes = 0;
    const write = (slot: number): void => {
      values[slot] = slot % 5 === 0 ? "" : `${slot} written ${writes++} times in all${"!".repeat(slot % 40)}`;
      threads[writes % 2].arena.store(column, slot, text(values[slot]));
    };
    for (let key = 0; key < cells; key++) {
      if (key % 10_000 === 0) state.tidy(ignore);
      if (table.crowded(10_000)) table.ensureRoom(10_000);
      write(table.insert2(1, key));
    }
    let turns = 0;
    for (let round = 0; round < 80; round++) {
      const before = state.arena.usedBytes();
      state.tidy(ignore);
      if (state.arena.usedBytes() < before) turns++;
      for (let i = 0; i < 8000; i++) write(1 + ((round * 8009 + i * 37) % cells));
      for (let slot = 1 + round; slot <= cells; slot += 997)
        expect(Buffer.from(state.arena.load(column, slot)).toString()).toBe(values[slot]);
    }
    expect(turns).toBeGreaterThan(1);
    for (let slot = 1; slot <= cells; slot++)
      if (Buffer.from(state.arena.load(column, slot)).toString() !== values[slot]) throw new Error(`cell ${slot}`);
  });

  it("compacts strings that fill more than half of their space", () => {
    const state = createState({ capacity: 100, arenaBytes: 4 << 20, seed: { k0: 1, k1: 2 } });
    const code = state.register(contract([everyKind]));
    const column = code.columns[leafOf("bytes")];
    const table = code.tables[1];
    if (table === undefined) throw new Error("no table");
    for (let key = 0; key < 30; key++) table.insert2(1, key);
    const value = (slot: number, round: number): Uint8Array => new Uint8Array(100_000).fill(slot + round);
    for (let slot = 1; slot <= 30; slot++) state.arena.store(column, slot, value(slot, 0));
    for (let round = 0; round < 200; round++) {
      state.tidy(ignore);
      state.arena.store(column, 1 + (round % 30), value(round % 30, round));
    }
    for (let slot = 1; slot <= 30; slot++) expect(state.arena.load(column, slot).length).toBe(100_000);
    expect(state.arena.load(column, 1 + (199 % 30))).toEqual(value(199 % 30, 199));
  });

  it("gives no thread space for strings that a compaction has moved others into", () => {
    const state = newState();
    const worker = attachState(state.export());
    const code = state.register(contract([everyKind]));
    const instance = state.addInstance(code, 1);
    const column = code.columns[leafOf("bytes")];
    const [mine, theirs, late] = [1, 2, 3].map((key) => code.tables[1]?.insert2(instance, key) ?? 0);
    state.arena.store(column, mine, text("mine"));
    worker.arena.store(column, theirs, text("of the other thread, which lies behind the first one's chunk"));
    state.compactArena();
    state.arena.store(column, late, text("written after the compaction"));
    worker.arena.store(column, mine, text("overwritten by the other thread"));
    const read = (slot: number): string => new TextDecoder().decode(state.arena.load(column, slot));
    expect([mine, theirs, late].map(read)).toEqual([
      "overwritten by the other thread",
      "of the other thread, which lies behind the first one's chunk",
      "written after the compaction",
    ]);
  });

  it("says so when the space for strings is used up, and keeps what is there", () => {
    const state = createState({ capacity: 100, arenaBytes: 1 << 17, seed: { k0: 1, k1: 2 } });
    const code = state.register(contract([everyKind]));
    const column = code.columns[leafOf("bytes")];
    state.arena.store(column, 1, text("kept"));
    expect(() => {
      for (let i = 0; i < 3000; i++) state.arena.store(column, 2, new Uint8Array(100).fill(i));
    }).toThrow(CapacityError);
    expect(new TextDecoder().decode(state.arena.load(column, 1))).toBe("kept");
  });

  it("frees entries that hold nothing when a table fills up", () => {
    const state = newState(10);
    const code = state.register(contract([everyKind]));
    const instance = state.addInstance(code, 1);
    const table = code.tables[1];
    if (table === undefined) throw new Error("no table");
    const freed: number[][] = [];
    for (let key = 0; key < 8; key++) table.insert2(instance, key);
    writeBig(code.columns[leafOf("u64")], table.find2(instance, 3), 1n);
    state.tidy((_, number, given, key) => freed.push([number, given, key]));
    expect(freed).toEqual([0, 1, 2, 4, 5, 6, 7].map((key) => [1, instance, key]));
    expect(table.size()).toBe(1);
    expect(table.find2(instance, 3)).toBe(4);
    for (let key = 20; key < 29; key++) table.insert2(instance, key);
    expect(() => table.insert2(instance, 99)).toThrow(CapacityError);
  });

  it("frees entries in pieces that keep pace with new ones, so that a table of reads never is full", () => {
    const capacity = 1 << 17;
    const state = newState(capacity);
    const code = state.register(contract([everyKind]));
    const instance = state.addInstance(code, 1);
    const table = code.tables[1];
    if (table === undefined) throw new Error("no table");
    const u64 = code.columns[leafOf("u64")];
    const kept: number[] = [];
    let freed = 0;
    let pieces = 0;
    for (let key = 0; key < 10 * capacity; key++) {
      if (key % 20_000 === 0) {
        const before = freed;
        state.tidy(() => freed++);
        if (freed > before) pieces++;
        if (table.crowded(20_000)) table.ensureRoom(20_000);
      }
      const slot = table.insert2(instance, key);
      if (key % 50 > 0) continue;
      writeBig(u64, slot, BigInt(key + 1));
      kept.push(key);
    }
    expect(pieces).toBeGreaterThan(20);
    expect(table.size()).toBe(10 * capacity - freed);
    for (const key of kept) expect(u64.u64[table.find2(instance, key)]).toBe(BigInt(key + 1));
  });

  it("keeps entries that hold nothing now but have past values", () => {
    const state = newState(10);
    const { leaves, ...rest } = field("weights", ["u32"], ["u64"]);
    const code = state.register(contract([{ ...rest, leaves: leaves.map((leaf) => ({ ...leaf, history: true })) }]));
    const instance = state.addInstance(code, 1);
    const slots = [1, 2].map((key) => code.tables[1]?.insert2(instance, key) ?? 0);
    writeBig(code.columns[1], slots[0], 5n);
    code.histories[1]?.append(slots[0], 3);
    writeBig(code.columns[1], slots[0], 0n);
    code.histories[1]?.append(slots[0], 4);
    const digest = digestState(state);
    expect(state.sweep(code, 1, 10, ignore)).toBe(2);
    expect(code.tables[1]?.find2(instance, 1)).toBe(slots[0]);
    expect(code.tables[1]?.find2(instance, 2)).toBe(0);
    expect(digestState(state)).toBe(digest);
    // Another thread finds them too.
    const copy = attachState(state.export()).attach(code.buffers, code.module);
    expect([2, 3, 4].map((height) => copy.histories[1]?.valueAt(slots[0], height))).toEqual([0n, 5n, 0n]);
  });
});
