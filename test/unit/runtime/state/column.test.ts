import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createColumn, isDefault, read32, readBig, restoreCell, saveCell, write32, writeBig } from "../../../../runtime/state/column.ts";
import { KINDS } from "../fixture.ts";

const INTEGERS = KINDS.filter((kind) => /^[ui]\d+$/.test(kind));

describe("column", () => {
  it.each(INTEGERS)("keeps every value of %s, its limits first", (kind) => {
    const column = createColumn(1, kind, 0, 5);
    const check = (value: bigint): void => {
      writeBig(column, 2, value);
      expect(readBig(column, 2)).toBe(value);
      expect(readBig(column, 1)).toBe(0n);
      expect(readBig(column, 3)).toBe(0n);
    };
    [column.lowest, column.highest, 0n, column.lowest + 1n, column.highest - 1n].forEach(check);
    fc.assert(fc.property(fc.bigInt({ min: column.lowest, max: column.highest }), check), { numRuns: 50 });
    expect(column.bits).toBe(Number(kind.slice(1)));
    expect(column.signed).toBe(kind.startsWith("i"));
  });

  it.each(KINDS)("saves and restores the raw words of %s", (kind) => {
    const column = createColumn(1, kind, 0, 4);
    for (let i = 0; i < 1 << column.shift; i++) column.u32[(2 << column.shift) + i] = 0xf000_0001 + i;
    const before = column.u32.slice();
    const words = new Uint32Array(10);
    saveCell(column, 2, words, 1);
    column.u32.fill(7);
    restoreCell(column, 2, words, 1);
    const from = 2 << column.shift;
    const to = 3 << column.shift;
    expect(column.u32.slice(from, to)).toEqual(before.slice(from, to));
    expect(column.u32[from - 1]).toBe(7);
    expect(column.u32[to]).toBe(7);
  });

  it("holds the zero address as its default and gives it back as id 1", () => {
    const column = createColumn(1, "address", 0, 4);
    expect(read32(column, 1)).toBe(1);
    write32(column, 1, 9);
    expect(read32(column, 1)).toBe(9);
    expect(isDefault(column, 1)).toBe(false);
    write32(column, 1, 1);
    expect(isDefault(column, 1)).toBe(true);
  });

  it("reads narrow numbers with their sign", () => {
    const column = createColumn(1, "i8", 0, 4);
    write32(column, 1, -128);
    expect(read32(column, 1)).toBe(-128);
    const unsigned = createColumn(1, "u32", 0, 4);
    write32(unsigned, 1, 0xffffffff);
    expect(read32(unsigned, 1)).toBe(0xffffffff);
  });
});
