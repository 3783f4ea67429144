/**
 * Where generated modules and the runtime meet: the shape of a module, and all that its plan and exec functions may call.
 * Plain types only. The compiler doesn't import this file; it emits text that type-checks against it.
 *
 * A call has a *record*: a run of 32-bit words that its plan fills and its exec reads. Each state access of the code has a
 * word of its own in a *region* of the record: the top region of the entry function (regions of internal functions it calls lie
 * inside, at fixed offsets), and one region per loop entered, whose start stands in a word of the enclosing region.
 * An access word holds the place of the access (slot or partial sum, checked or cleared); 0 means "not in the footprint" and traps.
 *
 * Values in generated code: bool as boolean; integers up to 32 bits, enums and addresses (interned ids) as number; wider
 * integers and bytes32 as bigint; string and bytes as Uint8Array; lists as arrays; structs and tuples as objects or arrays.
 * In plans a value may also be `undefined`: not known before execution (an earlier call of the block may change it, or computing it fails).
 */

/** An interned 20-byte address. 0 is none; 1 is the zero address. */
export type AddressId = number;
/** Index into the columns of one table; 0 is none, -1 (`UNRESOLVED`) not known before execution. */
export type Slot = number;
/** Absolute index into the record words of a block. */
export type WordIndex = number;
/** Leaf 0 is the native coin, keyed by address; the module's leaves follow from 1 in order of `fields` and their leaves. */
export type LeafIndex = number;
/** Table 0 is the native coin's; the module's keyed fields follow from 1. */
export type TableIndex = number;

export type CellKind =
  | "bool"
  | "u8"
  | "u16"
  | "u32"
  | "i8"
  | "i16"
  | "i32"
  | "enum"
  | "address"
  | "u64"
  | "i64"
  | "u128"
  | "i128"
  | "u256"
  | "i256"
  | "bytes32"
  | "string"
  | "bytes"
  /** A list, an option, an enum with payload: bytes made by `Exec.pack`. */
  | "packed"
  /** Next number of a sequence; drawn while planning, never read by code. */
  | "sequence32"
  | "sequence64";

/** Types of one ABI word. */
export type WordKind =
  "bool" | "u8" | "u16" | "u32" | "i8" | "i16" | "i32" | "enum" | "address" | "u64" | "i64" | "u128" | "i128" | "u256" | "i256" | "bytes32";

/** 32-bit words of a key: 1 for up to 32 bits and addresses, 2, 4, 8 for wider ones. `hash`: keccak-256 of a string or bytes. */
export type KeyKind = WordKind | "hash";

/**
 * A value as it crosses from contract to contract, and as codecs give and take it: as in generated code, but structs are arrays as tuples are,
 * and options and enums with payload arrays of tag and what the variant carries.
 */
export type Neutral = boolean | number | bigint | Uint8Array | readonly Neutral[];

/** The form of a value: of parameters and results in the ABI, and of packed cells. */
export type Shape =
  /** `variants`: of enum their number, else 0. */
  | { readonly kind: "word"; readonly type: WordKind; readonly variants: number }
  | { readonly kind: "bytes"; readonly max: number; readonly utf8: boolean }
  | { readonly kind: "list"; readonly max: number; readonly element: Shape }
  /** Structs too. */
  | { readonly kind: "tuple"; readonly members: readonly Shape[] }
  /** Options (none, some) and enums with payload; in packed cells only, they can't cross the ABI. */
  | { readonly kind: "variant"; readonly variants: readonly (readonly Shape[])[] };

export interface LeafLayout {
  /** Member names from the entry down: `["yes"]` for `proposals[id].yes`, empty for a plain value. */
  readonly path: readonly string[];
  readonly kind: CellKind;
  /** Longest value in bytes, of string, bytes and packed; else 0. */
  readonly max: number;
  /** Names of the variants, of enum; else empty. */
  readonly variants: readonly string[];
  /** Values of past blocks are kept; integers only. */
  readonly history: boolean;
}

