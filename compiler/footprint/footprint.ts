/**
 * What the footprint analysis says of a contract: cells (leaves), the words that each access of the code has in a call's record (frames),
 * and per external function its plan tree, whose keys, conditions and amounts are terms. Plain data, read by the conflict analysis,
 * by the emitter and by the tools. Words: access, mode, leaf, term, stage as in the documentation of footprints.
 */
import type { Type } from "../core/types.ts";
import type {
  ArithmeticName,
  ContextName,
  Contract,
  ExternalMethod,
  Field,
  FuncId,
  HashName,
  Site,
  TypedId,
  Value,
} from "../typed/tree.ts";

// --- cells ---------------------------------------------------------------------------------------------------------

/** Index of a leaf within its contract: 0 is the native coin of every contract and account, the contract's own follow from 1. */
export type LeafIndex = number;

/** A kind of cell: `proposals[].yes`. */
export interface Leaf {
  readonly index: LeafIndex;
  /** Leaves with the same keys of one field form a group: a `FieldLayout` of the runtime. A set has two (entries, length), all others one. */
  readonly group: number;
  /** Undefined for the native coin. */
  readonly field: Field | undefined;
  /** Member indexes through structs and tuples, and their names. */
  readonly path: readonly number[];
  readonly pathNames: readonly string[];
  /** Types of the map keys, outermost first. */
  readonly keys: readonly Type[];
  readonly type: Type;
  /** 0 for the coin, from 1 for groups with keys in order of declaration; undefined for groups without keys. */
  readonly table: number | undefined;
  /** Values of past blocks are kept. */
  readonly history: boolean;
}

export const COIN: LeafIndex = 0;

// --- terms ---------------------------------------------------------------------------------------------------------

/** Unique within one plan tree. */
export type ReadId = number & { readonly __brand: "ReadId" };
export type LoopId = number & { readonly __brand: "LoopId" };
export type TicketId = number & { readonly __brand: "TicketId" };

export type TermOp =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "|"
  | "&"
  | "^"
  | "<<"
  | ">>"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "&&"
  | "||"
  | "!"
  | "neg"
  | "~"
  | ArithmeticName
  | HashName
  /** Of a list and a single value. */
  | "contains"
  /** ABI encoding and packing of single values (no structs, lists, tuples). */
  | "encode"
  | "concat"
  /** Checked conversion to the term's type; transparent for equality. */
  | "convert";

/** A value as a function of the call (static), of cells it reads (staged), or nothing we know (unknown). */
export type Term =
  | { readonly kind: "constant"; readonly value: Value; readonly type: Type }
  /** Parameter of the external function by index, then members of a struct or tuple parameter. */
  | { readonly kind: "param"; readonly index: number; readonly path: readonly number[]; readonly type: Type }
  | { readonly kind: "context"; readonly name: ContextName; readonly type: Type }
  | { readonly kind: "immutable"; readonly leaf: LeafIndex; readonly type: Type }
  /** Number of elements or bytes of a list, string or bytes parameter. */
  | { readonly kind: "length"; readonly of: Term; readonly type: Type }
  /** Element of a list at the loop's index, or at a term. */
  | { readonly kind: "element"; readonly list: Term; readonly index: Term; readonly type: Type }
  /** Member of a struct or tuple inside of a list, an option, an enum or what was decoded. */
  | { readonly kind: "member"; readonly of: Term; readonly index: number; readonly type: Type }
  /** Whether an option or an enum with payload is of this variant. */
  | { readonly kind: "isVariant"; readonly of: Term; readonly variant: number; readonly type: Type }
  /** What it carries at `index` if it is of this variant; else it can't be computed. */
  | { readonly kind: "payload"; readonly of: Term; readonly variant: number; readonly index: number; readonly type: Type }
  /** A list made in the call (`variant` undefined), or a value of an option or enum with payload. */
  | { readonly kind: "made"; readonly variant: number | undefined; readonly parts: readonly Term[]; readonly type: Type }
  /** ABI bytes as a tuple of values. */
  | { readonly kind: "decoded"; readonly data: Term; readonly type: Extract<Type, { kind: "tuple" }> }
  /** The running index of a loop, u64 for lists, the range's type for ranges. */
  | { readonly kind: "loopIndex"; readonly loop: LoopId; readonly type: Type }
  | { readonly kind: "ticket"; readonly ticket: TicketId; readonly leaf: LeafIndex; readonly type: Type }
  /** The value that an access of this plan reads (before the call's own writes; those are forwarded). */
  | { readonly kind: "read"; readonly read: ReadId; readonly leaf: LeafIndex; readonly keys: readonly Term[]; readonly type: Type }
  /** A history's value at the end of a past block: it never changes, so it depends on no access of this block. */
  | { readonly kind: "past"; readonly leaf: LeafIndex; readonly keys: readonly Term[]; readonly height: Term; readonly type: Type }
  | { readonly kind: "op"; readonly op: TermOp; readonly args: readonly Term[]; readonly type: Type }
  | { readonly kind: "if"; readonly cond: Term; readonly then: Term; readonly otherwise: Term; readonly type: Type }
  | { readonly kind: "unknown"; readonly why: string; readonly site: Site; readonly type: Type };

