/**
 * The typed tree: the one meeting point of footprint analysis, emitter, interpreter, tests and (later) editor.
 * Names are resolved, types known, mixins composed into their contracts, guards turned into internal calls, constants
 * evaluated, getters of public state added, `paren` dropped, compound assignment to locals spelled out.
 * A tree exists only for programs without errors. Nobody writes into it; facts live in side tables by node id.
 */
import type { Span } from "../../grammar/ast.ts";
import type { StructType, Type } from "../core/types.ts";

/** Unique in a program. */
export type TypedId = number & { readonly __brand: "TypedId" };
export type FuncId = number & { readonly __brand: "FuncId" };
/** Unique within one function (parameters first, in order, from 0) or one test. */
export type LocalId = number & { readonly __brand: "LocalId" };

export interface Program {
  /** Paths in sorted order; `root` was asked for, the others were imported. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly root: string;
  /** Contracts declared in the root file first, then those of imported files; each once. */
  readonly contracts: readonly Contract[];
  readonly functions: ReadonlyMap<FuncId, Func>;
  /** Tests of the root file only. */
  readonly tests: readonly Test[];
}

/** Where a declaration or an expression stands. */
export interface Site {
  readonly path: string;
  readonly span: Span;
}

export interface Contract {
  readonly name: string;
  readonly doc: string;
  readonly site: Site;
  /** All `state` and `immutable` declarations, those of mixins first, in source order. `FieldId` is the index. */
  readonly fields: readonly Field[];
  readonly init: FuncId;
  /** `pub`, `view`, `payable` functions and the getters, in source order, getters last. */
  readonly external: readonly FuncId[];
  readonly events: readonly EventDef[];
  readonly errors: readonly ErrorDef[];
  readonly parallels: readonly ParallelClaim[];
  /** `invariant`s: functions of role "internal" and mutability "view" without parameters and result; they revert when they don't hold. */
  readonly invariants: readonly FuncId[];
}

export interface Field {
  readonly index: number;
  readonly name: string;
  readonly kind: "state" | "immutable";
  readonly type: Type;
  /** A constant, or undefined for the type's default and for constants of several parts. For tools only: the body of `init` begins with stores of these values. */
  readonly initial: Value | undefined;
  readonly doc: string;
  readonly site: Site;
}

export interface Param {
  readonly name: string;
  readonly type: Type;
}

export interface EventDef {
  readonly name: string;
  /** Unique in a program. */
  readonly key: string;
  readonly params: readonly (Param & { readonly indexed: boolean })[];
  readonly doc: string;
}

export interface ErrorDef {
  readonly name: string;
  readonly key: string;
  readonly params: readonly Param[];
  readonly doc: string;
}

export interface Local {
  readonly id: LocalId;
  readonly name: string;
  readonly type: Type;
  readonly mutable: boolean;
  readonly site: Site;
}

export interface Func {
  readonly id: FuncId;
  readonly name: string;
  /** `free` stands outside contracts and can't touch state. */
  readonly role: "external" | "internal" | "guard" | "init" | "getter" | "free";
  readonly mutability: "view" | "write" | "payable";
  /** The contract it belongs to; undefined for `free`. Mixin functions are copied into each contract that uses them. */
  readonly contract: string | undefined;
  readonly params: readonly Local[];
  /** `unit` if none. A tuple stands for several results, as in the ABI. */
  readonly result: Type;
  /** All locals, parameters first; the index is the LocalId. */
  readonly locals: readonly Local[];
  /** Calls of the guards come first, in order of `with`, as `expr` statements. */
  readonly body: readonly Stmt[];
  readonly doc: string;
  readonly site: Site;
  readonly nameSite: Site;
}

/** `parallel (a: left, b: right) when cond` */
export interface ParallelClaim {
  readonly left: { readonly binder: string; readonly func: FuncId };
  readonly right: { readonly binder: string; readonly func: FuncId };
  readonly when: Condition | undefined;
  readonly site: Site;
}

export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "equal" | "differ"; readonly left: ClaimTerm; readonly right: ClaimTerm };

export type ClaimTerm =
  | { readonly kind: "param"; readonly side: "left" | "right"; readonly index: number; readonly type: Type }
  | { readonly kind: "caller" | "value"; readonly side: "left" | "right"; readonly type: Type }
  | { readonly kind: "constant"; readonly value: Value; readonly type: Type };

// --- values --------------------------------------------------------------------------------------------------------

