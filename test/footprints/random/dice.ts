/** Choices from a seed (Mulberry32): the same seed gives the same choices. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** One of several ways to make something; each is a function, so that only the one taken rolls on. */
  way<T>(...ways: readonly (() => T)[]): T {
    return this.of(ways)();
  }

  /** The same with weights. */
  weighted<T>(ways: readonly (readonly [weight: number, make: () => T])[]): T {
    let rest = this.next() * ways.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, make] of ways) {
      rest -= weight;
      if (rest < 0) return make();
    }
    return ways[0][1]();
  }

  some<T>(min: number, max: number, make: (index: number) => T): T[] {
    return Array.from({ length: min + this.below(max - min + 1) }, (_, index) => make(index));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}
