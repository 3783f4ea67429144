/** Random types, parameters and patterns. */
import { TokenSource } from "./source.ts";

export abstract class TypeTokens extends TokenSource {
  protected type(): void {
    this.depth += 2;
    const inner = (): void => this.type();
    if (this.depth > 8 || this.isFull()) this.put("u8");
    else
      this.oneOf([
        () => this.put("u256"),
        () => this.put("address"),
        () => this.name(),
        () => {
          this.put(this.random.pick(["map", "list", "Pair"]));
          this.list("<", ">", () => this.oneOf([inner, () => this.put("64")]), this.random.chance(0.05) ? 0 : 1, 2);
        },
        () =>
          this.list(
            "(",
            ")",
            () => {
              this.maybe(() => this.label());
              inner();
            },
            1,
            3,
          ),
      ]);
    this.maybe(() => this.put("?"), 0.15);
    this.maybe(() => this.put("?"), 0.02);
    this.depth -= 2;
  }

  protected params(): void {
    this.list("(", ")", () => {
      this.label();
      this.type();
    });
  }

  protected pattern(): void {
    this.depth++;
    const tuple = (): void =>
      this.list("(", ")", () => (this.depth > 3 ? this.put("q") : this.pattern()), this.random.chance(0.1) ? 0 : 2, 3);
    this.oneOf([() => this.put("_"), () => this.name(), () => this.name(), tuple]);
    this.depth--;
  }

  protected matchPattern(): void {
    this.oneOf([
      () => this.put("none"),
      () => this.put("_"),
      () => {
        this.put("some", "(");
        this.pattern();
        this.put(")");
      },
      () => {
        this.name();
        this.put(".");
        this.name();
        this.maybe(() => this.oneOf([() => this.list("(", ")", () => this.pattern()), () => this.list("{", "}", () => this.name())]));
      },
    ]);
  }
}