/** Leaves with the same keys. A set `guests` has two of these: `guests` (entries) and `guests.len`. */
export interface FieldLayout {
  readonly name: string;
  readonly kind: "state" | "immutable";
  /** Empty: one cell per instance, its slot is the instance number. */
  readonly keys: readonly KeyKind[];
  readonly leaves: readonly LeafLayout[];
  /** True when some function may access it with a key that isn't known before execution. */
  readonly staged: boolean;
}

/** Ethereum JSON ABI entries, as in the Contract ABI specification. */
export interface AbiParam {
  readonly name: string;
  readonly type: string;
  readonly internalType?: string;
  readonly indexed?: boolean;
  readonly components?: readonly AbiParam[];
}

export interface AbiEntry {
  readonly type: "function" | "constructor" | "event" | "error";
  readonly name?: string;
  readonly inputs: readonly AbiParam[];
  readonly outputs?: readonly AbiParam[];
  readonly stateMutability?: "view" | "nonpayable" | "payable";
  readonly anonymous?: boolean;
}

export interface FunctionEntry {
  readonly name: string;
  /** `transfer(address,uint256)` */
  readonly signature: string;
  /** First four bytes of keccak-256 of the signature, big-endian as an unsigned number; 0 for init. */
  readonly selector: number;
  readonly mutability: "view" | "nonpayable" | "payable";
  /**
   * By parameter. In calldata each has one or more *head words*: tuples of static members are taken apart, member by member; everything else,
   * dynamic tuples included, has one. `head` below counts these.
   */
  readonly params: readonly Shape[];
  /** By result; `returns` their ABI types, `(bool)`, which a calling contract compares with what it expects. */
  readonly results: readonly Shape[];
  readonly returns: string;
  /** How many numbers of sequences a call draws (rule T2). */
  readonly tickets: "none" | "constant" | "varies";
  /** For "constant": the sequences drawn from, in order. In a call from another contract all of them are drawn on entry, whatever its checks say. */
  readonly draws: readonly LeafIndex[];
  /** The static cost bound, without what callees in other contracts cost: they are charged when they are reached. */
  readonly bound: (lengths: ArgLengths) => number;
  readonly plan: (p: Planner) => void;
  /** The same where some argument isn't known (only in a call from another contract); the same function where that makes no difference. */
  readonly planOpen: (p: Planner) => void;
  /** Ends with `result(…)` and `put…` at the top; inside another contract's call (`x.nested`) it gives the results instead, one by one. */
  readonly exec: (x: Exec) => readonly Neutral[] | undefined;
}

export interface ArgLengths {
  /** Elements of a list, bytes of a string. Head by index. */
  argLength(head: number): number;
}

/** A function of another contract that this code calls. */
export interface Callee {
  readonly signature: string;
  readonly selector: number;
  /** The function there must be a view. */
  readonly view: boolean;
  readonly params: readonly Shape[];
  readonly results: readonly Shape[];
  readonly returns: string;
}

/** Hashes and signatures whose code is loaded only for contracts that use them. keccak-256 is always there. */
export type Native = "sha256" | "blake3" | "ecrecover" | "ed25519" | "mldsa65";

export interface ContractModule {
  readonly format: 1;
  readonly name: string;
  /** keccak-256 of the emitted text's source, hex with 0x: modules with one hash share columns. */
  readonly codeHash: string;
  readonly fields: readonly FieldLayout[];
  readonly init: FunctionEntry;
  readonly functions: readonly FunctionEntry[];
  /** `x.event(i)` names these; topic is 32 bytes, hex with 0x. */
  readonly events: readonly { readonly name: string; readonly topic: string }[];
  /** Address literals, interned when the module is loaded; `x.address(i)`, `p.address(i)` name them. */
  readonly addresses: readonly string[];
  /** `external(…)` names these. */
  readonly callees: readonly Callee[];
  /** Codes that `create(…)` names: they must be loaded before this one is deployed. */
  readonly creates: readonly { readonly name: string; readonly codeHash: string }[];
  /** `encode`, `decode`, `pack`, `unpack` name these. */
  readonly shapes: readonly Shape[];
  /** What its plans and execs use of these, each once. */
  readonly natives: readonly Native[];
  readonly abi: readonly AbiEntry[];
}

