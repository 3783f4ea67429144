/** What random programs consist of: that every construct of the language occurs in them is counted here, not hoped for. */
import { describe, expect, it } from "vitest";
import type { IntType, Type } from "../../compiler/core/types.ts";
import type { BinaryOp, BuiltinName, ContextName, Expr, Program, Stmt, UpdateOp } from "../../compiler/typed/tree.ts";
import { randomProgram } from "./programs.ts";

const PROGRAMS = 16;
const FIRST_SEED = 1_000;

/** The type demands that each name of a union is there, and no other. */
function all<T extends string>(names: Readonly<Record<T, true>>): readonly string[] {
  return Object.keys(names);
}

const STATEMENTS = all<Stmt["kind"]>({
  let: true,
  letTuple: true,
  set: true,
  store: true,
  update: true,
  delete: true,
  if: true,
  forList: true,
  forRange: true,
  require: true,
  revert: true,
  emit: true,
  return: true,
  expr: true,
});

const EXPRESSIONS = all<Expr["kind"]>({
  literal: true,
  local: true,
  context: true,
  load: true,
  immutable: true,
  selfBalance: true,
  next: true,
  member: true,
  element: true,
  length: true,
  contains: true,
  unary: true,
  binary: true,
  convert: true,
  tuple: true,
  list: true,
  struct: true,
  ifExpr: true,
  builtin: true,
  call: true,
  variant: true,
  isVariant: true,
  payload: true,
  seq: true,
  with: true,
  push: true,
  pop: true,
  has: true,
  setChange: true,
  past: true,
  encode: true,
  decode: true,
  concat: true,
  external: true,
  rawCall: true,
  create: true,
  pay: true,
});

const BUILTINS = all<BuiltinName>({
  min: true,
  max: true,
  abs: true,
  mulDiv: true,
  mulDivUp: true,
  sqrt: true,
  wrappingAdd: true,
  wrappingSub: true,
  wrappingMul: true,
  saturatingAdd: true,
  saturatingSub: true,
  saturatingMul: true,
  sha256: true,
  keccak256: true,
  blake3: true,
  ecrecover: true,
  "ed25519.verify": true,
  "mldsa65.verify": true,
  hasCode: true,
});

const OPERATORS = all<BinaryOp>({
  "||": true,
  "&&": true,
  "==": true,
  "!=": true,
  "<": true,
  "<=": true,
  ">": true,
  ">=": true,
  "|": true,
  "^": true,
  "&": true,
  "<<": true,
  ">>": true,
  "+": true,
  "-": true,
  "*": true,
  "/": true,
  "%": true,
});

const UPDATES = all<UpdateOp>({
  "+": true,
  "-": true,
  "*": true,
  "/": true,
  "%": true,
  "|": true,
  "&": true,
  "^": true,
  min: true,
  max: true,
});

const CONTEXT = all<ContextName>({
  caller: true,
  value: true,
  "self.address": true,
  "block.height": true,
  "block.time": true,
  "chain.id": true,
});

/** Of fields, with maps opened. */
const STATE = all<Exclude<Type["kind"], "map" | "unit" | "poison">>({
  bool: true,
  int: true,
  address: true,
  bytes32: true,
  string: true,
  bytes: true,
  list: true,
  sequence: true,
  history: true,
  set: true,
  option: true,
  struct: true,
  enum: true,
  tuple: true,
  handle: true,
});

/** Of parameters and results of functions open to callers. */
const ABI = all<Exclude<Type["kind"], "map" | "unit" | "poison" | "sequence" | "history" | "set" | "option">>({
  bool: true,
  int: true,
  address: true,
  bytes32: true,
  string: true,
  bytes: true,
  list: true,
  struct: true,
  enum: true,
  tuple: true,
  handle: true,
});

const KEYS = ["bool", "int", "enum", "address", "bytes32", "string", "bytes", "tuple"];
const WIDTHS = ["u8", "u16", "u32", "u64", "u128", "u256", "i8", "i16", "i32", "i64", "i128", "i256"];
const ROLES = ["external", "internal", "guard", "init", "getter", "free"];
const MUTABILITIES = ["view", "write", "payable"];

/** Each name with the group it belongs to, as often as it occurs. */
type Counts = Map<string, number>;

function count(counts: Counts, group: string, name: string): void {
  const key = `${group} ${name}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function countProgram(counts: Counts, program: Program): void {
  for (const contract of program.contracts) {
    for (const field of contract.fields) countField(counts, field.type);
  }
  for (const func of program.functions.values()) {
    count(counts, "role", func.role);
    count(counts, "mutability", func.mutability);
    if (func.role === "external")
      for (const type of [...func.params.map((param) => param.type), func.result]) count(counts, "ABI", type.kind);
    countNodes(counts, func.body);
  }
}

function countField(counts: Counts, type: Type): void {
  let value = type;
  while (value.kind === "map") {
    count(counts, "key", value.key.kind);
    value = value.value;
  }
  if (value.kind === "set") count(counts, "key", value.key.kind);
  if (value.kind === "int") count(counts, "width", widthOf(value));
  count(counts, "state", value.kind);
}

function widthOf({ signed, bits }: IntType): string {
  return `${signed ? "i" : "u"}${bits}`;
}

const STATEMENT_KINDS = new Set(STATEMENTS);
const EXPRESSION_KINDS = new Set(EXPRESSIONS);

/** Nodes are found in the tree whatever its shape; expressions have a type, statements none. */
function countNodes(counts: Counts, node: unknown): void {
  if (Array.isArray(node)) node.forEach((each) => countNodes(counts, each));
  if (typeof node !== "object" || node === null) return;
  if ("kind" in node && typeof node.kind === "string" && "id" in node) {
    if ("type" in node && EXPRESSION_KINDS.has(node.kind)) count(counts, "expression", node.kind);
    if (!("type" in node) && STATEMENT_KINDS.has(node.kind)) count(counts, "statement", node.kind);
    if ("name" in node && typeof node.name === "string") count(counts, node.kind, node.name);
    if ("op" in node && typeof node.op === "string") count(counts, node.kind, node.op);
  }
  for (const [name, value] of Object.entries(node)) {
    if (name !== "type" && name !== "site" && name !== "field" && name !== "struct") countNodes(counts, value);
  }
}

describe(`${PROGRAMS} random programs`, () => {
  const counts: Counts = new Map();
  for (let i = 0; i < PROGRAMS; i++) countProgram(counts, randomProgram(FIRST_SEED + i).compiled.program);

  it.each<readonly [string, string, readonly string[]]>([
    ["statements", "statement", STATEMENTS],
    ["expressions", "expression", EXPRESSIONS],
    ["built-in functions", "builtin", BUILTINS],
    ["operators", "binary", OPERATORS],
    ["unary operators", "unary", ["-", "!", "~"]],
    ["updates", "update", UPDATES],
    ["changes of sets", "setChange", ["add", "remove"]],
    ["words of the context", "context", CONTEXT],
    ["types of state", "state", STATE],
    ["widths of integers", "width", WIDTHS],
    ["types of keys", "key", KEYS],
    ["types that cross the ABI", "ABI", ABI],
    ["roles of functions", "role", ROLES],
    ["what functions may do", "mutability", MUTABILITIES],
  ])("have all %s", (_what, group, names) => {
    expect(names.filter((name) => !counts.has(`${group} ${name}`))).toEqual([]);
  });
});
