/** Makes single values simpler as long as what they show stays: integers towards 0, lists and texts shorter, addresses to the first account. */
import type { Type } from "../../../compiler/core/types.ts";
import { payloadsOf, hasPayload } from "../../../compiler/core/types.ts";
import { defaultOf } from "./default-values.ts";
import { asInteger, equalValues, isList, membersOf } from "../values.ts";
import type { TestValue } from "../values.ts";
import { isAddress, memberType } from "./cases.ts";

/** Whether the failure stays with this value. */
export type Still = (value: TestValue) => Promise<boolean>;

export async function simplify(value: TestValue, type: Type, accounts: readonly string[], still: Still): Promise<TestValue> {
  const easiest = defaultOf(type, accounts[0]);
  if (equalValues(value, easiest)) return value;
  if (await still(easiest)) return easiest;
  if (type.kind === "int") return towardsZero(asInteger(value), still);
  if (isAddress(type)) return firstThatDoes(value, accounts, still);
  if (type.kind === "string") return shorterText(String(value), still);
  if (type.kind === "bytes") return shorterBytes(String(value), still);
  if (type.kind === "list") return shorterList(membersOf(value), type, accounts, still);
  if (type.kind === "enum" && !hasPayload(type)) {
    return firstThatDoes(
      value,
      type.variants.map((_, i) => BigInt(i)),
      still,
    );
  }
  if (type.kind === "enum" || type.kind === "option") {
    const variants = payloadsOf(type).map((payload, tag) => [BigInt(tag), ...payload.map((part) => defaultOf(part, accounts[0]))]);
    const simple = await firstThatDoes(value, variants, still);
    if (simple !== value) return simple;
  }
  return isList(value) ? members(value, type, accounts, still) : value;
}

async function members(value: readonly TestValue[], type: Type, accounts: readonly string[], still: Still): Promise<readonly TestValue[]> {
  let best = value;
  for (let i = type.kind === "option" || type.kind === "enum" ? 1 : 0; i < best.length; i++) {
    const now = best;
    const member = await simplify(now[i], memberType(type, now, i), accounts, (candidate) => still(now.with(i, candidate)));
    best = now.with(i, member);
  }
  return best;
}

async function shorterList(
  value: readonly TestValue[],
  type: Extract<Type, { kind: "list" }>,
  accounts: readonly string[],
  still: Still,
): Promise<TestValue> {
  let best = value;
  for (let i = best.length - 1; i >= 0; i--) {
    const without = best.toSpliced(i, 1);
    if (await still(without)) best = without;
  }
  return members(best, type, accounts, still);
}

async function shorterText(value: string, still: Still): Promise<TestValue> {
  let best = value;
  for (const text of ["a", value.slice(0, value.length >> 1)]) if (text.length < best.length && (await still(text))) best = text;
  while (best.length > 1 && (await still(best.slice(0, -1)))) best = best.slice(0, -1);
  return best;
}

async function shorterBytes(value: string, still: Still): Promise<TestValue> {
  let best = value;
  while (best.length > 4 && (await still(best.slice(0, -2)))) best = best.slice(0, -2);
  const zeros = `0x${"0".repeat(best.length - 2)}`;
  return (await still(zeros)) ? zeros : best;
}

async function firstThatDoes(value: TestValue, candidates: readonly TestValue[], still: Still): Promise<TestValue> {
  for (const candidate of candidates) {
    if (equalValues(candidate, value)) return value;
    if (await still(candidate)) return candidate;
  }
  return value;
}

/** Finds the number nearest to 0 by halving the distance: exact where everything beyond some number fails. */
export async function towardsZero(value: bigint, still: Still): Promise<bigint> {
  const sign = value < 0n ? -1n : 1n;
  let fails = value * sign;
  let passes = 0n;
  for (const power of [1n, 10n, 1_000n, 10n ** 6n, 10n ** 12n, 10n ** 18n, 10n ** 24n, 2n ** 128n]) {
    if (power >= fails) break;
    if (await still(power * sign)) {
      fails = power;
      break;
    }
    passes = power;
  }
  while (fails - passes > 1n) {
    const middle = (fails + passes) >> 1n;
    if (await still(middle * sign)) fails = middle;
    else passes = middle;
  }
  return fails * sign;
}
