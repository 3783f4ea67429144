import { expect, test } from "vitest";
import { compile } from "../../../compiler/pipeline.ts";
import { emitModule } from "../../../compiler/codegen/module.ts";
import { blockBuffer } from "../../../runtime/block.ts";
import { openChain } from "../../../runtime/chain.ts";
import { decodeError, findFunction } from "../../../runtime/abi/receipt.ts";
import { encodeCall } from "../../../runtime/abi/encode.ts";
import { loadModule } from "../../../runtime/load.ts";
import type { StateMemory } from "../../../runtime/state/state.ts";
import { writeBig } from "../../../runtime/state/column.ts";
import type { CallRequest, Hex } from "../../../runtime/types.ts";

const SOURCE = `
contract Counter {
  state numbers: sequence<u32>;
  state marks: map<u32, u64>;
  pub fn draw(early: bool) -> u32 {
    if early { return 0; }
    let number = self.numbers.next();
    self.marks[number] = 7;
    return number;
  }
}`;
const ALICE: Hex = `0x${"a1".repeat(20)}`;

/** The chain's own memory: nobody draws four thousand million numbers in a test. */
function stateOf(chain: object): StateMemory {
  return Reflect.get(chain, "state") as StateMemory;
}

test.each(["serial", "parallel"] as const)(
  "T3: beyond the range of its type a call reverts when it reaches the number (%s)",
  async (mode) => {
    const { compiled } = compile("counter.weft", (path) => (path === "counter.weft" ? SOURCE : undefined));
    if (compiled === undefined) throw new Error("the contract doesn't compile");
    const { program, footprints, costs } = compiled;
    const loaded = await loadModule(emitModule({ contract: program.contracts[0], program, footprints, costs }, "javascript"));
    const chain = await openChain({ workers: mode === "serial" ? 1 : 2, sharing: "always", capacity: 64 });
    const { address } = await chain.deploy(loaded, { from: ALICE, args: new Uint8Array(0), value: 0n, time: 0n });
    writeBig(stateOf(chain).codes[0].columns[1], 1, 2n ** 32n - 1n);

    const entry = findFunction(loaded.module.abi, "draw");
    if (entry === undefined) throw new Error("no function draw");
    const draw = (early: boolean, nonce: bigint): CallRequest => {
      return { from: ALICE, to: address, data: encodeCall(entry, [early]), value: 0n, nonce, gasLimit: 10_000n, gasPrice: 0n };
    };
    const { receipts } = await chain.run(blockBuffer([draw(false, 1n), draw(false, 2n), draw(true, 3n), draw(false, 4n)]), {
      time: 0n,
      mode,
      trace: false,
    });

    expect([0, 1, 2, 3].map((call) => receipts.at(call).status)).toEqual(["success", "reverted", "success", "reverted"]);
    expect(BigInt(`0x${Buffer.from(receipts.at(0).data).toString("hex")}`)).toBe(2n ** 32n - 1n);
    expect(decodeError(loaded.module.abi, receipts.at(1).data)?.name).toBe("SequenceExhausted");
    const marks = [...chain.cells()].filter((cell) => cell.field === "marks").map((cell) => cell.keys[0]);
    expect(marks).toEqual([2n ** 32n - 1n]);
    await chain.close();
  },
);
