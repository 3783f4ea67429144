/** The chain as a library: codes loaded ahead, blocks ended by a signal, options with slips, the end. */
import { describe, expect, it } from "vitest";
import { blockBuffer } from "../../../runtime/block.ts";
import { openChain } from "../../../runtime/chain.ts";
import { ChainClosedError, ValidationError } from "../../../runtime/errors.ts";
import type { Chain, LoadedModule } from "../../../runtime/types.ts";
import { account, argWords, callData, loadHand, openHand, SMALL } from "../../helpers/hand-chain.ts";

const RUN = { time: 1n, mode: "parallel", trace: false } as const;

describe("codes", () => {
  const deploy = (chain: Chain, loaded: LoadedModule): Promise<unknown> =>
    chain.deploy(loaded, { from: account(0), args: argWords([0n]), value: 0n, time: 0n });

  it("that a contract creates must be loaded before it is deployed", async () => {
    const chain = await openChain({ capacity: 64 });
    const relay = await loadHand("relay");
    const counter = await loadHand("counter");
    const maker = {
      ...relay,
      module: { ...relay.module, codeHash: "0x01", creates: [{ name: "Counter", codeHash: counter.module.codeHash }] },
    };
    await expect(deploy(chain, maker)).rejects.toThrow("`Relay` creates `Counter`, whose code isn't loaded: call `load` with it first");
    await chain.load(counter);
    await chain.load(counter);
    await expect(deploy(chain, maker)).resolves.toBeDefined();
    await chain.close();
  });
});

describe("a signal", () => {
  it.each([1, 2])("ends a block between its stages, and nothing of it stays (%i threads)", async (workers) => {
    const hand = await openHand("token", [1000n], { workers });
    const block = hand.block(Array.from({ length: 50 }, () => ({ from: 1, func: "mint", args: [account(2), 1n] })));
    const before = hand.chain.digest();
    const reason = new Error("enough");
    await expect(hand.chain.run(block, { ...RUN, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const running = hand.chain.execute(block, { ...RUN, signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(hand.chain.digest()).toBe(before);
    expect(hand.chain.nonceOf(account(1))).toBe(0n);
    await hand.chain.run(block, { ...RUN, signal: new AbortController().signal });
    expect(hand.chain.nonceOf(account(1))).toBe(50n);
    await hand.chain.close();
  });
});

describe("options", () => {
  it("that don't exist are refused, with what may have been meant", async () => {
    const slip = { capacity: 64, worker: 2 };
    await expect(openChain(slip)).rejects.toThrow("no option `worker`; did you mean `workers`?");
    const strange = { capacity: 64, telemetry: true };
    await expect(openChain(strange)).rejects.toThrow(/^no option `telemetry`$/);
    await expect(openChain(strange)).rejects.toBeInstanceOf(ValidationError);
  });
});

describe("a closed chain", () => {
  it("may be closed again, at once or later, and says so to whoever goes on", async () => {
    const loaded = await loadHand("token");
    const chain = await openChain({ ...SMALL, workers: 2 });
    await Promise.all([chain.close(), chain.close()]);
    await chain.close();
    const request = { from: account(0), to: account(1), data: callData(loaded, "balanceOf", [account(0)]), value: 0n };
    expect(() => chain.view(request)).toThrow(ChainClosedError);
    await expect(chain.run(blockBuffer([]), RUN)).rejects.toThrow("the chain is closed");
    await expect(chain.load(loaded)).rejects.toThrow(ChainClosedError);
  });
});
