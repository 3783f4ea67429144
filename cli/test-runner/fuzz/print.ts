/** A failing case as a test of the language: it can be pasted into the file, and fails there in the same way without any random values. */
import { unreachable } from "../../../compiler/core/bug.ts";
import { showType } from "../../../compiler/core/types.ts";
import type { Type } from "../../../compiler/core/types.ts";
import type { Test, TestStmt } from "../../../compiler/typed/tree.ts";
import { asInteger, isList, membersOf } from "../values.ts";
import type { Names, TestValue } from "../values.ts";
import type { CallStep, Case, Step } from "./cases.ts";
import { isAddress } from "./cases.ts";
import type { FuzzStmt } from "./player.ts";

export interface Printed {
  readonly test: Test;
  readonly found: Case;
  readonly names: Names;
  /** Calls that the contract refuses. */
  readonly reverted: ReadonlySet<Step>;
  /** The `fuzz` statement during which it fails: what comes after it isn't needed. */
  readonly during: number | undefined;
  readonly text: string;
}

export function printCase({ test, found, names, reverted, during, text }: Printed): string {
  const lets = test.params.map(
    (param, i) => `let ${param.name}: ${showType(param.type)} = ${literal(found.params[i], param.type, names, [])};`,
  );
  const body = bodyText(test, text, (stmt, index) => printPlay(stmt, found.plays.at(index) ?? [], names, reverted), during);
  return `test ${quote(`${test.title}: counterexample`)} {\n${lets.map((line) => `  ${line}\n`).join("")}${body}}\n`;
}

/** The text of the body, with its random calls replaced by those of the case, and every `require` by an `assert`. */
function bodyText(
  test: Test,
  text: string,
  play: (stmt: FuzzStmt, index: number) => readonly string[],
  during: number | undefined,
): string {
  const pieces: string[] = [];
  let at = test.bodySite.span.start + 1;
  let end = Math.max(at, test.bodySite.span.end - 1);
  let index = 0;
  for (const stmt of replaced(test.body)) {
    if (stmt.site.span.start < at || stmt.site.span.end > end) continue;
    pieces.push(text.slice(at, stmt.site.span.start));
    if (stmt.kind === "require") {
      pieces.push("assert");
      at = stmt.site.span.start + "require".length;
      continue;
    }
    const indent = indentBefore(text, stmt.site.span.start);
    const checks = stmt.body.length === 0 ? [] : [text.slice(stmt.body[0].site.span.start, stmt.body[stmt.body.length - 1].site.span.end)];
    const lines = [
      ...play(stmt, index),
      ...(during === index ? checks.map((check) => check.replaceAll(`\n${indent}  `, `\n${indent}`)) : []),
    ];
    pieces.push(lines.join(`\n${indent}`));
    at = stmt.site.span.end;
    if (during === index) end = at;
    index++;
  }
  pieces.push(text.slice(at, end));
  const whole = pieces.join("").trimEnd();
  if (whole === "") return "";
  return /^[ \t]*\n/.test(whole) ? `${whole.replace(/^[ \t]*\n/, "")}\n` : `  ${whole.trimStart()}\n`;
}

function replaced(body: readonly TestStmt[]): readonly Extract<TestStmt, { kind: "fuzz" | "require" }>[] {
  return body.flatMap((stmt): readonly Extract<TestStmt, { kind: "fuzz" | "require" }>[] => {
    switch (stmt.kind) {
      case "fuzz":
      case "require":
        return [stmt];
      case "if":
        return [...replaced(stmt.then), ...replaced(stmt.otherwise)];
      case "forList":
      case "forRange":
        return replaced(stmt.body);
      default:
        return [];
    }
  });
}

/** Two spaces where the statement doesn't begin a line. */
function indentBefore(text: string, at: number): string {
  return /\n([ \t]*)$/.exec(text.slice(Math.max(0, at - 64), at))?.[1] ?? "  ";
}

