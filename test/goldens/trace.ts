/**
 * Golden traces: calls of real Solidity contracts on a real EVM, with what each gave. Reads the file format and nothing else; values stay as the trace
 * writes them (integers as decimal strings, addresses as labels such as `@3` and `@token`).
 */

export type Value = string | boolean | readonly Value[] | { readonly [name: string]: Value };

export interface TraceEvent {
  readonly at: string;
  readonly name: string;
  readonly args: readonly Value[];
}

export type Outcome =
  | { readonly kind: "ok"; readonly ret: readonly Value[]; readonly events: readonly TraceEvent[] }
  | { readonly kind: "failed"; readonly error: string; readonly args: readonly Value[] };

export interface TraceCall {
  readonly index: number;
  readonly block: bigint;
  readonly time: bigint;
  readonly from: string;
  readonly to: string;
  readonly fn: string;
  readonly args: readonly Value[];
  readonly value: bigint;
  readonly outcome: Outcome;
}

export interface Deployment {
  readonly label: string;
  readonly contract: string;
  readonly by: string;
  /** Parameters as `type name`; undefined: made by another contract. */
  readonly params: readonly string[] | undefined;
  readonly args: readonly Value[];
}

export interface TraceFunction {
  readonly contract: string;
  readonly fn: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface Trace {
  readonly name: string;
  readonly time: bigint;
  readonly native: bigint;
  /** Label to address. */
  readonly accounts: ReadonlyMap<string, string>;
  /** Label to the name of the contract. */
  readonly contracts: ReadonlyMap<string, string>;
  readonly deployments: readonly Deployment[];
  readonly functions: readonly TraceFunction[];
  /** Parameters by name. */
  readonly events: ReadonlyMap<string, readonly string[]>;
  readonly errors: ReadonlyMap<string, readonly string[]>;
  readonly calls: readonly TraceCall[];
  /** After so many calls; the last one is the final state. */
  readonly states: readonly { readonly after: number; readonly state: Value }[];
  readonly conflicts: { readonly waiting: number; readonly chains: number };
}

export function readTrace(text: string): Trace {
  const root = objectOf(JSON.parse(text));
  const genesis = objectOf(root["genesis"]);
  const calls = listOf(root["calls"]).map(readCall);
  const conflicts = objectOf(objectOf(root["stats"])["conflicts"]);
  return {
    name: stringOf(root["name"]),
    time: BigInt(numberOf(genesis["time"])),
    native: BigInt(stringOf(genesis["native"])),
    accounts: mapOf(genesis["accounts"], stringOf),
    contracts: mapOf(root["contracts"], (each) => stringOf(objectOf(each)["contract"])),
    deployments: listOf(root["deployments"]).map(readDeployment),
    functions: listOf(root["functions"]).map(readFunction),
    events: mapOf(root["events"], (each) => listOf(each).map(stringOf)),
    errors: mapOf(root["errors"], (each) => listOf(each).map(stringOf)),
    calls,
    states: [
      { after: 0, state: valueOf(root["initialState"]) },
      ...listOf(root["checkpoints"]).map((each) => {
        const point = objectOf(each);
        return { after: numberOf(point["after"]), state: valueOf(point["state"]) };
      }),
      { after: calls.length, state: valueOf(root["finalState"]) },
    ],
    conflicts: { waiting: numberOf(conflicts["callsConflictingWithEarlier"]), chains: numberOf(conflicts["sumOfLongestChains"]) },
  };
}

function readCall(raw: unknown): TraceCall {
  const call = objectOf(raw);
  return {
    index: numberOf(call["i"]),
    block: BigInt(numberOf(call["block"])),
    time: BigInt(numberOf(call["time"])),
    from: stringOf(call["from"]),
    to: stringOf(call["to"]),
    fn: stringOf(call["fn"]),
    args: listOf(call["args"]).map(valueOf),
    value: BigInt(call["value"] === undefined ? "0" : stringOf(call["value"])),
    outcome: call["ok"] === true ? readSuccess(call) : readFailure(objectOf(call["error"])),
  };
}

function readSuccess(call: Readonly<Record<string, unknown>>): Outcome {
  const events = listOf(call["events"]).map((raw) => {
    const event = objectOf(raw);
    return { at: stringOf(event["at"]), name: stringOf(event["name"]), args: listOf(event["args"]).map(valueOf) };
  });
  return { kind: "ok", ret: listOf(call["ret"]).map(valueOf), events };
}

function readFailure(error: Readonly<Record<string, unknown>>): Outcome {
  const args = error["args"] === undefined ? [] : listOf(error["args"]).map(valueOf);
  return { kind: "failed", error: stringOf(error["name"]), args };
}

function readDeployment(raw: unknown): Deployment {
  const each = objectOf(raw);
  return {
    label: stringOf(each["label"]),
    contract: stringOf(each["contract"]),
    by: stringOf(each["by"]),
    params: each["constructor"] === undefined ? undefined : ownListOf(each, "constructor"),
    args: each["args"] === undefined ? [] : listOf(each["args"]).map(valueOf),
  };
}

/** Every object has a `constructor`; a deployment by another contract has none of its own. */
function ownListOf(object: Readonly<Record<string, unknown>>, key: string): readonly string[] | undefined {
  return Object.hasOwn(object, key) ? listOf(object[key]).map(stringOf) : undefined;
}

function readFunction(raw: unknown): TraceFunction {
  const each = objectOf(raw);
  return {
    contract: stringOf(each["contract"]),
    fn: stringOf(each["fn"]),
    inputs: listOf(each["inputs"]).map(stringOf),
    outputs: listOf(each["outputs"]).map(stringOf),
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("the trace should have an object here");
  return Object.fromEntries(Object.entries(value));
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("the trace should have a list here");
  return value;
}

function stringOf(value: unknown): string {
  if (typeof value !== "string") throw new Error("the trace should have a text here");
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== "number") throw new Error("the trace should have a number here");
  return value;
}

function mapOf<T>(value: unknown, read: (each: unknown) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(objectOf(value)).map(([key, each]) => [key, read(each)]));
}

function valueOf(value: unknown): Value {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map(valueOf);
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, each]) => [key, valueOf(each)]));
}
