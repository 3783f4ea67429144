/**
 * Programs of several files after edits of any of them: what is kept is what a fresh start finds out, and what is done again is what the edit can have
 * changed.
 */
import { expect, test } from "vitest";
import { shownDiagnostics } from "../../lsp/features/diagnostics.ts";
import { hover } from "../../lsp/features/hover.ts";
import { createView } from "../../lsp/features/view.ts";
import { conflictsOf, tableOf } from "../../lsp/state/snapshot.ts";
import type { Snapshot } from "../../lsp/state/snapshot.ts";
import { createWorkspace } from "../../lsp/state/workspace.ts";
import type { Workspace } from "../../lsp/state/workspace.ts";
import { createPlainText } from "../../lsp/text/source-text.ts";
import { createAddresses } from "../../lsp/text/uri.ts";
import { declarationEdit, random, smallEdit } from "./edits.ts";
import type { Random } from "./edits.ts";

const RUNS = Number(process.env["WEFT_RUNS"] ?? "1");
const SEED = Number(process.env["WEFT_SEED"] ?? "3");
const addresses = createAddresses("/std");

const TYPES = `/// The most that anybody may have.
const LIMIT: u256 = 1000;
const NAMES: u64 = 8;

struct Account {
  held: u256;
  since: u64;
  tag: Kind;
}

enum Kind { Plain, Special(u64), Closed }

error TooMuch(account: address, value: u256);
event Moved(indexed from: address, indexed to: address, value: u256);

interface Token {
  pub fn transfer(to: address, value: u256) -> bool;
  view fn balanceOf(account: address) -> u256;
}

fn least(a: u256, b: u256) -> u256 {
  if a < b {
    return a;
  }
  return b;
}

fn half(n: u256) -> u256 {
  return least(n / 2, LIMIT);
}
`;

const PARTS = `import { LIMIT, least } from "./types.weft";

mixin Owned {
  state owner: address;
  error NotOwner(who: address);

  guard onlyOwner {
    require caller == self.owner else NotOwner(caller);
  }

  pub fn handOver(next: address) with onlyOwner {
    self.owner = next;
  }
}

mixin Counted uses Owned {
  state count: u256;
  fn limit() -> u256;

  pub fn reset() with onlyOwner {
    self.count = 0;
  }

  fn step() {
    require self.count < least(self.limit(), LIMIT);
    self.count += 1;
  }
}
`;

const VAULT = `import { Account, Kind, TooMuch, Moved, Token, half, NAMES } from "./types.weft";
import { Counted, Owned } from "./parts.weft";

contract Vault uses Counted, Owned implements Token {
  immutable token: Token;
  state accounts: map<address, Account>;
  state names: map<address, string<32>>;
  state first: u64 = NAMES;

  init(token: Token) {
    self.token = token;
    self.owner = caller;
  }

  fn limit() -> u256 {
    return 100;
  }

  pub fn transfer(to: address, value: u256) -> bool {
    self.accounts[caller].held -= value else TooMuch(caller, value);
    self.accounts[to].held += value;
    emit Moved(caller, to, value);
    return true;
  }

  view fn balanceOf(account: address) -> u256 {
    return self.accounts[account].held;
  }

  pub fn settle(to: address, value: u256) {
    self.step();
    require Token(self.token).transfer(to, half(value));
  }

  pub fn tag(kind: u64) {
    self.accounts[caller].tag = Kind.Special(kind);
  }

  parallel (a: transfer, b: transfer) when a.caller != b.caller && a.to != b.to && a.caller != b.to && b.caller != a.to;
  parallel (a: tag, b: tag) when a.caller != b.caller;
}
`;

