/**
 * The cost model: what executing one node of the typed tree costs, without the nodes below it, which are charged on their own.
 * A cost is a constant of the node: parts that depend on the size of a value take its type's maximum. So a walk that adds
 * `stepCost(node)` for each node it executes, plus `entryCost` once, never exceeds the bound of `boundCosts`, which counts the same nodes.
 * The unit is about one machine operation on a word; the table is small integers, so that the formulas stay readable.
 */
import { unreachable } from "../core/bug.ts";
import { isPacked, payloadsOf } from "../core/types.ts";
import type { Type } from "../core/types.ts";
import type { BinaryOp, BuiltinName, ErrorCall, Expr, StatePlace, Stmt } from "../typed/tree.ts";

/** One round of a loop, whatever is in it. The walker need not count it. */
export const ROUND = 1;
/** Dispatch, the frame and the receipt of a call from outside. */
export const ENTRY = 4;
/** Credit of attached coin; payable functions only. */
export const RECEIVE = 6;
/** Decoding one word of an argument. */
export const DECODE_WORD = 1;

/** Sizes beyond this are equally out of reach of any gas limit. */
const MAX_WORDS = 1_000_000_000;

/** Per cell, on top of its words: finding the column, bounds of the frame, undo log for writes. */
const READ = 2;
const WRITE = 3;
const ADD = 4;
/** Hashing or interning one key. */
const KEY = 2;
/** Finding one of a cell's past values. */
const PAST = 8;

/** A call of another contract, on top of what the callee costs: asking its plan, the frame, checks of code and depth. */
const EXTERNAL = 40;
/** Making a contract: its address, its record and its turn alone. */
const CREATE = 200;

const BUILTIN: Readonly<Record<BuiltinName, number>> = {
  min: 1,
  max: 1,
  abs: 1,
  mulDiv: 6,
  mulDivUp: 7,
  sqrt: 16,
  wrappingAdd: 1,
  wrappingSub: 1,
  wrappingMul: 2,
  saturatingAdd: 2,
  saturatingSub: 2,
  saturatingMul: 3,
  sha256: 40,
  keccak256: 200,
  blake3: 60,
  ecrecover: 60_000,
  "ed25519.verify": 100_000,
  "mldsa65.verify": 200_000,
  hasCode: 2,
};

/** Per word of what is hashed: in proportion to what the hashes need measured beside a table access. */
const HASHED: ReadonlyMap<BuiltinName, number> = new Map<BuiltinName, number>([
  ["sha256", 20],
  ["keccak256", 60],
  ["blake3", 20],
  ["ed25519.verify", 20],
  ["mldsa65.verify", 60],
]);

const BINARY: Readonly<Record<BinaryOp, number>> = {
  "||": 1,
  "&&": 1,
  "==": 1,
  "!=": 1,
  "<": 1,
  "<=": 1,
  ">": 1,
  ">=": 1,
  "|": 1,
  "^": 1,
  "&": 1,
  "<<": 1,
  ">>": 1,
  "+": 1,
  "-": 1,
  "*": 2,
  "/": 3,
  "%": 3,
};

