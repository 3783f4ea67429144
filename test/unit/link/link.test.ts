/** What the conflict matrix knows of calls of contracts that an instance made, and which of them it takes for known. */
import { describe, expect, it } from "vitest";
import { analyseConflicts } from "../../../compiler/conflicts/analyse.ts";
import { conflictMatrix } from "../../../compiler/conflicts/matrix.ts";
import { footprintTable } from "../../../compiler/footprint/table.ts";
import { compile } from "../../../compiler/pipeline.ts";
import type { Compiled } from "../../../compiler/pipeline.ts";

const STORE = `
struct Item { id: u64; who: address; }
interface IStore { pub fn put(k: u64, n: u64); view fn get(k: u64) -> u64; pub fn gone(k: u64); }
contract Store {
  immutable maker: address;
  immutable step: u64;
  state cells: map<u64, u64>;
  state heads: map<u64, u64>;
  state mine: map<address, u64>;
  init(step: u64) { self.maker = caller; self.step = step; }
  pub fn put(k: u64, n: u64) { self.cells[k] = n; }
  pub fn item(item: Item) { self.mine[item.who] = item.id; }
  pub fn own(n: u64) { require caller == self.maker; self.mine[caller] = n; }
  pub fn head(k: u64, n: u64) { self.heads[k] = n; }
  pub fn follow(k: u64) { self.cells[self.heads[k]] += 1; }
  pub fn big(k: u64) { if k > 100 { self.cells[k / self.step] = 1; } }
  view fn get(k: u64) -> u64 { return self.cells[k]; }
  pub fn sum(ks: list<u64, 8>) { for k in ks { self.cells[k] += 1; } }
}`;

