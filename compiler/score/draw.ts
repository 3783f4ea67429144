/**
 * How values of a sampled call are drawn: by the type of a parameter, or as a mix says. Accounts and numbers come from populations of stated size, each
 * by Zipf's law with a stated exponent (0: all alike), so that how often calls meet is a matter of the mix and not of chance.
 */
import { Bug } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import { maxOf } from "../core/types.ts";
import type { Concrete } from "../footprint/concrete-value.ts";
import { textBytes } from "../footprint/concrete-bytes.ts";
import { createPicker } from "./random.ts";
import type { Picker, Random } from "./random.ts";

export interface Population {
  /** Callers and addresses. */
  readonly accounts: number;
  /** Whole numbers are drawn below this one; texts and bytes are such numbers written down. */
  readonly ids: number;
  /** Exponent of Zipf's law for both: the n-th is drawn n^skew times less often than the first. */
  readonly skew: number;
}

export type Draw =
  | { readonly kind: "constant"; readonly value: Concrete }
  | { readonly kind: "account"; readonly accounts: number; readonly skew: number }
  /** Both ends included; with a skew `least` is the most frequent one. */
  | { readonly kind: "int"; readonly least: bigint; readonly greatest: bigint; readonly skew: number }
  | { readonly kind: "word" | "text" | "bytes"; readonly count: number; readonly skew: number }
  | { readonly kind: "oneOf"; readonly choices: readonly Draw[] }
  | { readonly kind: "list"; readonly least: number; readonly greatest: number; readonly item: Draw }
  | { readonly kind: "members"; readonly members: readonly Draw[] };

/** Elements of a list that no mix speaks of. */
export const USUAL_LENGTH = 8;
/** Units of attached coin: of a size that passes what contracts ask for. */
const COIN_UNIT = 10n ** 15n;
const COIN_UNITS = 1_000;

const FLAGS: Draw = {
  kind: "oneOf",
  choices: [
    { kind: "constant", value: false },
    { kind: "constant", value: true },
  ],
};

export function drawByType(type: Type, population: Population): Draw {
  const { accounts, ids, skew } = population;
  switch (type.kind) {
    case "bool":
      return FLAGS;
    case "int": {
      const most = maxOf(type);
      return { kind: "int", least: 0n, greatest: BigInt(ids - 1) < most ? BigInt(ids - 1) : most, skew };
    }
    case "enum":
      return { kind: "int", least: 0n, greatest: BigInt(type.variants.length - 1), skew: 0 };
    case "address":
    case "handle":
      return { kind: "account", accounts, skew };
    case "history":
      return drawByType(type.value, population);
    case "bytes32":
      return { kind: "word", count: ids, skew };
    case "string":
      return { kind: "text", count: Math.min(ids, 10 ** Math.min(type.max, 9)), skew };
    case "bytes":
      return { kind: "bytes", count: Math.min(ids, 256 ** Math.min(type.max, 4)), skew };
    case "list": {
      const greatest = Math.min(type.max, USUAL_LENGTH);
      return { kind: "list", least: Math.min(1, greatest), greatest, item: drawByType(type.element, population) };
    }
    case "struct":
      return { kind: "members", members: type.fields.map((field) => drawByType(field.type, population)) };
    case "tuple":
      return { kind: "members", members: type.elements.map((element) => drawByType(element.type, population)) };
    default:
      throw new Bug(`no value of a ${type.kind} is drawn`);
  }
}

/** What is attached to a call of a payable function. */
export function coinDraw(): Draw {
  return { kind: "oneOf", choices: Array.from({ length: COIN_UNITS }, (_, i) => ({ kind: "constant", value: BigInt(i + 1) * COIN_UNIT })) };
}

export type Drawer = (draw: Draw) => Concrete;

/** What sampling may take in all, in elements of lists and steps of plans; when none is left, what was sampled is of no use. */
export interface Budget {
  left: number;
}

/** Tables of a population with skew are made once. */
export function createDrawer(random: Random, budget: Budget): Drawer {
  const pickers = new Map<string, Picker>();
  const pick = (size: number, skew: number): number => {
    const key = `${size} ${skew}`;
    const known = pickers.get(key);
    const picker = known ?? createPicker(skew === 0 ? { kind: "uniform" } : { kind: "zipf", exponent: skew }, size);
    if (known === undefined) pickers.set(key, picker);
    return picker(random);
  };
  const drawer: Drawer = (draw) => {
    switch (draw.kind) {
      case "constant":
        return draw.value;
      case "account":
        return accountAddress(pick(draw.accounts, draw.skew));
      case "int":
        if (draw.skew === 0) return random.between(draw.least, draw.greatest);
        return draw.least + BigInt(pick(Number(draw.greatest - draw.least) + 1, draw.skew));
      case "word":
        return `0x${pick(draw.count, draw.skew).toString(16).padStart(64, "0")}`;
      case "text":
        return textBytes(draw.count === 1 ? "" : String(pick(draw.count, draw.skew)));
      case "bytes":
        return draw.count === 1 ? "0x" : evenHex(pick(draw.count, draw.skew));
      case "oneOf":
        return drawer(draw.choices[random.below(draw.choices.length)]);
      case "list": {
        const length = draw.least + random.below(draw.greatest - draw.least + 1);
        budget.left -= length;
        return budget.left < 0 ? [] : Array.from({ length }, () => drawer(draw.item));
      }
      case "members":
        return draw.members.map(drawer);
    }
  };
  return drawer;
}

function evenHex(value: number): string {
  const digits = value.toString(16);
  return `0x${digits.length % 2 === 0 ? digits : `0${digits}`}`;
}

/** Numbered from 1: the zero address stands for nobody. */
export function accountAddress(index: number): string {
  return `0x${(index + 1).toString(16).padStart(40, "0")}`;
}

/** Of the contract itself, and of the accounts and contracts that its immutables name: none of the population. */
export function reservedAddress(index: number): string {
  return `0x${(0xc0de0000 + index).toString(16).padEnd(40, "0")}`;
}
