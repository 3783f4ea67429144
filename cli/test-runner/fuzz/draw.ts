/**
 * Random values of any type: edges of the type, powers of two and their neighbours, literals of the program, values that came up before and what is near them, few
 * accounts. Addresses of contracts that random calls are made on are written `#0`, `#1`: they differ from case to case.
 */
import { hasPayload, maxOf, minOf, payloadsOf } from "../../../compiler/core/types.ts";
import type { IntType, Type } from "../../../compiler/core/types.ts";
import { unreachable } from "../../../compiler/core/bug.ts";
import type { TestValue } from "../values.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Random } from "./random.ts";

export interface Source {
  readonly random: Random;
  readonly dictionary: Dictionary;
  /** Addresses of the accounts of this run. */
  readonly accounts: readonly string[];
  /** How many contracts there are to be named; undefined: addresses are those of accounts, which can make calls. */
  readonly instances: number | undefined;
  /** Times are near this one. */
  readonly now: bigint;
}

const ZERO_ADDRESS = `0x${"0".repeat(40)}`;
/** Longer lists and texts are tried seldom, and none above these. */
const USUAL_LENGTH = 4;
const MAX_ELEMENTS = 64;
const MAX_BYTES = 256;
const LETTERS = "abcxyzABC019 _-é";

export function draw(type: Type, source: Source): TestValue {
  const { random } = source;
  switch (type.kind) {
    case "bool":
      return random.chance(0.5);
    case "int":
      return drawInteger(type, source);
    case "address":
    case "handle":
      return drawAddress(source);
    case "bytes32":
      return drawWord(source);
    case "string":
      return drawString(type.max, source);
    case "bytes":
      return drawBytes(type.max, source);
    case "list":
      return Array.from({ length: drawLength(type.max, MAX_ELEMENTS, random) }, () => draw(type.element, source));
    case "struct":
      return type.fields.map((field) => draw(field.type, source));
    case "tuple":
      return type.elements.map((element) => draw(element.type, source));
    case "enum":
    case "option": {
      if (type.kind === "enum" && !hasPayload(type)) return BigInt(random.below(type.variants.length));
      const payloads = payloadsOf(type);
      const variant = random.below(payloads.length);
      return [BigInt(variant), ...payloads[variant].map((part) => draw(part, source))];
    }
    case "map":
    case "set":
    case "sequence":
    case "history":
    case "unit":
    case "poison":
      return [];
    default:
      return unreachable(type, "draw");
  }
}

function drawInteger(type: IntType, { random, dictionary, now }: Source): bigint {
  const value = ((): bigint => {
    const way = random.below(100);
    if (way < 18) return edge(type, random);
    if (way < 50) return near(dictionary.seen(random), random) ?? BigInt(random.below(100));
    if (way < 66) return near(dictionary.literal(random), random) ?? BigInt(random.below(1_000));
    if (way < 74 && type.bits >= 64) return now + (dictionary.literal(random) ?? 0n) + BigInt(random.below(5) - 2);
    if (way < 92) return BigInt(random.below(random.pick([3, 10, 100, 10_000])));
    return random.bits(1 + random.below(type.bits));
  })();
  const signed = type.signed && random.chance(0.4) ? -value : value;
  return fit(signed, type);
}

/** What lies outside comes in again at the end it left by. */
function fit(value: bigint, type: IntType): bigint {
  if (value >= minOf(type) && value <= maxOf(type)) return value;
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}

function edge(type: IntType, random: Random): bigint {
  const way = random.below(6);
  if (way < 2) return BigInt(way);
  if (way === 2) return maxOf(type);
  if (way === 3) return maxOf(type) - BigInt(random.below(3));
  if (way === 4) return minOf(type) + BigInt(random.below(2));
  return 2n ** BigInt(random.below(type.bits)) + BigInt(random.below(3) - 1);
}

function near(value: bigint | undefined, random: Random): bigint | undefined {
  if (value === undefined || random.chance(0.6)) return value;
  const way = random.below(6);
  if (way === 0) return value + 1n;
  if (way === 1) return value > 0n ? value - 1n : value;
  if (way === 2) return value / 2n;
  if (way === 3) return value * 2n;
  if (way === 4) return value / 10n;
  return value * BigInt(1 + random.below(10));
}

function drawAddress({ random, accounts, instances, dictionary }: Source): string {
  if (instances === undefined) return random.pick(accounts);
  const way = random.below(100);
  if (way < 4) return ZERO_ADDRESS;
  if (way < 6) return `0x${random.bits(160).toString(16).padStart(40, "0")}`;
  if (way < 10 && dictionary.addresses.length > 0) return random.pick(dictionary.addresses);
  if (way < 18 && instances > 0) return `#${random.below(instances)}`;
  return random.pick(accounts);
}

function drawWord({ random, dictionary }: Source): string {
  const word = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
  const way = random.below(10);
  if (way < 4) return dictionary.text(random, "bytes32") ?? word(BigInt(random.below(4)));
  return way < 8 ? word(BigInt(random.below(4))) : word(random.bits(256));
}

function drawLength(max: number, limit: number, random: Random): number {
  const most = Math.min(max, limit);
  if (random.chance(0.05)) return most;
  return Math.min(most, random.below(USUAL_LENGTH));
}

function drawString(max: number, { random, dictionary }: Source): string {
  const known = random.chance(0.4) ? dictionary.text(random, "string") : undefined;
  const text = known ?? Array.from({ length: drawLength(max, MAX_BYTES, random) }, () => LETTERS[random.below(LETTERS.length)]).join("");
  let cut = text;
  while (Buffer.byteLength(cut) > max) cut = cut.slice(0, -1);
  return cut;
}

function drawBytes(max: number, { random, dictionary }: Source): string {
  const known = random.chance(0.3) ? dictionary.text(random, "bytes") : undefined;
  if (known !== undefined) return known.slice(0, 2 + max * 2);
  const length = drawLength(max, MAX_BYTES, random);
  return length === 0
    ? "0x"
    : `0x${random
        .bits(length * 8)
        .toString(16)
        .padStart(length * 2, "0")}`;
}

/** Coin sent with a call. */
export function drawCoin(most: bigint, source: Source): bigint {
  const { random } = source;
  if (random.chance(0.1)) return 0n;
  const value = drawInteger({ kind: "int", signed: false, bits: 128 }, source);
  return value > most ? value % most : value;
}