/** A value known at compile time. */
export type Value =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  /** Lower case, `0x` and 40 digits. */
  | { readonly kind: "address"; readonly value: string }
  /** Lower case, `0x` and 64 digits. */
  | { readonly kind: "bytes32"; readonly value: string }
  | { readonly kind: "string"; readonly value: string }
  /** Also bytes literals: `0x` and digits. */
  | { readonly kind: "bytes"; readonly value: string }
  /** Enums without payload. */
  | { readonly kind: "enum"; readonly value: number };

// --- places --------------------------------------------------------------------------------------------------------

/**
 * `self.field[key1][key2].a.b`. `keys` has one expression per nested map: a place always names an entry, never a map. `type` is the type at the end of
 * `path`: a leaf, or a struct or tuple (all leaves below it). A key of tuple type is spelled out as one key per leaf of it.
 * Of a set (within maps or not) there are two kinds of places: with the member as a last key it is the entry (type bool), without it the length (u64).
 * Of a history the type is that of its value.
 * Lists, options and enums with payload are one leaf each: what changes a part of one is a `store` of `with`, `push` or `pop` over a `load`.
 */
export interface StatePlace {
  readonly field: Field;
  readonly keys: readonly Expr[];
  /** Member indexes through structs and tuples. */
  readonly path: readonly number[];
  readonly type: Type;
  readonly site: Site;
}

// --- statements ----------------------------------------------------------------------------------------------------

export interface ErrorCall {
  readonly error: ErrorDef;
  readonly args: readonly Expr[];
  readonly site: Site;
}

interface TypedNode {
  readonly id: TypedId;
  readonly site: Site;
}

export type UpdateOp = "+" | "-" | "*" | "/" | "%" | "|" | "&" | "^" | "min" | "max";

export type Stmt =
  | (TypedNode & { readonly kind: "let"; readonly local: LocalId; readonly value: Expr })
  /** `let (a, _) = e`: undefined where ignored. */
  | (TypedNode & { readonly kind: "letTuple"; readonly locals: readonly (LocalId | undefined)[]; readonly value: Expr })
  | (TypedNode & { readonly kind: "set"; readonly local: LocalId; readonly value: Expr })
  | (TypedNode & { readonly kind: "store"; readonly place: StatePlace; readonly value: Expr })
  /** `place op= value else error`; without error overflow is Panic(0x11). */
  | (TypedNode & {
      readonly kind: "update";
      readonly place: StatePlace;
      readonly op: UpdateOp;
      readonly value: Expr;
      readonly orElse: ErrorCall | undefined;
    })
  | (TypedNode & { readonly kind: "delete"; readonly place: StatePlace })
  | (TypedNode & { readonly kind: "if"; readonly cond: Expr; readonly then: readonly Stmt[]; readonly otherwise: readonly Stmt[] })
  | (TypedNode & { readonly kind: "forList"; readonly local: LocalId; readonly list: Expr; readonly body: readonly Stmt[] })
  /** Runs from `from` (inclusive) to `to` (exclusive); more than `max` rounds panic with 0x32 on entry. */
  | (TypedNode & {
      readonly kind: "forRange";
      readonly local: LocalId;
      readonly from: Expr;
      readonly to: Expr;
      readonly max: number;
      readonly body: readonly Stmt[];
    })
  /** Without error: reverts with empty data. */
  | (TypedNode & { readonly kind: "require"; readonly cond: Expr; readonly orElse: ErrorCall | undefined })
  | (TypedNode & { readonly kind: "revert"; readonly error: ErrorCall | undefined })
  | (TypedNode & { readonly kind: "emit"; readonly event: EventDef; readonly args: readonly Expr[] })
  | (TypedNode & { readonly kind: "return"; readonly value: Expr | undefined })
  | (TypedNode & { readonly kind: "expr"; readonly expr: Expr });

// --- expressions ---------------------------------------------------------------------------------------------------

export type ContextName = "caller" | "value" | "self.address" | "block.height" | "block.time" | "chain.id";
export type BinaryOp = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "|" | "^" | "&" | "<<" | ">>" | "+" | "-" | "*" | "/" | "%";
/** On integers; `wrapping…` and `saturating…` never fail. */
export type WrappingName = "wrappingAdd" | "wrappingSub" | "wrappingMul" | "saturatingAdd" | "saturatingSub" | "saturatingMul";
export type ArithmeticName = "min" | "max" | "abs" | "mulDiv" | "mulDivUp" | "sqrt" | WrappingName;
/** Of one argument, string or bytes, to bytes32. */
export type HashName = "sha256" | "keccak256" | "blake3";
/**
 * Pure functions. `ecrecover(hash: bytes32, v: u8, r: bytes32, s: bytes32)` gives an
 * address, the zero address if the signature isn't valid. `ed25519.verify(key: bytes32, message: bytes, signature: bytes<64>)` and
 * `mldsa65.verify(key: bytes<1952>, message: bytes, signature: bytes<3309>)` give bool; keys and signatures of another length or form give false.
 * `hasCode(address)` asks the chain.
 */
