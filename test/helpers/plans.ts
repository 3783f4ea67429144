/**
 * Hand-made footprints: terms, plan steps and a contract around them, so that the conflict analysis can be tested without source text.
 * Plans made here are never executed; words of frames are all zero.
 */
import type { IntType, Type } from "../../compiler/core/types.ts";
import type {
  Access,
  CommuteOp,
  ContractFootprint,
  EntryPlan,
  Leaf,
  LeafIndex,
  LoopId,
  Mode,
  PlanStep,
  ReadId,
  Term,
  TicketId,
} from "../../compiler/footprint/footprint.ts";
import type {
  Condition,
  Contract,
  Field,
  Func,
  FuncId,
  Local,
  LocalId,
  ParallelClaim,
  Program,
  Site,
  Value,
} from "../../compiler/typed/tree.ts";

export const U64: IntType = { kind: "int", signed: false, bits: 64 };
export const U256: IntType = { kind: "int", signed: false, bits: 256 };
export const BOOL: Type = { kind: "bool" };
export const ADDRESS: Type = { kind: "address" };

let places = 0;

/** Every place is another one. */
export function somewhere(): Site {
  places += 10;
  return { path: "hand.weft", span: { start: places, end: places + 5 } };
}

// --- terms -----------------------------------------------------------------------------------------------------------

export function param(index: number, type: Type = U64, path: readonly number[] = []): Term {
  return { kind: "param", index, path, type };
}
export function int(value: number | bigint, type: Type = U64): Term {
  return { kind: "constant", value: { kind: "int", value: BigInt(value) }, type };
}
export function constant(value: Value, type: Type): Term {
  return { kind: "constant", value, type };
}
export function account(digit: number): Term {
  return { kind: "constant", value: { kind: "address", value: `0x${String(digit).repeat(40)}` }, type: ADDRESS };
}
export const CALLER: Term = { kind: "context", name: "caller", type: ADDRESS };
export const SELF: Term = { kind: "context", name: "self.address", type: ADDRESS };
export const HEIGHT: Term = { kind: "context", name: "block.height", type: U64 };
export function op(name: Extract<Term, { kind: "op" }>["op"], type: Type, ...args: Term[]): Term {
  return { kind: "op", op: name, args, type };
}
export function plus(term: Term, by: number): Term {
  return op(by < 0 ? "-" : "+", term.type, term, int(Math.abs(by), term.type));
}
export function equal(left: Term, right: Term): Term {
  return op("==", BOOL, left, right);
}
export function read(id: number, leaf: LeafIndex, keys: readonly Term[], type: Type): Term {
  return { kind: "read", read: readId(id), leaf, keys, type };
}
export function ticket(id: number, leaf: LeafIndex): Term {
  return { kind: "ticket", ticket: ticketId(id), leaf, type: U64 };
}
export function loopIndex(loop: number): Term {
  return { kind: "loopIndex", loop: loopId(loop), type: U64 };
}
export function element(list: Term, index: Term): Term {
  return { kind: "element", list, index, type: list.type.kind === "list" ? list.type.element : U64 };
}
export function unknown(type: Type): Term {
  return { kind: "unknown", why: "test", site: somewhere(), type };
}

export function loopId(id: number): LoopId {
  return id as LoopId;
}
export function readId(id: number): ReadId {
  return id as ReadId;
}
export function ticketId(id: number): TicketId {
  return id as TicketId;
}
export function funcId(id: number): FuncId {
  return id as FuncId;
}
function localId(id: number): LocalId {
  return id as LocalId;
}

// --- steps -----------------------------------------------------------------------------------------------------------

const WORD = { loop: undefined, offset: 0 };

