/**
 * The syntax tree of a Weft source file: what the author wrote, with a span on every node and nothing resolved.
 * It covers the whole language, also what later passes don't accept yet. Nobody writes into these nodes;
 * facts about them live in side tables by node id (unique within one file).
 * Comments stand in `SourceFile.comments`, in source order, for the formatter and the editor.
 */

/** Half-open range of UTF-16 offsets. Line and column are computed only at the edge. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type NodeId = number & { readonly __brand: "NodeId" };

interface Node {
  readonly id: NodeId;
  readonly span: Span;
}

/** `text` is empty where the author left the name out; a syntax error was reported for it. */
export interface Name extends Span {
  readonly text: string;
}

export interface Comment {
  readonly kind: "line" | "block" | "doc";
  readonly span: Span;
  /** As it stands in the file, slashes included, without the line's end. */
  readonly text: string;
}

/** Its id is the largest of the file: tables by node id need `id + 1` places. */
export interface SourceFile extends Node {
  readonly kind: "file";
  readonly path: string;
  readonly text: string;
  readonly items: readonly Item[];
  readonly comments: readonly Comment[];
}

// --- items ---------------------------------------------------------------------------------------------------------

export type Item =
  | ImportDecl
  | ConstDecl
  | StructDecl
  | EnumDecl
  | InterfaceDecl
  | MixinDecl
  | ContractDecl
  | FunctionDecl
  | EventDecl
  | ErrorDecl
  | TestDecl;

interface Documented {
  /** The text of the `///` comments right before the declaration (no blank line between), without the slashes; empty if none. */
  readonly doc: string;
}

export interface ImportDecl extends Node {
  readonly kind: "import";
  readonly names: readonly { readonly name: Name; readonly alias: Name | undefined }[];
  /** The text between the quotes, escapes resolved. */
  readonly from: string;
  readonly fromSpan: Span;
}

export interface ConstDecl extends Node, Documented {
  readonly kind: "const";
  readonly name: Name;
  readonly type: TypeExpr;
  readonly value: Expr;
}

export interface StructDecl extends Node, Documented {
  readonly kind: "struct";
  readonly name: Name;
  readonly fields: readonly FieldDecl[];
}

export interface FieldDecl extends Node, Documented {
  readonly kind: "field";
  readonly name: Name;
  readonly type: TypeExpr;
}

export interface EnumDecl extends Node, Documented {
  readonly kind: "enum";
  readonly name: Name;
  readonly variants: readonly VariantDecl[];
}

export interface VariantDecl extends Node, Documented {
  readonly kind: "variant";
  readonly name: Name;
  readonly payload:
    | { readonly kind: "none" }
    | { readonly kind: "tuple"; readonly types: readonly TypeExpr[] }
    | { readonly kind: "record"; readonly fields: readonly FieldDecl[] };
}

export interface InterfaceDecl extends Node, Documented {
  readonly kind: "interface";
  readonly name: Name;
  readonly functions: readonly FunctionDecl[];
}

export interface MixinDecl extends Node, Documented {
  readonly kind: "mixin";
  readonly name: Name;
  readonly uses: readonly Name[];
  readonly members: readonly Member[];
}

export interface ContractDecl extends Node, Documented {
  readonly kind: "contract";
  readonly name: Name;
  readonly uses: readonly Name[];
  readonly implements: readonly Name[];
  readonly members: readonly Member[];
}

export interface EventDecl extends Node, Documented {
  readonly kind: "event";
  readonly name: Name;
  readonly params: readonly ParamDecl[];
}

export interface ErrorDecl extends Node, Documented {
  readonly kind: "error";
  readonly name: Name;
  readonly params: readonly ParamDecl[];
}

export interface ParamDecl extends Node {
  readonly kind: "param";
  readonly indexed: boolean;
  readonly name: Name;
  readonly type: TypeExpr;
}

export interface TestDecl extends Node, Documented {
  readonly kind: "test";
  readonly title: string;
  readonly titleSpan: Span;
  readonly params: readonly ParamDecl[];
  readonly body: Block;
}

// --- members of contracts and mixins -------------------------------------------------------------------------------