export type BuiltinName = ArithmeticName | HashName | "ecrecover" | "ed25519.verify" | "mldsa65.verify" | "hasCode";

/** A function of another contract, as the caller sees it. */
export interface ExternalMethod {
  /** Name of the interface or contract it was called through. */
  readonly owner: string;
  readonly name: string;
  readonly params: readonly Param[];
  /** `unit` if none; a tuple stands for several results. */
  readonly result: Type;
  /** The callee must be a `view` function, or the call reverts. */
  readonly view: boolean;
}

/** A step into a value: a member of a struct or tuple, or an element of a list (Panic(0x32) outside). */
export type ValueStep = { readonly kind: "member"; readonly index: number } | { readonly kind: "element"; readonly index: Expr };

interface TypedExpr extends TypedNode {
  readonly type: Type;
}

export type Expr =
  | (TypedExpr & { readonly kind: "literal"; readonly value: Value })
  | (TypedExpr & { readonly kind: "local"; readonly local: LocalId })
  | (TypedExpr & { readonly kind: "context"; readonly name: ContextName })
  /** Reads state: a leaf, or a whole struct. */
  | (TypedExpr & { readonly kind: "load"; readonly place: StatePlace })
  | (TypedExpr & { readonly kind: "immutable"; readonly field: Field })
  /** `self.balance`: the contract's native coin, a cell like any other. */
  | (TypedExpr & { readonly kind: "selfBalance" })
  /** `self.ids.next()` */
  | (TypedExpr & { readonly kind: "next"; readonly field: Field })
  /** Member of a struct or tuple value (not of state: that is a `load` with a longer path). */
  | (TypedExpr & { readonly kind: "member"; readonly object: Expr; readonly index: number })
  /** Element of a list value; Panic(0x32) outside. `index` is u64. */
  | (TypedExpr & { readonly kind: "element"; readonly list: Expr; readonly index: Expr })
  /** `.len()` of a list (elements) or of a string or bytes (bytes), u64. */
  | (TypedExpr & { readonly kind: "length"; readonly of: Expr })
  | (TypedExpr & { readonly kind: "contains"; readonly list: Expr; readonly item: Expr })
  | (TypedExpr & { readonly kind: "unary"; readonly op: "-" | "!" | "~"; readonly operand: Expr })
  /** Both sides have the same type, but for shifts (the right side is any unsigned type). `&&`, `||` short-circuit. */
  | (TypedExpr & { readonly kind: "binary"; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr })
  /** `u64(x)`, `address(handle)`, `Erc20(a)`, enum from int: checked, see the language's rules for what panics with what. */
  | (TypedExpr & { readonly kind: "convert"; readonly operand: Expr })
  | (TypedExpr & { readonly kind: "tuple"; readonly elements: readonly Expr[] })
  | (TypedExpr & { readonly kind: "list"; readonly elements: readonly Expr[] })
  /** In order of the struct's fields; `order` gives the order of evaluation (as written). */
  | (TypedExpr & {
      readonly kind: "struct";
      readonly struct: StructType;
      readonly values: readonly Expr[];
      readonly order: readonly number[];
    })
  | (TypedExpr & { readonly kind: "ifExpr"; readonly cond: Expr; readonly then: Expr; readonly otherwise: Expr })
  | (TypedExpr & { readonly kind: "builtin"; readonly name: BuiltinName; readonly args: readonly Expr[] })
  /** Internal or free function (also an external one called as `self.f(…)`). Arguments by value. */
  | (TypedExpr & { readonly kind: "call"; readonly func: FuncId; readonly args: readonly Expr[] })
  /** A value of an option (0 none, 1 some) or of an enum with payload; `args` are what the variant carries. */
  | (TypedExpr & { readonly kind: "variant"; readonly variant: number; readonly args: readonly Expr[] })
  /** Whether the value (option or enum with payload) is of this variant. */
  | (TypedExpr & { readonly kind: "isVariant"; readonly of: Expr; readonly variant: number })
  /** What the variant carries at `index`; stands only where `isVariant` holds. `of` is always a local. */
  | (TypedExpr & { readonly kind: "payload"; readonly of: Expr; readonly variant: number; readonly index: number })
  /** Runs the statements (no `return` among them), then gives the value. From `match`, `if let` and `.pop()` in expressions. */
  | (TypedExpr & { readonly kind: "seq"; readonly body: readonly Stmt[]; readonly value: Expr })
  /** The value of `base` with the part at `path` replaced. Evaluated: base, indexes of the path, value; then indexes are checked. */
  | (TypedExpr & { readonly kind: "with"; readonly base: Expr; readonly path: readonly ValueStep[]; readonly value: Expr })
  /** The list with one element more; Panic(0x32) when it is full. */
  | (TypedExpr & { readonly kind: "push"; readonly list: Expr; readonly item: Expr })
  /** The list without its last element; Panic(0x31) when it is empty. (The element itself is read by `element`.) */
  | (TypedExpr & { readonly kind: "pop"; readonly list: Expr })
  /** `self.m.has(k)`: some leaf below the place isn't its default (rule K1). */
  | (TypedExpr & { readonly kind: "has"; readonly place: StatePlace })
  /** `self.s.add(k)`, `self.s.remove(k)`: true when it changed the set. Moves the length by one then (rule K2). `has` and `len` of sets are loads. */
  | (TypedExpr & { readonly kind: "setChange"; readonly op: "add" | "remove"; readonly entry: StatePlace; readonly length: StatePlace })
  /** `self.h.at(height)` of a history: its value at the end of that block, 0 before the first; Panic(0x32) unless height (u64) < block.height. */
  | (TypedExpr & { readonly kind: "past"; readonly place: StatePlace; readonly height: Expr })
  /** ABI encoding of the arguments, as of a tuple of them. */
  | (TypedExpr & { readonly kind: "encode"; readonly args: readonly Expr[] })
  /** ABI decoding to the node's type (a tuple stands for several values); empty revert when malformed. Strict: as calldata is validated. */
  | (TypedExpr & { readonly kind: "decode"; readonly data: Expr })
  /** Packed: integers and enums in as many bytes as their type has (big-endian), bool 1, address 20, bytes32 32, strings and bytes as they are. */
  | (TypedExpr & { readonly kind: "concat"; readonly args: readonly Expr[] })
  /** `Erc20(target).transfer(to, x)`. A revert of the callee reverts the caller with the same data. */
  | (TypedExpr & { readonly kind: "external"; readonly target: Expr; readonly method: ExternalMethod; readonly args: readonly Expr[] })
  /** `call(target, value, data)`: raw calldata; the type is `bytes<N>`, a longer result reverts with empty data. */
  | (TypedExpr & { readonly kind: "rawCall"; readonly target: Expr; readonly value: Expr; readonly data: Expr })
  /** `create Pool(args)`: type is the handle. A revert of its `init` reverts the caller. */
  | (TypedExpr & { readonly kind: "create"; readonly contract: string; readonly args: readonly Expr[] })
  /** `pay(to, amount)`; type unit. Reverts with InsufficientFunds(needed) when the contract has less. */
  | (TypedExpr & { readonly kind: "pay"; readonly to: Expr; readonly amount: Expr });

