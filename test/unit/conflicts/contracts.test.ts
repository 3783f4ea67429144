import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { analyseConflicts } from "../../../compiler/conflicts/analyse.ts";
import { claimDiagnostics } from "../../../compiler/conflicts/claim-diagnostics.ts";
import { conflictsJson } from "../../../compiler/conflicts/json.ts";
import { conditionLines, conflictMatrix, matrixLines } from "../../../compiler/conflicts/matrix.ts";
import type { ConflictMatrix } from "../../../compiler/conflicts/matrix.ts";
import { boundCosts } from "../../../compiler/cost/cost.ts";
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";
import { analyseFootprints } from "../../../compiler/footprint/analyse.ts";
import type { ContractFootprint } from "../../../compiler/footprint/footprint.ts";
import { footprintJson, footprintTable, tableLines } from "../../../compiler/footprint/table.ts";
import type { Program } from "../../../compiler/typed/tree.ts";
import { programOf } from "../../helpers/program.ts";

function source(name: string): string {
  return readFileSync(new URL(`../../corpus/contracts/${name}.weft`, import.meta.url), "utf8");
}

interface Analysed {
  readonly program: Program;
  readonly footprint: ContractFootprint;
  readonly matrix: ConflictMatrix;
  readonly diagnostics: readonly Diagnostic[];
}

function analysed(text: string): Analysed {
  const program = programOf(text);
  const [footprint] = analyseFootprints(program).contracts;
  const analysis = analyseConflicts(footprint, program);
  return {
    program,
    footprint,
    matrix: conflictMatrix(footprint, program, analysis),
    diagnostics: claimDiagnostics(analysis.claims, footprint, program),
  };
}

function between(matrix: ConflictMatrix, left: string, right: string): string {
  const cell = matrix.rows.flat().find((each) => each.left === left && each.right === right);
  return cell === undefined ? "no such pair" : cell.text;
}

/** The text below a span, as a reader of the diagnostic sees it. */
function underlined(text: string, place: { readonly span: { readonly start: number; readonly end: number } }): string {
  return text.slice(place.span.start, place.span.end);
}

describe("the DAO", () => {
  const { matrix, diagnostics } = analysed(source("dao"));
  it("lets votes wait only for votes of one member on one proposal", () => {
    const vote = matrix.rows.flat().find((cell) => cell.left === "vote" && cell.right === "vote");
    expect(vote?.condition).toBe("a.id == b.id ∧ a.caller == b.caller");
  });
  it("lets proposals and joins never wait", () => {
    expect(between(matrix, "propose", "propose")).toBe("never");
    expect(between(matrix, "join", "join")).toBe("never (escrow)");
  });
  it("says when different functions meet", () => {
    expect(between(matrix, "join", "vote")).toBe("a.caller == b.caller");
    expect(between(matrix, "propose", "vote")).toBe("a.ids.next() == b.id");
    expect(between(matrix, "vote", "tally")).toBe("a.id == b.id");
    expect(between(matrix, "vote", "cancel")).toBe("never");
  });
  it("has all its assertions proved", () => {
    expect(diagnostics).toEqual([]);
  });
  it("has a matrix as text", () => {
    expect(matrixLines(matrix)).toEqual([
      "           1 2 3 4 5 6",
      "1 join     +",
      "2 propose  ? ·",
      "3 vote     ? ? ?",
      "4 execute  + ? ? ?",
      "5 cancel   · ? · ? ?",
      "6 tally    · ? ? · · ·",
    ]);
    expect(conditionLines(matrix)).toContain("vote × tally       a.id == b.id");
  });
});

describe("the token", () => {
  const { matrix, diagnostics } = analysed(source("token"));
  it("lets transfers and mints never wait", () => {
    expect(between(matrix, "transfer", "transfer")).toBe("never (escrow)");
    expect(between(matrix, "mint", "mint")).toBe("never (escrow)");
    expect(between(matrix, "transfer", "airdrop")).toBe("never (escrow)");
  });
  it("orders approvals of one pair, and reads of an account that is paid", () => {
    expect(between(matrix, "approve", "approve")).toBe("a.caller == b.caller ∧ a.spender == b.spender");
    expect(between(matrix, "transfer", "balanceOf")).toBe("a.caller == b.account ∨ a.to == b.account");
    expect(between(matrix, "airdrop", "balanceOf")).toBe("a.caller == b.account ∨ a.to[i] == b.account");
    expect(between(matrix, "transferOwnership", "mint")).toBe("always");
  });
  it("has all its assertions proved", () => {
    expect(diagnostics).toEqual([]);
  });
});

