/** What the language itself knows by name, with the words that hovers and completions show. A test compares the names with those of the compiler. */

import { TYPE_NAMES } from "../../compiler/check/resolve-type.ts";

export interface BuiltinFunction {
  readonly parameters: readonly string[];
  readonly text: string;
}

function fn(signature: string, words: string): BuiltinFunction {
  const inside = /\((.*)\)/.exec(signature)?.[1] ?? "";
  const parameters = inside === "" ? [] : inside.split(/, (?![^<]*>)/);
  return { parameters, text: `\`\`\`weft\n${signature}\n\`\`\`\n\n${words}` };
}

export const BUILTIN_FUNCTIONS: ReadonlyMap<string, BuiltinFunction> = new Map([
  ["min", fn("min(a: T, b: T) -> T", "The smaller of two integers.")],
  ["max", fn("max(a: T, b: T) -> T", "The larger of two integers.")],
  ["abs", fn("abs(a: T) -> T", "The value without its sign.")],
  ["mulDiv", fn("mulDiv(a: T, b: T, c: T) -> T", "`a * b / c`, rounded down; the product may be larger than the type.")],
  ["mulDivUp", fn("mulDivUp(a: T, b: T, c: T) -> T", "`a * b / c`, rounded up; the product may be larger than the type.")],
  ["sqrt", fn("sqrt(a: T) -> T", "The square root, rounded down.")],
  ["wrappingAdd", fn("wrappingAdd(a: T, b: T) -> T", "The sum without its carry; never fails.")],
  ["wrappingSub", fn("wrappingSub(a: T, b: T) -> T", "The difference modulo the size of the type; never fails.")],
  ["wrappingMul", fn("wrappingMul(a: T, b: T) -> T", "The product modulo the size of the type; never fails.")],
  ["saturatingAdd", fn("saturatingAdd(a: T, b: T) -> T", "The sum, or the largest value of the type.")],
  ["saturatingSub", fn("saturatingSub(a: T, b: T) -> T", "The difference, or the smallest value of the type.")],
  ["saturatingMul", fn("saturatingMul(a: T, b: T) -> T", "The product, or the limit of the type.")],
  ["sha256", fn("sha256(data: bytes) -> bytes32", "The SHA-256 hash.")],
  ["keccak256", fn("keccak256(data: bytes) -> bytes32", "The Keccak-256 hash.")],
  ["blake3", fn("blake3(data: bytes) -> bytes32", "The BLAKE3 hash.")],
  ["encode", fn("encode(a: A, b: B, …) -> bytes", "The ABI encoding of the values.")],
  [
    "decode",
    fn("decode(data: bytes) -> T", "The values again; their types come from around it: `let (a, b): (u256, address) = decode(data);`."),
  ],
  ["concat", fn("concat(a: A, b: B, …) -> bytes", "The values without padding, one behind the other; of strings a string.")],
  [
    "selector",
    fn(
      "selector(Contract.function) -> bytes<4>",
      'The four bytes that name a function; or of a text: `selector("transfer(address,uint256)")`.',
    ),
  ],
  ["ed25519.verify", fn("ed25519.verify(key: bytes32, message: bytes, signature: bytes<64>) -> bool", "Whether the signature is good.")],
  [
    "mldsa65.verify",
    fn(
      "mldsa65.verify(key: bytes<1952>, message: bytes, signature: bytes<3309>) -> bool",
      "Whether the signature is good. Quantum computers don't break it.",
    ),
  ],
  ["ecrecover", fn("ecrecover(hash: bytes32, v: u8, r: bytes32, s: bytes32) -> address", "Who signed; the zero address if nobody did.")],
  ["hasCode", fn("hasCode(account: address) -> bool", "Whether a contract stands at the address.")],
  ["pay", fn("pay(to: address, amount: u256)", "Sends coin of this contract.")],
  ["balance", fn("balance(account: address) -> u256", "The coin that an account has.")],
  ["call", fn("call(target: address, value: u256, data: bytes) -> bytes", "Calls whatever stands at the address with these bytes.")],
  ["some", fn("some(value: T) -> T?", "An option that holds the value.")],
]);

/** Functions that belong to a name: `ed25519.verify`. */
export const MODULES: ReadonlyMap<string, string> = new Map([
  ["ed25519", "Signatures with Ed25519: `ed25519.verify(key, message, signature)`."],
  ["mldsa65", "Signatures with ML-DSA-65, which quantum computers don't break: `mldsa65.verify(key, message, signature)`."],
]);

