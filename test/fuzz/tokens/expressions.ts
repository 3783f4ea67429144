/** Random expressions. */
import type { Part } from "./source.ts";
import { TypeTokens } from "./types.ts";

const BINARY = "|| && == != < <= > >= | ^ & << >> + - * / %".split(" ");
const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
/** Whether two comparisons chain depends on what stands between them; with these, they never meet. */
const TIGHTER = ["+", "-", "*", "<<", ">>", "&"];
const PLAIN = [
  "0",
  "1",
  "1_000",
  "0xff",
  "1e18",
  '""',
  '"a b"',
  '"é\\n\\u{1F600}"',
  '"漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字 and the rest of the line of text"',
  '"// no comment"',
  '"/* no comment"',
  '"\\""',
  "true",
  "false",
  "none",
  "self",
  `@0x${"aB".repeat(20)}`,
];

export abstract class ExpressionTokens extends TypeTokens {
  /** Arms hold blocks; statements know expressions already. */
  protected abstract block(): void;

  protected args(): void {
    this.list("(", ")", () => this.expression(), 0, 3);
  }

  /** Something with members, indexes and calls behind it. */
  protected place(): void {
    this.oneOf([() => this.put("self"), () => this.put("x")]);
    this.#links(2);
  }

  protected call(): void {
    this.put("c");
    this.#links(1);
    this.args();
  }

  #links(most: number): void {
    this.times(most, () =>
      this.oneOf([
        () => {
          this.put(".");
          this.name();
        },
        () => {
          this.put("[");
          this.expression();
          this.put("]");
        },
        () => this.args(),
      ]),
    );
  }

  protected expression(): void {
    this.depth++;
    const isDeep = this.depth > 6 || this.isFull();
    this.#operand(isDeep);
    let compared = false;
    if (!isDeep) {
      for (let i = this.random.chance(0.3) ? this.random.below(5) : 0; i > 0; i--) {
        const op = this.random.pick(compared ? TIGHTER : BINARY);
        if (COMPARISONS.has(op)) compared = true;
        this.put(op);
        this.#operand(this.random.chance(0.7));
      }
    }
    this.depth--;
  }

  #operand(isDeep: boolean): void {
    while (this.random.chance(0.08)) this.put(this.random.pick(["-", "!", "~"]));
    this.#primary(isDeep);
  }

  #primary(isDeep: boolean): void {
    const expression = (): void => this.expression();
    const leaves: readonly Part[] = [() => this.put(this.random.pick(PLAIN)), () => this.name()];
    if (isDeep) return this.oneOf(leaves);
    const others: readonly Part[] = [
      () => this.place(),
      () => this.place(),
      () => this.#inBrackets(),
      () => this.list("(", ")", expression, 2, 3),
      () => this.list("[", "]", expression),
      () => this.#struct(),
      () => this.#if(),
      () => {
        this.put("match");
        this.place();
        this.arms(0.2);
      },
      () => {
        this.put("create");
        this.name();
        this.args();
      },
      () => {
        this.put("some", "(");
        expression();
        this.put(")");
      },
      // Whatever stands in brackets may have something behind it.
      () => {
        this.oneOf([() => this.list("[", "]", expression), () => this.#inBrackets()]);
        this.#links(2);
      },
    ];
    this.oneOf([...leaves, ...leaves, ...others, ...(this.inTest ? this.#inTests() : [])]);
  }

  #inTests(): readonly Part[] {
    const deployed = (): void => {
      this.put("deploy");
      this.name();
      this.args();
    };
    return [
      deployed,
      () => this.put(this.random.pick(["@alice", "@bob", "@aLongNameOfAnAccountInATest"])),
      () => {
        this.oneOf([() => this.call(), deployed]);
        this.asSuffix();
      },
    ];
  }

  /** `as @alice value 5`, one of them at least. */
  protected asSuffix(): void {
    const hasAccount = this.random.chance(0.7);
    const account = (): void => {
      this.oneOf([() => this.put("@alice"), () => this.put("x"), () => this.#inBrackets()]);
      this.#links(1);
    };
    if (hasAccount) {
      this.put("as");
      account();
    }
    if (hasAccount && this.random.chance(0.6)) return;
    this.put("value");
    this.maybe(() => this.put("-"), 0.1);
    this.oneOf([account, () => this.put("5"), () => this.put("1e18")]);
  }

  #inBrackets(): void {
    this.put("(");
    this.expression();
    this.put(")");
  }

  #struct(): void {
    this.maybe(() => {
      this.name();
      this.put(".");
    });
    this.name();
    const field = (): void => {
      this.label();
      this.expression();
    };
    this.list("{", "}", field, 1);
  }

  #if(): void {
    const branch = (): void => {
      this.put("{");
      this.expression();
      this.put("}");
    };
    this.put("if");
    this.#condition();
    branch();
    for (let i = this.random.below(3); i > 0; i--) {
      this.put("else", "if");
      this.#condition();
      branch();
    }
    this.put("else");
    branch();
  }

  #condition(): void {
    if (this.random.chance(0.3)) this.expression();
    else this.place();
  }

  protected arms(blocks: number): void {
    this.put("{");
    const count = this.random.below(this.isFull() ? 2 : 4);
    for (let i = 0; i < count; i++) {
      this.matchPattern();
      this.put("=>");
      if (this.random.chance(blocks)) {
        this.block();
        this.maybe(() => this.put(","), 0.3);
      } else {
        this.expression();
        if (i < count - 1 || this.random.chance(0.5)) this.put(",");
      }
    }
    this.put("}");
  }
}