/** A value: a term, or a struct or tuple of values. Lists are terms. */
export type Sym = { readonly kind: "term"; readonly term: Term } | { readonly kind: "members"; readonly members: readonly Sym[] };

// --- frames: which word belongs to which access of the code -----------------------------------------------------------

/** Words of one function's region; regions of the functions it calls lie inside. Same for every entry that reaches it. */
export interface Frame {
  readonly size: number;
  /** Nodes of accesses whose key some entry can't compute before execution: exec computes it when it gets there. */
  readonly wide: ReadonlySet<TypedId>;
  /**
   * First word of each access, by id of its node: `load`, `store`, `delete` have one word per leaf below the place (in order of leaves);
   * `has` likewise; `update`, `selfBalance` and `past` one; `next` three; `pay` two (from, to); `setChange` two (entry, length); `external` and
   * `create` two (region of the callee, what is open of its plan); `rawCall` three (the same, and the debit of the coin).
   * Loads that stand in a `require` absorbed by an update have that update's word.
   */
  readonly words: ReadonlyMap<TypedId, number>;
  /** Start of the callee's region, by id of the `call` expression (a function of this contract or a free one). */
  readonly calls: ReadonlyMap<TypedId, number>;
  /** By id of the `forList`, `forRange` statement: the word that holds the start of the loop's region, and the words per round. */
  /** `once`: nobody knows the number of rounds before, and all of them use the one round's words that the region has. */
  readonly loops: ReadonlyMap<TypedId, { readonly pointer: number; readonly size: number; readonly once: boolean }>;
}

/** The record of an external function: the words that belong to the entry itself, then the function's own region. */
export interface EntryFrame {
  /** Word of the credit of attached coin; payable functions only. */
  readonly receive: number | undefined;
  /** Words of address arguments (the id) and of lists of addresses (start of the region of ids), by head index of the argument. */
  readonly args: ReadonlyMap<number, number>;
  /** Where the function's region starts, and the words of the whole top region. */
  readonly body: number;
  readonly size: number;
}

/** A word in the top region (loop undefined) or in the region of the current round of a loop. */
export interface WordRef {
  readonly loop: LoopId | undefined;
  readonly offset: number;
}

// --- plan trees ----------------------------------------------------------------------------------------------------

export type Mode =
  | { readonly kind: "read" }
  | { readonly kind: "write" }
  /**
   * cell += amount or cell -= amount. `floor` and `ceiling` are the bounds of its own check (rule E1); undefined: those of the type.
   */
  | {
      readonly kind: "delta";
      readonly sign: "+" | "-";
      readonly amount: Term;
      readonly floor: Term | undefined;
      readonly ceiling: Term | undefined;
      /** The amount is 0 or this, nobody knows which before. */
      readonly atMost: bigint | undefined;
    }
  /** `|=`, `&=`, `min=`, `max=` whose old value isn't used otherwise: commutes with its own kind and never fails. */
  | { readonly kind: "commute"; readonly op: CommuteOp }
  /** A value of a past block: no access at all, but exec needs the slot. */
  | { readonly kind: "past" }
  /** Read in the error of a Δ: only when that one isn't cleared (rule E5). */
  | { readonly kind: "readElse"; readonly of: WordRef };

export type CommuteOp = "|" | "&" | "min" | "max";

export interface Access {
  readonly kind: "access";
  readonly word: WordRef;
  readonly leaf: LeafIndex;
  readonly keys: readonly Term[];
  readonly mode: Mode;
  /** Set when a later term uses the value read: the plan stages it under this id. */
  readonly read: ReadId | undefined;
  readonly site: Site;
  /** Calls that lead here from the external function, outermost first. */
  readonly via: readonly Site[];
}

