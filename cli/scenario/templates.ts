/** Templates of calls, checked against the contracts' ABIs and turned into functions that make one call each. */
import { encodeArgs } from "../../runtime/abi/encode.ts";
import { findFunction } from "../../runtime/abi/receipt.ts";
import { selectorOfEntry } from "../../runtime/abi/type.ts";
import type { AbiEntry } from "../../runtime/module.ts";
import type { Hex } from "../../runtime/types.ts";
import { closest } from "../../grammar/closest.ts";
import { DEFAULT_ACCOUNT } from "../accounts.ts";
import { count } from "../failure.ts";
import type { Directory } from "./directory.ts";
import { compileValue, variableType, wantedOf } from "./generators.ts";
import type { Draw, Generator, Scope, Value, Wanted } from "./generators.ts";
import type { Random } from "../../compiler/score/random.ts";
import type { Issues, Located } from "./reader.ts";
import { UINT256 } from "./reader.ts";
import type { Template, TemplateKind } from "./scenario.ts";

/** A call before it has its nonce. */
export interface MadeCall {
  readonly from: Hex;
  readonly to: Hex;
  readonly data: Uint8Array;
  readonly value: bigint;
  readonly wrongNonce: boolean;
}

export type CallMaker = () => MadeCall;

export interface TemplateContext {
  readonly abis: ReadonlyMap<string, readonly AbiEntry[]>;
  readonly directory: Directory;
  readonly issues: Issues;
  readonly random: Random;
  /** Calls made so far, by name of their template. */
  readonly history: Map<string, MadeCall[]>;
}

/** So many recent calls of a template can be repeated. */
const HISTORY = 4_096;

const ADDRESS: Wanted = { kind: "address" };

export function compileTemplate(template: Template, each: string | undefined, context: TemplateContext): CallMaker {
  const { directory, issues, random, history } = context;
  if (template.what.kind === "again") return compileAgain(template.what, template, context);
  const scope: Scope = { directory, issues, variables: new Map(), each };
  const variables = template.variables.map(({ name, value }, index): Generator => {
    const wanted = variableType(value, issues);
    const generator = compileValue(value, wanted, scope);
    scope.variables.set(name, { index, wanted });
    return generator;
  });
  const from = compileFrom(template.from, each, scope);
  const value = template.value === undefined ? () => 0n : compileValue(template.value, { kind: "int", range: UINT256 }, scope);
  const target = compileTarget(template.what, scope, context);
  const draw: Draw = { random, caller: directory.named(DEFAULT_ACCOUNT), made: 0, variables: [] };
  // Registered before any call is made, so that `again` may name a template that stands further down.
  const made = history.get(template.name) ?? [];
  if (template.name !== "") history.set(template.name, made);
  return () => {
    variables.forEach((generator, index) => (draw.variables[index] = generator(draw)));
    draw.caller = asHex(from(draw));
    const amount = value(draw);
    const call: MadeCall = {
      from: draw.caller,
      ...target(draw),
      value: typeof amount === "bigint" ? amount : 0n,
      wrongNonce: template.wrongNonce,
    };
    if (template.name !== "") made[draw.made % HISTORY] = call;
    draw.made++;
    return call;
  };
}

function compileFrom(at: Located | undefined, each: string | undefined, scope: Scope): Generator {
  if (at !== undefined) return compileValue(at, ADDRESS, scope);
  const group = each === undefined ? undefined : scope.directory.group(each);
  if (group !== undefined) return (draw) => group[draw.made];
  const account = scope.directory.named(DEFAULT_ACCOUNT);
  return () => account;
}

type Target = (draw: Draw) => { readonly to: Hex; readonly data: Uint8Array };

function compileTarget(what: Exclude<TemplateKind, { kind: "again" }>, scope: Scope, context: TemplateContext): Target {
  const { abis, directory, issues } = context;
  const abi = abis.get(what.label);
  const nothing: Target = () => ({ to: "0x", data: new Uint8Array() });
  if (what.kind === "raw") return () => ({ to: directory.contract(what.label), data: what.data });
  if (abi === undefined) {
    issues.report("E0823", what.at, { what: "contract", name: what.label }, suggestion(what.label, abis.keys()));
    return nothing;
  }
  const entry = findFunction(abi, what.func);
  if (entry === undefined) {
    const names = abi.flatMap((known) => (known.type === "function" && known.name !== undefined ? [known.name] : []));
    issues.report("E0823", what.at, { what: "function", name: what.func }, suggestion(what.func, names));
    return nothing;
  }
  const args = compileArguments(entry, what.args, what.at, scope);
  const selector = selectorOfEntry(entry);
  return (draw) => ({
    to: directory.contract(what.label),
    data: withSelector(
      selector,
      encodeArgs(
        entry.inputs,
        args.map((arg) => arg(draw)),
      ),
    ),
  });
}

export function compileArguments(entry: AbiEntry, args: readonly Located[], at: Located, scope: Scope): readonly Generator[] {
  if (args.length !== entry.inputs.length) {
    const names = entry.inputs.map((input) => `${input.name}: ${input.type}`).join(", ");
    const expected = names === "" ? "no arguments" : `${count(entry.inputs.length, "argument")} (${names})`;
    scope.issues.report("E0821", at, { expected, found: String(args.length) });
    return [];
  }
  return args.map((arg, index) => compileValue(arg, wantedOf(entry.inputs[index]), scope));
}

function compileAgain(what: Extract<TemplateKind, { kind: "again" }>, template: Template, context: TemplateContext): CallMaker {
  const { random, history } = context;
  return () => {
    const made = history.get(what.template) ?? [];
    const earlier = made.length === 0 ? undefined : made[random.below(made.length)];
    // Before the first call of the template there is nothing to repeat: a call of no one to nowhere, which does nothing.
    const call = earlier ?? {
      from: context.directory.named(DEFAULT_ACCOUNT),
      to: NOWHERE,
      data: new Uint8Array(),
      value: 0n,
      wrongNonce: false,
    };
    return { ...call, wrongNonce: template.wrongNonce };
  };
}

const NOWHERE: Hex = `0x${"0".repeat(40)}`;

function withSelector(selector: number, args: Uint8Array): Uint8Array {
  const data = new Uint8Array(4 + args.length);
  new DataView(data.buffer).setUint32(0, selector);
  data.set(args, 4);
  return data;
}

function asHex(value: Value): Hex {
  return typeof value === "string" && value.startsWith("0x") ? `0x${value.slice(2)}` : "0x";
}

export function suggestion(name: string, known: Iterable<string>): string | undefined {
  const near = closest(name, known);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}