describe("the NFT", () => {
  const { matrix, diagnostics } = analysed(source("nft"));
  it("lets mints never wait and orders transfers of one token", () => {
    expect(between(matrix, "mint", "mint")).toMatch(/^never/);
    expect(between(matrix, "transferFrom", "transferFrom")).toBe("a.id == b.id (escrow)");
  });
  it("shows a key read from state as the call reads it", () => {
    expect(between(matrix, "approve", "setApprovalForAll")).toBe("a.owners[a.id] == b.caller ∧ a.caller == b.operator");
  });
  it("has all its assertions proved", () => {
    expect(diagnostics).toEqual([]);
  });
});

function contract(members: string): string {
  return `contract C {
  state total: u128;
  state scores: map<address, u128>;
  state owners: map<u64, address>;
  state open: bool;
  ${members}
}`;
}

function failing(members: string): Diagnostic {
  const { diagnostics } = analysed(contract(members));
  expect(diagnostics).toHaveLength(1);
  return diagnostics[0];
}

describe("an assertion that fails", () => {
  it("because ids come from a counter names the counter, its two places, and the sequence to use instead", () => {
    const text = source("nft")
      .replace("state ids: sequence<u64>;", "state ids: u64;")
      .replace("let id = u256(self.ids.next());", "let id = u256(self.ids);\n    self.ids += 1;");
    const { diagnostics } = analysed(text);
    expect(diagnostics.map((each) => [each.code, underlined(text, each)])).toEqual([["E0501", "parallel (a: mint, b: mint);"]]);
    const [{ message, notes, help }] = diagnostics;
    expect(message).toBe("`mint` and `mint` are not independent: both can touch `ids`");
    expect(placesIn(notes).map((note) => [note.text, underlined(text, note)])).toEqual([
      ["`mint` reads `ids` here", "self.ids"],
      ["`mint` adds to `ids` here", "self.ids"],
    ]);
    expect(notes[0].span.start).toBe(text.indexOf("self.ids)"));
    expect(notes[1].span.start).toBe(text.indexOf("self.ids += 1"));
    expect(help).toMatch(/`ids` has no key.*`state ids: sequence<u64>;`.*`self\.ids\.next\(\)`/);
  });
  it("because a total is read names the total, the add and the read", () => {
    const read = "require self.totalPower > power;";
    const text = source("dao").replace("let power = self.members[caller];", `let power = self.members[caller];\n    ${read}`);
    const { diagnostics } = analysed(text);
    expect(diagnostics.map((each) => [each.code, underlined(text, each)])).toEqual([
      ["E0501", "parallel (a: join, b: vote) when a.caller != b.caller;"],
    ]);
    const [{ message, notes, help, fixes }] = diagnostics;
    expect(message).toBe("`join` and `vote` are not independent: both can touch `totalPower`");
    expect(placesIn(notes).map((note) => [note.text, underlined(text, note)])).toEqual([
      ["`join` adds to `totalPower` here", "self.totalPower"],
      ["`vote` reads `totalPower` here", "self.totalPower"],
    ]);
    expect(notes[1].span.start).toBe(text.indexOf(read) + "require ".length);
    expect(help).toMatch(/no condition on the calls can help.*reading it in `vote`/);
    expect(fixes).toEqual([]);
  });
  it("says what is missing, shows the call on the way, and offers the repaired assertion", () => {
    const whole = "parallel (a: transfer, b: balanceOf) when a.caller != b.account && a.to != b.account;";
    const text = source("token").replace(whole, "parallel (a: transfer, b: balanceOf) when a.caller != b.account;");
    const [{ message, notes, help, fixes }] = analysed(text).diagnostics;
    expect(message).toBe("`transfer` and `balanceOf` are not independent: both can touch `balances[]`");
    expect(help).toBe("also needs `a.to != b.account`");
    expect(placesIn(notes).map((note) => note.text)).toEqual([
      "`transfer` adds to `balances[a.to]` here",
      "`transfer` gets there through this call",
      "`balanceOf` reads `balances[b.account]` here",
    ]);
    expect(underlined(text, notes[1])).toBe("self.move(caller, to, value)");
    expect(fixes[0].edits[0].text).toBe(whole);
  });
  it("offers alternatives where either of two keys may differ", () => {
    const condition = " when a.caller != b.caller || a.spender != b.spender";
    const text = source("token").replace(condition, "");
    const [{ help, fixes }] = analysed(text).diagnostics;
    expect(help).toBe("also needs `a.caller != b.caller || a.spender != b.spender`");
    expect(fixes[0].edits[0].text).toBe(`parallel (a: approve, b: approve)${condition};`);
  });

  it("because a key is read from state says so", () => {
    const { help } = failing(`pub fn f(id: u64) { self.scores[self.owners[id]] = 1; }
  parallel (a: f, b: f) when a.caller != b.caller;`);
    expect(help).toMatch(/a key of `scores\[\]` is read from state/);
  });
  it("because elements of a list meet says so", () => {
    const { help } = failing(`pub fn f(to: list<address, 8>) { for who in to { self.scores[who] = 1; } }
  parallel (a: f, b: f) when a.caller != b.caller;`);
    expect(help).toMatch(/a key of `scores\[\]` runs over a list/);
  });
  it("because all calls assign one cell suggests adding or a key", () => {
    const { help, notes } = failing(`pub fn f(x: u128) { self.total = x; }
  parallel (a: f, b: f) when a.caller != b.caller;`);
    expect(help).toMatch(/`total` has no key.*`\+=`.*`map<address, u128>`/);
    expect(placesIn(notes).map((note) => note.text)).toEqual(["`f` writes `total` here, in both calls"]);
  });
  it("names every kind of cell, at most three", () => {
    const { message } = failing(`pub fn f() { self.total = 1; self.open = true; self.scores[caller] = 1; self.owners[1] = caller; }
  parallel (a: f, b: f);`);
    expect(message).toBe("`f` and `f` are not independent: both can touch `total`, `open`, `scores[]` and 1 more");
  });
  it("because its condition contradicts itself is told apart", () => {
    const { code } = failing(`pub fn f() { self.total = 1; }
  parallel (a: f, b: f) when a.caller != b.caller && a.caller == b.caller;`);
    expect(code).toBe("E0503");
  });
  it("because its condition is too large is told apart", () => {
    const pairs = Array.from({ length: 8 }, (_, i) => `(a.x != ${i} || b.x != ${i + 1})`).join(" && ");
    const { code } = failing(`pub fn f(x: u64) { self.total = 1; }
  parallel (a: f, b: f) when ${pairs};`);
    expect(code).toBe("E0502");
  });
  it("because of more alternatives than can be taken apart is given a condition that does", () => {
    const fields = Array.from({ length: 6 }, (_, i) => `state m${i}: map<u64, map<u64, u64>>;`);
    const params = Array.from({ length: 7 }, (_, i) => `x${i}: u64`).join(", ");
    const writes = fields.map((_, i) => `self.m${i}[x${i}][x${i + 1}] = 1;`).join(" ");
    const text = (claim: string): string => `contract Many { ${fields.join(" ")}\n pub fn f(${params}) { ${writes} }\n ${claim} }`;
    const [{ help }] = analysed(text("parallel (a: f, b: f) when a.x0 != b.x1 || a.x1 != b.x0;")).diagnostics;
    const more = /^also needs `(.*)`$/.exec(help ?? "")?.[1] ?? "";
    expect(more.split("&&")).toHaveLength(6);
    expect(analysed(text(`parallel (a: f, b: f) when (a.x0 != b.x1 || a.x1 != b.x0) && ${more};`)).diagnostics).toEqual([]);
  });
  it("speaks with the author's own names for the calls", () => {
    const { help, notes } = failing(`pub fn give(to: address) { self.scores[to] = 1; }
  pub fn look(who: address) -> u128 { return self.scores[who]; }
  parallel (gift: give, glance: look);`);
    expect(help).toBe("also needs `gift.to != glance.who`");
    expect(notes[0].text).toBe("`give` writes `scores[gift.to]` here");
  });
});

