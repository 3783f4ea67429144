/**
 * `npm run bench:growth`: what growing costs. One token's `map<address, u256>` is filled by transfers to new accounts, block after block, to ten million cells. Told are
 * the longest pause of a block, memory per entry with a table of where it goes, and what a transfer costs among few and many accounts.
 * `-- --entries N`, `-- --block N`, `-- --workers N`, `-- --json`.
 */
import { readFileSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { bucketsFor } from "../runtime/state/buckets.ts";
import type { Population } from "./account-blocks.ts";
import { populate } from "./account-blocks.ts";
import { loadContract } from "./stage.ts";
import { spreadOf } from "./statistics.ts";

const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "10000000" },
    block: { type: "string", default: "50000" },
    workers: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const entries = Number(values.entries);
const calls = Number(values.block);
const workers = Number(values.workers);
if (![entries, calls, workers].every((value) => Number.isInteger(value) && value > 0) || entries < 20 * calls) {
  console.error("usage: npm run bench:growth -- [--entries N] [--block N] [--workers N] [--json], N entries at least 20 blocks");
  process.exit(2);
}

/** Blocks after which code is warm and the memory of blocks has been touched: what grows from there on is state. */
const WARM_UP = 16;
/** Blocks beside one that tell what one like it takes. */
const NEIGHBOURS = 10;
const COST_ROUNDS = 15;
const COST_SIZES = [10_000, 1_000_000];
const KIB = 1024;

interface Block {
  readonly wallMs: number;
  /** Of all threads of the process: other processes can't make it longer by holding the core. */
  readonly cpuMs: number;
}

function say(line: string): void {
  if (!values.json) console.log(line);
}

/** Bytes of memory that the process has touched and that weren't given back. */
function residentBytes(): number {
  const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"));
  return match === null ? process.memoryUsage().rss : Number(match[1]) * KIB;
}

const collections: number[] = [];
const observer = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) collections.push(entry.duration);
});
observer.observe({ entryTypes: ["gc"] });

async function timed(run: () => Promise<unknown>): Promise<Block> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

/** How much longer a block took than those around it did, at most. */
function longestPause(blocks: readonly number[]): { readonly ms: number; readonly block: number } {
  let longest = { ms: 0, block: 0 };
  blocks.forEach((ms, block) => {
    const around = blocks.slice(Math.max(0, block - NEIGHBOURS), block + NEIGHBOURS + 1);
    const beyond = ms - spreadOf(around).median;
    if (beyond > longest.ms) longest = { ms: beyond, block };
  });
  return longest;
}

interface Part {
  readonly name: string;
  /** Per entry. */
  readonly bytes: number;
}

/** Where the bytes of an account with a balance are, by the layout of the tables. */
function partsOf(accounts: number): readonly Part[] {
  const buckets = (bucketsFor(accounts) * 4) / accounts;
  return [
    { name: "balance: value of the cell", bytes: 32 },
    { name: "balance: key (instance, address id)", bytes: 8 },
    { name: "balance: buckets of the table", bytes: buckets },
    { name: "balance: mark of the cell's node in the present block", bytes: 4 },
    { name: "balance: slot by address id", bytes: 4 },
    { name: "address: its 20 bytes", bytes: 20 },
    { name: "address: buckets of the table", bytes: buckets },
    // Those with low numbers, who have low ids.
    { name: "address: nonce, of those who send (half)", bytes: 4 },
  ];
}

const loaded = await loadContract("examples/token/token.weft");
const open = (accounts: number): Promise<Population> => {
  let capacity = 2 ** 20;
  while (capacity < accounts + calls) capacity *= 2;
  return populate({ loaded, capacity, workers, accounts: accounts + 2 * calls, calls });
};