export const UNRESOLVED = -1;
/** Largest doubles not above the largest value of a type: default ceilings of a Δ. Its default floors are 0 or -(2^(N-1)). */
export type Amount = number;

/** An unsettled value while planning. */
export type Maybe<T> = T | undefined;

/**
 * What a plan function may do. The same function runs twice at most per call: while planning (in block order), and, if some key was
 * unresolved then, once more right before exec, when it only fills in the slots that were missing.
 * Plans never report errors: whatever would fail in exec gives `undefined` here.
 */
export interface Planner {
  readonly caller: AddressId;
  readonly self: AddressId;
  /** Slot of every unkeyed cell of this contract instance. */
  readonly instance: Slot;
  readonly height: bigint;
  readonly time: bigint;
  readonly chainId: bigint;
  value(): bigint;
  /** The id of `module.addresses[index]`. */
  address(index: number): AddressId;

  /** Reserves zeroed words at the record's end. The first call makes the top region. */
  region(words: number): WordIndex;
  setWord(word: WordIndex, value: number): void;
  wordAt(word: WordIndex): number;

  // Arguments by index of the head word. Calldata was validated against `params` before. In a call from another contract whose arguments are all
  // known these are asked too; where one of them isn't, `planOpen` runs instead of `plan`, and asks `open…`.
  /** Also writes the id to the word, for exec. */
  argAddress(head: number, word: WordIndex): AddressId;
  argBool(head: number): boolean;
  /** Integers up to 32 bits and enums. */
  argNumber(head: number): number;
  argBig(head: number, kind: WordKind): bigint;
  /** The value of an unsigned argument as a double, rounded up. */
  argUp(head: number): Amount;
  // The same, undefined where the calling contract computes the argument from what isn't known yet (rule C1); `openUp` is infinite then.
  openAddress(head: number, word: WordIndex): Maybe<AddressId>;
  openBool(head: number): Maybe<boolean>;
  openNumber(head: number): Maybe<number>;
  openBig(head: number, kind: WordKind): Maybe<bigint>;
  openUp(head: number): Amount;
  openValue(): Maybe<bigint>;
  // Always known: a call with an unknown list, string or dynamic tuple is planned only when it is reached.
  /** Elements of a list, bytes of a string. */
  argLength(head: number): number;
  /** Interns all elements into a new region and puts its start into the word; returns it. */
  argAddresses(head: number, word: WordIndex): WordIndex;
  elementNumber(head: number, index: number): Maybe<number>;
  elementBig(head: number, index: number, kind: WordKind): Maybe<bigint>;
  argBytes(head: number): Uint8Array;
  /** Lists of other things than words, and dynamic tuples; decoded once per call. */
  argValue(head: number): Neutral;

  /** Numbers of a key, in order; `undefined` makes the entry unresolved. */
  key32(word: Maybe<number | boolean>): void;
  key64(value: Maybe<bigint>): void;
  key128(value: Maybe<bigint>): void;
  key256(value: Maybe<bigint>): void;
  /** keccak-256 of the bytes, as a key of kind `hash`. */
  keyBytes(value: Maybe<Uint8Array>): void;
  /** The slot for the key numbers given since the last call; the instance is part of the key. Table 0 takes an address. */
  entry(table: TableIndex): Slot;
  /** Short for `key32(a); entry(table)`, and with two. */
  entry1(table: TableIndex, a: Maybe<number>): Slot;
  entry2(table: TableIndex, a: Maybe<number>, b: Maybe<number>): Slot;

