/**
 * The Ethereum JSON ABI of a contract as solc would write it, and the topics of its events. Plain data by the Contract ABI
 * specification; enums are uint8, typed addresses are address, structs and tuples have components.
 */
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { abiSignature, abiType, selectorOf as selectorOfSignature } from "../core/selector.ts";
import type { Type } from "../core/types.ts";
import type { Contract, ErrorDef, EventDef, Func, FuncId, Program } from "../typed/tree.ts";
import { reachableFrom } from "./reachable.ts";
import { functionOf } from "./scope.ts";

export interface AbiParam {
  readonly name: string;
  readonly type: string;
  readonly internalType: string;
  readonly indexed?: boolean;
  readonly components?: readonly AbiParam[];
}

export interface AbiEntry {
  readonly type: "function" | "constructor" | "event" | "error";
  readonly name?: string;
  readonly inputs: readonly AbiParam[];
  readonly outputs?: readonly AbiParam[];
  readonly stateMutability?: "view" | "nonpayable" | "payable";
  readonly anonymous?: boolean;
}

/** The constructor, functions in order with the getters last, events, errors. */
export function abiOf(contract: Contract, program: Program): readonly AbiEntry[] {
  const { events, errors } = reachableFrom(contract, program);
  const init = functionOf(program, contract.init);
  return [
    { type: "constructor", inputs: inputsOf(init), stateMutability: mutabilityOf(init) },
    ...contract.external.map((id) => functionEntry(program, id)),
    ...events.map(eventEntry),
    ...errors.map(errorEntry),
  ];
}

/** `transfer(address,uint256)` */
export function signatureOf(func: Func): string {
  return abiSignature(
    func.role === "init" ? "constructor" : func.name,
    func.params.map((param) => param.type),
  );
}

/** Lower case, `0x` and 8 digits. */
export function selectorOf(func: Func): string {
  return selectorOfSignature(signatureOf(func));
}

/** 32 bytes, lower case with `0x`. */
export function topicOf(event: EventDef): string {
  const signature = abiSignature(
    event.name,
    event.params.map((param) => param.type),
  );
  return `0x${bytesToHex(keccak_256(utf8ToBytes(signature)))}`;
}

export function mutabilityOf(func: Func): "view" | "nonpayable" | "payable" {
  return func.mutability === "write" || (func.role === "init" && func.mutability === "view") ? "nonpayable" : func.mutability;
}

function functionEntry(program: Program, id: FuncId): AbiEntry {
  const func = functionOf(program, id);
  return {
    type: "function",
    name: func.name,
    inputs: inputsOf(func),
    outputs: outputsOf(func.result),
    stateMutability: mutabilityOf(func),
  };
}

function eventEntry(event: EventDef): AbiEntry {
  const inputs = event.params.map((param) => ({ ...paramOf(param.name, param.type), indexed: param.indexed }));
  return { type: "event", name: event.name, inputs, anonymous: false };
}

function errorEntry(error: ErrorDef): AbiEntry {
  return { type: "error", name: error.name, inputs: error.params.map((param) => paramOf(param.name, param.type)) };
}

function inputsOf(func: Func): readonly AbiParam[] {
  return func.params.map((param) => paramOf(param.name, param.type));
}

/** A tuple as result is several outputs. */
function outputsOf(type: Type): readonly AbiParam[] {
  if (type.kind === "unit") return [];
  if (type.kind === "tuple") return type.elements.map((element) => paramOf(element.name ?? "", element.type));
  return [paramOf("", type)];
}

function paramOf(name: string, type: Type): AbiParam {
  const components = componentsOf(type);
  const base = { name, type: components === undefined ? abiType(type) : tupleName(type), internalType: internalTypeOf(type) };
  return components === undefined ? base : { ...base, components };
}

/** Of a struct or tuple, or of a list of them. */
function componentsOf(type: Type): readonly AbiParam[] | undefined {
  switch (type.kind) {
    case "struct":
      return type.fields.map((field) => paramOf(field.name, field.type));
    case "tuple":
      return type.elements.map((element) => paramOf(element.name ?? "", element.type));
    case "list":
      return componentsOf(type.element);
    default:
      return undefined;
  }
}

function tupleName(type: Type): string {
  return type.kind === "list" ? `${tupleName(type.element)}[]` : "tuple";
}

function internalTypeOf(type: Type): string {
  switch (type.kind) {
    case "struct":
      return `struct ${type.name}`;
    case "enum":
      return `enum ${type.name}`;
    case "handle":
      return `contract ${type.name}`;
    case "list":
      return `${internalTypeOf(type.element)}[]`;
    case "tuple":
      return "tuple";
    default:
      return abiType(type);
  }
}