export type Member = StateDecl | ImmutableDecl | EventDecl | ErrorDecl | GuardDecl | InitDecl | FunctionDecl | InvariantDecl | ParallelDecl;

export interface StateDecl extends Node, Documented {
  readonly kind: "state";
  readonly name: Name;
  readonly type: TypeExpr;
  readonly initial: Expr | undefined;
}

export interface ImmutableDecl extends Node, Documented {
  readonly kind: "immutable";
  readonly name: Name;
  readonly type: TypeExpr;
}

export interface GuardDecl extends Node, Documented {
  readonly kind: "guard";
  readonly name: Name;
  readonly params: readonly ParamDecl[];
  readonly body: Block;
}

export interface InitDecl extends Node, Documented {
  readonly kind: "init";
  readonly payable: boolean;
  readonly params: readonly ParamDecl[];
  readonly body: Block;
}

export interface FunctionDecl extends Node, Documented {
  readonly kind: "function";
  /** `payable` is `pub` and may receive coin; `view` is `pub` and proven to write nothing. */
  readonly access: "internal" | "pub" | "view" | "payable";
  readonly name: Name;
  readonly params: readonly ParamDecl[];
  readonly result: TypeExpr | undefined;
  readonly guards: readonly GuardUse[];
  /** Absent in interfaces only. */
  readonly body: Block | undefined;
}

export interface GuardUse extends Node {
  readonly kind: "guardUse";
  readonly name: Name;
  readonly args: readonly Expr[];
}

export interface InvariantDecl extends Node, Documented {
  readonly kind: "invariant";
  readonly name: Name;
  readonly body: Block;
}

/** `parallel (a: f, b: g) when cond;` */
export interface ParallelDecl extends Node, Documented {
  readonly kind: "parallel";
  readonly left: { readonly binder: Name; readonly target: Name };
  readonly right: { readonly binder: Name; readonly target: Name };
  readonly when: Expr | undefined;
}

// --- types ---------------------------------------------------------------------------------------------------------

export type TypeExpr = NamedType | TupleType | OptionType;

/** `u256`, `map<K, V>`, `string<64>`, `Proposal`: arguments are types or sizes. */
export interface NamedType extends Node {
  readonly kind: "namedType";
  readonly name: Name;
  readonly args: readonly (TypeExpr | SizeExpr)[];
}

export interface SizeExpr extends Node {
  readonly kind: "size";
  readonly value: bigint;
}

export interface TupleType extends Node {
  readonly kind: "tupleType";
  readonly elements: readonly { readonly name: Name | undefined; readonly type: TypeExpr }[];
}

export interface OptionType extends Node {
  readonly kind: "optionType";
  readonly inner: TypeExpr;
}

// --- statements ----------------------------------------------------------------------------------------------------

export interface Block extends Node {
  readonly kind: "block";
  readonly statements: readonly Stmt[];
}

export type Stmt =
  | LetStmt
  | AssignStmt
  | IfStmt
  | IfLetStmt
  | MatchStmt
  | ReturnStmt
  | ForStmt
  | RequireStmt
  | RevertStmt
  | EmitStmt
  | DeleteStmt
  | ExprStmt
  | AssertStmt
  | ExpectStmt
  | AdvanceStmt
  | BlockStmt
  | FuzzStmt;

export type Pattern =
  | { readonly kind: "bind"; readonly name: Name }
  | { readonly kind: "ignore"; readonly span: Span }
  | { readonly kind: "tuple"; readonly span: Span; readonly elements: readonly Pattern[] };

export interface LetStmt extends Node {
  readonly kind: "let";
  readonly mutable: boolean;
  readonly pattern: Pattern;
  readonly type: TypeExpr | undefined;
  readonly value: Expr;
}

export type AssignOp = "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "|=" | "&=" | "^=" | "min=" | "max=";

/** An error with its arguments, after `else` or `revert`: `NotOwner(caller)`, `Token.NotOwner(caller)`. */
export interface ErrorUse extends Node {
  readonly kind: "errorUse";
  readonly qualifier: Name | undefined;
  readonly name: Name;
  readonly args: readonly Expr[];
}

