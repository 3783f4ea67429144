/** The grammar of types, patterns, parameters and the arguments of calls. Part of the parser (see parser.ts). */
import type { ParserMethod } from "chevrotain";

import type { Expr, FieldDecl, Name, ParamDecl, Pattern, MatchPattern, SizeExpr, TypeExpr } from "./ast.ts";
import { numberValue } from "./build-literals.ts";
import { RecoveringParser } from "./parser-recovery.ts";
import * as t from "./tokens.ts";

type TupleElement = { readonly name: Name | undefined; readonly type: TypeExpr };
type VariantPattern = Extract<MatchPattern, { kind: "variant" }>;

export abstract class TypeParser extends RecoveringParser {
  protected abstract readonly expression: ParserMethod<[], Expr>;

  // --- types ---------------------------------------------------------------------------------------------------------

  protected readonly typeExpr: ParserMethod<[], TypeExpr> = this.RULE("typeExpr", () => {
    const start = this.offset();
    let type = this.nestType(() => this.SUBRULE(this.baseType));
    this.MANY(() => {
      this.CONSUME(t.Question);
      this.checkTypeDepth(type);
      type = { kind: "optionType", ...this.node(start, [type]), inner: type };
    });
    return type;
  });

  private readonly baseType: ParserMethod<[], TypeExpr> = this.RULE("baseType", (): TypeExpr => {
    if (!this.RECORDING_PHASE && !this.isName() && !this.is(t.LParen)) {
      this.unexpected("a type");
      const start = this.previousEnd();
      return { kind: "namedType", ...this.node(start, []), name: { text: "", start, end: start }, args: [] };
    }
    return this.OR<TypeExpr>([{ ALT: () => this.SUBRULE(this.tupleType) }, { ALT: () => this.SUBRULE(this.namedType) }]);
  });

  private readonly namedType = this.RULE("namedType", (): TypeExpr => {
    const start = this.offset();
    const name = this.name(0);
    const args: (TypeExpr | SizeExpr)[] = [];
    this.OPTION(() => {
      this.list(1, t.Less, t.Greater, () => {
        args.push(this.OR<TypeExpr | SizeExpr>([{ ALT: () => this.SUBRULE(this.size) }, { ALT: () => this.SUBRULE(this.typeExpr) }]));
      });
    });
    return { kind: "namedType", ...this.node(start, args), name, args };
  });

  private readonly size = this.RULE("size", (): SizeExpr => {
    const start = this.offset();
    const token = this.CONSUME(t.Int);
    const { value, bad } = numberValue(token.image);
    this.ACTION(() => this.reportBad("E0106", token, bad));
    return { kind: "size", ...this.node(start, []), value };
  });

  private readonly tupleType = this.RULE("tupleType", (): TypeExpr => {
    const start = this.offset();
    const elements: TupleElement[] = [];
    this.list(0, t.LParen, t.RParen, () => {
      const name = this.OPTION1({
        GATE: () => this.is(t.Colon, 2),
        DEF: () => this.SUBRULE(this.label),
      });
      elements.push({ name, type: this.SUBRULE(this.typeExpr) });
    });
    return this.ACTION(() => {
      if (elements.length === 0) {
        this.report("E0102", { start, end: this.previousEnd() }, { expected: "a type", found: "`()`" });
      }
      // Brackets around one type only group, as in `(u64)?`.
      return elements.length === 1 && elements[0].name === undefined
        ? elements[0].type
        : {
            kind: "tupleType",
            ...this.node(
              start,
              elements.map(({ type }) => type),
            ),
            elements,
          };
    });
  });

  /** `name:` */
  protected readonly label = this.RULE("label", (): Name => {
    const name = this.name(0);
    this.need(0, t.Colon);
    return name;
  });

  // --- parameters and arguments --------------------------------------------------------------------------------------

  protected readonly params = this.RULE("params", (): readonly ParamDecl[] => {
    const params: ParamDecl[] = [];
    this.list(0, t.LParen, t.RParen, () => params.push(this.SUBRULE(this.param)));
    return params;
  });

  private readonly param = this.RULE("param", (): ParamDecl => {
    const start = this.offset();
    const name = this.SUBRULE(this.label);
    const type = this.SUBRULE(this.typeExpr);
    return { kind: "param", ...this.node(start, [type]), indexed: false, name, type };
  });

  protected readonly eventParams = this.RULE("eventParams", (): readonly ParamDecl[] => {
    const params: ParamDecl[] = [];
    this.list(0, t.LParen, t.RParen, () => params.push(this.SUBRULE(this.eventParam)));
    return params;
  });

