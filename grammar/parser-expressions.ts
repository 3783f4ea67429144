/**
 * The grammar of expressions. Part of the parser (see parser.ts).
 *
 * Nearly all of it is one rule, whose parts are methods: a rule of Chevrotain takes four frames of the stack and `MANY`
 * five, so that with a rule per construct 256 nested brackets would overflow it. The numbers that are handed around
 * tell apart the places in that rule where the same token or subrule occurs.
 */
import { tokenMatcher } from "chevrotain";
import type { IOrAlt, IToken, ParserMethod } from "chevrotain";

import type { Block, Expr, IfExpr, MatchArm, Name, UnaryOp } from "./ast.ts";
import { atLiteral, numberValue, stringValue } from "./build-literals.ts";
import { binaryOperator, foldOperators } from "./build-operators.ts";
import type { Operator } from "./build-operators.ts";
import { TypeParser } from "./parser-types.ts";
import * as t from "./tokens.ts";

const primaryStarts = new Set([
  ...[...t.nameTokens, t.Int, t.At, t.StringToken, t.True, t.False, t.None, t.Some, t.Self, t.If, t.Match],
  ...[t.LParen, t.LBracket],
]);

const unaryOps: ReadonlyMap<string, UnaryOp> = new Map([
  ["-", "-"],
  ["!", "!"],
  ["~", "~"],
]);

type Branch = { readonly start: number; readonly cond: Expr; readonly then: Expr };
type FieldValue = { readonly name: Name; readonly value: Expr };

export abstract class ExpressionParser extends TypeParser {
  protected abstract readonly block: ParserMethod<[], Block>;
  private primaryAlternatives: IOrAlt<Expr>[] | undefined;

  protected readonly expression: ParserMethod<[], Expr> = this.RULE("expression", () => {
    if (this.RECORDING_PHASE) {
      this.AT_LEAST_ONE(() => {
        this.operand();
        this.OPTION(() => this.operator());
      });
      return this.missingExpr(0);
    }
    const first = this.operand();
    if (!this.startsOperator()) {
      return first;
    }
    const operands = [first];
    const operators: Operator[] = [];
    while (this.startsOperator()) {
      operators.push(this.operator());
      operands.push(this.operand());
    }
    return this.fold(operands, operators);
  });

  // --- operators -----------------------------------------------------------------------------------------------------

  private startsOperator(): boolean {
    return this.is(t.Greater) || tokenMatcher(this.LA(1), t.BinaryOperator);
  }

  /** `>>` and `>=` arrive as two tokens without a gap. */
  private operator(): Operator {
    const start = this.offset();
    let text = "";
    this.or(1, [
      { ALT: () => (text = this.consume(0, t.BinaryOperator).image) },
      {
        ALT: () => {
          text = this.consume(0, t.Greater).image;
          this.option(1, {
            GATE: () => this.isGlued(),
            DEF: () => {
              this.or(2, [
                { ALT: () => (text += this.consume(1, t.Greater).image) },
                { ALT: () => (text += this.consume(0, t.Equals).image) },
              ]);
            },
          });
        },
      },
    ]);
    return { op: binaryOperator(text), span: { start, end: this.previousEnd() } };
  }

  private fold(operands: readonly Expr[], operators: readonly Operator[]): Expr {
    return foldOperators(
      operands,
      operators,
      (left, { op, span: opSpan }, right) => {
        const span = { start: left.span.start, end: Math.max(opSpan.end, right.span.end) };
        return { kind: "binary", ...this.nodeAt(span, [[left, right]], opSpan), op, opSpan, left, right };
      },
      (first, second) => {
        const args = { expected: "`&&`, `||` or the end of the comparison", found: `\`${second.op}\`` };
        this.report("E0102", second.span, args, [{ span: first.span, text: "comparisons do not chain" }]);
      },
    );
  }

  /** Prefixes, a primary, what hangs on it, and in tests `as` and `value`. */
  private operand(): Expr {
    const prefixes = this.prefixes(0);
    let operand = this.chain(0);
    if (this.RECORDING_PHASE) {
      this.option(2, () => this.asSuffix(operand));
    } else if (this.inTest && (this.is(t.As) || this.is(t.ValueWord))) {
      operand = this.asSuffix(operand);
    }
    return this.applyPrefixes(prefixes, operand);
  }

  private prefixes(index: number): readonly IToken[] {
    const prefixes: IToken[] = [];
    if (this.RECORDING_PHASE) {
      this.many(index, () => this.consume(index, t.PrefixOperator));
    }
    while (tokenMatcher(this.LA(1), t.PrefixOperator)) {
      prefixes.push(this.consume(index, t.PrefixOperator));
    }
    return prefixes;
  }

