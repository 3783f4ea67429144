/** What this project has promised of its speed, judged by the rows of one run. Nothing parallel is judged by a row whose seconds had no second core. */
import type { BlockRow, BusyRow, Goal, Pair, Row, Verdict } from "./report.ts";
import { count } from "./text.ts";

const TRANSFERS_PER_SECOND = 2_000_000;
const MINTS_AND_VOTES_PER_SECOND = 1_000_000;
/** A hot account may cost this part of the speed over many accounts. */
const HOT_LOSS = 0.2;
const SHARE_COMPUTING = 0.93;
const SHARE_LOW_CONTENTION = 0.8;
const NEVER_BELOW = 0.9;
const ACCOUNTS_GROWTH = 4;
const BLOCKS_GROWTH = 1.3;
/** A call this long, in nanoseconds, is long enough to pay for its planning. */
const LONG_CALL_NS = 1_000;
/** Low contention: the graph would keep this many times the workers busy, and few calls wait. */
const SPARE_WORK = 4;
const FEW_WAIT = 0.05;

interface Measured {
  readonly rows: readonly Row[];
  readonly blocks: readonly BlockRow[];
  readonly oneCoreBusy: readonly BusyRow[];
  readonly workers: number;
}

/** Anything of which two figures are compared, with the seconds they are from. */
interface Judged {
  readonly name: string;
  readonly value: number;
  readonly busy: boolean;
}

export function judge(measured: Measured): readonly Goal[] {
  const row = (name: string): Row | undefined => measured.rows.find((each) => each.name === name);
  return [
    ...[
      { name: "transfers", what: "token transfers over 100,000 accounts", least: TRANSFERS_PER_SECOND },
      { name: "mints", what: "NFT mints", least: MINTS_AND_VOTES_PER_SECOND },
      { name: "votes", what: "DAO votes", least: MINTS_AND_VOTES_PER_SECOND },
    ].map(({ name, what, least }) => rateGoal(what, least, row(name))),
    hotGoal("hot-receiver", row("hot-receiver"), row("transfers")),
    hotGoal("hot-sender", row("hot-sender"), row("transfers")),
    leastGoal("computing gains what two loops gain", SHARE_COMPUTING, sharesOf([row("hashes")])),
    leastGoal("calls of 1 µs and more that seldom wait, too", SHARE_LOW_CONTENTION, sharesOf(lowContention(measured))),
    leastGoal("parallel is never much slower than serial", NEVER_BELOW, ratiosOf(measured)),
    mostGoal(
      "a call at 1,000,000 accounts against one at 10,000",
      ACCOUNTS_GROWTH,
      accountsGrowth(row("transfers-10k"), row("transfers-1m")),
    ),
    mostGoal("a call in blocks of 10,000 to 1,000,000, dearest against cheapest", BLOCKS_GROWTH, blocksGrowth(measured.blocks)),
  ];
}

function rateGoal(what: string, least: number, row: Row | undefined): Goal {
  const found = row === undefined ? "" : `${count(row.parallel.median)}/s`;
  return { name: what, wanted: `${count(least)}/s in parallel`, found, verdict: verdictOf(row, (given) => given.parallel.median >= least) };
}

function hotGoal(name: string, row: Row | undefined, many: Row | undefined): Goal {
  const wanted = `at least ${1 - HOT_LOSS} of transfers over 100,000 accounts`;
  if (row === undefined || many === undefined) return { name, wanted, found: "", verdict: "not measured" };
  const ratio = row.parallel.median / many.parallel.median;
  const busy = row.gain.busy || many.gain.busy;
  return { name, wanted, found: ratio.toFixed(2), verdict: busy ? "machine busy" : passes(ratio >= 1 - HOT_LOSS) };
}

function verdictOf(row: Row | undefined, test: (row: Row) => boolean): Verdict {
  if (row === undefined) return "not measured";
  return row.gain.busy ? "machine busy" : passes(test(row));
}

function passes(is: boolean): Verdict {
  return is ? "pass" : "fail";
}

/** All that can be judged must be at least so much; the worst is shown. */
function leastGoal(name: string, least: number, all: readonly Judged[]): Goal {
  const { worst, verdict } = worstOf(
    all,
    (a, b) => a.value - b.value,
    (value) => value >= least,
  );
  return { name, wanted: `at least ${least}`, found: worst, verdict };
}

function mostGoal(name: string, most: number, all: readonly Judged[]): Goal {
  const { worst, verdict } = worstOf(
    all,
    (a, b) => b.value - a.value,
    (value) => value <= most,
  );
  return { name, wanted: `at most ${most}`, found: worst, verdict };
}

function worstOf(
  all: readonly Judged[],
  worstFirst: (a: Judged, b: Judged) => number,
  test: (value: number) => boolean,
): { readonly worst: string; readonly verdict: Verdict } {
  if (all.length === 0) return { worst: "", verdict: "not measured" };
  const judged = all.filter(({ busy }) => !busy).sort(worstFirst);
  if (judged.length === 0) return { worst: "", verdict: "machine busy" };
  const failing = judged.filter(({ value }) => !test(value));
  const shown = failing.length > 0 ? failing : judged.slice(0, 1);
  const left = all.length - judged.length;
  const note = left === 0 ? "" : ` (${left} of ${all.length} not judged: machine busy)`;
  return { worst: shown.map(({ name, value }) => `${name} ${value.toFixed(2)}`).join(", ") + note, verdict: passes(failing.length === 0) };
}

function sharesOf(rows: readonly (Row | undefined)[]): Judged[] {
  return rows.flatMap((row) => (row === undefined ? [] : [{ name: row.name, value: row.shareOfGain, busy: row.gain.busy }]));
}

function lowContention({ rows, workers }: Measured): Row[] {
  return rows.filter(
    (row) => 1e9 / row.serial.median >= LONG_CALL_NS && row.workToSpan >= SPARE_WORK * workers && row.waiting <= FEW_WAIT * row.calls,
  );
}

function ratiosOf({ rows, blocks, oneCoreBusy }: Measured): Judged[] {
  const judged = (name: string, pair: Pair): Judged => ({ name, value: pair.parallelToSerial.median, busy: pair.gain.busy });
  return [
    ...rows.map((row) => judged(row.name, row)),
    ...blocks.map((row) => judged(`blocks of ${count(row.calls)}`, row)),
    ...oneCoreBusy.map((row) => judged(`${row.name} beside a busy process`, row)),
  ];
}

/** In serial mode no other core matters. */
function accountsGrowth(few: Row | undefined, many: Row | undefined): Judged[] {
  if (few === undefined || many === undefined) return [];
  return [
    { name: "serial", value: few.serial.median / many.serial.median, busy: false },
    { name: "parallel", value: few.parallel.median / many.parallel.median, busy: few.gain.busy || many.gain.busy },
  ];
}

const FLAT_FROM = 10_000;
const FLAT_TO = 1_000_000;

function blocksGrowth(blocks: readonly BlockRow[]): Judged[] {
  const flat = blocks.filter(({ calls }) => calls >= FLAT_FROM && calls <= FLAT_TO);
  if (!flat.some(({ calls }) => calls === FLAT_FROM) || !flat.some(({ calls }) => calls === FLAT_TO)) return [];
  const spread = (mode: "serial" | "parallel"): number =>
    Math.max(...flat.map((row) => row[mode].median)) / Math.min(...flat.map((row) => row[mode].median));
  return [
    { name: "serial", value: spread("serial"), busy: false },
    { name: "parallel", value: spread("parallel"), busy: flat.some((row) => row.gain.busy) },
  ];
}