describe("the example of an assertion that fails", () => {
  const example = (source: string): string | undefined =>
    failing(source)
      .notes.find((note) => note.text.startsWith("for example"))
      ?.text.slice("for example when ".length);

  it("names what is equal, within the assertion's own condition", () => {
    const both =
      "pub fn give(to: address, id: u64, yes: bool) { if yes { self.scores[to] = 1; } } pub fn look(who: address) -> u128 { return self.scores[who]; }";
    expect(example(`${both} parallel (a: give, b: look);`)).toBe("a.to = b.who = X, a.yes = true");
    expect(example(`${both} parallel (a: give, b: look) when a.to != b.caller;`)).toBe("a.to = b.who = X, b.caller = Y, a.yes = true");
    expect(example(`${both} parallel (a: give, b: look) when a.to == a.caller;`)).toBe("a.to = a.caller = b.who = X, a.yes = true");
    expect(example(`${both} parallel (a: give, b: look) when a.to == @0x00000000000000000000000000000000000000a1;`)).toBe(
      "a.to = b.who = @0x00000000000000000000000000000000000000a1, a.yes = true",
    );
  });
  it("gives numbers with what is added to them", () => {
    expect(
      example("pub fn f(id: u64) { self.owners[id + 2] = caller; } pub fn g(id: u64) { self.owners[id] = caller; } parallel (a: f, b: g);"),
    ).toBe("a.id + 2 = b.id = 102");
    expect(example("pub fn f(id: u64) { self.owners[id] = caller; } pub fn g() { self.owners[7] = caller; } parallel (a: f, b: g);")).toBe(
      "a.id = 7",
    );
  });
  it("is left out where any two calls meet", () => {
    expect(example("pub fn f() { self.total = 1; } parallel (a: f, b: f);")).toBe(undefined);
  });
});