  private applyPrefixes(prefixes: readonly IToken[], innermost: Expr): Expr {
    let operand = innermost;
    for (let at = prefixes.length - 1; at >= 0; at -= 1) {
      const token = prefixes[at];
      const span = { start: token.startOffset, end: Math.max(operand.span.end, token.startOffset + 1) };
      const op = unaryOps.get(token.image) ?? "-";
      operand = { kind: "unary", ...this.nodeAt(span, [[operand]], this.spanOf(token)), op, operand };
    }
    return operand;
  }

  private asSuffix(call: Expr): Expr {
    const token = this.LA(1);
    let account: Expr | undefined;
    let value: Expr | undefined;
    if (this.RECORDING_PHASE || this.is(t.As)) {
      this.consume(0, t.As);
      account = this.SUBRULE(this.account);
    }
    if (this.RECORDING_PHASE) {
      this.option(3, () => this.SUBRULE(this.attachedValue));
    } else if (this.is(t.ValueWord)) {
      value = this.SUBRULE(this.attachedValue);
    }
    return this.ACTION(() => {
      if (call.kind !== "call" && call.kind !== "deploy" && call.kind !== "missing") {
        const found = `\`${token.image}\` after something else`;
        this.report("E0102", this.spanOf(token), { expected: `a call before \`${token.image}\``, found });
      }
      return { kind: "as", ...this.node(call.span.start, [call, account, value]), call, account, value };
    });
  }

  private readonly account = this.RULE("account", (): Expr => this.chain(0));

  private readonly attachedValue = this.RULE("attachedValue", (): Expr => {
    this.CONSUME(t.ValueWord);
    const prefixes = this.prefixes(0);
    return this.applyPrefixes(prefixes, this.chain(0));
  });

  // --- chains --------------------------------------------------------------------------------------------------------

  /** A primary and all `.name`, `[index]`, `(args)` and `{ fields }` behind it. */
  private chain(index: number): Expr {
    const start = this.offset();
    let object = this.primary();
    if (this.RECORDING_PHASE) {
      this.many(index + 1, () => this.link(start, object));
    }
    while (this.startsLink(object)) {
      object = this.link(start, object);
    }
    return object;
  }

  private startsLink(object: Expr): boolean {
    const type = this.LA(1).tokenType;
    return type === t.Dot || type === t.LParen || type === t.LBracket || (type === t.LBrace && this.isStructLiteral(object));
  }

  /** `Name {` begins a literal only when `name :` follows; otherwise the brace is the one of an `if` or a `match`. */
  private isStructLiteral(object: Expr): boolean {
    const isPath = object.kind === "name" || (object.kind === "member" && object.object.kind === "name");
    return isPath && this.isName(2) && this.is(t.Colon, 3);
  }

  private link(start: number, object: Expr): Expr {
    return this.or<Expr>(3, [
      {
        ALT: () => {
          this.consume(0, t.Dot);
          const name = this.name(0);
          return { kind: "member", ...this.node(start, [object]), object, name };
        },
      },
      {
        ALT: () => {
          const opener = this.consume(8, t.LBracket);
          const index = this.subrule(8, this.expression);
          this.close(8, t.RBracket, opener);
          return { kind: "index", ...this.node(start, [object, index]), object, index };
        },
      },
      {
        ALT: () => {
          const args: Expr[] = [];
          this.list(9, t.LParen, t.RParen, () => args.push(this.subrule(9, this.expression)));
          return { kind: "call", ...this.node(start, [object], args), callee: object, args };
        },
      },
      { ALT: () => this.structLiteral(start, object, this.fieldValues()) },
    ]);
  }

  private fieldValues(): readonly FieldValue[] {
    const fields: FieldValue[] = [];
    this.list(10, t.LBrace, t.RBrace, () => {
      const name = this.subrule(10, this.label);
      fields.push({ name, value: this.subrule(10, this.expression) });
    });
    return fields;
  }

  private structLiteral(start: number, path: Expr, fields: readonly FieldValue[]): Expr {
    if (this.RECORDING_PHASE) {
      return path;
    }
    const qualified = path.kind === "member";
    const first = nameOf(qualified ? path.object : path);
    const node = this.node(start, [path], fields.map(({ value }) => value));
    return qualified
      ? { kind: "struct", ...node, qualifier: first, name: path.name, fields }
      : { kind: "struct", ...node, qualifier: undefined, name: first, fields };
  }

