/**
 * Random programs as lists of tokens: everything the grammar knows, none of it meaning anything. Two characters that must stay together, as those of
 * `>>` and `min=`, are one token here.
 */
import type { Random } from "./random.ts";

const NAMES =
  "a b x to from value min max state event error block init test when time total Token Shape IERC20 _x1 assert deploy create".split(" ");
const BINARY = "|| && == != < <= > >= | ^ & << >> + - * / %".split(" ");
const ASSIGN = "= += -= *= /= %= |= &= ^= min= max=".split(" ");
const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
const PLAIN = [
  "0",
  "1",
  "1_000",
  "0xff",
  "1e18",
  '""',
  '"a b"',
  '"é\\n\\u{1F600}"',
  '"// no comment"',
  "true",
  "false",
  "none",
  "self",
  `@0x${"aB".repeat(20)}`,
];

export function randomTokens(random: Random): readonly string[] {
  return new Generator(random).file();
}

type Part = () => void;

class Generator {
  readonly #random: Random;
  readonly #out: string[] = [];
  #depth = 0;
  #inTest = false;

  constructor(random: Random) {
    this.#random = random;
  }

  file(): readonly string[] {
    this.#times(3, () => this.#item());
    return this.#out;
  }

  #put(...tokens: readonly string[]): void {
    this.#out.push(...tokens);
  }

  #name(): void {
    this.#put(this.#random.pick(NAMES));
  }

  #times(most: number, part: Part): number {
    const count = this.#random.below(most + 1);
    for (let i = 0; i < count; i++) part();
    return count;
  }

  #maybe(part: Part, chance = 0.4): void {
    if (this.#random.chance(chance)) part();
  }

  #oneOf(parts: readonly Part[]): void {
    this.#random.pick(parts)();
  }

  #list(open: string, close: string, part: Part, least = 0, most = 4): void {
    this.#put(open);
    const count = least + this.#random.below(this.#depth > 6 ? 1 : most + 1 - least);
    for (let i = 0; i < count; i++) {
      part();
      if (i < count - 1 || this.#random.chance(0.2)) this.#put(",");
    }
    this.#put(close);
  }

  // --- declarations --------------------------------------------------------------------------------------------------

  #item(): void {
    this.#oneOf([
      () => {
        this.#put("import");
        this.#list("{", "}", () => {
          this.#name();
          this.#maybe(() => {
            this.#put("as");
            this.#name();
          });
        });
        this.#put("from", '"./a.weft"', ";");
      },
      () => this.#typed("const", true),
      () => {
        this.#put("struct");
        this.#name();
        this.#put("{");
        this.#times(4, () => {
          this.#label();
          this.#type();
          this.#put(";");
        });
        this.#put("}");
      },
      () => {
        this.#put("enum");
        this.#name();
        this.#list("{", "}", () => this.#variant());
      },
      () => {
        this.#put("interface");
        this.#name();
        this.#put("{");
        this.#times(3, () => {
          this.#signature();
          this.#put(";");
        });
        this.#put("}");
      },
      ...[0, 1, 2].map(() => () => this.#contract()),
      ...[0, 1].map(() => () => this.#test()),
      () => this.#function(),
      () => this.#signal(),
    ]);
  }

  #contract(): void {
    const isMixin = this.#random.chance(0.3);
    this.#put(isMixin ? "mixin" : "contract");
    this.#name();
    this.#maybe(() => this.#names("uses"));
    if (!isMixin) this.#maybe(() => this.#names("implements"));
    this.#put("{");
    this.#times(5, () => this.#member());
    this.#put("}");
  }

  #names(word: string): void {
    this.#put(word);
    this.#name();
    this.#times(2, () => {
      this.#put(",");
      this.#name();
    });
  }

  #test(): void {
    this.#put("test", '"it works"');
    this.#maybe(() => this.#params(), 0.2);
    this.#inTest = true;
    this.#block();
    this.#inTest = false;
  }

  #variant(): void {
    this.#name();
    this.#maybe(() =>
      this.#oneOf([
        () => this.#list("(", ")", () => this.#type()),
        () =>
          this.#list("{", "}", () => {
            this.#label();
            this.#type();
          }),
      ]),
    );
  }

  #typed(word: string, needsValue: boolean): void {
    this.#put(word);
    this.#label();
    this.#type();
    const value = (): void => {
      this.#put("=");
      this.#expression();
    };
    if (needsValue) value();
    else this.#maybe(value);
    this.#put(";");
  }

  #signal(): void {
    const word = this.#random.pick(["event", "error"]);
    this.#put(word);
    this.#name();
    this.#list("(", ")", () => {
      if (word === "event") this.#maybe(() => this.#put("indexed"));
      this.#label();
      this.#type();
    });
    this.#put(";");
  }

  #member(): void {
    this.#oneOf([
      () => this.#typed("state", false),
      () => {
        this.#put("immutable");
        this.#label();
        this.#type();
        this.#put(";");
      },
      () => this.#signal(),
      () => {
        this.#put("guard");
        this.#name();
        this.#maybe(() => this.#params());
        this.#block();
      },
      () => {
        this.#maybe(() => this.#put("payable"));
        this.#put("init");
        this.#params();
        this.#block();
      },
      ...[0, 1, 2].map(() => () => this.#function()),
      () => {
        this.#put("invariant");
        this.#name();
        this.#block();
      },
      () => {
        this.#put("parallel", "(", "a", ":", "f", ",", "b", ":", "g", ")");
        this.#maybe(() => {
          this.#put("when");
          this.#expression();
        });
        this.#put(";");
      },
    ]);
  }

  #function(): void {
    this.#signature();
    this.#block();
  }

  #signature(): void {
    this.#maybe(() => this.#put(this.#random.pick(["pub", "view", "payable"])));
    this.#put("fn");
    this.#name();
    this.#params();
    this.#maybe(() => {
      this.#put("->");
      this.#type();
    });
    this.#maybe(() => {
      this.#put("with");
      const guard = (): void => {
        this.#name();
        this.#maybe(() => this.#args());
      };
      guard();
      this.#times(2, () => {
        this.#put(",");
        guard();
      });
    }, 0.2);
  }

  #params(): void {
    this.#list("(", ")", () => {
      this.#label();
      this.#type();
    });
  }

  #label(): void {
    this.#name();
    this.#put(":");
  }

  #type(): void {
    this.#depth += 2;
    const inner = (): void => this.#type();
    if (this.#depth > 8) this.#put("u8");
    else
      this.#oneOf([
        () => this.#put("u256"),
        () => this.#put("address"),
        () => this.#name(),
        () => {
          this.#put(this.#random.pick(["map", "list"]));
          this.#list("<", ">", () => this.#oneOf([inner, () => this.#put("64")]), 1, 2);
        },
        () =>
          this.#list(
            "(",
            ")",
            () => {
              this.#maybe(() => this.#label());
              inner();
            },
            1,
            3,
          ),
      ]);
    this.#maybe(() => this.#put("?"), 0.15);
    this.#depth -= 2;
  }

  // --- statements ----------------------------------------------------------------------------------------------------

  #block(): void {
    this.#depth++;
    this.#put("{");
    this.#times(this.#depth > 4 ? 1 : 3, () => this.#statement());
    this.#put("}");
    this.#depth--;
  }

  #statement(): void {
    const expression = (): void => this.#expression();
    const simple: readonly Part[] = [
      () => {
        this.#put(this.#random.pick(["let", "var"]));
        this.#pattern();
        this.#maybe(() => {
          this.#put(":");
          this.#type();
        });
        this.#put("=");
        expression();
      },
      () => {
        this.#place();
        this.#put(this.#random.pick(ASSIGN));
        expression();
        this.#maybe(() => this.#orElse());
      },
      () => {
        this.#put("return");
        this.#maybe(expression, 0.8);
      },
      () => {
        this.#put("require");
        expression();
        this.#maybe(() => this.#orElse());
      },
      () => {
        this.#put("revert");
        this.#maybe(() => this.#error());
      },
      () => {
        this.#put("emit");
        this.#error();
      },
      () => {
        this.#put("delete");
        expression();
      },
      () => {
        this.#place();
        this.#args();
      },
    ];
    const test: readonly Part[] = [
      () => {
        this.#put("assert", "(");
        expression();
        this.#put(")");
      },
      () => {
        this.#put("expect", "c", ".", "f");
        this.#args();
        this.#put("as", "@alice");
        this.#maybe(() => this.#put("value", "5"));
        this.#put("revert");
        this.#maybe(() => this.#error());
      },
      () => {
        this.#put("advance", this.#random.pick(["time", "height"]));
        expression();
      },
    ];
    const nested: readonly Part[] = [
      () => this.#if(),
      () => {
        this.#put("match");
        this.#place();
        this.#arms(true);
      },
      () => {
        this.#put("for");
        this.#random.chance(0.5) ? this.#put("i") : this.#put("_");
        this.#put("in");
        this.#place();
        this.#maybe(() => {
          this.#put("..");
          this.#place();
          this.#maybe(() => this.#put("max", "4"));
        });
        this.#block();
      },
    ];
    if (this.#depth < 4 && this.#random.chance(0.25)) this.#oneOf(nested);
    else if (this.#inTest && this.#depth < 4 && this.#random.chance(0.15)) {
      this.#maybe(() => this.#put("parallel"));
      this.#put("block");
      this.#block();
    } else {
      this.#oneOf(this.#inTest ? [...simple, ...test, ...test] : simple);
      this.#put(";");
    }
  }

  #if(): void {
    this.#put("if");
    this.#maybe(() => {
      this.#put("let");
      this.#matchPattern();
      this.#put("=");
    }, 0.3);
    this.#place();
    this.#block();
    this.#maybe(() => {
      this.#put("else");
      if (this.#random.chance(0.4)) this.#if();
      else this.#block();
    });
  }

  #orElse(): void {
    this.#put("else");
    this.#error();
  }

  #error(): void {
    this.#name();
    this.#maybe(() => {
      this.#put(".");
      this.#name();
    }, 0.2);
    this.#args();
  }

  #pattern(): void {
    this.#oneOf([() => this.#put("_"), () => this.#name(), () => this.#name(), () => this.#list("(", ")", () => this.#put("q"), 2, 3)]);
  }

  #matchPattern(): void {
    this.#oneOf([
      () => this.#put("none"),
      () => {
        this.#put("some", "(");
        this.#pattern();
        this.#put(")");
      },
      () => {
        this.#put("Shape", ".", "Box");
        this.#maybe(() => this.#oneOf([() => this.#list("(", ")", () => this.#pattern()), () => this.#list("{", "}", () => this.#name())]));
      },
    ]);
  }

  #arms(withBlocks: boolean): void {
    this.#put("{");
    const count = this.#random.below(4);
    for (let i = 0; i < count; i++) {
      if (this.#random.chance(0.2)) this.#put("_");
      else this.#matchPattern();
      this.#put("=>");
      if (withBlocks && this.#random.chance(0.5)) {
        this.#block();
        this.#maybe(() => this.#put(","), 0.3);
      } else {
        this.#expression();
        if (i < count - 1 || this.#random.chance(0.5)) this.#put(",");
      }
    }
    this.#put("}");
  }

  // --- expressions ---------------------------------------------------------------------------------------------------

  #args(): void {
    this.#list("(", ")", () => this.#expression(), 0, 3);
  }

  /** Something with members, indexes and calls behind it. */
  #place(): void {
    this.#oneOf([() => this.#put("self"), () => this.#put("x")]);
    this.#times(2, () =>
      this.#oneOf([
        () => {
          this.#put(".");
          this.#name();
        },
        () => {
          this.#put("[");
          this.#expression();
          this.#put("]");
        },
        () => this.#args(),
      ]),
    );
  }

  #expression(): void {
    this.#depth++;
    const isDeep = this.#depth > 6;
    this.#maybe(() => this.#put(this.#random.pick(["-", "!", "~"])), 0.1);
    this.#primary(isDeep);
    let compared = false;
    if (!isDeep) {
      for (let i = this.#random.chance(0.3) ? this.#random.below(5) : 0; i > 0; i--) {
        // Comparisons don't chain, and only looser operators between them would make two of them right.
        const op = this.#random.pick(compared ? ["+", "-", "*", "<<", ">>", "&"] : BINARY);
        if (COMPARISONS.has(op)) compared = true;
        this.#put(op);
        this.#maybe(() => this.#put("-"), 0.05);
        this.#primary(true);
      }
    }
    this.#depth--;
  }

  #primary(isDeep: boolean): void {
    const expression = (): void => this.#expression();
    const leaves: readonly Part[] = [() => this.#put(this.#random.pick(PLAIN)), () => this.#put("x")];
    if (isDeep) return this.#oneOf(leaves);
    this.#oneOf([
      ...leaves,
      ...leaves,
      () => this.#place(),
      () => this.#place(),
      () => {
        this.#put("(");
        expression();
        this.#put(")");
      },
      () => this.#list("(", ")", expression, 2, 3),
      () => this.#list("[", "]", expression),
      () => {
        this.#maybe(() => this.#put("Shape", "."));
        this.#put("Box");
        this.#list(
          "{",
          "}",
          () => {
            this.#label();
            expression();
          },
          1,
        );
      },
      () => {
        this.#put("if");
        this.#place();
        this.#put("{");
        expression();
        this.#put("}");
        for (let i = this.#random.below(3); i > 1; i--) {
          this.#put("else", "if", "x", "{");
          expression();
          this.#put("}");
        }
        this.#put("else", "{");
        expression();
        this.#put("}");
      },
      () => {
        this.#put("match");
        this.#place();
        this.#arms(false);
      },
      () => {
        this.#put("create", "Token");
        this.#args();
      },
      () => {
        this.#put("some", "(");
        expression();
        this.#put(")");
      },
    ]);
  }
}
