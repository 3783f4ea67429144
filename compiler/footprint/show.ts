/**
 * Terms and cells in the words of the author: `proposals[id].yes`, `balances[to[i]]`. Pure text without colours.
 * Output is bounded: deep or wide terms are cut with `…`.
 */
import type { Type } from "../core/types.ts";
import { showType } from "../core/types.ts";
import type { Local, Value } from "../typed/tree.ts";
import { isOfState } from "./algebra.ts";
import type { Leaf, LeafIndex, LoopId, Term } from "./footprint.ts";
import { COIN } from "./footprint.ts";

/** What the names in terms refer to. */
export interface TermScope {
  readonly leaves: readonly Leaf[];
  readonly params: readonly Local[];
  /** Stands before what belongs to the call: `a.` when two calls are spoken of, empty otherwise. */
  readonly call: string;
  /** Stands before state that is read: `self.`, or `a.` for the value that call reads. */
  readonly state: string;
  readonly loopName: (loop: LoopId) => string;
}

const MAX_DEPTH = 10;
const MAX_PARTS = 60;
const MAX_TEXT = 40;

/** `proposals[].yes`: the kind of cell, whatever its keys. */
export function leafName(leaf: Leaf): string {
  if (leaf.field === undefined) return "native coin";
  return leaf.field.name + leaf.keys.map(() => "[]").join("") + leaf.pathNames.map((name) => `.${name}`).join("");
}

/** `proposals[id].yes`, `self.balance`, `balance(to)`. */
export function showCell(leaves: readonly Leaf[], index: LeafIndex, keys: readonly Term[], scope: TermScope): string {
  return cellText(leaves[index], keys, "", scope, { left: MAX_PARTS }, 0);
}

export function showTerm(term: Term, scope: TermScope): string {
  return text(term, scope, { left: MAX_PARTS }, 0);
}

export function showValue(value: Value, type: Type): string {
  switch (value.kind) {
    case "bool":
      return String(value.value);
    case "int":
      return String(value.value);
    case "address":
      return `@${value.value}`;
    case "bytes32":
      return value.value;
    case "string": {
      const shown = JSON.stringify(value.value);
      return shown.length <= MAX_TEXT ? shown : `${shown.slice(0, MAX_TEXT)}…"`;
    }
    case "bytes":
      return value.value.length <= MAX_TEXT ? value.value : `${value.value.slice(0, MAX_TEXT)}…`;
    case "enum": {
      if (type.kind !== "enum" || value.value >= type.variants.length) return String(value.value);
      return `${type.name}.${type.variants[value.value]}`;
    }
  }
}

interface Budget {
  left: number;
}

function cellText(leaf: Leaf, keys: readonly Term[], before: string, scope: TermScope, budget: Budget, depth: number): string {
  if (leaf.index === COIN) {
    const key = keys.at(0);
    if (key === undefined || (key.kind === "context" && key.name === "self.address")) return `${before === "" ? "self." : before}balance`;
    return `balance(${text(key, scope, budget, depth + 1)})`;
  }
  const name = leaf.field === undefined ? "?" : leaf.field.name;
  const brackets = keys.map((key) => `[${text(key, scope, budget, depth + 1)}]`).join("");
  return before + name + brackets + leaf.pathNames.map((member) => `.${member}`).join("");
}

