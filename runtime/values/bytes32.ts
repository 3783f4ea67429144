/**
 * 32 bytes, big-endian, as a number and back.
 */

export function bigOf(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let value = 0n;
  for (let at = 0; at < bytes.length; at += 8) value = (value << 64n) | view.getBigUint64(at);
  return value;
}

export function bytes32Of(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  for (let lane = 0; lane < 4; lane++) view.setBigUint64(24 - lane * 8, BigInt.asUintN(64, value >> BigInt(64 * lane)));
  return bytes;
}
