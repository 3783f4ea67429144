/**
 * The parser: the grammar of files, declarations and members, on top of statements, expressions and types (each part
 * in its own file, one class extending the other, since Chevrotain wants all rules in one class). Rules build the tree
 * of ast.ts directly. One instance serves all files, one after the other.
 */
import { EOF } from "chevrotain";
import type { IOrAlt, IToken, ParserMethod } from "chevrotain";

import type { Block, ConstDecl, ContractDecl, EnumDecl, FieldDecl, FunctionDecl, ImportDecl, InterfaceDecl } from "./ast.ts";
import type { Item, Member, MixinDecl, Name, SourceFile, StructDecl, TestDecl, TypeExpr, VariantDecl } from "./ast.ts";
import type { Brackets } from "./brackets.ts";
import type { Scan } from "./lexer.ts";
import { TooMany } from "./parser-base.ts";
import { MemberParser } from "./parser-members.ts";
import type { RunPlace } from "./parsed.ts";
import type { SyntaxProblem } from "./problem.ts";
import * as t from "./tokens.ts";

export interface ParsedOne {
  readonly node: Item | Member;
  readonly problems: readonly SyntaxProblem[];
}

type Payload = VariantDecl["payload"];
type ImportedName = ImportDecl["names"][number];

export class WeftParser extends MemberParser {
  private items: Item[] = [];
  private itemAlternatives: IOrAlt<Item>[] | undefined;

  constructor(skipValidations: boolean) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** `budget`: how many problems may still be reported. `isCut` when there are more; what was read so far is kept. */
  parse(path: string, text: string, scan: Scan, brackets: Brackets, budget: number): Parsed {
    const problems = this.begin(text, scan, brackets, budget);
    this.items = [];
    this.isMixin = false;
    let isCut = false;
    try {
      this.fileItems();
    } catch (error) {
      if (!(error instanceof TooMany)) {
        throw error;
      }
      isCut = true;
    }
    const { items } = this;
    const span = { start: 0, end: text.length };
    const file: SourceFile = { kind: "file", ...this.nodeAt(span, [], span), path, text, items, comments: scan.comments };
    this.end();
    return { file, problems, isCut };
  }

  /** One declaration alone, in the text of its file; undefined unless its tokens are just what the parser takes for it. */
  parseOne(text: string, scan: Scan, brackets: Brackets, budget: number, kind: "item" | "member"): ParsedOne | undefined {
    const problems = this.begin(text, scan, brackets, budget);
    this.isMixin = false;
    return this.bounded(() => {
      const node = kind === "item" ? this.item() : this.member();
      return node === undefined || !this.is(EOF) ? undefined : { node, problems };
    });
  }

  /** Declarations one after the other, in the text of their file; undefined if anything is wrong with them. */
  parseRun(text: string, scan: Scan, brackets: Brackets, place: RunPlace): readonly (Item | Member)[] | undefined {
    const problems = this.begin(text, scan, brackets, 0);
    if (place.kind !== "file") this.container = place.start;
    this.isMixin = place.kind === "mixin";
    return this.bounded(() => {
      const nodes: (Item | Member)[] = [];
      while (!this.is(EOF)) {
        const node = place.kind === "file" ? this.item() : this.member();
        if (node === undefined || problems.length > 0) return undefined;
        nodes.push(node);
      }
      return nodes;
    });
  }

