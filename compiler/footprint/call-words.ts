/**
 * What one call can touch in words that a wallet can show before signing: "takes 5 from `balances` of you". Pure text without colours; the
 * names of accounts belong to the caller. Amounts and keys that nobody knows yet are said by where they come from.
 */
import { unreachable } from "../core/bug.ts";
import type { Type } from "../core/types.ts";
import type { CallAmount, CallCell, CallOut, CallValue, Rest } from "./call-cell.ts";
import type { Concrete } from "./concrete-value.ts";
import type { Leaf, LoopId, Term } from "./footprint.ts";
import { COIN } from "./footprint.ts";
import { showTerm } from "./show.ts";
import type { TermScope } from "./show.ts";
import { guardText } from "./table.ts";
import { createStages } from "./terms.ts";

export interface CallScope extends TermScope {
  /** In a sentence: `you (0x…)`, `@alice`. */
  readonly account: (address: string) => string;
  /** In a term, as the language writes it: `caller`, `@alice`. */
  readonly accountTerm: (address: string) => string;
  /** The contract's own address, if it is known. */
  readonly self: string | undefined;
  readonly rests: ReadonlyMap<LoopId, Rest>;
}

/** Characters of a string or of bytes, and elements of a list, that are shown. */
const MAX_TEXT = 40;
const MAX_ELEMENTS = 8;

export function cellWords(cell: CallCell, scope: CallScope): string {
  const place = placeWords(cell, scope);
  const words = cell.leaf === COIN && cell.amount !== undefined ? coinWords(cell, cell.amount, scope) : plainWords(cell, place, scope);
  return `${words}${cell.ifFails ? ", only to say why it fails" : ""}${conditionWords(cell, scope)}`;
}

export function callWords(call: CallOut, scope: CallScope): string {
  return `${outwardWords(call, scope)}${conditionWords(call, scope)}`;
}

function outwardWords({ what }: CallOut, scope: CallScope): string {
  switch (what.kind) {
    case "create":
      return `makes a contract \`${what.contract}\` and runs its code`;
    case "method":
      return `runs code of another contract: \`${what.owner}.${what.name}\` at ${valueWords(what.target, scope)}`;
    case "raw": {
      const coin = what.coin.kind === "value" && what.coin.value === 0n ? "" : `, and sends it ${amountOf(what.coin, scope)} coin`;
      return `runs code of another contract at ${valueWords(what.target, scope)}${coin}`;
    }
    default:
      return unreachable(what, "call words");
  }
}

function conditionWords(of: Pick<CallCell, "guards">, scope: CallScope): string {
  const text = accountsNamed(guardText(of, scope), scope);
  return text === "" ? "" : `, if \`${text}\``;
}

function plainWords(cell: CallCell, place: string, scope: CallScope): string {
  const { mode, amount, times } = cell;
  switch (mode) {
    case "R":
      return `reads ${place}`;
    case "W":
      return `writes ${place}`;
    case "D":
      if (amount === undefined) return `adds to ${place}`;
      return `${amount.sign === "+" ? "adds" : "takes"} ${sumWords(amount, scope)} ${amount.sign === "+" ? "to" : "from"} ${place}`;
    case "T":
      return times === 1n ? `draws a number of ${place}` : `draws ${digits(times)} numbers of ${place}`;
    case "|":
    case "&":
      return `${mode === "|" ? "sets" : "clears"} bits in ${place}`;
    case "min":
    case "max":
      return `${mode === "min" ? "lowers" : "raises"} ${place} at most`;
    default:
      return unreachable(mode, "cell words");
  }
}

/** Coin moves from and to accounts, not in a field of the contract. */
function coinWords({ keys: [key] }: CallCell, amount: CallAmount, scope: CallScope): string {
  const sum = sumWords(amount, scope);
  if (amount.sign === "-") return `takes ${sum} coin from ${valueWords(key, scope)}`;
  return `${isSelf(key, scope) ? "brings" : "pays"} ${sum} coin to ${valueWords(key, scope)}`;
}

function isSelf(key: CallValue, scope: CallScope): boolean {
  return key.kind === "value" ? key.value === scope.self : key.term.kind === "context" && key.term.name === "self.address";
}

function sumWords({ by, times, atMost }: CallAmount, scope: CallScope): string {
  if (atMost !== undefined) return `${digits(atMost * times)} or nothing`;
  const sum = amountOf(by, scope);
  if (times === 1n) return sum;
  return by.kind === "value" ? `${sum} in ${digits(times)} parts` : `${digits(times)} times ${sum}`;
}

function amountOf(by: CallValue, scope: CallScope): string {
  return by.kind === "value" ? concreteText(by.value, by.type, scope) : `\`${termText(by.term, scope)}\``;
}

// --- places ----------------------------------------------------------------------------------------------------------