  read(word: WordIndex, leaf: LeafIndex, slot: Slot): void;
  write(word: WordIndex, leaf: LeafIndex, slot: Slot): void;
  /**
   * A Δ that lowers the cell by at most `down` or raises it by at most `up` (one of them may be 0), and whose check is that the
   * result stays within [floor, ceiling]. Doubles, each rounded so that the promise holds.
   */
  delta(word: WordIndex, leaf: LeafIndex, slot: Slot, down: Amount, up: Amount, floor: Amount, ceiling: Amount): void;
  /** A read that happens only if the Δ at `of` isn't cleared (rule E5). */
  readElse(word: WordIndex, leaf: LeafIndex, slot: Slot, of: WordIndex): void;
  /** `|=` (1), `&=` (2), `min=` (3), `max=` (4): commutes with accesses of the same kind. */
  commute(word: WordIndex, leaf: LeafIndex, slot: Slot, op: CommuteOp): void;
  /** The cell's past values are read: no access, but exec needs the slot. */
  past(word: WordIndex, leaf: LeafIndex, slot: Slot): void;
  /**
   * Plans a call of `module.callees[callee]` at the target; words `word` (start of its region) and `word + 1`. `args` by parameter.
   * `tickets`: the callee may draw numbers here (rule T2).
   */
  external(word: WordIndex, target: Maybe<AddressId>, callee: number, args: readonly Maybe<Neutral>[], tickets: boolean): void;
  /** The same with raw calldata and coin; the debit of the coin at `word + 2` is an access of its own, noted before. */
  rawCall(word: WordIndex, target: Maybe<AddressId>, value: Maybe<bigint>, data: Maybe<Uint8Array>, tickets: boolean): void;
  /** The call makes contracts: it runs alone, between the earlier and the later ones. */
  create(word: WordIndex): void;
  /** Coin attached to the call is credited to the contract; nothing if the value is 0. */
  receive(word: WordIndex): void;
  /** The call succeeds if all its Δs are cleared: nothing else in it can fail (rule E6). */
  sure(): void;

  /** Reads a cell while planning if no earlier call of the block may write it (rule S1); the access itself was declared by `read`. */
  stageBool(leaf: LeafIndex, slot: Slot): Maybe<boolean>;
  stage32(leaf: LeafIndex, slot: Slot): Maybe<number>;
  stageBig(leaf: LeafIndex, slot: Slot): Maybe<bigint>;
  stageBytes(leaf: LeafIndex, slot: Slot): Maybe<Uint8Array>;
  /** A list, option or enum with payload as `module.shapes[shape]`. */
  stagePacked(leaf: LeafIndex, slot: Slot, shape: number): Maybe<Neutral>;
  /** A history's value at the end of a past block: always known, but for a block that isn't past. */
  pastOf(leaf: LeafIndex, slot: Slot, height: Maybe<bigint>): Maybe<bigint>;
  /** Upper bound of a cell's value at this point of the block, lower bound (rule E4): what it holds before the call, own writes not counted. */
  highOf(leaf: LeafIndex, slot: Slot): Amount;
  lowOf(leaf: LeafIndex, slot: Slot): Amount;
  /** A known amount rounded up or down to a double; `undefined` gives the limit `otherwise`. */
  up(value: Maybe<bigint | number>, otherwise: Amount): Amount;
  down(value: Maybe<bigint | number>, otherwise: Amount): Amount;

  /** Draws the next number into words `word`, `word + 1`, `word + 2` (low, high, exhausted). */
  ticket32(word: WordIndex, leaf: LeafIndex): Maybe<number>;
  ticket64(word: WordIndex, leaf: LeafIndex): Maybe<bigint>;