export interface AssignStmt extends Node {
  readonly kind: "assign";
  readonly target: Expr;
  readonly op: AssignOp;
  readonly value: Expr;
  readonly orElse: ErrorUse | undefined;
}

export interface IfStmt extends Node {
  readonly kind: "if";
  readonly cond: Expr;
  readonly then: Block;
  readonly otherwise: Block | IfStmt | IfLetStmt | undefined;
}

/** `if let some(x) = e { … } else { … }` */
export interface IfLetStmt extends Node {
  readonly kind: "ifLet";
  readonly pattern: MatchPattern;
  readonly value: Expr;
  readonly then: Block;
  readonly otherwise: Block | IfStmt | IfLetStmt | undefined;
}

export interface MatchStmt extends Node {
  readonly kind: "match";
  readonly subject: Expr;
  readonly arms: readonly MatchArm[];
}

export interface MatchArm extends Node {
  readonly kind: "arm";
  readonly pattern: MatchPattern;
  readonly body: Expr | Block;
}

export type MatchPattern =
  | { readonly kind: "wildcard"; readonly span: Span }
  | { readonly kind: "none"; readonly span: Span }
  | { readonly kind: "some"; readonly span: Span; readonly inner: Pattern }
  | {
      readonly kind: "variant";
      readonly span: Span;
      readonly enumName: Name;
      readonly variant: Name;
      readonly payload:
        | { readonly kind: "none" }
        | { readonly kind: "tuple"; readonly elements: readonly Pattern[] }
        | { readonly kind: "record"; readonly names: readonly Name[] };
    };

export interface ReturnStmt extends Node {
  readonly kind: "return";
  readonly value: Expr | undefined;
}

export interface ForStmt extends Node {
  readonly kind: "for";
  readonly name: Name;
  readonly over:
    | { readonly kind: "list"; readonly list: Expr }
    | { readonly kind: "range"; readonly from: Expr; readonly to: Expr; readonly max: Expr | undefined };
  readonly body: Block;
}

export interface RequireStmt extends Node {
  readonly kind: "require";
  readonly cond: Expr;
  readonly orElse: ErrorUse | undefined;
}

export interface RevertStmt extends Node {
  readonly kind: "revert";
  readonly error: ErrorUse | undefined;
}

export interface EmitStmt extends Node {
  readonly kind: "emit";
  readonly qualifier: Name | undefined;
  readonly event: Name;
  readonly args: readonly Expr[];
}

export interface DeleteStmt extends Node {
  readonly kind: "delete";
  readonly target: Expr;
}

export interface ExprStmt extends Node {
  readonly kind: "expr";
  readonly expr: Expr;
}

// Only inside tests:

export interface AssertStmt extends Node {
  readonly kind: "assert";
  readonly cond: Expr;
}

/** `expect call revert Error(args);` without an error: any revert. Or `expect call emit Event(args), …;`. */
export interface ExpectStmt extends Node {
  readonly kind: "expect";
  readonly call: Expr;
  readonly error: ErrorUse | undefined;
  /** Undefined where a revert is expected; empty for `emit none`. */
  readonly events: readonly EventUse[] | undefined;
}

/** An event with its arguments, as an expectation names it: `Transfer(@a, @b, 1)`, `Token.Transfer(@a, @b, 1)`. */
export interface EventUse extends Node {
  readonly kind: "eventUse";
  readonly qualifier: Name | undefined;
  readonly name: Name;
  readonly args: readonly Expr[];
}

export interface AdvanceStmt extends Node {
  readonly kind: "advance";
  readonly what: "time" | "height";
  readonly by: Expr;
}

export interface BlockStmt extends Node {
  readonly kind: "blockOfCalls";
  readonly parallel: boolean;
  readonly body: Block;
}

/** `fuzz token, vault only transfer, deposit calls 200 { … }`: random calls, and what is checked after each. */
export interface FuzzStmt extends Node {
  readonly kind: "fuzz";
  readonly targets: readonly Name[];
  /** Empty: all functions. */
  readonly only: readonly Name[];
  readonly calls: Expr | undefined;
  readonly body: Block | undefined;
}

