// A strict consumer: uses what both doors export, with and without the types of Node.
import { Bug, check, codeInfo, compile, evaluateCost, isCode, lineStarts, positionAt } from "weft/compiler";
import type * as Compiler from "weft/compiler";
import {
  AbiError,
  BlockBuilder,
  CapacityError,
  ChainClosedError,
  InternalError,
  ValidationError,
  blockBuffer,
  decodeArgs,
  decodeError,
  decodeLog,
  decodeResult,
  encodeArgs,
  encodeCall,
  findFunction,
  loadModule,
  openChain,
} from "weft/runtime";
import type * as Runtime from "weft/runtime";

/** By class, the most particular first. */
export function causeOf(error: unknown): string {
  if (error instanceof ChainClosedError) return "closed";
  if (error instanceof ValidationError || error instanceof AbiError) return error.message;
  if (error instanceof CapacityError) return `${error.what} ${error.limit}`;
  return error instanceof InternalError || error instanceof Bug ? "a bug" : "unknown";
}

const SOURCE = "contract Counter {\n  state n: u64;\n\n  pub fn add(by: u64) {\n    self.n += by;\n  }\n}\n";

/** Diagnostics as an editor would list them. */
export function problems(path: string, text: string): readonly string[] {
  const { diagnostics, files } = check(path, (wanted) => (wanted === path ? text : undefined));
  return diagnostics.map((found: Compiler.Diagnostic): string => {
    const source: string = files.get(found.path) ?? "";
    const { line, column }: Compiler.Position = positionAt(lineStarts(source), found.span.start);
    const explanation: string = isCode(found.code) ? codeInfo(found.code).explanation : "";
    const notes: readonly Compiler.Note[] = found.notes;
    return `${found.path}:${line}:${column} ${found.severity} ${found.message} ${explanation} ${notes.length}`;
  });
}

/** The typed results: who touches what, and at what cost. */
export function accesses(): ReadonlyMap<string, number> {
  const { compiled, contracts }: Compiler.Compilation = compile("counter.weft", () => SOURCE);
  const found = new Map<string, number>();
  for (const contract of contracts) {
    const { name, abi, layout, javascript, typescript, footprint }: Compiler.ContractOutputs = contract;
    const leaves: readonly Compiler.Leaf[] = footprint.leaves;
    found.set(
      `${name} ${layout.fields.map((field: Compiler.FieldLayout) => field.name).join()}`,
      abi.length + leaves.length + javascript.length + typescript.length,
    );
  }
  for (const [id, bound] of compiled?.costs ?? []) {
    const func: Compiler.Func | undefined = compiled?.program.functions.get(id);
    found.set(func?.name ?? "", Number(evaluateCost(bound, [])));
  }
  return found;
}

export async function clientOf(contract: Compiler.ContractOutputs): Promise<string> {
  return contract.client("weft/runtime");
}

/** The ABI of the compiler is what the runtime's encoder takes. */
export function encodeAdd(contract: Compiler.ContractOutputs, by: bigint): Uint8Array {
  const entry: Runtime.AbiEntry | undefined = findFunction(contract.abi, "add");
  if (entry === undefined) throw new Bug("no function add");
  const input: Runtime.AbiInput = by;
  return encodeCall(entry, [input]);
}

export async function play(contract: Compiler.ContractOutputs, signal: Runtime.StopSignal): Promise<readonly string[]> {
  const from: Runtime.Hex = "0x00000000000000000000000000000000000a11ce";
  const chain: Runtime.Chain = await openChain({ workers: 2, genesis: [{ address: from, balance: 10n }] });
  const loaded: Runtime.LoadedModule = await loadModule(contract.javascript);
  const options: Runtime.DeployOptions = { from, args: encodeArgs([], []), value: 0n, time: 1n };
  const { address }: Runtime.DeployResult = await chain.deploy(loaded, options);
  const call: Runtime.CallRequest = {
    from,
    to: address,
    data: encodeAdd(contract, 1n),
    value: 0n,
    nonce: 1n,
    gasLimit: 1_000n,
    gasPrice: 0n,
  };
  const builder = new BlockBuilder(1, call.data.length);
  builder.add(call);
  const one: Runtime.BlockBuffer = builder.finish();
  const block: Runtime.BlockBuffer = one.length === 1 ? one : blockBuffer([call]);
  const result: Runtime.BlockResult = await chain.run(block, { time: 2n, mode: "parallel", trace: false, signal });
  const receipt: Runtime.Receipt = result.receipts.at(0);
  const abi = chain.abiOf(address) ?? [];
  const getter = findFunction(abi, "n");
  const view: Runtime.ViewResult = chain.view({ from, to: address, data: new Uint8Array(4), value: 0n });
  const messages: readonly (Runtime.DecodedMessage | undefined)[] = [
    decodeError(abi, receipt.data),
    ...receipt.logs.map((log) => decodeLog(abi, log)),
  ];
  const values: readonly Runtime.NamedValue[] = (getter === undefined ? undefined : decodeResult(getter, view.data)) ?? [];
  const raw: readonly Runtime.NamedValue[] | undefined = decodeArgs(getter?.outputs ?? [], view.data);
  const cells: readonly Runtime.Cell[] = [...chain.cells()];
  await chain.close();
  return [
    ...messages.map((message) => message?.name ?? ""),
    ...[...values, ...(raw ?? [])].map(({ name }) => name),
    ...cells.map((cell) => cell.field),
  ];
}
