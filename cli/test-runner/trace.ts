/**
 * Traces of the calls that a test makes: which function called which, from where, with which values, what it logged and changed, and where it failed.
 * Fed by probes and by the session; plain data comes out. It never decides whether a test passes.
 */
import { visitBlock } from "../../compiler/typed/walk.ts";
import type { Contract, EventDef, Func, Program, Site, TypedId } from "../../compiler/typed/tree.ts";
import type { CellValue, DeployResult, Hex, Receipt } from "../../runtime/types.ts";
import { findFunction } from "./called.ts";
import type { ProbeListener } from "./probes.ts";
import { fromRaw } from "./raw-values.ts";
import type { Deployment, PreparedCall, SessionListener } from "./session.ts";
import { abiParam, decodeTestValues, toHex } from "./values.ts";
import type { TestValue } from "./values.ts";

export interface TraceFrame {
  readonly kind: "call";
  readonly func: Func;
  readonly self: Hex;
  readonly args: readonly TestValue[];
  /** The statement of the caller that makes the call; undefined of the outermost. */
  readonly from: TypedId | undefined;
  /** The statement that runs, or ran last. */
  at: TypedId | undefined;
  /** Undefined until it ends, and for ever where it fails. */
  result: TestValue | undefined;
  readonly parts: (TraceFrame | TraceEvent)[];
  /** Parts that there was no room for. */
  left: number;
}

export interface TraceEvent {
  readonly kind: "event";
  readonly event: EventDef;
  readonly args: readonly TestValue[];
}

/** A call of the test: the outermost frame is missing where nothing of the function ran. */
export interface TraceCall {
  readonly site: Site;
  readonly from: Hex;
  readonly value: bigint;
  /** Of the contract called, if it is known; what a deployment made. */
  readonly to: Hex;
  readonly target: { readonly contract: Contract; readonly func: Func } | undefined;
  readonly deployment: boolean;
  /** By what the calldata says; undefined where it isn't what the function takes. */
  readonly args: readonly TestValue[] | undefined;
  readonly receipt: Pick<Receipt, "status" | "data" | "rejection" | "cost">;
  readonly frame: TraceFrame | undefined;
}

export interface TraceChange {
  readonly contract: Hex | undefined;
  readonly cell: string;
  readonly before: CellValue | undefined;
  readonly after: CellValue | undefined;
}

export interface TraceBlock {
  readonly calls: readonly TraceCall[];
  readonly changes: readonly TraceChange[];
}

export interface Tracer extends ProbeListener, SessionListener {
  readonly blocks: readonly TraceBlock[];
  /** Names of contracts whose code has run, by address. */
  readonly contracts: ReadonlyMap<Hex, string>;
}

interface TracedChain {
  readonly program: Program;
  /** All cells, by `contract|cell`, to tell what a deployment changed. */
  readonly cells: () => ReadonlyMap<string, TraceChange>;
}

/** Frames and events of one test that are kept: nobody reads more, and a loop may make millions. */
const MAX_PARTS = 5_000;

