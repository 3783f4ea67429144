/**
 * The call that `weft footprint --call` and `--data` speak of: which function, with which arguments, made by whom. Everything that is wrong is a
 * diagnostic with a place in the option it stands in.
 */
import type { Expr } from "../../grammar/ast.ts";
import { closest } from "../../grammar/closest.ts";
import type { Type } from "../../compiler/core/types.ts";
import type { Code } from "../../compiler/diagnostics/codes.ts";
import { diagnose } from "../../compiler/diagnostics/report.ts";
import type { Concrete } from "../../compiler/footprint/concrete-value.ts";
import { count } from "../failure.ts";
import { decodeCalldata } from "./calldata.ts";
import { readLiteral } from "./literals.ts";
import type { LiteralReader } from "./literals.ts";
import { readExpression } from "./read-expression.ts";
import { functionsOf } from "./reading.ts";
import type { CallOptions, ReadCall, Reading, Target } from "./reading.ts";

const ADDRESS: Type = { kind: "address" };
const U256: Type = { kind: "int", signed: false, bits: 256 };

/** Undefined when something is wrong: `diagnostics` says what. `texts` are those that diagnostics point into. */
export function readCall(reading: Reading, options: CallOptions): ReadCall | undefined {
  const { said } = options;
  const target = said.kind === "call" ? writtenCall(reading, said.text) : decodeCalldata(reading, said.text);
  const caller = textOption(reading, "--caller", options.caller, ADDRESS);
  const address = textOption(reading, "--address", options.address, ADDRESS);
  const value = textOption(reading, "--value", options.value, U256) ?? 0n;
  if (target !== undefined && value !== 0n && target.func.mutability !== "payable") {
    const problem = `\`${target.func.name}\` isn't payable: a call of it that brings coin reverts`;
    reading.diagnostics.push(diagnose("E0810", { path: "--value", span: { start: 0, end: 0 } }, { problem }));
  }
  if (target === undefined || reading.diagnostics.length > 0) return undefined;
  return {
    ...target,
    caller: textOf(caller),
    address: textOf(address),
    value: typeof value === "bigint" ? value : 0n,
    names: reading.names,
  };
}

/** What `files` of an outcome must hold for frames around the arguments. */
export function optionTexts({ said, caller, value, address }: CallOptions): ReadonlyMap<string, string> {
  const all = { [`--${said.kind}`]: said.text, "--caller": caller, "--value": value, "--address": address };
  return new Map(Object.entries(all).flatMap(([name, text]): [string, string][] => (text === undefined ? [] : [[name, text]])));
}

function textOf(value: Concrete | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textOption(reading: Reading, option: string, given: string | undefined, type: Type): Concrete | undefined {
  if (given === undefined) return undefined;
  const read = readExpression(option, given);
  if (read.kind === "expression") return readLiteral(readerOf(reading, option, given, read.offset), read.expr, type);
  reading.diagnostics.push(...read.diagnostics);
  return undefined;
}

function readerOf(reading: Reading, option: string, given: string, offset: number): LiteralReader {
  const shift = ({ start, end }: Expr["span"]): Expr["span"] => ({ start: start - offset, end: end - offset });
  return {
    source: (span) => given.slice(shift(span).start, shift(span).end),
    report: (code: Code, span, values, help) => {
      reading.diagnostics.push(diagnose(code, { path: option, span: shift(span) }, values, help === undefined ? {} : { help }));
    },
    account: (address, name) => void reading.names.set(address, name),
  };
}

// --- calls as they are written -------------------------------------------------------------------------------------

function writtenCall(reading: Reading, given: string): Target | undefined {
  const read = readExpression("--call", given);
  if (read.kind === "problems") {
    reading.diagnostics.push(...read.diagnostics);
    return undefined;
  }
  const reader = readerOf(reading, "--call", given, read.offset);
  const { expr } = read;
  if (expr.kind !== "call") {
    const help =
      expr.kind === "as"
        ? "say who calls with `--caller`, and what coin goes along with `--value`"
        : "write `Contract.function(arguments)`";
    reader.report("E0810", expr.span, { problem: "this is not a call of a function" }, help);
    return undefined;
  }
  const found = namedFunction(reading, reader, expr.callee);
  if (found === undefined) return undefined;
  const { params, name } = found.func;
  if (expr.args.length !== params.length) {
    const help = params.length === 0 ? undefined : `its parameters are ${params.map((param) => `\`${param.name}\``).join(", ")}`;
    reader.report("E0304", expr.span, { name, expected: count(params.length, "argument"), found: expr.args.length }, help);
    return undefined;
  }
  const args = expr.args.map((arg, i) => readLiteral(reader, arg, params[i].type));
  const known = args.filter((arg) => arg !== undefined);
  return known.length === args.length ? { ...found, args: known } : undefined;
}

function namedFunction(reading: Reading, reader: LiteralReader, callee: Expr): Omit<Target, "args"> | undefined {
  const { footprints } = reading;
  if (callee.kind === "name") return lonelyFunction(reading, reader, callee);
  if (callee.kind !== "member" || callee.object.kind !== "name") {
    reader.report("E0810", callee.span, { problem: "this names no function" }, "write `Contract.function(arguments)`");
    return undefined;
  }
  const { object, name } = callee;
  const footprint = footprints.find(({ contract }) => contract.name === object.name);
  if (footprint === undefined) {
    const names = footprints.map(({ contract }) => contract.name);
    reader.report("E0202", object.span, { what: "contract", name: object.name }, helpOf(object.name, names));
    return undefined;
  }
  const functions = functionsOf(reading, footprint);
  const func = functions.find((each) => each.name === name.text);
  if (func !== undefined) return { footprint, func };
  const span = { start: name.start, end: name.end };
  const names = functions.map((each) => each.name);
  reader.report("E0203", span, { owner: `contract \`${object.name}\``, what: "function", name: name.text }, helpOf(name.text, names));
  return undefined;
}

/** A function without its contract: fine when only one has it. */
function lonelyFunction(
  reading: Reading,
  reader: LiteralReader,
  { name, span }: Extract<Expr, { kind: "name" }>,
): Omit<Target, "args"> | undefined {
  const all = reading.footprints.flatMap((footprint) => functionsOf(reading, footprint).map((func) => ({ footprint, func })));
  const found = all.filter(({ func }) => func.name === name);
  if (found.length === 1) return found[0];
  if (found.length === 0) {
    const names = all.map(({ func }) => func.name);
    reader.report("E0202", span, { what: "function", name }, helpOf(name, names));
  } else {
    const owners = found.map(({ footprint }) => `\`${footprint.contract.name}.${name}\``).join(", ");
    reader.report("E0810", span, { problem: `several contracts have a function \`${name}\`` }, `write one of ${owners}`);
  }
  return undefined;
}

function helpOf(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  return near === undefined ? `there is ${known.map((each) => `\`${each}\``).join(", ") || "none"}` : `did you mean \`${near}\`?`;
}
