/** Which tests are fuzz runs, and how one of them is run. Loaded only by files that have any. */
import type { Compiled } from "../../../compiler/pipeline.ts";
import type { Contract, Test } from "../../../compiler/typed/tree.ts";
import type { Context } from "../../outcome.ts";
import type { Suite } from "../run-tests.ts";
import { runCampaign } from "./campaign.ts";
import type { FuzzOptions, FuzzReport } from "./campaign.ts";

/** A test with made-up values: one of the file, or one made for a contract. */
export interface FuzzedTest {
  readonly test: Test;
  readonly text: string;
  readonly madeFor: Contract | undefined;
}

export function isFuzzed({ params, body }: Test): boolean {
  return params.length > 0 || body.some((stmt) => stmt.kind === "fuzz");
}

export function writtenTest(test: Test, { program }: Pick<Compiled, "program">): FuzzedTest {
  const text = program.files.find(({ path }) => path === test.bodySite.path)?.text ?? "";
  return { test, text, madeFor: undefined };
}

export function runFuzzed(fuzzed: FuzzedTest, suite: Suite, options: FuzzOptions, context: Context, label: string): Promise<FuzzReport> {
  const progress = (text: string): void => context.progress(`${label}: ${text}`);
  return runCampaign({ ...fuzzed, suite, options, now: context.now, progress });
}