export function createTracer({ program, cells }: TracedChain): Tracer {
  const events = new Map(program.contracts.flatMap((contract) => contract.events.map((event) => [event.key, event] as const)));
  const blocks: TraceBlock[] = [];
  const contracts = new Map<Hex, string>();
  let before: ReadonlyMap<string, TraceChange> = new Map();
  let roots: TraceFrame[] = [];
  let stack: TraceFrame[] = [];
  let parts = 0;

  function add(part: TraceFrame | TraceEvent): void {
    const top = stack.at(-1);
    if (top === undefined) return;
    if (parts++ < MAX_PARTS) top.parts.push(part);
    else top.left++;
  }

  /** Roots stand in the order of the calls, but for those that ended before any of their code ran. */
  function takeRoot(func: Func | undefined, self: Hex, succeeded: boolean): TraceFrame | undefined {
    const [next] = roots;
    if (next === undefined || next.func !== func || next.self !== self || (next.result !== undefined) !== succeeded) return undefined;
    roots = roots.slice(1);
    return next;
  }

  function traced(call: PreparedCall, receipt: Receipt): TraceCall {
    const { site, from, to, value, data } = call;
    const contract = program.contracts.find(({ name }) => name === contracts.get(to));
    const func = contract === undefined ? undefined : findFunction(program, contract, data);
    const target = contract === undefined || func === undefined ? undefined : { contract, func };
    const args = func === undefined ? undefined : argsOf(func, data.subarray(4));
    const frame = receipt.status === "rejected" ? undefined : takeRoot(func, to, receipt.status === "success");
    return { site, from, value, to, target, deployment: false, args, receipt, frame };
  }

  function tracedDeployment({ module, from, args, value, site }: Deployment, { address, receipt }: DeployResult): TraceCall {
    const contract = program.contracts.find(({ name }) => name === module.module.name);
    const func = contract === undefined ? undefined : program.functions.get(contract.init);
    const target = contract === undefined || func === undefined ? undefined : { contract, func };
    const frame = receipt.status === "rejected" ? undefined : takeRoot(func, address, receipt.status === "success");
    const values = func === undefined ? undefined : argsOf(func, args);
    return { site, from, value, to: address, target, deployment: true, args: values, receipt, frame };
  }

  return {
    blocks,
    contracts,
    begin() {
      stack = [];
    },
    enter(running, bytesOf, func, args) {
      const from = stack.at(-1)?.at;
      const values = func.params.map(({ type }, i) => fromRaw(args[i], type, bytesOf));
      const self = toHex(bytesOf(running.self));
      if (func.contract !== undefined) contracts.set(self, func.contract);
      const frame: TraceFrame = { kind: "call", func, self, args: values, from, at: undefined, result: undefined, parts: [], left: 0 };
      if (stack.length === 0) roots.push(frame);
      else add(frame);
      stack.push(frame);
    },
    leave(bytesOf, result) {
      const frame = stack.pop();
      if (frame !== undefined) frame.result = fromRaw(result, frame.func.result, bytesOf);
    },
    step(id) {
      const top = stack.at(-1);
      if (top !== undefined) top.at = id;
    },
    choice: () => undefined,
    event(bytesOf, key, args) {
      const event = events.get(key);
      if (event !== undefined) add({ kind: "event", event, args: event.params.map(({ type }, i) => fromRaw(args[i], type, bytesOf)) });
    },
    block(calls, result, receipts) {
      const traces = calls.map((call, i) => traced(call, receipts[i]));
      const changes = result.changedCells().filter(({ contract, cell }) => contract !== undefined || !cell.startsWith("nonce["));
      blocks.push({ calls: traces, changes });
      roots = [];
    },
    beforeDeployment() {
      before = cells();
    },
    deployed(deployment, result) {
      const call = tracedDeployment(deployment, result);
      blocks.push({ calls: [call], changes: differences(before, cells()) });
      roots = [];
    },
  };
}

function argsOf(func: Func, data: Uint8Array): readonly TestValue[] | undefined {
  return decodeTestValues(
    func.params.map((param) => abiParam(param.name, param.type)),
    data,
  );
}

function differences(before: ReadonlyMap<string, TraceChange>, after: ReadonlyMap<string, TraceChange>): readonly TraceChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name): TraceChange[] => {
    const [old, now] = [before.get(name), after.get(name)];
    const known = now ?? old;
    if (known === undefined || old?.after === now?.after) return [];
    return [{ contract: known.contract, cell: known.cell, before: old?.after, after: now?.after }];
  });
}

/** From the outermost frame to the one that failed. */
export function failingChain(root: TraceFrame): readonly TraceFrame[] {
  const chain = [root];
  for (;;) {
    const last = chain[chain.length - 1].parts.at(-1);
    if (last?.kind !== "call" || last.result !== undefined) return chain;
    chain.push(last);
  }
}

/** Where the statements of a program stand. */
export function statementSites(program: Program): ReadonlyMap<TypedId, Site> {
  const sites = new Map<TypedId, Site>();
  for (const func of program.functions.values()) {
    visitBlock(func.body, {
      stmt: (stmt) => {
        sites.set(stmt.id, stmt.site);
      },
    });
  }
  return sites;
}
