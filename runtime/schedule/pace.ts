/**
 * Decides before a block whether sharing it with the workers pays. A small block doesn't: how long one would take alone is told by what calls took lately. Of
 * the others, from what blocks took lately: on an idle machine it does, while another process holds the other cores it doesn't, and then running alone
 * loses nothing. Results are the same either way.
 * Times come in as arguments. What wasn't tried for a while is tried again, ever more rarely while the answer stays the same.
 */

export type Way = "shared" | "alone";

/** Weight of the newest block in the average time of a call. */
const NEWEST = 0.5;
/** Blocks of each way that count: their median doesn't follow a single one that was held up, and does follow the second. */
const REMEMBERED = 3;
/** Calls in shared blocks before these count: workers compile their code on the way. And shared blocks after that before they are judged. */
const COLD_CALLS = 300_000;
const WARM_UPS = 2;
/** Shared blocks that are cold at most: calls may be long. */
const COLD_BLOCKS = 12;
/** What sharing usually gains: tells roughly what a shared block would have taken alone. */
const USUAL_GAIN = 1.5;
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
  /** Milliseconds that a call takes in a block that runs alone, averaged; 0 when not known. */
  private perCall = 0;
  /** Shared blocks that counted; blocks and calls that were cold. */
  private sharedBlocks = 0;
  private coldBlocks = 0;
  private coldCalls = 0;
  private patience = PATIENCE;
  private sinceProbe = 0;
  private last: Way = "shared";

  /** Whether a block of so many calls is worth waking a worker. */
  isLarge(calls: number): boolean {
    return this.perCall === 0 ? calls >= SHARE_FROM_CALLS : this.perCall * calls >= SHARE_FROM_MS;
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
    const other: Way = best === "shared" ? "alone" : "shared";
    // What went well is tried once more, so that the median can follow.
    if (this.sinceProbe++ === 0 && this.rates[other][this.rates[other].length - 1] < this.rate[best]) return other;
    if (this.sinceProbe <= this.patience) return best;
    this.sinceProbe = 0;
    this.patience = Math.min(MAX_PATIENCE, this.patience * 2);
    return other;
  }

  /** What a block took. */
  note(way: Way, ms: number, cost: number, calls: number): void {
    if (!(cost > 0) || calls === 0) return;
    this.meet((way === "alone" ? ms : ms * USUAL_GAIN) / calls);
    if (ms < TELLING_MS || (way === "shared" && this.isCold(calls))) return;
    if (way === "shared") this.sharedBlocks++;
    const rate = ms / cost;
    const rates = this.rates[way];
    // The first blocks run cold code and say little: a much better figure replaces them at once.
    if (rate < this.rate[way] * 0.5) rates.length = 0;
    rates.push(rate);
    if (rates.length > REMEMBERED) rates.shift();
    this.rate[way] = rates.toSorted((a, b) => a - b)[rates.length >> 1];
  }

  /** Whether the shared block of so many calls that has just ended still ran cold code. */
  private isCold(calls: number): boolean {
    if (this.coldCalls >= COLD_CALLS || this.coldBlocks >= COLD_BLOCKS) return false;
    this.coldCalls += calls;
    this.coldBlocks++;
    return true;
  }

  private meet(perCall: number): void {
    const before = this.perCall;
    this.perCall = before === 0 || perCall < before * 0.5 ? perCall : before + NEWEST * (perCall - before);
  }
}