// --- expressions ---------------------------------------------------------------------------------------------------

export type UnaryOp = "-" | "!" | "~";
export type BinaryOp = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "|" | "^" | "&" | "<<" | ">>" | "+" | "-" | "*" | "/" | "%";

export type Expr =
  | IntLiteral
  | BoolLiteral
  | StringLiteral
  | AddressLiteral
  | AccountLiteral
  | NameExpr
  | SelfExpr
  | ParenExpr
  | TupleExpr
  | ListExpr
  | StructExpr
  | NoneExpr
  | MemberExpr
  | IndexExpr
  | CallExpr
  | UnaryExpr
  | BinaryExpr
  | IfExpr
  | MatchExpr
  | CreateExpr
  | DeployExpr
  | AsExpr
  | MissingExpr;

export interface IntLiteral extends Node {
  readonly kind: "int";
  readonly value: bigint;
  readonly text: string;
}
export interface BoolLiteral extends Node {
  readonly kind: "bool";
  readonly value: boolean;
}
export interface StringLiteral extends Node {
  readonly kind: "string";
  readonly value: string;
}
/** `@0x` and 40 digits; `value` is lower case with `0x`. */
export interface AddressLiteral extends Node {
  readonly kind: "address";
  readonly value: string;
}
/** `@alice`, in tests only. */
export interface AccountLiteral extends Node {
  readonly kind: "account";
  readonly name: string;
}
export interface NameExpr extends Node {
  readonly kind: "name";
  readonly name: string;
}
export interface SelfExpr extends Node {
  readonly kind: "self";
}
/** Kept for the formatter; every other pass looks through it. */
export interface ParenExpr extends Node {
  readonly kind: "paren";
  readonly inner: Expr;
}
export interface TupleExpr extends Node {
  readonly kind: "tuple";
  readonly elements: readonly Expr[];
}
export interface ListExpr extends Node {
  readonly kind: "list";
  readonly elements: readonly Expr[];
}
/** `Name { a: x }` or `Shape.Box { w: 1 }`. */
export interface StructExpr extends Node {
  readonly kind: "struct";
  readonly qualifier: Name | undefined;
  readonly name: Name;
  readonly fields: readonly { readonly name: Name; readonly value: Expr }[];
}
export interface NoneExpr extends Node {
  readonly kind: "none";
}
export interface MemberExpr extends Node {
  readonly kind: "member";
  readonly object: Expr;
  readonly name: Name;
}
export interface IndexExpr extends Node {
  readonly kind: "index";
  readonly object: Expr;
  readonly index: Expr;
}
/** Also `some(x)`, conversions `u64(x)` and typed addresses `Erc20(a)`: the checker tells them apart. */
export interface CallExpr extends Node {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Expr[];
}
export interface UnaryExpr extends Node {
  readonly kind: "unary";
  readonly op: UnaryOp;
  readonly operand: Expr;
}
export interface BinaryExpr extends Node {
  readonly kind: "binary";
  readonly op: BinaryOp;
  readonly opSpan: Span;
  readonly left: Expr;
  readonly right: Expr;
}
export interface IfExpr extends Node {
  readonly kind: "ifExpr";
  readonly cond: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
export interface MatchExpr extends Node {
  readonly kind: "matchExpr";
  readonly subject: Expr;
  readonly arms: readonly MatchArm[];
}
/** `create Pool(args)` in contracts. */
export interface CreateExpr extends Node {
  readonly kind: "create";
  readonly contract: Name;
  readonly args: readonly Expr[];
}
/** `deploy Dao("Guild")` in tests. */
export interface DeployExpr extends Node {
  readonly kind: "deploy";
  readonly contract: Name;
  readonly args: readonly Expr[];
}
/** `call as @bob value 5`, in tests only. At least one of the two is present. */
export interface AsExpr extends Node {
  readonly kind: "as";
  readonly call: Expr;
  readonly account: Expr | undefined;
  readonly value: Expr | undefined;
}
/** Stands where the parser recovered; a syntax error was reported for it. */
export interface MissingExpr extends Node {
  readonly kind: "missing";
}
