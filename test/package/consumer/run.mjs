// Compiles a contract, runs a block of it on two workers, provokes every error, aborts, closes. Prints what happened.
import { readFileSync } from "node:fs";
import { compile } from "weft/compiler";
import {
  AbiError,
  CapacityError,
  ChainClosedError,
  InternalError,
  ValidationError,
  blockBuffer,
  encodeArgs,
  encodeCall,
  findFunction,
  loadModule,
  openChain,
} from "weft/runtime";

const broken = compile("broken.weft", () => "contract C {\n  state n: u65;\n}\n");
console.log("broken:", broken.diagnostics.map(({ code, span }) => `${code} at ${span.start}`).join(), broken.contracts.length);

const { diagnostics, contracts } = compile("token.weft", (path) => readFileSync(path, "utf8"));
const [token] = contracts;
console.log("compiled:", token.name, diagnostics.length);

const alice = "0x00000000000000000000000000000000000a11ce";
const account = (i) => `0x${(i + 1).toString(16).padStart(40, "0")}`;
const call = (name, args, from, nonce) => ({
  from,
  to: address,
  data: encodeCall(findFunction(token.abi, name), args),
  value: 0n,
  nonce,
  gasLimit: 100_000n,
  gasPrice: 0n,
});

const chain = await openChain({ workers: 2, sharing: "always", capacity: 2 ** 16 });
const loaded = await loadModule(token.javascript);
const inputs = token.abi.find(({ type }) => type === "constructor").inputs;
const { address, receipt } = await chain.deploy(loaded, {
  from: alice,
  args: encodeArgs(inputs, ["Gold", "GLD", 1_000_000n]),
  value: 0n,
  time: 1n,
});
console.log("deployed:", receipt.status);

const mints = Array.from({ length: 500 }, (_, i) => call("mint", [account(i), 100n], alice, BigInt(i + 1)));
const transfers = Array.from({ length: 500 }, (_, i) => call("transfer", [account((i + 1) % 500), 10n], account(i), 0n));
const { receipts, stats } = await chain.run(blockBuffer([...mints, ...transfers]), { time: 2n, mode: "parallel", trace: false });
const statuses = Array.from({ length: receipts.length }, (_, i) => receipts.statusOf(i));
console.log("block:", stats.workers, "workers, shared", stats.shared, statuses.filter((status) => status === 0).length, "succeeded");

async function thrown(name, action) {
  try {
    await action();
    console.log(`${name}: nothing thrown`);
  } catch (error) {
    // The most particular first: a closed chain is also a wrong moment.
    const kinds = { AbiError, CapacityError, ChainClosedError, InternalError, ValidationError, DOMException };
    const kind = Object.keys(kinds).find((key) => error instanceof kinds[key]) ?? error.constructor.name;
    console.log(`${name}: ${kind} ${error.name}`);
  }
}

await thrown("a wrong option", () => openChain({ workers: 0 }));
await thrown("a block committed twice", async () => chain.commit());
await thrown("a value too large", async () => encodeCall(findFunction(token.abi, "mint"), [alice, 2n ** 256n]));
await thrown("a text that is no module", () => loadModule("export const module = {};"));

const small = await openChain({ capacity: 16 });
const burns = Array.from({ length: 5_000 }, (_, i) => call("burn", [1n], account(i), 0n));
await thrown("tables too small", () => small.run(blockBuffer(burns), { time: 1n, mode: "serial", trace: false }));
await small.close();

// Nobody but the compiler should write modules: a call that touches what its plan didn't name is our bug.
const shaky = await openChain();
const faulty = await loadModule(token.javascript.replace("function planTransfer(p) {", "function planTransfer(p) { return;"));
const second = await shaky.deploy(faulty, { from: alice, args: encodeArgs(inputs, ["", "", 1n]), value: 0n, time: 1n });
const one = { ...call("transfer", [alice, 0n], alice, 1n), to: second.address };
await thrown("a plan that names nothing", () => shaky.run(blockBuffer([one]), { time: 1n, mode: "serial", trace: false }));
await shaky.close();

const before = chain.digest();
const again = blockBuffer(Array.from({ length: 500 }, (_, i) => call("transfer", [account((i + 7) % 500), 1n], account(i), 1n)));
const options = { time: 3n, mode: "parallel", trace: false };
await thrown("aborted before", () => chain.run(again, { ...options, signal: AbortSignal.abort() }));
const controller = new AbortController();
const pending = chain.run(again, { ...options, signal: controller.signal });
controller.abort();
await thrown("aborted meanwhile", () => pending);
console.log("the same state:", chain.digest() === before);
const after = await chain.run(again, { ...options, signal: new AbortController().signal });
console.log("goes on at height", chain.height, after.receipts.statusOf(499));

await chain.close();
await chain.close();
await thrown("a closed chain", () => chain.run(again, options));
