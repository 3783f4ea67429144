/** `weft conflicts --mix` as a process: figures, the JSON document and its schema, mixes from files, and wrong usage. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { asObject, schemaProblems } from "../helpers/json-schema.ts";

const schema = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, "docs/schema", name), "utf8"));
const DOCUMENT = schema("diagnostics.schema.json");
const SCORE = schema("score.schema.json");
const MIX = schema("mix.schema.json");

const CONTRACTS = ["amm", "dao", "desk", "erc20", "market", "nft", "token"];

const SHOP = `enum Size { Small, Large }

struct Order {
  size: Size;
  amount: u64;
}

contract Shop {
  immutable owner: address;
  state open: bool;
  state stock: map<u64, u64>;
  state sold: map<Size, u64>;
  state tips: map<address, u256>;
  state notes: map<bytes32, u64>;

  init() {
    self.owner = caller;
  }

  pub fn close() {
    require caller == self.owner;
    self.open = false;
  }

  pub fn order(id: u64, orders: list<Order, 4>) {
    for each in orders {
      self.stock[id] -= each.amount;
      self.sold[each.size] += each.amount;
    }
  }

  payable fn tip(text: string<16>) {
    self.tips[caller] += value;
    self.notes[keccak256(text)] = 1;
  }

  view fn left(id: u64) -> u64 {
    return self.stock[id];
  }
}

contract Sign {
  state text: string<8>;

  view fn read() -> string<8> {
    return self.text;
  }
}
`;

/** Every way of drawing that a file has. */
const FILE = {
  $schema: "mix.schema.json",
  accounts: 500,
  ids: 40,
  skew: 0.5,
  calls: 200,
  seed: 3,
  mix: {
    order: {
      weight: 6,
      caller: { accounts: 20, skew: 1 },
      args: { id: { int: [1, "0xff"], skew: 1.5 }, orders: { length: [1, 3], items: [{ oneOf: ["Small", "Large"] }, { ids: 5 }] } },
    },
    tip: { weight: 2, value: { int: [0, "1e18"] }, args: { text: { ids: 9 } } },
    left: { weight: 1, args: { id: 7 } },
    close: 1,
  },
};

const cwd = folderWith({ "shop.weft": SHOP, "mix.json": JSON.stringify(FILE) });
const score = (...args: readonly string[]) => weft(["conflicts", "shop.weft", ...args], { cwd });

function scoreOf(...args: readonly string[]): ReturnType<typeof asObject> {
  const { scores } = jsonOf(score(...args, "--json"));
  if (!Array.isArray(scores) || scores.length !== 1) throw new Error("not one score");
  return asObject(scores[0]);
}

describe("the document", () => {
  test.each(CONTRACTS)("of %s is what the schema says", (name) => {
    const finished = weft(["conflicts", `test/corpus/contracts/${name}.weft`, "--score", "--calls", "100", "--json"]);
    expect({ code: finished.code, err: finished.err }).toEqual({ code: 0, err: "" });
    expect(schemaProblems(DOCUMENT, jsonOf(finished))).toEqual([]);
    expect(schemaProblems(SCORE, jsonOf(finished))).toEqual([]);
  });

  test("is the same in every run, and another one with another seed", () => {
    const once = scoreOf("--score", "--calls", "100");
    expect(scoreOf("--mix", "uniform", "--calls", "100", "--seed", "1")).toEqual(once);
    expect(scoreOf("--score", "--calls", "100", "--seed", "2")).not.toEqual(once);
  });

  test("has a speed-up for each number of workers, rising", () => {
    const found = scoreOf("--mix", "tip=1,close=1", "--workers", "64,2,7,2");
    expect(found["speedUps"]).toMatchObject([{ workers: 2 }, { workers: 7 }, { workers: 64 }]);
  });

  test("tells contracts that nothing can be said of", () => {
    expect(jsonOf(score("--score", "--calls", "10", "--json"))).toMatchObject({ unchanging: ["Sign"] });
    expect(score("--score", "--calls", "10").out).toContain("Sign  no function changes state, so no call waits");
    expect(jsonOf(score("Sign", "--mix", "read=1", "--calls", "10", "--json"))).toMatchObject({
      scores: [{ contract: "Sign", waiting: { greatest: 0 }, limitedBy: [{ function: "read", waits: [] }] }],
    });
  });
});