/** Without the two calls that the assertion is wrong about. */
function placesIn<N extends { readonly text: string }>(notes: readonly N[]): readonly N[] {
  return notes.filter((note) => !note.text.startsWith("for example"));
}

describe("tables", () => {
  const { program, footprint } = analysed(source("token"));
  const costs = boundCosts(program);
  it("list accesses with their keys as the author would write them", () => {
    const { functions } = footprintTable(footprint, program, costs);
    const airdrop = functions.find((each) => each.name === "airdrop");
    expect(airdrop?.signature).toBe("airdrop(to: list<address, 256>, value: u256)");
    expect(airdrop?.cost).toMatch(/^\d+ \+ \d+·to\.len$/);
    expect(airdrop?.rows.map((row) => [row.mode, row.path, row.amount, row.guard, row.stage])).toEqual([
      ["Δ", "balances[caller]", "-value", "to.len() > 0", "static"],
      ["Δ", "balances[to[i]]", "+value", "to.len() > 0", "static"],
    ]);
    expect(airdrop?.rows[0].place).toMatch(/^main\.weft:\d+:\d+$/);
  });
  it("print as aligned lines without empty columns", () => {
    const { functions } = footprintTable(footprint, program, costs);
    const [approve] = functions.filter((each) => each.name === "approve");
    const [heading, row] = tableLines(approve.rows);
    expect(heading).toBe("mode  path                         stage   place");
    expect(row).toMatch(/^W {5}allowances\[caller\]\[spender\] {2}static {2}main\.weft:58:5$/);
  });
  it("are plain objects for tools", () => {
    const table = footprintJson(footprint, program, costs);
    const conflicts = conflictsJson(footprint, program, analyseConflicts(footprint, program));
    expect(JSON.parse(JSON.stringify(table))).toEqual(table);
    expect(JSON.parse(JSON.stringify(conflicts))).toEqual(conflicts);
    expect(conflicts.claims.every((claim) => claim.proved)).toBe(true);
    const pair = conflicts.pairs.find((each) => each.left === "transfer" && each.right === "balanceOf");
    expect(pair?.clashes.map((each) => [each.cell, each.condition, each.left.mode, each.right.path])).toEqual([
      ["balances[]", "a.caller == b.account", "Δ", "balances[b.account]"],
      ["balances[]", "a.to == b.account", "Δ", "balances[b.account]"],
    ]);
  });
});