function placeWords(cell: CallCell, scope: CallScope): string {
  const leaf = scope.leaves[cell.leaf];
  if (leaf.index === COIN) return isWide(cell.keys[0]) ? "the coin of any account" : `the coin of ${valueWords(cell.keys[0], scope)}`;
  const name = fieldWords(leaf);
  const known = cell.keys.filter((key) => !isWide(key)).map((key) => valueWords(key, scope));
  if (known.length === cell.keys.length) return known.length === 0 ? name : `${name} of ${known.join(", ")}`;
  return `any entry of ${name}${known.length === 0 ? "" : ` under ${known.join(", ")}`}`;
}

/** `yes` in `proposals`, the length of `members`. */
function fieldWords(leaf: Leaf): string {
  const field = `\`${leaf.field?.name ?? "?"}\``;
  if (leaf.pathNames.length === 0) return field;
  return leaf.path.length === 0 ? `the length of ${field}` : `\`${leaf.pathNames.join(".")}\` in ${field}`;
}

function isWide(value: CallValue): boolean {
  return value.kind === "open" && createStages()(value.term) === "wide";
}

export function valueWords(value: CallValue, scope: CallScope): string {
  return value.kind === "value" ? concreteText(value.value, value.type, scope) : openWords(value.term, scope);
}

function openWords(given: Term, scope: CallScope): string {
  const term = withoutConversions(given);
  const text = termText(term, scope);
  switch (term.kind) {
    case "context":
      return CONTEXT[term.name];
    case "ticket":
      return `the number it draws from \`${scope.leaves[term.leaf].field?.name ?? "?"}\``;
    case "immutable":
      return `${isAddress(term.type) ? "whoever" : "what"} \`${text}\` was set to when the contract was made`;
    case "read":
      return isAddress(term.type) ? `whoever \`${text}\` names when the call runs` : `what \`${text}\` holds when the call runs`;
    case "element": {
      const rest = term.index.kind === "loopIndex" ? scope.rests.get(term.index.loop) : undefined;
      return rest === undefined ? `\`${text}\`` : `each of ${restWords(rest)}\`${termText(term.list, scope)}\``;
    }
    case "unknown":
      return "one that nobody knows before the call runs";
    default:
      return createStages()(term) === 0 ? `\`${text}\`` : `\`${text}\` as it is when the call runs`;
  }
}

/** Conversions keep the value. */
function withoutConversions(term: Term): Term {
  let inner = term;
  while (inner.kind === "op" && inner.op === "convert") [inner] = inner.args;
  return inner;
}

function termText(term: Term, scope: CallScope): string {
  return accountsNamed(showTerm(term, scope), scope);
}

function accountsNamed(text: string, scope: CallScope): string {
  return text.replaceAll(/@0x[0-9a-f]{40}/g, (address) => scope.accountTerm(address.slice(1)));
}

function restWords({ after, left }: Rest): string {
  if (left === undefined) return "";
  return after === 0n ? `the ${digits(left)} of ` : `the other ${digits(left)} of `;
}

const CONTEXT = {
  caller: "you",
  value: "the coin you send",
  "self.address": "this contract",
  "block.height": "the height of the block",
  "block.time": "the time of the block",
  "chain.id": "the number of the chain",
} as const;

function isAddress(type: Type): boolean {
  return type.kind === "address" || type.kind === "handle";
}

/** As the author would write it, accounts by name. */
export function concreteText(value: Concrete, type: Type, scope: Pick<CallScope, "account">): string {
  if (typeof value === "object") return membersText(value, type, scope);
  if (typeof value === "bigint") return type.kind === "enum" ? `${type.name}.${type.variants[Number(value)]}` : digits(value);
  if (typeof value === "boolean") return String(value);
  if (isAddress(type)) return scope.account(value);
  const text = type.kind === "string" ? JSON.stringify(new TextDecoder().decode(bytesOf(value))) : value;
  return text.length <= MAX_TEXT || type.kind === "bytes32" ? text : `${text.slice(0, MAX_TEXT)}…`;
}

function membersText(values: readonly Concrete[], type: Type, scope: Pick<CallScope, "account">): string {
  const shown = values.slice(0, MAX_ELEMENTS).map((value, i) => {
    if (type.kind === "list") return concreteText(value, type.element, scope);
    if (type.kind === "struct") return `${type.fields[i].name}: ${concreteText(value, type.fields[i].type, scope)}`;
    return type.kind === "tuple" ? concreteText(value, type.elements[i].type, scope) : "?";
  });
  const all = [...shown, ...(values.length > MAX_ELEMENTS ? [`… ${values.length - MAX_ELEMENTS} more`] : [])].join(", ");
  if (type.kind === "struct") return `${type.name} { ${all} }`;
  return type.kind === "list" ? `[${all}]` : `(${all})`;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 - 1 }, (_, i) => Number.parseInt(hex.slice(2 + 2 * i, 4 + 2 * i), 16));
}

/** `1_000_000` */
function digits(value: bigint): string {
  return String(value).replace(/\B(?=(?:[0-9]{3})+$)/g, "_");
}