/** Errors that nobody declares; a test can expect them. */
export const BUILTIN_ERRORS: ReadonlyMap<string, BuiltinFunction> = new Map([
  ["Panic", fn("Panic(code: u256)", "Arithmetic, an index, or a conversion failed: 0x11, 0x12, 0x21, 0x31 or 0x32.")],
  ["InsufficientFunds", fn("InsufficientFunds(needed: u256)", "`pay` of more than the contract has.")],
  ["Reentrancy", fn("Reentrancy()", "A call of a contract that is still running.")],
  ["CallTooDeep", fn("CallTooDeep()", "Calls nested more than 16 deep.")],
  ["DynamicTicket", fn("DynamicTicket()", "A callee draws numbers where their count depends on state.")],
  ["SequenceExhausted", fn("SequenceExhausted()", "A sequence has no more numbers.")],
  ["OutOfGas", fn("OutOfGas()", "The bound of the call's cost is above its gas limit.")],
]);

export const CONTEXT_WORDS: ReadonlyMap<string, string> = new Map([
  ["caller", "```weft\ncaller: address\n```\n\nWho makes the call."],
  ["value", "```weft\nvalue: u256\n```\n\nThe coin that came with the call; in `payable` functions."],
  ["block", "The block: `block.height`, `block.time`."],
  ["block.height", "```weft\nblock.height: u64\n```\n\nThe number of the block."],
  ["block.time", "```weft\nblock.time: u64\n```\n\nThe time of the block, in seconds."],
  ["chain", "The chain: `chain.id`."],
  ["chain.id", "```weft\nchain.id: u256\n```\n\nThe number of the chain."],
  ["self", "This contract: its state, immutables and functions."],
  ["self.address", "```weft\nself.address: address\n```\n\nThe address of this contract."],
  ["self.balance", "```weft\nself.balance: u256\n```\n\nThe coin of this contract, a cell like any other."],
]);

const TYPE_TEXTS: ReadonlyMap<string, string> = new Map([
  ["bool", "`true` or `false`."],
  ["address", "An address of 20 bytes."],
  ["bytes32", "32 bytes."],
  ["string", "`string<N>`: UTF-8 text of at most N bytes."],
  ["bytes", "`bytes<N>`: at most N bytes. `bytes(text)` gives those of a string."],
  ["list", "`list<T, N>`: at most N elements, in order. In state it is one cell."],
  ["map", "`map<K, V>`: in state, an entry for every key; each entry is a cell of its own."],
  ["set", "`set<K>`: in state, which keys are in it, and how many."],
  ["sequence", "`sequence<u64>`: in state, hands out numbers without making calls wait."],
  ["history", "`history<T>`: in state, like a variable; its values of past blocks stay readable."],
]);

export const BUILTIN_TYPES: ReadonlyMap<string, string> = new Map(
  TYPE_NAMES.map((name) => [name, TYPE_TEXTS.get(name) ?? integerText(name)]),
);

function integerText(name: string): string {
  const what = name.startsWith("u") ? "An unsigned" : "A signed";
  return `\`\`\`weft\n${name}\n\`\`\`\n\n${what} integer of ${name.slice(1)} bits, checked.`;
}

/** By kind of type, what can be called behind the dot. */
export const METHODS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries({
    list: {
      len: "`.len() -> u64`: the number of elements.",
      contains: "`.contains(x) -> bool`: whether one of the elements is this.",
      push: "`.push(x)`: one element more, at the end.",
      pop: "`.pop()`: takes the last element away and gives it.",
    },
    string: { len: "`.len() -> u64`: the number of bytes." },
    bytes: { len: "`.len() -> u64`: the number of bytes." },
    map: { has: "`.has(key) -> bool`: whether the entry isn't at its default." },
    set: {
      has: "`.has(key) -> bool`: whether it is in the set.",
      add: "`.add(key) -> bool`: puts it in; whether it wasn't in before.",
      remove: "`.remove(key) -> bool`: takes it out; whether it was in.",
      len: "`.len() -> u64`: how many are in it.",
    },
    sequence: { next: "`.next()`: the next number." },
    history: { at: "`.at(height)`: the value at the end of a past block." },
  }).map(([kind, methods]) => [kind, new Map(Object.entries(methods))]),
);

export const KEYWORDS = {
  item: ["import", "const", "struct", "enum", "interface", "mixin", "contract", "fn", "event", "error", "test"],
  member: ["state", "immutable", "event", "error", "guard", "init", "fn", "pub fn", "view fn", "payable fn", "invariant", "parallel"],
  statement: ["let", "var", "if", "match", "return", "for", "require", "revert", "emit", "delete"],
  testStatement: ["let", "var", "if", "for", "require", "assert", "expect", "advance", "block", "parallel block", "fuzz"],
  /** What can follow a call in a test. */
  callTail: ["as", "value", "revert", "emit"],
  expression: ["true", "false", "none", "some", "self", "if", "match", "create"],
} as const;
