/** The grammar of statements, those of tests included. Part of the parser (see parser.ts). */
import { tokenMatcher } from "chevrotain";
import type { IOrAlt, ParserMethod, TokenType } from "chevrotain";

import type { AssignOp, Block, ErrorUse, EventUse, ExpectStmt, Expr, ForStmt, IfLetStmt, IfStmt, MatchPattern, Name, Stmt } from "./ast.ts";
import { ExpressionParser } from "./parser-expressions.ts";
import { Abandoned } from "./parser-base.ts";
import * as t from "./tokens.ts";

const assignOps: ReadonlyMap<string, AssignOp> = new Map(
  (["=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "min=", "max="] as const).map((op) => [op, op]),
);

const statementStarts: ReadonlySet<TokenType> = new Set([
  ...[...t.nameTokens, t.Int, t.At, t.StringToken, t.True, t.False, t.None, t.Some, t.Self, t.LParen, t.LBracket],
  ...[t.Let, t.Var, t.If, t.Match, t.Return, t.For, t.Require, t.Revert, t.Emit, t.Delete, ...t.prefixTokens],
]);

interface Condition {
  readonly start: number;
  readonly pattern: MatchPattern | undefined;
  readonly value: Expr;
  readonly then: Block;
}

/** What is expected of a call: an error (any, where there is none), or events. */
type Expected = Pick<ExpectStmt, "error" | "events">;

export abstract class StatementParser extends ExpressionParser {
  private statementAlternatives: IOrAlt<Stmt>[] | undefined;

  protected readonly block: ParserMethod<[], Block> = this.RULE("block", (): Block => {
    const start = this.offset();
    const statements: Stmt[] = [];
    const opener = this.openBrace(0);
    const from = Math.max(start, this.spanOf(opener).start);
    const one = (): void => {
      const statement = this.attempt(
        () => this.OR(this.alternatives()),
        (begin) => this.skip(begin, this.startsStatement),
      );
      if (statement !== undefined) {
        statements.push(statement);
      }
    };
    do {
      this.loop(0, () => statementStarts.has(this.LA(1).tokenType), one);
    } while (this.resumeBody("a statement", this.startsMember, this.startsStatement));
    this.closeBody(0, opener);
    return { kind: "block", ...this.node(from, statements), statements };
  });

  /** Cached, since a new array per statement would cost more than the choice itself. */
  private alternatives(): IOrAlt<Stmt>[] {
    this.statementAlternatives ??= [
      { ALT: () => this.SUBRULE(this.letStmt) },
      // At the beginning of a statement `if` and `match` are statements, not expressions.
      { ALT: () => this.SUBRULE(this.ifStmt), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.matchStmt), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.returnStmt) },
      { ALT: () => this.SUBRULE(this.forStmt) },
      { ALT: () => this.SUBRULE(this.requireStmt) },
      { ALT: () => this.SUBRULE(this.revertStmt) },
      { ALT: () => this.SUBRULE(this.emitStmt) },
      { ALT: () => this.SUBRULE(this.deleteStmt) },
      { GATE: () => this.isTestWord() || this.isAssertOfInvariant(), ALT: () => this.SUBRULE(this.assertStmt), IGNORE_AMBIGUITIES: true },
      { GATE: () => this.isTestWord(), ALT: () => this.SUBRULE(this.expectStmt), IGNORE_AMBIGUITIES: true },
      { GATE: () => this.isTestWord() && this.isName(2), ALT: () => this.SUBRULE(this.advanceStmt), IGNORE_AMBIGUITIES: true },
      { GATE: () => this.inTest && this.is(t.LBrace, 2), ALT: () => this.SUBRULE(this.blockStmt), IGNORE_AMBIGUITIES: true },
      { GATE: () => this.inTest && this.is(t.BlockWord, 2), ALT: () => this.SUBRULE(this.parallelStmt), IGNORE_AMBIGUITIES: true },
      { GATE: () => this.isTestWord() && this.isName(2), ALT: () => this.SUBRULE(this.fuzzStmt), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.simpleStmt) },
    ];
    return this.statementAlternatives;
  }

  /** `assert`, `expect`, `advance` and `fuzz` are words of a test unless something is done to a variable of that name. */
  private isTestWord(): boolean {
    return this.inTest && !this.isVariable();
  }

  private isAssertOfInvariant(): boolean {
    return this.inInvariant && !this.isVariable();
  }

  private isVariable(): boolean {
    return this.is(t.Dot, 2) || tokenMatcher(this.LA(2), t.AssignOperator) || this.isExtremum(2);
  }

  /** `min=` and `max=` are a name and `=` without a gap. */
  private isExtremum(ahead: number): boolean {
    return (this.is(t.Min, ahead) || this.is(t.Max, ahead)) && this.is(t.Equals, ahead + 1) && this.isGlued(ahead + 1);
  }

  // --- plain statements ----------------------------------------------------------------------------------------------

  private readonly letStmt = this.RULE("letStmt", (): Stmt => {
    const start = this.offset();
    const mutable = this.OR([{ ALT: () => (this.CONSUME(t.Let), false) }, { ALT: () => (this.CONSUME(t.Var), true) }]);
    const pattern = this.SUBRULE(this.pattern);
    const type = this.OPTION(() => {
      this.CONSUME(t.Colon);
      return this.SUBRULE(this.typeExpr);
    });
    this.need(0, t.Equals);
    const value = this.SUBRULE(this.expression);
    this.semi(0);
    return { kind: "let", ...this.node(start, [type, value]), mutable, pattern, type, value };
  });

  /** An assignment or an expression, usually a call. */
  private readonly simpleStmt = this.RULE("simpleStmt", (): Stmt => {
    const start = this.offset();
    const target = this.SUBRULE(this.expression);
    const assignment = this.OPTION({
      GATE: () => tokenMatcher(this.LA(1), t.AssignOperator) || this.isExtremum(1),
      DEF: () => {
        const op = this.SUBRULE(this.assignOp);
        const value = this.SUBRULE1(this.expression);
        const orElse = this.OPTION1(() => this.SUBRULE(this.orElse));
        return { op, value, orElse };
      },
    });
    this.semi(0);
    return this.ACTION(() => {
      if (assignment === undefined) {
        return { kind: "expr", ...this.node(start, [target]), expr: target };
      }
      const { op, value, orElse } = assignment;
      return { kind: "assign", ...this.node(start, [target, value, orElse]), target, op, value, orElse };
    });
  });

  private readonly assignOp = this.RULE("assignOp", (): AssignOp => {
    const text = this.OR([
      { ALT: () => this.CONSUME(t.AssignOperator).image },
      { ALT: () => this.CONSUME(t.Min).image + this.CONSUME(t.Equals).image },
      { ALT: () => this.CONSUME(t.Max).image + this.CONSUME1(t.Equals).image },
    ]);
    return assignOps.get(text) ?? "=";
  });

  private readonly orElse = this.RULE("orElse", (): ErrorUse => {
    this.CONSUME(t.Else);
    if (!this.RECORDING_PHASE && (this.is(t.Revert) || this.is(t.StringToken))) {
      this.unexpected("an error");
      if (this.is(t.StringToken)) {
        throw new Abandoned();
      }
      this.SKIP_TOKEN();
    }
    return this.SUBRULE(this.errorUse);
  });

  private readonly errorUse = this.RULE("errorUse", (): ErrorUse => {
    const start = this.offset();
    const { qualifier, name } = this.SUBRULE(this.path);
    const args = this.SUBRULE(this.args);
    return { kind: "errorUse", ...this.node(start, args), qualifier, name, args };
  });

  /** `Name` or `Contract.Name`. */
  private readonly path = this.RULE("path", (): { qualifier: Name | undefined; name: Name } => {
    const first = this.name(0);
    const second = this.OPTION(() => {
      this.CONSUME(t.Dot);
      return this.name(1);
    });
    return second === undefined ? { qualifier: undefined, name: first } : { qualifier: first, name: second };
  });

  private readonly returnStmt = this.RULE("returnStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Return);
    const value = this.OPTION(() => this.SUBRULE(this.expression));
    this.semi(0);
    return { kind: "return", ...this.node(start, [value]), value };
  });

  private readonly requireStmt = this.RULE("requireStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Require);
    const cond = this.SUBRULE(this.expression);
    const orElse = this.OPTION(() => this.SUBRULE(this.orElse));
    this.semi(0);
    return { kind: "require", ...this.node(start, [cond, orElse]), cond, orElse };
  });

  private readonly revertStmt = this.RULE("revertStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Revert);
    const error = this.OPTION(() => this.SUBRULE(this.errorUse));
    this.semi(0);
    return { kind: "revert", ...this.node(start, [error]), error };
  });

  private readonly emitStmt = this.RULE("emitStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Emit);
    const { qualifier, name: event } = this.SUBRULE(this.path);
    const args = this.SUBRULE(this.args);
    this.semi(0);
    return { kind: "emit", ...this.node(start, args), qualifier, event, args };
  });

  private readonly deleteStmt = this.RULE("deleteStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Delete);
    const target = this.SUBRULE(this.expression);
    this.semi(0);
    return { kind: "delete", ...this.node(start, [target]), target };
  });

  // --- branches and loops --------------------------------------------------------------------------------------------

  /** The chain of `else if` is read by a loop and nested afterwards: it may be long. */
  private readonly ifStmt = this.RULE("ifStmt", (): Stmt => {
    const conditions: Condition[] = [this.condition(0)];
    const elseIf = (): void => {
      this.CONSUME(t.Else);
      conditions.push(this.condition(1));
    };
    this.loop(0, () => this.is(t.Else) && this.is(t.If, 2), elseIf);
    let last: Block | undefined;
    const otherwise = (): void => {
      this.CONSUME1(t.Else);
      last = this.SUBRULE2(this.block);
    };
    if (this.RECORDING_PHASE) {
      this.OPTION(otherwise);
    } else if (this.is(t.Else)) {
      otherwise();
    }
    return this.ACTION(() => this.nestConditions(conditions, last));
  });

  private nestConditions(conditions: readonly Condition[], last: Block | undefined): IfStmt | IfLetStmt {
    let otherwise: Block | IfStmt | IfLetStmt | undefined = last;
    let result = this.ifOf(conditions[conditions.length - 1], otherwise);
    for (let at = conditions.length - 2; at >= 0; at -= 1) {
      otherwise = result;
      result = this.ifOf(conditions[at], otherwise);
    }
    return result;
  }

  private ifOf(condition: Condition, otherwise: Block | IfStmt | IfLetStmt | undefined): IfStmt | IfLetStmt {
    const { start, pattern, value, then } = condition;
    const node = this.node(start, [value, then, otherwise]);
    return pattern === undefined
      ? { kind: "if", ...node, cond: value, then, otherwise }
      : { kind: "ifLet", ...node, pattern, value, then, otherwise };
  }

  private condition(index: number): Condition {
    const start = this.offset();
    this.consume(index, t.If);
    let pattern: MatchPattern | undefined;
    this.option(index + 1, () => {
      this.consume(index, t.Let);
      pattern = this.subrule(index, this.matchPattern);
      this.need(index, t.Equals);
    });
    const value = this.subrule(index, this.expression);
    return { start, pattern, value, then: this.subrule(index, this.block) };
  }

  private readonly matchStmt = this.RULE("matchStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Match);
    const subject = this.SUBRULE(this.expression);
    const arms = this.SUBRULE(this.matchArms);
    return { kind: "match", ...this.node(start, [subject], arms), subject, arms };
  });

  private readonly forStmt = this.RULE("forStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.For);
    const name = this.SUBRULE(this.loopName);
    this.need(0, t.In);
    const from = this.SUBRULE(this.expression);
    const range = this.OPTION(() => {
      this.CONSUME(t.DotDot);
      const to = this.SUBRULE1(this.expression);
      const max = this.OPTION1(() => {
        this.CONSUME(t.Max);
        return this.SUBRULE2(this.expression);
      });
      return { to, max };
    });
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => {
      const over: ForStmt["over"] =
        range === undefined ? { kind: "list", list: from } : { kind: "range", from, to: range.to, max: range.max };
      return { kind: "for", ...this.node(start, [from, range?.to, range?.max, body]), name, over, body };
    });
  });

  private readonly loopName = this.RULE("loopName", (): Name => {
    if (!this.RECORDING_PHASE && !this.is(t.Underscore)) {
      return this.name(0);
    }
    const token = this.OR([{ ALT: () => this.CONSUME(t.Underscore) }, { ALT: () => this.CONSUME(t.Identifier) }]);
    return { text: token.image, ...this.spanOf(token) };
  });

  // --- only in tests -------------------------------------------------------------------------------------------------

  private readonly assertStmt = this.RULE("assertStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Assert);
    const cond = this.SUBRULE(this.expression);
    this.semi(0);
    return { kind: "assert", ...this.node(start, [cond]), cond };
  });

  private readonly expectStmt = this.RULE("expectStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Expect);
    const call = this.SUBRULE(this.expression);
    const revert = (): Expected => {
      this.need(0, t.Revert);
      return { error: this.OPTION(() => this.SUBRULE(this.errorUse)), events: undefined };
    };
    const emit = (): Expected => {
      const events: EventUse[] = [];
      this.CONSUME(t.Emit);
      this.SUBRULE(this.expectedEvents, { ARGS: [events] });
      return { error: undefined, events };
    };
    // Where neither is there, `revert` is missing: an alternative alone would only say that it expected something else.
    const expected: Expected = this.RECORDING_PHASE ? this.OR([{ ALT: emit }, { ALT: revert }]) : this.is(t.Emit) ? emit() : revert();
    this.semi(0);
    return { kind: "expect", ...this.node(start, [call, expected.error, ...(expected.events ?? [])]), call, ...expected };
  });

  private readonly expectedEvents = this.RULE("expectedEvents", (events: EventUse[] = []): void => {
    const none = (): void => void this.CONSUME(t.None);
    const list = (): void => {
      events.push(this.SUBRULE(this.eventUse));
      this.MANY(() => {
        this.CONSUME(t.Comma);
        events.push(this.SUBRULE1(this.eventUse));
      });
    };
    if (this.RECORDING_PHASE) this.OR([{ ALT: none }, { ALT: list }]);
    else if (this.is(t.None)) none();
    else list();
  });

  private readonly eventUse = this.RULE("eventUse", (): EventUse => {
    const start = this.offset();
    const { qualifier, name } = this.SUBRULE(this.path);
    const args = this.SUBRULE(this.args);
    return { kind: "eventUse", ...this.node(start, args), qualifier, name, args };
  });

  private readonly advanceStmt = this.RULE("advanceStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Advance);
    if (!this.RECORDING_PHASE && this.LA(1).image !== "time" && this.LA(1).image !== "height") {
      this.unexpected("`time` or `height`");
    }
    const text = this.CONSUME(t.Identifier).image;
    const by = this.SUBRULE(this.expression);
    this.semi(0);
    return { kind: "advance", ...this.node(start, [by]), what: text === "height" ? "height" : "time", by };
  });

  private readonly fuzzStmt = this.RULE("fuzzStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Fuzz);
    const targets = this.SUBRULE(this.nameList);
    const only = this.OPTION(() => {
      this.CONSUME(t.Only);
      return this.SUBRULE1(this.nameList);
    });
    const calls = this.OPTION1(() => {
      this.CONSUME(t.Calls);
      return this.SUBRULE(this.expression);
    });
    let body: Block | undefined;
    const checks = (): void => {
      body = this.SUBRULE(this.block);
    };
    if (this.RECORDING_PHASE) {
      this.OR([{ ALT: checks }, { ALT: () => this.semi(0) }]);
    } else if (this.is(t.LBrace)) {
      checks();
    } else {
      this.semi(0);
    }
    return this.ACTION(() => ({ kind: "fuzz", ...this.node(start, [calls, body]), targets, only: only ?? [], calls, body }));
  });

  private readonly nameList = this.RULE("nameList", (): readonly Name[] => {
    const names = [this.name(0)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      names.push(this.name(1));
    });
    return names;
  });

  private readonly blockStmt = this.RULE("blockStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.BlockWord);
    const body = this.SUBRULE(this.block);
    return { kind: "blockOfCalls", ...this.node(start, [body]), parallel: false, body };
  });

  private readonly parallelStmt = this.RULE("parallelStmt", (): Stmt => {
    const start = this.offset();
    this.CONSUME(t.Parallel);
    this.CONSUME(t.BlockWord);
    const body = this.SUBRULE(this.block);
    return { kind: "blockOfCalls", ...this.node(start, [body]), parallel: true, body };
  });
}
