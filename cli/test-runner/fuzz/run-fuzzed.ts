/** Which tests are fuzz runs, and how those of a file are run. */
import type { Compiled } from "../../../compiler/pipeline.ts";
import type { Contract, Test } from "../../../compiler/typed/tree.ts";
import type { Context } from "../../outcome.ts";
import type { Reached } from "../coverage.ts";
import type { Suite } from "../run-tests.ts";
import { Arena } from "./arena.ts";
import { automaticTests } from "./automatic.ts";
import type { Skipped } from "./automatic.ts";
import { accountsOfAll, runCampaign } from "./campaign.ts";
import type { FuzzOptions, FuzzReport } from "./campaign.ts";

/** A test with made-up values: one of the file, or one made for a contract. */
export interface FuzzedTest {
  readonly test: Test;
  readonly text: string;
  readonly madeFor: Contract | undefined;
}

/** A test, and what a fuzz run needs of it if its values are made up. */
export interface AnyTest {
  readonly test: Test;
  readonly fuzzed: FuzzedTest | undefined;
}

/** The tests of the file, and those made for its contracts with invariants. */
export function testsOf({ program }: Pick<Compiled, "program">): {
  readonly tests: readonly AnyTest[];
  readonly skipped: readonly Skipped[];
} {
  const written = program.tests.map((test): AnyTest => {
    const text = program.files.find(({ path }) => path === test.bodySite.path)?.text ?? "";
    return { test, fuzzed: isFuzzed(test) ? { test, text, madeFor: undefined } : undefined };
  });
  const automatic = automaticTests(program);
  const made = automatic.tests.map(({ contract, test, text }): AnyTest => ({ test, fuzzed: { test, text, madeFor: contract } }));
  return { tests: [...written, ...made], skipped: automatic.skipped };
}

function isFuzzed({ params, body }: Test): boolean {
  return params.length > 0 || body.some((stmt) => stmt.kind === "fuzz");
}

/** Runs fuzz tests of one file. Close it when they are over. */
export interface Fuzzer {
  /** `label` stands before what is shown while it runs. */
  readonly run: (fuzzed: FuzzedTest, options: FuzzOptions, label: string) => Promise<FuzzReport>;
  readonly close: () => Promise<void>;
}

/** `reached` is told what runs of functions outside contracts. */
export function createFuzzer(tests: readonly Test[], suite: Suite, { now, progress }: Context, reached?: Reached): Fuzzer {
  const arena = new Arena(suite, accountsOfAll(tests));
  return {
    run: (fuzzed, options, label) =>
      runCampaign({ ...fuzzed, suite, arena, options, reached, now, progress: (text) => progress(`${label}: ${text}`) }),
    close: () => arena.close(),
  };
}
