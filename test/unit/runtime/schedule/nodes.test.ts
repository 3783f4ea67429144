import { expect, test } from "vitest";
import { NODE_STRIDE, Nodes } from "../../../../runtime/schedule/nodes.ts";
import { createColumn } from "../../../../runtime/state/column.ts";

test("cells have no nodes of blocks before, also when the numbers of marks begin anew", () => {
  const nodes = new Nodes(new SharedArrayBuffer(8 * NODE_STRIDE * 4), new SharedArrayBuffer(8 * 4));
  nodes.addColumn(createColumn(0, "u64", 0, 32));
  for (const base of [1, 2 ** 30 - 3, 2 ** 30 - 1]) {
    nodes.base = base;
    for (let block = 0; block < 3; block++) {
      for (let slot = 1; slot < 4; slot++) {
        expect(nodes.find(0, slot)).toBe(-1);
        expect(nodes.create(0, slot)).toBe(slot - 1);
        expect(nodes.find(0, slot)).toBe(slot - 1);
      }
      nodes.reset();
      expect(nodes.base).toBeLessThan(2 ** 30);
    }
  }
});