const MAIN = `import { Vault } from "./vault.weft";
import { Counted } from "./parts.weft";
import { LIMIT, Token } from "./types.weft";
import { Pausable } from "weft/std/pausable.weft";

contract Maker uses Counted {
  state made: map<address, Vault>;
  state pot: u256;

  init() {
    self.owner = caller;
  }

  fn limit() -> u256 {
    return LIMIT;
  }

  pub fn make(token: Token) {
    self.step();
    self.made[caller] = create Vault(token);
  }

  pub fn look(who: address) -> u256 {
    return self.made[who].balanceOf(caller);
  }

  pub fn add(value: u256) {
    self.pot += value;
  }

  pub fn spread(to: list<address, 8>, value: u256) {
    for who in to {
      self.pot += value;
    }
    self.step();
  }

  parallel (a: add, b: add);
}

contract Shop uses Pausable {
  state sold: map<u64, bool>;

  pub fn buy(id: u64) {
    require !self.sold[id];
    self.sold[id] = true;
  }
}

test "a maker" {
  let maker = deploy Maker();
  maker.add(3);
  assert maker.pot() == 3;
}

test "limits" {
  assert LIMIT > 2;
}
`;

const FILES: ReadonlyMap<string, string> = new Map([
  ["/w/main.weft", MAIN],
  ["/w/vault.weft", VAULT],
  ["/w/parts.weft", PARTS],
  ["/w/types.weft", TYPES],
]);
const ROOT = "/w/main.weft";

function opened(files: ReadonlyMap<string, string>): Workspace {
  const workspace = createWorkspace();
  for (const [path, text] of files) workspace.open(path, text);
  return workspace;
}

function snapshotOf(workspace: Workspace): Snapshot {
  const snapshot = workspace.snapshot(ROOT);
  if (snapshot === undefined) throw new Error("no program");
  return snapshot;
}

/** Places and numbers are others in each workspace. */
const OWN: ReadonlySet<string> = new Set(["id", "site", "span", "via", "func", "sites", "word", "node"]);

function bare(value: unknown): unknown {
  const text = JSON.stringify(value, (key, part: unknown) => {
    if (OWN.has(key) || ((key === "left" || key === "right") && typeof part === "number")) return undefined;
    if (part instanceof Map) {
      const values: readonly unknown[] = [...part.values()];
      return values;
    }
    return typeof part === "bigint" ? `${part}n` : part;
  });
  const parsed: unknown = JSON.parse(text);
  return parsed;
}

/** All that somebody can see of the program. */
function seen(snapshot: Snapshot, files: ReadonlyMap<string, string>, next: Random): unknown {
  const { analysed } = snapshot;
  const diagnostics = [...files.keys()].map((path) => shownDiagnostics(snapshot, path, addresses));
  if (analysed === undefined) return { diagnostics };
  const hovers = [...files].flatMap(([path, text]) => {
    const view = createView(snapshot, path, addresses);
    const plain = createPlainText(text);
    return view === undefined ? [] : Array.from({ length: 4 }, () => hover(view, plain.position(next(text.length + 1))));
  });
  const contracts = analysed.linked.map((footprint) => [
    footprint.contract.name,
    bare(tableOf(analysed, footprint)),
    bare(conflictsOf(analysed, footprint)),
    [...footprint.stagedGroups],
  ]);
  const tests = analysed.program.tests.map(({ title }) => title);
  return { diagnostics, hovers, contracts, tests };
}

test("the program has no errors", () => {
  expect(snapshotOf(opened(FILES)).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

test.each([0, 1, 2, 3])(
  `random edits of several files, run %i, seed ${SEED}`,
  (index) => {
    const next = random(SEED * 100 + index);
    const files = new Map(FILES);
    const workspace = opened(files);
    snapshotOf(workspace);
    let whole = 0;
    for (let round = 0; round < 70 * RUNS; round++) {
      const paths = [...files.keys()];
      const path = paths[next(paths.length)];
      const before = files.get(path) ?? "";
      const text = next(5) === 0 ? smallEdit(before, next) : declarationEdit(before, next);
      files.set(path, text);
      workspace.change(path, text);
      const seed = next(2 ** 30);
      const snapshot = snapshotOf(workspace);
      if (snapshot.analysed !== undefined) whole++;
      const fresh = snapshotOf(opened(files));
      expect(seen(snapshot, files, random(seed)), `seed ${SEED}, round ${round}`).toEqual(seen(fresh, files, random(seed)));
      // Mostly mended, so that there is something to be wrong about.
      if (next(4) > 0 || snapshot.analysed === undefined) {
        files.set(path, before);
        workspace.change(path, before);
        if (next(2) === 0) snapshotOf(workspace);
      }
    }
    expect(whole).toBeGreaterThan(10);
  },
  240_000,
);