  /** Checked arithmetic as exec does it; `undefined` in or failure gives `undefined`. */
  inRange(value: Maybe<number>, min: number, max: number): Maybe<number>;
  inRangeBig(value: Maybe<bigint>, min: bigint, max: bigint): Maybe<bigint>;
  arith(
    op: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^" | "<<" | ">>",
    a: Maybe<number>,
    b: Maybe<number>,
    min: number,
    max: number,
  ): Maybe<number>;
  arithBig(op: "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^", a: Maybe<bigint>, b: Maybe<bigint>, min: bigint, max: bigint): Maybe<bigint>;
  shiftBig(op: "<<" | ">>", a: Maybe<bigint>, b: Maybe<bigint | number>, min: bigint, max: bigint): Maybe<bigint>;
  compare(op: "<" | "<=" | ">" | ">=", a: Maybe<bigint | number>, b: Maybe<bigint | number>): Maybe<boolean>;
  equal(a: Maybe<bigint | number | boolean | Uint8Array>, b: Maybe<bigint | number | boolean | Uint8Array>): Maybe<boolean>;
  not(a: Maybe<boolean>): Maybe<boolean>;
  and(a: Maybe<boolean>, b: Maybe<boolean>): Maybe<boolean>;
  or(a: Maybe<boolean>, b: Maybe<boolean>): Maybe<boolean>;
  toBig(a: Maybe<number>): Maybe<bigint>;
  toNumber(a: Maybe<bigint>, min: number, max: number): Maybe<number>;
  mulDiv(a: Maybe<bigint>, b: Maybe<bigint>, c: Maybe<bigint>, up: boolean): Maybe<bigint>;
  sqrt(a: Maybe<bigint>): Maybe<bigint>;
  sha256(a: Maybe<Uint8Array>): Maybe<bigint>;
  keccak256(a: Maybe<Uint8Array>): Maybe<bigint>;
  blake3(a: Maybe<Uint8Array>): Maybe<bigint>;
  /** ABI encoding as `module.shapes[shape]`, a tuple. */
  encode(shape: number, values: readonly Maybe<Neutral>[]): Maybe<Uint8Array>;
  /** Packed, as `Exec.concat`. */
  concat(shape: number, values: readonly Maybe<Neutral>[]): Maybe<Uint8Array>;
  /** ABI bytes as the members of `module.shapes[shape]`, a tuple; `undefined` where exec would revert. */
  decode(shape: number, data: Maybe<Uint8Array>): Maybe<Neutral>;
}

export type CommuteOp = 1 | 2 | 3 | 4;

/** What exec functions throw to end a call that failed; the error data was put into the frame before. */
export interface Revert {
  readonly kind: "revert";
}

/**
 * What an exec function may do: it names cells only by words of its record. Stores keep what is needed to undo the call.
 */
export interface Exec {
  readonly caller: AddressId;
  readonly self: AddressId;
  readonly height: bigint;
  readonly time: bigint;
  readonly chainId: bigint;
  /** Start of the running function's region: of the whole call's, or of a callee's in another contract. */
  readonly base: WordIndex;
  /** Whether another contract called. */
  readonly nested: boolean;
  value(): bigint;
  address(index: number): AddressId;
  word(index: WordIndex): number;
  /** Whether the Δ at this word runs without its check. */
  cleared(word: WordIndex): boolean;

  argBool(head: number): boolean;
  argNumber(head: number): number;
  argBig(head: number, kind: WordKind): bigint;
  argBytes(head: number): Uint8Array;
  argLength(head: number): number;
  /** Lists of other things than words, and dynamic tuples. */
  argValue(head: number): Neutral;
  /** The ids that the plan put into the region that starts at `word(pointer)`. */
  argAddresses(head: number, pointer: WordIndex): number[];
  argNumbers(head: number, kind: WordKind): number[];
  argBools(head: number): boolean[];
  argBigs(head: number, kind: WordKind): bigint[];

