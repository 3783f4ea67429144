/** `weft footprint --call` and `--data`: what is said of one call, and what is said of calls that aren't. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, jsonOf, ROOT, weft } from "../helpers/cli.ts";
import { asObject, schemaProblems } from "../helpers/json-schema.ts";
import { encodeCall } from "../interpreter/abi.ts";

const SCHEMA: unknown = JSON.parse(readFileSync(join(ROOT, "docs/schema/footprint-call.schema.json"), "utf8"));
const TOKEN = "examples/token/token.weft";
const ALICE = "0x9a93612670041494961ed79418634f5e75e71ef5";
const BOB = "0x8ead9ffd55fce3f49d0d962bcd00e24323caa3db";

const SHOP = `struct Size { w: u16; h: u16; }
enum Tone { Low, High }
interface Till { pub fn pay(to: address); }
contract Box { state full: bool; }

contract Shop {
  immutable keeper: address;
  state open: bool;
  state ids: sequence<u64>;
  state sizes: map<u64, Size>;
  state tones: map<Tone, u64>;
  state names: map<string<8>, u64>;
  state members: set<address>;
  state owners: map<u64, address>;
  state credit: map<address, u128>;
  state flags: u64;
  state best: u64;

  error Empty(left: u64);

  init(keeper: address) { self.keeper = keeper; }

  pub fn resize(id: u64, size: Size, tone: Tone) {
    self.sizes[id] = size;
    self.tones[tone] += u64(size.w) * 2;
  }
  pub fn many(rows: list<(id: u64, name: string<8>), 4>) {
    for row in rows { self.names[row.name] += row.id; }
  }
  pub fn flag(on: bool, bits: u64) {
    if on { self.flags |= bits; } else { self.best max= bits; }
  }
  pub fn enter() { self.members.add(caller); }
  pub fn give(id: u64, n: u128) { self.credit[self.owners[id]] += n; }
  pub fn chase(id: u64) { var at: u64 = id; for i in 0..3 { at = at * 3 + i; } self.owners[at] = caller; }
  pub fn tip() { self.credit[self.keeper] += 1; }
  pub fn late(n: u64) { if block.height > n { self.open = true; } }
  pub fn take(n: u64) { self.best -= n else Empty(self.flags); }
  pub fn sum(n: u64) { self.owners[n - 1] = caller; }
  payable fn buy(to: address) { pay(to, value / 2); }
  pub fn out(till: address, raw: bytes<8>) { Till(till).pay(caller); let x: bytes<1> = call(till, 0, raw); create Box(); }
  view fn ask(key: bytes32, raw: bytes<4>, small: i8) -> bool { return small < 0 && key == bytes32(0) && raw.len() > 0; }
}
`;
const cwd = folderWith({ "shop.weft": SHOP, "two.weft": "contract A { pub fn f() {} }\ncontract B { pub fn f() {} }\n" });

function said(call: string, ...more: readonly string[]): readonly string[] {
  const { code, out, err } = weft(["footprint", "shop.weft", "--call", call, ...more], { cwd });
  expect({ call, code, err: err.replaceAll(/warning[^]*/g, "") }).toEqual({ call, code: 0, err: "" });
  return out
    .split("\n")
    .filter((line) => line.startsWith("  "))
    .map((line) =>
      line
        .replace(/ +shop\.weft:.*$/, "")
        .replace(/ {2,}/g, "  ")
        .trim(),
    );
}