  private readonly eventParam = this.RULE("eventParam", (): ParamDecl => {
    const start = this.offset();
    let indexed = false;
    this.OPTION({
      GATE: () => this.isName(2),
      DEF: () => {
        this.CONSUME(t.Indexed);
        indexed = true;
      },
    });
    const name = this.SUBRULE(this.label);
    const type = this.SUBRULE(this.typeExpr);
    return { kind: "param", ...this.node(start, [type]), indexed, name, type };
  });

  protected readonly args = this.RULE("args", (): readonly Expr[] => {
    const args: Expr[] = [];
    this.list(0, t.LParen, t.RParen, () => args.push(this.SUBRULE(this.expression)));
    return args;
  });

  /** `name: type`, in structs and in variants with names. */
  protected readonly field = this.RULE("field", (): FieldDecl => {
    const start = this.offset();
    const doc = this.docHere();
    const name = this.SUBRULE(this.label);
    const type = this.SUBRULE(this.typeExpr);
    return { kind: "field", ...this.node(start, [type]), doc, name, type };
  });

  // --- patterns ------------------------------------------------------------------------------------------------------

  protected readonly pattern: ParserMethod<[], Pattern> = this.RULE("pattern", (): Pattern => {
    if (!this.RECORDING_PHASE && (this.is(t.Some) || this.is(t.None) || (this.isName() && this.is(t.Dot, 2)))) {
      const start = this.offset();
      this.unexpected("a name or `_`");
      this.skipToComma(t.RParen);
      return { kind: "ignore", span: { start, end: this.previousEnd() } };
    }
    if (!this.RECORDING_PHASE && !this.is(t.Underscore) && !this.is(t.LParen) && !this.isName()) {
      return { kind: "bind", name: this.name(9) };
    }
    return this.OR<Pattern>([
      { ALT: () => ({ kind: "ignore", span: this.spanOf(this.CONSUME(t.Underscore)) }) },
      { ALT: () => this.SUBRULE(this.tuplePattern) },
      { ALT: () => ({ kind: "bind", name: this.name(0) }) },
    ]);
  });

  private readonly tuplePattern = this.RULE("tuplePattern", (): Pattern => {
    const start = this.offset();
    const elements: Pattern[] = [];
    this.list(0, t.LParen, t.RParen, () => elements.push(this.SUBRULE(this.pattern)));
    return { kind: "tuple", span: { start, end: this.previousEnd() }, elements };
  });

  protected readonly matchPattern: ParserMethod<[], MatchPattern> = this.RULE("matchPattern", () => {
    return this.OR<MatchPattern>({
      ERR_MSG: "a pattern",
      DEF: [
        { ALT: () => ({ kind: "wildcard", span: this.spanOf(this.CONSUME(t.Underscore)) }) },
        { ALT: () => ({ kind: "none", span: this.spanOf(this.CONSUME(t.None)) }) },
        { ALT: () => this.SUBRULE(this.somePattern) },
        { ALT: () => this.SUBRULE(this.variantPattern) },
      ],
    });
  });

  private readonly somePattern = this.RULE("somePattern", (): MatchPattern => {
    const start = this.offset();
    this.CONSUME(t.Some);
    const opener = this.CONSUME(t.LParen);
    const inner = this.SUBRULE(this.pattern);
    this.close(0, t.RParen, opener);
    return { kind: "some", span: { start, end: this.previousEnd() }, inner };
  });

  private readonly variantPattern = this.RULE("variantPattern", (): MatchPattern => {
    const start = this.offset();
    const enumName = this.name(0);
    this.need(0, t.Dot);
    const variant = this.name(1);
    let payload: VariantPattern["payload"] = { kind: "none" };
    // In `if let Shape.Dot = e {` no brace follows the pattern, so a brace here always holds names.
    this.OPTION(() => {
      payload = this.OR<VariantPattern["payload"]>([
        { ALT: () => this.SUBRULE(this.tuplePayload) },
        { ALT: () => this.SUBRULE(this.recordPayload) },
      ]);
    });
    return { kind: "variant", span: { start, end: this.previousEnd() }, enumName, variant, payload };
  });

  private readonly tuplePayload = this.RULE("tuplePayload", (): VariantPattern["payload"] => {
    const elements: Pattern[] = [];
    this.list(0, t.LParen, t.RParen, () => elements.push(this.SUBRULE(this.pattern)));
    return { kind: "tuple", elements };
  });

  private readonly recordPayload = this.RULE("recordPayload", (): VariantPattern["payload"] => {
    const names: Name[] = [];
    this.list(0, t.LBrace, t.RBrace, () => names.push(this.name(0)));
    return { kind: "record", names };
  });
}