  // --- primaries -----------------------------------------------------------------------------------------------------

  protected missingExpr(start: number): Expr {
    return { kind: "missing", ...this.nodeAt({ start, end: start }, [], { start, end: start }) };
  }

  private primary(): Expr {
    if (!this.RECORDING_PHASE && !primaryStarts.has(this.LA(1).tokenType)) {
      // Nothing is consumed: what stands here usually closes or separates what is around.
      this.unexpected("an expression");
      return this.missingExpr(this.previousEnd());
    }
    this.primaryAlternatives ??= [
      { ALT: () => this.literal(this.consume(0, t.Int)) },
      { ALT: () => this.literal(this.consume(0, t.At)) },
      { ALT: () => this.literal(this.consume(0, t.StringToken)) },
      { ALT: () => this.word(this.consume(0, t.True)) },
      { ALT: () => this.word(this.consume(0, t.False)) },
      { ALT: () => this.word(this.consume(0, t.Self)) },
      { ALT: () => this.word(this.consume(0, t.None)) },
      { ALT: () => this.word(this.consume(0, t.Some)) },
      { ALT: () => this.parenExpr() },
      { ALT: () => this.listExpr() },
      { ALT: () => this.SUBRULE(this.ifExpr) },
      { ALT: () => this.matchExpr() },
      { GATE: () => this.isName(2), ALT: () => this.createExpr(), IGNORE_AMBIGUITIES: true },
      { GATE: () => this.inTest && this.isName(2), ALT: () => this.deployExpr(), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.word(this.consume(20, t.Identifier)) },
    ];
    return this.or<Expr>(4, this.primaryAlternatives);
  }

  /** Words that are whole expressions: names and `true`, `self`, `none` and so on. */
  private word(token: IToken): Expr {
    const node = this.node(token.startOffset);
    switch (token.tokenType) {
      case t.True:
      case t.False:
        return { kind: "bool", ...node, value: token.tokenType === t.True };
      case t.Self:
        return { kind: "self", ...node };
      case t.None:
        return { kind: "none", ...node };
      case t.Some:
        if (!this.is(t.LParen)) {
          this.unexpected("`(`");
        }
        return { kind: "name", ...node, name: "some" };
      default:
        return { kind: "name", ...node, name: token.image };
    }
  }

  private literal(token: IToken): Expr {
    const node = this.node(token.startOffset);
    if (token.tokenType === t.Int) {
      const { value, bad } = numberValue(token.image);
      this.reportBad("E0106", token, bad);
      return { kind: "int", ...node, value, text: token.image };
    }
    if (token.tokenType === t.At) {
      const literal = atLiteral(token.image);
      this.reportBad("E0110", token, literal.bad);
      return literal.kind === "address"
        ? { kind: "address", ...node, value: literal.value }
        : { kind: "account", ...node, name: literal.name };
    }
    return { kind: "string", ...node, value: this.stringOf(token) };
  }

  protected stringOf(token: IToken): string {
    const { value, bad } = stringValue(token.image);
    for (const one of bad) {
      this.reportBad("E0110", token, one);
    }
    return value;
  }

  private readonly wordExpr = this.RULE("wordExpr", (): Expr => {
    const start = this.offset();
    return this.OR<Expr>([
      { ALT: () => (this.CONSUME(t.True), { kind: "bool", ...this.node(start, []), value: true }) },
      { ALT: () => (this.CONSUME(t.False), { kind: "bool", ...this.node(start, []), value: false }) },
      { ALT: () => (this.CONSUME(t.Self), { kind: "self", ...this.node(start, []) }) },
      { ALT: () => (this.CONSUME(t.None), { kind: "none", ...this.node(start, []) }) },
      {
        ALT: () => {
          this.CONSUME(t.Some);
          const name: Expr = { kind: "name", ...this.node(start, []), name: "some" };
          this.ACTION(() => (this.is(t.LParen) ? undefined : this.unexpected("`(`")));
          return name;
        },
      },
    ]);
  });

  private parenExpr(): Expr {
    const start = this.offset();
    const elements: Expr[] = [];
    const commas = this.list(11, t.LParen, t.RParen, () => elements.push(this.subrule(11, this.expression)));
    if (elements.length === 0 || (elements.length === 1 && commas > 0)) {
      this.emptyParens();
      return elements.length === 0 ? this.missingExpr(start) : elements[0];
    }
    const node = this.node(start, elements);
    return elements.length === 1 ? { kind: "paren", ...node, inner: elements[0] } : { kind: "tuple", ...node, elements };
  }

