/** The contracts that random blocks run on, each deployed and filled so that most calls have something to do. */
import { existsSync, readFileSync } from "node:fs";
import { compile } from "../../compiler/pipeline.ts";
import type { Compiled } from "../../compiler/pipeline.ts";
import { textHex } from "../interpreter/values.ts";
import type { Val } from "../interpreter/values.ts";
import { account } from "./accounts.ts";
import type { ArgSpec, BlockSpec, CallSpec } from "./call-spec.ts";
import type { Habits } from "./generate.ts";
import type { Hex } from "../../runtime/types.ts";

/** Constructor arguments; as a function of the addresses deployed before. */
export type DeployArgs = readonly Val[] | ((deployed: readonly Hex[]) => readonly Val[]);

export interface Suite {
  readonly name: string;
  readonly path: string;
  /** Deployed in this order by the first account. */
  readonly deployments: readonly { readonly contract: string; readonly args: DeployArgs }[];
  /** Calls that must all succeed before random ones come. */
  readonly setup: readonly BlockSpec[];
  /** See `Setting.holders`. */
  readonly holders: Readonly<Record<string, string>>;
  readonly habits: Omit<Habits, "accounts" | "contracts" | "blocks">;
}

/** The first is rich and owns things, the fourth has little coin, the last none. */
export const ACCOUNTS: readonly { readonly address: Hex; readonly balance: bigint }[] = [
  { address: account("alice"), balance: 10n ** 60n },
  { address: account("bob"), balance: 10n ** 60n },
  { address: account("carol"), balance: 10n ** 24n },
  { address: account("dave"), balance: 200_000_000_000n },
  { address: account("eve"), balance: 0n },
];

const DAY = 86_400n;
/** What a unit of power costs. */
const COIN = 1_000_000_000n;

function call(from: number, func: string, args: readonly ArgSpec[], value = 0n): CallSpec {
  const coin = { kind: "exact", value } as const;
  return { from, entitled: false, to: 0, func, args, value: coin, nonce: "next", gas: "plenty", gasPrice: 0n, damage: { kind: "none" } };
}

function who(index: number): ArgSpec {
  return { kind: "who", index };
}

function amount(value: bigint): ArgSpec {
  return { kind: "amount", amount: { kind: "exact", value } };
}

function text(length: number): ArgSpec {
  return { kind: "text", length, valid: true };
}

export const TOKEN: Suite = {
  name: "token",
  path: "examples/token/token.weft",
  deployments: [{ contract: "Token", args: [textHex("Gold"), textHex("GLD"), 1_000n] }],
  setup: [
    {
      calls: [call(0, "mint", [who(0), amount(60n)]), call(0, "mint", [who(1), amount(30n)]), call(0, "mint", [who(2), amount(10n)])],
      advance: 1n,
    },
    { calls: [0, 1, 2].map((from) => call(from, "approve", [who((from + 1) % 3), amount(50n)])), advance: 1n },
  ],
  holders: { mint: "owner", transferOwnership: "owner" },
  habits: {
    weights: {
      transfer: 10,
      transferFrom: 6,
      burn: 3,
      mint: 5,
      approve: 3,
      airdrop: 3,
      balanceOf: 2,
      transferOwnership: 1,
      name: 1,
      symbol: 1,
      cap: 1,
      owner: 1,
      balances: 1,
      allowances: 1,
    },
    ids: new Set(),
    sequence: undefined,
    large: [1n << 128n],
    values: [0n, 1n],
    advances: [0n, 1n, 12n],
    calls: 24,
  },
};

export const NFT: Suite = {
  name: "nft",
  path: "examples/nft/nft.weft",
  deployments: [{ contract: "Collectible", args: [textHex("Art")] }],
  setup: [{ calls: [0, 1, 2, 3].map((to) => call(0, "mint", [who(to), text(to * 11)])), advance: 1n }],
  holders: { mint: "minter", transferFrom: "owners[{2}]", approve: "owners[{1}]", burn: "owners[{0}]" },
  habits: {
    weights: {
      mint: 6,
      transferFrom: 10,
      approve: 5,
      setApprovalForAll: 4,
      burn: 4,
      ownerOf: 3,
      balanceOf: 2,
      tokenUri: 2,
      name: 1,
      minter: 1,
      owners: 1,
      balances: 1,
      approvals: 1,
      operators: 1,
      uris: 1,
    },
    ids: new Set(["id", "key"]),
    sequence: "ids",
    large: [1n << 128n],
    values: [0n, 1n],
    advances: [0n, 1n, 12n],
    calls: 24,
  },
};

