/** Which Weft contracts play which trace, and how their views give the states of the trace. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../compiler/index.ts";
import { loadModule } from "../../runtime/load.ts";
import type { LoadedModule } from "../../runtime/types.ts";
import { ROOT } from "../helpers/cli.ts";
import type { Look, MadeBy, Port } from "./replay.ts";
import type { Value } from "./trace.ts";

interface Recipe {
  /** Where the contracts are, from the root of the project. */
  readonly file: string;
  readonly made: Readonly<Record<string, MadeBy>>;
  readonly state: Port["state"];
}

type Fields = Readonly<Record<string, () => Value>>;

const ID_COUNT = 130;

const RECIPES: Readonly<Record<string, Recipe>> = {
  "erc20-allowance": {
    file: "test/goldens/plain-erc20.weft",
    made: {},
    state: (look) => ({ token: () => erc20(look, "token"), ...native(look) }),
  },
  erc721: { file: "test/std/contracts/erc721.weft", made: {}, state: (look) => ({ nft: () => erc721(look, "nft"), ...native(look) }) },
  "english-auction": { file: "std/presets/english-auction.weft", made: {}, state: auction },
  "uniswap-v2-pair": {
    file: "test/goldens/uniswap-v2-pair.weft",
    made: { "@pair": { at: "@factory", by: "@1", fn: "createPair", params: ["address", "address"], args: ["@t1", "@t0"] } },
    state: uniswap,
  },
  "compound-v2": { file: "test/goldens/compound-v2.weft", made: {}, state: compound },
};

export const TRACES = Object.keys(RECIPES);

/** `change` may alter the text of a file, to see whether that is noticed. */
export async function portOf(trace: string, change: (text: string) => string = (text) => text): Promise<Port> {
  const { file, made, state } = RECIPES[trace];
  const { contracts, diagnostics } = compile(file, (path) => change(readFileSync(join(ROOT, path), "utf8")));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ path, code, message }) => `${path}: ${code} ${message}`).join("\n"));
  const modules = new Map<string, LoadedModule>();
  for (const { name, javascript } of contracts) modules.set(name, await loadModule(javascript));
  return { modules, made, state };
}

/** Coin of every account and contract. */
function uniswap(look: Look): Fields {
  const reserves = () => look.view("pair", "getReserves", [], ["uint112", "uint112", "uint32"], []) ?? [];
  const ofPair = (fn: string, output: string) => one(look, "pair", fn, output);
  const pair = (): Value => {
    const [reserve0, reserve1, blockTimestampLast] = reserves();
    return {
      ...{ reserve0, reserve1, blockTimestampLast, ...erc20(look, "pair") },
      ...{ token0: ofPair("token0", "address"), token1: ofPair("token1", "address"), kLast: ofPair("kLast", "uint256") },
      price0CumulativeLast: ofPair("price0CumulativeLast", "uint256"),
      price1CumulativeLast: ofPair("price1CumulativeLast", "uint256"),
    };
  };
  const factory = (): Value => ({
    feeTo: one(look, "factory", "feeTo", "address"),
    feeToSetter: one(look, "factory", "feeToSetter", "address"),
  });
  return { pair, factory, t0: () => erc20(look, "t0"), t1: () => erc20(look, "t1"), ...native(look) };
}

/** The port counts interest in blocks of twelve seconds since 1970, the trace in those since its genesis. */
const FIRST_BLOCK = 145_833_333n - 1000n;

function sinceGenesis(block: Value): Value {
  return typeof block === "string" ? String(BigInt(block) - FIRST_BLOCK) : block;
}