  /** `()` and `(a,)`: there is no tuple of none or one. */
  private emptyParens(): void {
    const end = this.previousEnd();
    if (!this.RECORDING_PHASE && this.LA(0).tokenType === t.RParen) {
      this.report("E0102", { start: end - 1, end }, { expected: "an expression", found: "`)`" });
    }
  }

  private listExpr(): Expr {
    const start = this.offset();
    const elements: Expr[] = [];
    this.list(12, t.LBracket, t.RBracket, () => elements.push(this.subrule(12, this.expression)));
    return { kind: "list", ...this.node(start, elements), elements };
  }

  private createExpr(): Expr {
    const start = this.offset();
    this.consume(0, t.Create);
    const contract = this.name(1);
    const args = this.subrule(0, this.args);
    return { kind: "create", ...this.node(start, args), contract, args };
  }

  private deployExpr(): Expr {
    const start = this.offset();
    this.consume(0, t.Deploy);
    const contract = this.name(2);
    const args = this.subrule(1, this.args);
    return { kind: "deploy", ...this.node(start, args), contract, args };
  }

  // --- if and match --------------------------------------------------------------------------------------------------

  /** `if c { a } else if d { b } else { e }`: a loop, since a chain may be long. */
  private readonly ifExpr = this.RULE("ifExpr", (): Expr => {
    const branches: Branch[] = [];
    let start = this.offset();
    this.CONSUME(t.If);
    const cond = this.SUBRULE(this.expression);
    branches.push({ start, cond, then: this.bracedExpr(0) });
    const elseIf = (): void => {
      this.CONSUME(t.Else);
      start = this.offset();
      this.CONSUME1(t.If);
      const next = this.SUBRULE2(this.expression);
      branches.push({ start, cond: next, then: this.bracedExpr(3) });
    };
    this.loop(0, () => this.is(t.Else) && this.is(t.If, 2), elseIf);
    let otherwise: Expr | undefined;
    if (this.RECORDING_PHASE || this.is(t.Else)) {
      this.CONSUME1(t.Else);
      otherwise = this.bracedExpr(5);
    }
    return this.ACTION(() => {
      if (otherwise === undefined) {
        this.unexpected("`else`");
      }
      return this.nestBranches(branches, otherwise ?? this.missingExpr(this.previousEnd()));
    });
  });

  private nestBranches(branches: readonly Branch[], last: Expr): Expr {
    let result = last;
    for (let at = branches.length - 1; at >= 0; at -= 1) {
      const { start, cond, then } = branches[at];
      const node = this.node(start, [cond, then, result]);
      const whole: IfExpr = { kind: "ifExpr", ...node, cond, then, otherwise: result };
      result = whole;
    }
    return result;
  }

  private bracedExpr(index: number): Expr {
    const opener = this.openBrace(index);
    const inner = this.attempt(
      () => {
        const value = this.subrule(index + 1, this.expression);
        this.ACTION(() => this.endOfBraced());
        return value;
      },
      () => this.skipToBrace(),
    );
    this.close(index, t.RBrace, opener);
    return inner ?? this.missingExpr(this.previousEnd());
  }

  private matchExpr(): Expr {
    const start = this.offset();
    this.consume(0, t.Match);
    const subject = this.subrule(13, this.expression);
    const arms = this.subrule(0, this.matchArms);
    return { kind: "matchExpr", ...this.node(start, [subject], arms), subject, arms };
  }

  protected readonly matchArms = this.RULE("matchArms", (): readonly MatchArm[] => {
    const arms: MatchArm[] = [];
    const arm = (): void => {
      const start = this.offset();
      const pattern = this.SUBRULE(this.matchPattern);
      this.need(0, t.FatArrow);
      const body = this.armBody();
      arms.push({ kind: "arm", ...this.node(start, [body]), pattern, body });
    };
    this.list(0, t.LBrace, t.RBrace, arm, "notAfterBrace");
    return arms;
  });

  private armBody(): Expr | Block {
    if (this.RECORDING_PHASE) {
      return this.OR<Expr | Block>([
        { ALT: () => this.SUBRULE(this.block) },
        { ALT: () => this.SUBRULE(this.expression) },
      ]);
    }
    return this.is(t.LBrace) ? this.SUBRULE(this.block) : this.SUBRULE(this.expression);
  }
}

function nameOf(expr: Expr): Name {
  return expr.kind === "name" ? { text: expr.name, ...expr.span } : { text: "", ...expr.span };
}
