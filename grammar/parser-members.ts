/** The grammar of members of contracts and mixins, functions, events and errors. Part of the parser (see parser.ts). */
import type { IOrAlt, IToken, ParserMethod } from "chevrotain";

import type { Block, ErrorDecl, EventDecl, Expr, FunctionDecl, GuardUse, Member, Name } from "./ast.ts";
import type { ParallelDecl, ParamDecl, TypeExpr } from "./ast.ts";
import { StatementParser } from "./parser-statements.ts";
import * as t from "./tokens.ts";

export interface Signature {
  readonly access: FunctionDecl["access"];
  readonly name: Name;
  readonly params: readonly ParamDecl[];
  readonly result: TypeExpr | undefined;
  readonly guards: readonly GuardUse[];
}
type Call = ParallelDecl["left"];

const accessOf: ReadonlyMap<string, FunctionDecl["access"]> = new Map([
  ["pub", "pub"],
  ["view", "view"],
  ["payable", "payable"],
]);

export abstract class MemberParser extends StatementParser {
  private memberAlternatives: IOrAlt<Member>[] | undefined;
  /** Where the declaration around the members begins. */
  protected container = 0;
  /** Whether the members are those of a mixin. */
  protected isMixin = false;

  // --- members -------------------------------------------------------------------------------------------------------

  protected readonly members = this.RULE("members", (): readonly Member[] => {
    const members: Member[] = [];
    const { container } = this;
    const expected = "a member";
    const opener = this.openBrace(0);
    do {
      this.MANY(() => {
        const member = this.SUBRULE(this.member);
        if (member !== undefined) {
          members.push(member);
        }
      });
    } while (this.skipStrayBrace(container, expected) || this.resumeBody(expected, this.startsFileItem, this.startsMember));
    this.closeBody(0, opener);
    return members;
  });

  protected readonly member = this.RULE("member", (): Member | undefined => {
    this.memberAlternatives ??= [
      { ALT: () => this.SUBRULE(this.stateDecl) },
      { ALT: () => this.SUBRULE(this.immutableDecl) },
      { ALT: () => this.SUBRULE(this.eventDecl) },
      { ALT: () => this.SUBRULE(this.errorDecl) },
      { ALT: () => this.SUBRULE(this.guardDecl) },
      { GATE: () => !this.is(t.Payable) || this.is(t.Init, 2), ALT: () => this.SUBRULE(this.initDecl), IGNORE_AMBIGUITIES: true },
      { ALT: () => this.SUBRULE(this.functionDecl) },
      { ALT: () => this.SUBRULE(this.invariantDecl) },
      { ALT: () => this.SUBRULE(this.parallelDecl) },
    ];
    const alternatives = this.memberAlternatives;
    return this.attempt(
      () => this.OR({ DEF: alternatives, ERR_MSG: "a member" }),
      (start) => this.skip(start, this.startsMember),
    );
  });