describe("one call in words", () => {
  test("of the token", () => {
    const { code, out } = weft(["footprint", TOKEN, "--call", "Token.transfer(@alice, 5)", "--caller", "@bob"]);
    expect(code).toBe(0);
    expect(out).toContain("takes 5 from `balances` of you ");
    expect(out).toContain("adds 5 to `balances` of @alice ");
    expect(out).toContain(`you: @bob, ${BOB}`);
    expect(out).toContain(`@alice: ${ALICE}`);
  });

  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      "resize(7, Size { h: 2, w: 3 }, Tone.High)",
      ["writes `w` in `sizes` of 7", "writes `h` in `sizes` of 7", "adds 6 to `tones` of Tone.High"],
    ],
    ['many([(1, "a"), (2, "b"), (3, "a")])', ['adds 4 in 2 parts to `names` of "a"', 'adds 2 to `names` of "b"']],
    ["flag(true, 3)", ["sets bits in `flags`"]],
    ["flag(false, 3)", ["raises `best` at most"]],
    ["enter()", ["writes `members` of you", "adds 1 or nothing to the length of `members`, if `!self.members[caller]`"]],
    ["give(7, 1_000)", ["reads `owners` of 7", "adds 1_000 to `credit` of whoever `self.owners[7]` names when the call runs  staged"]],
    ["chase(1)", ["writes any entry of `owners`  wide"]],
    ["tip()", ["adds 1 to `credit` of whoever `self.keeper` was set to when the contract was made"]],
    ["late(5)", ["writes `open`, if `block.height > 5`"]],
    ["take(5)", ["takes 5 from `best`", "reads `flags`, only to say why it fails"]],
    ["sum(1)", ["writes `owners` of 0"]],
    ["sum(0)", ["touches no state", "fails, unless it ends before: overflow at"]],
    ["buy(@bob)", ["takes 0 coin from this contract", "pays 0 coin to @bob"]],
    [
      "out(@bob, 0x01)",
      [
        "takes 0 coin from this contract",
        "runs code of another contract: `Till.pay` at @bob",
        "runs code of another contract at @bob",
        "makes a contract `Box` and runs its code",
      ],
    ],
    ["ask(0x" + "00".repeat(32) + ', bytes("ab"), -128)', ["touches no state"]],
    [`Shop.init(0x${"Ab".repeat(20)})`, ["writes `keeper`"]],
    ["owners(3)", ["reads `owners` of 3"]],
  ];
  test.each(cases)("%s", (call, expected) => {
    expect(said(call)).toEqual(expected);
  });

  test("that brings coin", () => {
    const expected = ["brings 9 coin to this contract", "takes 4 coin from this contract", "pays 4 coin to @bob"];
    expect(said("buy(@bob)", "--value", "9")).toEqual(expected);
  });

  test("an amount that can't be computed, behind a check that reads the cell", () => {
    const { out } = weft(["footprint", "test/footprints/bounded.weft", "--call", "converted(1, 300)"]);
    expect(out).toContain("takes `u8(300)` from `n` of 1");
    expect(out).toContain("fails, unless it ends before: overflow");
  });

  test("long lists are summed up behind the first rounds", () => {
    const people = Array.from({ length: 100 }, (_, i) => `0x${String(i).padStart(40, "0")}`);
    const { out } = weft(["footprint", TOKEN, "--call", `airdrop([${people.join(", ")}], 5)`]);
    expect(out).toContain("takes 500 in 100 parts from `balances` of you");
    expect(out.match(/adds 5 to `balances` of 0x/g)).toHaveLength(64);
    expect(out).toContain("adds 5 to `balances` of each of the other 36 of `to`");
  });

  test("calldata says the same as the call", () => {
    const data = encodeCall("transfer", [{ kind: "address" }, { kind: "int", signed: false, bits: 256 }], [ALICE, 5n]);
    const [written, given] = [
      ["--call", `transfer(${ALICE}, 5)`],
      ["--data", data],
    ].map((args) => jsonOf(weft(["footprint", TOKEN, ...args, "--json"])));
    expect(given["cells"]).toEqual(written["cells"]);
    expect(given["call"]).toEqual(written["call"]);
  });
});

