/** The comparison with CoSplit: verdicts as conditions, the order of conditions, what counts as a gain, and files that break the format. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePort } from "../../../bench/cosplit/compare.ts";
import type { ComparedPort } from "../../../bench/cosplit/compare.ts";
import { kindOf, meetingOf, parseDemand } from "../../../bench/cosplit/demand.ts";
import type { Demand } from "../../../bench/cosplit/demand.ts";
import { loadPorts, PortError } from "../../../bench/cosplit/ports.ts";
import { markdownReport, textReport } from "../../../bench/cosplit/report.ts";
import { largestSelection } from "../../../bench/cosplit/selection.ts";
import { totalsOf } from "../../../bench/cosplit/totals.ts";
import { folderWith } from "../../helpers/cli.ts";

function demand(...shown: string[]): Demand {
  const parsed = parseDemand(shown);
  if (typeof parsed === "string") throw new Error(parsed);
  return parsed;
}

/** One contract with these members, beside these verdicts. */
function compared(
  members: string,
  verdicts: Readonly<Record<string, readonly string[]>>,
  weak: readonly string[] | undefined = undefined,
): ComparedPort {
  const transitions = Object.entries(verdicts).map(([name, shown]) => ({
    name,
    demand: demand(...shown),
    weak: weak === undefined ? undefined : demand(...weak),
    why: undefined,
  }));
  return comparePort({
    name: "case",
    original: "Case",
    source: "somewhere",
    contractName: "Case",
    file: "case.weft",
    text: `contract Case {\n${members}\n}\n`,
    selection: { transitions: transitions.length, largest: 0, maximal: 0 },
    transitions,
    skipped: [],
    names: new Map([["delete", "remove"]]),
  });
}

function verdictOn(members: string, ...shown: string[]): string {
  return compared(members, { f: shown }).transitions[0].comparison;
}

const MAP =
  "state m: map<u64, u64>; state two: map<address, map<u64, u64>>; state n: u64; immutable boss: address; init(boss: address) { self.boss = boss; }";

describe("a verdict", () => {
  it("has one of four kinds, and only what is owned counts", () => {
    expect(kindOf(demand())).toBe("free");
    expect(kindOf(demand("user to", "sender-shard", "contract-shard", "distinct _sender≠to", "distinct a≠b, b≠c"))).toBe("free");
    expect(kindOf(demand("own f[a][_sender]", "user a"))).toBe("keyed");
    expect(kindOf(demand("own f[a]", "own f"))).toBe("whole");
    expect(kindOf(demand("own f[a]", "UNSAT"))).toBe("unsat");
  });

  it("that isn't understood is refused, not skipped", () => {
    for (const shown of ["own", "own f[", "own f[a", "own f[?a]", "owns f", "distinct a", "user", "", "UNSAT "])
      expect(parseDemand([shown])).toBeTypeOf("string");
  });

  it("makes two calls meet in equal keys of one field, whichever of its components they are", () => {
    expect(meetingOf(demand("own f[a]", "own f[b]", "own g[a]"))).toEqual([
      [{ left: "a", right: "a" }],
      [{ left: "a", right: "b" }],
      [{ left: "b", right: "a" }],
      [{ left: "b", right: "b" }],
      [{ left: "a", right: "a" }],
    ]);
    expect(meetingOf(demand("own f[a][b]", "own f[c]")).at(1)).toEqual([{ left: "a", right: "c" }]);
    expect(meetingOf(demand("own f"))).toEqual([[]]);
    expect(meetingOf(demand("UNSAT"))).toEqual([[]]);
    expect(meetingOf(demand())).toEqual([]);
  });
});

