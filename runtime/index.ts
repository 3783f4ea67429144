/**
 * The public door of the runtime: chains, block buffers, modules from text, ABI encoding and decoding. Everything else is private to this folder.
 */
export { BlockBuilder, blockBuffer } from "./block.ts";
export { openChain } from "./chain.ts";
export { loadModule } from "./load.ts";
export { ChainClosedError, ValidationError } from "./errors.ts";
export { InternalError } from "./execute/internal-error.ts";
export { CapacityError } from "./state/capacity-error.ts";
export { decodeArgs, decodeCall } from "./abi/decode.ts";
export type { AbiValue, NamedValue } from "./abi/decode.ts";
export { encodeArgs, encodeCall, encodeError, encodeEvent, encodeResult } from "./abi/encode.ts";
export { AbiError } from "./abi/type.ts";
export type { AbiInput } from "./abi/encode.ts";
export { decodeError, decodeLog, decodeResult, findFunction, topicHex } from "./abi/receipt.ts";
export type { DecodedMessage } from "./abi/receipt.ts";
export type * from "./module.ts";
export type * from "./types.ts";