function printPlay(stmt: FuzzStmt, steps: readonly Step[], names: Names, reverted: ReadonlySet<Step>): readonly string[] {
  const lines: string[] = [];
  for (let i = 0; i < steps.length;) {
    const step = steps[i];
    if (step.kind === "advance") {
      lines.push(`advance ${step.what} ${group(step.by)};`);
      i++;
      continue;
    }
    const together: CallStep[] = [step];
    for (let next = steps.at(i + together.length); next?.kind === "call" && next.joined; next = steps.at(i + together.length))
      together.push(next);
    i += together.length;
    const calls = together.map((call) => printCall(stmt, call, names, reverted.has(call)));
    if (calls.length === 1) lines.push(calls[0]);
    else lines.push("block {", ...calls.map((call) => `  ${call}`), "}");
  }
  return lines;
}

function printCall(stmt: FuzzStmt, { target, func, args, from, value }: CallStep, names: Names, fails: boolean): string {
  const handles = stmt.targets.map((each) => ({ name: each.name, type: each.contract.name }));
  const shown = args.map((arg, i) => literal(arg, func.params[i].type, names, handles)).join(", ");
  const coin = value === 0n ? "" : ` value ${group(value)}`;
  const call = `${stmt.targets[target].name}.${func.name}(${shown}) as @${from}${coin}`;
  return fails ? `expect ${call} revert;` : `${call};`;
}

interface Handle {
  readonly name: string;
  readonly type: string;
}

/** As the author would write it where the type is known. */
function literal(value: TestValue, type: Type, names: Names, handles: readonly Handle[]): string {
  const inner = (item: TestValue, of: Type): string => literal(item, of, names, handles);
  if (isAddress(type)) return addressLiteral(String(value), type, names, handles);
  switch (type.kind) {
    case "bool":
      return String(value);
    case "int":
      return group(asInteger(value));
    case "bytes32":
      return String(value);
    case "bytes":
      return value === "0x" ? 'bytes("")' : String(value);
    case "string":
      return quote(String(value));
    case "list":
      return `[${membersOf(value)
        .map((item) => inner(item, type.element))
        .join(", ")}]`;
    case "tuple":
      return `(${membersOf(value)
        .map((item, i) => inner(item, type.elements[i].type))
        .join(", ")})`;
    case "struct":
      return `${type.name} { ${membersOf(value)
        .map((item, i) => `${type.fields[i].name}: ${inner(item, type.fields[i].type)}`)
        .join(", ")} }`;
    case "option": {
      const [tag, ...carried] = membersOf(value);
      return tag === 0n ? "none" : `some(${carried.map((item) => inner(item, type.inner)).join(", ")})`;
    }
    case "enum": {
      const [tag, ...carried] = isList(value) ? value : [value];
      const variant = Number(asInteger(tag));
      const name = `${type.name}.${type.variants[variant]}`;
      const payload = type.payloads[variant];
      if (payload.length === 0) return name;
      const parts = carried.map((item, i) => inner(item, payload[i].type));
      if (payload[0].name === undefined) return `${name}(${parts.join(", ")})`;
      return `${name} { ${parts.map((part, i) => `${payload[i].name ?? ""}: ${part}`).join(", ")} }`;
    }
    case "address":
    case "handle":
    case "map":
    case "set":
    case "sequence":
    case "history":
    case "unit":
    case "poison":
      return "";
    default:
      return unreachable(type, "literal");
  }
}

/** A typed address stands for an address, not the other way round. */
function addressLiteral(value: string, type: Type, names: Names, handles: readonly Handle[]): string {
  const handle = value.startsWith("#") ? handles[Number(value.slice(1))] : undefined;
  const shown = handle?.name ?? names.get(value) ?? `@${value}`;
  if (type.kind !== "handle" || handle?.type === type.name) return shown;
  return `${type.name}(${handle === undefined ? shown : `address(${shown})`})`;
}

function group(value: bigint): string {
  return String(value).replace(/\B(?=(?:[0-9]{3})+$)/g, "_");
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\0", "\\0"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

function quote(text: string): string {
  const shown = [...text].map((char) => {
    const code = char.codePointAt(0) ?? 0;
    return ESCAPES.get(char) ?? (code < 32 || code === 127 ? `\\u{${code.toString(16)}}` : char);
  });
  return `"${shown.join("")}"`;
}
