/** Random ABI types, values of them, and damage to their encodings. */
import type { AbiInput } from "../../runtime/abi/encode.ts";
import type { AbiParam } from "../../runtime/module.ts";
import type { Random } from "./random.ts";

const SIMPLE = [
  "bool",
  "address",
  "bytes",
  "string",
  "uint8",
  "uint64",
  "uint256",
  "int8",
  "int128",
  "int256",
  "bytes1",
  "bytes20",
  "bytes32",
];

export function paramOf(random: Random, depth: number): AbiParam {
  const name = random.pick(["", "a", "b", "value"]);
  const suffix = random.pick(["", "", "", "[]", "[2]", "[][]", "[3][]", "[][1]"]);
  if (depth > 0 && random.chance(0.3)) {
    const members = Array.from({ length: 1 + random.below(3) }, (_, i) => ({ ...paramOf(random, depth - 1), name: `m${i}` }));
    return { name, type: `tuple${suffix}`, components: members };
  }
  return { name, type: `${random.pick(SIMPLE)}${suffix}` };
}

export function valueOf(param: AbiParam, random: Random): AbiInput {
  const array = /^(.*)\[(\d*)\]$/.exec(param.type);
  if (array !== null) {
    const length = array[2] === "" ? random.below(4) : Number(array[2]);
    return Array.from({ length }, () => valueOf({ ...param, type: array[1] }, random));
  }
  const size = Number(/\d+$/.exec(param.type)?.[0] ?? 0);
  const bits = (count: number): bigint => {
    let value = 0n;
    for (let i = 0; i < count; i += 8) value = (value << 8n) | BigInt(random.below(256));
    return value;
  };
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => random.below(256));
  if (param.type === "tuple") return (param.components ?? []).map((member) => valueOf(member, random));
  if (param.type === "bool") return random.chance(0.5);
  if (param.type === "address") return bytes(20);
  if (param.type === "string") return random.pick(["", "plain", "é🙂", "x".repeat(40)]);
  if (param.type === "bytes") return bytes(random.below(70));
  if (param.type.startsWith("bytes")) return bytes(size);
  return param.type.startsWith("u") ? bits(size) : BigInt.asIntN(size, bits(size));
}

export function damage(data: Uint8Array, random: Random): Uint8Array {
  let bytes = Uint8Array.from(data);
  for (let i = random.below(4); i >= 0; i--) {
    const at = random.below(bytes.length + 1);
    const word = at - (at % 32);
    switch (random.below(7)) {
      case 0:
        if (at < bytes.length) bytes[at] ^= 1 << random.below(8);
        break;
      case 1:
        bytes = bytes.slice(0, at);
        break;
      case 2:
        bytes = Uint8Array.from([...bytes, ...Array.from({ length: random.below(65) }, () => random.below(256))]);
        break;
      case 3:
        // A word that may be an offset or a length: near the size of the data, or huge.
        if (word + 32 <= bytes.length)
          new DataView(bytes.buffer).setUint32(word + 28, random.chance(0.7) ? random.below(bytes.length + 64) : 0xffffffff);
        break;
      case 4:
        bytes.fill(random.pick([0, 255]), word, word + 32);
        break;
      case 5:
        bytes.copyWithin(word, 32 * random.below(bytes.length / 32 + 1), 32 * random.below(bytes.length / 32 + 1));
        break;
      default:
    }
  }
  return bytes;
}
