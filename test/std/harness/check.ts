/** The tests of a subject: interfaces, constructors, directed and random sequences, and that each known difference shows. */
import fc from "fast-check";
import { toFunctionSignature } from "viem";
import type { Abi, AbiFunction, AbiParameter } from "viem";
import { describe, expect, test } from "vitest";
import { runSettings } from "../../helpers/runs.ts";
import { newTally, play, playConstruction, show, showCall, sidesOf } from "./play.ts";
import type { Side, Tally } from "./play.ts";
import type { Mistake } from "./weft.ts";
import type { Block, CallSpec, Subject } from "./subject.ts";

/** Few and long ones, some 3,500 calls: opening a chain costs more than a hundred calls. WEFT_RUNS multiplies them. */
const SEQUENCES = 25;
const MAX_BLOCKS = 64;
const MAX_CALLS = 8;
const MINUTES = 60_000;
const SHRINKING_MS = MINUTES / 2;

export function checkSubject(subject: Subject): void {
  describe(`${subject.name} behaves as its Solidity original`, () => {
    test(
      "it has the same functions, with the same types, and the same errors and events",
      async () => {
        for (const side of await sidesOf(subject)) compareInterfaces(side);
      },
      // The first one to ask has solc compile the originals.
      5 * MINUTES,
    );

    test.each((subject.constructions ?? []).map((args) => [args.map(show).join(", "), args] as const))(
      "constructed with %s",
      async (_, args) => {
        await playConstruction(subject, await sidesOf(subject), args);
      },
      5 * MINUTES,
    );

    const tally = newTally();
    test.each(Object.entries(subject.directed ?? {}))(
      "%s",
      async (_, blocks) => {
        await play(subject, await sidesOf(subject), blocks, tally);
      },
      5 * MINUTES,
    );

    test(
      "in random sequences of calls",
      async () => {
        const sides = await sidesOf(subject);
        const { seed, numRuns } = runSettings(subject.name, SEQUENCES);
        let failedAt: number | undefined;
        const found = await fc.check(
          fc.asyncProperty(sequences(subject), async (blocks) => {
            // What is found by then is small enough.
            if (failedAt !== undefined && performance.now() - failedAt > SHRINKING_MS) return;
            try {
              await play(subject, sides, blocks, tally);
            } catch (error) {
              failedAt ??= performance.now();
              throw error;
            }
          }),
          { seed, numRuns, maxSkipsPerRun: 0 },
        );
        if (found.failed) {
          const [blocks] = found.counterexample ?? [[]];
          const reason = found.errorInstance instanceof Error ? found.errorInstance.message : String(found.errorInstance);
          throw new Error(`${reason}\n\nafter ${found.numShrinks} shrinks; repeat with WEFT_SEED=${found.seed}\n${showBlocks(blocks)}`);
        }
        console.log(showTally(subject, tally));
        if (numRuns < SEQUENCES) return;
        const idle = subject.calls.filter(({ title, succeeds }) => succeeds && (tally.functions.get(title)?.ok ?? 0) === 0);
        expect(
          idle.map(({ title }) => title),
          "calls that never succeeded show little",
        ).toEqual([]);
      },
      30 * MINUTES,
    );

    test("each difference that is told of was seen", () => {
      const unseen = subject.differences.filter((difference) => difference.matches !== undefined && !tally.differences.has(difference));
      expect(unseen.map(({ what }) => what)).toEqual([]);
    });
  });
}

/** What the comparison says of a library with a mistake, or that it found nothing. The seed is always the same. */
export async function findDifference(subject: Subject, mistake: Mistake): Promise<string> {
  const sides = await sidesOf(subject, mistake);
  const tally = newTally();
  try {
    for (const blocks of Object.values(subject.directed ?? {})) await play(subject, sides, blocks, tally);
    for (const blocks of fc.sample(sequences(subject), { seed: 1, numRuns: SEQUENCES })) await play(subject, sides, blocks, tally);
  } catch (error) {
    return `after ${tally.calls} calls: ${error instanceof Error ? error.message : String(error)}`;
  }
  return `nothing in ${tally.calls} calls`;
}

