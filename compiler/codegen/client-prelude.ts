/** The part of every client that is the same: options of calls, and readers that check what the decoder gave. */

/** In the order in which they stand in a client; each begins with its declaration, maybe behind a comment. */
const PARTS: readonly string[] = [
  `/** Who calls, and what the call may cost. */
export interface CallOptions {
  readonly from: Hex;
  /** Of the sender's calls so far: 0 for the first one. */
  readonly nonce?: bigint;
  readonly gasLimit?: bigint;
  readonly gasPrice?: bigint;
}`,
  `export interface PayableOptions extends CallOptions {
  /** Native coin that goes along. */
  readonly value?: bigint;
}`,
  `/** Errors of the language itself. */
export type BuiltInError =
  | { readonly name: "Panic"; readonly args: { readonly code: bigint } }
  | { readonly name: "InsufficientFunds"; readonly args: { readonly needed: bigint } }
  | { readonly name: "Reentrancy" | "CallTooDeep" | "OutOfGas" | "SequenceExhausted" | "DynamicTicket"; readonly args: Record<never, never> };`,
  `const PLENTY_OF_GAS = 0xffffffffffffffffn;`,
  `function request(to: Hex, entry: AbiEntry, args: readonly AbiInput[], options: PayableOptions): CallRequest {
  const { from, nonce = 0n, gasLimit = PLENTY_OF_GAS, gasPrice = 0n, value = 0n } = options;
  return { from, to, data: encodeCall(entry, args), value, nonce, gasLimit, gasPrice };
}`,
  `function entryAt(index: number): AbiEntry {
  const entry = abi[index];
  if (entry === undefined) throw new TypeError("no such entry of the ABI");
  return entry;
}`,
  `function builtInError(name: string, args: readonly AbiValue[]): BuiltInError | undefined {
  switch (name) {
    case "Panic":
      return { name, args: { code: bigintOf(args[0]) } };
    case "InsufficientFunds":
      return { name, args: { needed: bigintOf(args[0]) } };
    case "Reentrancy":
    case "CallTooDeep":
    case "OutOfGas":
    case "SequenceExhausted":
    case "DynamicTicket":
      return { name, args: {} };
    default:
      return undefined;
  }
}`,
  `function valuesOf(params: AbiEntry["inputs"], data: Uint8Array): readonly AbiValue[] {
  const values = decodeArgs(params, data);
  if (values === undefined) throw new TypeError("not the return data of this function");
  return values.map((each) => each.value);
}`,
  `function booleanOf(value: AbiValue | undefined): boolean {
  if (typeof value !== "boolean") throw new TypeError("expected a bool");
  return value;
}`,
  `function bigintOf(value: AbiValue | undefined): bigint {
  if (typeof value !== "bigint") throw new TypeError("expected an integer");
  return value;
}`,
  `function textOf(value: AbiValue | undefined): string {
  if (typeof value !== "string") throw new TypeError("expected text");
  return value;
}`,
  `function hexOf(value: AbiValue | undefined): Hex {
  if (!isHex(value)) throw new TypeError("expected hex digits");
  return value;
}`,
  `function isHex(value: AbiValue | undefined): value is Hex {
  return typeof value === "string" && value.startsWith("0x");
}`,
  `function bytesOf(value: AbiValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError("expected bytes");
  return value;
}`,
  `function itemsOf(value: AbiValue | undefined): readonly AbiValue[] {
  if (typeof value !== "object" || value instanceof Uint8Array) throw new TypeError("expected a list");
  return value;
}`,
  `function variantOf<T extends string>(variants: readonly T[], value: AbiValue | undefined): T {
  const variant = variants.at(Number(bigintOf(value)));
  if (variant === undefined) throw new TypeError("expected a variant");
  return variant;
}`,
];

const DECLARED = /^(?:export )?(?:interface|type|const|function) (\w+)/m;

/** What a client with this text needs, and what that needs in turn. */
export function preludeFor(text: string): string {
  const kept = new Set<string>();
  const isUsed = (part: string): boolean => {
    const name = DECLARED.exec(part)?.[1] ?? "";
    const word = new RegExp(`\\b${name}\\b`);
    return [text, ...kept].some((place) => place !== part && word.test(place));
  };
  for (let before = -1; before !== kept.size;) {
    before = kept.size;
    for (const part of PARTS) if (isUsed(part)) kept.add(part);
  }
  return `${PARTS.filter((part) => kept.has(part)).join("\n\n")}\n`;
}