describe("Weft's condition beside CoSplit's", () => {
  const KEYED = `${MAP} pub fn f(k: u64, to: address) { self.m[k] = 1; }`;

  it("is the same where both name the same keys", () => {
    expect(verdictOn(KEYED, "own m[k]")).toBe("same");
    expect(verdictOn(`${MAP} pub fn f(k: u64) { self.two[caller][k] = 1; }`, "own two[_sender][k]")).toBe("same");
    expect(verdictOn(`${MAP} pub fn f() { self.n = 1; }`, "own n")).toBe("same");
    expect(verdictOn(`${MAP} pub fn f(x: address) { }`, "user x")).toBe("same");
  });

  it("is finer where CoSplit orders more calls", () => {
    expect(verdictOn(KEYED, "UNSAT")).toBe("finer");
    expect(verdictOn(KEYED, "own m")).toBe("finer");
    expect(verdictOn(KEYED, "own m[k]", "own g[to]")).toBe("finer");
    expect(verdictOn(`${MAP} pub fn f(k: u64) { self.two[caller][k] = 1; }`, "own two[_sender]")).toBe("finer");
    expect(verdictOn(`${MAP} view fn f(k: u64) -> u64 { return self.m[k]; }`, "own m[k]")).toBe("finer");
    expect(verdictOn(`${MAP} pub fn f() { self.n += 1; }`, "own n")).toBe("finer");
  });

  it("is coarser as soon as two calls wait that CoSplit lets run on two shards", () => {
    expect(verdictOn(KEYED)).toBe("coarser");
    expect(verdictOn(KEYED, "own m[to]")).toBe("coarser");
    expect(verdictOn(KEYED, "own m[k][to]")).toBe("coarser");
    expect(verdictOn(`${MAP} pub fn f(k: u64) { self.n = 1; }`, "own m[k]")).toBe("coarser");
    // One of two alternatives is enough.
    expect(verdictOn(`${MAP} pub fn f(k: u64, l: u64) { self.m[k] = self.m[l]; }`, "own m[k]")).toBe("coarser");
    expect(verdictOn(`${MAP} pub fn f(k: u64, l: u64) { self.m[k] = self.m[l]; }`, "own m[k]", "own m[l]")).toBe("finer");
  });

  it("follows equalities: owners that are all the same account have equal keys", () => {
    const members = `${MAP} pub fn f() { require caller == self.boss; self.n = 1; }`;
    expect(verdictOn(members, "own two[_sender]")).toBe("same");
  });

  it("gains nothing from what it says of one call alone", () => {
    const members = `${MAP} pub fn f() { require caller == self.boss; self.n = 1; }`;
    const { transitions, pairs } = compared(members, { f: ["own n"] });
    expect(transitions[0]).toMatchObject({ comparison: "same", useful: false, condition: "a.caller == self.boss ∧ b.caller == self.boss" });
    expect(pairs).toEqual({ never: 0, escrow: 0, sometimes: 0, always: 1 });
    expect(verdictOn(`${MAP} state at: u64; pub fn f() { self.m[self.at] = 1; }`, "UNSAT")).toBe("same");
  });

  it("compares a key of one call with an account that is the same for all as a condition on one call", () => {
    const acc = `${MAP} state acc: map<address, u64>;`;
    const fee = "pub fn fee() { self.acc[self.boss] = 1; }";
    const set = "pub fn set(to: address) { self.acc[to] = 1; }";
    for (const functions of [`${fee} ${set}`, `${set} ${fee}`])
      expect(compared(`${acc} ${functions}`, { fee: [], set: [] })).toMatchObject({ pairs: { sometimes: 1, always: 2 }, selection: 1 });
  });

  it("counts a key that nobody knows before, and calls of other contracts, as always", () => {
    const loop = `${MAP} pub fn f(ks: list<u64, 4>) { var at: u64 = 0; for k in ks { at += k; self.m[at] += 1; } }`;
    expect(compared(loop, { f: ["UNSAT"] }).transitions[0]).toMatchObject({ comparison: "same", useful: false, marks: ["wide"] });
    expect(verdictOn(loop, "own m[ks]")).toBe("coarser");
    const out = `${MAP} pub fn f(to: address) { let data: bytes<32> = call(to, 0, bytes("x")); }`;
    expect(compared(out, { f: ["UNSAT"] }).transitions[0]).toMatchObject({ comparison: "same", marks: ["calls"] });
    expect(verdictOn(out)).toBe("coarser");
  });

  it("takes calls of accounts that CoSplit demands to be no contracts for what they are: never worse, never a gain", () => {
    const out = `${MAP} pub fn f(to: address, k: u64) { self.m[k] = 1; let data: bytes<32> = call(to, 0, bytes("x")); }`;
    expect(verdictOn(out, "own m[k]", "user to")).toBe("same");
    expect(verdictOn(out, "own n", "user to")).toBe("same");
    expect(verdictOn(out, "own m[to]", "user to")).toBe("coarser");
    expect(verdictOn(out, "own m[k]", "user k", "user _sender")).toBe("coarser");
    expect(verdictOn(`${MAP} pub fn f() { let data: bytes<32> = call(caller, 0, bytes("x")); }`, "user _sender")).toBe("same");
    expect(verdictOn(`${MAP} pub fn f(to: address) { let data: bytes<32> = call(self.boss, 0, bytes("x")); }`, "user to")).toBe("coarser");
  });

  it("is marked where a key is read from state", () => {
    const members = `${MAP} state owners: map<u64, u64>; pub fn f(k: u64) { self.m[self.owners[k]] = 1; }`;
    expect(compared(members, { f: ["UNSAT"] }).transitions[0]).toMatchObject({ comparison: "finer", marks: ["staged"] });
    expect(verdictOn(members, "own m[k]", "own owners[k]")).toBe("coarser");
  });

  it("is compared with the verdict for stale reads apart", () => {
    const { transitions } = compared(KEYED, { f: ["own m[k]"] }, []);
    expect(transitions[0]).toMatchObject({ comparison: "same", weak: { comparison: "coarser" } });
  });

  it("finds names that Weft reserves under other names", () => {
    expect(compared(`${MAP} pub fn remove(k: u64) { delete self.m[k]; }`, { delete: ["own m[k]"] }).transitions[0].comparison).toBe("same");
  });
});