export const DAO: Suite = {
  name: "dao",
  path: "examples/dao/dao.weft",
  deployments: [{ contract: "Dao", args: [textHex("Guild"), 20n] }],
  setup: [
    // There is room for 60 more units of power.
    {
      calls: [call(0, "join", [], 30n * COIN), call(1, "join", [], ((1n << 128n) - 101n) * COIN), call(2, "join", [], 10n * COIN)],
      advance: 1n,
    },
    // Members, strangers and the contract itself are to be paid; not all of it is there, and the last asks for far more.
    {
      calls: [1, 5, 4, 0, 1, 6].map((to, i) =>
        call(i % 3, "propose", [who(to), amount(i === 5 ? 10n ** 60n : (1n << 127n) * COIN), text(i * 11)]),
      ),
      advance: 1n,
    },
    {
      calls: [0, 1].flatMap((from) =>
        [0, 1, 2, 3, 4, 5].map((id) => call(from, "vote", [amount(BigInt(id)), { kind: "yes", value: true }])),
      ),
      advance: 1n,
    },
  ],
  holders: { cancel: "proposals[{0}].proposer" },
  habits: {
    weights: {
      join: 5,
      propose: 5,
      vote: 12,
      execute: 12,
      cancel: 2,
      tally: 2,
      members: 1,
      totalPower: 1,
      proposals: 1,
      voted: 1,
      name: 1,
      quorum: 1,
    },
    ids: new Set(["id", "key"]),
    sequence: "ids",
    large: [60n * COIN, (1n << 127n) * COIN, ((1n << 128n) - 1n) * COIN],
    values: [1_000_000_000n, 2_000_000_001n, 999_999_999n, 0n, 7_000_000_000n],
    advances: [0n, 1n, 1n, 12n, 12n, 12n, 12n, DAY, 4n * DAY],
    calls: 24,
  },
};

export const DESK: Suite = {
  name: "desk",
  path: "test/contracts/desk.weft",
  deployments: [
    { contract: "Desk", args: [] },
    { contract: "Desk", args: [] },
  ],
  setup: [
    {
      calls: [
        call(0, "assign", [amount(1n), who(1)]),
        call(0, "reward", [amount(1n), amount(20n)]),
        call(0, "assign", [amount(2n), who(2)]),
      ],
      advance: 1n,
    },
    {
      calls: [
        call(0, "assign", [amount(3n), who(3)]),
        call(0, "reward", [amount(3n), amount((1n << 128n) - 9n)]),
        call(1, "take", [amount(1n), amount(3n), text(5)]),
      ],
      advance: 1n,
    },
    // What sums come close to their limits.
    {
      calls: [
        call(0, "reward", [amount(0n), amount((1n << 128n) - 9n)]),
        ...[0n, 1n, 2n, 3n].map((id) => call(0, "setSmall", [amount(id), amount(253n)])),
      ],
      advance: 1n,
    },
    {
      calls: [call(0, "reward", [amount(2n), amount(9n)]), call(0, "setOpen", [{ kind: "yes", value: true }]), call(0, "deposit", [], 50n)],
      advance: 1n,
    },
  ],
  holders: { drawMany: "boss", pass: "holder[{0}]", shut: "seats[{0}].owner", take: "seats[{0}].owner" },
  habits: {
    weights: {
      give: 10,
      reward: 8,
      assign: 6,
      pass: 5,
      issue: 5,
      draw: 4,
      deposit: 3,
      refund: 3,
      swap: 3,
      chase: 4,
      grow: 3,
      take: 5,
      setOpen: 1,
      setSmall: 1,
    },
    ids: new Set(["id", "key", "from", "to", "n"]),
    sequence: undefined,
    large: [1n << 200n],
    values: [0n, 1n, 5n, 100n],
    advances: [0n, 1n, 12n],
    calls: 24,
  },
};