function access(mode: Mode, leaf: LeafIndex, keys: readonly Term[], staged?: ReadId): Access {
  return { kind: "access", word: WORD, leaf, keys, mode, read: staged, site: somewhere(), via: [] };
}
export function reads(leaf: LeafIndex, ...keys: Term[]): Access {
  return access({ kind: "read" }, leaf, keys);
}
export function writes(leaf: LeafIndex, ...keys: Term[]): Access {
  return access({ kind: "write" }, leaf, keys);
}
export function adds(leaf: LeafIndex, ...keys: Term[]): Access {
  return access({ kind: "delta", sign: "+", amount: int(1), floor: undefined, ceiling: undefined, atMost: undefined }, leaf, keys);
}
export function commutes(name: CommuteOp): (leaf: LeafIndex, ...keys: Term[]) => Access {
  return (leaf, ...keys) => access({ kind: "commute", op: name }, leaf, keys);
}
export function readsIfNotCleared(leaf: LeafIndex, ...keys: Term[]): Access {
  return access({ kind: "readElse", of: WORD }, leaf, keys);
}
export function draws(id: number, leaf: LeafIndex): PlanStep {
  return { kind: "ticket", ticket: ticketId(id), word: WORD, leaf, site: somewhere() };
}
export function when(cond: Term, then: readonly PlanStep[], otherwise: readonly PlanStep[] = []): PlanStep {
  return { kind: "branch", cond, then, otherwise, site: somewhere() };
}
export function eachOf(loop: number, list: Term, body: readonly PlanStep[]): PlanStep {
  return { kind: "loop", loop: loopId(loop), over: { kind: "list", list }, pointer: WORD, size: 0, body, site: somewhere() };
}
export function counting(loop: number, from: Term, to: Term, max: number, body: readonly PlanStep[]): PlanStep {
  return { kind: "loop", loop: loopId(loop), over: { kind: "range", from, to, max }, pointer: WORD, size: 0, body, site: somewhere() };
}
export function receives(): PlanStep {
  return { kind: "receive", word: WORD, site: somewhere() };
}

// --- contracts -------------------------------------------------------------------------------------------------------

export interface HandFunction {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type: Type }[];
  readonly steps: readonly PlanStep[];
}

export interface HandLeaf {
  readonly name: string;
  readonly keys: readonly Type[];
  readonly type: Type;
  readonly member?: string;
}

export interface HandClaim {
  readonly left: number;
  readonly right: number;
  readonly when?: Condition;
}

/** Leaf 0 is the coin; those given follow from 1. Functions get the ids 0, 1, and so on. */
export function handmade(
  leaves: readonly HandLeaf[],
  functions: readonly HandFunction[],
  claims: readonly HandClaim[] = [],
): { readonly footprint: ContractFootprint; readonly program: Program } {
  const site = somewhere();
  const funcs = functions.map((each, i) => funcOf(each, i, site));
  const parallels = claims.map((claim): ParallelClaim => {
    const sides = { left: { binder: "a", func: funcId(claim.left) }, right: { binder: "b", func: funcId(claim.right) } };
    return { ...sides, when: claim.when, site: somewhere() };
  });
  const fields = leaves.map((leaf, i): Field => ({
    index: i,
    name: leaf.name,
    kind: "state",
    type: leaf.type,
    initial: undefined,
    doc: "",
    site,
  }));
  const contract: Contract = {
    name: "Hand",
    doc: "",
    site,
    fields,
    init: funcId(functions.length),
    external: funcs.map((func) => func.id),
    events: [],
    errors: [],
    parallels,
    invariants: [],
  };
  const coin: Leaf = {
    index: 0,
    group: 0,
    field: undefined,
    path: [],
    pathNames: [],
    keys: [ADDRESS],
    type: U256,
    table: 0,
    history: false,
  };
  const own = leaves.map((leaf, i): Leaf => ({
    index: i + 1,
    group: i + 1,
    history: false,
    field: fields[i],
    path: leaf.member === undefined ? [] : [0],
    pathNames: leaf.member === undefined ? [] : [leaf.member],
    keys: leaf.keys,
    type: leaf.type,
    table: undefined,
  }));
  const frame = { receive: undefined, args: new Map<number, number>(), body: 0, size: 0 };
  const entries = new Map<FuncId, EntryPlan>();
  functions.forEach((each, i) =>
    entries.set(funcId(i), { func: funcId(i), tickets: "none", draws: [], frame, heads: [], steps: each.steps }),
  );
  const program: Program = {
    files: [{ path: "hand.weft", text: "" }],
    root: "hand.weft",
    contracts: [contract],
    functions: new Map(funcs.map((func) => [func.id, func])),
    tests: [],
  };
  return { footprint: { contract, leaves: [coin, ...own], own: own.length + 1, stagedGroups: new Set(), entries }, program };
}

function funcOf(hand: HandFunction, index: number, site: Site): Func {
  const params = hand.params.map((each, i): Local => ({ id: localId(i), name: each.name, type: each.type, mutable: false, site }));
  return {
    id: funcId(index),
    name: hand.name,
    role: "external",
    mutability: "write",
    contract: "Hand",
    params,
    result: { kind: "unit" },
    locals: params,
    body: [],
    doc: "",
    site,
    nameSite: site,
  };
}