describe("what limits", () => {
  test("are the functions on the longest chains, where they wait, and the warning that tells why", () => {
    const { out } = weft(["conflicts", "test/corpus/contracts/amm.weft", "Pool", "--mix", "swap=1"]);
    expect(out).toContain("Pool  parallelism 6 %\n");
    expect(out).toMatch(/swap {2}100 % {2}waits at reserve0, reserve1 {2}W1001\n {2}what to do about W1001: weft explain W1001\n/);
    expect(out).toContain("not counted: what swap touches in other contracts");
  });

  test("a check that only the owner passes is passed by the owner", () => {
    expect(scoreOf("--mix", "close=1", "--calls", "50")).toMatchObject({
      mix: [{ function: "close", calls: 250, failing: 0 }],
      limitedBy: [{ function: "close", share: 1, waits: [{ cell: "open", share: 1 }], codes: [] }],
      waiting: { median: 0.98 },
    });
  });
});

describe("a mix from a file", () => {
  test("fits its schema, draws in all ways, and gives way to the command line", () => {
    expect(schemaProblems(MIX, FILE)).toEqual([]);
    const settings = { accounts: 500, ids: 40, skew: 0.5, calls: 200, seed: 3 };
    const found = scoreOf("--mix", "mix.json");
    expect(found).toMatchObject({ contract: "Shop", ...settings });
    expect(found["mix"]).toMatchObject([
      { function: "order", weight: 6 },
      { function: "tip" },
      { function: "left" },
      { function: "close" },
    ]);
    expect(scoreOf("--mix", "mix.json", "--skew", "0", "--calls", "90")).toMatchObject({ ...settings, skew: 0, calls: 90 });
  });

  const one = (entry: unknown): string => JSON.stringify({ mix: { order: entry } });
  test.each([
    ["a function that isn't there", JSON.stringify({ mix: { ordr: 1 } }), "E0823", "did you mean `order`?"],
    ["a weight of zero", one(0), "E0821", "mix.order: expected a whole number from 1 to 1000000, found 0"],
    ["a negative weight", one({ weight: -2 }), "E0821", "mix.order.weight"],
    ["no weight", one({}), "E0824", "`weight` is missing"],
    ["no mix", "{}", "E0824", "`mix` is missing"],
    ["an empty mix", JSON.stringify({ mix: {} }), "E0821", "at least one function"],
    ["a list for a mix", JSON.stringify({ mix: ["order"] }), "E0821", "found a list"],
    [
      "too many accounts",
      JSON.stringify({ accounts: 2e6, mix: "uniform" }),
      "E0821",
      "accounts: expected a whole number from 1 to 1000000",
    ],
    ["an unknown setting", JSON.stringify({ acounts: 5, mix: "uniform" }), "E0822", "did you mean `accounts`?"],
    ["an unknown parameter", one({ weight: 1, args: { ide: 1 } }), "E0822", "did you mean `id`?"],
    ["a value of another type", one({ weight: 1, args: { id: "seven" } }), "E0821", "a value of u64"],
    ["a number beyond its type", one({ weight: 1, args: { id: "1e30" } }), "E0821", "a value of u64"],
    ["a form for another type", one({ weight: 1, args: { id: { accounts: 4 } } }), "E0821", "found `accounts`"],
    ["a range upside down", one({ weight: 1, args: { id: { int: [5, 1] } } }), "E0821", "[least, greatest]"],
    [
      "a skewed range without end",
      one({ weight: 1, args: { id: { int: [0, 2e9], skew: 1 } } }),
      "E0821",
      "0 where a range has more than 1000000 numbers",
    ],
    ["a list longer than its type", one({ weight: 1, args: { orders: { length: [1, 5] } } }), "E0821", "from 0 to 4"],
    ["no choice", one({ weight: 1, args: { id: { oneOf: [] } } }), "E0821", "at least one value"],
    ["an unknown variant", one({ weight: 1, args: { orders: [["Huge", 1]] } }), "E0821", '"Small", "Large"'],
    ["an empty draw", one({ weight: 1, args: { id: {} } }), "E0821", "one of `accounts`"],
    ["null", one({ weight: 1, args: { id: null } }), "E0821", "found null"],
    ["coin for what takes none", one({ weight: 1, value: 1 }), "E0830", "`order` isn't payable"],
    ["no JSON", "{ mix", "E0830", "not valid JSON"],
  ])("%s is told with its place", (_, text, code, words) => {
    const { code: exit, err } = weft(["conflicts", "shop.weft", "--mix", "bad.json"], {
      cwd: folderWith({ "shop.weft": SHOP, "bad.json": text }),
    });
    expect(err).toContain(`error[${code}]`);
    expect(err).toContain(words);
    expect(err).toContain("--> bad.json:1:");
    expect(exit).toBe(2);
  });
});