// --- tests ---------------------------------------------------------------------------------------------------------

export interface Test {
  readonly title: string;
  readonly site: Site;
  /** From brace to brace. */
  readonly bodySite: Site;
  /** Values that a fuzz run makes up; they are the first of the locals. Empty for most. */
  readonly params: readonly Local[];
  readonly locals: readonly Local[];
  readonly body: readonly TestStmt[];
}

/** A contract that random calls are made on: the local that holds its address. */
export interface FuzzTarget {
  readonly name: string;
  readonly local: LocalId;
  readonly contract: Contract;
}

/** A call of an external function on a handle, or a deployment. */
export interface TestCall {
  readonly target:
    | { readonly kind: "deploy"; readonly contract: Contract }
    | { readonly kind: "call"; readonly handle: TestExpr; readonly func: Func }
    /** Through an interface: whatever contract stands there. */
    | { readonly kind: "method"; readonly handle: TestExpr; readonly method: ExternalMethod };
  readonly args: readonly TestExpr[];
  /** Undefined: the default account. */
  readonly from: TestExpr | undefined;
  readonly value: TestExpr | undefined;
  readonly type: Type;
  readonly site: Site;
}

/** An event that a call is expected to log. */
export interface TestEvent {
  readonly event: EventDef;
  readonly args: readonly TestExpr[];
  readonly site: Site;
}