  // Keys that no plan could compute: given as to the planner, then `locate`.
  key32(word: number | boolean): void;
  key64(value: bigint): void;
  key128(value: bigint): void;
  key256(value: bigint): void;
  keyBytes(value: Uint8Array): void;
  /**
   * The word to use for an access whose plan may have left the slot open: `word` itself if it didn't, else a word of this thread that holds the slot for
   * the key given. `count` words in a row for as many leaves from `leaf` on; `writes`: they may be changed. Keys given are used up either way.
   */
  locate(word: WordIndex, table: TableIndex, leaf: LeafIndex, count: number, writes: boolean): WordIndex;

  loadBool(leaf: LeafIndex, word: WordIndex): boolean;
  /** u8 to u32, i8 to i32, enum, address. */
  load32(leaf: LeafIndex, word: WordIndex): number;
  loadU64(leaf: LeafIndex, word: WordIndex): bigint;
  loadI64(leaf: LeafIndex, word: WordIndex): bigint;
  loadU128(leaf: LeafIndex, word: WordIndex): bigint;
  loadI128(leaf: LeafIndex, word: WordIndex): bigint;
  /** Also bytes32. */
  loadU256(leaf: LeafIndex, word: WordIndex): bigint;
  loadI256(leaf: LeafIndex, word: WordIndex): bigint;
  loadBytes(leaf: LeafIndex, word: WordIndex): Uint8Array;
  /** Immutables of this instance. */
  immutableBool(leaf: LeafIndex): boolean;
  immutable32(leaf: LeafIndex): number;
  immutableBig(leaf: LeafIndex): bigint;
  immutableBytes(leaf: LeafIndex): Uint8Array;

  storeBool(leaf: LeafIndex, word: WordIndex, value: boolean): void;
  store32(leaf: LeafIndex, word: WordIndex, value: number): void;
  /** Signed values too: they are stored modulo 2^N. */
  store64(leaf: LeafIndex, word: WordIndex, value: bigint): void;
  store128(leaf: LeafIndex, word: WordIndex, value: bigint): void;
  store256(leaf: LeafIndex, word: WordIndex, value: bigint): void;
  /** Panics with 0x41 when longer than the leaf's limit (the checker rules it out). */
  storeBytes(leaf: LeafIndex, word: WordIndex, value: Uint8Array): void;
  /** Sets the type's default. */
  clear(leaf: LeafIndex, word: WordIndex): void;
  /** For a `commute` that is cleared: takes effect when the call succeeds. */
  commute(leaf: LeafIndex, word: WordIndex, op: CommuteOp, value: number | bigint): void;
  /** A history's value at the end of a past block; Panic(0x32) unless height < this block's. */
  past(leaf: LeafIndex, word: WordIndex, height: bigint): bigint;

  /** Packed cells: by `module.shapes[shape]`. A default value packs to no bytes. */
  pack(shape: number, value: Neutral): Uint8Array;
  unpack(shape: number, bytes: Uint8Array): Neutral;

  /** cell += value; false (and nothing done) when the result doesn't fit the type. `value` may be negative for signed cells. */
  add32(leaf: LeafIndex, word: WordIndex, value: number): boolean;
  add64(leaf: LeafIndex, word: WordIndex, value: bigint): boolean;
  add128(leaf: LeafIndex, word: WordIndex, value: bigint): boolean;
  add256(leaf: LeafIndex, word: WordIndex, value: bigint): boolean;
  sub32(leaf: LeafIndex, word: WordIndex, value: number): boolean;
  sub64(leaf: LeafIndex, word: WordIndex, value: bigint): boolean;
  sub128(leaf: LeafIndex, word: WordIndex, value: bigint): boolean;
  sub256(leaf: LeafIndex, word: WordIndex, value: bigint): boolean;

  receive(word: WordIndex): void;
  /** Debit at `from`, credit at `to`; throws InsufficientFunds(amount). */
  pay(from: WordIndex, to: WordIndex, amount: bigint): void;