export function stepCost(node: Stmt | Expr): number {
  switch (node.kind) {
    // Statements.
    case "let":
    case "letTuple":
    case "set":
    case "if":
    case "forList":
    case "forRange":
      return 1;
    case "require":
      return 1 + errorCost(node.orElse);
    case "expr":
      return 0;
    case "store":
    case "delete":
      return placeCost(node.place, WRITE);
    case "update":
      return placeCost(node.place, ADD) + errorCost(node.orElse);
    case "revert":
      return 1 + errorCost(node.error);
    case "emit":
      return 6 + sum(node.args.map((arg) => 2 * wordsOf(arg.type)));
    case "return":
      return node.value === undefined ? 1 : 1 + wordsOf(node.value.type);
    // Expressions.
    case "immutable":
      return isPacked(node.type) ? 1 + wordsOf(node.type) : 1;
    case "literal":
    case "local":
    case "context":
    case "isVariant":
    case "payload":
    case "member":
    case "element":
    case "length":
    case "unary":
    case "convert":
    case "ifExpr":
      return 1;
    case "load":
      return placeCost(node.place, READ);
    case "selfBalance":
      return READ + 1;
    case "next":
      return 2;
    case "contains":
      return 1 + wordsOf(node.list.type);
    case "binary":
      return node.op === "==" || node.op === "!=" ? wordsOf(node.left.type) : BINARY[node.op];
    case "tuple":
    case "list":
      return 1 + node.elements.length;
    case "struct":
      return 1 + node.values.length;
    case "builtin":
      return Math.min(MAX_WORDS, BUILTIN[node.name] + (HASHED.get(node.name) ?? 0) * sum(node.args.map((arg) => wordsOf(arg.type))));
    case "call":
      return 2 + node.args.length;
    case "variant":
      return 1 + node.args.length;
    // Its statements and its value are charged on their own.
    case "seq":
      return 0;
    // A new value is made.
    case "with":
      return Math.min(MAX_WORDS, 1 + node.path.length + wordsOf(node.type));
    case "push":
    case "pop":
      return Math.min(MAX_WORDS, 1 + wordsOf(node.type));
    case "has":
      return placeCost(node.place, READ);
    case "setChange":
      return placeCost(node.entry, WRITE) + placeCost(node.length, ADD);
    case "past":
      return placeCost(node.place, READ) + PAST;
    case "encode":
      return Math.min(MAX_WORDS, 4 + 2 * sum(node.args.map((arg) => wordsOf(arg.type))));
    case "decode":
      return Math.min(MAX_WORDS, 4 + 2 * Math.max(wordsOf(node.data.type), wordsOf(node.type)));
    case "concat":
      return Math.min(MAX_WORDS, 2 + sum(node.args.map((arg) => wordsOf(arg.type))));
    case "external":
      return Math.min(MAX_WORDS, EXTERNAL + 2 * (sum(node.args.map((arg) => wordsOf(arg.type))) + wordsOf(node.type)));
    case "rawCall":
      return Math.min(MAX_WORDS, EXTERNAL + 2 * (ADD + KEY + 1) + 2 * (wordsOf(node.data.type) + wordsOf(node.type)));
    case "create":
      return Math.min(MAX_WORDS, CREATE + 2 * sum(node.args.map((arg) => wordsOf(arg.type))));
    case "pay":
      return 2 * (ADD + KEY + 1);
    default:
      return unreachable(node, "stepCost");
  }
}

/** Encoding an error. Charged where the error can arise, so that failing never costs more than the bound. */
function errorCost(error: ErrorCall | undefined): number {
  return error === undefined ? 0 : 1 + sum(error.args.map((arg) => wordsOf(arg.type)));
}

function placeCost(place: StatePlace, access: number): number {
  return place.keys.length * KEY + cellsOf(place.type) * access + wordsOf(place.type);
}

function cellsOf(type: Type): number {
  if (type.kind === "struct") return sum(type.fields.map((field) => cellsOf(field.type)));
  if (type.kind === "tuple") return sum(type.elements.map((element) => cellsOf(element.type)));
  return 1;
}

/** Words of 32 bytes that the largest value of a type takes. */
export function wordsOf(type: Type): number {
  switch (type.kind) {
    case "bool":
    case "int":
    case "address":
    case "bytes32":
    case "handle":
    case "sequence":
    case "history":
      return 1;
    case "enum":
    case "option":
      return Math.min(MAX_WORDS, 1 + Math.max(...payloadsOf(type).map((payload) => sum(payload.map(wordsOf)))));
    case "string":
    case "bytes":
      return Math.min(MAX_WORDS, 1 + Math.ceil(type.max / 32));
    case "list":
      return Math.min(MAX_WORDS, 1 + type.max * wordsOf(type.element));
    case "struct":
      return sum(type.fields.map((field) => wordsOf(field.type)));
    case "tuple":
      return sum(type.elements.map((element) => wordsOf(element.type)));
    case "map":
    case "set":
    case "unit":
    case "poison":
      return 0;
  }
}

function sum(parts: readonly number[]): number {
  return Math.min(
    MAX_WORDS,
    parts.reduce((total, part) => total + part, 0),
  );
}