/** Where footprints are hard to find. */
export const MAZE: Suite = {
  name: "maze",
  path: "test/contracts/maze.weft",
  deployments: [{ contract: "Maze", args: [2n] }],
  setup: [
    {
      calls: [0, 1, 2, 3].map((id) => call(id, "build", [amount(BigInt(id)), amount(BigInt(id + 1)), amount(BigInt(id * 2))])),
      advance: 1n,
    },
    { calls: [call(1, "setRoot", [amount(2n), amount(1n)]), call(1, "tip", [amount(1n)], 90n)], advance: 1n },
  ],
  holders: { link: "nodes[{0}].owner", pass: "owners[{0}]" },
  habits: {
    weights: { visit: 5, walk: 5, pass: 6, repay: 4, deep: 4, swap: 3, draw: 4 },
    ids: new Set(["id", "next", "a", "b", "to", "from", "n", "ids", "orders", "value", "side"]),
    sequence: "ids",
    values: [0n, 1n, 9n, 100n],
    large: [1n << 200n],
    advances: [0n, 1n, 12n],
    calls: 24,
  },
};

/** Works with contracts that it makes itself: the compiler knows what its calls of them touch. */
export const SHOP: Suite = {
  name: "shop",
  path: "test/contracts/shop.weft",
  deployments: [{ contract: "Shop", args: [] }],
  setup: [
    {
      calls: [
        call(0, "buy", [amount(5n), amount(1n)]),
        call(1, "buyFor", [who(2), amount(9n)]),
        call(0, "turn", [{ kind: "yes", value: true }]),
        call(2, "claim", [amount(3n)]),
      ],
      advance: 1n,
    },
  ],
  holders: {},
  habits: {
    weights: { buy: 6, buyFor: 4, keep: 5, claim: 4, credit: 5, claimAndCredit: 4, many: 3, refresh: 3, sum: 2, turn: 1, tell: 1 },
    ids: new Set(["id", "other", "ids", "day"]),
    sequence: undefined,
    values: [0n, 1n, 4n, 9n],
    large: [(1n << 64n) - 9n],
    advances: [0n, 1n],
    calls: 24,
  },
};

/** Shows what generated code computes; it has little to say about parallel execution. */
export const MILL: Suite = {
  name: "mill",
  path: "test/contracts/mill.weft",
  deployments: [{ contract: "Mill", args: [textHex("Windmill"), -40n] }],
  setup: [
    {
      calls: [call(0, "make", [amount(1n), amount(3n), amount(9n), text(12)]), call(0, "unsigned", [amount(0n), amount(50n)])],
      advance: 1n,
    },
    { calls: [call(0, "coins", [who(1), amount(2n)], 1_000n)], advance: 1n },
  ],
  holders: { move: "items[{0}].owner" },
  habits: {
    weights: { unsigned8: 5, unsigned: 8, signed8: 8, signed: 8, lists: 6, loops: 4, calls: 4, info: 1, move: 6 },
    ids: new Set(["op", "id", "n", "m", "at", "part", "from", "to", "a", "b", "k"]),
    sequence: undefined,
    values: [0n, 1n, 4n, 100n],
    large: [1n << 200n],
    advances: [0n, 1n, 12n],
    calls: 24,
  },
};

/** Of the project, from the source as from the bundle in dist/. */
export const ROOT = new URL(import.meta.url.endsWith(".ts") ? "../../" : "../", import.meta.url);

export function compileFile(path: string): Compiled {
  return compileWith(path, (wanted) => (existsSync(new URL(wanted, ROOT)) ? readFileSync(new URL(wanted, ROOT), "utf8") : undefined));
}

export function compileText(source: string, path = "main.weft"): Compiled {
  return compileWith(path, (wanted) => (wanted === path ? source : undefined));
}

function compileWith(root: string, read: (path: string) => string | undefined): Compiled {
  const { compiled, diagnostics, files } = compile(root, read);
  if (compiled !== undefined) return compiled;
  const at = (diagnostic: (typeof diagnostics)[number]): string =>
    files.get(diagnostic.path)?.slice(diagnostic.span.start, diagnostic.span.end) ?? diagnostic.path;
  throw new Error(diagnostics.map((each) => `${each.code} ${each.message} at ${at(each)}`).join("\n"));
}