function sequences({ calls, seconds }: Subject): fc.Arbitrary<readonly Block[]> {
  const one = fc.oneof(...calls.map(({ weight, planned }: CallSpec) => ({ weight, arbitrary: planned })));
  const between = seconds ?? fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.integer({ min: 0, max: 100_000 }));
  const empty = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 3 }));
  return fc.array(fc.record({ seconds: between, empty, calls: fc.array(one, { minLength: 1, maxLength: MAX_CALLS, size: "max" }) }), {
    minLength: 1,
    maxLength: MAX_BLOCKS,
    size: "max",
  });
}

function compareInterfaces({ instance, solidity, weft }: Side): void {
  const gone = new Set(Object.keys(instance.absent ?? {}));
  const added = new Set(Object.keys(instance.added ?? {}));
  const renamed = instance.renamed ?? {};
  const theirs = functionsOf(solidity.abi).filter((item) => !gone.has(toFunctionSignature(item)));
  const ours = functionsOf(weft.abi);
  const expected = theirs.map((item) => signature({ ...item, name: renamed[toFunctionSignature(item)] ?? item.name }));
  const found = ours.filter((item) => !added.has(toFunctionSignature(item))).map(signature);
  expect(found.sort(), `functions of ${instance.label}`).toEqual(expected.sort());
  const [theirMessages, ourMessages] = [messagesOf(solidity.abi), messagesOf(weft.abi)];
  expect(told(ourMessages, added), `errors and events of ${instance.label}`).toEqual(told(theirMessages, gone));
  expect(
    [...functionsOf(solidity.abi).map((item) => toFunctionSignature(item)), ...theirMessages.keys()],
    "absent names what is there",
  ).toEqual(expect.arrayContaining([...gone, ...Object.keys(renamed)]));
  expect([...ours.map((item) => toFunctionSignature(item)), ...ourMessages.keys()], "added names what is there").toEqual(
    expect.arrayContaining([...added]),
  );
}

/** Errors and events, each with which parameters are indexed: `absent` and `added` name them as `error X(uint256)`, `event Y(address)`. */
function messagesOf(abi: Abi): ReadonlyMap<string, string> {
  const messages = abi.filter((entry) => entry.type === "error" || entry.type === "event");
  return new Map(
    messages.map((entry) => {
      const types = entry.inputs.map(typeOf);
      const indexed = entry.type === "event" ? entry.inputs.map((param) => param.indexed === true) : [];
      return [`${entry.type} ${entry.name}(${types.join(",")})`, `${entry.type} ${entry.name}(${types.join(",")}) ${indexed.join(",")}`];
    }),
  );
}

function told(messages: ReadonlyMap<string, string>, without: ReadonlySet<string>): readonly string[] {
  return [...messages]
    .filter(([name]) => !without.has(name))
    .map(([, whole]) => whole)
    .sort();
}

function functionsOf(abi: Abi): readonly AbiFunction[] {
  return abi.filter((entry) => entry.type === "function");
}

/** Pure functions are views here: Weft doesn't tell them apart. */
function signature(item: AbiFunction): string {
  const access = item.stateMutability === "pure" ? "view" : item.stateMutability;
  return `${toFunctionSignature(item)} ${access} -> ${item.outputs.map(typeOf).join(",")}`;
}

function typeOf(param: AbiParameter): string {
  const parts = "components" in param ? `(${param.components.map(typeOf).join(",")})` : "";
  return `${param.type}${parts}`;
}

function showBlocks(blocks: readonly Block[]): string {
  return blocks
    .map(({ seconds, empty, calls }) => {
      const lines = calls.map((planned) => `  ${showCall(planned, Array.isArray(planned.picked) ? planned.picked : [planned.picked])}`);
      return [`block after ${seconds} s and ${empty} empty blocks`, ...lines].join("\n");
    })
    .join("\n");
}

function showTally({ name }: Subject, { calls, waiting, functions, errors, differences }: Tally): string {
  const lines = [...functions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, { ok, failed }]) => `  ${title}: ${ok} ok, ${failed} failed`);
  const wrong = [...errors].sort(([a], [b]) => (a < b ? -1 : 1)).map(([error, times]) => `${error} ${times}`);
  const known = [...differences].map(([{ what }, times]) => `  known difference, ${times} times: ${what}`);
  return [`${name}: ${calls} calls, ${waiting} waited`, ...lines, `  errors: ${wrong.join(", ")}`, ...known].join("\n");
}