  private readonly stateDecl = this.RULE("stateDecl", (): Member => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.State);
    const name = this.SUBRULE(this.label);
    const type = this.SUBRULE(this.typeExpr);
    const initial = this.OPTION(() => {
      this.CONSUME(t.Equals);
      return this.SUBRULE(this.expression);
    });
    this.semi(0);
    return { kind: "state", ...this.node(start, [type, initial]), doc, name, type, initial };
  });

  private readonly immutableDecl = this.RULE("immutableDecl", (): Member => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Immutable);
    const name = this.SUBRULE(this.label);
    const type = this.SUBRULE(this.typeExpr);
    this.semi(0);
    return { kind: "immutable", ...this.node(start, [type]), doc, name, type };
  });

  protected readonly eventDecl = this.RULE("eventDecl", (): EventDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Event);
    const name = this.name(0);
    const params = this.SUBRULE(this.eventParams);
    this.semi(0);
    return { kind: "event", ...this.node(start, params), doc, name, params };
  });

  protected readonly errorDecl = this.RULE("errorDecl", (): ErrorDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.ErrorWord);
    const name = this.name(0);
    const params = this.SUBRULE(this.params);
    this.semi(0);
    return { kind: "error", ...this.node(start, params), doc, name, params };
  });

  private readonly guardDecl = this.RULE("guardDecl", (): Member => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Guard);
    const name = this.name(0);
    const params = this.OPTION(() => this.SUBRULE(this.params)) ?? [];
    const body = this.SUBRULE(this.block);
    return { kind: "guard", ...this.node(start, params, [body]), doc, name, params, body };
  });

  private readonly initDecl = this.RULE("initDecl", (): Member => {
    const start = this.offset();
    const doc = this.docHere();
    const payable = this.OPTION(() => this.CONSUME(t.Payable)) !== undefined;
    this.CONSUME(t.Init);
    const params = this.SUBRULE(this.params);
    const body = this.SUBRULE(this.block);
    return { kind: "init", ...this.node(start, params, [body]), doc, payable, params, body };
  });

  protected readonly functionDecl = this.RULE("functionDecl", (): FunctionDecl => {
    const start = this.offset();
    const doc = this.docHere();
    const signature = this.SUBRULE(this.signature);
    const body = this.SUBRULE(this.functionBody);
    return this.functionOf(start, doc, signature, body);
  });

  /** Functions end in `;` in interfaces, and in mixins where the contract has them. */
  private readonly functionBody = this.RULE("functionBody", (): Block | undefined => {
    if (!this.RECORDING_PHASE && !this.is(t.Semi)) return this.SUBRULE(this.block);
    return this.OR([
      { ALT: (): Block | undefined => this.SUBRULE(this.block) },
      {
        ALT: () => {
          const start = this.offset();
          if (!this.RECORDING_PHASE && !this.isMixin) this.unexpected("`{`");
          this.CONSUME(t.Semi);
          return this.isMixin ? undefined : this.ACTION(() => ({ kind: "block" as const, ...this.node(start), statements: [] }));
        },
      },
    ]);
  });

  protected functionOf(start: number, doc: string, signature: Signature, body: Block | undefined): FunctionDecl {
    const { access, name, params, result, guards } = signature;
    return this.ACTION(() => {
      const node = this.node(start, params, guards, [result, body]);
      return { kind: "function", ...node, doc, access, name, params, result, guards, body };
    });
  }

  protected readonly signature = this.RULE("signature", (): Signature => {
    const words: IToken[] = [];
    this.MANY(() => {
      if (words.length > 0 && !this.RECORDING_PHASE) {
        this.unexpected("`fn`");
      }
      words.push(this.CONSUME(t.Access));
    });
    this.need(0, t.Fn);
    const name = this.name(0);
    const params = this.SUBRULE(this.params);
    const result = this.OPTION(() => {
      this.CONSUME(t.Arrow);
      return this.SUBRULE(this.typeExpr);
    });
    const guards = this.OPTION1(() => this.SUBRULE(this.withClause)) ?? [];
    const access = accessOf.get(words.length === 0 ? "" : words[0].image) ?? "internal";
    return { access, name, params, result, guards };
  });

  private readonly withClause = this.RULE("withClause", (): readonly GuardUse[] => {
    this.CONSUME(t.With);
    const guards = [this.SUBRULE(this.guardUse)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      guards.push(this.SUBRULE1(this.guardUse));
    });
    return guards;
  });

  private readonly guardUse = this.RULE("guardUse", (): GuardUse => {
    const start = this.offset();
    const name = this.name(0);
    const args: readonly Expr[] = this.OPTION(() => this.SUBRULE(this.args)) ?? [];
    return { kind: "guardUse", ...this.node(start, args), name, args };
  });

  private readonly invariantDecl = this.RULE("invariantDecl", (): Member => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Invariant);
    const name = this.name(0);
    const body = this.SUBRULE(this.invariantBody);
    return { kind: "invariant", ...this.node(start, [body]), doc, name, body };
  });

  private readonly invariantBody: ParserMethod<[], Block> = this.RULE("invariantBody", () => {
    this.inInvariant = true;
    try {
      return this.SUBRULE(this.block);
    } finally {
      this.inInvariant = false;
    }
  });

  private readonly parallelDecl = this.RULE("parallelDecl", (): Member => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Parallel);
    this.need(0, t.LParen);
    const left = this.SUBRULE(this.namedCall);
    this.need(0, t.Comma);
    const right = this.SUBRULE1(this.namedCall);
    this.need(0, t.RParen);
    const when = this.OPTION(() => {
      this.CONSUME(t.When);
      return this.SUBRULE(this.expression);
    });
    this.semi(0);
    return { kind: "parallel", ...this.node(start, [when]), doc, left, right, when };
  });

  /** `a: transfer` */
  private readonly namedCall = this.RULE("namedCall", (): Call => {
    const binder = this.SUBRULE(this.label);
    return { binder, target: this.name(0) };
  });
}
