/** What the bench makes of its rows: verdicts on the goals, and plots. */
import { describe, expect, it } from "vitest";
import { judge } from "../../../bench/goals.ts";
import { plotsOf } from "../../../bench/plots.ts";
import type { BlockRow, Gain, Report, Row } from "../../../bench/report.ts";
import { barPlot, linePlot } from "../../../bench/svg.ts";
import { count, duration } from "../../../bench/text.ts";

const IDLE: Gain = { before: 1.9, after: 2, least: 1.9, busy: false };
const BUSY: Gain = { before: 1.2, after: 2, least: 1.2, busy: true };

const spread = (median: number): Row["serial"] => ({ median, min: median * 0.9, max: median * 1.1 });

function pair(calls: number, serial: number, parallel: number, gain: Gain = IDLE): BlockRow {
  return {
    calls,
    rounds: 7,
    serial: spread(serial),
    parallel: spread(parallel),
    parallelToSerial: spread(parallel / serial),
    shared: 1,
    gain,
    shareOfGain: parallel / serial / gain.least,
  };
}

function row(name: string, serial: number, parallel: number, gain: Gain = IDLE): Row {
  return {
    ...pair(100_000, serial, parallel, gain),
    name,
    group: "transfers",
    title: name,
    ledger: spread(serial / 4),
    limit: null,
    parallelToLedger: (4 * parallel) / serial,
    workToSpan: 1_000,
    achieved: parallel / serial / 2,
    executionsPerCall: 1,
    cellsPerCall: 2,
    scheduleNsPerCall: 100,
    scheduleNsPerCell: 50,
    unexpectedStatuses: 0,
    edges: 0,
    waiting: 0,
    uncleared: 0,
    digest: "0x00",
    receipts: "0x00",
  };
}

function verdicts(rows: readonly Row[], blocks: readonly BlockRow[] = []): Readonly<Record<string, readonly string[]>> {
  const goals = judge({ rows, blocks, oneCoreBusy: [], workers: 2 });
  return Object.fromEntries(goals.map(({ name, found, verdict }) => [name, [verdict, found]]));
}

describe("goals", () => {
  it("pass and fail by the rows of the run", () => {
    const found = verdicts([
      row("transfers", 1_200_000, 2_100_000),
      row("hot-receiver", 1_000_000, 1_500_000),
      row("mints", 900_000, 999_999),
    ]);
    expect(found).toMatchObject({
      "token transfers over 100,000 accounts": ["pass", "2,100,000/s"],
      "hot-receiver": ["fail", "0.71"],
      "NFT mints": ["fail", "999,999/s"],
      "DAO votes": ["not measured", ""],
      "hot-sender": ["not measured", ""],
    });
  });

  it("of parallel speed aren't judged by seconds without a second core", () => {
    const found = verdicts([row("transfers", 1_000_000, 500_000, BUSY), row("hashes", 100, 100, BUSY)]);
    expect(found["token transfers over 100,000 accounts"][0]).toBe("machine busy");
    expect(found["computing gains what two loops gain"][0]).toBe("machine busy");
    expect(found["parallel is never much slower than serial"][0]).toBe("machine busy");
  });

  it("name all rows that miss them, and how many weren't judged", () => {
    const found = verdicts([row("star", 1_000, 850), row("chain", 1_000, 800), row("votes", 1_000, 1_000), row("mix", 1_000, 1, BUSY)]);
    expect(found["parallel is never much slower than serial"]).toEqual(["fail", "chain 0.80, star 0.85 (1 of 4 not judged: machine busy)"]);
  });

  it("of growth look at both modes", () => {
    const flat = [pair(100, 1, 1), pair(10_000, 1_000, 1_500), pair(100_000, 1_100, 1_600), pair(1_000_000, 900, 1_100)];
    const found = verdicts([row("transfers-10k", 800, 900), row("transfers-1m", 250, 230)], flat);
    expect(found["a call at 1,000,000 accounts against one at 10,000"]).toEqual(["pass", "parallel 3.91"]);
    expect(found["a call in blocks of 10,000 to 1,000,000, dearest against cheapest"]).toEqual(["fail", "parallel 1.45"]);
  });

  it("only count calls of a microsecond and more that seldom wait", () => {
    const name = "calls of 1 µs and more that seldom wait, too";
    const short = row("short", 2_000_000, 2_000_000);
    const waiting = { ...row("waiting", 500_000, 500_000), waiting: 50_000 };
    expect(verdicts([short, waiting])[name][0]).toBe("not measured");
    expect(verdicts([short, waiting, row("long", 500_000, 850_000)])[name]).toEqual(["pass", "long 0.89"]);
  });
});

describe("plots", () => {
  const report: Report = {
    schema: 2,
    tool: "weft",
    command: "bench",
    machine: { node: "20.0.0", processor: "A <fast> one", cores: 2 },
    settings: { workers: 2, sharing: "adaptive", calls: 100_000, rounds: 7, quick: false },
    rows: [row("transfers-10k", 1_000_000, 1_600_000), row("transfers", 700_000, 1_100_000), row("hashes", 100, 190)],
    blocks: [pair(1, 100_000, 90_000), pair(10_000, 1_000_000, 1_500_000)],
    oneCoreBusy: [],
    goals: [],
  };

  it("are the same bytes for the same figures", () => {
    expect(plotsOf(structuredClone(report))).toEqual(plotsOf(report));
    expect(plotsOf(report).map(({ file }) => file)).toEqual(["throughput.svg", "speed-up.svg", "accounts.svg", "blocks.svg"]);
  });

  it("are drawn only of what was measured", () => {
    expect(plotsOf({ ...report, rows: [], blocks: [] })).toEqual([]);
  });

  it("are whole, for light and dark, and have no text of the machine in their markup", () => {
    for (const { svg } of plotsOf(report)) {
      expect(svg.startsWith("<svg ") && svg.endsWith("</svg>\n")).toBe(true);
      expect(svg).toContain("prefers-color-scheme: dark");
      expect(svg).toContain("A &lt;fast&gt; one");
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });

  it("have bars as long as their values", () => {
    const bars = [{ name: "x", values: [50, null, 100] }];
    const svg = barPlot({ title: "t", note: "n", series: ["a", "b", "c"], bars, show: String, mark: 100 });
    expect(svg).toContain('<rect class="fill0" x="150" y="76" width="290" height="10"/>');
    expect(svg).toContain('<rect class="fill2" x="150" y="87" width="580" height="10"/>');
    expect(svg).toContain('<line class="mark" x1="730"');
  });

  it("have lines over a logarithmic axis", () => {
    const points = [
      [1, 4],
      [10, 2],
      [100, 0],
    ] as const;
    const shown = { title: "t", note: "n", xTitle: "x", yTitle: "y", showX: count, showY: duration };
    const svg = linePlot({ ...shown, lines: [{ name: "a", points }] });
    expect(svg).toContain('d="M90 92 L435 222 L780 352"');
  });
});

it("numbers read the same everywhere", () => {
  expect([0, 999, 1_000, 1_234_567.8].map(count)).toEqual(["0", "999", "1,000", "1,234,568"]);
  expect([0, 12.4, 1_500, 2_500_000].map(duration)).toEqual(["0 ns", "12 ns", "1.50 µs", "2.50 ms"]);
});
