/** What the generators of tokens stand on: where tokens go, chance, and how large a program may get. What they say is in the other files of this folder. */
import type { Random } from "../random.ts";

export type Part = () => void;

/** All words that mean something in places only, and are names everywhere else, are among them. */
const SHORT = (
  "a b x to from value min max state event error block init test when time total Token Shape IERC20 _x1 assert deploy create " +
  "immutable parallel indexed invariant expect advance fuzz only calls height"
).split(" ");
const LONG = [...SHORT, "aNameAsLongAsSomeAuthorsLikeThem", "remainingAllowanceOfTheSpenderBefore", "TheInterfaceOfSomethingWithALongName"];

/** Tokens after which a program comes to its end. Most are small: what goes wrong does so in few tokens, and a large program takes the time of many. */
const BUDGETS = [10, 10, 20, 20, 20, 40, 40, 40, 80, 80, 150, 250];
const LARGE_BUDGET = 3000;

export abstract class TokenSource {
  protected readonly random: Random;
  protected readonly out: string[] = [];
  protected depth = 0;
  protected inTest = false;
  readonly #budget: number;
  readonly #names: readonly string[];

  constructor(random: Random) {
    this.random = random;
    this.#budget = random.chance(0.003) ? LARGE_BUDGET : random.pick(BUDGETS);
    this.#names = random.chance(0.3) ? LONG : SHORT;
  }

  protected isFull(): boolean {
    return this.out.length >= this.#budget;
  }

  protected put(...tokens: readonly string[]): void {
    this.out.push(...tokens);
  }

  protected name(): void {
    this.put(this.random.pick(this.#names));
  }

  protected label(): void {
    this.name();
    this.put(":");
  }

  protected times(most: number, part: Part, least = 0): void {
    const count = this.isFull() ? least : least + this.random.below(most + 1 - least);
    for (let i = 0; i < count; i++) part();
  }

  protected maybe(part: Part, chance = 0.4): void {
    if (this.random.chance(chance)) part();
  }

  protected oneOf(parts: readonly Part[]): void {
    this.random.pick(parts)();
  }

  /** With commas between, at least one. */
  protected commas(most: number, part: Part): void {
    part();
    this.times(most - 1, () => {
      this.put(",");
      part();
    });
  }

  protected list(open: string, close: string, part: Part, least = 0, most = 4): void {
    this.put(open);
    const count = least + this.random.below(this.depth > 6 || this.isFull() ? 1 : most + 1 - least);
    for (let i = 0; i < count; i++) {
      part();
      if (i < count - 1 || this.random.chance(0.2)) this.put(",");
    }
    this.put(close);
  }
}
