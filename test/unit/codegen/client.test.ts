/** A generated client used for real: built calls run on a chain, and what comes back is read with the client's types. */
import { build } from "esbuild";
import { expect, it } from "vitest";
import { emitClient } from "../../../compiler/codegen/client.ts";
import { blockBuffer } from "../../../runtime/block.ts";
import type { Receipt } from "../../../runtime/types.ts";
import { account } from "../../helpers/accounts.ts";
import { loadAll, openChain } from "../../helpers/chains.ts";
import { fixtures } from "./fixtures.ts";

/** Imports the client and exposes it loosely: its types are checked elsewhere. */
async function load(text: string): Promise<Record<string, unknown>> {
  const stdin = { contents: text, resolveDir: import.meta.dirname, loader: "ts" } as const;
  const bundled = await build({ stdin, bundle: true, platform: "node", format: "esm", write: false });
  const url = `data:text/javascript;base64,${Buffer.from(bundled.outputFiles[0].contents).toString("base64")}`;
  const namespace: unknown = await import(/* @vite-ignore */ url);
  if (typeof namespace !== "object" || namespace === null) throw new Error("no module");
  return { ...namespace };
}

function call(target: unknown, path: readonly string[], args: readonly unknown[]): unknown {
  const func = path.reduce<unknown>(
    (object, name) => (typeof object === "object" && object !== null ? Reflect.get(object, name) : undefined),
    target,
  );
  if (typeof func !== "function") throw new Error(`no function ${path.join(".")}`);
  return Reflect.apply(func, undefined, args);
}

it("builds calls that do what they say, and reads results, events and errors", async () => {
  const [fixture] = fixtures(["test/unit/codegen/workout.weft"]);
  const { contract, compiled } = fixture;
  // The part of the runtime that encodes and decodes; workers and chains stay out of the bundle.
  const text = await emitClient({ contract, program: compiled.program, runtime: "weft/runtime" });
  const client = await load(
    text.replace(/import \{([^}]*)\} from "weft\/runtime";/, (_, names: string) =>
      names
        .split(",")
        .map((name) => name.trim())
        .map(
          (name) =>
            `import { ${name} } from "../../../runtime/abi/${name === "decodeArgs" ? "decode" : name.startsWith("encode") ? "encode" : "receipt"}.ts";`,
        )
        .join("\n"),
    ),
  );
  const alice = account("alice");
  const chain = await openChain({ genesis: [{ address: alice, balance: 10n ** 24n }], time: 1_700_000_000n });
  try {
    const module = (await loadAll(compiled)).get("Workout");
    if (module === undefined) throw new Error("no module");
    const args = call(client, ["constructorData"], [{ label: "label", scale: 4 }]);
    if (!(args instanceof Uint8Array)) throw new Error("no data");
    const { address } = await chain.deploy(module, { from: alice, args, value: 0n, time: 1_700_000_000n });
    const at = call(client, ["workoutAt"], [address]);
    const tag = `0x${"ab".repeat(32)}`;
    const options = (nonce: bigint): unknown => ({ from: alice, nonce });
    const requests: unknown[] = [
      call(at, ["put"], [{ id: 3n, note: "hello", low: -9n, mood: 2, tag }, options(1n)]),
      call(at, ["parts"], [{ id: 3n }, options(2n)]),
      call(at, ["order"], [{ id: 3n }, options(3n)]),
      call(at, ["stop"], [{ code: 1 }, options(4n)]),
      call(at, ["op_u8"], [{ op: 3, a: 1, b: 0 }, options(5n)]),
      call(at, ["ranges"], [{ range: { low: 3n, high: 4n }, flag: false }, options(6n)]),
    ];
    const receipts = await run(requests);
    expect(receipts.map((receipt) => receipt.status)).toEqual(["success", "success", "success", "reverted", "reverted", "success"]);
    expect(call(client, ["results", "put"], [receipts[0].data])).toBe(0);
    expect(call(client, ["results", "parts"], [receipts[1].data])).toEqual([{ low: -9n, high: -8n }, [2, tag], "hello", [-9n, -8n]]);
    expect(call(client, ["results", "order"], [receipts[2].data])).toMatchObject({
      owner: alice,
      mood: "Shut",
      constructor: 0,
      note: "hello",
    });
    expect(call(client, ["errorOf"], [receipts[3].data])).toEqual({
      name: "Bad",
      args: { code: 1, why: 'say "hi" */ // end', list: [1], range: { low: -9n, high: -8n } },
    });
    expect(call(client, ["errorOf"], [receipts[4].data])).toEqual({ name: "Panic", args: { code: 0x12n } });
    expect(call(client, ["results", "ranges"], [receipts[5].data])).toEqual([7n, { low: 1n, high: 2n }]);
    expect(receipts[0].logs.map((log) => call(client, ["eventOf"], [log]))).toMatchObject([
      { name: "Seen", args: { who: alice, flag: false, mood: "Shut", tag, low: -3, list: [2, 2], order: { low: -9n, high: -8n } } },
      { name: "Small", args: { a: 2, b: -1, c: tag, text: "start" } },
    ]);
  } finally {
    await chain.close();
  }

  async function run(requests: readonly unknown[]): Promise<Receipt[]> {
    const result = await chain.run(blockBuffer(requests.map(request)), { time: 1_700_000_001n, mode: "serial", trace: false });
    return requests.map((_, i) => result.receipts.at(i));
  }
});

type Request = Parameters<typeof blockBuffer>[0][number];

function request(value: unknown): Request {
  if (!isRequest(value)) throw new Error("not a call");
  return value;
}

function isRequest(value: unknown): value is Request {
  return typeof value === "object" && value !== null && "data" in value && "from" in value && "nonce" in value;
}
