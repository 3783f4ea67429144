/** Random statements, those of tests and invariants included. */
import { ExpressionTokens } from "./expressions.ts";
import type { Part } from "./source.ts";

const ASSIGN = "= += -= *= /= %= |= &= ^= min= max=".split(" ");

export abstract class StatementTokens extends ExpressionTokens {
  /** `assert` is a statement there. */
  protected inInvariant = false;

  protected override block(): void {
    this.depth++;
    this.put("{");
    this.times(this.depth > 4 ? 1 : 3, () => this.#statement());
    this.put("}");
    this.depth--;
  }

  #statement(): void {
    const isDeep = this.depth >= 4;
    if (!isDeep && this.random.chance(0.25)) return this.oneOf(this.#nested());
    if (!isDeep && this.inTest && this.random.chance(0.15)) return this.oneOf([() => this.#fuzz(), () => this.#blockOfCalls()]);
    const others = [...(this.inTest ? this.#inTestsOnly() : []), ...(this.inTest || this.inInvariant ? [() => this.#assert()] : [])];
    this.oneOf([...this.#simple(), ...others, ...others]);
    this.put(";");
  }

  #simple(): readonly Part[] {
    const expression = (): void => this.expression();
    return [
      () => {
        this.put(this.random.pick(["let", "var"]));
        this.pattern();
        this.maybe(() => {
          this.put(":");
          this.type();
        });
        this.put("=");
        expression();
      },
      () => {
        this.place();
        this.put(this.random.pick(ASSIGN));
        expression();
        this.maybe(() => this.#orElse());
      },
      () => {
        this.put("return");
        this.maybe(expression, 0.8);
      },
      () => {
        this.put("require");
        expression();
        this.maybe(() => this.#orElse());
      },
      () => {
        this.put("revert");
        this.maybe(() => this.#eventOrError());
      },
      () => {
        this.put("emit");
        this.#eventOrError();
      },
      () => {
        this.put("delete");
        expression();
      },
      () => {
        this.place();
        this.args();
      },
    ];
  }

  #inTestsOnly(): readonly Part[] {
    const call = (): void => {
      this.call();
      this.maybe(() => this.asSuffix());
    };
    return [
      () => {
        this.put("expect");
        call();
        this.put("revert");
        this.maybe(() => this.#eventOrError());
      },
      () => {
        this.put("expect");
        call();
        this.put("emit");
        if (this.random.chance(0.2)) this.put("none");
        else this.commas(3, () => this.#eventOrError());
      },
      () => {
        this.put("advance", this.random.pick(["time", "height"]));
        this.expression();
      },
    ];
  }

  #assert(): void {
    this.put("assert");
    this.expression();
  }

  #fuzz(): void {
    this.put("fuzz");
    this.commas(3, () => this.name());
    this.maybe(() => {
      this.put("only");
      this.commas(3, () => this.name());
    });
    this.maybe(() => {
      this.put("calls");
      this.expression();
    });
    if (this.random.chance(0.6)) this.block();
    else this.put(";");
  }

  #blockOfCalls(): void {
    this.maybe(() => this.put("parallel"));
    this.put("block");
    this.block();
  }

  #nested(): readonly Part[] {
    return [
      () => this.#if(),
      () => {
        this.put("match");
        this.place();
        this.arms(0.5);
      },
      () => {
        this.put("for");
        if (this.random.chance(0.7)) this.name();
        else this.put("_");
        this.put("in");
        this.place();
        this.maybe(() => {
          this.put("..");
          this.oneOf([() => this.place(), () => this.put("10")]);
          this.maybe(() => this.put("max", "4"));
        });
        this.block();
      },
    ];
  }

  #if(): void {
    this.put("if");
    this.maybe(() => {
      this.put("let");
      this.matchPattern();
      this.put("=");
    }, 0.3);
    if (this.random.chance(0.3)) this.expression();
    else this.place();
    this.block();
    this.maybe(() => {
      this.put("else");
      if (this.random.chance(0.4)) this.#if();
      else this.block();
    });
  }

  #orElse(): void {
    this.put("else");
    this.#eventOrError();
  }

  #eventOrError(): void {
    this.name();
    this.maybe(() => {
      this.put(".");
      this.name();
    }, 0.2);
    this.args();
  }
}
