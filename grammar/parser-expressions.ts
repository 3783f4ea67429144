/** The grammar of expressions. Part of the parser (see parser.ts). */
import { tokenMatcher } from "chevrotain";
import type { IToken, ParserMethod } from "chevrotain";

import type { BinaryOp, Block, Expr, IfExpr, MatchArm, Name, NameExpr, UnaryOp } from "./ast.ts";
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

  // --- operators -----------------------------------------------------------------------------------------------------

  protected readonly expression: ParserMethod<[], Expr> = this.RULE("expression", () => {
    const first = this.SUBRULE(this.unary);
    let operands: Expr[] | undefined;
    const operators: Operator[] = [];
    this.MANY(() => {
      operators.push(this.SUBRULE(this.operator));
      operands ??= [first];
      operands.push(this.SUBRULE1(this.unary));
    });
    return operands === undefined ? first : this.ACTION(() => this.fold(operands ?? [first], operators));
  });

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

  /** `>>` and `>=` arrive as two tokens without a gap. */
  private readonly operator = this.RULE("operator", (): Operator => {
    const start = this.offset();
    const op = this.OR<BinaryOp>([
      { ALT: () => binaryOperator(this.CONSUME(t.BinaryOperator).image) },
      {
        ALT: () => {
          let text = this.CONSUME(t.Greater).image;
          this.OPTION({
            GATE: () => this.isGlued(),
            DEF: () => {
              text += this.OR1([
                { ALT: () => this.CONSUME1(t.Greater).image },
                { ALT: () => this.CONSUME(t.Equals).image },
              ]);
            },
          });
          return binaryOperator(text);
        },
      },
    ]);
    return { op, span: { start, end: this.previousEnd() } };
  });

  private readonly unary: ParserMethod<[], Expr> = this.RULE("unary", () => {
    const prefixes = this.SUBRULE(this.prefixes);
    let operand = this.SUBRULE(this.chain);
    this.OPTION({
      GATE: () => this.inTest,
      DEF: () => {
        const call = operand;
        operand = this.SUBRULE(this.asSuffix, { ARGS: [call] });
      },
    });
    return this.ACTION(() => this.applyPrefixes(prefixes, operand));
  });

  /** Without `as` and `value`: what stands behind `value`. */
  private readonly plainUnary: ParserMethod<[], Expr> = this.RULE("plainUnary", () => {
    const prefixes = this.SUBRULE(this.prefixes);
    const operand = this.SUBRULE(this.chain);
    return this.ACTION(() => this.applyPrefixes(prefixes, operand));
  });

  private readonly prefixes = this.RULE("prefixes", (): readonly IToken[] => {
    const prefixes: IToken[] = [];
    this.MANY(() => {
      prefixes.push(this.CONSUME(t.PrefixOperator));
    });
    return prefixes;
  });

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

  private readonly asSuffix = this.RULE("asSuffix", (call?: Expr): Expr => {
    const token = this.LA(1);
    let account: Expr | undefined;
    let value: Expr | undefined;
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.As);
          account = this.SUBRULE(this.chain);
          this.OPTION(() => {
            this.CONSUME(t.ValueWord);
            value = this.SUBRULE(this.plainUnary);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME1(t.ValueWord);
          value = this.SUBRULE1(this.plainUnary);
        },
      },
    ]);
    return this.ACTION(() => {
      const target = call ?? this.missingExpr(token.startOffset);
      if (target.kind !== "call" && target.kind !== "deploy" && target.kind !== "missing") {
        const found = `\`${token.image}\` after something else`;
        this.report("E0102", this.spanOf(token), { expected: `a call before \`${token.image}\``, found });
      }
      const children = [target, account, value];
      return { kind: "as", ...this.node(target.span.start, children), call: target, account, value };
    });
  });

  // --- chains --------------------------------------------------------------------------------------------------------

  /** A primary and all `.name`, `[index]`, `(args)` and `{ fields }` behind it. */
  private readonly chain: ParserMethod<[], Expr> = this.RULE("chain", () => {
    const start = this.offset();
    let object = this.SUBRULE(this.primary);
    this.MANY({
      GATE: () => !this.is(t.LBrace) || this.isStructLiteral(object),
      DEF: () => {
        const inner = object;
        object = this.OR<Expr>([
          {
            ALT: () => {
              this.CONSUME(t.Dot);
              const name = this.name(0);
              return { kind: "member", ...this.node(start, [inner]), object: inner, name };
            },
          },
          {
            ALT: () => {
              const opener = this.CONSUME(t.LBracket);
              const index = this.SUBRULE(this.expression);
              this.close(0, t.RBracket, opener);
              return { kind: "index", ...this.node(start, [inner, index]), object: inner, index };
            },
          },
          {
            ALT: () => {
              const args = this.SUBRULE(this.args);
              return { kind: "call", ...this.node(start, [inner], args), callee: inner, args };
            },
          },
          {
            ALT: () => {
              const fields = this.SUBRULE(this.fieldValues);
              return this.ACTION(() => this.structLiteral(start, inner, fields));
            },
          },
        ]);
      },
    });
    return object;
  });

  /** `Name {` begins a literal only when `name :` follows; otherwise the brace is the one of an `if` or a `match`. */
  private isStructLiteral(object: Expr): boolean {
    const isPath = object.kind === "name" || (object.kind === "member" && object.object.kind === "name");
    return isPath && this.isName(2) && this.is(t.Colon, 3);
  }

  private readonly fieldValues = this.RULE("fieldValues", (): readonly FieldValue[] => {
    const fields: FieldValue[] = [];
    this.list(0, t.LBrace, t.RBrace, () => {
      const name = this.SUBRULE(this.label);
      fields.push({ name, value: this.SUBRULE(this.expression) });
    });
    return fields;
  });

  private structLiteral(start: number, path: Expr, fields: readonly FieldValue[]): Expr {
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

  private readonly primary: ParserMethod<[], Expr> = this.RULE("primary", () => {
    if (!this.RECORDING_PHASE && !primaryStarts.has(this.LA(1).tokenType)) {
      // Nothing is consumed: what stands here usually closes or separates what is around.
      this.unexpected("an expression");
      return this.missingExpr(this.previousEnd());
    }
    return this.OR<Expr>([
      { ALT: () => this.SUBRULE(this.literal) },
      { ALT: () => this.SUBRULE(this.wordExpr) },
      { ALT: () => this.SUBRULE(this.parenExpr) },
      { ALT: () => this.SUBRULE(this.listExpr) },
      { ALT: () => this.SUBRULE(this.ifExpr) },
      { ALT: () => this.SUBRULE(this.matchExpr) },
      { GATE: () => this.isName(2), ALT: () => this.SUBRULE(this.createExpr) },
      { GATE: () => this.inTest && this.isName(2), ALT: () => this.SUBRULE(this.deployExpr) },
      { ALT: () => this.SUBRULE(this.nameExpr) },
    ]);
  });

  private readonly nameExpr = this.RULE("nameExpr", (): NameExpr => {
    const start = this.offset();
    const name = this.CONSUME(t.Identifier).image;
    return { kind: "name", ...this.node(start, []), name };
  });

  private readonly literal = this.RULE("literal", (): Expr => {
    const start = this.offset();
    const token = this.OR([
      { ALT: () => this.CONSUME(t.Int) },
      { ALT: () => this.CONSUME(t.At) },
      { ALT: () => this.CONSUME(t.StringToken) },
    ]);
    return this.ACTION(() => this.literalOf(start, token));
  });

  private literalOf(start: number, token: IToken): Expr {
    const node = this.node(start, []);
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

  private readonly parenExpr = this.RULE("parenExpr", (): Expr => {
    const start = this.offset();
    const elements: Expr[] = [];
    const commas = this.list(0, t.LParen, t.RParen, () => elements.push(this.SUBRULE(this.expression)));
    return this.ACTION(() => {
      if (elements.length === 0 || (elements.length === 1 && commas > 0)) {
        const end = this.previousEnd();
        this.report("E0102", { start: end - 1, end }, { expected: "an expression", found: "`)`" });
        return elements.length === 0 ? this.missingExpr(start) : elements[0];
      }
      const node = this.node(start, elements);
      return elements.length === 1 ? { kind: "paren", ...node, inner: elements[0] } : { kind: "tuple", ...node, elements };
    });
  });

  private readonly listExpr = this.RULE("listExpr", (): Expr => {
    const start = this.offset();
    const elements: Expr[] = [];
    this.list(0, t.LBracket, t.RBracket, () => elements.push(this.SUBRULE(this.expression)));
    return { kind: "list", ...this.node(start, elements), elements };
  });

  private readonly createExpr = this.RULE("createExpr", (): Expr => {
    const start = this.offset();
    this.CONSUME(t.Create);
    const contract = this.name(0);
    const args = this.SUBRULE(this.args);
    return { kind: "create", ...this.node(start, args), contract, args };
  });

  private readonly deployExpr = this.RULE("deployExpr", (): Expr => {
    const start = this.offset();
    this.CONSUME(t.Deploy);
    const contract = this.name(0);
    const args = this.SUBRULE(this.args);
    return { kind: "deploy", ...this.node(start, args), contract, args };
  });

  // --- if and match --------------------------------------------------------------------------------------------------

  /** `if c { a } else if d { b } else { e }`: a loop, since a chain may be long. */
  private readonly ifExpr = this.RULE("ifExpr", (): Expr => {
    const branches: Branch[] = [];
    let start = this.offset();
    this.CONSUME(t.If);
    const cond = this.SUBRULE(this.expression);
    branches.push({ start, cond, then: this.SUBRULE(this.bracedExpr) });
    this.MANY(() => {
      this.CONSUME(t.Else);
      start = this.offset();
      this.CONSUME1(t.If);
      const next = this.SUBRULE1(this.expression);
      branches.push({ start, cond: next, then: this.SUBRULE1(this.bracedExpr) });
    });
    let otherwise: Expr | undefined;
    this.OPTION(() => {
      this.CONSUME1(t.Else);
      otherwise = this.SUBRULE2(this.bracedExpr);
    });
    return this.ACTION(() => {
      if (otherwise === undefined) {
        this.unexpected("`else`");
      }
      let result = otherwise ?? this.missingExpr(this.previousEnd());
      for (const branch of branches.reverse()) {
        const children = [branch.cond, branch.then, result];
        const { cond: test, then } = branch;
        const whole: IfExpr = { kind: "ifExpr", ...this.node(branch.start, children), cond: test, then, otherwise: result };
        result = whole;
      }
      return result;
    });
  });

  private readonly bracedExpr = this.RULE("bracedExpr", (): Expr => {
    const opener = this.openBrace(0);
    const inner = this.attempt(
      () => {
        const value = this.SUBRULE(this.expression);
        this.ACTION(() => this.endOfBraced());
        return value;
      },
      () => this.skipToBrace(),
    );
    this.close(0, t.RBrace, opener);
    return inner ?? this.missingExpr(this.previousEnd());
  });

  protected readonly matchArms = this.RULE("matchArms", (): readonly MatchArm[] => {
    const arms: MatchArm[] = [];
    this.list(0, t.LBrace, t.RBrace, () => arms.push(this.SUBRULE(this.matchArm)));
    return arms;
  });

  private readonly matchArm = this.RULE("matchArm", (): MatchArm => {
    const start = this.offset();
    const pattern = this.SUBRULE(this.matchPattern);
    this.need(0, t.FatArrow);
    const body = this.SUBRULE(this.armBody);
    return { kind: "arm", ...this.node(start, [body]), pattern, body };
  });

  private readonly armBody: ParserMethod<[], Expr | Block> = this.RULE("armBody", () => {
    if (!this.RECORDING_PHASE && !this.is(t.LBrace)) {
      return this.SUBRULE(this.expression);
    }
    return this.OR<Expr | Block>([
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });

  private readonly matchExpr = this.RULE("matchExpr", (): Expr => {
    const start = this.offset();
    this.CONSUME(t.Match);
    const subject = this.SUBRULE(this.expression);
    const arms = this.SUBRULE(this.matchArms);
    return { kind: "matchExpr", ...this.node(start, [subject], arms), subject, arms };
  });

  protected isAssignment(ahead: number): boolean {
    return tokenMatcher(this.LA(ahead), t.AssignOperator);
  }
}

function nameOf(expr: Expr): Name {
  return expr.kind === "name" ? { text: expr.name, ...expr.span } : { text: "", ...expr.span };
}
