/**
 * Options of a chain and other numbers that users pass in, checked. Mistakes are ValidationErrors that name what is wrong.
 */
import { ValidationError } from "./errors.ts";
import type { ChainOptions } from "./types.ts";
import { closest } from "./values/closest.ts";

export const DEFAULT_CAPACITY = 2 ** 22;
const MAX_CAPACITY = 2 ** 26;
const MAX_WORKERS = 64;
const MAX_CHUNK = 4096;
const DEFAULT_CHUNK = 32;
export const UINT64 = 2n ** 64n;
export const UINT256 = 2n ** 256n;

/** What isn't given has its default; the number of workers isn't guessed, it is 1. */
export function checkOptions(given: Partial<ChainOptions>): ChainOptions {
  const options: ChainOptions = {
    workers: given.workers ?? 1,
    capacity: given.capacity ?? DEFAULT_CAPACITY,
    chainId: given.chainId ?? 1n,
    genesis: given.genesis ?? [],
    time: given.time ?? 0n,
    feeRecipient: given.feeRecipient,
    sharing: given.sharing ?? "adaptive",
    chunk: given.chunk ?? DEFAULT_CHUNK,
    delay: given.delay,
  };
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(options, name)) continue;
    const meant = closest(name, Object.keys(options));
    throw new ValidationError(`no option \`${name.slice(0, 60)}\`${meant === undefined ? "" : `; did you mean \`${meant}\`?`}`);
  }
  checkInteger("workers", options.workers, 1, MAX_WORKERS);
  checkInteger("capacity", options.capacity, 16, MAX_CAPACITY);
  checkInteger("chunk", options.chunk, 1, MAX_CHUNK);
  if (!["adaptive", "large", "always"].includes(options.sharing)) throw new ValidationError(`no sharing ${String(options.sharing)}`);
  checkAmount("chainId", options.chainId, UINT64);
  checkAmount("time", options.time, UINT64);
  if (options.feeRecipient !== undefined) checkAddress("feeRecipient", options.feeRecipient);
  let supply = 0n;
  for (const { address, balance } of options.genesis) {
    checkAddress("address", address);
    checkAmount("balance", balance, UINT256);
    supply += balance;
  }
  // Then no balance can overflow, whatever is paid to whom.
  if (supply >= UINT256) throw new ValidationError("the coins of genesis exceed 256 bits in total");
  return options;
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new ValidationError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

/** In either case: letters of a checksum aren't looked at. */
export function checkAddress(name: string, address: unknown): void {
  if (typeof address !== "string" || !/^0x[0-9a-fA-F]{40}$/.test(address))
    throw new ValidationError(`${name} must be an address (0x and 40 hexadecimal digits), not ${String(address).slice(0, 60)}`);
}

export function checkAmount(name: string, value: bigint, limit: bigint): void {
  if (typeof value !== "bigint") throw new ValidationError(`${name} must be a bigint, not the ${typeof value} ${String(value)}`);
  if (value < 0n || value >= limit) throw new ValidationError(`${name} out of range: ${String(value)}`);
}