describe("as JSON", () => {
  test.each([
    [TOKEN, "transfer(@alice, 5)"],
    [TOKEN, "airdrop([@alice], 5)"],
    ["examples/dao/dao.weft", 'propose(@alice, 5, "x")'],
    ["examples/dao/dao.weft", "execute(7)"],
    ["test/corpus/contracts/market.weft", "buy(@nft, 7)"],
    ["test/corpus/contracts/desk.weft", "enter()"],
  ])("%s %s is what the schema says", (file, call) => {
    const document = jsonOf(weft(["footprint", file, "--call", call, "--json"]));
    expect(schemaProblems(SCHEMA, document)).toEqual([]);
    expect(document).toMatchObject({ command: "footprint", ok: true, file });
  });

  test.each(cellsOfShop())("every call of the shop: %s", (call) => {
    expect(schemaProblems(SCHEMA, jsonOf(weft(["footprint", "shop.weft", "--call", call, "--json"], { cwd })))).toEqual([]);
  });

  test("keys are values or words, amounts are text", () => {
    const { cells } = jsonOf(weft(["footprint", "shop.weft", "--call", "give(7, 5)", "--json"], { cwd }));
    const [first, second] = Array.isArray(cells) ? cells.map(asObject) : [];
    expect(first).toMatchObject({ contract: "Shop", field: "owners", path: [], mode: "R", stage: "static", amount: null });
    expect(first["keys"]).toEqual([{ type: "u64", value: "7", words: "7" }]);
    expect(second).toMatchObject({ mode: "Δ", stage: "staged", amount: { sign: "+", value: "5", times: "1", atMost: null } });
    expect(second["keys"]).toMatchObject([{ type: "address", value: null, words: "whoever `self.owners[7]` names when the call runs" }]);
  });
});

function cellsOfShop(): readonly string[] {
  return ["enter()", "chase(1)", "tip()", "late(5)", "take(5)", "sum(0)", "buy(@bob)", "out(@bob, 0x01)"];
}

