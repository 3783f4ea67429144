/**
 * Terms of two calls as nodes of one graph: equal terms are one node, and an integer is a node plus a constant, so that
 * `t + 1` and `t + 2` share the node of `t` (rule D1: checked `t + c` and `t - c` are injective, conversions transparent).
 * What both calls share (constants, immutables, the block, the contract's address) has no side. Bounded: beyond the limit everything is unknown.
 */
import { unreachable } from "../core/bug.ts";
import { showType } from "../core/types.ts";
import type { LeafIndex, LoopId, Term } from "../footprint/footprint.ts";
import { foldTerm } from "../footprint/terms.ts";
import type { Value } from "../typed/tree.ts";

export type Side = "left" | "right";

/** The value of `node`, plus `offset`. */
export interface Ref {
  readonly node: number;
  readonly offset: bigint;
}

export interface BankNode {
  readonly symbol: string;
  readonly args: readonly Ref[];
  /** A constant that isn't an integer; two of them are never equal. */
  readonly constant: boolean;
  /** A number drawn from this sequence: two of one sequence are never equal (rule T4). */
  readonly ticketOf: LeafIndex | undefined;
  /** Depends on state. */
  readonly reads: boolean;
  /** Depends on something that isn't known: nothing can be said of it. */
  readonly wide: boolean;
}

export interface Bank {
  readonly ref: (side: Side, term: Term) => Ref;
  readonly node: (id: number) => BankNode;
}

/** All integers are this node plus their value. */
export const ZERO = 0;
export const UNKNOWN = 1;

/** Far above what contracts need; it bounds the memory of one pair of functions. */
const MAX_NODES = 20_000;

/** `loopKey` names a loop of one side; loops of one name run over the same range. */
export function createBank(loopKey: (side: Side, loop: LoopId, ref: (term: Term) => Ref) => string): Bank {
  const nodes: BankNode[] = [
    { symbol: "0", args: [], constant: false, ticketOf: undefined, reads: false, wide: false },
    { symbol: "?", args: [], constant: false, ticketOf: undefined, reads: false, wide: true },
  ];
  const ids = new Map<string, number>();
  const memos = { left: new Map<Term, Ref>(), right: new Map<Term, Ref>() };

  const make = (symbol: string, args: readonly Ref[], what: { constant?: true; ticketOf?: LeafIndex; reads?: true } = {}): Ref => {
    if (args.some((arg) => nodes[arg.node].wide)) return { node: UNKNOWN, offset: 0n };
    const key = `${symbol}(${args.map((arg) => `${arg.node}+${arg.offset}`).join(",")})`;
    const known = ids.get(key);
    if (known !== undefined) return { node: known, offset: 0n };
    if (nodes.length >= MAX_NODES) return { node: UNKNOWN, offset: 0n };
    nodes.push({
      symbol,
      args,
      constant: what.constant === true,
      ticketOf: what.ticketOf,
      reads: what.reads === true || args.some((arg) => nodes[arg.node].reads),
      wide: false,
    });
    ids.set(key, nodes.length - 1);
    return { node: nodes.length - 1, offset: 0n };
  };

  const constant = (value: Value): Ref => {
    switch (value.kind) {
      case "int":
        return { node: ZERO, offset: value.value };
      case "enum":
        // Conversions between enums and integers are transparent, so both are numbers here.
        return { node: ZERO, offset: BigInt(value.value) };
      case "bool":
      case "address":
      case "bytes32":
      case "string":
      case "bytes":
        return make(`${value.kind} ${String(value.value)}`, [], { constant: true });
    }
  };

  const step = (side: Side, term: Term, get: (child: Term) => Ref): Ref => {
    switch (term.kind) {
      case "constant":
        return constant(term.value);
      case "param":
        return make(`${side} param ${term.index} ${term.path.join(".")}`, []);
      case "context":
        return make(term.name === "caller" || term.name === "value" ? `${side} ${term.name}` : term.name, []);
      case "immutable":
        return make(`immutable ${term.leaf}`, []);
      case "length":
        return make("length", [get(term.of)]);
      case "element":
        return make("element", [get(term.list), get(term.index)]);
      case "member":
        return make(`member ${term.index}`, [get(term.of)]);
      case "isVariant":
        return make(`is ${term.variant}`, [get(term.of)]);
      case "payload":
        return make(`payload ${term.variant} ${term.index}`, [get(term.of)]);
      case "made":
        return make(`made ${term.variant ?? "list"}`, term.parts.map(get));
      case "decoded":
        return make(`decoded ${showType(term.type)}`, [get(term.data)]);
      case "loopIndex":
        return make(`${side} index ${loopKey(side, term.loop, (inner) => ref(side, inner))}`, []);
      case "ticket":
        return make(`${side} ticket ${term.leaf} ${term.ticket}`, [], { ticketOf: term.leaf });
      case "read":
        // One value per cell and call: a read term is the value before the call's own writes.
        return make(`${side} read ${term.leaf}`, term.keys.map(get), { reads: true });
      case "past":
        // The same for both calls: nobody can change it any more.
        return make(`past ${term.leaf}`, [...term.keys.map(get), get(term.height)]);
      case "op":
        return operation(term, get);
      case "if":
        return make("if", [get(term.cond), get(term.then), get(term.otherwise)]);
      case "unknown":
        return { node: UNKNOWN, offset: 0n };
      default:
        return unreachable(term, "bank");
    }
  };

  const operation = (term: Extract<Term, { kind: "op" }>, get: (child: Term) => Ref): Ref => {
    const args = term.args.map(get);
    const [first, second] = args;
    if (term.op === "convert") return first;
    if (term.op === "+" && second.node === ZERO) return shift(first, second.offset);
    if (term.op === "+" && first.node === ZERO) return shift(second, first.offset);
    if (term.op === "-" && second.node === ZERO) return shift(first, -second.offset);
    return make(`op ${term.op}`, args);
  };

  const ref = (side: Side, term: Term): Ref => foldTerm(term, memos[side], (t, get) => step(side, t, get));

  return { ref, node: (id) => nodes[id] };
}

function shift(ref: Ref, by: bigint): Ref {
  return { node: ref.node, offset: ref.offset + by };
}