function compound(look: Look): Fields {
  const market = (name: string) => (): Value => ({
    ...Object.fromEntries(
      ["totalSupply", "totalBorrows", "totalReserves", "borrowIndex"].map((fn) => [fn, one(look, name, fn, "uint256")]),
    ),
    accrualBlockNumber: sinceGenesis(one(look, name, "accrualBlockNumber", "uint256")),
    cash: one(look, name, "getCash", "uint256"),
    exchangeRateStored: one(look, name, "exchangeRateStored", "uint256"),
    price: look.view("oracle", "getUnderlyingPrice", ["address"], ["uint256"], [`@${name}`])?.[0] ?? "0",
    balanceOf: byAccount(look, name, "balanceOf", "uint256"),
    borrowBalanceStored: byAccount(look, name, "borrowBalanceStored", "uint256"),
  });
  const liquidity = (account: string): Value => {
    const [, liquid, shortfall] =
      look.view("comptroller", "getAccountLiquidity", ["address"], ["uint256", "uint256", "uint256"], [account]) ?? [];
    return { liquidity: liquid, shortfall };
  };
  const comptroller = (): Value => ({
    membership: byAccount(look, "comptroller", "getAssetsIn", "address[]"),
    liquidity: Object.fromEntries(look.labels.map((label) => [label, liquidity(label)])),
  });
  // The trace doesn't look at their allowances.
  const tokens = Object.fromEntries(["a", "b", "c"].map((name) => [name, () => balances(look, name)]));
  return { comptroller, cA: market("cA"), cB: market("cB"), cC: market("cC"), ...tokens, ...native(look) };
}

function native(look: Look): Fields {
  return { native: () => Object.fromEntries(look.labels.map((label) => [label, look.coin(label)])) };
}

function one(look: Look, contract: string, fn: string, output: string): Value {
  return look.view(contract, fn, [], [output], [])?.[0] ?? "0";
}

function byAccount(look: Look, contract: string, fn: string, output: string): Value {
  return Object.fromEntries(look.labels.map((label) => [label, look.view(contract, fn, ["address"], [output], [label])?.[0] ?? "0"]));
}

function byPair(look: Look, contract: string, fn: string, output: string): Value {
  const inner = (owner: string) =>
    Object.fromEntries(
      look.labels.map((other) => [other, look.view(contract, fn, ["address", "address"], [output], [owner, other])?.[0] ?? "0"]),
    );
  return Object.fromEntries(look.labels.map((owner) => [owner, inner(owner)]));
}

function byId(look: Look, contract: string, fn: string, output: string): Value {
  const ids = Array.from({ length: ID_COUNT }, (_, id) => String(id));
  return Object.fromEntries(ids.map((id) => [id, look.view(contract, fn, ["uint256"], [output], [id])?.[0] ?? "0"]));
}

function balances(look: Look, contract: string): Readonly<Record<string, Value>> {
  return { totalSupply: one(look, contract, "totalSupply", "uint256"), balanceOf: byAccount(look, contract, "balanceOf", "uint256") };
}

function erc20(look: Look, contract: string): Readonly<Record<string, Value>> {
  return { ...balances(look, contract), allowance: byPair(look, contract, "allowance", "uint256") };
}

function erc721(look: Look, contract: string): Value {
  return {
    owner: one(look, contract, "owner", "address"),
    balanceOf: byAccount(look, contract, "balanceOf", "uint256"),
    ownerOf: byId(look, contract, "ownerOf", "address"),
    approved: byId(look, contract, "getApproved", "address"),
    operator: byPair(look, contract, "isApprovedForAll", "bool"),
  };
}

const LOT = ["seller", "endsAt", "settled", "topBidder", "topBid", "minIncrement", "reserve"] as const;
const LOT_TYPES = ["address", "uint64", "bool", "address", "uint128", "uint128", "uint128"];

function auction(look: Look): Fields {
  const lot = (id: string): Value => {
    const found = look.view("house", "lots", ["uint256"], LOT_TYPES, [id]) ?? [];
    return Object.fromEntries(LOT.map((name, i) => [name, found[i]]));
  };
  const ids = Array.from({ length: ID_COUNT }, (_, id) => String(id));
  const house = (): Value => ({
    lotCount: one(look, "house", "lotCount", "uint256"),
    refunds: byAccount(look, "house", "refunds", "uint256"),
    wonBy: byId(look, "house", "wonBy", "address"),
    lots: Object.fromEntries(ids.map((id) => [id, lot(id)])),
  });
  return { house, ...native(look) };
}