describe("what isn't a call", () => {
  const cases: readonly (readonly [string, string, string, ...string[]])[] = [
    ["", "E0810", "`--call` is empty"],
    ["Shp.enter()", "E0202", "did you mean `Shop`?"],
    ["Shop.entr()", "E0203", "did you mean `enter`?"],
    ["nothing()", "E0202", "unknown function `nothing`"],
    ["enter", "E0810", "this is not a call of a function"],
    ["self.enter()", "E0810", "this names no function"],
    ["enter() as @bob", "E0810", "`--caller`"],
    ["enter(); enter()", "E0810", "takes one expression"],
    ['}; test "x" { enter()', "E0102", "expected"],
    ["enter(", "E0104", "`(` is never closed"],
    ["enter(1)", "E0304", "`enter` takes 0 arguments, found 1"],
    ["give(7)", "E0304", "its parameters are `id`, `n`"],
    ["give(-1, 5)", "E0308", "-1 does not fit `u64`"],
    ["give(@bob, 5)", "E0301", "expected `u64`, found `@bob`"],
    ["give(1 + 1, 5)", "E0301", "expected `u64`"],
    ["buy(0x12)", "E0301", "an address is `0x` and 40 digits"],
    ["buy(5)", "E0301", "expected `address`, found `5`"],
    ["flag(1, 1)", "E0301", "write `true` or `false`"],
    ["resize(1, Size { w: 1 }, Tone.Low)", "E0315", "`Size` also needs `h`"],
    ["resize(1, Size { w: 1, h: 1, d: 1 }, Tone.Low)", "E0203", "no field `d`"],
    ["resize(1, Size { w: 1, w: 1, h: 1 }, Tone.Low)", "E0323", "field `w` is given twice"],
    ["resize(1, Size { w: 70000, h: 1 }, Tone.Low)", "E0308", "70000 does not fit `u16`"],
    ["resize(1, Tone.Low, Tone.Low)", "E0301", "expected `Size`"],
    ["resize(1, Size { w: 1, h: 1 }, Tone.Hgih)", "E0203", "did you mean `High`?"],
    ["many([1])", "E0301", "expected `(id: u64, name: string<8>)`"],
    ['many([(1, "a"), (1, "a"), (1, "a"), (1, "a"), (1, "a")])', "E0314", "a list of 5 elements"],
    ['many([(1, "far too long")])', "E0308", "12 bytes"],
    ["out(@bob, 0x010203040506070809)", "E0308", "9 bytes"],
    ["out(@bob, 0x012)", "E0301", "two digits each"],
    ["ask(0x00, 0x01, 1)", "E0301", "64 digits"],
    ["give(1, 5)", "E0810", "isn't payable", "--value", "1"],
    ["buy(@bob)", "E0308", "does not fit `u256`", "--value", "-1"],
    ["buy(@bob)", "E0301", "expected `address`", "--caller", "bob"],
    ["buy(@bob)", "E0301", "expected `address`", "--address", "7"],
    ["buy(@bob)", "E0810", "is empty", "--address", " "],
  ];
  test.each(cases)("%s is %s: %s", (call, code, words, ...more) => {
    const finished = weft(["footprint", "shop.weft", "--call", call, ...more], { cwd });
    expect({ call, code: finished.code, out: finished.out }).toEqual({ call, code: 2, out: "" });
    expect(finished.err).toContain(`error[${code}]`);
    expect(finished.err).toContain(words);
  });

  test("a function that several contracts have", () => {
    const { code, err } = weft(["footprint", "two.weft", "--call", "f()"], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("write one of `A.f`, `B.f`");
    expect(weft(["footprint", "two.weft", "--data", "0x26121ff0"], { cwd }).err).toContain("name the contract behind the file");
    expect(weft(["footprint", "two.weft", "B", "--data", "0x26121ff0"], { cwd }).out).toContain("B.f()");
  });

  test.each([
    ["xyz", "two hexadecimal digits"],
    ["0x123", "two hexadecimal digits"],
    ["0x1234", "four bytes of a selector"],
    ["0x12345678", "has the selector 0x12345678"],
    [`${encodeCall("resize", [], []).slice(0, 10)}`, "has the selector"],
    [
      encodeCall("flag", [{ kind: "bool" }, { kind: "int", signed: false, bits: 64 }], [true, 1n]).slice(0, -2),
      "doesn't hold the arguments of `flag`",
    ],
    [
      encodeCall("flag", [{ kind: "bool" }, { kind: "int", signed: false, bits: 64 }], [true, 1n]).replace(/1(0+1)$/, "2$1"),
      "doesn't hold the arguments",
    ],
    [
      encodeCall("out", [{ kind: "address" }, { kind: "bytes", max: 8 }], [ALICE, `0x${"01".repeat(9)}`]),
      "the value of `raw` does not fit `bytes<8>`",
    ],
  ])("calldata %s: %s", (data, words) => {
    const { code, err } = weft(["footprint", "shop.weft", "--data", data], { cwd });
    expect(code).toBe(2);
    expect(err).toContain("error[E0810]");
    expect(err).toContain(words);
  });

  test("cells of contracts that the called one has made", () => {
    const { code, out } = weft(["footprint", "test/contracts/shop.weft", "--call", "Shop.keep(5, 4)", "--caller", "@alice"], { cwd: ROOT });
    expect(code).toBe(0);
    expect(out).toContain("reads `spare.open`");
    expect(out).toContain("adds 5 to `spare.paid` of you");
    expect(out).toContain("adds 5 to `spare.ledger.total`");
    expect(out).toContain("touch nothing else");
    expect(out).not.toContain("till.");
  });

  test("options that don't go together", () => {
    for (const args of [
      ["--caller", "@bob"],
      ["--value", "1"],
      ["--address", "@bob"],
      ["--call", "enter()", "--data", "0x"],
      ["--call", "enter()", "--diff", "main"],
      ["--data", "0x", "--diff", "main"],
      ["--fail-on-loss"],
    ])
      expect({ args, code: weft(["footprint", "shop.weft", ...args], { cwd }).code }).toEqual({ args, code: 2 });
  });
});
