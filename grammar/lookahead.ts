/**
 * Chevrotain's own way to look ahead, worked out for each choice of the grammar only when a file first gets there: a short file uses half of them, and
 * all of them take longer than `weft check` takes for the rest of it.
 */
import { LLkLookaheadStrategy } from "chevrotain";
import type { ILookaheadStrategy, IOrAlt } from "chevrotain";

type ChoiceOptions = Parameters<ILookaheadStrategy["buildLookaheadForAlternation"]>[0];
type OptionalOptions = Parameters<ILookaheadStrategy["buildLookaheadForOptional"]>[0];

export class LazyLookahead extends LLkLookaheadStrategy {
  override buildLookaheadForAlternation(options: ChoiceOptions): (alternatives?: IOrAlt<unknown>[]) => number | undefined {
    let built: ((alternatives?: IOrAlt<unknown>[]) => number | undefined) | undefined;
    const build = (): NonNullable<typeof built> => super.buildLookaheadForAlternation(options);
    // Chevrotain calls it as a method of the parser.
    return function (this: unknown, alternatives) {
      built ??= build();
      return built.call(this, alternatives);
    };
  }

  override buildLookaheadForOptional(options: OptionalOptions): () => boolean {
    let built: (() => boolean) | undefined;
    const build = (): NonNullable<typeof built> => super.buildLookaheadForOptional(options);
    return function (this: unknown) {
      built ??= build();
      return built.call(this);
    };
  }
}
