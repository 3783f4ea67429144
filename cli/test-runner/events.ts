/** Expectations of events: which logs of a receipt they are, and how logs are shown. */
import { topicOf } from "../../compiler/codegen/abi.ts";
import type { EventDef, Program, TestCall } from "../../compiler/typed/tree.ts";
import type { Type } from "../../compiler/core/types.ts";
import { encodeArgs } from "../../runtime/abi/encode.ts";
import type { Log, Receipt } from "../../runtime/types.ts";
import { keccak } from "../../runtime/values/keccak.ts";
import { TestFailure } from "./failure.ts";
import { hexToBytes } from "../../runtime/values/hex.ts";
import { abiParam, asHex, decodeTestValues, showValue, toHex } from "./values.ts";
import type { Names, TestValue } from "./values.ts";

export interface ExpectedEvent {
  readonly event: EventDef;
  readonly args: readonly TestValue[];
}

/** Logs shown of a call. */
const MAX_SHOWN = 8;

/** The receipt is one of a call that succeeded. */
export function checkEvents(call: TestCall, expected: readonly ExpectedEvent[], { logs }: Receipt, program: Program, names: Names): void {
  if (expected.length === 0 && logs.length === 0) return;
  const shown = expected.map(({ event, args }) => showEvent(event, args, names));
  const logged = logs.map((log) => showLog(log, program, names));
  const failure = (wanted: string): TestFailure => {
    // Labels of one place are drawn upwards.
    const notes = logged.slice(0, MAX_SHOWN).map((text, i) => ({ site: call.site, text: `logs ${i + 1}: ${text}` }));
    const more = logged.length > MAX_SHOWN ? [{ site: call.site, text: `and ${logged.length - MAX_SHOWN} more` }] : [];
    return new TestFailure("E0625", call.site, { expected: wanted, found: foundText(logged) }, [...notes, ...more].reverse());
  };
  if (expected.length === 0) throw failure("no event");
  let from = 0;
  for (const [index, { event, args }] of expected.entries()) {
    const wanted = encodeLog(event, args);
    const isIt = (log: Log): boolean => log.topics.join() === wanted.topics && toHex(log.data) === wanted.data;
    const at = logs.findIndex((log, i) => i >= from && isIt(log));
    if (at < 0) throw failure(`the event \`${shown[index]}\`${logs.slice(0, from).some(isIt) ? ` after \`${shown[index - 1]}\`` : ""}`);
    from = at + 1;
  }
}

function foundText(logged: readonly string[]): string {
  const [first] = logged;
  if (logged.length < 2) return logged.length === 0 ? "no event" : `\`${first}\``;
  return `${logged.length} events`;
}

/** Indexed strings and bytes are told by their hash. */
function isHashed({ type, indexed }: EventDef["params"][number]): boolean {
  return indexed && (type.kind === "string" || type.kind === "bytes");
}

function encodeLog(event: EventDef, args: readonly TestValue[]): { readonly topics: string; readonly data: string } {
  const topics = event.params.flatMap((param, i) => (param.indexed ? [topicFor(param, args[i])] : []));
  const plain = event.params.flatMap((param, i) => (param.indexed ? [] : [{ param: abiParam(param.name, param.type), value: args[i] }]));
  const data = encodeArgs(
    plain.map(({ param }) => param),
    plain.map(({ value }) => value),
  );
  return { topics: [topicOf(event), ...topics].join(), data: toHex(data) };
}

function topicFor(param: EventDef["params"][number], value: TestValue): string {
  if (!isHashed(param)) return toHex(encodeArgs([abiParam(param.name, param.type)], [value]));
  const bytes = param.type.kind === "string" ? Buffer.from(String(value)) : hexToBytes(asHex(value), -1);
  return toHex(keccak(bytes));
}

function showEvent(event: EventDef, args: readonly TestValue[], names: Names): string {
  return `${event.name}(${args.map((arg, i) => showValue(arg, event.params[i].type, names)).join(", ")})`;
}

function showLog(log: Log, program: Program, names: Names): string {
  for (const event of program.contracts.flatMap((contract) => contract.events)) {
    const text = topicOf(event) === log.topics.at(0) ? decodedLog(event, log, names) : undefined;
    if (text !== undefined) return text;
  }
  return `${log.topics.join(" ")} ${toHex(log.data)}`;
}

/** Undefined where the log isn't what the event says: another event may have the same first topic. */
function decodedLog(event: EventDef, { topics, data }: Log, names: Names): string | undefined {
  const indexed = event.params.filter((param) => param.indexed);
  const plain = event.params.filter((param) => !param.indexed);
  if (indexed.length !== topics.length - 1) return undefined;
  const values = decodeTestValues(
    plain.map((param) => abiParam(param.name, param.type)),
    data,
  );
  if (values === undefined) return undefined;
  const rest = [...values];
  const hashes = [...topics.slice(1)];
  const texts = event.params.map((param) => {
    const topic = param.indexed ? hashes.shift() : undefined;
    if (topic === undefined) return shownOr(rest.shift(), param.type, names);
    if (isHashed(param)) return `keccak256 ${topic}`;
    return shownOr(decodeTestValues([abiParam(param.name, param.type)], hexToBytes(topic, 32))?.at(0), param.type, names) ?? topic;
  });
  return texts.every((text) => text !== undefined) ? `${event.name}(${texts.join(", ")})` : undefined;
}

function shownOr(value: TestValue | undefined, type: Type, names: Names): string | undefined {
  return value === undefined ? undefined : showValue(value, type, names);
}
