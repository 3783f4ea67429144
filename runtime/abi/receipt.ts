/**
 * What receipts say in terms of a contract's ABI: results, errors and events by name. Data that fits no entry gives `undefined`, never a failure.
 */
import type { AbiEntry, AbiParam } from "../module.ts";
import type { Hex, Log } from "../types.ts";
import { bytesToHex, hexToBytes } from "../values/hex.ts";
import { topicOf } from "../values/keccak.ts";
import type { NamedValue } from "./decode.ts";
import { decodeArgs, decodeValues } from "./decode.ts";
import { isDynamic, parseType, selectorOfEntry, signatureOf } from "./type.ts";

export interface DecodedMessage {
  readonly name: string;
  readonly signature: string;
  readonly args: readonly NamedValue[];
}

/** Errors that any call can end with, beside those of the contract. */
export const BUILT_IN_ERRORS: readonly AbiEntry[] = [
  { type: "error", name: "Panic", inputs: [{ name: "code", type: "uint256" }] },
  { type: "error", name: "Error", inputs: [{ name: "message", type: "string" }] },
  { type: "error", name: "InsufficientFunds", inputs: [{ name: "needed", type: "uint256" }] },
  { type: "error", name: "Reentrancy", inputs: [] },
  { type: "error", name: "OutOfGas", inputs: [] },
  { type: "error", name: "CallTooDeep", inputs: [] },
  { type: "error", name: "SequenceExhausted", inputs: [] },
  { type: "error", name: "DynamicTicket", inputs: [] },
];

export function findFunction(abi: readonly AbiEntry[], name: string): AbiEntry | undefined {
  return abi.find((entry) => entry.type === "function" && entry.name === name);
}

/** Return data by the function's outputs. */
export function decodeResult(entry: AbiEntry, data: Uint8Array): readonly NamedValue[] | undefined {
  return decodeArgs(entry.outputs ?? [], data);
}

/** Error data by the contract's errors and the built-in ones; undefined for empty data too. */
export function decodeError(abi: readonly AbiEntry[], data: Uint8Array): DecodedMessage | undefined {
  if (data.length < 4) return undefined;
  const selector = new DataView(data.buffer, data.byteOffset).getUint32(0);
  for (const entry of [...abi, ...BUILT_IN_ERRORS]) {
    if (entry.type !== "error" || selectorOfEntry(entry) !== selector) continue;
    const args = decodeArgs(entry.inputs, data.subarray(4));
    if (args !== undefined) return { name: entry.name ?? "", signature: signatureOf(entry), args };
  }
  return undefined;
}

/** A log by the contract's events. An indexed value of dynamic type, of which only the hash is known, comes as that hash. */
export function decodeLog(abi: readonly AbiEntry[], log: Pick<Log, "topics" | "data">): DecodedMessage | undefined {
  for (const entry of abi) {
    if (entry.type !== "event" || log.topics.length === 0 || topicHex(entry) !== log.topics[0]) continue;
    const args = decodeEvent(entry, log);
    if (args !== undefined) return { name: entry.name ?? "", signature: signatureOf(entry), args };
  }
  return undefined;
}

export function topicHex(entry: AbiEntry): Hex {
  return bytesToHex(topicOf(signatureOf(entry)));
}

function decodeEvent(entry: AbiEntry, log: Pick<Log, "topics" | "data">): readonly NamedValue[] | undefined {
  const isIndexed = (input: AbiParam): boolean => input.indexed === true;
  const plain = decodeArgs(
    entry.inputs.filter((input) => !isIndexed(input)),
    log.data,
  );
  if (plain === undefined || entry.inputs.filter(isIndexed).length !== log.topics.length - 1) return undefined;
  const args: NamedValue[] = [];
  let topic = 1;
  let rest = 0;
  for (const input of entry.inputs) {
    if (!isIndexed(input)) {
      args.push(plain[rest++]);
      continue;
    }
    const type = parseType(input);
    const text = log.topics[topic++];
    // Arrays and tuples are hashed too, whatever their size.
    const hashed = isDynamic(type) || type.kind === "array" || type.kind === "tuple";
    const values = hashed ? [text] : decodeValues([type], hexToBytes(text, 32));
    if (values === undefined) return undefined;
    args.push({ name: input.name, type, value: values[0] });
  }
  return args;
}
