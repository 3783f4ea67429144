/**
 * Decides before a block whether sharing it with the workers pays. A small block doesn't: how long one would take alone is told by what calls took lately. Of
 * the others, from what blocks took lately: on an idle machine it does, while another process holds the other cores it doesn't, and then running alone
 * loses nothing. Results are the same either way.
 * Times come in as arguments. What wasn't tried for a while is tried again, ever more rarely while the answer stays the same.
 */

export type Way = "shared" | "alone";

/** Weight of the newest block in the average cost of a call. */
const NEWEST = 0.5;
/** Blocks of each way that count: their median doesn't follow a single one that was held up, and does follow the second. */
const REMEMBERED = 3;
/** Shared blocks before they are judged, and those of them that don't count: workers compile their code on the way. */
const WARM_UPS = 6;
const COLD = 3;
/** Blocks until the other way is tried again: at first, and at most. */
const PATIENCE = 4;
const MAX_PATIENCE = 64;
/** Blocks that take less alone are small: waking a worker costs more than it could take over. */
const SHARE_FROM_MS = 1;
/** Calls of a block that is large as far as nobody knows better. */
const SHARE_FROM_CALLS = 2048;
/** Blocks that take less say nothing: the clock, and memory that is in the caches by chance. */
const TELLING_MS = 0.2;

export class Pace {
  /** Milliseconds per unit of cost of the last blocks of each way, the newest last. */
  private readonly rates: Readonly<Record<Way, number[]>> = { shared: [], alone: [] };
  /** Their medians; 0 when not known. */
  private readonly rate = { shared: 0, alone: 0 };
  /** Cost per call of the last blocks. */
  private costPerCall = 0;
  private sharedBlocks = 0;
  private patience = PATIENCE;
  private sinceProbe = 0;
  private last: Way = "shared";

  /** Whether a block of so many calls is worth waking a worker. */
  isLarge(calls: number): boolean {
    const { shared, alone } = this.rate;
    // Nobody has seen one alone: two threads gain twice at most.
    const rate = alone > 0 ? alone : shared * 2;
    return rate === 0 ? calls >= SHARE_FROM_CALLS : rate * this.costPerCall * calls >= SHARE_FROM_MS;
  }

  /** The way of a large block. */
  choose(): Way {
    const { shared, alone } = this.rate;
    if (this.sharedBlocks < WARM_UPS) return "shared";
    if (alone === 0) return "alone";
    const best: Way = shared <= alone ? "shared" : "alone";
    if (best !== this.last) {
      this.patience = PATIENCE;
      this.sinceProbe = 0;
    }
    this.last = best;
    if (this.sinceProbe++ < this.patience) return best;
    this.sinceProbe = 0;
    this.patience = Math.min(MAX_PATIENCE, this.patience * 2);
    return best === "shared" ? "alone" : "shared";
  }

  /** What a block took. */
  note(way: Way, ms: number, cost: number, calls: number): void {
    if (!(cost > 0) || calls === 0 || ms < TELLING_MS) return;
    if (way === "shared" && ++this.sharedBlocks <= COLD) return;
    const rate = ms / cost;
    const rates = this.rates[way];
    // The first blocks run cold code and say little: a much better figure replaces them at once.
    if (rate < this.rate[way] * 0.5) rates.length = 0;
    rates.push(rate);
    if (rates.length > REMEMBERED) rates.shift();
    this.rate[way] = rates.toSorted((a, b) => a - b)[rates.length >> 1];
    this.costPerCall = this.costPerCall === 0 ? cost / calls : this.costPerCall + NEWEST * (cost / calls - this.costPerCall);
  }
}
