/**
 * Random blocks over contracts that call each other, few of them, so that chains, diamonds, re-entrancy, unknown targets and own writes abound: every
 * way of running a block must agree with the serial one.
 */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { account } from "../../helpers/hand-chain.ts";
import type { RelayArg, RelayCall, Relays } from "../../helpers/relays.ts";
import { openRelays } from "../../helpers/relays.ts";

const RUNS = process.env["CI"] === undefined ? 60 : 400;
const CONTRACTS = 5;

let relays: Relays;
beforeAll(async () => {
  relays = await openRelays(CONTRACTS);
});
afterAll(() => relays.close());

type Part = fc.Arbitrary<(relays: Relays) => RelayArg>;

const contract: Part = fc.nat(CONTRACTS - 1).map((index) => (all) => all.contracts[index]);
const who: Part = fc.oneof({ weight: 5, arbitrary: fc.nat(3).map((index) => () => account(index)) }, { weight: 1, arbitrary: contract });
/** Sometimes no contract at all. */
const target: Part = fc.oneof({ weight: 12, arbitrary: contract }, { weight: 1, arbitrary: who });
const amount: Part = fc
  .oneof({ weight: 6, arbitrary: fc.bigInt(0n, 20n) }, { weight: 1, arbitrary: fc.constantFrom(1001n, 13n, 2n ** 64n - 1n) })
  .map((value) => () => value);
const path: Part = fc
  .array(fc.nat(CONTRACTS - 1), { maxLength: 5 })
  .map((indexes) => (all) => indexes.map((index) => all.contracts[index]));
const raw: Part = fc.oneof(
  fc.tuple(who, amount).map(
    (parts) => (all: Relays) =>
      all.data(
        "add",
        parts.map((part) => part(all)),
      ),
  ),
  amount.map((part) => (all: Relays) => all.data("fund", [part(all)])),
  fc.constant((all: Relays) => all.data("propose", [])),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => () => bytes),
);

const FUNCTIONS: Readonly<Record<string, readonly Part[]>> = {
  add: [who, amount],
  setNext: [target],
  addNext: [amount],
  hop: [path, amount],
  fan: [path, amount],
  propose: [],
  pointsOf: [who],
  relayAdd: [target, who, amount],
  relayTotal: [target, who],
  relayWrong: [target, who, amount],
  relayWho: [target, amount],
  relayNext: [who, amount],
  diamond: [contract, contract, contract, who],
  steer: [target, who, amount],
  relayPropose: [target, amount],
  nextPropose: [],
  fund: [amount],
  forward: [target, amount, raw],
  make: [amount],
  total: [],
};

const call = fc.constantFrom(...Object.keys(FUNCTIONS)).chain((func) =>
  fc.record({
    from: fc.nat(3),
    to: fc.nat(CONTRACTS - 1),
    func: fc.constant(func),
    args: fc.tuple(...FUNCTIONS[func]),
    value: func === "fund" ? fc.bigInt(0n, 300n) : fc.constant(0n),
    gasLimit: fc.constantFrom(10_000n, 10_000n, 10_000n, 35n),
    gasPrice: fc.constantFrom(0n, 0n, 1n),
  }),
);

it("leave the same receipts, changes and state however they are run", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 2, maxLength: 30, size: "max" }), async (calls) => {
      const made: RelayCall[] = calls.map((each) => ({ ...each, args: each.args.map((part) => part(relays)) }));
      await relays.run(made);
    }),
    { numRuns: RUNS },
  );
  expect(relays.chains[0].height).toBeGreaterThan(0n);
}, 600_000);