function compiled(text: string): Compiled {
  const { compiled: found, diagnostics } = compile("a.weft", (path) => (path === "a.weft" ? text : undefined));
  if (found === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return found;
}

/** The conditions of all pairs of `Shop`, as the matrix prints them: `put × put`. */
function pairs(
  members: string,
  init = "self.store = create Store(3);",
  immutables = "immutable store: Store;",
): ReadonlyMap<string, string> {
  const { linked, program } = compiled(`${STORE}\ncontract Shop { ${immutables} init() { ${init} } ${members} }`);
  const shop = linked.find(({ contract }) => contract.name === "Shop");
  if (shop === undefined) throw new Error("no Shop");
  const { rows } = conflictMatrix(shop, program, analyseConflicts(shop, program));
  return new Map(rows.flat().map(({ left, right, text }) => [`${left} × ${right}`, text]));
}

const PUT = "pub fn f(k: u64, n: u64) { self.store.put(k, n); }";
const UNKNOWN = "in other contracts";

describe("calls of contracts that an instance made", () => {
  it("touch that instance's cells, with the arguments put in", () => {
    const found = pairs(`${PUT}
      pub fn g(x: u64) { self.store.item(Item { id: x, who: caller }); }
      pub fn h(xs: list<u64, 8>) { self.store.sum(xs); }
      pub fn big(x: u64) { self.store.big(x); self.store.big(7); }
      view fn look(x: u64) -> u64 { return self.store.get(x + 1); }`);
    expect(Object.fromEntries(found)).toEqual({
      "f × f": "a.k == b.k",
      "f × g": "never",
      "g × g": "a.caller == b.caller",
      "f × h": "a.k == b.xs[i]",
      "g × h": "never",
      "h × h": "never (escrow)",
      "f × big": "a.k == b.x / self.store.step",
      "g × big": "never",
      "h × big": "a.xs[i] == b.x / self.store.step",
      "big × big": "a.x / self.store.step == b.x / self.store.step",
      "f × look": "a.k == b.x + 1",
      "g × look": "never",
      "h × look": "a.xs[i] == b.x + 1",
      "big × look": "a.x / self.store.step == b.x + 1",
      "look × look": "never",
    });
  });

  it("see their maker as `caller`, and a check that it is the caller holds", () => {
    const found = pairs(
      "pub fn f(n: u64) { self.store.own(n); } pub fn g(n: u64, who: address) { self.store.item(Item { id: n, who: who }); }",
    );
    expect(found.get("f × f")).toBe("always");
    expect(found.get("f × g")).toBe("self.address == b.who");
  });

  it("are apart for two instances, and one for two names of the same", () => {
    const members = `${PUT} pub fn g(k: u64, n: u64) { self.other.put(k, n); }`;
    const two = "immutable store: Store; immutable other: Store;";
    expect(pairs(members, "self.store = create Store(1); self.other = create Store(1);", two).get("f × g")).toBe("never");
    expect(pairs(members, "let s = create Store(1); self.store = s; self.other = s;", two).get("f × g")).toBe("a.k == b.k");
  });

  it("meet what is called at an unknown address", () => {
    const found = pairs(
      `${PUT} pub fn g(at: IStore) { at.put(1, 2); } pub fn own(k: u64) { self.m[k] = 1; }`,
      undefined,
      "immutable store: Store; state m: map<u64, u64>;",
    );
    expect(found.get("f × g")).toBe(UNKNOWN);
    // Nobody reaches the cells of a contract that is active but itself.
    expect(found.get("g × own")).toBe("never");
    expect(found.get("f × own")).toBe("never");
  });

  it("have no known key where an earlier call of the same one may have changed what it is read from", () => {
    const found = pairs(`pub fn f(k: u64, j: u64) { self.store.head(k, 1); self.store.follow(j); }
      pub fn g(j: u64) { self.store.follow(j); } pub fn once(k: u64) { self.store.put(k, 1); }`);
    expect(found.get("f × once")).toBe("always");
    expect(found.get("g × once")).toBe("a.store.heads[a.j] == b.k");
  });

  it("show in the table by the name of the immutable, with the calls that lead there", () => {
    const { linked, program, costs } = compiled(
      `${STORE}\ncontract Shop { immutable store: Store; init() { self.store = create Store(3); } ${PUT} }`,
    );
    const shop = linked.find(({ contract }) => contract.name === "Shop");
    if (shop === undefined) throw new Error("no Shop");
    const [{ rows }] = footprintTable(shop, program, costs).functions;
    expect(rows.map(({ mode, path, via }) => [mode, path, via.length])).toEqual([["W", "store.cells[k]", 1]]);
  });
});

describe("what isn't known", () => {
  const cases: readonly (readonly [string, string, string?])[] = [
    ["an address that init is given", "self.store = Store(caller);"],
    ["one of two", "if caller == self.address { self.store = create Store(1); } else { self.store = create Store(2); }"],
    ["a variable that changes", "var s = create Store(1); if caller == self.address { s = Store(caller); } self.store = s;"],
    ["state", "self.store = create Store(1);", "state store: Store;"],
  ];
  for (const [name, init, immutables] of cases) {
    it(`is ${name}`, () => {
      expect(pairs(PUT, init, immutables).get("f × f")).toContain(UNKNOWN);
    });
  }

  it("is a function that the contract doesn't have, a call with data, and one that isn't a view", () => {
    const found = pairs(
      `pub fn gone() { self.store.gone(1); } pub fn raw(k: u64) { let r: bytes<32> = call(self.store, 0, concat(selector(IStore.put), encode(k, k))); }`,
      "self.store = IStore(create Store(1));",
      "immutable store: IStore;",
    );
    expect(found.get("gone × gone")).toBe(UNKNOWN);
    expect(found.get("raw × raw")).toContain(UNKNOWN);
  });

  it("is an argument that nobody knows: such a call runs alone", () => {
    const found = pairs(
      `pub fn f(ks: list<u64, 8>) { var last: u64 = 0; for k in ks { last = last * 3 + k; } self.store.put(last, 1); } pub fn g(n: u64) { self.store.head(n, n); }`,
    );
    expect(found.get("f × f")).toBe(UNKNOWN);
    expect(found.get("f × g")).toBe(UNKNOWN);
  });
});