export type TestStmt =
  | {
      readonly kind: "let";
      readonly locals: readonly (LocalId | undefined)[];
      readonly destructure: boolean;
      readonly value: TestExpr;
      readonly site: Site;
    }
  | { readonly kind: "set"; readonly local: LocalId; readonly value: TestExpr; readonly site: Site }
  | { readonly kind: "call"; readonly call: TestCall; readonly site: Site }
  | {
      readonly kind: "expect";
      readonly call: TestCall;
      readonly error: { readonly error: ErrorDef; readonly args: readonly TestExpr[] } | undefined;
      /** The call must succeed and log these in this order, others aside; empty: log nothing. Undefined: it must revert. */
      readonly events: readonly TestEvent[] | undefined;
      readonly site: Site;
    }
  | { readonly kind: "assert"; readonly cond: TestExpr; readonly site: Site }
  | {
      readonly kind: "forList";
      readonly local: LocalId;
      readonly list: TestExpr;
      readonly body: readonly TestStmt[];
      readonly site: Site;
    }
  | {
      readonly kind: "forRange";
      readonly local: LocalId;
      readonly from: TestExpr;
      readonly to: TestExpr;
      readonly max: number;
      readonly body: readonly TestStmt[];
      readonly site: Site;
    }
  | { readonly kind: "advance"; readonly what: "time" | "height"; readonly by: TestExpr; readonly site: Site }
  /** Drops the case of a test with parameters unless it holds. */
  | { readonly kind: "require"; readonly cond: TestExpr; readonly site: Site }
  /** Random calls; `body` is run after each block of them. */
  | {
      readonly kind: "fuzz";
      readonly targets: readonly FuzzTarget[];
      /** Names of functions; empty: all that write. */
      readonly only: readonly string[];
      /** Undefined: as many as the run says. */
      readonly calls: number | undefined;
      readonly body: readonly TestStmt[];
      readonly site: Site;
    }
  | {
      readonly kind: "block";
      readonly parallel: boolean;
      /** `call`s and `expect`s only. */
      readonly body: readonly Extract<TestStmt, { kind: "call" | "expect" }>[];
      readonly site: Site;
    }
  | {
      readonly kind: "if";
      readonly cond: TestExpr;
      readonly then: readonly TestStmt[];
      readonly otherwise: readonly TestStmt[];
      readonly site: Site;
    };

/** Expressions of tests: pure ones as above over the test's locals, plus accounts, balances and calls. */
export type TestExpr =
  /** Any pure `Expr` kind: literal, local, unary, binary, convert, tuple, list, struct, member, element, length, ifExpr, builtin, call of a free function; operands are TestExprs. */
  | { readonly kind: "pure"; readonly expr: PureExpr; readonly type: Type; readonly site: Site }
  | { readonly kind: "account"; readonly name: string; readonly type: Type; readonly site: Site }
  /** `balance(@x)`: native coin, u256. */
  | { readonly kind: "balance"; readonly of: TestExpr; readonly type: Type; readonly site: Site }
  | { readonly kind: "call"; readonly call: TestCall; readonly type: Type; readonly site: Site };

export type PureExpr =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "local"; readonly local: LocalId }
  | { readonly kind: "unary"; readonly op: "-" | "!" | "~"; readonly operand: TestExpr }
  | { readonly kind: "binary"; readonly op: BinaryOp; readonly left: TestExpr; readonly right: TestExpr }
  | { readonly kind: "convert"; readonly operand: TestExpr }
  | { readonly kind: "tuple"; readonly elements: readonly TestExpr[] }
  | { readonly kind: "list"; readonly elements: readonly TestExpr[] }
  | { readonly kind: "struct"; readonly struct: StructType; readonly values: readonly TestExpr[] }
  | { readonly kind: "member"; readonly object: TestExpr; readonly index: number }
  | { readonly kind: "element"; readonly list: TestExpr; readonly index: TestExpr }
  | { readonly kind: "length"; readonly of: TestExpr }
  | { readonly kind: "contains"; readonly list: TestExpr; readonly item: TestExpr }
  | { readonly kind: "variant"; readonly variant: number; readonly args: readonly TestExpr[] }
  | { readonly kind: "encode"; readonly args: readonly TestExpr[] }
  | { readonly kind: "concat"; readonly args: readonly TestExpr[] }
  | { readonly kind: "ifExpr"; readonly cond: TestExpr; readonly then: TestExpr; readonly otherwise: TestExpr }
  | { readonly kind: "builtin"; readonly name: BuiltinName; readonly args: readonly TestExpr[] }
  | { readonly kind: "call"; readonly func: FuncId; readonly args: readonly TestExpr[] };