const people = await open(entries);
await people.found(calls);
for (let i = 0; i < WARM_UP; i++) await people.shuffle(calls, calls);
const first = people.accounts;
const baseline = residentBytes();
collections.length = 0;
const blocks: Block[] = [];
const steps: { readonly entries: number; readonly bytesPerEntry: number }[] = [];
let nextStep = 2 ** Math.ceil(Math.log2(first * 4));
say(
  `${entries.toLocaleString("en-US")} entries of a map<address, u256>, blocks of ${calls.toLocaleString("en-US")} transfers to new accounts, workers: ${workers}\n`,
);
say("   entries  bytes per entry");
while (people.accounts < entries) {
  blocks.push(await timed(() => people.found(Math.min(calls, entries - people.accounts))));
  if (people.accounts < nextStep && people.accounts < entries) continue;
  const bytesPerEntry = (residentBytes() - baseline) / (people.accounts - first);
  steps.push({ entries: people.accounts, bytesPerEntry });
  say(`${people.accounts.toLocaleString("en-US").padStart(10)}${bytesPerEntry.toFixed(1).padStart(17)}`);
  nextStep *= 2;
}
const measured = steps[steps.length - 1].bytesPerEntry;
const parts = partsOf(people.accounts);
const computed = parts.reduce((sum, part) => sum + part.bytes, 0);
say("\nwhere they go, by layout");
for (const { name, bytes } of parts) say(`  ${name.padEnd(56)}${bytes.toFixed(1).padStart(6)}`);
say(`  ${"sum".padEnd(56)}${computed.toFixed(1).padStart(6)}`);
say(`  ${"resident, measured".padEnd(56)}${measured.toFixed(1).padStart(6)}`);

const wall = spreadOf(blocks.map((block) => block.wallMs));
const cpu = spreadOf(blocks.map((block) => block.cpuMs));
const pause = longestPause(blocks.map((block) => block.wallMs));
const cpuPause = longestPause(blocks.map((block) => block.cpuMs));
// Observers are told later.
await new Promise((resolve) => setTimeout(resolve, 10));
const collection = Math.max(0, ...collections);
say(`\n${blocks.length} blocks    median       max   longest beyond its neighbours' median`);
say(
  `wall ms   ${wall.median.toFixed(1).padStart(11)}${wall.max.toFixed(1).padStart(10)}${pause.ms.toFixed(1).padStart(9)} (block ${pause.block})`,
);
say(
  `processor ms${cpu.median.toFixed(1).padStart(9)}${cpu.max.toFixed(1).padStart(10)}${cpuPause.ms.toFixed(1).padStart(9)} (block ${cpuPause.block})`,
);
say(`garbage collections: ${collections.length}, the longest ${collection.toFixed(1)} ms`);

const others: Population[] = [];
for (const size of COST_SIZES.filter((each) => each < entries)) {
  const other = await open(size);
  while (other.accounts < size) await other.found(Math.min(calls, size - other.accounts));
  others.push(other);
}
const chains = [...others, people];
const costs = chains.map(() => [] as number[]);
for (let round = -3; round < COST_ROUNDS; round++) {
  for (let i = 0; i < chains.length; i++) {
    const { wallMs } = await timed(() => chains[i].shuffle(calls, chains[i].accounts));
    if (round >= 0) costs[i].push((wallMs / calls) * 1000);
  }
}
say("\n  accounts  µs per transfer between two of them by chance (median)");
const costRows = chains.map((each, i) => ({ accounts: each.accounts, microseconds: spreadOf(costs[i]) }));
for (const { accounts, microseconds } of costRows)
  say(
    `${accounts.toLocaleString("en-US").padStart(10)}${microseconds.median.toFixed(2).padStart(7)}${(microseconds.median / costRows[0].microseconds.median).toFixed(2).padStart(8)}x`,
  );
if (values.json)
  console.log(
    JSON.stringify(
      {
        schema: 1,
        tool: "weft",
        command: "bench:growth",
        entries,
        calls,
        workers,
        steps,
        parts,
        computed,
        measured,
        wall,
        cpu,
        pause,
        cpuPause,
        collection,
        costs: costRows,
      },
      undefined,
      2,
    ),
  );
observer.disconnect();
for (const each of chains) await each.chain.close();