  /** Undefined when there are more problems than are looked at. */
  private bounded<T>(read: () => T | undefined): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof TooMany)) throw error;
      return undefined;
    } finally {
      this.end();
    }
  }

  // --- files ---------------------------------------------------------------------------------------------------------

  private readonly fileItems = this.RULE("fileItems", (): void => {
    do {
      this.MANY(() => {
        const item = this.SUBRULE(this.item);
        if (item !== undefined) {
          this.items.push(item);
        }
      });
    } while (this.resumeFile());
  });

  private resumeFile(): boolean {
    if (this.RECORDING_PHASE || this.is(EOF)) {
      return false;
    }
    this.skipJunk("a declaration", this.startsItem);
    return true;
  }

  private readonly item = this.RULE("item", (): Item | undefined => {
    this.itemAlternatives ??= [
      { ALT: () => this.SUBRULE(this.importDecl) },
      { ALT: () => this.SUBRULE(this.constDecl) },
      { ALT: () => this.SUBRULE(this.structDecl) },
      { ALT: () => this.SUBRULE(this.enumDecl) },
      { ALT: () => this.SUBRULE(this.interfaceDecl) },
      { ALT: () => this.SUBRULE(this.mixinDecl) },
      { ALT: () => this.SUBRULE(this.contractDecl) },
      { ALT: () => this.SUBRULE(this.eventDecl) },
      { ALT: () => this.SUBRULE(this.errorDecl) },
      { ALT: () => this.SUBRULE(this.testDecl) },
      { ALT: () => this.SUBRULE(this.functionDecl) },
    ];
    const alternatives = this.itemAlternatives;
    return this.attempt(
      () => this.OR({ DEF: alternatives, ERR_MSG: "a declaration" }),
      (start) => this.skip(start, this.startsItem),
    );
  });

  private readonly importDecl = this.RULE("importDecl", (): ImportDecl => {
    const start = this.offset();
    this.CONSUME(t.Import);
    const names: ImportedName[] = [];
    this.list(0, t.LBrace, t.RBrace, () => names.push(this.SUBRULE(this.importedName)));
    this.need(0, t.From);
    const token = this.SUBRULE(this.stringToken);
    this.semi(0);
    return this.ACTION(() => {
      const from = { from: token === undefined ? "" : this.stringOf(token) };
      const end = this.previousEnd();
      const fromSpan = token === undefined ? { start: end, end } : this.spanOf(token);
      return { kind: "import", ...this.node(start), names, ...from, fromSpan };
    });
  });

  private readonly importedName = this.RULE("importedName", (): ImportedName => {
    const name = this.name(0);
    const alias = this.OPTION(() => {
      this.CONSUME(t.As);
      return this.name(1);
    });
    return { name, alias };
  });

  private readonly stringToken = this.RULE("stringToken", (): IToken | undefined => {
    if (!this.RECORDING_PHASE && !this.is(t.StringToken)) {
      this.unexpected("a string");
      return undefined;
    }
    return this.CONSUME(t.StringToken);
  });

  private readonly constDecl = this.RULE("constDecl", (): ConstDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Const);
    const name = this.SUBRULE(this.label);
    const type = this.SUBRULE(this.typeExpr);
    this.need(0, t.Equals);
    const value = this.SUBRULE(this.expression);
    this.semi(0);
    return { kind: "const", ...this.node(start, [type, value]), doc, name, type, value };
  });

  private readonly structDecl = this.RULE("structDecl", (): StructDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Struct);
    const name = this.name(0);
    const fields: FieldDecl[] = [];
    const opener = this.openBrace(0);
    do {
      this.MANY(() => {
        const field = this.SUBRULE(this.structField);
        if (field !== undefined) {
          fields.push(field);
        }
      });
    } while (this.resumeBody("a field", this.startsMember, this.startsItem));
    this.closeBody(0, opener);
    return { kind: "struct", ...this.node(start, fields), doc, name, fields };
  });

  private readonly structField = this.RULE("structField", (): FieldDecl | undefined =>
    this.attempt(
      () => {
        const field = this.SUBRULE(this.field);
        this.semi(0);
        return field;
      },
      (start) => this.skip(start, this.startsItem),
    ),
  );

  private readonly enumDecl = this.RULE("enumDecl", (): EnumDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Enum);
    const name = this.name(0);
    const variants: VariantDecl[] = [];
    this.list(0, t.LBrace, t.RBrace, () => variants.push(this.SUBRULE(this.variant)));
    return { kind: "enum", ...this.node(start, variants), doc, name, variants };
  });

  private readonly variant = this.RULE("variant", (): VariantDecl => {
    const start = this.offset();
    const doc = this.docHere();
    const name = this.name(0);
    const payload = this.OPTION(() =>
      this.OR<Payload>([{ ALT: () => this.SUBRULE(this.tupleVariant) }, { ALT: () => this.SUBRULE(this.recordVariant) }]),
    );
    return { kind: "variant", ...this.node(start), doc, name, payload: payload ?? { kind: "none" } };
  });

  private readonly tupleVariant = this.RULE("tupleVariant", (): Payload => {
    const types: TypeExpr[] = [];
    this.list(0, t.LParen, t.RParen, () => types.push(this.SUBRULE(this.typeExpr)));
    return { kind: "tuple", types };
  });

  private readonly recordVariant = this.RULE("recordVariant", (): Payload => {
    const fields: FieldDecl[] = [];
    this.list(0, t.LBrace, t.RBrace, () => fields.push(this.SUBRULE(this.field)));
    return { kind: "record", fields };
  });

  private readonly testDecl = this.RULE("testDecl", (): TestDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Test);
    const token = this.SUBRULE(this.stringToken);
    const params = this.OPTION(() => this.SUBRULE(this.params)) ?? [];
    const body = this.SUBRULE(this.testBody);
    return this.ACTION(() => {
      const title = token === undefined ? "" : this.stringOf(token);
      const titleSpan = token === undefined ? { start: body.span.start, end: body.span.start } : this.spanOf(token);
      return { kind: "test", ...this.node(start, params, [body]), doc, title, titleSpan, params, body };
    });
  });

  private readonly testBody: ParserMethod<[], Block> = this.RULE("testBody", () => {
    this.inTest = true;
    try {
      return this.SUBRULE(this.block);
    } finally {
      this.inTest = false;
    }
  });

  // --- containers ----------------------------------------------------------------------------------------------------

  private readonly interfaceDecl = this.RULE("interfaceDecl", (): InterfaceDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Interface);
    const name = this.name(0);
    const functions: FunctionDecl[] = [];
    const opener = this.openBrace(0);
    do {
      this.MANY(() => {
        const signature = this.SUBRULE(this.interfaceFunction);
        if (signature !== undefined) {
          functions.push(signature);
        }
      });
    } while (this.resumeBody("a function", this.startsFileItem, this.startsItem));
    this.closeBody(0, opener);
    return { kind: "interface", ...this.node(start, functions), doc, name, functions };
  });

  private readonly interfaceFunction = this.RULE("interfaceFunction", (): FunctionDecl | undefined =>
    this.attempt(
      () => {
        const start = this.offset();
        const doc = this.docHere();
        const signature = this.SUBRULE(this.signature);
        if (!this.RECORDING_PHASE && this.is(t.LBrace)) {
          this.unexpected("`;`");
          this.SUBRULE(this.block);
        } else {
          this.semi(0);
        }
        return this.functionOf(start, doc, signature, undefined);
      },
      (start) => this.skip(start, this.startsMember),
    ),
  );

  private readonly mixinDecl = this.RULE("mixinDecl", (): MixinDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Mixin);
    const name = this.name(0);
    const uses = this.OPTION(() => this.SUBRULE(this.usesClause)) ?? [];
    this.container = start;
    this.isMixin = true;
    const members = this.SUBRULE(this.members);
    this.isMixin = false;
    return { kind: "mixin", ...this.node(start, members), doc, name, uses, members };
  });

  private readonly contractDecl = this.RULE("contractDecl", (): ContractDecl => {
    const start = this.offset();
    const doc = this.docHere();
    this.CONSUME(t.Contract);
    const name = this.name(0);
    const uses = this.OPTION(() => this.SUBRULE(this.usesClause)) ?? [];
    const interfaces = this.OPTION1(() => this.SUBRULE(this.implementsClause)) ?? [];
    this.container = start;
    this.isMixin = false;
    const members = this.SUBRULE(this.members);
    return { kind: "contract", ...this.node(start, members), doc, name, uses, implements: interfaces, members };
  });

  private readonly usesClause = this.RULE("usesClause", (): readonly Name[] => {
    this.CONSUME(t.Uses);
    return this.SUBRULE(this.names);
  });

  private readonly implementsClause = this.RULE("implementsClause", (): readonly Name[] => {
    this.CONSUME(t.Implements);
    return this.SUBRULE(this.names);
  });

  private readonly names = this.RULE("names", (): readonly Name[] => {
    const names = [this.name(0)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      names.push(this.name(1));
    });
    return names;
  });
}

export interface Parsed {
  readonly file: SourceFile;
  readonly problems: readonly SyntaxProblem[];
  readonly isCut: boolean;
}