export type PlanStep =
  | Access
  /** The value of an attached coin is credited to the contract. */
  | { readonly kind: "receive"; readonly word: WordRef; readonly site: Site }
  /** Both sides are planned when the condition is unknown or not known before execution. */
  | {
      readonly kind: "branch";
      readonly cond: Term;
      readonly then: readonly PlanStep[];
      readonly otherwise: readonly PlanStep[];
      readonly site: Site;
    }
  | {
      readonly kind: "loop";
      readonly loop: LoopId;
      /**
       * Rounds: elements of a list, or `to - from` at most `max` (none if negative). Terms of the enclosing scope. Where a plan can't tell
       * yet how many there are, it plans as many as there can be.
       */
      readonly over:
        | { readonly kind: "list"; readonly list: Term }
        | { readonly kind: "range"; readonly from: Term; readonly to: Term; readonly max: number }
        /** Not known before execution: one round is planned, with unknown keys for what depends on the round. */
        | { readonly kind: "unknown" };
      readonly pointer: WordRef;
      readonly size: number;
      readonly body: readonly PlanStep[];
      readonly site: Site;
    }
  | { readonly kind: "ticket"; readonly ticket: TicketId; readonly word: WordRef; readonly leaf: LeafIndex; readonly site: Site }
  /** A call of another contract: the plan asks the code at the target. */
  | {
      readonly kind: "external";
      readonly word: WordRef;
      readonly target: Term;
      readonly callee:
        /** `args`: by parameter. */
        | { readonly kind: "method"; readonly method: ExternalMethod; readonly args: readonly Sym[] }
        | { readonly kind: "raw"; readonly value: Term; readonly data: Term };
      /** The callee may draw numbers (rule T2): reached under static conditions, at a target that reads no state. */
      readonly tickets: boolean;
      readonly site: Site;
      readonly via: readonly Site[];
    }
  /** Makes a contract: nothing else runs beside this call. */
  | { readonly kind: "create"; readonly word: WordRef; readonly contract: string; readonly site: Site; readonly via: readonly Site[] }
  /**
   * Ends the whole plan when computing this static term fails, as exec would (rules P1, T2). Emitted only before tickets, where the
   * count of numbers drawn depends on it; elsewhere a term that fails only makes its key unresolved.
   */
  | { readonly kind: "stop"; readonly unless: Term; readonly site: Site }
  /** A call that gets here succeeds if all needs are met and all its Δs are cleared (rule E6). */
  | { readonly kind: "sure"; readonly needs: readonly Need[]; readonly site: Site };

/** A static term that must be true (`holds`), or that it must be possible to compute. */
export interface Need {
  readonly term: Term;
  readonly holds: boolean;
}

/** An argument of the entry as head words of the calldata: structs and tuples are flattened. */
export interface ArgHead {
  readonly head: number;
  readonly param: number;
  readonly path: readonly number[];
  readonly type: Type;
}

export interface EntryPlan {
  readonly func: FuncId;
  /** How many numbers of sequences it draws: none, as many for all arguments, or it depends on them (rule T2). */
  readonly tickets: "none" | "constant" | "varies";
  /** For "constant": the sequences drawn from, in order. Called from another contract, all of them are drawn on entry, whatever its checks say. */
  readonly draws: readonly LeafIndex[];
  readonly frame: EntryFrame;
  readonly heads: readonly ArgHead[];
  readonly steps: readonly PlanStep[];
}

export interface ContractFootprint {
  readonly contract: Contract;
  /** Leaf 0 first; the index is the LeafIndex. */
  readonly leaves: readonly Leaf[];
  /** How many of them are the contract's own; those that follow are of contracts that it made, where plans are linked. */
  readonly own: number;
  /** Groups of leaves whose accesses may have keys not known before execution; group 0 is the native coin. */
  readonly stagedGroups: ReadonlySet<number>;
  /** External functions, getters and init. */
  readonly entries: ReadonlyMap<FuncId, EntryPlan>;
}

export interface Footprints {
  readonly contracts: readonly ContractFootprint[];
  /** Frames of all functions reachable from an entry. */
  readonly frames: ReadonlyMap<FuncId, Frame>;
  /** `require` statements that belong to a bounded Δ: by their id the id of the `update` (exec runs them only when it isn't cleared). */
  readonly absorbed: ReadonlyMap<TypedId, TypedId>;
  /** Leaves of a struct-valued `load` that the code uses, by id of the load; all others need not be loaded. */
  readonly usedLeaves: ReadonlyMap<TypedId, ReadonlySet<LeafIndex>>;
  /** What can't be planned: with any of these the contract doesn't compile. */
  readonly problems: readonly FootprintProblem[];
}

export interface FootprintProblem {
  readonly kind:
    /** `.next()` under a condition or loop bound that reads state (rule T2). */
    | "conditionalTicket"
    /** More accesses than `MAX_STEPS`. */
    | "tooLarge";
  readonly site: Site;
  /** What the problem is about, as the author would write it. */
  readonly subject: string;
  /** The causing places. */
  readonly notes: readonly { readonly site: Site; readonly text: string }[];
}

// --- a flat view for people and for the conflict analysis ------------------------------------------------------------

export interface FlatAccess {
  readonly mode: "R" | "W" | "D" | "T" | CommuteOp;
  readonly leaf: LeafIndex;
  readonly keys: readonly Term[];
  /** Conditions on the way, each with the value it must have. */
  readonly guards: readonly { readonly term: Term; readonly holds: boolean }[];
  readonly loops: readonly LoopId[];
  /** 0 static keys; 1 a key is read from state; and so on; "wide" a key is no term. */
  readonly stage: number | "wide";
  /** For D: sign and amount. */
  readonly amount: { readonly sign: "+" | "-"; readonly term: Term } | undefined;
  readonly site: Site;
  readonly via: readonly Site[];
}