function text(term: Term, scope: TermScope, budget: Budget, depth: number): string {
  budget.left--;
  if (depth > MAX_DEPTH || budget.left < 0) return "…";
  const inner = (child: Term): string => text(child, scope, budget, depth + 1);
  switch (term.kind) {
    case "constant":
      return showValue(term.value, term.type);
    case "param":
      return paramText(term.index, term.path, scope);
    case "context":
      return term.name === "caller" || term.name === "value" ? scope.call + term.name : term.name;
    case "immutable":
      return cellText(scope.leaves[term.leaf], [], "self.", scope, budget, depth);
    case "length":
      return `${inner(term.of)}.len()`;
    case "element":
      return `${inner(term.list)}[${inner(term.index)}]`;
    case "member": {
      const member = memberOf(term.of.type, term.index);
      return `${inner(term.of)}.${member?.name ?? term.index}`;
    }
    case "isVariant":
      return `${inner(term.of)} is ${variantName(term.of.type, term.variant)}`;
    case "payload": {
      // What an option holds goes by the option's own name.
      const carried = term.of.type.kind === "enum" ? `.${variantName(term.of.type, term.variant)}` : "";
      const part = payloadName(term.of.type, term.variant, term.index);
      return `${inner(term.of)}${carried}${part}`;
    }
    case "made": {
      const parts = term.parts.map(inner).join(", ");
      if (term.variant === undefined) return `[${parts}]`;
      const name = variantName(term.type, term.variant);
      return parts === "" ? name : `${name}(${parts})`;
    }
    case "decoded":
      return `decode(${inner(term.data)})`;
    case "loopIndex":
      return scope.loopName(term.loop);
    case "ticket":
      return `${cellText(scope.leaves[term.leaf], [], scope.state, scope, budget, depth)}.next()`;
    case "read":
      return cellText(scope.leaves[term.leaf], term.keys, scope.state, scope, budget, depth);
    case "past":
      return `${cellText(scope.leaves[term.leaf], term.keys, "self.", scope, budget, depth)}.at(${inner(term.height)})`;
    case "op":
      return opText(term, inner);
    case "if":
      return `(if ${inner(term.cond)} { ${inner(term.then)} } else { ${inner(term.otherwise)} })`;
    case "unknown":
      return "?";
  }
}

function paramText(index: number, path: readonly number[], scope: TermScope): string {
  if (index >= scope.params.length) return "?";
  const param = scope.params[index];
  let shown = scope.call + param.name;
  let type = param.type;
  for (const step of path) {
    const member = memberOf(type, step);
    if (member === undefined) return `${shown}.${step}`;
    shown += `.${member.name ?? step}`;
    type = member.type;
  }
  return shown;
}

function variantName(type: Type, variant: number): string {
  if (type.kind === "enum") return type.variants[variant];
  return variant === 0 ? "none" : "some";
}

/** Of a payload of several parts, which one. */
function payloadName(type: Type, variant: number, index: number): string {
  if (type.kind !== "enum" || type.payloads[variant].length < 2) return "";
  return `.${type.payloads[variant][index].name ?? index}`;
}

function memberOf(type: Type, index: number): { readonly name: string | undefined; readonly type: Type } | undefined {
  if (type.kind === "struct") return type.fields.at(index);
  if (type.kind === "tuple") return type.elements.at(index);
  return undefined;
}

function opText(term: Extract<Term, { kind: "op" }>, inner: (child: Term) => string): string {
  const nested = (child: Term): string => {
    const shown = inner(child);
    return child.kind === "op" && isInfix(child.op, child.args.length) ? `(${shown})` : shown;
  };
  switch (term.op) {
    case "convert":
      if (isOfState(term)) return inner(term.args[0]);
      return `${showType(term.type)}(${term.args.map(inner).join(", ")})`;
    case "neg":
      return `-${term.args.map(nested).join(", ")}`;
    case "contains":
      return `${nested(term.args[0])}.contains(${inner(term.args[1])})`;
    case "!":
    case "~":
      return `${term.op}${term.args.map(nested).join(", ")}`;
    case "min":
    case "max":
    case "abs":
    case "mulDiv":
    case "mulDivUp":
    case "sqrt":
    case "wrappingAdd":
    case "wrappingSub":
    case "wrappingMul":
    case "saturatingAdd":
    case "saturatingSub":
    case "saturatingMul":
    case "sha256":
    case "keccak256":
    case "blake3":
    case "encode":
    case "concat":
      return `${term.op}(${term.args.map(inner).join(", ")})`;
    default:
      return term.args.map(nested).join(` ${term.op} `);
  }
}

function isInfix(op: string, args: number): boolean {
  return args === 2 && !/^[a-z]/.test(op);
}

/** Names for running indexes that no parameter has: i, j, k, … in order of `loops`. */
export function nameLoops(loops: readonly LoopId[], taken: ReadonlySet<string>): ReadonlyMap<LoopId, string> {
  const names = new Map<LoopId, string>();
  let next = 0;
  for (const loop of loops) {
    if (names.has(loop)) continue;
    let name = indexName(next++);
    while (taken.has(name)) name = indexName(next++);
    names.set(loop, name);
  }
  return names;
}

/** i … n, then i2, j2 and so on. */
export function indexName(n: number): string {
  const letter = "ijklmn"[n % 6];
  return n < 6 ? letter : `${letter}${Math.floor(n / 6) + 1}`;
}