  /** Calls `module.callees[callee]`; the results one by one. Reverts as the callee does; Reentrancy(), CallTooDeep(), OutOfGas(), or empty. */
  external(word: WordIndex, target: AddressId, callee: number, args: readonly Neutral[]): readonly Neutral[];
  /** Return data; a longer one than `max` reverts with empty data. */
  rawCall(word: WordIndex, target: AddressId, value: bigint, data: Uint8Array, max: number): Uint8Array;
  /** A new instance of `module.creates[code]`; its address. */
  create(word: WordIndex, code: number, args: readonly Neutral[]): AddressId;
  hasCode(target: AddressId): boolean;

  sha256(data: Uint8Array): bigint;
  keccak256(data: Uint8Array): bigint;
  blake3(data: Uint8Array): bigint;
  ecrecover(hash: bigint, v: number, r: bigint, s: bigint): AddressId;
  ed25519Verify(key: bigint, message: Uint8Array, signature: Uint8Array): boolean;
  mldsa65Verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** ABI encoding as `module.shapes[shape]`, a tuple. */
  encode(shape: number, values: readonly Neutral[]): Uint8Array;
  /** ABI decoding; reverts with empty data when malformed, as calldata would. */
  decode(shape: number, data: Uint8Array): readonly Neutral[];
  /** Packed one after the other: words in as many bytes as their type has, bytes as they are. */
  concat(shape: number, values: readonly Neutral[]): Uint8Array;

  /** The number drawn; throws SequenceExhausted(), or DynamicTicket() where none could be drawn. */
  ticket32(word: WordIndex): number;
  ticket64(word: WordIndex): bigint;

  // Arithmetic: the value itself when it fits, else throws Panic(0x11).
  fit(value: number, min: number, max: number): number;
  fitBig(value: bigint, min: bigint, max: bigint): bigint;
  fitU64(value: bigint): bigint;
  fitU128(value: bigint): bigint;
  fitU256(value: bigint): bigint;
  toNumber(value: bigint, min: number, max: number): number;
  /** Truncating; Panic(0x12) by zero, 0x11 when -2^(N-1) / -1 (the caller fits the result). */
  div(a: number, b: number): number;
  mod(a: number, b: number): number;
  divBig(a: bigint, b: bigint): bigint;
  modBig(a: bigint, b: bigint): bigint;
  /** Checked against the width: Panic(0x11) when `by` >= bits. Left shifts are then fitted by the caller. */
  shift(by: number | bigint, bits: number): number;
  mulDiv(a: bigint, b: bigint, c: bigint, up: boolean): bigint;
  sqrt(value: bigint): bigint;
  enumOf(value: number | bigint, variants: number): number;
  sameBytes(a: Uint8Array, b: Uint8Array): boolean;
  /** Panic(0x32) unless 0 <= index < length. */
  index(index: number | bigint, length: number): number;

  // Output. `error`, `event`, `result` begin a message with so many head words; `put…` append to it; `close` ends an open list or tuple.
  error(selector: number, headWords: number): void;
  /** Ends a message begun by `error`. */
  revert(): Revert;
  revertEmpty(): Revert;
  panic(code: number): Revert;
  event(index: number, headWords: number): void;
  topicAddress(id: AddressId): void;
  topicBool(value: boolean): void;
  topicNumber(value: number): void;
  topicBig(value: bigint): void;
  /** keccak-256 of the bytes. */
  topicBytes(value: Uint8Array): void;
  emit(): void;
  result(headWords: number): void;
  putBool(value: boolean): void;
  putNumber(value: number): void;
  /** Unsigned and signed up to 256 bits, and bytes32. */
  putBig(value: bigint): void;
  putAddress(id: AddressId): void;
  putBytes(value: Uint8Array): void;
  openList(length: number, headWordsPerElement: number): void;
  openTuple(headWords: number): void;
  close(): void;
}