describe("wrong usage", () => {
  test.each([
    [["--mix", "ordr=1"], "E0815", "did you mean `order`?"],
    [["--mix", "init=1"], "E0815", "has no function `init`"],
    [["--mix", "order"], "E0830", "`order` is no weight"],
    [["--mix", "order=0"], "E0830", "the weight of `order` is `0`"],
    [["--mix", "order=-3"], "E0830", "the weight of `order` is `-3`"],
    [["--mix", "order=1000001"], "E0830", "weights are whole numbers from 1 to 1000000"],
    [["--mix", "order=1,order=2"], "E0830", "given twice"],
    [["--mix", "order=1,,tip=2"], "E0830", "`` is no weight"],
    [["--mix="], "E0830", "it names no function"],
    [["--mix", "nothing.json"], "E0801", "nothing.json"],
    [["--mix"], "E0810", "argument missing"],
    [["--score", "--accounts", "0"], "E0810", "from 1 to 1000000"],
    [["--score", "--accounts", "1000001"], "E0810", "from 1 to 1000000"],
    [["--score", "--calls", "100001"], "E0810", "from 1 to 100000"],
    [["--score", "--skew", "11"], "E0810", "from 0 to 10"],
    [["--score", "--skew", "1e1"], "E0810", "from 0 to 10"],
    [["--score", "--workers", "4,,16"], "E0810", "from 1 to 1024"],
    [["--score", "--workers", Array.from({ length: 17 }, (_, i) => i + 1).join(",")], "E0810", "at most 16"],
    [["--seed", "4"], "E0810", "`--seed` goes with `--mix` or `--score`"],
  ])("%j", (args, code, words) => {
    const { code: exit, out, err } = score(...args);
    expect(err).toContain(`error[${code}]`);
    expect(err).toContain(words);
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
  });

  test("calls that touch far too much end in time, with what to do", () => {
    const source =
      "contract Wide {\n  state m: map<u64, u64>;\n\n  pub fn all(x: u64) {\n    for i in 0..10_000 max 10_000 {\n      self.m[i + x] += 1;\n    }\n  }\n}\n";
    const finished = weft(["conflicts", "wide.weft", "--score"], { cwd: folderWith({ "wide.weft": source }) });
    expect(finished.err).toContain("error[E0830]: --mix: the calls of `Wide` touch too many cells to sample");
    expect(finished.err).toContain("--calls");
    expect(finished.code).toBe(2);
    expect(finished.cpuMs).toBeLessThan(10_000);
  });
});
