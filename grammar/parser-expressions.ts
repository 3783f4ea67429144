/**
 * The grammar of expressions. Part of the parser (see parser.ts).
 *
 * Nearly all of it is one rule, whose parts are methods: a rule of Chevrotain takes four frames of the stack and `MANY`
 * five, so that with a rule per construct 256 nested brackets would overflow it. The numbers that are handed around
 * tell apart the places in that rule where the same token or subrule occurs.
 */
import { tokenMatcher } from "chevrotain";
import type { IToken, ParserMethod } from "chevrotain";

import type { Expr, Name, UnaryOp } from "./ast.ts";
import { binaryOperator, foldOperators } from "./build-operators.ts";
import type { Operator } from "./build-operators.ts";
import { PrimaryParser } from "./parser-primaries.ts";
import * as t from "./tokens.ts";

const unaryOps: ReadonlyMap<string, UnaryOp> = new Map([
  ["-", "-"],
  ["!", "!"],
  ["~", "~"],
]);

type FieldValue = { readonly name: Name; readonly value: Expr };

export abstract class ExpressionParser extends PrimaryParser {
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
        this.report("E0102", call.span, { expected: `a call before \`${token.image}\``, found: "another expression" });
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
    const node = this.node(
      start,
      [path],
      fields.map(({ value }) => value),
    );
    return qualified
      ? { kind: "struct", ...node, qualifier: first, name: path.name, fields }
      : { kind: "struct", ...node, qualifier: undefined, name: first, fields };
  }
}

function nameOf(expr: Expr): Name {
  return expr.kind === "name" ? { text: expr.name, ...expr.span } : { text: "", ...expr.span };
}
