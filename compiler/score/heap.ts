/** A binary heap of numbers, the least first by an order that is total. */

export interface Heap {
  readonly size: () => number;
  readonly push: (item: number) => void;
  /** The least, which there must be. */
  readonly peek: () => number;
  readonly pop: () => number;
}

export function createHeap(order: (a: number, b: number) => number): Heap {
  const items: number[] = [];
  const rise = (from: number): void => {
    const item = items[from];
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (order(items[parent], item) <= 0) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  };
  const sink = (item: number): void => {
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && order(items[child + 1], items[child]) < 0) child++;
      if (order(item, items[child]) <= 0) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = item;
  };
  return {
    size: () => items.length,
    push(item) {
      items.push(item);
      rise(items.length - 1);
    },
    peek: () => items[0],
    pop() {
      const [least] = items;
      const last = items.pop();
      if (last !== undefined && items.length > 0) sink(last);
      return least;
    },
  };
}
