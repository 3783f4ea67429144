/** The grammar of primary expressions: literals, names, brackets, `if` and `match`. Part of the parser (see parser.ts). */
import { tokenMatcher } from "chevrotain";
import type { IOrAlt, IToken, ParserMethod } from "chevrotain";

import type { Block, Expr, IfExpr, MatchArm } from "./ast.ts";
import { atLiteral, numberValue, stringValue } from "./build-literals.ts";
import { TypeParser } from "./parser-types.ts";
import * as t from "./tokens.ts";

const primaryStarts = new Set([
  ...[...t.nameTokens, t.Int, t.At, t.StringToken, t.True, t.False, t.None, t.Some, t.Self, t.If, t.Match],
  ...[t.LParen, t.LBracket],
]);

type Branch = { readonly start: number; readonly cond: Expr; readonly then: Expr };

export abstract class PrimaryParser extends TypeParser {
  protected abstract readonly block: ParserMethod<[], Block>;
  private primaryAlternatives: IOrAlt<Expr>[] | undefined;

  // --- primaries -----------------------------------------------------------------------------------------------------

  protected missingExpr(start: number): Expr {
    return { kind: "missing", ...this.nodeAt({ start, end: start }, [], { start, end: start }) };
  }

  protected primary(): Expr {
    if (!this.RECORDING_PHASE && !primaryStarts.has(this.LA(1).tokenType)) {
      // Nothing is consumed: what stands here usually closes or separates what is around.
      this.unexpected("an expression");
      if (this.LA(1).image === this.LA(0).image && tokenMatcher(this.LA(1), t.BinaryOperator)) {
        // `i++`, `a ** b`: one mistake.
        this.SKIP_TOKEN();
        this.lastComplaint = this.offset();
      }
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
      { GATE: () => this.isConstruction(), ALT: () => this.createExpr(), IGNORE_AMBIGUITIES: true },
      { GATE: () => this.inTest && this.isConstruction(), ALT: () => this.deployExpr(), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.word(this.consume(20, t.Identifier)) },
    ];
    return this.or<Expr>(4, this.primaryAlternatives);
  }

  /** `create Name(` and `deploy Name(`: two words in a row, where a name would be followed by something else. */
  private isConstruction(): boolean {
    return this.isName(2) && this.is(t.LParen, 3);
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
      return this.OR<Expr | Block>([{ ALT: () => this.SUBRULE(this.block) }, { ALT: () => this.SUBRULE(this.expression) }]);
    }
    return this.is(t.LBrace) ? this.SUBRULE(this.block) : this.SUBRULE(this.expression);
  }
}
