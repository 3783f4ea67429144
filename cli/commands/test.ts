/** `weft test`: runs the `test` blocks of files and reports each. Exit code 1 when one fails. */
import { EXIT } from "../exit.ts";
import { failure } from "../failure.ts";
import type { Context, Outcome } from "../outcome.ts";
import { testOnce } from "../testing/once.ts";
import type { TestOptions } from "../testing/options.ts";
import { findSources } from "../testing/sources.ts";

export async function test(given: readonly string[], options: TestOptions, context: Context): Promise<Outcome> {
  if (options.watch === true) return (await import("../testing/watch.ts")).watchTests(given, options, context);
  const { files, problem } = findSources(given);
  if (problem !== undefined) return failure(EXIT.usage, [problem], new Map());
  return (await testOnce(files, options, context)).outcome;
}