describe("a port", () => {
  it("has the transitions and the parameters of the original", () => {
    const two = `${MAP} pub fn f() { self.n = 1; } pub fn g() { self.n = 2; }`;
    expect(() => compared(two, { f: [] })).toThrow(new PortError("case.weft: `g` is no transition of the original"));
    expect(() => compared(two, { f: [], g: [], h: [] })).toThrow(new PortError("case.weft: no function `h`"));
    expect(() => compared(two, { f: ["own m[k]"], g: [] })).toThrow(new PortError("case.weft: `f` has no parameter `k`"));
    expect(() => compared("pub fn f( {}", { f: [] })).toThrow(/^case\.weft doesn't compile: E\d{4} /);
  });

  it("shows everything in both reports, and nothing breaks the table", () => {
    const ports = [compared(`${MAP} pub fn f(k: u64) { self.m[k] |= 1; } pub fn g() { self.n += 1; }`, { f: ["UNSAT"], g: [] })];
    expect(textReport(ports)).toContain("touches  | m[k]\n    Weft     never\n    CoSplit  UNSAT");
    expect(markdownReport(ports)).toContain("| `f` | `\\| m[k]` | `never` | `UNSAT` | **finer** |");
    expect(totalsOf(ports)).toMatchObject({
      finerReads: 0,
      transitions: 2,
      comparison: { finer: 1, same: 1, coarser: 0 },
      pairs: { never: 2, escrow: 1, sometimes: 0, always: 0 },
    });
  });
});

it("transitions that only read are told apart in the totals", () => {
  const members = `${MAP} view fn read(k: u64) -> u64 { return self.m[k]; } pub fn add() { self.n += 1; } view fn same() -> u64 { return self.n; } view fn nothing() -> u64 { return 1; }`;
  const ports = [compared(members, { read: ["own m[k]"], add: ["own n"], same: [], nothing: ["own n"] })];
  expect(totalsOf(ports)).toMatchObject({ comparison: { finer: 3, same: 1, coarser: 0 }, finerReads: 1, useful: { weft: 4, cosplit: 2 } });
});

describe("the largest selection", () => {
  it("is the best of all subsets", () => {
    const graphs = fc
      .integer({ min: 0, max: 9 })
      .chain((count) => fc.tuple(fc.constant(count), fc.array(fc.boolean(), { minLength: 81, maxLength: 81 })));
    fc.assert(
      fc.property(graphs, ([count, bits]) => {
        const excludes = (i: number, j: number): boolean => bits[i * 9 + j];
        const fits = (set: number): boolean =>
          Array.from({ length: count }, (_, i) => i).every((i) =>
            Array.from({ length: i }, (_, j) => j).every((j) => ((set >> i) & (set >> j) & 1) === 0 || !excludes(j, i)),
          );
        const sizes = Array.from({ length: 1 << count }, (_, set) => (fits(set) ? set.toString(2).replaceAll("0", "").length : 0));
        expect(largestSelection(count, excludes)).toBe(Math.max(...sizes));
      }),
    );
  });
});

describe("files", () => {
  const VERDICT = {
    contract: "Case",
    source: "somewhere",
    port: "case.weft",
    contractName: "Case",
    selection: { transitions: 1, largest: 1, maximal: 1 },
    transitions: { f: { cosplit: ["own n"] } },
  };

  function load(verdict: unknown, others: Readonly<Record<string, string>> = {}): string {
    const folder = folderWith({ "case.weft": "contract Case {}", ...others });
    mkdirSync(join(folder, "verdicts"));
    writeFileSync(join(folder, "verdicts", "case.json"), typeof verdict === "string" ? verdict : JSON.stringify(verdict));
    try {
      return `${loadPorts(folder).length} ports`;
    } catch (problem) {
      if (problem instanceof PortError) return problem.message;
      throw problem;
    }
  }

  it("that keep to the format are read", () => {
    expect(load(VERDICT)).toBe("1 ports");
    expect(load({ ...VERDICT, transitions: {}, skipped: { f: "a callback" }, names: { delete: "remove" } })).toBe("1 ports");
  });

  it.each<readonly [unknown, string]>([
    ["{", "verdicts/case.json: Expected property name"],
    ["[]", "verdicts/case.json: expected an object"],
    ["null", "verdicts/case.json: expected an object"],
    [{ ...VERDICT, source: undefined }, "verdicts/case.json: `source` is missing"],
    [{ ...VERDICT, sauce: 1 }, "verdicts/case.json: unknown member `sauce`"],
    [{ ...VERDICT, contract: 1 }, "verdicts/case.json: contract: expected a text"],
    [{ ...VERDICT, port: "other.weft" }, 'verdicts/case.json: port: expected "case.weft", found "other.weft"'],
    [{ ...VERDICT, transitions: {} }, "verdicts/case.json: 0 transitions and 0 skipped, but selection says 1"],
    [{ ...VERDICT, transitions: { f: {} } }, "verdicts/case.json: transitions.f: `cosplit` is missing"],
    [{ ...VERDICT, transitions: { f: { cosplit: "UNSAT" } } }, "verdicts/case.json: transitions.f.cosplit: expected a list"],
    [{ ...VERDICT, transitions: { f: { cosplit: ["owns n"] } } }, `verdicts/case.json: transitions.f.cosplit: can't read "owns n"`],
    [
      { ...VERDICT, selection: { transitions: 1, largest: 2, maximal: 1 } },
      "verdicts/case.json: selection.largest: more than there are transitions",
    ],
    [
      { ...VERDICT, selection: { transitions: 1.5, largest: 1, maximal: 1 } },
      "verdicts/case.json: selection.transitions: expected a number",
    ],
  ])("that don't are named with what is wrong: %j", (verdict, message) => {
    expect(load(verdict)).toContain(message);
  });

  it("belong together", () => {
    expect(load(VERDICT, { "other.weft": "contract Other {}" })).toBe("other.weft: there is no verdicts/other.json");
    expect(() => loadPorts("/nowhere/at/all")).toThrow(PortError);
  });
});
