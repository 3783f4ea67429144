/** Random files: declarations and members. */
import { StatementTokens } from "./statements.ts";

export class FileTokens extends StatementTokens {
  file(): readonly string[] {
    this.times(3, () => this.#item(), this.random.chance(0.02) ? 0 : 1);
    return this.out;
  }

  #item(): void {
    this.oneOf([
      () => this.#import(),
      () => this.#typed("const", true),
      () => {
        this.put("struct");
        this.name();
        this.put("{");
        this.times(4, () => {
          this.label();
          this.type();
          this.put(";");
        });
        this.put("}");
      },
      () => {
        this.put("enum");
        this.name();
        this.list("{", "}", () => this.#variant());
      },
      () => {
        this.put("interface");
        this.name();
        this.put("{");
        this.times(3, () => {
          this.#signature();
          this.put(";");
        });
        this.put("}");
      },
      ...[0, 1, 2].map(() => () => this.#contract()),
      ...[0, 1, 2].map(() => () => this.#test()),
      () => this.#function(false),
      () => this.#signal(),
    ]);
  }

  #import(): void {
    this.put("import");
    this.list("{", "}", () => {
      this.name();
      this.maybe(() => {
        this.put("as");
        this.name();
      });
    });
    this.put("from", this.random.pick(['"./a.weft"', '"weft/std/erc20.weft"']), ";");
  }

  #contract(): void {
    const isMixin = this.random.chance(0.3);
    this.put(isMixin ? "mixin" : "contract");
    this.name();
    this.maybe(() => this.#names("uses"));
    if (!isMixin) this.maybe(() => this.#names("implements"));
    this.put("{");
    this.times(5, () => this.#member(isMixin), this.random.chance(0.1) ? 0 : 1);
    this.put("}");
  }

  #names(word: string): void {
    this.put(word);
    this.commas(3, () => this.name());
  }

  #test(): void {
    this.put(
      "test",
      this.random.pick(['"it works"', '""', '"a title that says in many words what it is that this test wants to be true"']),
    );
    this.maybe(() => this.params(), 0.3);
    this.inTest = true;
    this.block();
    this.inTest = false;
  }

  #variant(): void {
    this.name();
    this.maybe(() =>
      this.oneOf([
        () => this.list("(", ")", () => this.type()),
        () =>
          this.list("{", "}", () => {
            this.label();
            this.type();
          }),
      ]),
    );
  }

  #typed(word: string, needsValue: boolean): void {
    this.put(word);
    this.label();
    this.type();
    const value = (): void => {
      this.put("=");
      this.expression();
    };
    if (needsValue) value();
    else this.maybe(value);
    this.put(";");
  }

  #signal(): void {
    const word = this.random.pick(["event", "error"]);
    this.put(word);
    this.name();
    this.list("(", ")", () => {
      if (word === "event") this.maybe(() => this.put("indexed"));
      this.label();
      this.type();
    });
    this.put(";");
  }

  #member(isMixin: boolean): void {
    this.oneOf([
      () => this.#typed("state", false),
      () => {
        this.put("immutable");
        this.label();
        this.type();
        this.put(";");
      },
      () => this.#signal(),
      () => {
        this.put("guard");
        this.name();
        this.maybe(() => this.params());
        this.block();
      },
      () => {
        this.maybe(() => this.put("payable"));
        this.put("init");
        this.params();
        this.block();
      },
      ...[0, 1, 2].map(() => () => this.#function(isMixin)),
      () => {
        this.put("invariant");
        this.name();
        this.inInvariant = true;
        this.block();
        this.inInvariant = false;
      },
      () => this.#parallel(),
    ]);
  }

  #parallel(): void {
    this.put("parallel", "(");
    this.label();
    this.name();
    this.put(",");
    this.label();
    this.name();
    this.put(")");
    this.maybe(() => {
      this.put("when");
      this.expression();
    });
    this.put(";");
  }

  #function(mayBeAbsent: boolean): void {
    this.#signature();
    if (mayBeAbsent && this.random.chance(0.4)) this.put(";");
    else this.block();
  }

  #signature(): void {
    this.maybe(() => this.put(this.random.pick(["pub", "view", "payable"])));
    this.put("fn");
    this.name();
    this.params();
    this.maybe(() => {
      this.put("->");
      this.type();
    });
    this.maybe(() => {
      this.put("with");
      this.commas(3, () => {
        this.name();
        this.maybe(() => this.args());
      });
    }, 0.2);
  }
}
